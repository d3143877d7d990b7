package graph

import (
	"fmt"
	"strings"
)

// Kind says what an entity is. The name is the first part of its id.
type Kind uint8

// The kinds of entities, and the kind that ids of consignments carry.
const (
	NoKind          Kind = iota
	Party                // trader, person, carrier, bank, officer: whoever acts
	Place                // port, customs office, country
	Route                // ordered places, "CNSHA>SGSIN>HKHKG"
	Commodity            // tariff code with its edition
	Equipment            // container, trailer, seal
	Vessel               // ship, aircraft, vehicle
	Address              // postal address
	Phone                // telephone number
	Email                // electronic address
	Identifier           // any other number that several parties may share
	KindConsignment      // not an entity: it has many parties, so it is a record of its own
)

var kindNames = [...]string{
	"", "party", "place", "route", "commodity", "equipment", "vessel",
	"address", "phone", "email", "identifier", "consignment",
}

// Kinds lists the kinds of entities in their fixed order, without
// KindConsignment.
func Kinds() []Kind {
	return []Kind{Party, Place, Route, Commodity, Equipment, Vessel, Address, Phone, Email, Identifier}
}

// String returns the name as it stands in ids, "" for NoKind.
func (k Kind) String() string { return nameOf(kindNames[:], uint8(k)) }

// ParseKind is the inverse of String.
func ParseKind(name string) (Kind, error) { return parseName[Kind](kindNames[:], "kind", name) }

// Role says what an entity is to a consignment (a tie), or what one entity is
// to another (a link). The words are the field's own.
type Role uint8

// Roles of ties, in the order in which a consignment lists its ties, then
// roles of links, read as "From role To".
const (
	NoRole Role = iota

	Consignor
	Consignee
	NotifyParty
	Exporter
	Importer
	Declarant
	Carrier
	Forwarder
	OriginCountry
	Departure
	Loading
	Transit
	Discharge
	Destination
	OnRoute
	OfCommodity
	InEquipment
	Sealed
	OnVessel
	Office

	DirectorOf
	RegisteredAt
	OwnedBy
	LinkedTo
	HasPhone
	HasEmail
	HasIdentifier
	SamePhone
	Called
	Paid
)

const firstLinkRole = DirectorOf

var roleNames = [...]string{
	"",
	"consignor", "consignee", "notify_party", "exporter", "importer",
	"declarant", "carrier", "forwarder", "origin", "departure", "loading",
	"transit", "discharge", "destination", "route", "commodity", "equipment",
	"seal", "vessel", "office",
	"director_of", "registered_at", "owned_by", "linked_to", "has_phone",
	"has_email", "has_identifier", "same_phone", "called", "paid",
}

// Roles lists every role in its fixed order.
func Roles() []Role {
	all := make([]Role, 0, len(roleNames)-1)
	for r := range roleNames[1:] {
		all = append(all, Role(r+1))
	}
	return all
}

// String returns the name used in mappings, tables and JSON, "" for NoRole.
func (r Role) String() string { return nameOf(roleNames[:], uint8(r)) }

// IsLink tells roles of links from roles of ties.
func (r Role) IsLink() bool { return r >= firstLinkRole && int(r) < len(roleNames) }

// IsTie tells roles of ties from roles of links.
func (r Role) IsTie() bool { return r > NoRole && r < firstLinkRole }

// ParseRole is the inverse of String.
func ParseRole(name string) (Role, error) { return parseName[Role](roleNames[:], "role", name) }

// View says which kind of document a statement was read from. When views
// contradict each other, the value of the lower View is shown.
type View uint8

// The views, in the order of trust that Consignment.Field follows: what the
// trader declared to customs comes first, what was seen on the way last, and what a
// warehouse wrote of what lay there after that.
const (
	NoView View = iota
	Declaration
	Manifest
	BillOfLading
	Waybill
	Parcel
	Movement
	Inspection
	WarehouseReceipt
)

var viewNames = [...]string{
	"", "declaration", "manifest", "bill_of_lading", "waybill", "parcel", "movement", "inspection", "warehouse_receipt",
}

// String returns the name used in mappings and JSON.
func (v View) String() string { return nameOf(viewNames[:], uint8(v)) }

// Known reports one of the views above, other than NoView.
func (v View) Known() bool { return v != NoView && int(v) < len(viewNames) }

// ParseView is the inverse of String.
func ParseView(name string) (View, error) { return parseName[View](viewNames[:], "view", name) }

// Result says what someone found when looking.
type Result uint8

// The results. Hit and Seizure are findings of the inspecting officer, Clear
// is an inspection that found nothing, Listed stands for a watch list.
const (
	NoResult Result = iota
	Clear
	Hit
	Seizure
	Listed
)

var resultNames = [...]string{"", "clear", "hit", "seizure", "listed"}

// String returns the name used in mappings and JSON.
func (r Result) String() string { return nameOf(resultNames[:], uint8(r)) }

// IsHit reports whether the result is a hit or a seizure.
func (r Result) IsHit() bool { return r == Hit || r == Seizure }

// ParseResult is the inverse of String.
func ParseResult(name string) (Result, error) {
	return parseName[Result](resultNames[:], "result", name)
}

// Channel says why someone looked.
type Channel uint8

// The channels of selection. NoChannel means that the source did not say.
const (
	NoChannel Channel = iota
	Random
	Targeted
	TipOff
)

var channelNames = [...]string{"", "random", "targeted", "tip_off"}

// String returns the name used in mappings and JSON.
func (c Channel) String() string { return nameOf(channelNames[:], uint8(c)) }

// ParseChannel is the inverse of String.
func ParseChannel(name string) (Channel, error) {
	return parseName[Channel](channelNames[:], "channel", name)
}

func nameOf(names []string, i uint8) string {
	if int(i) >= len(names) {
		return fmt.Sprintf("unknown(%d)", i)
	}
	return names[i]
}

func parseName[T ~uint8](names []string, what, name string) (T, error) {
	if name != "" {
		for i, n := range names {
			if n == name {
				return T(i), nil
			}
		}
	}
	return 0, fmt.Errorf("graph: %s %q: %w (known: %s)", what, name, ErrUnknownName, strings.Join(names[1:], ", "))
}

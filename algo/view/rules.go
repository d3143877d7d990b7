package view

import (
	"fmt"

	"rummage/graph"
)

// Edge is a kind of edge. The number is the type of the edge in the csr graph and part of the snapshot format.
type Edge uint8

// The kinds of edges. Rules says which ties each is made of.
const (
	NoEdge Edge = iota
	Partner
	Identifier
	Forwarder
	Port
	Equipment
	Goods
	Payment
	Contact
	Association

	edgeCount = iota
)

// Shape is the way a rule turns ties into edges.
type Shape uint8

// The shapes of rules.
const (
	// Across ties every party of the importing side of a consignment to every party of its exporting side.
	Across Shape = iota
	// Served ties whatever has one of the roles to one trader: the primary importer, or the primary exporter where the
	// document names nobody on the importing side. Who imports chooses who clears and through which port; an exporter tied
	// to the ports of all its customers would be close to every trader of these ports.
	Served
	// Held ties whatever has one of the roles to both primary traders.
	Held
	// Bought ties both primary traders to a node of its own, "lane/HEADING@ORIGIN>DESTINATION", for each heading.
	Bought
	// Linked makes the two ends of a link an edge.
	Linked
)

// Rule is a line of the table.
type Rule struct {
	Edge  Edge
	Shape Shape
	Roles []graph.Role // of ties, or of links
	Means string
}

// The sides of a consignment, most telling role first. The primary trader of a side has the first role that the consignment
// names, and of several with that role the smallest id; its outcome counts for these two.
var (
	importingSide = []graph.Role{graph.Importer, graph.Consignee, graph.NotifyParty}
	exportingSide = []graph.Role{graph.Exporter, graph.Consignor}
)

// The ends of a lane, the most telling role first.
var (
	laneStarts = []graph.Role{graph.OriginCountry, graph.Departure, graph.Loading}
	laneEnds   = []graph.Role{graph.Destination, graph.Discharge}
)

var rules = []Rule{
	{Partner, Across, nil, "exporter, consignor - importer, consignee of one consignment; the notify party where there is no other importer"},
	{Identifier, Linked, []graph.Role{
		graph.RegisteredAt, graph.HasPhone, graph.HasEmail, graph.HasIdentifier, graph.DirectorOf, graph.OwnedBy,
	}, "party - address, telephone, e-mail, bank account or other number, director, owner"},
	{Forwarder, Served, []graph.Role{graph.Declarant, graph.Forwarder, graph.Carrier}, "trader - declarant, forwarder, carrier"},
	{Port, Served, []graph.Role{graph.Loading, graph.Transit, graph.Discharge, graph.Office}, "trader - port, customs office"},
	{Equipment, Held, []graph.Role{graph.InEquipment, graph.Sealed}, "trader - container, trailer, seal it used"},
	{Goods, Bought, []graph.Role{graph.OfCommodity}, "trader - heading@origin>destination"},
	{Payment, Linked, []graph.Role{graph.Paid}, "payer - payee"},
	{Contact, Linked, []graph.Role{graph.Called, graph.SamePhone}, "caller - called, and parties of one telephone"},
	{Association, Linked, []graph.Role{graph.LinkedTo}, "party - party that a list says it is linked to"},
}

// Rules returns the table: which ties become which edges. The first four kinds are the default, being those whose weights a
// study has measured; whoever wants another gives its weight.
func Rules() []Rule { return append([]Rule(nil), rules...) }

// Default lists the kinds of edges that a view has unless told otherwise.
func Default() []Edge { return []Edge{Partner, Identifier, Forwarder, Port} }

var edgeNames = [edgeCount]string{
	"", "partner", "identifier", "forwarder", "port", "equipment", "goods", "payment", "contact", "association",
}

// String returns the name used in settings and JSON.
func (e Edge) String() string {
	if int(e) >= edgeCount {
		return fmt.Sprintf("unknown(%d)", uint8(e))
	}
	return edgeNames[e]
}

// MarshalText writes the name.
func (e Edge) MarshalText() ([]byte, error) { return []byte(e.String()), nil }

// UnmarshalText is the inverse of MarshalText.
func (e *Edge) UnmarshalText(text []byte) error {
	for i, name := range edgeNames[1:] {
		if name == string(text) {
			*e = Edge(i + 1)
			return nil
		}
	}
	return fmt.Errorf("view: edge %q: unknown (known: %v)", text, edgeNames[1:])
}

// serviceRoles are the roles of those who act for many traders.
var serviceRoles = []graph.Role{graph.Declarant, graph.Carrier, graph.Forwarder}

// ServiceRoles returns them: the roles in which a service party has a record.
func ServiceRoles() []graph.Role { return append([]graph.Role(nil), serviceRoles...) }

// partyRoles are the roles that say what a party did in a consignment.
var partyRoles = []graph.Role{
	graph.Consignor, graph.Consignee, graph.NotifyParty, graph.Exporter, graph.Importer,
	graph.Declarant, graph.Carrier, graph.Forwarder,
}

// Bounds of the service rule.
const (
	serviceShare   = 0.9
	serviceClients = 20
)

// Sides returns the roles of the importing and of the exporting side of a consignment, the most telling first.
func Sides() (importing, exporting []graph.Role) {
	return append([]graph.Role(nil), importingSide...), append([]graph.Role(nil), exportingSide...)
}

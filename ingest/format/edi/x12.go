package edi

import (
	"bytes"
	"fmt"

	"rummage/ingest/format/edi/segment"
	"rummage/ingest/read"
)

// x12Segments names the elements of segments of X12, releases 3010 to 7030; see
// newLayout.
var x12Segments = map[string]string{
	// Envelopes.
	"ISA": "authorisation_type|authorisation|security_type|security|sender_qualifier|sender|recipient_qualifier|recipient|day|time|" +
		"repetition|version|reference|acknowledgement|test|- +date",
	"GS": "type|sender|recipient|day|time|reference|controller|version +date",
	"ST": "type|reference|version",

	// Manifest.
	"M10": "carrier|mode|country|vessel_id|vessel|voyage|reference|quantity|type|vessel_list|hazard|reference2|purpose +imo +callsign",
	"P4":  "port|day|quantity|terminal|time",
	"LX":  "item",
	"M11": "number|place|quantity|package_type|weight|weight_unit|volume|volume_unit|type|receipt|master|issuer|master_issuer|notify|notify2|export|" +
		"exception|notify3|notify4|place2|place3|mode|payment|industry",
	"M12": "entry_type|entry|place|place2|value|control|carrier|reference_qualifier|reference|mode|vessel",
	"M13": "carrier|place|amendment|number|quantity|code|action|number2|carrier2|carrier3",
	"M7":  "seal|seal2|seal3|seal4|party",
	"VID": "type|initial|number|seal|seal2|length|height|width|iso|service|load|status +equipment",
	"N10": "quantity|description|marks|code_qualifier|code|value|weight_unit|weight|reference|package_type|origin",
	"H1":  "un|class|qualifier|description|contact|page|flashpoint|flashpoint_unit|packing_group",
	"H2":  "description|description2",
	"MAN": "!|marks|marks2",

	// Status.
	"X4":  "",
	"M15": "",
	"V9":  "code|event|day|time|city|region|country|reason|reference",

	// Bill and freight invoice.
	"B3":  "qualifier|invoice|number|payment|weight_unit|day|amount|correction|delivery_day|delivery_qualifier|carrier|invoice_day|tariff|terms",
	"B2A": "purpose|type",
	"V1":  "vessel_id|vessel|flag|voyage|carrier|requirement|type|vessel_list|mode +imo +callsign",
	"N9":  "!|number|description|day|time",
	"REF": "!|number|description",
	"R4":  "!|code_qualifier|code|name|country|terminal|pier|state",
	"DTM": "!|day|time|zone +date",
	"G62": "!|day|time_qualifier|time|zone",
	"N7": "initial|number|weight|weight_qualifier|tare|allowance|dunnage|volume|volume_unit|ownership|type|carrier|temperature|position|length|" +
		"tare_qualifier|weight_unit|check|service|height|width|iso +equipment",
	"L0": "item|rated|rated_qualifier|weight|weight_qualifier|volume|volume_unit|quantity|package_type|dunnage|weight_unit|service",
	"L1": "item|rate|rate_qualifier|charge|advance|prepaid|combination|charge_code",
	"L3": "weight|weight_qualifier|rate|rate_qualifier|charge|advance|prepaid|charge_code|volume|volume_unit|quantity|weight_unit",
	"L5": "item|description|code|code_qualifier|packaging|marks|marks_qualifier",
	"C3": "currency|rate|currency2|currency3",
	"K1": "text|text2",

	// Parties.
	"N1":  "!|name|id_qualifier|id|relation|relation_to",
	"N2":  "name|name2",
	"N3":  "address|address2",
	"N4":  "city|region|postcode|country|place_qualifier|place",
	"NM1": "!|type|name|first|middle|prefix|suffix|id_qualifier|id",
	"PER": "!|name|number_type|number|number2_type|number2|number3_type|number3",
	"G61": "!|name|number_type|number",
}

// x12Owners is what edifactOwners is.
var x12Owners = map[string]string{
	"N1":  "N2 N3 N4 PER G61",
	"NM1": "N2 N3 N4 PER REF",
	"R4":  "DTM",
	"H1":  "H2",
}

// x12Messages is what edifactMessages is.
var x12Messages = map[string]message{
	"309": {about: "customs manifest", parts: []part{
		{tag: "P4", kind: "port"},
		{tag: "LX", under: "port", kind: "bill"}, {tag: "LX", kind: "bill"},
		{tag: "M11", under: "port", kind: "bill", joins: "LX"}, {tag: "M11", kind: "bill", joins: "LX"},
		{tag: "VID", under: "bill", kind: "equipment", fine: true},
		{tag: "N10", under: "bill", kind: "item", fine: true}, {tag: "N10", under: "equipment", kind: "item", fine: true}}},
	"350": {about: "customs status", parts: []part{
		{tag: "P4", kind: "port"}, {tag: "X4", under: "port", kind: "release"}, {tag: "X4", kind: "release"}}},
	"353": {about: "customs events", parts: []part{{tag: "M15", kind: "event"}}},
	"310": {about: "freight receipt and invoice, the ocean bill", parts: []part{{tag: "LX", kind: "item", fine: true}}},
}

// x12 is ANSI X12.
func x12() *standard {
	s := newStandard(standard{
		name: X12, first: 'I',
		envelopes: [3]envelope{
			{open: "ISA", close: "IEA", what: "interchange", reference: place{13, 1}},
			{open: "GS", close: "GE", what: "group", reference: place{6, 1}},
			{open: "ST", close: "SE", what: "transaction set", reference: place{2, 1}, kind: place{1, 1}},
		},
		layouts:  layouts(x12Segments, x12Owners),
		messages: x12Messages,
		begins:   beginsX12,
		start:    startX12,
		charset:  func(*segment.Segment) read.Encoding { return "" },
		names:    func(name []byte) bool { return (len(name) == 2 || len(name) == 3) && capitals(name) },
		object:   "BIN",
		trim:     "ISA",
	})
	for _, name := range []string{"ISA", "GS", "DTM"} {
		s.layouts[tagOf(name)].derive = dayAndTime
	}
	for _, name := range []string{"M10", "V1"} {
		s.layouts[tagOf(name)].derive = vessel("L", "C", "")
	}
	for _, name := range []string{"VID", "N7"} {
		s.layouts[tagOf(name)].derive = equipment
	}
	return s
}

// fixedHeader reads the separators from an ISA segment: the element separator
// stands behind the tag, and behind its sixteenth copy the component separator
// and the terminator. The repetition separator is the eleventh element, from
// release 00402 on; before, a U stood there. Where some other program took the
// padding out, the places move, so they are counted and not looked up.
func fixedHeader(text []byte) (*segment.Syntax, string) {
	if len(text) < 4 || string(text[:3]) != "ISA" || !separator(text[3]) {
		return nil, "this is no ISA segment"
	}
	x := segment.Syntax{Element: text[3]}
	from := 0
	for n := 1; ; n++ {
		i := bytes.IndexByte(text[from:], x.Element)
		if i < 0 {
			return nil, "the ISA segment has fewer than 16 elements"
		}
		if n == 12 && i == 1 && separator(text[from]) {
			x.Repetition = text[from]
		}
		from += i + 1
		if n == 16 {
			break
		}
	}
	if from+1 >= len(text) {
		return nil, "the ISA segment breaks off"
	}
	x.Component, x.Terminator = text[from], text[from+1]
	next := bytes.TrimLeft(text[from+2:], "\r\n \t")
	switch {
	case !separator(x.Component) || !separator(x.Terminator) && x.Terminator != '\n' && x.Terminator != '\r':
		return nil, "the ISA segment does not end with a component separator and a terminator"
	case x.Component == x.Terminator || x.Component == x.Element || x.Terminator == x.Element ||
		x.Repetition != 0 && (x.Repetition == x.Component || x.Repetition == x.Terminator || x.Repetition == x.Element):
		return nil, "two separators of the ISA segment are the same"
	case len(next) >= 3 && !bytes.HasPrefix(next, []byte("GS")) && !bytes.HasPrefix(next, []byte("IEA")) &&
		!bytes.HasPrefix(next, []byte("TA1")) && !bytes.HasPrefix(next, []byte("ISA")):
		return nil, "no group follows the ISA segment"
	}
	return segment.New(x), ""
}

// startX12 reads the separators and leaves the ISA segment to be cut by them.
func startX12(s *segment.Scanner) (*segment.Syntax, string, error) {
	text, err := s.Peek(lead)
	if err != nil {
		return nil, "", err
	}
	x, flaw := fixedHeader(text)
	if x == nil {
		return nil, flaw, nil
	}
	return x, "", nil
}

// separator says whether a character can separate: no letter, digit, blank or
// line break.
func separator(c byte) bool {
	return c > ' ' && c < 0x7F && !code([]byte{c}) || c >= 0x1C && c <= 0x1F
}

// wideSeparators names what separates and may be part of a character of several
// bytes in an encoding of East Asia, "" for nothing: there it would cut
// characters in two.
func wideSeparators(x *segment.Syntax) string {
	for _, c := range []byte{x.Component, x.Element, x.Release, x.Repetition, x.Terminator} {
		if c >= 0x40 {
			return fmt.Sprintf("%q", c)
		}
	}
	return ""
}

// beginsX12 says whether a text begins with the head of an interchange.
func beginsX12(text []byte) bool {
	x, _ := fixedHeader(text)
	return x != nil
}

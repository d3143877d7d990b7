package edi

import (
	"slices"
	"strings"

	"rummage/ingest/format/edi/segment"
	"rummage/ingest/read"
)

// Formats of a file.
const (
	// EDIFACT is UN/EDIFACT in the syntax of ISO 9735.
	EDIFACT = "edifact"
	// X12 is ANSI X12.
	X12 = "x12"
)

// standard is what tells UN/EDIFACT and X12 apart.
type standard struct {
	name      string
	first     byte // with which an interchange begins
	envelopes [3]envelope
	layouts   map[tag]*layout
	messages  map[string]message
	// begins tells by its first bytes, up to lead of them, an interchange.
	begins func(text []byte) bool
	// start moves behind what says how the interchange is cut, and returns that.
	start func(s *segment.Scanner) (*segment.Syntax, string, error)
	// charset returns what the interchange says of its characters: "" for nothing.
	charset func(opening *segment.Segment) read.Encoding
	names   func(name []byte) bool // segments
	section string                 // divides a message, and ends its parts
	object  string                 // begins what is no text
	trim    string                 // segment whose values are padded
}

// newStandard fills in what follows from the rest.
func newStandard(s standard) *standard {
	for i := range s.envelopes {
		e := &s.envelopes[i]
		e.opens, e.ends = tagOf(e.open), tagOf(e.close)
	}
	return &s
}

// plan is the parts of a message as they are looked for.
type plan struct {
	parts []planned
	tails []tag
	named *planned // that later rows name, nil for none
}

type planned struct {
	*part
	at   tag
	twin int // the first one of that tag, under which they are counted together
}

// plan prepares a message.
func (m message) plan() plan {
	var p plan
	for i := range m.parts {
		twin := slices.IndexFunc(m.parts, func(other part) bool { return other.tag == m.parts[i].tag })
		p.parts = append(p.parts, planned{&m.parts[i], tagOf(m.parts[i].tag), twin})
	}
	if i := slices.IndexFunc(m.parts, func(other part) bool { return other.named != "" }); i >= 0 {
		p.named = &p.parts[i]
	}
	for name := range strings.FieldsSeq(m.tail) {
		p.tails = append(p.tails, tagOf(name))
	}
	return p
}

// lead is how many bytes begins and start look at.
const lead = 256

// The levels of envelopes.
const (
	interchange = iota
	group
	messages
)

// envelope is a pair of segments with others in between. The closing one has the
// number of what is within, and then the reference of the opening one.
type envelope struct {
	open, close string
	opens, ends tag    // the same, set by newStandard
	what        string // it is called
	reference   place
	kind        place // of a message
}

// message says of which parts of a message rows are made. A message without
// parts is one row.
type message struct {
	about string
	parts []part
	tail  string // segments that end the parts, besides the section's
}

// part is a group of segments, by the one that begins it.
type part struct {
	tag   string
	code  string // its first value, "" for any
	under string // the kind of the part that it stands in, "" for the message itself
	kind  string // of the row
	joins string // the part that it continues, the first time
	fine  bool   // makes rows only where they are asked for by item
	apart bool   // on the row of another, what stands in it is named after it
	// named is the segment by which later rows name the part, by its number: what it
	// says then stands on their rows too.
	named string
}

// grain is what makes a row.
type grain string

// Values of Hints.Record and Dialect.Record.
const (
	byMessage     grain = "message"     // a message, whole
	byConsignment grain = "consignment" // what the message is about
	byItem        grain = "item"        // a goods item, or whatever is smallest
)

// grains are the words by which a row can be asked for.
var grains = map[string]grain{
	"": byConsignment, "consignment": byConsignment, "equipment": byConsignment, "bay": byConsignment, "bill": byConsignment,
	"message": byMessage, "declaration": byMessage, "item": byItem,
}

// rows says whether a part makes rows of its own.
func (g grain) rows(p *part) bool {
	return g == byItem || g == byConsignment && !p.fine
}

// capitals says whether text is capital letters and digits.
func capitals(text []byte) bool {
	for _, c := range text {
		if (c < 'A' || c > 'Z') && (c < '0' || c > '9') {
			return false
		}
	}
	return true
}

// code says whether text can stand in the name of a column.
func code(text []byte) bool {
	if len(text) == 0 || len(text) > 17 {
		return false
	}
	for _, c := range text {
		lower := c | 0x20
		if (c < '0' || c > '9') && (lower < 'a' || lower > 'z') {
			return false
		}
	}
	return true
}

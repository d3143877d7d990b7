package finding

import (
	"errors"
	"fmt"
)

// None stands in a consignment's importer or exporter column where the document names none.
const None = ^uint32(0)

// ErrTrade is wrapped by every complaint about columns that do not fit together.
var ErrTrade = errors.New("finding: trade")

// Trade is what findings are made from: the trade in scope as plain columns, without a store behind it.
//
// Nodes are dense ids 0..Nodes-1, the rank of the entity id as UTF-8 bytes. Parties and identifiers share the numbering;
// nodes that take part in neither Consignments, Pairs nor Identifiers (ports, forwarders, goods) are simply never met.
// The order of consignments, pairs and identifier ties does not matter: every result is the same for any order.
type Trade struct {
	Nodes int

	// Keys has hash(seed, entity id) per node. Visiting orders follow it, never the dense id, so that one new party
	// leaves every unrelated group as it was.
	Keys []uint64

	// Service marks customs brokers, carriers, banks, ports, formation agents. They join no group and carry no outcome
	// in a test. Nil means none.
	Service []bool

	// Listed marks entities on a watch list or seized themselves. What was found on their consignments was found
	// because of the listing, so these consignments never enter the margins of a test. Nil means none.
	Listed []bool

	Consignments Consignments

	// Pairs are trade partners beyond the primary ones of Consignments (a consignee beside the importer, a consignor
	// beside the exporter). They draw groups together and carry no outcomes. Repeats and order of the two are harmless.
	Pairs []Pair

	// Identifiers are ties of a party to an address, telephone number, e-mail, bank account or director. Repeats are
	// harmless.
	Identifiers []Tie
}

// Consignments are columns of equal length, one place per consignment.
//
// A consignment has one primary importer and one primary exporter, which carry its outcome. Where a document names several,
// the importer is the first of: importer, consignee, notify party; the exporter the first of: exporter, consignor; and within
// one role the smallest entity id.
type Consignments struct {
	// Key has hash(seed, consignment id). Shuffles of outcomes follow it.
	Key []uint64

	// Importer and Exporter are dense ids, or None.
	Importer, Exporter []uint32

	// Inspected says that somebody looked and said what was found; Hit that it was an offence. Hit without Inspected
	// is an error.
	Inspected, Hit []bool

	// Cell says by what each was selected, of inspected ones; nil where nothing is known of any.
	Cell []Cell
}

// Pair is two traders that dealt with each other.
type Pair struct{ A, B uint32 }

// Tie is a party and one of its identifiers.
type Tie struct{ Party, Identifier uint32 }

// Len is the number of consignments.
func (c *Consignments) Len() int { return len(c.Key) }

// Check says whether the columns fit together and every id is below Nodes. Every function of this package that is handed a Trade calls it.
func (t *Trade) Check() error {
	c := &t.Consignments
	n := c.Len()
	switch {
	case t.Nodes < 0 || uint64(t.Nodes) > uint64(None):
		return fmt.Errorf("%w: %d nodes: ids must fit 32 bits", ErrTrade, t.Nodes)
	case len(t.Keys) != t.Nodes:
		return fmt.Errorf("%w: %d keys for %d nodes", ErrTrade, len(t.Keys), t.Nodes)
	case t.Service != nil && len(t.Service) != t.Nodes:
		return fmt.Errorf("%w: %d service marks for %d nodes", ErrTrade, len(t.Service), t.Nodes)
	case t.Listed != nil && len(t.Listed) != t.Nodes:
		return fmt.Errorf("%w: %d listed marks for %d nodes", ErrTrade, len(t.Listed), t.Nodes)
	case len(c.Importer) != n || len(c.Exporter) != n || len(c.Inspected) != n || len(c.Hit) != n || c.Cell != nil && len(c.Cell) != n:
		return fmt.Errorf("%w: consignment columns of unequal length (key %d, importer %d, exporter %d, inspected %d, hit %d, cell %d)",
			ErrTrade, n, len(c.Importer), len(c.Exporter), len(c.Inspected), len(c.Hit), len(c.Cell))
	}
	return t.checkIDs()
}

func (t *Trade) checkIDs() error {
	nodes := uint32(t.Nodes)
	c := &t.Consignments
	for i := range c.Key {
		if (c.Importer[i] >= nodes && c.Importer[i] != None) || (c.Exporter[i] >= nodes && c.Exporter[i] != None) {
			return fmt.Errorf("%w: consignment %d: party beyond the %d nodes", ErrTrade, i, t.Nodes)
		}
		if c.Hit[i] && !c.Inspected[i] {
			return fmt.Errorf("%w: consignment %d: a hit that was not inspected", ErrTrade, i)
		}
	}
	for i, p := range t.Pairs {
		if p.A >= nodes || p.B >= nodes {
			return fmt.Errorf("%w: pair %d: party beyond the %d nodes", ErrTrade, i, t.Nodes)
		}
	}
	for i, tie := range t.Identifiers {
		if tie.Party >= nodes || tie.Identifier >= nodes {
			return fmt.Errorf("%w: identifier tie %d: node beyond the %d nodes", ErrTrade, i, t.Nodes)
		}
	}
	return nil
}

// IsService says whether a node is marked in Service.
func (t *Trade) IsService(v uint32) bool { return t.Service != nil && t.Service[v] }

// IsListed says whether a node is marked in Listed.
func (t *Trade) IsListed(v uint32) bool { return t.Listed != nil && t.Listed[v] }

// Imports lists, for each node, the consignments it is the importer of, by their places in the columns. Cost O(nodes + consignments).
func (t *Trade) Imports() Lists { return t.by(t.Consignments.Importer) }

// Exports lists, for each node, the consignments it is the exporter of, by their places in the columns. Cost O(nodes + consignments).
func (t *Trade) Exports() Lists { return t.by(t.Consignments.Exporter) }

func (t *Trade) by(column []uint32) Lists {
	return invert(t.Nodes, len(column), func(i int) []uint32 {
		if column[i] == None {
			return nil
		}
		return column[i : i+1]
	})
}

// traders is true when a consignment names both ends, two different ones, and neither is a service party.
func (t *Trade) traders(i int) bool {
	a, b := t.Consignments.Importer[i], t.Consignments.Exporter[i]
	return a != None && b != None && a != b && !t.IsService(a) && !t.IsService(b)
}

// counted is true when a consignment's outcome may stand in a test's margins.
func (t *Trade) counted(i int) bool {
	return t.Consignments.Inspected[i] && t.traders(i) &&
		!t.IsListed(t.Consignments.Importer[i]) && !t.IsListed(t.Consignments.Exporter[i])
}

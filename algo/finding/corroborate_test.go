package finding

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestCorroborationByHand is one exporter with three importers, two of them hit; an importer with a hit but without company; and two
// importers at one address that buy from one exporter, one of them hit: a loop.
//
//	0 1 2 -> 10    3 -> 11    4 5 -> 12, 4 5 at address 20
func TestCorroborationByHand(t *testing.T) {
	trade := &Trade{Nodes: 21, Keys: make([]uint64, 21), Identifiers: []Tie{{Party: 4, Identifier: 20}, {Party: 5, Identifier: 20}}}
	for v := range trade.Keys {
		trade.Keys[v] = uint64(v) * 7919
	}
	c := &trade.Consignments
	for i, row := range []struct {
		importer, exporter uint32
		hit                bool
	}{{0, 10, true}, {1, 10, true}, {2, 10, false}, {3, 11, true}, {4, 12, true}, {5, 12, false}} {
		c.Key = append(c.Key, uint64(i)*104729)
		c.Importer, c.Exporter = append(c.Importer, row.importer), append(c.Exporter, row.exporter)
		c.Inspected, c.Hit = append(c.Inspected, true), append(c.Hit, row.hit)
	}
	got := NewTrial(drawn(t, trade)).Corroboration()
	for _, want := range []struct {
		name   string
		node   uint32
		factor float64
	}{
		{"two importers hit, no loop", 0, 1.5},
		{"their exporter", 10, 1.5},
		{"alone", 3, 1},
		{"one hit in a loop", 4, 1.5},
		{"the exporter of the loop", 12, 1.5},
		{"an identifier is no member", 20, 1},
	} {
		assert.InDelta(t, want.factor, got[want.node], 1e-15, want.name)
	}
}

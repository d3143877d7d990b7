package finding

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// small is two importers, one exporter and a shared address; node 3 is the address.
func small() *Trade {
	return &Trade{
		Nodes: 4,
		Keys:  []uint64{11, 12, 13, 14},
		Consignments: Consignments{
			Key:       []uint64{1, 2, 3},
			Importer:  []uint32{0, 1, 1},
			Exporter:  []uint32{2, 2, None},
			Inspected: []bool{true, true, false},
			Hit:       []bool{true, false, false},
		},
		Identifiers: []Tie{{Party: 0, Identifier: 3}, {Party: 1, Identifier: 3}},
	}
}

func TestTradeCheck(t *testing.T) {
	require.NoError(t, small().Check())
	for _, c := range []struct {
		name  string
		spoil func(*Trade)
		says  string
	}{
		{"negative nodes", func(t *Trade) { t.Nodes = -1 }, "-1 nodes"},
		{"a key short", func(t *Trade) { t.Keys = t.Keys[1:] }, "3 keys for 4 nodes"},
		{"a service mark short", func(t *Trade) { t.Service = make([]bool, 3) }, "3 service marks"},
		{"a listed mark short", func(t *Trade) { t.Listed = make([]bool, 5) }, "5 listed marks"},
		{"a column short", func(t *Trade) { t.Consignments.Hit = nil }, "unequal length"},
		{"an importer too many", func(t *Trade) { t.Consignments.Importer[1] = 4 }, "consignment 1"},
		{"an exporter too many", func(t *Trade) { t.Consignments.Exporter[0] = 9 }, "consignment 0"},
		{"a hit nobody looked for", func(t *Trade) { t.Consignments.Hit[2] = true }, "not inspected"},
		{"a pair too far", func(t *Trade) { t.Pairs = []Pair{{0, 7}} }, "pair 0"},
		{"a tie too far", func(t *Trade) { t.Identifiers[1].Identifier = None }, "identifier tie 1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			trade := small()
			c.spoil(trade)
			err := trade.Check()
			require.ErrorIs(t, err, ErrTrade)
			assert.ErrorContains(t, err, c.says)
		})
	}
}

func TestImportsAndExportsByDefinition(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		trade := drawTrade(t)
		imports, exports := trade.Imports(), trade.Exports()
		for v := range uint32(trade.Nodes) {
			var bought, sold []uint32
			for i := range uint32(trade.Consignments.Len()) {
				if trade.Consignments.Importer[i] == v {
					bought = append(bought, i)
				}
				if trade.Consignments.Exporter[i] == v {
					sold = append(sold, i)
				}
			}
			require.ElementsMatch(t, bought, imports.Of(v))
			require.IsNonDecreasing(t, append([]uint32{0}, imports.Of(v)...))
			require.ElementsMatch(t, sold, exports.Of(v))
		}
	})
}

// drawTrade is any little trade: parties 0..parties-1, identifiers after them.
func drawTrade(t *rapid.T) *Trade {
	const parties, identifiers = 14, 5
	trade := &Trade{Nodes: parties + identifiers, Service: make([]bool, parties+identifiers), Listed: make([]bool, parties+identifiers)}
	for v := range trade.Nodes {
		trade.Keys = append(trade.Keys, rapid.Uint64().Draw(t, "key"))
		trade.Service[v] = rapid.IntRange(0, 14).Draw(t, "service") == 0
		trade.Listed[v] = rapid.IntRange(0, 14).Draw(t, "listed") == 0
	}
	party := rapid.Uint32Range(0, parties-1)
	c := &trade.Consignments
	celled := rapid.Bool().Draw(t, "celled")
	for i := range rapid.IntRange(0, 60).Draw(t, "consignments") {
		exporter := party.Draw(t, "exporter")
		if rapid.IntRange(0, 9).Draw(t, "unnamed") == 0 {
			exporter = None
		}
		looked := rapid.IntRange(0, 3).Draw(t, "looked") > 0
		c.Key = append(c.Key, mix(uint64(i)))
		c.Importer, c.Exporter = append(c.Importer, party.Draw(t, "importer")), append(c.Exporter, exporter)
		c.Inspected, c.Hit = append(c.Inspected, looked), append(c.Hit, looked && rapid.Bool().Draw(t, "hit"))
		if celled {
			few := rapid.Uint8Range(0, 2)
			c.Cell = append(c.Cell, Cell{
				few.Draw(t, "channel"), uint32(few.Draw(t, "office")), few.Draw(t, "chapter"), uint16(few.Draw(t, "month")),
			})
		}
	}
	for range rapid.IntRange(0, 12).Draw(t, "ties") {
		trade.Identifiers = append(trade.Identifiers, Tie{party.Draw(t, "who"), rapid.Uint32Range(parties, parties+identifiers-1).Draw(t, "identifier")})
	}
	for range rapid.IntRange(0, 4).Draw(t, "pairs") {
		trade.Pairs = append(trade.Pairs, Pair{party.Draw(t, "a"), party.Draw(t, "b")})
	}
	return trade
}

// turned is the same trade with every list in reverse order.
func (t *Trade) turned() *Trade {
	other := *t
	c := &other.Consignments
	c.Key, c.Importer, c.Exporter = reversed(c.Key), reversed(c.Importer), reversed(c.Exporter)
	c.Inspected, c.Hit = reversed(c.Inspected), reversed(c.Hit)
	if c.Cell != nil {
		c.Cell = reversed(c.Cell)
	}
	other.Pairs, other.Identifiers = reversed(t.Pairs), reversed(t.Identifiers)
	for i, p := range other.Pairs {
		other.Pairs[i] = Pair{p.B, p.A}
	}
	return &other
}

func reversed[T any](list []T) []T {
	other := make([]T, len(list))
	for i, v := range list {
		other[len(list)-1-i] = v
	}
	return other
}

package flag_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rummage/algo/flag"
	"rummage/algo/view"
)

func corroborated(t testing.TB, trade *flag.Trade) []float64 {
	t.Helper()
	candidates, err := flag.Draw(context.Background(), trade, flag.DefaultCandidates())
	require.NoError(t, err)
	return flag.NewTrial(candidates).Corroboration()
}

// TestCorroborationLiftsLeads holds average precision with corroborated hits against the walk without them, and against what the
// study reached, from which another drawing of communities may differ by a little.
func TestCorroborationLiftsLeads(t *testing.T) {
	reached := map[string]float64{"L2-11": 0.475, "B2-11": 0.484, "B2-12": 0.470, "B3-11": 0.211}
	for _, name := range worlds {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := readJudged(t, name)
			seeds := w.trade.Seeds(flag.ShrunkenSeeds)
			plain, _ := w.quality(t, w.expose(t, view.DefaultWeights(), seeds).Ratio)
			for v, factor := range corroborated(t, w.trade) {
				seeds[v] *= factor
			}
			ap, p100 := w.quality(t, w.expose(t, view.DefaultWeights(), seeds).Ratio)
			t.Logf("AP %.4f without, %.4f with corroboration (study %.3f), P@100 %.2f", plain, ap, reached[name], p100)
			assert.Greater(t, ap, plain)
			assert.InDelta(t, reached[name], ap, 0.015)
		})
	}
}

// TestCorroborationByHand is one exporter with three importers, two of them hit; an importer with a hit but without company; and two
// importers at one address that buy from one exporter, one of them hit: a loop.
//
//	0 1 2 -> 10    3 -> 11    4 5 -> 12, 4 5 at address 20
func TestCorroborationByHand(t *testing.T) {
	trade := &flag.Trade{Nodes: 21, Keys: make([]uint64, 21), Identifiers: []flag.Tie{{Party: 4, Identifier: 20}, {Party: 5, Identifier: 20}}}
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
	got := corroborated(t, trade)
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

package flag

import (
	"context"
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func number(t testing.TB, text string) float64 {
	t.Helper()
	v, err := strconv.ParseFloat(text, 64)
	require.NoError(t, err)
	return v
}

func TestStructureOfTheWorlds(t *testing.T) {
	for _, name := range worldNames {
		t.Run(name, func(t *testing.T) {
			w := sharedWorld(name)
			got, err := Structure(context.Background(), &w.trade, DefaultStructure())
			require.NoError(t, err)
			rows := readRows(t, "worlds/"+name+"/expected.csv.gz")
			require.NotEmpty(t, rows)
			for _, r := range rows { // party,candidate,degree,rr_v1,rr_v2,loops_L,shared_S,score
				v := w.node(r[0])
				require.InDelta(t, number(t, r[5]), got.Loops[v], 1e-9, "loops of %s", r[0])
				require.InDelta(t, number(t, r[6]), got.Shared[v], 1e-9, "shared of %s", r[0])
				require.InDelta(t, number(t, r[7]), got.Score(v, number(t, r[4]), 1), 1e-9, "score of %s", r[0])
				assert.Less(t, got.Score(v, 1, 0), got.Score(v, 2, 0))
			}
		})
	}
}

// TestStructureByDefinition follows every walk of two and three steps by hand.
func TestStructureByDefinition(t *testing.T) {
	const busy = 4
	rapid.Check(t, func(t *rapid.T) {
		trade := drawTrade(t)
		got, err := Structure(context.Background(), trade, StructureOptions{RareUsers: 2, Busy: busy})
		require.NoError(t, err)
		near, shared := trade.ties(2)
		damping := func(v uint32) float64 {
			if d := len(near[v]); d <= busy {
				return 1 / float64(d)
			}
			return 0
		}
		for u := range uint32(trade.Nodes) {
			best := 0.0
			for v := range near[u] {
				two, three := 0.0, 0.0
				for a := range near[u] {
					if near[a][v] {
						two += damping(a)
					}
					for b := range near[a] {
						if near[b][v] && a != v && b != u {
							three += damping(a) * damping(b)
						}
					}
				}
				best = max(best, two+three)
			}
			require.InDelta(t, best, got.Loops[u], 1e-12, "loops of %d", u)
			require.Equal(t, shared[u], got.Shared[u], "shared of %d", u)
		}
	})
}

// ties are the neighbours of every node on trade and rare-identifier ties, and the other users of its rare identifiers.
func (t *Trade) ties(rare int) (near []map[uint32]bool, shared []float64) {
	near, shared = make([]map[uint32]bool, t.Nodes), make([]float64, t.Nodes)
	for v := range near {
		near[v] = map[uint32]bool{}
	}
	join := func(a, b uint32) { near[a][b], near[b][a] = true, true }
	for i := range t.Consignments.Key {
		if t.traders(i) {
			join(t.Consignments.Importer[i], t.Consignments.Exporter[i])
		}
	}
	for _, p := range t.Pairs {
		if p.A != p.B && !t.Service[p.A] && !t.Service[p.B] {
			join(p.A, p.B)
		}
	}
	for identifier, who := range t.users() {
		if len(who) > rare {
			continue
		}
		traders := 0.0
		for party := range who {
			if !t.Service[party] {
				join(party, identifier)
				traders++
			}
		}
		for party := range who {
			if !t.Service[party] {
				shared[party] += traders - 1
			}
		}
	}
	return near, shared
}

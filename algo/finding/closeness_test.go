package finding

import (
	"context"
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"rummage/algo/csr/csrtest"
	"rummage/fixtures"
)

// Two programs not ours computed these numbers; see fixtures/worlds. The score is ln(0.3 + ratio) + what Of returns.
func TestClosenessOfTheWorlds(t *testing.T) {
	for _, name := range tried() {
		t.Run(name, func(t *testing.T) {
			w := sharedWorld(t, name)
			got, err := MeasureCloseness(context.Background(), &w.trade, DefaultCloseness())
			require.NoError(t, err)
			rows := csrtest.Table(t, fixtures.Open, "worlds/"+name+"/expected.csv.gz")
			loops, shared := csrtest.Numbers(t, rows["loops_L"]), csrtest.Numbers(t, rows["shared_S"])
			ratio, score := csrtest.Numbers(t, rows["rr_v2"]), csrtest.Numbers(t, rows["score_v2_uncorroborated"])
			for i, v := range w.nodes(rows["party"]) {
				require.InDelta(t, loops[i], got.Loops[v], 1e-9, "loops of %s", rows["party"][i])
				require.InDelta(t, shared[i], got.Shared[v], 1e-9, "shared of %s", rows["party"][i])
				require.InDelta(t, score[i]-math.Log(0.3+ratio[i]), got.Of(v), 1e-9, "closeness of %s", rows["party"][i])
			}
		})
	}
}

// TestClosenessByDefinition follows every walk of two and three steps by hand.
func TestClosenessByDefinition(t *testing.T) {
	const busy = 4
	rapid.Check(t, func(t *rapid.T) {
		trade := drawTrade(t)
		got, err := MeasureCloseness(context.Background(), trade, ClosenessOptions{RareUsers: 2, Busy: busy})
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

// TestSharedCountsUsersNotPartners has a director of two firms, 0 and 1, that trades with two others.
func TestSharedCountsUsersNotPartners(t *testing.T) {
	trade := &Trade{
		Nodes: 5, Keys: make([]uint64, 5), Pairs: []Pair{{2, 3}, {2, 4}},
		Identifiers: []Tie{{Party: 0, Identifier: 2}, {Party: 1, Identifier: 2}},
	}
	got, err := MeasureCloseness(context.Background(), trade, DefaultCloseness())
	require.NoError(t, err)
	require.Equal(t, []float64{1, 1, 0, 0, 0}, got.Shared)
}

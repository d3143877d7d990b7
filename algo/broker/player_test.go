package broker_test

import (
	"context"
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/graph/path"
	"pgregory.net/rapid"

	"rummage/algo/broker"
	"rummage/algo/csr"
	"rummage/algo/csr/csrtest"
	"rummage/fixtures"
)

// fragmentation asks gonum for all distances.
func fragmentation(g *csr.Graph, without []uint32) broker.Fragmentation {
	var left []uint32
	for u := range uint32(g.Order()) {
		if !slices.Contains(without, u) {
			left = append(left, u)
		}
	}
	f := broker.Fragmentation{Components: 1, Distance: 1, Nodes: len(left)}
	if len(left) < 2 {
		return f
	}
	c, kept := g.Columns(), csr.Columns{From: []uint32{}, To: []uint32{}}
	for i := range c.From {
		if c.From[i] != c.To[i] && (c.Weight == nil || c.Weight[i] > 0) {
			kept.From, kept.To = append(kept.From, c.From[i]), append(kept.To, c.To[i])
		}
	}
	plain, err := csr.Build(context.Background(), kept, csr.Options{Nodes: g.Order()})
	if err != nil {
		panic(err)
	}
	part, _, err := plain.Induced(left)
	if err != nil {
		panic(err)
	}
	all := path.DijkstraAllPaths(part.Undirected())
	pairs := float64(len(left) * (len(left) - 1))
	for u := range left {
		for v := range left {
			if d := all.Weight(int64(u), int64(v)); u != v && !math.IsInf(d, 1) {
				f.Components -= 1 / pairs
				f.Distance -= 1 / d / pairs
			}
		}
	}
	return f
}

func TestFragmentationAgreesWithGonum(t *testing.T) {
	many(t, func(t *rapid.T) {
		g := csrtest.Draw(t, csrtest.Shape{Weighted: rapid.Bool().Draw(t, "weighted"), Typed: true, Loops: true})
		without := rapid.SliceOfDistinct(rapid.Uint32Range(0, uint32(g.Order()-1)), rapid.ID).Draw(t, "without")
		got, err := broker.Fragment(context.Background(), g, without)
		require.NoError(t, err)
		want := fragmentation(g, without)
		require.Equal(t, want.Nodes, got.Nodes)
		require.InDelta(t, want.Components, got.Components, 1e-9)
		require.InDelta(t, want.Distance, got.Distance, 1e-9)
	})
}

// More nodes than one batch of sources holds.
func TestFragmentationOfARing(t *testing.T) {
	const n = 201
	var c csr.Columns
	for u := range uint32(n) {
		c.From, c.To = append(c.From, u), append(c.To, (u+1)%n)
	}
	g, err := csr.Build(t.Context(), c, csr.Options{Nodes: n})
	require.NoError(t, err)
	whole, err := broker.Fragment(t.Context(), g, nil)
	require.NoError(t, err)
	near := 0.0
	for d := 1; d <= n/2; d++ {
		near += 2 / float64(d)
	}
	assert.InDelta(t, 1-near/(n-1), whole.Distance, 1e-12)
	assert.InDelta(t, 0, whole.Components, 1e-12)
	cut, err := broker.Fragment(t.Context(), g, []uint32{0, 101})
	require.NoError(t, err)
	assert.InDelta(t, 1-(100.0*99+99*98)/(199*198), cut.Components, 1e-12)
}

// value is what a goal measures of a set, by definition.
func value(g *csr.Graph, goal broker.Goal, steps int, set []uint32) float64 {
	switch goal {
	case broker.Disconnect:
		return fragmentation(g, set).Components
	case broker.Lengthen:
		return fragmentation(g, set).Distance
	}
	all := path.DijkstraAllPaths(g.Undirected())
	var sum float64
	for v := range g.Order() {
		nearest := math.Inf(1)
		for _, u := range set {
			nearest = min(nearest, all.Weight(int64(u), int64(v)))
		}
		switch {
		case goal == broker.Reach && nearest <= float64(steps):
			sum++
		case goal == broker.Approach && nearest == 0:
			sum++
		case goal == broker.Approach && !math.IsInf(nearest, 1):
			sum += 1 / nearest
		}
	}
	return sum / float64(g.Order())
}

// sets visits all sets of k among n.
func sets(n, k int, visit func(set []uint32)) {
	var set []uint32
	var add func(from int)
	add = func(from int) {
		if len(set) == k {
			visit(set)
			return
		}
		for u := from; u < n; u++ {
			set = append(set, uint32(u))
			add(u + 1)
			set = set[:len(set)-1]
		}
	}
	add(0)
}

func TestKeyPlayersAreTheBestOfAllSets(t *testing.T) {
	many(t, func(t *rapid.T) {
		g := csrtest.Draw(t, csrtest.Shape{Nodes: 8, Edges: 14})
		opts := broker.KeyOptions{Goal: rapid.SampledFrom([]broker.Goal{broker.Disconnect, broker.Lengthen, broker.Reach, broker.Approach}).Draw(t, "goal"),
			Size: rapid.IntRange(1, min(3, g.Order())).Draw(t, "size"), Steps: rapid.IntRange(1, 3).Draw(t, "steps")}
		found, err := broker.KeyPlayers(context.Background(), g, opts)
		require.NoError(t, err)
		require.True(t, found.Exact)
		require.Len(t, found.Nodes, opts.Size)
		require.InDelta(t, value(g, opts.Goal, opts.Steps, found.Nodes), found.Score, 1e-9)
		best, tried := -1.0, 0
		sets(g.Order(), opts.Size, func(set []uint32) {
			best = max(best, value(g, opts.Goal, opts.Steps, set))
			tried++
		})
		require.InDelta(t, best, found.Score, 1e-9)
		require.GreaterOrEqual(t, found.Tried, tried)

		opts.Exhaust = -1
		greedy, err := broker.KeyPlayers(context.Background(), g, opts)
		require.NoError(t, err)
		require.False(t, greedy.Exact)
		require.LessOrEqual(t, greedy.Score, best+1e-9)
		require.GreaterOrEqual(t, greedy.Score, greedy.Scores[opts.Size-1], "exchanges make it no worse")
		require.InDelta(t, value(g, opts.Goal, opts.Steps, greedy.Greedy), greedy.Scores[opts.Size-1], 1e-9)
		for at := range greedy.Nodes {
			for u := range uint32(g.Order()) {
				if other := slices.Clone(greedy.Nodes); !slices.Contains(other, u) {
					other[at] = u
					require.LessOrEqual(t, value(g, opts.Goal, opts.Steps, other), greedy.Score+1e-9, "no single exchange is better")
				}
			}
		}
	})
}

// The fragmentation of the union of the CAVIAR phases as its leading players are lost one after another. The players are those that
// Morselli's account of the case names: N1 led the import of hashish, N12 that of cocaine.
func TestKeyPlayersOfCaviar(t *testing.T) {
	nodes := csrtest.Table(t, fixtures.Open, "oracle/caviar_union_weighted.csv.gz")
	g := csrtest.Network(t, csrtest.Table(t, fixtures.Open, "oracle/caviar_union_edges.csv.gz"), nodes["node"], false)
	found, err := broker.KeyPlayers(t.Context(), g, broker.KeyOptions{Goal: broker.Lengthen, Size: 3})
	require.NoError(t, err)
	assert.Equal(t, []string{"1", "12"}, []string{nodes["node"][found.Greedy[0]], nodes["node"][found.Greedy[1]]})
	for i := range found.Greedy {
		lost, err := broker.Fragment(t.Context(), g, found.Greedy[:i+1])
		require.NoError(t, err)
		assert.InDelta(t, fragmentation(g, found.Greedy[:i+1]).Distance, lost.Distance, 1e-9)
		assert.InDelta(t, lost.Distance, found.Scores[i], 1e-12)
	}
}

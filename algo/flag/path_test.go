package flag

import (
	"context"
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	gonum "gonum.org/v1/gonum/graph/path"
	"gonum.org/v1/gonum/graph/simple"
	"pgregory.net/rapid"

	"rummage/algo/csr"
)

// gonum's search is the oracle: lengths -log chance, against the direction of the walk.
func TestPathsAreTheLikeliest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(2, 12).Draw(t, "nodes")
		node := rapid.Uint32Range(0, uint32(n-1))
		var c csr.Columns
		for range rapid.IntRange(1, 30).Draw(t, "edges") {
			c.From, c.To = append(c.From, node.Draw(t, "from")), append(c.To, node.Draw(t, "to"))
			c.Weight = append(c.Weight, rapid.Float64Range(0.1, 10).Draw(t, "weight"))
			c.Type = append(c.Type, rapid.Uint8Range(1, 2).Draw(t, "type"))
		}
		g, err := csr.Build(context.Background(), c, csr.Options{Nodes: n, Loops: csr.DropLoops})
		require.NoError(t, err)
		a := &Analysis{Exposure: &Exposure{Graph: g}, Settings: DefaultSettings()}
		target := node.Draw(t, "target")
		var seeds []uint32
		for u := range uint32(n) {
			seeds = append(seeds, u)
		}
		found, err := a.paths(context.Background(), []uint32{target}, seeds)
		require.NoError(t, err)

		back := simple.NewWeightedDirectedGraph(0, math.Inf(1))
		back.AddNode(simple.Node(target))
		for u := range uint32(n) {
			for i, v := range g.Neighbours(u) {
				length := -math.Log(0.85 * g.Weights(u)[i] / g.Strength(u))
				if had, ok := back.Weight(int64(v), int64(u)); !ok || length < had {
					back.SetWeightedEdge(simple.WeightedEdge{F: simple.Node(v), T: simple.Node(u), W: length})
				}
			}
		}
		want := gonum.DijkstraFrom(simple.Node(target), back)
		for u := range uint32(n) {
			path, reached := found[u]
			require.Equal(t, !math.IsInf(want.WeightTo(int64(u)), 1), reached)
			length, at := 0.0, u
			for _, h := range path {
				require.Equal(t, at, h.from)
				length -= math.Log(0.85 * likeliest(g, h) / g.Strength(h.from))
				at = h.to
			}
			if reached {
				require.Equal(t, target, at)
				require.InDelta(t, want.WeightTo(int64(u)), length, 1e-9)
			}
		}
	})
}

// likeliest is the weight of a hop, whose kind must be the heaviest between its two nodes.
func likeliest(g *csr.Graph, h hop) float64 {
	heaviest, own := 0.0, 0.0
	for i, v := range g.Neighbours(h.from) {
		if v == h.to {
			heaviest = max(heaviest, g.Weights(h.from)[i])
			if g.Types(h.from)[i] == h.kind {
				own = g.Weights(h.from)[i]
			}
		}
	}
	if own < heaviest {
		return math.NaN()
	}
	return own
}

func TestPathsAreCancelled(t *testing.T) {
	g, err := csr.Build(context.Background(), csr.Columns{From: []uint32{0}, To: []uint32{1}, Weight: []float64{1}, Type: []uint8{1}}, csr.Options{Nodes: 2})
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	a := &Analysis{Exposure: &Exposure{Graph: g}, Settings: DefaultSettings()}
	_, err = a.paths(ctx, []uint32{0}, []uint32{1})
	require.ErrorIs(t, err, context.Canceled)
}

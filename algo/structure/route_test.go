package structure_test

import (
	"cmp"
	"context"
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/graph/path"
	"pgregory.net/rapid"

	"rummage/algo/csr"
	"rummage/algo/csr/csrtest"
	"rummage/algo/structure"
)

// allRoutes goes every loopless way, measures it from its end on, and sorts them.
func allRoutes(g *csr.Graph, from, to uint32, by structure.Length) []structure.Route {
	var all []structure.Route
	length := func(u, v uint32) float64 {
		best := math.Inf(1)
		for i, w := range g.Neighbours(u) {
			if w != v {
				continue
			}
			switch weight := g.Weights(u)[i]; by {
			case structure.Hops:
				best = 1
			case structure.Weight:
				best = min(best, weight)
			default:
				best = min(best, 1/weight)
			}
		}
		return best
	}
	var walk func(nodes []uint32)
	walk = func(nodes []uint32) {
		u := nodes[len(nodes)-1]
		if u == to {
			sum := 0.0
			for i := len(nodes) - 2; i >= 0; i-- {
				sum = length(nodes[i], nodes[i+1]) + sum
			}
			if !math.IsInf(sum, 1) {
				all = append(all, structure.Route{Nodes: slices.Clone(nodes), Length: sum})
			}
			return
		}
		for _, v := range slices.Compact(slices.Clone(g.Neighbours(u))) {
			if !slices.Contains(nodes, v) {
				walk(append(nodes, v))
			}
		}
	}
	walk([]uint32{from})
	slices.SortFunc(all, func(a, b structure.Route) int {
		return cmp.Or(cmp.Compare(a.Length, b.Length), cmp.Compare(len(a.Nodes), len(b.Nodes)), slices.Compare(a.Nodes, b.Nodes))
	})
	return all
}

func TestRoutesAreTheShortestOfAll(t *testing.T) {
	for _, directed := range []bool{false, true} {
		each(t, csrtest.Shape{Nodes: 7, Edges: 16, Loops: true, Weighted: true, Round: true, Directed: directed}, func(t *rapid.T, g *csr.Graph) {
			n := g.Order()
			if n < 2 {
				return
			}
			from := rapid.Uint32Range(0, uint32(n-1)).Draw(t, "from")
			to := (from + rapid.Uint32Range(1, uint32(n-1)).Draw(t, "step")) % uint32(n)
			opts := structure.RouteOptions{Count: rapid.IntRange(1, 12).Draw(t, "count"), Length: structure.Length(rapid.IntRange(0, 2).Draw(t, "by"))}
			if rapid.Bool().Draw(t, "bounded") {
				opts.Longest = rapid.Float64Range(0.5, 6).Draw(t, "longest")
			}
			found, err := structure.ShortestRoutes(context.Background(), g, from, to, opts)
			require.NoError(t, err)
			require.True(t, found.Complete)
			want := allRoutes(g, from, to, opts.Length)
			if opts.Longest > 0 {
				want = slices.DeleteFunc(want, func(r structure.Route) bool { return r.Length > opts.Longest })
			}
			want = want[:min(len(want), opts.Count)]
			require.Len(t, found.Found, len(want))
			for i, route := range found.Found {
				// Sums of 1/weight that differ by rounding alone may come in either order.
				require.InDelta(t, want[i].Length, route.Length, 1e-12)
				if opts.Length != structure.Inverse {
					require.Equal(t, want[i], route)
				}
			}
		})
	}
}

func TestRoutesAgreeWithGonum(t *testing.T) {
	each(t, csrtest.Shape{Nodes: 9, Edges: 20, Weighted: true, Positive: true}, func(t *rapid.T, g *csr.Graph) {
		g, err := g.Simple(context.Background())
		require.NoError(t, err)
		if g.Order() < 2 {
			return
		}
		found, err := structure.ShortestRoutes(context.Background(), g, 0, 1, structure.RouteOptions{Count: 6, Length: structure.Weight})
		require.NoError(t, err)
		theirs := path.YenKShortestPaths(g, 6, math.Inf(1), g.Node(0), g.Node(1))
		require.Len(t, found.Found, len(theirs))
		for i, nodes := range theirs {
			length := 0.0
			for j := 1; j < len(nodes); j++ {
				w, ok := g.Weight(nodes[j-1].ID(), nodes[j].ID())
				require.True(t, ok)
				length += w
			}
			require.InDelta(t, length, found.Found[i].Length, 1e-9)
		}
	})
}

func TestKnownRoutes(t *testing.T) {
	g := karate(t)
	told := 0
	found, err := structure.ShortestRoutes(t.Context(), g, 0, 33, structure.RouteOptions{Count: 6, Progress: func(int, int) { told++ }})
	require.NoError(t, err)
	var ways [][]uint32
	for _, route := range found.Found {
		ways = append(ways, route.Nodes)
	}
	assert.Equal(t, [][]uint32{{0, 8, 33}, {0, 13, 33}, {0, 19, 33}, {0, 31, 33}, {0, 1, 13, 33}, {0, 1, 19, 33}}, ways)
	assert.Equal(t, 6, told)
}

func TestRoutesWithinTheirBounds(t *testing.T) {
	g, err := csr.Build(t.Context(), csrtest.Planted(500, 25, 8, 2, 1), csr.Options{Nodes: 500})
	require.NoError(t, err)
	whole, err := structure.ShortestRoutes(t.Context(), g, 0, 499, structure.RouteOptions{Count: 20})
	require.NoError(t, err)
	for _, steps := range []int{1, whole.Taken / 2, whole.Taken - 1} {
		found, err := structure.ShortestRoutes(t.Context(), g, 0, 499, structure.RouteOptions{Count: 20, Steps: steps})
		require.ErrorIs(t, err, structure.ErrLimit)
		assert.False(t, found.Complete)
		assert.Equal(t, steps, found.Taken)
		assert.Equal(t, whole.Found[:len(found.Found)], append([]structure.Route{}, found.Found...))
	}
	for name, opts := range map[string]structure.RouteOptions{
		"count": {Count: -1}, "steps": {Steps: -1}, "longest": {Longest: math.NaN()}, "length": {Length: structure.Inverse + 1},
	} {
		_, err := structure.ShortestRoutes(t.Context(), g, 0, 1, opts)
		require.ErrorIs(t, err, structure.ErrOption, name)
	}
}

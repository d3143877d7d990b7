package structure_test

import (
	"context"
	"math/bits"
	"slices"
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/graph/network"
	"gonum.org/v1/gonum/graph/simple"
	"pgregory.net/rapid"

	"rummage/algo/csr"
	"rummage/algo/csr/csrtest"
	"rummage/algo/structure"
	"rummage/fixtures"
)

func TestFlowAgreesWithGonumAndWithEveryCut(t *testing.T) {
	for _, directed := range []bool{false, true} {
		each(t, csrtest.Shape{Nodes: 9, Edges: 22, Loops: true, Weighted: true, Round: true, Directed: directed}, func(t *rapid.T, g *csr.Graph) {
			n := g.Order()
			if n < 2 {
				return
			}
			from := rapid.Uint32Range(0, uint32(n-1)).Draw(t, "from")
			to := (from + rapid.Uint32Range(1, uint32(n-1)).Draw(t, "step")) % uint32(n)
			unit := rapid.Bool().Draw(t, "unit")
			found, err := structure.MaxFlow(context.Background(), g, from, to, structure.FlowOptions{Unit: unit})
			require.NoError(t, err)
			side, value := nearestCut(g, from, to, unit)
			require.InDelta(t, value, found.Value, 1e-9)
			require.Zero(t, found.Residual)
			require.Equal(t, side, found.Source)
			sum := 0.0
			for _, e := range found.Cut {
				require.True(t, slices.Contains(side, e[0]) && !slices.Contains(side, e[1]))
				sum += capacity(g, e[0], e[1], unit)
			}
			require.Equal(t, sum, found.Value)
			require.True(t, slices.IsSortedFunc(found.Cut, func(a, b [2]uint32) int { return slices.Compare(a[:], b[:]) }))
			pipes := simple.NewWeightedDirectedGraph(0, 0)
			for u := range int64(n) {
				pipes.AddNode(simple.Node(u))
			}
			for u := range uint32(n) {
				for v := range uint32(n) {
					if c := capacity(g, u, v, unit); u != v && c > 0 {
						pipes.SetWeightedEdge(pipes.NewWeightedEdge(simple.Node(u), simple.Node(v), c))
					}
				}
			}
			require.InDelta(t, network.MaxFlowDinic(pipes, simple.Node(from), simple.Node(to), 1e-12), found.Value, 1e-9)
		})
	}
}

func capacity(g *csr.Graph, u, v uint32, unit bool) float64 {
	w, ok := g.Weight(int64(u), int64(v))
	switch {
	case !ok || !g.Directed().HasEdgeFromTo(int64(u), int64(v)):
		return 0
	case unit:
		return 1
	default:
		return w
	}
}

// nearestCut tries every set of nodes with from and without to. Of the least cuts the smallest is the one that all others contain.
func nearestCut(g *csr.Graph, from, to uint32, unit bool) (side []uint32, value float64) {
	n := uint32(g.Order())
	best, size := uint32(0), 0
	for set := range uint32(1) << n {
		if set>>from&1 == 0 || set>>to&1 == 1 {
			continue
		}
		sum := 0.0
		for u := range n {
			for v := range n {
				if set>>u&1 == 1 && set>>v&1 == 0 {
					sum += capacity(g, u, v, unit)
				}
			}
		}
		if size == 0 || sum < value || (sum == value && bits.OnesCount32(set) < size) {
			best, size, value = set, bits.OnesCount32(set), sum
		}
	}
	for u := range n {
		if best>>u&1 == 1 {
			side = append(side, u)
		}
	}
	return side, value
}

func TestFlowOfWeightsThatDoNotAddUpExactly(t *testing.T) {
	// 0.1 + 0.2 is not 0.3 in binary, yet the cut at the source is as good as that at the sink, and nearer.
	g, err := csr.Build(t.Context(), csr.Columns{From: []uint32{0, 1, 1, 2, 3}, To: []uint32{1, 2, 3, 4, 4}, Weight: []float64{0.3, 0.1, 0.2, 5, 5}},
		csr.Options{Nodes: 5, Directed: true})
	require.NoError(t, err)
	found, err := structure.MaxFlow(t.Context(), g, 0, 4, structure.FlowOptions{})
	require.NoError(t, err)
	assert.Equal(t, []uint32{0}, found.Source)
	assert.Equal(t, [][2]uint32{{0, 1}}, found.Cut)
	assert.InDelta(t, 0.3, found.Value, 0)
	assert.Less(t, found.Residual, 1e-15)
	assert.Positive(t, found.Passes)
	assert.Positive(t, found.Paths)
}

// karate numbers the members of the club as its file does.
func karate(t testing.TB) *csr.Graph {
	var names []string
	for u := range 34 {
		names = append(names, strconv.Itoa(u))
	}
	return csrtest.Network(t, csrtest.Table(t, fixtures.Open, "graphs/karate.edges.csv.gz"), names, false)
}

func TestPublishedFlow(t *testing.T) {
	g := karate(t)
	passes := 0
	found, err := structure.MaxFlow(t.Context(), g, 0, 33, structure.FlowOptions{Unit: true, Progress: func(int, float64) { passes++ }})
	require.NoError(t, err)
	assert.InDelta(t, 10, found.Value, 0, "ways without a common edge between the two leaders of the club")
	assert.Len(t, found.Cut, 10)
	assert.Equal(t, found.Passes, passes)
}

func TestFlowRefusals(t *testing.T) {
	g, err := csr.Build(t.Context(), csr.Columns{From: []uint32{0}, To: []uint32{1}}, csr.Options{Nodes: 3})
	require.NoError(t, err)
	for _, ends := range [][2]uint32{{0, 0}, {0, 3}, {3, 0}} {
		_, err = structure.MaxFlow(t.Context(), g, ends[0], ends[1], structure.FlowOptions{})
		require.ErrorIs(t, err, structure.ErrNode)
		_, err = structure.ShortestRoutes(t.Context(), g, ends[0], ends[1], structure.RouteOptions{})
		require.ErrorIs(t, err, structure.ErrNode)
	}
	apart, err := structure.MaxFlow(t.Context(), g, 0, 2, structure.FlowOptions{})
	require.NoError(t, err)
	assert.Zero(t, apart.Value)
	assert.Empty(t, apart.Cut)
	assert.Equal(t, []uint32{0, 1}, apart.Source)
	none, err := structure.ShortestRoutes(t.Context(), g, 0, 2, structure.RouteOptions{})
	require.NoError(t, err)
	assert.Empty(t, none.Found)
	assert.True(t, none.Complete)
}

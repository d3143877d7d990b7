package csr_test

import (
	"context"
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/graph"
	"gonum.org/v1/gonum/graph/simple"
	"gonum.org/v1/gonum/graph/testgraph"
	"gonum.org/v1/gonum/graph/topo"
	"pgregory.net/rapid"

	"rummage/algo/csr"
	"rummage/algo/csr/csrtest"
)

// builder makes a graph of one of gonum's test cases, with its nodes renamed to 0 to n-1. Cases with a weight that Build refuses or
// with a self-loop, which gonum's Weight expects nowhere, are passed over, as gonum's own simple graphs do.
func builder(directed bool) testgraph.Builder {
	return func(nodes []graph.Node, edges []testgraph.WeightedLine, _, _ float64) (graph.Graph, []graph.Node, []testgraph.Edge, float64, float64, bool) {
		var ids []int64
		for _, n := range nodes {
			ids = append(ids, n.ID())
		}
		type pair struct{ u, v int64 }
		last := map[pair]float64{}
		var order []pair
		for _, e := range edges {
			u, v := e.From().ID(), e.To().ID()
			ids = append(ids, u, v)
			if u == v {
				continue
			}
			if _, turned := last[pair{v, u}]; turned && !directed {
				u, v = v, u
			}
			if _, known := last[pair{u, v}]; !known {
				order = append(order, pair{u, v})
			}
			last[pair{u, v}] = e.Weight()
		}
		slices.Sort(ids)
		ids = slices.Compact(ids)
		rank := func(id int64) uint32 { i, _ := slices.BinarySearch(ids, id); return uint32(i) }
		var c csr.Columns
		for _, p := range order {
			c.From, c.To, c.Weight = append(c.From, rank(p.u)), append(c.To, rank(p.v)), append(c.Weight, last[p])
		}
		g, err := csr.Build(context.Background(), c, csr.Options{Nodes: len(ids), Directed: directed})
		if err != nil || (len(order) == 0 && len(edges) != 0) {
			return nil, nil, nil, math.NaN(), math.NaN(), false
		}
		var held []testgraph.Edge
		for i := range c.From {
			held = append(held, simple.WeightedEdge{F: g.Node(int64(c.From[i])), T: g.Node(int64(c.To[i])), W: c.Weight[i]})
		}
		var list []graph.Node
		for i := range ids {
			list = append(list, g.Node(int64(i)))
		}
		if directed {
			return g.Directed(), list, held, 0, math.Inf(1), true
		}
		return g.Undirected(), list, held, 0, math.Inf(1), true
	}
}

func TestGonumSuite(t *testing.T) {
	for name, build := range map[string]testgraph.Builder{"undirected": builder(false), "directed": builder(true)} {
		t.Run(name, func(t *testing.T) {
			turns := name == "undirected"
			t.Run("EdgeExistence", func(t *testing.T) { testgraph.EdgeExistence(t, build, turns) })
			t.Run("NodeExistence", func(t *testing.T) { testgraph.NodeExistence(t, build) })
			t.Run("ReturnAdjacentNodes", func(t *testing.T) { testgraph.ReturnAdjacentNodes(t, build, true, turns) })
			t.Run("ReturnAllEdges", func(t *testing.T) { testgraph.ReturnAllEdges(t, build, true) })
			t.Run("ReturnAllNodes", func(t *testing.T) { testgraph.ReturnAllNodes(t, build, true) })
			t.Run("ReturnAllWeightedEdges", func(t *testing.T) { testgraph.ReturnAllWeightedEdges(t, build, true) })
			t.Run("ReturnEdgeSlice", func(t *testing.T) { testgraph.ReturnEdgeSlice(t, build, true) })
			t.Run("ReturnWeightedEdgeSlice", func(t *testing.T) { testgraph.ReturnWeightedEdgeSlice(t, build, true) })
			t.Run("ReturnNodeSlice", func(t *testing.T) { testgraph.ReturnNodeSlice(t, build, true) })
			t.Run("Weight", func(t *testing.T) { testgraph.Weight(t, build) })
		})
	}
}

func TestGonumSeesParallelEdgesAsOne(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		directed := rapid.Bool().Draw(t, "directed")
		g := csrtest.Draw(t, csrtest.Shape{
			Directed: directed, Weighted: rapid.Bool().Draw(t, "weighted"), Typed: true, Loops: true, Parallel: csr.KeepParallel, Round: true,
		})
		one, err := g.Simple(context.Background())
		require.NoError(t, err)
		require.True(t, one.IsSimple())
		require.Equal(t, one.Size(), g.Edges().Len())
		edges := g.WeightedEdges()
		require.Equal(t, one.Size(), edges.Len())
		for u := range int64(g.Order()) {
			var from, to []uint32
			for _, n := range graph.NodesOf(g.From(u)) {
				from = append(from, uint32(n.ID()))
			}
			for _, n := range graph.NodesOf(g.Directed().To(u)) {
				to = append(to, uint32(n.ID()))
			}
			require.Equal(t, one.Neighbours(uint32(u)), append([]uint32{}, from...))
			require.Equal(t, one.InNeighbours(uint32(u)), append([]uint32{}, to...))
			for i, v := range one.Neighbours(uint32(u)) {
				w, ok := g.Weight(u, int64(v))
				require.True(t, ok)
				if g.IsWeighted() {
					require.Equal(t, one.Weights(uint32(u))[i], w)
				}
				require.Equal(t, w, g.WeightedEdge(u, int64(v)).Weight())
			}
		}
	})
}

func TestGonumIteratorsRewind(t *testing.T) {
	g, err := csr.Build(t.Context(), csrtest.Planted(10, 5, 2, 1, 1), csr.Options{Nodes: 10})
	require.NoError(t, err)
	for _, nodes := range []graph.Nodes{g.Nodes(), g.From(0)} {
		n := nodes.Len()
		assert.Nil(t, nodes.Node())
		require.True(t, nodes.Next())
		assert.Equal(t, n-1, nodes.Len())
		assert.Len(t, nodes.(graph.NodeSlicer).NodeSlice(), n-1)
		assert.Zero(t, nodes.Len())
		assert.False(t, nodes.Next())
		assert.Nil(t, nodes.Node())
		nodes.Reset()
		assert.Equal(t, n, nodes.Len())
	}
	assert.Same(t, g.Node(3), g.Node(3))
}

func TestGonumDirections(t *testing.T) {
	c := csr.Columns{From: []uint32{0}, To: []uint32{1}}
	d, err := csr.Build(t.Context(), c, csr.Options{Nodes: 3, Directed: true})
	require.NoError(t, err)
	assert.Panics(t, func() { d.Undirected() })
	assert.True(t, d.Directed().HasEdgeFromTo(0, 1))
	assert.False(t, d.Directed().HasEdgeFromTo(1, 0))
	assert.True(t, d.HasEdgeBetween(1, 0))
	assert.Nil(t, d.Edge(1, 0))
	assert.Equal(t, graph.Empty, d.Directed().To(-1))
	assert.Equal(t, graph.Empty, d.From(3))

	u, err := d.Symmetric(t.Context())
	require.NoError(t, err)
	assert.True(t, u.Directed().HasEdgeFromTo(1, 0))
	assert.NotNil(t, u.Undirected().EdgeBetween(1, 0))
	assert.NotNil(t, u.Undirected().WeightedEdgeBetween(0, 1))
	assert.Len(t, topo.ConnectedComponents(u.Undirected()), 2)
}

// A walk over the whole graph in the eyes of gonum allocates one iterator a row and nothing a node or an edge; a look at an edge allocates
// nothing, unless the edge itself is wanted.
func TestGonumAllocatesNothingPerNode(t *testing.T) {
	const n = 500
	g, err := csr.Build(t.Context(), csrtest.Planted(n, 10, 5, 2, 1), csr.Options{Nodes: n})
	require.NoError(t, err)
	g.Node(0) // the nodes are made at the first use
	cases := map[string]struct {
		most float64
		walk func()
	}{
		"a node": {0, func() { g.Node(7) }},
		"all nodes": {1, func() {
			for nodes := g.Nodes(); nodes.Next(); {
				nodes.Node().ID()
			}
		}},
		"all neighbours": {n, func() {
			for u := range int64(n) {
				for row := g.From(u); row.Next(); {
					row.Node().ID()
				}
			}
		}},
		"all who point here": {n, func() {
			for u := range int64(n) {
				for row := g.Directed().To(u); row.Next(); {
					row.Node().ID()
				}
			}
		}},
		"a look at every pair of some": {0, func() {
			for u := range int64(40) {
				for v := range int64(40) {
					g.HasEdgeBetween(u, v)
					g.Weight(u, v)
				}
			}
		}},
		"an edge": {1, func() { g.Edge(0, int64(g.Neighbours(0)[0])) }},
		"no edge": {0, func() { g.Edge(0, n) }},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) { assert.LessOrEqual(t, testing.AllocsPerRun(10, c.walk), c.most) })
	}
}

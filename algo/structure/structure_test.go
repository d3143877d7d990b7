package structure_test

import (
	"context"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/graph"
	"gonum.org/v1/gonum/graph/topo"
	"pgregory.net/rapid"

	"rummage/algo/csr"
	"rummage/algo/csr/csrtest"
	"rummage/algo/structure"
	"rummage/fixtures"
)

func draw(t *rapid.T, directed bool) *csr.Graph {
	return csrtest.Draw(t, csrtest.Shape{
		Nodes: 15, Edges: 25, Directed: directed, Typed: true, Loops: true, Parallel: csr.Parallel(rapid.IntRange(0, 1).Draw(t, "parallel")),
	})
}

// groups turns lists of nodes into components.
func groups(n int, lists [][]graph.Node) structure.Components {
	label := make([]int64, n)
	for _, list := range lists {
		for _, node := range list {
			label[node.ID()] = list[0].ID()
		}
	}
	c := structure.Components{Of: make([]uint32, n)}
	known := map[int64]uint32{}
	for u := range n {
		number, seen := known[label[u]]
		if !seen {
			number = uint32(len(known))
			known[label[u]] = number
			c.First, c.Size = append(c.First, uint32(u)), append(c.Size, 0)
		}
		c.Of[u] = number
		c.Size[number]++
	}
	return c
}

func TestComponentsAgreeWithGonum(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		directed := rapid.Bool().Draw(t, "directed")
		g := draw(t, directed)
		weak, err := structure.Weak(context.Background(), g)
		require.NoError(t, err)
		plain, err := g.Symmetric(context.Background())
		require.NoError(t, err)
		require.Equal(t, groups(g.Order(), topo.ConnectedComponents(plain.Undirected())), weak)
		strong, err := structure.Strong(context.Background(), g)
		require.NoError(t, err)
		require.Equal(t, groups(g.Order(), topo.TarjanSCC(g.Directed())), strong)
		if !directed {
			require.Equal(t, weak, strong)
		}
	})
}

func TestCoresAgreeWithGonum(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := csrtest.Draw(t, csrtest.Shape{Nodes: 15, Edges: 40, Typed: true, Parallel: csr.KeepParallel})
		cores, err := structure.Cores(context.Background(), g)
		require.NoError(t, err)
		want := make([]int, g.Order())
		for k := 1; ; k++ {
			nodes := topo.KCore(k, g.Undirected())
			if len(nodes) == 0 {
				break
			}
			for _, node := range nodes {
				want[node.ID()] = k
			}
		}
		require.Equal(t, want, cores)
	})
}

// without returns the number of components after some edges and nodes are left out; a left-out node counts as one.
func without(t require.TestingT, g *csr.Graph, keep func(u, v uint32) bool) int {
	c := g.Columns()
	var rest csr.Columns
	for i := range c.From {
		if keep(c.From[i], c.To[i]) {
			rest.From, rest.To = append(rest.From, c.From[i]), append(rest.To, c.To[i])
		}
	}
	made, err := csr.Build(context.Background(), rest, csr.Options{Nodes: g.Order()})
	require.NoError(t, err)
	parts, err := structure.Weak(context.Background(), made)
	require.NoError(t, err)
	return len(parts.First)
}

func TestCutAgreesWithTakingThingsOut(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := draw(t, false)
		cuts, err := structure.Cut(context.Background(), g)
		require.NoError(t, err)
		before := without(t, g, func(_, _ uint32) bool { return true })
		for u := range uint32(g.Order()) {
			after := without(t, g, func(a, b uint32) bool { return a != u && b != u })
			alone := !slices.ContainsFunc(g.Neighbours(u), func(v uint32) bool { return v != u })
			require.Equal(t, !alone && after > before+1, slices.Contains(cuts.Points, u), "node %d", u)
		}
		var bridges [][2]uint32
		c := g.Columns()
		for i := range c.From {
			parallel := 0
			for j := range c.From {
				if c.From[j] == c.From[i] && c.To[j] == c.To[i] {
					parallel++
				}
			}
			if parallel == 1 && without(t, g, func(u, v uint32) bool { return u != c.From[i] || v != c.To[i] }) > before {
				bridges = append(bridges, [2]uint32{c.From[i], c.To[i]})
			}
		}
		require.Equal(t, bridges, cuts.Bridges)
	})
}

func TestPublishedValues(t *testing.T) {
	for _, name := range []string{"karate", "dolphins"} {
		nodes := csrtest.Table(t, fixtures.Open, "oracle/"+name+".csv.gz")
		g := csrtest.Network(t, csrtest.Table(t, fixtures.Open, "graphs/"+name+".edges.csv.gz"), nodes["node"], false)
		assertCores(t, g, nodes)
	}
	nodes := csrtest.Table(t, fixtures.Open, "oracle/caviar_union_weighted.csv.gz")
	edges := csrtest.Table(t, fixtures.Open, "oracle/caviar_union_edges.csv.gz")
	g := csrtest.Network(t, edges, nodes["node"], false)
	assertCores(t, g, nodes)
	cuts, err := structure.Cut(t.Context(), g)
	require.NoError(t, err)
	for u, is := range nodes["articulation"] {
		assert.Equal(t, is == "1", slices.Contains(cuts.Points, uint32(u)), nodes["node"][u])
	}
	number := map[string]uint32{}
	for u, name := range nodes["node"] {
		number[name] = uint32(u)
	}
	bridges := 0
	for i, is := range edges["bridge"] {
		u, v := number[edges["source"][i]], number[edges["target"][i]]
		assert.Equal(t, is == "1", slices.Contains(cuts.Bridges, [2]uint32{min(u, v), max(u, v)}))
		if is == "1" {
			bridges++
		}
	}
	assert.Len(t, cuts.Bridges, bridges)
	weak, err := structure.Weak(t.Context(), g)
	require.NoError(t, err)
	assert.Len(t, weak.First, 2)
}

func assertCores(t *testing.T, g *csr.Graph, nodes map[string][]string) {
	t.Helper()
	cores, err := structure.Cores(t.Context(), g)
	require.NoError(t, err)
	for u, want := range csrtest.Numbers(t, nodes["core"]) {
		assert.EqualValues(t, want, cores[u])
	}
}

func TestSmallGraphs(t *testing.T) {
	empty, err := csr.Build(t.Context(), csr.Columns{}, csr.Options{})
	require.NoError(t, err)
	loop, err := csr.Build(t.Context(), csr.Columns{From: []uint32{0}, To: []uint32{0}}, csr.Options{Nodes: 1})
	require.NoError(t, err)
	for n, g := range []*csr.Graph{empty, loop} {
		for _, find := range []func(context.Context, *csr.Graph) (structure.Components, error){structure.Weak, structure.Strong} {
			parts, err := find(t.Context(), g)
			require.NoError(t, err)
			assert.Len(t, parts.First, n)
			assert.Len(t, parts.Of, n)
		}
		cores, err := structure.Cores(t.Context(), g)
		require.NoError(t, err)
		assert.Equal(t, make([]int, n), cores)
		cuts, err := structure.Cut(t.Context(), g)
		require.NoError(t, err)
		assert.Empty(t, cuts)
	}
}

func TestRefusals(t *testing.T) {
	directed, err := csr.Build(t.Context(), csr.Columns{From: []uint32{0}, To: []uint32{1}}, csr.Options{Nodes: 2, Directed: true})
	require.NoError(t, err)
	_, err = structure.Cores(t.Context(), directed)
	require.ErrorIs(t, err, structure.ErrDirected)
	_, err = structure.Cut(t.Context(), directed)
	require.ErrorIs(t, err, structure.ErrDirected)
}

func TestCancellation(t *testing.T) {
	const n = 30_000
	g, err := csr.Build(t.Context(), csrtest.Planted(n, 25, 3, 1, 3), csr.Options{Nodes: n})
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = structure.Weak(ctx, g)
	require.ErrorIs(t, err, context.Canceled)
	_, err = structure.Strong(ctx, g)
	require.ErrorIs(t, err, context.Canceled)
	_, err = structure.Cores(ctx, g)
	require.ErrorIs(t, err, context.Canceled)
	_, err = structure.Cut(ctx, g)
	require.ErrorIs(t, err, context.Canceled)
}

func BenchmarkStructure(b *testing.B) {
	const n = 100_000
	g, err := csr.Build(b.Context(), csrtest.Planted(n, 25, 8, 2, 1), csr.Options{Nodes: n})
	require.NoError(b, err)
	b.Run("weak", func(b *testing.B) {
		for b.Loop() {
			_, err = structure.Weak(b.Context(), g)
		}
	})
	b.Run("cores", func(b *testing.B) {
		for b.Loop() {
			_, err = structure.Cores(b.Context(), g)
		}
	})
	b.Run("cut", func(b *testing.B) {
		for b.Loop() {
			_, err = structure.Cut(b.Context(), g)
		}
	})
	require.NoError(b, err)
}

// FuzzStructure reads two bytes an edge. A node apart from all others is in the 0-core, and the ends of a bridge are together in no
// strong component once the edge is given one direction only.
func FuzzStructure(f *testing.F) {
	f.Add([]byte{0, 1, 1, 2, 3, 3, 2, 0})
	f.Fuzz(func(t *testing.T, data []byte) {
		var c csr.Columns
		for ; len(data) >= 2; data = data[2:] {
			c.From, c.To = append(c.From, uint32(data[0]%64)), append(c.To, uint32(data[1]%64))
		}
		g, err := csr.Build(t.Context(), c, csr.Options{Nodes: 64, Parallel: csr.KeepParallel})
		require.NoError(t, err)
		weak, err := structure.Weak(t.Context(), g)
		require.NoError(t, err)
		strong, err := structure.Strong(t.Context(), g)
		require.NoError(t, err)
		require.Equal(t, weak, strong)
		cores, err := structure.Cores(t.Context(), g)
		require.NoError(t, err)
		for u, core := range cores {
			require.Equal(t, weak.Size[weak.Of[u]] == 1, core == 0)
		}
		cuts, err := structure.Cut(t.Context(), g)
		require.NoError(t, err)
		oneWay, err := csr.Build(t.Context(), g.Columns(), csr.Options{Nodes: 64, Directed: true})
		require.NoError(t, err)
		strong, err = structure.Strong(t.Context(), oneWay)
		require.NoError(t, err)
		for _, bridge := range cuts.Bridges {
			require.NotEqual(t, strong.Of[bridge[0]], strong.Of[bridge[1]])
		}
	})
}

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

// times is how many graphs a property is tried on in each check of rapid, of which there are 100.
const times = 10

// each draws graphs and tries a property on them.
func each(t *testing.T, shape csrtest.Shape, try func(t *rapid.T, g *csr.Graph)) {
	t.Helper()
	rapid.Check(t, func(t *rapid.T) {
		for range times {
			shape := shape
			shape.Parallel = csr.Parallel(rapid.IntRange(0, 1).Draw(t, "parallel"))
			try(t, csrtest.Draw(t, shape))
		}
	})
}

func TestComponentsAgreeWithGonum(t *testing.T) {
	for _, directed := range []bool{false, true} {
		each(t, csrtest.Shape{Nodes: 15, Edges: 25, Directed: directed, Typed: true, Loops: true}, func(t *rapid.T, g *csr.Graph) {
			weak, err := structure.Weak(context.Background(), g, structure.Options{})
			require.NoError(t, err)
			plain, err := g.Symmetric(context.Background())
			require.NoError(t, err)
			assertSameComponents(t, groups(g.Order(), topo.ConnectedComponents(plain.Undirected())), weak)
			strong, err := structure.Strong(context.Background(), g, structure.Options{})
			require.NoError(t, err)
			assertSameComponents(t, groups(g.Order(), topo.TarjanSCC(g.Directed())), strong)
			if !directed {
				assertSameComponents(t, weak, strong)
			}
		})
	}
}

// assertSameComponents compares what was found, not how.
func assertSameComponents(t require.TestingT, want, got structure.Components) {
	want.Method, got.Method = "", ""
	require.Equal(t, want, got)
}

func TestCoresAgreeWithGonum(t *testing.T) {
	each(t, csrtest.Shape{Nodes: 15, Edges: 40, Typed: true, Loops: true}, func(t *rapid.T, g *csr.Graph) {
		shells, err := structure.Cores(context.Background(), g, structure.Options{})
		require.NoError(t, err)
		bare := withoutLoops(t, g)
		want := make([]uint32, g.Order())
		for k := 1; ; k++ {
			nodes := topo.KCore(k, bare.Undirected())
			if len(nodes) == 0 {
				require.Equal(t, k-1, shells.Degeneracy)
				break
			}
			for _, node := range nodes {
				want[node.ID()] = uint32(k)
			}
		}
		require.Equal(t, want, shells.Core)
		require.Nil(t, shells.Order)
	})
}

func withoutLoops(t require.TestingT, g *csr.Graph) *csr.Graph {
	bare, err := csr.Build(context.Background(), g.Columns(), csr.Options{Nodes: g.Order(), Loops: csr.DropLoops})
	require.NoError(t, err)
	return bare
}

func TestNoNodeHasMoreThanItsCoreAfterItInTheOrder(t *testing.T) {
	each(t, csrtest.Shape{Nodes: 15, Edges: 40, Loops: true}, func(t *rapid.T, g *csr.Graph) {
		shells, err := structure.Degeneracy(context.Background(), g, structure.Options{})
		require.NoError(t, err)
		_, cores := topo.DegeneracyOrdering(withoutLoops(t, g).Undirected())
		require.Len(t, cores, shells.Degeneracy+1)
		place := make([]int, g.Order())
		for i, u := range shells.Order {
			place[u] = i
		}
		sorted := slices.Sorted(slices.Values(shells.Order))
		for i, u := range shells.Order {
			require.EqualValues(t, i, sorted[i])
			later := map[uint32]bool{}
			for _, v := range g.Neighbours(u) {
				if place[v] > i {
					later[v] = true
				}
			}
			require.LessOrEqual(t, len(later), int(shells.Core[u]))
		}
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
	parts, err := structure.Weak(context.Background(), made, structure.Options{})
	require.NoError(t, err)
	return len(parts.First)
}

func TestCutAgreesWithTakingThingsOut(t *testing.T) {
	each(t, csrtest.Shape{Nodes: 12, Edges: 20, Typed: true, Loops: true}, func(t *rapid.T, g *csr.Graph) {
		cuts, err := structure.Cut(context.Background(), g, structure.Options{})
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
	cuts, err := structure.Cut(t.Context(), g, structure.Options{})
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
	weak, err := structure.Weak(t.Context(), g, structure.Options{})
	require.NoError(t, err)
	assert.Len(t, weak.First, 2)
}

func assertCores(t *testing.T, g *csr.Graph, nodes map[string][]string) {
	t.Helper()
	shells, err := structure.Cores(t.Context(), g, structure.Options{})
	require.NoError(t, err)
	for u, want := range csrtest.Numbers(t, nodes["core"]) {
		assert.EqualValues(t, want, shells.Core[u])
	}
}

func TestSmallGraphs(t *testing.T) {
	empty, err := csr.Build(t.Context(), csr.Columns{}, csr.Options{})
	require.NoError(t, err)
	loop, err := csr.Build(t.Context(), csr.Columns{From: []uint32{0}, To: []uint32{0}}, csr.Options{Nodes: 1})
	require.NoError(t, err)
	for n, g := range []*csr.Graph{empty, loop} {
		for _, find := range []func(context.Context, *csr.Graph, structure.Options) (structure.Components, error){structure.Weak, structure.Strong} {
			parts, err := find(t.Context(), g, structure.Options{})
			require.NoError(t, err)
			assert.Len(t, parts.First, n)
			assert.Len(t, parts.Of, n)
		}
		shells, err := structure.Degeneracy(t.Context(), g, structure.Options{})
		require.NoError(t, err)
		assert.Equal(t, make([]uint32, n), shells.Core)
		assert.Len(t, shells.Order, n)
		assert.Zero(t, shells.Degeneracy)
		cuts, err := structure.Cut(t.Context(), g, structure.Options{})
		require.NoError(t, err)
		assert.Empty(t, cuts.Points)
		assert.Empty(t, cuts.Bridges)
		blocks, err := structure.Biconnected(t.Context(), g, structure.Options{})
		require.NoError(t, err)
		assert.Empty(t, blocks.Members)
		triangles, err := structure.Triangle(t.Context(), g, structure.Options{})
		require.NoError(t, err)
		assert.Zero(t, triangles.Total)
		assert.Zero(t, triangles.Mean)
		assert.Equal(t, make([]float64, n), triangles.Local)
		cliques, err := structure.MaximalCliques(t.Context(), g, structure.CliqueOptions{Least: 1})
		require.NoError(t, err)
		assert.Len(t, cliques.Members, n)
		plexes, err := structure.MaximalPlexes(t.Context(), g, 2, structure.CliqueOptions{})
		require.NoError(t, err)
		assert.Empty(t, plexes.Members)
		assert.True(t, plexes.Complete)
	}
}

func TestRefusals(t *testing.T) {
	directed, err := csr.Build(t.Context(), csr.Columns{From: []uint32{0}, To: []uint32{1}}, csr.Options{Nodes: 2, Directed: true})
	require.NoError(t, err)
	for name, ask := range map[string]func() error{
		"cores":       func() error { _, err := structure.Cores(t.Context(), directed, structure.Options{}); return err },
		"degeneracy":  func() error { _, err := structure.Degeneracy(t.Context(), directed, structure.Options{}); return err },
		"cut":         func() error { _, err := structure.Cut(t.Context(), directed, structure.Options{}); return err },
		"biconnected": func() error { _, err := structure.Biconnected(t.Context(), directed, structure.Options{}); return err },
		"triangles":   func() error { _, err := structure.Triangle(t.Context(), directed, structure.Options{}); return err },
		"clustering": func() error {
			_, err := structure.Clustering(t.Context(), directed, structure.Barrat, structure.Options{})
			return err
		},
		"cliques": func() error {
			_, err := structure.MaximalCliques(t.Context(), directed, structure.CliqueOptions{})
			return err
		},
		"plexes": func() error {
			_, err := structure.MaximalPlexes(t.Context(), directed, 2, structure.CliqueOptions{})
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			err := ask()
			require.ErrorIs(t, err, structure.ErrDirected)
			assert.ErrorContains(t, err, "take Symmetric")
		})
	}
}

func TestCancellation(t *testing.T) {
	const n = 30_000
	g, err := csr.Build(t.Context(), csrtest.Planted(n, 25, 3, 1, 3), csr.Options{Nodes: n})
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for name, ask := range map[string]func() error{
		"weak":        func() error { _, err := structure.Weak(ctx, g, structure.Options{}); return err },
		"strong":      func() error { _, err := structure.Strong(ctx, g, structure.Options{}); return err },
		"cores":       func() error { _, err := structure.Cores(ctx, g, structure.Options{}); return err },
		"cut":         func() error { _, err := structure.Cut(ctx, g, structure.Options{}); return err },
		"biconnected": func() error { _, err := structure.Biconnected(ctx, g, structure.Options{}); return err },
		"triangles":   func() error { _, err := structure.Triangle(ctx, g, structure.Options{}); return err },
		"clustering": func() error {
			_, err := structure.Clustering(ctx, g, structure.Onnela, structure.Options{})
			return err
		},
		"cliques": func() error { _, err := structure.MaximalCliques(ctx, g, structure.CliqueOptions{}); return err },
		"plexes":  func() error { _, err := structure.MaximalPlexes(ctx, g, 2, structure.CliqueOptions{}); return err },
		"flow":    func() error { _, err := structure.MaxFlow(ctx, g, 0, n-1, structure.FlowOptions{}); return err },
		"routes":  func() error { _, err := structure.ShortestRoutes(ctx, g, 0, n-1, structure.RouteOptions{}); return err },
	} {
		t.Run(name, func(t *testing.T) { require.ErrorIs(t, ask(), context.Canceled) })
	}
}

// TestThreadsDoNotChangeTheResult uses a graph with waves large enough to be shared, cores of several levels, several components, parallel
// edges and self-loops.
func TestThreadsDoNotChangeTheResult(t *testing.T) {
	const n = 40_000
	c := csrtest.Planted(n/2, 25, 4, 1, 7)
	for u := range uint32(n / 4) {
		c.From, c.To, c.Weight = append(c.From, n/2+u, u), append(c.To, n/2+u/2, u), append(c.Weight, 1, 2)
	}
	g, err := csr.Build(t.Context(), c, csr.Options{Nodes: n, Parallel: csr.KeepParallel})
	require.NoError(t, err)
	type all struct {
		weak      structure.Components
		cores     structure.Shells
		order     structure.Shells
		triangles structure.Triangles
		barrat    structure.Clustered
		onnela    structure.Clustered
	}
	var first *all
	for _, threads := range []int{1, 2, 3, 8} {
		told := 0
		opts := structure.Options{Threads: threads, Progress: func(done, total int) {
			told++
			assert.LessOrEqual(t, done, total)
		}}
		var a all
		a.weak, err = structure.Weak(t.Context(), g, opts)
		require.NoError(t, err)
		a.cores, err = structure.Cores(t.Context(), g, opts)
		require.NoError(t, err)
		a.order, err = structure.Degeneracy(t.Context(), g, opts)
		require.NoError(t, err)
		assert.Equal(t, a.cores.Core, a.order.Core)
		a.triangles, err = structure.Triangle(t.Context(), g, opts)
		require.NoError(t, err)
		a.barrat, err = structure.Clustering(t.Context(), g, structure.Barrat, opts)
		require.NoError(t, err)
		a.onnela, err = structure.Clustering(t.Context(), g, structure.Onnela, opts)
		require.NoError(t, err)
		assert.Positive(t, told)
		if first == nil {
			first = &a
		}
		assert.Equal(t, first, &a, "%d threads", threads)
	}
}

func TestSearchesTellTheirProgress(t *testing.T) {
	const n = 200_000
	g, err := csr.Build(t.Context(), csr.Columns{From: []uint32{0}, To: []uint32{1}}, csr.Options{Nodes: n})
	require.NoError(t, err)
	told := 0
	opts := structure.Options{Progress: func(done, total int) {
		told++
		assert.Equal(t, n, total)
	}}
	_, err = structure.Strong(t.Context(), g, opts)
	require.NoError(t, err)
	strong := told
	assert.Positive(t, strong)
	_, err = structure.Cut(t.Context(), g, opts)
	require.NoError(t, err)
	assert.Greater(t, told, strong)
}

func BenchmarkStructure(b *testing.B) {
	const n = 100_000
	g, err := csr.Build(b.Context(), csrtest.Planted(n, 25, 8, 2, 1), csr.Options{Nodes: n})
	require.NoError(b, err)
	for _, c := range []struct {
		name string
		run  func() error
	}{
		{"weak", func() error { _, err := structure.Weak(b.Context(), g, structure.Options{}); return err }},
		{"strong", func() error { _, err := structure.Strong(b.Context(), g, structure.Options{}); return err }},
		{"cores", func() error { _, err := structure.Cores(b.Context(), g, structure.Options{}); return err }},
		{"degeneracy", func() error { _, err := structure.Degeneracy(b.Context(), g, structure.Options{}); return err }},
		{"cut", func() error { _, err := structure.Cut(b.Context(), g, structure.Options{}); return err }},
		{"biconnected", func() error { _, err := structure.Biconnected(b.Context(), g, structure.Options{}); return err }},
		{"triangles", func() error { _, err := structure.Triangle(b.Context(), g, structure.Options{}); return err }},
		{"clustering/barrat", func() error {
			_, err := structure.Clustering(b.Context(), g, structure.Barrat, structure.Options{})
			return err
		}},
		{"clustering/onnela", func() error {
			_, err := structure.Clustering(b.Context(), g, structure.Onnela, structure.Options{})
			return err
		}},
		{"cliques", func() error {
			_, err := structure.MaximalCliques(b.Context(), g, structure.CliqueOptions{})
			return err
		}},
		{"plexes", func() error {
			_, err := structure.MaximalPlexes(b.Context(), g, 2, structure.CliqueOptions{Least: 7})
			return err
		}},
		{"flow", func() error { _, err := structure.MaxFlow(b.Context(), g, 0, n-1, structure.FlowOptions{}); return err }},
		{"routes", func() error {
			_, err := structure.ShortestRoutes(b.Context(), g, 0, n-1, structure.RouteOptions{})
			return err
		}},
	} {
		b.Run(c.name, func(b *testing.B) {
			for b.Loop() {
				require.NoError(b, c.run())
			}
		})
	}
}

// FuzzStructure reads two bytes an edge. A node apart from all others is in the 0-core, the ends of a bridge are together in no strong
// component once the edge is given one direction only, and a clique is in as deep a core as it is large.
func FuzzStructure(f *testing.F) {
	f.Add([]byte{0, 1, 1, 2, 3, 3, 2, 0})
	// One thread, so that the same bytes cover the same code.
	one := structure.Options{Threads: 1}
	f.Fuzz(func(t *testing.T, data []byte) {
		var c csr.Columns
		for ; len(data) >= 2; data = data[2:] {
			c.From, c.To = append(c.From, uint32(data[0]%64)), append(c.To, uint32(data[1]%64))
		}
		g, err := csr.Build(t.Context(), c, csr.Options{Nodes: 64, Threads: 1, Parallel: csr.KeepParallel})
		require.NoError(t, err)
		weak, err := structure.Weak(t.Context(), g, one)
		require.NoError(t, err)
		strong, err := structure.Strong(t.Context(), g, one)
		require.NoError(t, err)
		assertSameComponents(t, weak, strong)
		shells, err := structure.Cores(t.Context(), g, one)
		require.NoError(t, err)
		for u, core := range shells.Core {
			require.Equal(t, weak.Size[weak.Of[u]] == 1, core == 0)
		}
		cuts, err := structure.Cut(t.Context(), g, one)
		require.NoError(t, err)
		oneWay, err := csr.Build(t.Context(), g.Columns(), csr.Options{Nodes: 64, Threads: 1, Directed: true})
		require.NoError(t, err)
		strong, err = structure.Strong(t.Context(), oneWay, one)
		require.NoError(t, err)
		for _, bridge := range cuts.Bridges {
			require.NotEqual(t, strong.Of[bridge[0]], strong.Of[bridge[1]])
		}
		blocks, err := structure.Biconnected(t.Context(), g, one)
		require.NoError(t, err)
		require.GreaterOrEqual(t, len(blocks.Members), len(cuts.Bridges))
		triangles, err := structure.Triangle(t.Context(), g, one)
		require.NoError(t, err)
		cliques, err := structure.MaximalCliques(t.Context(), g, structure.CliqueOptions{Steps: 10_000, Options: one})
		if err != nil {
			require.ErrorIs(t, err, structure.ErrLimit)
		}
		require.Equal(t, triangles.Total == 0, len(cliques.Members) == 0)
		for _, clique := range cliques.Members {
			for _, u := range clique {
				require.GreaterOrEqual(t, int(shells.Core[u]), len(clique)-1)
			}
		}
	})
}

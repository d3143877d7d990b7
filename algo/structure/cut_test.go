package structure_test

import (
	"cmp"
	"context"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"rummage/algo/csr"
	"rummage/algo/csr/csrtest"
	"rummage/algo/structure"
)

// parts divides the edges as the definition says: two edges are together when they are on one cycle without a node twice, which is when
// no node but a common end of theirs separates them.
func parts(t require.TestingT, g *csr.Graph) map[[2]uint32]int {
	c := withoutLoops(t, g).Columns()
	var edges [][2]uint32
	for i := range c.From {
		edges = append(edges, [2]uint32{c.From[i], c.To[i]})
	}
	edges = slices.Compact(edges)
	group := map[[2]uint32]int{}
	for i, e := range edges {
		group[e] = i
	}
	join := func(a, b int) {
		for e, i := range group {
			if i == max(a, b) {
				group[e] = min(a, b)
			}
		}
	}
	// Edges at a node are together when their other ends hang together without the node.
	for u := range uint32(g.Order()) {
		var rest csr.Columns
		for _, e := range edges {
			if e[0] != u && e[1] != u {
				rest.From, rest.To = append(rest.From, e[0]), append(rest.To, e[1])
			}
		}
		made, err := csr.Build(context.Background(), rest, csr.Options{Nodes: g.Order()})
		require.NoError(t, err)
		weak, err := structure.Weak(context.Background(), made, structure.Options{})
		require.NoError(t, err)
		for _, e := range edges {
			for _, f := range edges {
				if (e[0] == u || e[1] == u) && (f[0] == u || f[1] == u) && weak.Of[e[0]+e[1]-u] == weak.Of[f[0]+f[1]-u] {
					join(group[e], group[f])
				}
			}
		}
	}
	return group
}

func TestBiconnectedPartsAreThoseOfTheDefinition(t *testing.T) {
	each(t, csrtest.Shape{Nodes: 9, Edges: 14, Loops: true}, func(t *rapid.T, g *csr.Graph) {
		blocks, err := structure.Biconnected(context.Background(), g, structure.Options{})
		require.NoError(t, err)
		want := parts(t, g)
		for e, i := range want {
			for f, j := range want {
				require.Equal(t, i == j, blocks.Of(e[0], e[1]) == blocks.Of(f[1], f[0]), "%v and %v", e, f)
			}
			members := blocks.Members[blocks.Of(e[0], e[1])]
			require.Contains(t, members, e[0])
			require.Contains(t, members, e[1])
		}
		cuts, err := structure.Cut(context.Background(), g, structure.Options{})
		require.NoError(t, err)
		in := make([]int, g.Order())
		for _, members := range blocks.Members {
			require.True(t, slices.IsSorted(members))
			for _, u := range members {
				in[u]++
			}
		}
		for u, n := range in {
			require.Equal(t, n > 1, slices.Contains(cuts.Points, uint32(u)))
		}
		require.True(t, slices.IsSortedFunc(blocks.Members, slices.Compare[[]uint32]))
	})
}

func TestEdgesOfASelfLoopAreInNoPart(t *testing.T) {
	g, err := csr.Build(t.Context(), csr.Columns{From: []uint32{0, 0}, To: []uint32{0, 1}}, csr.Options{Nodes: 2})
	require.NoError(t, err)
	blocks, err := structure.Biconnected(t.Context(), g, structure.Options{})
	require.NoError(t, err)
	assert.Equal(t, [][]uint32{{0, 1}}, blocks.Members)
	assert.Equal(t, -1, blocks.Of(0, 0))
	assert.Equal(t, 0, blocks.Of(1, 0))
}

func TestALongPathNeedsNoDeepStack(t *testing.T) {
	const n = 300_000
	var c csr.Columns
	for u := range uint32(n - 1) {
		c.From, c.To = append(c.From, u), append(c.To, u+1)
	}
	g, err := csr.Build(t.Context(), c, csr.Options{Nodes: n})
	require.NoError(t, err)
	cuts, err := structure.Cut(t.Context(), g, structure.Options{})
	require.NoError(t, err)
	assert.Len(t, cuts.Points, n-2)
	assert.Len(t, cuts.Bridges, n-1)
	oneWay, err := csr.Build(t.Context(), c, csr.Options{Nodes: n, Directed: true})
	require.NoError(t, err)
	strong, err := structure.Strong(t.Context(), oneWay, structure.Options{})
	require.NoError(t, err)
	assert.Len(t, strong.First, n)
	weak, err := structure.Weak(t.Context(), oneWay, structure.Options{})
	require.NoError(t, err)
	assert.Equal(t, []int{n}, weak.Size)
}

// descended finds articulation points and bridges of a graph without parallel edges by the least number that a depth-first search
// meets below every node (Hopcroft and Tarjan 1973).
func descended(g *csr.Graph) (points []uint32, bridges [][2]uint32) {
	n := uint32(g.Order())
	number, low, above, at := make([]int, n), make([]int, n), make([]uint32, n), make([]int, n)
	point := make([]bool, n)
	found := 0
	for root := range n {
		if number[root] != 0 {
			continue
		}
		found++
		number[root], low[root], above[root] = found, found, root
		below := 0
		for u := root; ; {
			if row := g.Neighbours(u); at[u] < len(row) {
				v := row[at[u]]
				at[u]++
				switch {
				case number[v] == 0:
					found++
					number[v], low[v], above[v] = found, found, u
					u = v
				case v != above[u]:
					low[u] = min(low[u], number[v])
				}
				continue
			}
			if u == root {
				break
			}
			up := above[u]
			low[up] = min(low[up], low[u])
			if up == root {
				below++
			} else if low[u] >= number[up] {
				point[up] = true
			}
			if low[u] > number[up] {
				bridges = append(bridges, [2]uint32{min(u, up), max(u, up)})
			}
			u = up
		}
		point[root] = below > 1
	}
	for u, is := range point {
		if is {
			points = append(points, uint32(u))
		}
	}
	slices.SortFunc(bridges, func(a, b [2]uint32) int { return cmp.Or(cmp.Compare(a[0], b[0]), cmp.Compare(a[1], b[1])) })
	return points, bridges
}

func TestCutsOfLargeGraphsAreThoseOfADepthFirstSearch(t *testing.T) {
	const n = 50_000
	leaves := func(c csr.Columns) csr.Columns {
		for u := uint32(n - 5000); u < n; u++ {
			c.From, c.To, c.Weight = append(c.From, u), append(c.To, u-40_000), append(c.Weight, 1)
		}
		return c
	}
	for name, edges := range map[string]csr.Columns{
		"few edges":  csrtest.Planted(n, 10, 0, 1, 1),
		"sparse":     csrtest.Planted(n, 50, 1, 1, 2),
		"groups":     leaves(csrtest.Planted(n-5000, 25, 3, 1, 3)),
		"apart":      leaves(csrtest.Planted(n-5000, 250, 3, 0, 4)),
		"heavy hubs": csrtest.RMAT{Scale: 15, Factor: 6, Seed: 1}.Draw(),
	} {
		t.Run(name, func(t *testing.T) {
			g, err := csr.Build(t.Context(), edges, csr.Options{Nodes: n, Loops: csr.DropLoops})
			require.NoError(t, err)
			points, bridges := descended(g)
			require.NotEmpty(t, points)
			for _, threads := range []int{1, 2, 8} {
				cuts, err := structure.Cut(t.Context(), g, structure.Options{Threads: threads})
				require.NoError(t, err)
				assert.Equal(t, points, cuts.Points)
				assert.Equal(t, bridges, cuts.Bridges)
			}
		})
	}
}

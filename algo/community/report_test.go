package community_test

import (
	"context"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"rummage/algo/community"
	"rummage/algo/csr"
	"rummage/algo/csr/csrtest"
)

// matrix is an undirected graph as a symmetric matrix of weights, self-loops once on the diagonal, and which pairs are linked.
func matrix(g *csr.Graph) (weight [][]float64, link [][]bool) {
	n := g.Order()
	weight, link = make([][]float64, n), make([][]bool, n)
	for u := range n {
		weight[u], link[u] = make([]float64, n), make([]bool, n)
	}
	for u := range uint32(n) {
		for i, v := range g.Neighbours(u) {
			w := 1.0
			if g.IsWeighted() {
				w = g.Weights(u)[i]
			}
			weight[u][v] += w
			link[u][v] = link[u][v] || w > 0
		}
	}
	return weight, link
}

// account tells a community from the matrix.
func account(weight [][]float64, link [][]bool, labels []uint32, c uint32) community.Account {
	var a community.Account
	var between, rest float64
	top := -1.0
	linked := 0.0
	for u := range labels {
		own := 0.0
		for v := range labels {
			switch {
			case labels[u] != c && labels[v] != c && u != v:
				rest += weight[u][v]
			case labels[u] != c && labels[v] != c:
				rest += 2 * weight[u][v]
			case labels[u] != c:
				rest += weight[u][v]
			case labels[v] != c:
				a.Cut += weight[u][v]
			case u == v:
				a.Inner += weight[u][v]
			default:
				own += weight[u][v]
				if link[u][v] {
					linked++
				}
			}
		}
		if labels[u] == c {
			a.Size++
			between += own
			if own > top {
				top, a.Leader = own, uint32(u)
			}
		}
	}
	volume := 2*a.Inner + between + a.Cut
	a.Inner += between / 2
	if a.Cut > 0 {
		a.Conductance = a.Cut / min(volume, rest)
	}
	if a.Size > 1 {
		a.Density = linked / float64(a.Size*(a.Size-1))
	}
	if between > 0 {
		a.Share = 2 * top / between
	}
	seen := map[int]bool{}
	var walk func(u int)
	walk = func(u int) {
		seen[u] = true
		for v := range labels {
			if labels[v] == c && link[u][v] && !seen[v] {
				walk(v)
			}
		}
	}
	for u := range labels {
		if labels[u] == c && !seen[u] {
			a.Pieces++
			walk(u)
		}
	}
	return a
}

func TestExamineAgreesWithTheMatrix(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		for range 10 {
			g := csrtest.Draw(t, csrtest.Shape{
				Nodes: 14, Edges: 30, Weighted: rapid.Bool().Draw(t, "weighted"), Directed: rapid.Bool().Draw(t, "directed"),
				Loops: true, Parallel: csr.KeepParallel, Round: true,
			})
			labels, communities := community.Canonical(drawLabels(t, g.Order()))
			got, err := community.Examine(context.Background(), g, labels, 1)
			require.NoError(t, err)
			require.Len(t, got.Communities, communities)
			require.Equal(t, labels, got.Membership)
			undirected, err := g.Symmetric(context.Background())
			require.NoError(t, err)
			weight, link := matrix(undirected)
			var inner, cut float64
			broken, single := 0, 0
			for c := range got.Communities {
				want := account(weight, link, labels, uint32(c))
				require.Equal(t, want, got.Communities[c])
				inner, cut = inner+want.Inner, cut+want.Cut
				if want.Pieces > 1 {
					broken++
				}
				if want.Size == 1 {
					single++
				}
			}
			require.Equal(t, [2]int{broken, single}, [2]int{got.Disconnected, got.Single})
			if inner+cut > 0 {
				require.InDelta(t, inner/(inner+cut/2), got.Coverage, 1e-12)
			}
		}
	})
}

func TestExamineKnownShapes(t *testing.T) {
	star := csr.Columns{From: []uint32{0, 0, 0, 4}, To: []uint32{1, 2, 3, 5}}
	g, err := csr.Build(t.Context(), star, csr.Options{Nodes: 7})
	require.NoError(t, err)
	got, err := community.Examine(t.Context(), g, []uint32{9, 9, 9, 9, 9, 9, 1}, 2)
	require.NoError(t, err)
	assert.Equal(t, community.Account{Size: 6, Inner: 4, Density: 4.0 / 15, Pieces: 2, Share: 0.75}, got.Communities[0])
	assert.Equal(t, community.Account{Size: 1, Pieces: 1, Leader: 6}, got.Communities[1])
	assert.Equal(t, [2]int{1, 1}, [2]int{got.Disconnected, got.Single})
	assert.Equal(t, 1.0, got.Coverage)
	assert.False(t, got.Communities[0].Connected())

	empty, err := csr.Build(t.Context(), csr.Columns{}, csr.Options{})
	require.NoError(t, err)
	none, err := community.Examine(t.Context(), empty, nil, 0)
	require.NoError(t, err)
	assert.Empty(t, none.Communities)
	_, err = community.Examine(t.Context(), g, []uint32{1}, 0)
	require.ErrorIs(t, err, community.ErrOptions)
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = community.Examine(cancelled, g, make([]uint32, 7), 0)
	require.ErrorIs(t, err, context.Canceled)
}

// planted is a graph of several blocks, so that threads have something to share.
func planted(t testing.TB, nodes int) (*csr.Graph, []uint32) {
	t.Helper()
	columns, group := csrtest.Partition{Nodes: nodes, Degree: 10, Mixing: 0.3, Seed: 5, Weighted: true}.Draw()
	g, err := csr.Build(t.Context(), columns, csr.Options{Nodes: nodes})
	require.NoError(t, err)
	return g, group
}

func TestExamineGivesTheSameOnAnyNumberOfThreads(t *testing.T) {
	g, group := planted(t, 20_000)
	want, err := community.Examine(t.Context(), g, group, 1)
	require.NoError(t, err)
	assert.InDelta(t, 0.7, want.Coverage, 0.05)
	for _, threads := range []int{2, 3, 8} {
		got, err := community.Examine(t.Context(), g, group, threads)
		require.NoError(t, err)
		require.Equal(t, want, got)
	}
	var inner, cut float64
	for _, a := range want.Communities {
		inner, cut = inner+a.Inner, cut+a.Cut
	}
	total := 0.0
	for u := range uint32(g.Order()) {
		total += g.Strength(u)
	}
	assert.InEpsilon(t, total, 2*inner+cut, 1e-12)
	assert.False(t, math.IsNaN(want.Modularity))
}

func BenchmarkExamine(b *testing.B) {
	g, group := planted(b, 100_000)
	for b.Loop() {
		_, err := community.Examine(b.Context(), g, group, 0)
		require.NoError(b, err)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(g.Arcs()), "ns/arc")
}

package centrality_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
	"gonum.org/v1/gonum/graph/network"
	"pgregory.net/rapid"

	"rummage/algo/centrality"
	"rummage/algo/csr"
	"rummage/algo/csr/csrtest"
	"rummage/algo/propagate"
	"rummage/fixtures"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// table turns gonum's map into a list.
func table(n int, values map[int64]float64) []float64 {
	list := make([]float64, n)
	for u := range list {
		list[u] = values[int64(u)]
	}
	return list
}

func TestPageRankAgreesWithGonum(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		for range many {
			directed := rapid.Bool().Draw(t, "directed")
			g := csrtest.Draw(t, csrtest.Shape{Directed: directed})
			got, err := centrality.PageRank(context.Background(), g, propagate.Options{})
			require.NoError(t, err)
			require.InDeltaSlice(t, table(g.Order(), network.PageRank(g.Directed(), 0.85, 1e-12)), got.Scores, 1e-9)
			require.InDelta(t, 0.85, got.Damping, 0)
		}
	})
}

func TestRankSaysHowItCameAbout(t *testing.T) {
	for directed, solver := range map[bool]string{false: propagate.ConjugateGradients, true: propagate.GaussSeidel} {
		g := csrtest.Network(t, csrtest.Table(t, fixtures.Open, "oracle/risk/edges.csv.gz"), csrtest.Table(t, fixtures.Open, "oracle/risk/nodes.csv.gz")["id"], directed)
		exact, err := centrality.PageRank(t.Context(), g, propagate.Options{})
		require.NoError(t, err)
		assert.Equal(t, propagate.DefaultTolerance, exact.Tolerance)
		rough, err := centrality.PageRank(t.Context(), g, propagate.Options{Tolerance: 1e-3, Damping: 0.85, Dangling: propagate.DanglingStay})
		require.NoError(t, err)
		assert.Equal(t, []any{0.85, 1e-3, propagate.DanglingStay, solver}, []any{rough.Damping, rough.Tolerance, rough.Dangling, rough.Solver})
		assert.LessOrEqual(t, rough.Residual, 1e-3)
		assert.Less(t, rough.Steps, exact.Steps)
	}
}

func TestPublishedValues(t *testing.T) {
	for _, name := range []string{"karate", "dolphins"} {
		nodes := csrtest.Table(t, fixtures.Open, "oracle/"+name+".csv.gz")
		g := csrtest.Network(t, csrtest.Table(t, fixtures.Open, "graphs/"+name+".edges.csv.gz"), nodes["node"], false)
		assertPublished(t, g, nodes)
	}
	for _, phase := range []string{"1", "2", "3", "4", "5", "6", "8", "9", "10", "11"} {
		nodes := csrtest.Table(t, fixtures.Open, "oracle/caviar_phase"+phase+"_directed.csv.gz")
		g := csrtest.Network(t, csrtest.Table(t, fixtures.Open, "graphs/caviar/phase"+phase+".edges.csv.gz"), nodes["node"], true).Unweighted()
		assertPublished(t, g, nodes)
		for u, want := range csrtest.Numbers(t, nodes["in_degree"]) {
			assert.EqualValues(t, want, centrality.InDegree(g)[u])
		}
	}
}

func assertPublished(t *testing.T, g *csr.Graph, nodes map[string][]string) {
	t.Helper()
	degree := centrality.Degree(g)
	for u, want := range csrtest.Numbers(t, nodes["degree"]) {
		if g.IsDirected() {
			want -= float64(centrality.InDegree(g)[u])
		}
		assert.EqualValues(t, want, degree[u])
	}
	for column, normalised := range map[string]bool{"betweenness_raw": false, "betweenness_norm": true} {
		got, err := centrality.Betweenness(t.Context(), g, centrality.Options{Normalised: normalised})
		require.NoError(t, err)
		assert.InDeltaSlice(t, csrtest.Numbers(t, nodes[column]), got.Nodes, 1e-9)
	}
	rank, err := centrality.PageRank(t.Context(), g, propagate.Options{})
	require.NoError(t, err)
	assert.InDeltaSlice(t, csrtest.Numbers(t, nodes["pagerank_0.85"]), rank.Scores, 1e-9)
}

func TestPublishedValuesOfAWeightedGraph(t *testing.T) {
	nodes := csrtest.Table(t, fixtures.Open, "oracle/caviar_union_weighted.csv.gz")
	g := csrtest.Network(t, csrtest.Table(t, fixtures.Open, "oracle/caviar_union_edges.csv.gz"), nodes["node"], false)
	assert.Equal(t, 214, g.Size())
	assert.Equal(t, csrtest.Numbers(t, nodes["strength"]), centrality.Strength(g))
	assert.Equal(t, csrtest.Numbers(t, nodes["strength"]), centrality.InStrength(g))
	plain, err := centrality.Betweenness(t.Context(), g, centrality.Options{})
	require.NoError(t, err)
	assert.InDeltaSlice(t, csrtest.Numbers(t, nodes["betweenness_raw"]), plain.Nodes, 1e-9)
	far, err := centrality.Betweenness(t.Context(), g, centrality.Options{Weighted: true})
	require.NoError(t, err)
	assert.InDeltaSlice(t, csrtest.Numbers(t, nodes["betweenness_weighted_raw"]), far.Nodes, 1e-9)
	rank, err := centrality.PageRank(t.Context(), g, propagate.Options{})
	require.NoError(t, err)
	assert.InDeltaSlice(t, csrtest.Numbers(t, nodes["pagerank_weighted_0.85"]), rank.Scores, 1e-9)

	risk := csrtest.Table(t, fixtures.Open, "oracle/risk/nodes.csv.gz")
	trade := csrtest.Network(t, csrtest.Table(t, fixtures.Open, "oracle/risk/edges.csv.gz"), risk["id"], false)
	rank, err = centrality.PageRank(t.Context(), trade, propagate.Options{})
	require.NoError(t, err)
	assert.InDeltaSlice(t, csrtest.Numbers(t, risk["pagerank"]), rank.Scores, 1e-9)
	assert.InDeltaSlice(t, csrtest.Numbers(t, risk["strength"]), centrality.Strength(trade), 1e-9)
}

// The union of the phases, with both directions summed, is the graph of the published values.
func TestUnionOfThePhases(t *testing.T) {
	nodes := csrtest.Table(t, fixtures.Open, "oracle/caviar_union_weighted.csv.gz")
	all := csrtest.Network(t, csrtest.Table(t, fixtures.Open, "graphs/caviar/all_phases.edges.csv.gz"), nodes["node"], true)
	assert.Equal(t, 303, all.Size())
	union, err := all.Symmetric(t.Context())
	require.NoError(t, err)
	want := csrtest.Network(t, csrtest.Table(t, fixtures.Open, "oracle/caviar_union_edges.csv.gz"), nodes["node"], false)
	assert.Equal(t, want.Columns(), union.Columns())
}

func TestSmallGraphs(t *testing.T) {
	for n := range 3 {
		g, err := csr.Build(t.Context(), csr.Columns{}, csr.Options{Nodes: n})
		require.NoError(t, err)
		for _, opts := range []centrality.Options{{}, {Normalised: true}, {Weighted: true}} {
			got, err := centrality.Betweenness(t.Context(), g, opts)
			require.NoError(t, err)
			assert.Equal(t, make([]float64, n), got.Nodes)
		}
		if n == 0 {
			rank, err := centrality.PageRank(t.Context(), g, propagate.Options{})
			require.NoError(t, err)
			assert.Empty(t, rank.Scores)
		}
	}
	g, err := csr.Build(t.Context(), csr.Columns{From: []uint32{0, 1, 0}, To: []uint32{1, 2, 2}, Weight: []float64{2, 2, 0}}, csr.Options{Nodes: 3})
	require.NoError(t, err)
	hops, err := centrality.Betweenness(t.Context(), g, centrality.Options{})
	require.NoError(t, err)
	assert.Equal(t, []float64{0, 0, 0}, hops.Nodes)
	ties, err := centrality.Betweenness(t.Context(), g, centrality.Options{Weighted: true})
	require.NoError(t, err)
	assert.Equal(t, []float64{0, 1, 0}, ties.Nodes, "an edge of weight 0 leads nowhere")
}

func TestCancellation(t *testing.T) {
	const n = 400
	g, err := csr.Build(t.Context(), csrtest.Planted(n, 20, 3, 1, 4), csr.Options{Nodes: n})
	require.NoError(t, err)
	for _, weighted := range []bool{false, true} {
		for _, threads := range []int{1, 4} {
			ctx, cancel := context.WithCancel(t.Context())
			calls := 0
			_, err = centrality.Betweenness(ctx, g, centrality.Options{Weighted: weighted, Threads: threads, Progress: func(int, int) { calls++; cancel() }})
			require.ErrorIs(t, err, context.Canceled)
			assert.LessOrEqual(t, calls, threads)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = centrality.PageRank(ctx, g, propagate.Options{})
	require.ErrorIs(t, err, context.Canceled)
	typed, err := csr.Build(t.Context(), csr.Columns{From: []uint32{0, 0}, To: []uint32{1, 1}, Type: []uint8{0, 1}}, csr.Options{Nodes: 2})
	require.NoError(t, err)
	_, err = centrality.Betweenness(ctx, typed, centrality.Options{})
	require.ErrorIs(t, err, context.Canceled)
}

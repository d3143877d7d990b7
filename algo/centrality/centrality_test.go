package centrality_test

import (
	"context"
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
	"gonum.org/v1/gonum/graph/network"
	"gonum.org/v1/gonum/graph/path"
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

func TestBetweennessAgreesWithGonum(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		directed := rapid.Bool().Draw(t, "directed")
		g := csrtest.Draw(t, csrtest.Shape{Directed: directed, Loops: true, Typed: true, Parallel: csr.KeepParallel})
		got, err := centrality.Betweenness(context.Background(), g, centrality.Options{})
		require.NoError(t, err)
		want := table(g.Order(), network.Betweenness(g.Directed()))
		if !directed {
			// Seen as directed, every pair counts twice.
			for u := range want {
				want[u] /= 2
			}
		}
		require.InDeltaSlice(t, want, got, 1e-9)
	})
}

func TestWeightedBetweennessAgreesWithGonum(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		directed := rapid.Bool().Draw(t, "directed")
		// Powers of two, so that gonum, which compares lengths exactly, sees every tie.
		weight := rapid.SampledFrom([]float64{0.25, 0.5, 1, 2, 4})
		n, c := csrtest.Columns(t, csrtest.Shape{Edges: 25})
		for range c.From {
			c.Weight = append(c.Weight, weight.Draw(t, "weight"))
		}
		if c.Weight == nil {
			c.Weight = []float64{}
		}
		// The last of several parallel edges stands alone.
		last := map[[2]uint32]int{}
		for i := range c.From {
			u, v := c.From[i], c.To[i]
			if !directed && u > v {
				u, v = v, u
			}
			last[[2]uint32{u, v}] = i
		}
		single := csr.Columns{From: []uint32{}, To: []uint32{}, Weight: []float64{}}
		for i := range c.From {
			u, v := c.From[i], c.To[i]
			if !directed && u > v {
				u, v = v, u
			}
			if last[[2]uint32{u, v}] == i {
				single.From, single.To, single.Weight = append(single.From, u), append(single.To, v), append(single.Weight, c.Weight[i])
			}
		}
		g, err := csr.Build(context.Background(), single, csr.Options{Nodes: n, Directed: directed})
		require.NoError(t, err)
		lengths, err := g.Reweight(context.Background(), 1, func(a csr.Arc) float64 { return 1 / a.Weight })
		require.NoError(t, err)
		got, err := centrality.Betweenness(context.Background(), g, centrality.Options{Weighted: true})
		require.NoError(t, err)
		want := table(n, network.BetweennessWeighted(lengths.Directed(), path.DijkstraAllPaths(lengths.Directed())))
		if !directed {
			for u := range want {
				want[u] /= 2
			}
		}
		require.InDeltaSlice(t, want, got, 1e-9)
	})
}

func TestBetweennessDoesNotDependOnTheNamesOfNodes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := csrtest.Draw(t, csrtest.Shape{Directed: rapid.Bool().Draw(t, "directed"), Weighted: true, Round: true})
		opts := centrality.Options{Weighted: rapid.Bool().Draw(t, "lengths"), Normalised: rapid.Bool().Draw(t, "normalised")}
		name := csrtest.Permutation(t, g.Order())
		a, err := centrality.Betweenness(context.Background(), g, opts)
		require.NoError(t, err)
		b, err := centrality.Betweenness(context.Background(), csrtest.Rename(t, g, name), opts)
		require.NoError(t, err)
		for u := range a {
			require.InDelta(t, a[u], b[name[u]], 1e-9)
		}
	})
}

func TestPageRankAgreesWithGonum(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		directed := rapid.Bool().Draw(t, "directed")
		g := csrtest.Draw(t, csrtest.Shape{Directed: directed})
		got, err := centrality.PageRank(context.Background(), g, propagate.Options{})
		require.NoError(t, err)
		require.InDeltaSlice(t, table(g.Order(), network.PageRank(g.Directed(), 0.85, 1e-12)), got.Scores, 1e-9)
		require.InDelta(t, 0.85, got.Damping, 0)
	})
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
		assert.InDeltaSlice(t, csrtest.Numbers(t, nodes[column]), got, 1e-9)
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
	assert.InDeltaSlice(t, csrtest.Numbers(t, nodes["betweenness_raw"]), plain, 1e-9)
	far, err := centrality.Betweenness(t.Context(), g, centrality.Options{Weighted: true})
	require.NoError(t, err)
	assert.InDeltaSlice(t, csrtest.Numbers(t, nodes["betweenness_weighted_raw"]), far, 1e-9)
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

func TestBetweennessGivesTheSameBitsOnAnyNumberOfThreads(t *testing.T) {
	const n = 400
	g, err := csr.Build(t.Context(), csrtest.Planted(n, 20, 3, 1, 4), csr.Options{Nodes: n})
	require.NoError(t, err)
	for _, weighted := range []bool{false, true} {
		one, err := centrality.Betweenness(t.Context(), g, centrality.Options{Weighted: weighted, Threads: 1})
		require.NoError(t, err)
		for _, threads := range []int{2, 3, 8} {
			last := 0
			many, err := centrality.Betweenness(t.Context(), g, centrality.Options{Weighted: weighted, Threads: threads, Progress: func(done, total int) {
				assert.Less(t, last, done)
				assert.Equal(t, n, total)
				last = done
			}})
			require.NoError(t, err)
			assert.Equal(t, one, many)
			assert.Equal(t, n, last)
		}
	}
}

func TestSmallGraphs(t *testing.T) {
	for n := range 3 {
		g, err := csr.Build(t.Context(), csr.Columns{}, csr.Options{Nodes: n})
		require.NoError(t, err)
		for _, opts := range []centrality.Options{{}, {Normalised: true}, {Weighted: true}} {
			got, err := centrality.Betweenness(t.Context(), g, opts)
			require.NoError(t, err)
			assert.Equal(t, make([]float64, n), got)
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
	assert.Equal(t, []float64{0, 0, 0}, hops)
	ties, err := centrality.Betweenness(t.Context(), g, centrality.Options{Weighted: true})
	require.NoError(t, err)
	assert.Equal(t, []float64{0, 1, 0}, ties, "an edge of weight 0 leads nowhere")
}

func TestLengthsThatAreEqualButForRounding(t *testing.T) {
	// Ten steps of a tenth add up to a little less than the one step of 1 that joins their ends.
	c := csr.Columns{From: []uint32{0}, To: []uint32{10}, Weight: []float64{1}}
	for u := range uint32(10) {
		c.From, c.To, c.Weight = append(c.From, u), append(c.To, u+1), append(c.Weight, 10)
	}
	g, err := csr.Build(t.Context(), c, csr.Options{Nodes: 11})
	require.NoError(t, err)
	got, err := centrality.Betweenness(t.Context(), g, centrality.Options{Weighted: true})
	require.NoError(t, err)
	assert.InDelta(t, 5*5-0.5, got[5], 1e-12)
}

func TestTooManyShortestPaths(t *testing.T) {
	// A chain of diamonds doubles the number of shortest paths each time.
	var c csr.Columns
	const links = 1100
	for i := range uint32(links) {
		a := 3 * i
		c.From, c.To = append(c.From, a, a, a+1, a+2), append(c.To, a+1, a+2, a+3, a+3)
	}
	g, err := csr.Build(t.Context(), c, csr.Options{Nodes: 3*links + 1})
	require.NoError(t, err)
	_, err = centrality.Betweenness(t.Context(), g, centrality.Options{})
	require.ErrorIs(t, err, centrality.ErrPaths)
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

// FuzzBetweenness reads three bytes an edge.
func FuzzBetweenness(f *testing.F) {
	f.Add([]byte{0, 1, 8, 1, 2, 16, 3, 3, 0}, true, true)
	f.Add([]byte{}, false, false)
	f.Fuzz(func(t *testing.T, data []byte, directed, weighted bool) {
		var c csr.Columns
		for ; len(data) >= 3; data = data[3:] {
			c.From, c.To = append(c.From, uint32(data[0]%32)), append(c.To, uint32(data[1]%32))
			c.Weight = append(c.Weight, float64(data[2])*math.Pow(10, float64(int(data[2])%60-30)))
		}
		g, err := csr.Build(t.Context(), c, csr.Options{Nodes: 32, Directed: directed})
		require.NoError(t, err)
		got, err := centrality.Betweenness(t.Context(), g, centrality.Options{Weighted: weighted, Normalised: true})
		require.NoError(t, err)
		require.GreaterOrEqual(t, slices.Min(got), 0.0)
		require.LessOrEqual(t, slices.Max(got), 1+1e-9)
	})
}

func BenchmarkBetweenness(b *testing.B) {
	const n = 2000
	g, err := csr.Build(b.Context(), csrtest.Planted(n, 20, 6, 2, 4), csr.Options{Nodes: n})
	require.NoError(b, err)
	for name, weighted := range map[string]bool{"hops": false, "lengths": true} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if _, err := centrality.Betweenness(b.Context(), g, centrality.Options{Weighted: weighted}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

package centrality_test

import (
	"context"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/graph/network"
	"gonum.org/v1/gonum/graph/path"
	"pgregory.net/rapid"

	"rummage/algo/centrality"
	"rummage/algo/csr"
	"rummage/algo/csr/csrtest"
)

// requireNear compares with gonum, which measures distances to a node, and with all distances added up by hand.
func requireNear(t *rapid.T, g *csr.Graph, all path.AllShortest, opts centrality.ClosenessOptions) {
	got, err := centrality.Closeness(context.Background(), g, opts)
	require.NoError(t, err)
	n := g.Order()
	require.Equal(t, n, got.Pivots)
	others := max(float64(n-1), 1)
	scale := 1.0
	if opts.Normalised {
		scale = others
	}
	diameter, radius := 0.0, math.Inf(1)
	for u := range n {
		var sum, inverse, reached, furthest float64
		for v := range n {
			d := all.Weight(int64(u), int64(v))
			if opts.Inward {
				d = all.Weight(int64(v), int64(u))
			}
			if u == v || math.IsInf(d, 1) {
				continue
			}
			sum, inverse, reached, furthest = sum+d, inverse+1/d, reached+1, max(furthest, d)
		}
		closeness := 0.0
		if reached > 0 {
			closeness = reached / others * reached / sum
			radius = min(radius, furthest)
		}
		diameter = max(diameter, furthest)
		require.InDelta(t, inverse/scale, got.Harmonic[u], 1e-9)
		require.InDelta(t, sum, got.Farness[u], 1e-9)
		require.Equal(t, reached, got.Reached[u])
		require.InDelta(t, closeness, got.Closeness[u], 1e-9)
		require.InDelta(t, furthest, got.Eccentricity[u], 1e-12)
	}
	if math.IsInf(radius, 1) {
		radius = 0
	}
	require.InDelta(t, diameter, got.Diameter, 1e-12)
	require.InDelta(t, radius, got.Radius, 1e-12)
	if opts.Inward || !g.IsDirected() {
		harmonic, farness := table(n, network.Harmonic(g, all)), table(n, network.Farness(g, all))
		near := network.Closeness(g, all)
		for u := range n {
			require.InDelta(t, harmonic[u]/scale, got.Harmonic[u], 1e-9)
			require.InDelta(t, farness[u], got.Farness[u], 1e-9)
			if got.Reached[u] > 0 {
				require.InDelta(t, near[int64(u)]*got.Reached[u]*got.Reached[u]/others, got.Closeness[u], 1e-9)
			}
		}
	}
}

func TestClosenessAgreesWithGonum(t *testing.T) {
	each(t, csrtest.Shape{Loops: true, Typed: true, Parallel: csr.KeepParallel}, func(t *rapid.T, g *csr.Graph) {
		opts := centrality.ClosenessOptions{Inward: rapid.Bool().Draw(t, "inward"), Normalised: rapid.Bool().Draw(t, "normalised")}
		one, err := g.Simple(context.Background())
		require.NoError(t, err)
		requireNear(t, g, path.DijkstraAllPaths(one.Unweighted().Directed()), opts)
	})
}

func TestWeightedClosenessAgreesWithGonum(t *testing.T) {
	each(t, csrtest.Shape{Weighted: true, Round: true, Positive: true}, func(t *rapid.T, g *csr.Graph) {
		g, lengths := dyadic(t, g)
		opts := centrality.ClosenessOptions{Weighted: true, Inward: rapid.Bool().Draw(t, "inward"), Normalised: rapid.Bool().Draw(t, "normalised")}
		requireNear(t, g, path.DijkstraAllPaths(lengths.Directed()), opts)
	})
}

// Larger graphs fill all 64 bits and see both directions of a step.
func TestClosenessOfLargerGraphs(t *testing.T) {
	for _, directed := range []bool{false, true} {
		for _, n := range []int{63, 64, 65, 300} {
			g, err := csr.Build(t.Context(), csrtest.Planted(n, 20, 2, 1, uint64(n)), csr.Options{Nodes: n + 3, Directed: directed})
			require.NoError(t, err)
			got, err := centrality.Closeness(t.Context(), g, centrality.ClosenessOptions{Inward: true})
			require.NoError(t, err)
			all := path.DijkstraAllPaths(g.Unweighted().Directed())
			assert.InDeltaSlice(t, table(n+3, network.Harmonic(g.Directed(), all)), got.Harmonic, 1e-9)
			assert.InDeltaSlice(t, table(n+3, network.Farness(g.Directed(), all)), got.Farness, 1e-9)
		}
	}
}

// What edges carry and what nodes do is one sum: every path of k steps has k-1 nodes within.
func TestEdgesCarryWhatNodesDoAndEachPairOnce(t *testing.T) {
	each(t, csrtest.Shape{}, func(t *rapid.T, g *csr.Graph) {
		got, err := centrality.Betweenness(context.Background(), g, centrality.Options{Edges: true})
		require.NoError(t, err)
		near, err := centrality.Closeness(context.Background(), g, centrality.ClosenessOptions{})
		require.NoError(t, err)
		var pairs, steps, nodes, edges float64
		for u := range near.Reached {
			pairs, steps = pairs+near.Reached[u], steps+near.Farness[u]
		}
		if !g.IsDirected() {
			pairs, steps = pairs/2, steps/2
		}
		for _, x := range got.Nodes {
			nodes += x
		}
		for _, tie := range got.Edges {
			edges += tie.Score
		}
		require.InDelta(t, edges, nodes+pairs, 1e-9)
		require.InDelta(t, steps, edges, 1e-9)
	})
}

func TestClosenessDoesNotDependOnTheNamesOfNodes(t *testing.T) {
	each(t, csrtest.Shape{Weighted: true}, func(t *rapid.T, g *csr.Graph) {
		opts := centrality.ClosenessOptions{Weighted: rapid.Bool().Draw(t, "lengths")}
		name := csrtest.Permutation(t, g.Order())
		a, err := centrality.Closeness(context.Background(), g, opts)
		require.NoError(t, err)
		b, err := centrality.Closeness(context.Background(), csrtest.Rename(t, g, name), opts)
		require.NoError(t, err)
		for u := range a.Harmonic {
			require.InEpsilon(t, 1+a.Harmonic[u], 1+b.Harmonic[name[u]], 1e-12)
			require.InEpsilon(t, 1+a.Closeness[u], 1+b.Closeness[name[u]], 1e-12)
		}
	})
}

func TestSampledClosenessKeepsItsBound(t *testing.T) {
	const n, delta = 600, 0.3
	c := csrtest.Planted(n, 30, 2, 1, 4)
	for name, opts := range map[string]centrality.ClosenessOptions{
		"steps":          {Exact: -1, Epsilon: 0.12, Delta: delta},
		"lengths":        {Exact: -1, Epsilon: 0.12, Delta: delta, Weighted: true},
		"share of pairs": {Exact: -1, Epsilon: 0.12, Delta: delta, Normalised: true, Inward: true},
	} {
		t.Run(name, func(t *testing.T) {
			g, err := csr.Build(t.Context(), c, csr.Options{Nodes: n, Directed: opts.Inward})
			require.NoError(t, err)
			exact, err := centrality.Closeness(t.Context(), g, centrality.ClosenessOptions{Weighted: opts.Weighted, Normalised: opts.Normalised, Inward: opts.Inward})
			require.NoError(t, err)
			require.Zero(t, exact.Bound)
			missed, worst := 0, 0.0
			for seed := range uint64(50) {
				opts.Seed = seed
				got, err := centrality.Closeness(t.Context(), g, opts)
				require.NoError(t, err)
				require.Less(t, got.Pivots, n)
				require.Equal(t, seed, got.Seed)
				held := true
				for u := range n {
					worst = max(worst, math.Abs(got.Harmonic[u]-exact.Harmonic[u]))
					held = held && math.Abs(got.Harmonic[u]-exact.Harmonic[u]) <= got.Bound &&
						math.Abs(got.Reached[u]-exact.Reached[u]) <= opts.Epsilon*n &&
						math.Abs(got.Farness[u]-exact.Farness[u]) <= opts.Epsilon*n*exact.Diameter
					require.LessOrEqual(t, got.Eccentricity[u], exact.Eccentricity[u])
				}
				if !held {
					missed++
				}
			}
			assert.LessOrEqual(t, missed, int(50*delta))
			assert.Positive(t, worst, "a sample is not the whole")
		})
	}
}

func TestClosenessGivesTheSameBitsOnAnyNumberOfThreads(t *testing.T) {
	const n = 700
	for _, directed := range []bool{false, true} {
		g, err := csr.Build(t.Context(), csrtest.Planted(n, 20, 3, 1, 4), csr.Options{Nodes: n, Directed: directed})
		require.NoError(t, err)
		for _, opts := range []centrality.ClosenessOptions{{}, {Weighted: true}, {Exact: -1, Epsilon: 0.15, Seed: 5}} {
			opts.Threads = 1
			one, err := centrality.Closeness(t.Context(), g, opts)
			require.NoError(t, err)
			for _, threads := range []int{2, 3, 8} {
				last := 0
				opts.Threads, opts.Progress = threads, func(done, total int) {
					assert.Less(t, last, done)
					assert.Equal(t, one.Pivots, total)
					last = done
				}
				many, err := centrality.Closeness(t.Context(), g, opts)
				require.NoError(t, err)
				assert.Equal(t, one, many)
				assert.Equal(t, one.Pivots, last)
			}
		}
	}
}

func TestClosenessOfSmallGraphs(t *testing.T) {
	for n := range 3 {
		g, err := csr.Build(t.Context(), csr.Columns{}, csr.Options{Nodes: n})
		require.NoError(t, err)
		got, err := centrality.Closeness(t.Context(), g, centrality.ClosenessOptions{Normalised: true})
		require.NoError(t, err)
		zeros := make([]float64, n)
		assert.Equal(t, centrality.Nearness{Closeness: zeros, Harmonic: zeros, Farness: zeros, Reached: zeros, Eccentricity: zeros,
			Normalised: true, Pivots: n}, got)
	}
	g, err := csr.Build(t.Context(), csr.Columns{From: []uint32{0, 1}, To: []uint32{1, 2}, Weight: []float64{4, 0}}, csr.Options{Nodes: 4})
	require.NoError(t, err)
	got, err := centrality.Closeness(t.Context(), g, centrality.ClosenessOptions{Weighted: true})
	require.NoError(t, err)
	assert.Equal(t, []float64{4, 4, 0, 0}, got.Harmonic, "an edge of weight 0 leads nowhere")
	assert.InDeltaSlice(t, []float64{4.0 / 3, 4.0 / 3, 0, 0}, got.Closeness, 1e-12)
	assert.Equal(t, 0.25, got.Diameter)
	for _, opts := range []centrality.ClosenessOptions{{Epsilon: -1}, {Epsilon: 1}, {Delta: 1}, {Delta: math.NaN()}} {
		_, err = centrality.Closeness(t.Context(), g, opts)
		require.ErrorIs(t, err, centrality.ErrOptions)
	}
}

func TestClosenessIsCancelled(t *testing.T) {
	const n = 3000
	g, err := csr.Build(t.Context(), csrtest.Planted(n, 20, 3, 1, 4), csr.Options{Nodes: n})
	require.NoError(t, err)
	for _, weighted := range []bool{false, true} {
		ctx, cancel := context.WithCancel(t.Context())
		calls := 0
		_, err = centrality.Closeness(ctx, g, centrality.ClosenessOptions{Weighted: weighted, Threads: 2, Progress: func(int, int) { calls++; cancel() }})
		require.ErrorIs(t, err, context.Canceled)
		assert.LessOrEqual(t, calls, 2)
	}
}

// FuzzCloseness reads three bytes an edge.
func FuzzCloseness(f *testing.F) {
	f.Add([]byte{0, 1, 8, 1, 2, 16, 3, 3, 0}, true, true)
	f.Add([]byte{}, false, false)
	f.Fuzz(func(t *testing.T, data []byte, directed, weighted bool) {
		g := stream(t, data, directed)
		got, err := centrality.Closeness(t.Context(), g, centrality.ClosenessOptions{Weighted: weighted})
		require.NoError(t, err)
		for u := range got.Closeness {
			require.False(t, math.IsNaN(got.Closeness[u]) || math.IsInf(got.Closeness[u], 0))
			require.GreaterOrEqual(t, got.Harmonic[u], got.Reached[u]/max(got.Diameter, 1e-300)*(1-1e-9))
			require.LessOrEqual(t, got.Eccentricity[u], got.Diameter)
		}
	})
}

func BenchmarkCloseness(b *testing.B) {
	for name, g := range large(b) {
		for kind, opts := range map[string]centrality.ClosenessOptions{"steps": {}, "lengths": {Weighted: true}, "sample": {Exact: -1, Epsilon: 0.1}} {
			b.Run(name+"/"+kind, func(b *testing.B) {
				for b.Loop() {
					if _, err := centrality.Closeness(b.Context(), g, opts); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

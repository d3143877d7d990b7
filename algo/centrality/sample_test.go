package centrality_test

import (
	"context"
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"rummage/algo/centrality"
	"rummage/algo/csr"
	"rummage/algo/csr/csrtest"
	"rummage/fixtures"
)

// trials are graphs whose exact betweenness is at hand, and what to ask of a sample.
func trials(t *testing.T) map[string]struct {
	g    *csr.Graph
	opts centrality.SampleOptions
} {
	nodes := csrtest.Table(t, fixtures.Open, "oracle/karate.csv.gz")
	karate := csrtest.Network(t, csrtest.Table(t, fixtures.Open, "graphs/karate.edges.csv.gz"), nodes["node"], false)
	nodes = csrtest.Table(t, fixtures.Open, "oracle/caviar_union_weighted.csv.gz")
	caviar := csrtest.Network(t, csrtest.Table(t, fixtures.Open, "oracle/caviar_union_edges.csv.gz"), nodes["node"], false)
	planted := csrtest.Planted(300, 30, 2, 1, 4)
	// A chain of three hangs on node 0, so that it stands for four.
	planted.From, planted.To, planted.Weight = append(planted.From, 0, 300, 301), append(planted.To, 300, 301, 302), append(planted.Weight, 1, 1, 1)
	directed, err := csr.Build(t.Context(), planted, csr.Options{Nodes: 305, Directed: true})
	require.NoError(t, err)
	hanging, err := csr.Build(t.Context(), planted, csr.Options{Nodes: 305})
	require.NoError(t, err)
	return map[string]struct {
		g    *csr.Graph
		opts centrality.SampleOptions
	}{
		"karate":                  {karate, centrality.SampleOptions{Epsilon: 0.05, Delta: 0.1, Normalised: true}},
		"caviar along lengths":    {caviar, centrality.SampleOptions{Epsilon: 0.05, Delta: 0.1, Weighted: true}},
		"planted, directed":       {directed, centrality.SampleOptions{Epsilon: 0.05, Delta: 0.1, Normalised: true}},
		"planted, with a chain":   {hanging, centrality.SampleOptions{Epsilon: 0.04, Delta: 0.1}},
		"karate, the first three": {karate, centrality.SampleOptions{Epsilon: 0.05, Delta: 0.1, Top: 3}},
	}
}

// Over many seeds, the bound holds at least as often as promised, and the mean of the estimates is the exact value.
func TestSampledBetweennessKeepsItsBound(t *testing.T) {
	const seeds = 200
	for name, c := range trials(t) {
		t.Run(name, func(t *testing.T) {
			opts := c.opts
			exact, err := centrality.Betweenness(t.Context(), c.g, centrality.Options{Weighted: opts.Weighted, Normalised: opts.Normalised})
			require.NoError(t, err)
			n := float64(c.g.Order())
			pairs := (n - 1) * (n - 2)
			if !c.g.IsDirected() {
				pairs /= 2
			}
			if opts.Normalised {
				pairs = 1
			}
			mean := make([]float64, c.g.Order())
			missed := 0
			for seed := range uint64(seeds) {
				opts.Seed = seed
				got, err := centrality.SampleBetweenness(t.Context(), c.g, opts)
				require.NoError(t, err)
				require.Positive(t, got.Samples)
				held := true
				for u, truth := range exact.Nodes {
					mean[u] += got.Nodes[u] / seeds
					slack := 1e-9 * max(pairs, 1)
					held = held && got.Lower[u]-slack <= truth && truth <= got.Upper[u]+slack
					require.LessOrEqual(t, got.Lower[u], got.Nodes[u])
					require.LessOrEqual(t, got.Nodes[u], got.Upper[u])
					require.LessOrEqual(t, math.Abs(got.Nodes[u]-got.Lower[u]), got.Bound)
					if opts.Top == 0 {
						held = held && math.Abs(got.Nodes[u]-truth) <= opts.Epsilon*pairs
					}
				}
				if opts.Top == 0 {
					require.LessOrEqual(t, got.Bound, opts.Epsilon*pairs*(1+1e-9))
				} else {
					held = held && inOrder(exact.Nodes, got, opts.Epsilon*pairs)
				}
				if !held {
					missed++
				}
			}
			assert.LessOrEqual(t, missed, int(seeds*opts.Delta))
			for u := range mean {
				// The mean of 200 estimates is off by less than a third of what each may be.
				assert.InDelta(t, exact.Nodes[u], mean[u], opts.Epsilon*pairs/3, "node %d", u)
			}
		})
	}
}

// inOrder checks what is said of Sampled.Top.
func inOrder(exact []float64, got centrality.Sampled, epsilon float64) bool {
	near := func(u uint32) bool { return math.Abs(got.Nodes[u]-exact[u]) <= epsilon }
	right := func(above, below uint32) bool { return exact[above] >= exact[below] || (near(above) && near(below)) }
	for i := 1; i < len(got.Top); i++ {
		if !right(got.Top[i-1], got.Top[i]) {
			return false
		}
	}
	last := got.Top[len(got.Top)-1]
	for u := range uint32(len(exact)) {
		if !slices.Contains(got.Top, u) && !right(last, u) {
			return false
		}
	}
	return true
}

func TestSampledBetweennessOfTheFirstTakesFewerSamples(t *testing.T) {
	c := trials(t)["karate"]
	c.opts.Epsilon = 0.01
	all, err := centrality.SampleBetweenness(t.Context(), c.g, c.opts)
	require.NoError(t, err)
	c.opts.Top = 1
	first, err := centrality.SampleBetweenness(t.Context(), c.g, c.opts)
	require.NoError(t, err)
	assert.Less(t, first.Samples, all.Samples/2)
	assert.Equal(t, []uint32{0}, first.Top)
	assert.Greater(t, first.Bound, all.Bound)
}

// What cut vertices separate is known without a sample.
func TestSampledBetweennessOfATreeIsExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 30).Draw(t, "nodes")
		var c csr.Columns
		for u := 1; u < n; u++ {
			c.From, c.To = append(c.From, uint32(u)), append(c.To, rapid.Uint32Range(0, uint32(u-1)).Draw(t, "above"))
		}
		g, err := csr.Build(context.Background(), c, csr.Options{Nodes: n})
		require.NoError(t, err)
		want, err := centrality.Betweenness(context.Background(), g, centrality.Options{})
		require.NoError(t, err)
		got, err := centrality.SampleBetweenness(context.Background(), g, centrality.SampleOptions{Top: 2})
		require.NoError(t, err)
		require.Equal(t, want.Nodes, got.Nodes)
		require.Equal(t, want.Nodes, got.Lower)
		require.Equal(t, want.Nodes, got.Upper)
		require.Zero(t, got.Samples)
		require.Zero(t, got.Bound)
		require.Len(t, got.Top, min(n, 2))
	})
}

// A thousand graphs, each with one chance in a thousand that any node is outside its bounds.
func TestSampledBetweennessOfRandomGraphs(t *testing.T) {
	each(t, csrtest.Shape{Weighted: true, Round: true, Loops: true}, func(t *rapid.T, g *csr.Graph) {
		opts := centrality.SampleOptions{Epsilon: 0.2, Delta: 0.001, Weighted: rapid.Bool().Draw(t, "lengths"), Seed: 7}
		exact, err := centrality.Betweenness(context.Background(), g, centrality.Options{Weighted: opts.Weighted})
		require.NoError(t, err)
		got, err := centrality.SampleBetweenness(context.Background(), g, opts)
		require.NoError(t, err)
		for u, x := range exact.Nodes {
			require.LessOrEqual(t, got.Lower[u], x+1e-9)
			require.LessOrEqual(t, x, got.Upper[u]+1e-9)
		}
	})
}

func TestSampledBetweennessGivesTheSameBitsOnAnyNumberOfThreads(t *testing.T) {
	for name, c := range trials(t) {
		opts := c.opts
		opts.Seed, opts.Threads = 3, 1
		one, err := centrality.SampleBetweenness(t.Context(), c.g, opts)
		require.NoError(t, err)
		for _, threads := range []int{2, 3, 8} {
			last := 0
			opts.Threads, opts.Progress = threads, func(done, most int) {
				assert.Less(t, last, done)
				assert.LessOrEqual(t, done, most)
				last = done
			}
			many, err := centrality.SampleBetweenness(t.Context(), c.g, opts)
			require.NoError(t, err)
			assert.Equal(t, one, many, name)
			assert.Equal(t, one.Samples+one.Pilot, last)
		}
		opts.Seed, opts.Progress = 4, nil
		other, err := centrality.SampleBetweenness(t.Context(), c.g, opts)
		require.NoError(t, err)
		assert.NotEqual(t, one.Nodes, other.Nodes)
	}
}

func TestSampledBetweennessOfSmallGraphs(t *testing.T) {
	for n := range 3 {
		for _, directed := range []bool{false, true} {
			c := csr.Columns{}
			if n == 2 {
				c = csr.Columns{From: []uint32{0}, To: []uint32{1}}
			}
			g, err := csr.Build(t.Context(), c, csr.Options{Nodes: n, Directed: directed})
			require.NoError(t, err)
			got, err := centrality.SampleBetweenness(t.Context(), g, centrality.SampleOptions{Normalised: true})
			require.NoError(t, err)
			assert.Equal(t, make([]float64, n), got.Nodes)
			assert.Equal(t, []float64{centrality.DefaultEpsilon, centrality.DefaultDelta}, []float64{got.Epsilon, got.Delta})
		}
	}
	g, err := csr.Build(t.Context(), csr.Columns{}, csr.Options{Nodes: 3})
	require.NoError(t, err)
	for _, opts := range []centrality.SampleOptions{{Epsilon: -0.1}, {Epsilon: 1}, {Delta: 2}, {Epsilon: math.NaN()}} {
		_, err = centrality.SampleBetweenness(t.Context(), g, opts)
		require.ErrorIs(t, err, centrality.ErrOptions)
	}
}

func TestSampledBetweennessIsCancelled(t *testing.T) {
	for _, weighted := range []bool{false, true} {
		ctx, cancel := context.WithCancel(t.Context())
		g, err := csr.Build(t.Context(), csrtest.Planted(2000, 20, 3, 1, 4), csr.Options{Nodes: 2000})
		require.NoError(t, err)
		calls := 0
		_, err = centrality.SampleBetweenness(ctx, g, centrality.SampleOptions{Weighted: weighted, Threads: 2, Progress: func(int, int) { calls++; cancel() }})
		require.ErrorIs(t, err, context.Canceled)
		assert.Equal(t, 1, calls)
	}
}

func TestSampledBetweennessWithTooManyShortestPaths(t *testing.T) {
	const links = 2200
	var c csr.Columns
	for i := range uint32(links) {
		a := 3 * i
		c.From, c.To = append(c.From, a, a, a+1, a+2), append(c.To, a+1, a+2, (a+3)%(3*links), (a+3)%(3*links))
	}
	g, err := csr.Build(t.Context(), c, csr.Options{Nodes: 3 * links})
	require.NoError(t, err)
	_, err = centrality.SampleBetweenness(t.Context(), g, centrality.SampleOptions{Epsilon: 0.2})
	require.ErrorIs(t, err, centrality.ErrPaths)
}

// FuzzSampleBetweenness reads three bytes an edge.
func FuzzSampleBetweenness(f *testing.F) {
	f.Add([]byte{0, 1, 8, 1, 2, 16, 2, 0, 7, 3, 3, 0}, true, true, uint64(1))
	f.Add([]byte{}, false, false, uint64(0))
	f.Fuzz(func(t *testing.T, data []byte, directed, weighted bool, seed uint64) {
		g := stream(t, data, directed)
		got, err := centrality.SampleBetweenness(t.Context(), g,
			centrality.SampleOptions{Weighted: weighted, Normalised: true, Epsilon: 0.2, Seed: seed, Top: int(seed % 4)})
		require.NoError(t, err)
		for u, x := range got.Nodes {
			require.LessOrEqual(t, got.Lower[u], x)
			require.LessOrEqual(t, x, got.Upper[u])
		}
	})
}

func BenchmarkSampleBetweenness(b *testing.B) {
	for name, g := range large(b) {
		for kind, opts := range map[string]centrality.SampleOptions{"steps": {}, "lengths": {Weighted: true, Epsilon: 0.05}, "top": {Top: 10}} {
			b.Run(name+"/"+kind, func(b *testing.B) {
				for b.Loop() {
					if _, err := centrality.SampleBetweenness(b.Context(), g, opts); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

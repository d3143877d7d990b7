package centrality_test

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"
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

// each draws a thousand graphs and more, of 12 to 18 nodes, from trees to dense ones.
func each(t *testing.T, shape csrtest.Shape, check func(t *rapid.T, g *csr.Graph)) {
	rapid.Check(t, func(t *rapid.T) {
		for range 11 {
			drawn := shape
			drawn.Directed = rapid.Bool().Draw(t, "directed")
			drawn.Nodes, drawn.Edges = 18, rapid.SampledFrom([]int{12, 20, 40}).Draw(t, "most edges")
			check(t, csrtest.Draw(t, drawn))
		}
	})
}

// dyadic gives every edge a power of two as weight, so that gonum, which compares lengths exactly, sees every tie.
func dyadic(t *rapid.T, g *csr.Graph) (ours, lengths *csr.Graph) {
	ours, err := g.Reweight(context.Background(), 1, func(a csr.Arc) float64 { return math.Exp2(float64(int(8*a.Weight)%4) - 2) })
	require.NoError(t, err)
	lengths, err = ours.Reweight(context.Background(), 1, func(a csr.Arc) float64 { return 1 / a.Weight })
	require.NoError(t, err)
	return ours, lengths
}

// requireBetween compares with what gonum says of the directed view, in which every pair of an undirected graph counts twice.
func requireBetween(t *rapid.T, g *csr.Graph, opts centrality.Options, nodes map[int64]float64, edges map[[2]int64]float64) {
	opts.Edges = true
	got, err := centrality.Betweenness(context.Background(), g, opts)
	require.NoError(t, err)
	n := float64(g.Order())
	double, scale, pairs := 1.0, 1.0, 1.0
	if !g.IsDirected() {
		double = 2
	}
	if opts.Normalised {
		pairs = max(n*(n-1), 1) / double
		if n > 2 {
			scale = (n - 1) * (n - 2) / double
		}
	}
	for u, want := range table(g.Order(), nodes) {
		require.InDelta(t, want/double/scale, got.Nodes[u], 1e-9)
	}
	one, err := g.Simple(context.Background())
	require.NoError(t, err)
	c := one.Columns()
	require.Len(t, got.Edges, len(c.From))
	for i, tie := range got.Edges {
		require.Equal(t, []uint32{c.From[i], c.To[i]}, []uint32{tie.From, tie.To})
		want := edges[[2]int64{int64(tie.From), int64(tie.To)}]
		if !g.IsDirected() {
			want = (want + edges[[2]int64{int64(tie.To), int64(tie.From)}]) / 2
		}
		if tie.From == tie.To {
			want = 0
		}
		require.InDelta(t, want/pairs, tie.Score, 1e-9, "edge from %d to %d", tie.From, tie.To)
	}
}

func TestBetweennessAgreesWithGonum(t *testing.T) {
	each(t, csrtest.Shape{Loops: true, Typed: true, Parallel: csr.KeepParallel}, func(t *rapid.T, g *csr.Graph) {
		opts := centrality.Options{Normalised: rapid.Bool().Draw(t, "normalised")}
		requireBetween(t, g, opts, network.Betweenness(g.Directed()), network.EdgeBetweenness(g.Directed()))
	})
}

func TestWeightedBetweennessAgreesWithGonum(t *testing.T) {
	each(t, csrtest.Shape{Weighted: true, Round: true, Positive: true}, func(t *rapid.T, g *csr.Graph) {
		g, lengths := dyadic(t, g)
		all := path.DijkstraAllPaths(lengths.Directed())
		opts := centrality.Options{Weighted: true, Normalised: rapid.Bool().Draw(t, "normalised")}
		requireBetween(t, g, opts, network.BetweennessWeighted(lengths.Directed(), all),
			network.EdgeBetweennessWeighted(lengths.Directed(), all))
	})
}

// Graphs with many articulation points, and directed ones in which little reaches everything.
func TestBetweennessOfLargerGraphs(t *testing.T) {
	for _, inside := range []int{1, 2} {
		for seed := range uint64(4) {
			c := csrtest.Planted(200, 10, inside, 0, seed)
			links := csrtest.Planted(200, 200, 1, 0, seed+100)
			c.From, c.To = append(c.From, links.From[:40]...), append(c.To, links.To[:40]...)
			c.Weight = nil
			for _, directed := range []bool{false, true} {
				g, err := csr.Build(t.Context(), c, csr.Options{Nodes: 200, Directed: directed})
				require.NoError(t, err)
				got, err := centrality.Betweenness(t.Context(), g, centrality.Options{})
				require.NoError(t, err)
				assert.Greater(t, got.Blocks, 2)
				want := table(200, network.Betweenness(g.Directed()))
				if !directed {
					for u := range want {
						want[u] /= 2
					}
				}
				assert.InDeltaSlice(t, want, got.Nodes, 1e-8)
			}
		}
	}
}

// Blocks large enough for hubs to be looked from, with lengths that are sums of powers of two, so that gonum sees every tie.
func TestWeightedBetweennessOfLargerGraphs(t *testing.T) {
	for seed := range uint64(2) {
		for _, directed := range []bool{false, true} {
			random := rand.New(rand.NewPCG(seed, 3))
			c := csr.Columns{}
			for range 1500 {
				c.From, c.To = append(c.From, random.Uint32N(300)), append(c.To, random.Uint32N(300))
				c.Weight = append(c.Weight, math.Exp2(float64(random.IntN(5))))
			}
			g, err := csr.Build(t.Context(), c, csr.Options{Nodes: 300, Directed: directed})
			require.NoError(t, err)
			g, err = g.Reweight(t.Context(), 1, func(a csr.Arc) float64 { return math.Exp2(math.Floor(math.Log2(a.Weight))) })
			require.NoError(t, err)
			lengths, err := g.Reweight(t.Context(), 1, func(a csr.Arc) float64 { return 1 / a.Weight })
			require.NoError(t, err)
			got, err := centrality.Betweenness(t.Context(), g, centrality.Options{Weighted: true})
			require.NoError(t, err)
			want := table(300, network.BetweennessWeighted(lengths.Directed(), path.DijkstraAllPaths(lengths.Directed())))
			if !directed {
				for u := range want {
					want[u] /= 2
				}
			}
			assert.InDeltaSlice(t, want, got.Nodes, 1e-8, "seed %d, directed %v", seed, directed)
		}
	}
}

// Edges of one weight are counted; one of weight 0 leads nowhere all the same, and a self-loop may weigh what it will.
func TestLengthsThatAreAllTheSame(t *testing.T) {
	cases := map[string]struct {
		weights []float64 // of 0-1, 1-2, 2-3, 3-0, 2-2
		want    []float64
	}{
		"one weight":             {[]float64{0.3, 0.3, 0.3, 0.3, 7}, []float64{0.5, 0.5, 0.5, 0.5}},
		"one that leads nowhere": {[]float64{0.3, 0.3, 0.3, 0, 7}, []float64{0, 2, 2, 0}},
		"none that leads":        {[]float64{0, 0, 0, 0, 7}, []float64{0, 0, 0, 0}},
		"one of another weight":  {[]float64{0.3, 0.3, 0.3, 0.2, 7}, []float64{0, 1, 1, 0}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			g, err := csr.Build(t.Context(), csr.Columns{From: []uint32{0, 1, 2, 3, 2}, To: []uint32{1, 2, 3, 0, 2}, Weight: c.weights}, csr.Options{Nodes: 4})
			require.NoError(t, err)
			got, err := centrality.Betweenness(t.Context(), g, centrality.Options{Weighted: true})
			require.NoError(t, err)
			assert.InDeltaSlice(t, c.want, got.Nodes, 1e-12)
			assert.True(t, got.Weighted)
		})
	}
}

func TestBetweennessDoesNotDependOnTheNamesOfNodes(t *testing.T) {
	each(t, csrtest.Shape{Weighted: true, Round: true}, func(t *rapid.T, g *csr.Graph) {
		opts := centrality.Options{Weighted: rapid.Bool().Draw(t, "lengths"), Normalised: rapid.Bool().Draw(t, "normalised"), Edges: true}
		name := csrtest.Permutation(t, g.Order())
		a, err := centrality.Betweenness(context.Background(), g, opts)
		require.NoError(t, err)
		b, err := centrality.Betweenness(context.Background(), csrtest.Rename(t, g, name), opts)
		require.NoError(t, err)
		for u := range a.Nodes {
			require.InDelta(t, a.Nodes[u], b.Nodes[name[u]], 1e-9)
		}
		score := map[[2]uint32]float64{}
		for _, tie := range b.Edges {
			score[[2]uint32{tie.From, tie.To}] = tie.Score
		}
		for _, tie := range a.Edges {
			u, v := name[tie.From], name[tie.To]
			if u > v && !g.IsDirected() {
				u, v = v, u
			}
			require.InDelta(t, tie.Score, score[[2]uint32{u, v}], 1e-9)
		}
	})
}

func TestBetweennessGivesTheSameBitsOnAnyNumberOfThreads(t *testing.T) {
	const n = 400
	c := csrtest.Planted(n, 20, 3, 1, 4)
	// A tail and a second circle, so that there are several blocks and bridges.
	c.From, c.To, c.Weight = append(c.From, 0, n, n+1, n+2), append(c.To, n, n+1, n+2, n), append(c.Weight, 1, 1, 1, 1)
	for _, directed := range []bool{false, true} {
		g, err := csr.Build(t.Context(), c, csr.Options{Nodes: n + 3, Directed: directed})
		require.NoError(t, err)
		for _, weighted := range []bool{false, true} {
			opts := centrality.Options{Weighted: weighted, Edges: true, Threads: 1}
			one, err := centrality.Betweenness(t.Context(), g, opts)
			require.NoError(t, err)
			assert.Equal(t, weighted, one.Weighted)
			for _, threads := range []int{2, 3, 8} {
				last := 0
				opts.Threads, opts.Progress = threads, func(done, total int) {
					assert.Less(t, last, done)
					assert.Equal(t, one.Searches, total)
					last = done
				}
				many, err := centrality.Betweenness(t.Context(), g, opts)
				require.NoError(t, err)
				assert.Equal(t, one, many)
				assert.Equal(t, one.Searches, last)
			}
		}
	}
}

func TestBlocksAreSearchedOnTheirOwn(t *testing.T) {
	// Two triangles that share node 2, a chain of two on node 4, and an edge apart.
	c := csr.Columns{From: []uint32{0, 1, 0, 2, 3, 2, 4, 5, 7}, To: []uint32{1, 2, 2, 3, 4, 4, 5, 6, 8}}
	g, err := csr.Build(t.Context(), c, csr.Options{Nodes: 10})
	require.NoError(t, err)
	got, err := centrality.Betweenness(t.Context(), g, centrality.Options{Edges: true})
	require.NoError(t, err)
	assert.Equal(t, 2, got.Blocks)
	assert.Equal(t, 6, got.Searches)
	assert.Equal(t, []float64{0, 0, 8, 0, 8, 5, 0, 0, 0, 0}, got.Nodes)
	assert.Equal(t, []centrality.Tie{{0, 1, 1}, {0, 2, 5}, {1, 2, 5}, {2, 3, 3}, {2, 4, 9}, {3, 4, 3}, {4, 5, 10}, {5, 6, 6}, {7, 8, 1}}, got.Edges)
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
	assert.InDelta(t, 5*5-0.5, got.Nodes[5], 1e-12)
}

// A length that is lost in a distance leaves a path all the same, whichever end has the smaller number.
func TestLengthsThatVanish(t *testing.T) {
	for _, c := range []csr.Columns{
		{From: []uint32{0, 1, 2, 3, 0}, To: []uint32{1, 2, 3, 4, 4}, Weight: []float64{1e-20, 1, 1, 1e-20, 1e-19}},
		{From: []uint32{4, 3, 2, 1, 4}, To: []uint32{3, 2, 1, 0, 0}, Weight: []float64{1e-20, 1, 1, 1e-20, 1e-19}},
	} {
		for _, directed := range []bool{false, true} {
			g, err := csr.Build(t.Context(), c, csr.Options{Nodes: 5, Directed: directed})
			require.NoError(t, err)
			got, err := centrality.Betweenness(t.Context(), g, centrality.Options{Weighted: true, Edges: true})
			require.NoError(t, err)
			assert.InDelta(t, 1, got.Nodes[2], 2, "nodes next to it reach each other over node 2")
			for _, x := range got.Nodes {
				assert.False(t, math.IsNaN(x) || math.IsInf(x, 0))
			}
			for _, tie := range got.Edges {
				assert.False(t, math.IsNaN(tie.Score) || math.IsInf(tie.Score, 0))
			}
			sampled, err := centrality.SampleBetweenness(t.Context(), g, centrality.SampleOptions{Weighted: true})
			require.NoError(t, err)
			for u, x := range got.Nodes {
				assert.LessOrEqual(t, sampled.Lower[u], x+1e-9)
				assert.LessOrEqual(t, x, sampled.Upper[u]+1e-9)
			}
		}
	}
}

func TestTooManyShortestPaths(t *testing.T) {
	// A ring of diamonds doubles the number of shortest paths with each of half of them.
	const links = 2200
	var c csr.Columns
	for i := range uint32(links) {
		a := 3 * i
		c.From, c.To = append(c.From, a, a, a+1, a+2), append(c.To, a+1, a+2, (a+3)%(3*links), (a+3)%(3*links))
	}
	for _, weighted := range []bool{false, true} {
		if weighted {
			c.Weight = slices.Repeat([]float64{1}, len(c.From))
		}
		g, err := csr.Build(t.Context(), c, csr.Options{Nodes: 3 * links})
		require.NoError(t, err)
		for _, threads := range []int{1, 3} {
			_, err = centrality.Betweenness(t.Context(), g, centrality.Options{Weighted: weighted, Threads: threads})
			require.ErrorIs(t, err, centrality.ErrPaths)
			require.ErrorContains(t, err, "from node 0 to node ")
		}
	}
}

// FuzzBetweenness reads three bytes an edge.
func FuzzBetweenness(f *testing.F) {
	f.Add([]byte{0, 1, 8, 1, 2, 16, 3, 3, 0}, true, true)
	f.Add([]byte{}, false, false)
	f.Fuzz(func(t *testing.T, data []byte, directed, weighted bool) {
		g := stream(t, data, directed)
		got, err := centrality.Betweenness(t.Context(), g, centrality.Options{Weighted: weighted, Normalised: true, Edges: true})
		require.NoError(t, err)
		require.GreaterOrEqual(t, slices.Min(got.Nodes), 0.0)
		require.LessOrEqual(t, slices.Max(got.Nodes), 1+1e-9)
		for _, tie := range got.Edges {
			require.GreaterOrEqual(t, tie.Score, 0.0)
			require.LessOrEqual(t, tie.Score, 1+1e-9)
		}
	})
}

// stream makes a graph of 32 nodes, three bytes an edge.
func stream(t *testing.T, data []byte, directed bool) *csr.Graph {
	var c csr.Columns
	for ; len(data) >= 3; data = data[3:] {
		c.From, c.To = append(c.From, uint32(data[0]%32)), append(c.To, uint32(data[1]%32))
		c.Weight = append(c.Weight, float64(data[2])*math.Pow(10, float64(int(data[2])%60-30)))
	}
	g, err := csr.Build(t.Context(), c, csr.Options{Nodes: 32, Directed: directed})
	require.NoError(t, err)
	return g
}

// large draws the graphs that speed is measured on.
func large(b *testing.B) map[string]*csr.Graph {
	graphs := map[string]*csr.Graph{}
	enter := func(name string, n int, c csr.Columns) {
		g, err := csr.Build(b.Context(), c, csr.Options{Nodes: n})
		require.NoError(b, err)
		graphs[name] = g
	}
	enter("rmat13", 1<<13, csrtest.RMAT{Scale: 13, Seed: 1, Weighted: true}.Draw())
	five, _ := csrtest.Partition{Nodes: 5000, Mixing: 0.3, Seed: 1, Weighted: true}.Draw()
	enter("power5k", 5000, five)
	return graphs
}

func BenchmarkBetweenness(b *testing.B) {
	for name, g := range large(b) {
		for kind, opts := range map[string]centrality.Options{"hops": {}, "edges": {Edges: true}, "lengths": {Weighted: true}} {
			b.Run(name+"/"+kind, func(b *testing.B) {
				for b.Loop() {
					if _, err := centrality.Betweenness(b.Context(), g, opts); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

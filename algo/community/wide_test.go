package community_test

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rummage/algo/community"
	"rummage/algo/csr"
	"rummage/algo/csr/csrtest"
)

// wide are graphs whose greatest component is wide.
func wide(t testing.TB, directed bool) map[string]*csr.Graph {
	parts, _ := csrtest.Partition{Nodes: community.Wide + 2000, Degree: 6, Mixing: 0.2, Seed: 1, Weighted: true}.Draw()
	hubs := csrtest.RMAT{Scale: 16, Factor: 4, Seed: 2, Weighted: true}.Draw()
	graphs := map[string]*csr.Graph{}
	for name, c := range map[string]csr.Columns{"parts": parts, "hubs": hubs} {
		// Some edges of no weight, some loops.
		for e := 0; e < len(c.Weight); e += 97 {
			c.Weight[e] = 0
		}
		for e := 0; e < len(c.From); e += 1001 {
			c.From[e] = c.To[e]
		}
		g, err := csr.Build(t.Context(), c, csr.Options{Nodes: 1 << 16, Directed: directed})
		require.NoError(t, err)
		graphs[name] = g
	}
	return graphs
}

func TestWideComponentsGiveTheSameOnAnyNumberOfThreads(t *testing.T) {
	graphs := wide(t, false)
	// Components that are divided together or apart, depending on the number of threads.
	middling := csrtest.Planted(6000, 12, 4, 1, 1)
	other := csrtest.Planted(5000, 30, 4, 1, 2)
	for e := range other.From {
		middling.From, middling.To = append(middling.From, 6000+other.From[e]), append(middling.To, 6000+other.To[e])
	}
	middling.Weight = append(middling.Weight, other.Weight...)
	g, err := csr.Build(t.Context(), middling, csr.Options{Nodes: 11_000})
	require.NoError(t, err)
	graphs["middling"] = g
	for name, g := range graphs {
		for method, divide := range methods {
			for _, opts := range []community.Options{
				{Seed: 1, Passes: 2},
				{Seed: 2, Passes: 2, Objective: community.CPM, Resolution: 0.4, MaxSize: 40},
			} {
				opts.Threads = 1
				one, err := divide(t.Context(), g, opts)
				require.NoError(t, err)
				require.True(t, connected(g, one.Membership), "%s, %s", name, method)
				assert.Equal(t, method, one.Method)
				if opts.MaxSize > 0 {
					assert.LessOrEqual(t, slices.Max(sizes(one.Membership)), opts.MaxSize)
				}
				for _, threads := range []int{2, 3, 8}[:3-2*min(opts.MaxSize, 1)] {
					opts.Threads = threads
					many, err := divide(t.Context(), g, opts)
					require.NoError(t, err)
					require.Equal(t, one, many, "%s, %s, %d threads", name, method, threads)
				}
			}
		}
	}
}

func sizes(membership []uint32) []int {
	size := make([]int, len(membership))
	for _, c := range membership {
		size[c]++
	}
	return size
}

func TestWideComponentsDoNotDependOnTheNumbersOfNodes(t *testing.T) {
	g := wide(t, false)["parts"]
	random := rand.New(rand.NewPCG(1, 2))
	name := make([]uint32, g.Order())
	opts := community.Options{Keys: make([]uint64, g.Order()), Passes: 1}
	for u := range name {
		name[u], opts.Keys[u] = uint32(u), random.Uint64()
	}
	random.Shuffle(len(name), func(i, j int) { name[i], name[j] = name[j], name[i] })
	renamed := opts
	renamed.Keys = make([]uint64, g.Order())
	for u, key := range opts.Keys {
		renamed.Keys[name[u]] = key
	}
	// Round weights, so that sums of strengths do not depend on their order.
	g, err := g.Reweight(t.Context(), 0, func(a csr.Arc) float64 { return math.Ceil(a.Weight) })
	require.NoError(t, err)
	for method, divide := range methods {
		a, err := divide(t.Context(), g, opts)
		require.NoError(t, err)
		b, err := divide(t.Context(), csrtest.Rename(t, g, name), renamed)
		require.NoError(t, err)
		back := make([]uint32, g.Order())
		for u := range back {
			back[u] = b.Membership[name[u]]
		}
		back, _ = community.Canonical(back)
		require.Equal(t, a.Membership, back, method)
	}
}

// bestMove returns the most that moving one node to another community or to one of its own would add to the modularity.
func bestMove(g *csr.Graph, membership []uint32) float64 {
	n := g.Order()
	out, in := make([]float64, n), make([]float64, n)
	total, loop := 0.0, make([]float64, n)
	link := make([]map[uint32]float64, n)
	for u := range uint32(n) {
		link[u] = map[uint32]float64{}
	}
	for u := range uint32(n) {
		for i, v := range g.Neighbours(u) {
			w := g.Weights(u)[i]
			if u == v && !g.IsDirected() {
				// A loop is one arc and counts twice.
				w *= 2
			}
			out[u] += w
			in[v] += w
			total += w
			if u == v {
				loop[u] += w
				continue
			}
			link[u][membership[v]] += w
			link[v][membership[u]] += w
		}
	}
	outs, ins, members := make([]float64, n), make([]float64, n), sizes(membership)
	for u, c := range membership {
		outs[c] += out[u]
		ins[c] += in[u]
	}
	best := math.Inf(-1)
	for u, own := range membership {
		stay := link[u][own] - (out[u]*(ins[own]-in[u])+in[u]*(outs[own]-out[u]))/total
		if members[own] > 1 {
			best = max(best, -stay/total)
		}
		for c, w := range link[u] {
			if c != own {
				best = max(best, (w-(out[u]*ins[c]+in[u]*outs[c])/total-stay)/total)
			}
		}
	}
	return best
}

func TestWideStableDivisionHasNoBetterMove(t *testing.T) {
	for _, directed := range []bool{false, true} {
		g := wide(t, directed)["parts"]
		got, err := community.Louvain(t.Context(), g, community.Options{Passes: 100})
		require.NoError(t, err)
		require.True(t, got.Stable)
		assert.LessOrEqual(t, bestMove(g, got.Membership), 1e-14)
		finer, err := community.Leiden(t.Context(), g, community.Options{Passes: 2})
		require.NoError(t, err)
		require.True(t, connected(g, finer.Membership))
		assert.Greater(t, finer.Quality, got.Quality-0.001)
		// A move that is better must be seen as one.
		finer.Membership[0] = uint32(finer.Communities)
		assert.Greater(t, bestMove(g, finer.Membership), 1e-9)
	}
}

func TestWideComponentsHoldPlantedGroups(t *testing.T) {
	const n, group = 40_000, 10
	g, err := csr.Build(t.Context(), csrtest.Planted(n, group, 6, 1, 9), csr.Options{Nodes: n})
	require.NoError(t, err)
	for method, divide := range methods {
		got, err := divide(t.Context(), g, community.Options{Objective: community.CPM, Resolution: 0.4, Passes: 3})
		require.NoError(t, err)
		wrong := 0
		for u, c := range got.Membership {
			if c != got.Membership[u/group*group] {
				wrong++
			}
		}
		assert.InDelta(t, n/group, got.Communities, n/group/500, method)
		assert.Less(t, wrong, n/1000, method)
	}
}

func TestWideComponentsStopWhenCancelled(t *testing.T) {
	g := wide(t, false)["parts"]
	for _, divide := range methods {
		ctx, cancel := context.WithCancel(t.Context())
		calls := 0
		_, err := divide(ctx, g, community.Options{Passes: 5, Progress: func(int, int) { calls++; cancel() }})
		require.ErrorIs(t, err, context.Canceled)
		assert.LessOrEqual(t, calls, 2)
	}
}

func benchmark(b *testing.B, divide divide) {
	small := csrtest.Planted(30_000, 12, 2, 1, 3)
	parts, _ := csrtest.Partition{Nodes: 100_000, Degree: 20, Mixing: 0.3, Seed: 1, Weighted: true}.Draw()
	hubs := csrtest.RMAT{Scale: 17, Factor: 8, Seed: 1, Weighted: true}.Draw()
	for _, c := range []struct {
		name  string
		nodes int
		edges csr.Columns
		opts  community.Options
	}{
		{"potts 30k", 30_000, small, community.Options{Objective: community.CPM, Resolution: 0.1}},
		{"modularity 30k", 30_000, small, community.Options{}},
		{"parts 100k", 100_000, parts, community.Options{Passes: 2}},
		{"hubs 131k", 1 << 17, hubs, community.Options{Passes: 2}},
	} {
		g, err := csr.Build(b.Context(), c.edges, csr.Options{Nodes: c.nodes})
		require.NoError(b, err)
		b.Run(c.name, func(b *testing.B) {
			for b.Loop() {
				got, err := divide(b.Context(), g, c.opts)
				if err != nil {
					b.Fatal(err)
				}
				b.ReportMetric(float64(got.Passes), "passes")
				b.ReportMetric(got.Quality, "quality")
			}
			b.ReportMetric(float64(g.Arcs())*float64(b.N)/b.Elapsed().Seconds(), "arcs/s")
		})
	}
}

func BenchmarkLeiden(b *testing.B) { benchmark(b, community.Leiden) }

func BenchmarkLouvain(b *testing.B) { benchmark(b, community.Louvain) }

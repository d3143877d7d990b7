package community_test

import (
	"context"
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
	"pgregory.net/rapid"

	"rummage/algo/community"
	"rummage/algo/csr"
	"rummage/algo/csr/csrtest"
	"rummage/fixtures"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// times is how many graphs a property is tried on in each check of rapid, of which there are 100.
const times = 10

func draw(t *rapid.T) *csr.Graph {
	return csrtest.Draw(t, csrtest.Shape{
		Directed: rapid.Bool().Draw(t, "directed"),
		Nodes:    20, Edges: 50, Weighted: rapid.Bool().Draw(t, "weighted"), Typed: rapid.Bool().Draw(t, "typed"),
		Loops: rapid.Bool().Draw(t, "loops"), Parallel: csr.Parallel(rapid.IntRange(0, 1).Draw(t, "parallel")), Round: true,
	})
}

func drawOptions(t *rapid.T) community.Options {
	return community.Options{
		Objective:  community.Objective(rapid.IntRange(0, 1).Draw(t, "objective")),
		Resolution: rapid.SampledFrom([]float64{0.05, 0.1, 0.5, 1, 2}).Draw(t, "resolution"),
		Seed:       rapid.Uint64().Draw(t, "seed"),
		Passes:     rapid.IntRange(0, 2).Draw(t, "passes"),
		Theta:      rapid.SampledFrom([]float64{0, 0.01, 1}).Draw(t, "theta"),
	}
}

func drawLabels(t *rapid.T, n int) []uint32 {
	return rapid.SliceOfN(rapid.Uint32Range(0, 4), n, n).Draw(t, "labels")
}

// divide is Leiden or Louvain.
type divide func(context.Context, *csr.Graph, community.Options) (community.Result, error)

var methods = map[string]divide{"leiden": community.Leiden, "louvain": community.Louvain}

func drawMethod(t *rapid.T) divide {
	return methods[rapid.SampledFrom([]string{"leiden", "louvain"}).Draw(t, "method")]
}

// connected tells whether every community is one piece along edges of positive weight, in whichever direction.
func connected(g *csr.Graph, membership []uint32) bool {
	for _, members := range community.Members(membership) {
		seen := map[uint32]bool{members[0]: true}
		queue := []uint32{members[0]}
		for len(queue) > 0 {
			u := queue[0]
			queue = queue[1:]
			take := func(row []uint32, weights []float64) {
				for i, v := range row {
					if membership[v] == membership[u] && !seen[v] && (weights == nil || weights[i] > 0) {
						seen[v] = true
						queue = append(queue, v)
					}
				}
			}
			take(g.Neighbours(u), g.Weights(u))
			take(g.InNeighbours(u), g.InWeights(u))
		}
		if len(seen) != len(members) {
			return false
		}
	}
	return true
}

func TestDivisionsAreSound(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g, opts, divide := draw(t), drawOptions(t), drawMethod(t)
		if rapid.Bool().Draw(t, "bounded") {
			opts.MaxSize = rapid.IntRange(1, 5).Draw(t, "size")
		}
		if rapid.Bool().Draw(t, "started") {
			opts.Start = drawLabels(t, g.Order())
		}
		got, err := divide(context.Background(), g, opts)
		require.NoError(t, err)
		canonical, communities := community.Canonical(got.Membership)
		require.Equal(t, canonical, got.Membership)
		require.Equal(t, communities, got.Communities)
		require.True(t, connected(g, got.Membership))
		quality, err := community.Quality(g, got.Membership, opts)
		require.NoError(t, err)
		require.Equal(t, quality, got.Quality)
		for _, members := range community.Members(got.Membership) {
			if opts.MaxSize > 0 {
				require.LessOrEqual(t, len(members), opts.MaxSize)
			}
		}
		if opts.Start == nil {
			opts.Start = canonical
			for u := range opts.Start {
				opts.Start[u] = uint32(u)
			}
		}
		if opts.MaxSize == 0 {
			before, err := community.Quality(g, opts.Start, opts)
			require.NoError(t, err)
			require.GreaterOrEqual(t, got.Quality, before-1e-9, "a division must not be worse than its start")
		}
	})
}

// changes lists the quality after every move of one node to another community, or to one of its own.
func bestChange(t require.TestingT, g *csr.Graph, membership []uint32, opts community.Options) float64 {
	best := math.Inf(-1)
	for u := range membership {
		for c := range uint32(g.Order() + 1) {
			moved := slices.Clone(membership)
			moved[u] = c
			if c == uint32(g.Order()) {
				moved[u] = math.MaxUint32
			}
			q, err := community.Quality(g, moved, opts)
			require.NoError(t, err)
			best = max(best, q)
		}
	}
	return best
}

func TestStableDivisionHasNoBetterMove(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		for range times {
			g, opts, divide := draw(t), drawOptions(t), drawMethod(t)
			opts.Passes = 100
			got, err := divide(context.Background(), g, opts)
			require.NoError(t, err)
			if got.Stable {
				require.LessOrEqual(t, bestChange(t, g, got.Membership, opts), got.Quality+1e-9)
			}
		}
	})
}

// best tries every division of a small graph.
func best(t require.TestingT, g *csr.Graph, opts community.Options) float64 {
	top := math.Inf(-1)
	labels := make([]uint32, g.Order())
	var try func(u int, used uint32)
	try = func(u int, used uint32) {
		if u == len(labels) {
			q, err := community.Quality(g, labels, opts)
			require.NoError(t, err)
			top = max(top, q)
			return
		}
		for c := range used + 1 {
			labels[u] = c
			try(u+1, max(used, c+1))
		}
	}
	try(0, 0)
	return top
}

func TestLeidenIsNeverAboveAndSeldomBelowTheBestDivision(t *testing.T) {
	below, all := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		for range times {
			g := csrtest.Draw(t, csrtest.Shape{Nodes: 7, Edges: 14, Weighted: true, Round: true, Directed: rapid.Bool().Draw(t, "directed")})
			opts := drawOptions(t)
			opts.Passes = 0
			got, err := community.Leiden(context.Background(), g, opts)
			require.NoError(t, err)
			top := best(t, g, opts)
			require.LessOrEqual(t, got.Quality, top+1e-9)
			if all++; got.Quality < top-1e-9 {
				below++
			}
		}
	})
	assert.Less(t, float64(below), 0.15*float64(all))
}

func TestDivisionsDoNotDependOnTheNumbersOfNodes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g, opts, divide := draw(t), drawOptions(t), drawMethod(t)
		opts.Keys = rapid.SliceOfNDistinct(rapid.Uint64(), g.Order(), g.Order(), rapid.ID).Draw(t, "keys")
		name := csrtest.Permutation(t, g.Order())
		renamed := opts
		renamed.Keys = make([]uint64, g.Order())
		for u, key := range opts.Keys {
			renamed.Keys[name[u]] = key
		}
		a, err := divide(context.Background(), g, opts)
		require.NoError(t, err)
		b, err := divide(context.Background(), csrtest.Rename(t, g, name), renamed)
		require.NoError(t, err)
		back := make([]uint32, g.Order())
		for u := range back {
			back[u] = b.Membership[name[u]]
		}
		back, _ = community.Canonical(back)
		require.Equal(t, a.Membership, back)
		require.Equal(t, a.Passes, b.Passes)
		require.InDelta(t, a.Quality, b.Quality, 1e-9)
	})
}

func TestANewComponentLeavesTheOthersAsTheyWere(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g, other, opts, divide := draw(t), draw(t), drawOptions(t), drawMethod(t)
		opts.Objective = community.CPM
		n, m := g.Order(), other.Order()
		keys := rapid.SliceOfNDistinct(rapid.Uint64(), n+m, n+m, rapid.ID).Draw(t, "keys")
		// The nodes of both are shuffled together, each graph's own in their order or not.
		name := csrtest.Permutation(t, n+m)
		var both csr.Columns
		weigh := func(c csr.Columns, i int) float64 {
			if c.Weight == nil {
				return 1
			}
			return c.Weight[i]
		}
		a, b := g.Columns(), other.Columns() // both take on the direction of g
		for i := range a.From {
			both.From, both.To = append(both.From, name[a.From[i]]), append(both.To, name[a.To[i]])
			both.Weight = append(both.Weight, weigh(a, i))
		}
		for i := range b.From {
			both.From, both.To = append(both.From, name[uint32(n)+b.From[i]]), append(both.To, name[uint32(n)+b.To[i]])
			both.Weight = append(both.Weight, weigh(b, i))
		}
		whole, err := csr.Build(context.Background(), both, csr.Options{Nodes: n + m, Parallel: csr.KeepParallel, Directed: g.IsDirected()})
		require.NoError(t, err)
		opts.Keys = keys[:n]
		before, err := divide(context.Background(), g, opts)
		require.NoError(t, err)
		opts.Keys = make([]uint64, n+m)
		for u, key := range keys {
			opts.Keys[name[u]] = key
		}
		after, err := divide(context.Background(), whole, opts)
		require.NoError(t, err)
		mine := make([]uint32, n)
		for u := range mine {
			mine[u] = after.Membership[name[u]]
		}
		mine, _ = community.Canonical(mine)
		require.Equal(t, before.Membership, mine)
	})
}

func TestLeidenGivesTheSameOnAnyNumberOfThreads(t *testing.T) {
	// Many components of several sizes, so that there is something to share out.
	var c csr.Columns
	n := 0
	for i := range 60 {
		part := csrtest.Planted(100+10*i, 12, 4, 1, uint64(i))
		for e := range part.From {
			c.From, c.To = append(c.From, uint32(n)+part.From[e]), append(c.To, uint32(n)+part.To[e])
		}
		c.Weight = append(c.Weight, part.Weight...)
		n += 100 + 10*i
	}
	g, err := csr.Build(t.Context(), c, csr.Options{Nodes: n})
	require.NoError(t, err)
	for _, objective := range []community.Objective{community.Modularity, community.CPM} {
		opts := community.Options{Objective: objective, Resolution: 0.3, Seed: 5, Threads: 1}
		one, err := community.Leiden(t.Context(), g, opts)
		require.NoError(t, err)
		for _, threads := range []int{2, 4} {
			opts.Threads = threads
			last := 0
			opts.Progress = func(done, total int) {
				assert.LessOrEqual(t, last, done)
				assert.Equal(t, n, total)
				last = done
			}
			many, err := community.Leiden(t.Context(), g, opts)
			require.NoError(t, err)
			assert.Equal(t, one, many)
			assert.Equal(t, n, last)
		}
		assert.True(t, one.Stable)
		assert.True(t, connected(g, one.Membership))
	}
}

func TestLeidenFindsPlantedGroups(t *testing.T) {
	const n, group = 2000, 10
	g, err := csr.Build(t.Context(), csrtest.Planted(n, group, 6, 1, 9), csr.Options{Nodes: n})
	require.NoError(t, err)
	got, err := community.Leiden(t.Context(), g, community.Options{Objective: community.CPM, Resolution: 0.4})
	require.NoError(t, err)
	want := make([]uint32, n)
	for u := range want {
		want[u] = uint32(u / group)
	}
	wrong := 0
	for u := range want {
		if want[u] != got.Membership[u] {
			wrong++
		}
	}
	assert.Equal(t, n/group, got.Communities)
	assert.Zero(t, wrong)
}

func network(t testing.TB, name string) *csr.Graph {
	nodes := csrtest.Table(t, fixtures.Open, "graphs/"+name+".nodes.csv.gz")
	return csrtest.Network(t, csrtest.Table(t, fixtures.Open, "graphs/"+name+".edges.csv.gz"), nodes["id"], false)
}

func TestLeidenReachesTheKnownBestModularity(t *testing.T) {
	// The optima are those of Brandes et al. 2008.
	for name, want := range map[string]float64{"karate": 0.4198, "dolphins": 0.5285} {
		top := 0.0
		for seed := range uint64(10) {
			got, err := community.Leiden(t.Context(), network(t, name), community.Options{Seed: seed})
			require.NoError(t, err)
			assert.Greater(t, got.Quality, want-0.01, "%s, seed %d", name, seed)
			top = max(top, got.Quality)
		}
		assert.InDelta(t, want, top, 5e-5, name)
	}
}

func TestLeidenOfSmallGraphs(t *testing.T) {
	for name, c := range map[string]struct {
		edges csr.Columns
		nodes int
		want  []uint32
	}{
		"no nodes":                {csr.Columns{}, 0, []uint32{}},
		"one node":                {csr.Columns{}, 1, []uint32{0}},
		"a loop":                  {csr.Columns{From: []uint32{0}, To: []uint32{0}}, 1, []uint32{0}},
		"a pair":                  {csr.Columns{From: []uint32{0}, To: []uint32{1}}, 2, []uint32{0, 0}},
		"a pair of no weight":     {csr.Columns{From: []uint32{0}, To: []uint32{1}, Weight: []float64{0}}, 2, []uint32{0, 1}},
		"a pair and a lone node":  {csr.Columns{From: []uint32{0}, To: []uint32{2}}, 3, []uint32{0, 1, 0}},
		"a pair of great weight":  {csr.Columns{From: []uint32{0}, To: []uint32{1}, Weight: []float64{csr.GreatestWeight}}, 2, []uint32{0, 0}},
		"a pair of little weight": {csr.Columns{From: []uint32{0}, To: []uint32{1}, Weight: []float64{csr.LeastWeight}}, 2, nil},
	} {
		for _, objective := range []community.Objective{community.Modularity, community.CPM} {
			g, err := csr.Build(t.Context(), c.edges, csr.Options{Nodes: c.nodes})
			require.NoError(t, err)
			got, err := community.Leiden(t.Context(), g, community.Options{Objective: objective, Resolution: 0.5})
			require.NoError(t, err)
			if c.want != nil {
				assert.Equal(t, c.want, got.Membership, name)
			}
			assert.False(t, math.IsNaN(got.Quality), name)
			assert.True(t, got.Stable, name)
		}
	}
}

func TestLeidenStopsWhenCancelled(t *testing.T) {
	const n = 30_000
	g, err := csr.Build(t.Context(), csrtest.Planted(n, 25, 3, 1, 3), csr.Options{Nodes: n})
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	calls := 0
	_, err = community.Leiden(ctx, g, community.Options{Progress: func(int, int) { calls++; cancel() }})
	require.ErrorIs(t, err, context.Canceled)
	assert.LessOrEqual(t, calls, 2)
	_, err = community.Split(ctx, g, make([]uint32, n), community.SplitOptions{Cap: 25})
	require.ErrorIs(t, err, context.Canceled)
}

func TestRefusals(t *testing.T) {
	g := network(t, "karate")
	for name, c := range map[string]struct {
		g    *csr.Graph
		opts community.Options
		want error
	}{
		"an unknown objective":   {g, community.Options{Objective: 7}, community.ErrOptions},
		"a negative resolution":  {g, community.Options{Resolution: -1}, community.ErrOptions},
		"a resolution of NaN":    {g, community.Options{Resolution: math.NaN()}, community.ErrOptions},
		"a negative theta":       {g, community.Options{Theta: -1}, community.ErrOptions},
		"negative passes":        {g, community.Options{Passes: -1}, community.ErrOptions},
		"a negative size":        {g, community.Options{MaxSize: -1}, community.ErrOptions},
		"sizes under modularity": {g, community.Options{Sizes: make([]float64, g.Order())}, community.ErrOptions},
		"too few sizes":          {g, community.Options{Objective: community.CPM, Sizes: []float64{1}}, community.ErrOptions},
		"too few keys":           {g, community.Options{Keys: []uint64{1}}, community.ErrOptions},
		"too few labels":         {g, community.Options{Start: []uint32{1}}, community.ErrOptions},
		"a size of NaN":          {g, community.Options{Objective: community.CPM, Sizes: append(make([]float64, g.Order()-1), math.NaN())}, community.ErrOptions},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := community.Leiden(t.Context(), c.g, c.opts)
			require.ErrorIs(t, err, c.want)
			_, err = community.Quality(c.g, make([]uint32, g.Order()), c.opts)
			require.ErrorIs(t, err, c.want)
			if c.opts.MaxSize == 0 && c.opts.Start == nil {
				_, err = community.Split(t.Context(), c.g, make([]uint32, g.Order()), community.SplitOptions{Cap: 3, Leiden: c.opts})
				require.ErrorIs(t, err, c.want)
			}
		})
	}
	_, err := community.Quality(g, nil, community.Options{})
	require.ErrorIs(t, err, community.ErrOptions)
	_, err = community.Split(t.Context(), g, nil, community.SplitOptions{Cap: 3})
	require.ErrorIs(t, err, community.ErrOptions)
	for _, opts := range []community.SplitOptions{{}, {Cap: 3, Step: 1}, {Cap: 3, Step: math.NaN()}} {
		_, err = community.Split(t.Context(), g, make([]uint32, g.Order()), opts)
		require.ErrorIs(t, err, community.ErrOptions)
	}
}

// FuzzDivisions reads three bytes an edge.
func FuzzDivisions(f *testing.F) {
	f.Add([]byte{0, 1, 8, 1, 2, 16, 3, 3, 0}, uint64(1), true, false)
	f.Add([]byte{1, 2, 9, 2, 1, 30, 3, 3, 1}, uint64(1), false, true)
	f.Add([]byte{}, uint64(0), false, false)
	f.Fuzz(func(t *testing.T, data []byte, seed uint64, potts, directed bool) {
		var c csr.Columns
		for ; len(data) >= 3; data = data[3:] {
			c.From, c.To = append(c.From, uint32(data[0]%64)), append(c.To, uint32(data[1]%64))
			c.Weight = append(c.Weight, float64(data[2])*math.Pow(10, float64(int(data[2])%60-30)))
		}
		g, err := csr.Build(t.Context(), c, csr.Options{Nodes: 64, Directed: directed})
		require.NoError(t, err)
		opts := community.Options{Seed: seed, Resolution: 0.3}
		if potts {
			opts.Objective = community.CPM
		}
		for _, divide := range methods {
			got, err := divide(t.Context(), g, opts)
			require.NoError(t, err)
			require.True(t, connected(g, got.Membership))
			require.False(t, math.IsNaN(got.Quality))
		}
	})
}

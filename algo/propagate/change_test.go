package propagate_test

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"rummage/algo/csr"
	"rummage/algo/csr/csrtest"
	"rummage/algo/propagate"
)

// drawChange draws edges to put and to remove, and new nodes.
func drawChange(t *rapid.T, g *csr.Graph) csr.Change {
	change := csr.Change{Nodes: g.Order() + rapid.IntRange(0, 2).Draw(t, "new")}
	if g.IsWeighted() {
		change.Put.Weight = []float64{}
	}
	named := map[[2]uint32]bool{}
	name := func(u, v uint32) bool {
		if !g.IsDirected() && u > v {
			u, v = v, u
		}
		known := named[[2]uint32{u, v}]
		named[[2]uint32{u, v}] = true
		return !known
	}
	had := g.Columns()
	for i, u := range had.From {
		if rapid.IntRange(1, 8).Draw(t, "remove") <= 2 && name(u, had.To[i]) {
			change.Remove.From, change.Remove.To = append(change.Remove.From, u), append(change.Remove.To, had.To[i])
		}
	}
	node := rapid.Uint32Range(0, uint32(change.Nodes-1))
	for range rapid.IntRange(0, 5).Draw(t, "put") {
		if u, v := node.Draw(t, "from"), node.Draw(t, "to"); name(u, v) {
			change.Put.From, change.Put.To = append(change.Put.From, u), append(change.Put.To, v)
			if g.IsWeighted() {
				change.Put.Weight = append(change.Put.Weight, float64(rapid.IntRange(0, 32).Draw(t, "weight"))/8)
			}
		}
	}
	return change
}

func drawChanging(t *rapid.T) (*csr.Graph, csr.Change, *csr.Graph, []uint32) {
	g := csrtest.Draw(t, csrtest.Shape{Nodes: 20, Edges: 40, Directed: rapid.Bool().Draw(t, "directed"), Weighted: rapid.Bool().Draw(t, "weighted"),
		Loops: rapid.Bool().Draw(t, "loops"), Parallel: csr.Parallel(rapid.IntRange(0, 1).Draw(t, "parallel"))})
	change := drawChange(t, g)
	after, touched, err := g.Patch(context.Background(), change, 1)
	require.NoError(t, err)
	return g, change, after, touched
}

func drawSeedVectors(t *rapid.T, n, number int) [][]float64 {
	seeds := make([][]float64, number)
	for i := range seeds {
		seeds[i] = rapid.SliceOfN(rapid.Float64Range(0, 1), n, n).Draw(t, "seeds")
		seeds[i][rapid.IntRange(0, n-1).Draw(t, "sure")] = 1
	}
	return seeds
}

// A walker that has walked before, with another tolerance or damping, gives the bits of a walk on its own.
func TestWalkerWalksAsWalkDoes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := drawGraph(t)
		walker := propagate.NewWalker(g)
		for range 4 {
			seeds := drawSeedVectors(t, g.Order(), rapid.IntRange(1, 3).Draw(t, "vectors"))
			opts := propagate.Options{
				Damping: rapid.SampledFrom([]float64{0.5, 0.85}).Draw(t, "damping"), Tolerance: rapid.SampledFrom([]float64{1e-4, 1e-9, 0}).Draw(t, "tolerance"),
				Dangling: rapid.SampledFrom([]propagate.Dangling{propagate.DanglingRestart, propagate.DanglingLose}).Draw(t, "dead ends"),
			}
			want, err := propagate.Walk(context.Background(), g, seeds, opts)
			require.NoError(t, err)
			got, err := walker.Walk(context.Background(), seeds, opts)
			require.NoError(t, err)
			require.Equal(t, want, got)
		}
	})
}

// apart is the sum of differences.
func apart(a, b []float64) float64 {
	var sum float64
	for u := range a {
		sum += math.Abs(a[u] - b[u])
	}
	return sum
}

func checkResumed(t *rapid.T) {
	g, _, after, _ := drawChanging(t)
	opts := propagate.Options{Dangling: propagate.Dangling(rapid.IntRange(0, 2).Draw(t, "dangling")), Damping: rapid.SampledFrom([]float64{0, 0.5, 0.99}).Draw(t, "damping"),
		Tolerance: rapid.SampledFrom([]float64{0, 1e-12, 1e-6}).Draw(t, "tolerance"), Threads: 1}
	seeds := drawSeedVectors(t, g.Order(), rapid.IntRange(1, 3).Draw(t, "vectors"))
	walk, err := propagate.Walk(context.Background(), g, seeds, opts)
	require.NoError(t, err)
	for i := range seeds {
		for len(seeds[i]) < after.Order() {
			seeds[i] = append(seeds[i], rapid.Float64Range(0, 1).Draw(t, "new"))
		}
	}
	before := slices.Clone(walk.Scores[0])
	got, err := propagate.Resume(context.Background(), after, seeds, walk.Scores, opts)
	require.NoError(t, err)
	require.Equal(t, before, walk.Scores[0], "scores before must stay as they are")
	exact := opts
	exact.Tolerance = 1e-14
	want, err := propagate.Walk(context.Background(), after, seeds, exact)
	require.NoError(t, err)
	for i := range seeds {
		bound := (max(got.Residual[i], got.Tolerance)+want.Residual[i])/(1-got.Damping) + 1e-12
		if got.Dangling == propagate.DanglingRestart && !after.IsDirected() {
			bound *= 2 // the sum that scores are divided by is off, too
		}
		require.LessOrEqual(t, apart(want.Scores[i], got.Scores[i]), bound)
		require.GreaterOrEqual(t, slices.Min(got.Scores[i]), 0.0)
	}
	again, err := propagate.Resume(context.Background(), after, seeds, got.Scores, opts)
	require.NoError(t, err)
	for i := range seeds {
		// Scores below zero were lifted to it, which brings them nearer to the exact ones but may add to the residual.
		require.LessOrEqual(t, again.Start[i], (1+got.Damping)/(1-got.Damping)*got.Residual[i]+1e-13, "a start is measured as its residual says")
		if opts.Tolerance > 0 {
			require.LessOrEqual(t, again.Steps[i], want.Steps[i]+2)
		}
	}
	for _, threads := range []int{2, 3, 8} {
		opts.Threads = threads
		same, err := propagate.Resume(context.Background(), after, seeds, walk.Scores, opts)
		require.NoError(t, err)
		require.Equal(t, got, same)
	}
}

func TestResumedWalkIsTheWalk(t *testing.T) {
	for range 12 {
		rapid.Check(t, checkResumed)
	}
}

func FuzzResume(f *testing.F) { f.Fuzz(rapid.MakeFuzz(checkResumed)) }

func checkAdjusted(t *rapid.T) {
	g, _, after, touched := drawChanging(t)
	opts := propagate.Options{Dangling: propagate.DanglingLose, Damping: rapid.SampledFrom([]float64{0, 0.5, 0.95}).Draw(t, "damping"), Threads: 1}
	seeds := drawSeedVectors(t, g.Order(), 1)
	walk, err := propagate.Walk(context.Background(), g, seeds, opts)
	require.NoError(t, err)
	push := propagate.PushOptions{Damping: opts.Damping, Epsilon: rapid.SampledFrom([]float64{1e-3, 1e-6, 1e-12}).Draw(t, "epsilon")}
	got, err := propagate.Adjust(context.Background(), propagate.Difference{Before: g, After: after, Touched: touched}, walk.Scores[0], push)
	require.NoError(t, err)
	require.LessOrEqual(t, got.Bound, got.Epsilon)
	for len(seeds[0]) < after.Order() {
		seeds[0] = append(seeds[0], 0)
	}
	want, err := propagate.Walk(context.Background(), after, seeds, opts)
	require.NoError(t, err)
	require.LessOrEqual(t, apart(want.Scores[0], got.Scores), got.Residual+1e-11)
	for u, x := range want.Scores[0] {
		off := got.Residual
		if !after.IsDirected() {
			off = got.Bound*after.Strength(uint32(u)) + 1e-12
		}
		require.LessOrEqual(t, math.Abs(x-got.Scores[u]), off+1e-11)
		if _, changed := slices.BinarySearch(got.Nodes, uint32(u)); !changed {
			was := 0.0
			if u < g.Order() {
				was = walk.Scores[0][u]
			}
			require.Equal(t, was, got.Scores[u])
		}
	}
	still, err := propagate.Adjust(context.Background(), propagate.Difference{Before: after, After: after}, got.Scores, push)
	require.NoError(t, err)
	require.Equal(t, got.Scores, still.Scores)
	require.Empty(t, still.Nodes)
}

func TestAdjustedScoresAreWithinTheirBound(t *testing.T) {
	for range 12 {
		rapid.Check(t, checkAdjusted)
	}
}

func FuzzAdjust(f *testing.F) { f.Fuzz(rapid.MakeFuzz(checkAdjusted)) }

// disturbed is a large graph, one in which one edge in a thousand is another, and the nodes touched.
func disturbed(t require.TestingT, nodes int, directed bool) (before, after *csr.Graph, touched []uint32) {
	c, _ := csrtest.Partition{Nodes: nodes, Degree: 20, Mixing: 0.3, Seed: 1, Weighted: true}.Draw()
	g, err := csr.Build(context.Background(), c, csr.Options{Nodes: nodes, Directed: directed})
	require.NoError(t, err)
	random := rand.New(rand.NewPCG(1, 1))
	var change csr.Change
	named := map[[2]uint32]bool{}
	fresh := func(u, v uint32) bool {
		key := [2]uint32{min(u, v), max(u, v)}
		known := named[key]
		named[key] = true
		return !known
	}
	for range g.Size() / 2000 {
		u, v := uint32(random.IntN(nodes)), uint32(random.IntN(nodes))
		if u != v && fresh(u, v) {
			change.Put.From, change.Put.To, change.Put.Weight = append(change.Put.From, u), append(change.Put.To, v), append(change.Put.Weight, 1+random.Float64())
		}
		if u = uint32(random.IntN(nodes)); g.Degree(u) > 0 {
			if v = g.Neighbours(u)[random.IntN(g.Degree(u))]; fresh(u, v) {
				change.Remove.From, change.Remove.To = append(change.Remove.From, u), append(change.Remove.To, v)
			}
		}
	}
	after, touched, err = g.Patch(context.Background(), change, 0)
	require.NoError(t, err)
	return g, after, touched
}

func ones(n int) [][]float64 {
	all := make([]float64, n)
	for u := range all {
		all[u] = 1
	}
	return [][]float64{all}
}

func TestAChangeIsFollowedWithLessWork(t *testing.T) {
	for name, directed := range map[string]bool{"undirected": false, "directed": true} {
		t.Run(name, func(t *testing.T) {
			before, after, touched := disturbed(t, 5000, directed)
			opts := propagate.Options{Tolerance: 1e-8, Dangling: propagate.DanglingLose}
			walk, err := propagate.Walk(t.Context(), before, ones(5000), opts)
			require.NoError(t, err)
			anew, err := propagate.Walk(t.Context(), after, ones(5000), opts)
			require.NoError(t, err)
			resumed, err := propagate.Resume(t.Context(), after, ones(5000), walk.Scores, opts)
			require.NoError(t, err)
			assert.Less(t, resumed.Steps[0], anew.Steps[0])
			assert.Greater(t, resumed.Start[0], opts.Tolerance)
			var strength float64
			for u := range uint32(5000) {
				strength += after.Strength(u)
			}
			adjusted, err := propagate.Adjust(t.Context(), propagate.Difference{Before: before, After: after, Touched: touched}, walk.Scores[0], propagate.PushOptions{Epsilon: 0.01 / strength})
			require.NoError(t, err)
			off := apart(anew.Scores[0], adjusted.Scores)
			assert.LessOrEqual(t, off, adjusted.Residual+1e-6)
			assert.Less(t, off, 0.5*apart(anew.Scores[0], walk.Scores[0]))
			assert.Less(t, adjusted.Pushes, 5000)
		})
	}
}

func TestChangesThatCannotBeFollowed(t *testing.T) {
	build := func(n int, directed bool) *csr.Graph {
		g, err := csr.Build(t.Context(), csr.Columns{From: []uint32{0}, To: []uint32{1}}, csr.Options{Nodes: n, Directed: directed})
		require.NoError(t, err)
		return g
	}
	g := build(3, false)
	seeds := [][]float64{{1, 0, 0}}
	for name, before := range map[string][][]float64{
		"too few": {}, "too long": {{1, 1, 1, 1}}, "below 0": {{1, -1, 0}}, "no number": {{math.NaN(), 1, 0}}, "nothing": {{0, 0, 0}}, "without end": {{math.MaxFloat64, math.MaxFloat64, 0}},
	} {
		t.Run("resume "+name, func(t *testing.T) {
			_, err := propagate.Resume(t.Context(), g, seeds, before, propagate.Options{})
			require.ErrorIs(t, err, propagate.ErrSeeds)
		})
	}
	_, err := propagate.Resume(t.Context(), g, [][]float64{{0, 0, 0}}, seeds, propagate.Options{})
	require.ErrorIs(t, err, propagate.ErrSeeds)
	_, err = propagate.Resume(t.Context(), g, seeds, seeds, propagate.Options{Damping: 2})
	require.ErrorIs(t, err, propagate.ErrOptions)
	_, err = propagate.Resume(t.Context(), g, seeds, seeds, propagate.Options{MaxSteps: 1})
	require.ErrorIs(t, err, propagate.ErrSteps)
	scores := []float64{1, 0, 0}
	for name, c := range map[string]struct {
		after   *csr.Graph
		touched []uint32
		scores  []float64
		opts    propagate.PushOptions
		want    error
	}{
		"fewer nodes":      {after: build(2, false), scores: scores, want: propagate.ErrOptions},
		"another kind":     {after: build(3, true), scores: scores, want: propagate.ErrOptions},
		"too few scores":   {after: g, scores: scores[:2], want: propagate.ErrSeeds},
		"no numbers":       {after: g, scores: []float64{math.Inf(1), 0, 0}, want: propagate.ErrSeeds},
		"nobody touched":   {after: g, scores: scores, touched: []uint32{3}, want: propagate.ErrOptions},
		"negative epsilon": {after: g, scores: scores, opts: propagate.PushOptions{Epsilon: -1}, want: propagate.ErrOptions},
	} {
		t.Run("adjust "+name, func(t *testing.T) {
			_, err := propagate.Adjust(t.Context(), propagate.Difference{Before: g, After: c.after, Touched: c.touched}, c.scores, c.opts)
			require.ErrorIs(t, err, c.want)
		})
	}
	empty, err := csr.Build(t.Context(), csr.Columns{}, csr.Options{})
	require.NoError(t, err)
	nothing, err := propagate.Resume(t.Context(), empty, [][]float64{{}}, [][]float64{{}}, propagate.Options{})
	require.NoError(t, err)
	require.Equal(t, [][]float64{{}}, nothing.Scores)
}

func TestFollowingAChangeIsCancelled(t *testing.T) {
	before, after, touched := disturbed(t, 2000, false)
	walk, err := propagate.Walk(t.Context(), before, ones(2000), propagate.Options{})
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = propagate.Resume(ctx, after, ones(2000), walk.Scores, propagate.Options{})
	require.ErrorIs(t, err, context.Canceled)
	_, err = propagate.Adjust(ctx, propagate.Difference{Before: before, After: after, Touched: touched}, walk.Scores[0], propagate.PushOptions{})
	require.ErrorIs(t, err, context.Canceled)
	ctx, cancel = context.WithCancel(t.Context())
	_, err = propagate.Resume(ctx, after, ones(2000), walk.Scores, propagate.Options{Progress: func(int, int) { cancel() }})
	require.ErrorIs(t, err, context.Canceled)
	cancel()
}

// BenchmarkChange follows a change of a thousandth of the edges in three ways, to a residual of 1e-8.
func BenchmarkChange(b *testing.B) {
	const n = 200_000
	before, after, touched := disturbed(b, n, false)
	opts := propagate.Options{Tolerance: 1e-8, Dangling: propagate.DanglingLose}
	walk, err := propagate.Walk(b.Context(), before, ones(n), propagate.Options{Dangling: propagate.DanglingLose})
	require.NoError(b, err)
	exact, err := propagate.Walk(b.Context(), after, ones(n), propagate.Options{Dangling: propagate.DanglingLose})
	require.NoError(b, err)
	var anew time.Duration
	b.Run("anew", func(b *testing.B) {
		for b.Loop() {
			got, err := propagate.Walk(b.Context(), after, ones(n), opts)
			require.NoError(b, err)
			b.ReportMetric(float64(got.Steps[0]), "sweeps")
		}
		anew = b.Elapsed() / time.Duration(b.N)
	})
	ratio := func(b *testing.B, scores []float64) {
		b.ReportMetric(float64(anew)/float64(b.Elapsed()/time.Duration(b.N)), "×faster")
		b.ReportMetric(apart(exact.Scores[0], scores)/apart(exact.Scores[0], walk.Scores[0]), "ofchange")
	}
	b.Run("resume", func(b *testing.B) {
		var got propagate.Resumed
		for b.Loop() {
			got, err = propagate.Resume(b.Context(), after, ones(n), walk.Scores, opts)
			require.NoError(b, err)
		}
		b.ReportMetric(float64(got.Steps[0]), "sweeps")
		ratio(b, got.Scores[0])
	})
	var strength float64
	for u := range uint32(n) {
		strength += after.Strength(u)
	}
	for name, part := range map[string]float64{"adjust to 1e-1": 1e-1, "adjust to 1e-2": 1e-2, "adjust to 1e-3": 1e-3} {
		b.Run(name, func(b *testing.B) {
			var got propagate.Adjusted
			for b.Loop() {
				got, err = propagate.Adjust(b.Context(), propagate.Difference{Before: before, After: after, Touched: touched}, walk.Scores[0], propagate.PushOptions{Epsilon: part / strength})
				require.NoError(b, err)
			}
			b.ReportMetric(float64(got.Pushes), "pushes")
			ratio(b, got.Scores)
		})
	}
}

func TestResumeNamesItsSolver(t *testing.T) {
	for directed, solver := range map[bool]string{false: propagate.ConjugateGradients, true: propagate.GaussSeidel} {
		g, err := csr.Build(t.Context(), csr.Columns{From: []uint32{0, 1, 2}, To: []uint32{1, 2, 0}}, csr.Options{Nodes: 3, Directed: directed})
		require.NoError(t, err)
		got, err := propagate.Resume(t.Context(), g, [][]float64{{1, 0, 0}}, [][]float64{{1, 1, 1}}, propagate.Options{})
		require.NoError(t, err)
		require.Equal(t, solver, got.Solver)
	}
}

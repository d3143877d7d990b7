package propagate_test

import (
	"context"
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
	"gonum.org/v1/gonum/mat"
	"pgregory.net/rapid"

	"rummage/algo/csr"
	"rummage/algo/csr/csrtest"
	"rummage/algo/propagate"
	"rummage/fixtures"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// dense solves the walk by elimination.
func dense(t require.TestingT, g *csr.Graph, seeds []float64, c float64, dangling propagate.Dangling) []float64 {
	n := g.Order()
	q, sum := make([]float64, n), 0.0
	for _, s := range seeds {
		sum += s
	}
	for u, s := range seeds {
		q[u] = s / sum
	}
	a := mat.NewDense(n, n, nil)
	for u := range n {
		a.Set(u, u, 1)
	}
	for u := range n {
		strength := g.Strength(uint32(u))
		if strength == 0 {
			switch dangling {
			case propagate.DanglingRestart:
				for v := range n {
					a.Set(v, u, a.At(v, u)-c*q[v])
				}
			case propagate.DanglingStay:
				a.Set(u, u, a.At(u, u)-c)
			case propagate.DanglingLose:
			}
			continue
		}
		for i, v := range g.Neighbours(uint32(u)) {
			w := 1.0
			if g.IsWeighted() {
				w = g.Weights(uint32(u))[i]
			}
			a.Set(int(v), u, a.At(int(v), u)-c*w/strength)
		}
	}
	right := mat.NewVecDense(n, nil)
	for u := range n {
		right.SetVec(u, (1-c)*q[u])
	}
	var x mat.VecDense
	require.NoError(t, x.SolveVec(a, right))
	return x.RawVector().Data
}

func drawGraph(t *rapid.T) *csr.Graph {
	return csrtest.Draw(t, csrtest.Shape{
		Directed: rapid.Bool().Draw(t, "directed"), Weighted: rapid.Bool().Draw(t, "weighted"), Loops: true,
		Typed: rapid.Bool().Draw(t, "typed"), Parallel: csr.Parallel(rapid.IntRange(0, 1).Draw(t, "parallel")),
	})
}

func drawSeeds(t *rapid.T, n int) []float64 {
	seeds := rapid.SliceOfN(rapid.Float64Range(0, 3), n, n).Draw(t, "seeds")
	seeds[rapid.IntRange(0, n-1).Draw(t, "sure")] = 1
	return seeds
}

func TestWalkAgreesWithElimination(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		for range graphs {
			g := drawGraph(t)
			opts := propagate.Options{
				Damping:  rapid.SampledFrom([]float64{0.1, 0.5, 0.85, 0.95}).Draw(t, "damping"),
				Dangling: propagate.Dangling(rapid.IntRange(0, 2).Draw(t, "dangling")),
			}
			var seeds [][]float64
			for range rapid.IntRange(1, 10).Draw(t, "vectors") {
				seeds = append(seeds, drawSeeds(t, g.Order()))
			}
			result, err := propagate.Walk(context.Background(), g, seeds, opts)
			require.NoError(t, err)
			for i := range seeds {
				require.InDeltaSlice(t, dense(t, g, seeds[i], opts.Damping, opts.Dangling), result.Scores[i], 1e-11)
				require.Less(t, result.Residual[i], 1e-12)
				alone, err := propagate.Walk(context.Background(), g, seeds[i:i+1], opts)
				require.NoError(t, err)
				require.Equal(t, alone.Scores[0], result.Scores[i], "a vector must not depend on those beside it")
				require.Equal(t, alone.Steps[0], result.Steps[i])
			}
		}
	})
}

func TestContributionsAreTheSharesOfTheScore(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		for range graphs {
			g := drawGraph(t)
			seeds := drawSeeds(t, g.Order())
			opts := propagate.Options{Dangling: propagate.Dangling(rapid.IntRange(0, 2).Draw(t, "dangling"))}
			walk, err := propagate.Walk(context.Background(), g, [][]float64{seeds}, opts)
			require.NoError(t, err)
			sum := 0.0
			for _, s := range seeds {
				sum += s
			}
			target := rapid.Uint32Range(0, uint32(g.Order()-1)).Draw(t, "target")
			got, err := propagate.Contributions(context.Background(), g, target, seeds, opts)
			require.NoError(t, err)
			require.InDelta(t, walk.Scores[0][target], got.Score, 1e-11)
			total := 0.0
			for _, share := range got.Shares {
				total += share.Value
				if opts.Dangling != propagate.DanglingLose {
					continue
				}
				one := make([]float64, g.Order())
				one[share.Seed] = 1
				single, err := propagate.Walk(context.Background(), g, [][]float64{one}, opts)
				require.NoError(t, err)
				require.InDelta(t, seeds[share.Seed]/sum*single.Scores[0][target], share.Value, 1e-11)
			}
			require.Equal(t, got.Score, total)
		}
	})
}

func TestInflowLeavesTheSeed(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		for range graphs {
			g := drawGraph(t)
			seeds := drawSeeds(t, g.Order())
			walk, err := propagate.Walk(context.Background(), g, [][]float64{seeds}, propagate.Options{Dangling: propagate.DanglingLose})
			require.NoError(t, err)
			sum := 0.0
			for _, s := range seeds {
				sum += s
			}
			for u := range uint32(g.Order()) {
				own := 0.15 * seeds[u] / sum
				for i, part := range propagate.Inflow(g, walk.Scores[0], u, 0.85) {
					require.Equal(t, g.InNeighbours(u)[i], part.From)
					if g.IsTyped() {
						require.Equal(t, g.InTypes(u)[i], part.Type)
					}
					own += part.Value
				}
				require.InDelta(t, walk.Scores[0][u], own, 1e-11)
			}
		}
	})
}

func TestPushStaysWithinItsBound(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		for range graphs {
			g := drawGraph(t)
			seeds := drawSeeds(t, g.Order())
			var list []propagate.Share
			for u, s := range seeds {
				list = append(list, propagate.Share{Seed: uint32(u), Value: s})
			}
			epsilon := rapid.SampledFrom([]float64{1e-2, 1e-4, 1e-8}).Draw(t, "epsilon")
			exact := dense(t, g, seeds, 0.85, propagate.DanglingLose)
			got, err := propagate.Push(context.Background(), g, list, propagate.PushOptions{Epsilon: epsilon})
			require.NoError(t, err)
			scores := make([]float64, g.Order())
			for i, u := range got.Nodes {
				scores[u] = got.Scores[i]
			}
			missing := 0.0
			for u := range exact {
				require.LessOrEqual(t, scores[u], exact[u]+1e-12)
				if !g.IsDirected() && g.Strength(uint32(u)) > 0 {
					require.LessOrEqual(t, exact[u]-scores[u], got.Bound*g.Strength(uint32(u))+1e-12)
				}
				missing += exact[u] - scores[u]
			}
			require.LessOrEqual(t, missing, got.Residual+1e-12)
			require.LessOrEqual(t, got.Bound, got.Epsilon)
		}
	})
}

func TestWalkDoesNotDependOnTheNamesOfNodes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := drawGraph(t)
		name := csrtest.Permutation(t, g.Order())
		seeds := drawSeeds(t, g.Order())
		renamed := make([]float64, len(seeds))
		for u, s := range seeds {
			renamed[name[u]] = s
		}
		a, err := propagate.Walk(context.Background(), g, [][]float64{seeds}, propagate.Options{})
		require.NoError(t, err)
		b, err := propagate.Walk(context.Background(), csrtest.Rename(t, g, name), [][]float64{renamed}, propagate.Options{})
		require.NoError(t, err)
		for u := range seeds {
			require.InDelta(t, a.Scores[0][u], b.Scores[0][name[u]], 1e-12)
		}
	})
}

// risk reads the small trade graph and its exact values.
func risk(t testing.TB) (*csr.Graph, map[string][]string) {
	nodes := csrtest.Table(t, fixtures.Open, "oracle/risk/nodes.csv.gz")
	return csrtest.Network(t, csrtest.Table(t, fixtures.Open, "oracle/risk/edges.csv.gz"), nodes["id"], false), nodes
}

func TestWalkAndExposureGiveThePublishedValues(t *testing.T) {
	g, nodes := risk(t)
	ones := make([]float64, g.Order())
	for u := range ones {
		ones[u] = 1
	}
	hit, inspected := csrtest.Numbers(t, nodes["hit"]), csrtest.Numbers(t, nodes["inspected"])
	walk, err := propagate.Walk(t.Context(), g, [][]float64{hit, ones, inspected}, propagate.Options{})
	require.NoError(t, err)
	for i, column := range []string{"ppr_hits", "ppr_uniform", "ppr_inspected"} {
		assert.InDeltaSlice(t, csrtest.Numbers(t, nodes[column]), walk.Scores[i], 1e-12, column)
	}
	exposed, err := propagate.Exposure(t.Context(), g, [][]float64{hit}, nil, propagate.Options{})
	require.NoError(t, err)
	assert.InDeltaSlice(t, csrtest.Numbers(t, nodes["ratio_uniform"]), exposed.Ratio[0], 1e-10)
	assert.Len(t, exposed.Walk.Scores, 2)
	exposed, err = propagate.Exposure(t.Context(), g, [][]float64{hit}, inspected, propagate.Options{})
	require.NoError(t, err)
	assert.InDeltaSlice(t, csrtest.Numbers(t, nodes["ratio_inspected"]), exposed.Ratio[0], 1e-10)
}

func TestContributionsGiveThePublishedValues(t *testing.T) {
	g, nodes := risk(t)
	hit := csrtest.Numbers(t, nodes["hit"])
	number := map[string]uint32{}
	for u, id := range nodes["id"] {
		number[id] = uint32(u)
	}
	table := csrtest.Table(t, fixtures.Open, "oracle/risk/contributions.csv.gz")
	values := csrtest.Numbers(t, table["contribution"])
	for row, id := range table["node"] {
		got, err := propagate.Contributions(t.Context(), g, number[id], hit, propagate.Options{})
		require.NoError(t, err)
		found := false
		for _, share := range got.Shares {
			if nodes["id"][share.Seed] == table["seed"][row] {
				assert.InDelta(t, values[row], share.Value, 1e-12)
				found = true
			}
		}
		assert.True(t, found)
	}
}

func TestWalkGivesTheSameBitsOnAnyNumberOfThreads(t *testing.T) {
	const n = 6_000
	for _, directed := range []bool{false, true} {
		g, err := csr.Build(t.Context(), csrtest.Planted(n, 25, 3, 1, 3), csr.Options{Nodes: n, Directed: directed})
		require.NoError(t, err)
		seeds := [][]float64{make([]float64, n), make([]float64, n), make([]float64, n)}
		for u := range n {
			seeds[0][u], seeds[1][u], seeds[2][u] = 1, float64(u%7), float64(u/5_990)
		}
		one, err := propagate.Walk(t.Context(), g, seeds, propagate.Options{Threads: 1})
		require.NoError(t, err)
		for _, threads := range []int{2, 5} {
			many, err := propagate.Walk(t.Context(), g, seeds, propagate.Options{Threads: threads})
			require.NoError(t, err)
			assert.Equal(t, one, many)
		}
		a, err := propagate.Contributions(t.Context(), g, 7, seeds[1], propagate.Options{Threads: 1})
		require.NoError(t, err)
		b, err := propagate.Contributions(t.Context(), g, 7, seeds[1], propagate.Options{Threads: 3})
		require.NoError(t, err)
		assert.Equal(t, a, b)
		assert.InDelta(t, one.Scores[1][7], a.Score, 1e-12)
	}
}

func TestWalkReportsProgressThatRises(t *testing.T) {
	g, _ := risk(t)
	seeds := make([][]float64, 17)
	for i := range seeds {
		seeds[i] = make([]float64, g.Order())
		seeds[i][i] = 1
	}
	last, end := 0, 0
	_, err := propagate.Walk(t.Context(), g, seeds, propagate.Options{Progress: func(done, total int) {
		assert.LessOrEqual(t, last, done)
		assert.LessOrEqual(t, done, total)
		last, end = done, total
	}})
	require.NoError(t, err)
	assert.Positive(t, end)
	assert.Equal(t, end, last)
}

func TestWalkStopsWhenCancelled(t *testing.T) {
	g, nodes := risk(t)
	ctx, cancel := context.WithCancel(t.Context())
	steps := 0
	opts := propagate.Options{Progress: func(done, _ int) {
		if steps++; done == 3 {
			cancel()
		}
	}}
	_, err := propagate.Walk(ctx, g, [][]float64{csrtest.Numbers(t, nodes["hit"])}, opts)
	require.ErrorIs(t, err, context.Canceled)
	assert.Equal(t, 3, steps)
	_, err = propagate.Contributions(ctx, g, 0, csrtest.Numbers(t, nodes["hit"]), opts)
	require.ErrorIs(t, err, context.Canceled)
	_, err = propagate.Push(ctx, g, []propagate.Share{{Seed: 0, Value: 1}}, propagate.PushOptions{})
	require.ErrorIs(t, err, context.Canceled)
	_, err = propagate.Exposure(ctx, g, [][]float64{csrtest.Numbers(t, nodes["hit"])}, nil, opts)
	require.ErrorIs(t, err, context.Canceled)
}

func TestWalkThatRunsOutOfStepsSaysHowFarItCame(t *testing.T) {
	for _, directed := range []bool{false, true} {
		// A circle with a tail, which is a dead end where edges have a direction.
		c := csr.Columns{From: []uint32{20}, To: []uint32{40}}
		for u := range uint32(40) {
			c.From, c.To = append(c.From, u), append(c.To, (u+39)%40)
		}
		g, err := csr.Build(t.Context(), c, csr.Options{Nodes: 41, Directed: directed})
		require.NoError(t, err)
		seeds := make([]float64, 41)
		seeds[5] = 1
		for steps := 1; steps < 4; steps++ {
			walk, err := propagate.Walk(t.Context(), g, [][]float64{seeds}, propagate.Options{MaxSteps: steps})
			require.ErrorIs(t, err, propagate.ErrSteps)
			assert.ErrorContains(t, err, fmt.Sprintf("after %d steps", steps))
			assert.Equal(t, []int{steps}, walk.Steps)
			assert.Positive(t, walk.Residual[0])
			shares, err := propagate.Contributions(t.Context(), g, 1, seeds, propagate.Options{MaxSteps: steps})
			require.ErrorIs(t, err, propagate.ErrSteps)
			assert.Len(t, shares.Shares, 1)
		}
	}
}

func TestWalkOfSmallGraphs(t *testing.T) {
	empty, err := csr.Build(t.Context(), csr.Columns{}, csr.Options{})
	require.NoError(t, err)
	walk, err := propagate.Walk(t.Context(), empty, [][]float64{{}}, propagate.Options{})
	require.NoError(t, err)
	assert.Equal(t, [][]float64{{}}, walk.Scores)
	walk, err = propagate.Walk(t.Context(), empty, nil, propagate.Options{})
	require.NoError(t, err)
	assert.Empty(t, walk.Scores)

	for name, c := range map[string]struct {
		edges csr.Columns
		want  map[propagate.Dangling]float64
	}{
		"one node":                  {csr.Columns{}, map[propagate.Dangling]float64{propagate.DanglingRestart: 1, propagate.DanglingStay: 1, propagate.DanglingLose: 0.15}},
		"one node with a loop":      {csr.Columns{From: []uint32{0}, To: []uint32{0}}, map[propagate.Dangling]float64{propagate.DanglingRestart: 1, propagate.DanglingStay: 1, propagate.DanglingLose: 1}},
		"a loop of no weight":       {csr.Columns{From: []uint32{0}, To: []uint32{0}, Weight: []float64{0}}, map[propagate.Dangling]float64{propagate.DanglingRestart: 1, propagate.DanglingLose: 0.15}},
		"a loop of tiny weight":     {csr.Columns{From: []uint32{0}, To: []uint32{0}, Weight: []float64{csr.LeastWeight}}, map[propagate.Dangling]float64{propagate.DanglingLose: 1}},
		"a loop of greatest weight": {csr.Columns{From: []uint32{0}, To: []uint32{0}, Weight: []float64{csr.GreatestWeight}}, map[propagate.Dangling]float64{propagate.DanglingLose: 1}},
	} {
		for _, directed := range []bool{false, true} {
			g, err := csr.Build(t.Context(), c.edges, csr.Options{Nodes: 1, Directed: directed})
			require.NoError(t, err)
			for dangling, want := range c.want {
				walk, err := propagate.Walk(t.Context(), g, [][]float64{{1e-300}}, propagate.Options{Dangling: dangling})
				require.NoError(t, err)
				assert.InDelta(t, want, walk.Scores[0][0], 1e-13, "%s, directed %v, dangling %d", name, directed, dangling)
			}
		}
	}
}

func TestRefusals(t *testing.T) {
	g, _ := risk(t)
	good := make([]float64, g.Order())
	good[0] = 1
	with := func(x float64) []float64 { bad := append([]float64{}, good...); bad[1] = x; return bad }
	walks := map[string]struct {
		seeds []float64
		opts  propagate.Options
		want  error
	}{
		"too few seeds":      {good[1:], propagate.Options{}, propagate.ErrSeeds},
		"seeds all zero":     {make([]float64, g.Order()), propagate.Options{}, propagate.ErrSeeds},
		"a seed that is NaN": {with(math.NaN()), propagate.Options{}, propagate.ErrSeeds},
		"a negative seed":    {with(-1), propagate.Options{}, propagate.ErrSeeds},
		"an infinite seed":   {with(math.Inf(1)), propagate.Options{}, propagate.ErrSeeds},
		"damping of one":     {good, propagate.Options{Damping: 1}, propagate.ErrOptions},
		"damping of NaN":     {good, propagate.Options{Damping: math.NaN()}, propagate.ErrOptions},
		"negative tolerance": {good, propagate.Options{Tolerance: -1}, propagate.ErrOptions},
		"negative steps":     {good, propagate.Options{MaxSteps: -1}, propagate.ErrOptions},
		"unknown dangling":   {good, propagate.Options{Dangling: 9}, propagate.ErrOptions},
	}
	for name, c := range walks {
		t.Run(name, func(t *testing.T) {
			_, err := propagate.Walk(t.Context(), g, [][]float64{c.seeds}, c.opts)
			require.ErrorIs(t, err, c.want)
			_, err = propagate.Contributions(t.Context(), g, 0, c.seeds, c.opts)
			require.ErrorIs(t, err, c.want)
		})
	}
	_, err := propagate.Contributions(t.Context(), g, 1000, good, propagate.Options{})
	require.ErrorIs(t, err, propagate.ErrOptions)
	assert.ErrorContains(t, err, "target 1000")
	for name, c := range map[string]struct {
		seeds []propagate.Share
		opts  propagate.PushOptions
		want  error
	}{
		"no seeds":         {nil, propagate.PushOptions{}, propagate.ErrSeeds},
		"an unknown node":  {[]propagate.Share{{Seed: 1000, Value: 1}}, propagate.PushOptions{}, propagate.ErrSeeds},
		"a negative seed":  {[]propagate.Share{{Seed: 0, Value: -1}}, propagate.PushOptions{}, propagate.ErrSeeds},
		"damping of two":   {[]propagate.Share{{Seed: 0, Value: 1}}, propagate.PushOptions{Damping: 2}, propagate.ErrOptions},
		"negative epsilon": {[]propagate.Share{{Seed: 0, Value: 1}}, propagate.PushOptions{Epsilon: -1}, propagate.ErrOptions},
		"negative pushes":  {[]propagate.Share{{Seed: 0, Value: 1}}, propagate.PushOptions{MaxPushes: -1}, propagate.ErrOptions},
	} {
		t.Run("push: "+name, func(t *testing.T) {
			_, err := propagate.Push(t.Context(), g, c.seeds, c.opts)
			require.ErrorIs(t, err, c.want)
		})
	}
	pushed, err := propagate.Push(t.Context(), g, []propagate.Share{{Seed: 0, Value: 1}}, propagate.PushOptions{MaxPushes: 3})
	require.NoError(t, err)
	assert.Equal(t, 3, pushed.Pushes)
	assert.Greater(t, pushed.Residual, 0.1)
}

func TestRatioOfNothing(t *testing.T) {
	assert.Equal(t, []float64{0, 0, math.Inf(1), 2}, propagate.Ratio([]float64{0, 0, 1, 4}, []float64{0, 1, 0, 2}))
}

// FuzzWalk reads three bytes an edge and one a seed.
func FuzzWalk(f *testing.F) {
	f.Add([]byte{0, 1, 8, 1, 2, 16, 3, 3, 0}, uint8(1), true)
	f.Add([]byte{}, uint8(0), false)
	f.Fuzz(func(t *testing.T, data []byte, seed uint8, directed bool) {
		var c csr.Columns
		for ; len(data) >= 3; data = data[3:] {
			c.From, c.To = append(c.From, uint32(data[0]%32)), append(c.To, uint32(data[1]%32))
			c.Weight = append(c.Weight, float64(data[2])*math.Pow(10, float64(int(data[2])%60-30)))
		}
		g, err := csr.Build(t.Context(), c, csr.Options{Nodes: 32, Directed: directed})
		require.NoError(t, err)
		seeds := make([]float64, 32)
		seeds[seed%32], seeds[0] = 1, 0.5
		walk, err := propagate.Walk(t.Context(), g, [][]float64{seeds}, propagate.Options{})
		require.NoError(t, err)
		sum := 0.0
		for _, x := range walk.Scores[0] {
			require.GreaterOrEqual(t, x, 0.0)
			sum += x
		}
		require.InDelta(t, 1, sum, 1e-9)
	})
}

func BenchmarkWalk(b *testing.B) {
	for name, weighted := range map[string]bool{"weighted": true, "plain": false} {
		for _, directed := range []bool{false, true} {
			edges, _ := csrtest.Partition{Nodes: 100_000, Degree: 18, Mixing: 0.3, Seed: 1, Weighted: weighted}.Draw()
			g, err := csr.Build(b.Context(), edges, csr.Options{Nodes: 100_000, Directed: directed})
			require.NoError(b, err)
			for _, width := range []int{1, 8} {
				b.Run(fmt.Sprintf("%s, directed %v, %d vectors", name, directed, width), func(b *testing.B) { benchmarkWalk(b, g, width) })
			}
		}
	}
}

func benchmarkWalk(b *testing.B, g *csr.Graph, width int) {
	seeds := make([][]float64, width)
	for i := range seeds {
		seeds[i] = make([]float64, g.Order())
		for u := i; u < g.Order(); u += 1000 {
			seeds[i][u] = 1
		}
	}
	var steps int
	for b.Loop() {
		walk, err := propagate.Walk(b.Context(), g, seeds, propagate.Options{Tolerance: 1e-10})
		require.NoError(b, err)
		steps = walk.Steps[0]
	}
	b.ReportMetric(float64(steps), "steps")
}

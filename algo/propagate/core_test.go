package propagate_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"rummage/algo/csr"
	"rummage/algo/propagate"
)

// drawHairy draws an undirected graph that is mostly trees: every node but the first is tied to one before it, some to a second.
func drawHairy(t *rapid.T) *csr.Graph {
	n := rapid.IntRange(2, 40).Draw(t, "nodes")
	var c csr.Columns
	tie := func(u, v uint32) {
		c.From, c.To = append(c.From, u), append(c.To, v)
		c.Weight = append(c.Weight, rapid.SampledFrom([]float64{0, 1e-90, 1e-6, 0.5, 1, 7, 1e6}).Draw(t, "weight"))
	}
	for u := 1; u < n; u++ {
		tie(uint32(u), uint32(rapid.IntRange(0, u-1).Draw(t, "parent")))
	}
	for range rapid.IntRange(0, 4).Draw(t, "loops") {
		tie(uint32(rapid.IntRange(0, n-1).Draw(t, "from")), uint32(rapid.IntRange(0, n-1).Draw(t, "to")))
	}
	g, err := csr.Build(context.Background(), c, csr.Options{Nodes: n})
	require.NoError(t, err)
	return g
}

// Trees are taken off before the sweeps; what is said of their nodes must be what it would be had they stayed.
func TestWalkOnTreesAgreesWithElimination(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := drawHairy(t)
		opts := propagate.Options{
			Damping:  rapid.SampledFrom([]float64{0.1, 0.85, 0.99}).Draw(t, "damping"),
			Dangling: propagate.Dangling(rapid.IntRange(0, 2).Draw(t, "dangling")),
		}
		seeds := drawSeeds(t, g.Order())
		walk, err := propagate.Walk(context.Background(), g, [][]float64{seeds}, opts)
		require.NoError(t, err)
		assert.InDeltaSlice(t, dense(t, g, seeds, opts.Damping, opts.Dangling), walk.Scores[0], 1e-11)
		target := rapid.Uint32Range(0, uint32(g.Order()-1)).Draw(t, "target")
		told, err := propagate.Contributions(context.Background(), g, target, seeds, opts)
		require.NoError(t, err)
		assert.InDelta(t, walk.Scores[0][target], told.Score, 1e-11)
	})
}

func TestATreeTakesNoSweepToSpeakOf(t *testing.T) {
	var c csr.Columns
	for u := uint32(1); u < 1000; u++ {
		c.From, c.To = append(c.From, u), append(c.To, u/3)
	}
	g, err := csr.Build(t.Context(), c, csr.Options{Nodes: 1000})
	require.NoError(t, err)
	seeds := make([]float64, 1000)
	seeds[999] = 1
	walk, err := propagate.Walk(t.Context(), g, [][]float64{seeds}, propagate.Options{})
	require.NoError(t, err)
	assert.Equal(t, []int{2}, walk.Steps, "one for the root, one to make sure")
}

// Two parts whose weights lie 160 powers of ten apart: to the inner products of conjugate gradients the heavier one does not exist.
func TestWalkOnPartsOfVeryDifferentWeights(t *testing.T) {
	var c csr.Columns
	const n = 200
	for u := range uint32(n) {
		for _, step := range []uint32{1, 7, 31} {
			c.From, c.To, c.Weight = append(c.From, u), append(c.To, (u+step)%n), append(c.Weight, 1e80)
		}
	}
	c.From, c.To, c.Weight = append(c.From, n, n+1, n+2, n+3), append(c.To, n+1, n+2, n, n), append(c.Weight, 1e-80, 2e-80, 3e-80, 1e-80)
	g, err := csr.Build(t.Context(), c, csr.Options{Nodes: n + 4})
	require.NoError(t, err)
	seeds := make([]float64, n+4)
	seeds[0], seeds[n], seeds[n+3] = 1, 1, 3
	walk, err := propagate.Walk(t.Context(), g, [][]float64{seeds}, propagate.Options{})
	require.NoError(t, err)
	assert.InDeltaSlice(t, dense(t, g, seeds, 0.85, propagate.DanglingRestart), walk.Scores[0], 1e-13)
}

// On a ring conjugate gradients have no advantage: asked for more than float64 can give, they hand over to the semi-iteration, which stops there.
func TestWalkOnARingStopsWhereRoundingDoes(t *testing.T) {
	const n = 301
	var c csr.Columns
	for u := range uint32(n) {
		c.From, c.To = append(c.From, u), append(c.To, (u+1)%n)
	}
	g, err := csr.Build(t.Context(), c, csr.Options{Nodes: n})
	require.NoError(t, err)
	one, other := make([]float64, n), make([]float64, n)
	one[7], other[100], other[200] = 1, 1, 2
	for _, tolerance := range []float64{1e-15, 1e-16, 1e-18} {
		walk, err := propagate.Walk(t.Context(), g, [][]float64{one, other}, propagate.Options{Tolerance: tolerance})
		require.NoError(t, err)
		assert.InDeltaSlice(t, dense(t, g, one, 0.85, propagate.DanglingRestart), walk.Scores[0], 1e-14)
		assert.InDeltaSlice(t, dense(t, g, other, 0.85, propagate.DanglingRestart), walk.Scores[1], 1e-14)
		assert.Less(t, walk.Residual[0], 1e-14)
		assert.Less(t, walk.Steps[0], 300)
		_, err = propagate.Walk(t.Context(), g, [][]float64{one}, propagate.Options{Tolerance: tolerance, MaxSteps: 40})
		require.ErrorIs(t, err, propagate.ErrSteps)
	}
}

// What Options.Tolerance and Result.Residual promise, against elimination.
func TestScoresAreAsNearAsTheirResidualSays(t *testing.T) {
	far := 0
	rapid.Check(t, func(t *rapid.T) {
		for range 11 {
			g := drawGraph(t)
			seeds := drawSeeds(t, g.Order())
			result, err := propagate.Walk(context.Background(), g, [][]float64{seeds}, propagate.Options{
				Damping:   rapid.SampledFrom([]float64{0.1, 0.5, 0.85, 0.99}).Draw(t, "damping"),
				Tolerance: rapid.SampledFrom([]float64{0.3, 1e-1, 1e-2, 1e-4, 1e-8}).Draw(t, "tolerance"),
				Dangling:  propagate.Dangling(rapid.IntRange(0, 2).Draw(t, "dangling")),
			})
			require.NoError(t, err)
			require.LessOrEqual(t, result.Residual[0], result.Tolerance*(1+1e-9))
			bound := result.Residual[0] / (1 - result.Damping)
			if result.Dangling == propagate.DanglingRestart && !g.IsDirected() {
				bound *= 2
			}
			off := apart(dense(t, g, seeds, result.Damping, result.Dangling), result.Scores[0])
			require.LessOrEqual(t, off, bound+1e-13)
			if off > 1e-6 {
				far++
			}
		}
	})
	assert.Greater(t, far, 50, "walks that end early must be among those compared")
}

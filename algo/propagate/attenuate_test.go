package propagate_test

import (
	"context"
	"errors"
	"math"
	"math/cmplx"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/mat"
	"pgregory.net/rapid"

	"rummage/algo/csr"
	"rummage/algo/propagate"
)

// spectral is the greatest absolute value of a matrix's eigenvalues.
func spectral(t require.TestingT, a *mat.Dense) float64 {
	var eigen mat.Eigen
	require.True(t, eigen.Factorize(a, mat.EigenNone))
	var greatest float64
	for _, value := range eigen.Values(nil) {
		greatest = max(greatest, cmplx.Abs(value))
	}
	return greatest
}

func TestAttenuateAgreesWithElimination(t *testing.T) {
	diverged := 0
	rapid.Check(t, func(t *rapid.T) {
		for range graphs {
			g := drawGraph(t)
			n, a := g.Order(), adjacency(g)
			want := spectral(t, a)
			priors := drawPriors(t, n)
			opts := propagate.AttenuateOptions{Alpha: rapid.SampledFrom([]float64{0, 0.01, 0.1, 0.4}).Draw(t, "alpha")}
			got, err := propagate.Attenuate(context.Background(), g, priors, opts)
			if errors.Is(err, propagate.ErrSteps) {
				require.GreaterOrEqual(t, opts.Alpha*want, 0.99, "it only just converges")
				continue
			}
			if err != nil {
				require.ErrorIs(t, err, propagate.ErrDiverges)
				require.GreaterOrEqual(t, opts.Alpha*want, 1-1e-6)
				diverged++
				continue
			}
			// Eigenvalues of a defective matrix are known to a root of the rounding.
			require.GreaterOrEqual(t, got.Radius, want*(1-1e-9)-1e-3*min(1, want))
			require.LessOrEqual(t, got.Radius, want*(1+2e-3)+1e-9)
			require.Less(t, got.Alpha*got.Radius, 1.0)
			system := mat.NewDense(n, n, nil)
			for u := range n {
				for v := range n {
					system.Set(u, v, -got.Alpha*a.At(v, u))
				}
				system.Set(u, u, 1+system.At(u, u))
			}
			require.Less(t, got.Residual, 1.1e-12)
			near(t, eliminate(t, system, priors), got.Scores, 1e-9/(1-got.Alpha*got.Radius))
		}
	})
	assert.Positive(t, diverged, "some must be refused")
}

func TestAttenuateNamesTheRadius(t *testing.T) {
	// A triangle with a tail, and cycles of two and three that feed each other in a directed one.
	g, err := csr.Build(t.Context(), csr.Columns{From: []uint32{0, 1, 2, 2}, To: []uint32{1, 2, 0, 3}}, csr.Options{Nodes: 4})
	require.NoError(t, err)
	_, err = propagate.Attenuate(t.Context(), g, make([]float64, 4), propagate.AttenuateOptions{Alpha: 0.5})
	require.ErrorIs(t, err, propagate.ErrDiverges)
	assert.ErrorContains(t, err, "spectral radius 2.17009")
	assert.ErrorContains(t, err, "use less than 0.460811")
	g, err = csr.Build(t.Context(), csr.Columns{From: []uint32{0, 1, 2}, To: []uint32{1, 0, 0}, Weight: []float64{4, 9, 1}}, csr.Options{Nodes: 3, Directed: true})
	require.NoError(t, err)
	_, err = propagate.Attenuate(t.Context(), g, make([]float64, 3), propagate.AttenuateOptions{Alpha: 0.5})
	require.ErrorIs(t, err, propagate.ErrDiverges)
	assert.ErrorContains(t, err, "spectral radius 6")
	// Without a cycle there is no bound: every walk ends.
	g, err = csr.Build(t.Context(), csr.Columns{From: []uint32{0, 1}, To: []uint32{1, 2}}, csr.Options{Nodes: 3, Directed: true})
	require.NoError(t, err)
	got, err := propagate.Attenuate(t.Context(), g, []float64{1, 0, 0}, propagate.AttenuateOptions{Alpha: 10})
	require.NoError(t, err)
	assert.InDeltaSlice(t, []float64{1, 10, 100}, got.Scores, 1e-9)
	assert.Zero(t, got.Radius)
	got, err = propagate.Attenuate(t.Context(), g, []float64{1, 0, 0}, propagate.AttenuateOptions{})
	require.NoError(t, err)
	assert.InDelta(t, 1, got.Alpha, 0)
	for _, alpha := range []float64{-1, math.NaN(), math.Inf(1)} {
		_, err = propagate.Attenuate(t.Context(), g, []float64{1, 0, 0}, propagate.AttenuateOptions{Alpha: alpha})
		require.ErrorIs(t, err, propagate.ErrOptions)
	}
}

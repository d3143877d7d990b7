package propagate_test

import (
	"context"
	"errors"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/mat"
	"pgregory.net/rapid"

	"rummage/algo/csr"
	"rummage/algo/csr/csrtest"
	"rummage/algo/propagate"
)

// graphs is how many a check draws, so that a hundred checks see a thousand.
const graphs = 10

// adjacency is the matrix of weights, parallel edges summed.
func adjacency(g *csr.Graph) *mat.Dense {
	n := g.Order()
	a := mat.NewDense(n, n, nil)
	for u := range uint32(n) {
		weights := g.Weights(u)
		for i, v := range g.Neighbours(u) {
			w := 1.0
			if weights != nil {
				w = weights[i]
			}
			a.Set(int(u), int(v), a.At(int(u), int(v))+w)
		}
	}
	return a
}

// drawUndirected draws a graph of any weights, loops and parallel edges.
func drawUndirected(t *rapid.T) *csr.Graph {
	return csrtest.Draw(t, csrtest.Shape{Nodes: 9, Weighted: rapid.Bool().Draw(t, "weighted"), Loops: true, Typed: true,
		Parallel: csr.Parallel(rapid.IntRange(0, 1).Draw(t, "parallel"))})
}

func drawPriors(t *rapid.T, n int) []float64 {
	return rapid.SliceOfN(rapid.SampledFrom([]float64{0, 0, 1, -1, 0.3, -2e5}), n, n).Draw(t, "priors")
}

// eliminate solves a x = right.
func eliminate(t require.TestingT, a *mat.Dense, right []float64) []float64 {
	var x mat.VecDense
	err := x.SolveVec(a, mat.NewVecDense(len(right), append([]float64{}, right...)))
	if ill := mat.Condition(0); !errors.As(err, &ill) {
		require.NoError(t, err)
	}
	return x.RawVector().Data
}

func near(t require.TestingT, want, got []float64, relative float64) {
	size := 1e-300
	for _, x := range want {
		size = max(size, math.Abs(x))
	}
	require.Len(t, got, len(want))
	for i := range want {
		require.InDelta(t, want[i]/size, got[i]/size, relative, "node %d", i)
	}
}

// recurrence is H⊗A − H²⊗D, classes outside.
func recurrence(a *mat.Dense, h [][]float64, echo bool) *mat.SymDense {
	n, k := a.RawMatrix().Rows, len(h)
	m := mat.NewSymDense(n*k, nil)
	for c := range k {
		for d := range k {
			var square float64
			for e := range k {
				square += h[c][e] * h[e][d]
			}
			for u := range n {
				var own float64
				for v := range n {
					own += a.At(u, v) * a.At(u, v)
					m.SetSym(c*n+u, d*n+v, h[c][d]*a.At(u, v))
				}
				if echo {
					m.SetSym(c*n+u, d*n+u, m.At(c*n+u, d*n+u)-square*own)
				}
			}
		}
	}
	return m
}

// radius is the greatest eigenvalue by its size. The matrix is brought to size 1 before: Dsterf of gonum 0.17.0 panics where it would have to
// scale a part of a matrix itself, which it would for one below 1e-122.
func radius(t require.TestingT, m *mat.SymDense) float64 {
	size := 0.0
	for _, x := range m.RawSymmetric().Data {
		size = max(size, math.Abs(x))
	}
	if size == 0 {
		return 0
	}
	var one mat.SymDense
	one.ScaleSym(1/size, m)
	var eigen mat.EigenSym
	require.True(t, eigen.Factorize(&one, false))
	values := eigen.Values(nil)
	return size * max(math.Abs(values[0]), math.Abs(values[len(values)-1]))
}

func drawCoupling(t *rapid.T, classes int) [][]float64 {
	h := make([][]float64, classes)
	for i := range h {
		h[i] = make([]float64, classes)
		for j := range i + 1 {
			h[i][j] = rapid.SampledFrom([]float64{0, 0.5, -0.3, 0.1, -0.6}).Draw(t, "coupling")
			h[j][i] = h[i][j]
		}
	}
	return h
}

func TestLinBPAgreesWithElimination(t *testing.T) {
	diverged := 0
	rapid.Check(t, func(t *rapid.T) {
		for range graphs {
			g := drawUndirected(t)
			classes := rapid.IntRange(2, 3).Draw(t, "classes")
			opts := propagate.LinBPOptions{Coupling: drawCoupling(t, classes), WithoutEcho: rapid.Bool().Draw(t, "without echo"),
				Scale: rapid.SampledFrom([]float64{0.01, 0.1, 0.3, -0.1, 0}).Draw(t, "scale")}
			var priors [][]float64
			var right []float64
			for range classes {
				priors = append(priors, drawPriors(t, g.Order()))
				right = append(right, priors[len(priors)-1]...)
			}
			got, err := propagate.LinBP(context.Background(), g, priors, opts)
			scale := opts.Scale
			if err == nil {
				scale = got.Scale
			}
			h := make([][]float64, classes)
			for i := range h {
				for _, x := range opts.Coupling[i] {
					h[i] = append(h[i], scale*x)
				}
			}
			m := recurrence(adjacency(g), h, !opts.WithoutEcho)
			want := radius(t, m)
			if err != nil {
				require.ErrorIs(t, err, propagate.ErrDiverges)
				require.GreaterOrEqual(t, want, 1-1e-9)
				diverged++
				continue
			}
			require.InDelta(t, want, got.Radius, 1e-9)
			require.Less(t, want, 1.0)
			require.Less(t, got.Residual, 2e-12)
			var a mat.Dense
			a.Scale(-1, m)
			for i := range right {
				a.Set(i, i, 1+a.At(i, i))
			}
			flat := []float64{}
			for _, vector := range got.Scores {
				flat = append(flat, vector...)
			}
			near(t, eliminate(t, &a, right), flat, 1e-10/(1-want))
		}
	})
	assert.Positive(t, diverged, "some must be refused")
}

func TestFaBPAgreesWithElimination(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		for range graphs {
			g := drawUndirected(t)
			priors := drawPriors(t, g.Order())
			h := rapid.SampledFrom([]float64{0, 0.002, 0.02, 0.1, -0.05, 0.3}).Draw(t, "homophily")
			got, err := propagate.FaBP(context.Background(), g, priors, propagate.FaBPOptions{Homophily: h})
			if err == nil {
				h = got.Scale
			}
			a := adjacency(g)
			n := g.Order()
			m := mat.NewSymDense(n, nil)
			for u := range n {
				var own float64
				for v := range n {
					own += a.At(u, v) * a.At(u, v)
					m.SetSym(u, v, 2*h/(1-4*h*h)*a.At(u, v))
				}
				m.SetSym(u, u, m.At(u, u)-4*h*h/(1-4*h*h)*own)
			}
			want := radius(t, m)
			if err != nil {
				require.ErrorIs(t, err, propagate.ErrDiverges)
				require.GreaterOrEqual(t, want, 1-1e-9)
				continue
			}
			require.InDelta(t, want, got.Radius, 1e-9)
			var system mat.Dense
			system.Scale(-1, m)
			for u := range n {
				system.Set(u, u, 1+system.At(u, u))
			}
			near(t, eliminate(t, &system, priors), got.Scores[0], 1e-10/(1-want))
		}
	})
}

func TestBiRankAgreesWithElimination(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		for range graphs {
			opts := propagate.BiRankOptions{Alpha: rapid.SampledFrom([]float64{0.2, 0.85, 0.99}).Draw(t, "alpha")}
			g := drawUndirected(t)
			if rapid.Bool().Draw(t, "sides") {
				opts.Beta = rapid.SampledFrom([]float64{0.5, 1}).Draw(t, "beta")
				n, c := csrtest.Columns(t, csrtest.Shape{Weighted: true})
				for i := range c.From {
					c.From[i], c.To[i] = c.From[i]&^1, min(c.To[i]|1, uint32(n-1)|1)
				}
				var err error
				g, err = csr.Build(context.Background(), c, csr.Options{Nodes: n + n%2})
				require.NoError(t, err)
				for u := range g.Order() {
					opts.Side = append(opts.Side, u%2 == 1)
				}
			}
			n, a := g.Order(), adjacency(g)
			priors := drawPriors(t, n)
			system, right := mat.NewDense(n, n, nil), make([]float64, n)
			for u := range n {
				damping := opts.Alpha
				if opts.Side != nil && opts.Side[u] {
					damping = opts.Beta
				}
				for v := range n {
					if a.At(u, v) > 0 {
						system.Set(u, v, -damping*a.At(u, v)/math.Sqrt(g.Strength(uint32(u))*g.Strength(uint32(v))))
					}
				}
				system.Set(u, u, 1+system.At(u, u))
				right[u] = (1 - damping) * priors[u]
			}
			got, err := propagate.BiRank(context.Background(), g, priors, opts)
			require.NoError(t, err)
			require.Less(t, got.Residual, 1.1e-12)
			near(t, eliminate(t, system, right), got.Scores, 1e-9)
		}
	})
}

func TestSybilSCARAgreesWithElimination(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		for range graphs {
			g := drawGraph(t)
			n, a := g.Order(), adjacency(g)
			priors := drawPriors(t, n)
			homophily := rapid.SampledFrom([]float64{0.1, 0.5, 0.9, 0.99}).Draw(t, "homophily")
			system := mat.NewDense(n, n, nil)
			for u := range n {
				for v := range n {
					if a.At(u, v) > 0 {
						system.Set(u, v, -homophily*a.At(u, v)/g.Strength(uint32(u)))
					}
				}
				system.Set(u, u, 1+system.At(u, u))
			}
			got, err := propagate.SybilSCAR(context.Background(), g, priors, propagate.SybilSCAROptions{Homophily: homophily})
			require.NoError(t, err)
			require.Less(t, got.Residual, 1.1e-12)
			near(t, eliminate(t, system, priors), got.Scores, 1e-9)
		}
	})
}

// The example of Óskarsdóttir et al. (2022), figure 5: five claims, four parties, one claim known to be fraudulent.
func TestBiRankGivesThePublishedValues(t *testing.T) {
	c := csr.Columns{From: []uint32{5, 5, 6, 6, 7, 7, 7, 7, 8, 8}, To: []uint32{0, 1, 0, 2, 0, 2, 3, 4, 1, 4}}
	g, err := csr.Build(t.Context(), c, csr.Options{Nodes: 9})
	require.NoError(t, err)
	side := make([]bool, 9)
	for u := 5; u < 9; u++ {
		side[u] = true
	}
	got, err := propagate.BiRank(t.Context(), g, []float64{0, 0, 0, 1, 0, 0, 0, 0, 0}, propagate.BiRankOptions{Side: side, Alpha: 0.85, Beta: 1})
	require.NoError(t, err)
	assert.InDeltaSlice(t, []float64{0.144, 0.089, 0.132, 0.262, 0.125, 0.103, 0.125, 0.263, 0.107}, got.Scores, 5e-4)
}

// torus is example 20 of Gatterbauer et al. (2015): a ring of four, each with a pendant, of which three are labelled.
func torus(t *testing.T) (*csr.Graph, [][]float64, [][]float64) {
	c := csr.Columns{From: []uint32{4, 5, 6, 7, 0, 1, 2, 3}, To: []uint32{5, 6, 7, 4, 4, 5, 6, 7}}
	g, err := csr.Build(t.Context(), c, csr.Options{Nodes: 8})
	require.NoError(t, err)
	h := [][]float64{{0.6, 0.3, 0.1}, {0.3, 0, 0.7}, {0.1, 0.7, 0.2}}
	for i := range h {
		for j := range h[i] {
			h[i][j] -= 1. / 3
		}
	}
	priors := [][]float64{{2, -1, -1, 0, 0, 0, 0, 0}, {-1, 2, -1, 0, 0, 0, 0, 0}, {-1, -1, 2, 0, 0, 0, 0, 0}}
	return g, h, priors
}

func TestLinBPGivesThePublishedValues(t *testing.T) {
	g, h, priors := torus(t)
	spectrum, err := propagate.Spectrum(t.Context(), g, 1)
	require.NoError(t, err)
	assert.InDelta(t, 2.414, spectrum.Radius(), 5e-4)
	for _, c := range []struct {
		without bool
		largest string
		fits    float64
	}{{false, "at most 0.4876", 0.487}, {true, "at most 0.658", 0.657}} {
		_, err = propagate.LinBP(t.Context(), g, priors, propagate.LinBPOptions{Coupling: h, Scale: 0.7, WithoutEcho: c.without})
		require.ErrorIs(t, err, propagate.ErrDiverges)
		assert.ErrorContains(t, err, c.largest)
		got, err := propagate.LinBP(t.Context(), g, priors, propagate.LinBPOptions{Coupling: h, Scale: c.fits, WithoutEcho: c.without})
		require.NoError(t, err)
		assert.InDelta(t, 1, got.Radius, 0.01)
	}
	got, err := propagate.LinBP(t.Context(), g, priors, propagate.LinBPOptions{Coupling: h, Scale: 2e-3, Limits: propagate.Limits{Tolerance: 1e-15}})
	require.NoError(t, err)
	belief := []float64{got.Scores[0][3], got.Scores[1][3], got.Scores[2][3]}
	var mean, spread float64
	for _, x := range belief {
		mean += x / 3
	}
	for _, x := range belief {
		spread += (x - mean) * (x - mean) / 3
	}
	for i, want := range []float64{-0.07, 1.258, -1.19} {
		assert.InDelta(t, want, (belief[i]-mean)/math.Sqrt(spread), 5e-3)
	}
}

func TestSpectrumAgreesWithDenseAlgebra(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		for range graphs {
			g := drawUndirected(t)
			a := adjacency(g)
			sym := mat.NewSymDense(g.Order(), nil)
			for u := range g.Order() {
				for v := range g.Order() {
					sym.SetSym(u, v, a.At(u, v))
				}
			}
			var eigen mat.EigenSym
			require.True(t, eigen.Factorize(sym, false))
			values := eigen.Values(nil)
			got, err := propagate.Spectrum(context.Background(), g, 1)
			require.NoError(t, err)
			require.InDelta(t, values[0], got.Low, 1e-9*(1+got.Radius()))
			require.InDelta(t, values[len(values)-1], got.High, 1e-9*(1+got.Radius()))
		}
	})
}

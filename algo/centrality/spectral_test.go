package centrality_test

import (
	"context"
	"errors"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/graph/network"
	"gonum.org/v1/gonum/mat"
	"pgregory.net/rapid"

	"rummage/algo/centrality"
	"rummage/algo/csr"
	"rummage/algo/csr/csrtest"
	"rummage/algo/propagate"
)

// many is how many graphs a check draws, so that a hundred checks see a thousand.
const many = 10

// half of the graphs that are drawn; with -short, rapid draws a fifth.
func half() int {
	if testing.Short() {
		return many * 10
	}
	return many * 50
}

// weights is the matrix of a graph, parallel edges summed.
func weights(g *csr.Graph) *mat.Dense {
	a := mat.NewDense(g.Order(), g.Order(), nil)
	for u := range uint32(g.Order()) {
		values := g.Weights(u)
		for i, v := range g.Neighbours(u) {
			w := 1.0
			if values != nil {
				w = values[i]
			}
			a.Set(int(u), int(v), a.At(int(u), int(v))+w)
		}
	}
	return a
}

func drawAny(t *rapid.T, directed bool) *csr.Graph {
	return csrtest.Draw(t, csrtest.Shape{Nodes: 9, Directed: directed, Weighted: rapid.Bool().Draw(t, "weighted"), Loops: true, Typed: true,
		Parallel: csr.Parallel(rapid.IntRange(0, 1).Draw(t, "parallel"))})
}

// leading projects a start onto the eigenvectors of the greatest eigenvalue of a symmetric matrix, brought to length 1. It tells whether
// the next eigenvalue is far enough off for a power iteration to be held against it.
func leading(t require.TestingT, m *mat.SymDense, start []float64) (vector []float64, value float64, apart bool) {
	var eigen mat.EigenSym
	require.True(t, eigen.Factorize(m, true))
	values := eigen.Values(nil)
	var vectors mat.Dense
	eigen.VectorsTo(&vectors)
	n := len(values)
	value = values[n-1]
	vector, apart = make([]float64, n), true
	for j := n - 1; j >= 0; j-- {
		if values[j] < value*(1-1e-10)-1e-12 {
			apart = values[j] < 0.99*value
			break
		}
		var share float64
		for u := range n {
			share += start[u] * vectors.At(u, j)
		}
		for u := range n {
			vector[u] += share * vectors.At(u, j)
		}
	}
	var length float64
	for _, x := range vector {
		length += x * x
	}
	for u := range vector {
		vector[u] /= math.Sqrt(length)
	}
	return vector, value, apart
}

func ones(n int) []float64 {
	vector := make([]float64, n)
	for u := range vector {
		vector[u] = 1
	}
	return vector
}

func TestEigenvectorAgreesWithDenseAlgebra(t *testing.T) {
	compared := 0
	rapid.Check(t, func(t *rapid.T) {
		for range many {
			g := drawAny(t, false)
			a := weights(g)
			m := mat.NewSymDense(g.Order(), nil)
			for u := range g.Order() {
				for v := range g.Order() {
					m.SetSym(u, v, a.At(u, v))
				}
			}
			got, err := centrality.Eigenvector(context.Background(), g, propagate.Limits{})
			if mat.Max(a) == 0 {
				require.NoError(t, err)
				require.Equal(t, make([]float64, g.Order()), got.Scores)
				continue
			}
			want, value, apart := leading(t, m, ones(g.Order()))
			if slow(err, apart, got.Residual) {
				continue
			}
			require.NoError(t, err)
			require.InDelta(t, 1, got.Value/value, 1e-10)
			require.LessOrEqual(t, got.Residual, got.Tolerance)
			if apart {
				require.InDeltaSlice(t, want, got.Scores, 1e-9)
				compared++
			}
		}
	})
	assert.Greater(t, compared, half())
}

// In a directed graph what is found must be an eigenvector, and its value the greatest.
func TestEigenvectorOfADirectedGraph(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		for range many {
			g := drawAny(t, true)
			a := weights(g)
			got, err := centrality.Eigenvector(context.Background(), g, propagate.Limits{MaxSteps: 3000})
			var eigen mat.Eigen
			require.True(t, eigen.Factorize(a, mat.EigenNone))
			var radius float64
			for _, value := range eigen.Values(nil) {
				radius = max(radius, math.Hypot(real(value), imag(value)))
			}
			if err != nil {
				// Several components of one eigenvalue behind each other come near it as slowly as 1 over the number of steps.
				require.ErrorIs(t, err, propagate.ErrSteps)
				continue
			}
			if got.Value == 0 {
				require.InDelta(t, 0, radius, 1e-1, "a defective eigenvalue of 0 is known to a root of the rounding")
				require.Equal(t, make([]float64, g.Order()), got.Scores)
				continue
			}
			require.InDelta(t, 1, got.Value/radius, 1e-5)
			var image mat.VecDense
			image.MulVec(a.T(), mat.NewVecDense(g.Order(), got.Scores))
			for u, x := range got.Scores {
				require.GreaterOrEqual(t, x, 0.0)
				require.InDelta(t, got.Value*x, image.AtVec(u), 1e-11*got.Value)
			}
		}
	})
}

func TestHITSAgreesWithGonum(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		for range many {
			g := csrtest.Draw(t, csrtest.Shape{Directed: rapid.Bool().Draw(t, "directed")})
			got, err := centrality.HITS(context.Background(), g, propagate.Limits{})
			if g.Size() == 0 {
				require.NoError(t, err)
				require.Equal(t, make([]float64, g.Order()), got.Hub)
				require.Equal(t, make([]float64, g.Order()), got.Authority)
				continue // gonum does not return
			}
			if err != nil {
				require.ErrorIs(t, err, propagate.ErrSteps)
				continue
			}
			for u, want := range network.HITS(g.Directed(), 1e-12) {
				require.InDelta(t, want.Hub, got.Hub[u], 1e-7)
				require.InDelta(t, want.Authority, got.Authority[u], 1e-7)
			}
		}
	})
}

// slow tells that the power iteration was stopped where that is its nature: the second eigenvalue is near the first, or so near that both
// count as one here, and then it turns from one eigenvector to the other for ever.
func slow(err error, apart bool, residual float64) bool {
	return errors.Is(err, propagate.ErrSteps) && (!apart || residual < 1e-10)
}

func TestHITSAgreesWithDenseAlgebra(t *testing.T) {
	compared := 0
	rapid.Check(t, func(t *rapid.T) {
		for range many {
			g := drawAny(t, rapid.Bool().Draw(t, "directed"))
			a := weights(g)
			got, err := centrality.HITS(context.Background(), g, propagate.Limits{})
			if mat.Max(a) == 0 {
				require.NoError(t, err)
				require.Zero(t, got.Value)
				continue
			}
			var square mat.SymDense
			square.SymOuterK(1, a)
			want, value, apart := leading(t, &square, ones(g.Order()))
			if !apart {
				continue
			}
			if slow(err, apart, got.Residual) {
				continue
			}
			require.NoError(t, err)
			require.InDelta(t, 1, got.Value/math.Sqrt(value), 1e-10)
			require.InDeltaSlice(t, want, got.Hub, 1e-9)
			compared++
		}
	})
	assert.Greater(t, compared, half())
}

func TestKatzAgreesWithElimination(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		for range many {
			g := drawAny(t, rapid.Bool().Draw(t, "directed"))
			n, a := g.Order(), weights(g)
			got, err := centrality.Katz(context.Background(), g, rapid.SampledFrom([]float64{0, 0.02}).Draw(t, "alpha"), propagate.Limits{})
			if errors.Is(err, propagate.ErrSteps) {
				// A sum of powers of nearly 1 takes its time.
				require.Greater(t, got.Alpha*got.Radius, 0.99)
				continue
			}
			if err != nil {
				require.ErrorIs(t, err, propagate.ErrDiverges)
				continue
			}
			system := mat.NewDense(n, n, nil)
			for u := range n {
				for v := range n {
					system.Set(u, v, -got.Alpha*a.At(v, u))
				}
				system.Set(u, u, 1+system.At(u, u))
			}
			var x mat.VecDense
			require.NoError(t, x.SolveVec(system, mat.NewVecDense(n, ones(n))))
			for u := range n {
				require.InDelta(t, 1, got.Scores[u]/x.AtVec(u), 1e-8)
			}
		}
	})
}

// ladder is bipartite: two stars joined at their centres, whose adjacency has eigenvalues of both signs.
func ladder(t *testing.T) *csr.Graph {
	g, err := csr.Build(t.Context(), csr.Columns{From: []uint32{0, 0, 0, 1, 1}, To: []uint32{1, 2, 3, 4, 5}}, csr.Options{Nodes: 8})
	require.NoError(t, err)
	return g
}

func TestSpectralMeasuresOfABipartiteGraphInParts(t *testing.T) {
	g := ladder(t)
	p, err := centrality.Eigenvector(t.Context(), g, propagate.Limits{})
	require.NoError(t, err)
	assert.InDelta(t, 2, p.Value, 1e-12, "the square is the root of x² - 5x + 4")
	assert.InDelta(t, p.Scores[0], p.Scores[1], 1e-12)
	assert.InDelta(t, p.Scores[0]/2, p.Scores[2], 1e-12)
	assert.Zero(t, math.Round(p.Scores[7]*1e11), "an unconnected node has nothing")
	again, err := centrality.Eigenvector(t.Context(), g, propagate.Limits{MaxSteps: 2})
	require.ErrorIs(t, err, propagate.ErrSteps)
	assert.Equal(t, 2, again.Steps)
	r, err := centrality.HITS(t.Context(), g, propagate.Limits{MaxSteps: 2})
	require.ErrorIs(t, err, propagate.ErrSteps)
	assert.Equal(t, 2, r.Steps)
	_, err = centrality.Katz(t.Context(), g, 0.5, propagate.Limits{})
	require.ErrorIs(t, err, propagate.ErrDiverges)
	assert.ErrorContains(t, err, "spectral radius 2 ")
	_, err = centrality.Katz(t.Context(), g, 0.49, propagate.Limits{})
	require.NoError(t, err)
}

func TestSpectralMeasuresGiveTheSameBitsOnAnyNumberOfThreads(t *testing.T) {
	const n = 6_000
	for _, directed := range []bool{false, true} {
		g, err := csr.Build(t.Context(), csrtest.Planted(n, 25, 3, 1, 3), csr.Options{Nodes: n, Directed: directed})
		require.NoError(t, err)
		all := func(threads int) []any {
			calls := 0
			limits := propagate.Limits{Threads: threads, Tolerance: 1e-6, Progress: func(int, int) { calls++ }}
			p, err := centrality.Eigenvector(t.Context(), g, limits)
			require.NoError(t, err)
			r, err := centrality.HITS(t.Context(), g, limits)
			require.NoError(t, err)
			k, err := centrality.Katz(t.Context(), g, 0, limits)
			require.NoError(t, err)
			assert.Positive(t, calls)
			return []any{p, r, k}
		}
		one := all(1)
		for _, threads := range []int{2, 3, 8} {
			assert.Equal(t, one, all(threads))
		}
	}
}

func TestSpectralMeasuresDoNotDependOnTheNamesOfNodes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := drawAny(t, rapid.Bool().Draw(t, "directed"))
		name := csrtest.Permutation(t, g.Order())
		a, errA := centrality.Katz(context.Background(), g, 0, propagate.Limits{})
		b, errB := centrality.Katz(context.Background(), csrtest.Rename(t, g, name), 0, propagate.Limits{})
		require.NoError(t, errA)
		require.NoError(t, errB)
		c, errC := centrality.HITS(context.Background(), g, propagate.Limits{})
		d, errD := centrality.HITS(context.Background(), csrtest.Rename(t, g, name), propagate.Limits{})
		require.Equal(t, errC == nil, errD == nil)
		for u := range a.Scores {
			require.InDelta(t, 1, a.Scores[u]/b.Scores[name[u]], 1e-6)
			require.InDelta(t, c.Hub[u], d.Hub[name[u]], 1e-6)
		}
	})
}

func TestSpectralMeasuresStopAndRefuse(t *testing.T) {
	g := ladder(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := centrality.Eigenvector(ctx, g, propagate.Limits{})
	require.ErrorIs(t, err, context.Canceled)
	_, err = centrality.HITS(ctx, g, propagate.Limits{})
	require.ErrorIs(t, err, context.Canceled)
	_, err = centrality.Katz(ctx, g, 0, propagate.Limits{})
	require.ErrorIs(t, err, context.Canceled)
	bad := propagate.Limits{Tolerance: -1}
	_, err = centrality.Eigenvector(t.Context(), g, bad)
	require.ErrorIs(t, err, propagate.ErrOptions)
	_, err = centrality.HITS(t.Context(), g, bad)
	require.ErrorIs(t, err, propagate.ErrOptions)
	_, err = centrality.Katz(t.Context(), g, 0, bad)
	require.ErrorIs(t, err, propagate.ErrOptions)
	for n := range 2 {
		empty, err := csr.Build(t.Context(), csr.Columns{}, csr.Options{Nodes: n, Directed: true})
		require.NoError(t, err)
		p, err := centrality.Eigenvector(t.Context(), empty, propagate.Limits{})
		require.NoError(t, err)
		assert.Equal(t, make([]float64, n), p.Scores)
		r, err := centrality.HITS(t.Context(), empty, propagate.Limits{})
		require.NoError(t, err)
		assert.Equal(t, make([]float64, n), r.Hub)
		k, err := centrality.Katz(t.Context(), empty, 0, propagate.Limits{})
		require.NoError(t, err)
		assert.Equal(t, ones(n), k.Scores)
	}
}

// FuzzSpectral reads three bytes an edge.
func FuzzSpectral(f *testing.F) {
	f.Add([]byte{0, 1, 8, 1, 2, 16, 3, 3, 0}, true)
	f.Add([]byte{}, false)
	f.Fuzz(func(t *testing.T, data []byte, directed bool) {
		var c csr.Columns
		for ; len(data) >= 3; data = data[3:] {
			c.From, c.To = append(c.From, uint32(data[0]%32)), append(c.To, uint32(data[1]%32))
			c.Weight = append(c.Weight, float64(data[2])*math.Pow(10, float64(int(data[2])%60-30)))
		}
		g, err := csr.Build(t.Context(), c, csr.Options{Nodes: 32, Directed: directed})
		require.NoError(t, err)
		limits := propagate.Limits{MaxSteps: 100}
		p, err := centrality.Eigenvector(t.Context(), g, limits)
		r, errHITS := centrality.HITS(t.Context(), g, limits)
		k, errKatz := centrality.Katz(t.Context(), g, 0, limits)
		for _, err := range []error{err, errHITS, errKatz} {
			if err != nil {
				require.ErrorIs(t, err, propagate.ErrSteps)
			}
		}
		for _, vector := range [][]float64{p.Scores, r.Hub, r.Authority, k.Scores} {
			for _, x := range vector {
				require.False(t, math.IsNaN(x) || math.IsInf(x, 0))
			}
		}
	})
}

func BenchmarkSpectral(b *testing.B) {
	const n = 100_000
	edges, _ := csrtest.Partition{Nodes: n, Mixing: 0.3, Seed: 1, Weighted: true}.Draw()
	g, err := csr.Build(b.Context(), edges, csr.Options{Nodes: n, Directed: true})
	require.NoError(b, err)
	limits := propagate.Limits{Tolerance: 1e-8}
	for name, run := range map[string]func() error{
		"eigenvector": func() error { _, err := centrality.Eigenvector(b.Context(), g, limits); return err },
		"hits":        func() error { _, err := centrality.HITS(b.Context(), g, limits); return err },
		"katz":        func() error { _, err := centrality.Katz(b.Context(), g, 0, limits); return err },
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				require.NoError(b, run())
			}
		})
	}
}

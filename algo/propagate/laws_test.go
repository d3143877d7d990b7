package propagate_test

import (
	"context"
	"errors"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"rummage/algo/csr"
	"rummage/algo/csr/csrtest"
	"rummage/algo/propagate"
)

// method runs one of the methods with seeds of one sign and with limits.
type method struct {
	name     string
	directed bool
	run      func(ctx context.Context, g *csr.Graph, seeds []float64, limits propagate.Limits) ([]float64, any, error)
}

func methods() []method {
	return []method{
		{"birank", false, func(ctx context.Context, g *csr.Graph, seeds []float64, limits propagate.Limits) ([]float64, any, error) {
			r, err := propagate.BiRank(ctx, g, seeds, propagate.BiRankOptions{Limits: limits})
			return r.Scores, r, err
		}},
		{"fabp", false, func(ctx context.Context, g *csr.Graph, seeds []float64, limits propagate.Limits) ([]float64, any, error) {
			b, err := propagate.FaBP(ctx, g, seeds, propagate.FaBPOptions{Limits: limits})
			if b.Scores == nil {
				return nil, b, err
			}
			return b.Scores[0], b, err
		}},
		{"linbp", false, func(ctx context.Context, g *csr.Graph, seeds []float64, limits propagate.Limits) ([]float64, any, error) {
			b, err := propagate.LinBP(ctx, g, [][]float64{seeds, make([]float64, len(seeds)), seeds}, propagate.LinBPOptions{Limits: limits})
			if b.Scores == nil {
				return nil, b, err
			}
			return b.Scores[0], b, err
		}},
		{"sybilscar", true, func(ctx context.Context, g *csr.Graph, seeds []float64, limits propagate.Limits) ([]float64, any, error) {
			r, err := propagate.SybilSCAR(ctx, g, seeds, propagate.SybilSCAROptions{Limits: limits})
			return r.Scores, r, err
		}},
		{"attenuate", true, func(ctx context.Context, g *csr.Graph, seeds []float64, limits propagate.Limits) ([]float64, any, error) {
			a, err := propagate.Attenuate(ctx, g, seeds, propagate.AttenuateOptions{Limits: limits})
			return a.Scores, a, err
		}},
	}
}

func TestMethodsGiveTheSameBitsOnAnyNumberOfThreads(t *testing.T) {
	const n = 6_000
	for _, directed := range []bool{false, true} {
		g, err := csr.Build(t.Context(), csrtest.Planted(n, 25, 3, 1, 3), csr.Options{Nodes: n, Directed: directed})
		require.NoError(t, err)
		seeds := make([]float64, n)
		for u := range seeds {
			seeds[u] = float64(u % 7)
		}
		for _, m := range methods() {
			if directed && !m.directed {
				continue
			}
			last := 0
			_, one, err := m.run(t.Context(), g, seeds, propagate.Limits{Threads: 1, Progress: func(done, total int) {
				assert.LessOrEqual(t, last, done)
				assert.LessOrEqual(t, done, total)
				last = done
			}})
			require.NoError(t, err)
			assert.Positive(t, last)
			for _, threads := range []int{2, 3, 8} {
				_, many, err := m.run(t.Context(), g, seeds, propagate.Limits{Threads: threads})
				require.NoError(t, err)
				assert.Equal(t, one, many, "%s, directed %v", m.name, directed)
			}
		}
	}
}

func TestMethodsDoNotDependOnTheNamesOfNodes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := drawUndirected(t)
		name, seeds := csrtest.Permutation(t, g.Order()), drawSeeds(t, g.Order())
		renamed := make([]float64, len(seeds))
		for u, s := range seeds {
			renamed[name[u]] = s
		}
		for _, m := range methods() {
			a, _, err := m.run(context.Background(), g, seeds, propagate.Limits{})
			require.NoError(t, err)
			b, _, err := m.run(context.Background(), csrtest.Rename(t, g, name), renamed, propagate.Limits{})
			require.NoError(t, err)
			for u := range seeds {
				require.InDelta(t, a[u], b[name[u]], 1e-4*(1+math.Abs(a[u])), "%s", m.name)
			}
		}
	})
}

func TestMethodsStopRefuseAndFallShort(t *testing.T) {
	g, nodes := risk(t)
	hit := csrtest.Numbers(t, nodes["hit"])
	arrow, err := csr.Build(t.Context(), csr.Columns{From: []uint32{0}, To: []uint32{1}}, csr.Options{Nodes: 2, Directed: true})
	require.NoError(t, err)
	for _, m := range methods() {
		t.Run(m.name, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			cancel()
			_, _, err := m.run(ctx, g, hit, propagate.Limits{})
			require.ErrorIs(t, err, context.Canceled)
			ctx, cancel = context.WithCancel(t.Context())
			_, _, err = m.run(ctx, g, hit, propagate.Limits{Progress: func(done, _ int) { cancel() }})
			require.ErrorIs(t, err, context.Canceled)
			got, _, err := m.run(t.Context(), g, hit, propagate.Limits{MaxSteps: 2})
			require.ErrorIs(t, err, propagate.ErrSteps)
			assert.Len(t, got, g.Order())
			for _, limits := range []propagate.Limits{{Tolerance: -1}, {Tolerance: 2}, {MaxSteps: -1}} {
				_, _, err = m.run(t.Context(), g, hit, limits)
				require.ErrorIs(t, err, propagate.ErrOptions)
			}
			_, _, err = m.run(t.Context(), g, hit[1:], propagate.Limits{})
			require.ErrorIs(t, err, propagate.ErrSeeds)
			_, _, err = m.run(t.Context(), g, append([]float64{math.NaN()}, hit[1:]...), propagate.Limits{})
			require.ErrorIs(t, err, propagate.ErrSeeds)
			none, _, err := m.run(t.Context(), g, make([]float64, g.Order()), propagate.Limits{})
			require.NoError(t, err)
			assert.Equal(t, make([]float64, g.Order()), none)
			if _, _, err = m.run(t.Context(), arrow, []float64{1, 0}, propagate.Limits{}); !m.directed {
				require.ErrorIs(t, err, propagate.ErrOptions)
			} else {
				require.NoError(t, err)
			}
			for n := range 2 {
				small, err := csr.Build(t.Context(), csr.Columns{}, csr.Options{Nodes: n})
				require.NoError(t, err)
				got, _, err := m.run(t.Context(), small, make([]float64, n), propagate.Limits{})
				require.NoError(t, err)
				assert.Len(t, got, n)
			}
		})
	}
}

func TestRefusalsOfMethods(t *testing.T) {
	g, h, priors := torus(t)
	side := make([]bool, 8)
	for name, run := range map[string]func() error{
		"alpha above one": func() error {
			_, err := propagate.BiRank(t.Context(), g, priors[0], propagate.BiRankOptions{Alpha: 2})
			return err
		},
		"two dampings": func() error {
			_, err := propagate.BiRank(t.Context(), g, priors[0], propagate.BiRankOptions{Alpha: 0.5, Beta: 0.6})
			return err
		},
		"both one": func() error {
			_, err := propagate.BiRank(t.Context(), g, priors[0], propagate.BiRankOptions{Alpha: 1})
			return err
		},
		"too few sides": func() error {
			_, err := propagate.BiRank(t.Context(), g, priors[0], propagate.BiRankOptions{Side: side[1:]})
			return err
		},
		"edge within a side": func() error {
			_, err := propagate.BiRank(t.Context(), g, priors[0], propagate.BiRankOptions{Side: side})
			return err
		},
		"homophily of a half": func() error {
			_, err := propagate.FaBP(t.Context(), g, priors[0], propagate.FaBPOptions{Homophily: 0.5})
			return err
		},
		"homophily of one": func() error {
			_, err := propagate.SybilSCAR(t.Context(), g, priors[0], propagate.SybilSCAROptions{Homophily: 1})
			return err
		},
		"one class": func() error {
			_, err := propagate.LinBP(t.Context(), g, priors[:1], propagate.LinBPOptions{})
			return err
		},
		"coupling of others": func() error {
			_, err := propagate.LinBP(t.Context(), g, priors[:2], propagate.LinBPOptions{Coupling: h})
			return err
		},
		"a short row": func() error {
			_, err := propagate.LinBP(t.Context(), g, priors, propagate.LinBPOptions{Coupling: [][]float64{h[0], h[1], h[2][1:]}})
			return err
		},
		"coupling one way": func() error {
			_, err := propagate.LinBP(t.Context(), g, priors[:2], propagate.LinBPOptions{Coupling: [][]float64{{0, 1}, {0, 0}}})
			return err
		},
		"scale of NaN": func() error {
			_, err := propagate.LinBP(t.Context(), g, priors, propagate.LinBPOptions{Scale: math.NaN()})
			return err
		},
	} {
		t.Run(name, func(t *testing.T) { require.ErrorIs(t, run(), propagate.ErrOptions) })
	}
	_, err := propagate.FaBP(t.Context(), g, priors[0], propagate.FaBPOptions{Homophily: -0.49})
	require.ErrorIs(t, err, propagate.ErrDiverges)
	assert.ErrorContains(t, err, "of at most -0.")
	arrow, err := csr.Build(t.Context(), csr.Columns{}, csr.Options{Nodes: 2, Directed: true})
	require.NoError(t, err)
	_, err = propagate.Spectrum(t.Context(), arrow, 1)
	require.ErrorIs(t, err, propagate.ErrOptions)
}

// FuzzMethods reads three bytes an edge and one a seed.
func FuzzMethods(f *testing.F) {
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
		seeds[seed%32], seeds[0] = -1, 0.5
		for _, m := range methods() {
			if directed && !m.directed {
				continue
			}
			got, _, err := m.run(t.Context(), g, seeds, propagate.Limits{MaxSteps: 2000})
			if err != nil {
				require.True(t, errors.Is(err, propagate.ErrSteps) || errors.Is(err, propagate.ErrDiverges), "%s: %v", m.name, err)
				continue
			}
			for _, x := range got {
				require.False(t, math.IsNaN(x) || math.IsInf(x, 0), m.name)
			}
		}
	})
}

func BenchmarkMethods(b *testing.B) {
	const n = 100_000
	edges, _ := csrtest.Partition{Nodes: n, Mixing: 0.3, Seed: 1, Weighted: true}.Draw()
	g, err := csr.Build(b.Context(), edges, csr.Options{Nodes: n})
	require.NoError(b, err)
	seeds := make([]float64, n)
	for u := 0; u < n; u += 1000 {
		seeds[u] = 1
	}
	for _, m := range methods() {
		b.Run(m.name, func(b *testing.B) {
			for b.Loop() {
				_, _, err := m.run(b.Context(), g, seeds, propagate.Limits{Tolerance: 1e-10})
				require.NoError(b, err)
			}
		})
	}
}

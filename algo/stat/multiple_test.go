package stat_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/stat/distuv"
	"pgregory.net/rapid"

	"rummage/algo/stat"
)

func TestFisherEqualsTheChiSquaredTail(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := rapid.SliceOfN(rapid.Float64Range(1e-6, 1), 1, 20).Draw(t, "p")
		statistic := 0.0
		for _, v := range p {
			statistic -= 2 * math.Log(v)
		}
		got, err := stat.FisherCombined(p)
		require.NoError(t, err)
		require.InDelta(t, distuv.ChiSquared{K: float64(2 * len(p))}.Survival(statistic), got, 1e-9)
	})
}

func TestFisherEdges(t *testing.T) {
	for _, c := range []struct {
		name string
		p    []float64
		want float64
	}{
		{"nothing to combine", nil, 1},
		{"one is itself", []float64{0.3}, 0.3},
		{"all certain", []float64{1, 1}, 1},
		{"an impossible one", []float64{0.5, 0}, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := stat.FisherCombined(c.p)
			require.NoError(t, err)
			assert.InDelta(t, c.want, got, 1e-15)
		})
	}
	_, err := stat.FisherCombined([]float64{0.2, 1.2})
	require.ErrorIs(t, err, stat.ErrProbability)
	assert.ErrorContains(t, err, "place 1")
}

func TestBenjaminiHochbergByDefinition(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := rapid.SliceOfN(rapid.SampledFrom([]float64{0, 0.001, 0.01, 0.02, 0.02, 0.3, 0.7, 1}), 0, 30).Draw(t, "p")
		got, err := stat.BenjaminiHochberg(p)
		require.NoError(t, err)
		for i := range p {
			least := 1.0
			for _, cut := range p { // reject all p <= cut
				if cut < p[i] {
					continue
				}
				rejected := 0
				for _, v := range p {
					if v <= cut {
						rejected++
					}
				}
				least = min(least, cut*float64(len(p))/float64(rejected))
			}
			require.InDelta(t, least, got[i], 1e-15)
		}
	})
	_, err := stat.BenjaminiHochberg([]float64{math.NaN()})
	assert.ErrorIs(t, err, stat.ErrProbability)
}

func TestCalibrateByDefinition(t *testing.T) {
	score := rapid.SampledFrom([]float64{1e-9, 1e-7, 1e-5, 1e-4, 1e-3, 0.01, 0.1})
	rapid.Check(t, func(t *rapid.T) {
		observed := rapid.SliceOfN(score, 0, 20).Draw(t, "observed")
		null := rapid.SliceOfN(score, 0, 40).Draw(t, "null")
		draws := rapid.IntRange(1, 60).Draw(t, "draws")
		const q = 0.2
		got, err := stat.Calibrate(observed, null, draws, q)
		require.NoError(t, err)
		count := func(list []float64, cut float64) (n int) {
			for _, v := range list {
				if v <= cut {
					n++
				}
			}
			return n
		}
		best := math.NaN()
		for _, cut := range observed {
			v := float64(1+count(null, cut)) / float64(draws)
			if v <= q*float64(count(observed, cut)) && !(best >= cut) {
				best = cut
			}
		}
		if math.IsNaN(best) {
			require.True(t, math.IsNaN(got.Threshold))
			require.Zero(t, got.Expected)
		} else {
			require.Equal(t, best, got.Threshold)
			require.InDelta(t, float64(count(null, best))/float64(draws), got.Expected, 1e-15)
		}
		for i, s := range observed {
			require.Equal(t, s <= best, got.Takes(s))
			require.Equal(t, got.Takes(s), got.Q[i] <= q, "a score is taken exactly when its q-value allows it")
		}
	})
}

func TestCalibrateRefuses(t *testing.T) {
	_, err := stat.Calibrate(nil, nil, 0, 0.05)
	assert.ErrorContains(t, err, "0 draws")
	_, err = stat.Calibrate(nil, nil, 10, 1.5)
	assert.ErrorIs(t, err, stat.ErrProbability)
}

package stat_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"rummage/algo/stat"
)

func TestRankingMeasures(t *testing.T) {
	for _, c := range []struct {
		name         string
		scores       []float64
		truth        []bool
		auc, ap, at2 float64
	}{
		{"perfect", []float64{4, 3, 2, 1}, []bool{true, true, false, false}, 1, 1, 1},
		{"upside down", []float64{1, 2, 3, 4}, []bool{true, true, false, false}, 0, (1.0/3 + 2.0/4) / 2, 0},
		{"all equal is one threshold", []float64{7, 7, 7, 7}, []bool{false, true, false, false}, 0.5, 0.25, 0.5},
		{"tie across the kinds", []float64{9, 5, 5, 1}, []bool{true, true, false, false}, 0.875, (1 + 2.0/3) / 2, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			r, err := stat.NewRanking(c.scores, c.truth)
			require.NoError(t, err)
			assert.InDelta(t, c.auc, r.AUC(), 1e-15)
			assert.InDelta(t, c.ap, r.AveragePrecision(), 1e-15)
			assert.InDelta(t, c.at2, r.PrecisionAt(2), 1e-15)
		})
	}
}

func TestRankingByDefinition(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(2, 40).Draw(t, "n")
		scores := rapid.SliceOfN(rapid.SampledFrom([]float64{-1, 0, 0.5, 2, 3, math.Inf(1)}), n, n).Draw(t, "scores")
		truth := rapid.SliceOfN(rapid.Bool(), n, n).Draw(t, "truth")
		truth[0], truth[1] = true, false
		won, pairs, ap, positives := 0.0, 0.0, 0.0, 0.0
		for i := range scores {
			if !truth[i] {
				continue
			}
			positives++
			seen, found := 0.0, 0.0
			for j := range scores {
				if scores[j] >= scores[i] {
					seen++
					if truth[j] {
						found++
					}
				}
				if !truth[j] {
					pairs++
					if scores[i] > scores[j] {
						won++
					} else if scores[i] == scores[j] {
						won += 0.5
					}
				}
			}
			ap += found / seen
		}
		r, err := stat.NewRanking(scores, truth)
		require.NoError(t, err)
		require.InDelta(t, won/pairs, r.AUC(), 1e-12)
		require.InDelta(t, ap/positives, r.AveragePrecision(), 1e-12)
		require.InDelta(t, positives/float64(n), r.PrecisionAt(n+5), 1e-12)
	})
}

func TestRankingEdges(t *testing.T) {
	_, err := stat.NewRanking([]float64{1}, nil)
	require.ErrorIs(t, err, stat.ErrRanking)
	_, err = stat.NewRanking([]float64{math.NaN()}, []bool{true})
	require.ErrorIs(t, err, stat.ErrRanking)
	none, err := stat.NewRanking([]float64{1, 2}, []bool{false, false})
	require.NoError(t, err)
	assert.True(t, math.IsNaN(none.AUC()))
	assert.True(t, math.IsNaN(none.AveragePrecision()))
	assert.True(t, math.IsNaN(none.PrecisionAt(0)))
	assert.Zero(t, none.PrecisionAt(2))
}

package stat_test

import (
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"rummage/algo/stat"
)

func TestMedianIsThatOfTheSortedList(t *testing.T) {
	require.True(t, math.IsNaN(stat.Median(nil)))
	rapid.Check(t, func(r *rapid.T) {
		list := rapid.SliceOfN(rapid.OneOf(rapid.Float64Range(-9, 9), rapid.SampledFrom([]float64{0, 1, 2})), 1, 200).Draw(r, "list")
		sorted := slices.Sorted(slices.Values(list))
		n := len(sorted)
		require.Equal(r, (sorted[(n-1)/2]+sorted[n/2])/2, stat.Median(list))
		require.Equal(r, sorted, slices.Sorted(slices.Values(list)), "none is lost")
	})
}

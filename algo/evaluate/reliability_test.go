package evaluate_test

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rummage/algo/evaluate"
)

// scored are scores that are true with a chance that rises with them, to the power of bend.
func scored(seed uint64, bend int) evaluate.Scored {
	random := rand.New(rand.NewPCG(seed, 0))
	var s evaluate.Scored
	for range 4000 {
		x := random.Float64()
		chance := x
		for range bend {
			chance *= x
		}
		s.Score, s.Truth = append(s.Score, 7*x-3), append(s.Truth, random.Float64() < chance)
	}
	return s
}

// TestReliable states chances well where all worlds follow one law, whatever the scale of scores, and badly where they do not.
func TestReliable(t *testing.T) {
	alike, err := evaluate.Reliable([]evaluate.Scored{scored(1, 1), scored(2, 1), scored(3, 1)}, 1)
	require.NoError(t, err)
	assert.Less(t, alike.ECE, 0.03)
	require.Len(t, alike.Bins, 10)
	n := 0
	for i, b := range alike.Bins {
		n += b.N
		if i > 0 {
			assert.GreaterOrEqual(t, b.Predicted, alike.Bins[i-1].Predicted)
		}
	}
	assert.Equal(t, 12000, n)
	assert.Greater(t, alike.Bins[9].Observed, 0.8)
	unlike, err := evaluate.Reliable([]evaluate.Scored{scored(1, 0), scored(2, 9)}, 1)
	require.NoError(t, err)
	assert.Greater(t, unlike.ECE, 0.2)
	assert.Greater(t, unlike.Brier, alike.Brier)
	part, err := evaluate.Reliable([]evaluate.Scored{scored(1, 1), scored(2, 1)}, 0.05)
	require.NoError(t, err)
	assert.Equal(t, 40, part.Bins[0].N, "of the highest alone")
	_, err = evaluate.Reliable([]evaluate.Scored{scored(1, 1)}, 1)
	assert.ErrorIs(t, err, evaluate.ErrPoints)
	_, err = evaluate.Reliable([]evaluate.Scored{{Score: []float64{1}}, scored(1, 1)}, 1)
	assert.ErrorIs(t, err, evaluate.ErrPoints)
}

package evaluate_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"

	"rummage/algo/evaluate"
)

func TestSpread(t *testing.T) {
	s := evaluate.NewSpread([]float64{1, math.NaN(), 2, 3, math.Inf(1)})
	assert.Equal(t, evaluate.Spread{N: 3, Mean: 2, SD: 1}, s)
	s = evaluate.NewSpread([]float64{4})
	assert.True(t, s.N == 1 && s.Mean == 4 && math.IsNaN(s.SD), s)
	assert.True(t, math.IsNaN(evaluate.NewSpread(nil).Mean))
}

// TestCompare holds the bootstrap against its normal approximation, and against differences whose sign is plain.
func TestCompare(t *testing.T) {
	ours, theirs := make([]float64, 400), make([]float64, 400)
	for i := range ours {
		theirs[i] = float64(i%17) / 10 // what both have in common cancels
		ours[i] = theirs[i] + 0.1 + 0.2*math.Sin(float64(i))
	}
	d := evaluate.Compare(ours, theirs, 1)
	ahead := make([]float64, len(ours))
	for i := range ours {
		ahead[i] = ours[i] - theirs[i]
	}
	s := evaluate.NewSpread(ahead)
	half := 1.96 * s.SD / math.Sqrt(float64(s.N))
	assert.InDelta(t, s.Mean, d.Mean, 1e-12)
	assert.InDelta(t, s.Mean-half, d.Low, half/20)
	assert.InDelta(t, s.Mean+half, d.High, half/20)
	assert.Zero(t, d.Worse)
	assert.Equal(t, d, evaluate.Compare(ours, theirs, 1), "one seed, one answer")
	assert.NotEqual(t, d, evaluate.Compare(ours, theirs, 2))
	back := evaluate.Compare(theirs, ours, 1)
	assert.InDelta(t, -d.Mean, back.Mean, 1e-12)
	assert.Equal(t, 1.0, back.Worse)
	same := evaluate.Compare(ours, ours, 1)
	assert.Equal(t, evaluate.Difference{Worse: 1}, same, "nobody is ahead of itself")
	assert.True(t, math.IsNaN(evaluate.Compare(ours[:1], theirs[:1], 1).Low), "one world tells nothing of chance")
}

package stat

import (
	"fmt"
	"math"
	"slices"
)

// Calibration is a list of scores judged against the same list drawn many times without signal.
type Calibration struct {
	// Threshold is the largest observed score at which the expected number of false ones is at most q times the number
	// taken. NaN when there is none: nothing is taken.
	Threshold float64

	// Q has for each observed score, in its place, the smallest q at which it would be taken.
	Q []float64

	// Expected is the mean number of null scores at or below Threshold per draw: how many of the taken are expected to be
	// false. 0 when nothing is taken.
	Expected float64
}

// Calibrate chooses how far up a list of scores (small is striking) one may go when only q of what is taken may be false.
//
// null has the scores of all draws together, each produced under the same rules as the observed ones. With V(t) =
// (1 + null scores <= t) / draws and R(t) = observed scores <= t, the threshold is the largest observed t with V(t) <= q*R(t).
// The 1 makes the estimate conservative: it can never be zero (Davison and Hinkley 1997, §4.2; Storey and Tibshirani 2003 for
// the ratio). Scores need no meaning of their own, only an order; equal scores are taken or left together.
// Cost O(n log n) in the length of both lists; a null that is sorted already is only read.
func Calibrate(observed, null []float64, draws int, q float64) (Calibration, error) {
	if draws < 1 {
		return Calibration{}, fmt.Errorf("stat: calibration: %d draws: at least one is needed", draws)
	}
	if !(q >= 0 && q <= 1) {
		return Calibration{}, fmt.Errorf("stat: calibration: q of %g: %w", q, ErrProbability)
	}
	scores, sorted := slices.Clone(observed), null
	slices.Sort(scores)
	if !slices.IsSorted(sorted) {
		sorted = slices.Clone(null)
		slices.Sort(sorted)
	}
	result := Calibration{Threshold: math.NaN(), Q: make([]float64, len(observed))}
	stepped := make([]float64, len(scores)) // q-value by rank
	least := 1.0
	for taken := len(scores); taken > 0; taken-- {
		t := scores[taken-1]
		if taken == len(scores) || scores[taken] != t {
			fakes := 1 + atMost(sorted, t)
			least = min(least, float64(fakes)/float64(draws)/float64(taken))
			if math.IsNaN(result.Threshold) && float64(fakes)/float64(draws) <= q*float64(taken) {
				result.Threshold = t
				result.Expected = float64(fakes-1) / float64(draws)
			}
		}
		stepped[taken-1] = least
	}
	for i, s := range observed {
		at, _ := slices.BinarySearch(scores, s)
		result.Q[i] = stepped[at]
	}
	return result, nil
}

// Takes says whether a score is among the taken.
func (c Calibration) Takes(score float64) bool { return score <= c.Threshold }

// atMost counts the values <= t in a sorted list.
func atMost(sorted []float64, t float64) int {
	n, _ := slices.BinarySearchFunc(sorted, t, func(v, t float64) int {
		if v <= t {
			return -1
		}
		return 1
	})
	return n
}

package stat

import (
	"errors"
	"fmt"
	"math"
	"slices"
)

// ErrRanking is wrapped when scores and truth do not fit together.
var ErrRanking = errors.New("stat: ranking")

// Ranking is a list of scores with the truth beside it, sorted once for every measure.
type Ranking struct {
	scores    []float64 // descending
	truth     []bool
	positives int
}

// NewRanking sorts places by score, highest first, equal scores by place; so that who hands them in by entity id gets one answer.
func NewRanking(scores []float64, truth []bool) (*Ranking, error) {
	if len(scores) != len(truth) {
		return nil, fmt.Errorf("%w: %d scores for %d truths", ErrRanking, len(scores), len(truth))
	}
	order := make([]int, len(scores))
	for i, s := range scores {
		if math.IsNaN(s) {
			return nil, fmt.Errorf("%w: place %d: score is not a number", ErrRanking, i)
		}
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		switch {
		case scores[a] > scores[b]:
			return -1
		case scores[a] < scores[b]:
			return 1
		}
		return 0
	})
	r := &Ranking{scores: make([]float64, len(order)), truth: make([]bool, len(order))}
	for rank, i := range order {
		r.scores[rank], r.truth[rank] = scores[i], truth[i]
		if truth[i] {
			r.positives++
		}
	}
	return r, nil
}

// each calls see for every group of equal scores: its length and its positives.
func (r *Ranking) each(see func(size, positives int)) {
	for from := 0; from < len(r.scores); {
		to, positives := from, 0
		for to < len(r.scores) && r.scores[to] == r.scores[from] {
			if r.truth[to] {
				positives++
			}
			to++
		}
		see(to-from, positives)
		from = to
	}
}

// AUC is the probability that a positive is ranked above a negative, equal scores counting half (Mann and Whitney 1947). NaN
// when either kind is missing. A footnote here: it hides what happens at the top, where inspections are spent.
func (r *Ranking) AUC() float64 {
	negatives := len(r.scores) - r.positives
	if r.positives == 0 || negatives == 0 {
		return math.NaN()
	}
	above, won := 0.0, 0.0 // positives ranked strictly above; pairs won
	r.each(func(size, positives int) {
		won += float64(size-positives) * (above + float64(positives)/2)
		above += float64(positives)
	})
	return won / float64(r.positives) / float64(negatives)
}

// AveragePrecision is the sum over thresholds of precision times the recall gained there. Equal scores are one threshold, so
// the answer does not depend on how ties are broken. NaN without positives.
func (r *Ranking) AveragePrecision() float64 {
	if r.positives == 0 {
		return math.NaN()
	}
	seen, found, sum := 0, 0, 0.0
	r.each(func(size, positives int) {
		seen += size
		found += positives
		sum += float64(positives) * float64(found) / float64(seen)
	})
	return sum / float64(r.positives)
}

// PrecisionAt is the share of positives among the k highest, equal scores taken by place; with fewer than k entries, among all.
// NaN when k < 1 or there is nothing to rank.
func (r *Ranking) PrecisionAt(k int) float64 {
	k = min(k, len(r.truth))
	if k < 1 {
		return math.NaN()
	}
	found := 0
	for _, positive := range r.truth[:k] {
		if positive {
			found++
		}
	}
	return float64(found) / float64(k)
}

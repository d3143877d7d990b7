package stat

import (
	"math"
	"sort"
)

// Tally is what came of a number of trials.
type Tally struct{ Trials, Hits int }

func (t Tally) possible() bool { return t.Trials >= 0 && t.Hits >= 0 && t.Hits <= t.Trials }

// AboveOthers is the probability that as many of all the hits, or more, fall on own trials if own and others have one rate, whatever it
// is: of two binomial counts with a common unknown rate, given their sum, the first is hypergeometric (R. A. Fisher 1935). With others
// many times own it is BinomialUpper at the others' rate. That takes the rate as known, which with few others it is not: it calls too
// much unusual, and where the others have no hit at all, a single one impossible.
//
// 1 where there are no others. NaN if a tally is impossible.
func AboveOthers(own, others Tally) float64 {
	if !own.possible() || !others.possible() {
		return math.NaN()
	}
	return HypergeometricUpper(own.Trials+others.Trials, own.Hits+others.Hits, own.Trials, own.Hits)
}

// FunnelLimit is the most hits among trials that AboveOthers gives more than tail: the upper limit of a funnel plot at that size
// (Spiegelhalter 2005 draws it at 0.025 and 0.001, the upper halves of 95 % and 99.8 %). It narrows towards the others' rate as trials
// grow, which is what makes a large record and a small one comparable; where so few trials prove nothing, it is all of them.
//
// Cost: log2(trials) tests. -1 if trials or others are impossible, or tail is no probability below 1.
func FunnelLimit(trials int, others Tally, tail float64) int {
	if trials < 0 || !others.possible() || !(tail >= 0 && tail < 1) {
		return -1
	}
	// With the others as they are, one more hit among own trials is always less probable.
	return sort.Search(trials, func(hits int) bool {
		return AboveOthers(Tally{Trials: trials, Hits: hits + 1}, others) <= tail
	})
}

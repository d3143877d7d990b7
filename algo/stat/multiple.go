package stat

import (
	"errors"
	"fmt"
	"math"
	"slices"
)

// ErrProbability is wrapped when a list holds something that is no probability.
var ErrProbability = errors.New("not a probability")

func checkProbabilities(what string, p []float64) error {
	for i, v := range p {
		if !(v >= 0 && v <= 1) {
			return fmt.Errorf("stat: %s: place %d: %g: %w", what, i, v, ErrProbability)
		}
	}
	return nil
}

// FisherCombined is the p-value of k independent p-values taken together, R. A. Fisher 1925: twice the negated sum of their
// logs is chi-squared with 2k degrees of freedom, whose tail is a finite sum. It assumes independence: p-values of overlapping
// groups must not be handed in. No p-values give 1.
func FisherCombined(p []float64) (float64, error) {
	if err := checkProbabilities("Fisher's combination", p); err != nil {
		return math.NaN(), err
	}
	half := 0.0
	for _, v := range p {
		half -= math.Log(v)
	}
	if len(p) == 0 || half == 0 {
		return 1, nil
	}
	if math.IsInf(half, 1) {
		return 0, nil
	}
	last := float64(len(p) - 1) // e^-half * sum half^i/i!, from the last term down, its logarithm drawn out first
	logFactorial, _ := math.Lgamma(last + 1)
	sum := sumDown(len(p)-1, 0, func(i float64) float64 { return i / half })
	return min(1, math.Exp(last*math.Log(half)-logFactorial-half+math.Log(sum))), nil
}

// BenjaminiHochberg turns p-values into q-values, in the same places: the smallest false discovery rate at which a test is
// still taken, Benjamini and Hochberg 1995 (step-up), valid under independence or positive dependence. Cost O(m log m).
func BenjaminiHochberg(p []float64) ([]float64, error) {
	if err := checkProbabilities("Benjamini-Hochberg", p); err != nil {
		return nil, err
	}
	order := make([]int, len(p))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		switch {
		case p[a] < p[b]:
			return -1
		case p[a] > p[b]:
			return 1
		}
		return 0
	})
	q := make([]float64, len(p))
	least := 1.0
	for rank := len(p); rank > 0; rank-- {
		i := order[rank-1]
		least = min(least, p[i]*float64(len(p))/float64(rank))
		q[i] = least
	}
	return q, nil
}

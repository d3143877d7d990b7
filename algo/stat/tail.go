package stat

import (
	"math"

	"gonum.org/v1/gonum/mathext"
)

// negligible ends a sum of shrinking terms: what is left is below the last digit of the sum.
const negligible = 1e-18

// LogHypergeometricUpper is ln P[X >= x], X the number of marked items among draws drawn without replacement from population
// items of which marked are marked: Fisher's exact test, one-sided. Relative error of the probability is below 1e-12 down to
// e^-700. It costs one term per value between x and the far end of the bulk: O(standard deviation).
// NaN if the numbers describe no urn.
func LogHypergeometricUpper(population, marked, draws, x int) float64 {
	if population < 0 || marked < 0 || draws < 0 || marked > population || draws > population {
		return math.NaN()
	}
	low, high := max(0, draws-(population-marked)), min(draws, marked)
	switch {
	case x <= low:
		return 0
	case x > high:
		return math.Inf(-1)
	}
	bigN, k, n := float64(population), float64(marked), float64(draws)
	mode := int((n + 1) * ((k + 1) / (bigN + 2)))
	up := func(i float64) float64 { // mass(i+1) / mass(i)
		return (k - i) * (n - i) / ((i + 1) * (bigN - k - n + i + 1))
	}
	if x > mode {
		return logHypergeometricMass(bigN, k, n, float64(x)) + math.Log(sumUp(x, high, up))
	}
	down := func(i float64) float64 { // mass(i-1) / mass(i)
		return i * (bigN - k - n + i) / ((k - i + 1) * (n - i + 1))
	}
	lower := math.Exp(logHypergeometricMass(bigN, k, n, float64(x-1))) * sumDown(x-1, low, down)
	return math.Log1p(-lower)
}

// HypergeometricUpper is P[X >= x]; see LogHypergeometricUpper.
func HypergeometricUpper(population, marked, draws, x int) float64 {
	return math.Exp(LogHypergeometricUpper(population, marked, draws, x))
}

// logHypergeometricMass writes the mass as a quotient of three binomial masses at the common p = draws/population, where each
// is near its mode.
func logHypergeometricMass(population, marked, draws, x float64) float64 {
	p, q := draws/population, (population-draws)/population
	return logBinomialMass(x, marked, p, q) +
		logBinomialMass(draws-x, population-marked, p, q) -
		logBinomialMass(draws, population, p, q)
}

// LogBinomialUpper is ln P[X >= x], X the number of successes in n trials of probability p. Exact as LogHypergeometricUpper
// is. NaN if n < 0 or p is no probability.
func LogBinomialUpper(n int, p float64, x int) float64 {
	if n < 0 || !(p >= 0 && p <= 1) {
		return math.NaN()
	}
	switch {
	case x <= 0:
		return 0
	case x > n || p == 0:
		return math.Inf(-1)
	case p == 1:
		return 0
	}
	total, q := float64(n), 1-p
	odds := p / q
	if float64(x) > (total+1)*p {
		up := func(i float64) float64 { return (total - i) / (i + 1) * odds }
		return logBinomialMass(float64(x), total, p, q) + math.Log(sumUp(x, n, up))
	}
	down := func(i float64) float64 { return i / ((total - i + 1) * odds) }
	lower := math.Exp(logBinomialMass(float64(x-1), total, p, q)) * sumDown(x-1, 0, down)
	return math.Log1p(-lower)
}

// BinomialUpper is P[X >= x]; see LogBinomialUpper.
func BinomialUpper(n int, p float64, x int) float64 { return math.Exp(LogBinomialUpper(n, p, x)) }

// sumUp adds 1 + r(from) + r(from)*r(from+1) + ... to the place to, for a tail whose terms shrink.
func sumUp(from, to int, ratio func(float64) float64) float64 {
	sum, term := 1.0, 1.0
	for i := from; i < to && term > negligible*sum; i++ {
		term *= ratio(float64(i))
		sum += term
	}
	return sum
}

// sumDown is sumUp towards smaller places.
func sumDown(from, to int, ratio func(float64) float64) float64 {
	sum, term := 1.0, 1.0
	for i := from; i > to && term > negligible*sum; i-- {
		term *= ratio(float64(i))
		sum += term
	}
	return sum
}

// PoissonBinomialUpper is P[X >= x], X the number of successes in independent trials with the probabilities given: the exact
// test for consignments from strata of different rates. Only sums of products are formed, so the relative error grows as the
// number of trials times 1e-16. Cost O(len(probabilities) * x). NaN if one is no probability.
func PoissonBinomialUpper(probabilities []float64, x int) float64 {
	for _, p := range probabilities {
		if !(p >= 0 && p <= 1) {
			return math.NaN()
		}
	}
	switch {
	case x <= 0:
		return 1
	case x > len(probabilities):
		return 0
	}
	below := make([]float64, x) // below[i] = P[i successes so far]; reaching x is kept apart in reached
	below[0] = 1
	reached := 0.0
	for _, p := range probabilities {
		reached += below[x-1] * p
		for i := x - 1; i > 0; i-- {
			below[i] = below[i]*(1-p) + below[i-1]*p
		}
		below[0] *= 1 - p
	}
	return min(reached, 1)
}

// GammaPoissonRateAbove is P[rate > threshold] when the rate has a Gamma(shape alpha, rate beta) prior and k hits were seen
// where expected were expected: the posterior is Gamma(alpha+k, beta+expected). A rate of 1 is "as expected"; an
// investigator is shown the probability that it exceeds 2. NaN unless alpha, beta > 0 and the rest is not negative.
func GammaPoissonRateAbove(prior Gamma, k int, expected, threshold float64) float64 {
	if !(prior.Shape > 0 && prior.Rate > 0) || k < 0 || !(expected >= 0) || !(threshold >= 0) {
		return math.NaN()
	}
	return mathext.GammaIncRegComp(prior.Shape+float64(k), (prior.Rate+expected)*threshold)
}

// Gamma is a Gamma distribution by shape and rate (not scale); its mean is Shape/Rate.
type Gamma struct{ Shape, Rate float64 }

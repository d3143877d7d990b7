package stat

import "math"

// Urn holds Population items of which Marked are marked; Draws of them are drawn without replacement.
type Urn struct{ Population, Marked, Draws int }

// UrnsUpper is P[X >= x], X the marked items drawn from several independent urns together: the exact one-sided test over strata, each
// with its own margins (Mehta, Patel and Gray 1985, doi:10.1080/01621459.1985.10478212, at an odds ratio of 1). Of one urn it is
// HypergeometricUpper. Only sums of products are formed, so small tails keep their digits. Cost O(urns * x * largest draw). NaN if the
// numbers describe no urn.
func UrnsUpper(urns []Urn, x int) float64 {
	if len(urns) == 1 {
		u := urns[0]
		return HypergeometricUpper(u.Population, u.Marked, u.Draws, x)
	}
	for _, u := range urns {
		if u.Population < 0 || u.Marked < 0 || u.Draws < 0 || u.Marked > u.Population || u.Draws > u.Population {
			return math.NaN()
		}
	}
	if x <= 0 {
		return 1
	}
	below, next := make([]float64, x), make([]float64, x) // below[i] = P[i marked so far]
	below[0] = 1
	reached := 0.0 // P[x or more so far]
	for _, u := range urns {
		low, mass := u.masses()
		upper := make([]float64, len(mass)+1) // P[at least low+k]
		for k := len(mass) - 1; k >= 0; k-- {
			upper[k] = upper[k+1] + mass[k]
		}
		clear(next)
		for had, p := range below {
			if p == 0 {
				continue
			}
			if need := x - had - low; need < len(mass) {
				reached += p * upper[max(need, 0)]
			}
			for k, m := range mass[:min(len(mass), max(0, x-had-low))] {
				next[had+low+k] += p * m
			}
		}
		below, next = next, below
	}
	return min(reached, 1)
}

// masses are the probabilities of low, low+1, ... marked items, up to the most that can be drawn.
func (u Urn) masses() (low int, mass []float64) {
	low = max(0, u.Draws-(u.Population-u.Marked))
	high := min(u.Draws, u.Marked)
	n, k, bigN := float64(u.Draws), float64(u.Marked), float64(u.Population)
	mass = make([]float64, high-low+1)
	mode := min(high, max(low, int((n+1)*((k+1)/(bigN+2)))))
	mass[mode-low] = math.Exp(logHypergeometricMass(bigN, k, n, float64(mode)))
	if u.Draws == 0 || u.Draws == u.Population {
		mass[mode-low] = 1
		return low, mass
	}
	for i := mode; i < high; i++ {
		at := float64(i)
		mass[i+1-low] = mass[i-low] * (k - at) * (n - at) / ((at + 1) * (bigN - k - n + at + 1))
	}
	for i := mode; i > low; i-- {
		at := float64(i)
		mass[i-1-low] = mass[i-low] * at * (bigN - k - n + at) / ((k - at + 1) * (n - at + 1))
	}
	return low, mass
}

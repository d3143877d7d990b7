package stat

import "math"

// LOND is the share of false ones that the n-th of a stream of tests may have, counted from 1, after so many were told by earlier
// ones: Javanmard and Montanari 2018 (Online rules for control of false discovery rate and false discovery exceedance, Annals of
// Statistics 46), share * gamma(n) / H(n) * (told + 1), and share at most. gamma(n) is n^-1.5 over its sum, which falls slowly, and
// H(n) the harmonic number that they ask for where tests depend on each other. Without told the levels of all tests add up to less than
// share, which bounds the false ones whatever depends on what.
func LOND(n, told int, share float64) float64 {
	const slope, total = 1.5, 2.612375348685488 // the sum of n^-1.5 is the zeta function at 1.5
	harmonic := 0.0
	for i := 1; i <= n; i++ {
		harmonic += 1 / float64(i)
	}
	return min(share, share*math.Pow(float64(n), -slope)/total/harmonic*float64(told+1))
}

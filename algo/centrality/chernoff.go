package centrality

import "math"

// divergence returns the relative entropy of coins that fall heads with probability p and q: n throws of the second look like the first
// with a probability of at most exp(-n·divergence) (Chernoff 1952). It grows as q moves away from p.
func divergence(p, q float64) float64 {
	sum := 0.0
	if p > 0 {
		sum += p * math.Log(p/q)
	}
	if p < 1 {
		sum += (1 - p) * (math.Log1p(-p) - math.Log1p(-q))
	}
	return sum
}

// certainty returns how surely each throw excludes that a share seen as p is off by more than epsilon: after n throws, either side is
// wrong with a probability of at most exp(-n·certainty).
func certainty(p, epsilon float64) float64 {
	least := math.Inf(1)
	if p+epsilon < 1 {
		least = divergence(p, p+epsilon)
	}
	if p-epsilon > 0 {
		least = min(least, divergence(p, p-epsilon))
	}
	return least
}

// interval returns the shares that count heads in so many throws do not exclude, where a side may be wrong with probability exp(-odds).
func interval(count, throws int, odds float64) (lower, upper float64) {
	p := float64(count) / float64(throws)
	limit := odds / float64(throws)
	return p - stretch(p, p, limit, -1), p + stretch(p, 1-p, limit, 1)
}

// stretch returns how far from p one can go, at most the given way, until the divergence exceeds the limit, rounded away from p.
func stretch(p, most, limit, direction float64) float64 {
	near, far := 0.0, most
	for range 60 {
		mid := (near + far) / 2
		if divergence(p, p+direction*mid) > limit {
			far = mid
		} else {
			near = mid
		}
	}
	return far
}

package area

import "math"

// leastSlope keeps a calibration from turning a ranking round.
const leastSlope = 1e-3

// platt fits intercept and slope of log odds by logistic regression, by Newton's method,
// with the targets of Platt (1999), so that no chance is 0 or 1: 0 and 1 where nothing can
// be fitted.
func platt(odds []float64, truth []bool) (intercept, slope float64) {
	hits := 0.0
	for _, hit := range truth {
		hits += float64(boolean(hit))
	}
	up, down := (hits+1)/(hits+2), 1/(float64(len(truth))-hits+2)
	slope = 1
	for range 50 {
		var g [2]float64 // gradient
		var h [3]float64 // entries of the negated Hessian
		for k, x := range odds {
			p := odd(intercept + slope*x)
			target := down
			if truth[k] {
				target = up
			}
			w := p * (1 - p)
			g[0] += target - p
			g[1] += (target - p) * x
			h[0] += w
			h[1] += w * x
			h[2] += w * x * x
		}
		det := h[0]*h[2] - h[1]*h[1]
		if !(det > 1e-12) {
			return intercept, slope
		}
		a, b := (h[2]*g[0]-h[1]*g[1])/det, (h[0]*g[1]-h[1]*g[0])/det
		intercept, slope = intercept+a, max(slope+b, leastSlope)
		if math.Abs(a)+math.Abs(b) < 1e-12 {
			break
		}
	}
	return intercept, slope
}

// crossed is the mean surprise at what rows brought, in nats, each half judged with the
// calibration of the other. Log odds and truth stand in the order of rows.
func crossed(odds []float64, truth []bool) float64 {
	sum := 0.0
	for h := range 2 {
		var x []float64
		var y []bool
		for k := 1 - h; k < len(odds); k += 2 {
			x, y = append(x, odds[k]), append(y, truth[k])
		}
		intercept, slope := platt(x, y)
		for k := h; k < len(odds); k += 2 {
			sum += surprise(odd(intercept+slope*odds[k]), truth[k])
		}
	}
	return sum / float64(len(odds))
}

// surprise is the negative log likelihood of an outcome.
func surprise(p float64, hit bool) float64 {
	if hit {
		return -math.Log(p)
	}
	return -math.Log1p(-p)
}

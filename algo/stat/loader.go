package stat

import "math"

// halfLogTwoPi is ln(2*pi)/2.
const halfLogTwoPi = 0.918938533204672741780329736406

// stirlingErrors[n] is ln n! - ln(sqrt(2*pi*n) * (n/e)^n) for n = 0..15, where the series below is not yet exact.
// Place 0 is never a true value; callers treat n = 0 apart.
var stirlingErrors = [16]float64{
	0,
	0.0810614667953272582196702,
	0.0413406959554092940938221,
	0.02767792568499833914878929,
	0.02079067210376509311152277,
	0.01664469118982119216319487,
	0.01387612882307074799874573,
	0.01189670994589177009505572,
	0.010411265261972096497478567,
	0.009255462182712732917728637,
	0.008330563433362871256469318,
	0.007573675487951840794972024,
	0.006942840107209529865664152,
	0.006408994188004207068439631,
	0.005951370112758847735624416,
	0.005554733551962801371038690,
}

// stirlingError is the error of Stirling's formula at n >= 1, to the last digit.
func stirlingError(n float64) float64 {
	if n < 16 {
		return stirlingErrors[int(n)]
	}
	s := 1 / (n * n)
	return (1.0/12 - (1.0/360-(1.0/1260-(1.0/1680-(1.0/1188-691.0/360360*s)*s)*s)*s)*s) / n
}

// deviance is x*ln(x/m) + m - x without the cancellation that form suffers near x = m.
func deviance(x, m float64) float64 {
	if math.Abs(x-m) >= 0.1*(x+m) {
		return x*math.Log(x/m) + m - x
	}
	v := (x - m) / (x + m)
	sum := (x - m) * v
	term := 2 * x * v
	v *= v
	for j := 1; ; j++ {
		term *= v
		next := sum + term/float64(2*j+1)
		if next == sum {
			return sum
		}
		sum = next
	}
}

// logBinomialMass is ln P[X = x] of Binomial(n, p), q = 1-p handed in because the caller may know it more exactly. It follows
// C. Loader, "Fast and accurate computation of binomial probabilities" (2000): every term is small or monotone, so no digits
// cancel, where a difference of log-gammas loses six of them at n = 10^6.
func logBinomialMass(x, n, p, q float64) float64 {
	switch {
	case p <= 0:
		return pointMass(x == 0)
	case q <= 0:
		return pointMass(x == n)
	case n == 0:
		return pointMass(x == 0)
	case x == 0 && p < 0.1:
		return -deviance(n, n*q) - n*p
	case x == 0:
		return n * math.Log(q)
	case x == n && q < 0.1:
		return -deviance(n, n*p) - n*q
	case x == n:
		return n * math.Log(p)
	}
	rest := n - x
	return stirlingError(n) - stirlingError(x) - stirlingError(rest) -
		deviance(x, n*p) - deviance(rest, n*q) +
		0.5*math.Log(n/(x*rest)) - halfLogTwoPi
}

func pointMass(here bool) float64 {
	if here {
		return 0
	}
	return math.Inf(-1)
}

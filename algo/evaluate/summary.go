package evaluate

import (
	"math"
	"math/rand/v2"
	"slices"
)

// Spread is a figure over several worlds. Figures that do not exist in a
// world are left out.
type Spread struct {
	N    int     // worlds that have it
	Mean float64 // NaN without any
	SD   float64 // of a sample; NaN with fewer than two
}

// NewSpread is the mean and the standard deviation.
func NewSpread(figures []float64) Spread {
	s := Spread{Mean: math.NaN(), SD: math.NaN()}
	sum := 0.0
	var kept []float64
	for _, x := range figures {
		if !math.IsNaN(x) && !math.IsInf(x, 0) {
			kept = append(kept, x)
			sum += x
		}
	}
	if s.N = len(kept); s.N == 0 {
		return s
	}
	s.Mean = sum / float64(s.N)
	if s.N > 1 {
		squares := 0.0
		for _, x := range kept {
			squares += (x - s.Mean) * (x - s.Mean)
		}
		s.SD = math.Sqrt(squares / float64(s.N-1))
	}
	return s
}

// Difference is how much one method is ahead of another on the same worlds.
type Difference struct {
	Mean      float64 // of ours less the other's
	Low, High float64 // 95 in 100 draws of worlds lie between
	// Worse is the share of draws in which ours is not ahead.
	Worse float64
}

// resamples is how many times worlds are drawn.
const resamples = 10_000

// Compare draws worlds with replacement, as many as there are, and takes the
// mean difference each time: the paired bootstrap (Efron and Tibshirani 1993,
// chapter 16; percentile interval). Ours and theirs are figures of the same
// worlds in the same order; a world where one is missing is left out. All NaN
// with fewer than two worlds.
func Compare(ours, theirs []float64, seed uint64) Difference {
	var ahead []float64
	for i := range ours {
		if d := ours[i] - theirs[i]; !math.IsNaN(d) && !math.IsInf(d, 0) {
			ahead = append(ahead, d)
		}
	}
	d := Difference{Mean: NewSpread(ahead).Mean, Low: math.NaN(), High: math.NaN(), Worse: math.NaN()}
	if len(ahead) < 2 {
		return d
	}
	random := rand.New(rand.NewPCG(seed, 0))
	draws := make([]float64, resamples)
	worse := 0
	for k := range draws {
		for range ahead {
			draws[k] += ahead[random.IntN(len(ahead))] / float64(len(ahead))
		}
		if draws[k] <= 0 {
			worse++
		}
	}
	slices.Sort(draws)
	d.Low, d.High = draws[resamples*25/1000], draws[resamples*975/1000-1]
	d.Worse = share(worse, resamples)
	return d
}

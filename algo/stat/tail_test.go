package stat_test

import (
	"encoding/csv"
	"math"
	"math/big"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"rummage/algo/stat"
)

// parameters reads "N=4000;K=120;n=6;x=3" or, for lists, "p=0.1 0.2;x=2".
func parameters(t *testing.T, text string) map[string][]float64 {
	t.Helper()
	values := map[string][]float64{}
	for _, part := range strings.Split(text, ";") {
		name, list, ok := strings.Cut(part, "=")
		require.True(t, ok, "parameter %q", part)
		for _, field := range strings.Fields(list) {
			v, err := strconv.ParseFloat(field, 64)
			require.NoError(t, err)
			values[name] = append(values[name], v)
		}
	}
	return values
}

func TestTailsEqualScipy(t *testing.T) {
	file, err := os.Open("testdata/statistics.csv")
	require.NoError(t, err)
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	require.NoError(t, err)
	var bhP, bhQ []float64
	seen := map[string]int{}
	for _, row := range rows[1:] {
		v := parameters(t, row[1])
		want, err := strconv.ParseFloat(row[2], 64)
		require.NoError(t, err)
		at := func(name string) int { return int(v[name][0]) }
		var got float64
		switch row[0] {
		case "hypergeom_sf_ge":
			got = stat.HypergeometricUpper(at("N"), at("K"), at("n"), at("x"))
		case "binom_sf_ge":
			got = stat.BinomialUpper(at("n"), v["p"][0], at("x"))
		case "poisson_binomial_sf_ge":
			got = stat.PoissonBinomialUpper(v["p"], at("x"))
		case "gamma_poisson_prob_rate_gt":
			got = stat.GammaPoissonRateAbove(stat.Gamma{Shape: v["alpha"][0], Rate: v["beta"][0]}, at("k"), v["E"][0], v["t"][0])
		case "fisher_combined":
			got, err = stat.FisherCombined(v["p"])
			require.NoError(t, err)
		case "benjamini_hochberg_q":
			bhP, bhQ = append(bhP, v["p"][0]), append(bhQ, want)
			continue
		default:
			t.Fatalf("unknown test %q in the oracle file", row[0])
		}
		seen[row[0]]++
		assert.InEpsilon(t, want, got, 1e-9, "%s %s", row[0], row[1])
	}
	assert.Len(t, seen, 5, "every kind of test was met")
	got, err := stat.BenjaminiHochberg(bhP)
	require.NoError(t, err)
	assert.InDeltaSlice(t, bhQ, got, 1e-9)
}

func binomialCoefficient(n, k int) *big.Rat {
	if k < 0 || k > n {
		return new(big.Rat)
	}
	return new(big.Rat).SetInt(new(big.Int).Binomial(int64(n), int64(k)))
}

// exactHypergeometric adds whole numbers, so its only error is the last conversion.
func exactHypergeometric(population, marked, draws, x int) float64 {
	sum := new(big.Rat)
	for i := max(x, 0); i <= draws; i++ {
		term := binomialCoefficient(marked, i)
		sum.Add(sum, term.Mul(term, binomialCoefficient(population-marked, draws-i)))
	}
	f, _ := sum.Quo(sum, binomialCoefficient(population, draws)).Float64()
	return f
}

func closeTo(t require.TestingT, want, got, relative float64) {
	if want == 0 {
		require.Zero(t, got)
		return
	}
	require.InEpsilon(t, want, got, relative)
}

func TestHypergeometricIsExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		population := rapid.IntRange(1, 400).Draw(t, "population")
		marked := rapid.IntRange(0, population).Draw(t, "marked")
		draws := rapid.IntRange(0, population).Draw(t, "draws")
		x := rapid.IntRange(-1, draws+1).Draw(t, "x")
		closeTo(t, exactHypergeometric(population, marked, draws, x), stat.HypergeometricUpper(population, marked, draws, x), 1e-12)
	})
}

func TestHypergeometricLargePopulations(t *testing.T) {
	for _, c := range []struct{ population, marked, draws, x int }{
		{1_000_000, 2_000, 25, 6},
		{1_000_000, 500_000, 2_000, 1_100},
		{54_000, 11_688, 900, 260},
		{5_201, 126, 300, 40},
		{100_000, 30_000, 1_000, 290},
	} {
		got := stat.HypergeometricUpper(c.population, c.marked, c.draws, c.x)
		assert.InEpsilon(t, exactHypergeometric(c.population, c.marked, c.draws, c.x), got, 1e-12, "%+v", c)
	}
}

func TestHypergeometricTailsAddUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		population := rapid.IntRange(1, 3000).Draw(t, "population")
		marked := rapid.IntRange(0, population).Draw(t, "marked")
		draws := rapid.IntRange(0, population).Draw(t, "draws")
		x := rapid.IntRange(0, draws).Draw(t, "x")
		upper := stat.HypergeometricUpper(population, marked, draws, x)
		// At most x-1 marked among the draws is at least draws-x+1 unmarked.
		lower := stat.HypergeometricUpper(population, population-marked, draws, draws-x+1)
		require.InDelta(t, 1, upper+lower, 1e-12)
		require.InDelta(t, upper, stat.HypergeometricUpper(population, draws, marked, x), 1e-12*(1+upper), "symmetric in the two samples")
		require.GreaterOrEqual(t, upper, stat.HypergeometricUpper(population, marked, draws, x+1))
	})
}

func TestLogTailBelowTheSmallestNumber(t *testing.T) {
	// 1/C(4000,400) is about e^-1297: no float64, but a logarithm.
	got := stat.LogHypergeometricUpper(4000, 400, 400, 400)
	lg := func(n float64) float64 { v, _ := math.Lgamma(n + 1); return v }
	assert.InDelta(t, lg(400)+lg(3600)-lg(4000), got, 1e-9)
	assert.Zero(t, math.Exp(got))
	assert.InDelta(t, 400*math.Log(1e-3), stat.LogBinomialUpper(400, 1e-3, 400), 1e-9)
}

func TestBinomialIsExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 200).Draw(t, "n")
		eighths := rapid.IntRange(0, 64).Draw(t, "p in 64ths")
		x := rapid.IntRange(-1, n+1).Draw(t, "x")
		p := big.NewRat(int64(eighths), 64)
		q := new(big.Rat).Sub(big.NewRat(1, 1), p)
		sum := new(big.Rat)
		for i := max(x, 0); i <= n; i++ {
			term := binomialCoefficient(n, i)
			term.Mul(term, power(p, i))
			sum.Add(sum, term.Mul(term, power(q, n-i)))
		}
		want, _ := sum.Float64()
		closeTo(t, want, stat.BinomialUpper(n, float64(eighths)/64, x), 1e-12)
	})
}

func power(r *big.Rat, n int) *big.Rat {
	e := big.NewInt(int64(n))
	return new(big.Rat).SetFrac(new(big.Int).Exp(r.Num(), e, nil), new(big.Int).Exp(r.Denom(), e, nil))
}

func TestPoissonBinomial(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := rapid.SliceOfN(rapid.Float64Range(0, 1), 0, 12).Draw(t, "p")
		x := rapid.IntRange(-1, len(p)+1).Draw(t, "x")
		want := 0.0
		for set := 0; set < 1<<len(p); set++ {
			product, count := 1.0, 0
			for i, v := range p {
				if set>>i&1 == 1 {
					product, count = product*v, count+1
				} else {
					product *= 1 - v
				}
			}
			if count >= x {
				want += product
			}
		}
		require.InDelta(t, want, stat.PoissonBinomialUpper(p, x), 1e-12)
	})
	equal := make([]float64, 50)
	for i := range equal {
		equal[i] = 0.07
	}
	assert.InEpsilon(t, stat.BinomialUpper(50, 0.07, 20), stat.PoissonBinomialUpper(equal, 20), 1e-12, "equal probabilities are a binomial")
}

func TestImpossibleExperiments(t *testing.T) {
	for name, got := range map[string]float64{
		"more marked than there are":   stat.HypergeometricUpper(10, 11, 2, 1),
		"more draws than there are":    stat.HypergeometricUpper(10, 2, 11, 1),
		"negative population":          stat.HypergeometricUpper(-1, 0, 0, 0),
		"binomial of a bad chance":     stat.BinomialUpper(3, 1.5, 1),
		"binomial of no number":        stat.BinomialUpper(3, math.NaN(), 1),
		"negative trials":              stat.BinomialUpper(-1, 0.5, 0),
		"trial with a bad chance":      stat.PoissonBinomialUpper([]float64{0.5, -0.1}, 1),
		"prior without a shape":        stat.GammaPoissonRateAbove(stat.Gamma{Rate: 1}, 1, 1, 1),
		"negative hits in a posterior": stat.GammaPoissonRateAbove(stat.Gamma{Shape: 1, Rate: 1}, -1, 1, 1),
	} {
		assert.True(t, math.IsNaN(got), "%s: %g", name, got)
	}
}

func TestGammaPoissonWithoutHitsIsExponential(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rate := rapid.Float64Range(0.01, 5).Draw(t, "rate")
		expected := rapid.Float64Range(0, 5).Draw(t, "expected")
		threshold := rapid.Float64Range(0, 5).Draw(t, "threshold")
		got := stat.GammaPoissonRateAbove(stat.Gamma{Shape: 1, Rate: rate}, 0, expected, threshold)
		require.InEpsilon(t, math.Exp(-(rate+expected)*threshold), got, 1e-12)
	})
}

func BenchmarkHypergeometricUpper(b *testing.B) {
	for b.Loop() {
		stat.HypergeometricUpper(54_000, 11_688, 40, 15)
	}
}

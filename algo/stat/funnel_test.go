package stat_test

import (
	"math"
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"rummage/algo/stat"
)

// givenTheSum is P[X >= hits | X + Y = sum] of X ~ Bin(own, rate) and Y ~ Bin(others, rate), added up from the two binomial masses in
// fractions. It must come out the same whatever the rate is.
func givenTheSum(own, others stat.Tally, rate *big.Rat) float64 {
	mass := func(n, x int) *big.Rat {
		m := binomialCoefficient(n, x)
		m.Mul(m, power(rate, x))
		return m.Mul(m, power(new(big.Rat).Sub(big.NewRat(1, 1), rate), n-x))
	}
	above, all := new(big.Rat), new(big.Rat)
	sum := own.Hits + others.Hits
	for x := max(0, sum-others.Trials); x <= min(own.Trials, sum); x++ {
		term := mass(own.Trials, x)
		term.Mul(term, mass(others.Trials, sum-x))
		all.Add(all, term)
		if x >= own.Hits {
			above.Add(above, term)
		}
	}
	f, _ := above.Quo(above, all).Float64()
	return f
}

func drawTally(t *rapid.T, most int, name string) stat.Tally {
	trials := rapid.IntRange(0, most).Draw(t, name+" trials")
	return stat.Tally{Trials: trials, Hits: rapid.IntRange(0, trials).Draw(t, name+" hits")}
}

func TestAboveOthersIsTwoBinomialsGivenTheirSum(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		own, others := drawTally(t, 40, "own"), drawTally(t, 60, "others")
		rate := big.NewRat(int64(rapid.IntRange(1, 19).Draw(t, "rate in 20ths")), 20)
		closeTo(t, givenTheSum(own, others, rate), stat.AboveOthers(own, others), 1e-12)
	})
}

func TestAboveOthersByHand(t *testing.T) {
	for name, test := range map[string]struct {
		own, others stat.Tally
		want        float64
	}{
		"the one hit of two equals":    {stat.Tally{Trials: 10, Hits: 1}, stat.Tally{Trials: 10}, 0.5},
		"no hit":                       {stat.Tally{Trials: 10}, stat.Tally{Trials: 10, Hits: 3}, 1},
		"both hits of one in four":     {stat.Tally{Trials: 5, Hits: 2}, stat.Tally{Trials: 15}, 5. * 4 / (20 * 19)},
		"every one of three, others 0": {stat.Tally{Trials: 3, Hits: 3}, stat.Tally{Trials: 3}, 1. / 20}, // C(6,3) ways
		"nobody else":                  {stat.Tally{Trials: 3, Hits: 3}, stat.Tally{}, 1},
	} {
		t.Run(name, func(t *testing.T) {
			assert.InDelta(t, test.want, stat.AboveOthers(test.own, test.others), 1e-15)
		})
	}
}

func TestAboveManyOthersIsBinomial(t *testing.T) {
	others := stat.Tally{Trials: 20_000_000, Hits: 400_000}
	for hits := range 12 {
		assert.InEpsilon(t, stat.BinomialUpper(40, 0.02, hits), stat.AboveOthers(stat.Tally{Trials: 40, Hits: hits}, others), 1e-3, hits)
	}
}

func TestFunnelLimitIsWhereTheTestTurns(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		trials := rapid.IntRange(0, 80).Draw(t, "trials")
		others := drawTally(t, 300, "others")
		tail := rapid.SampledFrom([]float64{0.025, 0.001, 0.5}).Draw(t, "tail")
		limit := stat.FunnelLimit(trials, others, tail)
		for hits := range trials + 1 {
			p := stat.AboveOthers(stat.Tally{Trials: trials, Hits: hits}, others)
			require.Equal(t, hits > limit, p <= tail, "%d hits: p %g, limit %d", hits, p, limit)
		}
	})
}

func TestFunnelNarrows(t *testing.T) {
	others := stat.Tally{Trials: 100_000, Hits: 5_000}
	last := 1.
	for _, trials := range []int{10, 100, 1_000, 10_000} {
		share := float64(stat.FunnelLimit(trials, others, 0.025)) / float64(trials)
		assert.Less(t, share, last)
		assert.Greater(t, share, 0.05)
		last = share
	}
	assert.InDelta(t, 0.05, last, 0.006)
	// Of Bin(100, 0.05), added up term by term elsewhere, the quantile at 0.975 is 10, and that at 0.999 is 13.
	assert.Equal(t, 10, stat.FunnelLimit(100, others, 0.025))
	assert.Equal(t, 13, stat.FunnelLimit(100, others, 0.001))
	assert.Equal(t, 2, stat.FunnelLimit(2, stat.Tally{Trials: 4}, 0.025), "two of two prove nothing")
}

func TestImpossibleTallies(t *testing.T) {
	good := stat.Tally{Trials: 4, Hits: 1}
	for name, bad := range map[string]stat.Tally{
		"more hits than trials": {Trials: 1, Hits: 2}, "negative trials": {Trials: -1}, "negative hits": {Trials: 1, Hits: -1},
	} {
		assert.True(t, math.IsNaN(stat.AboveOthers(bad, good)), name)
		assert.True(t, math.IsNaN(stat.AboveOthers(good, bad)), name)
		assert.Equal(t, -1, stat.FunnelLimit(3, bad, 0.025), name)
	}
	assert.Equal(t, -1, stat.FunnelLimit(-1, good, 0.025))
	assert.Equal(t, -1, stat.FunnelLimit(3, good, math.NaN()))
	assert.Equal(t, -1, stat.FunnelLimit(3, good, 1))
}

// TestShuffledOutcomesRaiseNoFlag deals hits at random over the trials of some parties, 2000 times a case, and counts the deals in which
// Benjamini and Hochberg at 5 % flag anybody. By chance the share of 5 % itself would be measured up to 6.5 % (three standard
// deviations of 0.49 %). The same with BinomialUpper at the others' rate says why that is not the test.
func TestShuffledOutcomesRaiseNoFlag(t *testing.T) {
	const deals, tolerated = 2000, 0.065
	for name, test := range map[string]struct {
		sizes []int
		hits  int
		loose float64 // what the binomial flags at least
	}{
		"two of one size":              {[]int{100, 100}, 20, 0.1},
		"three of one size":            {[]int{100, 100, 100}, 30, 0.08},
		"one large, many small":        {append(slices.Repeat([]int{50}, 8), 400), 40, 0.02},
		"forty of one size":            {slices.Repeat([]int{60}, 40), 48, 0},
		"two hits in all":              {[]int{20, 20, 20}, 2, 0.1},
		"one hit in all, many parties": {slices.Repeat([]int{20}, 30), 1, 0.99},
	} {
		t.Run(name, func(t *testing.T) {
			random := rand.New(rand.NewPCG(5, 6))
			var owner []int
			for party, size := range test.sizes {
				owner = append(owner, slices.Repeat([]int{party}, size)...)
			}
			exact, binomial := 0, 0
			for range deals {
				hits := make([]int, len(test.sizes))
				random.Shuffle(len(owner), func(i, j int) { owner[i], owner[j] = owner[j], owner[i] })
				for _, party := range owner[:test.hits] {
					hits[party]++
				}
				p, loose := make([]float64, len(hits)), make([]float64, len(hits))
				for party, k := range hits {
					own := stat.Tally{Trials: test.sizes[party], Hits: k}
					others := stat.Tally{Trials: len(owner) - own.Trials, Hits: test.hits - k}
					p[party] = stat.AboveOthers(own, others)
					loose[party] = stat.BinomialUpper(own.Trials, float64(others.Hits)/float64(others.Trials), k)
				}
				exact, binomial = exact+flagged(t, p), binomial+flagged(t, loose)
			}
			t.Logf("flagged: %.3f of deals, by the binomial %.3f", float64(exact)/deals, float64(binomial)/deals)
			assert.LessOrEqual(t, float64(exact)/deals, tolerated)
			assert.GreaterOrEqual(t, float64(binomial)/deals, test.loose)
		})
	}
}

// flagged is 1 if any q is 5 % or less.
func flagged(t *testing.T, p []float64) int {
	t.Helper()
	q, err := stat.BenjaminiHochberg(p)
	require.NoError(t, err)
	if slices.Min(q) <= 0.05 {
		return 1
	}
	return 0
}

func BenchmarkFunnelLimit(b *testing.B) {
	for b.Loop() {
		stat.FunnelLimit(20_000, stat.Tally{Trials: 200_000, Hits: 5_000}, 0.001)
	}
}

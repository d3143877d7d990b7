package stat_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"rummage/algo/stat"
)

// TestUrnsByDefinition adds up the products of single urns' masses, and sums what is at x or beyond.
func TestUrnsByDefinition(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		urns := make([]stat.Urn, rapid.IntRange(2, 4).Draw(t, "urns"))
		whole := map[int]float64{0: 1}
		for i := range urns {
			u := &urns[i]
			u.Population = rapid.IntRange(0, 30).Draw(t, "population")
			u.Marked, u.Draws = rapid.IntRange(0, u.Population).Draw(t, "marked"), rapid.IntRange(0, u.Population).Draw(t, "draws")
			next := map[int]float64{}
			for had, p := range whole {
				for x := range u.Draws + 1 {
					mass := stat.HypergeometricUpper(u.Population, u.Marked, u.Draws, x) - stat.HypergeometricUpper(u.Population, u.Marked, u.Draws, x+1)
					next[had+x] += p * mass
				}
			}
			whole = next
		}
		x := rapid.IntRange(0, 40).Draw(t, "x")
		want := 0.0
		for had, p := range whole {
			if had >= x {
				want += p
			}
		}
		require.InDelta(t, want, stat.UrnsUpper(urns, x), 1e-12)
	})
}

func TestUrns(t *testing.T) {
	assert.Equal(t, stat.HypergeometricUpper(4000, 120, 6, 3), stat.UrnsUpper([]stat.Urn{{4000, 120, 6}}, 3), "one urn is one urn")
	// Both urns have their three marked ones drawn: 1/C(100,3) and 1/C(200,3), so small tails keep their digits.
	assert.InEpsilon(t, 1/161700.0/1313400, stat.UrnsUpper([]stat.Urn{{100, 3, 3}, {200, 3, 3}}, 6), 1e-12)
	assert.Zero(t, stat.UrnsUpper([]stat.Urn{{100, 3, 3}, {200, 3, 3}}, 7))
	assert.Zero(t, stat.UrnsUpper(nil, 1))
	assert.Equal(t, 1.0, stat.UrnsUpper(nil, 0))
	assert.True(t, math.IsNaN(stat.UrnsUpper([]stat.Urn{{3, 4, 1}, {1, 1, 1}}, 1)))
}

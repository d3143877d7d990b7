package pattern_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rummage/algo/pattern"
)

// trade is a text of consignments drawn at random between so many firms, all in one heading
// and at one value, with circles planted among firms of their own.
func trade(consignments, firms, circles int) string {
	random := rand.New(rand.NewPCG(3, 4))
	var text strings.Builder
	for i := range consignments {
		fmt.Fprintf(&text, "D%d 2021-%02d-%02d exporter=e%d importer=e%d commodity=851712 value=1000\n", i,
			1+random.IntN(6), 1+random.IntN(28), random.IntN(firms), random.IntN(firms))
	}
	for c := range circles {
		for leg := range 3 {
			fmt.Fprintf(&text, "C%d-%d 2021-%02d-%02d exporter=c%d-%d importer=c%d-%d commodity=851712 value=1000\n", c, leg,
				1+c%4, 1+7*leg, c, leg, c, (leg+1)%3)
		}
	}
	return text.String()
}

func tested(t *testing.T, text string, opts pattern.Testing) *pattern.Result {
	t.Helper()
	all := []*pattern.Typology{typology(t, "carousel")}
	records, err := pattern.Read(t.Context(), scene(t, text), all, pattern.Options{})
	require.NoError(t, err)
	results, err := pattern.Test(t.Context(), records, all, opts)
	require.NoError(t, err)
	return results[0]
}

// TestChanceIsTold: circles of random trade are what dealing out anew brings about, planted
// ones are not.
func TestChanceIsTold(t *testing.T) {
	byChance := tested(t, trade(400, 40, 0), pattern.Testing{Draws: 199, Seed: 5})
	require.NotEmpty(t, byChance.Matches)
	assert.Greater(t, byChance.P, 0.05, "%d matches, %g by chance", len(byChance.Matches), byChance.Expected)
	assert.Less(t, byChance.Draws, 199, "what is met by chance is not drawn to the end")
	planted := tested(t, trade(400, 400, 8), pattern.Testing{Draws: 199, Seed: 5})
	assert.InDelta(t, 1.0/200, planted.P, 1e-12)
	opened := 0
	for i := range planted.Matches {
		if planted.Matches[i].Opens {
			opened++
		}
	}
	assert.Equal(t, len(planted.Matches), opened)
	assert.GreaterOrEqual(t, opened, 8)
}

// TestTheAnswerDependsOnNothingElse: neither threads nor the order in which draws end.
func TestTheAnswerDependsOnNothingElse(t *testing.T) {
	text := trade(300, 30, 2)
	one := tested(t, text, pattern.Testing{Draws: 50, Seed: 5, Threads: 1})
	for _, threads := range []int{2, 5} {
		other := tested(t, text, pattern.Testing{Draws: 50, Seed: 5, Threads: threads})
		one.Typology, other.Typology = nil, nil
		assert.Equal(t, one, other)
	}
}

// TestBoundsAreTold: what a bound leaves out is counted.
func TestBoundsAreTold(t *testing.T) {
	r := tested(t, trade(300, 6, 0), pattern.Testing{Draws: -1, Bounds: pattern.Bounds{Steps: 20}})
	assert.Positive(t, r.Cut)
	assert.False(t, r.Tested())
}

// TestLevelsAddUp: whatever the number of runs, those that told nothing before them spend no
// more than the share.
func TestLevelsAddUp(t *testing.T) {
	sum := 0.0
	for n := 1; n <= 5000; n++ {
		sum += pattern.Level(n, 0)
		assert.LessOrEqual(t, pattern.Level(n, 3), pattern.Share)
	}
	assert.LessOrEqual(t, sum, pattern.Share)
	assert.Greater(t, pattern.Level(4, 5), pattern.Level(4, 0), "what was told before is earned")
}

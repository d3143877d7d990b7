package flag_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rummage/algo/flag"
	"rummage/algo/stat"
	"rummage/fixtures"
)

// lawful is a piece of trade with inspections and hits that fall where they may.
func lawful(number, consignments int, random *rand.Rand) *town {
	t := &town{random: random, number: number}
	for range consignments {
		importer := fmt.Sprintf("imp-%03d", random.IntN(150))
		t.ship(importer, fmt.Sprintf("exp-%02d", random.IntN(80)), random.Float64() < 0.4, random.Float64() < 0.1)
	}
	return t
}

// TestStreamOfNights: a look begins with the first evidence and with every doubling; within one the level stays; a scoped run stands apart.
func TestStreamOfNights(t *testing.T) {
	n := begin(t, newTown().ring(0, 1, 2))
	first := n.night()
	require.NotNil(t, first.Stream)
	s := *first.Stream
	assert.Equal(t, flag.Stream{
		Look: 1, Inspected: first.Inspected, Told: len(first.Findings), Level: flag.Number(stat.LOND(1, 0, 0.05)), Spent: flag.Number(stat.LOND(1, 0, 0.05)),
		Withheld: s.Withheld,
	}, s)
	require.Positive(t, s.Told)
	random := rand2()
	for range 3 {
		n.add(lawful(8000+100*len(n.runs), 10, random))
		r := n.night()
		if r.Inspected >= 2*s.Inspected {
			break
		}
		assert.Equal(t, 1, r.Stream.Look)
		assert.Equal(t, s.Level, r.Stream.Level)
		assert.Equal(t, s.Inspected, r.Stream.Inspected)
	}
	last := n.runs[len(n.runs)-1]
	before, err := flag.ReadResult(&last)
	require.NoError(t, err)
	n.add(lawful(9000, 5*before.Inspected, random))
	r := n.night()
	assert.Equal(t, 2, r.Stream.Look)
	assert.Equal(t, before.Stream.Told, r.Stream.Before)
	assert.InDelta(t, stat.LOND(2, before.Stream.Told, 0.05), float64(r.Stream.Level), 1e-12)
	assert.InDelta(t, stat.LOND(1, 0, 0.05)+stat.LOND(2, 0, 0.05), float64(r.Stream.Spent), 1e-12)
	require.Len(t, r.Networks, 1, "what was told stays told")
	assert.Equal(t, first.Networks[0].ID, r.Networks[0].ID)
}

// TestStreamsWithoutNetworks looks at trade without any network night after night, while it grows to sixteen times what it was. Each
// stream tells something with 5 % chance at most: of 10 streams 2 are allowed (chance of more at exactly 5 %: 1.2 %).
func TestStreamsWithoutNetworks(t *testing.T) {
	fixtures.Figures(t)
	streams := 10
	if testing.Short() {
		streams = 2
	}
	told, passed := 0, 0
	for seed := range uint64(streams) {
		random := rand.New(rand.NewPCG(seed, 2))
		n := begin(t, lawful(1000, 100, random))
		var last *flag.Result
		for night := range 15 {
			last = n.night()
			passed += last.Stream.Withheld
			if night < 14 {
				n.add(lawful(2000+100*night, 100, random))
			}
		}
		told += min(last.Stream.Told, 1)
		require.Equal(t, 4, last.Stream.Look, "of %d inspected", last.Inspected)
	}
	t.Logf("%d of %d streams told a finding; %d were withheld in their nights", told, streams, passed)
	assert.LessOrEqual(t, told, 2)
}

// TestLookOfNothing: a stream begins with the first inspection.
func TestLookOfNothing(t *testing.T) {
	bare := lawful(1000, 50, rand2())
	bare.looked = nil
	n := begin(t, bare)
	r := n.night()
	assert.Zero(t, r.Stream.Look)
	assert.Zero(t, float64(r.Stream.Spent))
	n.add(lawful(3000, 50, rand2()))
	assert.Equal(t, 1, n.night().Stream.Look)
}

// TestDrawsResolveTheLevel: 1 in so many shuffles is no more than the level, and no stream asks for no more than the settings do.
func TestDrawsResolveTheLevel(t *testing.T) {
	assert.Equal(t, 500, (*flag.Stream)(nil).Draws(500))
	assert.Equal(t, 500, (&flag.Stream{Level: 0.03}).Draws(500))
	assert.Equal(t, 2000, (&flag.Stream{Level: 0.0005}).Draws(500))
	assert.Equal(t, 5000, (&flag.Stream{Level: 1e-9}).Draws(500))
}

package finding

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"rummage/fixtures"
)

// selectedTrade is trade without any network, inspected as real offices do: what is looked at, and how often something is found,
// depends on the office and the goods. Whoever buys such goods there buys them of the same few, and brings them in together.
func selectedTrade(seed uint64) *Trade {
	const importers, exporters, offices, chapters = 2500, 900, 6, 12
	random := rand.New(rand.NewPCG(seed, 1))
	trade := &Trade{Nodes: importers + exporters + offices}
	for v := range trade.Nodes {
		trade.Keys = append(trade.Keys, mix(seed<<32+uint64(v)))
	}
	var looked, found [offices][chapters]float64
	for o := range offices {
		for h := range chapters {
			looked[o][h] = 0.05 + 0.2*random.Float64()
			found[o][h] = 0.01
			if random.IntN(8) == 0 {
				found[o][h] = 0.5
			}
		}
	}
	c := &trade.Consignments
	for importer := range uint32(importers) {
		office, chapter := random.IntN(offices), random.IntN(chapters)
		number := 1 + random.IntN(3)
		partners := make([]uint32, 1+random.IntN(3))
		for i := range partners { // an exporter is of one chapter, and known in one office or two
			partners[i] = uint32(importers + (office*chapters+chapter)*exporters/(offices*chapters) + random.IntN(exporters/(offices*chapters)))
		}
		for range 6 * number {
			is := random.Float64() < looked[office][chapter]
			c.Key = append(c.Key, mix(seed<<33+uint64(len(c.Key))))
			c.Importer, c.Exporter = append(c.Importer, importer), append(c.Exporter, partners[random.IntN(len(partners))])
			c.Inspected, c.Hit = append(c.Inspected, is), append(c.Hit, is && random.Float64() < found[office][chapter])
			c.Cell = append(c.Cell, Cell{
				Channel: 1, Office: importers + exporters + uint32(office), Chapter: uint8(1 + chapter), Month: uint16(1 + random.IntN(24)),
			})
		}
	}
	return trade
}

// TestSelectionIsNoNetwork holds both nulls against inspections that are no random sample. Outcomes shuffled among all of them take the
// habits of offices for networks; shuffled within strata they do not: of 20 runs one with a flag is expected at worst and 3 are allowed
// (chance of more at exactly 5 %: 1.6 %), of 100 runs 10 (1.1 %).
func TestSelectionIsNoNetwork(t *testing.T) {
	fixtures.Figures(t)
	runs, allowed := 20, 3
	switch {
	case *full:
		runs, allowed = 100, 10
	case testing.Short():
		runs = 3
	}
	opts := DefaultTrial()
	opts.Draws = 200
	var flagged [2][2]int // runs with a flag, by whether strata are known and grade
	strata, depths := 0, [dimensions + 1]int{}
	for seed := range uint64(runs) {
		trade := selectedTrade(seed)
		for known, cells := range [][]Cell{nil, trade.Consignments.Cell} {
			trade.Consignments.Cell = cells
			f, err := NewTrial(drawn(t, trade)).Run(t.Context(), opts)
			require.NoError(t, err)
			flagged[known][GradeA] += min(f.A.Flagged, 1)
			flagged[known][GradeB] += min(f.B.Flagged, 1)
			if known == 1 {
				strata += len(f.Strata)
				for _, s := range f.Strata {
					depths[s.Depth]++
				}
			} else {
				assert.Len(t, f.Strata, 1)
			}
		}
	}
	t.Logf("of %d runs: without strata grade A %d, B %d; with strata %d, %d; %d strata, by depth %v", runs,
		flagged[0][GradeA], flagged[0][GradeB], flagged[1][GradeA], flagged[1][GradeB], strata, depths)
	assert.Equal(t, runs, flagged[0][GradeB])
	assert.Greater(t, 2*flagged[0][GradeA], runs)
	assert.LessOrEqual(t, flagged[1][GradeA], allowed)
	assert.LessOrEqual(t, flagged[1][GradeB], allowed)
}

// TestOneCellIsNoStrata: where all is of one cell, or nothing is known, everything is the same, byte for byte.
func TestOneCellIsNoStrata(t *testing.T) {
	trade := ringTrade()
	text := func() string {
		f := found(t, NewTrial(drawn(t, trade)))
		return fmt.Sprintf("%+v %+v %+v %d", f.List, f.A, f.B, f.Bands)
	}
	want := text()
	trade.Consignments.Cell = slices.Repeat([]Cell{{Channel: 2, Office: 800, Chapter: 64, Month: 3}}, trade.Consignments.Len())
	assert.Equal(t, want, text())
}

// TestStrataByDefinition: every inspected consignment is of one stratum, whose first dimensions are its own; strata are large enough but
// for what is left over in the end, and no cell that is large enough is cut or mixed with others.
func TestStrataByDefinition(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		trade := drawTrade(t)
		trial := NewTrial(drawn(t, trade))
		least := len(trial.row)
		if hits := trial.outcomes.hits; hits > 0 {
			least = max(leastStratum, (roomForHits*len(trial.row)+hits-1)/hits)
		}
		size := map[Cell]int{}
		held := map[Cell]map[uint32]bool{}
		for place, i := range trial.row {
			cell, s := Cell{Office: None}, trial.stratum[place]
			if trade.Consignments.Cell != nil {
				cell = trade.Consignments.Cell[i]
			}
			size[cell]++
			if held[cell] == nil {
				held[cell] = map[uint32]bool{}
			}
			held[cell][s] = true
			require.Equal(t, trial.strata[s].Cell, cell.upTo(trial.strata[s].Depth))
		}
		for cell, n := range size {
			require.Len(t, held[cell], 1, "a cell is never cut")
			for s := range held[cell] {
				require.Equal(t, n >= least, trial.strata[s].Depth == dimensions, "%v", cell)
			}
		}
		all := 0
		for s, one := range trial.strata {
			require.Len(t, trial.within.Of(uint32(s)), one.Inspected)
			require.True(t, one.Depth == 0 || one.Inspected >= least)
			all += one.Inspected
		}
		require.Equal(t, len(trial.row), all)
	})
}

// TestShufflesStayWithin: consignments change outcomes within strata alone, and with them no stratum's rate; importers change histories
// with those inspected equally often, of their own band where that has enough.
func TestShufflesStayWithin(t *testing.T) {
	trade := selectedTrade(7)
	trial := NewTrial(drawn(t, trade))
	require.Greater(t, len(trial.strata), 10)
	require.Greater(t, len(trial.outcomes.bands), 2)
	for n := range uint64(5) {
		require.Equal(t, trial.outcomes.marked, trial.Shuffled(ShuffleConsignments, n).outcomes.marked)
	}
	seen := map[[2]uint32]int{}
	for i, b := range trial.outcomes.band {
		seen[[2]uint32{b, trial.block[i+1] - trial.block[i]}]++
	}
	for _, c := range newDealer(trial).classes {
		for _, i := range c.members {
			length := trial.block[i+1] - trial.block[i]
			require.Equal(t, trial.block[c.members[0]+1]-trial.block[c.members[0]], length)
			if b := trial.outcomes.band[i]; seen[[2]uint32{b, length}] >= 2*exchangeable {
				other := slices.ContainsFunc(c.members, func(o uint32) bool { return trial.outcomes.band[o]+1 < b })
				require.False(t, other, "no further down than to fill the band before")
			}
		}
	}
}

package finding

import (
	"cmp"
	"context"
	"errors"
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"rummage/algo/stat"
)

func drawn(t require.TestingT, trade *Trade) *Candidates {
	c, err := Draw(context.Background(), trade, DefaultDraw())
	require.NoError(t, err)
	return c
}

func found(t require.TestingT, trial *Trial) *Result {
	f, err := trial.Run(context.Background(), DefaultTrial())
	require.NoError(t, err)
	return f
}

// plain counts a group the slow way, straight from the columns.
func plain(trade *Trade, members []uint32) (inspected, hits int, importers, offenders map[uint32]bool) {
	importers, offenders = map[uint32]bool{}, map[uint32]bool{}
	c := &trade.Consignments
	for i := range c.Key {
		a, b := c.Importer[i], c.Exporter[i]
		if !trade.counted(i) || !slices.Contains(members, a) || !slices.Contains(members, b) {
			continue
		}
		inspected++
		importers[a] = true
		if c.Hit[i] {
			hits++
			offenders[a] = true
		}
	}
	return inspected, hits, importers, offenders
}

func TestTrialCountsByDefinition(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		trade := drawTrade(t)
		candidates := drawn(t, trade)
		trial := NewTrial(candidates)
		j := newJudge(trial)
		all := 0
		for i := range trade.Consignments.Key {
			if trade.counted(i) {
				all++
			}
		}
		require.Len(t, trial.row, all)
		require.EqualValues(t, trial.outcomes.offenders, j.count(trial.places()))
		for g, group := range candidates.Groups {
			inspected, hits, importers, offenders := plain(trade, group.Members)
			require.Len(t, trial.inside.Of(uint32(g)), inspected)
			require.EqualValues(t, len(importers), trial.inspected[g])
			require.Equal(t, counts{uint32(hits), uint32(len(offenders))}, j.in[g])
		}
		j.clear()
		require.Equal(t, make([]counts, len(candidates.Groups)), j.in, "cleared for the next draw")
	})
}

// TestWalkByDefinition checks the walk up the scores against a plain reading of the rule.
func TestWalkByDefinition(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		trade := drawTrade(t)
		candidates := drawn(t, trade)
		trial := NewTrial(candidates)
		type row struct {
			g        int
			score, p float64
		}
		var wide, strict []row
		for g, group := range candidates.Groups {
			inspected, hits, importers, offenders := plain(trade, group.Members)
			if x := len(offenders); x == 0 || (x == 1 && group.Loops == 0) {
				continue
			}
			w := 1 + 10*math.Min(float64(group.Loops), 4)
			places := trial.inside.Of(uint32(g))
			require.Len(t, places, inspected)
			pT := stat.UrnsUpper(trial.urns(places), hits)
			pX := stat.UrnsUpper(trial.crowds(places, trial.outcomes.caught), len(offenders))
			if len(trial.strata) == 1 {
				pT = stat.HypergeometricUpper(len(trial.row), trial.outcomes.hits, inspected, hits)
				pX = stat.HypergeometricUpper(len(trial.importers), trial.outcomes.offenders, len(importers), len(offenders))
			}
			wide, strict = append(wide, row{g, pT / w, pT}), append(strict, row{g, math.Max(pT, pX) / w, pT})
		}
		walk := func(list []row) (kept []scored) {
			slices.SortStableFunc(list, func(a, b row) int {
				return cmp.Or(cmp.Compare(a.score, b.score), cmp.Compare(a.p, b.p))
			})
			used := map[uint32]bool{}
			for _, r := range list {
				fresh := true
				for _, place := range trial.inside.Of(uint32(r.g)) {
					fresh = fresh && (!trial.outcomes.hit[place] || !used[place])
				}
				if !fresh {
					continue
				}
				for _, place := range trial.inside.Of(uint32(r.g)) {
					used[place] = used[place] || trial.outcomes.hit[place]
				}
				kept = append(kept, scored{uint32(r.g), r.score, r.p})
			}
			return kept
		}
		gotWide, gotStrict := newJudge(trial).walks(trial.places(), trial.outcomes.hit)
		require.ElementsMatch(t, walk(wide), gotWide)
		require.ElementsMatch(t, walk(strict), gotStrict)
	})
}

// ringTrade is 300 importers that each buy 8 times, from one of three great exporters and one of 130 small ones. Importers 0..4 are
// a ring: at one address, and with three of their eight consignments from exporters 400 and 401, the rest each from one small one. One
// consignment in a hundred is a hit, of the three in the ring two.
func ringTrade() *Trade {
	const exporters, address = 400, 800
	trade := &Trade{Nodes: 801}
	for v := range trade.Nodes {
		trade.Keys = append(trade.Keys, mix(uint64(v)+77))
	}
	c := &trade.Consignments
	add := func(importer, exporter int, hit bool) {
		c.Key = append(c.Key, mix(uint64(len(c.Key))))
		c.Importer, c.Exporter = append(c.Importer, uint32(importer)), append(c.Exporter, uint32(exporter))
		c.Inspected, c.Hit = append(c.Inspected, true), append(c.Hit, hit)
	}
	for i := 5; i < 300; i++ {
		for k := range 8 {
			add(i, exporters+2+[2]int{i % 3, 3 + i%130}[k/4], (i*8+k)%100 == 0)
		}
	}
	for i := range 5 {
		for k := range 3 {
			add(i, exporters+k%2, k != 2)
		}
		for range 5 {
			add(i, exporters+5+13*i, false)
		}
		trade.Identifiers = append(trade.Identifiers, Tie{uint32(i), address})
	}
	return trade
}

func TestRingIsFound(t *testing.T) {
	trade := ringTrade()
	f := found(t, NewTrial(drawn(t, trade)))
	require.NotEmpty(t, f.List)
	best := f.List[0]
	assert.Equal(t, []uint32{0, 1, 2, 3, 4, 400, 401}, best.Members)
	assert.Equal(t, GradeA, best.Grade)
	assert.True(t, best.Also)
	assert.Equal(t, 8, best.Loops, "10 trade pairs and 4 shared-address ties against 6 of a tree")
	assert.Equal(t, []int{15, 10, 5, 5}, []int{best.Inspected, best.Hits, best.ImportersInspected, best.ImportersHit})
	assert.InDelta(t, 15*float64(f.Hits)/float64(f.Inspected), best.Expected, 1e-12)
	assert.Less(t, best.P, 1e-10)
	assert.LessOrEqual(t, best.Q[ShuffleConsignments], 0.05)
	assert.LessOrEqual(t, best.Q[ShuffleImporters], 0.05)
	assert.Equal(t, "A", best.Grade.String())
	for _, one := range f.List[1:] {
		assert.False(t, slices.Contains(one.Members, 0), "each hit is told once")
	}
}

func TestFindingsDoNotDependOnRowsOrThreads(t *testing.T) {
	trade := ringTrade()
	for i := range trade.Consignments.Key {
		trade.Consignments.Cell = append(trade.Consignments.Cell, Cell{Office: 800, Chapter: uint8(1 + i/8%3), Month: uint16(1 + i%8)})
	}
	want := found(t, NewTrial(drawn(t, trade)))
	for _, n := range []int{1, 2, 5} {
		opts := DefaultDraw()
		opts.Threads = n
		candidates, err := Draw(context.Background(), trade.turned(), opts)
		require.NoError(t, err)
		settings := DefaultTrial()
		settings.Threads = n
		got, err := NewTrial(candidates).Run(context.Background(), settings)
		require.NoError(t, err)
		require.Equal(t, want.List, got.List, "%d threads, rows turned round", n)
		require.Equal(t, want.A.NullFlags, got.A.NullFlags)
		require.Equal(t, want.B.NullFlags, got.B.NullFlags)
	}
}

func TestListedNeverEnterTheMargins(t *testing.T) {
	trade := ringTrade()
	trade.Listed = make([]bool, trade.Nodes)
	trade.Listed[0], trade.Listed[401] = true, true
	f := found(t, NewTrial(drawn(t, trade)))
	c, inspected, hits := &trade.Consignments, 0, 0
	for i := range c.Key {
		if c.Importer[i] != 0 && c.Exporter[i] != 401 {
			inspected++
			hits += int(bit(c.Hit[i]))
		}
	}
	assert.Equal(t, inspected, f.Inspected)
	assert.Equal(t, hits, f.Hits)
}

func TestNothingToTest(t *testing.T) {
	for name, trade := range map[string]*Trade{
		"no trade":       {},
		"no inspections": {Nodes: 2, Keys: []uint64{1, 2}, Consignments: Consignments{Key: []uint64{1}, Importer: []uint32{0}, Exporter: []uint32{1}, Inspected: []bool{false}, Hit: []bool{false}}},
		"no hits":        {Nodes: 2, Keys: []uint64{1, 2}, Consignments: Consignments{Key: []uint64{1}, Importer: []uint32{0}, Exporter: []uint32{1}, Inspected: []bool{true}, Hit: []bool{false}}},
	} {
		t.Run(name, func(t *testing.T) {
			f := found(t, NewTrial(drawn(t, trade)))
			assert.Empty(t, f.List)
			assert.Zero(t, f.A.NullFlags)
			assert.True(t, math.IsNaN(f.A.Threshold))
		})
	}
}

func TestFindingsAreCancelled(t *testing.T) {
	trial := NewTrial(drawn(t, ringTrade()))
	ctx, cancel := context.WithCancel(context.Background())
	opts := DefaultTrial()
	opts.Progress = func(done, total int) {
		assert.Equal(t, 1000, total)
		if done == 20 {
			cancel()
		}
	}
	_, err := trial.Run(ctx, opts)
	require.ErrorIs(t, err, context.Canceled)
	_, err = Draw(ctx, ringTrade(), DefaultDraw())
	require.ErrorIs(t, err, context.Canceled)
	_, err = MeasureCloseness(ctx, ringTrade(), DefaultCloseness())
	require.ErrorIs(t, err, context.Canceled)
}

func TestFindingsTellProgress(t *testing.T) {
	trial := NewTrial(drawn(t, ringTrade()))
	opts, steps := DefaultTrial(), 0
	opts.Draws = 30
	opts.Progress = func(done, total int) {
		steps++
		assert.Equal(t, steps, done)
		assert.Equal(t, 60, total)
	}
	_, err := trial.Run(context.Background(), opts)
	require.NoError(t, err)
	assert.Equal(t, 60, steps)
}

func TestFindingsRefuse(t *testing.T) {
	trial := NewTrial(drawn(t, small()))
	for _, opts := range []TrialOptions{{Q: 0.05}, {Draws: 10}, {Draws: 10, Q: 1}, {Draws: 10, Q: math.NaN()}} {
		_, err := trial.Run(context.Background(), opts)
		assert.ErrorContains(t, err, "draws at q")
	}
	_, err := Draw(context.Background(), &Trade{Nodes: 1}, DefaultDraw())
	assert.True(t, errors.Is(err, ErrTrade))
	_, err = MeasureCloseness(context.Background(), &Trade{Nodes: 1}, DefaultCloseness())
	assert.True(t, errors.Is(err, ErrTrade))
	_, err = MeasureCloseness(context.Background(), small(), ClosenessOptions{})
	assert.ErrorContains(t, err, "1 or more")
}

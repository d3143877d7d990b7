package finding

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestLowest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		hashes := rapid.SliceOfN(rapid.Uint64Range(0, 20), 0, 50).Draw(t, "hashes")
		k := rapid.IntRange(0, len(hashes)).Draw(t, "k")
		list := make([]ranked, len(hashes))
		for i, h := range hashes {
			list[i] = ranked{h, uint32(i)}
		}
		want := slices.Clone(list)
		slices.SortFunc(want, ranked.compare)
		got := lowest(list, k)
		slices.SortFunc(got, ranked.compare)
		require.Equal(t, want[:k], got)
	})
}

// histories are the outcomes of each importer, in the order of its consignments' keys.
func (t *Trial) histories(hit []bool) [][]bool {
	list := make([][]bool, len(t.importers))
	for i := range list {
		list[i] = hit[t.block[i]:t.block[i+1]]
	}
	return list
}

func TestNullsKeepWhatTheyPromise(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		trial := NewTrial(drawn(t, drawTrade(t)))
		number := rapid.Uint64().Draw(t, "draw")
		dealer := newDealer(trial)

		places := slices.Clone(dealer.deal(ShuffleConsignments, number))
		require.Len(t, places, trial.outcomes.hits)
		require.Equal(t, places, slices.Compact(slices.Clone(places)), "no place is dealt two hits")
		for place, hit := range dealer.hit {
			require.Equal(t, slices.Contains(places, uint32(place)), hit)
		}
		require.Equal(t, places, newDealer(trial).deal(ShuffleConsignments, number), "a draw is its number, not its turn")

		shuffled := trial.Shuffled(ShuffleImporters, number)
		require.Equal(t, trial.outcomes.hits, shuffled.outcomes.hits)
		require.Equal(t, trial.outcomes.offenders, shuffled.outcomes.offenders)
		was, is := trial.histories(trial.outcomes.hit), trial.histories(shuffled.outcomes.hit)
		order := func(a, b []bool) int {
			return slices.CompareFunc(a, b, func(x, y bool) int { return int(bit(x)) - int(bit(y)) })
		}
		slices.SortFunc(was, order)
		slices.SortFunc(is, order)
		require.Equal(t, was, is, "the same histories, on importers of equal length")
	})
}

func bit(b bool) uint8 {
	if b {
		return 1
	}
	return 0
}

// TestDealsAreEven draws 4,000 times: of 40 consignments each is a hit in 1/4 of the draws, with a standard error of 0.7 points.
// The keys are fixed, so the test cannot fail by chance; it tolerates 3.5 standard errors.
func TestDealsAreEven(t *testing.T) {
	const draws = 4000
	trade := &Trade{Nodes: 41}
	for v := range trade.Nodes {
		trade.Keys = append(trade.Keys, mix(uint64(v)+900))
	}
	c := &trade.Consignments
	for i := range 40 {
		c.Key = append(c.Key, mix(uint64(i)))
		c.Importer, c.Exporter = append(c.Importer, uint32(i)), append(c.Exporter, 40)
		c.Inspected, c.Hit = append(c.Inspected, true), append(c.Hit, i < 10)
	}
	trial := NewTrial(&Candidates{circle: &circle{trade: trade}})
	dealer := newDealer(trial)
	for _, null := range []Null{ShuffleConsignments, ShuffleImporters} {
		count := make([]float64, 40)
		both := 0.0 // the first two places together: 10*9/(40*39)
		for n := range uint64(draws) {
			places := dealer.deal(null, n)
			for _, p := range places {
				count[p]++
			}
			if len(places) > 1 && places[0] == 0 && places[1] == 1 {
				both++
			}
		}
		for place, n := range count {
			assert.InDelta(t, 0.25, n/draws, 0.024, "%s, place %d", null, place)
		}
		assert.InDelta(t, 90.0/1560, both/draws, 0.013, "%s: pairs", null)
	}
}

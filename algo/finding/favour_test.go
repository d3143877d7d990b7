package finding

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// What favours every group alike changes no finding, as shuffles are favoured too; scores are as many times smaller.
func TestFavourOfAllIsFavourOfNone(t *testing.T) {
	candidates := drawn(t, ringTrade())
	plain := found(t, NewTrial(candidates))
	require.NotEmpty(t, plain.List)
	candidates.Favour(func([]uint32) float64 { return 4 })
	favoured := NewTrial(candidates)
	got := found(t, favoured)
	require.Len(t, got.List, len(plain.List))
	for i, one := range got.List {
		require.Equal(t, plain.List[i].Members, one.Members)
		require.Equal(t, plain.List[i].Q, one.Q)
		require.InEpsilon(t, plain.List[i].Score, 4*one.Score, 1e-12)
		require.InEpsilon(t, one.Score, favoured.retest(&one, one.Members, nil).Score, 1e-12, "a part is favoured as a group is")
	}
	again, err := Draw(t.Context(), ringTrade(), candidates.circle.opts)
	require.NoError(t, err)
	for _, g := range again.Groups {
		require.InDelta(t, 4, g.Favour, 0, "so is what is drawn anew")
	}
}

// Favour of a group that has something of its own brings it forward.
func TestFavourBringsForward(t *testing.T) {
	candidates := drawn(t, ringTrade())
	plain := found(t, NewTrial(candidates))
	last := plain.List[len(plain.List)-1].Members
	candidates.Favour(func(members []uint32) float64 {
		if shared(members, last) {
			return 50
		}
		return 0.5 // less than 1 is 1: nothing is believed later for what its members do
	})
	got := found(t, NewTrial(candidates))
	require.GreaterOrEqual(t, len(got.List), len(plain.List))
	for _, one := range got.List {
		if shared(one.Members, last) {
			require.LessOrEqual(t, one.Q[ShuffleConsignments], plain.List[len(plain.List)-1].Q[ShuffleConsignments])
		}
	}
}

// Every slice keeps its hits in every draw, months stand together, and without slices nothing is cut.
func TestTimeSlices(t *testing.T) {
	trade := selectedTrade(3)
	opts := DefaultDraw()
	opts.TimeSlices = 4
	candidates, err := Draw(t.Context(), trade, opts)
	require.NoError(t, err)
	trial := NewTrial(candidates)
	first, last, hits := map[int]uint16{}, map[int]uint16{}, map[int]int{}
	sliceOf := func(place int) int { return trial.strata[trial.stratum[place]].Slice }
	for place, i := range trial.row {
		s, month := sliceOf(place), trade.Consignments.Cell[i].Month
		if had, known := first[s]; !known || month < had {
			first[s] = month
		}
		last[s] = max(last[s], month)
		if trial.outcomes.hit[place] {
			hits[s]++
		}
	}
	require.Len(t, first, 4)
	for s := 1; s < 4; s++ {
		require.Less(t, last[s], first[s+1])
	}
	dealer := newDealer(trial)
	for draw := range uint64(20) {
		dealt := map[int]int{}
		for _, place := range dealer.deal(ShuffleConsignments, draw) {
			dealt[sliceOf(int(place))]++
		}
		require.Equal(t, hits, dealt)
	}
	for _, s := range NewTrial(drawn(t, trade)).strata {
		require.Zero(t, s.Slice)
	}
}

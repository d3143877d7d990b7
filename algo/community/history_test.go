package community_test

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"rummage/algo/community"
	"rummage/algo/csr"
)

func drawGroups(t *rapid.T, name string) [][]int {
	return rapid.SliceOfN(rapid.SliceOfN(rapid.IntRange(0, 9), 0, 6), 0, 6).Draw(t, name)
}

func TestMeetingsByPairs(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		for range 10 {
			before, now := drawGroups(t, "before"), drawGroups(t, "now")
			weigh := func(key int) float64 { return []float64{1, 0.5, 2, 0, -1, math.NaN(), 3, 1, 1, 0.25}[key] }
			sum := func(holds func(key int) bool) (total float64) {
				for key := range 10 {
					if w := weigh(key); holds(key) && w > 0 {
						total += w
					}
				}
				return total
			}
			var want []community.Meeting
			for i, a := range before {
				for j, b := range now {
					if !slices.ContainsFunc(a, func(key int) bool { return slices.Contains(b, key) }) {
						continue
					}
					m := community.Meeting{Before: i, Now: j}
					m.Common = sum(func(key int) bool { return slices.Contains(a, key) && slices.Contains(b, key) })
					if all := sum(func(key int) bool { return slices.Contains(a, key) || slices.Contains(b, key) }); all > 0 {
						m.Jaccard = m.Common / all
					}
					want = append(want, m)
				}
			}
			got := community.Meetings(before, now, weigh)
			require.Equal(t, want, got)
			couples := community.Couple(got, 0.2, nil)
			for _, m := range got {
				if m.Jaccard < 0.2 {
					continue
				}
				at := slices.IndexFunc(couples, func(c community.Meeting) bool {
					return (c.Before == m.Before || c.Now == m.Now) && c.Jaccard >= m.Jaccard
				})
				require.GreaterOrEqual(t, at, 0, "a pair stays apart only where one is coupled as well elsewhere")
			}
			for i, a := range couples {
				require.GreaterOrEqual(t, a.Jaccard, 0.2)
				for _, b := range couples[:i] {
					require.True(t, a.Before != b.Before && a.Now != b.Now)
				}
			}
		}
	})
	heavy := community.Meetings([][]string{{"a", "b"}}, [][]string{{"a"}}, func(string) float64 { return math.Inf(1) })
	require.Len(t, heavy, 1)
	assert.Equal(t, csr.GreatestWeight, heavy[0].Common)
	assert.InDelta(t, 0.5, heavy[0].Jaccard, 1e-15)
}

func TestCoupleTakesAnotherOrder(t *testing.T) {
	meetings := community.Meetings([][]int{{1, 2, 3}, {1, 2}}, [][]int{{1, 2, 3}}, nil)
	assert.Equal(t, 0, community.Couple(meetings, 0.3, nil)[0].Before)
	last := community.Couple(meetings, 0.3, func(a, b community.Meeting) int { return cmp.Compare(b.Before, a.Before) })
	assert.Equal(t, 1, last[0].Before)
}

// staged makes a stage of communities, each written as its keys.
func staged(communities ...string) community.Stage[string] {
	var s community.Stage[string]
	for i, members := range communities {
		for _, key := range strings.Split(members, "") {
			s.Keys, s.Membership = append(s.Keys, key), append(s.Membership, uint32(i))
		}
	}
	return s
}

func told(h community.History) []string {
	var lines []string
	for _, e := range h.Events {
		line := fmt.Sprintf("%d %s %d", e.Stage, e.Kind, e.Track)
		if e.Others != nil {
			line += fmt.Sprint(e.Others)
		}
		lines = append(lines, line)
	}
	return lines
}

func TestTraceTellsWhatHappened(t *testing.T) {
	for name, c := range map[string]struct {
		stages []community.Stage[string]
		gap    int
		want   []string
	}{
		"nothing":         {[]community.Stage[string]{staged("abcd", "efg"), staged("efg", "abcd")}, 0, []string{"1 continuation 0", "1 continuation 1"}},
		"growth":          {[]community.Stage[string]{staged("abcd"), staged("abcdef")}, 0, []string{"1 growth 0"}},
		"contraction":     {[]community.Stage[string]{staged("abcdef"), staged("abcd")}, 0, []string{"1 contraction 0"}},
		"birth and death": {[]community.Stage[string]{staged("abcd"), staged("wxyz")}, 0, []string{"1 death 0", "1 birth 1"}},
		"merge":           {[]community.Stage[string]{staged("abcde", "fgh"), staged("abcdefgh")}, 0, []string{"1 growth 0", "1 merge 0[1]"}},
		"a merge of what nobody continues": {
			[]community.Stage[string]{staged("ab", "cd", "ef", "gh"), staged("abcdefgh")}, 0, []string{"1 merge 4[0 1 2 3]"},
		},
		"split":                     {[]community.Stage[string]{staged("abcdefgh"), staged("abcde", "fgh")}, 0, []string{"1 contraction 0", "1 split 0[1]"}},
		"a split that nobody keeps": {[]community.Stage[string]{staged("abcdefgh"), staged("ab", "cd", "ef", "gh")}, 0, []string{"1 split 0[1 2 3 4]"}},
		"a gap":                     {[]community.Stage[string]{staged("abcd", "xyz"), staged("xyz"), staged("abcd", "xyz")}, 1, []string{"1 continuation 1", "2 continuation 0", "2 continuation 1"}},
		"too long a gap":            {[]community.Stage[string]{staged("abcd"), staged("x"), staged("abcd")}, 0, []string{"1 death 0", "2 birth 1"}},
		"dead after a gap":          {[]community.Stage[string]{staged("abcd"), staged("x"), staged("x")}, 1, []string{"1 death 0"}},
		"not yet dead":              {[]community.Stage[string]{staged("abcd"), staged("x")}, 1, nil},
		"single nodes are none":     {[]community.Stage[string]{staged("a", "bc"), staged("a", "bc")}, 0, []string{"1 continuation 0"}},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := community.Trace(t.Context(), c.stages, community.TraceOptions[string]{Gap: c.gap})
			require.NoError(t, err)
			assert.Equal(t, c.want, told(got))
		})
	}
}

func TestTraceOfASeries(t *testing.T) {
	got, err := community.Trace(t.Context(), []community.Stage[string]{
		staged("abcd", "efgh"), staged("ijk", "abcdefgh"), staged("abcd", "efgh", "jkl"),
	}, community.TraceOptions[string]{})
	require.NoError(t, err)
	assert.Equal(t, []string{"1 growth 0", "1 merge 0[1]", "1 birth 2", "2 contraction 0", "2 split 0[3]", "2 continuation 2"}, told(got))
	assert.Equal(t, []community.Track{
		{Visits: []community.Visit{{0, 0}, {1, 1}, {2, 0}}, Into: -1},
		{Visits: []community.Visit{{0, 1}}, Into: 0, Ended: true},
		{Visits: []community.Visit{{1, 0}, {2, 2}}, Into: -1},
		{Visits: []community.Visit{{2, 1}}, From: []int{0}, Into: -1},
	}, got.Tracks)
	assert.Equal(t, community.Event{Stage: 1, Kind: community.Grown, Jaccard: 0.5, Joined: 4}, got.Events[0])
	weighted, err := community.Trace(t.Context(), []community.Stage[string]{staged("abcd"), staged("abwxyz")},
		community.TraceOptions[string]{Weight: func(key string) float64 { return map[string]float64{"a": 10}[key] + 1 }})
	require.NoError(t, err)
	assert.InDelta(t, 12.0/18, weighted.Events[0].Jaccard, 1e-15)
}

func TestTraceIsSound(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var stages []community.Stage[int]
		for range rapid.IntRange(0, 6).Draw(t, "stages") {
			keys := rapid.SliceOfNDistinct(rapid.IntRange(0, 15), 0, 12, rapid.ID).Draw(t, "keys")
			stages = append(stages, community.Stage[int]{Keys: keys, Membership: drawLabels(t, len(keys))})
		}
		opts := community.TraceOptions[int]{Gap: rapid.IntRange(0, 2).Draw(t, "gap"), Smallest: 1}
		got, err := community.Trace(context.Background(), stages, opts)
		require.NoError(t, err)
		seen := make(map[community.Visit]int)
		for i, track := range got.Tracks {
			for j, visit := range track.Visits {
				_, twice := seen[visit]
				require.False(t, twice, "a community is of one track")
				seen[visit] = i
				if j > 0 {
					gap := visit.Stage - track.Visits[j-1].Stage
					require.True(t, gap >= 1 && gap <= opts.Gap+1)
				}
			}
			require.True(t, track.Into < 0 || track.Ended)
		}
		communities := 0
		for _, stage := range stages {
			_, number := community.Canonical(stage.Membership)
			communities += number
		}
		require.Len(t, seen, communities)
		begun, ended := make(map[int]int), make(map[int]int)
		for _, e := range got.Events {
			switch e.Kind {
			case community.Born:
				begun[e.Track]++
			case community.Died:
				ended[e.Track]++
			case community.Merged:
				for _, other := range e.Others {
					ended[other]++
					require.Equal(t, e.Track, got.Tracks[other].Into)
				}
			case community.Parted:
				for _, other := range e.Others {
					begun[other]++
				}
			}
		}
		for i, track := range got.Tracks {
			if track.Visits[0].Stage > 0 && len(track.From) <= 1 {
				require.LessOrEqual(t, begun[i], 1)
			}
			require.LessOrEqual(t, ended[i], 1, "a track ends once")
			require.True(t, ended[i] == 0 || track.Ended)
		}
		for i := range stages {
			order := rapid.Permutation(slices.Collect(func(yield func(int) bool) {
				for u := range stages[i].Keys {
					if !yield(u) {
						return
					}
				}
			})).Draw(t, "order")
			shuffled := community.Stage[int]{}
			for _, u := range order {
				shuffled.Keys = append(shuffled.Keys, stages[i].Keys[u])
				shuffled.Membership = append(shuffled.Membership, stages[i].Membership[u])
			}
			stages[i] = shuffled
		}
		again, err := community.Trace(context.Background(), stages, opts)
		require.NoError(t, err)
		require.Equal(t, got.Events, again.Events, "the order of nodes does not matter")
	})
}

func TestTraceRefusesAndStops(t *testing.T) {
	one := []community.Stage[string]{staged("abcd")}
	for name, opts := range map[string]community.TraceOptions[string]{
		"similarity": {Least: 2}, "change": {Change: -1}, "gap": {Gap: -1}, "smallest": {Smallest: -1},
	} {
		_, err := community.Trace(t.Context(), one, opts)
		require.ErrorIs(t, err, community.ErrOptions, name)
	}
	for name, stage := range map[string]community.Stage[string]{
		"twice": staged("aa"), "labels": {Keys: []string{"a"}},
	} {
		_, err := community.Trace(t.Context(), []community.Stage[string]{stage}, community.TraceOptions[string]{})
		require.ErrorIs(t, err, community.ErrOptions, name)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := community.Trace(ctx, one, community.TraceOptions[string]{})
	require.ErrorIs(t, err, context.Canceled)
}

func BenchmarkTrace(b *testing.B) {
	stages := make([]community.Stage[uint64], 5)
	for i := range stages {
		for u := range uint64(100_000) {
			stages[i].Keys = append(stages[i].Keys, u)
			stages[i].Membership = append(stages[i].Membership, uint32((u+uint64(i)*3)/20))
		}
	}
	for b.Loop() {
		_, err := community.Trace(b.Context(), stages, community.TraceOptions[uint64]{})
		require.NoError(b, err)
	}
}

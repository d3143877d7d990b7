package explore_test

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"rummage/algo/explore"
	"rummage/graph"
	"rummage/graph/storetest"
)

// pairs draws which of a few traders trade with each other.
func pairs(rt *rapid.T) [][2]int {
	n := rapid.IntRange(2, 9).Draw(rt, "traders")
	return rapid.SliceOfNDistinct(rapid.Custom(func(rt *rapid.T) [2]int {
		a := rapid.IntRange(0, n-2).Draw(rt, "a")
		return [2]int{a, rapid.IntRange(a+1, n-1).Draw(rt, "b")}
	}), 1, 2*n, func(p [2]int) [2]int { return p }).Draw(rt, "pairs")
}

func trader(n int) string { return fmt.Sprint("T", n) }

func trade(edges [][2]int) *storetest.Batch {
	rows := make([]graph.Row, len(edges))
	for i, e := range edges {
		rows[i] = storetest.Shipment(fmt.Sprint(i), trader(e[0]), trader(e[1]), i+1)
	}
	return storetest.NewBatch("trade", 1, rows...)
}

// simplePaths lists the lengths of all loopless ways, shortest first, by brute force.
func simplePaths(edges [][2]int, from, to int) []int {
	near := map[int][]int{}
	for _, e := range edges {
		near[e[0]] = append(near[e[0]], e[1])
		near[e[1]] = append(near[e[1]], e[0])
	}
	var lengths []int
	var walk func(at int, seen []int)
	walk = func(at int, seen []int) {
		if at == to {
			lengths = append(lengths, len(seen)-1)
			return
		}
		for _, next := range near[at] {
			if !slices.Contains(seen, next) {
				walk(next, append(slices.Clone(seen), next))
			}
		}
	}
	walk(from, []int{from})
	slices.Sort(lengths)
	return lengths
}

func TestPathsAreTheShortest(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		edges := pairs(rt)
		from, to := edges[0][0], rapid.SampledFrom(edges).Draw(rt, "to")[1]
		if from == to {
			rt.Skip()
		}
		k := rapid.IntRange(1, 6).Draw(rt, "k")
		depth := rapid.IntRange(1, 8).Draw(rt, "depth")
		query := explore.Query{From: storetest.Trader(trader(from)), To: storetest.Trader(trader(to)), K: k,
			Options: explore.Options{Depth: depth}}
		res, err := explore.Paths(context.Background(), inMemory(t, trade(edges)), query)
		require.NoError(rt, err)

		var want, got []int
		for _, length := range simplePaths(edges, from, to) {
			if length <= depth && len(want) < k {
				want = append(want, length)
			}
		}
		distinct := map[string]bool{}
		for _, p := range res.Paths {
			got = append(got, p.Length())
			text := ""
			for i, s := range p.Steps {
				text += string(s.ID) + " "
				if i > 0 {
					require.NotEmpty(rt, s.Records, "every tie names its records")
					require.NotEqual(rt, graph.NoRole, s.Role)
				}
			}
			distinct[text] = true
			assert.Equal(rt, query.From, p.Steps[0].ID)
			assert.Equal(rt, query.To, p.Steps[p.Length()].ID)
		}
		assert.Equal(rt, want, got)
		assert.Len(rt, distinct, len(res.Paths))
		assert.True(rt, res.Complete)
	})
}

func TestOrderOfImportChangesNothing(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		edges := pairs(rt)
		from, to := edges[0][0], edges[len(edges)-1][1]
		if from == to {
			rt.Skip()
		}
		batch := trade(edges)
		rows := rapid.Permutation(batch.Rows).Draw(rt, "rows")
		for i := range rows {
			rows[i].Number = int64(i + 2)
		}
		mixed := *batch
		mixed.Rows = rows
		query := explore.Query{From: storetest.Trader(trader(from)), To: storetest.Trader(trader(to)), K: 4}
		one, err := explore.Paths(context.Background(), inMemory(t, batch), query)
		require.NoError(rt, err)
		other, err := explore.Paths(context.Background(), inMemory(t, &mixed), query)
		require.NoError(rt, err)
		for _, res := range []explore.Result{one, other} {
			for _, p := range res.Paths {
				for i := range p.Steps {
					for j := range p.Steps[i].Records {
						p.Steps[i].Records[j].Origins = nil
					}
				}
			}
		}
		assert.Equal(rt, one, other)
	})
}

func TestConnectJoinsWhatHangsTogether(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		edges := pairs(rt)
		var ends []int
		for _, e := range edges {
			for _, n := range e {
				if !slices.Contains(ends, n) && (len(ends) < 2 || rapid.Bool().Draw(rt, "end")) {
					ends = append(ends, n)
				}
			}
		}
		asked := make([]graph.ID, len(ends))
		for i, n := range ends {
			asked[i] = storetest.Trader(trader(n))
		}
		res, err := explore.Connect(context.Background(), inMemory(t, trade(edges)), asked, explore.Options{Depth: 20})
		require.NoError(rt, err)

		var want [][]graph.ID
		placed := map[int]bool{}
		for i, a := range ends {
			if placed[a] {
				continue
			}
			group := []graph.ID{asked[i]}
			for j := i + 1; j < len(ends); j++ {
				if len(simplePaths(edges, a, ends[j])) > 0 {
					group = append(group, asked[j])
					placed[ends[j]] = true
				}
			}
			want = append(want, group)
		}
		assert.Equal(rt, want, res.Groups)
		assert.Len(rt, res.Paths, len(ends)-len(want), "a tree has one branch fewer than ends")
		for _, p := range res.Paths {
			shortest := simplePaths(edges, index(p.Steps[0].ID), index(p.Steps[p.Length()].ID))
			assert.Equal(rt, shortest[0], p.Length())
		}
	})
}

// index is the number of a trader in its id.
func index(id graph.ID) int {
	var n int
	_, _ = fmt.Sscanf(id.Label(), "T%d", &n)
	return n
}

// TestAWayAroundAWholeBallIsFound is a case in which one ball holds everything before the radii reach the length of the way.
func TestAWayAroundAWholeBallIsFound(t *testing.T) {
	edges := [][2]int{{6, 7}, {4, 5}, {1, 4}, {0, 8}, {7, 8}, {6, 8}, {3, 5}, {5, 6}, {1, 2}, {0, 2}}
	res, err := explore.Paths(context.Background(), inMemory(t, trade(edges)), explore.Query{
		From: storetest.Trader(trader(6)), To: storetest.Trader(trader(5)), K: 4, Options: explore.Options{Depth: 6}})
	require.NoError(t, err)
	var lengths []int
	for _, p := range res.Paths {
		lengths = append(lengths, p.Length())
	}
	require.Equal(t, []int{1, 6}, lengths)
}

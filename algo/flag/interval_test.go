package flag

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"rummage/algo/csr"
	"rummage/algo/finding"
	"rummage/algo/propagate"
)

// drawnAnalysis is an analysis of a graph drawn by rapid.
func drawnAnalysis(t *rapid.T) *Analysis {
	n := rapid.IntRange(4, 14).Draw(t, "nodes")
	node := rapid.Uint32Range(0, uint32(n-1))
	var c csr.Columns
	for range rapid.IntRange(4, 40).Draw(t, "edges") {
		c.From, c.To = append(c.From, node.Draw(t, "from")), append(c.To, node.Draw(t, "to"))
		c.Weight, c.Type = append(c.Weight, rapid.Float64Range(0.1, 10).Draw(t, "weight")), append(c.Type, 1)
	}
	g, err := csr.Build(context.Background(), c, csr.Options{Nodes: n, Loops: csr.DropLoops})
	require.NoError(t, err)
	seeds := make([]float64, n)
	keys := make([]uint64, n)
	for v := range seeds {
		keys[v] = rapid.Uint64().Draw(t, "key")
		if rapid.Bool().Draw(t, "seed") {
			seeds[v] = rapid.Float64Range(0.1, 2).Draw(t, "weight of seed")
		}
	}
	a := &Analysis{Settings: DefaultSettings(), Seed: rapid.Uint64().Draw(t, "number"), Trade: &finding.Trade{Nodes: n, Keys: keys}, Kappa: &Kappa{}}
	a.Exposure, err = Expose(context.Background(), g, seeds, propagate.Options{})
	require.NoError(t, err)
	if a.Settings.Observed = rapid.SampledFrom([]float64{0, 0.5}).Draw(t, "observed"); a.Settings.Observed > 0 {
		looked := make([]bool, n)
		for v := range looked {
			looked[v] = seeds[v] > 0 || rapid.Bool().Draw(t, "looked at")
		}
		a.Observed, err = a.Exposure.against(context.Background(), looked, propagate.Options{})
		require.NoError(t, err)
	}
	return a
}

// The oracle takes each draw by itself: seeds that count as often as their bin was drawn, a walk from them, and all scores in order.
func TestIntervalsByDefinition(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := drawnAnalysis(t)
		var list []uint32
		for v, ratio := range a.Exposure.Ratio {
			if ratio > 0 {
				list = append(list, uint32(v))
			}
		}
		drawn, err := a.redrawn(context.Background(), nil, list)
		require.NoError(t, err)
		r := drawn[1]
		if r == nil || len(list) == 0 {
			return
		}
		shown := make([]int, 1+rapid.IntRange(0, len(list)-1).Draw(t, "shown"))
		for i := range shown {
			shown[i] = i
		}
		got, err := a.intervals(context.Background(), r, shown)
		require.NoError(t, err)
		scores, ranks := make([][]float64, len(shown)), make([][2][]int, len(shown)) // ranks if all that are about equal are behind, and if they are ahead
		for draw := range r.times {
			all := a.byDefinition(t, r, draw)
			for i, at := range shown {
				ahead, about := 0, 0
				for _, v := range list {
					switch {
					case v == list[at]:
					case all[v] > all[list[at]]+1e-4:
						ahead++
					case all[v] > all[list[at]]-1e-4:
						about++
					}
				}
				scores[i] = append(scores[i], all[list[at]])
				ranks[i][0], ranks[i][1] = append(ranks[i][0], 1+ahead), append(ranks[i][1], 1+ahead+about)
			}
		}
		for i := range shown {
			slices.Sort(scores[i])
			slices.Sort(ranks[i][0])
			slices.Sort(ranks[i][1])
			for end, at := range [2]int{bootstraps / 40, bootstraps - 1 - bootstraps/40} {
				require.InDelta(t, scores[i][at], float64(got[i].Score[end]), 1e-4)
				require.GreaterOrEqual(t, got[i].Rank[end], ranks[i][0][at])
				require.LessOrEqual(t, got[i].Rank[end], ranks[i][1][at])
			}
			require.LessOrEqual(t, got[i].Rank[0], got[i].Rank[1])
		}
	})
}

// byDefinition are the scores of all nodes in one draw.
func (a *Analysis) byDefinition(t *rapid.T, r *redraw, draw int) []float64 {
	seeds := make([]float64, len(a.Exposure.Seeds))
	total, drawn, seed := 0.0, 0.0, 0 // there are no more of them than bins, so each has its own
	for v, s := range a.Exposure.Seeds {
		if s > 0 {
			seeds[v] = s * r.times[draw][seed]
			seed++
			total, drawn = total+s, drawn+seeds[v]
		}
	}
	require.InDelta(t, total, drawn, 1e-9*total, "as much mass in every draw")
	walk, err := propagate.Walk(context.Background(), a.Exposure.Graph, [][]float64{seeds}, propagate.Options{})
	require.NoError(t, err)
	scores := make([]float64, len(seeds))
	for v := range scores {
		base := a.Exposure.Base[v]
		if base == 0 {
			continue
		}
		scores[v] = Score(walk.Scores[0][v]/base, 0, 0)
		if a.Observed != nil && a.Exposure.Ratio[v] > 0 {
			expected := a.Exposure.Ratio[v] * base / a.Observed[v] // the walk from whoever was looked at
			scores[v] += a.Settings.Observed * math.Log1p(walk.Scores[0][v]/expected/leastExposure)
		}
	}
	return scores
}

// Many seeds share bins, each as many as its neighbour but for chance, and every one has one.
func TestManySeedsShareBins(t *testing.T) {
	const n = 640
	a := &Analysis{Trade: &finding.Trade{Nodes: n}, Exposure: &Exposure{Seeds: slices.Repeat([]float64{1}, n)}}
	random := rand.New(rand.NewPCG(1, 2))
	for range n {
		a.Trade.Keys = append(a.Trade.Keys, random.Uint64())
	}
	var held [bins]int
	for _, b := range a.deal() {
		held[b]++
	}
	require.Greater(t, slices.Min(held[:]), 5)
	require.Less(t, slices.Max(held[:]), 80)
}

// A closed circle lets exposure count for more, and nothing where there is none, whatever else the score is made of.
func TestClosenessCountsWhereHitsReach(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := drawnAnalysis(t)
		a.Settings.ExposedCloseness = rapid.Float64Range(0.1, 2).Draw(t, "exposed closeness")
		a.Closeness = &finding.Closeness{}
		for range a.Trade.Nodes {
			a.Closeness.Loops = append(a.Closeness.Loops, rapid.Float64Range(0, 3).Draw(t, "loops"))
			a.Closeness.Shared = append(a.Closeness.Shared, float64(rapid.IntRange(0, 9).Draw(t, "shared")))
		}
		open := *a
		open.Closeness = nil
		for v := range uint32(a.Trade.Nodes) {
			switch ratio, closeness := a.Exposure.Ratio[v], a.Closeness.Of(v); {
			case ratio == 0 || closeness == 0:
				require.InDelta(t, open.Score(v), a.Score(v), 1e-12)
			case ratio > 1e-6 && closeness > 1e-6:
				require.Greater(t, a.Score(v), open.Score(v))
				require.LessOrEqual(t, a.Score(v)-open.Score(v), a.Settings.ExposedCloseness*closeness+1e-9)
			}
		}
	})
}

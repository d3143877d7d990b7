package community

import (
	"context"
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"rummage/algo/csr"
	"rummage/algo/csr/csrtest"
)

// shareByPairs is β with every pair looked at.
func shareByPairs(g *csr.Graph, opts Options, gamma float64) float64 {
	weight := make(map[[2]uint32]float64)
	var all float64
	for u := range uint32(g.Order()) {
		for i, v := range g.Neighbours(u) {
			w := 1.0
			if g.IsWeighted() {
				w = g.Weights(u)[i]
			}
			weight[[2]uint32{u, v}] += w
			if all += w; u == v {
				all += w
			}
		}
	}
	strength := func(u uint32) (sum float64) {
		for pair, w := range weight {
			if pair[0] == u || pair[1] == u {
				sum += w / 2
			}
			if pair[0] == u && pair[1] == u {
				sum += 1.5 * w
			}
		}
		return sum
	}
	var apart, together float64
	for u := range uint32(g.Order()) {
		for v := range u {
			null := 1.0
			if opts.Objective == Modularity {
				null = strength(u) * strength(v) / all
			} else if opts.Sizes != nil {
				null = opts.Sizes[u] * opts.Sizes[v]
			}
			if left := weight[[2]uint32{u, v}] - gamma*null; left > 0 {
				together += left
			} else {
				apart -= left
			}
		}
	}
	if apart == 0 {
		return 0
	}
	return apart / (apart + together)
}

func TestSharesOfResolutionsByPairs(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		for range 10 {
			g := csrtest.Draw(t, csrtest.Shape{
				Nodes: 8, Edges: 14, Weighted: rapid.Bool().Draw(t, "weighted"), Loops: true, Parallel: csr.KeepParallel, Round: true,
			})
			opts := Options{Objective: Objective(rapid.IntRange(0, 1).Draw(t, "objective"))}
			if opts.Objective == CPM && rapid.Bool().Draw(t, "sized") {
				opts.Sizes = rapid.SliceOfN(rapid.SampledFrom([]float64{0, 0.5, 1, 3}), g.Order(), g.Order()).Draw(t, "sizes")
			}
			turns, err := newTurns(context.Background(), g, opts)
			require.NoError(t, err)
			if len(turns.list) == 0 || math.IsInf(turns.list[0].at, 1) {
				require.Nil(t, turns.between(0, 1, 3))
				continue
			}
			gamma := rapid.Float64Range(0.01, 10).Draw(t, "resolution")
			require.InDelta(t, shareByPairs(g, opts, gamma), turns.share(gamma), 1e-9)
			share := rapid.Float64Range(0.01, 0.99).Draw(t, "share")
			at := turns.at(share)
			require.LessOrEqual(t, turns.share(at*(1-1e-6)), share+1e-9, "it may rise at one stroke")
			require.GreaterOrEqual(t, turns.share(at*(1+1e-6)), share-1e-9)
			list := turns.between(0, 0, 9)
			require.Len(t, list, 9)
			require.IsNonDecreasing(t, list)
		}
	})
}

// TestEnvelopeIsNeverBelow compares with all lines at many places.
func TestEnvelopeIsNeverBelow(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var lines []line
		for i := range rapid.IntRange(1, 12).Draw(t, "lines") {
			lines = append(lines, line{i, float64(rapid.IntRange(0, 20).Draw(t, "inside")), float64(rapid.IntRange(0, 20).Draw(t, "null"))})
		}
		const low, high = 0.25, 4
		parts := envelope(lines, low, high)
		require.Equal(t, low, parts[0].from)
		require.Equal(t, high, int(parts[len(parts)-1].to))
		for i, part := range parts {
			if i > 0 {
				require.Equal(t, parts[i-1].to, part.from)
				require.Less(t, lines[part.trial].null, lines[parts[i-1].trial].null)
			}
			for step := range 5 {
				gamma := part.from + (part.to-part.from)*float64(step)/4
				for _, l := range lines {
					require.LessOrEqual(t, l.inside-gamma*l.null, lines[part.trial].inside-gamma*lines[part.trial].null+1e-9)
				}
			}
		}
	})
}

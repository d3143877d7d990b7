package community

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// TestStabilityByCounting has more than a thousand communities counted member by member.
func TestStabilityByCounting(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 12).Draw(t, "nodes")
		labels := rapid.SliceOfN(rapid.Uint32Range(0, 3), n, n)
		var divisions [][]uint32
		for range rapid.IntRange(1, 5).Draw(t, "runs") {
			division, _ := Canonical(labels.Draw(t, "division"))
			divisions = append(divisions, division)
		}
		r := ConsensusResult{}
		r.Membership, r.Communities = Canonical(labels.Draw(t, "consensus"))
		require.NoError(t, r.judge(context.Background(), divisions, 2))
		for c, members := range Members(r.Membership) {
			var jaccard float64
			stays := make(map[uint32]float64)
			for _, division := range divisions {
				var best float64
				common := 0
				for _, other := range Members(division) {
					both := 0
					for _, u := range members {
						for _, v := range other {
							if u == v {
								both++
							}
						}
					}
					if alike := float64(both) / float64(len(members)+len(other)-both); both > common || (both == common && alike > best) {
						common, best = both, alike
					}
				}
				jaccard += best
				for _, u := range members {
					both, size := 0, 0
					for v := range uint32(n) {
						if division[v] == division[u] {
							size++
							if r.Membership[v] == r.Membership[u] {
								both++
							}
						}
					}
					if both == common && float64(both)/float64(len(members)+size-both) == best && (len(members) > 1 || size == 1) {
						stays[u]++
					}
				}
			}
			require.InDelta(t, jaccard/float64(len(divisions)), r.Community[c], 1e-12)
			for _, u := range members {
				require.InDelta(t, stays[u]/float64(len(divisions)), r.Member[u], 1e-12)
			}
		}
	})
}

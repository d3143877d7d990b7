package community_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/graph"
	oracle "gonum.org/v1/gonum/graph/community"
	"pgregory.net/rapid"

	"rummage/algo/community"
	"rummage/algo/csr/csrtest"
)

func TestQualityAgreesWithGonum(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		for range times {
			g := csrtest.Draw(t, csrtest.Shape{
				Weighted: rapid.Bool().Draw(t, "weighted"), Positive: true, Directed: rapid.Bool().Draw(t, "directed"),
			})
			if g.Size() == 0 {
				continue
			}
			labels, _ := community.Canonical(drawLabels(t, g.Order()))
			var groups [][]graph.Node
			for _, members := range community.Members(labels) {
				var nodes []graph.Node
				for _, u := range members {
					nodes = append(nodes, g.Node(int64(u)))
				}
				groups = append(groups, nodes)
			}
			resolution := rapid.Float64Range(0.1, 3).Draw(t, "resolution")
			got, err := community.Quality(g, labels, community.Options{Resolution: resolution})
			require.NoError(t, err)
			if g.IsDirected() {
				require.InDelta(t, oracle.Q(g.Directed(), groups, resolution), got, 1e-12)
				continue
			}
			require.InDelta(t, oracle.Q(g.Undirected(), groups, resolution), got, 1e-12)
		}
	})
}

func TestQualityOfPottsByPairs(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		for range times {
			g, labels := draw(t), []uint32(nil)
			labels = drawLabels(t, g.Order())
			sizes := rapid.SliceOfN(rapid.Float64Range(0, 3), g.Order(), g.Order()).Draw(t, "sizes")
			want := 0.0
			for u := range uint32(g.Order()) {
				for v := u + 1; v < uint32(g.Order()); v++ {
					if labels[u] == labels[v] && g.IsDirected() {
						want -= 2 * 0.3 * sizes[u] * sizes[v]
					} else if labels[u] == labels[v] {
						want -= 0.3 * sizes[u] * sizes[v]
					}
				}
				for i, v := range g.Neighbours(u) {
					if (v >= u || g.IsDirected()) && labels[u] == labels[v] {
						w := 1.0
						if g.IsWeighted() {
							w = g.Weights(u)[i]
						}
						want += w
					}
				}
			}
			got, err := community.Quality(g, labels, community.Options{Objective: community.CPM, Resolution: 0.3, Sizes: sizes})
			require.NoError(t, err)
			require.InDelta(t, want, got, 1e-9)
		}
	})
}

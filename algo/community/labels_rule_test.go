package community

import (
	"context"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"rummage/algo/csr"
	"rummage/algo/csr/csrtest"
)

// spreadByMatrix is the rule of PropagateLabels on a matrix of weights. Nodes are visited in the given order, colour by colour.
func spreadByMatrix(weight [][]float64, link [][]bool, order []uint32, passes int) (labels []uint32, settled bool) {
	n := len(order)
	labels = make([]uint32, n)
	colour := make([]int, n)
	for i, u := range order {
		labels[u] = uint32(i)
		for slices.ContainsFunc(order[:i], func(v uint32) bool { return link[u][v] && colour[v] == colour[u] }) {
			colour[u]++
		}
	}
	for range passes {
		settled = true
		for c := range n {
			for _, u := range order {
				if colour[u] != c {
					continue
				}
				sum := make([]float64, n)
				for v := range n {
					if v != int(u) {
						sum[labels[v]] += weight[u][v]
					}
				}
				if top := slices.Max(sum); sum[labels[u]] < top {
					labels[u] = uint32(slices.Index(sum, top))
					settled = false
				}
			}
		}
		if settled {
			break
		}
	}
	return labels, settled
}

// TestLabelsFollowTheRule compares with the rule on more than a thousand graphs. Weights are multiples of 1/8, whose sums are exact.
func TestLabelsFollowTheRule(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		for range 11 {
			g := csrtest.Draw(t, csrtest.Shape{
				Nodes: 14, Edges: 30, Weighted: rapid.Bool().Draw(t, "weighted"), Loops: true, Parallel: csr.KeepParallel, Round: true,
			})
			opts := LabelOptions{Seed: rapid.Uint64().Draw(t, "seed"), Passes: rapid.IntRange(1, 30).Draw(t, "passes")}
			n := g.Order()
			weight, link := make([][]float64, n), make([][]bool, n)
			for u := range uint32(n) {
				weight[u], link[u] = make([]float64, n), make([]bool, n)
				for i, v := range g.Neighbours(u) {
					link[u][v] = true
					if g.IsWeighted() {
						weight[u][v] += g.Weights(u)[i]
					} else {
						weight[u][v]++
					}
				}
			}
			c, err := newContagion(context.Background(), g, opts)
			require.NoError(t, err)
			want, settled := spreadByMatrix(weight, link, c.nodes, opts.Passes)
			got, err := PropagateLabels(context.Background(), g, opts)
			require.NoError(t, err)
			require.Equal(t, settled, got.Settled)
			want, communities := Canonical(want)
			whole, err := pieces(context.Background(), g, want, rostersOf(want, communities), 1)
			require.NoError(t, err)
			canonical, number := Canonical(whole)
			require.Equal(t, canonical, got.Membership)
			require.Equal(t, number, got.Communities)
		}
	})
}

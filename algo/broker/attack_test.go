package broker_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"rummage/algo/broker"
	"rummage/algo/csr"
	"rummage/algo/csr/csrtest"
	"rummage/fixtures"
)

// components returns the size of the largest component without some nodes.
func components(g *csr.Graph, gone map[uint32]bool) int {
	seen, most := map[uint32]bool{}, 0
	for first := range uint32(g.Order()) {
		if gone[first] || seen[first] {
			continue
		}
		seen[first] = true
		queue := []uint32{first}
		for at := 0; at < len(queue); at++ {
			weights := g.Weights(queue[at])
			for i, v := range g.Neighbours(queue[at]) {
				if !gone[v] && !seen[v] && (weights == nil || weights[i] > 0) {
					seen[v] = true
					queue = append(queue, v)
				}
			}
		}
		most = max(most, len(queue))
	}
	return most
}

func TestAttackFollowsTheLargestComponent(t *testing.T) {
	many(t, func(t *rapid.T) {
		g := csrtest.Draw(t, csrtest.Shape{Weighted: rapid.Bool().Draw(t, "weighted"), Typed: true, Loops: true})
		opts := broker.AttackOptions{Order: rapid.SampledFrom([]broker.Order{broker.ByDegree, broker.ByBetweenness}).Draw(t, "order"), Once: rapid.Bool().Draw(t, "once")}
		opts.Steps = rapid.IntRange(0, g.Order()).Draw(t, "steps")
		curve, err := broker.Attack(context.Background(), g, opts)
		require.NoError(t, err)
		steps := curve.Steps
		require.Len(t, curve.Removed, steps)
		require.Len(t, curve.Largest, steps+1)
		gone, sum, half := map[uint32]bool{}, 0.0, -1.0
		for i, largest := range curve.Largest {
			if i > 0 {
				require.False(t, gone[curve.Removed[i-1]], "each node is lost once")
				gone[curve.Removed[i-1]] = true
			}
			require.InDelta(t, components(g, gone), largest, 0)
			if i > 0 {
				sum += largest / float64(g.Order())
			}
			if half < 0 && largest < curve.Largest[0]/2 {
				half = float64(i)
			}
		}
		require.InDelta(t, sum/float64(max(steps, 1)), curve.Robustness, 1e-12)
		require.InDelta(t, half, curve.Half, 0)
		if opts.Order == broker.ByDegree && !opts.Once && steps > 0 {
			requireDegreeOrder(t, g, curve.Removed)
		}
	})
}

func requireDegreeOrder(t *rapid.T, g *csr.Graph, removed []uint32) {
	gone := map[uint32]bool{}
	degree := func(u uint32) int {
		others := map[uint32]bool{}
		weights := g.Weights(u)
		for i, v := range g.Neighbours(u) {
			if v != u && !gone[v] && (weights == nil || weights[i] > 0) {
				others[v] = true
			}
		}
		return len(others)
	}
	for _, u := range removed {
		for v := range uint32(g.Order()) {
			if !gone[v] {
				require.GreaterOrEqual(t, degree(u), degree(v))
				if v < u {
					require.Greater(t, degree(u), degree(v), "equals by number")
				}
			}
		}
		gone[u] = true
	}
}

func TestRandomAttackIsAMean(t *testing.T) {
	g := caviar(t)
	one, err := broker.Attack(t.Context(), g, broker.AttackOptions{Order: broker.AtRandom, Repeats: 50, Seed: 3})
	require.NoError(t, err)
	assert.Nil(t, one.Removed)
	same, err := broker.Attack(t.Context(), g, broker.AttackOptions{Order: broker.AtRandom, Repeats: 50, Seed: 3, Threads: 8})
	require.NoError(t, err)
	assert.Equal(t, one, same)
	other, err := broker.Attack(t.Context(), g, broker.AttackOptions{Order: broker.AtRandom, Repeats: 50, Seed: 4})
	require.NoError(t, err)
	assert.NotEqual(t, one.Largest, other.Largest)
	by, err := broker.Attack(t.Context(), g, broker.AttackOptions{Order: broker.ByBetweenness})
	require.NoError(t, err)
	degree, err := broker.Attack(t.Context(), g, broker.AttackOptions{})
	require.NoError(t, err)
	assert.Less(t, by.Half, degree.Half)
	assert.Less(t, degree.Half, one.Half/4, "the network falls by its brokers, not by chance")
	assert.Less(t, by.Robustness, one.Robustness/4)
}

func caviar(t *testing.T) *csr.Graph {
	nodes := csrtest.Table(t, fixtures.Open, "oracle/caviar_union_weighted.csv.gz")
	return csrtest.Network(t, csrtest.Table(t, fixtures.Open, "oracle/caviar_union_edges.csv.gz"), nodes["node"], false)
}

package community_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"rummage/algo/community"
	"rummage/algo/csr"
	"rummage/algo/csr/csrtest"
)

func TestLouvainReachesTheKnownBestModularityNearly(t *testing.T) {
	for name, want := range map[string]float64{"karate": 0.4198, "dolphins": 0.5285} {
		top := 0.0
		for seed := range uint64(10) {
			got, err := community.Louvain(t.Context(), network(t, name), community.Options{Seed: seed})
			require.NoError(t, err)
			require.True(t, connected(network(t, name), got.Membership))
			assert.Equal(t, 1, got.Passes)
			assert.Zero(t, got.Theta)
			top = max(top, got.Quality)
		}
		assert.Greater(t, top, want-0.005, name)
		assert.Less(t, top, want+5e-5, name)
	}
}

func TestBothDirectionsOfEveryEdgeAreAsNone(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := csrtest.Draw(t, csrtest.Shape{Nodes: 20, Edges: 50, Weighted: true, Round: true})
		c := g.Columns()
		c.From, c.To = append(c.From, c.To...), append(c.To, c.From...)
		c.Weight = append(c.Weight, c.Weight...)
		both, err := csr.Build(t.Context(), c, csr.Options{Nodes: g.Order(), Directed: true})
		require.NoError(t, err)
		opts, divide := drawOptions(t), drawMethod(t)
		// Per edge a directed graph has two arcs, and a pair costs in both directions.
		factor := 1.0
		if opts.Objective == community.CPM {
			factor = 2
		}
		labels := drawLabels(t, g.Order())
		want, err := community.Quality(g, labels, opts)
		require.NoError(t, err)
		got, err := community.Quality(both, labels, opts)
		require.NoError(t, err)
		require.InDelta(t, factor*want, got, 1e-12)
		opts.Start = labels
		a, err := divide(t.Context(), g, opts)
		require.NoError(t, err)
		b, err := divide(t.Context(), both, opts)
		require.NoError(t, err)
		require.GreaterOrEqual(t, factor*a.Quality, got-1e-9)
		require.GreaterOrEqual(t, b.Quality, got-1e-9)
	})
}

func TestDirectedModularityByHand(t *testing.T) {
	c := csr.Columns{From: []uint32{0, 0, 0, 0, 1, 2, 3, 4, 6}, To: []uint32{1, 2, 3, 4, 5, 5, 5, 5, 7}}
	c.From, c.To = append(c.From, 0, 6), append(c.To, 5, 5)
	g, err := csr.Build(t.Context(), c, csr.Options{Nodes: 8, Directed: true})
	require.NoError(t, err)
	labels := []uint32{0, 0, 0, 0, 0, 0, 1, 1}
	got, err := community.Quality(g, labels, community.Options{})
	require.NoError(t, err)
	// 11 arcs, 9 and 1 of them inside; 9 leave and 10 reach the first group, 2 leave and 1 reaches the second.
	assert.InDelta(t, 10.0/11-(9.0*10+2*1)/121, got, 1e-15)
}

func TestWeightsByType(t *testing.T) {
	// A square whose sides are of two types: which weigh more decides how it falls apart.
	c := csr.Columns{From: []uint32{0, 1, 2, 3}, To: []uint32{1, 2, 3, 0}, Type: []uint8{1, 2, 1, 2}}
	g, err := csr.Build(t.Context(), c, csr.Options{Nodes: 4})
	require.NoError(t, err)
	for _, want := range []struct {
		weights    [3]float64
		membership []uint32
	}{
		{[3]float64{0, 4, 1}, []uint32{0, 0, 1, 1}},
		{[3]float64{0, 1, 4}, []uint32{0, 1, 1, 0}},
		{[3]float64{0, 0, 4}, []uint32{0, 1, 1, 0}},
	} {
		typed, err := g.Reweight(t.Context(), 1, func(a csr.Arc) float64 { return want.weights[a.Type] })
		require.NoError(t, err)
		for method, divide := range methods {
			got, err := divide(t.Context(), typed, community.Options{})
			require.NoError(t, err)
			assert.Equal(t, want.membership, got.Membership, method)
		}
	}
}

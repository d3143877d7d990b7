package csr_test

import (
	"context"
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"rummage/algo/csr"
)

func drawAny(t *rapid.T) *csr.Graph {
	n, c := drawColumns(t)
	opts := drawOptions(t)
	opts.Nodes = n
	g, err := csr.Build(context.Background(), c, opts)
	require.NoError(t, err)
	return g
}

// rebuild makes a graph of those edges of g that keep wants, with its nodes renamed.
func rebuild(t require.TestingT, g *csr.Graph, n int, keep func(u, v uint32, kind uint8) bool, name func(uint32) uint32) *csr.Graph {
	c := g.Columns()
	var part csr.Columns
	for i := range c.From {
		var kind uint8
		if c.Type != nil {
			kind = c.Type[i]
		}
		if !keep(c.From[i], c.To[i], kind) {
			continue
		}
		part.From, part.To = append(part.From, name(c.From[i])), append(part.To, name(c.To[i]))
		if c.Weight != nil {
			part.Weight = append(part.Weight, c.Weight[i])
		}
		if c.Type != nil {
			part.Type = append(part.Type, kind)
		}
		if c.Count != nil {
			part.Count = append(part.Count, c.Count[i])
		}
	}
	if len(part.From) == 0 {
		part = csr.Columns{From: []uint32{}, To: []uint32{}, Weight: c.Weight, Type: c.Type, Count: c.Count}
		if c.Weight != nil {
			part.Weight = c.Weight[:0]
		}
		if c.Type != nil {
			part.Type = c.Type[:0]
		}
		if c.Count != nil {
			part.Count = c.Count[:0]
		}
	}
	made, err := csr.Build(context.Background(), part, csr.Options{Nodes: n, Directed: g.IsDirected(), Parallel: csr.KeepParallel})
	require.NoError(t, err)
	return made
}

func same(u uint32) uint32 { return u }

func TestProjectKeepsTheWantedTypes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := drawAny(t)
		types := rapid.SliceOfNDistinct(rapid.Uint8Range(0, 4), 0, 3, rapid.ID).Draw(t, "types")
		want := rebuild(t, g, g.Order(), func(_, _ uint32, kind uint8) bool { return slices.Contains(types, kind) }, same)
		require.Equal(t, snapshot(t, want), snapshot(t, g.Project(types...)))
	})
}

func TestInducedKeepsNodesAndTheEdgesAmongThem(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := drawAny(t)
		nodes := rapid.SliceOfN(rapid.Uint32Range(0, uint32(g.Order()-1)), 0, 8).Draw(t, "nodes")
		part, origin, err := g.Induced(nodes)
		require.NoError(t, err)
		require.True(t, slices.IsSorted(origin))
		want := rebuild(t, g, len(origin), func(u, v uint32, _ uint8) bool { return slices.Contains(nodes, u) && slices.Contains(nodes, v) },
			func(u uint32) uint32 { return uint32(slices.Index(origin, u)) })
		require.Equal(t, snapshot(t, want), snapshot(t, part))
	})
}

func TestInducedRefusesANodeThatIsNotThere(t *testing.T) {
	g, err := csr.Build(t.Context(), csr.Columns{}, csr.Options{Nodes: 2})
	require.NoError(t, err)
	_, _, err = g.Induced([]uint32{0, 2})
	require.ErrorIs(t, err, csr.ErrNode)
	assert.ErrorContains(t, err, "node 2")
}

func TestReweightAsksOncePerArcInTheSameWords(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := drawAny(t)
		weigh := func(a csr.Arc) float64 {
			return 1 + float64(a.From) + 100*float64(a.To) + 1e4*float64(a.Type) + 1e6*float64(a.Count) + a.Weight/16
		}
		got, err := g.Reweight(context.Background(), 2, weigh)
		require.NoError(t, err)
		c := g.Columns()
		weights := make([]float64, len(c.From))
		for i := range c.From {
			a := csr.Arc{From: c.From[i], To: c.To[i], Weight: 1}
			if c.Weight != nil {
				a.Weight = c.Weight[i]
			}
			if c.Type != nil {
				a.Type = c.Type[i]
			}
			if c.Count != nil {
				a.Count = c.Count[i]
			}
			weights[i] = weigh(a)
		}
		require.Equal(t, weights, append([]float64{}, got.Columns().Weight...))
		for u := range uint32(g.Order()) {
			require.InDelta(t, g.Unweighted().InStrength(u), float64(len(got.InWeights(u))), 0)
		}
		require.False(t, got.Unweighted().IsWeighted())
	})
}

func TestReweightRefuses(t *testing.T) {
	g, err := csr.Build(t.Context(), csr.Columns{From: []uint32{0}, To: []uint32{1}}, csr.Options{Nodes: 2})
	require.NoError(t, err)
	for _, w := range []float64{-1, math.NaN(), math.Inf(1)} {
		_, err = g.Reweight(t.Context(), 1, func(csr.Arc) float64 { return w })
		require.ErrorIs(t, err, csr.ErrWeight)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = g.Reweight(ctx, 1, func(csr.Arc) float64 { return 1 })
	require.ErrorIs(t, err, context.Canceled)
}

func TestSymmetricSumsBothDirections(t *testing.T) {
	g, err := csr.Build(t.Context(), csr.Columns{From: []uint32{0, 1, 2, 2}, To: []uint32{1, 0, 1, 2}, Weight: []float64{1, 2, 4, 8}},
		csr.Options{Nodes: 3, Directed: true})
	require.NoError(t, err)
	u, err := g.Symmetric(t.Context())
	require.NoError(t, err)
	assert.Equal(t, csr.Columns{From: []uint32{0, 1, 2}, To: []uint32{1, 2, 2}, Weight: []float64{3, 4, 8}}, u.Columns())
	again, err := u.Symmetric(t.Context())
	require.NoError(t, err)
	assert.Same(t, u, again)
	one, err := u.Simple(t.Context())
	require.NoError(t, err)
	assert.Same(t, u, one)
}

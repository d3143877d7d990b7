package csr_test

import (
	"cmp"
	"context"
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"rummage/algo/csr"
	"rummage/algo/csr/csrtest"
)

func TestInducedOfAFewAmongMany(t *testing.T) {
	for _, directed := range []bool{false, true} {
		g, err := csr.Build(t.Context(), csrtest.RMAT{Scale: 12, Factor: 4, Seed: 1, Weighted: true}.Draw(), csr.Options{Nodes: 1 << 12, Directed: directed})
		require.NoError(t, err)
		hub := uint32(0)
		for u := range uint32(g.Order()) {
			if g.Degree(u) > g.Degree(hub) {
				hub = u
			}
		}
		for name, nodes := range map[string][]uint32{
			"a hub and some neighbours": append([]uint32{hub}, g.Neighbours(hub)[:7]...),
			"a pair":                    {hub, g.Neighbours(hub)[0]},
			"nobody":                    {},
			"everyone near the hub":     g.Neighbours(hub),
		} {
			t.Run(name, func(t *testing.T) {
				part, origin, err := g.Induced(nodes)
				require.NoError(t, err)
				want := rebuild(t, g, len(origin), func(u, v uint32, _ uint8) bool { return slices.Contains(nodes, u) && slices.Contains(nodes, v) },
					func(u uint32) uint32 { return uint32(slices.Index(origin, u)) })
				require.Equal(t, snapshot(t, want), snapshot(t, part))
			})
		}
	}
}

// surroundings is Ego in the plainest way: distances by relaxing every edge until nothing changes.
func surroundings(g *csr.Graph, seeds []uint32, opts csr.EgoOptions) (origin, hop []uint32, cut bool) {
	const far = math.MaxUint32
	distance := make([]uint32, g.Order())
	for u := range distance {
		distance[u] = far
	}
	for _, u := range seeds {
		distance[u] = 0
	}
	c := g.Columns()
	for range g.Order() {
		for e := range c.From {
			u, v := c.From[e], c.To[e]
			if distance[u] != far {
				distance[v] = min(distance[v], distance[u]+1)
			}
			if distance[v] != far && (!g.IsDirected() || !opts.Outward) {
				distance[u] = min(distance[u], distance[v]+1)
			}
		}
	}
	hops := cmp.Or(opts.Hops, 1)
	var nodes []uint32
	for u := range uint32(g.Order()) {
		if distance[u] != far && (hops < 0 || int(distance[u]) <= hops) {
			nodes = append(nodes, u)
		}
	}
	slices.SortStableFunc(nodes, func(u, v uint32) int { return cmp.Compare(distance[u], distance[v]) })
	if opts.Nodes > 0 && len(nodes) > opts.Nodes {
		nodes, cut = nodes[:opts.Nodes], true
	}
	slices.Sort(nodes)
	for _, u := range nodes {
		hop = append(hop, distance[u])
	}
	return nodes, hop, cut
}

func TestEgoTakesTheNearest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := csrtest.Draw(t, csrtest.Shape{Nodes: 20, Edges: 25, Directed: rapid.Bool().Draw(t, "directed"), Typed: true, Loops: true, Weighted: true})
		seeds := rapid.SliceOfN(rapid.Uint32Range(0, uint32(g.Order()-1)), 0, 3).Draw(t, "seeds")
		opts := csr.EgoOptions{
			Hops:    rapid.IntRange(-1, 4).Draw(t, "hops"),
			Nodes:   rapid.IntRange(0, 12).Draw(t, "nodes"),
			Outward: rapid.Bool().Draw(t, "outward"),
		}
		ego, err := g.Ego(context.Background(), seeds, opts)
		require.NoError(t, err)
		origin, hop, cut := surroundings(g, seeds, opts)
		require.Equal(t, append([]uint32{}, origin...), append([]uint32{}, ego.Origin...))
		require.Equal(t, append([]uint32{}, hop...), append([]uint32{}, ego.Hop...))
		require.Equal(t, cut, ego.Cut)
		part, _, err := g.Induced(origin)
		require.NoError(t, err)
		require.Equal(t, snapshot(t, part), snapshot(t, ego.Graph))
	})
}

func TestEgoRefuses(t *testing.T) {
	g, err := csr.Build(t.Context(), csr.Columns{From: []uint32{0}, To: []uint32{1}}, csr.Options{Nodes: 2})
	require.NoError(t, err)
	_, err = g.Ego(t.Context(), []uint32{2}, csr.EgoOptions{})
	require.ErrorIs(t, err, csr.ErrNode)
	assert.ErrorContains(t, err, "node 2")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = g.Ego(ctx, []uint32{0}, csr.EgoOptions{})
	require.ErrorIs(t, err, context.Canceled)
}

func TestSimpleAndSymmetricAgreeWithBuild(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := drawAny(t)
		c := g.Columns()
		both, err := g.Symmetric(context.Background())
		require.NoError(t, err)
		if g.IsDirected() {
			want, err := csr.Build(context.Background(), c, csr.Options{Nodes: g.Order()})
			require.NoError(t, err)
			require.Equal(t, snapshot(t, want), snapshot(t, both))
		}
		one, err := g.Simple(context.Background())
		require.NoError(t, err)
		c.Type = nil
		want, err := csr.Build(context.Background(), c, csr.Options{Nodes: g.Order(), Directed: g.IsDirected()})
		require.NoError(t, err)
		require.Equal(t, snapshot(t, want), snapshot(t, one))
	})
}

func TestMergingRefuses(t *testing.T) {
	g, err := csr.Build(t.Context(), csr.Columns{From: []uint32{2, 1}, To: []uint32{1, 2}, Count: []uint32{math.MaxUint32, 1}},
		csr.Options{Nodes: 3, Directed: true})
	require.NoError(t, err)
	_, err = g.Symmetric(t.Context())
	require.ErrorIs(t, err, csr.ErrCount)
	assert.ErrorContains(t, err, "csr: symmetric: edges from 1 to 2: count overflows: 4294967296 together")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = g.Symmetric(ctx)
	require.ErrorIs(t, err, context.Canceled)
	g, err = csr.Build(t.Context(), csr.Columns{From: []uint32{1, 1}, To: []uint32{2, 2}, Count: []uint32{math.MaxUint32, 1}},
		csr.Options{Nodes: 3, Parallel: csr.KeepParallel})
	require.NoError(t, err)
	_, err = g.Simple(t.Context())
	require.ErrorIs(t, err, csr.ErrCount)
	assert.ErrorContains(t, err, "csr: simple: edges from 1 to 2")
}

func TestProjectOnAllTypesIsTheGraphItself(t *testing.T) {
	g, err := csr.Build(t.Context(), csr.Columns{From: []uint32{0, 1}, To: []uint32{1, 2}, Type: []uint8{3, 5}}, csr.Options{Nodes: 3})
	require.NoError(t, err)
	assert.Same(t, g, g.Project(5, 3, 9))
	assert.Equal(t, 1, g.Project(3).Size())
	assert.Zero(t, g.Unweighted().Project().Size())
	plain, err := csr.Build(t.Context(), csr.Columns{From: []uint32{0}, To: []uint32{1}}, csr.Options{Nodes: 2})
	require.NoError(t, err)
	assert.Same(t, plain, plain.Project(0))
	assert.Zero(t, plain.Project(1).Size())
}

// Many edges make many pieces of work, whose order must not show.
func TestDerivedGraphsOfManyEdges(t *testing.T) {
	c := csrtest.RMAT{Scale: 11, Factor: 40, Seed: 1, Weighted: true}.Draw()
	c.Type, c.Count = make([]uint8, len(c.From)), make([]uint32, len(c.From))
	for e := range c.Type {
		c.Type[e], c.Count[e] = uint8(e%3), uint32(e%5)
	}
	g, err := csr.Build(t.Context(), c, csr.Options{Nodes: 1 << 11, Directed: true})
	require.NoError(t, err)
	require.Equal(t, snapshot(t, rebuild(t, g, g.Order(), func(_, _ uint32, kind uint8) bool { return kind == 1 }, same)), snapshot(t, g.Project(1)))
	for _, opts := range []csr.Options{{}, {Directed: true, Parallel: csr.KeepParallel}} {
		opts.Nodes = g.Order()
		again, err := csr.Build(t.Context(), g.Columns(), opts)
		require.NoError(t, err)
		if opts.Directed {
			require.Equal(t, snapshot(t, g), snapshot(t, again))
			continue
		}
		both, err := g.Symmetric(t.Context())
		require.NoError(t, err)
		require.Equal(t, snapshot(t, again), snapshot(t, both))
	}
}

package structure_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"rummage/algo/csr"
	"rummage/algo/csr/csrtest"
	"rummage/algo/structure"
)

// change draws edges to put and to remove, and new nodes.
func drawChange(t *rapid.T, g *csr.Graph) csr.Change {
	change := csr.Change{Nodes: g.Order() + rapid.IntRange(0, 2).Draw(t, "new")}
	named := map[[2]uint32]bool{}
	name := func(u, v uint32) [2]uint32 {
		if !g.IsDirected() && u > v {
			u, v = v, u
		}
		return [2]uint32{u, v}
	}
	had := g.Columns()
	share := rapid.IntRange(1, 6).Draw(t, "share")
	for i := range had.From {
		if rapid.IntRange(1, 6).Draw(t, "remove") <= share {
			named[name(had.From[i], had.To[i])] = true
			change.Remove.From, change.Remove.To = append(change.Remove.From, had.From[i]), append(change.Remove.To, had.To[i])
		}
	}
	node := rapid.Uint32Range(0, uint32(change.Nodes-1))
	for range rapid.IntRange(0, 4).Draw(t, "put") {
		u, v := node.Draw(t, "from"), node.Draw(t, "to")
		if !named[name(u, v)] {
			named[name(u, v)] = true
			change.Put.From, change.Put.To = append(change.Put.From, u), append(change.Put.To, v)
		}
	}
	return change
}

func TestUpdatedComponentsAreThoseOfTheGraphAfter(t *testing.T) {
	for range 20 {
		rapid.Check(t, func(t *rapid.T) {
			g := csrtest.Draw(t, csrtest.Shape{Nodes: 14, Edges: 18, Directed: rapid.Bool().Draw(t, "directed"), Loops: true})
			before, err := structure.Weak(context.Background(), g, structure.Options{})
			require.NoError(t, err)
			for range 3 {
				change := drawChange(t, g)
				g, _, err = g.Patch(context.Background(), change, 1)
				require.NoError(t, err)
				want, err := structure.Weak(context.Background(), g, structure.Options{})
				require.NoError(t, err)
				before, err = structure.Update(context.Background(), before, g, change)
				require.NoError(t, err)
				want.Method, before.Method = "", ""
				require.Equal(t, want, before)
			}
		})
	}
}

func TestUpdateRefusesFewerNodes(t *testing.T) {
	g, err := csr.Build(t.Context(), csr.Columns{}, csr.Options{Nodes: 3})
	require.NoError(t, err)
	before, err := structure.Weak(t.Context(), g, structure.Options{})
	require.NoError(t, err)
	small, err := csr.Build(t.Context(), csr.Columns{}, csr.Options{Nodes: 2})
	require.NoError(t, err)
	_, err = structure.Update(t.Context(), before, small, csr.Change{})
	require.ErrorIs(t, err, csr.ErrSize)
}

func TestUpdateIsCancelled(t *testing.T) {
	const n = 200_000
	c := csr.Columns{From: make([]uint32, n-1), To: make([]uint32, n-1)}
	for i := range c.From {
		c.From[i], c.To[i] = uint32(i), uint32(i+1)
	}
	g, err := csr.Build(t.Context(), c, csr.Options{Nodes: n})
	require.NoError(t, err)
	before, err := structure.Weak(t.Context(), g, structure.Options{})
	require.NoError(t, err)
	change := csr.Change{Remove: csr.Columns{From: []uint32{n / 2}, To: []uint32{n/2 + 1}}}
	after, _, err := g.Patch(t.Context(), change, 1)
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = structure.Update(ctx, before, after, change)
	require.ErrorIs(t, err, context.Canceled)
	now, err := structure.Update(t.Context(), before, after, change)
	require.NoError(t, err)
	require.Equal(t, []uint32{0, n/2 + 1}, now.First)
}

func BenchmarkUpdate(b *testing.B) {
	const n = 1_000_000
	g, err := csr.Build(b.Context(), csrtest.Planted(n, 30, 8, 2, 4), csr.Options{Nodes: n})
	require.NoError(b, err)
	had, change := g.Columns(), csr.Change{}
	for i := 0; i < g.Size(); i += 1000 {
		change.Remove.From, change.Remove.To = append(change.Remove.From, had.From[i]), append(change.Remove.To, had.To[i])
	}
	after, _, err := g.Patch(b.Context(), change, 0)
	require.NoError(b, err)
	before, err := structure.Weak(b.Context(), g, structure.Options{})
	require.NoError(b, err)
	b.Run("update", func(b *testing.B) {
		for b.Loop() {
			_, err := structure.Update(b.Context(), before, after, change)
			require.NoError(b, err)
		}
	})
	b.Run("anew", func(b *testing.B) {
		for b.Loop() {
			_, err := structure.Weak(b.Context(), after, structure.Options{})
			require.NoError(b, err)
		}
	})
}

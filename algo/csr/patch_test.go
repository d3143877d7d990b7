package csr_test

import (
	"bytes"
	"context"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"rummage/algo/csr"
	"rummage/algo/csr/csrtest"
)

// place names an edge.
type place struct {
	from, to uint32
	kind     uint8
}

func placeOf(c *csr.Columns, i int, directed bool) place {
	p := place{from: c.From[i], to: c.To[i]}
	if !directed && p.from > p.to {
		p.from, p.to = p.to, p.from
	}
	if c.Type != nil {
		p.kind = c.Type[i]
	}
	return p
}

// pick appends one edge of a list to another.
func pick(into, from *csr.Columns, i int) {
	into.From, into.To = append(into.From, from.From[i]), append(into.To, from.To[i])
	if from.Weight != nil {
		into.Weight = append(into.Weight, from.Weight[i])
	}
	if from.Type != nil {
		into.Type = append(into.Type, from.Type[i])
	}
	if from.Count != nil {
		into.Count = append(into.Count, from.Count[i])
	}
}

// empty returns no edges with the columns of others.
func empty(c *csr.Columns) csr.Columns {
	none := csr.Columns{From: []uint32{}, To: []uint32{}}
	if c.Weight != nil {
		none.Weight = []float64{}
	}
	if c.Type != nil {
		none.Type = []uint8{}
	}
	if c.Count != nil {
		none.Count = []uint32{}
	}
	return none
}

func TestAPatchedGraphIsTheOneBuiltOfItsEdges(t *testing.T) {
	for range 10 {
		rapid.Check(t, func(t *rapid.T) {
			shape := csrtest.Shape{Directed: rapid.Bool().Draw(t, "directed"), Weighted: rapid.Bool().Draw(t, "weighted"), Typed: rapid.Bool().Draw(t, "typed"),
				Counted: rapid.Bool().Draw(t, "counted"), Loops: true, Parallel: rapid.SampledFrom([]csr.Parallel{csr.MergeParallel, csr.KeepParallel}).Draw(t, "parallel")}
			n, had := csrtest.Columns(t, shape)
			_, more := csrtest.Columns(t, shape)
			for _, c := range []*csr.Columns{&had, &more} {
				if shape.Typed && c.Type == nil {
					c.Type = []uint8{}
				}
				if shape.Counted && c.Count == nil {
					c.Count = []uint32{}
				}
			}
			opts := csr.Options{Nodes: n, Directed: shape.Directed, Parallel: shape.Parallel}
			g, err := csr.Build(context.Background(), had, opts)
			require.NoError(t, err)
			had = g.Columns()
			change := csr.Change{Put: empty(&more), Remove: empty(&had), Nodes: n + rapid.IntRange(0, 3).Draw(t, "new")}
			named := map[place]bool{}
			for i := range more.From {
				if p := placeOf(&more, i, shape.Directed); !named[p] && int(max(p.from, p.to)) < change.Nodes {
					named[p] = true
					pick(&change.Put, &more, i)
				}
			}
			for i := range had.From {
				if p := placeOf(&had, i, shape.Directed); !named[p] && rapid.IntRange(0, 3).Draw(t, "remove") == 0 {
					named[p] = true
					pick(&change.Remove, &had, i)
				}
			}
			left := change.Put
			for i := range had.From {
				if !named[placeOf(&had, i, shape.Directed)] {
					pick(&left, &had, i)
				}
			}
			opts.Nodes, opts.Parallel = change.Nodes, csr.KeepParallel
			want, err := csr.Build(context.Background(), left, opts)
			require.NoError(t, err)
			got, touched, err := g.Patch(context.Background(), change, rapid.IntRange(1, 3).Draw(t, "threads"))
			require.NoError(t, err)
			require.Equal(t, want.Columns(), got.Columns())
			require.Equal(t, want.Size(), got.Size())
			require.Equal(t, want.Order(), got.Order())
			require.Equal(t, want.IsSimple(), got.IsSimple())
			require.Equal(t, bytesOf(t, want), bytesOf(t, got))
			ends := map[uint32]bool{}
			for p := range named {
				ends[p.from], ends[p.to] = true, true
			}
			require.Len(t, touched, len(ends))
			require.IsIncreasing(t, append([]int64{-1}, widened(touched)...))
		})
	}
}

func widened(nodes []uint32) (all []int64) {
	for _, u := range nodes {
		all = append(all, int64(u))
	}
	return all
}

func TestRefusedChanges(t *testing.T) {
	g, err := csr.Build(t.Context(), csr.Columns{From: []uint32{0, 1}, To: []uint32{1, 2}, Weight: []float64{1, 2}}, csr.Options{Nodes: 3})
	require.NoError(t, err)
	edge := func(u, v uint32, weights ...float64) csr.Columns {
		return csr.Columns{From: []uint32{u}, To: []uint32{v}, Weight: weights}
	}
	for name, c := range map[string]struct {
		change csr.Change
		want   error
	}{
		"fewer nodes":     {csr.Change{Nodes: 2}, csr.ErrSize},
		"no weight":       {csr.Change{Put: edge(0, 2)}, csr.ErrColumns},
		"types":           {csr.Change{Put: csr.Columns{From: []uint32{0}, To: []uint32{2}, Weight: []float64{1}, Type: []uint8{1}}}, csr.ErrColumns},
		"weight below 0":  {csr.Change{Put: edge(0, 2, -1)}, csr.ErrWeight},
		"unknown node":    {csr.Change{Put: edge(0, 3, 1)}, csr.ErrNode},
		"absent":          {csr.Change{Remove: edge(0, 2)}, csr.ErrAbsent},
		"absent new node": {csr.Change{Nodes: 5, Remove: edge(0, 4)}, csr.ErrAbsent},
		"put and remove":  {csr.Change{Put: edge(0, 1, 3), Remove: edge(1, 0)}, csr.ErrTwice},
		"put twice":       {csr.Change{Put: csr.Columns{From: []uint32{0, 2}, To: []uint32{2, 0}, Weight: []float64{1, 1}}}, csr.ErrTwice},
	} {
		_, _, err := g.Patch(t.Context(), c.change, 1)
		assert.ErrorIs(t, err, c.want, name)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, _, err = g.Patch(ctx, csr.Change{Put: edge(0, 2, 1)}, 2)
	require.ErrorIs(t, err, context.Canceled)
	same, touched, err := g.Patch(t.Context(), csr.Change{}, 2)
	require.NoError(t, err)
	assert.Empty(t, touched)
	assert.Equal(t, g.Columns(), same.Columns())
}

// FuzzPatch reads three bytes an edge: those with an odd first byte are put, the others removed where they are there.
func FuzzPatch(f *testing.F) {
	f.Add([]byte{0, 1, 8, 1, 2, 16, 3, 3, 0}, true)
	f.Fuzz(func(t *testing.T, data []byte, directed bool) {
		half := len(data) / 6 * 3
		read := func(data []byte) csr.Columns {
			c := csr.Columns{Weight: []float64{}} // a graph without edges has weights all the same
			for ; len(data) >= 3; data = data[3:] {
				c.From, c.To, c.Weight = append(c.From, uint32(data[0]/2%16)), append(c.To, uint32(data[1]%16)), append(c.Weight, float64(data[2]))
			}
			return c
		}
		g, err := csr.Build(t.Context(), read(data[:half]), csr.Options{Nodes: 16, Directed: directed})
		require.NoError(t, err)
		next, _, err := g.Patch(t.Context(), csr.Change{Put: read(data[half:])}, 2)
		if err != nil {
			require.ErrorIs(t, err, csr.ErrTwice)
			return
		}
		require.GreaterOrEqual(t, next.Size(), g.Size())
	})
}

func BenchmarkPatch(b *testing.B) {
	const n = 100_000
	c := csrtest.Planted(n, 30, 8, 2, 4)
	g, err := csr.Build(b.Context(), c, csr.Options{Nodes: n})
	require.NoError(b, err)
	had, change := g.Columns(), csr.Change{}
	for i := 0; i < g.Size(); i += 2000 {
		change.Remove.From, change.Remove.To = append(change.Remove.From, had.From[i]), append(change.Remove.To, had.To[i])
	}
	for i := 1000; i < g.Size(); i += 2000 {
		pick(&change.Put, &had, i)
	}
	for b.Loop() {
		if _, _, err := g.Patch(b.Context(), change, 0); err != nil {
			b.Fatal(err)
		}
	}
}

// bytesOf returns the snapshot of a graph, in which every column of it stands.
func bytesOf(t require.TestingT, g *csr.Graph) []byte {
	var b bytes.Buffer
	_, err := g.WriteTo(&b)
	require.NoError(t, err)
	return b.Bytes()
}

package csr_test

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
	"pgregory.net/rapid"

	"rummage/algo/csr"
	"rummage/algo/csr/csrtest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// entry is an arc as the plain model of a graph holds it.
type entry struct {
	to     uint32
	kind   uint8
	weight float64
	count  uint32
}

// model builds rows in the plainest way: lists of arcs, sorted, then merged.
func model(n int, c csr.Columns, opts csr.Options) (out, in [][]entry, size int) {
	out, in = make([][]entry, n), make([][]entry, n)
	for e := range c.From {
		u, v := c.From[e], c.To[e]
		if u == v && opts.Loops == csr.DropLoops {
			continue
		}
		a := entry{weight: 1}
		if c.Weight != nil {
			a.weight = c.Weight[e]
		}
		if c.Type != nil {
			a.kind = c.Type[e]
		}
		if c.Count != nil {
			a.count = c.Count[e]
		}
		a.to = v
		out[u] = append(out[u], a)
		a.to = u
		if opts.Directed {
			in[v] = append(in[v], a)
		} else if u != v {
			out[v] = append(out[v], a)
		}
	}
	arcs, loops := 0, 0
	for u := range n {
		out[u] = settle(out[u], opts.Parallel)
		in[u] = settle(in[u], opts.Parallel)
		arcs += len(out[u])
		for _, a := range out[u] {
			if a.to == uint32(u) {
				loops++
			}
		}
	}
	if opts.Directed {
		return out, in, arcs
	}
	return out, out, (arcs + loops) / 2
}

func settle(row []entry, parallel csr.Parallel) []entry {
	slices.SortFunc(row, func(a, b entry) int {
		return cmp.Or(cmp.Compare(a.to, b.to), cmp.Compare(a.kind, b.kind), cmp.Compare(a.weight, b.weight), cmp.Compare(a.count, b.count))
	})
	if parallel == csr.KeepParallel {
		return row
	}
	var merged []entry
	for _, a := range row {
		if n := len(merged); n > 0 && merged[n-1].to == a.to && merged[n-1].kind == a.kind {
			merged[n-1].weight += a.weight
			merged[n-1].count += a.count
			continue
		}
		merged = append(merged, a)
	}
	return merged
}

func assertRow(t require.TestingT, want []entry, to []uint32, weight []float64, kind []uint8, count []uint32) {
	require.Len(t, to, len(want))
	for i, a := range want {
		require.Equal(t, a.to, to[i])
		if weight != nil {
			require.Equal(t, math.Float64bits(a.weight), math.Float64bits(weight[i]))
		}
		if kind != nil {
			require.Equal(t, a.kind, kind[i])
		}
		if count != nil {
			require.Equal(t, a.count, count[i])
		}
	}
}

func drawOptions(t *rapid.T) csr.Options {
	return csr.Options{
		Directed: rapid.Bool().Draw(t, "directed"),
		Parallel: csr.Parallel(rapid.IntRange(0, 1).Draw(t, "parallel")),
		Loops:    csr.Loops(rapid.IntRange(0, 1).Draw(t, "loops")),
		Threads:  rapid.IntRange(1, 4).Draw(t, "threads"),
	}
}

func drawColumns(t *rapid.T) (int, csr.Columns) {
	return csrtest.Columns(t, csrtest.Shape{
		Loops:    true,
		Weighted: rapid.Bool().Draw(t, "weighted"),
		Typed:    rapid.Bool().Draw(t, "typed"),
		Counted:  rapid.Bool().Draw(t, "counted"),
	})
}

func TestBuildAgreesWithThePlainModel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n, c := drawColumns(t)
		opts := drawOptions(t)
		opts.Nodes = n
		g, err := csr.Build(context.Background(), c, opts)
		require.NoError(t, err)
		out, in, size := model(n, c, opts)
		require.Equal(t, n, g.Order())
		require.Equal(t, size, g.Size())
		require.Equal(t, c.Weight != nil, g.IsWeighted())
		require.Equal(t, c.Type != nil, g.IsTyped())
		require.Equal(t, c.Count != nil, g.IsCounted())
		simple := true
		for u := range uint32(n) {
			assertRow(t, out[u], g.Neighbours(u), g.Weights(u), g.Types(u), g.Counts(u))
			assertRow(t, in[u], g.InNeighbours(u), g.InWeights(u), g.InTypes(u), g.InCounts(u))
			require.Equal(t, len(out[u]), g.Degree(u))
			require.Equal(t, len(in[u]), g.InDegree(u))
			require.InDelta(t, total(out[u], g.IsWeighted()), g.Strength(u), 1e-9)
			require.InDelta(t, total(in[u], g.IsWeighted()), g.InStrength(u), 1e-9)
			simple = simple && len(slices.Compact(slices.Clone(g.Neighbours(u)))) == g.Degree(u)
		}
		require.Equal(t, simple, g.IsSimple())
	})
}

func total(row []entry, weighted bool) float64 {
	if !weighted {
		return float64(len(row))
	}
	var sum float64
	for _, a := range row {
		sum += a.weight
	}
	return sum
}

func TestBuildIgnoresTheOrderOfEdgesEndsAndThreads(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n, c := drawColumns(t)
		opts := drawOptions(t)
		opts.Nodes = n
		want, err := csr.Build(context.Background(), c, opts)
		require.NoError(t, err)
		var mixed csr.Columns
		for _, e := range csrtest.Permutation(t, len(c.From)) {
			u, v := c.From[e], c.To[e]
			if !opts.Directed && rapid.Bool().Draw(t, "turned") {
				u, v = v, u
			}
			mixed.From, mixed.To = append(mixed.From, u), append(mixed.To, v)
			if c.Weight != nil {
				mixed.Weight = append(mixed.Weight, c.Weight[e])
			}
			if c.Type != nil {
				mixed.Type = append(mixed.Type, c.Type[e])
			}
			if c.Count != nil {
				mixed.Count = append(mixed.Count, c.Count[e])
			}
		}
		if len(c.From) == 0 {
			mixed = c
		}
		opts.Threads = 5 - opts.Threads
		got, err := csr.Build(context.Background(), mixed, opts)
		require.NoError(t, err)
		require.Equal(t, snapshot(t, want), snapshot(t, got))
	})
}

func TestBuildOfManyEdgesUsesSeveralBuckets(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	const n, m = 5000, 40000
	var c csr.Columns
	for range m {
		c.From = append(c.From, random.Uint32N(n))
		c.To = append(c.To, random.Uint32N(n))
		c.Weight = append(c.Weight, random.Float64())
		c.Type = append(c.Type, uint8(random.Uint32N(3)))
		c.Count = append(c.Count, random.Uint32N(10))
	}
	var first []byte
	for _, opts := range []csr.Options{{Threads: 1}, {Threads: 3}, {Directed: true}, {Parallel: csr.KeepParallel, Threads: 2}} {
		opts.Nodes = n
		g, err := csr.Build(t.Context(), c, opts)
		require.NoError(t, err)
		out, in, size := model(n, c, opts)
		require.Equal(t, size, g.Size())
		for u := range uint32(n) {
			assertRow(t, out[u], g.Neighbours(u), g.Weights(u), g.Types(u), g.Counts(u))
			assertRow(t, in[u], g.InNeighbours(u), g.InWeights(u), g.InTypes(u), g.InCounts(u))
		}
		if opts.Directed || opts.Parallel == csr.KeepParallel {
			continue
		}
		if first == nil {
			first = snapshot(t, g)
		}
		assert.Equal(t, first, snapshot(t, g), "%+v", opts)
	}
}

func TestBuildRefuses(t *testing.T) {
	pair := func(u, v uint32) csr.Columns { return csr.Columns{From: []uint32{0, u}, To: []uint32{1, v}} }
	weighted := func(w float64) csr.Columns {
		c := pair(1, 2)
		c.Weight = []float64{1, w}
		return c
	}
	cases := map[string]struct {
		edges csr.Columns
		opts  csr.Options
		want  error
		text  string
	}{
		"an end out of range":      {pair(1, 3), csr.Options{Nodes: 3}, csr.ErrNode, "edge 1 from 1 to 3"},
		"a start out of range":     {pair(7, 1), csr.Options{Nodes: 3}, csr.ErrNode, "there are 3 nodes"},
		"an edge without nodes":    {pair(0, 0), csr.Options{}, csr.ErrNode, "there are 0 nodes"},
		"a negative order":         {pair(0, 0), csr.Options{Nodes: -1}, csr.ErrSize, "-1 nodes"},
		"too many nodes":           {pair(0, 0), csr.Options{Nodes: math.MaxInt}, csr.ErrSize, "at most 4294967295"},
		"a short column":           {csr.Columns{From: []uint32{0}, To: nil}, csr.Options{Nodes: 1}, csr.ErrColumns, "To has 0"},
		"a short column of weight": {csr.Columns{From: []uint32{0}, To: []uint32{0}, Weight: []float64{}}, csr.Options{Nodes: 1}, csr.ErrColumns, "Weight has 0"},
		"a short column of types":  {csr.Columns{From: []uint32{0}, To: []uint32{0}, Type: []uint8{}}, csr.Options{Nodes: 1}, csr.ErrColumns, "Type has 0"},
		"a short column of counts": {csr.Columns{From: []uint32{0}, To: []uint32{0}, Count: []uint32{}}, csr.Options{Nodes: 1}, csr.ErrColumns, "Count has 0"},
		"a weight that is NaN":     {weighted(math.NaN()), csr.Options{Nodes: 3}, csr.ErrWeight, "NaN"},
		"a negative weight":        {weighted(-1), csr.Options{Nodes: 3}, csr.ErrWeight, "edge 1 from 1 to 2"},
		"an infinite weight":       {weighted(math.Inf(1)), csr.Options{Nodes: 3}, csr.ErrWeight, "+Inf"},
		"a weight too small":       {weighted(1e-200), csr.Options{Nodes: 3}, csr.ErrWeight, "1e-200"},
		"a self-loop":              {pair(2, 2), csr.Options{Nodes: 3, Loops: csr.RefuseLoops}, csr.ErrLoop, "node 2"},
		"counts that overflow": {csr.Columns{From: []uint32{0, 1}, To: []uint32{1, 0}, Count: []uint32{math.MaxUint32, 1}},
			csr.Options{Nodes: 2}, csr.ErrCount, "4294967296 together"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			g, err := csr.Build(t.Context(), c.edges, c.opts)
			require.ErrorIs(t, err, c.want)
			assert.ErrorContains(t, err, "csr: build: ")
			assert.ErrorContains(t, err, c.text)
			assert.Nil(t, g)
		})
	}
}

func TestBuildTakesNegativeZeroAsZero(t *testing.T) {
	g, err := csr.Build(t.Context(), csr.Columns{From: []uint32{0}, To: []uint32{1}, Weight: []float64{math.Copysign(0, -1)}}, csr.Options{Nodes: 2})
	require.NoError(t, err)
	assert.False(t, math.Signbit(g.Weights(0)[0]))
}

// At rest an undirected edge takes 8 bytes and a typed one with counts at most 20, both directions together; so does a directed one.
func TestAnEdgeTakesFewBytes(t *testing.T) {
	plain := csrtest.RMAT{Scale: 10, Seed: 1}.Draw()
	typed := csr.Columns{From: plain.From, To: plain.To, Type: make([]uint8, len(plain.From)), Count: make([]uint32, len(plain.From))}
	for _, directed := range []bool{false, true} {
		for edges, want := range map[*csr.Columns]int{&plain: 8, &typed: 18} {
			g, err := csr.Build(t.Context(), *edges, csr.Options{Nodes: 1 << 10, Directed: directed})
			require.NoError(t, err)
			offsets := 8 * (g.Order() + 1)
			if directed {
				offsets *= 2
			}
			assert.Equal(t, want*g.Size()+offsets, g.Bytes())
		}
	}
}

func TestBuildOfNothing(t *testing.T) {
	g, err := csr.Build(t.Context(), csr.Columns{}, csr.Options{})
	require.NoError(t, err)
	assert.Zero(t, g.Order())
	assert.Zero(t, g.Size())
	assert.Zero(t, g.Arcs())
	assert.True(t, g.IsSimple())
	assert.Equal(t, []uint32{0}, g.Blocks(10))
}

func TestBuildStopsWhenCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := csr.Build(ctx, csrtest.Planted(1000, 10, 5, 2, 1), csr.Options{Nodes: 1000})
	require.ErrorIs(t, err, context.Canceled)
}

func TestBlocksCoverEveryNodeOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := csrtest.Draw(t, csrtest.Shape{Directed: rapid.Bool().Draw(t, "directed")})
		blocks := g.Blocks(rapid.IntRange(-1, 40).Draw(t, "arcs"))
		require.Equal(t, uint32(0), blocks[0])
		require.Equal(t, uint32(g.Order()), blocks[len(blocks)-1])
		for i := 1; i < len(blocks); i++ {
			require.Less(t, blocks[i-1], blocks[i])
		}
	})
}

// FuzzBuild reads an edge of four bytes: its ends, a weight, and a type and count. Whatever comes, Build answers with a sound graph or an
// error, and Collect with the same.
func FuzzBuild(f *testing.F) {
	f.Add(uint8(4), uint8(0), []byte{0, 1, 8, 0, 1, 2, 16, 1, 3, 3, 0, 0})
	f.Add(uint8(0), uint8(7), []byte{9, 9, 9, 9})
	f.Add(uint8(200), uint8(0x50), bytes.Repeat([]byte{7, 9, 3, 5, 8, 7, 4, 0x2c, 9, 7, 2, 6}, 700))
	f.Fuzz(func(t *testing.T, nodes, flags uint8, data []byte) {
		var c csr.Columns
		for ; len(data) >= 4; data = data[4:] {
			c.From, c.To = append(c.From, uint32(data[0])), append(c.To, uint32(data[1]))
			c.Weight = append(c.Weight, float64(int8(data[2]))/8)
			c.Type, c.Count = append(c.Type, data[3]&7), append(c.Count, uint32(data[3]>>3)<<27)
		}
		opts := csr.Options{
			Nodes: int(nodes), Directed: flags&1 != 0, Parallel: csr.Parallel(flags >> 1 & 1), Loops: csr.Loops(flags >> 2 % 3), Threads: 2,
		}
		if flags&0x10 != 0 {
			c.Weight = nil
		}
		if flags&0x20 != 0 {
			c.Type = nil
		}
		if flags&0x40 != 0 {
			c.Count = nil
		}
		g, err := csr.Build(t.Context(), c, opts)
		cut := len(c.From) * int(flags>>4) / 16
		collected, same := csr.Collect(t.Context(), batches(c, cut, cut), opts)
		if err != nil {
			require.Equal(t, errors.Unwrap(errors.Unwrap(err)), errors.Unwrap(errors.Unwrap(same)))
			return
		}
		require.NoError(t, same)
		file := snapshot(t, g)
		require.Equal(t, file, snapshot(t, collected))
		_, err = csr.Read(bytes.NewReader(file)) // which checks every row
		require.NoError(t, err)
		again, err := csr.Build(t.Context(), g.Columns(), csr.Options{Nodes: int(nodes), Directed: opts.Directed, Parallel: csr.KeepParallel})
		require.NoError(t, err)
		require.Equal(t, file, snapshot(t, again))
	})
}

package csr_test

import (
	"context"
	"errors"
	"iter"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"rummage/algo/csr"
	"rummage/algo/csr/csrtest"
)

// slice returns the edges from lo to hi.
func slice(c csr.Columns, lo, hi int) csr.Columns {
	part := csr.Columns{From: c.From[lo:hi], To: c.To[lo:hi]}
	if c.Weight != nil {
		part.Weight = c.Weight[lo:hi]
	}
	if c.Type != nil {
		part.Type = c.Type[lo:hi]
	}
	if c.Count != nil {
		part.Count = c.Count[lo:hi]
	}
	return part
}

// batches cuts a list of edges at the given places.
func batches(c csr.Columns, cuts ...int) iter.Seq2[csr.Columns, error] {
	return func(yield func(csr.Columns, error) bool) {
		lo := 0
		for _, hi := range append(cuts, len(c.From)) {
			if !yield(slice(c, lo, hi), nil) {
				return
			}
			lo = hi
		}
	}
}

func TestCollectAgreesWithBuild(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n, c := drawColumns(t)
		opts := drawOptions(t)
		opts.Nodes = n
		want, err := csr.Build(context.Background(), c, opts)
		require.NoError(t, err)
		first := rapid.IntRange(0, len(c.From)).Draw(t, "first")
		second := rapid.IntRange(first, len(c.From)).Draw(t, "second")
		got, err := csr.Collect(context.Background(), batches(c, first, second), opts)
		require.NoError(t, err)
		require.Equal(t, snapshot(t, want), snapshot(t, got))
	})
}

// A maker of batches may write the next one where the last one was.
func TestCollectOfManyEdgesFromOneBuffer(t *testing.T) {
	c := csrtest.RMAT{Scale: 12, Factor: 20, Seed: 1, Weighted: true}.Draw()
	for _, opts := range []csr.Options{{}, {Directed: true, Threads: 3}, {Parallel: csr.KeepParallel, Threads: 1}} {
		opts.Nodes = 1 << 12
		want, err := csr.Build(t.Context(), c, opts)
		require.NoError(t, err)
		const length = 40_000
		buffer := csr.Columns{From: make([]uint32, length), To: make([]uint32, length), Weight: make([]float64, length)}
		got, err := csr.Collect(t.Context(), func(yield func(csr.Columns, error) bool) {
			for lo := 0; lo < len(c.From); lo += length {
				n := copy(buffer.From, c.From[lo:])
				copy(buffer.To, c.To[lo:])
				copy(buffer.Weight, c.Weight[lo:])
				if !yield(slice(buffer, 0, n), nil) {
					return
				}
				clear(buffer.From)
				clear(buffer.Weight)
			}
		}, opts)
		require.NoError(t, err)
		require.Equal(t, snapshot(t, want), snapshot(t, got))
	}
}

func TestCollectOfNothing(t *testing.T) {
	for name, none := range map[string]iter.Seq2[csr.Columns, error]{
		"no batch":      func(func(csr.Columns, error) bool) {},
		"empty batches": batches(csr.Columns{From: []uint32{}, To: []uint32{}, Weight: []float64{}}, 0, 0),
	} {
		t.Run(name, func(t *testing.T) {
			g, err := csr.Collect(t.Context(), none, csr.Options{Nodes: 3})
			require.NoError(t, err)
			assert.Equal(t, 3, g.Order())
			assert.Zero(t, g.Size())
			assert.Equal(t, name == "empty batches", g.IsWeighted())
		})
	}
}

func TestCollectRefuses(t *testing.T) {
	gone := errors.New("the line is dead")
	pair := csr.Columns{From: []uint32{0, 1}, To: []uint32{1, 2}}
	far := csr.Columns{From: []uint32{1, 5}, To: []uint32{2, 1}}
	cases := map[string]struct {
		batches []csr.Columns
		fault   error
		want    error
		text    string
	}{
		"an end out of range":    {[]csr.Columns{pair, far}, nil, csr.ErrNode, "batch 1: edge 3 from 5 to 1"},
		"columns that come new":  {[]csr.Columns{pair, {From: []uint32{0}, To: []uint32{1}, Weight: []float64{1}}}, nil, csr.ErrColumns, "batch 1"},
		"columns that are short": {[]csr.Columns{{From: []uint32{0}}}, nil, csr.ErrColumns, "batch 0"},
		"counts that overflow": {[]csr.Columns{{From: []uint32{0, 1}, To: []uint32{1, 0}, Count: []uint32{math.MaxUint32, 1}}}, nil,
			csr.ErrCount, "edges from 0 to 1"},
		"an error of the maker": {[]csr.Columns{pair}, gone, gone, "batch 1"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			asked := 0
			g, err := csr.Collect(t.Context(), func(yield func(csr.Columns, error) bool) {
				for _, b := range c.batches {
					asked++
					if !yield(b, nil) {
						return
					}
				}
				if c.fault != nil {
					yield(csr.Columns{}, c.fault)
				}
			}, csr.Options{Nodes: 3})
			require.ErrorIs(t, err, c.want)
			assert.ErrorContains(t, err, "csr: collect: ")
			assert.ErrorContains(t, err, c.text)
			assert.Nil(t, g)
			assert.Equal(t, len(c.batches), asked)
		})
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := csr.Collect(ctx, batches(pair), csr.Options{Nodes: 3})
	require.ErrorIs(t, err, context.Canceled)
}

// Of many faulty edges the first is named, whichever thread sees its own first.
func TestTheFirstFaultIsNamed(t *testing.T) {
	c := csrtest.RMAT{Scale: 10, Factor: 300, Seed: 1}.Draw()
	for e := 99_999; e < len(c.From); e += 7 {
		c.From[e] = 1 << 10
	}
	for range 10 {
		_, err := csr.Build(t.Context(), c, csr.Options{Nodes: 1 << 10, Threads: 4})
		require.ErrorContains(t, err, "csr: build: edge 99999 from 1024")
	}
}

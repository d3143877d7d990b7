package csr

import (
	"context"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// Words that hold key and number together do not do for rows and columns of 32 bits each. That takes more nodes than a test can have,
// so the plan is made too wide.
func TestSettleWithKeysTooWideForAWord(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 1))
	var c Columns
	for range 3000 {
		c.From, c.To = append(c.From, random.Uint32N(50)), append(c.To, random.Uint32N(50))
		c.Weight, c.Type, c.Count = append(c.Weight, random.Float64()+1), append(c.Type, uint8(random.Uint32N(3))), append(c.Count, random.Uint32N(9))
	}
	for _, opts := range []Options{{Nodes: 50}, {Nodes: 50, Directed: true, Parallel: KeepParallel}} {
		want, err := Build(t.Context(), c, opts)
		require.NoError(t, err)
		a := &assembly{plan: newPlan(opts, c.shape(), len(c.From))}
		a.shift, a.toBits, a.buckets = 32, 32, 1
		require.NoError(t, a.take(t.Context(), &c, 0))
		got, err := a.graph(t.Context())
		require.NoError(t, err)
		require.Equal(t, want.out, got.out)
		require.Equal(t, want.in, got.in)
	}
}

func TestRadixSort(t *testing.T) {
	d := new(digits)
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.OneOf(rapid.IntRange(0, 2*fewWords), rapid.IntRange(1<<13, 1<<15)).Draw(t, "words")
		width := rapid.IntRange(1, 64).Draw(t, "width")
		low := rapid.IntRange(0, 64-width).Draw(t, "low")
		random := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		words := make([]uint64, n)
		for i := range words {
			words[i] = random.Uint64() >> (64 - width) << low
		}
		want := slices.Sorted(slices.Values(words))
		got, spare := d.sort(context.Background(), words, make([]uint64, n), low, width)
		require.Equal(t, want, append([]uint64(nil), got...))
		require.Len(t, spare, n)
	})
}

// A star is one row that holds everything: it must be cut short like any other work.
func TestSortStopsInTheMiddle(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	words := []uint64{}
	for i := range uint64(1000) {
		words = append(words, 1000-i)
	}
	before := slices.Clone(words)
	_, spare := new(digits).sort(ctx, words, make([]uint64, 1000), 0, 5)
	require.Equal(t, before, spare, "nothing was moved")
}

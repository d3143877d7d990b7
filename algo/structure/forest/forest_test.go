package forest_test

import (
	"context"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"rummage/algo/csr/crew"
	"rummage/algo/structure/forest"
)

// relabel unites two numbers in the plainest way.
func relabel(labels []int, u, v int) {
	low, high := min(labels[u], labels[v]), max(labels[u], labels[v])
	for i, label := range labels {
		if label == high {
			labels[i] = low
		}
	}
}

func TestSetsAreNamedByTheirSmallest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 40).Draw(t, "numbers")
		f, labels := forest.New(n), make([]int, n)
		for i := range labels {
			labels[i] = i
		}
		number := rapid.IntRange(0, n-1)
		for range rapid.IntRange(0, 60).Draw(t, "unions") {
			u, v := number.Draw(t, "one"), number.Draw(t, "other")
			first, second := labels[u], labels[v]
			root, gone := f.Unite(uint32(u), uint32(v))
			relabel(labels, u, v)
			require.Equal(t, min(first, second), int(root))
			require.Equal(t, max(first, second), int(gone))
			probe := number.Draw(t, "probe")
			require.Equal(t, labels[probe], int(f.Root(uint32(probe))))
		}
		for u := range labels {
			require.Equal(t, labels[u], int(f.Root(uint32(u))))
			require.LessOrEqual(t, int(f[u]), u)
		}
	})
}

func TestLongPathsAreShortened(t *testing.T) {
	const n = 1 << 16
	f := forest.New(n)
	for u := range n - 1 {
		f[u+1] = uint32(u)
	}
	longest := func() (steps int) {
		for u := uint32(n - 1); f[u] != u; u = f[u] {
			steps++
		}
		return steps
	}
	require.Equal(t, n-1, longest())
	for range 12 {
		require.Zero(t, f.Root(n-1))
	}
	assert.Less(t, longest(), 4)
}

func TestNoLinkIsLostAmongThreads(t *testing.T) {
	const n = 1 << 14
	for _, threads := range []int{1, 2, 8} {
		f := forest.New(n)
		gone := make([]bool, n)
		err := crew.Run(context.Background(), threads, n/64, func(_, piece int) {
			for u := piece * 64; u < (piece+1)*64; u++ {
				// Two steps of 7919 and 2: odd numbers and even ones are joined, every other multiple of them is left out.
				for _, v := range []int{(u + 2) % n, (u + 7918) % n} {
					if root, lost := f.Unite(uint32(u), uint32(v)); root != lost {
						gone[lost] = true
					}
				}
			}
		})
		require.NoError(t, err)
		for u := range uint32(n) {
			require.Equal(t, u%2, f.Root(u))
		}
		assert.Equal(t, []int{0, 1}, slices.Collect(func(yield func(int) bool) {
			for u, is := range gone {
				if !is && !yield(u) {
					return
				}
			}
		}), "each of the others was lost to another once")
	}
}

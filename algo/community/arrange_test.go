package community

import (
	"cmp"
	"context"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestArrangeIsAStableSort(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 1))
	type pair struct{ key, place int }
	byKey := func(a, b pair) int { return cmp.Compare(a.key, b.key) }
	for _, n := range []int{0, 1, 2, 8192, 8193, 50_000} {
		list := make([]pair, n)
		for i := range list {
			list[i] = pair{random.IntN(1000), i}
		}
		want := slices.Clone(list)
		slices.SortStableFunc(want, byKey)
		for _, threads := range []int{1, 3} {
			got, err := arrange(t.Context(), threads, slices.Clone(list), byKey)
			require.NoError(t, err)
			require.Equal(t, want, got)
		}
		cancelled, cancel := context.WithCancel(t.Context())
		cancel()
		_, err := arrange(cancelled, 2, list, byKey)
		require.ErrorIs(t, err, context.Canceled)
	}
}

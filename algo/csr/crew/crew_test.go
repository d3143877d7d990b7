package crew_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"rummage/algo/csr/crew"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestRunDoesEveryPieceOnce(t *testing.T) {
	for _, threads := range []int{-1, 0, 1, 2, 7, 1000} {
		done := make([]atomic.Int32, 100)
		size := crew.Size(threads, len(done))
		err := crew.Run(t.Context(), threads, len(done), func(worker, piece int) {
			assert.Less(t, worker, size)
			done[piece].Add(1)
		})
		require.NoError(t, err)
		for piece := range done {
			assert.EqualValues(t, 1, done[piece].Load(), "piece %d on %d threads", piece, threads)
		}
	}
}

func TestRunWithNothingToDo(t *testing.T) {
	err := crew.Run(t.Context(), 4, 0, func(int, int) { t.Error("there is no piece") })
	require.NoError(t, err)
	assert.Equal(t, 1, crew.Size(4, 0))
}

func TestRunStopsWhenCancelled(t *testing.T) {
	for _, threads := range []int{1, 3} {
		ctx, cancel := context.WithCancel(t.Context())
		var done, late atomic.Int32
		var cancelled atomic.Bool
		err := crew.Run(ctx, threads, 1000, func(int, int) {
			if cancelled.Load() {
				late.Add(1)
			}
			if done.Add(1) == 10 {
				cancel()
				cancelled.Store(true)
			}
		})
		require.ErrorIs(t, err, context.Canceled)
		assert.Less(t, late.Load(), int32(threads), "each other worker may have looked at the context just before")
	}
}

func TestRunReportsACauseThatCameLate(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	err := crew.Run(ctx, 1, 1, func(int, int) { cancel() })
	assert.True(t, errors.Is(err, context.Canceled))
}

func TestCut(t *testing.T) {
	cases := map[string]struct {
		total, size int
		want        []int
	}{
		"nothing":             {0, 4, []int{0}},
		"one piece":           {3, 4, []int{0, 3}},
		"even":                {8, 4, []int{0, 4, 8}},
		"a shorter last":      {9, 4, []int{0, 4, 8, 9}},
		"a size that is zero": {2, 0, []int{0, 1, 2}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) { assert.Equal(t, c.want, crew.Cut(c.total, c.size)) })
	}
}

func TestTallyTellsOfEveryStepOnce(t *testing.T) {
	said := []int{} // told by one goroutine at a time, so that no lock is needed
	tally := crew.NewTally(100, func(done, total int) {
		assert.Equal(t, 100, total)
		said = append(said, done)
	})
	require.NoError(t, crew.Run(t.Context(), 8, 50, func(_, _ int) { tally.Add(2) }))
	require.Len(t, said, 50)
	require.IsIncreasing(t, said)
	require.Equal(t, 100, said[49])
	tally = crew.NewTally(1, func(done, total int) { said = []int{done, total} })
	tally.Extend(2)
	tally.Add(1)
	require.Equal(t, []int{1, 3}, said)
	crew.NewTally(1, nil).Add(1)
}

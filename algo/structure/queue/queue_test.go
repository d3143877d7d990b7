package queue_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"rummage/algo/structure/queue"
)

type number int

func (n number) Before(other number) bool { return n < other }

func TestTheFirstInOrderComesOut(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var q queue.Queue[number]
		var waiting []number
		for range rapid.IntRange(0, 200).Draw(t, "steps") {
			if len(waiting) > 0 && rapid.IntRange(0, 2).Draw(t, "pop") == 0 {
				least := slices.Min(waiting)
				require.Equal(t, least, q.Pop())
				at := slices.Index(waiting, least)
				waiting = slices.Delete(waiting, at, at+1)
				continue
			}
			x := number(rapid.IntRange(0, 20).Draw(t, "number"))
			q.Push(x)
			waiting = append(waiting, x)
		}
		slices.Sort(waiting)
		for _, x := range waiting {
			require.Equal(t, x, q.Pop())
		}
		require.Empty(t, q)
	})
}

func TestAnEmptyQueueHasNoFirst(t *testing.T) {
	var q queue.Queue[number]
	assert.Panics(t, func() { q.Pop() })
}

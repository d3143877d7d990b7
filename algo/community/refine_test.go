package community

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestStrideComesByEveryone(t *testing.T) {
	for k := uint32(2); k < 300; k++ {
		for draw := range uint64(20) {
			at, step := stride(k, mix(draw, uint64(k)))
			require.Less(t, at, k)
			require.Less(t, step, k)
			seen := make([]bool, k)
			for range k {
				require.False(t, seen[at], "step %d among %d", step, k)
				seen[at] = true
				at = (at + step) % k
			}
		}
	}
}

func TestACalmNodeIsDueOnceEnoughHasMoved(t *testing.T) {
	m := &moves{labels: []uint32{0, 1, 2}, sweep: sweep{calm: make([]int64, 3), tick: 0.5}}
	m.calm[0] = m.rest(choice{to: 0, slack: 4}, 0)
	require.EqualValues(t, 8, m.calm[0])
	require.False(t, m.disturb(0, 1, 1), "a tick more than its weight")
	require.False(t, m.disturb(0, 1, 1))
	require.True(t, m.disturb(0, 0, 1), "what leaves its own community counts twice")
	require.Zero(t, m.rest(choice{to: 1, slack: 4}, 0), "it has moved")
	require.Zero(t, m.rest(choice{to: 0}, 0), "another place is as good")
	m.calm[1] = m.rest(choice{to: 1, slack: 1e300}, 1)
	require.True(t, m.disturb(1, 0, 1e300), "no number is too large")
}

package finding

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestSupposedInspectionsAreThoseThatWouldBe inspects what is supposed to be, and tests the same group in the trade that comes of it.
func TestSupposedInspectionsAreThoseThatWouldBe(t *testing.T) {
	trade := ringTrade()
	c := &trade.Consignments
	last := c.Len()
	for range 3 {
		c.Key = append(c.Key, mix(uint64(len(c.Key))))
		c.Importer, c.Exporter = append(c.Importer, 4), append(c.Exporter, 401)
		c.Inspected, c.Hit = append(c.Inspected, false), append(c.Hit, false)
	}
	trial := NewTrial(drawn(t, trade))
	f := found(t, trial)
	ring := &f.List[0]
	require.Contains(t, ring.Members, uint32(4))
	all, err := f.Suppose(trial, ring)
	require.NoError(t, err)
	require.Len(t, all, 1, "importer 4 was inspected, and hit, and is the only one with more to inspect")
	s := all[0]
	assert.Equal(t, []uint32{4, 401}, []uint32{s.Importer, s.Exporter})
	assert.Equal(t, 3, s.Consignments)
	assert.Equal(t, []int{ring.Inspected + 1, ring.Hits + 1}, []int{s.Hit.Inspected, s.Hit.Hits})
	assert.Equal(t, []int{ring.Inspected + 1, ring.Hits}, []int{s.Clear.Inspected, s.Clear.Hits})
	assert.Less(t, s.Hit.P, s.Clear.P)
	for _, hit := range []bool{true, false} {
		first := last
		for i := last; i < c.Len(); i++ {
			if c.Key[i] < c.Key[first] {
				first = i
			}
		}
		other := *trade
		other.Consignments.Inspected, other.Consignments.Hit = slices.Clone(c.Inspected), slices.Clone(c.Hit)
		other.Consignments.Inspected[first], other.Consignments.Hit[first] = true, hit
		really := NewTrial(drawn(t, &other)).retest(ring, ring.Members, nil)
		want := s.Clear
		if hit {
			want = s.Hit
		}
		assert.InDelta(t, really.P, want.P, 1e-15)
		assert.InDelta(t, really.PImporters, want.PImporters, 1e-15)
	}
}

// TestATradeWithoutTies leaves out what is named, and nothing else.
func TestATradeWithoutTies(t *testing.T) {
	trade := ringTrade()
	left := trade.Without(Levers{{Pair: Pair{0, 400}, Identifier: None}, {Identifier: 800}}, []uint32{0, 1, 2})
	require.NoError(t, left.Check())
	gone := 0
	for i := range trade.Consignments.Len() {
		if trade.Consignments.Importer[i] == 0 && trade.Consignments.Exporter[i] == 400 {
			gone++
		}
	}
	assert.Equal(t, 2, gone)
	assert.Equal(t, trade.Consignments.Len()-gone, left.Consignments.Len())
	assert.Equal(t, []Tie{{3, 800}, {4, 800}}, left.Identifiers)
}

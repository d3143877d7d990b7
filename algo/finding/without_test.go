package finding

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestWithoutNothingIsTheFindingItself(t *testing.T) {
	trial := NewTrial(drawn(t, ringTrade()))
	f := found(t, trial)
	for i := range f.List {
		got, err := f.Without(trial, &f.List[i])
		require.NoError(t, err)
		want := f.List[i]
		want.Also = got.Also
		assert.Equal(t, want, got.Finding)
		assert.True(t, got.Flagged)
	}
}

func TestWithoutTheSharedAddress(t *testing.T) {
	trial := NewTrial(drawn(t, ringTrade()))
	f := found(t, trial)
	ring := &f.List[0]
	levers := trial.Levers(ring.Members)
	require.Len(t, levers, 11, "ten trade pairs and the address")
	last := levers[10]
	require.Equal(t, uint32(800), last.Identifier)
	assert.Equal(t, []uint32{0, 1, 2, 3, 4}, trial.UsersAmong(800, ring.Members))
	assert.Equal(t, []uint32{2}, trial.UsersAmong(800, []uint32{2, 400}))
	got, err := f.Without(trial, ring, last)
	require.NoError(t, err)
	assert.Equal(t, ring.Members, got.Members, "trade alone holds it together")
	assert.Equal(t, 4, got.Loops)
	assert.Equal(t, ring.Hits, got.Hits)

	got, err = f.Without(trial, ring, levers[0])
	require.NoError(t, err)
	assert.Equal(t, Pair{0, 400}, levers[0].Pair)
	assert.Equal(t, []int{13, 9}, []int{got.Inspected, got.Hits}, "importer 0 bought twice from 400, hit once")
	assert.Equal(t, 7, got.Loops)
	assert.Greater(t, got.P, ring.P)
}

// TestWithoutBreaksAChain takes the one tie that holds two halves together.
func TestWithoutBreaksAChain(t *testing.T) {
	trade := ringTrade()
	trial := NewTrial(drawn(t, trade))
	f := found(t, trial)
	chain := &Finding{Group: Group{Members: []uint32{0, 1, 400, 401}}, Grade: GradeB}
	lever := Lever{Identifier: 800}
	got, err := f.Without(trial, chain, lever)
	require.NoError(t, err)
	assert.Equal(t, []uint32{0, 1, 400, 401}, got.Members)

	alone := &Finding{Group: Group{Members: []uint32{0, 1, 2}}, Grade: GradeA}
	got, err = f.Without(trial, alone, lever)
	require.NoError(t, err)
	assert.Empty(t, got.Members, "only the address held them")
	assert.Equal(t, [2]float64{1, 1}, got.Q)
	assert.False(t, got.Flagged)
}

func TestPartsAreConnected(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		trade := drawTrade(t)
		c := drawn(t, trade)
		members := rapid.SliceOfNDistinct(rapid.Uint32Range(0, 13), 1, 14, rapid.ID).Draw(t, "members")
		slices.Sort(members)
		for _, lever := range append(NewTrial(c).Levers(members), Lever{Pair: Pair{A: None, B: None}, Identifier: None}) {
			parts := c.circle.parts(members, Levers{lever})
			all, ties := []uint32(nil), 0
			for _, part := range parts {
				all = append(all, part...)
				require.Len(t, c.circle.parts(part, Levers{lever}), 1, "a part does not fall apart again")
				for _, p := range c.circle.dealsInside(part) {
					ties += 1 - int(bit((Levers{lever}).pair(p.A, p.B)))
				}
			}
			require.ElementsMatch(t, members, all)
			whole := 0
			for _, p := range c.circle.dealsInside(members) {
				whole += 1 - int(bit((Levers{lever}).pair(p.A, p.B)))
			}
			require.Equal(t, whole, ties, "no trade pair runs between parts")
		}
	})
}

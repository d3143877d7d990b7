package finding

import (
	"context"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestCandidatesDoNotLookAtOutcomes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		trade := drawTrade(t)
		blind := *trade
		n := trade.Consignments.Len()
		blind.Consignments.Inspected, blind.Consignments.Hit = make([]bool, n), make([]bool, n)
		blind.Listed = nil
		require.Equal(t, drawn(t, trade).Groups, drawn(t, &blind).Groups)
	})
}

func TestCandidatesDoNotDependOnTheOrderOfRows(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		trade := drawTrade(t)
		require.Equal(t, drawn(t, trade).Groups, drawn(t, trade.turned()).Groups)
	})
}

// tied says whether two traders of a group deal with each other or share a rare identifier.
func (t *Trade) tied(a, b uint32, users map[uint32]map[uint32]bool) bool {
	for i := range t.Consignments.Key {
		x, y := t.Consignments.Importer[i], t.Consignments.Exporter[i]
		if (x == a && y == b) || (x == b && y == a) {
			return true
		}
	}
	for _, p := range t.Pairs {
		if p == (Pair{a, b}) || p == (Pair{b, a}) {
			return true
		}
	}
	for _, who := range users {
		if len(who) <= 25 && who[a] && who[b] {
			return true
		}
	}
	return false
}

func (t *Trade) users() map[uint32]map[uint32]bool {
	users := map[uint32]map[uint32]bool{}
	for _, tie := range t.Identifiers {
		if users[tie.Identifier] == nil {
			users[tie.Identifier] = map[uint32]bool{}
		}
		users[tie.Identifier][tie.Party] = true
	}
	return users
}

func TestCandidatesByDefinition(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		trade := drawTrade(t)
		users := trade.users()
		groups := drawn(t, trade).Groups
		for i, g := range groups {
			require.True(t, len(g.Members) >= 3 && len(g.Members) <= 25)
			require.True(t, slices.IsSorted(g.Members))
			if i > 0 {
				require.Negative(t, slices.Compare(groups[i-1].Members, g.Members), "ordered, each set once")
			}
			ties := 0
			for k, a := range g.Members {
				require.False(t, trade.Service[a], "service parties join no group")
				for _, b := range g.Members[k+1:] {
					if trade.tied(a, b, nil) {
						ties++
					}
				}
			}
			for _, who := range users {
				inside := 0
				for _, m := range g.Members {
					if who[m] {
						inside++
					}
				}
				ties += max(inside-1, 0)
			}
			require.Equal(t, max(0, ties-len(g.Members)+1), g.Loops, "loops")
			requireConnected(t, trade, g.Members, users)
		}
		requireStars(t, trade, groups)
	})
}

func requireConnected(t *rapid.T, trade *Trade, members []uint32, users map[uint32]map[uint32]bool) {
	reached := []uint32{members[0]}
	for i := 0; i < len(reached); i++ {
		for _, m := range members {
			if !slices.Contains(reached, m) && trade.tied(reached[i], m, users) {
				reached = append(reached, m)
			}
		}
	}
	require.Len(t, reached, len(members), "a group hangs together")
}

// requireStars looks for the star of every exporter among the groups.
func requireStars(t *rapid.T, trade *Trade, groups []Group) {
	for e := range uint32(trade.Nodes) {
		star := []uint32{e}
		for i := range trade.Consignments.Key {
			if trade.traders(i) && trade.Consignments.Exporter[i] == e {
				star = append(star, trade.Consignments.Importer[i])
			}
		}
		slices.Sort(star)
		star = slices.Compact(star)
		if len(star) >= 3 {
			require.True(t, slices.ContainsFunc(groups, func(g Group) bool { return slices.Equal(g.Members, star) }), "star of %d", e)
		}
	}
}

func TestCommonIdentifiersDrawNobodyTogether(t *testing.T) {
	trade := &Trade{Nodes: 30}
	for v := range uint32(30) {
		trade.Keys = append(trade.Keys, mix(uint64(v)))
		if v < 25 {
			trade.Identifiers = append(trade.Identifiers, Tie{v, 29})
		}
	}
	groups := drawn(t, trade).Groups
	require.Len(t, groups, 1, "25 users of one address are a group")
	assert.Len(t, groups[0].Members, 25)
	assert.Equal(t, Community, groups[0].Origin)
	assert.Zero(t, groups[0].Loops)
	trade.Identifiers = append(trade.Identifiers, Tie{25, 29})
	assert.Empty(t, drawn(t, trade).Groups, "26 are a formation agent's customers")
}

// TestDirectorsDrawFirmsTogetherAndNothingElse has a director, 3, of the firms 0, 1 and 2, who lives at address 4 with his broker 5.
func TestDirectorsDrawFirmsTogetherAndNothingElse(t *testing.T) {
	trade := &Trade{Nodes: 6, Identifiers: []Tie{{0, 3}, {1, 3}, {2, 3}, {3, 4}, {5, 4}}}
	for v := range uint64(6) {
		trade.Keys = append(trade.Keys, mix(v+3))
	}
	candidates := drawn(t, trade)
	require.Len(t, candidates.Groups, 1)
	assert.Equal(t, []uint32{0, 1, 2}, candidates.Groups[0].Members)
	trial := NewTrial(candidates)
	assert.Equal(t, []uint32{3, 5}, trial.UsersAmong(4, []uint32{0, 3, 5}))
	assert.Equal(t, Levers{{Identifier: 3}}, trial.Levers([]uint32{0, 1, 3}), "a firm and its director share nothing with each other")
	assert.Empty(t, trial.Levers([]uint32{0, 3, 4}), "nor do a firm and its director's address")
}

// TestLargeCommunitiesAreSplit has 40 importers that all buy from the same 8 exporters: one dense block of 48.
func TestLargeCommunitiesAreSplit(t *testing.T) {
	trade := &Trade{Nodes: 48}
	for v := range uint64(48) {
		trade.Keys = append(trade.Keys, mix(v+5))
	}
	for i := range uint32(40) {
		for e := range uint32(8) {
			trade.Pairs = append(trade.Pairs, Pair{i, 40 + e})
		}
	}
	groups := drawn(t, trade).Groups
	require.NotEmpty(t, groups)
	seen := map[uint32]bool{}
	for _, g := range groups {
		assert.LessOrEqual(t, len(g.Members), 25)
		for _, m := range g.Members {
			assert.False(t, seen[m], "communities do not overlap")
			seen[m] = true
		}
	}
}

// TestNewPartyLeavesOthersAlone lets a newcomer into one of 30 separate circles, in the middle of the ids.
func TestNewPartyLeavesOthersAlone(t *testing.T) {
	const circles, size, newcomer = 30, 14, 200
	trade := &Trade{Nodes: circles * size}
	for v := range uint64(circles * size) {
		trade.Keys = append(trade.Keys, mix(v+31))
	}
	for circle := range uint32(circles) {
		for k := range uint32(24) {
			dice := mix(uint64(circle)<<8 | uint64(k))
			trade.Pairs = append(trade.Pairs, Pair{circle*size + uint32(dice%size), circle*size + uint32(dice>>32%size)})
		}
	}
	before := drawn(t, trade).Groups
	shift := func(v uint32) uint32 {
		if v >= newcomer {
			return v + 1
		}
		return v
	}
	after := &Trade{Nodes: trade.Nodes + 1, Keys: slices.Insert(slices.Clone(trade.Keys), newcomer, mix(4242))}
	for _, p := range trade.Pairs {
		after.Pairs = append(after.Pairs, Pair{shift(p.A), shift(p.B)})
	}
	after.Pairs = append(after.Pairs, Pair{0, newcomer}, Pair{1, newcomer}, Pair{2, newcomer})
	got := drawn(t, after).Groups
	others := 0
	for _, g := range before {
		if g.Members[0] < size {
			continue // the newcomer's own circle may be drawn anew
		}
		others++
		want := mapped(g.Members, shift)
		assert.True(t, slices.ContainsFunc(got, func(g Group) bool { return slices.Equal(g.Members, want) }), "%v stayed", want)
	}
	assert.Greater(t, others, circles)
}

func mapped[T any](list []T, f func(T) uint32) []uint32 {
	other := make([]uint32, len(list))
	for i, v := range list {
		other[i] = f(v)
	}
	return other
}

func TestCandidateOptions(t *testing.T) {
	for _, c := range []struct {
		name  string
		spoil func(*DrawOptions)
		says  string
	}{
		{"no resolution", func(o *DrawOptions) { o.Resolution = 0 }, "resolution"},
		{"a further resolution of 0", func(o *DrawOptions) { o.Also = []float64{0.1, 0} }, "further resolutions"},
		{"negative identifier weight", func(o *DrawOptions) { o.IdentifierBeta = -1 }, "identifier weight"},
		{"identifiers of one user", func(o *DrawOptions) { o.RareUsers = 1 }, "rare identifiers"},
		{"groups of one", func(o *DrawOptions) { o.Smallest = 1 }, "1 to 25"},
		{"upside down", func(o *DrawOptions) { o.Largest = 2 }, "3 to 2"},
	} {
		t.Run(c.name, func(t *testing.T) {
			opts := DefaultDraw()
			c.spoil(&opts)
			_, err := Draw(context.Background(), small(), opts)
			assert.ErrorContains(t, err, c.says)
		})
	}
	assert.Equal(t, []string{"community", "star"}, []string{Community.String(), Star.String()})
}

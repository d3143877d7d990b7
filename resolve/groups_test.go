package resolve_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"rummage/graph"
	"rummage/resolve"
)

// grouped is the ids of each group.
func grouped(groups []resolve.Group) [][]graph.ID {
	var all [][]graph.ID
	for i := range groups {
		var ids []graph.ID
		for _, s := range groups[i].Parties {
			ids = append(ids, s.ID)
		}
		all = append(all, ids)
	}
	return all
}

func TestGroupsHoldWhoAgreesExactly(t *testing.T) {
	kam := func(id string, change ...func(*resolve.Party)) resolve.Party {
		p := party(id, "Kam Fung Trading Co Ltd")
		for _, f := range change {
			f(&p)
		}
		return p
	}
	name := func(text string) func(*resolve.Party) { return func(p *resolve.Party) { p.Names = []string{text} } }
	in := func(country string) func(*resolve.Party) {
		return func(p *resolve.Party) { p.Countries = []string{country} }
	}
	at := func(address string) func(*resolve.Party) {
		return func(p *resolve.Party) { p.Addresses = []string{address} }
	}
	born := func(day string) func(*resolve.Party) { return func(p *resolve.Party) { p.Born = []string{day} } }
	numbered := func(register, number string) func(*resolve.Party) {
		return func(p *resolve.Party) { p.Register, p.Number = register, number }
	}
	listed := func(p *resolve.Party) { p.Names, p.Listed = nil, true }
	const flat, flatToo, other = "Flat 2309, 23/F, Wing On House, 71 Des Voeux Road C, Hong Kong",
		"FLAT 2309, 23/F., WING ON HOUSE, 71 DES VOEUX ROAD C, HONG KONG", "Office 4, 16/F, Wing On House, 71 Des Voeux Road C, Hong Kong"
	for _, c := range []struct {
		name    string
		parties []resolve.Party
		opts    resolve.GroupOptions
		want    [][]graph.ID
	}{
		{"three of one name", []resolve.Party{kam("c"), kam("b", name("KAM FUNG TRADING COMPANY LIMITED")), kam("a", name("kam fung trading"))},
			resolve.GroupOptions{}, [][]graph.ID{{"party/a", "party/b", "party/c"}}},
		{"two are a pair", []resolve.Party{kam("a"), kam("b")}, resolve.GroupOptions{}, nil},
		{"another name", []resolve.Party{kam("a"), kam("b"), kam("c", name("Kam Fong Trading"))}, resolve.GroupOptions{}, nil},
		{"another legal form", []resolve.Party{kam("a"), kam("b"), kam("c", name("Kam Fung Trading GmbH"))}, resolve.GroupOptions{}, nil},
		{"another country", []resolve.Party{kam("a", in("HK")), kam("b"), kam("c", in("US"))}, resolve.GroupOptions{}, nil},
		{"countries of three of four", []resolve.Party{kam("a", in("HK")), kam("b"), kam("c", in("US")), kam("d", in("hk"))}, resolve.GroupOptions{},
			[][]graph.ID{{"party/a", "party/b", "party/d"}}},
		{"one address in two spellings", []resolve.Party{kam("a", at(flat)), kam("b", at(flatToo)), kam("c")}, resolve.GroupOptions{},
			[][]graph.ID{{"party/a", "party/b", "party/c"}}},
		{"another floor", []resolve.Party{kam("a", at(flat)), kam("b", at(other)), kam("c")}, resolve.GroupOptions{}, nil},
		{"numbers of two registers", []resolve.Party{kam("a", numbered("r", "1")), kam("b", numbered("s", "2")), kam("c")}, resolve.GroupOptions{},
			[][]graph.ID{{"party/a", "party/b", "party/c"}}},
		{"two numbers of one register", []resolve.Party{kam("a", numbered("r", "1")), kam("b", numbered("r", "2")), kam("c")}, resolve.GroupOptions{}, nil},
		{"two days of birth", []resolve.Party{kam("a", born("1970-01-01")), kam("b", born("1981-02-02")), kam("c")}, resolve.GroupOptions{}, nil},
		{"addresses without a name", []resolve.Party{kam("a", at(flat), listed), kam("b", at(flat), listed), kam("c", at(flat), listed)}, resolve.GroupOptions{}, nil},
		{"judged already", []resolve.Party{kam("a"), kam("b"), kam("c")},
			resolve.GroupOptions{Judged: func(a, b graph.ID) bool { return a == "party/a" && b == "party/c" }}, nil},
		{"too little alike", []resolve.Party{kam("a"), kam("b"), kam("c")}, resolve.GroupOptions{Least: 0.9999}, nil},
		{"more than may be", []resolve.Party{kam("a"), kam("b"), kam("c"), kam("d"), kam("e"), kam("f"), kam("g")}, resolve.GroupOptions{Most: 3},
			[][]graph.ID{{"party/a", "party/b", "party/c"}, {"party/d", "party/e", "party/f"}}},
	} {
		t.Run(c.name, func(t *testing.T) { require.Equal(t, c.want, grouped(resolve.Groups(prepared(c.parties...), c.opts))) })
	}
}

func TestAPairOfAGroupScoresAsEverywhere(t *testing.T) {
	all := prepared(party("a", "Kam Fung Trading"), party("b", "Kam Fung Trading Ltd"), party("c", "KAM FUNG TRADING"))
	groups := resolve.Groups(all, resolve.GroupOptions{})
	require.Len(t, groups, 1)
	found, err := resolve.Propose(t.Context(), all, resolve.Options{})
	require.NoError(t, err)
	require.Len(t, found.Pairs, 3)
	for _, p := range found.Pairs {
		i, k := int(p.A[len(p.A)-1]-'a'), int(p.B[len(p.B)-1]-'a')
		require.Equal(t, p, groups[0].Pair(k, i))
		require.GreaterOrEqual(t, p.Score, groups[0].Score)
	}
}

// Whatever the order of the parties, any two of a group are a pair that Propose finds too, and nobody stands in two groups.
func TestGroupsDependOnTheSetAlone(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		var all []resolve.Party
		for i := range rapid.IntRange(0, 12).Draw(rt, "parties") {
			p := party(fmt.Sprintf("%02d", i), rapid.SampledFrom([]string{"Kam Fung Trading", "KAM FUNG TRADING LTD", "Golden Wind"}).Draw(rt, "name"))
			p.Countries = rapid.SampledFrom([][]string{nil, {"HK"}, {"US"}}).Draw(rt, "country")
			all = append(all, p)
		}
		groups := resolve.Groups(prepared(all...), resolve.GroupOptions{})
		shuffled := rapid.Permutation(all).Draw(rt, "order")
		require.Equal(rt, grouped(groups), grouped(resolve.Groups(prepared(shuffled...), resolve.GroupOptions{})))
		found, err := resolve.Propose(t.Context(), prepared(all...), resolve.Options{})
		require.NoError(rt, err)
		pairs := map[[2]graph.ID]float64{}
		for _, p := range found.Pairs {
			pairs[[2]graph.ID{p.A, p.B}] = p.Score
		}
		seen := map[graph.ID]bool{}
		for _, ids := range grouped(groups) {
			for i, a := range ids {
				require.False(rt, seen[a])
				seen[a] = true
				for _, b := range ids[i+1:] {
					require.Contains(rt, pairs, [2]graph.ID{a, b})
				}
			}
		}
	})
}

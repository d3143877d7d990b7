package pattern_test

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"rummage/algo/pattern"
	"rummage/algo/view/viewtest"
	"rummage/graph"
)

// scene reads records written one a line:
//
//	D1 2021-03-01 exporter=A importer=B commodity=850440 value=1000 net_mass=10 [hit|clear]
//	D1 2021-03-01 amended=2021-03-09 importer=C ...   a later version of D1
//	crowd 20 2021-01-01 commodity=850440 value=1000   so many, a day apart, each of traders of its own
//	link B registered_at address/kwai-chung
//	fact B dissolved 2020-12-31
//	listed address/kwai-chung 2020-01-01
//
// A word without a slash is a party, a place, a commodity or equipment, by its role.
func scene(t testing.TB, text string) *viewtest.Scope {
	t.Helper()
	s := &scener{t: t, out: &viewtest.Scope{Range: graph.Scope{Sources: []graph.SourceID{"s"}, Until: 800000}}}
	for _, line := range strings.Split(text, "\n") {
		words := strings.Fields(line)
		if len(words) == 0 || strings.HasPrefix(line, "#") {
			continue
		}
		s.read(words)
	}
	for id, statements := range s.said {
		c := graph.Consignment{ID: id, Outcomes: s.found[id]}
		c.Unite(statements)
		s.out.Trade = append(s.out.Trade, c)
	}
	slices.SortFunc(s.out.Trade, func(a, b graph.Consignment) int { return strings.Compare(string(a.ID), string(b.ID)) })
	return s.out
}

type scener struct {
	t     testing.TB
	out   *viewtest.Scope
	said  map[graph.ID][]graph.Statement
	found map[graph.ID][]graph.Outcome
}

func (s *scener) read(words []string) {
	switch words[0] {
	case "link":
		role, err := graph.ParseRole(words[2])
		require.NoError(s.t, err)
		l := graph.Link{From: entity(graph.NoRole, words[1]), Role: role, To: entity(graph.NoRole, words[3])}
		if len(words) > 4 {
			l.Start = on(s.t, words[4])
		}
		s.out.Tied = append(s.out.Tied, l)
	case "fact":
		id := entity(graph.NoRole, words[1])
		s.out.Records = append(s.out.Records, graph.Entity{ID: id, Facts: []graph.Fact{{Entity: id, Property: words[2], Value: words[3]}}})
	case "listed":
		id := entity(graph.NoRole, words[1])
		s.out.Records = append(s.out.Records, graph.Entity{ID: id, Outcomes: []graph.Outcome{{Subject: id, Result: graph.Listed, Date: on(s.t, words[2])}}})
	case "crowd":
		n, err := strconv.Atoi(words[1])
		require.NoError(s.t, err)
		day := on(s.t, words[2])
		for i := range n {
			s.say(fmt.Sprintf("crowd-%s-%d", strings.Join(words[2:], "-"), i), day+graph.Date(i), append([]string{
				fmt.Sprintf("exporter=crowd-%s-%d", words[2], i), fmt.Sprintf("importer=crowd-in-%s-%d", words[2], i)}, words[3:]...))
		}
	default:
		s.say(words[0], on(s.t, words[1]), words[2:])
	}
}

// say adds what a line says of a consignment.
func (s *scener) say(number string, day graph.Date, words []string) {
	if s.said == nil {
		s.said, s.found = map[graph.ID][]graph.Statement{}, map[graph.ID][]graph.Outcome{}
	}
	id := graph.NewID(graph.KindConsignment, "test", number)
	st := graph.Statement{Consignment: id, View: graph.Declaration, Date: day, Version: int64(len(s.said[id]))}
	for _, word := range words {
		name, value, ok := strings.Cut(word, "=")
		role, err := graph.ParseRole(name)
		switch {
		case !ok:
			result, err := graph.ParseResult(word)
			require.NoError(s.t, err)
			s.found[id] = append(s.found[id], graph.Outcome{Subject: id, Result: result, Date: day})
		case name == "amended":
			st.Amended = on(s.t, value)
		case name == "document":
			st.Document = value
		case name == "view":
			st.View, err = graph.ParseView(value)
			require.NoError(s.t, err)
		case err == nil:
			for _, one := range strings.Split(value, ",") {
				st.Ties = append(st.Ties, graph.Tie{Role: role, Entity: entity(role, one)})
			}
		default:
			st.Fields = append(st.Fields, graph.Field{Name: name, Value: value})
		}
	}
	slices.SortFunc(st.Ties, graph.CompareTies)
	s.said[id] = append(s.said[id], st)
}

// entity makes an id of a word by the role it has.
func entity(role graph.Role, word string) graph.ID {
	if strings.Contains(word, "/") {
		return graph.ID(word)
	}
	switch role {
	case graph.OfCommodity:
		return graph.NewID(graph.Commodity, "hs2022", word)
	case graph.InEquipment:
		return graph.NewID(graph.Equipment, word)
	case graph.Sealed:
		return graph.NewID(graph.Equipment, "seal", word)
	case graph.OnVessel:
		return graph.NewID(graph.Vessel, "imo", word)
	case graph.OnRoute:
		return graph.NewID(graph.Route, word)
	case graph.OriginCountry, graph.Departure, graph.Loading, graph.Transit, graph.Discharge, graph.Destination, graph.Office:
		return graph.NewID(graph.Place, word)
	}
	return graph.NewID(graph.Party, "t", word)
}

func on(t testing.TB, text string) graph.Date {
	t.Helper()
	day, err := graph.ParseDate(text)
	require.NoError(t, err)
	return day
}

// found reads a scene and matches one typology in it.
func found(t testing.TB, s *viewtest.Scope, typology *pattern.Typology) *pattern.Result {
	t.Helper()
	records, err := pattern.Read(t.Context(), s, []*pattern.Typology{typology}, pattern.Options{})
	require.NoError(t, err)
	results, err := pattern.Test(t.Context(), records, []*pattern.Typology{typology}, pattern.Testing{Draws: -1})
	require.NoError(t, err)
	return results[0]
}

package graph_test

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"rummage/graph"
)

func declared(version int64, amended graph.Date, value string) graph.Statement {
	return graph.Statement{Consignment: "consignment/t/1", View: graph.Declaration, Version: version, Amended: amended,
		Fields: []graph.Field{{Name: "value", Value: value}}, Origins: []graph.Origin{{Source: "s-" + graph.SourceID(value), Row: 2}}}
}

func TestTheLastOfAChainCounts(t *testing.T) {
	for name, c := range map[string]struct{ earlier, later graph.Statement }{
		"version before day": {declared(1, 900, "a"), declared(2, 100, "b")},
		"day of amendment":   {declared(1, 100, "a"), declared(1, 101, "b")},
		"first version":      {declared(0, 0, "a"), declared(0, 100, "b")},
	} {
		for _, order := range [][]graph.Statement{{c.earlier, c.later}, {c.later, c.earlier}} {
			var consignment graph.Consignment
			consignment.Unite(slices.Clone(order))
			require.Len(t, consignment.Current, 1, name)
			require.Equal(t, "b", consignment.Current[0].Fields[0].Value, name)
			require.Len(t, consignment.History, 1, name)
		}
	}
}

func TestUniteKnowsNoOrderAndLosesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		all := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) graph.Statement {
			s := declared(rapid.Int64Range(0, 2).Draw(t, "version"), graph.Date(rapid.IntRange(0, 2).Draw(t, "amended")),
				rapid.SampledFrom([]string{"a", "b"}).Draw(t, "value"))
			s.View = rapid.SampledFrom([]graph.View{graph.Declaration, graph.Manifest}).Draw(t, "view")
			s.Part = rapid.SampledFrom([]string{"", "1"}).Draw(t, "part")
			s.Origins = []graph.Origin{{Source: graph.SourceID(rapid.SampledFrom([]string{"s-1", "s-2"}).Draw(t, "source")), Row: rapid.Int64Range(2, 9).Draw(t, "row")}}
			return s
		}), 1, 8).Draw(t, "statements")
		var one, two graph.Consignment
		one.Unite(slices.Clone(all))
		shuffled := slices.Clone(all)
		rand.New(rand.NewPCG(1, uint64(len(all)))).Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		two.Unite(shuffled)
		require.Equal(t, one, two)
		contents := map[[32]byte]bool{}
		for i := range all {
			contents[all[i].Content()] = true
		}
		for _, s := range append(slices.Clone(one.Current), one.History...) {
			require.True(t, contents[s.Content()])
			delete(contents, s.Content())
		}
		require.Empty(t, contents, "every different statement is current or history")
	})
}

func TestContentKnowsNoOrderOfFieldsAndTies(t *testing.T) {
	a := graph.Statement{Fields: []graph.Field{{Name: "a", Value: "1"}, {Name: "b", Value: "2"}},
		Ties: []graph.Tie{{Role: graph.Importer, Entity: "party/x"}, {Role: graph.Exporter, Entity: "party/y"}}}
	b := graph.Statement{Fields: []graph.Field{{Name: "b", Value: "2"}, {Name: "a", Value: "1"}},
		Ties: []graph.Tie{{Role: graph.Exporter, Entity: "party/y"}, {Role: graph.Importer, Entity: "party/x"}}}
	require.Equal(t, a.Content(), b.Content())
	b.Normalise()
	require.Equal(t, graph.Exporter, b.Ties[0].Role)
	b.Ties[0].Entity = "party/z"
	require.NotEqual(t, a.Content(), b.Content())
}

func TestShownValuesFollowTheView(t *testing.T) {
	manifest := declared(0, 0, "manifest value")
	manifest.View, manifest.Date = graph.Manifest, 7
	manifest.Ties = []graph.Tie{{Role: graph.Importer, Entity: "party/x"}}
	declaration := declared(0, 0, "declared value")
	declaration.Ties = []graph.Tie{{Role: graph.Importer, Entity: "party/x"}, {Role: graph.Exporter, Entity: "party/y"}}
	var c graph.Consignment
	c.Unite([]graph.Statement{manifest, declaration})
	shown, others := c.Field("value")
	require.Equal(t, "declared value", shown.Value)
	require.Equal(t, []graph.Field{{Name: "value", Value: "manifest value"}}, others)
	require.Equal(t, graph.Date(7), c.Date(), "a view that states no day gives way to one that does")
	require.Len(t, c.Ties(), 2)
	none, _ := c.Field("weight")
	require.Empty(t, none.Name)
	require.Equal(t, graph.NoDate, (&graph.Consignment{}).Date())
}

func TestLinesOfADocumentDoNotContradict(t *testing.T) {
	line := func(part, value string) graph.Statement {
		s := declared(0, 0, value)
		s.Document, s.Part = "D1", part
		return s
	}
	other := declared(0, 0, "of another document")
	other.Document = "D2"
	var c graph.Consignment
	c.Unite([]graph.Statement{line("1", "first"), line("2", "second"), line("3", "first"), line("4", "second"), other})
	shown, others := c.Field("value")
	require.Equal(t, "first", shown.Value)
	require.Equal(t, []graph.Field{{Name: "value", Value: "of another document"}}, others)
	require.Equal(t, []graph.Field{{Name: "value", Value: "second"}}, c.Lines("value"))
	require.Empty(t, c.Lines("weight"))
}

func TestLooked(t *testing.T) {
	for name, c := range map[string]struct {
		results        []graph.Result
		inspected, hit bool
	}{
		"nobody looked":  {nil, false, false},
		"only listed":    {[]graph.Result{graph.Listed}, false, false},
		"clear":          {[]graph.Result{graph.Clear}, true, false},
		"clear then hit": {[]graph.Result{graph.Clear, graph.Hit}, true, true},
		"seizure":        {[]graph.Result{graph.Seizure}, true, true},
	} {
		var consignment graph.Consignment
		for _, result := range c.results {
			consignment.Outcomes = append(consignment.Outcomes, graph.Outcome{Result: result})
		}
		inspected, hit := consignment.Looked()
		require.Equal(t, [2]bool{c.inspected, c.hit}, [2]bool{inspected, hit}, name)
	}
}

func TestEntityNames(t *testing.T) {
	e := graph.Entity{ID: "party/n/a%2Fb"}
	require.Equal(t, "a/b", e.Name())
	e.Facts = []graph.Fact{{Property: "alias", Value: "Alias"}}
	require.Equal(t, "Alias", e.Name())
	e.Facts = append(e.Facts, graph.Fact{Property: "name", Value: "Name"})
	require.Equal(t, "Name", e.Name())
	require.Equal(t, graph.Party, e.Kind())

	at := graph.Entity{ID: "address/n/A7", Facts: []graph.Fact{{Property: "address", Value: "1 Mill Lane"}}}
	require.Equal(t, "1 Mill Lane", at.Name())
	at.ID = "party/n/A7"
	require.Equal(t, "A7", at.Name(), "where somebody lives is not what he is called")
}

func TestSourcesCountFromImportToEnd(t *testing.T) {
	at := func(day int) time.Time { return time.Date(2021, 1, day, 0, 0, 0, 0, time.UTC) }
	s := graph.Source{SourceSpec: graph.SourceSpec{ImportedAt: at(5)}}
	require.True(t, s.KnownOn(time.Time{}))
	require.False(t, s.KnownOn(at(4)))
	require.True(t, s.KnownOn(at(5)))
	s.Ended, s.EndedBy = at(8), graph.Withdrawn
	require.False(t, s.KnownOn(time.Time{}))
	require.True(t, s.KnownOn(at(7)))
	require.False(t, s.KnownOn(at(8)))
	s.EndedBy = graph.Purged
	require.False(t, s.KnownOn(at(7)))
	require.NotEqual(t, s.SourceSpec.ID(0), s.SourceSpec.ID(1))
}

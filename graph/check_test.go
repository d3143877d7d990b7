package graph_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rummage/graph"
)

const (
	trader   graph.ID = "party/t/a"
	shipment graph.ID = "consignment/t/1"
)

func TestRowsAreCheckedWhole(t *testing.T) {
	declared := func(change func(*graph.Statement)) graph.Row {
		s := graph.Statement{Consignment: shipment, View: graph.Declaration, Ties: []graph.Tie{{Role: graph.Importer, Entity: trader}}}
		change(&s)
		return graph.Row{Number: 2, Statements: []graph.Statement{s}}
	}
	linked := func(change func(*graph.Link)) graph.Row {
		l := graph.Link{Role: graph.OwnedBy, From: trader, To: "party/t/b"}
		change(&l)
		return graph.Row{Number: 2, Links: []graph.Link{l}}
	}
	looked := func(o graph.Outcome) graph.Row { return graph.Row{Number: 2, Outcomes: []graph.Outcome{o}} }
	stated := func(f graph.Fact) graph.Row { return graph.Row{Number: 2, Facts: []graph.Fact{f}} }
	for name, c := range map[string]struct {
		row  graph.Row
		want string // "" for a good row
	}{
		"a good statement":      {declared(func(*graph.Statement) {}), ""},
		"a good link":           {linked(func(*graph.Link) {}), ""},
		"a good outcome":        {looked(graph.Outcome{Subject: shipment, Result: graph.Clear}), ""},
		"an outcome of a party": {looked(graph.Outcome{Subject: trader, Result: graph.Listed}), ""},
		"a good fact":           {stated(graph.Fact{Entity: trader, Property: "name", Value: "A"}), ""},
		"quarantined rubbish":   {graph.Row{Number: 2, Errors: []graph.RowError{{Code: "date"}}, Facts: []graph.Fact{{}}}, ""},
		"row zero":              {graph.Row{}, "row 0"},
		"negative offset":       {graph.Row{Number: 1, Offset: -1}, "byte -1"},
		"fact without entity":   {stated(graph.Fact{Property: "name", Value: "A"}), "fact"},
		"fact about a shipment": {stated(graph.Fact{Entity: shipment, Property: "name", Value: "A"}), "no entity"},
		"property in capitals":  {stated(graph.Fact{Entity: trader, Property: "Name", Value: "A"}), "lower case"},
		"property too long":     {stated(graph.Fact{Entity: trader, Property: strings.Repeat("a", 61), Value: "A"}), "lower case"},
		"mark with a space":     {stated(graph.Fact{Entity: trader, Property: "name", Value: "A", Mark: "a b"}), "lower case"},
		"value not UTF-8":       {stated(graph.Fact{Entity: trader, Property: "name", Value: "\xff"}), "UTF-8"},
		"view beyond the last":  {declared(func(s *graph.Statement) { s.View = 99 }), "no view"},
		"document not UTF-8":    {declared(func(s *graph.Statement) { s.Document = "\xff" }), "UTF-8"},
		"statement of a party":  {declared(func(s *graph.Statement) { s.Consignment = trader }), "no consignment"},
		"statement of nothing":  {declared(func(s *graph.Statement) { s.Consignment = "" }), "statement"},
		"tie with a link role":  {declared(func(s *graph.Statement) { s.Ties[0].Role = graph.Paid }), "role of a tie"},
		"tie to nothing":        {declared(func(s *graph.Statement) { s.Ties[0].Entity = "" }), "statement"},
		"field without value":   {declared(func(s *graph.Statement) { s.Fields = []graph.Field{{Name: "value"}} }), "empty"},
		"link with a tie role":  {linked(func(l *graph.Link) { l.Role = graph.Importer }), "role of a link"},
		"link from nothing":     {linked(func(l *graph.Link) { l.From = "" }), "link"},
		"link to nothing":       {linked(func(l *graph.Link) { l.To = "x" }), "link"},
		"key not UTF-8":         {linked(func(l *graph.Link) { l.Key = "\xff" }), "UTF-8"},
		"bad field of a link":   {linked(func(l *graph.Link) { l.Fields = []graph.Field{{Name: "1"}} }), "lower case"},
		"no result":             {looked(graph.Outcome{Subject: shipment}), "result"},
		"unknown channel":       {looked(graph.Outcome{Subject: shipment, Result: graph.Hit, Channel: 99}), "channel"},
		"outcome of nothing":    {looked(graph.Outcome{Result: graph.Hit}), "outcome"},
		"bad outcome field":     {looked(graph.Outcome{Subject: shipment, Result: graph.Hit, Fields: []graph.Field{{}}}), "lower case"},
	} {
		err := c.row.Check()
		if c.want == "" {
			require.NoError(t, err, name)
			continue
		}
		require.ErrorIs(t, err, graph.ErrInvalidRecord, name)
		require.ErrorContains(t, err, c.want, name)
	}
}

func TestDecisionsAreChecked(t *testing.T) {
	at := time.Unix(1, 0)
	require.NoError(t, (&graph.Decision{Subject: trader, Kind: graph.Pinned, Time: at}).Check())
	require.NoError(t, (&graph.Decision{Subject: trader, Other: "party/t/b", Kind: graph.Unsure, Time: at}).Check())
	for want, d := range map[string]graph.Decision{
		"want one of":     {Subject: trader, Kind: "guilty", Time: at},
		"no subject":      {Kind: graph.Note, Time: at},
		"needs a second":  {Subject: trader, Kind: graph.Same, Time: at},
		"takes no second": {Subject: trader, Other: "party/t/b", Kind: graph.Open, Time: at},
		"no time":         {Subject: trader, Kind: graph.Note},
		"a second entity": {Subject: trader, Other: trader, Kind: graph.Same, Time: at},
	} {
		err := d.Check()
		require.ErrorIs(t, err, graph.ErrInvalidRecord)
		require.ErrorContains(t, err, want)
	}
}

func TestOrdersAreTotal(t *testing.T) {
	links := []graph.Link{
		{From: "a", Role: graph.OwnedBy, To: "b"}, {From: "a", Role: graph.Paid, To: "a"}, {From: "a", Role: graph.Paid, To: "a", Start: 1},
		{From: "a", Role: graph.Paid, To: "a", Start: 1, End: 1}, {From: "a", Role: graph.Paid, To: "a", Start: 1, End: 1, Key: "k"},
		{From: "a", Role: graph.Paid, To: "a", Start: 1, End: 1, Key: "k", Fields: []graph.Field{{Name: "n"}}}, {From: "b"},
	}
	require.True(t, slices.IsSortedFunc(links, func(a, b graph.Link) int { return graph.CompareLinks(&a, &b) }))
	neighbours := []graph.Neighbour{{Records: 3, ID: "z"}, {Records: 1, ID: "a"}, {Records: 1, ID: "b", Role: graph.Exporter},
		{Records: 1, ID: "b", Role: graph.Importer}, {Records: 1, ID: "b", Role: graph.Importer, Incoming: true}}
	require.True(t, slices.IsSortedFunc(neighbours, func(a, b graph.Neighbour) int { return graph.CompareNeighbours(&a, &b) }))
	connections := []graph.Connection{{Consignment: "a"}, {Link: &links[0]}, {Link: &links[1]}, {Consignment: "a", Date: 1}, {Consignment: "b", Date: 1}}
	require.True(t, slices.IsSortedFunc(connections, func(a, b graph.Connection) int { return graph.CompareConnections(&a, &b) }))
	require.Equal(t, 1, graph.CompareConnections(&connections[1], &connections[0]))
	matches := []graph.Match{{Score: 1, ID: "b"}, {Score: .5, ID: "a"}, {Score: .5, ID: "b"}}
	require.True(t, slices.IsSortedFunc(matches, func(a, b graph.Match) int { return graph.CompareMatches(&a, &b) }))
	outcomes := []graph.Outcome{{Result: graph.Clear}, {Result: graph.Hit}, {Result: graph.Hit, Subject: "x"}, {Date: 1}}
	require.True(t, slices.IsSortedFunc(outcomes, func(a, b graph.Outcome) int { return graph.CompareOutcomes(&a, &b) }))
	facts := []graph.Fact{{Property: "a"}, {Property: "a", Value: "v"}, {Property: "a", Value: "v", Mark: "m"}, {Property: "a", Value: "v", Mark: "m", Entity: "e"}}
	require.True(t, slices.IsSortedFunc(facts, func(a, b graph.Fact) int { return graph.CompareFacts(&a, &b) }))
}

func TestNormalFormIsOrderedAndOnce(t *testing.T) {
	fields := []graph.Field{{Name: "b", Value: "1"}, {Name: "a", Value: "2"}, {Name: "b", Value: "1"}}
	want := []graph.Field{{Name: "a", Value: "2"}, {Name: "b", Value: "1"}}
	link := graph.Link{Fields: slices.Clone(fields)}
	link.Normalise()
	require.Equal(t, want, link.Fields)
	outcome := graph.Outcome{Fields: slices.Clone(fields)}
	outcome.Normalise()
	require.Equal(t, want, outcome.Fields)
	origins := graph.MergeOrigins([]graph.Origin{{Source: "s-2", Row: 9}, {Source: "s-1", Row: 3}}, []graph.Origin{{Source: "s-2", Row: 4}})
	require.Equal(t, []graph.Origin{{Source: "s-1", Row: 3}, {Source: "s-2", Row: 4}}, origins)
}

func TestAScopeIsResolvedToItsSources(t *testing.T) {
	at := func(day int) time.Time { return time.Date(2021, 1, day, 0, 0, 0, 0, time.UTC) }
	source := func(id graph.SourceID, day int, newest graph.Date) graph.Source {
		return graph.Source{ID: id, Newest: newest, SourceSpec: graph.SourceSpec{ImportedAt: at(day)}}
	}
	all := []graph.Source{source("s-c", 1, 10), source("s-a", 2, 30), source("s-b", 3, 20)}
	all[1].Ended, all[1].EndedBy = at(4), graph.Withdrawn

	now := graph.Scope{}
	resolved := now.Resolve(all)
	require.Equal(t, graph.Scope{Sources: []graph.SourceID{"s-b", "s-c"}, Until: 20, Past: []graph.SourceID{"s-a"}}, resolved)
	require.Equal(t, resolved, resolved.Resolve(all))
	require.True(t, resolved.Covers([]graph.SourceID{"s-c"}))
	require.True(t, resolved.Covers(nil))
	require.False(t, resolved.Covers([]graph.SourceID{"s-a"}))
	require.True(t, resolved.Sees(20))
	require.True(t, resolved.Sees(graph.NoDate))
	require.False(t, resolved.Sees(21))

	then := graph.Scope{KnownOn: at(3)}
	earlier := then.Resolve(all)
	require.Equal(t, []graph.SourceID{"s-a", "s-b", "s-c"}, earlier.Sources)
	require.Equal(t, graph.Date(30), earlier.Until)
	require.NotEqual(t, resolved.Fingerprint(), earlier.Fingerprint())

	cleared := graph.Scope{Sources: []graph.SourceID{"s-c"}, Until: 5}
	require.Equal(t, graph.Scope{Sources: []graph.SourceID{"s-c"}, Until: 5}, cleared.Resolve(all))
	nobody := graph.Scope{Sources: []graph.SourceID{}}
	none := nobody.Resolve(all)
	require.Empty(t, none.Sources)
	require.True(t, none.Sees(99), "nothing dated, nothing to bound")
}

func TestWhoHearsADecision(t *testing.T) {
	at := func(day int) time.Time { return time.Date(2021, 1, day, 0, 0, 0, 0, time.UTC) }
	read := func(id graph.SourceID, file graph.SHA256, day int, end graph.EndKind) graph.Source {
		s := graph.Source{ID: id, EndedBy: end, SourceSpec: graph.SourceSpec{SHA256: file, ImportedAt: at(day)}}
		if end != graph.NotEnded {
			s.Ended = at(9)
		}
		return s
	}
	all := []graph.Source{
		read("s-d", "file", 4, graph.NotEnded), read("s-a", "file", 1, graph.Replaced), read("s-b", "file", 2, graph.Withdrawn),
		read("s-p", "file", 3, graph.Purged), read("s-x", "other", 1, graph.Withdrawn), read("s-y", "third", 1, graph.NotEnded),
	}
	require.Equal(t, map[graph.SourceID]graph.SourceID{"s-a": "s-b", "s-b": "s-d"}, graph.Readings(all))
	for _, c := range []struct {
		name   string
		scope  graph.Scope
		rests  []graph.SourceID
		named  bool
		heard  bool
		past   []graph.SourceID
		unsaid bool // named is not asked
	}{
		{"later readings of the same bytes", graph.Scope{Sources: []graph.SourceID{"s-d"}}, []graph.SourceID{"s-a", "s-d"}, false, true, nil, true},
		{"on nothing", graph.Scope{Sources: []graph.SourceID{}}, nil, false, true, nil, true},
		{"on what counts elsewhere", graph.Scope{Sources: []graph.SourceID{"s-d"}}, []graph.SourceID{"s-y"}, true, false, nil, true},
		{"on what has ended, named", graph.Scope{}, []graph.SourceID{"s-x", "s-y"}, true, true, []graph.SourceID{"s-x"}, false},
		{"on what has ended, named no more", graph.Scope{}, []graph.SourceID{"s-x"}, false, false, nil, false},
		{"on what was purged", graph.Scope{}, []graph.SourceID{"s-p"}, true, true, []graph.SourceID{"s-p"}, false},
		{"not cleared for what has ended", graph.Scope{Sources: []graph.SourceID{"s-d", "s-y"}}, []graph.SourceID{"s-x"}, true, false, nil, true},
		{"said later than known", graph.Scope{KnownOn: at(5)}, []graph.SourceID{"s-d"}, true, false, nil, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			said := []graph.Decision{{Subject: "party/a", Other: "party/b", Kind: graph.Same, Time: at(6), Sources: c.rests}}
			scope, asked := c.scope.Resolve(all), false
			heard, err := scope.Hear(said, all, func(ids []graph.ID) (map[graph.ID]bool, error) {
				asked = true
				require.Equal(t, []graph.ID{"party/a", "party/b"}, ids)
				return map[graph.ID]bool{"party/a": true, "party/b": c.named}, nil
			})
			require.NoError(t, err)
			require.Equal(t, c.heard, len(heard) == 1)
			require.Equal(t, c.past, scope.Past)
			require.Equal(t, c.unsaid, !asked)
		})
	}
	failed := errors.New("disk")
	scope := (&graph.Scope{}).Resolve(all)
	_, err := scope.Hear([]graph.Decision{{Subject: "party/a", Sources: []graph.SourceID{"s-x"}}}, all, func([]graph.ID) (map[graph.ID]bool, error) { return nil, failed })
	require.ErrorIs(t, err, failed)
}

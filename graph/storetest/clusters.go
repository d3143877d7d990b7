package storetest

import (
	"context"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"rummage/graph"
)

// TestMembersOfOneClusterAreCountedOnce has two of them beside the one asked for: in one statement, in statements of their own, in
// one source and in several, in consignments and in links.
func (suite) TestMembersOfOneClusterAreCountedOnce(t *testing.T, b *bench) {
	ctx := context.Background()
	store, model := b.open(), NewModel()
	tied := func(number string, day int, exporters ...string) graph.Row {
		row := Shipment(number, "imp", exporters[0], day)
		for _, name := range exporters[1:] {
			row.Statements[0].Ties = append(row.Statements[0].Ties, graph.Tie{Role: graph.Exporter, Entity: Trader(name)})
		}
		return row
	}
	owned := func(name string, day int) graph.Row {
		return graph.Row{Links: []graph.Link{{Role: graph.OwnedBy, From: Trader("imp"), To: Trader(name), Start: Day(day)}}}
	}
	for i, rows := range [][]graph.Row{
		{tied("1", 3, "x", "y", "z"), tied("2", 2, "x"), tied("3", 4, "y", "other"), owned("x", 2), Named("x", "Twin One")},
		{tied("4", 5, "y", "x"), owned("y", 2), owned("imp too", 5), Named("y", "Twin Two"), Found("1", graph.Hit, 9),
			{Outcomes: []graph.Outcome{{Subject: Trader("y"), Result: graph.Listed, Date: Day(4)}, {Subject: Trader("imp too"), Result: graph.Seizure, Date: Day(6)}}}},
	} {
		batch := NewBatch(fmt.Sprint("source ", i), 1+i, rows...)
		b.put(store, batch)
		model.Put(batch)
	}
	b.same(store, model, graph.Scope{})
	for i, pair := range [][2]string{{"x", "y"}, {"imp", "imp too"}, {"y", "z"}} {
		d := graph.Decision{Subject: Trader(pair[0]), Other: Trader(pair[1]), Kind: graph.Same, Author: "li", Reason: "twins", Time: Noon(10 + i)}
		_, err := store.Decide(ctx, d)
		require.NoError(t, err)
		model.Decide(d)
		b.same(store, model, graph.Scope{})
		b.same(store, model, graph.Scope{Sources: []graph.SourceID{model.Sources()[0].ID}})
		b.same(store, model, graph.Scope{Until: Day(4)})
	}
	counts, err := b.within(store, graph.Scope{}).Counts(ctx, Trader("imp too"))
	require.NoError(t, err)
	require.Equal(t, []graph.Count{{Role: graph.Exporter, Neighbours: 2, Records: 4}, {Role: graph.OwnedBy, Neighbours: 1, Records: 2}}, counts)
}

// TestWhatWasJoinedIsPartedWithoutATrace joins parties that share consignments, links and outcomes, and takes it back in either way:
// every way to read then answers as if nothing had been said, byte by byte, origins too. In between it does not.
func (suite) TestWhatWasJoinedIsPartedWithoutATrace(t *testing.T, b *bench) {
	ctx := context.Background()
	store, model := b.open(), NewModel()
	both := Shipment("3", "imp", "x", 3)
	both.Statements[0].Ties = append(both.Statements[0].Ties, graph.Tie{Role: graph.Consignor, Entity: Trader("y")})
	amended := Shipment("1", "imp", "y", 2)
	amended.Statements[0].Version = 1
	for i, rows := range [][]graph.Row{
		{Shipment("1", "imp", "x", 1), Shipment("2", "other", "y", 2), both, Named("x", "Kam Fung"), Named("y", "Kam Fung Ltd"), Named("z", "Golden Wind"), Found("2", graph.Hit, 9)},
		{amended, Named("x", "Kam Fung"), {Links: []graph.Link{{Role: graph.OwnedBy, From: Trader("x"), To: Trader("y")}, {Role: graph.OwnedBy, From: Trader("z"), To: Trader("x"), Start: Day(4)}},
			Outcomes: []graph.Outcome{{Subject: Trader("y"), Result: graph.Listed, Date: Day(4)}}}},
	} {
		batch := NewBatch(fmt.Sprint("source ", i), 1+i, rows...)
		b.put(store, batch)
		model.Put(batch)
	}
	read := func() string {
		reader := b.within(store, graph.Scope{})
		text, err := told(&dump{ctx: ctx, reader: reader})
		require.NoError(t, err)
		return fmt.Sprint(text, reader.Identity().Clusters(), reader.Identity().Conflicts())
	}
	say := func(day int, one, other string, kind graph.Verdict) {
		d := graph.Decision{Subject: Trader(one), Other: Trader(other), Kind: kind, Author: "li", Time: Noon(day)}
		_, err := store.Decide(ctx, d)
		require.NoError(t, err)
		model.Decide(d)
		b.same(store, model, graph.Scope{})
	}
	before := read()
	for i, back := range []graph.Verdict{graph.Unsure, graph.Different} {
		say(10+4*i, "x", "y", graph.Same)
		joined := read()
		require.NotEqual(t, before, joined)
		say(11+4*i, "z", "y", graph.Same)
		require.NotEqual(t, joined, read())
		say(12+4*i, "z", "y", back)
		require.Equal(t, joined, read(), "of two joins one is left")
		say(13+4*i, "y", "x", back)
		require.Equal(t, before, read(), "%s takes it back", back)
	}
}

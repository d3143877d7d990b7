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

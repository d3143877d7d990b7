package neo4j

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"rummage/graph"
	"rummage/graph/neo4j/neo4jtest"
	"rummage/graph/storetest"
)

// emptyStore is a store in an empty database of the shared server.
func emptyStore(t testing.TB) *Store {
	t.Helper()
	server := neo4jtest.Shared(t)
	store, err := Open(context.Background(), server.Address, Options{User: server.User, Password: server.Password, Database: server.Database, Create: true})
	require.NoError(t, err)
	t.Cleanup(func() { _ = store.Close() })
	return store
}

// histories is how many random ones are compared.
const histories = 2

func TestReadingAgreesWithTheModel(t *testing.T) {
	for seed := range histories {
		t.Run(fmt.Sprint("history ", seed), func(t *testing.T) {
			agree(t, emptyStore(t), rapid.Custom(drawHistory).Example(seed))
		})
	}
}

// history is what was imported, ended and said.
type history struct {
	batches   []*storetest.Batch
	ended     []graph.EndKind // of the batches; NotEnded, Withdrawn or Purged
	decisions []graph.Decision
	until     graph.Date
	known     int
}

// happen lets it happen to a store and to the model.
func (h *history) happen(t *testing.T, store *Store) *storetest.Model {
	ctx := context.Background()
	model := storetest.NewModel()
	for _, b := range h.batches {
		_, err := b.Import(ctx, store)
		require.NoError(t, err)
		require.True(t, model.Put(b))
	}
	for _, d := range h.decisions {
		_, err := store.Decide(ctx, d)
		require.NoError(t, err)
		model.Decide(d)
	}
	for i, source := range model.Sources() {
		switch h.ended[i] {
		case graph.Withdrawn:
			require.NoError(t, store.Withdraw(ctx, source.ID, storetest.Noon(25), "because"))
		case graph.Purged:
			require.NoError(t, store.Purge(ctx, source.ID, storetest.Noon(25), "because"))
		default:
			continue
		}
		model.End(source.ID, h.ended[i], 25, "because")
	}
	return model
}

func agree(t *testing.T, store *Store, h history) {
	t.Helper()
	ctx := context.Background()
	model := h.happen(t, store)
	var some []graph.SourceID
	for i, source := range model.Sources() {
		if i%2 == 0 {
			some = append(some, source.ID)
		}
	}
	for _, scope := range []graph.Scope{{}, {Sources: some}, {Until: h.until, KnownOn: storetest.Noon(h.known)}, {Ended: true}} {
		oracle := model.Within(scope)
		r, err := store.Within(ctx, scope)
		require.NoError(t, err)
		want, err := storetest.Dump(ctx, oracle)
		require.NoError(t, err)
		got, err := storetest.Dump(ctx, r)
		require.NoError(t, err)
		sameLines(t, want, got)
		pages(t, oracle, r)
		for _, most := range []int{mostEnds, 1} {
			r.(*reader).busyAt, r.(*reader).mostEnds = 0, most
			got, err = storetest.Dump(ctx, r)
			require.NoError(t, err)
			sameLines(t, want, got)
		}
		pages(t, oracle, r)
		require.NoError(t, r.Close())
	}
}

// sameLines compares long texts and shows where they part.
func sameLines(t *testing.T, want, got string) {
	t.Helper()
	wants, gots := strings.Split(want, "\n"), strings.Split(got, "\n")
	for i := range wants {
		require.Equal(t, wants[i], gots[min(i, len(gots)-1)], "line %d, behind %s", i, strings.Join(wants[max(0, i-5):i], "\n"))
	}
	require.Len(t, gots, len(wants))
}

// pages compares what Dump does not ask for: pages, some roles, hidden ids.
func pages(t *testing.T, oracle, r graph.Reader) {
	t.Helper()
	ctx := context.Background()
	for _, name := range names {
		id := storetest.Trader(name)
		for _, query := range []graph.NeighbourQuery{
			{ID: id, Limit: 2}, {ID: id, Offset: 1, Limit: 3}, {ID: id, Offset: deep, Limit: 1}, {ID: id, Roles: []graph.Role{graph.Exporter}},
			{ID: id, Roles: []graph.Role{graph.OwnedBy, graph.Carrier}}, {ID: id, Roles: []graph.Role{}},
		} {
			want, wantErr := oracle.Neighbours(ctx, query)
			got, err := r.Neighbours(ctx, query)
			require.Equal(t, wantErr == nil, err == nil, "%v: %v", query, err)
			same(t, want, got, query)
		}
		for _, query := range []graph.ConnectionQuery{{ID: id, Limit: 2}, {ID: id, Offset: 1, Limit: 1}, {ID: id, With: "party/test/a"}, {ID: id, With: id}} {
			want, wantErr := oracle.Connections(ctx, query)
			got, err := r.Connections(ctx, query)
			require.Equal(t, wantErr == nil, err == nil, "%v: %v", query, err)
			same(t, want, got, query)
		}
	}
	for _, text := range []string{"acme", "acm a", "中 x", "12", "1234", "ac me"} {
		for _, limit := range []int{1, 100} {
			for _, kinds := range [][]graph.Kind{nil, {graph.Party}, {graph.KindConsignment}, {graph.Vessel, graph.Place}} {
				query := graph.SearchQuery{Text: text, Limit: limit, Kinds: kinds}
				want, err := oracle.Search(ctx, query)
				require.NoError(t, err)
				got, err := r.Search(ctx, query)
				require.NoError(t, err)
				same(t, want, got, query)
			}
		}
	}
}

// same compares lists, of which none and an empty one are the same.
func same[T any](t *testing.T, want, got []T, query any) {
	t.Helper()
	require.Equal(t, len(want), len(got), "%v", query)
	for i := range want {
		require.Equal(t, want[i], got[i], "%v", query)
	}
}

var names = []string{"a", "b", "c", "d", "中", "\U0001F6A2", "x y", "e/f", "\uFF21", "\uFFFD"}

func drawName(t *rapid.T) string { return rapid.SampledFrom(names).Draw(t, "name") }

func drawDay(t *rapid.T) graph.Date {
	if n := rapid.IntRange(0, 20).Draw(t, "day"); n > 0 {
		return storetest.Day(n)
	}
	return graph.NoDate
}

func drawHistory(t *rapid.T) history {
	h := history{until: storetest.Day(rapid.IntRange(1, 20).Draw(t, "until")), known: rapid.IntRange(1, 28).Draw(t, "known")}
	for i := range rapid.IntRange(1, 5).Draw(t, "sources") {
		rows := make([]graph.Row, rapid.IntRange(1, 12).Draw(t, "rows"))
		for j := range rows {
			rows[j] = drawRow(t)
		}
		h.batches = append(h.batches, storetest.NewBatch(fmt.Sprint("source ", i), 1+4*i, rows...))
		h.batches[i].File = nil // no evidence folder here
		h.ended = append(h.ended, rapid.SampledFrom([]graph.EndKind{graph.NotEnded, graph.NotEnded, graph.NotEnded, graph.Withdrawn, graph.Purged}).Draw(t, "end"))
	}
	for i := range rapid.IntRange(0, 4).Draw(t, "decisions") {
		d := graph.Decision{Subject: storetest.Trader(drawName(t)), Other: storetest.Trader(drawName(t)), Author: "li", Reason: "looks so", Time: storetest.Noon(2 + 5*i),
			Kind: rapid.SampledFrom([]graph.Verdict{graph.Same, graph.Same, graph.Different}).Draw(t, "verdict")}
		if d.Subject != d.Other {
			h.decisions = append(h.decisions, d)
		}
	}
	return h
}

func drawRow(t *rapid.T) graph.Row {
	var row graph.Row
	trader := func() graph.ID { return storetest.Trader(drawName(t)) }
	switch rapid.IntRange(0, 11).Draw(t, "row") {
	case 0:
		row.Errors = []graph.RowError{{Column: "c", Code: "date", Reason: "no day"}, {Code: "ragged"}}
	case 1, 2:
		row.Facts = []graph.Fact{{Entity: trader(), Property: rapid.SampledFrom([]string{"name", "alias", "country"}).Draw(t, "property"),
			Value: "Acme " + drawName(t), Mark: rapid.SampledFrom([]string{"", "format"}).Draw(t, "mark"), Date: drawDay(t)}}
	case 3, 4:
		row.Links = []graph.Link{{Role: rapid.SampledFrom([]graph.Role{graph.OwnedBy, graph.Paid}).Draw(t, "role"), From: trader(), To: trader(), Start: drawDay(t),
			End: rapid.SampledFrom([]graph.Date{graph.NoDate, storetest.Day(30)}).Draw(t, "end"), Key: rapid.SampledFrom([]string{"", "k"}).Draw(t, "key")}}
		if rapid.Bool().Draw(t, "has fields") {
			row.Links[0].Fields = []graph.Field{{Name: "amount", Value: drawName(t)}}
		}
	case 5:
		row.Outcomes = []graph.Outcome{{Subject: rapid.SampledFrom([]graph.ID{storetest.Consignment("1"), storetest.Consignment("9"), storetest.Trader("a")}).Draw(t, "subject"),
			Result: rapid.SampledFrom([]graph.Result{graph.Clear, graph.Hit}).Draw(t, "result"), Date: drawDay(t), Fields: []graph.Field{{Name: "list", Value: drawName(t)}}}}
	default:
		row.Statements = []graph.Statement{drawStatement(t)}
	}
	return row
}

func drawStatement(t *rapid.T) graph.Statement {
	s := graph.Statement{
		Consignment: storetest.Consignment(rapid.SampledFrom([]string{"1", "2", "3", "12", "123", "1234", "12345", "5", "6", "7"}).Draw(t, "number")),
		View:        rapid.SampledFrom([]graph.View{graph.Declaration, graph.Declaration, graph.Manifest}).Draw(t, "view"),
		Part:        rapid.SampledFrom([]string{"", "", "2"}).Draw(t, "part"),
		Version:     rapid.Int64Range(0, 2).Draw(t, "version"),
		Date:        drawDay(t),
	}
	if rapid.IntRange(0, 3).Draw(t, "amended") == 0 {
		s.Amended = drawDay(t)
	}
	for range rapid.IntRange(0, 2).Draw(t, "fields") {
		s.Fields = append(s.Fields, graph.Field{Name: rapid.SampledFrom([]string{"value", "unit"}).Draw(t, "field"), Value: drawName(t)})
	}
	for range rapid.IntRange(0, 4).Draw(t, "ties") {
		s.Ties = append(s.Ties, graph.Tie{Role: rapid.SampledFrom([]graph.Role{graph.Importer, graph.Exporter, graph.Carrier, graph.Office}).Draw(t, "role"),
			Entity: storetest.Trader(drawName(t))})
	}
	return s
}

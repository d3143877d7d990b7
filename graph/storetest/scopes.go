package storetest

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rummage/graph"
)

// soon is long enough for a call that need not wait.
const soon = 300 * time.Millisecond

func (suite) TestViewsOfOneConsignmentAreUnited(t *testing.T, b *bench) {
	store, model := b.open(), NewModel()
	manifest := Shipment("1", "forwarder as importer", "exp", 1)
	manifest.Statements[0].View = graph.Manifest
	manifest.Statements[0].Fields[0].Value = "1300"
	seen := Shipment("1", "imp", "exp", 4)
	seen.Statements[0].View = graph.Inspection
	for i, row := range []graph.Row{manifest, seen, Shipment("1", "imp", "exp", 3), Found("1", graph.Clear, 5)} {
		batch := NewBatch(fmt.Sprintf("view %d", i), i+1, row)
		b.put(store, batch)
		model.Put(batch)
	}
	b.same(store, model, graph.Scope{})
	c, err := b.within(store, graph.Scope{}).Consignment(context.Background(), Consignment("1"))
	require.NoError(t, err)
	require.Len(t, c.Current, 3)
	require.Equal(t, Day(3), c.Date(), "the declaration's day is shown")
	shown, others := c.Field(graph.FieldValue)
	require.Equal(t, "1200.50", shown.Value)
	require.Equal(t, "1300", others[0].Value)
}

// chain is four states of one document, in order, of which two share a
// version and one only the content hash can tell apart.
func chain() []graph.Row {
	rows := make([]graph.Row, 5)
	for i := range rows {
		rows[i] = Shipment("1", "imp", fmt.Sprintf("exporter %d", i), 1)
	}
	rows[1].Statements[0].Version = 1
	rows[2].Statements[0].Version, rows[2].Statements[0].Amended = 1, Day(6)
	rows[3].Statements[0].Version, rows[3].Statements[0].Amended = 2, Day(5)
	rows[4].Statements[0].Version, rows[4].Statements[0].Amended = 2, Day(5)
	return rows
}

func (suite) TestAmendmentsCountInAnyOrderOfImport(t *testing.T, b *bench) {
	rows := chain()
	orders := [][]int{{0, 1, 2, 3, 4}, {4, 3, 2, 1, 0}, {2, 0, 4, 1, 3}}
	var first string
	for n, order := range orders {
		place := &bench{t: t, backend: b.backend, place: b.backend.Place(t)}
		store, model := place.open(), NewModel()
		for day, i := range order {
			batch := NewBatch(fmt.Sprintf("state %d", i), day+1, rows[i])
			place.put(store, batch)
			model.Put(batch)
			place.same(store, model, graph.Scope{})
		}
		place.same(store, model, graph.Scope{Until: Day(5)})
		if n == 0 {
			first = place.dump(store, graph.Scope{})
		}
		require.Equal(t, first, place.dump(store, graph.Scope{}))
	}
}

func (suite) TestWithdrawalBringsTheEarlierStateBack(t *testing.T, b *bench) {
	ctx := context.Background()
	store, model := b.open(), NewModel()
	var sources []graph.Source
	for i, row := range chain()[:4] {
		batch := NewBatch(fmt.Sprintf("state %d", i), i+1, row)
		sources = append(sources, b.put(store, batch))
		model.Put(batch)
	}
	for i := 3; i >= 0; i-- {
		require.NoError(t, store.Withdraw(ctx, sources[i].ID, Noon(20-i), "wrong file"))
		model.End(sources[i].ID, graph.Withdrawn, 20-i, "wrong file")
		b.same(store, model, graph.Scope{})
		b.same(store, model, graph.Scope{KnownOn: Noon(10)})
	}
	require.ErrorIs(t, store.Withdraw(ctx, sources[0].ID, Noon(30), ""), graph.ErrEnded)
	require.ErrorIs(t, store.Withdraw(ctx, "s-none", Noon(30), ""), graph.ErrUnknownSource)
	listed, err := store.Sources(ctx)
	require.NoError(t, err)
	require.Equal(t, model.Sources(), listed)

	again := NewBatch("state 0", 25, chain()[0])
	source := b.put(store, again)
	model.Put(again)
	require.NotEqual(t, sources[0].ID, source.ID, "an import after a withdrawal is a source of its own")
	b.same(store, model, graph.Scope{})
}

// office is a small store with sources, decisions and runs of several owners.
func office(b *bench, store graph.Store) (*Model, []graph.Source) {
	model := NewModel()
	batches := []*Batch{
		NewBatch("declarations", 1, Shipment("1", "imp", "exp", 2), Shipment("2", "imp", "secret exporter", 8), Found("1", graph.Hit, 9)),
		NewBatch("register", 2, Named("imp", "Importers United"), Named("exp", "Export House"), graph.Row{Links: []graph.Link{
			{Role: graph.DirectorOf, From: Trader("chan"), To: Trader("imp"), Start: Day(3)}}}),
		NewBatch("informer", 3, Shipment("1", "imp", "hidden hand", 2), Named("hidden hand", "Hidden Hand Trading"), graph.Row{
			Outcomes: []graph.Outcome{{Subject: Trader("exp"), Result: graph.Listed, Date: Day(4)}},
			Errors:   nil}),
	}
	var sources []graph.Source
	for _, batch := range batches {
		sources = append(sources, b.put(store, batch))
		model.Put(batch)
	}
	all := []graph.SourceID{sources[0].ID, sources[1].ID, sources[2].ID}
	slices.Sort(all)
	for i, d := range []graph.Decision{
		{Subject: Trader("imp"), Other: Trader("exp"), Kind: graph.Different, Author: "li", Reason: "two registers", Sources: []graph.SourceID{sources[1].ID}},
		{Subject: Trader("exp"), Other: Trader("hidden hand"), Kind: graph.Same, Author: "li", Reason: "same seal", Sources: all},
		{Subject: Trader("imp"), Kind: graph.Note, Author: "wong", Reason: "ask the port"},
	} {
		d.Time = Noon(10 + i)
		said, err := store.Decide(context.Background(), d)
		require.NoError(b.t, err)
		require.Equal(b.t, int64(i+1), said.Seq)
		model.Decide(d)
	}
	for i, used := range [][]graph.SourceID{all, {sources[0].ID}} {
		run := graph.Run{Kind: "flag", Scope: graph.Scope{Sources: used, Until: Day(9)}, Settings: []byte(`{"q":0.05}`),
			Seed: uint64(i), Results: []byte(`{"networks":[]}`), Decided: 3, Finished: Noon(12 + i), Tool: "test"}
		run.ID = run.NewRunID()
		require.NoError(b.t, store.SaveRun(context.Background(), run))
		require.NoError(b.t, store.SaveRun(context.Background(), run), "the same run again changes nothing")
		model.SaveRun(run)
	}
	return model, sources
}

func (suite) TestAScopeHidesWhatItMust(_ *testing.T, b *bench) {
	store := b.open()
	model, sources := office(b, store)
	b.same(store, model, graph.Scope{})
	clearances := [][]graph.SourceID{{}, {sources[0].ID}, {sources[1].ID}, {sources[0].ID, sources[1].ID}, {sources[2].ID}, {"s-none"}}
	for _, clearance := range clearances {
		for _, until := range []graph.Date{graph.NoDate, Day(1), Day(2), Day(3), Day(8), Day(9)} {
			for _, known := range []int{0, 1, 2, 3, 11, 12} {
				scope := graph.Scope{Sources: clearance, Until: until}
				if known > 0 {
					scope.KnownOn = Noon(known)
				}
				b.same(store, model, scope)
			}
			b.same(store, model, graph.Scope{Sources: clearance, Until: until, Ended: true})
		}
		b.same(store, model, graph.Scope{Sources: clearance, KnownOn: Noon(11), Ended: true})
	}
}

func (suite) TestEndedSourcesAreSeenWhereAskedForAndPurgedOnesNever(t *testing.T, b *bench) {
	ctx := context.Background()
	store, model := b.open(), NewModel()
	batches := []*Batch{NewBatch("kept", 1, Shipment("1", "a", "b", 1)), NewBatch("withdrawn", 2, Shipment("2", "a", "c", 2), Named("c", "Withdrawn")),
		NewBatch("purged", 3, Shipment("3", "a", "d", 3))}
	var sources []graph.Source
	for _, batch := range batches {
		sources = append(sources, b.put(store, batch))
		model.Put(batch)
	}
	require.NoError(t, store.Withdraw(ctx, sources[1].ID, Noon(8), "recalled"))
	model.End(sources[1].ID, graph.Withdrawn, 8, "recalled")
	require.NoError(t, store.Purge(ctx, sources[2].ID, Noon(9), "erased"))
	model.End(sources[2].ID, graph.Purged, 9, "erased")
	b.same(store, model, graph.Scope{})
	b.same(store, model, graph.Scope{Ended: true})
	reader := b.within(store, graph.Scope{Ended: true})
	_, err := reader.Consignment(ctx, Consignment("2"))
	require.NoError(t, err)
	_, err = reader.Consignment(ctx, Consignment("3"))
	require.ErrorIs(t, err, graph.ErrNotFound)
	all, counting := reader.Scope(), b.within(store, graph.Scope{}).Scope()
	require.NotEqual(t, all.Fingerprint(), counting.Fingerprint())
}

func (suite) TestAReaderSeesWhatItWouldSeeIfTheRestWereNotThere(t *testing.T, b *bench) {
	store := b.open()
	_, sources := office(b, store)
	alone := &bench{t: t, backend: b.backend, place: b.backend.Place(t)}
	other := alone.open()
	alone.put(other, NewBatch("declarations", 1, Shipment("1", "imp", "exp", 2), Shipment("2", "imp", "secret exporter", 8), Found("1", graph.Hit, 9)))
	scope := graph.Scope{Sources: []graph.SourceID{sources[0].ID}, KnownOn: Noon(9)}
	require.Equal(t, alone.dump(other, scope), b.dump(store, scope))
}

func (suite) TestHiddenIsAnsweredAsMissing(t *testing.T, b *bench) {
	ctx := context.Background()
	store := b.open()
	_, sources := office(b, store)
	reader := b.within(store, graph.Scope{Sources: []graph.SourceID{sources[0].ID}})
	_, err := reader.Entity(ctx, Trader("hidden hand"))
	require.ErrorIs(t, err, graph.ErrNotFound)
	_, err = reader.Counts(ctx, Trader("hidden hand"))
	require.ErrorIs(t, err, graph.ErrNotFound)
	_, err = reader.Neighbours(ctx, graph.NeighbourQuery{ID: Trader("hidden hand")})
	require.ErrorIs(t, err, graph.ErrNotFound)
	_, err = reader.Connections(ctx, graph.ConnectionQuery{ID: Trader("hidden hand")})
	require.ErrorIs(t, err, graph.ErrNotFound)
	_, err = reader.Locate(ctx, graph.Origin{Source: sources[2].ID, Row: 2})
	require.ErrorIs(t, err, graph.ErrNotFound)
	_, err = reader.Evidence(ctx, sources[2].SHA256)
	require.ErrorIs(t, err, graph.ErrNotFound)
	for _, err := range reader.Quarantine(ctx, sources[2].ID) {
		require.ErrorIs(t, err, graph.ErrNotFound)
	}
	none, err := reader.Search(ctx, graph.SearchQuery{Text: "hidden"})
	require.NoError(t, err)
	require.Empty(t, none)
}

func (suite) TestPurgeErasesAndLeavesTheHash(t *testing.T, b *bench) {
	ctx := context.Background()
	store := b.open()
	model, sources := office(b, store)
	require.NoError(t, store.Purge(ctx, sources[2].ID, Noon(15), "court order"))
	model.End(sources[2].ID, graph.Purged, 15, "court order")
	b.same(store, model, graph.Scope{})
	b.same(store, model, graph.Scope{KnownOn: Noon(4)})
	listed, err := store.Sources(ctx)
	require.NoError(t, err)
	require.Equal(t, model.Sources(), listed)
	require.ErrorIs(t, store.Purge(ctx, sources[2].ID, Noon(16), ""), graph.ErrEnded)
	require.ErrorIs(t, store.Purge(ctx, "s-none", Noon(16), ""), graph.ErrUnknownSource)

	require.NoError(t, store.Withdraw(ctx, sources[1].ID, Noon(16), "superseded"))
	require.NoError(t, store.Purge(ctx, sources[1].ID, Noon(17), "court order"), "a withdrawn source can be purged")
	model.End(sources[1].ID, graph.Purged, 17, "court order")
	b.same(store, model, graph.Scope{})
}

func (suite) TestADecisionSurvivesEveryReimport(t *testing.T, b *bench) {
	ctx := context.Background()
	store, model := b.open(), NewModel()
	first := NewBatch("register", 1, Named("imp", "Importers United"))
	second := first.Reread(5, "other rules", Named("imp", "Importers United"), Named("exp", "Export House"))
	third := first.Reread(9, "third rules", Named("imp", "Importers United"))
	source := b.put(store, first)
	model.Put(first)
	said := graph.Decision{Subject: Trader("imp"), Other: Trader("exp"), Kind: graph.Same, Author: "li", Reason: "one stamp",
		Time: Noon(2), Sources: []graph.SourceID{source.ID}}
	_, err := store.Decide(ctx, said)
	require.NoError(t, err)
	model.Decide(said)

	later := b.put(store, second)
	model.Put(second)
	b.same(store, model, graph.Scope{})
	require.Equal(t, Trader("exp"), b.within(store, graph.Scope{}).Identity().Cluster(Trader("imp")), "after a re-reading")

	require.NoError(t, store.Withdraw(ctx, later.ID, Noon(7), "wrong file"))
	model.End(later.ID, graph.Withdrawn, 7, "wrong file")
	b.same(store, model, graph.Scope{})
	require.Equal(t, Trader("imp"), b.within(store, graph.Scope{}).Identity().Cluster(Trader("imp")), "nothing supports it any more")

	b.put(store, third)
	model.Put(third)
	b.same(store, model, graph.Scope{})
	b.same(store, model, graph.Scope{KnownOn: Noon(6)})
	require.Equal(t, Trader("exp"), b.within(store, graph.Scope{}).Identity().Cluster(Trader("imp")), "after another import")
}

func (suite) TestIDsAreOrderedAsBytes(t *testing.T, b *bench) {
	store, model := b.open(), NewModel()
	var rows []graph.Row
	for i, name := range []string{"z", "Z", "é", "\uFFFD", "\U0001F6A2", "中", "ｱ", "\U00020000", "a b", "a", "a-b", "a/b", "a%b"} {
		rows = append(rows, Shipment(name, name, "exp "+name, i+1))
	}
	batch := NewBatch("order", 1, rows...)
	b.put(store, batch)
	model.Put(batch)
	b.same(store, model, graph.Scope{})
	var ids []string
	for entity, err := range b.within(store, graph.Scope{}).Entities(context.Background(), graph.Want{}) {
		require.NoError(t, err)
		ids = append(ids, string(entity.ID))
	}
	require.True(t, slices.IsSorted(ids))
}

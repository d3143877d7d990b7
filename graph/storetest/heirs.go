package storetest

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rummage/graph"
)

func (suite) TestEveryRowHasAPlace(t *testing.T, b *bench) {
	ctx := context.Background()
	store, model := b.open(), NewModel()
	rows := make([]graph.Row, 40_000) // more than a store may keep in one piece
	for i := range rows {
		switch i % 5 {
		case 0:
			rows[i] = Named("acme", "ACME")
		case 1:
			rows[i].Errors = []graph.RowError{{Column: "c", Code: "date", Reason: "no day"}}
		}
	}
	batch := NewBatch("rows", 1, rows...)
	batch.Rows = slices.DeleteFunc(batch.Rows, func(r graph.Row) bool { return r.Number%7 == 3 })
	other := NewBatch("other", 2, Named("b", "B"))
	ended := NewBatch("ended", 3, Named("c", "C"))
	var ids []graph.SourceID
	for _, one := range []*Batch{batch, other, ended} {
		ids = append(ids, b.put(store, one).ID)
		model.Put(one)
	}
	require.NoError(t, store.Withdraw(ctx, ids[2], Noon(4), ""))
	model.End(ids[2], graph.Withdrawn, 4, "")
	places := func(reader graph.Reader, id graph.SourceID) (all []graph.RowPlace, err error) {
		for place, err := range reader.Places(ctx, id) {
			if err != nil {
				return nil, err
			}
			all = append(all, place)
		}
		return all, nil
	}
	reader := b.within(store, graph.Scope{})
	for _, id := range ids[:2] {
		want, err := places(model.Within(graph.Scope{}), id)
		require.NoError(t, err)
		got, err := places(reader, id)
		require.NoError(t, err)
		require.Equal(t, want, got)
	}
	for place, err := range reader.Places(ctx, ids[0]) {
		require.NoError(t, err)
		require.EqualValues(t, 2, place.Row)
		break // whoever has seen enough may stop
	}
	for _, hidden := range []graph.SourceID{ids[2], "s-0000000000000000"} {
		_, err := places(reader, hidden)
		require.ErrorIs(t, err, graph.ErrNotFound)
	}
	got, err := places(b.within(store, graph.Scope{Ended: true}), ids[2])
	require.NoError(t, err)
	require.Len(t, got, 1)
	_, err = places(b.within(store, graph.Scope{Sources: ids[:1]}), ids[1])
	require.ErrorIs(t, err, graph.ErrNotFound)
}

// heir returns the store as one that takes over from another, which every
// store must be.
func heir(t testing.TB, store graph.Store) graph.Heir {
	h, ok := store.(graph.Heir)
	require.True(t, ok, "a store can take over what another holds")
	return h
}

// purged makes a history that leaves two lines of purged sources, one of which
// replaced an earlier reading, and returns what is listed then.
func purged(b *bench, store graph.Store) []graph.Source {
	ctx := context.Background()
	first := NewBatch("file", 1, Shipment("1", "imp", "exp", 2))
	second := first.Reread(5, "other rules", Shipment("1", "imp", "other", 2))
	lone := NewBatch("lone", 3, Named("a", "A"))
	b.put(store, first)
	for _, batch := range []*Batch{second, lone} {
		id := b.put(store, batch).ID
		require.NoError(b.t, store.Purge(ctx, id, Noon(9), "court order"))
	}
	listed, err := store.Sources(ctx)
	require.NoError(b.t, err)
	return listed
}

func (suite) TestALineOfAPurgedSourceIsTakenOver(t *testing.T, b *bench) {
	ctx := context.Background()
	from := (&bench{t: t, backend: b.backend, place: b.backend.Place(t)})
	listed := purged(from, from.open())
	store := b.open()
	first := NewBatch("file", 1, Shipment("1", "imp", "exp", 2))
	b.put(store, first)
	for range 2 {
		for _, source := range listed {
			if source.EndedBy == graph.Purged {
				require.NoError(t, heir(t, store).AdoptSource(ctx, source))
			}
		}
		got, err := store.Sources(ctx)
		require.NoError(t, err)
		require.Equal(t, listed, got, "adopting again changes nothing")
	}
	require.Equal(t, graph.Replaced, listed[0].EndedBy)
	for _, known := range []time.Time{{}, Noon(2), Noon(6)} {
		require.Equal(t, from.dump(from.open(), graph.Scope{KnownOn: known}), b.dump(store, graph.Scope{KnownOn: known}))
	}
	require.ErrorIs(t, store.Purge(ctx, listed[1].ID, Noon(10), ""), graph.ErrEnded)
	again := NewBatch("lone", 12, Named("a", "A"))
	require.Equal(t, again.Spec.ID(1), b.put(store, again).ID, "it counts among the imports of its reading")
	require.NoError(t, store.Close())
	_, err := b.open().Sources(ctx)
	require.NoError(t, err)
}

func (suite) TestALineThatCannotBeTakenOver(t *testing.T, b *bench) {
	ctx := context.Background()
	from := (&bench{t: t, backend: b.backend, place: b.backend.Place(t)})
	listed := purged(from, from.open())
	store := b.open()
	b.put(store, NewBatch("lone", 1, Named("a", "A")))
	before, err := store.Sources(ctx)
	require.NoError(t, err)
	for name, change := range map[string]func(*graph.Source){
		"that counts":             func(s *graph.Source) { s.Ended, s.EndedBy = time.Time{}, graph.NotEnded },
		"that was withdrawn":      func(s *graph.Source) { s.EndedBy = graph.Withdrawn },
		"without time of ending":  func(s *graph.Source) { s.Ended = time.Time{} },
		"without time of import":  func(s *graph.Source) { s.ImportedAt = time.Time{} },
		"of another import":       func(s *graph.Source) { s.ID = s.SourceSpec.ID(3) },
		"with rows that are lost": func(s *graph.Source) { s.Rows++ },
	} {
		source := listed[2]
		change(&source)
		require.ErrorIs(t, heir(t, store).AdoptSource(ctx, source), graph.ErrInvalidRecord, name)
	}
	clash := NewBatch("lone", 1, Named("a", "A")).Spec // counts in the store
	require.ErrorIs(t, heir(t, store).AdoptSource(ctx, graph.Source{SourceSpec: clash, ID: clash.ID(1), Ended: Noon(3), EndedBy: graph.Purged}), graph.ErrAlreadyImported)
	after, err := store.Sources(ctx)
	require.NoError(t, err)
	require.Equal(t, before, after)
}

func (suite) TestDecisionsAreTakenOverUnderTheirNumbers(t *testing.T, b *bench) {
	ctx := context.Background()
	store := b.open()
	source := b.put(store, everything())
	said := func(seq int64, reason string) graph.Decision {
		return graph.Decision{Seq: seq, Subject: Trader("acme"), Kind: graph.Note, Reason: reason, Author: "li",
			Time: Noon(3).Add(123456 * time.Microsecond), Sources: []graph.SourceID{source.ID}}
	}
	pair := graph.Decision{Seq: 9, Subject: Trader("acme"), Other: Trader("chan"), Kind: graph.Same, Author: "kim", Time: Noon(4)}
	for range 2 {
		for _, d := range []graph.Decision{said(3, "third"), said(4, "fourth"), pair} {
			require.NoError(t, heir(t, store).AdoptDecision(ctx, d))
		}
		got, err := b.within(store, graph.Scope{}).Decisions(ctx, "")
		require.NoError(t, err)
		require.Equal(t, []graph.Decision{said(3, "third"), said(4, "fourth"), pair}, got)
	}
	reader := b.within(store, graph.Scope{})
	require.Equal(t, Trader("acme"), reader.Identity().Cluster(Trader("chan")))
	bad := []graph.Decision{said(0, "no number"), said(-1, "none either"), said(2, "too late"), said(4, "other words"), {Seq: 20, Subject: "x", Kind: "guess", Time: Noon(1)},
		{Seq: 20, Kind: graph.Note, Time: Noon(1)}, {Seq: 20, Subject: "x", Kind: graph.Note}}
	for _, d := range bad {
		require.ErrorIs(t, heir(t, store).AdoptDecision(ctx, d), graph.ErrInvalidRecord, "%+v", d)
	}
	next, err := store.Decide(ctx, graph.Decision{Subject: Trader("b"), Kind: graph.Note, Time: Noon(5)})
	require.NoError(t, err)
	require.EqualValues(t, 10, next.Seq, "numbers go on after the last that was taken over")
	require.NoError(t, store.Close())
	got, err := b.within(b.open(), graph.Scope{}).Decisions(ctx, "")
	require.NoError(t, err)
	require.Len(t, got, 4)
}

func (suite) TestRunsOfEveryKindAreListed(t *testing.T, b *bench) {
	ctx := context.Background()
	store := b.open()
	source := b.put(store, everything())
	for i, kind := range []string{"flag", "evaluate", "flag"} {
		run := graph.Run{Kind: kind, Scope: graph.Scope{Sources: []graph.SourceID{source.ID}}, Seed: uint64(i), Finished: Noon(9 - i)}
		run.ID = run.NewRunID()
		require.NoError(t, store.SaveRun(ctx, run))
	}
	for kind, want := range map[string][]uint64{"": {0, 1, 2}, "flag": {0, 2}, "evaluate": {1}, "none": nil} {
		runs, err := b.within(store, graph.Scope{}).Runs(ctx, kind)
		require.NoError(t, err)
		var seeds []uint64
		for i := range runs {
			seeds = append(seeds, runs[i].Seed)
		}
		require.Equal(t, want, seeds, kind)
	}
}

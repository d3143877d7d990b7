package transfer_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rummage/graph"
	"rummage/graph/sqlite"
	"rummage/graph/storetest"
	"rummage/graph/transfer"
)

var ctx = context.Background()

func open(t testing.TB, path string) graph.Store {
	store, err := sqlite.Open(ctx, path, sqlite.Options{Create: true})
	require.NoError(t, err)
	t.Cleanup(func() { _ = store.Close() })
	return store
}

func empty(t testing.TB) graph.Store { return open(t, filepath.Join(t.TempDir(), "store")) }

// dump is all that a scope shows.
func dump(t testing.TB, store graph.Store, scope graph.Scope) string {
	t.Helper()
	reader, err := store.Within(ctx, scope)
	require.NoError(t, err)
	defer func() { require.NoError(t, reader.Close()) }()
	text, err := storetest.Dump(ctx, reader)
	require.NoError(t, err)
	return text
}

func sources(t testing.TB, store graph.Store) []graph.Source {
	t.Helper()
	all, err := store.Sources(ctx)
	require.NoError(t, err)
	return all
}

// sound asserts that the store finds nothing wrong with itself.
func sound(t testing.TB, store graph.Store) {
	t.Helper()
	problems, err := store.(graph.Checker).Check(ctx, nil)
	require.NoError(t, err)
	require.Empty(t, problems)
}

// same asserts that a copy shows what the original does.
func same(t testing.TB, from, to graph.Store, scopes ...graph.Scope) {
	t.Helper()
	require.Equal(t, sources(t, from), sources(t, to))
	for _, scope := range append(scopes, graph.Scope{}, graph.Scope{Ended: true}) {
		require.Equal(t, dump(t, from, scope), dump(t, to, scope))
	}
	sound(t, to)
}

func copied(t testing.TB, from, to graph.Store) *transfer.Report {
	t.Helper()
	report, err := transfer.Copy(ctx, from, to, transfer.Options{Temp: t.TempDir()})
	require.NoError(t, err)
	return report
}

func put(t testing.TB, store graph.Store, batch *storetest.Batch) graph.Source {
	t.Helper()
	source, err := batch.Import(ctx, store)
	require.NoError(t, err)
	return source
}

// states counts what became of the sources.
func states(report *transfer.Report) map[transfer.State]int {
	n := map[transfer.State]int{}
	for _, s := range report.Sources {
		n[s.State]++
	}
	return n
}

// ledger saves decisions that rest on sources, and runs, of whatever is there.
func ledger(t testing.TB, store graph.Store) {
	for i, s := range sources(t, store) {
		_, err := store.Decide(ctx, graph.Decision{Subject: storetest.Trader("a"), Kind: graph.Note, Reason: s.Name, Author: "kim",
			Time: storetest.Noon(20 + i), Sources: []graph.SourceID{s.ID}})
		require.NoError(t, err)
		run := graph.Run{Kind: []string{"flag", "evaluate"}[i%2], Scope: graph.Scope{Sources: []graph.SourceID{s.ID}, Until: storetest.Day(9), KnownOn: storetest.Noon(20 + i)},
			Settings: []byte(`{"a":1}`), Results: []byte(`{"networks":[]}`), Seed: 1<<64 - 1, Decided: 1, Finished: storetest.Noon(20 + i), Tool: "v1"}
		run.ID = run.NewRunID()
		require.NoError(t, store.SaveRun(ctx, run))
	}
}

func TestRandomHistoriesAreCopied(t *testing.T) {
	seen := map[transfer.State]int{}
	for seed := range 16 {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			from, to := empty(t), empty(t)
			history := storetest.NewHistory(seed)
			scopes := history.Scopes(history.Play(t, from))
			ledger(t, from)
			before := sources(t, from)
			first := copied(t, from, to)
			same(t, from, to, scopes...)
			for state, n := range states(first) {
				seen[state] += n
			}
			again := copied(t, from, to)
			require.Equal(t, first.Digest, again.Digest)
			require.Equal(t, map[transfer.State]int{transfer.Already: len(before)}, merge(states(again)))
			require.Zero(t, again.Rows+again.Bytes+again.Decisions+again.Runs, "copying twice changes nothing")
			same(t, from, to)
			back := empty(t)
			require.Equal(t, first.Digest, copied(t, to, back).Digest)
			same(t, from, back, scopes...)
			require.Equal(t, before, sources(t, from), "the original stays as it was")
		})
	}
	require.Greater(t, seen[transfer.Copied], 30)
	require.Greater(t, seen[transfer.Line], 2)
}

// merge leaves out the only state when there are no sources.
func merge(n map[transfer.State]int) map[transfer.State]int {
	if len(n) == 0 {
		n[transfer.Already] = 0
	}
	return n
}

// TestAStoreThatGoesOn is copied after every step of its history.
func TestAStoreThatGoesOn(t *testing.T) {
	for seed := range 12 {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			from, to := empty(t), empty(t)
			history := storetest.NewHistory(seed)
			history.PlaySteps(t, from, func() {
				copied(t, from, to)
				same(t, from, to)
			})
		})
	}
}

func TestAnEmptyStoreIsCopied(t *testing.T) {
	from, to := empty(t), empty(t)
	report := copied(t, from, to)
	require.Empty(t, report.Sources)
	require.Len(t, string(report.Digest), 64)
	same(t, from, to)
}

func TestEvidenceIsCopied(t *testing.T) {
	from, to := empty(t), empty(t)
	kept := storetest.NewBatch("kept", 1, storetest.Named("a", "A"))
	bare := storetest.NewBatch("bare", 2, storetest.Named("b", "B"))
	bare.File = nil
	put(t, from, kept)
	put(t, from, bare)
	report := copied(t, from, to)
	require.EqualValues(t, len(kept.File), report.Bytes)
	same(t, from, to)
	reader, err := to.Within(ctx, graph.Scope{})
	require.NoError(t, err)
	defer func() { _ = reader.Close() }()
	file, err := reader.Evidence(ctx, kept.Spec.SHA256)
	require.NoError(t, err)
	got := make([]byte, file.Size())
	_, err = file.ReadAt(got, 0)
	require.NoError(t, err)
	require.True(t, bytes.Equal(kept.File, got))
	_, err = reader.Evidence(ctx, bare.Spec.SHA256)
	require.ErrorIs(t, err, graph.ErrNoEvidence)
}

func TestFilesThatWereJoinedAreCopied(t *testing.T) {
	from, to := empty(t), empty(t)
	plain := storetest.NewBatch("entries", 1, storetest.Shipment("1", "a", "b", 2))
	first := plain.Join(2, "traders", "traders.csv", "T1,ACME\n")
	first.Refused = [][]graph.RowError{{{Join: "traders", Row: 2, Column: "a", Code: "date", Reason: "no day"}, {Join: "traders", Row: 2, Code: "size"}},
		{{Join: "traders", Row: 7, Span: graph.Span{Offset: 3, Length: 4}, Code: "ragged", Reason: "short"}}}
	for _, batch := range []*storetest.Batch{plain, first, plain.Join(3, "traders", "traders.csv", "T1,ACME Ltd\n")} {
		put(t, from, batch)
	}
	require.Zero(t, copied(t, from, to).Unkept)
	same(t, from, to, graph.Scope{KnownOn: storetest.Noon(2)})
	reader, err := to.Within(ctx, graph.Scope{KnownOn: storetest.Noon(2)})
	require.NoError(t, err)
	defer func() { require.NoError(t, reader.Close()) }()
	file, err := reader.Evidence(ctx, first.Spec.Joined[0].SHA256)
	require.NoError(t, err)
	text, err := io.ReadAll(io.NewSectionReader(file, 0, file.Size()))
	require.NoError(t, err)
	require.Equal(t, "T1,ACME\n", string(text))
	require.NoError(t, file.Close())
	require.Equal(t, map[transfer.State]int{transfer.Already: 3}, states(copied(t, from, to)))
}

// TestTheNewestDayStays has rows that say the same of several days, of which a
// store keeps the first.
func TestTheNewestDayStays(t *testing.T) {
	from, to := empty(t), empty(t)
	named := func(name string, day graph.Date) graph.Row {
		row := storetest.Named("a", name)
		row.Facts[0].Date = day
		return row
	}
	put(t, from, storetest.NewBatch("days", 1, named("A", storetest.Day(4)), graph.Row{}, named("A", storetest.Day(9)), named("B", graph.NoDate)))
	put(t, from, storetest.NewBatch("undated", 2, named("A", graph.NoDate), named("A", storetest.Day(11))))
	put(t, from, storetest.NewBatch("several", 3, named("A", storetest.Day(2)), named("B", storetest.Day(3)), storetest.Shipment("1", "a", "b", 5)))
	copied(t, from, to)
	same(t, from, to, graph.Scope{Until: storetest.Day(3)}, graph.Scope{Until: storetest.Day(8)})
	for _, s := range sources(t, from) {
		same(t, from, to, graph.Scope{Sources: []graph.SourceID{s.ID}})
	}
}

// TestClocksThatWereWrong has imports whose times are not in the order in
// which they happened.
func TestClocksThatWereWrong(t *testing.T) {
	from, to := empty(t), empty(t)
	first := storetest.NewBatch("file", 20, storetest.Shipment("1", "imp", "exp", 2))
	second := first.Reread(15, "other rules", storetest.Shipment("1", "imp", "other", 2))
	third := *first
	third.Spec.ImportedAt = storetest.Noon(10)
	fourth := first.Reread(12, "third rules", storetest.Shipment("1", "imp", "third", 2))
	id := put(t, from, first).ID
	require.NoError(t, from.Withdraw(ctx, id, storetest.Noon(3), "before it was imported"))
	put(t, from, second)
	put(t, from, &third)
	id = put(t, from, fourth).ID
	require.NoError(t, from.Purge(ctx, id, storetest.Noon(11), ""))
	fifth := first.Reread(1, "fifth rules", storetest.Named("a", "A"))
	put(t, from, fifth)
	copied(t, from, to)
	same(t, from, to, graph.Scope{KnownOn: storetest.Noon(12)}, graph.Scope{KnownOn: storetest.Noon(18)})
}

func TestEndsAreCarriedOver(t *testing.T) {
	from, to := empty(t), empty(t)
	first := storetest.NewBatch("file", 1, storetest.Shipment("1", "imp", "exp", 2))
	withdrawn := put(t, from, storetest.NewBatch("withdrawn", 2, storetest.Named("a", "A")))
	purged := put(t, from, storetest.NewBatch("purged", 3, storetest.Named("b", "B")))
	replaced := put(t, from, first)
	copied(t, from, to)
	require.NoError(t, from.Withdraw(ctx, withdrawn.ID, storetest.Noon(5), "wrong file"))
	require.NoError(t, from.Purge(ctx, purged.ID, storetest.Noon(6), "court order"))
	put(t, from, first.Reread(7, "other rules", storetest.Shipment("1", "imp", "other", 2)))
	require.NoError(t, from.Purge(ctx, replaced.ID, storetest.Noon(8), "court order"))
	report := copied(t, from, to)
	same(t, from, to, graph.Scope{KnownOn: storetest.Noon(4)})
	require.Equal(t, map[transfer.State]int{transfer.Ended: 3, transfer.Copied: 1}, states(report))
	require.NoError(t, from.Purge(ctx, withdrawn.ID, storetest.Noon(9), "court order"))
	require.Equal(t, map[transfer.State]int{transfer.Ended: 1, transfer.Already: 3}, states(copied(t, from, to)))
	same(t, from, to)
}

func TestOtherSourcesInTheTargetAreLeftAlone(t *testing.T) {
	from, to := empty(t), empty(t)
	put(t, from, storetest.NewBatch("ours", 2, storetest.Shipment("1", "imp", "exp", 2)))
	ledger(t, from)
	other := put(t, to, storetest.NewBatch("theirs", 1, storetest.Shipment("1", "imp", "exp", 2)))
	ended := put(t, to, storetest.NewBatch("ended", 1, storetest.Named("x", "X")))
	require.NoError(t, to.Withdraw(ctx, ended.ID, storetest.Noon(9), ""))
	own := graph.Scope{Sources: []graph.SourceID{other.ID}}
	before := dump(t, to, own)
	copied(t, from, to)
	copied(t, from, to)
	require.Equal(t, before, dump(t, to, own))
	require.Len(t, sources(t, to), 3)
	ours := graph.Scope{Sources: []graph.SourceID{sources(t, from)[0].ID}}
	require.Equal(t, dump(t, from, ours), dump(t, to, ours))
	sound(t, to)
}

func TestWhatTheTargetHoldsMustNotContradict(t *testing.T) {
	batch := func() *storetest.Batch {
		return storetest.NewBatch("file", 3, storetest.Shipment("1", "imp", "exp", 2), storetest.Named("a", "A"))
	}
	decide := func(store graph.Store, reason string) {
		_, err := store.Decide(ctx, graph.Decision{Subject: storetest.Trader("a"), Kind: graph.Note, Reason: reason, Time: storetest.Noon(4)})
		require.NoError(t, err)
	}
	run := func(store graph.Store, results string) {
		r := graph.Run{Kind: "flag", Scope: graph.Scope{Sources: []graph.SourceID{}}, Results: []byte(results), Finished: storetest.Noon(4)}
		r.ID = r.NewRunID()
		require.NoError(t, store.SaveRun(ctx, r))
	}
	for name, test := range map[string]struct {
		prepare func(from, to graph.Store)
		says    string
	}{
		"other rows under the same id": {func(_, to graph.Store) {
			b := batch()
			b.Rows = b.Rows[:1]
			put(t, to, b)
		}, "rows is 1 there and 2"},
		"imported at another time": {func(_, to graph.Store) {
			b := batch()
			b.Spec.ImportedAt = storetest.Noon(4)
			put(t, to, b)
		}, "time of import"},
		"another reading of the file": {func(_, to graph.Store) {
			put(t, to, batch().Reread(2, "theirs", storetest.Named("a", "A")))
		}, "does not know this import"},
		"withdrawn there": {func(_, to graph.Store) {
			require.NoError(t, to.Withdraw(ctx, put(t, to, batch()).ID, storetest.Noon(5), ""))
		}, "it is withdrawn there and counts in the original"},
		"withdrawn at another time": {func(from, to graph.Store) {
			id := put(t, to, batch()).ID
			require.NoError(t, to.Withdraw(ctx, id, storetest.Noon(5), ""))
			require.NoError(t, from.Withdraw(ctx, id, storetest.Noon(6), ""))
		}, "another time"},
		"purged there": {func(from, to graph.Store) {
			id := put(t, to, batch()).ID
			require.NoError(t, to.Purge(ctx, id, storetest.Noon(5), ""))
			require.NoError(t, from.Withdraw(ctx, id, storetest.Noon(6), ""))
		}, "it is purged there and withdrawn in the original"},
		"an earlier import is missing": {func(from, to graph.Store) {
			require.NoError(t, from.Withdraw(ctx, sources(t, from)[0].ID, storetest.Noon(4), ""))
			later := batch().Reread(6, "later", storetest.Named("b", "B"))
			put(t, from, later)
			put(t, to, later)
		}, "it would replace"},
		"another decision": {func(from, to graph.Store) {
			decide(from, "ours")
			decide(to, "theirs")
		}, "decision 1 is \"note\""},
		"later decisions": {func(from, to graph.Store) {
			decide(from, "first")
			require.NoError(t, to.(graph.Heir).AdoptDecision(ctx, graph.Decision{Seq: 2, Subject: "x", Kind: graph.Note, Time: storetest.Noon(4)}))
		}, "while later ones are"},
		"another run of the same id": {func(from, to graph.Store) {
			run(from, `{"n":1}`)
			run(to, `{"n":2}`)
		}, "is not the same there"},
	} {
		t.Run(name, func(t *testing.T) {
			from, to := empty(t), empty(t)
			put(t, from, batch())
			test.prepare(from, to)
			put(t, from, storetest.NewBatch("more", 7, storetest.Named("c", "C")))
			before := dump(t, to, graph.Scope{Ended: true})
			listed := sources(t, to)
			_, err := transfer.Copy(ctx, from, to, transfer.Options{})
			require.ErrorIs(t, err, transfer.ErrConflict)
			require.ErrorContains(t, err, test.says)
			require.Equal(t, before, dump(t, to, graph.Scope{Ended: true}), "nothing was written")
			require.Equal(t, listed, sources(t, to))
		})
	}
}

func TestACancelledCopyIsCompletedByTheNext(t *testing.T) {
	from, to := empty(t), empty(t)
	for i := range 5 {
		put(t, from, storetest.NewBatch(fmt.Sprint("file ", i), 1+i, many(i, 300)...))
	}
	require.NoError(t, from.Withdraw(ctx, sources(t, from)[1].ID, storetest.Noon(9), "x"))
	ledger(t, from)
	temp := t.TempDir()
	for n := 1; ; n += 2 {
		ctx, cancel := context.WithCancel(ctx)
		steps := 0
		_, err := transfer.Copy(ctx, from, to, transfer.Options{Temp: temp, Progress: func(transfer.Progress) {
			if steps++; steps == n {
				cancel()
			}
		}})
		cancel()
		entries, readErr := os.ReadDir(temp)
		require.NoError(t, readErr)
		require.Empty(t, entries, "no temporary file stays")
		sound(t, to)
		for _, s := range sources(t, to) {
			one := graph.Scope{Sources: []graph.SourceID{s.ID}, Ended: true}
			require.Equal(t, records(t, from, one), records(t, to, one), "sources are whole")
		}
		if err == nil {
			break
		}
		require.ErrorIs(t, err, context.Canceled)
	}
	same(t, from, to)
}

// records counts what a scope shows.
func records(t testing.TB, store graph.Store, scope graph.Scope) string {
	reader, err := store.Within(ctx, scope)
	require.NoError(t, err)
	defer func() { _ = reader.Close() }()
	consignments, entities := 0, 0
	for _, err := range reader.Consignments(ctx, graph.Want{}) {
		require.NoError(t, err)
		consignments++
	}
	for _, err := range reader.Entities(ctx, graph.Want{}) {
		require.NoError(t, err)
		entities++
	}
	return fmt.Sprint(consignments, entities)
}

// many are rows of all kinds.
func many(seed, n int) []graph.Row {
	rows := make([]graph.Row, n)
	for i := range rows {
		k := i*7919 + seed*31
		rows[i] = storetest.Shipment(fmt.Sprint(k%(n*2)), fmt.Sprint("imp ", k%97), fmt.Sprint("exp ", k%41), 1+k%28)
		rows[i].Facts = storetest.Named(fmt.Sprint("imp ", k%97), fmt.Sprint("Importer ", k%101)).Facts
		switch i % 9 {
		case 3:
			rows[i] = graph.Row{Errors: []graph.RowError{{Column: "date", Code: "date", Reason: "no day"}, {Code: "ragged", Reason: "cells are missing"}}}
		case 5:
			rows[i] = graph.Row{}
		case 7:
			rows[i].Links = []graph.Link{{Role: graph.OwnedBy, From: storetest.Trader("a"), To: storetest.Trader(fmt.Sprint(k)), Start: storetest.Day(1 + k%9)}}
			rows[i].Outcomes = storetest.Found(fmt.Sprint(k%n), graph.Hit, 1+k%28).Outcomes
		}
	}
	return rows
}

func TestProgressGoesOn(t *testing.T) {
	from, to := empty(t), empty(t)
	for i := range 3 {
		put(t, from, storetest.NewBatch(fmt.Sprint("file ", i), 1+i, many(i, 3000)...))
	}
	var seen []transfer.Progress
	_, err := transfer.Copy(ctx, from, to, transfer.Options{Progress: func(p transfer.Progress) { seen = append(seen, p) }})
	require.NoError(t, err)
	stages := map[transfer.Stage]bool{}
	last := transfer.Progress{}
	for _, p := range seen {
		stages[p.Stage] = true
		require.GreaterOrEqual(t, p.Sources, last.Sources)
		require.GreaterOrEqual(t, p.Bytes, last.Bytes)
		require.EqualValues(t, 3, p.OfSources)
		require.True(t, p.Total == 0 || p.Done <= p.Total)
		last = p
	}
	require.Len(t, stages, 3)
	require.EqualValues(t, 3, last.Sources)
}

// TestTimesOfDayAreKept has instants that are not whole seconds, in other
// zones.
func TestTimesOfDayAreKept(t *testing.T) {
	from, to := empty(t), empty(t)
	batch := storetest.NewBatch("file", 1, storetest.Named("a", "A"))
	batch.Spec.ImportedAt = time.Date(2021, 1, 3, 8, 30, 0, 123456789, time.FixedZone("KST", 9*3600))
	id := put(t, from, batch).ID
	ledger(t, from)
	require.NoError(t, from.Withdraw(ctx, id, batch.Spec.ImportedAt.Add(time.Microsecond), "x"))
	copied(t, from, to)
	same(t, from, to, graph.Scope{KnownOn: batch.Spec.ImportedAt})
}

package storetest

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rummage/graph"
)

// listed asserts that the store lists the sources of the model.
func (b *bench) listed(store graph.Store, model *Model) {
	b.t.Helper()
	sources, err := store.Sources(context.Background())
	require.NoError(b.t, err)
	require.Equal(b.t, model.Sources(), sources)
}

func (suite) TestASourceComesBackAsItWasDeclared(t *testing.T, b *bench) {
	seoul := time.FixedZone("KST", 9*3600)
	full := NewBatch("full", 1, Shipment("1", "a", "b", 1))
	full.Spec.Name, full.Spec.Part = "Aus fuhr, \"März\" 통관.zip", "sub/통관 1.csv"
	full.Spec.Mapping, full.Spec.Options = "kr-customs", "delimiter=\t&encoding=EUC-KR"
	full.Spec.Dialect = json.RawMessage(`{"encoding":"EUC-KR","quote":"\""}`)
	full.Spec.Handling, full.Spec.Grading, full.Spec.Owner = "TLP:RED", "A1", "부산 unit, \"2\""
	full.Spec.Retention = Day(31)
	full.Spec.ImportedAt = time.Date(2021, 1, 3, 8, 30, 0, 123456000, seoul)
	bare := NewBatch("bare", 2, Shipment("2", "a", "b", 1))
	bare.Spec.Dialect, bare.Spec.Handling, bare.Spec.Grading, bare.Spec.Owner = nil, "", "", ""
	bare.Spec.ImportedAt = time.Date(2021, 1, 2, 23, 30, 0, 123455000, time.UTC) // a microsecond earlier
	store, model := b.open(), NewModel()
	for _, batch := range []*Batch{full, bare} {
		source := b.put(store, batch)
		require.True(t, model.Put(batch))
		require.Contains(t, model.Sources(), source, "Commit answers as Sources lists")
	}
	b.listed(store, model)
	require.NoError(t, store.Close())
	store = b.open()
	b.listed(store, model)
	sources, err := store.Sources(context.Background())
	require.NoError(t, err)
	require.Equal(t, "TLP:RED", sources[1].Handling)
	require.Equal(t, "A1", sources[1].Grading)
	require.Equal(t, "부산 unit, \"2\"", sources[1].Owner)
	require.Equal(t, Day(31), sources[1].Retention)
	require.Equal(t, time.Date(2021, 1, 2, 23, 30, 0, 123456000, time.UTC), sources[1].ImportedAt, "instants come back in UTC")
}

func (suite) TestKnownOnIsExactToTheMicrosecond(t *testing.T, b *bench) {
	ctx := context.Background()
	instant := func(n int) time.Time {
		return time.Date(2021, 1, n, 10, 0, 0, 500001000, time.FixedZone("", -5*3600))
	}
	store, model := b.open(), NewModel()
	batch := NewBatch("source", 1, Shipment("1", "a", "b", 1))
	batch.Spec.ImportedAt = instant(2)
	source := b.put(store, batch)
	model.Put(batch)
	said := graph.Decision{Subject: Trader("a"), Kind: graph.Note, Author: "li", Reason: "ask", Time: instant(3), Sources: []graph.SourceID{source.ID}}
	same := graph.Decision{Subject: Trader("a"), Other: Trader("b"), Kind: graph.Same, Author: "li", Reason: "one seal", Time: instant(5)}
	run := graph.Run{Kind: "flag", Scope: graph.Scope{Sources: []graph.SourceID{source.ID}, Until: Day(1), KnownOn: instant(4)},
		Settings: []byte(`{}`), Results: []byte(`{"n":1}`), Decided: 1, Seed: 1<<64 - 1, Finished: instant(4), Tool: "v1 (ü)"}
	run.ID = run.NewRunID()
	for _, d := range []graph.Decision{said, same} {
		answer, err := store.Decide(ctx, d)
		require.NoError(t, err)
		model.Decide(d)
		require.Equal(t, model.decisions[len(model.decisions)-1], answer)
	}
	require.NoError(t, store.SaveRun(ctx, run))
	model.SaveRun(run)
	require.NoError(t, store.Withdraw(ctx, source.ID, instant(6), "wrong file"))
	model.endAt(source.ID, graph.Withdrawn, instant(6), "wrong file")
	b.listed(store, model)
	shown := ""
	for n := 2; n <= 6; n++ {
		for _, off := range []time.Duration{-time.Microsecond, 0, time.Microsecond} {
			scope := graph.Scope{KnownOn: instant(n).Add(off)}
			b.same(store, model, scope)
			reader := b.within(store, scope)
			decisions, err := reader.Decisions(ctx, "")
			require.NoError(t, err)
			runs, err := reader.Runs(ctx, "flag")
			require.NoError(t, err)
			shown += fmt.Sprint(len(reader.Scope().Sources), len(decisions), len(runs), " ")
		}
	}
	require.Equal(t, "0 0 0 1 0 0 1 0 0 1 0 0 1 1 0 1 1 0 1 1 0 1 1 1 1 1 1 1 1 1 1 2 1 1 2 1 1 2 1 0 1 0 0 1 0 ", shown)
	b.same(store, model, graph.Scope{})
}

func (suite) TestDecisionsAndRunsAreAskedForBySubjectAndKind(t *testing.T, b *bench) {
	ctx := context.Background()
	store := b.open()
	_, sources := office(b, store)
	other := graph.Run{Kind: "evaluate", Scope: graph.Scope{Sources: []graph.SourceID{sources[0].ID}}, Finished: Noon(20)}
	other.ID = other.NewRunID()
	require.NoError(t, store.SaveRun(ctx, other))
	reader := b.within(store, graph.Scope{})
	for subject, want := range map[graph.ID][]int64{
		Trader("imp"): {1, 3}, Trader("exp"): {1, 2}, Trader("hidden hand"): {2}, Trader("nobody"): nil,
	} {
		said, err := reader.Decisions(ctx, subject)
		require.NoError(t, err)
		var seqs []int64
		for _, d := range said {
			seqs = append(seqs, d.Seq)
		}
		require.Equal(t, want, seqs, subject)
	}
	runs, err := reader.Runs(ctx, "evaluate")
	require.NoError(t, err)
	require.Len(t, runs, 1)
	require.Nil(t, runs[0].Settings)
	runs, err = reader.Runs(ctx, "flag")
	require.NoError(t, err)
	require.Len(t, runs, 2)
	again := runs[0]
	again.Results = []byte(`{"networks":["other"]}`)
	require.NoError(t, store.SaveRun(ctx, again))
	runs, err = b.within(store, graph.Scope{}).Runs(ctx, "flag")
	require.NoError(t, err)
	require.Equal(t, `{"networks":[]}`, string(runs[0].Results), "the first of one id stays")
}

func (suite) TestPurgeOfTheOnlySourceAndImportAfterIt(t *testing.T, b *bench) {
	ctx := context.Background()
	store, model := b.open(), NewModel()
	first := b.put(store, everything())
	model.Put(everything())
	// What rests on no source outlives them all: that a case file left, say.
	run := graph.Run{Kind: "export", Scope: graph.Scope{Sources: []graph.SourceID{}}, Settings: json.RawMessage("{}"), Results: json.RawMessage("{}"), Finished: Noon(20)}
	run.ID = run.NewRunID()
	require.NoError(t, store.SaveRun(ctx, run))
	model.SaveRun(run)
	require.NoError(t, store.Purge(ctx, first.ID, Noon(21), "court order"))
	model.End(first.ID, graph.Purged, 21, "court order")
	for _, scope := range []graph.Scope{{}, {Sources: []graph.SourceID{}}, {KnownOn: Noon(20)}} {
		runs, err := b.within(store, scope).Runs(ctx, "export")
		require.NoError(t, err)
		require.Len(t, runs, 1)
		require.Equal(t, run.ID, runs[0].ID)
	}
	b.same(store, model, graph.Scope{})
	b.same(store, model, graph.Scope{KnownOn: Noon(20)})
	b.listed(store, model)
	_, err := b.within(store, graph.Scope{KnownOn: Noon(20)}).Evidence(ctx, first.SHA256)
	require.ErrorIs(t, err, graph.ErrNotFound)

	again := everything()
	again.Spec.ImportedAt = Noon(22)
	second := b.put(store, again)
	require.True(t, model.Put(again))
	require.NotEqual(t, first.ID, second.ID)
	b.same(store, model, graph.Scope{})
	b.same(store, model, graph.Scope{KnownOn: Noon(20)})
	require.NoError(t, store.Close())
	store = b.open()
	b.same(store, model, graph.Scope{})
	b.listed(store, model)
}

func (suite) TestARereadingOfAWithdrawnFile(t *testing.T, b *bench) {
	ctx := context.Background()
	store, model := b.open(), NewModel()
	first := NewBatch("file", 1, Shipment("1", "imp", "exp", 2), Shipment("2", "imp", "exp", 3))
	second := first.Reread(5, "other rules", Shipment("1", "imp", "other", 2))
	third := first.Reread(9, "third rules", Shipment("1", "imp", "third", 2))
	back := *first
	back.Spec.ImportedAt = Noon(13)
	withdraw := func(id graph.SourceID, day int) {
		require.NoError(t, store.Withdraw(ctx, id, Noon(day), "wrong"))
		model.End(id, graph.Withdrawn, day, "wrong")
	}
	var ids []graph.SourceID
	for i, batch := range []*Batch{first, second, third, &back} {
		ids = append(ids, b.put(store, batch).ID)
		require.True(t, model.Put(batch))
		if i != 1 { // the second is replaced by the third
			withdraw(ids[i], batch.Spec.ImportedAt.Day()+2)
		}
		b.listed(store, model)
		b.same(store, model, graph.Scope{})
		for _, day := range []int{2, 4, 6, 10, 12, 14, 16} {
			b.same(store, model, graph.Scope{KnownOn: Noon(day)})
		}
	}
	require.ErrorIs(t, store.Withdraw(ctx, ids[1], Noon(20), ""), graph.ErrEnded, "a replaced source has ended")
	require.NotEqual(t, ids[0], ids[3])
	require.NoError(t, store.Purge(ctx, ids[1], Noon(20), "court order"))
	model.End(ids[1], graph.Purged, 20, "court order")
	b.listed(store, model)
	for _, day := range []int{2, 6, 10, 14} {
		b.same(store, model, graph.Scope{KnownOn: Noon(day)})
	}
}

func (suite) TestPartsOfOneFileStandBesideEachOther(t *testing.T, b *bench) {
	ctx := context.Background()
	store, model := b.open(), NewModel()
	whole := NewBatch("file", 1, Shipment("1", "imp", "exp", 2))
	part := func(name string, day int, batch *Batch) *Batch {
		p := *batch
		p.Spec.Part, p.Spec.ImportedAt = name, Noon(day)
		return &p
	}
	first, second := part("first", 2, whole), part("second", 3, whole.Reread(3, "its rules", Shipment("2", "imp", "other", 3)))
	again := part("second", 5, whole.Reread(5, "better rules", Shipment("2", "imp", "third", 3)))
	ids := map[graph.SourceID]bool{}
	var last graph.Source
	for _, batch := range []*Batch{whole, first, second, again} {
		last = b.put(store, batch)
		require.True(t, model.Put(batch))
		ids[last.ID] = true
		b.listed(store, model)
		b.same(store, model, graph.Scope{})
	}
	require.Len(t, ids, 4, "each has an id of its own")
	sources, err := store.Sources(ctx)
	require.NoError(t, err)
	ends := map[graph.SourceID]graph.EndKind{}
	for i := range sources {
		ends[sources[i].ID] = sources[i].EndedBy
	}
	require.Equal(t, map[graph.SourceID]graph.EndKind{
		whole.Spec.ID(0): graph.NotEnded, first.Spec.ID(0): graph.NotEnded,
		second.Spec.ID(0): graph.Replaced, again.Spec.ID(0): graph.NotEnded,
	}, ends, "a re-reading replaces the reading of its own part")
	_, err = part("first", 9, whole).Import(ctx, store)
	require.ErrorIs(t, err, graph.ErrAlreadyImported)
	require.NoError(t, store.Purge(ctx, last.ID, Noon(10), "court order"))
	model.End(last.ID, graph.Purged, 10, "court order")
	b.same(store, model, graph.Scope{})
	file, err := b.within(store, graph.Scope{}).Evidence(ctx, whole.Spec.SHA256)
	require.NoError(t, err, "the other parts need the file")
	require.NoError(t, file.Close())
}

func (suite) TestFilesThatWereJoined(t *testing.T, b *bench) {
	ctx := context.Background()
	store, model := b.open(), NewModel()
	plain := NewBatch("declarations", 1, Shipment("1", "imp", "exp", 2))
	first := plain.Join(2, "traders", "통관, \"traders\".csv", "T1,ACME\n")
	first.Spec.Joined[0].Part = "sub/a.csv"
	again := plain.Join(3, "traders", "new.csv", "T1,ACME Ltd\n")
	two := again.Join(4, "offices", "offices.csv", "O1,Harbour\n")
	for _, batch := range []*Batch{plain, first, again, two} {
		source := b.put(store, batch)
		require.True(t, model.Put(batch))
		require.True(t, source.HasEvidence)
		require.Contains(t, model.Sources(), source)
		b.listed(store, model)
		b.same(store, model, graph.Scope{})
	}
	renamed := *two
	renamed.Spec.Joined = slices.Clone(two.Spec.Joined)
	renamed.Spec.Joined[1].Name = "o.csv"
	_, err := renamed.Import(ctx, store)
	require.ErrorIs(t, err, graph.ErrAlreadyImported, "the name of a file tells nothing")
	require.NoError(t, store.Close())
	store = b.open()
	b.listed(store, model)

	kept := func(scope graph.Scope, sha graph.SHA256) (string, error) {
		file, err := b.within(store, scope).Evidence(ctx, sha)
		if err != nil {
			return "", err
		}
		defer func() { _ = file.Close() }()
		return readAll(file)
	}
	for i := range two.Spec.Joined {
		text, err := kept(graph.Scope{}, two.Spec.Joined[i].SHA256)
		require.NoError(t, err)
		require.Equal(t, string(two.Beside[i]), text)
	}
	_, err = kept(graph.Scope{}, first.Spec.Joined[0].SHA256)
	require.ErrorIs(t, err, graph.ErrNotFound, "its source was replaced")
	text, err := kept(graph.Scope{KnownOn: Noon(2)}, first.Spec.Joined[0].SHA256)
	require.NoError(t, err)
	require.Equal(t, "T1,ACME\n", text)
	require.NoError(t, store.Purge(ctx, two.Spec.ID(0), Noon(9), "court order"))
	model.End(two.Spec.ID(0), graph.Purged, 9, "court order")
	b.listed(store, model)
	b.same(store, model, graph.Scope{KnownOn: Noon(3)})
	_, err = kept(graph.Scope{KnownOn: Noon(3)}, two.Spec.Joined[1].SHA256)
	require.ErrorIs(t, err, graph.ErrNotFound)
	text, err = kept(graph.Scope{KnownOn: Noon(3)}, again.Spec.Joined[0].SHA256)
	require.NoError(t, err, "an earlier reading needs it")
	require.Equal(t, "T1,ACME Ltd\n", text)
}

func (suite) TestEveryFileOfASourceIsKeptOrNone(t *testing.T, b *bench) {
	ctx := context.Background()
	store := b.open()
	batch := NewBatch("declarations", 1, Shipment("1", "imp", "exp", 2)).Join(2, "traders", "traders.csv", "T1,ACME\n")
	begin := func() graph.Import {
		work, err := store.Begin(ctx, batch.Spec)
		require.NoError(t, err)
		return work
	}
	work := begin()
	require.NoError(t, work.Keep(ctx, batch.Spec.SHA256, bytes.NewReader(batch.File)))
	_, err := work.Commit(ctx)
	require.ErrorIs(t, err, graph.ErrInvalidRecord)
	require.ErrorIs(t, begin().Keep(ctx, everything().Spec.SHA256, bytes.NewReader(everything().File)), graph.ErrInvalidRecord)
	work = begin()
	require.ErrorIs(t, work.Keep(ctx, batch.Spec.Joined[0].SHA256, bytes.NewReader(batch.File)), graph.ErrEvidenceMismatch)
	require.NoError(t, work.Abort())
	b.same(store, NewModel(), graph.Scope{})
	batch.File = nil
	require.False(t, b.put(store, batch).HasEvidence)
	_, err = b.within(store, graph.Scope{}).Evidence(ctx, batch.Spec.Joined[0].SHA256)
	require.ErrorIs(t, err, graph.ErrNoEvidence)
}

func (suite) TestEvidenceOfTwoSourcesOutlivesThePurgeOfOne(t *testing.T, b *bench) {
	ctx := context.Background()
	store := b.open()
	first := NewBatch("file", 1, Shipment("1", "imp", "exp", 2))
	second := first.Reread(5, "other rules", Shipment("1", "imp", "other", 2))
	one, two := b.put(store, first), b.put(store, second)
	kept := func(scope graph.Scope) (string, error) {
		file, err := b.within(store, scope).Evidence(ctx, first.Spec.SHA256)
		if err != nil {
			return "", err
		}
		defer func() { _ = file.Close() }()
		return readAll(file)
	}
	require.NoError(t, store.Purge(ctx, one.ID, Noon(6), "court order"))
	text, err := kept(graph.Scope{})
	require.NoError(t, err)
	require.Equal(t, string(first.File), text)
	_, err = kept(graph.Scope{KnownOn: Noon(2)})
	require.ErrorIs(t, err, graph.ErrNotFound)
	require.NoError(t, store.Purge(ctx, two.ID, Noon(7), "court order"))
	_, err = kept(graph.Scope{})
	require.ErrorIs(t, err, graph.ErrNotFound)

	third := first.Reread(9, "third rules", Shipment("1", "imp", "third", 2))
	third.File = nil
	b.put(store, third)
	_, err = kept(graph.Scope{})
	require.ErrorIs(t, err, graph.ErrNoEvidence, "what was purged is not there for a later reading either")
}

func (suite) TestEvidenceStaysForAWithdrawnReading(t *testing.T, b *bench) {
	ctx := context.Background()
	store := b.open()
	first := NewBatch("file", 1, Shipment("1", "imp", "exp", 2))
	one := b.put(store, first)
	require.NoError(t, store.Withdraw(ctx, one.ID, Noon(3), "wrong rules"))
	two := b.put(store, first.Reread(5, "other rules", Shipment("1", "imp", "other", 2)))
	kept := func() error {
		file, err := b.within(store, graph.Scope{KnownOn: Noon(2)}).Evidence(ctx, first.Spec.SHA256)
		if err != nil {
			return err
		}
		return file.Close()
	}
	require.NoError(t, store.Purge(ctx, two.ID, Noon(6), "court order"))
	require.NoError(t, kept(), "what was withdrawn is still known on the day before")
	require.NoError(t, store.Purge(ctx, one.ID, Noon(7), "court order"))
	require.ErrorIs(t, kept(), graph.ErrNotFound)
}

func (suite) TestTimesThatAreNone(t *testing.T, b *bench) {
	ctx := context.Background()
	store := b.open()
	source := b.put(store, everything())
	require.ErrorIs(t, store.Withdraw(ctx, source.ID, time.Time{}, ""), graph.ErrInvalidRecord)
	require.ErrorIs(t, store.Purge(ctx, source.ID, time.Time{}, ""), graph.ErrInvalidRecord)
	timeless := NewBatch("timeless", 1)
	timeless.Spec.ImportedAt = time.Time{}
	_, err := timeless.Import(ctx, store)
	require.ErrorIs(t, err, graph.ErrInvalidRecord)
	b.put(store, NewBatch("next", 2, Shipment("1", "a", "b", 1)))
}

package storetest

import (
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"rummage/graph"
)

func (suite) TestEmptyStoreShowsNothing(t *testing.T, b *bench) {
	store := b.open()
	sources, err := store.Sources(context.Background())
	require.NoError(t, err)
	require.Empty(t, sources)
	b.same(store, NewModel(), graph.Scope{})
	reader := b.within(store, graph.Scope{})
	_, err = reader.Entity(context.Background(), Trader("nobody"))
	require.ErrorIs(t, err, graph.ErrNotFound)
	_, err = reader.Evidence(context.Background(), "00")
	require.ErrorIs(t, err, graph.ErrNotFound)
}

// everything holds each kind of record, each field filled and each left out.
func everything() *Batch {
	container := graph.NewID(graph.Equipment, "CSQU3054384")
	full := graph.Statement{
		Consignment: Consignment("A/1 %"), View: graph.Manifest, Document: "M-77", Part: "3", Version: 2,
		Amended: Day(9), Date: Day(5),
		Fields: []graph.Field{
			{Name: "description", Value: "  電子 parts, \"used\"\n\tand ไทย"}, {Name: graph.FieldGrossMass, Value: "0012.500"},
			{Name: "tax_rate", Value: "8.0", Mark: "format"}, {Name: "tax_rate", Value: "8.0"},
		},
		Ties: []graph.Tie{{Role: graph.InEquipment, Entity: container}, {Role: graph.Consignee, Entity: Trader("Ölmühle 株式会社")},
			{Role: graph.NotifyParty, Entity: Trader("Ölmühle 株式会社")}},
	}
	bare := graph.Statement{Consignment: Consignment("A2"), View: graph.Declaration}
	return NewBatch("everything", 20,
		graph.Row{Statements: []graph.Statement{full}, Facts: []graph.Fact{
			{Entity: container, Property: graph.PropertyNumber, Value: "CSQU3054384", Mark: "check_digit", Date: Day(5)}}},
		graph.Row{Statements: []graph.Statement{bare}},
		graph.Row{Links: []graph.Link{
			{Role: graph.DirectorOf, From: Trader("chan"), To: Trader("acme"), Start: Day(1), End: Day(30), Key: "7",
				Fields: []graph.Field{{Name: "share", Value: "51 %"}}},
			{Role: graph.LinkedTo, From: Trader("chan"), To: Trader("acme")}}},
		graph.Row{Outcomes: []graph.Outcome{
			{Subject: Consignment("A2"), Result: graph.Seizure, Channel: graph.TipOff, Date: Day(8),
				Fields: []graph.Field{{Name: graph.FieldAmount, Value: "90000"}}},
			{Subject: Trader("acme"), Result: graph.Listed}}},
		graph.Row{Facts: []graph.Fact{{Entity: Trader("acme"), Property: graph.PropertyName, Value: "ACME 贸易 (HK) LTD."},
			{Entity: Trader("acme"), Property: graph.PropertyCountry, Value: "HK"}}},
		graph.Row{},
		graph.Row{Errors: []graph.RowError{{Column: "Date", Code: "date", Reason: "\"2021-02-30\" is no day"}}},
	)
}

func (suite) TestRecordsComeBackAsTheyWentIn(t *testing.T, b *bench) {
	store, model := b.open(), NewModel()
	batch := everything()
	source := b.put(store, batch)
	require.True(t, model.Put(batch))
	require.Equal(t, model.Sources()[0], source)
	b.same(store, model, graph.Scope{})

	sources, err := store.Sources(context.Background())
	require.NoError(t, err)
	require.Equal(t, model.Sources(), sources)

	c, err := b.within(store, graph.Scope{}).Consignment(context.Background(), Consignment("A/1 %"))
	require.NoError(t, err)
	require.Len(t, c.Current, 1)
	require.Equal(t, "  電子 parts, \"used\"\n\tand ไทย", c.Current[0].Fields[0].Value)
	require.Equal(t, []graph.Origin{{Source: source.ID, Row: 2}}, c.Current[0].Origins)
}

func (suite) TestRecordsSurviveReopening(t *testing.T, b *bench) {
	store, model := b.open(), NewModel()
	b.put(store, everything())
	model.Put(everything())
	require.NoError(t, store.Close())
	b.same(b.open(), model, graph.Scope{})
}

func (suite) TestImportIsInvisibleUntilCommit(t *testing.T, b *bench) {
	ctx := context.Background()
	store := b.open()
	batch := everything()
	work, err := store.Begin(ctx, batch.Spec)
	require.NoError(t, err)
	require.NoError(t, batch.append(ctx, work))
	b.same(store, NewModel(), graph.Scope{})
	before := b.within(store, graph.Scope{})

	_, err = work.Commit(ctx)
	require.NoError(t, err)
	require.NoError(t, work.Abort(), "abort after commit does nothing")
	model := NewModel()
	model.Put(batch)
	b.same(store, model, graph.Scope{})

	want, err := Dump(ctx, NewModel().Within(graph.Scope{}))
	require.NoError(t, err)
	got, err := Dump(ctx, before)
	require.NoError(t, err)
	require.Equal(t, want, got, "a reader goes on seeing the commit before it was opened")
}

func (suite) TestAbortLeavesNoTrace(t *testing.T, b *bench) {
	ctx := context.Background()
	store := b.open()
	batch := everything()
	work, err := store.Begin(ctx, batch.Spec)
	require.NoError(t, err)
	require.NoError(t, batch.append(ctx, work))
	require.NoError(t, work.Abort())
	require.ErrorIs(t, work.Append(ctx, &batch.Rows[0]), graph.ErrClosed)
	_, err = work.Commit(ctx)
	require.ErrorIs(t, err, graph.ErrClosed)
	b.same(store, NewModel(), graph.Scope{})
	b.put(store, batch)
}

func (suite) TestTheSameSourceAgainIsRefusedByName(t *testing.T, b *bench) {
	store := b.open()
	first := b.put(store, everything())
	again := everything()
	again.Spec.ImportedAt, again.Spec.Name = Noon(25), "copy.csv"
	_, err := again.Import(context.Background(), store)
	require.ErrorIs(t, err, graph.ErrAlreadyImported)
	var there *graph.AlreadyImportedError
	require.ErrorAs(t, err, &there)
	require.Equal(t, first, there.Source)
	sources, err := store.Sources(context.Background())
	require.NoError(t, err)
	require.Len(t, sources, 1)
}

func (suite) TestARereadingReplacesAtOnce(t *testing.T, b *bench) {
	store, model := b.open(), NewModel()
	first := NewBatch("two readings", 1, Shipment("1", "imp", "exp", 2), Shipment("2", "imp", "exp", 3))
	second := first.Reread(5, "other rules", Shipment("1", "imp", "other", 2))
	for _, batch := range []*Batch{first, second} {
		b.put(store, batch)
		require.True(t, model.Put(batch))
		b.same(store, model, graph.Scope{})
	}
	sources, err := store.Sources(context.Background())
	require.NoError(t, err)
	require.Equal(t, model.Sources(), sources)
	require.Equal(t, graph.Replaced, sources[0].EndedBy)
	require.Equal(t, sources[1].ID, sources[0].Replaced)
	b.same(store, model, graph.Scope{KnownOn: Noon(4)})
	b.same(store, model, graph.Scope{KnownOn: Noon(6)})
}

func (suite) TestEqualRecordsAreOneWithSeveralOrigins(t *testing.T, b *bench) {
	store, model := b.open(), NewModel()
	name := Named("acme", "ACME LTD")
	ties := Shipment("1", "acme", "exp", 3)
	link := graph.Row{Links: []graph.Link{{Role: graph.OwnedBy, From: Trader("acme"), To: Trader("top"), Start: Day(1)}}}
	for i, file := range []string{"first", "second", "third"} {
		batch := NewBatch(file, i+1, name, ties, link, Found("1", graph.Hit, 4), name, ties, link, Found("1", graph.Hit, 4))
		b.put(store, batch)
		require.True(t, model.Put(batch))
	}
	b.same(store, model, graph.Scope{})
	entity, err := b.within(store, graph.Scope{}).Entity(context.Background(), Trader("acme"))
	require.NoError(t, err)
	require.Len(t, entity.Facts, 1)
	require.Len(t, entity.Facts[0].Origins, 3)
}

func (suite) TestTheOriginOfAFactIsItsEarliestDay(t *testing.T, b *bench) {
	store, model := b.open(), NewModel()
	named := func(day int) graph.Row {
		row := Named("acme", "ACME")
		row.Facts[0].Date = Day(day)
		return row
	}
	batch := NewBatch("days", 1, named(9), named(4), named(7), named(4))
	b.put(store, batch)
	model.Put(batch)
	b.same(store, model, graph.Scope{})
	b.same(store, model, graph.Scope{Until: Day(3)})
	entity, err := b.within(store, graph.Scope{}).Entity(context.Background(), Trader("acme"))
	require.NoError(t, err)
	require.Equal(t, int64(3), entity.Facts[0].Origins[0].Row)
	require.Equal(t, Day(4), entity.Facts[0].Date)
}

func (suite) TestInvalidRecordsAbortTheImport(t *testing.T, b *bench) {
	ctx := context.Background()
	bad := map[string]graph.Row{
		"row number":      {Number: -1},
		"id of no kind":   {Facts: []graph.Fact{{Entity: "somebody/x", Property: "name", Value: "x"}}},
		"id too long":     {Facts: []graph.Fact{{Entity: graph.ID("party/" + strings.Repeat("x", graph.MaxID)), Property: "name", Value: "x"}}},
		"id not UTF-8":    {Facts: []graph.Fact{{Entity: "party/\xff", Property: "name", Value: "x"}}},
		"property":        {Facts: []graph.Fact{{Entity: Trader("x"), Property: "Full Name", Value: "x"}}},
		"empty value":     {Facts: []graph.Fact{{Entity: Trader("x"), Property: "name"}}},
		"link as a tie":   {Statements: []graph.Statement{{Consignment: Consignment("1"), View: graph.Declaration, Ties: []graph.Tie{{Role: graph.OwnedBy, Entity: Trader("x")}}}}},
		"tie as a link":   {Links: []graph.Link{{Role: graph.Importer, From: Trader("x"), To: Trader("y")}}},
		"no view":         {Statements: []graph.Statement{{Consignment: Consignment("1")}}},
		"no consignment":  {Statements: []graph.Statement{{Consignment: Trader("x"), View: graph.Declaration}}},
		"tie to shipment": {Statements: []graph.Statement{{Consignment: Consignment("1"), View: graph.Declaration, Ties: []graph.Tie{{Role: graph.Importer, Entity: Consignment("2")}}}}},
		"no result":       {Outcomes: []graph.Outcome{{Subject: Trader("x")}}},
	}
	store := b.open()
	for name, row := range bad {
		work, err := store.Begin(ctx, NewBatch(name, 1).Spec)
		require.NoError(t, err, name)
		good := Shipment("1", "a", "b", 1)
		good.Number = 2
		require.NoError(t, work.Append(ctx, &good), name)
		if row.Number == 0 {
			row.Number = 3
		}
		require.ErrorIs(t, work.Append(ctx, &row), graph.ErrInvalidRecord, name)
		_, err = work.Commit(ctx)
		require.ErrorIs(t, err, graph.ErrClosed, name)
	}
	b.same(store, NewModel(), graph.Scope{})
}

func (suite) TestRowsComeInRisingOrder(t *testing.T, b *bench) {
	ctx := context.Background()
	work, err := b.open().Begin(ctx, NewBatch("order", 1).Spec)
	require.NoError(t, err)
	first, second := Shipment("1", "a", "b", 1), Shipment("2", "a", "b", 1)
	first.Number, second.Number = 5, 5
	require.NoError(t, work.Append(ctx, &first))
	require.ErrorIs(t, work.Append(ctx, &second), graph.ErrInvalidRecord)
}

func (suite) TestEvidenceIsKeptByteForByte(t *testing.T, b *bench) {
	ctx := context.Background()
	store := b.open()
	kept := everything()
	b.put(store, kept)
	reader := b.within(store, graph.Scope{})
	file, err := reader.Evidence(ctx, kept.Spec.SHA256)
	require.NoError(t, err)
	text, err := readAll(file)
	require.NoError(t, err)
	require.Equal(t, string(kept.File), text)

	span, err := reader.Locate(ctx, graph.Origin{Source: kept.Spec.ID(0), Row: 3})
	require.NoError(t, err)
	line := make([]byte, span.Length)
	_, err = file.ReadAt(line, span.Offset)
	require.NoError(t, err)
	require.Equal(t, "everything row 3", string(line))
	require.NoError(t, file.Close())

	bare := NewBatch("without", 2, Shipment("9", "a", "b", 1))
	bare.File = nil
	require.False(t, b.put(store, bare).HasEvidence)
	_, err = b.within(store, graph.Scope{}).Evidence(ctx, bare.Spec.SHA256)
	require.ErrorIs(t, err, graph.ErrNoEvidence)
}

func (suite) TestEvidenceThatChangedIsRefused(t *testing.T, b *bench) {
	ctx := context.Background()
	store := b.open()
	work, err := store.Begin(ctx, everything().Spec)
	require.NoError(t, err)
	require.ErrorIs(t, work.Keep(ctx, everything().Spec.SHA256, strings.NewReader("something else")), graph.ErrEvidenceMismatch)
	require.NoError(t, work.Abort())
	b.same(store, NewModel(), graph.Scope{})
}

func (suite) TestOneImportAtATime(t *testing.T, b *bench) {
	ctx := context.Background()
	store := b.open()
	work, err := store.Begin(ctx, everything().Spec)
	require.NoError(t, err)
	short, cancel := context.WithTimeout(ctx, soon)
	defer cancel()
	_, err = store.Begin(short, NewBatch("second", 1).Spec)
	require.ErrorIs(t, err, graph.ErrLocked)
	require.NoError(t, work.Abort())
	second, err := store.Begin(ctx, NewBatch("second", 1).Spec)
	require.NoError(t, err)
	require.NoError(t, second.Abort())
}

func (suite) TestCancelledImportLeavesNoTrace(t *testing.T, b *bench) {
	store := b.open()
	ctx, cancel := context.WithCancel(context.Background())
	batch := everything()
	work, err := store.Begin(ctx, batch.Spec)
	require.NoError(t, err)
	require.NoError(t, batch.append(ctx, work))
	cancel()
	_, err = work.Commit(ctx)
	require.ErrorIs(t, err, context.Canceled)
	require.NoError(t, work.Abort())
	b.same(store, NewModel(), graph.Scope{})
	b.put(store, batch)
}

package storetest

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"rummage/graph"
)

func (suite) TestAConsignmentOfManySources(_ *testing.T, b *bench) {
	store, model := b.open(), NewModel()
	const sources = 20
	for i := range sources {
		row := Shipment("1", fmt.Sprint("imp ", i%4), fmt.Sprint("exp ", i%3), 1+i)
		s := &row.Statements[0]
		s.View = []graph.View{graph.Declaration, graph.Manifest, graph.Inspection}[i%3]
		s.Document, s.Part, s.Version = fmt.Sprint("doc ", i%2), []string{"", "1"}[i/2%2], int64(i/4)
		if i%5 == 0 {
			s.Amended = Day(1 + i)
		}
		batch := NewBatch(fmt.Sprint("document ", i), 1+i, row, Found("1", []graph.Result{graph.Clear, graph.Hit}[i%2], 1+i/2))
		b.put(store, batch)
		model.Put(batch)
	}
	b.same(store, model, graph.Scope{})
	all := model.Sources()
	for n := 1; n < sources; n += 3 {
		some := graph.Scope{Sources: []graph.SourceID{}}
		for i := n % 2; i < sources; i += n {
			some.Sources = append(some.Sources, all[i].ID)
		}
		b.same(store, model, some)
		b.same(store, model, graph.Scope{Until: Day(n), KnownOn: Noon(n + 2)})
	}
}

func (suite) TestOutcomesNeedNoConsignment(t *testing.T, b *bench) {
	ctx := context.Background()
	store, model := b.open(), NewModel()
	seized := graph.NewID(graph.Vessel, "imo", "9074729")
	first := NewBatch("inspections", 1, Found("unheard of", graph.Hit, 4), Found("a", graph.Clear, 2), Found("zz", graph.Clear, 6),
		graph.Row{Outcomes: []graph.Outcome{{Subject: seized, Result: graph.Seizure, Date: Day(5)}, {Subject: Trader("x"), Result: graph.Listed}}})
	second := NewBatch("declarations", 2, Shipment("b", "imp", "exp", 3))
	for _, batch := range []*Batch{first, second} {
		b.put(store, batch)
		model.Put(batch)
	}
	for _, until := range []graph.Date{graph.NoDate, Day(1), Day(2), Day(3), Day(4), Day(5), Day(6)} {
		b.same(store, model, graph.Scope{Until: until})
	}
	reader := b.within(store, graph.Scope{Until: Day(4)})
	c, err := reader.Consignment(ctx, Consignment("unheard of"))
	require.NoError(t, err)
	require.Empty(t, c.Current)
	require.Len(t, c.Outcomes, 1)
	_, err = reader.Entity(ctx, seized)
	require.ErrorIs(t, err, graph.ErrNotFound, "seized the day after")
	var ids []graph.ID
	for c, err := range reader.Consignments(ctx, graph.Want{}) {
		require.NoError(t, err)
		ids = append(ids, c.ID)
	}
	require.Equal(t, []graph.ID{Consignment("a"), Consignment("b"), Consignment("unheard of")}, ids)
}

func (suite) TestAnEntityInHistoryOnlyIsSeenAndIsNoNeighbour(t *testing.T, b *bench) {
	ctx := context.Background()
	store, model := b.open(), NewModel()
	old, amended := Shipment("1", "imp", "vanished", 1), Shipment("1", "imp", "exp", 1)
	amended.Statements[0].Version, amended.Statements[0].Amended = 1, Day(7)
	for i, row := range []graph.Row{old, amended} {
		batch := NewBatch(fmt.Sprint("state ", i), i+1, row)
		b.put(store, batch)
		model.Put(batch)
	}
	b.same(store, model, graph.Scope{})
	reader := b.within(store, graph.Scope{})
	_, err := reader.Entity(ctx, Trader("vanished"))
	require.NoError(t, err, "it is someone to look at")
	found, err := reader.Search(ctx, graph.SearchQuery{Text: "vanished"})
	require.NoError(t, err)
	require.Len(t, found, 1)
	counts, err := reader.Counts(ctx, Trader("vanished"))
	require.NoError(t, err)
	require.Empty(t, counts)
	connections, err := reader.Connections(ctx, graph.ConnectionQuery{ID: Trader("vanished")})
	require.NoError(t, err)
	require.Empty(t, connections)
	neighbours, err := reader.Neighbours(ctx, graph.NeighbourQuery{ID: Trader("imp")})
	require.NoError(t, err)
	require.Len(t, neighbours, 1)
	require.Equal(t, Trader("exp"), neighbours[0].ID)
	c, err := reader.Consignment(ctx, Consignment("1"))
	require.NoError(t, err)
	require.Len(t, c.History, 1)
}

func (suite) TestUntilIsTheLastDaySeen(t *testing.T, b *bench) {
	ctx := context.Background()
	store, model := b.open(), NewModel()
	first, amended, ahead := Shipment("1", "imp", "exp", 3), Shipment("1", "imp", "later", 3), Shipment("2", "imp", "ahead", 9)
	amended.Statements[0].Version, amended.Statements[0].Amended = 1, Day(6)
	ahead.Statements[0].Amended = Day(5) // amended before the day it speaks of
	name := Named("imp", "Importers United")
	name.Facts[0].Date = Day(4)
	link := graph.Row{Links: []graph.Link{{Role: graph.OwnedBy, From: Trader("imp"), To: Trader("top"), Start: Day(8), End: Day(20)}}}
	batch := NewBatch("days", 1, first, amended, ahead, name, link, Found("1", graph.Hit, 7))
	source := b.put(store, batch)
	model.Put(batch)
	require.Equal(t, Day(9), source.Newest, "the end of a link is no event")
	want := map[int]string{2: "", 3: "exp", 4: "exp", 5: "ahead exp", 6: "ahead later", 7: "ahead later", 8: "ahead later top", 9: "ahead later top"}
	for day := 2; day <= 10; day++ {
		scope := graph.Scope{Until: Day(day)}
		b.same(store, model, scope)
		neighbours, err := b.within(store, scope).Neighbours(ctx, graph.NeighbourQuery{ID: Trader("imp")})
		if day == 2 {
			require.ErrorIs(t, err, graph.ErrNotFound)
			continue
		}
		require.NoError(t, err)
		var names []string
		for _, n := range neighbours {
			names = append(names, n.ID.Label())
		}
		slices.Sort(names)
		require.Equal(t, want[min(day, 9)], strings.Join(names, " "), day)
	}
}

// bytesOf is a text of n bytes that does not repeat soon.
func bytesOf(n int) string {
	var text strings.Builder
	for i := 0; text.Len() < n; i++ {
		fmt.Fprintf(&text, "%d 貿易 ", i*i)
	}
	return strings.ToValidUTF8(text.String()[:n], "")
}

func (suite) TestHugeValuesComeBack(t *testing.T, b *bench) {
	ctx := context.Background()
	huge, other := bytesOf(1<<20), bytesOf(3<<19)
	row := Shipment("1", "imp", "exp", 1)
	row.Statements[0].Fields = []graph.Field{{Name: "description", Value: huge}, {Name: "remarks", Value: other}}
	row.Statements[0].Document, row.Statements[0].Part = huge[:70_000], huge[:70_000]
	row.Facts = []graph.Fact{{Entity: Trader("imp"), Property: graph.PropertyName, Value: "Needle " + other},
		{Entity: Trader("imp"), Property: "history", Value: huge}}
	row.Links = []graph.Link{{Role: graph.OwnedBy, From: Trader("imp"), To: Trader("top"), Key: huge[:70_000], Fields: []graph.Field{{Name: "share", Value: huge}}}}
	row.Errors = nil
	broken := graph.Row{Errors: []graph.RowError{{Column: huge[:70_000], Code: "size", Reason: huge}}}
	store, model := b.open(), NewModel()
	for i, batch := range []*Batch{NewBatch("huge", 1, row, broken), NewBatch("small", 2, Shipment("2", "imp", "exp", 1))} {
		b.put(store, batch)
		require.True(t, model.Put(batch), i)
	}
	reader, oracle := b.within(store, graph.Scope{}), model.Within(graph.Scope{})
	want, err := oracle.Consignment(ctx, Consignment("1"))
	require.NoError(t, err)
	got, err := reader.Consignment(ctx, Consignment("1"))
	require.NoError(t, err)
	require.True(t, len(got.Current) == 1 && slices.Equal(want.Current[0].Fields, got.Current[0].Fields), "fields of a mebibyte and more")
	require.True(t, want.Current[0].Document == got.Current[0].Document && want.Current[0].Part == got.Current[0].Part)
	entity, err := reader.Entity(ctx, Trader("imp"))
	require.NoError(t, err)
	require.True(t, len(entity.Facts) == 2 && entity.Facts[0].Value == huge && entity.Name() == "Needle "+other)
	for refused, err := range reader.Quarantine(ctx, reader.Scope().Sources[0]) {
		require.NoError(t, err)
		require.True(t, refused.Reason == huge && refused.Column == huge[:70_000])
	}
	for l, err := range reader.Links(ctx, graph.Want{}) {
		require.NoError(t, err)
		require.True(t, l.Key == huge[:70_000] && l.Fields[0].Value == huge)
	}
	found, err := reader.Search(ctx, graph.SearchQuery{Text: "needle"})
	require.NoError(t, err)
	require.Len(t, found, 1)
}

func (suite) TestThousandsOfTiesInOneStatement(t *testing.T, b *bench) {
	ctx := context.Background()
	const many = 6000
	row := Shipment("1", "hub", "exp", 1)
	for i := range 2 * many { // each twice
		row.Statements[0].Ties = append(row.Statements[0].Ties, graph.Tie{Role: graph.InEquipment, Entity: graph.NewID(graph.Equipment, fmt.Sprint("box ", i*7919%many))})
	}
	small := Shipment("2", "hub", "exp", 2)
	store := b.open()
	b.put(store, NewBatch("many ties", 1, row))
	b.put(store, NewBatch("few ties", 2, small))
	reader := b.within(store, graph.Scope{})
	c, err := reader.Consignment(ctx, Consignment("1"))
	require.NoError(t, err)
	require.Len(t, c.Ties(), many+2)
	require.True(t, slices.IsSortedFunc(c.Current[0].Ties, graph.CompareTies))
	counts, err := reader.Counts(ctx, Trader("hub"))
	require.NoError(t, err)
	require.Equal(t, []graph.Count{{Role: graph.Exporter, Neighbours: 1, Records: 2}, {Role: graph.InEquipment, Neighbours: many, Records: 1}}, counts)
	last, err := reader.Neighbours(ctx, graph.NeighbourQuery{ID: Trader("hub"), Offset: many, Limit: 10})
	require.NoError(t, err)
	require.Len(t, last, 1)
	connections, err := reader.Connections(ctx, graph.ConnectionQuery{ID: Trader("hub"), With: graph.NewID(graph.Equipment, "box 17")})
	require.NoError(t, err)
	require.Len(t, connections, 1)
}

func (suite) TestManyFactsOfOneEntity(t *testing.T, b *bench) {
	ctx := context.Background()
	const many = 100_000
	store := b.open()
	for part := range 2 {
		row := graph.Row{Facts: make([]graph.Fact, many/2)}
		for i := range row.Facts {
			n := part*many/2 + i*7919%(many/2)
			row.Facts[i] = graph.Fact{Entity: Trader("hub"), Property: graph.PropertyAlias, Value: fmt.Sprintf("Alias %06d", n)}
		}
		b.put(store, NewBatch(fmt.Sprint("part ", part), part+1, row, Named("hub", "Hub")))
	}
	reader := b.within(store, graph.Scope{})
	entity, err := reader.Entity(ctx, Trader("hub"))
	require.NoError(t, err)
	require.Len(t, entity.Facts, many+1)
	require.True(t, slices.IsSortedFunc(entity.Facts, func(x, y graph.Fact) int { return graph.CompareFacts(&x, &y) }))
	require.Len(t, entity.Facts[many].Origins, 2, "the name stands in both")
	found, err := reader.Search(ctx, graph.SearchQuery{Text: "077777"})
	require.NoError(t, err)
	require.Len(t, found, 1)
	require.Equal(t, "Alias 077777", found[0].Name)
}

// TestRecordsOfManyBlocks has more records than any block is likely to hold, in rows of some thousands, so that a store of small
// pieces has few of them.
func (suite) TestRecordsOfManyBlocks(t *testing.T, b *bench) {
	ctx := context.Background()
	const rows, each = 3, 4200
	store := b.open()
	batch := NewBatch("large", 1)
	for r := range rows {
		var row graph.Row
		for i := range each {
			n := (r*each + i) * 7919 % (rows * each) // in no order
			one := Shipment(fmt.Sprintf("%06d", n), "hub", fmt.Sprintf("exp %05d", n%9300), 1+n%28)
			row.Statements = append(row.Statements, one.Statements...)
			row.Links = append(row.Links, graph.Link{Role: graph.Paid, From: Trader("hub"), To: Trader(fmt.Sprintf("exp %05d", n%9300)), Key: fmt.Sprint(n)})
			row.Outcomes = append(row.Outcomes, Found(fmt.Sprintf("%06d", n), graph.Hit, 1+n%28).Outcomes...)
		}
		batch.Rows = append(batch.Rows, row)
		batch.Rows[r].Number = int64(r + 1)
	}
	require.Equal(t, int64(rows*each), b.put(store, batch).Consignments)
	b.put(store, NewBatch("amendment", 2, Shipment("012345", "other", "exp 00000", 28)))
	reader := b.within(store, graph.Scope{})
	n := 0
	for c, err := range reader.Consignments(ctx, graph.Want{Fields: []string{}}) {
		require.NoError(t, err)
		want := Consignment(fmt.Sprintf("%06d", n))
		if c.ID != want || len(c.Outcomes) != 1 || len(c.Current) != 1 {
			require.Equal(t, want, c.ID)
			require.Len(t, c.Outcomes, 1)
			require.Len(t, c.Current, 1)
		}
		n++
	}
	require.Equal(t, rows*each, n)
	counts, err := reader.Counts(ctx, Trader("hub"))
	require.NoError(t, err)
	c, err := reader.Consignment(ctx, Consignment("012345"))
	require.NoError(t, err)
	hub := int64(rows * each)
	if !slices.Contains(c.Ties(), graph.Tie{Role: graph.Importer, Entity: Trader("hub")}) {
		hub-- // the greater content hash counts
	}
	require.Equal(t, []graph.Count{{Role: graph.Exporter, Neighbours: 9300, Records: hub},
		{Role: graph.Paid, Neighbours: 9300, Records: rows * each}}, counts)
	page, err := reader.Connections(ctx, graph.ConnectionQuery{ID: Trader("hub"), With: Trader("exp 03000"), Limit: 10})
	require.NoError(t, err)
	require.Len(t, page, 2*2, "two consignments, two payments")
	for _, text := range []string{"exp 03000", "p 0300", "xp 09", "exp", "0930", "zz"} {
		want := 0
		for i := range 9300 {
			if score, _ := graph.Rank(text, fmt.Sprintf("exp %05d", i)); score > 0 {
				want++
			}
		}
		found, err := reader.Search(ctx, graph.SearchQuery{Text: text, Limit: 10_000})
		require.NoError(t, err)
		require.Equal(t, want, len(found), text)
	}
}

// TestAmendmentsOfManyBlocks has one consignment of one statement and then only pairs, so that a pair stands across the end of every
// block of an even number of records.
func (suite) TestAmendmentsOfManyBlocks(t *testing.T, b *bench) {
	ctx := context.Background()
	const pairs = 4200
	store := b.open()
	var row graph.Row
	row.Statements = append(row.Statements, Shipment("0", "hub", "exp", 1).Statements...)
	for i := range pairs {
		number := fmt.Sprintf("%06d", i)
		before, after := Shipment(number, "hub", "vanished", 1).Statements, Shipment(number, "hub", fmt.Sprint("exp ", i%7), 1).Statements
		after[0].Version = 1
		row.Statements = append(append(row.Statements, after...), before...)
	}
	require.Equal(t, int64(pairs+1), b.put(store, NewBatch("pairs", 1, row)).Consignments)
	reader := b.within(store, graph.Scope{})
	counts, err := reader.Counts(ctx, Trader("hub"))
	require.NoError(t, err)
	require.Equal(t, []graph.Count{{Role: graph.Exporter, Neighbours: 8, Records: pairs + 1}}, counts)
	counts, err = reader.Counts(ctx, Trader("vanished"))
	require.NoError(t, err)
	require.Empty(t, counts)
	connections, err := reader.Connections(ctx, graph.ConnectionQuery{ID: Trader("hub"), Limit: 1 << 20})
	require.NoError(t, err)
	require.Len(t, connections, pairs+1)
	n := 0
	for c, err := range reader.Consignments(ctx, graph.Want{Fields: []string{}, History: true}) {
		require.NoError(t, err)
		if len(c.Current) != 1 || len(c.History) != min(n, 1) {
			require.Len(t, c.Current, 1, c.ID)
			require.Len(t, c.History, min(n, 1), c.ID)
		}
		n++
	}
	require.Equal(t, pairs+1, n)
}

func (suite) TestIdenticalRowsAreOneRecord(t *testing.T, b *bench) {
	store, model := b.open(), NewModel()
	const rows = 300
	batch := NewBatch("the same", 1)
	for range rows {
		row := Shipment("1", "imp", "exp", 1)
		row.Facts = Named("imp", "Importers United").Facts
		row.Links = []graph.Link{{Role: graph.OwnedBy, From: Trader("imp"), To: Trader("top")}}
		row.Outcomes = Found("1", graph.Hit, 2).Outcomes
		batch.Rows = append(batch.Rows, row)
		batch.Rows[len(batch.Rows)-1].Number = int64(len(batch.Rows) + 1)
	}
	source := b.put(store, batch)
	model.Put(batch)
	require.Equal(t, int64(rows), source.Rows)
	require.Equal(t, int64(1), source.Consignments)
	b.same(store, model, graph.Scope{})
	counts, err := b.within(store, graph.Scope{}).Counts(context.Background(), Trader("imp"))
	require.NoError(t, err)
	require.Equal(t, []graph.Count{{Role: graph.Exporter, Neighbours: 1, Records: 1}, {Role: graph.OwnedBy, Neighbours: 1, Records: 1}}, counts)
}

func (suite) TestASourceOfRefusedRowsOnly(t *testing.T, b *bench) {
	ctx := context.Background()
	store, model := b.open(), NewModel()
	rows := make([]graph.Row, 2500)
	for i := range rows {
		rows[i].Errors = []graph.RowError{{Column: "Date", Code: "date", Reason: fmt.Sprint("no day: ", i)}, {Code: "missing"}}
		rows[i].Statements = Shipment("1", "imp", "exp", 1).Statements // of no effect
	}
	refused, empty := NewBatch("refused", 1, rows...), NewBatch("empty", 2)
	for _, batch := range []*Batch{refused, empty} {
		b.put(store, batch)
		model.Put(batch)
	}
	b.listed(store, model)
	sources, err := store.Sources(ctx)
	require.NoError(t, err)
	require.Equal(t, []int64{2500, 0, 2500}, []int64{sources[0].Rows, sources[0].Stored, sources[0].Quarantined})
	b.same(store, model, graph.Scope{})
	span, err := b.within(store, graph.Scope{}).Locate(ctx, graph.Origin{Source: sources[0].ID, Row: 2501})
	require.NoError(t, err)
	require.Equal(t, graph.Span{Offset: rows[2499].Offset, Length: rows[2499].Length}, span)
}

func (suite) TestManySourcesReadTheSameAsOne(t *testing.T, b *bench) {
	ctx := context.Background()
	const sources = 200
	alone := &bench{t: t, backend: b.backend, place: b.backend.Place(t)}
	store, other := b.open(), alone.open()
	var rows []graph.Row
	for i := range sources {
		one := []graph.Row{Shipment(fmt.Sprint(i), fmt.Sprint("imp ", i%23), fmt.Sprint("exp ", i%5), 1+i%28),
			Named(fmt.Sprint("imp ", i%23), fmt.Sprint("Importer number ", i%23)), Found(fmt.Sprint(i), graph.Clear, 1+i%28)}
		b.put(store, NewBatch(fmt.Sprint("day ", i), 1+i%28, one...))
		rows = append(rows, one...)
	}
	alone.put(other, NewBatch("all", 1, rows...))
	for _, until := range []graph.Date{graph.NoDate, Day(9)} {
		many, one := b.within(store, graph.Scope{Until: until}), alone.within(other, graph.Scope{Until: until})
		want, err := records(ctx, one)
		require.NoError(t, err)
		got, err := records(ctx, many)
		require.NoError(t, err)
		require.Equal(t, want, got, "origins aside")
	}
}

// records writes down what a reader shows, origins aside.
func records(ctx context.Context, reader graph.Reader) (string, error) {
	return told(&dump{ctx: ctx, reader: reader, bare: true})
}

// told writes down the records that a reader shows, by every way to read them, but not what was said of them.
func told(d *dump) (string, error) {
	for _, step := range []func() error{d.entities, d.consignments, d.links, d.finder, d.searches} {
		if err := step(); err != nil {
			return "", err
		}
	}
	return d.text.String(), nil
}

package storetest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"rummage/graph"
)

func (suite) TestClustersAreWhatCallsTakeAndReturn(t *testing.T, b *bench) {
	ctx := context.Background()
	store := b.open()
	model, _ := office(b, store)
	for i, d := range []graph.Decision{
		{Subject: Trader("imp"), Other: Trader("chan"), Kind: graph.Same},
		{Subject: Trader("secret exporter"), Other: Trader("imp"), Kind: graph.Unsure},
		{Subject: Trader("chan"), Other: Trader("exp"), Kind: graph.Same}, // against "different"
	} {
		d.Author, d.Time = "li", Noon(20+i)
		_, err := store.Decide(ctx, d)
		require.NoError(t, err)
		model.Decide(d)
	}
	b.same(store, model, graph.Scope{})
	reader := b.within(store, graph.Scope{})
	require.Equal(t, []graph.ID{Trader("chan"), Trader("imp")}, reader.Identity().Members(Trader("chan")))
	require.Len(t, reader.Identity().Conflicts(), 1)
	byMember, err := reader.Counts(ctx, Trader("imp"))
	require.NoError(t, err)
	byName, err := reader.Counts(ctx, Trader("chan"))
	require.NoError(t, err)
	require.Equal(t, byName, byMember)
}

func (suite) TestListsComeInPages(t *testing.T, b *bench) {
	ctx := context.Background()
	store, model := b.open(), NewModel()
	var rows []graph.Row
	for i := range 90 {
		rows = append(rows, Shipment(fmt.Sprintf("%03d", i), "hub", fmt.Sprintf("exp %02d", i%70), 1+i%28))
	}
	batch := NewBatch("hub", 1, rows...)
	b.put(store, batch)
	model.Put(batch)
	reader, oracle := b.within(store, graph.Scope{}), model.Within(graph.Scope{})
	for _, offset := range []int{0, 3, 60, 89, 500} {
		for _, limit := range []int{0, 1, 25} {
			query := graph.NeighbourQuery{ID: Trader("hub"), Roles: []graph.Role{graph.Exporter}, Offset: offset, Limit: limit}
			want, err := oracle.Neighbours(ctx, query)
			require.NoError(t, err)
			got, err := reader.Neighbours(ctx, query)
			require.NoError(t, err)
			require.ElementsMatch(t, want, got)
			require.Equal(t, len(want), len(got))
			connections := graph.ConnectionQuery{ID: Trader("hub"), Offset: offset, Limit: limit}
			wantC, err := oracle.Connections(ctx, connections)
			require.NoError(t, err)
			gotC, err := reader.Connections(ctx, connections)
			require.NoError(t, err)
			require.Equal(t, len(wantC), len(gotC))
			for i := range wantC {
				require.Equal(t, wantC[i], gotC[i])
			}
		}
	}
	none, err := reader.Neighbours(ctx, graph.NeighbourQuery{ID: Trader("hub"), Roles: []graph.Role{graph.Carrier}})
	require.NoError(t, err)
	require.Empty(t, none)
}

func (suite) TestSearchFindsInsideWordsAndInAnyScript(t *testing.T, b *bench) {
	ctx := context.Background()
	store, model := b.open(), NewModel()
	names := []string{
		"Golden Harvest Trading Co. Ltd", "GOLDEN DRAGON", "Goldenrod Shipping", "Marigolden", "東京貿易株式会社", "京東 物流",
		"삼성물산 주식회사", "บริษัท สยามการค้า จำกัด", "Công ty TNHH Thương Mại Sài Gòn", "Łódź Eksport", "ＦＵＬＬ ＷＩＤＴＨ", "O'Neill & Sons", "王五",
	}
	var rows []graph.Row
	for i, name := range names {
		rows = append(rows, Named(fmt.Sprintf("p%02d", i), name))
	}
	rows = append(rows, graph.Row{Facts: []graph.Fact{{Entity: graph.NewID(graph.Equipment, "CSQU3054383"),
		Property: graph.PropertyNumber, Value: "CSQU3054383"}}})
	batch := NewBatch("names", 1, rows...)
	b.put(store, batch)
	model.Put(batch)
	reader, oracle := b.within(store, graph.Scope{}), model.Within(graph.Scope{})
	for _, text := range []string{
		"golden", "gold", "olde", "GOLDEN HARVEST", "harvest golden", "trading ltd", "貿易", "京東", "東京貿易", "物산", "물산", "삼성", "สยาม",
		"จำ", "thuong mai", "sài gòn", "łódź", "lodz", "full width", "o'neill", "neill sons", "王五", "csqu", "3054383", "p03", "zz", "g", "", "  ", "%", "\"", "a\" OR \"b",
	} {
		query := graph.SearchQuery{Text: text, Limit: 5}
		want, err := oracle.Search(ctx, query)
		require.NoError(t, err)
		got, err := reader.Search(ctx, query)
		require.NoError(t, err, text)
		if len([]rune(graph.Fold(text))) < 2 {
			continue // from two characters on
		}
		require.Equal(t, len(want), len(got), text)
		for i := range want {
			require.Equal(t, want[i], got[i], text)
		}
	}
	found, err := reader.Search(ctx, graph.SearchQuery{Text: "貿易"})
	require.NoError(t, err)
	require.Len(t, found, 1)
	none, err := reader.Search(ctx, graph.SearchQuery{Text: "golden", Kinds: []graph.Kind{graph.Vessel}})
	require.NoError(t, err)
	require.Empty(t, none)
}

func (suite) TestSearchIsNotLedByWhatIsHidden(t *testing.T, b *bench) {
	ctx := context.Background()
	store, model := b.open(), NewModel()
	open := NewBatch("open", 1, Named("z", "Golden Dragon"), Named("a", "Golden Kraken"), Named("m", "Goldens"), Named("b", "Old Golden Drag"))
	hidden := NewBatch("hidden", 2, Named("z", "Golden"), Named("m", "Golden"), Named("y", "Golden"), Named("b", "Golden"))
	later := []graph.Row{Named("z", "Golden"), Named("m", "Golden"), Named("y", "Golden"), Named("b", "Golden")}
	for i := range later { // of the open source, but of a day to come
		later[i].Facts[0].Date = Day(9)
		later[i].Number = int64(len(open.Rows) + 2)
		open.Rows = append(open.Rows, later[i])
	}
	var sources []graph.SourceID
	for _, batch := range []*Batch{open, hidden} {
		sources = append(sources, b.put(store, batch).ID)
		model.Put(batch)
	}
	for _, scope := range []graph.Scope{{}, {Sources: sources[:1]}, {Until: Day(8), KnownOn: Noon(1)}, {Until: Day(8)}} {
		reader, oracle := b.within(store, scope), model.Within(scope)
		for limit := 1; limit <= 5; limit++ {
			query := graph.SearchQuery{Text: "golden", Limit: limit}
			want, err := oracle.Search(ctx, query)
			require.NoError(t, err)
			got, err := reader.Search(ctx, query)
			require.NoError(t, err)
			require.Equal(t, want, got)
		}
	}
}

func (suite) TestScansStopWhenTold(t *testing.T, b *bench) {
	store := b.open()
	office(b, store)
	reader := b.within(store, graph.Scope{})
	seen := 0
	for _, err := range reader.Entities(context.Background(), graph.Want{}) {
		require.NoError(t, err)
		seen++
		break
	}
	require.Equal(t, 1, seen)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	var last error
	for _, err := range reader.Consignments(ctx, graph.Want{}) {
		last = err
	}
	require.ErrorIs(t, last, context.Canceled)
}

func (suite) TestWhatIsNotWantedMayBeMissingButNothingElse(t *testing.T, b *bench) {
	ctx := context.Background()
	store := b.open()
	office(b, store)
	reader := b.within(store, graph.Scope{})
	whole := map[graph.ID]int{}
	for c, err := range reader.Consignments(ctx, graph.Want{}) {
		require.NoError(t, err)
		whole[c.ID] = len(c.Ties())
		shown, _ := c.Field(graph.FieldValue)
		require.NotEmpty(t, shown.Value)
	}
	for c, err := range reader.Consignments(ctx, graph.Want{Fields: []string{}, Properties: []string{}}) {
		require.NoError(t, err)
		require.Equal(t, whole[c.ID], len(c.Ties()))
		delete(whole, c.ID)
	}
	require.Empty(t, whole)
	for e, err := range reader.Entities(ctx, graph.Want{Properties: []string{graph.PropertyName}}) {
		require.NoError(t, err)
		if e.ID == Trader("imp") {
			require.Equal(t, "Importers United", e.Name())
		}
	}
}

func (suite) TestWhatCountsDoesNotDependOnWhatIsWanted(t *testing.T, b *bench) {
	ctx := context.Background()
	store, model := b.open(), NewModel()
	for n := range 8 { // of each document two states that only their content tells apart
		for state := range 2 {
			row := Shipment(fmt.Sprint(n), fmt.Sprint("imp ", state), "exp", 1)
			row.Statements[0].Fields = append(row.Statements[0].Fields, graph.Field{Name: "remark", Value: fmt.Sprint("state ", state, n)})
			row.Outcomes = []graph.Outcome{{Subject: Consignment(fmt.Sprint(n)), Result: graph.Hit, Date: Day(2), Fields: []graph.Field{{Name: "remark", Value: fmt.Sprint(state)}}}}
			row.Links = []graph.Link{{Role: graph.OwnedBy, From: Trader("imp 0"), To: Trader("exp"), Fields: []graph.Field{{Name: "remark", Value: fmt.Sprint(state)}}}}
			batch := NewBatch(fmt.Sprint("state ", state, " of ", n), 1+state, row)
			b.put(store, batch)
			model.Put(batch)
		}
	}
	reader, oracle := b.within(store, graph.Scope{}), model.Within(graph.Scope{})
	for _, want := range []graph.Want{{}, {Fields: []string{}}, {Fields: []string{graph.FieldValue}}, {Fields: []string{"remark"}, History: true, Origins: true}} {
		var got, expected []string
		for c, err := range reader.Consignments(ctx, want) {
			require.NoError(t, err)
			got = append(got, fmt.Sprint(c.ID, c.Ties(), len(c.Current), len(c.Outcomes)))
			if want.History {
				require.Len(t, c.History, 1)
				require.Len(t, c.History[0].Origins, 1)
			}
			if slices.Contains(want.Fields, "remark") {
				remark, _ := c.Field("remark")
				require.NotEmpty(t, remark.Value)
			}
		}
		for c, err := range oracle.Consignments(ctx, want) {
			require.NoError(t, err)
			expected = append(expected, fmt.Sprint(c.ID, c.Ties(), len(c.Current), len(c.Outcomes)))
		}
		require.Equal(t, expected, got)
		links := 0
		for _, err := range reader.Links(ctx, want) {
			require.NoError(t, err)
			links++
		}
		require.Equal(t, 2, links)
	}
}

// closed asserts that every call of a reader says that it is closed.
func closed(t *testing.T, reader graph.Reader, source graph.Source) {
	t.Helper()
	ctx := context.Background()
	_, entity := reader.Entity(ctx, Trader("imp"))
	_, consignment := reader.Consignment(ctx, Consignment("1"))
	_, counts := reader.Counts(ctx, Trader("imp"))
	_, neighbours := reader.Neighbours(ctx, graph.NeighbourQuery{ID: Trader("imp")})
	_, connections := reader.Connections(ctx, graph.ConnectionQuery{ID: Trader("imp")})
	_, search := reader.Search(ctx, graph.SearchQuery{Text: "imp"})
	_, located := reader.Locate(ctx, graph.Origin{Source: source.ID, Row: 2})
	_, evidence := reader.Evidence(ctx, source.SHA256)
	_, decisions := reader.Decisions(ctx, "")
	_, runs := reader.Runs(ctx, "flag")
	answers := map[string]error{"Entity": entity, "Consignment": consignment, "Counts": counts, "Neighbours": neighbours,
		"Connections": connections, "Search": search, "Locate": located, "Evidence": evidence, "Decisions": decisions, "Runs": runs}
	for _, err := range reader.Entities(ctx, graph.Want{}) {
		answers["Entities"] = err
	}
	for _, err := range reader.Consignments(ctx, graph.Want{}) {
		answers["Consignments"] = err
	}
	for _, err := range reader.Links(ctx, graph.Want{}) {
		answers["Links"] = err
	}
	for call, err := range answers {
		require.ErrorIs(t, err, graph.ErrClosed, call)
		require.NotErrorIs(t, err, graph.ErrDamaged, call)
	}
	require.Len(t, answers, 13)
}

func (suite) TestClosedIsClosed(t *testing.T, b *bench) {
	ctx := context.Background()
	store := b.open()
	_, sources := office(b, store)
	reader, err := store.Within(ctx, graph.Scope{})
	require.NoError(t, err)
	_, err = Dump(ctx, reader) // so that a store may know the answers by heart
	require.NoError(t, err)
	file, err := reader.Evidence(ctx, sources[0].SHA256)
	require.NoError(t, err)
	require.NoError(t, reader.Close())
	require.NoError(t, reader.Close(), "closing twice is harmless")
	closed(t, reader, sources[0])
	_, err = file.ReadAt(make([]byte, 1), 0)
	require.ErrorIs(t, err, graph.ErrClosed)
	left, err := store.Within(ctx, graph.Scope{})
	require.NoError(t, err)
	require.NoError(t, store.Close())
	closed(t, left, sources[0])
	require.NoError(t, left.Close())
	_, err = store.Within(ctx, graph.Scope{})
	require.ErrorIs(t, err, graph.ErrClosed)
	_, err = store.Sources(ctx)
	require.ErrorIs(t, err, graph.ErrClosed)
	_, err = store.Begin(ctx, NewBatch("late", 1).Spec)
	require.ErrorIs(t, err, graph.ErrClosed)
	_, err = store.Decide(ctx, graph.Decision{Subject: Trader("imp"), Kind: graph.Note, Time: Noon(1)})
	require.ErrorIs(t, err, graph.ErrClosed)
	require.ErrorIs(t, store.SaveRun(ctx, graph.Run{ID: "r-1", Kind: "flag", Finished: Noon(1)}), graph.ErrClosed)
	require.ErrorIs(t, store.Withdraw(ctx, sources[0].ID, Noon(9), ""), graph.ErrClosed)
	require.ErrorIs(t, store.Purge(ctx, sources[0].ID, Noon(9), ""), graph.ErrClosed)
}

func (suite) TestDecisionsMustMakeSense(t *testing.T, b *bench) {
	ctx := context.Background()
	store := b.open()
	for name, d := range map[string]graph.Decision{
		"no subject":      {Kind: graph.Note, Time: Noon(1)},
		"no second":       {Subject: Trader("a"), Kind: graph.Same, Time: Noon(1)},
		"itself":          {Subject: Trader("a"), Other: Trader("a"), Kind: graph.Different, Time: Noon(1)},
		"two kinds":       {Subject: Trader("a"), Other: graph.NewID(graph.Address, "a"), Kind: graph.Same, Time: Noon(1)},
		"a network":       {Subject: Trader("a"), Other: "n-0123456789ab", Kind: graph.Unsure, Time: Noon(1)},
		"no entities":     {Subject: Consignment("1"), Other: Consignment("2"), Kind: graph.Same, Time: Noon(1)},
		"a needless pair": {Subject: Trader("a"), Other: Trader("b"), Kind: graph.Cleared, Time: Noon(1)},
		"unknown verdict": {Subject: Trader("a"), Kind: "guilty", Time: Noon(1)},
		"no time":         {Subject: Trader("a"), Kind: graph.Note},
	} {
		_, err := store.Decide(ctx, d)
		require.True(t, errors.Is(err, graph.ErrInvalidRecord), "%s: %v", name, err)
	}
	all, err := b.within(store, graph.Scope{}).Decisions(ctx, "")
	require.NoError(t, err)
	require.Empty(t, all)
}

package storetest

import (
	"context"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"rummage/graph"
)

// rounds is how many random histories each run of the suite compares, and fewRounds where they are to be few: no kind of step is missing in these.
const rounds, fewRounds = 12, 4

// many is how often something is tried: less often with -short, and on a slow store.
func (b *bench) many(times, few int) int {
	if testing.Short() || b.backend.Slow && !*full {
		return few
	}
	return times
}

func (suite) TestRandomHistoriesReadAsTheModelSays(t *testing.T, b *bench) {
	for seed := range b.many(rounds, fewRounds) {
		history := NewHistory(seed)
		place := &bench{t: t, backend: b.backend, place: b.backend.Place(t)}
		store := place.open()
		model := history.Play(t, store)
		for _, scope := range history.Scopes(model) {
			place.same(store, model, scope)
		}
		listed, err := store.Sources(context.Background())
		require.NoError(t, err)
		require.Equal(t, model.Sources(), listed)
		if checker, ok := store.(graph.Checker); ok {
			problems, err := checker.Check(context.Background(), func(int64, int64) {})
			require.NoError(t, err)
			require.Empty(t, problems)
		}
		require.NoError(t, store.Close())
	}
}

// history is what happens to a store, and the scopes it is then read in.
type history struct {
	steps []func(*testing.T, graph.Store, *Model)
	kinds []string // of the steps, as they were drawn
	days  []graph.Date
	known []int
	some  []bool
}

func (h *history) scopes(model *Model) []graph.Scope {
	var clearance []graph.SourceID
	for i, source := range model.Sources() {
		if h.some[i%len(h.some)] {
			clearance = append(clearance, source.ID)
		}
	}
	scopes := []graph.Scope{{}, {Sources: append([]graph.SourceID{}, clearance...)}, {Ended: true}}
	for _, scope := range scopes[:2] {
		scopes = append(scopes, model.Within(scope).Scope())
	}
	for _, until := range h.days {
		for _, known := range h.known {
			scopes = append(scopes, graph.Scope{Until: until, KnownOn: Noon(known)})
		}
	}
	return scopes
}

func drawHistory(t *rapid.T) *history {
	h := &history{
		days:  []graph.Date{graph.NoDate, drawDay(t)},
		known: rapid.SliceOfN(rapid.IntRange(1, 28), 2, 2).Draw(t, "known"),
		some:  rapid.SliceOfN(rapid.Bool(), 3, 3).Draw(t, "clearance"),
	}
	for i := range rapid.IntRange(2, 7).Draw(t, "steps") {
		kind := rapid.SampledFrom([]string{"import", "import", "import", "reread", "decide", string(graph.Withdrawn), string(graph.Purged)}).Draw(t, "step")
		h.steps, h.kinds = append(h.steps, drawStep(t, i, kind)), append(h.kinds, kind)
	}
	return h
}

func drawStep(t *rapid.T, n int, kind string) func(*testing.T, graph.Store, *Model) {
	day := n*4 + 1
	batch := drawBatch(t, fmt.Sprintf("source %d", n), day)
	verdict := graph.Decision{Subject: Trader(drawName(t)), Other: Trader(drawName(t)), Author: "li", Reason: "looks so", Time: Noon(day),
		Kind: rapid.SampledFrom([]graph.Verdict{graph.Same, graph.Same, graph.Different}).Draw(t, "verdict")}
	pick := rapid.IntRange(0, 5).Draw(t, "which source")
	return func(t *testing.T, store graph.Store, model *Model) {
		sources := model.Sources()
		if len(sources) == 0 && kind != "decide" {
			kind = "import"
		}
		switch kind {
		case "import":
			put(t, store, model, batch)
		case "reread":
			had, there := model.batches[sources[pick%len(sources)].ID]
			if there {
				again := had.Reread(day, fmt.Sprint("rules ", n), batch.Rows[:min(len(batch.Rows), len(had.Rows))]...)
				if pick%2 == 1 { // files that several sources join
					again = again.Join(day, fmt.Sprint("join ", n), "list.csv", fmt.Sprint("list ", pick, "\n"))
				}
				put(t, store, model, again)
			}
		case "decide":
			if verdict.Subject != verdict.Other {
				if len(sources) > 0 && pick > 0 {
					verdict.Sources = []graph.SourceID{sources[pick%len(sources)].ID}
				}
				_, err := store.Decide(context.Background(), verdict)
				require.NoError(t, err)
				model.Decide(verdict)
			}
		default:
			ending{sources[pick%len(sources)], graph.EndKind(kind), day}.happen(t, store, model)
		}
	}
}

func put(t *testing.T, store graph.Store, model *Model, batch *Batch) {
	_, err := batch.Import(context.Background(), store)
	if !model.Put(batch) {
		require.ErrorIs(t, err, graph.ErrAlreadyImported)
		return
	}
	require.NoError(t, err)
}

// ending is the withdrawal or the purge of a source on a day.
type ending struct {
	source graph.Source
	kind   graph.EndKind
	day    int
}

func (e ending) happen(t *testing.T, store graph.Store, model *Model) {
	act := store.Withdraw
	if e.kind == graph.Purged {
		act = store.Purge
	}
	err := act(context.Background(), e.source.ID, Noon(e.day), "because")
	if e.source.EndedBy == graph.Purged || e.kind == graph.Withdrawn && e.source.EndedBy != graph.NotEnded {
		require.ErrorIs(t, err, graph.ErrEnded)
		return
	}
	require.NoError(t, err)
	model.End(e.source.ID, e.kind, e.day, "because")
}

func drawName(t *rapid.T) string {
	return rapid.SampledFrom([]string{"a", "b", "c", "d", "中", "\U0001F6A2", "x y", "e/f"}).Draw(t, "name")
}

func drawDay(t *rapid.T) graph.Date {
	if n := rapid.IntRange(0, 20).Draw(t, "day"); n > 0 {
		return Day(n)
	}
	return graph.NoDate
}

func drawBatch(t *rapid.T, name string, day int) *Batch {
	rows := make([]graph.Row, rapid.IntRange(1, 8).Draw(t, "rows"))
	for i := range rows {
		rows[i] = drawRow(t)
	}
	return NewBatch(name, day, rows...)
}

func drawRow(t *rapid.T) graph.Row {
	var row graph.Row
	switch rapid.IntRange(0, 9).Draw(t, "row") {
	case 0:
		row.Errors = []graph.RowError{{Column: "c", Code: "date", Reason: "no day"}}
	case 1, 2:
		row.Facts = []graph.Fact{{Entity: Trader(drawName(t)), Property: rapid.SampledFrom([]string{"name", "alias", "country"}).Draw(t, "property"),
			Value: "Acme " + drawName(t), Date: drawDay(t)}}
	case 3:
		row.Links = []graph.Link{{Role: rapid.SampledFrom([]graph.Role{graph.OwnedBy, graph.Paid}).Draw(t, "role"),
			From: Trader(drawName(t)), To: Trader(drawName(t)), Start: drawDay(t)}}
	case 4:
		row.Outcomes = []graph.Outcome{{Subject: rapid.SampledFrom([]graph.ID{Consignment("1"), Consignment("9"), Trader("a")}).Draw(t, "subject"),
			Result: rapid.SampledFrom([]graph.Result{graph.Clear, graph.Hit}).Draw(t, "result"), Date: drawDay(t)}}
	default:
		row.Statements = []graph.Statement{drawStatement(t)}
	}
	return row
}

func drawStatement(t *rapid.T) graph.Statement {
	s := graph.Statement{
		Consignment: Consignment(rapid.SampledFrom([]string{"1", "2", "3"}).Draw(t, "number")),
		View:        rapid.SampledFrom([]graph.View{graph.Declaration, graph.Manifest, graph.WarehouseReceipt}).Draw(t, "view"),
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
	for range rapid.IntRange(0, 3).Draw(t, "ties") {
		s.Ties = append(s.Ties, graph.Tie{Role: rapid.SampledFrom([]graph.Role{graph.Importer, graph.Exporter, graph.Carrier}).Draw(t, "role"),
			Entity: Trader(drawName(t))})
	}
	return s
}

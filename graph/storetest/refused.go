package storetest

import (
	"context"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"rummage/graph"
)

// TestRefusedRowsOfJoinedFiles: they are kept beside those of the source, counted nowhere, and gone when it is purged.
func (suite) TestRefusedRowsOfJoinedFiles(t *testing.T, b *bench) {
	ctx := context.Background()
	store := b.open()
	refused := func(join string, row int64, reasons ...string) (all []graph.RowError) {
		for _, reason := range reasons {
			all = append(all, graph.RowError{Join: join, Row: row, Span: graph.Span{Offset: 10 * row, Length: 9}, Column: "Code", Code: "missing", Reason: reason})
		}
		return all
	}
	batch := NewBatch("lines", 1, graph.Row{Facts: []graph.Fact{{Entity: Trader("a"), Property: "name", Value: "A"}}},
		graph.Row{Errors: []graph.RowError{{Column: "Date", Code: "date", Reason: "no day"}}}).
		Join(1, "traders", "traders.csv", "Code,Name\n").Join(1, "header", "headers.csv", "No,Day\n")
	for row := range int64(3000) {
		batch.Refused = append(batch.Refused, refused("traders", row+2, "Code is empty"))
	}
	batch.Refused = append(batch.Refused, refused("header", 3, "No is empty", "Day is no day"), refused("header", 9, ""))
	source, err := batch.Import(ctx, store)
	require.NoError(t, err)
	require.Equal(t, []int64{2, 1, 1}, []int64{source.Rows, source.Stored, source.Quarantined})
	var got []graph.RowError
	for e, err := range b.within(store, graph.Scope{}).Quarantine(ctx, source.ID) {
		require.NoError(t, err)
		require.Equal(t, source.ID, e.Source)
		e.Source = ""
		got = append(got, e)
	}
	require.Len(t, got, 1+3000+3)
	require.Equal(t, graph.RowError{Row: 3, Span: got[0].Span, Column: "Date", Code: "date", Reason: "no day"}, got[0])
	require.Equal(t, slices.Concat(batch.Refused...), got[1:])
	b.sound(store)

	for what, calls := range map[string][][]graph.RowError{
		"no reason":             {nil},
		"a file of no join":     {refused("others", 2, "x")},
		"no row":                {refused("traders", 0, "x")},
		"a row before another":  {refused("traders", 3, "x"), refused("traders", 2, "x")},
		"a row twice":           {refused("traders", 3, "x"), refused("traders", 3, "x")},
		"a file before another": {refused("header", 3, "x"), refused("traders", 4, "x")},
		"two rows in one":       {append(refused("traders", 3, "x"), refused("traders", 4, "x")...)},
	} {
		other := *batch
		other.Spec.Options, other.Refused = "delimiter="+what, calls
		_, err := other.Import(ctx, store)
		require.ErrorIs(t, err, graph.ErrInvalidRecord, what)
	}
	other := *batch
	other.Spec.Options = "another"
	work, err := store.Begin(ctx, other.Spec)
	require.NoError(t, err)
	require.NoError(t, work.Refuse(ctx, refused("traders", 2, "x")))
	row := cloneRow(&other.Rows[0])
	require.ErrorIs(t, work.Append(ctx, &row), graph.ErrInvalidRecord)
	require.NoError(t, work.Abort())
	require.ErrorIs(t, work.Refuse(ctx, refused("traders", 3, "x")), graph.ErrClosed)

	require.NoError(t, store.Purge(ctx, source.ID, Noon(3), "over"))
	b.sound(store)
}

package neo4j

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"rummage/graph"
	"rummage/graph/neo4j/neo4jtest"
	"rummage/graph/storetest"
)

// texts that files of comma-separated values find hard.
var hard = storetest.NewBatch("hard", 3,
	storetest.Named("quote \"\" , bar | \\", "A \"quoted\", name; with 'marks' \\n and \x1b"),
	storetest.Named("lines", "first\nsecond\r\nthird"),
	storetest.Named("long", strings.Repeat("a very long name ", 2000)),
	storetest.Named("東京", "東京貿易\u2028株式会社 "),
	storetest.Shipment("1,\"2\"", "lines", "long", 2),
	withTies(storetest.Shipment("twice", "lines", "long", 2), graph.Importer, "a", "b"),
	withTies(withTies(storetest.Shipment("twice undated", "lines", "long", 2), graph.Importer, "a"), graph.Exporter, "b", "c"),
	graph.Row{Links: []graph.Link{
		{Role: graph.DirectorOf, From: storetest.Trader("lines"), To: storetest.Trader("long"), Start: storetest.Day(1), End: storetest.Day(9), Key: "7,\"8\"",
			Fields: []graph.Field{{Name: "share", Value: "51 %"}, {Name: "note", Value: "one\ntwo", Mark: "format"}}},
		{Role: graph.Paid, From: storetest.Trader("long"), To: storetest.Trader("lines")}}},
	graph.Row{Errors: []graph.RowError{{Column: "a,b", Code: "date", Reason: "\"x\"\nis no day"}}},
)

// beside is a source beside two second files, rows of which were refused.
func beside() *storetest.Batch {
	b := storetest.NewBatch("beside", 4, storetest.Shipment("joined", "lines", "long", 2)).
		Join(4, "traders", "traders, \"all\".csv", "Code,Name\n").Join(4, "traders.2", "mend.traders.csv", "rummage_row,Code\n")
	refused := func(join string, row int64, columns ...string) (all []graph.RowError) {
		for _, column := range columns {
			all = append(all, graph.RowError{Join: join, Row: row, Span: graph.Span{Offset: 7 * row, Length: 6}, Column: column, Code: "ragged", Reason: "\"x\",\nis short"})
		}
		return all
	}
	b.Refused = [][]graph.RowError{refused("traders", 2, "Code"), refused("traders", 19, "Code", "a,b"), refused("traders.2", 2, "")}
	return b
}

// withTies adds ties in one role, so that it stands there more than once.
func withTies(row graph.Row, role graph.Role, names ...string) graph.Row {
	s := &row.Statements[0]
	if len(names) < 2 {
		s.Date = graph.NoDate
	}
	for _, name := range names {
		s.Ties = append(s.Ties, graph.Tie{Role: role, Entity: storetest.Trader(name)})
	}
	return row
}

// TestADatabaseLoadedFromFilesIsTheStoreThatTheyWereWrittenFrom writes the files of a store with a random history, lets neo4j-admin load
// them, and reads the database in every scope.
func TestADatabaseLoadedFromFilesIsTheStoreThatTheyWereWrittenFrom(t *testing.T) {
	ctx := context.Background()
	loaded := neo4jtest.Own(t, neo4jtest.Options{})
	for _, seed := range []int{8} {
		server := neo4jtest.Shared(t)
		from, err := Open(ctx, server.Address, Options{User: server.User, Password: server.Password, Create: true, Evidence: t.TempDir()})
		require.NoError(t, err)
		history := storetest.NewHistory(seed)
		model := history.Play(t, from)
		_, err = hard.Import(ctx, from)
		require.NoError(t, err)
		model.Put(hard)
		joined := beside()
		_, err = joined.Import(ctx, from)
		require.NoError(t, err)
		model.Put(joined)
		dir, folder := filepath.Join(t.TempDir(), "files"), t.TempDir()
		var told int64
		bulk, err := WriteBulk(ctx, from, BulkOptions{Dir: dir, Evidence: folder, Progress: func(rows int64) { told = rows }})
		require.NoError(t, err)
		require.Equal(t, "neo4j-admin database import full @import.args neo4j", bulk.Command)
		require.LessOrEqual(t, told, bulk.Nodes+bulk.Relationships)

		said := loaded.Load(t, dir, argumentFile)
		require.Contains(t, said, "IMPORT DONE")
		to, err := Open(ctx, loaded.Address, Options{User: loaded.User, Password: loaded.Password, Evidence: folder, Holder: "test", Tool: "test"})
		require.NoError(t, err)
		problems, err := to.Check(ctx, nil)
		require.NoError(t, err)
		require.Empty(t, problems)
		listed, err := to.Sources(ctx)
		require.NoError(t, err)
		require.Equal(t, model.Sources(), listed)
		for _, scope := range history.Scopes(model) {
			want, err := storetest.Dump(ctx, model.Within(scope))
			require.NoError(t, err)
			reader, err := to.Within(ctx, scope)
			require.NoError(t, err)
			got, err := storetest.Dump(ctx, reader)
			require.NoError(t, err)
			require.Equal(t, want, got)
			require.NoError(t, reader.Close())
		}
		_, err = storetest.NewBatch("next", 5, storetest.Shipment("next", "a", "b", 3)).Import(ctx, to)
		require.NoError(t, err, "the store goes on from there")
		require.NoError(t, to.Close())
		require.NoError(t, from.Close())
	}
}

func TestFilesOfEqualStoresAreEqual(t *testing.T) {
	ctx := context.Background()
	var first map[string]string
	for range 2 {
		from := emptyStore(t)
		storetest.NewHistory(5).Play(t, from)
		dir := t.TempDir()
		_, err := WriteBulk(ctx, from, BulkOptions{Dir: dir})
		require.NoError(t, err)
		require.NoError(t, from.Close())
		files := map[string]string{}
		entries, err := os.ReadDir(dir)
		require.NoError(t, err)
		for _, entry := range entries {
			text, err := os.ReadFile(filepath.Join(dir, entry.Name()))
			require.NoError(t, err)
			files[entry.Name()] = string(text)
		}
		if first == nil {
			first = files
			continue
		}
		require.Equal(t, first, files)
	}
}

func TestFilesGoIntoAnEmptyFolderOnly(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "mine.csv"), nil, 0o600))
	_, err := WriteBulk(context.Background(), nil, BulkOptions{Dir: dir})
	require.ErrorIs(t, err, ErrNotEmpty)
	_, err = WriteBulk(context.Background(), nil, BulkOptions{Dir: filepath.Join(dir, "mine.csv")})
	require.Error(t, err)
}

func TestABrokenOffWritingLeavesNoFiles(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	from := emptyStore(t)
	_, err := hard.Import(ctx, from)
	require.NoError(t, err)
	reader, err := from.Within(ctx, graph.Scope{Ended: true})
	require.NoError(t, err)
	require.NoError(t, reader.Close())
	cancel()
	dir := t.TempDir()
	_, err = WriteBulk(ctx, from, BulkOptions{Dir: dir})
	require.ErrorIs(t, err, context.Canceled)
	left, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Empty(t, left)
	require.NoError(t, from.Close())
}

func TestAColumnHasOneType(t *testing.T) {
	table, err := newTable(t.TempDir(), "x", "nodes=X", "id:ID(x)")
	require.NoError(t, err)
	require.NoError(t, table.row([]string{"1"}, map[string]any{"a": int64(1)}))
	require.ErrorContains(t, table.row([]string{"2"}, map[string]any{"a": "one"}), "property a: is string and was long")
	require.ErrorContains(t, table.row([]string{"3"}, map[string]any{"b": []string{"a\x1fb"}}), "U+001F")
	require.ErrorContains(t, table.row([]string{"4"}, map[string]any{"c": struct{}{}}), "no column type")
	require.NoError(t, table.file.Close())
}

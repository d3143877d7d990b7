package explore_test

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rummage/algo/explore"
	"rummage/graph"
	"rummage/graph/sqlite"
	"rummage/graph/storetest"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// harbour is the world that the tests walk. Every letter trades through the
// port; declarations are named by their two traders.
//
//	A ── B ── C ── D        traders by shared declarations
//	│         │    │
//	@mill     E ───┘        @ an address, = a director
//	│
//	F ════ G (director)     lone: H, no tie but the port
func harbour() []*storetest.Batch {
	port := graph.NewID(graph.Place, "HKHKG")
	ship := func(importer, exporter string, day int) graph.Row {
		row := storetest.Shipment(importer+exporter, importer, exporter, day)
		row.Statements[0].Ties = append(row.Statements[0].Ties, graph.Tie{Role: graph.Discharge, Entity: port})
		return row
	}
	mill := graph.NewID(graph.Address, "1 Mill Lane")
	link := func(role graph.Role, from, to graph.ID, day int) graph.Row {
		return graph.Row{Links: []graph.Link{{Role: role, From: from, To: to, Start: storetest.Day(day)}}}
	}
	lone := ship("H", "H", 9)
	lone.Statements[0].Ties = lone.Statements[0].Ties[1:]
	return []*storetest.Batch{
		storetest.NewBatch("declarations", 1,
			ship("A", "B", 1), ship("B", "C", 2), ship("C", "D", 3), ship("E", "C", 4), ship("D", "E", 5), lone),
		storetest.NewBatch("register", 2,
			link(graph.RegisteredAt, storetest.Trader("A"), mill, 1),
			link(graph.RegisteredAt, storetest.Trader("F"), mill, 2),
			link(graph.DirectorOf, storetest.Trader("G"), storetest.Trader("F"), 3),
			storetest.Named("A", "Amber Trading"), storetest.Named("D", "Delta Ltd")),
	}
}

// within imports the batches into the embedded store and opens it.
func within(t testing.TB, batches ...*storetest.Batch) graph.Reader {
	t.Helper()
	ctx := context.Background()
	store, err := sqlite.Open(ctx, filepath.Join(t.TempDir(), "s.db"), sqlite.Options{Create: true})
	require.NoError(t, err)
	t.Cleanup(func() { _ = store.Close() })
	for _, b := range batches {
		_, err := b.Import(ctx, store)
		require.NoError(t, err)
	}
	reader, err := store.Within(ctx, graph.Scope{})
	require.NoError(t, err)
	t.Cleanup(func() { _ = reader.Close() })
	return reader
}

// inMemory is within for properties that need many small worlds: the model of the contract.
func inMemory(t testing.TB, batches ...*storetest.Batch) graph.Reader {
	t.Helper()
	model := storetest.NewModel()
	for _, b := range batches {
		require.True(t, model.Put(b))
	}
	return model.Within(graph.Scope{})
}

// show writes a result as the golden files hold it.
func show(b *strings.Builder, res explore.Result) {
	for _, p := range res.Paths {
		fmt.Fprintf(b, "length %d\n", p.Length())
		for _, s := range p.Steps {
			fmt.Fprintf(b, "  %s %q", s.ID, s.Name)
			if len(s.Records) > 0 {
				fmt.Fprintf(b, " %s after %s on %s, %d records:", s.Role, s.Before, s.Date, len(s.Records))
			}
			for _, r := range s.Records {
				if r.Link != nil {
					fmt.Fprintf(b, " %s-%s-%s", r.Link.From, r.Link.Role, r.Link.To)
				} else {
					fmt.Fprintf(b, " %s", r.Consignment)
				}
			}
			b.WriteByte('\n')
		}
	}
	for _, h := range res.Hubs {
		fmt.Fprintf(b, "hub %s: %d neighbours, %d followed\n", h.ID, h.Neighbours, h.Followed)
	}
	if res.Groups != nil {
		fmt.Fprintf(b, "groups %v\n", res.Groups)
	}
	fmt.Fprintf(b, "complete %v\n", res.Complete)
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name+".golden")
	if *update {
		require.NoError(t, os.MkdirAll("testdata", 0o755))
		require.NoError(t, os.WriteFile(path, []byte(got), 0o644))
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err)
	assert.Equal(t, string(want), got)
}

func ids(names ...string) []graph.ID {
	all := make([]graph.ID, len(names))
	for i, n := range names {
		all[i] = storetest.Trader(n)
	}
	return all
}

func TestPathsInTheHarbour(t *testing.T) {
	reader := within(t, harbour()...)
	all := graph.Kinds()
	tests := []struct {
		name  string
		query explore.Query
	}{
		{"A to D", explore.Query{K: 2}},
		{"A to D, places too", explore.Query{K: 1, Options: explore.Options{Through: all}}},
		{"A to D, at most two ties", explore.Query{Options: explore.Options{Depth: 2}}},
		{"A to D, entities of four neighbours are hubs", explore.Query{Options: explore.Options{Hub: 3}}},
		{"A to D, two look-ups", explore.Query{Options: explore.Options{Budget: 2}}},
		{"G to B", explore.Query{From: "party/test/G", To: "party/test/B"}},
		{"A to H", explore.Query{To: "party/test/H"}},
		{"A to its address", explore.Query{To: "address/1 Mill Lane", K: 1}},
	}
	var text strings.Builder
	for _, test := range tests {
		if test.query.From == "" {
			test.query.From = storetest.Trader("A")
		}
		if test.query.To == "" {
			test.query.To = storetest.Trader("D")
		}
		res, err := explore.Paths(context.Background(), reader, test.query)
		require.NoError(t, err, test.name)
		fmt.Fprintf(&text, "== %s\n", test.name)
		show(&text, res)
	}
	golden(t, "paths", text.String())
}

func TestConnectInTheHarbour(t *testing.T) {
	reader := within(t, harbour()...)
	var text strings.Builder
	for _, ends := range [][]graph.ID{ids("D", "G", "E"), ids("A", "H", "F"), ids("A", "D")} {
		res, err := explore.Connect(context.Background(), reader, ends, explore.Options{})
		require.NoError(t, err)
		fmt.Fprintf(&text, "== %v\n", ends)
		show(&text, res)
	}
	golden(t, "connect", text.String())
}

func TestExpand(t *testing.T) {
	reader := within(t, harbour()...)
	page, err := explore.Expand(context.Background(), reader, graph.NeighbourQuery{ID: "place/HKHKG", Limit: 3})
	require.NoError(t, err)
	var text strings.Builder
	fmt.Fprintf(&text, "%s %q\n", page.ID, page.Name)
	for _, c := range page.Counts {
		fmt.Fprintf(&text, "  %s: %d neighbours by %d records\n", c.Role, c.Neighbours, c.Records)
	}
	for _, n := range page.Neighbours {
		fmt.Fprintf(&text, "  %s %q %s %d %s %s\n", n.ID, n.Name, n.Role, n.Records, n.First, n.Last)
	}
	golden(t, "expand", text.String())

	page, err = explore.Expand(context.Background(), reader,
		graph.NeighbourQuery{ID: storetest.Trader("A"), Roles: []graph.Role{graph.RegisteredAt}})
	require.NoError(t, err)
	require.Len(t, page.Neighbours, 1)
	assert.Equal(t, "1 Mill Lane", page.Neighbours[0].Name)
	assert.Len(t, page.Counts, 3, "the counts are of all roles")

	page, err = explore.Expand(context.Background(), reader, graph.NeighbourQuery{ID: storetest.Trader("A"), Limit: -1})
	require.NoError(t, err)
	assert.Empty(t, page.Neighbours)
	assert.Len(t, page.Counts, 3)
}

func TestWrongEnds(t *testing.T) {
	reader := within(t, harbour()...)
	ctx := context.Background()
	_, err := explore.Paths(ctx, reader, explore.Query{From: storetest.Trader("A"), To: storetest.Trader("nobody")})
	assert.ErrorIs(t, err, graph.ErrNotFound)
	assert.ErrorContains(t, err, "party/test/nobody")
	_, err = explore.Paths(ctx, reader, explore.Query{From: storetest.Trader("A"), To: storetest.Trader("A")})
	assert.ErrorIs(t, err, explore.ErrEnds)
	_, err = explore.Connect(ctx, reader, ids("A"), explore.Options{})
	assert.ErrorIs(t, err, explore.ErrEnds)
	_, err = explore.Connect(ctx, reader, ids("A", "nobody"), explore.Options{})
	assert.ErrorIs(t, err, graph.ErrNotFound)
	_, err = explore.Expand(ctx, reader, graph.NeighbourQuery{ID: storetest.Trader("nobody")})
	assert.ErrorIs(t, err, graph.ErrNotFound)
}

func TestWalksStopWhenCancelled(t *testing.T) {
	reader := within(t, harbour()...)
	ctx, cancel := context.WithCancel(context.Background())
	seen := int64(0)
	opts := explore.Options{Progress: func(done, total int64) {
		seen = done
		assert.EqualValues(t, explore.DefaultBudget, total)
		cancel()
	}}
	_, err := explore.Paths(ctx, reader, explore.Query{From: storetest.Trader("G"), To: storetest.Trader("E"), Options: opts})
	assert.ErrorIs(t, err, context.Canceled)
	assert.Less(t, seen, int64(5))
	_, err = explore.Connect(ctx, reader, ids("G", "E"), explore.Options{})
	assert.ErrorIs(t, err, context.Canceled)
}

func TestClustersAreOneNode(t *testing.T) {
	model := storetest.NewModel()
	for _, b := range harbour() {
		require.True(t, model.Put(b))
	}
	model.Decide(graph.Decision{Seq: 1, Subject: storetest.Trader("H"), Other: storetest.Trader("D"), Kind: graph.Same, Time: storetest.Noon(3)})
	res, err := explore.Paths(context.Background(), model.Within(graph.Scope{}),
		explore.Query{From: storetest.Trader("A"), To: storetest.Trader("H"), K: 1})
	require.NoError(t, err)
	require.Len(t, res.Paths, 1)
	assert.Equal(t, storetest.Trader("D"), res.Paths[0].Steps[3].ID, "a cluster is named by its smallest id")
}

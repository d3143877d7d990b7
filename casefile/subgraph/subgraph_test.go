package subgraph_test

import (
	"context"
	"encoding/json"
	"flag"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"rummage/casefile/subgraph"
	"rummage/graph"
	"rummage/graph/sqlite"
	"rummage/graph/storetest"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// quay is three traders of one ring, two of which share an address, and one outside; every consignment through a port.
func quay() []*storetest.Batch {
	port, mill := graph.NewID(graph.Place, "HKHKG"), graph.NewID(graph.Address, "1 Mill Lane")
	ship := func(importer, exporter string, day int) graph.Row {
		row := storetest.Shipment(importer+exporter, importer, exporter, day)
		row.Statements[0].Ties = append(row.Statements[0].Ties, graph.Tie{Role: graph.Discharge, Entity: port})
		row.Statements[0].Fields = append(row.Statements[0].Fields, graph.Field{Name: "value", Value: "=1+1", Mark: "format"})
		return row
	}
	link := func(from string) graph.Row {
		return graph.Row{Links: []graph.Link{{Role: graph.RegisteredAt, From: storetest.Trader(from), To: mill, Start: storetest.Day(1)}}}
	}
	return []*storetest.Batch{
		storetest.NewBatch("declarations", 1, ship("A", "B", 1), ship("A", "C", 2), ship("X", "B", 3), ship("X", "X", 4)),
		storetest.NewBatch("register", 2, link("A"), link("C"), storetest.Named("A", "Amber Trading"), storetest.Named("C", "琥珀貿易")),
	}
}

func within(t *testing.T, batches ...*storetest.Batch) graph.Reader {
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

func traders(names ...string) []graph.ID {
	var all []graph.ID
	for _, name := range names {
		all = append(all, storetest.Trader(name))
	}
	return all
}

// TestCollectIsGolden lifts the ring out: what two of its members stand in and all that stands in these, not what a member does with others.
func TestCollectIsGolden(t *testing.T) {
	steps := 0
	g, err := subgraph.Collect(t.Context(), within(t, quay()...), traders("A", "B", "C"), func(int, int) { steps++ })
	require.NoError(t, err)
	assert.Equal(t, 3, steps)
	got, err := json.MarshalIndent(struct {
		*subgraph.Graph
		Rows []graph.Origin
	}{g, g.Rows()}, "", " ")
	require.NoError(t, err)
	golden := filepath.Join("testdata", "quay.golden")
	if *update {
		require.NoError(t, os.WriteFile(golden, append(got, '\n'), 0o600))
	}
	want, err := os.ReadFile(golden)
	require.NoError(t, err)
	require.Equal(t, string(want), string(got)+"\n")
}

func TestOneAlone(t *testing.T) {
	reader := within(t, quay()...)
	g, err := subgraph.Collect(t.Context(), reader, traders("X"), nil)
	require.NoError(t, err)
	var consignments []graph.ID
	for _, n := range g.Nodes {
		if n.Kind == subgraph.Consignment {
			consignments = append(consignments, n.ID)
		}
	}
	assert.Len(t, consignments, 2, "all of its consignments")

	for name, c := range map[string]struct {
		ids  []graph.ID
		want error
	}{
		"nobody": {nil, subgraph.ErrNobody}, "unknown": {traders("A", "Nobody"), graph.ErrNotFound},
		"too many": {make500(), subgraph.ErrTooMany},
	} {
		_, err := subgraph.Collect(t.Context(), reader, c.ids, nil)
		require.ErrorIs(t, err, c.want, name)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = subgraph.Collect(ctx, reader, traders("A", "B"), nil)
	require.ErrorIs(t, err, context.Canceled)
}

func make500() []graph.ID {
	var all []graph.ID
	for i := range subgraph.Most + 1 {
		all = append(all, graph.NewID(graph.Party, "t", string(rune('a'+i%26)), string(rune('a'+i/26))))
	}
	return all
}

// TestNoOrderShows collects from worlds whose rows came in another order, and asks for parties in another order.
func TestNoOrderShows(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		random := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		names := []string{"A", "B", "C", "D", "E"}
		var rows []graph.Row
		for i := range rapid.IntRange(1, 12).Draw(t, "consignments") {
			row := storetest.Shipment(string(rune('a'+i)), names[random.IntN(5)], names[random.IntN(5)], 1+random.IntN(9))
			rows = append(rows, row)
		}
		asked := traders(names[:3]...)
		collect := func(rows []graph.Row, asked []graph.ID) *subgraph.Graph {
			model := storetest.NewModel()
			model.Put(storetest.NewBatch("declarations", 1, rows...))
			// Names of everybody asked for come in a register, so that all are known.
			model.Put(storetest.NewBatch("register", 2, storetest.Named("A", "a"), storetest.Named("B", "b"), storetest.Named("C", "c")))
			g, err := subgraph.Collect(context.Background(), model.Within(graph.Scope{}), asked, nil)
			if err != nil {
				t.Fatal(err)
			}
			g.Records = subgraph.Records{}
			for i := range g.Nodes {
				g.Nodes[i].Sources = nil
			}
			for i := range g.Edges {
				g.Edges[i].Sources = nil
			}
			return g
		}
		want := collect(rows, asked)
		random.Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
		got := collect(rows, []graph.ID{asked[2], asked[0], asked[1], asked[0]})
		require.Equal(t, want, got)
		ends := map[graph.ID]bool{}
		for _, n := range got.Nodes {
			ends[n.ID] = true
		}
		for _, e := range got.Edges {
			require.True(t, ends[e.From] && ends[e.To], "an edge has both its ends: %v", e)
		}
	})
}

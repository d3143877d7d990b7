package neo4j

import (
	"context"
	"errors"
	"flag"
	"runtime"
	"slices"
	"testing"
	"time"

	driver "github.com/neo4j/neo4j-go-driver/v5/neo4j"
	"github.com/stretchr/testify/require"

	"rummage/graph"
	"rummage/graph/storetest"
)

var hubSize = flag.Int("hub", 100_000, "consignments of the entity that benchmarks expand")

// BenchmarkReading imports one importer's consignments and reads them: as a
// stream, beside a bare loop of the driver over the same query; and as the
// neighbours of the importer.
func BenchmarkReading(b *testing.B) {
	store := benchStore(b)
	ctx := context.Background()
	batch := storetest.NewBatch("hub", 1, hubRows(*hubSize)...)
	batch.File = nil
	if _, err := batch.Import(ctx, store); !errors.Is(err, graph.ErrAlreadyImported) {
		require.NoError(b, err)
	}
	r, err := store.Within(ctx, graph.Scope{})
	require.NoError(b, err)
	hub := graph.NewID(graph.Party, "hub", "hub")
	b.Run("stream", func(b *testing.B) { benchmarkStream(b, store, r) })
	asks := []ask{
		{"counts", func() error { _, err := r.Counts(ctx, hub); return err }},
		{"counts-floor", func() error { return countsFloor(ctx, store, hub) }},
		{"neighbours", func() error { _, err := r.Neighbours(ctx, graph.NeighbourQuery{ID: hub}); return err }},
		{"role", func() error {
			_, err := r.Neighbours(ctx, graph.NeighbourQuery{ID: hub, Roles: []graph.Role{graph.Exporter}})
			return err
		}},
		{"connections", func() error { _, err := r.Connections(ctx, graph.ConnectionQuery{ID: hub}); return err }},
		{"search", func() error { _, err := r.Search(ctx, graph.SearchQuery{Text: "000123"}); return err }},
		{"entity", func() error { _, err := r.Entity(ctx, hub); return err }},
	}
	benchmarkAsks(b, asks)
}

type ask struct {
	name string
	ask  func() error
}

// A server compiles what it is asked often: it is asked so often before it is
// measured, and so often then.
const (
	warming  = 25
	measured = 15
)

// benchmarkAsks asks by turns and reports how long the answers took.
func benchmarkAsks(b *testing.B, asks []ask) {
	took := make([][]time.Duration, len(asks))
	for round := range warming + measured {
		for i := range asks {
			start := time.Now()
			require.NoError(b, asks[i].ask())
			if round >= warming {
				took[i] = append(took[i], time.Since(start))
			}
		}
	}
	for i := range asks {
		b.Run(asks[i].name, func(b *testing.B) {
			for b.Loop() {
			}
			slices.Sort(took[i])
			b.ReportMetric(0, "ns/op")
			b.ReportMetric(float64(took[i][0].Milliseconds()), "least_ms")
			b.ReportMetric(float64(took[i][measured/2].Milliseconds()), "median_ms")
			b.ReportMetric(float64(took[i][measured-1].Milliseconds()), "most_ms")
		})
	}
}

// countsFloor asks for the counts of an entity with nothing that makes them
// right: no scope, no clusters, no amendments. A walk takes no less.
func countsFloor(ctx context.Context, store *Store, id graph.ID) error {
	halves := []string{partyTypes, goodsTypes}
	return each(len(halves), func(i int) error {
		text := "MATCH (e:Entity {id: $id})<-[:" + tieTypes + "]-(c) MATCH (c)-[t:" + halves[i] + "]->(n) WHERE n <> e RETURN type(t), count(DISTINCT n), count(*)"
		for _, err := range store.stream(ctx, cypher{text, map[string]any{"id": string(id)}}) {
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// benchmarkStream reads all consignments by turns with and without the reader
// and reports how much of the bare rate is left, and the most memory in use.
func benchmarkStream(b *testing.B, store *Store, r graph.Reader) {
	ctx := context.Background()
	var bare, ours time.Duration
	most, rows := uint64(0), 0
	for b.Loop() {
		start := time.Now()
		rows = bareLoop(b, store)
		bare += time.Since(start)
		start = time.Now()
		n := 0
		for c, err := range r.Consignments(ctx, graph.Want{Properties: []string{}, Fields: []string{}}) {
			require.NoError(b, err)
			require.Len(b, c.Current, 1)
			if n++; n%20_000 == 0 {
				var memory runtime.MemStats
				runtime.ReadMemStats(&memory)
				most = max(most, memory.HeapInuse)
			}
		}
		ours += time.Since(start)
		require.Equal(b, rows, n)
	}
	b.ReportMetric(float64(rows*b.N)/bare.Seconds(), "bare_rows/s")
	b.ReportMetric(float64(rows*b.N)/ours.Seconds(), "rows/s")
	b.ReportMetric(bare.Seconds()/ours.Seconds(), "of_bare")
	b.ReportMetric(float64(most)/(1<<20), "MiB")
}

// bareLoop reads what a scan of consignments reads, and does nothing with it.
func bareLoop(b *testing.B, store *Store) (n int) {
	ctx := context.Background()
	session := store.session(ctx, driver.AccessModeRead)
	defer session.Close(ctx)
	result, err := session.Run(ctx, scanConsignments, map[string]any{"fields": false})
	require.NoError(b, err)
	var record *driver.Record
	for result.NextRecord(ctx, &record) {
		n++
	}
	require.NoError(b, result.Err())
	return n
}

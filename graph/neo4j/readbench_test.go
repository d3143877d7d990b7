package neo4j

import (
	"context"
	"errors"
	"flag"
	"runtime"
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
	for name, ask := range map[string]func() error{
		"counts":      func() error { _, err := r.Counts(ctx, hub); return err },
		"neighbours":  func() error { _, err := r.Neighbours(ctx, graph.NeighbourQuery{ID: hub}); return err },
		"connections": func() error { _, err := r.Connections(ctx, graph.ConnectionQuery{ID: hub}); return err },
		"role": func() error {
			_, err := r.Neighbours(ctx, graph.NeighbourQuery{ID: hub, Roles: []graph.Role{graph.Exporter}})
			return err
		},
		"search": func() error { _, err := r.Search(ctx, graph.SearchQuery{Text: "000123"}); return err },
		"entity": func() error { _, err := r.Entity(ctx, hub); return err },
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				require.NoError(b, ask())
			}
		})
	}
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

package neo4j

import (
	"context"
	"fmt"
	"os"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	driver "github.com/neo4j/neo4j-go-driver/v5/neo4j"
	"github.com/stretchr/testify/require"

	"rummage/graph"
	"rummage/graph/neo4j/neo4jtest"
	"rummage/graph/storetest"
)

// declaration is the n-th of a trade with many importers, fewer exporters, and
// places and goods that many share.
func declaration(n int) graph.Row {
	trader := func(what string, i int) graph.ID {
		return graph.NewID(graph.Party, "bench-"+what, fmt.Sprintf("%07d", i))
	}
	row := graph.Row{Number: int64(n + 2), Offset: int64(n) * 180, Length: 179}
	importer, exporter := trader("importer", n*7919%(1+n/6)), trader("exporter", n*104729%(1+n/20))
	row.Facts = []graph.Fact{
		{Entity: importer, Property: graph.PropertyName, Value: fmt.Sprint("Importer and Sons ", importer.Label(), " Ltd."), Date: storetest.Day(n % 365)},
		{Entity: exporter, Property: graph.PropertyName, Value: fmt.Sprint("Export House ", exporter.Label()), Date: storetest.Day(n % 365)},
	}
	row.Statements = []graph.Statement{{
		Consignment: graph.NewID(graph.KindConsignment, "bench", fmt.Sprintf("%09d", n)), View: graph.Declaration, Date: storetest.Day(n % 365),
		Fields: []graph.Field{{Name: graph.FieldValue, Value: fmt.Sprintf("%d.50", n%100_000)}, {Name: graph.FieldCurrency, Value: "USD"},
			{Name: graph.FieldGrossMass, Value: fmt.Sprint(n % 9973)}, {Name: graph.FieldMode, Value: "sea"}},
		Ties: []graph.Tie{
			{Role: graph.Importer, Entity: importer}, {Role: graph.Exporter, Entity: exporter}, {Role: graph.Declarant, Entity: trader("declarant", n%311)},
			{Role: graph.OriginCountry, Entity: graph.NewID(graph.Place, fmt.Sprintf("C%02d", n%60))}, {Role: graph.Loading, Entity: graph.NewID(graph.Place, fmt.Sprintf("PORT%03d", n%181))},
			{Role: graph.OfCommodity, Entity: graph.NewID(graph.Commodity, "hs2022", fmt.Sprintf("%06d", n%4999))},
		},
	}}
	return row
}

// benchStore is a store on a server as it is meant to be measured: the one that
// RUMMAGE_BENCH_NEO4J names, else one started for the purpose.
func benchStore(b *testing.B) *Store {
	address, at := os.Getenv("RUMMAGE_BENCH_NEO4J"), where{Database: defaultDatabase, Evidence: b.TempDir()}
	if address == "" {
		server := neo4jtest.Own(b, neo4jtest.Options{Heap: "2g", Pages: "512m", Measured: true})
		at = placeOn(b, server)
		address = at.Address
	}
	s, err := Open(context.Background(), address, at.options())
	require.NoError(b, err)
	b.Cleanup(func() { _ = s.Close() })
	return s
}

const benchRows = 60_000

// BenchmarkImport imports declarations, beside which BenchmarkBare writes what
// comes of them by the same statements, without reading, uniting or a ledger.
func BenchmarkImport(b *testing.B) {
	ctx := context.Background()
	s := benchStore(b)
	began, n := time.Now(), 0
	peak := watchMemory()
	for ; b.Loop(); n++ {
		spec := storetest.NewBatch(fmt.Sprint("bench ", time.Now(), n), 1).Spec
		spec.ImportedAt = time.Now()
		work, err := s.Begin(ctx, spec)
		require.NoError(b, err)
		for i := range benchRows {
			row := declaration(n*benchRows + i)
			require.NoError(b, work.Append(ctx, &row))
		}
		_, err = work.Commit(ctx)
		require.NoError(b, err)
	}
	rates(b, n*benchRows, time.Since(began))
	b.ReportMetric(float64(peak())/(1<<20), "MiB")
}

func rates(b *testing.B, rows int, took time.Duration) {
	seconds := took.Seconds()
	b.ReportMetric(float64(rows)/seconds, "consignments/s")
	b.ReportMetric(float64(rows*6)/seconds, "ties/s")
}

// watchMemory returns how to learn the most heap in use since.
func watchMemory() func() uint64 {
	var most atomic.Uint64
	stop := make(chan struct{})
	go func() {
		for {
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			most.Store(max(most.Load(), m.HeapInuse))
			select {
			case <-stop:
				return
			case <-time.After(50 * time.Millisecond):
			}
		}
	}()
	return func() uint64 { close(stop); return most.Load() }
}

func BenchmarkBare(b *testing.B) {
	ctx := context.Background()
	s := benchStore(b)
	n, took := 0, time.Duration(0)
	for ; b.Loop(); n++ {
		var batches []*sealed
		for from := 0; from < benchRows; from += batchRecords {
			batch := newBatch(int64(1_000_000+n), batchRecords)
			for i := from; i < min(from+batchRecords, benchRows); i++ {
				row := declaration(n*benchRows + i)
				row.Statements[0].Consignment += "bare"
				for j := range row.Statements[0].Ties {
					row.Statements[0].Ties[j].Entity += "bare"
				}
				batch.add(&row)
			}
			batches = append(batches, batch.seal())
		}
		began := time.Now()
		for _, batch := range batches {
			bare(ctx, b, s, batch)
		}
		took += time.Since(began)
	}
	rates(b, n*benchRows, took)
}

const bareConsignments = "UNWIND $rows AS row MERGE (c:Consignment {id: row.id}) ON CREATE SET c = row"

var bareEntities = bareTexts()

func bareTexts() map[graph.Kind]string {
	all := map[graph.Kind]string{}
	for kind, label := range kindLabels {
		all[kind] = strings.ReplaceAll("UNWIND $rows AS row MERGE (e:Entity {id: row.id}) ON CREATE SET e = row, e:LABEL", "LABEL", label)
	}
	return all
}

// bare writes a batch as a loop of UNWIND statements would.
func bare(ctx context.Context, b *testing.B, s *Store, batch *sealed) {
	session := s.session(ctx, driver.AccessModeWrite)
	defer session.Close(ctx)
	tx, err := session.BeginTransaction(ctx)
	require.NoError(b, err)
	do := func(n int, q cypher) {
		if n == 0 {
			return
		}
		result, err := tx.Run(ctx, q.text, q.values)
		require.NoError(b, err)
		_, err = result.Consume(ctx)
		require.NoError(b, err)
	}
	ofKind := map[graph.Kind][]*entity{}
	for _, e := range batch.entities {
		ofKind[e.id.Kind()] = append(ofKind[e.id.Kind()], e)
	}
	for _, kind := range graph.Kinds() {
		do(len(ofKind[kind]), cypher{bareEntities[kind], over(entityRows(ofKind[kind]))})
	}
	do(len(batch.consignments), cypher{bareConsignments, over(consignmentRows(batch.consignments))})
	ties := tieRows{}
	for _, c := range batch.consignments {
		ties.add(c, true)
	}
	for _, role := range graph.Roles() {
		if of := ties[role]; of != nil {
			do(len(of.create), cypher{textsOfRole[role].create, over(of.create)})
		}
	}
	require.NoError(b, tx.Commit(ctx))
}

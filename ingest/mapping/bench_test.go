package mapping

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"rummage/graph"
)

// BenchmarkMap is one core mapping the Korean declarations, whose parties and
// fields are already known to the caches.
func BenchmarkMap(b *testing.B) {
	for _, c := range []struct{ name, mapping, file string }{
		{"korean", "kr-declarations", "korean-customs/train.csv.gz"},
		{"world", "trade-world", "worlds/B2-11/consignments.csv.gz"},
		{"transfers", "amlsim-transfers", "amlsim/20K_cycle200/transactions.csv.gz"},
		{"ofac", "ofac-sdn", "ofac/sdn.csv.gz"},
	} {
		b.Run(c.name, func(b *testing.B) { benchmark(b, c.mapping, fixture(b, c.file, ',')) })
	}
	b.Run("simulated", func(b *testing.B) { benchmark(b, "rummage-declarations", simulated(20_000)) })
}

func benchmark(b *testing.B, name string, table [][]string) {
	all, err := Library()
	require.NoError(b, err)
	m, err := Find(all, name)
	require.NoError(b, err)
	mapper, err := m.Bind(table[0])
	require.NoError(b, err)
	rows := make([][][]byte, len(table)-1)
	for i, row := range table[1:] {
		rows[i] = toBytes(row)
	}
	var out graph.Row
	for i, row := range rows {
		mapper.Map(int64(i+2), row, &out)
	}
	b.ReportAllocs()
	n := int64(0)
	for b.Loop() {
		mapper.Map(n+2, rows[n%int64(len(rows))], &out)
		n++
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "rows/s")
}

// simulated makes rows in the layout of the simulated declarations.
func simulated(n int) [][]string {
	rows := [][]string{{
		"declaration", "date", "office", "procedure", "mode", "declarant_id", "declarant_name", "importer_id",
		"importer_name", "exporter_id", "exporter_name", "origin", "departure", "discharge", "hs6", "description",
		"gross_mass_kg", "value", "currency", "container",
	}}
	r := rand.New(rand.NewPCG(1, 2))
	party := func(letter string, most int) (id, name string) {
		n := r.IntN(most)
		return fmt.Sprintf("%s%05d", letter, n), fmt.Sprintf("Trader %d of Harbour Road Limited", n)
	}
	for i := range n {
		declarant, declarantName := party("F", 300)
		importer, importerName := party("I", 14_000)
		exporter, exporterName := party("E", 12_000)
		rows = append(rows, []string{
			fmt.Sprintf("22HK%09d", i), fmt.Sprintf("2022-%02d-%02d", 1+r.IntN(12), 1+r.IntN(28)),
			"11", "40", "sea", declarant, declarantName, importer, importerName, exporter, exporterName,
			"CN", "CNSZX", "HKHKG", fmt.Sprintf("85%04d", r.IntN(2000)), "parts", "1200.50", "9000.00", "USD", "CSQU3054383",
		})
	}
	return rows
}

// BenchmarkSmallFile is a file of few rows and many columns: what it costs to
// begin.
func BenchmarkSmallFile(b *testing.B) {
	all, err := Library()
	require.NoError(b, err)
	m, err := Find(all, "tz-imports")
	require.NoError(b, err)
	rows := fixture(b, "testdata/tz-imports.csv", ',')
	b.ReportAllocs()
	for b.Loop() {
		mapper, err := m.Bind(rows[0])
		require.NoError(b, err)
		var out graph.Row
		for i, row := range rows[1:] {
			mapper.Map(int64(i+2), toBytes(row), &out)
		}
	}
	b.ReportMetric(float64(b.N*(len(rows)-1))/b.Elapsed().Seconds(), "rows/s")
}

package ingest

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"rummage/fixtures"
	"rummage/graph"
	"rummage/graph/sqlite"
	"rummage/ingest/mapping"
)

// declarations writes n rows with the Korean columns and the given number of
// importers, sellers and declarants together.
func declarations(b *testing.B, n, parties int) string {
	b.Helper()
	file, err := fixtures.Open("korean-customs/train.csv.gz")
	require.NoError(b, err)
	defer file.Close()
	text, err := io.ReadAll(file)
	require.NoError(b, err)
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	r := rand.New(rand.NewPCG(1, 2))
	var out bytes.Buffer
	out.WriteString(lines[0] + "\n")
	for i := range n {
		cells := strings.Split(lines[1+i%(len(lines)-1)], ",")
		cells[0] = fmt.Sprintf("%08d", i)
		cells[8] = fmt.Sprintf("D%06d", r.IntN(parties/20))
		cells[9] = fmt.Sprintf("I%06d", r.IntN(parties/2))
		if cells[10] != "" {
			cells[10] = fmt.Sprintf("S%06d", r.IntN(parties-parties/2-parties/20))
		}
		out.WriteString(strings.Join(cells, ",") + "\n")
	}
	path := filepath.Join(b.TempDir(), "declarations.csv")
	require.NoError(b, os.WriteFile(path, out.Bytes(), 0o600))
	return path
}

// nowhere takes rows and keeps none: what is left is the line before the
// store.
type nowhere struct{ graph.Import }

func (nowhere) Append(context.Context, *graph.Row) error { return nil }

// BenchmarkLine is the way from the bytes of a file to records, without store.
func BenchmarkLine(b *testing.B) {
	path := declarations(b, 200_000, 30_000)
	o := options()
	var err error
	o.Library, err = mapping.Library()
	require.NoError(b, err)
	for b.Loop() {
		j := &job{path: path, options: &o}
		require.NoError(b, j.open(b.Context()))
		stats, err := j.rows(b.Context(), nowhere{})
		require.NoError(b, err)
		require.Equal(b, int64(200_000), stats.Rows)
		j.close()
	}
	b.ReportMetric(float64(200_000*b.N)/b.Elapsed().Seconds(), "rows/s")
}

// BenchmarkImport is the whole way into the embedded store, with and without
// the evidence, and with many new parties a row as the Korean files have them.
func BenchmarkImport(b *testing.B) {
	const n = 200_000
	generated := declarations(b, n, 30_000)
	korean := fixtures.Path("korean-customs/train.csv.gz")
	for _, c := range []struct {
		name, path string
		rows       int
		without    bool
	}{{"generated", generated, n, false}, {"no evidence", generated, n, true}, {"korean", korean, 37_385, false}} {
		b.Run(c.name, func(b *testing.B) {
			size := int64(0)
			for b.Loop() {
				b.StopTimer()
				at := filepath.Join(b.TempDir(), "store")
				store, err := sqlite.Open(b.Context(), at, sqlite.Options{Create: true})
				require.NoError(b, err)
				b.StartTimer()
				o := options()
				o.NoEvidence = c.without
				_, err = Run(b.Context(), store, []string{c.path}, o)
				require.NoError(b, err)
				b.StopTimer()
				require.NoError(b, store.Close())
				info, err := os.Stat(at)
				require.NoError(b, err)
				size = info.Size()
				b.StartTimer()
			}
			b.ReportMetric(float64(c.rows*b.N)/b.Elapsed().Seconds(), "rows/s")
			b.ReportMetric(float64(size)/float64(c.rows), "B/row")
		})
	}
}

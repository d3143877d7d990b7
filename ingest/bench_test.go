package ingest

import (
	"bufio"
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rummage/fixtures"
	"rummage/graph"
	"rummage/graph/sqlite"
	"rummage/ingest/mapping"
	"rummage/ingest/read"
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
	lines := bytes.Split(bytes.TrimSpace(text), []byte("\n"))
	path := filepath.Join(b.TempDir(), "declarations.csv")
	to, err := os.Create(path)
	require.NoError(b, err)
	out := bufio.NewWriter(to)
	fmt.Fprintf(out, "%s\n", lines[0])
	r := rand.New(rand.NewPCG(1, 2))
	for i := range n {
		cells := bytes.Split(lines[1+i%(len(lines)-1)], []byte(","))
		cells[0] = fmt.Appendf(nil, "%08d", i)
		cells[8] = fmt.Appendf(nil, "D%06d", r.IntN(parties/20))
		cells[9] = fmt.Appendf(nil, "I%06d", r.IntN(parties/2))
		if len(cells[10]) > 0 {
			cells[10] = fmt.Appendf(nil, "S%06d", r.IntN(parties-parties/2-parties/20))
		}
		fmt.Fprintf(out, "%s\n", bytes.Join(cells, []byte(",")))
	}
	require.NoError(b, errors.Join(out.Flush(), to.Close()))
	return path
}

// nowhere takes rows and keeps none: what is left is the line before the
// store.
type nowhere struct{ graph.Import }

func (nowhere) Append(context.Context, *graph.Row) error { return nil }

// openJob is a job that is ready to read rows.
func openJob(b *testing.B, path string, o *Options) *job {
	b.Helper()
	if o.Library == nil {
		var err error
		o.Library, err = mapping.Library()
		require.NoError(b, err)
	}
	came, err := arrive(b.Context(), path, "")
	require.NoError(b, err)
	j := &job{arrival: came, options: o, joins: &joining{options: o}}
	require.NoError(b, j.open(b.Context()))
	return j
}

// BenchmarkLine is the way from the bytes of a file to records, without store.
func BenchmarkLine(b *testing.B) {
	path := declarations(b, 200_000, 30_000)
	o := options()
	spent := time.Duration(0)
	for b.Loop() {
		j := openJob(b, path, &o)
		before := cpu()
		stats, err := j.rows(b.Context(), nowhere{})
		require.NoError(b, err)
		spent += cpu() - before
		require.Equal(b, int64(200_000), stats.Rows)
		require.NoError(b, j.file.Close())
	}
	b.ReportMetric(float64(200_000*b.N)/b.Elapsed().Seconds(), "rows/s")
	b.ReportMetric(float64(spent.Microseconds())/float64(200_000*b.N), "cpu-us/row")
}

// importRuns is how often BenchmarkImport imports the same files.
const importRuns = 3

// imported is what one import took.
type imported struct {
	rows      int64
	wall, cpu time.Duration
	peak      float64 // MB
	store     string
}

// importOnce imports files into a new store.
func importOnce(b *testing.B, paths []string, o Options, wrap func(graph.Store) graph.Store) imported {
	b.Helper()
	got := imported{store: filepath.Join(b.TempDir(), "store")}
	store, err := sqlite.Open(b.Context(), got.store, sqlite.Options{Create: true})
	require.NoError(b, err)
	peak := watchPeak()
	start, before := time.Now(), cpu()
	report, err := Run(b.Context(), wrap(store), paths, o)
	require.NoError(b, err)
	got.wall, got.cpu, got.peak = time.Since(start), cpu()-before, peak()
	for _, f := range report.Files {
		require.Equal(b, Imported, f.State)
		got.rows += f.Source.Rows
	}
	require.NoError(b, store.Close())
	return got
}

// BenchmarkImport is the whole way into the embedded store, evidence kept: a
// million generated rows with few and with many parties, and the Korean files,
// which bring half a new party a row.
func BenchmarkImport(b *testing.B) {
	const n = 1_000_000
	generated := []string{declarations(b, n, 30_000)}
	korean := make([]string, 0, 3)
	for _, name := range []string{"train", "valid", "test"} {
		korean = append(korean, fixtures.Path("korean-customs/"+name+".csv.gz"))
	}
	b.Run("generated", func(b *testing.B) {
		benchmarkImport(b, generated)
		b.Log(stages(b, generated[0], n))
	})
	b.Run("many parties", func(b *testing.B) { benchmarkImport(b, []string{declarations(b, n, 800_000)}) })
	b.Run("korean", func(b *testing.B) { benchmarkImport(b, korean) })
}

func benchmarkImport(b *testing.B, paths []string) {
	var runs []imported
	for b.Loop() {
		for range importRuns {
			runs = append(runs, importOnce(b, paths, options(), func(s graph.Store) graph.Store { return s }))
		}
	}
	rows := float64(runs[0].rows)
	rates, costs, peak := make([]float64, len(runs)), make([]float64, len(runs)), 0.0
	for i, r := range runs {
		rates[i], costs[i], peak = rows/r.wall.Seconds(), float64(r.cpu.Nanoseconds())/1e3/rows, max(peak, r.peak)
	}
	slices.Sort(rates)
	slices.Sort(costs)
	middle, last := len(runs)/2, len(runs)-1
	size := sizes(b, runs[0].store)
	b.ReportMetric(rates[middle], "rows/s")
	b.ReportMetric(costs[middle], "cpu-us/row")
	b.ReportMetric(size.rest/rows, "B/row")
	b.ReportMetric(peak, "peak-MB")
	b.Logf("%.0f rows in %d runs: %.0f rows/s (%.0f to %.0f) on %d cores, %.2f us of processor a row (%.2f to %.2f)\n"+
		"peak memory %.0f MB; bytes a row: %.1f entities, %.1f evidence, %.1f all else",
		rows, len(runs), rates[middle], rates[0], rates[last], runtime.GOMAXPROCS(0), costs[middle], costs[0], costs[last],
		peak, size.entities/rows, size.evidence/rows, size.rest/rows)
}

// stored says what the bytes of a store are for.
type stored struct{ entities, evidence, rest float64 }

// sizes splits the size of the file: what is neither an entity with its facts
// and search index nor a kept file is all else, pages and indexes included.
func sizes(b *testing.B, path string) (s stored) {
	b.Helper()
	db, err := sql.Open("sqlite", path)
	require.NoError(b, err)
	defer db.Close()
	// Sections 1 and 6 of a segment hold entities and their trigrams.
	require.NoError(b, db.QueryRow("SELECT COALESCE(SUM(LENGTH(data)), 0) FROM block WHERE key >> 28 & 15 IN (1, 6)").Scan(&s.entities))
	require.NoError(b, db.QueryRow("SELECT COALESCE(SUM(LENGTH(data)), 0) FROM file_block").Scan(&s.evidence))
	info, err := os.Stat(path)
	require.NoError(b, err)
	s.rest = float64(info.Size()) - s.entities - s.evidence
	return s
}

// timedStore notes when the caller's goroutine, bound to a thread, passes from
// one stage of an import to the next, and how much that thread worked.
type timedStore struct {
	graph.Store
	wall [5]time.Time // begin, keep, first row, commit, end
	cpu  [5]time.Duration
}

func (t *timedStore) mark(i int) { t.wall[i], t.cpu[i] = time.Now(), threadCPU() }

func (t *timedStore) Begin(ctx context.Context, spec graph.SourceSpec) (graph.Import, error) {
	into, err := t.Store.Begin(ctx, spec)
	return &timedImport{Import: into, in: t}, err
}

type timedImport struct {
	graph.Import
	in *timedStore
}

func (t *timedImport) Keep(ctx context.Context, sha graph.SHA256, file io.Reader) error {
	t.in.mark(1)
	err := t.Import.Keep(ctx, sha, file)
	t.in.mark(2)
	return err
}

func (t *timedImport) Commit(ctx context.Context) (graph.Source, error) {
	t.in.mark(3)
	source, err := t.Import.Commit(ctx)
	t.in.mark(4)
	return source, err
}

// stages says what each stage of one import costs. What a thread worked is
// known for the caller's goroutine only; reading and mapping are measured
// without a store, and sorting, packing and writing are what is left.
func stages(b *testing.B, path string, rows float64) string {
	b.Helper()
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	o := options()
	j := openJob(b, path, &o)
	defer func() { require.NoError(b, j.file.Close()) }()
	before := cpu()
	reader, err := read.Open(b.Context(), j.all(), j.dialect)
	require.NoError(b, err)
	for err == nil {
		_, err = reader.Next()
	}
	require.ErrorIs(b, err, io.EOF)
	reader.Close()
	reading := cpu() - before
	before = cpu()
	_, err = j.rows(b.Context(), nowhere{})
	require.NoError(b, err)
	line := cpu() - before

	t := &timedStore{}
	whole := importOnce(b, []string{path}, options(), func(s graph.Store) graph.Store {
		t.Store = s
		t.mark(0)
		return t
	})
	a := func(d time.Duration) float64 { return float64(d.Nanoseconds()) / 1e3 / rows }
	share := func(i int) float64 {
		return 100 * float64(t.cpu[i+1]-t.cpu[i]) / float64(t.wall[i+1].Sub(t.wall[i]))
	}
	caller := t.cpu[4] - t.cpu[0]
	var out strings.Builder
	fmt.Fprintf(&out, "us of processor a row, by stage: recognise and hash %.2f, keep evidence %.2f, read %.2f, hash again, copy and map %.2f,\n",
		a(t.cpu[1]-t.cpu[0]), a(t.cpu[2]-t.cpu[1]), a(reading), a(line-reading))
	fmt.Fprintf(&out, "append and commit %.2f (busy %.0f %% of its time), sort, pack, write and collect garbage %.2f; together %.2f\n",
		a(t.cpu[4]-t.cpu[2]), share(2), a(whole.cpu-caller-line), a(whole.cpu))
	fmt.Fprintf(&out, "seconds before rows %.2f, rows %.2f, commit %.2f", t.wall[2].Sub(t.wall[0]).Seconds(),
		t.wall[3].Sub(t.wall[2]).Seconds(), t.wall[4].Sub(t.wall[3]).Seconds())
	return out.String()
}

package hostile

import (
	"bufio"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"errors"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rummage/graph"
	"rummage/ingest"
)

var soak = flag.Int("rows", 20_000, "rows of the file of which one in a hundred is broken; `make soak` takes a million")

// breach is a way in which a row is broken, and what is said of it.
type breach struct {
	name         string
	column, code string
	of           func(cells []string) string // the line
}

// line writes cells as a line of CSV. Notes hold commas, and are quoted.
func line(cells []string) string {
	return strings.Join(cells[:5], ",") + `,"` + cells[5] + `"`
}

// with is a line with another cell.
func with(column int, cell string) func([]string) string {
	return func(cells []string) string {
		changed := append([]string(nil), cells...)
		changed[column] = cell
		return line(changed)
	}
}

func breaches() []breach {
	return []breach{
		{"a cell too few", "note", "ragged", func(cells []string) string { return strings.Join(cells[:5], ",") }},
		{"half a row", "partner", "ragged", func(cells []string) string { return strings.Join(cells[:3], ",") }},
		{"a cell too many", "7", "ragged", func(cells []string) string { return line(cells) + ",more" }},
		{"a comma that is not quoted", "7", "ragged", func(cells []string) string { return strings.Join(cells, ",") }},
		{"a day that there is not", "day", "date", with(1, "2021-02-30")},
		{"a day in another form", "day", "date", with(1, "30.06.2021")},
		{"no day", "day", "missing", with(1, "")},
		{"no number", "id", "missing", with(0, "")},
		{"no partner", "partner", "missing", with(3, "  ")},
		{"a value that is none", "value", "rule", with(4, "12x")},
		{"another encoding", "note", "encoding", with(5, "caf\xe9, big")},
		{"a byte of zero", "trader", "nul", with(2, "T\x001")},
		{"a quote without end", "note", "quote", func(cells []string) string { return strings.TrimSuffix(line(cells), `"`) }},
	}
}

// soundRow is the cells of a row, from 0.
func soundRow(i int) []string {
	return []string{
		fmt.Sprintf("M%07d", i), time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, i%700).Format(time.DateOnly),
		fmt.Sprintf("T%d", i%30_011), fmt.Sprintf("P%d", i%1_009), fmt.Sprintf("%d.%02d", i, i%100), fmt.Sprintf("tiles, lot %d", i),
	}
}

// tables writes the sound file, and the one of which one row in a hundred is
// broken; of those it tells, by number, how.
func tables(t testing.TB, n int) (whole, broken string, how map[int64]breach) {
	t.Helper()
	random := rand.New(rand.NewPCG(11, 13))
	all := breaches()
	how = make(map[int64]breach)
	for _, i := range random.Perm(n)[:n/100] {
		how[int64(i+2)] = all[random.IntN(len(all))]
	}
	folder := t.TempDir()
	whole, broken = filepath.Join(folder, "whole.csv"), filepath.Join(folder, "broken.csv")
	var to [2]*bufio.Writer
	for i, path := range []string{whole, broken} {
		file, err := os.Create(path)
		require.NoError(t, err)
		defer func() { require.NoError(t, errors.Join(to[i].Flush(), file.Close())) }()
		to[i] = bufio.NewWriterSize(file, 1<<20)
		fmt.Fprintln(to[i], strings.Join(columns, ","))
	}
	for i := range n {
		cells := soundRow(i)
		fmt.Fprintln(to[0], line(cells))
		if b, ok := how[int64(i+2)]; ok {
			fmt.Fprintln(to[1], b.of(cells))
		} else {
			fmt.Fprintln(to[1], line(cells))
		}
	}
	return whole, broken, how
}

// TestOneRowInAHundredBroken: of many rows of which one in a hundred is broken all
// others are stored, and each of these is quarantined with its reason. Written for
// repair, repaired and imported again, just those come in and are in quarantine no
// longer, and the store shows what it does for the file without a fault. So it does for
// the file that was mended as a whole.
func TestOneRowInAHundredBroken(t *testing.T) {
	n := *soak
	if testing.Short() {
		n = min(n, 5_000)
	}
	whole, broken, how := tables(t, n)
	store, other, third := open(t), open(t), open(t)
	o := ingest.Options{Library: library(t), Now: clock()}
	peak, began := watch(), time.Now()
	report, err := ingest.Run(t.Context(), store, []string{broken}, o)
	require.NoError(t, err)
	took, held := time.Since(began), peak()
	s := report.Files[0].Source
	require.Equal(t, []int64{int64(n), int64(n - n/100), int64(n / 100)}, []int64{s.Rows, s.Stored, s.Quarantined})
	t.Logf("%d rows, %d of them broken, in %s: %.0f rows/s, at most %d MiB on the heap", n, n/100, took.Round(time.Millisecond), float64(n)/took.Seconds(), held>>20)

	reasons(t, store, s.ID, how)
	first, repaired := string(s.ID), repair(t, store, s.ID, n/100)
	report, err = ingest.Run(t.Context(), store, []string{repaired}, o)
	require.NoError(t, err)
	s = report.Files[0].Source
	require.True(t, report.Files[0].Mended)
	require.Equal(t, []int64{int64(n / 100), int64(n / 100), 0}, []int64{s.Rows, s.Stored, s.Quarantined})
	require.Equal(t, []string{first}, report.Files[0].Mends)
	require.Zero(t, unmended(t, store), "what was mended is in quarantine no longer")

	report, err = ingest.Run(t.Context(), other, []string{whole}, o)
	require.NoError(t, err)
	require.Equal(t, int64(n), report.Files[0].Source.Stored)
	want := digest(t, other)
	require.Equal(t, want, digest(t, store), "consignments, their hash; entities, their hash")

	// Mended as a whole, the file is known for that of the broken one, and adds the same.
	report, err = ingest.Run(t.Context(), third, []string{broken, whole}, o)
	require.NoError(t, err)
	require.Equal(t, report.Files[0].Source.ID, report.Files[1].Repairs)
	require.Zero(t, unmended(t, third))
	require.Equal(t, want, digest(t, third))
}

// unmended counts the rows in quarantine of all sources that are still to be mended.
func unmended(t testing.TB, store graph.Store) (n int64) {
	t.Helper()
	reader, err := store.Within(t.Context(), graph.Scope{})
	require.NoError(t, err)
	defer func() { require.NoError(t, reader.Close()) }()
	sources, err := store.Sources(t.Context())
	require.NoError(t, err)
	e := ingest.NewExplainer(reader, sources)
	defer func() { require.NoError(t, e.Close()) }()
	for i := range sources {
		open, err := e.Unmended(t.Context(), sources[i].ID)
		require.NoError(t, err)
		n += open
	}
	return n
}

// reasons compares what is said of each refused row with how it was broken.
func reasons(t testing.TB, store graph.Store, id graph.SourceID, how map[int64]breach) {
	t.Helper()
	reader, err := store.Within(t.Context(), graph.Scope{})
	require.NoError(t, err)
	defer func() { require.NoError(t, reader.Close()) }()
	seen := 0
	for e, err := range reader.Quarantine(t.Context(), id) {
		require.NoError(t, err)
		b, ok := how[e.Row]
		require.True(t, ok, "row %d is sound: %s", e.Row, e.Reason)
		require.Equal(t, b.code, e.Code, "row %d, %s: %s", e.Row, b.name, e.Reason)
		require.Equal(t, b.column, e.Column, "row %d, %s: %s", e.Row, b.name, e.Reason)
		seen++
	}
	require.Equal(t, len(how), seen, "one reason a row")
}

// repair writes the refused rows of a source, mends each as the sound file has it,
// and returns the mended file.
func repair(t testing.TB, store graph.Store, id graph.SourceID, want int) string {
	t.Helper()
	reader, err := store.Within(t.Context(), graph.Scope{})
	require.NoError(t, err)
	defer func() { require.NoError(t, reader.Close()) }()
	sources, err := store.Sources(t.Context())
	require.NoError(t, err)
	explainer := ingest.NewExplainer(reader, sources)
	defer func() { require.NoError(t, explainer.Close()) }()
	var refused strings.Builder
	n, err := explainer.ExportQuarantine(t.Context(), id, &refused)
	require.NoError(t, err)
	require.Equal(t, int64(want), n)

	from := csv.NewReader(strings.NewReader(refused.String()))
	from.FieldsPerRecord = -1
	path := filepath.Join(t.TempDir(), "repaired.csv")
	file, err := os.Create(path)
	require.NoError(t, err)
	to := csv.NewWriter(file)
	for {
		cells, err := from.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		require.NoError(t, err)
		if row, err := strconv.Atoi(cells[0]); err == nil {
			cells = append(cells[:5:5], soundRow(row-2)...)
		}
		require.NoError(t, to.Write(cells))
	}
	to.Flush()
	require.NoError(t, errors.Join(to.Error(), file.Close()))
	return path
}

// digest counts what a store shows, and hashes it, without the origins.
func digest(t testing.TB, store graph.Store) []string {
	t.Helper()
	reader, err := store.Within(t.Context(), graph.Scope{})
	require.NoError(t, err)
	defer func() { require.NoError(t, reader.Close()) }()
	h := sha256.New()
	consignments, entities := 0, 0
	for c, err := range reader.Consignments(t.Context(), graph.Want{}) {
		require.NoError(t, err)
		fmt.Fprintln(h, c.ID, c.Current, c.History, c.Outcomes)
		consignments++
	}
	said := []string{strconv.Itoa(consignments), hex.EncodeToString(h.Sum(nil))}
	for e, err := range reader.Entities(t.Context(), graph.Want{}) {
		require.NoError(t, err)
		fmt.Fprintln(h, e.ID, e.Facts, e.Outcomes)
		entities++
	}
	return append(said, strconv.Itoa(entities), hex.EncodeToString(h.Sum(nil)))
}

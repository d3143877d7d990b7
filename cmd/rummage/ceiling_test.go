package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"rummage/casefile/marking"
	"rummage/graph"
	"rummage/graph/sqlite"
)

// ceilingWorld is a store of sources with handling codes, each of rows about the same few parties.
type ceilingWorld struct {
	codes   []string
	ceiling string
	rows    [][][2]int // of each source: importer and exporter
}

// fill makes the store of those sources that are kept. Names and days of a source tell which one it is.
func (w *ceilingWorld) fill(t *testing.T, path string, keep func(code string) bool) {
	ctx := t.Context()
	store, err := sqlite.Open(ctx, path, sqlite.Options{Create: true, Holder: "test"})
	require.NoError(t, err)
	defer func() { require.NoError(t, store.Close()) }()
	for i, code := range w.codes {
		if !keep(code) {
			continue
		}
		into, err := store.Begin(ctx, graph.SourceSpec{Name: fmt.Sprintf("source-%d.csv", i), SHA256: graph.SHA256(fmt.Sprintf("%064x", i+1)), Mapping: "m",
			Rules: graph.SHA256(fmt.Sprintf("%064x", 7)), Handling: code, ImportedAt: time.Date(2027, 1, 1+i, 0, 0, 0, 0, time.UTC)})
		require.NoError(t, err)
		for k, pair := range w.rows[i] {
			party := func(n int) graph.ID { return graph.NewID(graph.Party, "t", fmt.Sprintf("P%d", n)) }
			row := graph.Row{Number: int64(k + 2), Facts: []graph.Fact{{Entity: party(pair[0]), Property: "name", Value: fmt.Sprintf("Value %d-%d", i, k)}},
				Statements: []graph.Statement{{Consignment: graph.NewID(graph.KindConsignment, "t", fmt.Sprint(pair[0]+pair[1])), View: graph.Declaration, Document: fmt.Sprintf("%d-%d", i, k),
					Date: graph.Date(700_000 + i), Ties: []graph.Tie{{Role: graph.Importer, Entity: party(pair[0])}, {Role: graph.Exporter, Entity: party(pair[1])}}}}}
			require.NoError(t, into.Append(ctx, &row))
		}
		_, err = into.Commit(ctx)
		require.NoError(t, err)
	}
}

// pack exports two parties, and returns the case file, nil where it is refused.
func (w *ceilingWorld) pack(t *testing.T, folder, store string, flags ...string) []byte {
	out := filepath.Join(folder, strings.TrimSuffix(store, ".db"), "case.zip")
	require.NoError(t, os.MkdirAll(filepath.Dir(out), 0o755))
	var said strings.Builder
	null, err := os.Open(os.DevNull)
	require.NoError(t, err)
	defer null.Close()
	code := run(t.Context(), process{args: append([]string{"export", "party/t/P0", "party/t/P1", "--out", out, "--purpose", "p", "--recipient", "r", "--made", "2027-02-01T00:00:00Z", "--ceiling", w.ceiling}, flags...),
		env: []string{"RUMMAGE_STORE=" + filepath.Join(folder, store), "USER=kim", "HOME=" + folder}, stdin: null, stdout: &said, stderr: &said})
	content, err := os.ReadFile(out)
	if code != 0 {
		require.ErrorIs(t, err, os.ErrNotExist, "%s", said.String())
		return nil
	}
	require.NoError(t, err)
	return content
}

// TestNothingAboveTheCeilingShows packs out of a store with sources above the ceiling: it is refused, or, read as if they were not there, byte
// by byte what a store gives that never had them. So no value, count, degree or day tells of them.
func TestNothingAboveTheCeilingShows(t *testing.T) {
	codes := []string{"", "TLP:GREEN", "TLP:AMBER", "TLP:RED", "H2"}
	pair := rapid.Custom(func(t *rapid.T) [2]int {
		return [2]int{rapid.IntRange(0, 2).Draw(t, "importer"), rapid.IntRange(0, 3).Draw(t, "exporter")}
	})
	drawn := rapid.Custom(func(t *rapid.T) *ceilingWorld {
		w := &ceilingWorld{codes: rapid.SliceOfN(rapid.SampledFrom(codes), 1, 4).Draw(t, "codes"), ceiling: rapid.SampledFrom(codes[1:]).Draw(t, "ceiling")}
		for range w.codes {
			w.rows = append(w.rows, rapid.SliceOfN(pair, 1, 3).Draw(t, "rows"))
		}
		return w
	})
	packed, refused := 0, 0
	for seed := range 16 {
		w := drawn.Example(seed)
		limit, err := marking.Parse(w.ceiling)
		require.NoError(t, err)
		above := func(code string) bool {
			c, err := marking.Parse(code)
			require.NoError(t, err)
			return c.Above(limit)
		}
		folder := t.TempDir()
		w.fill(t, filepath.Join(folder, "whole.db"), func(string) bool { return true })
		w.fill(t, filepath.Join(folder, "open.db"), func(code string) bool { return !above(code) })
		plain := w.pack(t, folder, "whole.db")
		if slices.ContainsFunc(w.codes, above) {
			require.Nil(t, plain, "refused, not trimmed")
			plain = w.pack(t, folder, "whole.db", "--below-ceiling")
			refused++
		}
		want := w.pack(t, folder, "open.db")
		require.True(t, bytes.Equal(want, plain), "%+v", w)
		if want != nil {
			packed++
		}
	}
	require.Greater(t, packed, 3)
	require.Greater(t, refused, 3)
}

package ingest

import (
	"context"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rummage/graph"
	"rummage/ingest/mapping"
	"rummage/ingest/mapping/mappingtest"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// shippedCase says on what file below testdata a shipped mapping is tried, on
// which part of it, where it has several, and which rows are shown in its golden
// file: testdata/MAPPING.golden, or testdata/MAPPING-FILE.golden where the file is
// not named as the mapping is.
type shippedCase struct {
	mapping, file, part string
	rows                []int64
}

// shippedFiles are the cases of all who ship mappings of formats other than text.
func shippedFiles() []shippedCase {
	return slices.Concat(shippedMessages, shippedLists)
}

// all lists the mappings that take records from what the case takes them from.
func (c *shippedCase) all() []string {
	var all []string
	for _, other := range shippedFiles() {
		if other.file == c.file && other.part == c.part {
			all = append(all, other.mapping)
		}
	}
	return all
}

// golden names the golden file of a case.
func (c *shippedCase) golden() string {
	base, _, _ := strings.Cut(filepath.Base(c.file), ".")
	if base == c.mapping {
		return c.mapping + ".golden"
	}
	return c.mapping + "-" + base + ".golden"
}

// listener is a store that writes down the rows that a mapping makes.
type listener struct {
	graph.Store
	mapping string
	rows    []int64
	text    strings.Builder
	bad     int
}

func (l *listener) Begin(ctx context.Context, spec graph.SourceSpec) (graph.Import, error) {
	into, err := l.Store.Begin(ctx, spec)
	if err != nil || spec.Mapping != l.mapping {
		return into, err
	}
	return &listened{into, l}, nil
}

// listened is an import into such a store.
type listened struct {
	graph.Import
	to *listener
}

func (l *listened) Append(ctx context.Context, row *graph.Row) error {
	if slices.Contains(l.to.rows, row.Number) {
		l.to.text.WriteString(mappingtest.Format(row))
	}
	l.to.bad += len(row.Errors)
	return l.Import.Append(ctx, row)
}

// TestShippedFiles: each file is known without flags, and by no other mapping than
// those it is a case of; no row of it is refused, and its records are those of the
// golden file.
func TestShippedFiles(t *testing.T) {
	for _, c := range shippedFiles() {
		t.Run(strings.TrimSuffix(c.golden(), ".golden"), func(t *testing.T) {
			store := &listener{Store: open(t), mapping: c.mapping, rows: c.rows}
			o := options()
			o.Part = c.part
			report, err := Run(t.Context(), store, []string{filepath.Join("testdata", c.file)}, o)
			require.NoError(t, err)
			var by []string
			for i := range report.Files {
				by = append(by, report.Files[i].Source.Mapping)
			}
			assert.ElementsMatch(t, c.all(), by)
			assert.Zero(t, store.bad, "rows in quarantine")
			path := filepath.Join("testdata", c.golden())
			if *update {
				require.NoError(t, os.WriteFile(path, []byte(store.text.String()), 0o600))
			}
			want, err := os.ReadFile(path)
			require.NoError(t, err)
			assert.Equal(t, string(want), store.text.String())
			assert.Equal(t, len(c.rows), strings.Count("\n"+store.text.String(), "\nrow "), "rows shown")
		})
	}
}

// TestEveryShippedMappingIsTried: each mapping has a golden file, of text or of a
// whole file, and each golden file a mapping.
func TestEveryShippedMappingIsTried(t *testing.T) {
	all, err := mapping.Library()
	require.NoError(t, err)
	tried := map[string]bool{}
	for _, folder := range []string{"testdata", filepath.Join("mapping", "testdata")} {
		paths, err := filepath.Glob(filepath.Join(folder, "*.golden"))
		require.NoError(t, err)
		for _, path := range paths {
			if filepath.Base(path) == "recognised.golden" {
				continue // which mapping knows which layout
			}
			name := ownerOf(strings.TrimSuffix(filepath.Base(path), ".golden"), all)
			assert.NotEmpty(t, name, "%s is of no mapping", path)
			tried[name] = true
		}
	}
	for _, m := range all {
		assert.True(t, tried[m.Name], "%s is not tried", m.Name)
	}
	var own []string
	for _, c := range shippedFiles() {
		own = append(own, filepath.Join("testdata", c.golden()))
	}
	slices.Sort(own)
	assert.Equal(t, slices.Compact(slices.Clone(own)), own, "two cases have one golden file")
	there, err := filepath.Glob(filepath.Join("testdata", "*.golden"))
	require.NoError(t, err)
	assert.Equal(t, own, there, "golden files are those of the cases")
}

// ownerOf returns the mapping of a golden file: the one with the longest name that
// the file's name is, or begins with up to a hyphen.
func ownerOf(file string, all []*mapping.Mapping) string {
	owner := ""
	for _, m := range all {
		if (file == m.Name || strings.HasPrefix(file, m.Name+"-")) && len(m.Name) > len(owner) {
			owner = m.Name
		}
	}
	return owner
}

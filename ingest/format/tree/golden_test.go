package tree_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"rummage/ingest/format/tree"
	"rummage/ingest/read"
	"rummage/ingest/read/readtest"
)

var update = flag.Bool("update", false, "write the golden files anew")

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// detect finds the dialect of a file.
func detect(t testing.TB, file string, h read.Hints) read.Dialect {
	t.Helper()
	d, err := tree.Detect(t.Context(), strings.NewReader(file), h)
	require.NoError(t, err)
	return d
}

// drain reads a file to its end, which may be an error.
func drain(t testing.TB, file string, d read.Dialect) ([]readtest.Event, error) {
	t.Helper()
	r, err := tree.Open(t.Context(), strings.NewReader(file), d)
	require.NoError(t, err)
	defer func() { require.NoError(t, r.Close()) }()
	return readtest.Drain(t, r)
}

// cells writes a row as the cells that are not empty, values with " | " between.
func cells(d read.Dialect, row [][]byte) string {
	names := strings.Split(d.Names, read.Between)
	var parts []string
	for i, cell := range row {
		if len(cell) > 0 {
			parts = append(parts, names[i]+"="+strings.ReplaceAll(string(cell), read.Between, " | "))
		}
	}
	return strings.Join(parts, "\n")
}

// rows writes all rows and row errors of a file, one after the other.
func rows(t testing.TB, file string, h read.Hints) []string {
	t.Helper()
	d := detect(t, file, h)
	events, err := drain(t, file, d)
	require.NoError(t, err)
	var out []string
	for _, e := range events {
		if e.Bad != nil {
			out = append(out, fmt.Sprintf("!%d %s: %s", e.Bad.Row, e.Bad.Reason, e.Bad.Detail))
			continue
		}
		out = append(out, strings.ReplaceAll(cells(d, e.Row.Cells), "\n", ", "))
	}
	return out
}

// TestGolden: the example files, all written for these tests, as rows.
func TestGolden(t *testing.T) {
	for _, c := range []struct{ name, file, record string }{
		{"declaration", "declaration.xml", ""},
		{"declaration-items", "declaration.xml", "GovernmentAgencyGoodsItem"},
		{"sad", "sad.xml", ""},
		{"ens", "ens.xml", ""},
		{"ens-items", "ens.xml", "IE3F10.ConsignmentMasterLevel.ConsignmentHouseLevel.GoodsItem"},
		{"list", "list.xml", ""},
		{"list-entities", "list.xml", "ENTITY"},
		{"ports", "ports.geojson", ""},
		{"answer", "answer.json", ""},
		{"answer-items", "answer.json", "data.items"},
		{"entities", "entities.jsonl", ""},
		{"statements", "statements.jsonl", ""},
		{"statements-each", "statements.jsonl", "statements"},
	} {
		t.Run(c.name, func(t *testing.T) {
			text, err := os.ReadFile(filepath.Join("testdata", c.file))
			require.NoError(t, err)
			d := detect(t, string(text), read.Hints{Record: c.record})
			events, err := drain(t, string(text), d)
			require.NoError(t, err)
			var b strings.Builder
			fmt.Fprintf(&b, "%s\n", d)
			for _, name := range strings.Split(d.Names, read.Between) {
				fmt.Fprintf(&b, "  %s\n", name)
			}
			for _, e := range events {
				require.Nil(t, e.Bad)
				fmt.Fprintf(&b, "\nrow %d, %d bytes from %d\n%s\n", e.Row.Number, e.Row.Length, e.Row.Offset, cells(d, e.Row.Cells))
				require.Equal(t, string(text[e.Row.Offset:e.Row.Offset+e.Row.Length]), string(e.Row.Raw))
			}
			golden := filepath.Join("testdata", c.name+".golden")
			if *update {
				require.NoError(t, os.WriteFile(golden, []byte(b.String()), 0o644))
			}
			want, err := os.ReadFile(golden)
			require.NoError(t, err)
			require.Equal(t, string(want), b.String())
		})
	}
}

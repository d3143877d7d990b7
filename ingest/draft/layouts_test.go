package draft_test

import (
	"encoding/csv"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rummage/fixtures"
	"rummage/ingest/draft"
)

// lines reads a fixture of layouts without its header.
func lines(t *testing.T, name string) [][]string {
	t.Helper()
	file, err := fixtures.Open("layouts/" + name)
	require.NoError(t, err)
	defer file.Close()
	all, err := csv.NewReader(file).ReadAll()
	require.NoError(t, err)
	return all[1:]
}

// headers are the layouts of real files that have a header.
func headers(t *testing.T) map[string][]string {
	t.Helper()
	all := map[string][]string{}
	for _, line := range lines(t, "declarations.csv.gz") {
		all[line[0]] = strings.Split(line[4], "|")
	}
	for _, line := range lines(t, "us-ams.csv.gz") {
		all["us-ams-"+strings.ReplaceAll(line[0], "_", "-")] = append(all["us-ams-"+strings.ReplaceAll(line[0], "_", "-")], line[2])
	}
	for _, line := range lines(t, "peru-dua.csv.gz") {
		all["peru-dua"] = append(all["peru-dua"], line[1])
	}
	return all
}

// TestEveryLayoutGetsAMapping: the header of every real file gives a mapping that fits it and loses no column. The golden file shows what
// rows were taken to be about, and how many columns of each layout were understood.
func TestEveryLayoutGetsAMapping(t *testing.T) {
	all := headers(t)
	var got strings.Builder
	for _, name := range slices.Sorted(maps.Keys(all)) {
		table := draft.Table{Name: name, Header: true, Columns: all[name]}
		d := draft.Of(table)
		sound(t, d, table)
		known := 0
		for _, c := range d.Columns {
			if c.Subject != draft.Nobody && c.Property != draft.None {
				known++
			}
		}
		fmt.Fprintf(&got, "%s %s %d of %d\n", name, d.Shape, known, len(d.Columns))
	}
	golden := filepath.Join("testdata", "layouts.golden")
	if *update {
		require.NoError(t, os.WriteFile(golden, []byte(got.String()), 0o600))
	}
	want, err := os.ReadFile(golden)
	require.NoError(t, err)
	assert.Equal(t, string(want), got.String())
}

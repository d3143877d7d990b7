package format_test

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rummage/casefile/format"
	"rummage/casefile/format/formattest"
	"rummage/casefile/subgraph"
	"rummage/graph"
)

// watched is a file that looks, when the first bytes come, where sheets wait.
type watched struct {
	*os.File
	beside, elsewhere []string
}

func (w *watched) Write(b []byte) (int, error) {
	for _, seen := range []*[]string{&w.beside, &w.elsewhere} {
		folder := filepath.Dir(w.Name())
		if seen == &w.elsewhere {
			folder = os.TempDir()
		}
		found, err := filepath.Glob(filepath.Join(folder, "excelize-*"))
		if err != nil {
			return 0, err
		}
		*seen = append(*seen, found...)
	}
	return w.File.Write(b)
}

// TestLargeSheetsWaitBesideTheFile: a sheet that the library does not hold in memory lies in the folder of the workbook meanwhile, and not where
// others may read; then it is gone.
func TestLargeSheetsWaitBesideTheFile(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	t.Setenv("TMP", os.Getenv("TMPDIR"))
	g := &subgraph.Graph{}
	for i := range 600 {
		g.Nodes = append(g.Nodes, subgraph.Node{ID: graph.NewID(graph.Party, "t", strconv.Itoa(i)), Kind: "party", Label: strings.Repeat("x", 30_000), Attributes: []subgraph.Attribute{}})
	}
	file, err := os.Create(filepath.Join(t.TempDir(), "network.xlsx"))
	require.NoError(t, err)
	defer file.Close()
	w := &watched{File: file}
	for _, f := range format.Formats() {
		if f.Files[0].Name == "network.xlsx" {
			require.NoError(t, f.Files[0].Write(w, formattest.Document(g, "TLP:AMBER")))
		}
	}
	assert.NotEmpty(t, w.beside)
	assert.Empty(t, w.elsewhere)
	left, err := os.ReadDir(filepath.Dir(file.Name()))
	require.NoError(t, err)
	assert.Len(t, left, 1, "only the workbook stays")
}

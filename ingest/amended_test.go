package ingest

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rummage/ingest/mapping"
)

// TestAFileWhoseNumbersAreNone: where most consignments of a new file are those of another, in other words, it is said; where
// they say the same, or are others, it is not.
func TestAFileWhoseNumbersAreNone(t *testing.T) {
	m, err := mapping.Parse("amounts.yaml", []byte("mapping: amounts\nrecognise: {header: [No, Amount, Goods]}\nconsignments:\n"+
		"  entry: {system: office, number: Amount, view: declaration, fields: {no: No, goods: Goods}}\n"))
	require.NoError(t, err)
	folder := t.TempDir()
	write := func(name string, first, amount int) string {
		var text strings.Builder
		text.WriteString("No,Amount,Goods\n")
		for i := range 12 {
			fmt.Fprintf(&text, "%d,%d,shoes\n", first+i, amount+7*i)
		}
		path := filepath.Join(folder, name)
		require.NoError(t, os.WriteFile(path, []byte(text.String()), 0o600))
		return path
	}
	o := options()
	o.Mapping = m
	report, err := Run(t.Context(), open(t), []string{write("one.csv", 1, 500), write("other.csv", 1, 9000), write("two.csv", 101, 500)}, o)
	require.NoError(t, err)
	assert.Empty(t, report.Files[0].Amends)
	assert.Empty(t, report.Files[1].Amends)
	assert.Equal(t, []Amended{{Source: report.Files[0].Source.ID, Title: "one.csv", Count: 12, Compared: 12}}, report.Files[2].Amends)
}

package ingest

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rummage/ingest/mapping"
	"rummage/ingest/read"
)

// TestRowsOfEmptyCells: they are no records and are refused by nobody, in a file as it came and in one that holds refused rows; a row that
// states one thing is a record, or refused.
func TestRowsOfEmptyCells(t *testing.T) {
	const header = "Entry No,Entry date,Importer,Value\n"
	const refused = "rummage_row,rummage_column,rummage_code,rummage_reason,"
	for name, c := range map[string]struct {
		text            string
		stored, refused int64
	}{
		"none":           {header + "E1,2024-01-05,Kam Fung Ltd,400\n", 1, 0},
		"below":          {header + "E1,2024-01-05,Kam Fung Ltd,400\n,,,\n , ,,\n\"\",,,\n", 1, 0},
		"in the midst":   {header + "E1,2024-01-05,Kam Fung Ltd,400\n,,,\nE2,2024-01-06,Acme Inc,599\n", 2, 0},
		"states a day":   {header + "E1,2024-01-05,Kam Fung Ltd,400\n,2024-01-06,,\n", 1, 1},
		"above":          {",,,\n , ,,\n" + header + "E1,2024-01-05,Kam Fung Ltd,400\n", 1, 0},
		"far above":      {strings.Repeat(",,,\n\n", 400) + header + "E1,2024-01-05,Kam Fung Ltd,400\nE2,2024-01-06,Acme Inc,599\n", 2, 0},
		"refused before": {refused + header + "3,Entry No,missing,Entry No is empty,,,,\n4,Entry No,missing,Entry No is empty,E2,2024-01-06,Acme Inc,599\n", 1, 0},
	} {
		t.Run(name, func(t *testing.T) {
			path, store, o := write(t, "entries.csv", c.text), open(t), options()
			var err error
			o.Mapping, err = mapping.Parse("entries.yaml", []byte(`mapping: entries
recognise: {header: [Entry No, Importer]}
entities:
  importer: {kind: party, namespace: entries, id: Importer}
consignments:
  entry: {system: entries, number: Entry No, view: declaration, ties: {importer: importer}, fields: {value: Value}}
`))
			require.NoError(t, err)
			report, err := Run(t.Context(), store, []string{path}, o)
			require.NoError(t, err)
			source := report.Files[0].Source
			assert.Equal(t, [3]int64{c.stored + c.refused, c.stored, c.refused}, [3]int64{source.Rows, source.Stored, source.Quarantined})
		})
	}
}

// TestRowsOfEmptyCellsAboveAHeader: the first row that states something is the header, for whoever reads the file: in a table too
// narrow for titles, and where no header was recognised.
func TestRowsOfEmptyCellsAboveAHeader(t *testing.T) {
	for name, c := range map[string]struct{ above, header, cells string }{
		"narrow":          {",\n", "A,B", "%d,1\n"},
		"wide":            {",,\n", "A,B,C", "%d,2,3\n"},
		"unlike a header": {",,\n , ,\n", "1,A,", "%d,2,3\n"},
	} {
		t.Run(name, func(t *testing.T) {
			text := c.above + c.header + "\n"
			for i := range 3 {
				text += fmt.Sprintf(c.cells, i)
			}
			path, store, o := write(t, "entries.csv", text), open(t), options()
			var err error
			o.Mapping, err = mapping.Parse("entries.yaml", []byte("mapping: entries\nrecognise: {header: [A]}\nconsignments:\n"+
				"  entry: {system: entries, number: A, view: declaration}\n"))
			require.NoError(t, err)
			report, err := Run(t.Context(), store, []string{path}, o)
			require.NoError(t, err)
			source := report.Files[0].Source
			assert.Equal(t, [3]int64{3, 3, 0}, [3]int64{source.Rows, source.Stored, source.Quarantined})
		})
	}
	drafted, err := Draft(t.Context(), write(t, "narrow.csv", ",\nImporter,Value\nKam Fung,100\nAcme,200\n"), DraftOptions{})
	require.NoError(t, err)
	assert.Equal(t, 2, drafted.Rows)
	assert.Contains(t, drafted.Dialect, "header")
}

// TestAFileOfEmptyCells: it is as good as empty, whoever looks at it.
func TestAFileOfEmptyCells(t *testing.T) {
	path := write(t, "entries.csv", ",,,\n , ,,\n")
	_, err := Run(t.Context(), open(t), []string{path}, options())
	require.ErrorIs(t, err, read.ErrEmpty)
	_, err = Draft(t.Context(), path, DraftOptions{})
	require.ErrorIs(t, err, read.ErrEmpty)
}

// TestRowsOfEmptyCellsInASecondFile: they are no rows there either, and lack no key.
func TestRowsOfEmptyCellsInASecondFile(t *testing.T) {
	report, err := Run(t.Context(), open(t), []string{write(t, "entries.csv", entries)}, joins(joined(t, ""), write(t, "register.csv", ",,\n"+register+",,\n , ,\n")))
	require.NoError(t, err)
	met := report.Files[0].Joined[0]
	assert.Equal(t, []int64{6, 1}, []int64{met.Rows, met.Broken})
	assert.Equal(t, 1, int(met.JoinStats.Keyless))
}

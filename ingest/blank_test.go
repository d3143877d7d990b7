package ingest

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"

	"rummage/ingest/mapping"
	"rummage/ingest/read"
)

// sheets writes a workbook of three sheets, of which notes hold one cell each.
func sheets(t *testing.T, notes ...string) string {
	t.Helper()
	book := excelize.NewFile()
	set := func(sheet, cell string, value any) {
		require.NoError(t, book.SetCellValue(sheet, cell, value))
	}
	for _, name := range []string{"Entries", "Notes", "More"} {
		_, err := book.NewSheet(name)
		require.NoError(t, err)
		set(name, "A1", "Number")
		set(name, "A2", name+"1")
	}
	for _, name := range notes {
		require.NoError(t, book.RemoveRow(name, 2))
		set(name, "A1", "prepared by the port")
	}
	require.NoError(t, book.DeleteSheet("Sheet1"))
	path := filepath.Join(t.TempDir(), "book.xlsx")
	require.NoError(t, book.SaveAs(path))
	require.NoError(t, book.Close())
	return path
}

// TestASheetOfOneCell: beside tables it is passed over and told; by itself, or asked for, it is refused.
func TestASheetOfOneCell(t *testing.T) {
	o := options()
	var err error
	o.Mapping, err = mapping.Parse("entries.yaml", []byte("mapping: entries\nrecognise: {header: [Number]}\nconsignments:\n"+
		"  entry: {system: entries, number: Number, view: declaration}\n"))
	require.NoError(t, err)
	states := func(report Report) (all []State) {
		for i := range report.Files {
			all = append(all, report.Files[i].State)
		}
		return all
	}
	path := sheets(t, "Notes")
	report, err := Run(t.Context(), open(t), []string{path}, o)
	require.NoError(t, err)
	assert.Equal(t, []State{Imported, Blank, Imported}, states(report))
	require.NoError(t, report.Files[1].Err)

	o.Part = "Notes"
	report, err = Run(t.Context(), open(t), []string{path}, o)
	require.Error(t, err)
	assert.Equal(t, []State{Failed}, states(report))

	o.Part = ""
	report, err = Run(t.Context(), open(t), []string{sheets(t, "Entries", "Notes", "More")}, o)
	require.Error(t, err)
	assert.Equal(t, []State{Failed, Failed, Failed}, states(report))
}

// TestADraftOfOneOfManySheets: those of one cell are told apart.
func TestADraftOfOneOfManySheets(t *testing.T) {
	parts := new(PartsError)
	_, err := Draft(t.Context(), sheets(t, "Notes"), DraftOptions{})
	require.ErrorAs(t, err, &parts)
	assert.Equal(t, PartsError{Parts: []read.Part{{Sheet: "Entries"}, {Sheet: "More"}}, Blank: []read.Part{{Sheet: "Notes"}}}, *parts)
	assert.ErrorContains(t, err, `name one of them: "#Entries", "#More"; of one cell: "#Notes"`)

	_, err = Draft(t.Context(), sheets(t, "Entries", "Notes", "More"), DraftOptions{})
	require.ErrorAs(t, err, &parts)
	assert.Len(t, parts.Parts, 3)
}

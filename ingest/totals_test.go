package ingest

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"

	"rummage/ingest/mapping"
)

// TestTheLastLineOfAWorkbook: the sum that stands below a list of declarations goes into quarantine and says why.
func TestTheLastLineOfAWorkbook(t *testing.T) {
	book := excelize.NewFile()
	for at, row := range map[string][]any{
		"A1": {"Entry No", "Entry Date", "Importer", "Supplier", "HS Code", "Gross Weight", "Value"},
		"A2": {"E-1001", "2021-03-02", "Kam Fung Ltd", "Acme Co.", "851712", 100, 1200.5},
		"A3": {"E-1002", "2021-03-03", "Golden Wind Ltd", "Acme Co.", "851712", 120, 1300},
		"A4": {"E-1003", "2021-03-04", "Kam Fung Ltd", "Birch Ltd", "640319", 90, 900},
		"A5": {"Total:"},
	} {
		require.NoError(t, book.SetSheetRow("Sheet1", at, &row))
	}
	require.NoError(t, book.SetCellFormula("Sheet1", "F5", "SUM(F2:F4)"))
	require.NoError(t, book.SetCellValue("Sheet1", "F5", 310))
	require.NoError(t, book.SetCellValue("Sheet1", "G5", 3400.5))
	path := filepath.Join(t.TempDir(), "entries.xlsx")
	require.NoError(t, book.SaveAs(path))
	require.NoError(t, book.Close())

	drafted, err := Draft(t.Context(), path, DraftOptions{})
	require.NoError(t, err)
	o := options()
	o.Mapping, err = mapping.Parse("entries", []byte(drafted.Text))
	require.NoError(t, err)
	store := open(t)
	report, err := Run(t.Context(), store, []string{path}, o)
	require.NoError(t, err)
	source := report.Files[0].Source
	assert.Equal(t, []int64{3, 1}, []int64{source.Stored, source.Quarantined})
	for row, err := range within(t, store).Quarantine(t.Context(), source.ID) {
		require.NoError(t, err)
		assert.Equal(t, []any{int64(5), "Entry No", mapping.CodeTotals}, []any{row.Row, row.Column, row.Code})
	}
}

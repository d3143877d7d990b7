package draft_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"

	"rummage/ingest/draft"
)

// TestDaysOfADirtyFile: one cell that is no day does not make the others none; it is said that its row is refused.
func TestDaysOfADirtyFile(t *testing.T) {
	table := draft.Table{Name: "din", Header: true, Columns: []string{"Fecha", "Importador"}}
	for i := range 30 {
		table.Rows = append(table.Rows, []string{fmt.Sprintf("%02d022023", 1+i%28), fmt.Sprintf("Comercial %d Ltda", i)})
	}
	table.Rows[7][0] = "07022O23"
	d := draft.Of(table)
	assert.Contains(t, d.Text, `date: {column: "Fecha", format: "DDMMYYYY"}`)
	assert.Contains(t, d.Open, "Fecha: 1 of 30 are no days written DDMMYYYY: if it is the day of the record, these rows are refused, and can be mended")
	for i := range 4 {
		table.Rows[i][0] = "sin fecha"
	}
	assert.NotContains(t, draft.Of(table).Text, "DDMMYYYY", "too many are none")
}

// TestWatchLists: whoever a list names is listed, where a name says that it is one; else a person is shown how to say so.
func TestWatchLists(t *testing.T) {
	rows := [][]string{{"W1", "Golden Wind Ltd", "A1234563"}, {"W2", "Chan Tai Man", "IMO 9074729"}, {"W3", "Kam Fung Co", "x"}}
	for name, listed := range map[string]bool{"watch-2021": true, "sanctions": true, "companies": false} {
		d := draft.Of(draft.Table{Name: name, Space: name, Header: true, Columns: []string{"Ref", "Name", "ID No"}, Rows: rows})
		active, off := "\noutcomes: #", "\n# outcomes: [{subject: record, result: listed}]"
		if !listed {
			active, off = off, active
		}
		assert.Contains(t, d.Text, active, name)
		assert.NotContains(t, d.Text, off, name)
		assert.Contains(t, d.Open, `ID No: 1 of 3 keep the rule hkid of numbers that identify persons, and stand in the store as they are: write {column: "ID No", rule: hkid}, so that keyed hashes are kept, or leave the column out`)
	}
}

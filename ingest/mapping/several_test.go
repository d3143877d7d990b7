package mapping

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rummage/graph"
)

// TestSeveralValuesWhereOneIsWanted: what names a record is one text. Two of them,
// as a repeated element gives, are no name, and the row is set aside; a field may
// hold them.
func TestSeveralValuesWhereOneIsWanted(t *testing.T) {
	m, err := Parse("several.yaml", []byte(`
mapping: several
entities:
  trader: {kind: party, namespace: demo, id: Trader}
  box: {kind: equipment, namespace: demo, id: Boxes, repeat: cells}
consignments:
  bill:
    system: demo
    number: Bill
    view: manifest
    document: {column: Document, then: upper}
    ties: {importer: trader, equipment: box}
    fields: {note: Note}
`))
	require.NoError(t, err)
	mapper, err := m.Bind([]string{"Bill", "Trader", "Boxes", "Document", "Note"})
	require.NoError(t, err)
	for name, c := range map[string]struct {
		cells  []string
		column string
	}{
		"all one":        {[]string{"B1", "T", "X", "d", "n"}, ""},
		"boxes":          {[]string{"B1", "T", "X\x1fY", "d", "n"}, ""},
		"notes":          {[]string{"B1", "T", "X", "d", "n\x1fm"}, ""},
		"numbers":        {[]string{"B1\x1fB2", "T", "X", "d", "n"}, "Bill"},
		"a number twice": {[]string{"B1\x1fB1", "T", "X", "d", "n"}, "Bill"},
		"parties":        {[]string{"B1", "T\x1fU", "X", "d", "n"}, "Trader"},
		"documents":      {[]string{"B1", "T", "X", "d\x1fe", "n"}, "Document"},
	} {
		t.Run(name, func(t *testing.T) {
			var row graph.Row
			for range 2 { // the second time from what is kept of the first
				mapper.Map(1, toBytes(c.cells), &row)
				if c.column == "" {
					require.Empty(t, row.Errors)
					require.Len(t, row.Statements, 1)
					continue
				}
				require.Len(t, row.Errors, 1)
				assert.Equal(t, []string{c.column, CodeSeveral}, []string{row.Errors[0].Column, row.Errors[0].Code})
				assert.Contains(t, row.Errors[0].Reason, "holds 2 values where one is wanted")
				assert.Empty(t, row.Statements)
			}
		})
	}
}

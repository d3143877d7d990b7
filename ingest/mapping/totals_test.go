package mapping

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestLinesOfTotals: the sum of other rows is no consignment, in whatever column and language it says what it is. What says anything
// of anybody is none, nor is a party of that name.
func TestLinesOfTotals(t *testing.T) {
	const declarations = `
null: ["-"]
entities:
  importer: {kind: party, namespace: n, id: Importer}
consignments:
  entry: {system: t, number: No, view: declaration, ties: {importer: importer}, fields: {value: {column: Value, rule: number}, currency: Currency, day: Day}}
`
	for row, column := range map[string]string{
		"Total,,,\"1,234.50\",":   "No",
		"TOTAL: ,,,1234.5,USD":    "No",
		"Grand Total,-,-,1234,":   "No",
		",Itogo,,12,":             "",
		",Итого:,,12 400,":        "Importer",
		"3,合 计,,$ 44,":            "Importer",
		"รวมทั้งหมด,,,(44),":      "No",
		"Tổng cộng,,,44 %,":       "No",
		"Total,,,,":               "No",
		"Total,,2021-06-30,44,":   "",
		"Total,Kam Fung,,44,":     "",
		"7,Total,2021-06-30,44,":  "",
		"Total,7,20210630,44,USD": "", // no cell is empty
		"Total Ltd,,,44,":         "",
		"8,9,,44,":                "",
	} {
		cells := strings.Split(strings.ReplaceAll(strings.ReplaceAll(row, "\"1,234.50\"", "1;234.50"), ";", "\x00"), ",")
		for i := range cells {
			cells[i] = strings.ReplaceAll(cells[i], "\x00", ",")
		}
		got := apply(t, parse(t, declarations), [][]string{{"No", "Importer", "Day", "Value", "Currency"}, cells})[0]
		said := ""
		for _, e := range got.Errors {
			if e.Code == CodeTotals {
				said = e.Column
				assert.Len(t, got.Errors, 1)
				assert.Empty(t, got.Statements)
			}
		}
		assert.Equal(t, column, said, row)
	}

	dated := strings.Replace(declarations, "fields: {", "date: {column: Day, format: YYYYMMDD}, fields: {", 1)
	for row, refused := range map[string]bool{
		"7,Total,20240105,44,": false, "7,Razem 2000,,44,": false, "7,Total,,44,": true, "Total 12,,,44,": true, ",Total: 12,,44,": true, "Total,,12,44,": true,
	} {
		got := apply(t, parse(t, dated), [][]string{{"No", "Importer", "Day", "Value", "Currency"}, strings.Split(row, ",")})[0]
		assert.Equal(t, refused, len(got.Errors) == 1 && got.Errors[0].Code == CodeTotals, "%s: %v", row, got.Errors)
	}

	firm := mapOne(t, "entities:\n  a: {kind: party, namespace: n, id: Name, facts: {name: Name, shares: Shares}}\n", "Name,Shares,Note", "Total,200,")
	assert.Empty(t, firm.Errors)
}

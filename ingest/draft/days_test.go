package draft_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rummage/ingest/draft"
)

// days is a table with a column of days.
func days(cells ...string) draft.Table {
	return table("entries", "Entry No|Entry date|Importer|HS Code\nE1|"+strings.Join(cells, "|Kam Fung Ltd|851713\nE1|")+"|Kam Fung Ltd|851713")
}

// TestDaysOfSeveralForms: where some cells are days and some are texts, all are read, and a person is asked whether they say the same;
// digits alone, two orders of day and month, and cells that are no days are taken for nothing.
func TestDaysOfSeveralForms(t *testing.T) {
	layout := days("05/01/2024", "2024-01-06 00:00:00", "17/01/2024", "2024-01-18 00:00:00", "23/01/2024")
	d := draft.Of(layout)
	assert.Contains(t, d.Text, `date: {column: "Entry date", format: ["D/M/YYYY", "YYYY-MM-DD*"]}`)
	require.NotEmpty(t, d.Open)
	assert.Contains(t, d.Open[0], "Entry date: the days are written in several ways, D/M/YYYY or YYYY-MM-DD*: look whether day and month")
	sound(t, d, layout)

	either := days("2024-01-06", "05/01/2024", "2024-01-18", "06/01/2024")
	assert.Contains(t, draft.Of(either).Text, `format: ["YYYY-MM-DD", "D/M/YYYY"]`)
	either.Region = "PH"
	assert.Contains(t, draft.Of(either).Text, `format: ["YYYY-MM-DD", "M/D/YYYY"]`)

	assert.Contains(t, draft.Of(days("05.01.2024", "5-Jan-2024", "17.01.2024", "18-Jan-2024")).Text, `format: ["D.M.YYYY", "D-Mon-YYYY"]`)
	for _, none := range [][]string{
		{"05/13/2024", "13/05/2024", "05/14/2024", "14/05/2024"}, {"05/01/2024", "soon", "17/01/2024", "2024-01-18", "later"}, {"20240105", "240106", "20240107", "240108"},
	} {
		assert.NotContains(t, draft.Of(days(none...)).Text, "date: {column", none)
	}
}

// TestAnAddressIsNoOtherName: a second column of the importer, whose name says more than is known, is its address where the cells say so.
func TestAnAddressIsNoOtherName(t *testing.T) {
	for _, header := range []string{"ที่อยู่ผู้นำเข้า", "Importer whereabouts"} {
		d := draft.Of(table("entries", "Entry No|Entry date|Importer|"+header+"|HS Code\nE1|2024-01-05|Kam Fung Ltd|88/12 ถ.เจริญกรุง, กรุงเทพ|851713\nE2|2024-01-06|Acme Inc|12 Main Street|851713"))
		assert.Contains(t, d.Text, `      address: "`+header+`"`)
		assert.NotContains(t, d.Text, "alias:")
	}
	d := draft.Of(table("entries", "Entry No|Entry date|Importer|Importer whereabouts|HS Code\nE1|2024-01-05|Kam Fung Ltd|Kowloon|851713\nE2|2024-01-06|Acme Inc|Wan Chai|851713"))
	assert.NotContains(t, d.Text, "address:")
}

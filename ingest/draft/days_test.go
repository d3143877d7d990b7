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

// TestTheOrderOfDayAndMonthIsOpen: where no cell says which stands first, a person is asked, of the day of the record as of any other;
// one format that can be read one way alone decides for those that can be read both ways.
func TestTheOrderOfDayAndMonthIsOpen(t *testing.T) {
	const asked = "nothing says whether the day or the month stands first in its days"
	for _, c := range []struct {
		cells []string
		want  string
		open  bool
	}{
		{[]string{"05/01/2024", "06/01/2024", "07/01/2024", "08/01/2024"}, `format: "D/M/YYYY"`, true},
		{[]string{"05/01/2024", "06/01/2024", "07/01/2024", "17/01/2024"}, `format: "D/M/YYYY"`, false},
		{[]string{"2024-01-06", "05/01/2024", "2024-01-18", "06/01/2024"}, `format: ["YYYY-MM-DD", "D/M/YYYY"]`, true},
		{[]string{"2024-01-06", "05/01/2024", "2024-01-18", "16/01/2024"}, `format: ["YYYY-MM-DD", "D/M/YYYY"]`, false},
		{[]string{"05/01/2024", "06/01/2024", "01/17/2024 10:00", "01/05/2024 11:00"}, `format: ["M/D/YYYY", "M/D/YYYY*"]`, false},
		{[]string{"01/17/2024", "01/18/2024", "05/01/2024 10:00", "06/01/2024 11:00"}, `format: ["M/D/YYYY", "M/D/YYYY*"]`, false},
		{[]string{"17/01/2024", "18/01/2024", "05/01/2024 10:00", "06/01/2024 11:00"}, `format: ["D/M/YYYY", "D/M/YYYY*"]`, false},
	} {
		layout := days(c.cells...)
		d := draft.Of(layout)
		sound(t, d, layout)
		assert.Contains(t, d.Text, `date: {column: "Entry date", `+c.want, c.cells)
		assert.Equal(t, c.open, strings.Contains(strings.Join(d.Open, "\n"), "Entry date: "+asked), "%s\n%s", c.cells, d.Open)
	}
	for _, region := range []draft.Region{"PH", "ES"} { // what the cells decide no country turns round
		layout := days("17/01/2024", "18/01/2024", "05/01/2024 10:00", "06/01/2024 11:00")
		layout.Region = region
		assert.Contains(t, draft.Of(layout).Text, `format: ["D/M/YYYY", "D/M/YYYY*"]`, region)
	}

	fact := table("firms", "BRN|Company name|Founded\n12345678|Kam Fung Ltd|2024-01-06\n12345679|Acme Ltd|05/01/2024\n12345670|Star Co|2024-01-18\n12345671|Wind Co|06/01/2024")
	d := draft.Of(fact)
	require.Equal(t, draft.Register, d.Shape)
	assert.Contains(t, d.Text, `founded: {column: "Founded", then: [{day: ["YYYY-MM-DD", "D/M/YYYY"]}]}`)
	assert.Contains(t, d.Text, "# open: Founded: "+asked)
	fact.Region = "US"
	d = draft.Of(fact)
	assert.Contains(t, d.Text, `founded: {column: "Founded", then: [{day: ["YYYY-MM-DD", "M/D/YYYY"]}]}`)
	assert.NotContains(t, strings.Join(d.Open, "\n"), asked)
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

// TestDaysNameNothing: whatever its name speaks of, a column of days is no place, party or ship.
func TestDaysNameNothing(t *testing.T) {
	d := draft.Of(table("gate", `
Entry No|Importer|Arrival|Departure|Vessel Name|Vessel ETA|Gate Time|Consignee Release|Origin
1|Kam Fung|2025-01-02|01/13/2025|EVER ACE|04/07/2025|04/07/2025 00:53|3 Feb 2025|CN
2|Acme|2025-01-03|01/14/2025|EVER ACE|05/07/2025|05/07/2025 01:53|4 Feb 2025|CN
3|Acme|2025-01-03|01/15/2025|TS MANILA|05/07/2025|05/08/2025 01:53|7 Feb 2025|JP`))
	assert.Contains(t, d.Text, `date: {column: "Arrival"`)
	for i, c := range d.Columns {
		if i > 2 && i != 4 && i != 8 {
			assert.Equal(t, draft.Consignment, c.Subject, c.Name)
			assert.Contains(t, strings.Join(c.Why, "; "), "the cells are days written", c.Name)
		}
	}
	assert.NotContains(t, d.Text, "alias")
	assert.NotContains(t, d.Text, "transit")
	assert.Contains(t, d.Text, `id: {column: "Origin", rule: country}`)

	// Of digits alone a number may look like a day.
	d = draft.Of(table("codes", "Entry No|Importer|HS Code|Consignee ID\n1|Acme|20230101|20240105\n2|Swift|20230102|20240106\n3|Kam Fung|20230103|20240107"))
	assert.Equal(t, draft.Meaning{Subject: "commodity", Property: draft.ID}, d.Columns[2].Meaning)
	assert.Equal(t, draft.Meaning{Subject: "consignee", Property: draft.ID}, d.Columns[3].Meaning)
}

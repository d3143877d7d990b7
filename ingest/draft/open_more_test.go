package draft_test

import (
	"fmt"
	"slices"
	"strings"
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
		assert.Contains(t, d.Open, `ID No: 1 of 3 keep the rule hkid of numbers that identify persons, and stand in the store as they are: write {column: "ID No", rule: hkid}, so that keyed hashes are kept, or take the column out and write withhold: ["ID No"], so that none of its cells is kept`)
	}
}

// TestWordsThatWatchListsShare: what other files say too makes no list of them, and neither does a column of answers; where it
// may be one, that is left open.
func TestWordsThatWatchListsShare(t *testing.T) {
	const active = "\noutcomes: #"
	for column, c := range map[string]struct {
		cells        [3]string
		listed, open bool
	}{
		"Designation":         {[3]string{"Manager", "Clerk", "Driver"}, false, true},
		"Designated":          {[3]string{"2020-01-01", "2020-02-01", "2020-03-01"}, false, true},
		"Denied":              {[3]string{"2020-01-01", "", ""}, false, true},
		"Watch":               {[3]string{"quartz", "dive", "quartz"}, false, true},
		"Sanctioned":          {[3]string{"no", "yes", "no"}, false, true},
		"Sanctions remark":    {[3]string{"", "", "asked the ministry"}, false, true},
		"Denied party since":  {[3]string{"2020-01-01", "2020-02-01", "2020-03-01"}, true, false},
		"Sanctions programme": {[3]string{"IRAN", "DPRK", "IRAN"}, true, false},
		"黑名单编号":               {[3]string{"B7", "B8", "B9"}, true, false},
		"Remark":              {[3]string{"a", "b", "c"}, false, false},
	} {
		rows := [][]string{{"W1", "Golden Wind Ltd", c.cells[0]}, {"W2", "Chan Tai Man", c.cells[1]}, {"W3", "Kam Fung Co", c.cells[2]}}
		d := draft.Of(draft.Table{Name: "firms", Space: "firms", Header: true, Columns: []string{"Ref", "Name", column}, Rows: rows})
		assert.Equal(t, c.listed, strings.Contains(d.Text, active), "%s\n%s", column, d.Text)
		open := slices.ContainsFunc(d.Open, func(point string) bool { return strings.Contains(point, "may say that this is a watch list") })
		assert.Equal(t, c.open, open, column)
		assert.Equal(t, c.open, strings.Contains(d.Text, "# open: "+column+" may say that this is a watch list"), column)
	}
	for name, listed := range map[string]bool{"denied-2021": false, "denied-persons": true, "designated entities": true, "designated-offices": false} {
		d := draft.Of(draft.Table{Name: name, Header: true, Columns: []string{"Ref", "Name"}, Rows: [][]string{{"1", "Kam Fung Co"}, {"2", "Acme Ltd"}}})
		assert.Equal(t, listed, strings.Contains(d.Text, active), name)
	}
}

// TestWhatAColumnIsTakenFor: of a name that is understood in part the mapping keeps the name, and so it is told.
func TestWhatAColumnIsTakenFor(t *testing.T) {
	d := draft.Of(table("entradas", "Entry No|Importador|Peso|Peso zz|Zozobra|Fecha|Fecha rara\nE1|Kam Fung|7|44|a|2024-01-05|2024-01-09\nE2|Acme|8|45|b|2024-01-06|2024-01-10"))
	var taken []string
	for i := range d.Columns {
		taken = append(taken, d.Columns[i].Taken())
	}
	assert.Equal(t, []string{"consignment number", "importer name", "consignment gross_mass", "field, perhaps gross_mass", "field", "consignment date", "field"}, taken)
	assert.Contains(t, d.Text, `      gross_mass: {column: "Peso", rule: number}`)
	assert.Contains(t, d.Text, `      peso_zz: {column: "Peso zz", rule: number}`)
}

// TestForwardersInPlaceOfTradersAreOpen: a file in which many importers are forwarders asks for whom they act; some of them do not.
func TestForwardersInPlaceOfTradersAreOpen(t *testing.T) {
	const point = "Importer: %d of 20 have a word for a forwarder in the name"
	for _, name := range []string{"Pearl Logistics Asia", "ABC FORWARDING LTD", "Swift Cargo", "Müller Spedition", "远大国际货运代理", "한진물류"} {
		for forwarders, open := range map[int]bool{3: false, 4: true, 20: true} {
			var text strings.Builder
			text.WriteString("Entry No|Entry date|Importer|HS Code")
			for i := range 20 {
				importer := fmt.Sprintf("Kam Fung %d Ltd", i)
				if i < forwarders {
					importer = name
				}
				fmt.Fprintf(&text, "\nE%d|2024-01-05|%s|851713", i, importer)
			}
			layout := table("entries", text.String())
			d := draft.Of(layout)
			sound(t, d, layout)
			assert.Equal(t, open, strings.Contains(d.Text, "# open: "+fmt.Sprintf(point, forwarders)), "%s %d", name, forwarders)
			assert.NotContains(t, strings.Join(d.Open, "\n"), name)
		}
	}
}

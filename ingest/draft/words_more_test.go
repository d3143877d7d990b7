package draft_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"rummage/ingest/draft"
)

// meaningOf is what the last column of a table is taken for, with its draft.
func meaningOf(header, row string, cells []string) (draft.Meaning, *draft.Draft) {
	d := draft.Of(withNumbers("bills", header, row, cells))
	return d.Columns[len(d.Columns)-1].Meaning, d
}

// TestOriginIsByTheWord: a column that says the country of origin is no place of departure where some of its cells are no countries, and
// one of ports is.
func TestOriginIsByTheWord(t *testing.T) {
	row := "E%d|2024-01-05|ACME|Kam Fung Ltd|%s"
	for _, c := range []struct {
		header string
		cells  []string
		want   draft.Subject
	}{
		{"Country of Origin", []string{"China", "EU", "China", "China"}, "origin"},
		{"Country of Origin", []string{"EU", "various", "see list"}, "origin"},
		{"Origin", []string{"China", "EU", "China", "China"}, "origin"},
		{"Гарал үүслийн улс", []string{"ОХУ", "ОХУ"}, "origin"},
		{"Origin", []string{"Yard 7", "Warehouse 12", "Depot 3"}, "departure"},
	} {
		got, d := meaningOf("Entry No|Arrival|Shipper|Receiver|"+c.header, row, c.cells)
		assert.Equal(t, c.want, got.Subject, c.header)
		assert.NotContains(t, d.Text, "the cells are no countries")
	}
}

// TestTaxCodesAreNoDuty: what is called the tax code of somebody, or keeps the rule of a register under the word tax, is a number and no
// amount; amounts are.
func TestTaxCodesAreNoDuty(t *testing.T) {
	row := "E%d|2024-01-05|ACME|Kam Fung Ltd|%s"
	var codes, amounts []string
	for i := range 12 {
		codes = append(codes, fmt.Sprintf("0%d12345%02d", i%9, i))
		amounts = append(amounts, fmt.Sprintf("%d.50", 100+i))
	}
	for _, header := range []string{"shipper.taxCode", "taxCode", "Tax code", "Taxpayer ID", "Tax number"} {
		got, d := meaningOf("Entry No|Arrival|Shipper|Receiver|"+header, row, codes)
		assert.Equal(t, draft.ID, got.Property, header)
		assert.NotContains(t, d.Text, "duty", header)
	}
	uens := strings.Fields("DE129273398 DE136695976 DE811569869 FR40303265045 NL004495445B01 DE129273398")
	got, _ := meaningOf("Entry No|Arrival|Shipper|Receiver|VAT", row, uens)
	assert.Equal(t, draft.ID, got.Property)
	got, _ = meaningOf("Entry No|Arrival|Shipper|Receiver|VAT", row, amounts)
	assert.Equal(t, draft.Property("duty"), got.Property)
}

// TestRolesThatNoWordSaysAreOpen: a party whose role the draft made up is told.
func TestRolesThatNoWordSaysAreOpen(t *testing.T) {
	var text strings.Builder
	text.WriteString("Entry No|Date|HS Code|Origin|Alpha")
	for i := range 12 {
		fmt.Fprintf(&text, "\nE%d1|2024-01-05|851713|CN|Kam Fung %d Ltd", i, i)
	}
	d := draft.Of(table("imports", text.String()))
	assert.Contains(t, d.Text, "which party it is, no word says")
	assert.Contains(t, strings.Join(d.Open, "\n"), "Alpha: no word says which party it is, and the draft takes it for the consignee")
}

// TestWordsThatNameNobody: in columns of parties they state nothing, and the names of companies with such a word do.
func TestWordsThatNameNobody(t *testing.T) {
	for word, names := range map[string]bool{
		"同左": false, "ditto": false, "-do-": false, "MULTIPLE CONSIGNEES": false, "Various Shippers": false, "PRIVATE INDIVIDUAL": false, "个人": false, "Persona Física": false,
		"Multiple Trading": true, "Various Foods Ltd": true, "Dito Telecom": true,
	} {
		d := draft.Of(withNumbers("bills", "Bill No|Date|Shipper|Consignee", "B%d|2024-01-05|ACME|%s", []string{"Kam Fung Ltd", word, "Golden Sun Ltd"}))
		assert.Equal(t, !names, strings.Contains(d.Text, fmt.Sprintf("null: [%q]", word)), "%s\n%s", word, d.Text)
	}
}

// TestAWatchListNamesSomebody: the column that a list calls by a word for whom it lists has their names, and where none does, that
// nobody is compared by name is told.
func TestAWatchListNamesSomebody(t *testing.T) {
	row := "WL-%d|%s|smuggling"
	names := []string{"Shenzhen Bright Star Co. Ltd", "Juan dela Cruz", "王伟", "Kam Fung Trading"}
	d := draft.Of(withNumbers("watch", "Ref|Subject|Reason", row, names))
	assert.Contains(t, d.Text, `name: "Subject"`)
	assert.Contains(t, d.Text, "result: listed")
	assert.NotContains(t, strings.Join(d.Open, "\n"), "names of whom this list names")
	d = draft.Of(withNumbers("watch", "Ref|Grade|Reason", row, []string{"A", "B", "A", "C"}))
	assert.Contains(t, strings.Join(d.Open, "\n"), "no column was taken for the names of whom this list names")
}

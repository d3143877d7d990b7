package draft_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rummage/ingest/draft"
	"rummage/ingest/ident"
)

// hkids are sound numbers of identity cards, written as on the card.
func hkids(n int) []string {
	var all []string
	for i := 0; len(all) < n; i++ {
		for check := range 11 {
			number := fmt.Sprintf("A%06d(%s)", 123456+777*i, string("0123456789A"[check]))
			if r, _ := ident.Lookup("hkid"); r.Check(number).Mark == ident.Fine {
				all = append(all, number)
				break
			}
		}
	}
	return all
}

// withNumbers is a table of a header and rows in which %s stands for a number and %d for that of the row.
func withNumbers(name, header, row string, numbers []string) draft.Table {
	var text strings.Builder
	text.WriteString(header)
	for i, number := range numbers {
		line := strings.ReplaceAll(strings.ReplaceAll(row, "%s", number), "%d", fmt.Sprint(i))
		text.WriteString("\n" + line)
	}
	return table(name, text.String())
}

// TestNumbersOfPersonsAreHashes: a column whose name and check digits say that it holds identity numbers is read under their rule
// wherever it stands: as the id of whom it numbers, as a fact where some rows leave it out, and as a field of nobody's. It is never a
// name, and the draft says what happens to it.
func TestNumbersOfPersonsAreHashes(t *testing.T) {
	numbers := hkids(12)
	for _, c := range []struct{ name, header, row, want string }{
		{"officers", "CR No.|Company name|Registered office|Director|Director HKID", "C2%d7|Kam Fung %d Ltd|Flat %d, 7 Nathan Road|Chan %d|%s", `id: {column: "Director HKID", rule: hkid}`},
		{"people", "Name|Identity Card No.|Address", "Chan %d|%s|Flat %d", `id: {column: "Identity Card No.", rule: hkid}`},
		{"imports", "Entry No|Date|Importer|香港身份證號碼|HS Code", "E%d1|2024-01-05|Chan %d|%s|851713", `column: "香港身份證號碼", rule: hkid`},
		{"passengers", "Entry No|Date|Consignee|Vessel|HKID|HS Code", "E%d1|2024-01-05|Kam Fung Ltd|EVER GIVEN|%s|851713", `{column: "HKID", rule: hkid}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			layout := withNumbers(c.name, c.header, c.row, numbers)
			d := draft.Of(layout)
			assert.Contains(t, d.Text, c.want)
			assert.NotContains(t, d.Text, "alias:")
			require.NotEmpty(t, d.Open)
			assert.Contains(t, d.Open[0], "12 of 12 keep the rule hkid of numbers that identify persons, so that keyed hashes of them are kept")
			sound(t, d, layout)
		})
	}
}

// TestAPersonOfSomeRowsKeepsItsName: where rows leave the number out, whom they name is not lost.
func TestAPersonOfSomeRowsKeepsItsName(t *testing.T) {
	layout := withNumbers("mixed", "Entry No|Date|Importer|Importer HKID|HS Code", "E%d1|2024-01-05|Kam Fung %d|%s|851713", append(hkids(12), "", ""))
	d := draft.Of(layout)
	assert.Contains(t, d.Text, `    id: "Importer"`)
	assert.Contains(t, d.Text, `      importer_hkid: {column: "Importer HKID", rule: hkid}`)
	sound(t, d, layout)
}

// TestARegisterOfSomeNumbersKeepsItsRows: a number that some rows leave out is no id of what they are about, as a reference or a name is.
func TestARegisterOfSomeNumbersKeepsItsRows(t *testing.T) {
	some := append(hkids(12), make([]string, 8)...)
	for header, id := range map[string]string{"Ref|Name|HKID": "Ref", "Remark|Name|HKID": "Name"} {
		layout := withNumbers("people", header, "R-%d|Chan %d|%s", some)
		d := draft.Of(layout)
		require.Equal(t, draft.Register, d.Shape, header)
		assert.Contains(t, d.Text, fmt.Sprintf("    id: %q\n", id), header)
		assert.Contains(t, d.Text, `      hkid: {column: "HKID", rule: hkid}`, header)
		sound(t, d, layout)
	}
}

// TestPartiesOfARoleOfWhichSomeStateNumbers: where some parties of a role state a number that identifies a person, their names are ids,
// and the number is a fact under its rule.
func TestPartiesOfARoleOfWhichSomeStateNumbers(t *testing.T) {
	var text strings.Builder
	text.WriteString("@mrn|Office|Party.@role|Party.HKID|Party.Name")
	for i, number := range hkids(12) {
		fmt.Fprintf(&text, "\nD%d|HK1|IM\x1fEX\x1fAG|%s\x1f%s\x1f|Chan %d\x1fWong %d\x1fSwift Clearance Ltd", i, number, []string{number, ""}[i%2], i, i)
	}
	layout := tree("people", text.String())
	d := draft.Of(layout)
	sound(t, d, layout)
	_, exporter, _ := strings.Cut(d.Text, "\n  exporter:")
	exporter, importer, _ := strings.Cut(exporter, "\n  importer:")
	importer, declarant, _ := strings.Cut(importer, "\n  declarant:")
	declarant, _, _ = strings.Cut(declarant, "\nconsignments:")
	assert.Contains(t, importer, `id: {column: "Party.HKID", rule: hkid}`)
	assert.Contains(t, exporter, `id: "Party.Name"`)
	assert.Contains(t, exporter, `party_hkid: {column: "Party.HKID", rule: hkid}`)
	assert.Contains(t, declarant, `id: "Party.Name"`)
	assert.NotContains(t, declarant, "Party.HKID")
	assert.NotContains(t, d.Text, "first: [")
}

// TestOneNumberInManyRowsIsNoEvidence: a number that keeps a check digit by chance does so in every row that repeats it.
func TestOneNumberInManyRowsIsNoEvidence(t *testing.T) {
	same := strings.Fields(strings.Repeat("234123412346 ", 20))
	d := draft.Of(withNumbers("companies", "Entry No|Date|Importer|Importer number|HS Code", "E%d1|2024-01-05|Kam Fung|%s|851713", same))
	for _, point := range d.Open {
		assert.NotContains(t, point, "identify persons")
	}
	unsaid := draft.Of(withNumbers("unsaid", "Entry No|Date|Importer|Importer number|HS Code", "E%d1|2024-01-05|Kam Fung|%s|851713", append(hkids(12), strings.Fields(strings.Repeat("X1 ", 20))...)))
	require.NotEmpty(t, unsaid.Open)
	assert.Contains(t, strings.Join(unsaid.Open, "\n"), "12 of 32 keep the rule hkid of numbers that identify persons, and stand in the store as they are")
}

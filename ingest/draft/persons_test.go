package draft_test

import (
	"fmt"
	"slices"
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

// sound numbers of registers, n of each, by their rule.
func soundNumbers(rule string, n int) []string {
	r, _ := ident.Lookup(rule)
	form := map[string]string{
		"nik_id": "317301%02d1280%04d", "nric_my": "80%02d12-14-%04d", "ric_cn": "440301198503%02d%04d", "my_number_jp": "1234%02d%06d",
		"id_th": "31006%02d%06d", "cpf_br": "5299%02d%05d", "nric_sg": "S%02d%05dD", "id_tw": "A1%02d%06d", "rrn_kr": "9710%02d1%06d", "aadhaar_in": "2341%02d%06d",
	}[rule]
	var all []string
	for i := 0; len(all) < n; i++ {
		for k := 1; k < 3000; k++ {
			if number := fmt.Sprintf(form, i%12+1, (i*37+k*13)%10000); r.Check(number).Mark == ident.Fine && !slices.Contains(all, number) {
				all = append(all, number)
				break
			}
		}
	}
	return all
}

// TestNoNumberOfAPersonStandsInClearUnasked: whatever a column is called and taken for, and however often a number stands in it, numbers
// that keep the rule of a register of persons are under it, or asked about; they never number consignments.
func TestNoNumberOfAPersonStandsInClearUnasked(t *testing.T) {
	row := "E%d|2024-01-05|ACME|Kam Fung Ltd|%s"
	for _, rule := range []string{"hkid", "nik_id", "nric_my", "ric_cn", "my_number_jp", "id_th", "cpf_br", "nric_sg", "id_tw", "rrn_kr", "aadhaar_in"} {
		numbers := hkids(30)
		if rule != "hkid" {
			numbers = soundNumbers(rule, 30)
		}
		for _, repeated := range []bool{false, true} {
			if repeated {
				numbers = append(numbers, numbers[0], numbers[1])
			}
			for _, header := range []string{"Holder", "Ref 2", "備考", "Card", "Reference", "Serial", "Person ID", "Account", "IDCard", "MyKad", "Importer code", "Driver"} {
				for _, first := range []string{"Bill", "Entry No"} {
					layout := withNumbers("bills", first+"|Arrival|Shipper|Receiver|"+header, row, numbers)
					d := draft.Of(layout)
					assert.Contains(t, strings.Join(d.Open, "\n"), fmt.Sprintf("%s: %d of %d keep the rule %s of numbers that identify persons", header, len(numbers), len(numbers), rule), "%s %s", rule, header)
					assert.NotContains(t, d.Text, fmt.Sprintf("    number: %q", header))
					sound(t, d, layout)
				}
			}
		}
	}
}

// TestNumbersByChanceAreNotAsked: serial numbers of the same form keep a check digit as often as chance has it.
func TestNumbersByChanceAreNotAsked(t *testing.T) {
	var serials []string
	for i := range 200 {
		serials = append(serials, fmt.Sprintf("A%07d", 1000001+i))
	}
	d := draft.Of(withNumbers("bills", "Entry No|Arrival|Shipper|Receiver|Ref 2", "E%d|2024-01-05|ACME|Kam Fung Ltd|%s", serials))
	assert.NotContains(t, strings.Join(d.Open, "\n"), "identify persons")
}

// TestSomeNumbersUnderAWordNumberNothing: where a third of the cells is malformed, the draft asks.
func TestSomeNumbersUnderAWordNumberNothing(t *testing.T) {
	numbers := hkids(20)
	for i := range 10 {
		numbers = append(numbers, fmt.Sprintf("A12%d(X)", i))
	}
	d := draft.Of(withNumbers("bills", "Bill|Arrival|Shipper|Receiver|ID Card", "B%d|2024-01-05|ACME|Kam Fung Ltd|%s", numbers))
	assert.Contains(t, strings.Join(d.Open, "\n"), "ID Card: 20 of 30 keep the rule hkid of numbers that identify persons, and stand in the store as they are")
	assert.NotContains(t, d.Text, `number: "ID Card"`)
}

// TestNumbersOfPersonsThatNoRuleChecks: the form with a word is enough to ask, and the word alone is not.
func TestNumbersOfPersonsThatNoRuleChecks(t *testing.T) {
	row := "E%d|2024-01-05|ACME|Kam Fung Ltd|%s"
	cards := []string{"12/KaMaYa(N)646436", "7/PaKhaNa(N)033541", "12/KaMaYa(N)646437"}
	regs := []string{"УБ88020912", "5123456", "ЧА99122134"}
	for _, c := range []struct {
		header, want string
		numbers      []string
	}{
		{"နိုင်ငံသားစိစစ်ရေးကတ်အမှတ်", "3 of 3 are written as numbers of identity cards of Myanmar", cards},
		{"NRC No", "3 of 3 are written as numbers of identity cards of Myanmar", cards},
		{"Импортлогчийн регистр", "2 of 3 are written as numbers of identity cards of Mongolia", regs},
		{"NRC No", "", regs[1:2]},
	} {
		layout := withNumbers("bills", "Entry No|Arrival|Shipper|Receiver|"+c.header, row, c.numbers)
		d := draft.Of(layout)
		if c.want == "" {
			assert.NotContains(t, strings.Join(d.Open, "\n"), "identity cards")
			continue
		}
		assert.Contains(t, strings.Join(d.Open, "\n"), c.header+": "+c.want)
		assert.NotContains(t, d.Text, "country:")
		sound(t, d, layout)
	}
}

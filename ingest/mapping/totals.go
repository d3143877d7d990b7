package mapping

import (
	"bytes"
	"slices"
	"unicode"
	"unicode/utf8"

	"rummage/ingest/ident"
)

// CodeTotals is that of a line of totals, which is no record.
const CodeTotals = "totals"

// totals are words by which such a line names itself, in small letters and without what is none.
var totals = wordsOf("total", "totals", "grandtotal", "subtotal", "sum", "totales", "totalgeneral", "grantotal", "suma", "totalgeral", "soma", "totalgénéral",
	"soustotal", "somme", "summe", "gesamt", "gesamtsumme", "insgesamt", "totale", "totalegenerale", "totaal", "razem", "ogółem", "toplam", "geneltoplam", "celkem",
	"összesen", "σύνολο", "итого", "всего", "разом", "усього", "всичко", "барлығы", "жиыны", "нийт", "нийтдүн", "бүгд", "合计", "合計", "总计", "總計", "小计", "小計", "合计数",
	"합계", "총계", "소계", "jumlah", "jumlahkeseluruhan", "tổng", "tổngcộng", "cộng", "รวม", "รวมทั้งหมด", "รวมทั้งสิ้น", "ยอดรวม", "المجموع", "الإجمالي", "الاجمالي", "مجموع", "جمع", "جمعکل",
	"মোট", "সর্বমোট", "សរុប", "ລວມ", "ລວມທັງໝົດ", "စုစုပေါင်း")

func wordsOf(words ...string) map[string]bool {
	set := make(map[string]bool, len(words))
	for _, word := range words {
		set[word] = true
	}
	return set
}

// longestTotal is how many bytes the word has at most, with room for signs and spaces in it.
const longestTotal = 80

// sumOf finds in a row of consignments the cell that says that it is the sum of others: a word for a
// total, beside which nothing stands but numbers, a currency and at least one empty cell. It is the
// place of the cell, -1 for a row that is none. No consignment is like that: without any party,
// day, place or text it would say nothing of anybody. Digits stand beside the word where it begins the
// row: behind a number, RAZEM 2000 is a firm.
func (m *Mapper) sumOf(cells [][]byte) int {
	at := sumAt(cells, m.isNull)
	if at >= 0 && m.statesDay(cells) {
		return -1
	}
	return at
}

// IsSum reports a row that is the sum of others, of which no mapping says what its cells are.
func IsSum(row []string) bool {
	cells := make([][]byte, len(row))
	for i := range row {
		cells[i] = []byte(row[i])
	}
	return sumAt(cells, func([]byte) bool { return false }) >= 0
}

// sumAt is sumOf as far as the cells say it.
func sumAt(cells [][]byte, isNull func(cell []byte) bool) int {
	at, empty, first := -1, false, true
	for i, cell := range cells {
		cell = bytes.TrimSpace(cell)
		switch {
		case len(cell) == 0 || isNull(cell):
			empty = true
			continue
		case isAmount(cell):
		case at < 0 && isTotal(cell) && (first || !bytes.ContainsAny(cell, "0123456789")):
			at = i
		case !isCurrency(cell):
			return -1
		}
		first = false
	}
	if !empty {
		return -1
	}
	return at
}

// statesDay reports a cell that the mapping reads as the day of the row or of a consignment: of digits alone, such
// as 20240105, it looks like an amount.
func (m *Mapper) statesDay(cells [][]byte) bool {
	stated := func(d *date) bool {
		if d == nil || !d.value.plain || d.value.column < 0 || d.value.column >= len(cells) {
			return false
		}
		cell := bytes.TrimSpace(cells[d.value.column])
		return !d.value.null(cell) && slices.ContainsFunc(d.formats, func(f dateFormat) bool {
			_, ok := f.parse(cell)
			return ok
		})
	}
	return stated(m.date) || slices.ContainsFunc(m.consignments, func(c consignment) bool { return stated(c.date) })
}

// isAmount reports a number as people write it; a day is none.
func isAmount(cell []byte) bool {
	digits := false
	for i, c := range string(cell) {
		switch {
		case c >= '0' && c <= '9':
			digits = true
		case c == '.' || c == ',' || c == '\'' || c == ' ' || c == '%' || c == '(' || c == ')' || c == '\u00A0' || c == '\u202F':
		case (c == '-' || c == '+') && i == 0, unicode.Is(unicode.Sc, c):
		default:
			return false
		}
	}
	return digits
}

// isTotal reports a word for a total, with whatever signs, spaces and digits around it.
func isTotal(cell []byte) bool {
	if len(cell) > longestTotal {
		return false
	}
	word := make([]byte, 0, longestTotal)
	for _, c := range string(cell) {
		if unicode.IsLetter(c) || unicode.IsMark(c) {
			word = utf8.AppendRune(word, unicode.ToLower(c))
		}
	}
	return totals[string(word)]
}

// isCurrency reports the code of a currency, which may stand beside a sum.
func isCurrency(cell []byte) bool {
	return len(cell) <= 3 && ident.Currency(string(cell)).Mark == ident.Fine
}

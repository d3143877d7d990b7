package workbook_test

import (
	"fmt"
	"html"
	"math"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"

	"rummage/ingest/format/workbook"
	"rummage/ingest/read"
)

// styled is a workbook of one cell, a number in a format.
func styled(t testing.TB, code, value, year string) []byte {
	t.Helper()
	return sheet(t, `<row><c s="1"><v>`+value+`</v></c></row>`,
		"xl/styles.xml", `<styleSheet><numFmts><numFmt numFmtId="164" formatCode="`+html.EscapeString(code)+`"/></numFmts>`+
			`<cellStyleXfs><xf numFmtId="9"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="164"/></cellXfs></styleSheet>`,
		"xl/workbook.xml", strings.Replace(skeleton()["xl/workbook.xml"], "<workbookPr/>", `<workbookPr date1904="`+year+`"/>`, 1))
}

// only is the only cell of a workbook.
func only(t testing.TB, file []byte) string {
	t.Helper()
	rows := all(t, file, read.Dialect{Format: workbook.Format, Columns: 1})
	require.Len(t, rows, 1)
	return strings.TrimPrefix(rows[0], "1 ")
}

func TestNumbers(t *testing.T) {
	cases := []struct{ code, value, want string }{
		{"General", "42", "42"},
		{"General", "0.10000000000000001", "0.1"},
		{"General", "1.2E+12", "1200000000000"},
		{"General", "1.2345678901234567E+16", "12345678901234568"},
		{"General", "12345678901234567890", "12345678901234567890"},
		{"General", "12345678901234567890.5", "12345678901234567890.5"},
		{"General", "1.23456789012345678901E3", "1234.56789012345678901"},
		{"General", "-1.00000000000000000001E-2", "-0.0100000000000000000001"},
		{"General", "1E-7", "0.0000001"},
		{"General", "-0.0", "0"},
		{"General", "007", "007"},
		{"General", "+5", "5"},
		{"General", " 7 ", "7"},
		{"General", ".5", "0.5"},
		{"0", "2.5", "2.5"},
		{"0.00", "5", "5.00"},
		{"0.00", "0.125", "0.125"},
		{"0000.00", "1006.3", "1006.30"},
		{"#,##0.00", "1234567.5", "1234567.50"},
		{"#,##0;(#,##0)", "-1234", "-1234"},
		{"#,##0.0;(#,##0.00);\"-\"", "-3", "-3.00"},
		{"#,##0.0;(#,##0.00);\"-\"", "0", "0"},
		{";;;", "17", "17"},
		{"00000000", "417", "00000417"},
		{"00000000", "123456789", "123456789"},
		{"0000", "-7", "-0007"},
		{"000-00-0000", "12345678", "012-34-5678"},
		{"0000-0000", "23456789", "2345-6789"},
		{"0000-0000", "123456789", "12345-6789"},
		{"0000-0000", "1.5", "00000001.5"},
		{"###-####", "5551234", "555-1234"},
		{"###-####", "34", "-34"},
		{"###-####", "0", "0"},
		{"[<=9999999]###-####;(###) ###-####", "2125551234", "2125551234"},
		{"\"PO-\"00000", "42", "PO-00042"},
		{"\"PO-\"00\\/00", "1234", "PO-12/34"},
		{"0\" kg\"", "5", "5"},
		{"[$€-407] #,##0.00", "5", "5.00"},
		{"0%", "0.05", "5%"},
		{"0%", "0.0525", "5.25%"},
		{"0.00%", "1.5", "150.00%"},
		{"0%", "-2", "-200%"},
		{"0.00E+00", "1234567", "1234567"},
		{"# ?/?", "0.5", "0.5"},
		{"@", "12345678901", "12345678901"},
		{"_(* #,##0_);_(* (#,##0)", "12", "12"},
		{strings.Repeat("0", 2000), "12", "12"},
	}
	for _, c := range cases {
		t.Run(c.code[:min(30, len(c.code))]+" of "+c.value, func(t *testing.T) {
			assert.Equal(t, c.want, only(t, styled(t, c.code, c.value, "0")))
		})
	}
}

func TestDates(t *testing.T) {
	cases := []struct{ code, value, year, want string }{
		{"yyyy-mm-dd", "45413", "0", "2024-05-01"},
		{"dd/mm/yyyy", "45413.73", "0", "2024-05-01"},
		{"d-mmm", "45413", "0", "2024-05-01"},
		{"mmm", "45413", "0", "2024-05-01"},
		{"m/d/yy h:mm", "45413.5", "0", "2024-05-01T12:00:00"},
		{"m/d/yy h:mm", "45413", "0", "2024-05-01T00:00:00"},
		{"yyyy-mm-dd hh:mm:ss.000", "45413.500001447", "0", "2024-05-01T12:00:00.125"},
		{"yyyy-mm-dd hh:mm", "45412.9999999999", "0", "2024-05-01T00:00:00"},
		{"[$-404]e/m/d", "45413", "0", "2024-05-01"},
		{"yyyy\"年\"m\"月\"d\"日\"", "45413", "0", "2024-05-01"},
		{"[$-409]d\\-mmm\\-yy;@", "45413", "0", "2024-05-01"},
		{"h:mm AM/PM", "0.75", "0", "18:00:00"},
		{"mm:ss", "0.75", "0", "18:00:00"},
		{"h:mm", "45413.25", "0", "2024-05-01T06:00:00"},
		{"[h]:mm:ss", "1.1041666666666667", "0", "26:30:00"},
		{"[mm]:ss", "0.5", "0", "12:00:00"},
		{"yyyy-mm-dd", "1", "0", "1900-01-01"},
		{"yyyy-mm-dd", "59", "0", "1900-02-28"},
		{"yyyy-mm-dd", "60", "0", "1900-02-29"},
		{"yyyy-mm-dd", "61", "0", "1900-03-01"},
		{"yyyy-mm-dd", "0", "0", "1900-01-00"},
		{"yyyy-mm-dd", "2958465", "0", "9999-12-31"},
		{"yyyy-mm-dd", "2958466", "0", "2958466"},
		{"yyyy-mm-dd", "-1", "0", "-1"},
		{"yyyy-mm-dd", "0", "1", "1904-01-01"},
		{"yyyy-mm-dd", "43951", "true", "2024-05-01"},
		{"yyyy-mm-dd", "2957003", "1", "9999-12-31"},
		{"yyyy-mm-dd", "2957004", "1", "2957004"},
	}
	for _, c := range cases {
		t.Run(c.code+" of "+c.value, func(t *testing.T) {
			assert.Equal(t, c.want, only(t, styled(t, c.code, c.value, c.year)))
		})
	}
}

// TestFormatsByNumber: formats that a workbook names by a number alone.
func TestFormatsByNumber(t *testing.T) {
	for id, want := range map[int]string{0: "45413.25", 2: "45413.25", 4: "45413.25", 9: "4541325%", 14: "2024-05-01", 21: "2024-05-01T06:00:00",
		22: "2024-05-01T06:00:00", 31: "2024-05-01", 34: "2024-05-01", 46: "1089918:00:00", 49: "45413.25", 57: "2024-05-01", 81: "2024-05-01", 999: "45413.25"} {
		t.Run(strconv.Itoa(id), func(t *testing.T) {
			file := sheet(t, `<row><c s="0"><v>45413.25</v></c></row>`, "xl/styles.xml", fmt.Sprintf(`<styleSheet><cellXfs><xf numFmtId="%d"/></cellXfs></styleSheet>`, id))
			assert.Equal(t, want, only(t, file))
		})
	}
	file := sheet(t, `<row><c s="0"><v>0.25</v></c></row>`, "xl/styles.xml", `<styleSheet><cellXfs><xf numFmtId="55"/></cellXfs></styleSheet>`)
	assert.Equal(t, "06:00:00", only(t, file), "what depends on the language is a time below one day")
}

func TestCells(t *testing.T) {
	shared := `<sst count="3"><si><t xml:space="preserve"> tea </t></si><si><r><rPr><b/></rPr><t>bold</t></r><r><t> &amp; not</t></r><rPh sb="0"><t>reading</t></rPh></si>` +
		`<si><t>two_x000D__x005F_x41_ _x0041_</t></si><si/></sst>`
	cases := map[string]struct{ cell, want string }{
		"shared":                     {`<c t="s"><v>0</v></c>`, " tea "},
		"rich and with its reading":  {`<c t="s"><v>1</v></c>`, "bold & not"},
		"marks of characters":        {`<c t="s"><v>2</v></c>`, "two\r_x41_ A"},
		"shared with a prefix":       {`<x:c t="s"><x:v>0</x:v></x:c>`, " tea "},
		"inline":                     {`<c t="inlineStr"><is><r><t>a</t></r><r><t>b</t></r></is></c>`, "ab"},
		"a formula's text":           {`<c t="str"><f>A1&amp;"x"</f><v>a&lt;b &#x9999;&#10;c</v></c>`, "a<b 香\nc"},
		"a formula's number":         {`<c><f>SUM(B1:B2)</f><v>3</v></c>`, "3"},
		"a formula's empty text":     {`<c t="str"><f>""</f><v></v></c><c><v>1</v></c>`, "|1"},
		"an error":                   {`<c t="e"><f>1/0</f><v>#DIV/0!</v></c>`, "#DIV/0!"},
		"true":                       {`<c t="b"><v>1</v></c>`, "TRUE"},
		"false":                      {`<c t="b"><v>0</v></c>`, "FALSE"},
		"a day in words":             {`<c t="d"><v>2024-05-01T00:00:00</v></c>`, "2024-05-01"},
		"a moment in words":          {`<c t="d"><v>2024-05-01T13:00:00</v></c>`, "2024-05-01T13:00:00"},
		"CDATA":                      {`<c t="str"><v>a<![CDATA[<b>]]>c</v></c>`, "a<b>c"},
		"line ends":                  {"<c t=\"str\"><v>a\r\nb\rc</v></c>", "a\nb\nc"},
		"comments and other parts":   {`<!-- <c> --><extLst/><c><?pi ?><v>1</v><extLst><v>2</v></extLst></c>`, "1"},
		"a style that is not there":  {`<c s="77"><v>1</v></c>`, "1"},
		"cells left out":             {`<c r="C1"><v>3</v></c><c r="e1"><v>5</v></c>`, "||3||5"},
		"empty cells without places": {`<c/><c t="s"/><c t="b"/><c><v>4</v></c>`, "|||4"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			file := sheet(t, "<row>"+c.cell+"</row>", "xl/sharedStrings.xml", shared)
			rows := all(t, file, read.Dialect{Format: workbook.Format, Columns: strings.Count(c.want, "|") + 1})
			assert.Equal(t, []string{"1 " + c.want}, rows)
		})
	}
}

func TestBadRows(t *testing.T) {
	long := strings.Repeat("x", 600<<10)
	cases := map[string]struct{ cells, want string }{
		"not a number":            {`<c><v>1/2</v></c>`, `malformed row 1, column 1: the cell holds "1/2", which is no number`},
		"no number either":        {`<c><v>0x10</v></c>`, `malformed row 1, column 1: the cell holds "0x10", which is no number`},
		"an endless exponent":     {`<c><v>1E999999999</v></c>`, `malformed row 1, column 1: the cell holds "1E999999999", which is no number`},
		"a number beyond doubles": {`<c><v>1E399</v></c>`, `malformed row 1, column 1: the cell holds "1E399", which is no number`},
		"no truth":                {`<c/><c t="b"><v>yes</v></c>`, `malformed row 1, column 2: the cell holds "yes" where TRUE or FALSE is 1 or 0`},
		"an unknown type":         {`<c t="q"><v>1</v></c>`, `malformed row 1, column 1: a cell of type "q", which no workbook has`},
		"no such text":            {`<c t="s"><v>5</v></c>`, `malformed row 1, column 1: the cell refers to text "5", which the workbook does not have`},
		"a text by no number":     {`<c t="s"><v>x</v></c>`, `malformed row 1, column 1: the cell refers to text "x", which the workbook does not have`},
		"never computed":          {`<c r="C1"><f>A1</f></c>`, `malformed row 1, column 3: a formula whose value was never computed; open the workbook in a spreadsheet program and save it`},
		"never computed, empty":   {`<c><f>A1</f><v></v></c>`, `malformed row 1, column 1: a formula whose value was never computed; open the workbook in a spreadsheet program and save it`},
		"a cell of another row":   {`<c r="A2"><v>1</v></c>`, `malformed row 1: a cell is marked "A2", which is not in this row`},
		"a cell of no row":        {`<c r="7"><v>1</v></c>`, `malformed row 1: a cell is marked "7", which is not in this row`},
		"a cell twice":            {`<c r="B1"><v>1</v></c><c r="B1"><v>1</v></c>`, `malformed row 1: cell "B1" stands twice or out of order`},
		"a column beyond":         {`<c r="XFE1"><v>1</v></c>`, `malformed row 1: a cell in column 16385, where a sheet has 16384`},
		"too many cells":          {`<c r="F1"><v>1</v></c>`, `too_many_cells row 1, column 5: 6 cells where 4 are expected`},
		"bytes that are no text":  {"<c t=\"str\"><v>caf\xe9</v></c>", `invalid_encoding row 1, column 1: bytes that are not UTF-8`},
		"NUL":                     {`<c t="str"><v>a_x0000_</v></c>`, `nul_byte row 1, column 1: holds a NUL byte, which is no text`},
		"too long":                {`<c t="str"><v>` + long + `</v></c><c t="str"><v>` + long + `</v></c>`, `record_too_long row 1, column 2: the cells have more than the 1048576 bytes allowed for one row`},
		"one too long":            {`<c t="inlineStr"><is><t>` + long + long + `</t></is></c>`, `record_too_long row 1, column 1: the cells have more than the 1048576 bytes allowed for one row`},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			file := sheet(t, "<row>"+c.cells+"</row><row><c><v>2</v></c></row>")
			rows := all(t, file, read.Dialect{Format: workbook.Format, Columns: 4})
			assert.Equal(t, []string{"! " + c.want, "2 2|||"}, rows)
		})
	}
}

// TestWhatWasWrittenIsRead: cells that the library writes come back, whatever they hold.
func TestWhatWasWrittenIsRead(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		texts := rapid.SliceOfN(rapid.StringOfN(rapid.RuneFrom([]rune("aZ09 _x<>&\"'\t\n香港é𠀀;-")), 1, 20, -1), 1, 6).Draw(rt, "texts")
		// The library writes fifteen digits, as spreadsheet programs do.
		number := float64(rapid.Int64Range(-1e14, 1e14).Draw(rt, "number")) / 1024
		number, err := strconv.ParseFloat(strconv.FormatFloat(number, 'g', 15, 64), 64)
		require.NoError(rt, err)
		days := rapid.IntRange(61, 2958465).Draw(rt, "days")
		file := made(t, func(f *excelize.File) {
			style, err := f.NewStyle(&excelize.Style{NumFmt: 14})
			require.NoError(t, err)
			cells := []any{number, excelize.Cell{StyleID: style, Value: days}}
			for _, text := range texts {
				cells = append(cells, text)
			}
			w, err := f.NewStreamWriter("Sheet1")
			require.NoError(t, err)
			require.NoError(t, w.SetRow("A1", cells))
			require.NoError(t, w.Flush())
		})
		rows := readRows(t, file, read.Dialect{Format: workbook.Format, Columns: 2 + len(texts)})
		require.Len(rt, rows, 1)
		back, err := strconv.ParseFloat(rows[0][0], 64)
		require.NoError(rt, err)
		require.Equal(rt, number, back)
		require.NotContains(rt, rows[0][0], "e")
		require.Equal(rt, time.Date(1899, 12, 30+days, 0, 0, 0, 0, time.UTC).Format(time.DateOnly), rows[0][1])
		require.Equal(rt, texts, rows[0][2:])
	})
}

// TestNoDigitIsLost: whatever the format, the number behind what is shown is the number.
func TestNoDigitIsLost(t *testing.T) {
	codes := []string{"General", "0", "0.0", "00000.000", "#,##0.00;(#,##0.00)", "0%", "0.00%", "0.00E+00", "\"x\"0", "@"}
	rapid.Check(t, func(rt *rapid.T) {
		code := rapid.SampledFrom(codes).Draw(rt, "code")
		number := rapid.OneOf(rapid.Float64Range(-1e18, 1e18), rapid.Map(rapid.IntRange(-1e9, 1e9), func(n int) float64 { return float64(n) / 1000 })).Draw(rt, "number")
		shown := only(t, styled(t, code, strconv.FormatFloat(number, 'G', 17, 64), "0"))
		plain, isPercent := strings.CutSuffix(shown, "%")
		back, err := strconv.ParseFloat(plain, 64)
		require.NoError(rt, err)
		if isPercent {
			back, err = strconv.ParseFloat(plain+"e-2", 64)
			require.NoError(rt, err)
		}
		require.False(rt, math.IsInf(back, 0))
		require.Equal(rt, number, back, shown)
	})
}

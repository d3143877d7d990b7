package workbook_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"

	"rummage/ingest/format/workbook"
	"rummage/ingest/read"
)

// readAll looks at a workbook and reads its sheets to their ends, up to the first
// error that is none of a row.
func readAll(ctx context.Context, file []byte) error {
	names, err := workbook.Sheets(ctx, bytes.NewReader(file))
	if err != nil {
		return err
	}
	for _, name := range names {
		d, err := workbook.Detect(ctx, bytes.NewReader(file), name, read.Hints{})
		if err != nil {
			return err
		}
		r, err := workbook.Open(ctx, bytes.NewReader(file), d)
		if err != nil {
			return err
		}
		for err == nil || errors.As(err, new(*read.RowError)) {
			_, err = r.Next()
		}
		if err = errors.Join(err, r.Close()); !errors.Is(err, io.EOF) {
			return err
		}
	}
	return nil
}

// without is the parts of a workbook with one sheet, with a change.
func without(t testing.TB, change func(parts map[string]string)) []byte {
	t.Helper()
	parts := skeleton()
	parts["xl/worksheets/sheet1.xml"] = `<worksheet><sheetData><row><c t="s"><v>0</v></c></row></sheetData></worksheet>`
	parts["xl/sharedStrings.xml"] = `<sst><si><t>x</t></si></sst>`
	change(parts)
	return zipped(t, parts)
}

func TestWhatIsNoWorkbook(t *testing.T) {
	set := func(name, text string) func(map[string]string) {
		return func(parts map[string]string) { parts[name] = text }
	}
	replace := func(name, from, to string) func(map[string]string) {
		return func(parts map[string]string) { parts[name] = strings.ReplaceAll(parts[name], from, to) }
	}
	drop := func(name string) func(map[string]string) {
		return func(parts map[string]string) { delete(parts, name) }
	}
	cases := map[string]struct {
		change func(parts map[string]string)
		want   error
		text   string
	}{
		"an archive":        {drop("[Content_Types].xml"), read.ErrFormat, "archive within an archive; unpack it"},
		"OpenDocument":      {func(p map[string]string) { delete(p, "[Content_Types].xml"); p["mimetype"] = "x" }, read.ErrFormat, "OpenDocument file (.ods, .odt); save the sheet as .xlsx"},
		"binary":            {replace("_rels/.rels", "workbook.xml", "workbook.bin"), read.ErrFormat, "binary workbook (.xlsb); save it as .xlsx"},
		"a text document":   {replace("xl/workbook.xml", "workbook", "document"), read.ErrFormat, "Office document without sheets"},
		"no main part":      {drop("_rels/.rels"), read.ErrFormat, "Office document without sheets"},
		"no list of sheets": {drop("xl/workbook.xml"), workbook.ErrDamaged, "it has no part xl/workbook.xml"},
		"no relations":      {drop("xl/_rels/workbook.xml.rels"), workbook.ErrDamaged, `sheet "Goods & more" is not in it`},
		"no sheet":          {drop("xl/worksheets/sheet1.xml"), workbook.ErrDamaged, `sheet "Goods & more" is not in it`},
		"no styles":         {drop("xl/styles.xml"), workbook.ErrDamaged, "it has no part xl/styles.xml"},
		"no texts":          {drop("xl/sharedStrings.xml"), workbook.ErrDamaged, "it has no part xl/sharedstrings.xml"},
		"a name twice": {func(p map[string]string) {
			one := `<sheet name="Goods &amp; more" sheetId="1" r:id="rId1"/>`
			p["xl/workbook.xml"] = strings.Replace(p["xl/workbook.xml"], one, one+strings.ToUpper(one[:20])+one[20:], 1)
			p["xl/workbook.xml"] = strings.Replace(p["xl/workbook.xml"], `<SHEET NAME="`, `<sheet name="`, 1)
		}, workbook.ErrDamaged, "two sheets are named"},
		"a part twice":         {set("xl/Worksheets/SHEET1.xml", `<worksheet/>`), workbook.ErrDamaged, `it holds "xl/worksheets/sheet1.xml" twice`},
		"a document type":      {set("xl/worksheets/sheet1.xml", `<!DOCTYPE x [<!ENTITY a "b">]><worksheet/>`), workbook.ErrDamaged, "a document type, which a workbook does not have"},
		"an unknown reference": {set("xl/sharedStrings.xml", `<sst><si><t>&xxe;</t></si></sst>`), workbook.ErrDamaged, `the reference "&xxe;" is not known`},
		"a forbidden one":      {set("xl/sharedStrings.xml", `<sst><si><t>&#0;</t></si></sst>`), workbook.ErrDamaged, `the reference "&#0;" is not known`},
		"no reference":         {set("xl/sharedStrings.xml", `<sst><si><t>tea & rice</t></si></sst>`), workbook.ErrDamaged, "an & that begins no reference"},
		"not closed":           {set("xl/worksheets/sheet1.xml", `<worksheet><sheetData><row>`), workbook.ErrDamaged, "sheet1.xml: workbook is damaged; open it in a spreadsheet program and save it again, or fetch it again: XML is not well-formed at byte 27: it ends in the middle"},
		"closed wrong":         {set("xl/worksheets/sheet1.xml", `<worksheet><sheetData><row></c></row>`), workbook.ErrDamaged, "</c> closes nothing"},
		"a tag in a tag":       {set("xl/worksheets/sheet1.xml", `<worksheet><sheetData <row>`), workbook.ErrDamaged, "a tag within a tag"},
		"two roots":            {set("xl/styles.xml", `<styleSheet/><styleSheet/>`), workbook.ErrDamaged, "a second root element"},
		"text around":          {set("xl/styles.xml", `text <styleSheet/>`), workbook.ErrDamaged, "text outside of elements"},
		"no XML":               {set("xl/styles.xml", "\xff\xfe<\x00s\x00"), workbook.ErrDamaged, "no XML in UTF-8"},
		"UTF-16":               {set("xl/styles.xml", `<?xml version="1.0" encoding="UTF-16"?><styleSheet/>`), workbook.ErrDamaged, `encoding "utf-16"`},
		"nothing":              {set("xl/styles.xml", ``), workbook.ErrDamaged, "it ends in the middle"},
		"an attribute bare":    {set("xl/styles.xml", `<styleSheet a/>`), workbook.ErrDamaged, "an attribute without a value"},
		"a value bare":         {set("xl/styles.xml", `<styleSheet a=1/>`), workbook.ErrDamaged, "a value without quotes"},
		"a tag without a name": {set("xl/styles.xml", `<>`), workbook.ErrDamaged, "a tag without a name"},
		"too deep":             {set("xl/styles.xml", strings.Repeat("<a>", 70)), workbook.ErrDamaged, "elements more than 64 deep"},
		"a long tag":           {set("xl/styles.xml", `<styleSheet a="`+strings.Repeat("x", 70000)+`"/>`), workbook.ErrDamaged, "a tag of more than 65536 bytes"},
		"no rows":              {set("xl/worksheets/sheet1.xml", `<worksheet/>`), workbook.ErrDamaged, "a sheet without rows"},
		"no sheet inside":      {set("xl/worksheets/sheet1.xml", `<html/>`), workbook.ErrDamaged, "<html> where a sheet should be"},
		"rows out of order":    {set("xl/worksheets/sheet1.xml", `<worksheet><sheetData><row r="5"><c><v>1</v></c></row><row r="5"/></sheetData></worksheet>`), workbook.ErrDamaged, `row "5" behind row 5`},
		"a row beyond":         {set("xl/worksheets/sheet1.xml", `<worksheet><sheetData><row r="99999999"/></sheetData></worksheet>`), workbook.ErrDamaged, "row 99999999, which no sheet has"},
		"a bomb":               {set("xl/worksheets/sheet1.xml", `<worksheet><sheetData>`+strings.Repeat(" ", 80<<20)+`</sheetData></worksheet>`), read.ErrBomb, "sheet1.xml"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			err := readAll(t.Context(), without(t, c.change))
			require.ErrorIs(t, err, c.want)
			assert.ErrorContains(t, err, c.text)
		})
	}
}

func TestLockedWorkbooks(t *testing.T) {
	f := excelize.NewFile()
	row(t, f, "Sheet1", 1, "secret")
	var file bytes.Buffer
	require.NoError(t, f.Write(&file, excelize.Options{Password: "open sesame"}))
	require.NoError(t, f.Close())
	require.True(t, workbook.Knows(file.Bytes()))
	for name, look := range map[string]func() error{
		"sheets": func() error { _, err := workbook.Sheets(t.Context(), bytes.NewReader(file.Bytes())); return err },
		"detect": func() error {
			_, err := workbook.Detect(t.Context(), bytes.NewReader(file.Bytes()), "", read.Hints{})
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			err := look()
			require.ErrorIs(t, err, read.ErrFormat)
			require.ErrorContains(t, err, "needs a password; open it, take the password off, and save it")
		})
	}
	old := append([]byte("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"), make([]byte, 1000)...)
	assert.False(t, workbook.Knows(old), "what is old has other advice")
	assert.False(t, workbook.Knows([]byte("id,name\n")))
	assert.False(t, workbook.Knows(nil))
}

// sound is a workbook of a thousand rows.
func sound(t testing.TB) []byte {
	return made(t, func(f *excelize.File) {
		for i := range 1000 {
			row(t, f, "Sheet1", i+1, i, fmt.Sprint("name ", i*i), float64(i)/7)
		}
	})
}

// TestTruncated: a workbook that is cut off anywhere is refused.
func TestTruncated(t *testing.T) {
	file := sound(t)
	for _, n := range []int{0, 1, 3, 4, 30, len(file) / 2, len(file) - 100, len(file) - 1} {
		require.Error(t, readAll(t.Context(), file[:n]), "%d bytes", n)
	}
}

// TestDamaged: no flipped bit gives other rows than those that were written.
func TestDamaged(t *testing.T) {
	file := sound(t)
	d := detect(t, file, "Sheet1", read.Hints{})
	want := all(t, file, d)
	random := rand.New(rand.NewPCG(6, 1))
	for range 300 {
		bad := bytes.Clone(file)
		at := random.IntN(len(bad))
		bad[at] ^= 1 << random.IntN(8)
		r, err := workbook.Open(t.Context(), bytes.NewReader(bad), d)
		if err != nil {
			continue
		}
		var got []string
		row, err := r.Next()
		for ; err == nil; row, err = r.Next() {
			got = append(got, line(row))
		}
		if errors.Is(err, io.EOF) {
			require.Equal(t, want, got, "byte %d", at)
		}
		require.NoError(t, r.Close())
	}
}

// TestABrokenSheetGivesTheRowsBefore: rows up to the fault are sound, and the error says how far they go.
func TestABrokenSheetGivesTheRowsBefore(t *testing.T) {
	file := without(t, func(p map[string]string) {
		p["xl/worksheets/sheet1.xml"] = `<worksheet><sheetData>` + strings.Repeat(`<row><c><v>1</v></c></row>`, 50) + `<row><c><v>1</v></row>`
	})
	rows := all(t, file, read.Dialect{Format: workbook.Format, Columns: 1})
	require.Len(t, rows, 51)
	assert.Equal(t, "50 1", rows[49])
	assert.Contains(t, rows[50], "fatal read: file breaks off after row 50")
}

// TestCancelledWithinARow: a row of any length ends when the context does.
func TestCancelledWithinARow(t *testing.T) {
	file := sheet(t, `<row><c><v>1</v></c></row><row>`+strings.Repeat(`<c/>`, 1<<20)+`</row>`)
	ctx, cancel := context.WithCancel(t.Context())
	r, err := workbook.Open(ctx, bytes.NewReader(file), read.Dialect{Format: workbook.Format, Columns: 1})
	require.NoError(t, err)
	_, err = r.Next()
	require.NoError(t, err)
	cancel()
	_, err = r.Next()
	require.ErrorIs(t, err, context.Canceled)
	require.NoError(t, r.Close())
}

// TestWideAndExpanding: a small file cannot make rows of any size.
func TestWideAndExpanding(t *testing.T) {
	long := strings.Repeat("香", 10_000)
	file := sheet(t, `<row>`+strings.Repeat(`<c t="s"><v>0</v></c>`, read.MaxColumns)+`</row><row><c><v>1</v></c></row>`,
		"xl/sharedStrings.xml", `<sst><si><t>`+long+`</t></si></sst>`)
	rows := all(t, file, read.Dialect{Format: workbook.Format, Columns: 1})
	require.Len(t, rows, 2)
	assert.Contains(t, rows[0], "record_too_long row 1")
	assert.Equal(t, "2 1", rows[1])
}

// TestSharedTextsAreNoBomb: a long text that every row takes is refused once it is
// out of all proportion, and a row that takes it often costs no more than one.
func TestSharedTextsAreNoBomb(t *testing.T) {
	long := strings.Repeat("x", read.MaxRecord-10)
	file := sheet(t, strings.Repeat(`<row><c t="s"><v>0</v></c></row>`, 700)+`<row>`+strings.Repeat(`<c t="s"><v>0</v></c>`, read.MaxColumns)+`</row>`,
		"xl/sharedStrings.xml", `<sst><si><t>`+long+`</t></si></sst>`)
	require.ErrorIs(t, readAll(t.Context(), file), read.ErrBomb)
}

// FuzzWorkbook: whatever a file holds, reading it ends with an error or its last row.
func FuzzWorkbook(f *testing.F) {
	f.Add(sheet(f, `<row><c><v>1</v></c></row>`))
	f.Add(made(f, func(file *excelize.File) { row(f, file, "Sheet1", 2, "a", 1.5, true) }))
	f.Fuzz(func(t *testing.T, file []byte) { _ = readAll(t.Context(), file) })
}

// FuzzSheet: whatever stands in the parts of a workbook, its rows can be read
// again, and their numbers grow.
func FuzzSheet(f *testing.F) {
	f.Add(`<row r="2"><c t="s"><v>0</v></c><c s="1"><v>45413.5</v></c><c t="b"><v>1</v></c></row>`, `<si><t>x</t></si>`, "yyyy-mm-dd")
	f.Add(`<row><c t="inlineStr"><is><t>&#x41;<![CDATA[b]]></t></is></c><c r="D1"><f>A1</f></c></row><!-- -->`, `<si><r><t>_x0041_</t></r></si>`, `"PO-"000;[Red]-0;@`)
	f.Fuzz(func(t *testing.T, rows, texts, code string) {
		file := sheet(t, rows, "xl/sharedStrings.xml", "<sst>"+texts+"</sst>",
			"xl/styles.xml", `<styleSheet><numFmts><numFmt numFmtId="164" formatCode='`+code+`'/></numFmts><cellXfs><xf/><xf numFmtId="164"/></cellXfs></styleSheet>`)
		d, err := workbook.Detect(t.Context(), bytes.NewReader(file), "", read.Hints{})
		if err != nil {
			return
		}
		r, err := workbook.Open(t.Context(), bytes.NewReader(file), d)
		if err != nil {
			return
		}
		spans, err := workbook.NewSpans(bytes.NewReader(file), d)
		require.NoError(t, err)
		last := int64(0)
		for {
			row, err := r.Next()
			bad := new(read.RowError)
			if errors.As(err, &bad) {
				require.Greater(t, bad.Row, last)
				last = bad.Row
				_, err = spans.Salvage(t.Context(), bad.Position)
				require.NoError(t, err)
				continue
			}
			if err != nil {
				break
			}
			require.Greater(t, row.Number, last)
			require.Len(t, row.Cells, d.Columns)
			last = row.Number
			cells, err := spans.Cells(t.Context(), row.Position)
			require.NoError(t, err)
			require.Equal(t, row.Clone().Cells, cells)
		}
		require.NoError(t, r.Close())
	})
}

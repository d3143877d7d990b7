package workbook_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/klauspost/compress/zip"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"
	"go.uber.org/goleak"

	"rummage/ingest/format/workbook"
	"rummage/ingest/read"
	"rummage/ingest/read/readtest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// made is a workbook that the library writes.
func made(t testing.TB, fill func(f *excelize.File)) []byte {
	t.Helper()
	f := excelize.NewFile()
	fill(f)
	var file bytes.Buffer
	require.NoError(t, f.Write(&file))
	require.NoError(t, f.Close())
	return file.Bytes()
}

// row writes cells of a row from column A on.
func row(t testing.TB, f *excelize.File, sheet string, number int, cells ...any) {
	t.Helper()
	require.NoError(t, f.SetSheetRow(sheet, fmt.Sprintf("A%d", number), &cells))
}

// head begins a part of a hand-made workbook.
const head = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"

// skeleton is the parts of a workbook with one sheet, without the sheet's rows.
func skeleton() map[string]string {
	const kinds = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
	return map[string]string{
		"[Content_Types].xml": head + `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>`,
		"_rels/.rels":         head + `<Relationships><Relationship Id="rId1" Type="` + kinds + `officeDocument" Target="xl/workbook.xml"/></Relationships>`,
		"xl/workbook.xml":     head + `<workbook xmlns:r="x"><workbookPr/><sheets><sheet name="Goods &amp; more" sheetId="1" r:id="rId1"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels": head + `<Relationships><Relationship Id="rId1" Type="` + kinds + `worksheet" Target="worksheets/sheet1.xml"/>` +
			`<Relationship Id="rId2" Type="` + kinds + `styles" Target="/xl/styles.xml"/><Relationship Id="rId3" Type="` + kinds + `sharedStrings" Target="sharedStrings.xml"/></Relationships>`,
		"xl/styles.xml":        head + `<styleSheet><cellXfs><xf numFmtId="0"/></cellXfs></styleSheet>`,
		"xl/sharedStrings.xml": head + `<sst></sst>`,
	}
}

// zipped packs parts.
func zipped(t testing.TB, parts map[string]string) []byte {
	t.Helper()
	var file bytes.Buffer
	w := zip.NewWriter(&file)
	for _, name := range slices.Sorted(maps.Keys(parts)) {
		into, err := w.Create(name)
		require.NoError(t, err)
		_, err = io.WriteString(into, parts[name])
		require.NoError(t, err)
	}
	require.NoError(t, w.Close())
	return file.Bytes()
}

// sheet is a workbook whose only sheet has these rows.
func sheet(t testing.TB, rows string, change ...string) []byte {
	t.Helper()
	parts := skeleton()
	parts["xl/worksheets/sheet1.xml"] = head + `<worksheet><sheetData>` + rows + `</sheetData><mergeCells/></worksheet>`
	for i := 0; i < len(change); i += 2 {
		parts[change[i]] = change[i+1]
	}
	return zipped(t, parts)
}

// detect finds the dialect of a sheet, which must have one.
func detect(t testing.TB, file []byte, name string, h read.Hints) read.Dialect {
	t.Helper()
	d, err := workbook.Detect(t.Context(), bytes.NewReader(file), name, h)
	require.NoError(t, err)
	require.Equal(t, workbook.Format, d.Format)
	return d
}

// all reads a sheet to its end and writes down what came: one line a row, or "! "
// and the error.
func all(t testing.TB, file []byte, d read.Dialect) []string {
	t.Helper()
	r, err := workbook.Open(t.Context(), bytes.NewReader(file), d)
	require.NoError(t, err)
	defer func() { require.NoError(t, r.Close()) }()
	var out []string
	if h := r.Header(); h != nil {
		out = append(out, "header "+line(h))
	}
	events, err := readtest.Drain(t, r)
	for _, e := range events {
		if e.Bad != nil {
			out = append(out, fmt.Sprintf("! %s %v", e.Bad.Reason, e.Bad))
			continue
		}
		require.Equal(t, read.Position{Offset: e.Row.Number, Length: 1, Locator: e.Row.Locator}, e.Row.Position)
		out = append(out, line(e.Row))
	}
	if err != nil {
		out = append(out, "fatal "+err.Error())
	}
	return out
}

func line(r *read.Row) string { return fmt.Sprintf("%d %s", r.Number, strings.Join(r.Names(), "|")) }

// suite runs the suite of readers.
func suite(t *testing.T, file []byte, d read.Dialect) {
	t.Helper()
	readtest.Run(t, readtest.Subject{
		File: file, Random: true,
		Open: func(ctx context.Context, source io.Reader) (read.Reader, error) {
			return workbook.Open(ctx, source.(read.Input), d)
		},
		Span: func(ctx context.Context, at read.Position) ([][]byte, error) {
			s, err := workbook.NewSpans(bytes.NewReader(file), d)
			if err != nil {
				return nil, err
			}
			return s.Cells(ctx, at)
		},
	})
}

func TestSuite(t *testing.T) {
	t.Run("by the library", func(t *testing.T) {
		file := made(t, func(f *excelize.File) {
			row(t, f, "Sheet1", 1, "Declarations of May")
			row(t, f, "Sheet1", 3, "id", "goods", "weight", "when")
			for i := range 40 {
				row(t, f, "Sheet1", 4+i+i/10, i, fmt.Sprintf("茶 & <tea> %d", i%7), float64(i)/8, "2024-05-01")
			}
			row(t, f, "Sheet1", 60, "x", "five", "cells", "in this", "row")
			row(t, f, "Sheet1", 62, 9, nil, nil, "")
		})
		d := detect(t, file, "Sheet1", read.Hints{})
		require.Equal(t, int64(3), d.First)
		d.Columns = 4
		suite(t, file, d)
		d.Columns = 0
		suite(t, file, d)
	})
	t.Run("by hand", func(t *testing.T) {
		file := sheet(t, `<row><c t="inlineStr"><is><t>a</t></is></c></row><row r="4"><c r="A4"><v>1</v></c><c t="b"><v>7</v></c></row>`+
			`<row r="5"/><row r="6"><c r="B6" t="s"><v>0</v></c></row><row r="7"><c r="A7" t="s"><v>9</v></c></row><row r="8"><c r="C8"><f>A1</f></c></row>`,
			"xl/sharedStrings.xml", `<sst><si><t>shared</t></si></sst>`)
		suite(t, file, read.Dialect{Format: workbook.Format, Columns: 2})
	})
}

func TestATableByTheLibrary(t *testing.T) {
	file := made(t, func(f *excelize.File) {
		code := "0000.00"
		hs, err := f.NewStyle(&excelize.Style{CustomNumFmt: &code})
		require.NoError(t, err)
		day, err := f.NewStyle(&excelize.Style{NumFmt: 14})
		require.NoError(t, err)
		row(t, f, "Sheet1", 1, "Import declarations, second quarter")
		require.NoError(t, f.MergeCell("Sheet1", "A1", "E1"))
		row(t, f, "Sheet1", 2, "declaration", "hs", "day", "fee", "note")
		row(t, f, "Sheet1", 3, "000417", 1006.3, 45413, 0.1, true)
		row(t, f, "Sheet1", 4, 123456789012345, 8517.12, 45414, 1e12, nil)
		row(t, f, "Sheet1", 7, "x", 9999, 60, -2.5, "#N/A")
		require.NoError(t, f.SetCellStyle("Sheet1", "B3", "B7", hs))
		require.NoError(t, f.SetCellStyle("Sheet1", "C3", "C7", day))
		require.NoError(t, f.MergeCell("Sheet1", "A7", "A8"))
		require.NoError(t, f.SetCellRichText("Sheet1", "E4", []excelize.RichTextRun{{Text: "bold"}, {Text: " and not"}}))
	})
	d := detect(t, file, "Sheet1", read.Hints{})
	assert.Equal(t, "workbook, header, from row 2, 5 columns", d.String())
	assert.Equal(t, []string{
		"header 2 declaration|hs|day|fee|note",
		"3 000417|1006.30|2024-05-01|0.1|TRUE",
		"4 123456789012345|8517.12|2024-05-02|1000000000000|bold and not",
		"7 x|9999.00|1900-02-29|-2.5|#N/A",
	}, all(t, file, d))
}

func TestSheets(t *testing.T) {
	file := made(t, func(f *excelize.File) {
		for _, name := range []string{"Hidden", "Empty", "Blanks", "Last # one"} {
			_, err := f.NewSheet(name)
			require.NoError(t, err)
		}
		row(t, f, "Sheet1", 5, "a")
		row(t, f, "Hidden", 1, "b", 2)
		row(t, f, "Blanks", 1, "", "", "")
		row(t, f, "Last # one", 1000, nil, nil, 7)
		require.NoError(t, f.SetSheetVisible("Hidden", false, true))
	})
	names, err := workbook.Sheets(t.Context(), bytes.NewReader(file))
	require.NoError(t, err)
	assert.Equal(t, []string{"Sheet1", "Hidden", "Last # one"}, names)
	assert.Equal(t, []string{"1000 ||7"}, all(t, file, detect(t, file, "Last # one", read.Hints{})))

	_, err = workbook.Detect(t.Context(), bytes.NewReader(file), "", read.Hints{})
	require.ErrorIs(t, err, read.ErrDialect)
	require.ErrorContains(t, err, `from "Sheet1" to "Last # one"`)
	_, err = workbook.Detect(t.Context(), bytes.NewReader(file), "Empty", read.Hints{})
	require.ErrorIs(t, err, read.ErrEmpty)
	_, err = workbook.Detect(t.Context(), bytes.NewReader(file), "None", read.Hints{})
	require.ErrorIs(t, err, read.ErrDialect)

	_, err = workbook.Sheets(t.Context(), bytes.NewReader(made(t, func(*excelize.File) {})))
	require.ErrorIs(t, err, read.ErrEmpty)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = workbook.Sheets(ctx, bytes.NewReader(file))
	require.ErrorIs(t, err, context.Canceled)
}

// TestTheOnlySheetNeedsNoName: a workbook is read without a name when that is not ambiguous.
func TestTheOnlySheetNeedsNoName(t *testing.T) {
	file := sheet(t, `<row><c><v>1</v></c></row><row><c><v>2</v></c></row>`)
	d := detect(t, file, "", read.Hints{})
	assert.Equal(t, []string{"1 1", "2 2"}, all(t, file, d))
}

func TestWhereTheTableBegins(t *testing.T) {
	cells := func(n string, texts ...string) string {
		out := `<row r="` + n + `">`
		for _, text := range texts {
			out += `<c t="inlineStr"><is><t>` + text + `</t></is></c>`
		}
		return out + `</row>`
	}
	data := cells("5", "1", "2024-01-01", "8", "tea") + cells("6", "2", "2024-01-02", "9", "rice") + cells("7", "3", "2024-01-03", "7", "salt")
	names := cells("4", "id", "day", "weight", "goods")
	cases := map[string]struct {
		rows    string
		hints   read.Hints
		first   int64
		header  bool
		columns int
	}{
		"a header":                   {names + data, read.Hints{}, 4, true, 4},
		"no header":                  {data, read.Hints{}, 5, false, 4},
		"a title":                    {cells("1", "Declarations") + names + data, read.Hints{}, 4, true, 4},
		"two lines of title":         {cells("1", "Declarations") + cells("2", "of", "May") + names + data, read.Hints{}, 4, true, 4},
		"a title and no rows":        {cells("1", "Declarations") + names, read.Hints{}, 4, true, 4},
		"a sparse row above data":    {cells("3", "0") + data, read.Hints{}, 3, false, 4},
		"a title without a header":   {cells("1", "Declarations") + data, read.Hints{}, 1, false, 4},
		"a header, by the user":      {cells("1", "Declarations") + data, read.Hints{Header: read.Yes}, 5, true, 4},
		"no header, by the user":     {cells("1", "Declarations") + names + data, read.Hints{Header: read.No}, 1, false, 4},
		"one column":                 {cells("1", "name") + cells("2", "a") + cells("3", "b"), read.Hints{}, 1, true, 1},
		"columns without a name":     {cells("4", "id", "day", "weight") + data, read.Hints{Header: read.Yes}, 4, true, 4},
		"a title wider than a table": {cells("1", "a", "b", "c", "d", "e", "f") + cells("2", "1") + cells("3", "2"), read.Hints{}, 1, true, 6},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			d := detect(t, sheet(t, c.rows), "", c.hints)
			assert.Equal(t, c.first, d.First)
			assert.Equal(t, c.header, d.Header)
			assert.Equal(t, c.columns, d.Columns)
		})
	}
}

// TestStats: what is in the file is counted as rows, row errors and blanks.
func TestStats(t *testing.T) {
	file := sheet(t, `<row r="3"><c t="str"><v>title of it</v></c></row><row r="5"><c t="str"><v>a</v></c><c t="str"><v>b</v></c></row>`+
		`<row r="8"><c><v>1</v></c></row><row r="9"><c/></row><row r="12"><c t="b"><v>maybe</v></c></row>`)
	r, err := workbook.Open(t.Context(), bytes.NewReader(file), read.Dialect{Format: workbook.Format, First: 5, Header: true})
	require.NoError(t, err)
	_, err = readtest.Drain(t, r)
	require.NoError(t, err)
	stats := r.Stats()
	assert.Equal(t, []int64{1, 1, 5}, []int64{stats.Rows, stats.Bad, stats.Blank})
	assert.Positive(t, stats.Bytes)
	require.NoError(t, r.Close())
}

func TestSpansInAnyOrder(t *testing.T) {
	file := made(t, func(f *excelize.File) {
		for i := range 300 {
			row(t, f, "Sheet1", 2*i+1, i, fmt.Sprint("row ", i))
		}
	})
	s, err := workbook.NewSpans(bytes.NewReader(file), read.Dialect{Format: workbook.Format, Part: read.Part{Sheet: "Sheet1"}})
	require.NoError(t, err)
	for _, i := range []int64{299, 0, 150, 150, 3, 200} {
		cells, err := s.Cells(t.Context(), read.Position{Offset: 2*i + 1, Length: 1})
		require.NoError(t, err)
		assert.Equal(t, [][]byte{[]byte(fmt.Sprint(i)), []byte(fmt.Sprint("row ", i))}, cells)
	}
	for _, at := range []read.Position{{Offset: 2, Length: 1}, {Offset: 1, Length: 2}, {Offset: 0, Length: 1}, {Offset: 5000, Length: 1}} {
		_, err = s.Cells(t.Context(), at)
		require.ErrorIs(t, err, read.ErrSpan, "%v", at)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = s.Cells(ctx, read.Position{Offset: 1, Length: 1})
	require.ErrorIs(t, err, context.Canceled)
	_, err = s.Cells(t.Context(), read.Position{Offset: 1, Length: 1})
	require.NoError(t, err, "a cancelled call spoils no other")
}

func TestSpansOfBadRows(t *testing.T) {
	file := sheet(t, `<row><c><v>1</v></c><c><f>A1</f></c><c t="str"><v>`+"caf\xe9"+`</v></c></row><row><c><v>1</v></c><c/><c/><c><v>2</v></c></row>`)
	s, err := workbook.NewSpans(bytes.NewReader(file), read.Dialect{Format: workbook.Format, Columns: 3})
	require.NoError(t, err)
	at := read.Position{Offset: 1, Length: 1}
	_, err = s.Cells(t.Context(), at)
	bad := new(read.RowError)
	require.ErrorAs(t, err, &bad)
	assert.Equal(t, int64(0), bad.Row)
	cells, err := s.Salvage(t.Context(), at)
	require.NoError(t, err)
	assert.Equal(t, "1|"+read.Lost+"|caf"+read.Lost, string(bytes.Join(cells, []byte("|"))))
	cells, err = s.Cells(t.Context(), read.Position{Offset: 2, Length: 1})
	require.NoError(t, err, "a row with too many cells is read")
	assert.Equal(t, "1|||2", string(bytes.Join(cells, []byte("|"))))
}

func TestDialectsThatMakeNoSense(t *testing.T) {
	file := sheet(t, `<row><c><v>1</v></c></row>`)
	for _, d := range []read.Dialect{{Format: "delimited"}, {Format: workbook.Format, Columns: -1}, {Format: workbook.Format, First: -1}} {
		_, err := workbook.Open(t.Context(), bytes.NewReader(file), d)
		require.ErrorIs(t, err, read.ErrDialect)
	}
	_, err := workbook.NewSpans(bytes.NewReader(file), read.Dialect{Format: "delimited"})
	require.ErrorIs(t, err, read.ErrDialect)
	_, err = workbook.Open(t.Context(), bytes.NewReader(file), read.Dialect{Format: workbook.Format, Header: true, First: 2, Columns: 1})
	require.ErrorIs(t, err, read.ErrEmpty)
	_, err = workbook.Open(t.Context(), bytes.NewReader(sheet(t, `<row><c t="b"><v>x</v></c></row>`)), read.Dialect{Format: workbook.Format, Header: true})
	require.ErrorContains(t, err, "header cannot be read")
}

// TestAFileThatDoesNotAnswer: a fault of the disk is told as it is.
func TestAFileThatDoesNotAnswer(t *testing.T) {
	fault := errors.New("disk fails")
	_, err := workbook.Sheets(t.Context(), broken{fault})
	require.ErrorIs(t, err, fault)
}

type broken struct{ fault error }

func (b broken) ReadAt([]byte, int64) (int, error) { return 0, b.fault }
func (b broken) Size() int64                       { return 1 << 20 }

// readRows is the rows of a sheet as texts. All of them must be readable.
func readRows(t testing.TB, file []byte, d read.Dialect) [][]string {
	t.Helper()
	r, err := workbook.Open(t.Context(), bytes.NewReader(file), d)
	require.NoError(t, err)
	defer func() { require.NoError(t, r.Close()) }()
	events, err := readtest.Drain(t, r)
	require.NoError(t, err)
	var rows [][]string
	for _, e := range events {
		require.Nil(t, e.Bad)
		rows = append(rows, e.Row.Names())
	}
	return rows
}

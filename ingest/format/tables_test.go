package format_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"testing"

	library "github.com/parquet-go/parquet-go"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"

	"rummage/ingest/format"
	"rummage/ingest/format/parquet"
	"rummage/ingest/format/workbook"
	"rummage/ingest/read"
	"rummage/ingest/read/readtest"
)

// book is a workbook with a sheet of so many rows below a header, of each name.
func book(t testing.TB, rows int, sheets ...string) string {
	t.Helper()
	f := excelize.NewFile()
	for _, name := range sheets {
		_, err := f.NewSheet(name)
		require.NoError(t, err)
		require.NoError(t, f.SetSheetRow(name, "A1", &[]any{"id", "name"}))
		for i := range rows {
			require.NoError(t, f.SetSheetRow(name, fmt.Sprintf("A%d", i+2), &[]any{i, fmt.Sprintf("%s, row %d", name, i)}))
		}
	}
	var file bytes.Buffer
	require.NoError(t, f.Write(&file))
	require.NoError(t, f.Close())
	return file.String()
}

// columnar is a Parquet file of so many rows.
func columnar(t testing.TB, rows int) string {
	t.Helper()
	type line struct {
		ID   int64  `parquet:"id"`
		Name string `parquet:"name"`
	}
	var file bytes.Buffer
	w := library.NewGenericWriter[line](&file)
	for i := range rows {
		_, err := w.Write([]line{{int64(i), fmt.Sprint("row ", i)}})
		require.NoError(t, err)
	}
	require.NoError(t, w.Close())
	return file.String()
}

// gzipped packs a file.
func gzipped(t testing.TB, file string) string {
	t.Helper()
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	_, err := io.WriteString(w, file)
	require.NoError(t, err)
	require.NoError(t, w.Close())
	return packed.String()
}

func TestSheetsAreParts(t *testing.T) {
	two := book(t, 3, "May", "June")
	one := book(t, 2, "Goods")
	cases := map[string]struct {
		file  []byte
		parts []read.Part
	}{
		"a sheet":             {[]byte(one), []read.Part{{Sheet: "Goods"}}},
		"two sheets":          {[]byte(two), []read.Part{{Sheet: "May"}, {Sheet: "June"}}},
		"a packed workbook":   {[]byte(gzipped(t, one)), []read.Part{{Sheet: "Goods"}}},
		"workbooks, archived": {archive(t, entry{name: "a.xlsx", text: two}, entry{name: "b.csv", text: table(1)}, entry{name: "c.xlsx", text: one, stored: true}, entry{name: "d.xlsx.gz", text: gzipped(t, one)}), []read.Part{{Member: "a.xlsx", Sheet: "May"}, {Member: "a.xlsx", Sheet: "June"}, {Member: "b.csv"}, {Member: "c.xlsx", Sheet: "Goods"}, {Member: "d.xlsx.gz", Sheet: "Goods"}}},
		"a bad one, archived": {archive(t, entry{name: "a.xlsx", text: one[:len(one)/2]}, entry{name: "b.csv", text: table(1)}), []read.Part{{Member: "a.xlsx"}, {Member: "b.csv"}}},
		"Parquet":             {[]byte(columnar(t, 3)), []read.Part{{}}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			parts, err := format.Parts(t.Context(), bytes.NewReader(c.file))
			require.NoError(t, err)
			assert.Equal(t, c.parts, parts)
		})
	}
	empty := bytes.NewReader([]byte(book(t, 0)))
	parts, err := format.Parts(t.Context(), empty)
	require.NoError(t, err)
	assert.Equal(t, []read.Part{{}}, parts)
	_, err = format.Detect(t.Context(), empty, read.Part{}, read.Hints{})
	require.ErrorIs(t, err, read.ErrEmpty)
}

// TestTablesKeepTheContractOfReaders runs the suite of readers on tables that lie here and there.
func TestTablesKeepTheContractOfReaders(t *testing.T) {
	sheets, columns := book(t, 30, "May", "June"), columnar(t, 30)
	cases := map[string]struct {
		file   []byte
		part   read.Part
		format string
		packed string
	}{
		"workbook":           {[]byte(sheets), read.Part{Sheet: "June"}, workbook.Format, read.Plain},
		"workbook, packed":   {[]byte(gzipped(t, sheets)), read.Part{Sheet: "June"}, workbook.Format, read.Gzip},
		"workbook, archived": {archive(t, entry{name: "x", text: sheets}), read.Part{Member: "x", Sheet: "June"}, workbook.Format, read.Plain},
		"Parquet":            {[]byte(columns), read.Part{}, parquet.Format, read.Plain},
		"Parquet, packed":    {[]byte(gzipped(t, columns)), read.Part{}, parquet.Format, read.Gzip},
		"Parquet, archived":  {archive(t, entry{name: "x", text: columns}), read.Part{Member: "x"}, parquet.Format, read.Plain},
		"Parquet, stored":    {archive(t, entry{name: "x", text: columns, stored: true}), read.Part{Member: "x"}, parquet.Format, read.Plain},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			d, err := format.Detect(t.Context(), bytes.NewReader(c.file), c.part, read.Hints{})
			require.NoError(t, err)
			assert.Equal(t, []any{c.part, c.format, c.packed, true, 2}, []any{d.Part, d.Format, d.Compression, d.Header, d.Columns})
			readtest.Run(t, readtest.Subject{
				File: c.file, Random: true,
				Open: func(ctx context.Context, source io.Reader) (read.Reader, error) {
					return format.Open(ctx, source.(format.Source), d)
				},
				Span: func(ctx context.Context, at read.Position) ([][]byte, error) {
					spans, err := format.NewSpans(bytes.NewReader(c.file), d)
					if err != nil {
						return nil, err
					}
					return spans.Cells(ctx, at)
				},
			})
		})
	}
}

// TestTextWhateverItLooksLike: what a user calls text is read as text.
func TestTextWhateverItLooksLike(t *testing.T) {
	d, err := format.Detect(t.Context(), bytes.NewReader([]byte("PAR1,PK\n1,2\n")), read.Part{}, read.Hints{Text: read.Yes})
	require.NoError(t, err)
	assert.Equal(t, read.Delimited, d.Format)
}

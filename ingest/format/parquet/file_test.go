package parquet_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"strings"
	"testing"

	library "github.com/parquet-go/parquet-go"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"rummage/ingest/format/parquet"
	"rummage/ingest/read"
	"rummage/ingest/read/readtest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// container is a row of a list of containers.
type container struct {
	Number string   `parquet:"number"`
	Seals  []string `parquet:"seals,list"`
}

// declaration is a row with columns of most kinds.
type declaration struct {
	ID         int64             `parquet:"id"`
	Goods      string            `parquet:"goods,dict"`
	Weight     float64           `parquet:"weight"`
	Note       *string           `parquet:"note,optional"`
	Codes      []string          `parquet:"codes,list"`
	Containers []container       `parquet:"containers,list"`
	Marks      map[string]string `parquet:"marks"`
	Exporter   struct {
		Name    string `parquet:"name"`
		Address struct {
			City *string `parquet:"city,optional"`
		} `parquet:"address"`
	} `parquet:"exporter"`
}

// declarations are n rows.
func declarations(n int) []declaration {
	rows := make([]declaration, n)
	for i := range rows {
		r := &rows[i]
		r.ID, r.Goods, r.Weight = int64(i), fmt.Sprintf("茶 %d", i%5), float64(i)/8
		r.Exporter.Name = fmt.Sprintf("Exporter %d", i%3)
		if i%2 == 0 {
			note, city := fmt.Sprint("note ", i), "香港"
			r.Note, r.Exporter.Address.City = &note, &city
		}
		for j := range i % 4 {
			r.Codes = append(r.Codes, fmt.Sprint("c", j))
			r.Containers = append(r.Containers, container{Number: fmt.Sprint("MSKU", i+j), Seals: []string{"s1", "s2"}[:j%3%2+1]})
		}
		r.Marks = map[string]string{fmt.Sprint("k", i): "v"}
	}
	return rows
}

// written is a Parquet file of rows, so many to a row group.
func written[T any](t testing.TB, rows []T, perGroup int, options ...library.WriterOption) []byte {
	t.Helper()
	var file bytes.Buffer
	w := library.NewGenericWriter[T](&file, options...)
	for len(rows) > 0 {
		n := min(perGroup, len(rows))
		_, err := w.Write(rows[:n])
		require.NoError(t, err)
		require.NoError(t, w.Flush())
		rows = rows[n:]
	}
	require.NoError(t, w.Close())
	return file.Bytes()
}

// detect finds the dialect of a file, which must have one.
func detect(t testing.TB, file []byte) read.Dialect {
	t.Helper()
	d, err := parquet.Detect(t.Context(), bytes.NewReader(file))
	require.NoError(t, err)
	require.True(t, d.Named())
	require.True(t, d.Header)
	require.Equal(t, d.Columns, len(strings.Split(d.Names, read.Between)))
	return d
}

// all reads a file to its end and writes down what came: one line a row, or "! " and
// the error.
func all(t testing.TB, file []byte) []string {
	t.Helper()
	r, err := parquet.Open(t.Context(), bytes.NewReader(file), detect(t, file))
	require.NoError(t, err)
	defer func() { require.NoError(t, r.Close()) }()
	require.Equal(t, int64(0), r.Header().Number)
	out := []string{strings.Join(r.Header().Names(), "|")}
	events, err := readtest.Drain(t, r)
	for _, e := range events {
		if e.Bad != nil {
			out = append(out, fmt.Sprintf("! %s %v", e.Bad.Reason, e.Bad))
			continue
		}
		require.Equal(t, read.Position{Offset: e.Row.Number, Length: 1, Locator: e.Row.Locator}, e.Row.Position)
		out = append(out, strings.ReplaceAll(strings.Join(e.Row.Names(), "|"), read.Between, "+"))
	}
	if err != nil {
		out = append(out, "fatal "+err.Error())
	}
	return out
}

func TestSuite(t *testing.T) {
	file := written(t, declarations(60), 25)
	d := detect(t, file)
	readtest.Run(t, readtest.Subject{
		File: file, Random: true,
		Open: func(ctx context.Context, source io.Reader) (read.Reader, error) {
			return parquet.Open(ctx, source.(read.Input), d)
		},
		Span: func(ctx context.Context, at read.Position) ([][]byte, error) {
			s, err := parquet.NewSpans(bytes.NewReader(file), d)
			if err != nil {
				return nil, err
			}
			return s.Cells(ctx, at)
		},
	})
}

func TestNestedColumns(t *testing.T) {
	assert.Equal(t, []string{
		"id|goods|weight|note|codes|containers.number|containers.seals|marks.key|marks.value|exporter.name|exporter.address.city",
		"0|茶 0|0|note 0||||k0|v|Exporter 0|香港",
		"1|茶 1|0.125||c0|MSKU1|s1|k1|v|Exporter 1|",
		"2|茶 2|0.25|note 2|c0+c1|MSKU2+MSKU3|s1+s1+s2|k2|v|Exporter 2|香港",
		"3|茶 3|0.375||c0+c1+c2|MSKU3+MSKU4+MSKU5|s1+s1+s2+s1|k3|v|Exporter 0|",
	}, all(t, written(t, declarations(4), 3)))
}

// TestManyBatches: rows are whole beyond the batches in which columns are read.
func TestManyBatches(t *testing.T) {
	rows := declarations(5000)
	lines := all(t, written(t, rows, 1900, library.PageBufferSize(1000)))
	require.Len(t, lines, 5001)
	for i := range rows {
		require.True(t, strings.HasPrefix(lines[i+1], fmt.Sprintf("%d|茶 %d|", i, i%5)), lines[i+1])
		require.Contains(t, lines[i+1], fmt.Sprintf("|k%d|v|Exporter %d|", i, i%3))
		require.Equal(t, max(0, 2*(i%4-1)), strings.Count(strings.Join(strings.Split(lines[i+1], "|")[4:6], ""), "+"))
	}
}

func TestCompressionsAndPages(t *testing.T) {
	type plain struct {
		A int64  `parquet:"a"`
		B string `parquet:"b,optional"`
	}
	rows := []plain{{1, "x"}, {2, ""}, {3, strings.Repeat("long ", 1000)}}
	want := []string{"a|b", "1|x", "2|", "3|" + rows[2].B}
	for name, options := range map[string][]library.WriterOption{
		"none":         nil,
		"snappy":       {library.Compression(&library.Snappy)},
		"gzip":         {library.Compression(&library.Gzip)},
		"brotli":       {library.Compression(&library.Brotli)},
		"zstd":         {library.Compression(&library.Zstd)},
		"lz4":          {library.Compression(&library.Lz4Raw)},
		"pages v1":     {library.DataPageVersion(1)},
		"pages v1 zip": {library.DataPageVersion(1), library.Compression(&library.Zstd)},
	} {
		t.Run(name, func(t *testing.T) { assert.Equal(t, want, all(t, written(t, rows, 2, options...))) })
	}
}

func TestEmptyFiles(t *testing.T) {
	type one struct {
		A string `parquet:"a"`
	}
	assert.Equal(t, []string{"a"}, all(t, written(t, []one{}, 1)))
	file := written(t, []one{{"x"}}, 1)
	s, err := parquet.NewSpans(bytes.NewReader(written(t, []one{}, 1)), detect(t, file))
	require.NoError(t, err)
	_, err = s.Cells(t.Context(), read.Position{Offset: 1, Length: 1})
	require.ErrorIs(t, err, read.ErrSpan)
}

func TestSpansInAnyOrder(t *testing.T) {
	file := written(t, declarations(3000), 1100)
	want := all(t, file)
	s, err := parquet.NewSpans(bytes.NewReader(file), detect(t, file))
	require.NoError(t, err)
	for _, number := range []int64{3000, 1, 1100, 1101, 1101, 2, 2999, 1500, 1499} {
		cells, err := s.Cells(t.Context(), read.Position{Offset: number, Length: 1})
		require.NoError(t, err)
		got := strings.ReplaceAll(string(bytes.Join(cells, []byte("|"))), read.Between, "+")
		require.Equal(t, want[number], got, "row %d", number)
		again, err := s.Salvage(t.Context(), read.Position{Offset: number, Length: 1})
		require.NoError(t, err)
		require.Equal(t, cells, again)
	}
	for _, at := range []read.Position{{Offset: 0, Length: 1}, {Offset: 3001, Length: 1}, {Offset: 5, Length: 2}} {
		_, err = s.Cells(t.Context(), at)
		require.ErrorIs(t, err, read.ErrSpan, "%v", at)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = s.Cells(ctx, read.Position{Offset: 1200, Length: 1})
	require.ErrorIs(t, err, context.Canceled)
	_, err = s.Cells(t.Context(), read.Position{Offset: 1200, Length: 1})
	require.NoError(t, err, "a cancelled call spoils no other")
}

func TestBadCells(t *testing.T) {
	type text struct {
		ID int32    `parquet:"id"`
		A  string   `parquet:"a"`
		B  []string `parquet:"b,list"`
	}
	long := strings.Repeat("x", 600<<10)
	file := written(t, []text{
		{1, "caf\xe9", nil}, {2, "nul\x00", nil}, {3, long + long, nil}, {4, long, []string{"y", long}}, {5, "a", []string{long, long}}, {6, "fine", []string{"", "z"}},
	}, 10)
	assert.Equal(t, []string{
		"id|a|b",
		"! invalid_encoding row 1, column 2 (a): bytes that are not UTF-8, in a column of text",
		"! nul_byte row 2, column 2 (a): holds a NUL byte, which is no text",
		"! record_too_long row 3, column 2 (a): the cell is longer than a row may be",
		"! record_too_long row 4: the cells have 1228803 bytes, more than the 1048576 allowed for one row",
		"! record_too_long row 5, column 3 (b): the cell is longer than a row may be",
		"6|fine|+z",
	}, all(t, file))
	s, err := parquet.NewSpans(bytes.NewReader(file), detect(t, file))
	require.NoError(t, err)
	for number, want := range map[int64]string{1: "1|caf" + read.Lost + "|", 2: "2|nul" + read.Lost + "|", 3: "3|" + read.Lost + "|"} {
		at := read.Position{Offset: number, Length: 1}
		_, err = s.Cells(t.Context(), at)
		bad := new(read.RowError)
		require.ErrorAs(t, err, &bad)
		assert.Equal(t, int64(0), bad.Row)
		cells, err := s.Salvage(t.Context(), at)
		require.NoError(t, err)
		assert.Equal(t, want, string(bytes.Join(cells, []byte("|"))))
	}
}

func TestDialectsThatDoNotFit(t *testing.T) {
	file := written(t, declarations(2), 2)
	for _, d := range []read.Dialect{{Format: "delimited"}, {Format: parquet.Format, Names: "other"}} {
		_, err := parquet.Open(t.Context(), bytes.NewReader(file), d)
		require.ErrorIs(t, err, read.ErrDialect)
		_, err = parquet.NewSpans(bytes.NewReader(file), d)
		require.ErrorIs(t, err, read.ErrDialect)
	}
}

package read_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	stdcsv "encoding/csv"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
	"pgregory.net/rapid"

	"rummage/ingest/read"
	"rummage/ingest/read/readtest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// hard is a file with everything in it.
const hard = "\ufeffid,name,remark\r\n1,\"ACME \"BEST\" CO\",x\r\n2,\"a\r\nb\",\"q\"\"q\"\n\n3,short\n" +
	"4,\"unclosed,5\n5,Łódź,\"香港\n\n九龍\"\n6,a,b,c\n7,caf\xe9,x\n8,nul\x00,x\n  \n9,\"\",\"\"\n\"10\" , \"sp,aced\" ,z\n11,\"never closed\n12,last,row\x1a"

func subject(file string, d read.Dialect) readtest.Subject {
	return readtest.Subject{
		File: []byte(file),
		Open: func(ctx context.Context, source io.Reader) (read.Reader, error) {
			return read.Open(ctx, source, d)
		},
		Span: func(ctx context.Context, at read.Position) ([][]byte, error) {
			return span(ctx, []byte(file), d, at)
		},
	}
}

func TestSuite(t *testing.T) {
	detected := func(t *testing.T, file string) read.Dialect { return detect(t, file, read.Hints{Header: read.Yes}) }
	t.Run("utf-8", func(t *testing.T) { readtest.Run(t, subject(hard, detected(t, hard))) })
	for _, how := range packings {
		t.Run(how, func(t *testing.T) {
			packed := pack(t, how, hard)
			d := detected(t, packed)
			require.Equal(t, how, d.Compression)
			readtest.Run(t, subject(packed, d))
		})
	}
	t.Run("utf-16", func(t *testing.T) {
		wide := utf16Text(hard, false)
		readtest.Run(t, subject(wide, detected(t, wide)))
	})
	t.Run("CR", func(t *testing.T) {
		old := strings.NewReplacer("\r\n", "\r", "\n", "\r").Replace(hard)
		readtest.Run(t, subject(old, detected(t, old)))
	})
	t.Run("no quotes, no header", func(t *testing.T) {
		readtest.Run(t, subject(hard, read.Dialect{Columns: 3}))
	})
	for _, e := range encodings {
		t.Run(string(e.name), func(t *testing.T) {
			text := "id,name\n1," + e.text + "\n2,\"" + e.text + "\n" + e.text + "\"\n3,\"open " + e.text + "\n4,x,y\n5," + e.text
			file, err := e.table.NewEncoder().String(text)
			require.NoError(t, err)
			readtest.Run(t, subject(file, detect(t, file, read.Hints{Encoding: e.name})))
		})
	}
}

// events reads a file to its end.
func events(t require.TestingT, file []byte, d read.Dialect) []readtest.Event {
	r, err := read.Open(context.Background(), bytes.NewReader(file), d)
	require.NoError(t, err)
	var out []readtest.Event
	for {
		row, err := r.Next()
		bad := new(read.RowError)
		switch {
		case errors.Is(err, io.EOF):
			require.Equal(t, int64(len(out)), r.Stats().Rows+r.Stats().Bad)
			require.NoError(t, r.Close())
			return out
		case errors.As(err, &bad):
			out = append(out, readtest.Event{Bad: bad})
		default:
			require.NoError(t, err)
			out = append(out, readtest.Event{Row: row.Clone()})
		}
	}
}

// TestSameAsStandardLibrary: what encoding/csv writes and reads without
// complaint, this package reads the same.
func TestSameAsStandardLibrary(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		columns := rapid.IntRange(2, 6).Draw(t, "columns")
		cell := rapid.OneOf(
			rapid.StringMatching(`[a-zA-Z0-9 ]{0,12}`),
			rapid.StringMatching(`[a,"; \n]{0,9}`),
			rapid.StringMatching(`[a-z"éß香港,𠮷]{0,20}`),
		)
		rows := rapid.SliceOfN(rapid.SliceOfN(cell, columns, columns), 1, 20).Draw(t, "rows")
		delimiter := rapid.SampledFrom([]rune{',', ';', '\t', '|'}).Draw(t, "delimiter")
		var file bytes.Buffer
		w := stdcsv.NewWriter(&file)
		w.Comma = delimiter
		w.UseCRLF = rapid.Bool().Draw(t, "crlf")
		require.NoError(t, w.WriteAll(rows))

		peer := stdcsv.NewReader(bytes.NewReader(file.Bytes()))
		peer.Comma = delimiter
		want, err := peer.ReadAll()
		require.NoError(t, err)

		got := events(t, file.Bytes(), read.Dialect{Delimiter: string(delimiter), Quote: `"`, Columns: columns})
		require.Len(t, got, len(want))
		for i, e := range got {
			require.Nil(t, e.Bad)
			names := e.Row.Names()
			for j := range names {
				// Line breaks inside cells stay as they stand here.
				names[j] = strings.ReplaceAll(names[j], "\r\n", "\n")
			}
			require.Equal(t, want[i], names)
		}
	})
}

// TestNothingIsLost: whatever the bytes, rows, bad rows, blank lines and line
// ends are the whole file, in order, and each row reads again from its place.
func TestNothingIsLost(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		file := []byte(rapid.OneOf(
			rapid.StringMatching(`[a," \r\n]{0,60}`),
			rapid.StringMatching(`([a-c]{0,3}|"[a,\n]{0,3}"?)(,([a-c]{0,3}|"[a,\n"]{0,3}"?)){2}\n`),
			rapid.StringOf(rapid.SampledFrom([]rune{'"', ',', '\n', 'x', 0, 0x1A, 0xFFFD, '香'})),
		).Draw(t, "file"))
		checkFile(t, file, read.Dialect{Quote: `"`, Columns: 3})
	})
}

// blanks may stand between rows.
const blanks = " \r\n\x00\ufeff"

// printable is text without the marks of UTF-16.
func printable(b []byte) string {
	return strings.NewReplacer("\xff\xfe", "", "\xfe\xff", "").Replace(string(b))
}

// checkFile holds what is true of every file.
func checkFile(t require.TestingT, file []byte, d read.Dialect) {
	end, between := int64(0), blanks
	if d.Format == read.Fixed {
		between += "-=_" // rules
	}
	all := events(t, file, d)
	spans, err := read.NewSpans(bytes.NewReader(file), d)
	require.NoError(t, err)
	for _, e := range all {
		at := read.Position{}
		var raw []byte
		if e.Row != nil {
			at, raw = e.Row.Position, e.Row.Raw
			for _, cell := range e.Row.Cells {
				require.True(t, utf8.Valid(cell))
			}
			cells, err := spans.Cells(context.Background(), at)
			require.NoError(t, err)
			require.Equal(t, e.Row.Cells, cells)
		} else {
			at, raw = e.Bad.Position, e.Bad.Raw
			cells, err := spans.Salvage(context.Background(), at)
			require.NoError(t, err)
			require.True(t, utf8.Valid(bytes.Join(cells, nil)))
		}
		require.GreaterOrEqual(t, at.Offset, end)
		require.Empty(t, strings.Trim(printable(file[end:at.Offset]), between), "only blank lines between rows")
		require.Equal(t, file[at.Offset:at.Offset+min(at.Length, read.MaxRaw)], raw)
		end = at.Offset + at.Length
	}
	require.Empty(t, strings.Trim(printable(file[end:]), between+"\x1a"), "only blank lines behind the last row")
	pieces, err := read.Open(context.Background(), readtest.NewPieces(file, 7, nil), d)
	require.NoError(t, err)
	for _, e := range all {
		row, err := pieces.Next()
		if e.Bad != nil {
			require.Equal(t, e.Bad, err)
			continue
		}
		require.NoError(t, err)
		require.Equal(t, e.Row, row.Clone())
	}
}

// span reads one row again.
func span(ctx context.Context, file []byte, d read.Dialect, at read.Position) ([][]byte, error) {
	spans, err := read.NewSpans(bytes.NewReader(file), d)
	if err != nil {
		return nil, err
	}
	return spans.Cells(ctx, at)
}

func TestSpans(t *testing.T) {
	ctx := context.Background()
	span := func(file string, d read.Dialect, offset, length int64) ([][]byte, error) {
		return span(ctx, []byte(file), d, read.Position{Offset: offset, Length: length})
	}
	const file = "a,b,c\n1,2,3\n4,5\n6,\"7,8\n"
	t.Run("ragged rows can be shown", func(t *testing.T) {
		cells, err := span(file, three, 12, 3)
		require.NoError(t, err)
		require.Equal(t, [][]byte{[]byte("4"), []byte("5")}, cells)
	})
	t.Run("rows that cannot be cut say why", func(t *testing.T) {
		_, err := span(file, three, 16, 6)
		bad := new(read.RowError)
		require.ErrorAs(t, err, &bad)
		require.Equal(t, read.UnclosedQuote, bad.Reason)
	})
	t.Run("in gzip", func(t *testing.T) {
		d := three
		d.Compression = read.Gzip
		packed := pack(t, read.Gzip, file)
		cells, err := span(packed, d, 6, 5)
		require.NoError(t, err)
		require.Equal(t, "1", string(cells[0]))
		_, err = span(packed, d, 1000, 5)
		require.ErrorContains(t, err, "unpack up to byte 1000")
		_, err = span(file, d, 6, 5)
		require.ErrorIs(t, err, read.ErrCorrupt)
		stopped, cancel := context.WithCancel(ctx)
		cancel()
		spans, err := read.NewSpans(strings.NewReader(packed), d)
		require.NoError(t, err)
		_, err = spans.Cells(stopped, read.Position{Offset: 6, Length: 5})
		require.ErrorIs(t, err, context.Canceled)
		cells, err = spans.Cells(ctx, read.Position{Offset: 6, Length: 5})
		require.NoError(t, err, "once stopped, it can be used again")
		require.Equal(t, "1", string(cells[0]))
	})
	for name, at := range map[string][2]int64{
		"more than a row": {0, 11}, "behind the end": {20, 50}, "negative": {-1, 5}, "overflowing": {1 << 62, 1 << 62},
		"huge": {0, 2 << 20}, "empty": {5, 0}, "with the line end": {0, 6},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := span(file, three, at[0], at[1])
			require.ErrorIs(t, err, read.ErrSpan)
		})
	}
	t.Run("the disk fails", func(t *testing.T) {
		fault := errors.New("disk fails")
		spans, err := read.NewSpans(broken{fault}, three)
		require.NoError(t, err)
		_, err = spans.Cells(ctx, read.Position{Length: 5})
		require.ErrorIs(t, err, fault)
	})
}

// tally counts the bytes read of a file.
type tally struct {
	*strings.Reader
	n int
}

func (c *tally) ReadAt(p []byte, at int64) (int, error) {
	n, err := c.Reader.ReadAt(p, at)
	c.n += n
	return n, err
}

// Rows of a compressed file in rising order cost one pass, bad ones too.
func TestSpansOfACompressedFileCostOnePass(t *testing.T) {
	var text strings.Builder
	for i := range 20_000 {
		fmt.Fprintf(&text, "%d,%x,\xff\n", i, sha256.Sum256([]byte{byte(i), byte(i >> 8)}))
	}
	for _, how := range packings {
		t.Run(how, func(t *testing.T) { onePass(t, how, text.String()) })
	}
}

func onePass(t *testing.T, how, text string) {
	d := read.Dialect{Compression: how}
	packed := pack(t, how, text)
	file := &tally{Reader: strings.NewReader(packed)}
	spans, err := read.NewSpans(file, d)
	require.NoError(t, err)
	for i, e := range events(t, []byte(packed), d) {
		require.NotNil(t, e.Bad)
		_, err = spans.Cells(t.Context(), e.Bad.Position)
		bad := new(read.RowError)
		require.ErrorAs(t, err, &bad)
		cells, err := spans.Salvage(t.Context(), e.Bad.Position)
		require.NoError(t, err)
		require.Equal(t, []string{strconv.Itoa(i), read.Lost}, []string{string(cells[0]), string(cells[2])})
	}
	require.LessOrEqual(t, file.n, int(file.Size()))
	_, err = spans.Salvage(t.Context(), read.Position{Length: 5})
	require.NoError(t, err, "back to the beginning")
	require.Greater(t, file.n, int(file.Size()))
}

func TestSalvage(t *testing.T) {
	big5, err := encodings[1].table.NewEncoder().String("1,\"臺北, 香港\",x")
	require.NoError(t, err)
	for name, c := range map[string]struct {
		file string
		d    read.Dialect
		want string
	}{
		"no text in UTF-8":    {"1,\"a, b\",caf\xe9\x00", three, "1|a, b|caf\uFFFD\uFFFD"},
		"no text in UTF-16":   {utf16Text("1,\"a, b\",Łódź", false) + "x", read.Dialect{Encoding: read.UTF16LE, Quote: `"`}, "1|a, b|Łódź\uFFFD"},
		"no text in Big5":     {big5 + "\xff,y", read.Dialect{Encoding: read.Big5, Quote: `"`}, "1|臺北, 香港|x\uFFFD|y"},
		"quote not closed":    {"1,\"a,b", three, "1|\"a|b"},
		"lines inside":        {"1,\"a\nb,c", three, "1|\"a\nb|c"},
		"longer than is kept": {"1,2," + strings.Repeat("x", read.MaxRaw), three, "1|2|" + strings.Repeat("x", read.MaxRaw-4) + "\uFFFD"},
		"blanks":              {"   ", three, "   "},
	} {
		t.Run(name, func(t *testing.T) {
			spans, err := read.NewSpans(strings.NewReader(c.file), c.d)
			require.NoError(t, err)
			cells, err := spans.Salvage(t.Context(), read.Position{Length: int64(len(c.file))})
			require.NoError(t, err)
			require.Equal(t, c.want, string(bytes.Join(cells, []byte("|"))))
		})
	}
	spans, err := read.NewSpans(strings.NewReader("1,2"), three)
	require.NoError(t, err)
	_, err = spans.Salvage(t.Context(), read.Position{Offset: -1})
	require.ErrorIs(t, err, read.ErrSpan)
}

func TestRowsCostNoAllocation(t *testing.T) {
	file := bytes.Repeat([]byte("1,2,3\n\"a\",\"b\"\"c\",香港\n"), 2000)
	r, err := read.Open(context.Background(), bytes.NewReader(file), read.Dialect{Quote: `"`})
	require.NoError(t, err)
	for range 10 {
		_, err = r.Next()
		require.NoError(t, err)
	}
	require.Zero(t, testing.AllocsPerRun(1000, func() { _, err = r.Next() }))
	require.NoError(t, err)
}

// mostFuzzed bounds what is tried: a long file is read as a short one is, in more
// time, and windows that slide are tried by reading in pieces.
const mostFuzzed = 4 << 10

func FuzzRead(f *testing.F) {
	f.Add([]byte(hard), uint8(0))
	for i, e := range encodings {
		text, err := e.table.NewEncoder().String("1,\"" + e.text + "\n\",x\n")
		require.NoError(f, err)
		f.Add([]byte(text), uint8(i+3))
	}
	f.Add([]byte(utf16Text("\ufeff"+declarations, true)), uint8(2))
	f.Add([]byte("\"\"a\n\"\"b\n\"c\"\n"), uint8(0))
	f.Add([]byte("a,\"\r\n\"\r\"b\r"), uint8(9))
	f.Fuzz(func(t *testing.T, file []byte, kind uint8) {
		if len(file) > mostFuzzed {
			return
		}
		names := read.Encodings()
		d := read.Dialect{Encoding: names[int(kind)%len(names)], Quote: `"`}
		if int(kind) >= len(names) {
			d.Newline = read.CR
		}
		checkFile(t, file, d)
		found, err := read.Detect(context.Background(), bytes.NewReader(file), read.Hints{})
		if err == nil && !found.Header {
			if found.Compression == read.Plain {
				checkFile(t, file, found)
			}
		}
	})
}

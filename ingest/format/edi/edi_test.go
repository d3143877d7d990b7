package edi_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"rummage/ingest/format/edi"
	"rummage/ingest/read"
	"rummage/ingest/read/readtest"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// golden compares with a file, or rewrites it.
func golden(t *testing.T, path, got string) {
	t.Helper()
	if *update {
		require.NoError(t, os.WriteFile(path, []byte(got), 0o644))
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err)
	assert.Equal(t, string(want), got, path)
}

func dialect(t testing.TB, file []byte, h read.Hints) read.Dialect {
	t.Helper()
	d, err := edi.Detect(t.Context(), bytes.NewReader(file), read.Part{}, h)
	require.NoError(t, err)
	require.True(t, d.Named())
	require.Len(t, strings.Split(d.Names, read.Between), d.Columns)
	return d
}

// events reads a file to its end.
func events(t testing.TB, file []byte, d read.Dialect) []readtest.Event {
	t.Helper()
	r, err := edi.Open(t.Context(), bytes.NewReader(file), d)
	require.NoError(t, err)
	out, err := readtest.Drain(t, r)
	require.NoError(t, err)
	require.NoError(t, r.Close())
	return out
}

// spell writes rows and errors down, without empty cells. Values of one cell stand
// between bars, lines of one text between slashes.
func spell(names []string, all []readtest.Event) string {
	var b strings.Builder
	for _, e := range all {
		if e.Bad != nil {
			fmt.Fprintf(&b, "%d@%d+%d %s: %s\n", e.Bad.Row, e.Bad.Offset, e.Bad.Length, e.Bad.Reason, e.Bad)
			continue
		}
		fmt.Fprintf(&b, "%d@%d+%d\n", e.Row.Number, e.Row.Offset, e.Row.Length)
		for i, cell := range e.Row.Cells {
			if len(cell) > 0 {
				text := strings.NewReplacer(read.Between, " | ", "\n", " / ").Replace(string(cell))
				fmt.Fprintf(&b, "  %s = %s\n", names[i], text)
			}
		}
	}
	return b.String()
}

// files lists test files by their base name.
func files(t testing.TB, pattern string) map[string][]byte {
	t.Helper()
	paths, err := filepath.Glob(pattern)
	require.NoError(t, err)
	require.NotEmpty(t, paths)
	all := map[string][]byte{}
	for _, path := range paths {
		if filepath.Ext(path) == ".golden" {
			continue
		}
		content, err := os.ReadFile(path)
		require.NoError(t, err)
		all[filepath.Base(path)] = content
	}
	return all
}

// TestGoodFiles: each has its rows, by all there is to ask for, and no errors.
func TestGoodFiles(t *testing.T) {
	for name, file := range files(t, "testdata/good/*") {
		for suffix, record := range map[string]string{"": "", ".message": "message", ".item": "item"} {
			t.Run(name+suffix, func(t *testing.T) {
				d := dialect(t, file, read.Hints{Record: record})
				all := events(t, file, d)
				for _, e := range all {
					require.Nil(t, e.Bad)
				}
				golden(t, "testdata/good/"+name+suffix+".golden", d.String()+"\n"+spell(strings.Split(d.Names, read.Between), all))
			})
		}
	}
}

// TestBadFiles: each says what is wrong and where, and keeps the rows that are
// not concerned.
func TestBadFiles(t *testing.T) {
	for name, file := range files(t, "testdata/bad/*") {
		t.Run(name, func(t *testing.T) {
			d := dialect(t, file, read.Hints{})
			golden(t, "testdata/bad/"+name+".golden", d.String()+"\n"+spell(strings.Split(d.Names, read.Between), events(t, file, d)))
		})
	}
}

// subject is a file for the suite.
func subject(file []byte, d read.Dialect) readtest.Subject {
	return readtest.Subject{
		File: file,
		Open: func(ctx context.Context, source io.Reader) (read.Reader, error) { return edi.Open(ctx, source, d) },
		Span: func(ctx context.Context, at read.Position) ([][]byte, error) {
			spans, err := edi.NewSpans(bytes.NewReader(file), d)
			if err != nil {
				return nil, err
			}
			return spans.Cells(ctx, at)
		},
	}
}

func TestSuite(t *testing.T) {
	for _, pattern := range []string{"testdata/good/*", "testdata/bad/*"} {
		for name, file := range files(t, pattern) {
			for _, record := range []string{"message", "consignment", "item"} {
				t.Run(name+" by "+record, func(t *testing.T) {
					readtest.Run(t, subject(file, dialect(t, file, read.Hints{Record: record})))
				})
			}
		}
	}
	t.Run("gzip", func(t *testing.T) {
		packed := pack(t, files(t, "testdata/good/cuscar.edi")["cuscar.edi"])
		readtest.Run(t, subject(packed, dialect(t, packed, read.Hints{})))
	})
}

func pack(t testing.TB, file []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, err := w.Write(file)
	require.NoError(t, err)
	require.NoError(t, w.Close())
	return b.Bytes()
}

// TestLineEndsAreNoData: the same rows whatever stands between segments, and
// wherever lines were wrapped.
func TestLineEndsAreNoData(t *testing.T) {
	for name, file := range files(t, "testdata/good/*") {
		t.Run(name, func(t *testing.T) {
			want := cells(events(t, file, dialect(t, file, read.Hints{})))
			joined := bytes.ReplaceAll(file, []byte("\n"), nil)
			wrapped := bytes.Clone(joined[:106])
			for i, c := range joined[106:] {
				wrapped = append(wrapped, c)
				if i%80 == 79 {
					wrapped = append(wrapped, "\r\n"[i%2:]...)
				}
			}
			for what, other := range map[string][]byte{
				"none": joined, "wrapped": wrapped, "CRLF": bytes.ReplaceAll(file, []byte("\n"), []byte("\r\n")),
				"CR": bytes.ReplaceAll(file, []byte("\n"), []byte("\r")), "DOS": append(bytes.Clone(file), 0x1A),
			} {
				require.Equal(t, want, cells(events(t, other, dialect(t, other, read.Hints{}))), what)
			}
		})
	}
}

// cells are those of all rows.
func cells(all []readtest.Event) [][][]byte {
	var out [][][]byte
	for _, e := range all {
		if e.Row != nil {
			out = append(out, e.Row.Cells)
		}
	}
	return out
}

// TestGrainsHoldTheSame: however rows are cut, no value is lost. Of the bytes of
// a file, every value stands in some cell.
func TestGrainsHoldTheSame(t *testing.T) {
	for name, file := range files(t, "testdata/good/*.edi") {
		for _, record := range []string{"message", "consignment", "item"} {
			t.Run(name+" by "+record, func(t *testing.T) {
				var all strings.Builder
				for _, row := range cells(events(t, file, dialect(t, file, read.Hints{Record: record}))) {
					all.Write(bytes.Join(row, []byte(read.Between)))
				}
				text := all.String()
				for _, segment := range strings.Split(strings.NewReplacer("?'", "\x00", "?+", "\x01").Replace(string(file)), "'") {
					segment = strings.TrimSpace(segment)
					if segment == "" || strings.HasPrefix(segment, "UNA") || strings.HasPrefix(segment, "UNT") ||
						strings.HasPrefix(segment, "UNE") || strings.HasPrefix(segment, "UNZ") || strings.HasPrefix(segment, "UNS") {
						continue
					}
					for _, element := range strings.Split(segment, "+")[1:] {
						for _, value := range strings.FieldsFunc(element, func(r rune) bool { return r == ':' || r == '*' }) {
							if !qualifies(value) {
								require.Contains(t, text, strings.NewReplacer("\x00", "'", "\x01", "+").Replace(value), segment)
							}
						}
					}
				}
			})
		}
	}
}

// qualifies says whether a value is so short that it could be in the name of a column.
func qualifies(value string) bool { return len(value) <= 3 }

func TestSpansInAnyOrder(t *testing.T) {
	for name, file := range files(t, "testdata/*/*.edi") {
		t.Run(name, func(t *testing.T) {
			d := dialect(t, file, read.Hints{Record: "item"})
			all := events(t, file, d)
			spans, err := edi.NewSpans(bytes.NewReader(file), d)
			require.NoError(t, err)
			for i := range all {
				for _, e := range []readtest.Event{all[len(all)-1-i], all[i], all[i]} {
					if e.Bad == nil {
						got, err := spans.Cells(t.Context(), e.Row.Position)
						require.NoError(t, err)
						require.Equal(t, e.Row.Cells, got)
						continue
					}
					_, err := spans.Cells(t.Context(), e.Bad.Position)
					bad := new(read.RowError)
					require.ErrorAs(t, err, &bad)
					require.Zero(t, bad.Row)
					require.Equal(t, e.Bad.Detail, bad.Detail)
					got, err := spans.Salvage(t.Context(), e.Bad.Position)
					require.NoError(t, err)
					require.Len(t, got, d.Columns)
				}
			}
			_, err = spans.Cells(t.Context(), read.Position{Offset: 3, Length: 1})
			require.ErrorIs(t, err, read.ErrSpan)
			_, err = spans.Cells(t.Context(), read.Position{Offset: 1 << 40, Length: 1})
			require.ErrorIs(t, err, read.ErrSpan)
			ctx, cancel := context.WithCancel(t.Context())
			cancel()
			_, err = spans.Cells(ctx, place(all[0]))
			require.ErrorIs(t, err, context.Canceled)
			_, err = spans.Salvage(t.Context(), place(all[0]))
			require.NoError(t, err, "once stopped, it can be used again")
		})
	}
}

func TestTruncated(t *testing.T) {
	for name, file := range files(t, "testdata/good/*") {
		t.Run(name, func(t *testing.T) {
			whole := events(t, file, dialect(t, file, read.Hints{Record: "item"}))
			d := dialect(t, file, read.Hints{Record: "item"})
			for n := 0; n < len(file)-1; n += 7 {
				all := events(t, file[:n], d)
				rows := cells(all)
				for i, row := range rows {
					require.Equal(t, whole[i].Row.Cells, row, "cut at byte %d", n)
				}
				last := bytes.LastIndexAny(file[:n], "'~")
				if n > 0 && (last < 0 || !bytes.Contains(file[max(last-25, 0):last], []byte("UNZ+")) && !bytes.Contains(file[max(last-25, 0):last], []byte("IEA*"))) {
					require.NotNil(t, all[len(all)-1].Bad, "cut at byte %d", n)
				}
			}
		})
	}
}

// place is where an event stands.
func place(e readtest.Event) read.Position {
	if e.Bad != nil {
		return e.Bad.Position
	}
	return e.Row.Position
}

// TestSalvageOfEnvelopes: what is said of a message is not the last of its rows.
func TestSalvageOfEnvelopes(t *testing.T) {
	file := files(t, "testdata/bad/counts.edi")["counts.edi"]
	d := dialect(t, file, read.Hints{})
	spans, err := edi.NewSpans(bytes.NewReader(file), d)
	require.NoError(t, err)
	names := strings.Split(d.Names, read.Between)
	for _, e := range events(t, file, d) {
		if e.Bad == nil {
			continue
		}
		salvaged, err := spans.Salvage(t.Context(), e.Bad.Position)
		require.NoError(t, err)
		for i, cell := range salvaged {
			require.Equal(t, strings.HasPrefix(names[i], "UNB."), len(cell) > 0, names[i])
		}
	}
}

package tree_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
	"golang.org/x/text/encoding/unicode"
	"pgregory.net/rapid"

	"rummage/ingest/format/tree"
	"rummage/ingest/read"
	"rummage/ingest/read/readtest"
)

// checkFile holds what is true of every file: rows are within it, in order and
// without overlap, the same however the bytes come, and read again from their
// places.
func checkFile(t require.TestingT, file []byte, h read.Hints) {
	ctx := context.Background()
	d, err := tree.Detect(ctx, bytes.NewReader(file), h)
	if err != nil {
		return
	}
	all := whole(t, readtest.NewPieces(file, 0, nil), d)
	require.Equal(t, all, whole(t, readtest.NewPieces(file, 7, nil), d))
	spans, err := tree.NewSpans(bytes.NewReader(file), d)
	require.NoError(t, err)
	end := int64(0)
	for _, e := range all {
		at := read.Position{}
		if e.Row != nil {
			at = e.Row.Position
			for _, cell := range e.Row.Cells {
				require.True(t, utf8.Valid(cell))
			}
			got, err := spans.Cells(ctx, at)
			require.NoError(t, err)
			require.Equal(t, e.Row.Cells, got)
		} else {
			at = e.Bad.Position
			got, err := spans.Salvage(ctx, at)
			require.NoError(t, err)
			require.True(t, utf8.Valid(bytes.Join(got, nil)))
			require.Len(t, got, d.Columns)
		}
		require.GreaterOrEqual(t, at.Offset, end)
		require.Positive(t, at.Length)
		end = at.Offset + at.Length
		if d.Compression == read.Plain {
			require.LessOrEqual(t, end, int64(len(file)))
			raw := file[at.Offset:min(end, at.Offset+read.MaxRaw)]
			if e.Row != nil {
				require.Equal(t, string(file[at.Offset:end]), string(e.Row.Raw))
			} else {
				require.Equal(t, string(raw), string(e.Bad.Raw))
			}
		}
	}
}

// whole reads a file to its end.
func whole(t require.TestingT, source tree.Source, d read.Dialect) []readtest.Event {
	r, err := tree.Open(context.Background(), source, d)
	require.NoError(t, err)
	var events []readtest.Event
	for {
		row, err := r.Next()
		bad := new(read.RowError)
		switch {
		case err == nil:
			events = append(events, readtest.Event{Row: row.Clone()})
			continue
		case errors.As(err, &bad):
			events = append(events, readtest.Event{Bad: bad})
			continue
		case !errors.Is(err, io.EOF):
			require.ErrorAs(t, err, new(*read.StreamError))
		}
		require.Equal(t, int64(len(events)), r.Stats().Rows+r.Stats().Bad)
		require.NoError(t, r.Close())
		return events
	}
}

// TestWhateverStands: what is true of every file is true of any pieces of JSON
// and XML in any order, in documents that are sound around them.
func TestWhateverStands(t *testing.T) {
	jsons := rapid.SliceOfN(rapid.SampledFrom([]string{
		"{", "}", "[", "]", ",", ":", `"a"`, `"b":`, `"a":1`, `{"a":1,"b":[2,3]}`, `{"a":{"b":1}}`, "nul", "null", "\n", "\n{", `"`, `\`, `"\u00e9\x"`, "é", "\xe9", " ", ",{", "},",
	}), 0, 12)
	xmls := rapid.SliceOfN(rapid.SampledFrom([]string{
		"<r>", "</r>", "<a>", "</a>", "<a/>", "<r b='1'>", "<r b='>' c=\"<\">", "<r><a>1</a></r>", "<!--", "-->", "<![CDATA[", "]]>", "<?p", "?>", "&amp;", "&x;", "&", "'", "\"",
		"x", "香", "\xe9", "\r\n", "\r", " ", "<", ">", "</l>", "<l>", "</ r>", "<rr/>", "<r/ >",
	}), 0, 12)
	rapid.Check(t, func(t *rapid.T) {
		h := read.Hints{Record: rapid.SampledFrom([]string{"", "", "a", "r", "a.b", "r.a"}).Draw(t, "record")}
		pieces := strings.Join(jsons.Draw(t, "json"), "")
		for _, around := range []string{`[{"a":0,"b":1},%,{"a":2,"c":{"a":[3]}}]`, "{\"a\":0}\n{\"a\":%\n{\"a\":2}\n%\n", `{"m":1,"r":[{"a":1,"b":%},{"a":4}],"z":2}`} {
			checkFile(t, []byte(strings.ReplaceAll(around, "%", pieces)), h)
		}
		pieces = strings.Join(xmls.Draw(t, "xml"), "")
		for _, around := range []string{"<l><r><a>1</a><b/></r>%<r><a>2</a></r><z/></l>", "<l v='1'><r><a>1</a><b/></r> <r>%</r>\n<r><a>2</a></r></l>"} {
			text := strings.ReplaceAll(around, "%", pieces)
			checkFile(t, []byte(text), h)
			checkFile(t, []byte("<?xml version='1.0' encoding='big5'?>"+text), h)
			wide, err := unicode.UTF16(unicode.BigEndian, unicode.UseBOM).NewEncoder().String(strings.ToValidUTF8(text, "?"))
			require.NoError(t, err)
			checkFile(t, []byte(wide), h)
		}
	})
}

// mostFuzzed bounds what is tried: a long file is read as a short one is, in more
// time.
const mostFuzzed = 8 << 10

func FuzzJSON(f *testing.F) {
	for _, text := range []string{lines, list, answer, `{"a":[[{"b":1}],2]}`, "[1]\n[2]"} {
		f.Add([]byte(text), "")
		f.Add([]byte(text), "items")
	}
	f.Fuzz(func(t *testing.T, file []byte, record string) {
		if head := bytes.TrimLeft(file, " \r\n\t"); len(head) > 0 && head[0] != '<' && len(file) <= mostFuzzed {
			checkFile(t, file, read.Hints{Record: record})
		}
	})
}

func FuzzXML(f *testing.F) {
	for _, e := range []read.Encoding{read.UTF8, read.UTF16LE, read.Big5, read.GB18030} {
		f.Add([]byte(encoded(f, e, document)), "")
		f.Add([]byte(encoded(f, e, document)), "item")
	}
	f.Add([]byte(fmt.Sprintf(document, "x")), "list.head")
	f.Fuzz(func(t *testing.T, file []byte, record string) {
		if len(file) <= mostFuzzed {
			checkFile(t, append([]byte{}, file...), read.Hints{Record: record})
		}
	})
}

package tree_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"
	"github.com/stretchr/testify/require"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
	"golang.org/x/text/encoding/unicode"

	"rummage/ingest/format/tree"
	"rummage/ingest/read"
	"rummage/ingest/read/readtest"
)

// Files with everything in them.
const (
	lines = "\ufeff{\"id\":1,\"items\":[{\"n\":1,\"x\":\"a\"},{\"n\":2}],\"late\":\"l\"}\r\n\n  {\"id\":2, \"items\": [] }  \n" +
		"{\"id\":3,\"items\":[{\"n\":1},{\"n\":nul}]}\n{\"id\":4,\"items\":[{\"n\":4}\n{\"id\":5,\"na.me\":\"\\u00e9\",\"items\":[{\"n\":\"caf\xe9\"}]}\n" +
		"{\"id\":6}{\"id\":7}\nrubbish\n{\"id\":8,\"items\":[{\"n\":8},{\"n\":[8,[9]]}],\"late\":null}"
	list = `[ {"id":1,"v":[1,2]}, {"id":2,"v":{"w":true}} ,{"id":03,"v":[]},{"id":4 "v":5}, {"id":"\x","v":6},` +
		`{"id":"` + "caf\xe9" + `"},["x",["y"]],7,{"id":8,"id":9,"v":"a\u0000b"},{"id":"last","v":""}]`
	answer = `{"meta":{"page":1},"data":[{"id":1,"items":[{"n":1},{"n":2}],"who":"a"},{"id":2,"items":[{"n":3},{"n":}],"who":"b"},` +
		`{"id":3,"items":[],"who":"c"},{"id":4,"items":[{"n":4}],"who":"d"}],"next":"none"}`
	document = `<?xml version="1.0" encoding="%s"?><!-- 臺北 --><d:list xmlns:d="u" made="2020"><head>香港&amp;九龍</head>` +
		"\n<case id='1'><who>臺北<b>x</b> 香港</who><item n=\"1\">a</item><item n=\"2\"/><end>e</end></case>" +
		"<case id='2'><who>&bad;</who><item n='3'/></case> <case id='3'><item n='4'></itm></case>" +
		"<case id='4'><item n='5'><![CDATA[<香港>]]> &#x9999;</item><!-- <item> --></case>\r\n<case id='5'/><tail>t</tail></d:list>\n"
)

// encoded is a document in an encoding, which it names where it has a %s.
func encoded(t testing.TB, e read.Encoding, text string) string {
	t.Helper()
	tables := map[read.Encoding]encoding.Encoding{
		read.UTF8:     unicode.UTF8,
		read.UTF16LE:  unicode.UTF16(unicode.LittleEndian, unicode.UseBOM),
		read.UTF16BE:  unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM),
		read.GB18030:  simplifiedchinese.GB18030,
		read.Big5:     traditionalchinese.Big5,
		read.ShiftJIS: japanese.ShiftJIS,
		read.EUCKR:    korean.EUCKR,
	}
	out, err := tables[e].NewEncoder().String(strings.Replace(text, "%s", string(e), 1))
	require.NoError(t, err)
	return out
}

// pack packs text with gzip.
func pack(t testing.TB, text string) string {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, err := io.WriteString(w, text)
	require.NoError(t, err)
	require.NoError(t, w.Close())
	return b.String()
}

// zstandard packs text with zstd.
func zstandard(t testing.TB, text string) string {
	t.Helper()
	w, err := zstd.NewWriter(nil)
	require.NoError(t, err)
	packed := w.EncodeAll([]byte(text), nil)
	require.NoError(t, w.Close())
	return string(packed)
}

// subject is a file with its readers. Where columns come from behind the rows,
// it is read at random access too.
func subject(t testing.TB, file string, h read.Hints, late bool) readtest.Subject {
	d := detect(t, file, h)
	return readtest.Subject{
		File: []byte(file), Random: late,
		Open: func(ctx context.Context, source io.Reader) (read.Reader, error) {
			return tree.Open(ctx, source.(tree.Source), d)
		},
		Span: func(ctx context.Context, at read.Position) ([][]byte, error) {
			spans, err := tree.NewSpans(strings.NewReader(file), d)
			if err != nil {
				return nil, err
			}
			return spans.Cells(ctx, at)
		},
	}
}

func TestSuite(t *testing.T) {
	early := strings.Replace(document, "<tail>t</tail>", "", 1)
	utf8 := fmt.Sprintf(document, "UTF-8")
	items := read.Hints{Record: "item"}
	for name, c := range map[string]struct {
		file string
		h    read.Hints
		late bool
	}{
		"lines":              {lines, read.Hints{}, false},
		"lines, items":       {lines, read.Hints{Record: "items"}, false},
		"lines in gzip":      {pack(t, lines), read.Hints{}, false},
		"lines in zstd":      {zstandard(t, lines), read.Hints{}, false},
		"list":               {list, read.Hints{}, false},
		"answer":             {answer, read.Hints{}, true},
		"answer, items":      {answer, read.Hints{Record: "data.items"}, true},
		"answer, early":      {strings.Replace(answer, `,"next":"none"`, "", 1), read.Hints{Record: "data.items"}, false},
		"values in sequence": {"{\"a\":1,\"b\":2}\n\n{\"a\":\n3,\"b\":nul}{\"c\":[1,[2,[]]]} {\"a\":\"\\ud83d\\udea2\"}", read.Hints{}, false},
		"XML":                {utf8, read.Hints{}, true},
		"XML, items":         {utf8, items, true},
		"XML in gzip":        {pack(t, utf8), items, true},
		"XML in zstd":        {zstandard(t, utf8), items, true},
		"XML in UTF-16":      {encoded(t, read.UTF16LE, early), items, false},
		"XML in Big5":        {encoded(t, read.Big5, early), read.Hints{}, false},
		"XML in GB18030":     {encoded(t, read.GB18030, early), items, false},
		"XML, early":         {fmt.Sprintf(early, "utf-8"), read.Hints{}, false},
	} {
		t.Run(name, func(t *testing.T) { readtest.Run(t, subject(t, c.file, c.h, c.late)) })
	}
}

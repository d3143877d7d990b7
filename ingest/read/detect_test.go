package read_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf16"

	"github.com/stretchr/testify/require"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"

	"rummage/ingest/read"
)

const declarations = "Declaration ID,Date,Importer,Net Mass\n41256141,2021-04-01,Y3OM027,1.0\n41256142,2021-04-02,Y3OM028,12.5\n"

func utf16Text(text string, big bool) string {
	var b []byte
	for _, u := range utf16.Encode([]rune(text)) {
		if big {
			b = append(b, byte(u>>8), byte(u))
		} else {
			b = append(b, byte(u), byte(u>>8))
		}
	}
	return string(b)
}

func TestDetect(t *testing.T) {
	semicolons := strings.ReplaceAll(declarations, ",", ";")
	cases := []struct {
		name, content string
		hints         read.Hints
		want          string
	}{
		{"plain", declarations, read.Hints{}, `delimited, utf-8, delimiter comma, quote ", header, 4 columns`},
		{"mark", "\ufeff" + declarations, read.Hints{}, `delimited, utf-8, delimiter comma, quote ", header, 4 columns`},
		{"zstd", pack(t, read.Zstd, declarations), read.Hints{}, `delimited, zstd, utf-8, delimiter comma, quote ", header, 4 columns`},
		{"zstd as pzstd writes it", "\x50\x2A\x4D\x18\x04\x00\x00\x00\x10\x00\x00\x00" + pack(t, read.Zstd, declarations), read.Hints{}, `delimited, zstd, utf-8, delimiter comma, quote ", header, 4 columns`},
		{"xz", pack(t, read.XZ, declarations), read.Hints{}, `delimited, xz, utf-8, delimiter comma, quote ", header, 4 columns`},
		{"gzip", pack(t, read.Gzip, declarations), read.Hints{}, `delimited, gzip, utf-8, delimiter comma, quote ", header, 4 columns`},
		{"gzip cut short", pack(t, read.Gzip, declarations)[:80], read.Hints{}, `delimited, gzip, utf-8, delimiter comma, quote ", header, 4 columns`},
		{"semicolon with decimal commas", strings.ReplaceAll(semicolons, ".", ","), read.Hints{}, `delimited, utf-8, delimiter semicolon, quote ", header, 4 columns`},
		{"tab", strings.ReplaceAll(declarations, ",", "\t"), read.Hints{}, `delimited, utf-8, delimiter TAB, quote ", header, 4 columns`},
		{"bar", strings.ReplaceAll(declarations, ",", "|"), read.Hints{}, `delimited, utf-8, delimiter |, quote ", header, 4 columns`},
		{"CR", strings.ReplaceAll(declarations, "\n", "\r"), read.Hints{}, `delimited, utf-8, delimiter comma, quote ", header, lines end with CR, 4 columns`},
		{"UTF-16LE with mark", utf16Text("\ufeff"+declarations, false), read.Hints{}, `delimited, utf-16le, delimiter comma, quote ", header, 4 columns`},
		{"UTF-16BE with mark", utf16Text("\ufeff"+declarations, true), read.Hints{}, `delimited, utf-16be, delimiter comma, quote ", header, 4 columns`},
		{"UTF-16LE without mark", utf16Text(declarations, false), read.Hints{}, `delimited, utf-16le, delimiter comma, quote ", header, 4 columns`},
		{"UTF-16BE without mark", utf16Text(declarations, true), read.Hints{}, `delimited, utf-16be, delimiter comma, quote ", header, 4 columns`},
		{"a line of title", "Last Updated,30/06/2021\n" + declarations, read.Hints{}, `delimited, utf-8, delimiter comma, quote ", header, from row 2, 4 columns`},
		{"titles with blanks below", "Report\n\nof,June,,\n\n" + declarations, read.Hints{}, `delimited, utf-8, delimiter comma, quote ", header, from row 4, 4 columns`},
		{"no title: a short header", "Declaration ID,Date,Importer\n1,2021-04-01,Y3,1.0\n2,2021-04-02,Y4,12.5\n", read.Hints{}, `delimited, utf-8, delimiter comma, quote ", header, 3 columns`},
		{"no header: OFAC", "36,\"AEROCARIBBEAN AIRLINES\",-0- ,\"CUBA\"\n173,\"ANGLO-CARIBBEAN CO., LTD.\",-0- ,\"CUBA\"\n", read.Hints{}, `delimited, utf-8, delimiter comma, quote ", no header, 4 columns`},
		{"no header: codes of one shape", "AB12,LONDON\nCD34,PARIS\nEF56,LONDON\n", read.Hints{}, `delimited, utf-8, delimiter comma, quote ", no header, 2 columns`},
		{"no header: a first value that returns", "CUBA,HAVANA\nCUBA,CIENFUEGOS\nCUBA,MARIEL\n", read.Hints{}, `delimited, utf-8, delimiter comma, quote ", no header, 2 columns`},
		{"no header: a first row like a sentence", strings.Repeat("a long remark about cargo ", 4) + ",x\nb,y\n", read.Hints{}, `delimited, utf-8, delimiter comma, quote ", no header, 2 columns`},
		{"header above names only", "importer,exporter\nACME,BETA\nGAMMA,DELTA\n", read.Hints{}, `delimited, utf-8, delimiter comma, quote ", header, 2 columns`},
		{"header with a repeated name", "id,name,name\n1,a,b\n2,c,d\n", read.Hints{}, `delimited, utf-8, delimiter comma, quote ", header, 3 columns`},
		{"header only", "Declaration ID,Date,Importer\n", read.Hints{}, `delimited, utf-8, delimiter comma, quote ", header, 3 columns`},
		{"mostly empty first row", ",,,x\n1,2,3,4\n", read.Hints{}, `delimited, utf-8, delimiter comma, quote ", no header, 4 columns`},
		{"header denied", declarations, read.Hints{Header: read.No}, `delimited, utf-8, delimiter comma, quote ", no header, 4 columns`},
		{"header forced", "1,2\n3,4\n", read.Hints{Header: read.Yes}, `delimited, utf-8, delimiter comma, quote ", header, 2 columns`},
		{"one column", "name\nALPHA\nBETA\n", read.Hints{}, `delimited, utf-8, delimiter comma, quote ", header, 1 columns`},
		{"delimiters inside quotes", "id,remark\n1,\"a;b;c\"\n2,\"d;e;f\"\n", read.Hints{}, `delimited, utf-8, delimiter comma, quote ", header, 2 columns`},
		{"single quotes", "'id';'name'\n'1';'it''s'\n'2';'b'\n", read.Hints{}, `delimited, utf-8, delimiter semicolon, quote ', header, 2 columns`},
		{"quotes are data", "id\tsize\n1\t5\"\n", read.Hints{Quoted: read.No}, `delimited, utf-8, delimiter TAB, no quotes, header, 2 columns`},
		{"quote named", "id\tsize\n1\t5\n", read.Hints{Quote: "'"}, `delimited, utf-8, delimiter TAB, quote ', header, 2 columns`},
		{"delimiter named", "a:b,c\n1:2,3\n", read.Hints{Delimiter: ":"}, `delimited, utf-8, delimiter :, quote ", header, 2 columns`},
		{"one bad row among few", "a,b\n1,caf\xe9\n2,x\n", read.Hints{}, `delimited, utf-8, delimiter comma, quote ", header, 2 columns`},
		{"one NUL", "a,b\n1,x\x00\n2,x\n", read.Hints{}, `delimited, utf-8, delimiter comma, quote ", header, 2 columns`},
		{"bad header row", "a,a\xf1o\n1,2\n3,4\n", read.Hints{}, `delimited, utf-8, delimiter comma, quote ", header, 2 columns`},
		{"nothing but a bad row", "\"a,b\n", read.Hints{}, `delimited, utf-8, delimiter comma, quote ", no header, 0 columns`},
		{"first row ragged", "1,2,3\n1,2\n3,4\n5,6\n", read.Hints{}, `delimited, utf-8, delimiter comma, quote ", no header, 2 columns`},
		{"text that looks like JSON", "{\"a\":1,b}\n", read.Hints{Text: read.Yes, Header: read.No}, `delimited, utf-8, delimiter comma, quote ", no header, 2 columns`},
		{"long", declarations + strings.Repeat("41256142,2021-04-02,Y3OM028,12.5\n", 20000), read.Hints{}, `delimited, utf-8, delimiter comma, quote ", header, 4 columns`},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			require.Equal(t, c.want, detect(t, c.content, c.hints).String())
		})
	}
}

func TestDetectRefuses(t *testing.T) {
	signs, err := charmap.Windows1252.NewEncoder().String(strings.Repeat("a ÷ b × ¦ c,d\n", 20))
	require.NoError(t, err)
	var bytes []byte
	for random := rand.New(rand.NewPCG(5, 7)); len(bytes) < 8000; {
		bytes = append(bytes, byte(random.Uint32()))
	}
	noise := string(bytes)
	cases := []struct {
		name, content string
		hints         read.Hints
		is            error
		want          string
	}{
		{"empty", "", read.Hints{}, read.ErrEmpty, "file is empty"},
		{"blank", "\n\n  \n", read.Hints{}, read.ErrEmpty, "file is empty"},
		{"mark only", "\ufeff", read.Hints{}, read.ErrEmpty, "file is empty"},
		{"empty in gzip", pack(t, read.Gzip, ""), read.Hints{}, read.ErrEmpty, "file is empty"},
		{"old workbook", "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1...", read.Hints{}, read.ErrFormat, "an old Office file (.xls, .doc), or one with a password"},
		{"not zstd for long", "\x28\xb5\x2f\xfd....", read.Hints{}, read.ErrCorrupt, "look at the file: compressed data is damaged"},
		{"lz4", "\x04\x22\x4D\x18....", read.Hints{}, read.ErrFormat, "packed with lz4"},
		{"packed twice", pack(t, read.Zstd, pack(t, read.XZ, declarations)), read.Hints{}, read.ErrFormat, "packed twice, with xz inside"},
		{"a tape", pack(t, read.Gzip, "a.csv"+strings.Repeat("\x00", 252)+"ustar  "), read.Hints{}, read.ErrFormat, "a tar archive"},
		{"html", "\ufeff \n<HTML lang='en'>", read.Hints{}, read.ErrFormat, "an HTML document"},
		{"binary", strings.Repeat("\x01\x02\x03ab\x00\x00", 50), read.Hints{}, read.ErrFormat, "binary data, not text"},
		{"noise", noise, read.Hints{}, read.ErrFormat, "binary data, not text"},
		{"noise that is said to be text", noise, read.Hints{Text: read.Yes}, read.ErrEncoding, "are not UTF-8"},
		{"a picture", "\x89PNG\r\n\x1a\n" + noise, read.Hints{}, read.ErrFormat, "a picture (PNG)"},
		{"a program", "MZ\x90\x00" + noise, read.Hints{}, read.ErrFormat, "a program for Windows"},
		{"of several encodings", signs, read.Hints{}, read.ErrEncoding, "20 of the first 20 lines are not UTF-8; it could be "},
		{"encoding unknown", declarations, read.Hints{Encoding: "ebcdic"}, read.ErrEncoding, `"ebcdic"; known are utf-8`},
		{"delimiter impossible", declarations, read.Hints{Delimiter: "ab"}, read.ErrDialect, `delimiter "ab"`},
		{"gzip cut in its header", pack(t, read.Gzip, declarations)[:6], read.Hints{}, read.ErrTruncated, "read: look at the file: compressed data ends early"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			_, err := read.Detect(context.Background(), strings.NewReader(c.content), c.hints)
			require.ErrorIs(t, err, c.is)
			require.ErrorContains(t, err, c.want)
		})
	}
	t.Run("disk fails", func(t *testing.T) {
		fault := errors.New("disk fails")
		_, err := read.Detect(context.Background(), broken{fault}, read.Hints{})
		require.ErrorIs(t, err, fault)
	})
	t.Run("cancelled", func(t *testing.T) {
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		_, err := read.Detect(ctx, strings.NewReader(declarations), read.Hints{})
		require.ErrorIs(t, err, context.Canceled)
	})
}

type broken struct{ fault error }

func (b broken) ReadAt(p []byte, _ int64) (int, error) { return iotest.ErrReader(b.fault).Read(p) }
func (broken) Size() int64                             { return 1000 }

func TestDialectIsStored(t *testing.T) {
	d := detect(t, declarations, read.Hints{})
	stored, err := json.Marshal(d)
	require.NoError(t, err)
	require.JSONEq(t, `{"format":"delimited","compression":"plain","encoding":"utf-8","newline":"lf","delimiter":",","quote":"\"","header":true,"columns":4}`, string(stored))
	var back read.Dialect
	require.NoError(t, json.Unmarshal(stored, &back))
	require.True(t, d == back)
}

func TestMarkAgainstTheEncodingThatIsNamed(t *testing.T) {
	for _, c := range []struct {
		file        string
		named, mark read.Encoding
	}{
		{"\ufeffa,b\n1,2\n", read.GB18030, read.UTF8},
		{"\ufeffa,b\n1,2\n", read.UTF16LE, read.UTF8},
		{utf16Text("\ufeffa,b\n1,2\n", true), read.UTF16LE, read.UTF16BE},
		{utf16Text("\ufeffa,b\n1,2\n", false), read.UTF8, read.UTF16LE},
	} {
		_, err := read.Detect(t.Context(), strings.NewReader(c.file), read.Hints{Encoding: c.named})
		require.ErrorIs(t, err, read.ErrEncoding)
		require.ErrorContains(t, err, fmt.Sprintf("%s was named, but the file begins with the mark of %s", c.named, c.mark))
		require.Equal(t, c.mark, detect(t, c.file, read.Hints{Encoding: c.mark}).Encoding)
	}
}

func TestMoreColumnsThanAnyFileHas(t *testing.T) {
	for _, columns := range []int{read.MaxColumns, read.MaxColumns + 1, 300_000} {
		line := strings.Repeat(",", columns-1) + "\n"
		_, err := read.Detect(t.Context(), strings.NewReader("a"+line+"1"+line), read.Hints{})
		if columns <= read.MaxColumns {
			require.NoError(t, err)
			continue
		}
		require.ErrorIs(t, err, read.ErrFormat)
		require.ErrorContains(t, err, "more than 16384 columns")
	}
}

// encodings are the tables that tests encode with, and a name in each script.
var encodings = []struct {
	name  read.Encoding
	table encoding.Encoding
	text  string
}{
	{read.GB18030, simplifiedchinese.GB18030, "深圳市华强贸易有限公司 𠮷"},
	{read.Big5, traditionalchinese.Big5, "香港四海貿易有限公司"},
	{read.ShiftJIS, japanese.ShiftJIS, "株式会社トヨタ自動車 ｶﾌﾞ"},
	{read.EUCKR, korean.EUCKR, "주식회사 한국무역"},
	{read.Windows1252, charmap.Windows1252, "Müller & Söhne “GmbH” €"},
	{read.Latin1, charmap.ISO8859_1, "Société Générale à Genève"},
}

func TestEncodings(t *testing.T) {
	for _, e := range encodings {
		t.Run(string(e.name), func(t *testing.T) {
			text := fmt.Sprintf("id,name\n1,%s\n2,\"%s\n%s, \"\"x\"\"\"\n3,plain\n", e.text, e.text, e.text)
			content, err := e.table.NewEncoder().String(text)
			require.NoError(t, err)
			d := detect(t, content, read.Hints{Encoding: e.name})
			require.Equal(t, e.name, d.Encoding)
			got := all(t, content, d)
			require.Regexp(t, "(?s)^header .* id\\|name\n2@8\\+\\d+ 1\\|(.*)\n3@\\d+\\+\\d+ 2\\|(.*)\n4@\\d+\\+7 3\\|plain$", got)
			require.Contains(t, got, " 1|"+e.text+"\n")
			require.Contains(t, got, " 2|"+e.text+"\n"+e.text+", \"x\"\n")
		})
	}
}

func TestInvalidInOtherEncodings(t *testing.T) {
	for _, e := range encodings[:4] {
		content := "1,x\n2,\xff\xff\n3,y\n4,\x81"
		got := all(t, content, read.Dialect{Encoding: e.name})
		require.Equal(t, fmt.Sprintf("1@0+3 1|x\n! invalid_encoding row 2, column 2: characters that are not %s\n3@9+3 3|y\n! invalid_encoding row 4, column 2: characters that are not %s", e.name, e.name), got)
	}
}

func TestUTF16(t *testing.T) {
	const text = "\ufeffid,name\r\n1,\"香港\n𠮷\"\r\n\r\n  \r\n2,\"x\r\n3,y\x1a"
	for _, big := range []bool{false, true} {
		content := utf16Text(text, big)
		d := detect(t, content, read.Hints{})
		require.Equal(t, "header 1@2+14 id|name\n2@20+18 1|香港\n𠮷\n! unclosed_quote row 5, column 2 (name): a quote opens this cell and none closes it; this line was set aside and reading goes on at the next\n6@66+6 3|y", all(t, content, d))
	}
	t.Run("CR", func(t *testing.T) {
		content := utf16Text("\ufeffa,b\r1,2\r\n3,4\n5,6", true)
		d := read.Dialect{Encoding: read.UTF16BE, Newline: read.CR}
		require.Equal(t, "1@2+6 a|b\n2@10+6 1|2\n3@20+6 3|4\n4@28+6 5|6", all(t, content, d))
	})
	t.Run("halves of characters", func(t *testing.T) {
		content := utf16Text("1,a\n2,", false) + "\x00\xd8" + utf16Text("\n3,b\n4,", false) + "\x00\xdc" + utf16Text("\n5,c", false) + "\x00\xd8\x41"
		d := read.Dialect{Encoding: read.UTF16LE}
		require.Equal(t, "1@0+6 1|a\n! invalid_encoding row 2, column 2: characters that are not utf-16le\n3@16+6 3|b\n! invalid_encoding row 4, column 2: characters that are not utf-16le\n! invalid_encoding row 5, column 2: characters that are not utf-16le", all(t, content, d))
	})
	t.Run("NUL", func(t *testing.T) {
		require.Equal(t, "! nul_byte row 1, column 1: holds a NUL byte, which is no text\n2@8+6 3|4",
			all(t, utf16Text("\x00,2\n3,4", true), read.Dialect{Encoding: read.UTF16BE}))
	})
	t.Run("long line", func(t *testing.T) {
		content := utf16Text("1,"+strings.Repeat("字", read.MaxRecord)+"\r\n2,b\n", false)
		require.Equal(t, "! record_too_long row 1: the line has 2097156 bytes, more than the 1048576 allowed for one record\n2@2097160+6 2|b",
			all(t, content, read.Dialect{Encoding: read.UTF16LE}))
	})
}

func TestParseEncoding(t *testing.T) {
	for name, want := range map[string]read.Encoding{
		"UTF-8": read.UTF8, "utf_8_sig": read.UTF8, "UTF-16LE": read.UTF16LE, "utf16be": read.UTF16BE, "GBK": read.GB18030,
		"gb2312": read.GB18030, "Big5-HKSCS": read.Big5, "SJIS": read.ShiftJIS, "cp949": read.EUCKR,
		"CP1252": read.Windows1252, "ISO-8859-1": read.Latin1,
	} {
		got, err := read.ParseEncoding(name)
		require.NoError(t, err)
		require.Equal(t, want, got, name)
	}
	for _, e := range read.Encodings() {
		got, err := read.ParseEncoding(string(e))
		require.NoError(t, err)
		require.Equal(t, e, got)
	}
}

// TestTitlesAreNoRows: what stands above a table is passed, and rows keep the numbers that a spreadsheet shows.
func TestTitlesAreNoRows(t *testing.T) {
	content := "Last Updated,30/06/2021\n\n" + declarations
	d, err := read.Detect(t.Context(), strings.NewReader(content), read.Hints{})
	require.NoError(t, err)
	r, err := read.Open(t.Context(), strings.NewReader(content), d)
	require.NoError(t, err)
	defer r.Close()
	require.Equal(t, "Declaration ID", r.Header().Names()[0])
	require.Equal(t, int64(3), r.Header().Number)
	row, err := r.Next()
	require.NoError(t, err)
	require.Equal(t, int64(4), row.Number)
	require.Equal(t, int64(1), r.Stats().Rows)
	require.Equal(t, int64(1), r.Stats().Blank)

	spans, err := read.NewSpans(strings.NewReader(content), d)
	require.NoError(t, err)
	cells, err := spans.Cells(t.Context(), row.Position)
	require.NoError(t, err)
	require.Equal(t, "41256141", string(cells[0]))

	d.First = 9
	_, err = read.Open(t.Context(), strings.NewReader(content), d)
	require.ErrorIs(t, err, read.ErrEmpty)
	d.First = -1
	_, err = read.Open(t.Context(), strings.NewReader(content), d)
	require.ErrorIs(t, err, read.ErrDialect)
}

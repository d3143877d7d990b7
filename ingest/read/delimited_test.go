package read_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"rummage/ingest/read"
	"rummage/ingest/read/readtest"
)

// three is the dialect of most cases here: three columns under a header.
var three = read.Dialect{Quote: `"`, Header: true, Columns: 3}

func TestBadRowsAreReportedAndReadingGoesOn(t *testing.T) {
	const content = "a,b,c\n1,2,3\n4,\"x,y\",6\n7,8\n\n\"multi\nline\",\"q\"\"q\",z\r\n\"un,1,2\n1,\"ok\",3\n"
	require.Equal(t, `header 1@0+5 a|b|c
2@6+5 1|2|3
3@12+9 4|x,y|6
! too_few_cells row 4, column 3 (c): 2 cells where 3 are expected
6@27+21 multi
line|q"q|z
! unclosed_quote row 7, column 1 (a): a quote opens this cell and none closes it; this line was set aside and reading goes on at the next
8@58+8 1|ok|3`, all(t, content, detect(t, content, read.Hints{})))
}

func TestRows(t *testing.T) {
	const unclosed = "a quote opens this cell and none closes it; this line was set aside and reading goes on at the next"
	cases := []struct {
		name, content, want string
	}{
		{"last line without newline", "1,2,3\n4,5,6", "1@0+5 1|2|3\n2@6+5 4|5|6"},
		{"CRLF", "1,2,3\r\n4,5,6\r\n", "1@0+5 1|2|3\n2@7+5 4|5|6"},
		{"line ends mixed", "1,2,3\r\n4,5,6\n7,8,9\r\n", "1@0+5 1|2|3\n2@7+5 4|5|6\n3@13+5 7|8|9"},
		{"lines that end twice", "1,2,\"3\"\r\r\n4,\"5\r\r\n\",\"6\"\f\r\n", "1@0+8 1|2|3\n2@10+13 4|5\r\r\n|6"},
		{"CR behind a quote within a line is data", "1,\"2\"\r,3\n", "! unclosed_quote row 1, column 2: a quote opens this cell and none closes it; this line was set aside and reading goes on at the next"},
		{"a lone CR is data", "1,2\r2,3\n", "1@0+7 1|2\r2|3"},
		{"blank lines keep the numbers of a spreadsheet", "\n1,2,3\n\n   \n4,5,6\n\n\n", "2@1+5 1|2|3\n5@12+5 4|5|6"},
		{"empty cells", ",,\n1,,\n,,3\n", "1@0+2 ||\n2@3+3 1||\n3@7+3 ||3"},
		{"spaces stay in unquoted cells", " 1 ,2 , 3\n", "1@0+9  1 |2 | 3"},
		{"too few", "1,2\n1,2,3\n", "! too_few_cells row 1, column 3: 2 cells where 3 are expected\n2@4+5 1|2|3"},
		{"too many", "1,2,3,4\n1,2,3\n", "! too_many_cells row 1, column 4: 4 cells where 3 are expected\n2@8+5 1|2|3"},
		{"OFAC: nulls and Ctrl-Z", "36,\"CUBA\",-0- \r\n37,\"X\",-0- \r\n\x1a", "1@0+14 36|CUBA|-0- \n2@16+11 37|X|-0- "},
		{"Ctrl-Z after a last row", "1,2,3\x1a", "1@0+5 1|2|3"},
		{"Ctrl-Z elsewhere is data", "1,\x1a,3\n", "1@0+5 1|\x1a|3"},
		{"delimiter, quote and line break in quotes", "\"a,b\",\"say \"\"hi\"\"\",\"x\r\ny\"\n1,2,3", "1@0+25 a,b|say \"hi\"|x\r\ny\n2@26+5 1|2|3"},
		{"only quotes", `"","""",""""""`, `1@0+14 |"|""`},
		{"spaces around quotes", "1, \"a,b\" ,3\n", "1@0+11 1|a,b|3"},
		{"quotes inside an unquoted cell", "1,5\" pipe \"x\",3\n", "1@0+15 1|5\" pipe \"x\"|3"},
		{"quotes inside a quoted cell", "1,\"ACME \"BEST\" CO\",3\n", "1@0+20 1|ACME \"BEST\" CO|3"},
		{"doubled and bare quotes mixed", "1,\"a\"b\"\"c\",3\n", "1@0+12 1|a\"b\"c|3"},
		{"a cell that spans three lines is one row", "1,\"a\n\nb\",3\n4,5,6\n", "1@0+10 1|a\n\nb|3\n2@11+5 4|5|6"},
		{"two cells span lines in one row", "\"a\nb\",\"c\nd\",3\n4,5,6\n", "1@0+13 a\nb|c\nd|3\n2@14+5 4|5|6"},
		{"ragged record of several lines", "1,\"a\nb\"\n4,5,6\n", "! too_few_cells row 1, column 3: 2 cells where 3 are expected\n2@8+5 4|5|6"},
		{"unclosed, then a quoted row", "1,\"a,3\n4,\"b\",6\n7,8,9\n", "! unclosed_quote row 1, column 2: " + unclosed + "\n2@7+7 4|b|6\n3@15+5 7|8|9"},
		{"unclosed to the end", "1,2,\"3\n4,5,6\n7,8,9", "! unclosed_quote row 1, column 3: " + unclosed + "\n2@7+5 4|5|6\n3@13+5 7|8|9"},
		{"unclosed in the last line", "1,2,3\n1,2,\"3", "1@0+5 1|2|3\n! unclosed_quote row 2, column 3: " + unclosed},
		{"unclosed in every row", "\"1,2,3\n\"4,5,6\n\"7,8,9\n", "! unclosed_quote row 1, column 1: " + unclosed + "\n! unclosed_quote row 2, column 1: " + unclosed + "\n! unclosed_quote row 3, column 1: " + unclosed},
		{"NUL", "1,2,3\n1,a\x00b,3\n4,5,6\n", "1@0+5 1|2|3\n! nul_byte row 2, column 2: holds a NUL byte, which is no text\n3@14+5 4|5|6"},
		{"NUL in a quoted row", "1,2,\"a\x00\n\"\n4,5,6\n", "! nul_byte row 1, column 3: holds a NUL byte, which is no text\n2@10+5 4|5|6"},
		{"invalid UTF-8", "1,2,3\n1,2,caf\xe9\n4,5,6\n", "1@0+5 1|2|3\n! invalid_encoding row 2, column 3: byte 0xE9 is not UTF-8; if the file is in another encoding, name it\n3@15+5 4|5|6"},
		{"invalid UTF-8 in a quoted row", "1,\"é\",\"\xc3\x28\"\n4,5,6\n", "! invalid_encoding row 1, column 3: byte 0xC3 is not UTF-8; if the file is in another encoding, name it\n2@12+5 4|5|6"},
		{"byte order mark", "\ufeff1,2,3\n4,5,6\n", "1@3+5 1|2|3\n2@9+5 4|5|6"},
		{"a mark inside is data", "1,2,3\n\ufeff4,5,6\n", "1@0+5 1|2|3\n2@6+8 \ufeff4|5|6"},
		{"nothing", "", ""},
		{"nothing but blank lines", "\n\r\n \n", ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			d := three
			d.Header = false
			require.Equal(t, c.want, all(t, c.content, d))
		})
	}
}

func TestOtherDialects(t *testing.T) {
	cases := []struct {
		name    string
		d       read.Dialect
		content string
		want    string
	}{
		{"CR", read.Dialect{Newline: read.CR, Quote: `"`}, "1,\"a\rb\"\r\r2,x\r\n3,y\n4,z", "1@0+7 1|a\rb\n3@9+3 2|x\n4@14+3 3|y\n5@18+3 4|z"},
		{"no quotes", read.Dialect{Delimiter: "\t"}, "\"1\t2\"\n3\t\"\"4\n", "1@0+5 \"1|2\"\n2@6+5 3|\"\"4"},
		{"no quotes, wide", read.Dialect{Delimiter: "\t", Encoding: read.GB18030}, "\xb9\xab\"\t2\n", "1@0+5 公\"|2"},
		{"single quotes", read.Dialect{Delimiter: ";", Quote: "'"}, "'a;b';'it''s';\"x\n", "1@0+16 a;b|it's|\"x"},
		{"one column: spaces are a value", read.Dialect{Columns: 1}, "a\n  \n\nb", "1@0+1 a\n2@2+2   \n4@6+1 b"},
		{"first record decides the columns", read.Dialect{}, "1,2\n3\n4,5", "1@0+3 1|2\n! too_few_cells row 2, column 2: 1 cells where 2 are expected\n3@6+3 4|5"},
		{"trail byte equals the delimiter", read.Dialect{Delimiter: "|", Encoding: read.Big5}, "\xa5|1|\xa5|\n\xa5||2|3\n", "1@0+6 四1|四\n! too_many_cells row 2, column 3: 3 cells where 2 are expected"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			require.Equal(t, c.want, all(t, c.content, c.d))
		})
	}
}

func TestHeader(t *testing.T) {
	open := func(content string, d read.Dialect) (read.Reader, error) {
		return read.Open(context.Background(), strings.NewReader(content), d)
	}
	t.Run("header only", func(t *testing.T) {
		r, err := open("a,b,c\n", three)
		require.NoError(t, err)
		require.Equal(t, []string{"a", "b", "c"}, r.Header().Names())
		_, err = r.Next()
		require.ErrorIs(t, err, io.EOF)
		require.Equal(t, read.Stats{Bytes: 6}, r.Stats())
	})
	t.Run("none", func(t *testing.T) {
		d := three
		d.Header = false
		r, err := open("1,2,3\n", d)
		require.NoError(t, err)
		require.Nil(t, r.Header())
	})
	t.Run("behind blank lines and a mark", func(t *testing.T) {
		r, err := open("\ufeff\n\na,b,c\n1,2,3", three)
		require.NoError(t, err)
		require.Equal(t, int64(3), r.Header().Number)
		row, err := r.Next()
		require.NoError(t, err)
		require.Equal(t, int64(4), row.Number)
	})
	t.Run("decides the columns", func(t *testing.T) {
		require.Equal(t, "header 1@0+3 a|b\n! too_few_cells row 2, column 2 (b): 1 cells where 2 are expected",
			all(t, "a,b\n1\n", read.Dialect{Header: true}))
	})
	t.Run("empty file", func(t *testing.T) {
		_, err := open("\n", three)
		require.ErrorIs(t, err, read.ErrEmpty)
	})
	t.Run("unreadable", func(t *testing.T) {
		_, err := open("a,b,a\xf1o\n1,2,3\n", three)
		require.EqualError(t, err, "read: header cannot be read: row 1, column 3: byte 0xF1 is not UTF-8; if the file is in another encoding, name it")
		require.ErrorAs(t, err, new(*read.RowError))
	})
	t.Run("repeated names", func(t *testing.T) {
		require.Equal(t, []string{"Name"}, read.Repeated([]string{"name", "Name ", "x", "", "", "NAME"}))
		require.Empty(t, read.Repeated([]string{"a", "b"}))
	})
}

func TestLongRecords(t *testing.T) {
	d := read.Dialect{Quote: `"`, Columns: 2}
	fits := strings.Repeat("x", read.MaxRecord-2)
	t.Run("as long as allowed", func(t *testing.T) {
		got := all(t, "1,"+fits+"\n2,y\n", d)
		require.Equal(t, fmt.Sprintf("1@0+%d 1|%s\n2@%d+3 2|y", read.MaxRecord, fits, read.MaxRecord+1), got)
	})
	t.Run("one byte longer", func(t *testing.T) {
		require.Equal(t, "! record_too_long row 1: the line has 1048577 bytes, more than the 1048576 allowed for one record\n2@1048578+3 2|y",
			all(t, "1,"+fits+"x\n2,y\n", d))
	})
	t.Run("far longer, CRLF", func(t *testing.T) {
		long := "1," + strings.Repeat("x", 5*read.MaxRecord)
		require.Equal(t, "! record_too_long row 1: the line has 5242882 bytes, more than the 1048576 allowed for one record\n2@5242884+3 2|y",
			all(t, long+"\r\n2,y\n", d))
	})
	t.Run("to the end", func(t *testing.T) {
		long := "0,a\n1," + strings.Repeat("x", 3*read.MaxRecord)
		require.Equal(t, "1@0+3 0|a\n! record_too_long row 2: the line has 3145730 bytes, more than the 1048576 allowed for one record",
			all(t, long, d))
		require.Equal(t, "1@0+3 0|a\n! record_too_long row 2: the line has 1048577 bytes, more than the 1048576 allowed for one record",
			all(t, long[:5+read.MaxRecord], d))
	})
	t.Run("unclosed quote before a mebibyte without quotes", func(t *testing.T) {
		rows := strings.Repeat("1,2\n", read.MaxRecord/4+10)
		got := all(t, "1,\"a\n"+rows, d)
		require.True(t, strings.HasPrefix(got, "! unclosed_quote row 1, column 2:"), got[:80])
		require.Equal(t, read.MaxRecord/4+10, strings.Count(got, " 1|2"))
	})
	t.Run("unclosed quote before a long line", func(t *testing.T) {
		got := all(t, "1,\"a\n2,"+strings.Repeat("x", 2*read.MaxRecord)+"\n3,b\n", d)
		require.Regexp(t, `^! unclosed_quote row 1, .*\n! record_too_long row 2: .*\n3@.* 3\|b$`, got)
	})
	t.Run("stray quotes in every line cost one scan, not one each", func(t *testing.T) {
		// Each line opens a cell that only doubled quotes follow.
		const n = 200_000
		got := all(t, strings.Repeat("\"\"a,b\n", n), d)
		require.Equal(t, n, strings.Count(got, "! unclosed_quote"))
	})
}

func TestOpenRefuses(t *testing.T) {
	cases := map[string]read.Dialect{
		`read: dialect is not usable: format "xlsx"`:                                                {Format: "xlsx"},
		`read: dialect is not usable: compression "zip"`:                                            {Compression: "zip"},
		`read: dialect is not usable: newline "x"`:                                                  {Newline: "x"},
		`read: dialect is not usable: delimiter "::" is not one ASCII mark or TAB`:                  {Delimiter: "::"},
		`read: dialect is not usable: delimiter "a" is not one ASCII mark or TAB`:                   {Delimiter: "a"},
		`read: dialect is not usable: quote "," is not one ASCII mark apart from the delimiter`:     {Quote: ","},
		`read: dialect is not usable: -1 columns`:                                                   {Columns: -1},
		`read: encoding is not recognised: "klingon"; known are utf-8, utf-16le, utf-16be, gb18030`: {Encoding: "klingon"},
	}
	for want, d := range cases {
		_, err := read.Open(context.Background(), strings.NewReader("1,2"), d)
		require.ErrorContains(t, err, want)
		_, err = read.NewSpans(strings.NewReader("1,2"), d)
		require.ErrorContains(t, err, want)
	}
}

func TestOpenFile(t *testing.T) {
	dir := t.TempDir()
	path := dir + "/a.csv"
	require.NoError(t, os.WriteFile(path, []byte("a,b\n1,2\n"), 0o600))
	f, err := read.OpenFile(path)
	require.NoError(t, err)
	d, err := read.Detect(context.Background(), f, read.Hints{})
	require.NoError(t, err)
	r, err := read.Open(context.Background(), f, d)
	require.NoError(t, err)
	events, err := readtest.Drain(t, r)
	require.NoError(t, err)
	require.Len(t, events, 1)
	for _, size := range []int64{8, 11, 3} {
		require.NoError(t, os.Truncate(path, size))
		grown, err := f.Grown()
		require.NoError(t, err)
		require.Equal(t, size-8, grown)
	}
	require.NoError(t, f.Close())
	_, err = f.Grown()
	require.ErrorIs(t, err, os.ErrClosed)

	_, err = read.OpenFile(dir)
	require.ErrorIs(t, err, read.ErrNotFile)
	require.ErrorContains(t, err, "is a directory; name the files in it")
	_, err = read.OpenFile(dir + "/none.csv")
	require.ErrorIs(t, err, os.ErrNotExist)
	require.ErrorContains(t, err, "none.csv")
	_, err = read.OpenFile(os.DevNull)
	require.ErrorIs(t, err, read.ErrNotFile)
}

func TestSourceThatGivesNothing(t *testing.T) {
	r, err := read.Open(context.Background(), idle{}, read.Dialect{})
	require.NoError(t, err)
	_, err = r.Next()
	require.ErrorIs(t, err, io.ErrNoProgress)
	_, again := r.Next()
	require.True(t, errors.Is(again, io.ErrNoProgress))
}

type idle struct{}

func (idle) Read([]byte) (int, error) { return 0, nil }

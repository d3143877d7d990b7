package read_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
	"golang.org/x/text/encoding/traditionalchinese"
	"pgregory.net/rapid"

	"rummage/ingest/read"
	"rummage/ingest/read/readtest"
)

func TestParseWidths(t *testing.T) {
	cases := map[string]string{
		"1-8,9-20":               "1-8,9-20",
		" 1 - 8 ":                "",
		"1-8, 9-20 , 25,30-":     "1-8,9-20,25,30-",
		"5-5":                    "5",
		"1-8,9-20 bytes":         "1-8,9-20 bytes",
		"1-8,9-20bytes":          "1-8,9-20 bytes",
		"1-":                     "1-",
		"1048576":                "1048576",
		"":                       "",
		"bytes":                  "",
		"8,12,":                  "",
		"0-5":                    "",
		"5-4":                    "",
		"1-8,8-9":                "",
		"1-,9-10":                "",
		"9-10,1-8":               "",
		"a-b":                    "",
		"1-8;9-20":               "",
		"-8":                     "",
		"1-8-9":                  "",
		"1-99999999":             "",
		"1-9223372036854775808":  "",
		"1-8,9-20 characters":    "",
		strings.Repeat("1,", 20): "",
	}
	for text, want := range cases {
		got, err := read.ParseWidths(text)
		if want == "" {
			require.ErrorIs(t, err, read.ErrDialect, text)
			continue
		}
		require.NoError(t, err, text)
		require.Equal(t, want, got)
		again, err := read.ParseWidths(got)
		require.NoError(t, err)
		require.Equal(t, got, again)
	}
	var many []string
	for i := range read.MaxColumns + 1 {
		many = append(many, fmt.Sprint(i+1))
	}
	_, err := read.ParseWidths(strings.Join(many[1:], ","))
	require.NoError(t, err)
	_, err = read.ParseWidths(strings.Join(many, ","))
	require.ErrorContains(t, err, "more than 16384 columns")
}

func TestFixed(t *testing.T) {
	big5 := func(text string) string {
		encoded, err := traditionalchinese.Big5.NewEncoder().String(text)
		require.NoError(t, err)
		return encoded
	}
	cases := []struct {
		name, widths, content, want string
		encoding                    read.Encoding
	}{
		{"columns that touch", "1-3,4-8,9-10", "AB1 1234XY\nAB298765Z \n", "1@0+10 AB1|1234|XY\n2@11+10 AB2|98765|Z", ""},
		{"CRLF, the last line open", "1-2,4-5", "a  bb\r\n c d", "1@0+5 a|bb\n! too_few_cells row 2, column 2: the line ends after 4 of 5 characters; if blanks at the ends of lines were taken off, write the last column as 4-", ""},
		{"a line longer by blanks", "1-2,4-5", "a  bb   \n", "1@0+8 a|bb", ""},
		{"a line longer by more", "1-2,4-5", "a  bb  x y\na  bb\n", "! too_many_cells row 1, column 3: \"x y\" stands behind the last column, which ends at 5; write it as 4- if it goes on to the end of the line\n2@11+5 a|bb", ""},
		{"a last column that goes on", "1-2,4-", "a  bb  x y\na  \nb\n", "1@0+10 a|bb  x y\n2@11+3 a|\n3@15+1 b|", ""},
		{"text between columns", "1-2,5-6", "a   bb\nabcdef\n", "1@0+6 a|bb\n! malformed row 2, column 1: \"cd\" stands between columns 1 and 2, which end at 2 and begin at 5; name widths that fit", ""},
		{"text before the first column", "3-4", "  ab\nxxab\n", "1@0+4 ab\n! malformed row 2, column 1: \"xx\" stands before the first column, which begins at 3; name widths that fit", ""},
		{"lines of blanks and of rules", "1-3,5-6", "abc 12\n\n      \n=== --\n___\n-- -- \ndef 34\n", "1@0+6 abc|12\n! malformed row 6, column 1: \"-\" stands between columns 1 and 2, which end at 3 and begin at 5; name widths that fit\n7@33+6 def|34", ""},
		{"Chinese characters count as one", "1-4,5-6,7-", "深圳市 AB貿易\n香港  CD\u3000九龍\u3000\n", "1@0+18 深圳市|AB|貿易\n2@19+22 香港|CD|九龍", ""},
		{"in Big5 too", "1-4,5-6,7-", big5("深圳市 AB貿易\n香港  CD九龍\n"), "1@0+13 深圳市|AB|貿易\n2@14+12 香港|CD|九龍", read.Big5},
		{"bytes of Big5", "1-8,9-10,11-14 bytes", big5("深圳市  AB貿易\n香港    CD九龍\n"), "1@0+14 深圳市|AB|貿易\n2@15+14 香港|CD|九龍", read.Big5},
		{"a column that ends within a character", "1-3,4-6 bytes", big5("香港龍\nab cd \n"), "! invalid_encoding row 1, column 1: characters that are not big5; or a column ends within a character, since the widths are in bytes\n2@7+6 ab|cd", read.Big5},
		{"bytes of UTF-8", "1-6,7- bytes", "香港x\n中a港\n", "1@0+7 香港|x\n! invalid_encoding row 2, column 1: byte 0xE6 is not UTF-8; if the file is in another encoding, name it; or a column ends within a character, since the widths are in bytes", ""},
		{"bytes of UTF-16", "1-4,5-8 bytes", utf16Text("ab香港\n", false), "1@0+8 ab|香港", read.UTF16LE},
		{"characters of UTF-16", "1-2,3-", utf16Text("𠮷b香港\r\n---\r\n12 3", true), "1@0+10 𠮷b|香港\n3@24+8 12|3", read.UTF16BE},
		{"no text", "1-4,5-", "caf\xe9 x\nok  y\n", "! invalid_encoding row 1, column 1: byte 0xE9 is not UTF-8; if the file is in another encoding, name it\n2@7+5 ok|y", ""},
		{"NUL", "1-4,5-", "a\x00b y\nok  y\n", "! nul_byte row 1, column 1: holds a NUL byte, which is no text\n2@6+5 ok|y", ""},
		{"NUL in bytes of Big5", "1-2,3- bytes", big5("香y\x00\n"), "! nul_byte row 1, column 2: holds a NUL byte, which is no text", read.Big5},
		{"one column: blanks are a value", "1-", "a\n  \n\nb", "1@0+1 a\n2@2+2 \n4@6+1 b", ""},
		{"quotes and commas are text", "1-5,7-", "\"a,b\" c\"\n", "1@0+8 \"a,b\"|c\"", ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			require.Equal(t, c.want, all(t, c.content, read.Dialect{Format: read.Fixed, Widths: c.widths, Encoding: c.encoding}))
		})
	}
}

func TestFixedHeader(t *testing.T) {
	d := read.Dialect{Format: read.Fixed, Widths: "1-4,6-", Header: true}
	require.Equal(t, "header 1@0+9 Code|Name\n3@20+8 AB|Ltd\n! malformed row 4, column 1 (Code): \"x\" stands between columns 1 and 2, which end at 4 and begin at 6; name widths that fit",
		all(t, "Code Name\n---- ----\nAB   Ltd\nABCDxLtd\n", d))
	_, err := read.Open(t.Context(), strings.NewReader("\n---\n"), d)
	require.ErrorIs(t, err, read.ErrEmpty)
}

func TestFixedRefuses(t *testing.T) {
	for want, d := range map[string]read.Dialect{
		`widths "": "" is no column`:          {Format: read.Fixed},
		`widths "5-1": "5-1" is no column`:    {Format: read.Fixed, Widths: "5-1"},
		`3 columns, but widths of 2`:          {Format: read.Fixed, Widths: "1-2,3-4", Columns: 3},
		`compression "zip"`:                   {Format: read.Fixed, Widths: "1-2,3-4", Compression: "zip"},
		`column "2-3" does not begin behind`:  {Format: read.Fixed, Widths: "1-2,2-3"},
		`encoding is not recognised: "runes"`: {Format: read.Fixed, Widths: "1-2", Encoding: "runes"},
	} {
		_, err := read.Open(t.Context(), strings.NewReader("ab"), d)
		require.ErrorContains(t, err, want)
		_, err = read.NewSpans(strings.NewReader("ab"), d)
		require.ErrorContains(t, err, want)
	}
}

// fixedFile is a file of fixed width with everything in it.
const fixedFile = "\ufeffCode Company         Weight\r\n---- --------------- ------\r\nAB12 ACME Co.            12\r\nCD34 香港貿易                 7\r\n" +
	"\r\nEF56 Kam \"Fung\", Ltd  123456789\r\nGH78xcrossed            1\r\nIJ90 caf\xe9 short\nKL12 nul\x00            12\nMN34 short\n             \nOP56 last             5\x1a"

func TestFixedSuite(t *testing.T) {
	for name, d := range map[string]read.Dialect{
		"to the end":   {Format: read.Fixed, Widths: "1-4,6-20,22-", Header: true},
		"closed":       {Format: read.Fixed, Widths: "1-4,6-20,22-27", Header: true},
		"bytes":        {Format: read.Fixed, Widths: "1-4,6-20,22- bytes", Header: true},
		"no header":    {Format: read.Fixed, Widths: "1-4,5,6-20,21-"},
		"windows-1252": {Format: read.Fixed, Widths: "1-4,5,6-20,21-", Encoding: read.Windows1252},
	} {
		t.Run(name, func(t *testing.T) {
			readtest.Run(t, subject(fixedFile, d))
			d.Header = false
			checkFile(t, []byte(fixedFile), d)
		})
	}
	for _, how := range packings {
		t.Run(how, func(t *testing.T) {
			readtest.Run(t, subject(pack(t, how, fixedFile), read.Dialect{Format: read.Fixed, Widths: "1-4,6-20,22-", Header: true, Compression: how}))
		})
	}
	t.Run("utf-16", func(t *testing.T) {
		wide := utf16Text(strings.ToValidUTF8(fixedFile, "?"), true)
		d := read.Dialect{Format: read.Fixed, Widths: "1-4,6-20,22-", Header: true, Encoding: read.UTF16BE}
		readtest.Run(t, subject(wide, d))
		d.Header = false
		checkFile(t, []byte(wide), d)
	})
}

func TestFixedSpans(t *testing.T) {
	d := read.Dialect{Format: read.Fixed, Widths: "1-2,4-5,6-7"}
	for name, c := range map[string]struct{ file, cells, salvaged string }{
		"whole":                    {"ab cdef", "ab|cd|ef", "ab|cd|ef"},
		"short":                    {"ab c", "ab|c", "ab|c"},
		"text outside":             {"abxcdef  y", "! malformed", "ab|cd|ef|x|y"},
		"no text":                  {"\xff  cd\x00", "! invalid_encoding", "\uFFFD|cd|\uFFFD"},
		"two lines":                {"ab cd\nab cd", "! span", "ab|cd|\na|b cd"},
		"longer than is kept":      {"ab cdef" + strings.Repeat(" ", read.MaxRaw), "ab|cd|ef", "ab|cd|ef\uFFFD"},
		"long line with no column": {strings.Repeat("x", read.MaxRaw+1), "! malformed", "xx|xx|xx|x|" + strings.Repeat("x", read.MaxRaw-7) + "\uFFFD"},
	} {
		t.Run(name, func(t *testing.T) {
			spans, err := read.NewSpans(strings.NewReader(c.file), d)
			require.NoError(t, err)
			at := read.Position{Length: int64(len(c.file))}
			cells, err := spans.Cells(t.Context(), at)
			bad := new(read.RowError)
			switch {
			case errors.As(err, &bad):
				require.Equal(t, c.cells, "! "+string(bad.Reason))
				require.Zero(t, bad.Row)
			case errors.Is(err, read.ErrSpan):
				require.Equal(t, c.cells, "! span")
			default:
				require.NoError(t, err)
				require.Equal(t, c.cells, string(bytes.Join(cells, []byte("|"))))
			}
			cells, err = spans.Salvage(t.Context(), at)
			require.NoError(t, err)
			require.Equal(t, c.salvaged, string(bytes.Join(cells, []byte("|"))))
		})
	}
}

// TestFixedReadsWhatWasWritten: cells written at their widths come back, in characters and in bytes.
func TestFixedReadsWhatWasWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		inBytes := rapid.Bool().Draw(t, "bytes")
		sizes := rapid.SliceOfN(rapid.IntRange(1, 12), 1, 6).Draw(t, "sizes")
		measure := utf8.RuneCountInString
		if inBytes {
			measure = func(s string) int { return len(s) }
		}
		var widths []string
		for i, from := 0, 1; i < len(sizes); i++ {
			widths = append(widths, fmt.Sprintf("%d-%d", from, from+sizes[i]-1))
			from += sizes[i]
		}
		d := read.Dialect{Format: read.Fixed, Widths: strings.Join(widths, ",")}
		if inBytes {
			d.Widths += " bytes"
		}
		var file strings.Builder
		var want [][]string
		for range rapid.IntRange(1, 20).Draw(t, "rows") {
			var row []string
			for _, size := range sizes {
				cell := strings.TrimSpace(rapid.StringOfN(rapid.SampledFrom([]rune("abc 12,\"é香港𠮷")), 0, -1, size).Draw(t, "cell"))
				row = append(row, cell)
				padding := strings.Repeat(" ", size-measure(cell))
				if rapid.Bool().Draw(t, "right") {
					cell = padding + cell
				} else {
					cell += padding
				}
				file.WriteString(cell)
			}
			file.WriteByte('\n')
			if strings.Join(row, "") != "" || len(sizes) == 1 {
				want = append(want, row)
			}
		}
		var got [][]string
		for _, e := range events(t, []byte(file.String()), d) {
			require.Nil(t, e.Bad)
			got = append(got, e.Row.Names())
		}
		require.Equal(t, want, got)
		checkFile(t, []byte(file.String()), d)
	})
}

// FuzzWidths: widths that are some are written in one way, and mean the same again.
func FuzzWidths(f *testing.F) {
	for _, text := range []string{"1-8,9-20", "1-8, 9-20 , 25,30-", "1-8,9-20bytes", "1-", "5-4", "1-8;9"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, err := read.ParseWidths(text)
		if err != nil {
			require.ErrorIs(t, err, read.ErrDialect)
			return
		}
		again, err := read.ParseWidths(got)
		require.NoError(t, err)
		require.Equal(t, got, again)
	})
}

func FuzzFixed(f *testing.F) {
	f.Add([]byte(fixedFile), uint8(0), false, "1-4,6-20,22-")
	f.Add([]byte(fixedFile), uint8(4), true, "1-4,6-20,22-27")
	f.Add([]byte(utf16Text("𠮷b香港\r\n---\r\n12 3", true)), uint8(2), false, "1-2,3-")
	f.Fuzz(func(t *testing.T, file []byte, kind uint8, inBytes bool, widths string) {
		names := read.Encodings()
		d := read.Dialect{Format: read.Fixed, Widths: widths, Encoding: names[int(kind)%len(names)]}
		if int(kind) >= len(names) {
			d.Newline = read.CR
		}
		if inBytes {
			d.Widths += " bytes"
		}
		if _, err := read.ParseWidths(d.Widths); err != nil || len(widths) > 1000 || len(file) > mostFuzzed {
			return
		}
		checkFile(t, file, d)
		found, err := read.Detect(context.Background(), bytes.NewReader(file), read.Hints{})
		if err == nil && !found.Header && found.Format == read.Fixed && found.Compression == read.Plain {
			checkFile(t, file, found)
		}
	})
}

func BenchmarkReadFixed(b *testing.B) {
	const rows = 20000
	table := func(name string) []byte {
		var file bytes.Buffer
		for i := range rows {
			fmt.Fprintf(&file, "%08d  2020-01-%02d  %-9d%-30s%12d.%d %-20s%8d\n", i, i%28+1, i%90, name, i%3000, i%10, "CNSHA>HKHKG", i%700)
		}
		return file.Bytes()
	}
	d := read.Dialect{Format: read.Fixed, Widths: "1-10,11-22,23-31,32-61,62-76,77-96,97-"}
	b.Run("plain", func(b *testing.B) { benchRead(b, table("QLRU"), d, rows) })
	b.Run("utf8", func(b *testing.B) { benchRead(b, table("深圳市华强贸易"), d, rows) })
	for _, how := range packings {
		packed := d
		packed.Compression = how
		b.Run(how, func(b *testing.B) { benchRead(b, []byte(pack(b, how, string(table("QLRU")))), packed, rows) })
	}
}

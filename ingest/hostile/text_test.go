package hostile

import (
	"bytes"
	"strings"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"

	"rummage/ingest/read"
)

// noted is sound data with a note in one row, or in all for row 0.
func noted(row int, note string) data {
	d := sound()
	for i := range d.entries {
		if row == 0 || row == i+2 {
			d.entries[i][5] = note
		}
	}
	return d
}

// coded is text in an encoding.
func coded(e encoding.Encoding, text []byte) []byte {
	out, err := e.NewEncoder().Bytes(text)
	must(err)
	return out
}

// inEvery is a CSV whose notes are all in an encoding that nobody names.
func inEvery(name string, e encoding.Encoding, note string) trial {
	return of(name, "rows.csv", func() []byte { return coded(e, csvText(noted(0, note))) })
}

// swapped is text with a part of it replaced once.
func swapped(content []byte, from, to string) []byte {
	return bytes.Replace(content, []byte(from), []byte(to), 1)
}

// encodings are files in no encoding, in another than they say, or in several.
func encodings() []trial {
	at := func(name, file string, write func(data) []byte, row int, note string) trial {
		return of(name, file, func() []byte { return swapped(write(noted(row, "NOTE")), "NOTE", note) }).holding(soundRows)
	}
	named := func(c trial, e read.Encoding) trial {
		c.hints.Encoding = e
		return c
	}
	csvOf := func(note string) func() []byte { return func() []byte { return csvText(noted(7, note)) } }
	return []trial{
		at("one row in latin-1", "rows.csv", csvText, 9, "caf\xe9"),
		inEvery("latin-1", charmap.ISO8859_1, "café"),
		inEvery("big5", traditionalchinese.Big5, "香港貿易"),
		inEvery("gb18030", simplifiedchinese.GB18030, "深圳市华强"),
		inEvery("shift-jis", japanese.ShiftJIS, "株式会社トヨタ"),
		named(inEvery("euc-kr, said to be utf-16", korean.EUCKR, "주식회사"), read.UTF16LE),
		of("utf-16 with an odd byte", "rows.csv", func() []byte { all := wide(string(csvText(sound()))); return all[:len(all)-5] }),
		of("the mark of utf-16 the wrong way round", "rows.csv", func() []byte { return append([]byte{0xFE, 0xFF}, wide(string(csvText(sound())))...) }),
		of("utf-32", "rows.csv", func() []byte {
			out := []byte{0xFF, 0xFE, 0, 0}
			for _, c := range csvText(sound()) {
				out = append(out, c, 0, 0, 0)
			}
			return out
		}),
		of("overlong utf-8", "rows.csv", csvOf("\xc0\xaf..\xc0\xaf")).holding(soundRows),
		of("surrogates in utf-8", "rows.csv", csvOf("\xed\xa0\xbd\xed\xb8\x80")).holding(soundRows),
		named(of("utf-8 with its mark, said to be big5", "rows.csv", func() []byte { return append([]byte("\ufeff"), csvText(sound())...) }), read.Big5),
		of("ebcdic", "rows.csv", func() []byte { return coded(charmap.CodePage037, csvText(sound())) }),
		of("fixed width in big5", "rows.txt", func() []byte { return coded(traditionalchinese.Big5, fixedText(noted(0, "香港貿易有限公司"))) }),
		of("xml that says utf-16", "rows.xml", func() []byte { return swapped(xmlText(sound()), "UTF-8", "UTF-16") }),
		of("xml that says ebcdic", "rows.xml", func() []byte { return swapped(xmlText(sound()), "UTF-8", "ebcdic-cp-us") }),
		at("one element in latin-1", "rows.xml", xmlText, 5, "caf\xe9"),
		at("one object in latin-1", "rows.json", jsonText, 5, "caf\xe9"),
		at("half a surrogate", "rows.jsonl", jsonLines, 5, `\ud83d`),
		of("graphml with no text", "net.graphml", func() []byte { return swapped(graphml(sound()), "Trader 3", "Trader \xff\xfe") }).holding(soundNodes + soundEdges),
	}
}

// lines are files whose lines, cells or quotes do not end as they should.
func lines() []trial {
	mixed := func(write func(data) []byte, ends ...string) func() []byte {
		return func() []byte {
			var b strings.Builder
			for i, line := range strings.Split(strings.TrimSuffix(string(write(sound())), "\n"), "\n") {
				b.WriteString(line + ends[i%len(ends)])
			}
			return []byte(b.String())
		}
	}
	at := func(name string, row int, note string) trial {
		return of(name, "rows.csv", func() []byte { return swapped(csvText(noted(row, "NOTE")), "NOTE", note) })
	}
	end := func(write func(data) []byte, behind string) func() []byte {
		return func() []byte { return append(write(sound()), behind...) }
	}
	return []trial{
		of("ends of three kinds", "rows.csv", mixed(csvText, "\n", "\r\n", "\n", "\r\r\n")).holding(soundRows),
		of("ends of CR", "rows.csv", mixed(csvText, "\r")).holding(soundRows),
		of("ends of CR and LF by turns", "rows.csv", mixed(csvText, "\r", "\n")),
		of("ends of LF and CR", "rows.csv", mixed(csvText, "\n\r")).holding(soundRows + 1),
		of("ends of other scripts", "rows.csv", mixed(csvText, "\n", "\u2028")),
		of("ends of a form feed", "rows.csv", mixed(csvText, "\n", "\f\n")).holding(soundRows),
		at("a quote without end", 9, `"tiles`).holding(soundRows),
		at("a quote without end in the last row", soundRows+1, `"tiles`).holding(soundRows),
		of("a quote without end in the header", "rows.csv", func() []byte { return swapped(csvText(sound()), "trader", `"trader`) }),
		of("quotes without end in every row", "rows.csv", func() []byte {
			return bytes.ReplaceAll(csvText(noted(0, "NOTE")), []byte("NOTE"), []byte(`"tiles`))
		}).holding(soundRows),
		at("a quote within a cell", 9, `12" tiles`).holding(soundRows),
		at("text behind a quote", 9, `"tiles" x`).holding(soundRows),
		at("a row in a row", 9, "\"tiles\nD9999,2021-06-01,T1,P1,1,x\"").holding(soundRows),
		of("the mark of the end of DOS", "rows.csv", end(csvText, "\x1A\x1A\x1A")),
		of("no end of the last line", "rows.csv", func() []byte { return bytes.TrimSuffix(csvText(sound()), []byte("\n")) }).holding(soundRows),
		of("fixed width with other ends", "rows.txt", mixed(fixedText, "\r\n", "\n")).holding(soundRows),
		of("json lines with other ends", "rows.jsonl", mixed(jsonLines, "\r\n", "\n", "\n\n")).holding(soundRows),
		of("json with more behind it", "rows.json", end(jsonText, "]}")),
		of("edifact without lines", "cargo.edi", func() []byte { return bytes.ReplaceAll(edifact(sound()), []byte("\n"), nil) }).holding(soundRows),
		of("x12 with lines for ends of segments", "manifest.x12", func() []byte { return bytes.ReplaceAll(x12(sound()), []byte("~\n"), []byte("\n")) }).holding(soundRows),
	}
}

package hostile

import (
	"math/rand/v2"
	"strings"
)

// begun is a file that begins so, with noise behind it.
func begun(name, file, head string) trial {
	return trial{name: name, file: file, make: func(r *rand.Rand) []byte {
		content := []byte(head)
		for range 8 << 10 {
			content = append(content, byte(r.Uint32()))
		}
		return content
	}}
}

// foreign files are of kinds that are not read.
func foreign() []trial {
	const ole = "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"
	tar := func() []byte {
		content := make([]byte, 1024)
		copy(content, "rows.csv")
		copy(content[257:], "ustar\x0000")
		return append(content, csvText(sound())...)
	}
	return []trial{
		begun("old Excel", "rows.xls", ole),
		begun("old Word, named csv", "rows.csv", ole),
		of("Word", "rows.docx", func() []byte {
			return zipped(member{"[Content_Types].xml", "<Types/>"}, member{"word/document.xml", "<document>text</document>"})
		}),
		of("OpenDocument", "rows.ods", func() []byte {
			return zipped(member{"mimetype", "application/vnd.oasis.opendocument.spreadsheet"}, member{"content.xml", "<x/>"})
		}),
		of("binary Excel", "rows.xlsb", func() []byte {
			return zipped(member{"[Content_Types].xml", "<Types/>"}, member{"_rels/.rels",
				`<Relationships><Relationship Id="r" Type="http://x/officeDocument" Target="xl/workbook.bin"/></Relationships>`}, member{"xl/workbook.bin", "\x83\x01\x00"})
		}),
		begun("PDF", "rows.pdf", "%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"),
		begun("PNG", "scan.png", "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"),
		begun("JPEG", "scan.jpg", "\xff\xd8\xff\xe0\x00\x10JFIF\x00"),
		begun("GIF", "scan.gif", "GIF89a"),
		begun("TIFF", "scan.tif", "II*\x00"),
		begun("Windows program", "rows.exe", "MZ\x90\x00\x03\x00\x00\x00"),
		begun("Linux program", "rows", "\x7fELF\x02\x01\x01\x00"),
		begun("SQLite", "rows.db", "SQLite format 3\x00"),
		begun("RAR", "rows.rar", "Rar!\x1a\x07\x01\x00"),
		begun("7-Zip", "rows.7z", "7z\xBC\xAF\x27\x1C"),
		begun("bzip2", "rows.csv.bz2", "BZh91AY&SY"),
		of("tar", "rows.tar", tar),
		of("tar, packed", "rows.tgz", func() []byte { return pack("gzip", tar()) }),
		begun("Arrow", "rows.feather", "ARROW1\x00\x00"),
		begun("noise, named csv", "rows.csv", ""),
	}
}

// empties are files without a row.
func empties() []trial {
	header := strings.Join(columns, ",") + "\n"
	none := func(name, file string, write func(data) []byte) trial {
		return of(name, file, func() []byte { return write(data{}) })
	}
	return []trial{
		text("nothing", "rows.csv", ""),
		text("a mark of utf-8", "rows.csv", "\ufeff"),
		text("a mark of utf-16", "rows.csv", "\xff\xfe"),
		text("lines", "rows.csv", "\r\n\r\n   \r\n"),
		text("the end of DOS", "rows.csv", "\x1a"),
		text("a header", "rows.csv", header),
		text("commas", "rows.csv", header+",,,,,\n,,,,,\n"),
		text("commas and no header", "rows.csv", ",,,,,\n , ,,,,\n"),
		text("quotes", "rows.csv", "\"\"\n\"\"\n"),
		of("packed", "rows.csv.gz", func() []byte { return pack("gzip", nil) }),
		of("an archive", "rows.zip", func() []byte { return zipped() }),
		of("an archive of folders", "rows.zip", func() []byte { return zipped(member{"a/", ""}, member{"a/.hidden", "x"}) }),
		of("an archive with an empty file", "rows.zip", func() []byte {
			return zipped(member{"empty.csv", ""}, member{"rows.csv", string(csvText(sound()))})
		}).holding(soundRows),
		of("a workbook", "rows.xlsx", func() []byte { return workbook("") }),
		of("parquet", "rows.parquet", func() []byte { return parquetOf([]row{}) }),
		text("json", "rows.json", "[]\n"),
		text("xml", "rows.xml", "<declarations/>\n"),
		text("edifact", "cargo.edi", "UNB+UNOA:2+A+B+210630:0830+I1'UNZ+0+I1'"),
		none("graphml", "net.graphml", graphml),
		none("pajek", "net.net", pajek),
	}
}

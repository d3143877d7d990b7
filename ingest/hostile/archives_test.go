package hostile

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"io/fs"
	"strings"

	"github.com/klauspost/compress/flate"
	"github.com/klauspost/compress/zip"

	"rummage/ingest/read"
)

// paths are archives with names that lead elsewhere, or that no file should have.
func paths() []trial {
	// beside is an archive with a sound file and one of such a name.
	beside := func(name, inside string) trial {
		return of(name, "rows.zip", func() []byte {
			first, second := halves(sound())
			return zipped(member{"good.csv", first}, member{inside, second})
		})
	}
	relation := func(name, target string) trial {
		return of(name, "rows.xlsx", func() []byte {
			const kinds = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
			return workbook(sheetOf(sound()), "xl/_rels/workbook.xml.rels",
				`<Relationships><Relationship Id="rId1" Type="`+kinds+`worksheet" Target="`+target+`"/></Relationships>`)
		})
	}
	return []trial{
		beside("a folder up", "../evil.csv"),
		beside("many folders up", "../../../../../../../../etc/cron.d/evil.csv"),
		beside("down and up", "a/../../evil.csv"),
		beside("from the root", "/etc/evil.csv"),
		beside("a drive", `C:\evil.csv`),
		beside("up by backslashes", `..\..\evil.csv`),
		beside("another machine", `\\server\share\evil.csv`),
		beside("folders by backslashes", `more\rows.csv`).holding(soundRows),
		beside("here", "./rows.csv").holding(soundRows),
		beside("two slashes", "more//rows.csv").holding(soundRows),
		beside("no name", ""),
		beside("nul in a name", "rows.csv\x00.txt").holding(soundRows),
		beside("lines in a name", "rows\r\n\x1b[31mred.csv").holding(soundRows),
		beside("a name from right to left", "rows\u202evsc.exe").holding(soundRows),
		beside("a name in gbk", "\xc9\xea\xb1\xa8.csv").holding(soundRows),
		beside("a long name", strings.Repeat("x", 60_000)+".csv"),
		beside("a mark for parts in a name", "rows.csv#May").holding(soundRows),
		of("a link", "rows.zip", func() []byte {
			first, _ := halves(sound())
			var b bytes.Buffer
			w := zip.NewWriter(&b)
			h := &zip.FileHeader{Name: "link.csv"}
			h.SetMode(fs.ModeSymlink | 0o777)
			for _, h := range []*zip.FileHeader{h, {Name: "good.csv"}} {
				to, err := w.CreateHeader(h)
				must(err)
				content := first
				if h.Name == "link.csv" {
					content = "/etc/passwd"
				}
				_, err = to.Write([]byte(content))
				must(err)
			}
			must(w.Close())
			return b.Bytes()
		}).holding(soundRows / 2),
		relation("a sheet outside", "../../../../etc/passwd"),
		relation("a sheet at an address", "http://127.0.0.1:9/sheet1.xml"),
	}
}

// claimed is an archive of one file, of which it says what is not so.
func claimed(content string, change func(h *zip.FileHeader)) []byte {
	var packed bytes.Buffer
	w, err := flate.NewWriter(&packed, 9)
	must(err)
	_, err = w.Write([]byte(content))
	must(err)
	must(w.Close())
	h := &zip.FileHeader{Name: "rows.csv", Method: zip.Deflate, CRC32: crc32.ChecksumIEEE([]byte(content)),
		CompressedSize64: uint64(packed.Len()), UncompressedSize64: uint64(len(content))}
	change(h)
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	to, err := z.CreateRaw(h)
	must(err)
	_, err = to.Write(packed.Bytes())
	must(err)
	must(z.Close())
	return b.Bytes()
}

// lies are files whose checksums, sizes or lists are not those of what they hold.
func lies() []trial {
	rows := string(csvText(sound()))
	first, second := halves(sound())
	zipClaim := func(name string, change func(h *zip.FileHeader)) trial {
		return of(name, "rows.zip", func() []byte { return claimed(rows, change) })
	}
	packed := func(name, how string, change func(file []byte) []byte) trial {
		return of(name, "rows.csv."+how, func() []byte { return change(pack(how, []byte(rows))) })
	}
	flip := func(fromEnd int) func([]byte) []byte {
		return func(file []byte) []byte {
			file[len(file)-fromEnd] ^= 0x10
			return file
		}
	}
	longer := func(extra string) func([]byte) []byte {
		return func(file []byte) []byte { return append(file, extra...) }
	}
	return []trial{
		packed("gzip, another checksum", read.Gzip, flip(8)),
		packed("gzip, another size", read.Gzip, flip(4)),
		packed("gzip, more behind it", read.Gzip, longer("\n-- sent by mail --\n")),
		packed("gzip, an extra field that does not end", read.Gzip, func(file []byte) []byte {
			file[3] |= 4
			return append(append(file[:10:10], 0xFF, 0xFF), file[10:]...)
		}),
		packed("zstd, another checksum", read.Zstd, flip(1)),
		packed("xz, another index", read.XZ, flip(16)),
		packed("xz, another end", read.XZ, flip(1)),
		zipClaim("zip, another checksum", func(h *zip.FileHeader) { h.CRC32++ }),
		zipClaim("zip, less than it holds", func(h *zip.FileHeader) { h.UncompressedSize64 -= 100 }),
		zipClaim("zip, more than it holds", func(h *zip.FileHeader) { h.UncompressedSize64 += 100 }),
		zipClaim("zip, much more than it holds", func(h *zip.FileHeader) { h.UncompressedSize64 = 1 << 50 }),
		zipClaim("zip, packed in another way", func(h *zip.FileHeader) { h.Method = 12 }),
		zipClaim("zip, packed in no way", func(h *zip.FileHeader) { h.Method = zip.Store }),
		of("zip, a name twice", "rows.zip", func() []byte { return zipped(member{"rows.csv", first}, member{"rows.csv", second}) }),
		of("zip, a name twice but for letter case", "rows.zip", func() []byte {
			return zipped(member{"rows.csv", first}, member{"ROWS.csv", second})
		}).holding(soundRows),
		of("zip, a file that its list does not have", "rows.zip", func() []byte {
			hidden, listed := zipped(member{"rows.csv", first}), zipped(member{"rows.csv", second})
			return append(hidden[:bytes.Index(hidden, []byte("PK\x01\x02"))], listed...)
		}),
		of("workbook, a part twice", "rows.xlsx", func() []byte {
			parts := workbook(sheetOf(sound()))
			return twice(parts, "xl/worksheets/sheet1.xml", `<worksheet><sheetData/></worksheet>`)
		}),
		of("parquet, a description that is longer", "rows.parquet", func() []byte {
			file := parquetFile(sound())
			binary.LittleEndian.PutUint32(file[len(file)-8:], uint32(len(file)))
			return file
		}),
		of("parquet, a row more than there is", "rows.parquet", func() []byte {
			file := parquetFile(sound())
			n := int(binary.LittleEndian.Uint32(file[len(file)-8:]))
			end := file[len(file)-8-n : len(file)-8]
			return described(file, bytes.ReplaceAll(end, []byte{0x16, 2 * soundRows}, []byte{0x16, 2*soundRows + 2}))
		}),
		of("edifact, an object of another length", "cargo.edi", func() []byte {
			return swapped(edifact(sound()), "UNZ+1", "UNO+P+1+1+1000000'abc'UNP+3+P'UNZ+1")
		}),
	}
}

// twice is an archive to which a file is added under a name that it has.
func twice(content []byte, name, text string) []byte {
	from, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	must(err)
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, f := range from.File {
		must(w.Copy(f))
	}
	to, err := w.Create(name)
	must(err)
	_, err = to.Write([]byte(text))
	must(err)
	must(w.Close())
	return b.Bytes()
}

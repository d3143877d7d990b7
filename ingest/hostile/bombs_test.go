package hostile

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"io"
	"strings"

	"github.com/klauspost/compress/flate"
	"github.com/klauspost/compress/zip"

	"rummage/ingest/read"
)

// bombSize is more than any file may unpack to when it packs a hundred to one.
const bombSize = 80 << 20

// zeros are as many bytes of a table that says nothing.
type zeros struct{ left int }

func (z *zeros) Read(p []byte) (int, error) {
	if z.left <= 0 {
		return 0, io.EOF
	}
	const row = "0,0,0,0,0,0,0,0\n"
	p = p[:min(len(p), z.left)]
	n := 0
	for n < len(p) {
		n += copy(p[n:], row[(bombSize-z.left+n)%len(row):])
	}
	z.left -= n
	return n, nil
}

// bombed is an archive with a bomb in it, and what stands before and behind it.
func bombed(name, before, behind string) []byte {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	to, err := w.Create(name)
	must(err)
	_, err = io.WriteString(to, before)
	must(err)
	_, err = io.Copy(to, &zeros{bombSize})
	must(err)
	_, err = io.WriteString(to, behind)
	must(err)
	must(w.Close())
	return b.Bytes()
}

// repacked is a packed table and a packed row of a mebibyte, so often that it is a
// bomb.
func repacked(how string) func() []byte {
	return func() []byte {
		long := []byte(strings.Repeat("x", 1<<20-1) + "\n")
		return append(pack(how, csvText(sound())), bytes.Repeat(pack(how, long), bombSize>>20)...)
	}
}

// overlapped is an archive whose files are all the same bytes.
func overlapped() []byte {
	const files = 500
	var packed bytes.Buffer
	w, err := flate.NewWriter(&packed, 9)
	must(err)
	_, err = w.Write(bytes.Repeat([]byte("0,0,0,0\n"), 1<<17)) // 1 MiB
	must(err)
	must(w.Close())
	sum := crc32.ChecksumIEEE(bytes.Repeat([]byte("0,0,0,0\n"), 1<<17))
	le := binary.LittleEndian
	var file, list []byte
	file = append(file, "PK\x03\x04\x14\x00\x00\x00\x08\x00\x00\x00\x00\x00"...)
	for _, n := range []uint32{sum, uint32(packed.Len()), 1 << 20} {
		file = le.AppendUint32(file, n)
	}
	file = append(file, 7, 0, 0, 0)
	file = append(append(file, "000.csv"...), packed.Bytes()...)
	for i := range files {
		list = append(list, "PK\x01\x02\x14\x00\x14\x00\x00\x00\x08\x00\x00\x00\x00\x00"...)
		for _, n := range []uint32{sum, uint32(packed.Len()), 1 << 20} {
			list = le.AppendUint32(list, n)
		}
		list = append(list, 7, 0)
		list = append(list, make([]byte, 16)...)
		list = append(list, fmt.Sprintf("%03d.csv", i)...)
	}
	at := uint32(len(file))
	file = append(file, list...)
	file = append(file, "PK\x05\x06\x00\x00\x00\x00"...)
	file = le.AppendUint16(le.AppendUint16(file, files), files)
	file = le.AppendUint32(le.AppendUint32(file, uint32(len(list))), at)
	return append(file, 0, 0)
}

// dictionary is a file of xz whose block asks for memory of such a size.
func dictionary(size byte) []byte {
	file := pack(read.XZ, csvText(sound()))
	header := file[12:24]
	header[4] = size
	binary.LittleEndian.PutUint32(header[8:], crc32.ChecksumIEEE(header[:8]))
	return file
}

// longTexts is a file of Parquet in which a short dictionary makes long texts.
func longTexts() []byte {
	type one struct {
		ID    string `parquet:"id,dict"`
		Label string `parquet:"label,dict"`
	}
	long := strings.Repeat("x", 1000)
	all := make([]one, 1<<17)
	for i := range all {
		all[i] = one{"N1", long}
	}
	return parquetOf(all)
}

// bombs are small files that want much room or time.
func bombs() []trial {
	markup := func(name, file string, write func(data) []byte, doctype, from, to string) trial {
		return of(name, file, func() []byte { return typed(swapped(write(sound()), from, to), doctype) })
	}
	inWorkbook := func(name string, content func() []byte) trial { return of(name, "rows.xlsx", content) }
	return []trial{
		of("gzip", "rows.csv.gz", repacked(read.Gzip)),
		of("zstd", "rows.csv.zst", repacked(read.Zstd)),
		of("xz", "rows.csv.xz", repacked(read.XZ)),
		of("a bomb in a bomb", "rows.csv.gz", func() []byte { return pack(read.Gzip, repacked(read.Gzip)()) }),
		of("zip", "rows.zip", func() []byte { return bombed("rows.csv", string(csvText(sound())), "") }),
		of("a bomb in an archive in an archive", "rows.zip", func() []byte {
			return zipped(member{"in.zip", string(bombed("rows.csv", "", ""))})
		}),
		of("files that lie on each other", "rows.zip", overlapped),
		inWorkbook("a sheet", func() []byte {
			return withBomb(workbook(sheetOf(sound())), "xl/worksheets/sheet1.xml", "<worksheet><sheetData>", "</sheetData></worksheet>")
		}),
		inWorkbook("texts", func() []byte {
			return withBomb(workbook(`<row><c t="s"><v>0</v></c></row>`), "xl/sharedStrings.xml", "<sst><si><t>", "</t></si></sst>")
		}),
		inWorkbook("a cell at the last row and column", func() []byte {
			return workbook(sheetOf(sound()) + `<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>`)
		}),
		inWorkbook("one long text in every cell", func() []byte {
			long := strings.Repeat("香", 30_000)
			return workbook(sheetOf(sound())+`<row>`+strings.Repeat(`<c t="s"><v>0</v></c>`, 16_384)+`</row>`, "xl/sharedStrings.xml", "<sst><si><t>"+long+"</t></si></sst>")
		}),
		of("a dictionary of parquet", "rows.parquet", longTexts),
		markup("a thousand million laughs", "rows.xml", xmlText, laughs("declarations"), "tiles, lot 3", "&a9;"),
		markup("a long entity very often", "rows.xml", xmlText, quadratic("declarations"), "tiles, lot 3", strings.Repeat("&a;", 50_000)),
		markup("a thousand million laughs in graphml", "net.graphml", graphml, laughs("graphml"), "Trader 3", "&a9;"),
		of("a window of 256 MiB", "rows.csv.zst", func() []byte { return []byte("\x28\xB5\x2F\xFD\x00\x90\x19\x00\x00abc") }),
		of("a dictionary of 4 GiB", "rows.csv.xz", func() []byte { return dictionary(40) }),
		of("a segment of 8 MiB", "cargo.edi", func() []byte {
			return swapped(edifact(sound()), "NAD+CN+++P3", "NAD+CN+++"+strings.Repeat("x", 8<<20))
		}).holding(soundRows),
		of("columns without end", "rows.json", func() []byte {
			var b strings.Builder
			for i := range 40_000 {
				fmt.Fprintf(&b, ",\n{\"k%d\":1}", i)
			}
			return []byte("[" + b.String()[1:] + "]")
		}),
		of("nodes without end", "net.net", func() []byte { return swapped(pajek(sound()), "*Vertices 12", "*Vertices 2000000000") }),
	}
}

// withBomb is an archive of which one file is a bomb.
func withBomb(content []byte, name, before, behind string) []byte {
	from, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	must(err)
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, f := range from.File {
		to, err := w.Create(f.Name)
		must(err)
		if f.Name != name {
			source, err := f.Open()
			must(err)
			_, err = io.Copy(to, source)
			must(err)
			must(source.Close())
			continue
		}
		_, err = io.WriteString(to, before)
		must(err)
		_, err = io.Copy(to, &zeros{bombSize})
		must(err)
		_, err = io.WriteString(to, behind)
		must(err)
	}
	must(w.Close())
	return b.Bytes()
}

// described is a file of Parquet with another description at its end.
func described(file, description []byte) []byte {
	n := int(binary.LittleEndian.Uint32(file[len(file)-8:]))
	out := append(bytes.Clone(file[:len(file)-8-n]), description...)
	out = binary.LittleEndian.AppendUint32(out, uint32(len(description)))
	return append(out, "PAR1"...)
}

package hostile

import (
	"bytes"
	"fmt"
	"strings"

	"rummage/ingest/read"
)

// longCell is more than a record may have.
const longCell = 2 * read.MaxRecord

// cells are files of each format in which one cell is very long.
func cells() []trial {
	var all []trial
	for _, k := range kinds() {
		c := of(k.name, k.file, func() []byte {
			d := sound()
			long := strings.Repeat("x", longCell)
			d.entries[7][5], d.entries[7][3], d.nodes[3][1] = long, long, long
			return k.write(d)
		})
		switch k.name {
		case "edge list":
			c = of(k.name, k.file, func() []byte { return swapped(edgeList(sound()), "\n4\t", "\n4"+strings.Repeat("0", longCell)+"\t") })
		case "dot", "pajek": // is read as a whole; numbers its vertices, also those that no line names
		default:
			c = c.holding(k.records)
		}
		all = append(all, c)
	}
	return all
}

// wideRow is how many cells a very wide row has.
const wideRow = 200_000

// rows are files of each format in which one row has very many cells.
func rows() []trial {
	table := func(write func([]byte) []byte) func() []byte {
		return func() []byte {
			return write(swapped(csvText(sound()), "D0008,", "D0008,"+strings.Repeat("1,", wideRow)))
		}
	}
	packed := func(how string) func() []byte {
		return table(func(b []byte) []byte { return pack(how, b) })
	}
	repeat := func(write func(data) []byte, at, form string) func() []byte {
		return func() []byte {
			var b strings.Builder
			for i := range wideRow / 10 {
				fmt.Fprintf(&b, form, i)
			}
			return swapped(write(sound()), at, at+b.String())
		}
	}
	type listed struct {
		ID      string   `parquet:"id"`
		Day     string   `parquet:"day"`
		Trader  string   `parquet:"trader"`
		Partner string   `parquet:"partner"`
		Value   string   `parquet:"value"`
		Note    []string `parquet:"note,list"`
	}
	parquetRow := func() []byte {
		var all []listed
		for i, e := range sound().entries {
			all = append(all, listed{e[0], e[1], e[2], e[3], e[4], e[5:]})
			if i == 7 {
				all[i].Note = strings.Split(strings.Repeat("tiles,", wideRow), ",")
			}
		}
		return parquetOf(all)
	}
	return []trial{
		of("csv", "rows.csv", table(bytes.Clone)).holding(soundRows),
		of("fixed width", "rows.txt", func() []byte {
			return swapped(fixedText(sound()), "D0008 ", "D0008 "+strings.Repeat("1 ", wideRow))
		}).holding(soundRows),
		of("csv in utf-16", "rows16.csv", table(func(b []byte) []byte { return wide("\ufeff" + string(b)) })).holding(soundRows),
		of("workbook", "rows.xlsx", func() []byte {
			return workbook(strings.Replace(sheetOf(sound()), `<row r="8">`, `<row r="8">`+strings.Repeat(`<c><v>1</v></c>`, wideRow), 1))
		}),
		of("parquet", "rows.parquet", parquetRow).holding(soundRows),
		of("json", "rows.json", repeat(jsonText, `{"id":"D0008",`, `"k%d":1,`)),
		of("json lines", "rows.jsonl", repeat(jsonLines, `{"id":"D0008",`, `"k%d":1,`)),
		of("xml", "rows.xml", repeat(xmlText, "<id>D0008</id>", "<k%d>1</k>")),
		of("edifact", "cargo.edi", repeat(edifact, "CNI+8+D0008'\n", "FTX+AAA+++TEXT %d OF A VERY LONG LIST OF GOODS THAT GOES ON'\n")).holding(soundRows + 1),
		of("x12", "manifest.x12", repeat(x12, "M11*D0008*57035*420*CTN*12700*K~\n", "N9*BM*NUMBER %d OF A VERY LONG LIST OF REFERENCES~\n")),
		of("graphml", "net.graphml", repeat(graphml, `<node id="N4">`, `<data key="k%d">1</data>`)),
		of("gexf", "net.gexf", repeat(gexf, `<node id="N4"`, ` k%d="1"`)),
		of("pajek", "net.net", repeat(pajek, "4 \"Trader 4\"", " p%d 1")),
		of("edge list", "net.txt", repeat(edgeList, "\n4\t5", "\t%d")),
		of("node-link json", "net.json", repeat(nodeLink, `{"id":"N4",`, `"k%d":1,`)),
		of("dot", "net.dot", repeat(dot, "N4 [", "k%d=1,")),
		of("gzip", "rows.csv.gz", packed(read.Gzip)).holding(soundRows),
		of("zstd", "rows.csv.zst", packed(read.Zstd)).holding(soundRows),
		of("xz", "rows.csv.xz", packed(read.XZ)).holding(soundRows),
		of("zip", "rows.zip", table(func(b []byte) []byte { return zipped(member{"rows.csv", string(b)}) })).holding(soundRows),
	}
}

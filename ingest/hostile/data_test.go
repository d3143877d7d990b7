package hostile

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"unicode/utf16"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zip"
	"github.com/klauspost/compress/zstd"
	"github.com/parquet-go/parquet-go"
	"github.com/ulikunitz/xz"

	"rummage/ingest/read"
)

// columns are those of the tables that are tried.
var columns = []string{"id", "day", "trader", "partner", "value", "note"}

// data is what a file says, in whatever format.
type data struct {
	entries [][]string // a row each, as columns
	nodes   [][]string // id, label
	edges   [][]int    // indexes of two nodes
}

const (
	soundRows  = 24
	soundNodes = 12
	soundEdges = 24
)

// sound is data without a fault.
func sound() data {
	var d data
	for i := range soundRows {
		d.entries = append(d.entries, []string{
			fmt.Sprintf("D%04d", i+1), fmt.Sprintf("2021-06-%02d", i+1), fmt.Sprintf("T%d", i%5), fmt.Sprintf("P%d", i%7),
			fmt.Sprintf("%d.5", 100*i), fmt.Sprintf("tiles, lot %d", i),
		})
	}
	for i := range soundNodes {
		d.nodes = append(d.nodes, []string{fmt.Sprintf("N%d", i+1), fmt.Sprintf("Trader %d", i+1)})
	}
	for i := range soundEdges {
		d.edges = append(d.edges, []int{i % soundNodes, (5*i + 1 + i/soundNodes) % soundNodes})
	}
	return d
}

// kind is a format in which data is written.
type kind struct {
	name    string
	file    string
	write   func(d data) []byte
	records int // of sound data
}

// kinds are the formats that are tried.
func kinds() []kind {
	packed := func(how string) func(d data) []byte {
		return func(d data) []byte { return pack(how, csvText(d)) }
	}
	return []kind{
		{"csv", "rows.csv", csvText, soundRows},
		{"fixed width", "rows.txt", fixedText, soundRows},
		{"csv in utf-16", "rows16.csv", func(d data) []byte { return wide("\ufeff" + string(csvText(d))) }, soundRows},
		{"workbook", "rows.xlsx", func(d data) []byte { return workbook(sheetOf(d)) }, soundRows},
		{"parquet", "rows.parquet", parquetFile, soundRows},
		{"json", "rows.json", jsonText, soundRows},
		{"json lines", "rows.jsonl", jsonLines, soundRows},
		{"xml", "rows.xml", xmlText, soundRows},
		{"edifact", "cargo.edi", edifact, soundRows},
		{"x12", "manifest.x12", x12, soundRows},
		{"graphml", "net.graphml", graphml, soundNodes + soundEdges},
		{"gexf", "net.gexf", gexf, soundNodes + soundEdges},
		{"pajek", "net.net", pajek, soundNodes + soundEdges},
		{"edge list", "net.txt", edgeList, soundNodes + soundEdges},
		{"node-link json", "net.json", nodeLink, soundNodes + soundEdges},
		{"dot", "net.dot", dot, soundNodes + soundEdges},
		{"gzip", "rows.csv.gz", packed(read.Gzip), soundRows},
		{"zstd", "rows.csv.zst", packed(read.Zstd), soundRows},
		{"xz", "rows.csv.xz", packed(read.XZ), soundRows},
		{"zip", "rows.zip", zipFile, soundRows},
	}
}

// must is for what cannot fail in memory.
func must(err error) {
	if err != nil {
		panic(err)
	}
}

func csvText(d data) []byte {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	must(w.Write(columns))
	must(w.WriteAll(d.entries))
	return b.Bytes()
}

// fixedText has a line of rules below its header.
func fixedText(d data) []byte {
	widths := []int{6, 10, 7, 8, 9, 20}
	var b bytes.Buffer
	line := func(cells []string) {
		for i, width := range widths {
			if i > 0 {
				b.WriteByte(' ')
			}
			fmt.Fprintf(&b, "%-*s", width, cells[i])
		}
		b.WriteByte('\n')
	}
	line(columns)
	rules := make([]string, len(widths))
	for i, width := range widths {
		rules[i] = strings.Repeat("-", width)
	}
	line(rules)
	for _, e := range d.entries {
		line(e)
	}
	return b.Bytes()
}

// wide is text in UTF-16, the lower byte first.
func wide(text string) []byte {
	var b []byte
	for _, unit := range utf16.Encode([]rune(text)) {
		b = append(b, byte(unit), byte(unit>>8))
	}
	return b
}

// escaped is text within XML.
func escaped(text string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;").Replace(text)
}

// sheetOf is the rows of a sheet.
func sheetOf(d data) string {
	var b strings.Builder
	for i, cells := range append([][]string{columns}, d.entries...) {
		fmt.Fprintf(&b, `<row r="%d">`, i+1)
		for k, cell := range cells {
			if k == 4 && i > 0 {
				fmt.Fprintf(&b, `<c><v>%s</v></c>`, escaped(cell))
				continue
			}
			fmt.Fprintf(&b, `<c t="inlineStr"><is><t>%s</t></is></c>`, escaped(cell))
		}
		b.WriteString("</row>")
	}
	return b.String()
}

// workbook is a spreadsheet file of one sheet with such rows; change names parts
// and what stands there instead, "" for nothing.
func workbook(rows string, change ...string) []byte {
	const kinds = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
	const relation = `<Relationship Id="rId%d" Type="` + kinds + `%s" Target="%s"/>`
	parts := [][2]string{
		{"[Content_Types].xml", `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>`},
		{"_rels/.rels", `<Relationships>` + fmt.Sprintf(relation, 1, "officeDocument", "xl/workbook.xml") + `</Relationships>`},
		{"xl/workbook.xml", `<workbook xmlns:r="x"><sheets><sheet name="May" sheetId="1" r:id="rId1"/></sheets></workbook>`},
		{"xl/_rels/workbook.xml.rels", `<Relationships>` + fmt.Sprintf(relation, 1, "worksheet", "worksheets/sheet1.xml") +
			fmt.Sprintf(relation, 2, "styles", "styles.xml") + fmt.Sprintf(relation, 3, "sharedStrings", "sharedStrings.xml") + `</Relationships>`},
		{"xl/styles.xml", `<styleSheet><cellXfs><xf numFmtId="0"/></cellXfs></styleSheet>`},
		{"xl/sharedStrings.xml", `<sst><si><t>x</t></si></sst>`},
		{"xl/worksheets/sheet1.xml", `<worksheet><sheetData>` + rows + `</sheetData></worksheet>`},
	}
	var members []member
	for _, part := range parts {
		for i := 0; i < len(change); i += 2 {
			if change[i] == part[0] {
				part[1] = change[i+1]
			}
		}
		if part[1] != "" {
			members = append(members, member{name: part[0], text: part[1]})
		}
	}
	return zipped(members...)
}

// member is a file of an archive.
type member struct{ name, text string }

// zipped is an archive of files.
func zipped(members ...member) []byte {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, m := range members {
		to, err := w.Create(m.name)
		must(err)
		_, err = io.WriteString(to, m.text)
		must(err)
	}
	must(w.Close())
	return b.Bytes()
}

// halves is sound data of which each file has one half.
func halves(d data) (first, second string) {
	one, two := d, d
	one.entries, two.entries = d.entries[:len(d.entries)/2], d.entries[len(d.entries)/2:]
	return string(csvText(one)), string(csvText(two))
}

func zipFile(d data) []byte {
	first, second := halves(d)
	return zipped(member{"first.csv", first}, member{"more/second.csv", second})
}

// pack packs a file.
func pack(how string, content []byte) []byte {
	var b bytes.Buffer
	var w io.WriteCloser
	var err error
	switch how {
	case read.Gzip:
		w = gzip.NewWriter(&b)
	case read.Zstd:
		w, err = zstd.NewWriter(&b, zstd.WithEncoderConcurrency(1), zstd.WithWindowSize(1<<20))
	case read.XZ:
		w, err = xz.WriterConfig{DictCap: 1 << 20}.NewWriter(&b)
	}
	must(err)
	_, err = w.Write(content)
	must(err)
	must(w.Close())
	return b.Bytes()
}

// row is a row of the Parquet file.
type row struct {
	ID      string  `parquet:"id"`
	Day     string  `parquet:"day"`
	Trader  string  `parquet:"trader"`
	Partner string  `parquet:"partner"`
	Value   string  `parquet:"value"`
	Note    *string `parquet:"note,optional"`
}

func parquetFile(d data) []byte {
	var rows []row
	for _, e := range d.entries {
		rows = append(rows, row{e[0], e[1], e[2], e[3], e[4], &e[5]})
	}
	return parquetOf(rows)
}

// parquetOf is a file of rows.
func parquetOf[T any](rows []T) []byte {
	var b bytes.Buffer
	w := parquet.NewGenericWriter[T](&b, parquet.CreatedBy("rummage", "1", "1"))
	_, err := w.Write(rows)
	must(err)
	must(w.Close())
	return b.Bytes()
}

// object is a row as an object of JSON, its keys in the order of the columns.
func object(cells []string) string {
	var b strings.Builder
	for i, cell := range cells {
		text, err := json.Marshal(cell)
		must(err)
		fmt.Fprintf(&b, `,"%s":%s`, columns[i], text)
	}
	return "{" + b.String()[1:] + "}"
}

func objects(d data) []string {
	var all []string
	for _, e := range d.entries {
		all = append(all, object(e))
	}
	return all
}

func jsonText(d data) []byte { return []byte("[\n" + strings.Join(objects(d), ",\n") + "\n]\n") }

func jsonLines(d data) []byte { return []byte(strings.Join(objects(d), "\n") + "\n") }

// element is a row as an element of XML.
func element(cells []string) string {
	var b strings.Builder
	b.WriteString("<declaration>")
	for i, cell := range cells {
		fmt.Fprintf(&b, "<%s>%s</%s>", columns[i], escaped(cell), columns[i])
	}
	b.WriteString("</declaration>\n")
	return b.String()
}

func xmlText(d data) []byte {
	var b strings.Builder
	b.WriteString("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<declarations>\n")
	for _, e := range d.entries {
		b.WriteString(element(e))
	}
	b.WriteString("</declarations>\n")
	return []byte(b.String())
}

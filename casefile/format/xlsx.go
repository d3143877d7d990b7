package format

import (
	"archive/zip"
	"bytes"
	"errors"
	"hash/crc32"
	"io"
	"io/fs"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"

	"github.com/xuri/excelize/v2"

	"rummage/casefile/subgraph"
	"rummage/graph"
)

// Limits of spreadsheets.
const (
	xlsxCell = 32767     // UTF-16 units in a cell
	xlsxRows = 1_000_000 // rows of a sheet, then another one is begun; spreadsheets hold 1,048,576
	xlsxCut  = " [cut here; network.json has all]"
)

// writeXLSX writes a workbook: sheets of the nodes, the edges, the rows of files that say so with what stands on each, and what it is about.
// Every cell is a text, so that nothing is computed and no number is rewritten. A text longer than a cell is cut and says so; signs that XML
// 1.0 cannot hold become U+FFFD. The same document gives the same bytes.
func writeXLSX(to io.Writer, d *Document) error {
	parts := &orderedZip{to: to, parts: map[string]*bytes.Buffer{}}
	book := excelize.NewFile(excelize.Options{TmpDir: scratch(to)}).SetZipWriter(func(io.Writer) excelize.ZipWriter { return parts }) // not into what the library holds the whole file in
	w := &workbook{book: book, handling: d.Handling.String()}
	g := d.Graph
	nodes, edges := nodeColumnsOf(g, nodeColumns...), edgeColumnsOf(g, edgeColumns...)
	w.sheet("nodes", nodes.header, len(g.Nodes), func(i int) []string { return nodeLine(nodes, &g.Nodes[i]) })
	w.sheet("edges", edges.header, len(g.Edges), func(i int) []string { return edgeLine(edges, i, &g.Edges[i]) })
	standing := standingOn(g)
	origins, sources := g.Rows(), d.byID()
	w.sheet("rows", []string{"row", "file", "part", "row_in_file", "sha256", "handling", "grading", "nodes", "edges"}, len(origins), func(i int) []string {
		o := origins[i]
		s := sources[o.Source]
		if s == nil {
			s = &graph.Source{}
		}
		on := standing[o]
		return []string{rowOf(o), s.Name, s.Part, strconv.FormatInt(o.Row, 10), string(s.SHA256), s.Handling, s.Grading,
			strings.Join(on.nodes, " "), strings.Join(on.edges, " ")}
	})
	about := [][2]string{{"handling", d.Handling.String()}, {"title", d.Title}, {"purpose", d.Purpose}, {"recipient", d.Recipient}, {"author", d.Author},
		{"made", stamp(d.Made)}, {"by", d.Tool}, {"nodes", strconv.Itoa(len(g.Nodes))}, {"edges", strconv.Itoa(len(g.Edges))}, {"note", warning}}
	w.sheet("about", []string{"what", "value"}, len(about), func(i int) []string { return about[i][:] })
	if w.err == nil {
		_, w.err = book.WriteToBuffer()
	}
	return errors.Join(w.err, book.Close())
}

// scratch is the folder in which a large sheet waits: beside what is written, where that is a file, so that nothing of a case lies anywhere
// else; "" for that of the system.
func scratch(to io.Writer) string {
	if f, ok := to.(interface{ Name() string }); ok {
		return filepath.Dir(f.Name())
	}
	return ""
}

// standers are what stands on a row.
type standers struct{ nodes, edges []string }

func standingOn(g *subgraph.Graph) map[graph.Origin]*standers {
	all := map[graph.Origin]*standers{}
	on := func(o graph.Origin) *standers {
		if all[o] == nil {
			all[o] = &standers{}
		}
		return all[o]
	}
	for i := range g.Nodes {
		for _, o := range g.Nodes[i].Sources {
			on(o).nodes = append(on(o).nodes, string(g.Nodes[i].ID))
		}
	}
	for i := range g.Edges {
		for _, o := range g.Edges[i].Sources {
			on(o).edges = append(on(o).edges, edgeID(i))
		}
	}
	return all
}

// workbook writes sheets one after the other. The first error stands.
type workbook struct {
	book  *excelize.File
	begun bool
	// handling stands above and below every page that is printed.
	handling string
	err      error
}

// sheet writes a sheet of texts, and more of its kind where one is full.
func (w *workbook) sheet(name string, header []string, lines int, line func(i int) []string) {
	for part := 0; w.err == nil && (part == 0 || part*xlsxRows < lines); part++ {
		if part > 0 {
			w.err = w.part(name+" "+strconv.Itoa(part+1), header, part*xlsxRows, lines, line)
			continue
		}
		w.err = w.part(name, header, 0, lines, line)
	}
}

// begin adds a sheet. A new book has one already, which gets the first name: to delete it, the library would read all sheets again.
func (w *workbook) begin(name string) error {
	if !w.begun {
		w.begun = true
		return w.book.SetSheetName("Sheet1", name)
	}
	_, err := w.book.NewSheet(name)
	return err
}

func (w *workbook) part(name string, header []string, first, lines int, line func(i int) []string) error {
	if err := w.begin(name); err != nil {
		return err
	}
	if on := "&C" + w.handling; w.handling != "" {
		if err := w.book.SetHeaderFooter(name, &excelize.HeaderFooterOptions{OddHeader: on, OddFooter: on}); err != nil {
			return err
		}
	}
	sheet, err := w.book.NewStreamWriter(name)
	if err != nil {
		return err
	}
	if err := sheet.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	cells := make([]any, len(header))
	for i := first - 1; i < min(lines, first+xlsxRows); i++ {
		texts := header
		if i >= first {
			texts = line(i)
		}
		for j, text := range texts {
			if cells[j] = nil; text != "" {
				cells[j] = fitting(text)
			}
		}
		if err := sheet.SetRow("A"+strconv.Itoa(i-first+2), cells); err != nil {
			return err
		}
	}
	return sheet.Flush()
}

// fitting is a text as a cell can hold it.
func fitting(text string) string {
	if len(text) <= xlsxCell {
		return text
	}
	units := utf16.Encode([]rune(text))
	if len(units) <= xlsxCell {
		return text
	}
	room := xlsxCell - len(xlsxCut)
	if utf16.IsSurrogate(rune(units[room-1])) && utf16.IsSurrogate(rune(units[room])) && units[room-1] < 0xdc00 {
		room-- // not between the halves of a sign
	}
	return string(utf16.Decode(units[:room])) + xlsxCut
}

// orderedZip is a zip archive whose members are in the order of their names, without days, and stored as they are: the library hands the sheets
// over in the order of a map, and no two releases of a compressor promise the same bytes.
type orderedZip struct {
	to    io.Writer
	parts map[string]*bytes.Buffer
}

// Create begins a member.
func (z *orderedZip) Create(name string) (io.Writer, error) {
	z.parts[name] = &bytes.Buffer{}
	return z.parts[name], nil
}

// AddFS is of the interface; no workbook here holds a folder.
func (z *orderedZip) AddFS(fs.FS) error { return errors.ErrUnsupported }

// Close writes the archive.
func (z *orderedZip) Close() error {
	w := zip.NewWriter(z.to)
	for _, name := range slices.Sorted(maps.Keys(z.parts)) {
		part := z.parts[name].Bytes()
		size := uint64(len(part))
		raw, err := w.CreateRaw(&zip.FileHeader{Name: name, Method: zip.Store, CRC32: crc32.ChecksumIEEE(part), UncompressedSize64: size, CompressedSize64: size})
		if err != nil {
			return err
		}
		if _, err := raw.Write(part); err != nil {
			return err
		}
	}
	return w.Close()
}

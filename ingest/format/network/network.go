package network

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"rummage/ingest/read"
)

// Formats of graph files, as in read.Dialect.
const (
	GraphML  = "graphml"
	GEXF     = "gexf"
	Pajek    = "pajek"
	EdgeList = "edge list"
	JSON     = "graph json"
	DOT      = "dot"
)

// Parts of a graph file, as in read.Part.Sheet.
const (
	Nodes = "nodes"
	Edges = "edges"
)

// notation is a format, and how files in it are known and read.
type notation struct {
	name  string
	knows func(text []byte, whole bool) bool
	scan  func(*window, config) scanner
}

// config is what scanners are told.
type config struct {
	part     string // the one that is read: what is of the other may be left out
	encoding read.Encoding
	// declare is told of columns in the order of their declaration.
	declare func(part, column string)
}

// notations lists them, the more particular before the more general.
func notations() []notation {
	return []notation{
		{GraphML, knowsRoot("graphml"), newGraphML},
		{GEXF, knowsRoot("gexf"), newGEXF},
		{Pajek, knowsPajek, newPajek},
		{JSON, knowsJSON, newNodeLink},
		{DOT, knowsDOT, newDOT},
		{EdgeList, knowsEdgeList, newEdgeList},
	}
}

// Formats lists the formats of graph files.
func Formats() []string {
	var all []string
	for _, n := range notations() {
		all = append(all, n.name)
	}
	return all
}

// Format tells by the first bytes of a content, unpacked, in which of the
// Formats it is, "" if in none.
func Format(head []byte) string {
	text, whole := textOf(head), len(head) < headSize
	for _, n := range notations() {
		if n.knows(text, whole) {
			return n.name
		}
	}
	return ""
}

// Is tells by the first bytes of a content whether it is in that one of the
// Formats.
func Is(format string, head []byte) bool {
	n, err := find(format)
	return err == nil && n.knows(textOf(head), len(head) < headSize)
}

// headSize is what read.Head returns of a longer file.
const headSize = 256 << 10

// Knows tells by the first bytes of a content whether it is a graph file.
func Knows(head []byte) bool { return Format(head) != "" }

// textOf returns the first bytes of a content with their marks in ASCII, and
// without a byte order mark.
func textOf(head []byte) []byte {
	encoding := read.UTF8
	switch {
	case bytes.HasPrefix(head, []byte{0xFF, 0xFE}), len(head) > 3 && head[0] != 0 && head[1] == 0 && head[3] == 0:
		encoding = read.UTF16LE
	case bytes.HasPrefix(head, []byte{0xFE, 0xFF}), len(head) > 3 && head[0] == 0 && head[1] != 0 && head[2] == 0:
		encoding = read.UTF16BE
	}
	if encoding != read.UTF8 {
		head = read.NewDecoder(encoding).Decode(nil, head[:len(head)&^1])
	}
	return bytes.TrimPrefix(head, []byte("\uFEFF"))
}

// Sheets lists the parts of a graph file.
func Sheets() []string { return []string{Nodes, Edges} }

// Detect says how a part of a graph file is written down, its columns included:
// it reads the whole file. It cannot be told apart from the notation who breaks
// off a file, so one that breaks off is described as far as it goes, and Next
// says so. Other errors are those of read.Detect: read.ErrFormat for a file with
// more nodes or columns than can be held, or declarations of its own.
func Detect(ctx context.Context, content read.Input, part read.Part, h read.Hints) (read.Dialect, error) {
	if err := ctx.Err(); err != nil {
		return read.Dialect{}, err
	}
	head, err := read.Head(content)
	if err != nil {
		return read.Dialect{}, err
	}
	format := Format(head)
	if format == "" {
		return read.Dialect{}, fmt.Errorf("network: %w: this is no graph file", read.ErrFormat)
	}
	if h.Encoding == "" && (format == GraphML || format == GEXF) {
		h.Encoding = declared(head)
	}
	var magic [8]byte
	n, _ := content.ReadAt(magic[:], 0) // Head has read them already
	d := read.Dialect{Part: part, Format: format, Compression: read.Compression(magic[:n]), Header: true}
	if d.Encoding, err = read.DetectEncoding(head, h); err != nil {
		return d, fmt.Errorf("network: %s: %w", format, err)
	}
	columns, err := look(ctx, content, d)
	if err != nil {
		return d, fmt.Errorf("network: %s: %w", format, err)
	}
	d.Names, d.Columns = strings.Join(columns, read.Between), len(columns)
	return d, nil
}

// base are the columns that a part has whatever the file.
func base(part string) []string {
	if part == Nodes {
		return []string{id, label}
	}
	return []string{source, target, sourceLabel, targetLabel, directed, weight}
}

// mostNames is how many bytes the names of columns may have together.
const mostNames = 1 << 20

// headings collects the names of a part's columns.
type headings struct {
	list  []string
	known map[string]bool
	bytes int
}

// add notes a column.
func (h *headings) add(column string) {
	if h.known[column] || len(h.list) > read.MaxColumns || h.bytes > mostNames {
		return
	}
	h.known[column] = true
	h.list = append(h.list, column)
	h.bytes += len(column)
}

// look reads a file for the columns of a part.
func look(ctx context.Context, content read.Input, d read.Dialect) ([]string, error) {
	if d.Sheet != Nodes && d.Sheet != Edges {
		return nil, fmt.Errorf("%w: a graph file has the parts %s and %s, not %q", read.ErrDialect, Nodes, Edges, d.Sheet)
	}
	h := headings{known: map[string]bool{}}
	for _, column := range base(d.Sheet) {
		h.add(column)
	}
	own := len(h.list)
	r, err := open(ctx, content, d, settings{chunk: chunk, declare: func(part, column string) {
		if part == d.Sheet {
			h.add(column)
		}
	}})
	if err != nil {
		return nil, err
	}
	defer r.close()
	graphs, count, text := 0, 0, 0
	for err == nil && len(h.list) <= read.MaxColumns && h.bytes <= mostNames {
		if err = r.scanner.next(&r.e); err != nil {
			break
		}
		graphs = max(graphs, r.e.graph)
		if r.e.part == Nodes && !r.e.implied {
			count++
			text += len(r.e.title())
		}
		if r.e.part != d.Sheet || r.e.bad.reason != "" {
			continue
		}
		for i := range r.e.fields {
			h.add(r.e.fields[i].column)
		}
	}
	switch {
	case len(h.list) > read.MaxColumns || h.bytes > mostNames:
		return nil, fmt.Errorf("%w: more than %d attributes, or more than %d bytes of their names", read.ErrFormat, read.MaxColumns, mostNames)
	case err != nil && !errors.Is(err, io.EOF) && !brokenOff(err):
		return nil, err
	case count > mostNodes:
		return nil, errNodes
	}
	if graphs > 1 && !h.known[graphOf] {
		h.list = slices.Insert(h.list, own, graphOf)
	}
	if text > mostText {
		h.list = slices.DeleteFunc(h.list, func(column string) bool { return column == sourceLabel || column == targetLabel })
	}
	return h.list, nil
}

// errBroken: a file is against its notation so that what follows has no meaning.
var errBroken = errors.New("cannot be read further")

// brokenOff tells whether a file can be read up to an error.
func brokenOff(err error) bool {
	return errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, errBroken) || errors.Is(err, read.ErrTruncated) || errors.Is(err, read.ErrCorrupt)
}

// find returns the notation of a format.
func find(format string) (notation, error) {
	for _, n := range notations() {
		if n.name == format {
			return n, nil
		}
	}
	return notation{}, fmt.Errorf("network: %w: format %q", read.ErrDialect, format)
}

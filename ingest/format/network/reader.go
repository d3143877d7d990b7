package network

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"rummage/ingest/read"
)

// settings are those of a reader, beside what the dialect says.
type settings struct {
	chunk   int                       // first size of the window
	declare func(part, column string) // is told of declared columns, may be nil
}

// reader reads the rows of one part.
type reader struct {
	ctx     context.Context
	file    read.Input
	dialect read.Dialect
	scan    func(*window, config) scanner
	size    int // of the window at first
	names   []string
	index   map[string]int
	labels  bool // edges have those of their ends
	header  *read.Row
	stream  io.ReadCloser
	window  *window
	scanner scanner
	nodes   *register
	kinds   map[int]string // of graphs that say late whether they are directed
	whole   bool           // nodes and kinds are those of the whole file
	e       element
	fresh   bool // the id of the node read last was new
	number  int64
	offset  int64 // end of the last row
	stats   read.Stats
	row     read.Row
	joined  []byte   // cells of several values
	order   [][2]int // columns and fields, while cells are joined
	last    []place  // of the fields of the last element
	err     error
}

// Open starts reading a part of a file as the dialect says, which Detect found.
// It reads the content as a read.Input, from its beginning, and once more where
// edges stand before the nodes that they name.
func Open(ctx context.Context, content read.Input, d read.Dialect) (read.Reader, error) {
	r, err := open(ctx, content, d, settings{chunk: chunk})
	if err != nil {
		return nil, err
	}
	return r, nil
}

func open(ctx context.Context, content read.Input, d read.Dialect, s settings) (*reader, error) {
	n, err := find(d.Format)
	switch {
	case err != nil:
		return nil, err
	case d.Sheet != Nodes && d.Sheet != Edges:
		return nil, fmt.Errorf("network: %w: no part %q in a graph file", read.ErrDialect, d.Sheet)
	}
	if d.Encoding, err = read.ParseEncoding(string(d.Encoding)); err != nil {
		return nil, fmt.Errorf("network: %w", err)
	}
	r := &reader{
		ctx: ctx, file: content, dialect: d, scan: n.scan, size: s.chunk, index: map[string]int{},
		names: strings.Split(d.Names, read.Between), nodes: newRegister(),
	}
	r.header = &read.Row{Raw: []byte{}}
	for i, name := range r.names {
		r.index[name] = i
		r.header.Cells = append(r.header.Cells, []byte(name))
	}
	_, r.labels = r.index[sourceLabel]
	if err := r.begin(s.declare); err != nil {
		return nil, err
	}
	return r, nil
}

// begin opens the stream and the scanner.
func (r *reader) begin(declare func(part, column string)) error {
	stream, err := read.Unpack(io.NewSectionReader(r.file, 0, r.file.Size()), r.dialect.Compression)
	if err != nil {
		return fmt.Errorf("network: %s: %w", r.dialect.Format, &read.StreamError{Err: err})
	}
	if declare == nil {
		declare = func(string, string) {}
	}
	r.stream, r.window = stream, newWindow(paced{r, stream}, r.dialect.Encoding, r.size)
	r.scanner = r.scan(r.window, config{part: r.dialect.Sheet, encoding: r.dialect.Encoding, declare: declare})
	return nil
}

// paced ends a stream with the reader's context, which is another for each row
// of Spans.
type paced struct {
	reader *reader
	io.Reader
}

func (p paced) Read(b []byte) (int, error) {
	if err := p.reader.ctx.Err(); err != nil {
		return 0, err
	}
	return p.Reader.Read(b)
}

func (r *reader) close() {
	// An unpacker that is closed repeats what was said already.
	_ = r.stream.Close()
}

func (r *reader) Header() *read.Row { return r.header }

func (r *reader) Stats() read.Stats {
	s := r.stats
	s.Bytes = r.window.at
	return s
}

func (r *reader) Close() error {
	if !errors.Is(r.err, read.ErrClosed) {
		r.err = read.ErrClosed
		r.close()
	}
	return nil
}

func (r *reader) Next() (*read.Row, error) {
	if r.err != nil {
		return nil, r.err
	}
	if err := r.advance(); err != nil {
		return nil, r.stop(err)
	}
	row, err := r.judge()
	switch {
	case err == nil:
		r.stats.Rows++
	case errors.As(err, new(*read.RowError)):
		r.stats.Bad++
	default:
		return nil, r.stop(err)
	}
	r.offset = r.e.at.Offset + r.e.at.Length
	return row, err
}

// stop ends the reading for good.
func (r *reader) stop(err error) error {
	switch {
	case errors.Is(err, io.EOF):
		err = io.EOF
	case r.ctx.Err() != nil:
		err = fmt.Errorf("network: stopped after row %d: %w", r.number, r.ctx.Err())
	default:
		err = &read.StreamError{Row: r.number, Offset: r.offset, Err: fmt.Errorf("network: %s: %w", r.dialect.Format, err)}
	}
	r.err = err
	return err
}

// advance moves to the next element of the part.
func (r *reader) advance() error {
	for {
		if err := r.ctx.Err(); err != nil {
			return err
		}
		if err := r.scanner.next(&r.e); err != nil {
			return err
		}
		if r.e.part == Nodes && r.e.bad.reason == "" && !r.whole {
			var err error
			if r.fresh, err = r.nodes.enter(&r.e, r.labels); err != nil {
				return err
			}
			if r.e.implied && !r.fresh {
				continue
			}
		}
		if r.e.part == r.dialect.Sheet {
			r.number++
			return nil
		}
	}
}

// judge returns the row of an element, or the *read.RowError why it is none.
func (r *reader) judge() (*read.Row, error) {
	e := &r.e
	if e.bad.reason == "" {
		if err := r.check(); err != nil {
			return nil, err
		}
	}
	r.assemble()
	r.weigh()
	if e.bad.reason == "" {
		r.row = read.Row{Position: e.at, Number: r.number, Cells: r.row.Cells, Raw: r.window.raw(e.raw)}
		return &r.row, nil
	}
	bad := &read.RowError{Position: e.at, Row: r.number, Reason: e.bad.reason, Detail: e.bad.detail}
	if i, ok := r.index[e.bad.column]; ok {
		bad.Column, bad.Name = i+1, e.bad.column
	}
	raw := r.window.raw(e.raw[:min(len(e.raw), read.MaxRaw)])
	bad.Raw = bytes.Clone(raw[:min(len(raw), read.MaxRaw)])
	return nil, bad
}

// check finds what is wrong with an element among the others. An error is that
// of a further pass over the file.
func (r *reader) check() error {
	e := &r.e
	if e.part == Nodes {
		switch name := e.get(id); {
		case len(name) == 0:
			e.blame(read.Malformed, id, "a node without id")
		case !r.fresh:
			e.blame(read.Malformed, id, "a node of the id %q stands in the file already; edges name that one", cut(name))
		}
		return nil
	}
	for _, end := range [...]struct{ column, label string }{{source, sourceLabel}, {target, targetLabel}} {
		f := e.find(end.column)
		if f == nil || len(f.value) == 0 {
			e.blame(read.Malformed, end.column, "an edge without %s", end.column)
			return nil
		}
		if r.dialect.Format == EdgeList {
			// Whatever stands at an end is a node.
			continue
		}
		n, known, err := r.end(f)
		switch {
		case err != nil:
			return err
		case !known:
			e.blame(read.Malformed, end.column, "an edge whose %s %q is no node of the file", end.column, cut(f.value))
			return nil
		}
		f.value = e.keep(n.id)
		if r.labels {
			e.add(end.label, e.keep(n.label))
		}
	}
	if e.undecided {
		if err := r.complete(); err != nil {
			return err
		}
		e.addText(directed, r.kinds[e.graph])
	}
	return nil
}

// end finds the node at an edge's end. Nodes of JSON may be named by their index
// or, if they have no id, by what they are called.
func (r *reader) end(f *field) (node, bool, error) {
	key := r.e.key(f.value)
	n, known := r.nodes.find(key)
	if !known && !r.whole {
		if err := r.complete(); err != nil {
			return node{}, false, err
		}
		n, known = r.nodes.find(key)
	}
	switch {
	case known || r.dialect.Format != JSON:
	case !f.number:
		n, known = r.nodes.find(r.e.key(nickname(f.value)))
	case !r.nodes.numeric && r.e.graph <= 1:
		if i, err := strconv.Atoi(string(f.value)); err == nil {
			n, known = r.nodes.index(i)
		}
	}
	return n, known, nil
}

// complete reads the whole file for its nodes.
func (r *reader) complete() error {
	if r.whole {
		return nil
	}
	all := &reader{ctx: r.ctx, file: r.file, dialect: r.dialect, scan: r.scan, size: r.size, nodes: newRegister(), labels: r.labels}
	if err := all.begin(nil); err != nil {
		return err
	}
	defer all.close()
	for {
		err := all.scanner.next(&all.e)
		if err != nil && (errors.Is(err, io.EOF) || brokenOff(err)) {
			break
		}
		if err == nil && all.e.part == Nodes && all.e.bad.reason == "" {
			_, err = all.nodes.enter(&all.e, all.labels)
		}
		if err != nil {
			return err
		}
	}
	r.nodes, r.whole = all.nodes, true
	if s, ok := all.scanner.(interface{ graphs() map[int]string }); ok {
		r.kinds = s.graphs()
	}
	return nil
}

// assemble makes the cells of the element's fields.
func (r *reader) assemble() {
	e := &r.e
	several := false
	r.row.Cells = slices.Grow(r.row.Cells[:0], len(r.names))[:len(r.names)]
	clear(r.row.Cells)
	for i := range e.fields {
		f := &e.fields[i]
		column, ok := r.column(i, f.column)
		if !ok {
			if f.column != sourceLabel && f.column != targetLabel {
				e.blame(read.Malformed, "", "it has %q, which is none of the columns that were found", cut([]byte(f.column)))
			}
			continue
		}
		cell := &r.row.Cells[column]
		switch {
		case *cell != nil:
			several = true
		case f.value == nil:
			*cell = []byte{}
		default:
			*cell = f.value
		}
	}
	if several {
		r.join()
	}
	if i, ok := r.index[graphOf]; ok && r.row.Cells[i] == nil {
		r.row.Cells[i] = []byte(e.name)
	}
	if i, ok := r.index[label]; ok && e.part == Nodes && len(r.row.Cells[i]) == 0 {
		r.row.Cells[i] = e.title()
	}
	for i, cell := range r.row.Cells {
		if cell == nil {
			r.row.Cells[i] = []byte{}
		}
	}
}

// column returns the index of a column. Most elements have the same ones in the
// same order, so what the field there was of last time is tried first.
func (r *reader) column(field int, name string) (int, bool) {
	if field < len(r.last) && r.last[field].name == name {
		return r.last[field].index, true
	}
	i, ok := r.index[name]
	if !ok {
		return 0, false
	}
	for len(r.last) <= field {
		r.last = append(r.last, place{})
	}
	r.last[field] = place{name, i}
	return i, true
}

// place is where a column is.
type place struct {
	name  string
	index int
}

// join puts the values of each column that has several together.
func (r *reader) join() {
	r.order = r.order[:0]
	size := 0
	for i := range r.e.fields {
		if column, ok := r.index[r.e.fields[i].column]; ok {
			r.order = append(r.order, [2]int{column, i})
			size += len(r.e.fields[i].value) + len(read.Between)
		}
	}
	slices.SortFunc(r.order, func(a, b [2]int) int { return cmp.Or(a[0]-b[0], a[1]-b[1]) })
	r.joined = slices.Grow(r.joined[:0], size)
	from := 0
	for i, o := range r.order {
		if i > 0 && r.order[i-1][0] == o[0] {
			r.joined = append(r.joined, read.Between...)
		} else {
			from = len(r.joined)
		}
		r.joined = append(r.joined, r.e.fields[o[1]].value...)
		r.row.Cells[o[0]] = r.joined[from:len(r.joined):len(r.joined)]
	}
}

// weigh checks the weight of an edge.
func (r *reader) weigh() {
	i, ok := r.index[weight]
	if !ok || r.e.part != Edges || len(r.row.Cells[i]) == 0 || isNumber(r.row.Cells[i]) {
		return
	}
	for value := range bytes.SplitSeq(r.row.Cells[i], []byte(read.Between)) {
		if value = bytes.TrimSpace(value); len(value) > 0 && !isNumber(value) {
			r.e.blame(read.Malformed, weight, "the weight %q is no number", cut(value))
		}
	}
}

// cut shortens a value for a message.
func cut(value []byte) string {
	const most = 60
	if len(value) <= most {
		return string(value)
	}
	n := most
	for n > most-utf8.UTFMax && !utf8.RuneStart(value[n]) {
		n--
	}
	return string(value[:n]) + "…"
}

// tagged is cut for a name that stands in an error without quotes, such as that of a
// tag.
func tagged(name []byte) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return utf8.RuneError
		}
		return r
	}, strings.ToValidUTF8(cut(name), read.Lost))
}

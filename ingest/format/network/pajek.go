package network

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"rummage/ingest/read"
)

// A section of a Pajek file is what its lines are.
type section int

const (
	noSection section = iota
	vertices
	arcs
	links
	arcLists
	linkLists
	matrix
	otherSection
)

// pajek reads networks of Pajek (Batagelj and Mrvar: Pajek, reference manual,
// "Input files"), with two modes, several relations and time intervals.
type pajek struct {
	window   *window
	letters  *letters
	names    names
	config   config
	section  section
	relation []byte
	count    int      // of vertices
	first    int      // of those of the first mode; 0 if there is one mode only
	lines    []uint64 // vertices that have a line, one bit each
	missing  int      // vertices up to here that have none were given
	row      int      // of a matrix
	begun    bool     // the file has said how many vertices
	// A line with several edges: its text, its length with the end, and where to
	// go on.
	line   []byte
	length int
	at     int
	column int
	from   []byte
}

func newPajek(w *window, c config) scanner {
	return &pajek{window: w, letters: newLetters(c.encoding), names: names{}, config: c}
}

// knowsPajek tells Pajek's files by their first section.
func knowsPajek(text []byte, _ bool) bool {
	for line := range bytes.Lines(text) {
		line = bytes.TrimSpace(line)
		if len(line) == 0 || line[0] == '%' {
			continue
		}
		name, _, _ := strings.Cut(strings.ToLower(string(line[:min(len(line), 40)])), " ")
		return name == "*vertices" || name == "*network"
	}
	return false
}

func (p *pajek) next(e *element) error {
	for {
		if p.line != nil {
			if p.another(e) {
				return nil
			}
			p.window.pass(p.length)
			p.line = nil
			continue
		}
		if p.config.part == Edges && p.section > vertices && p.absent(e) {
			return nil
		}
		text, length, err := p.window.line()
		switch {
		case errors.Is(err, io.EOF):
			return p.finish(e)
		case errors.Is(err, errLong):
			return p.tooLong(e)
		case err != nil:
			return err
		}
		line := bytes.TrimSpace(text)
		switch {
		case len(line) == 0, line[0] == '%', line[0] == 0x1A:
			p.window.pass(length)
			continue
		case line[0] == '*':
			found, err := p.header(e, text)
			p.window.pass(length)
			if found || err != nil {
				return err
			}
			continue
		}
		if found, err := p.read(e, text, length); found || err != nil {
			return err
		}
	}
}

// finish gives the vertices without a line, which stand behind the file's end.
func (p *pajek) finish(e *element) error {
	if p.section == matrix && p.row < p.rows() {
		return fmt.Errorf("%w after row %d of a matrix of %d; fetch the whole file and read it again", io.ErrUnexpectedEOF, p.row, p.rows())
	}
	if p.absent(e) {
		return nil
	}
	return io.EOF
}

// absent gives the next vertex that is counted and has no line.
func (p *pajek) absent(e *element) bool {
	for p.missing < p.count {
		p.missing++
		if p.lines[p.missing/64]&(1<<(p.missing%64)) == 0 {
			e.reset(Nodes)
			e.addText(id, strconv.Itoa(p.missing))
			p.mode(e, p.missing)
			e.at = read.Position{Offset: p.window.at + int64(p.missing)}
			return true
		}
	}
	return false
}

// tooLong reports a line that is longer than a record.
func (p *pajek) tooLong(e *element) error {
	e.reset(Edges)
	if p.section <= vertices {
		e.reset(Nodes)
	}
	if p.section == matrix {
		p.row++
	}
	return long(p.window, e)
}

// long passes a line that is too long for a record and blames the element.
func long(w *window, e *element) error {
	first := w.at
	e.raw = bytes.Clone(w.rest()[:read.MaxRaw])
	length := int64(0)
	for {
		rest := w.rest()
		i := bytes.IndexAny(rest, "\r\n")
		if i < 0 {
			i = len(rest)
		}
		w.pass(i)
		length = w.at - first
		if len(w.rest()) > 0 {
			break
		}
		if !w.more() && !w.whole() {
			return w.err
		}
		if len(w.rest()) == 0 && w.whole() {
			break
		}
	}
	e.at = read.Position{Offset: first, Length: length}
	e.blame(read.RecordTooLong, "", "the line has %d bytes, more than the %d allowed for one record", length, read.MaxRecord)
	return nil
}

// header begins a section. It tells whether the element says that it cannot be
// read.
func (p *pajek) header(e *element, text []byte) (bool, error) {
	from, to, _ := word(text, 0)
	name := strings.ToLower(string(text[from:to]))
	if i := strings.IndexByte(name, ':'); i > 0 {
		name, to = name[:i], from+i
	}
	p.relation = nil
	switch name {
	case "*network":
		if p.begun {
			return false, fmt.Errorf("%w: several networks in one file; save each by itself", read.ErrFormat)
		}
	case "*vertices":
		return false, p.begin(text, to)
	case "*arcs":
		p.section = arcs
	case "*edges":
		p.section = links
	case "*arcslist":
		p.section = arcLists
	case "*edgeslist":
		p.section = linkLists
	case "*matrix":
		p.section, p.row = matrix, 0
	default:
		p.section = otherSection
		e.reset(Nodes)
		e.malformed("the section %q is not read; export it as a table", cut([]byte(name)))
		e.stand(p.window, 0, len(bytes.TrimRight(text, " \t")))
		return true, nil
	}
	// The relation has a number, and perhaps a name.
	for from, to, ok := word(text, to); ok; from, to, ok = word(text, to) {
		if value := bytes.Trim(text[from:to], `":`); len(value) > 0 {
			p.relation = bytes.Clone(value)
		}
	}
	return false, nil
}

// begin reads how many vertices there are.
func (p *pajek) begin(text []byte, to int) error {
	if p.begun {
		return fmt.Errorf("%w: several networks in one file; save each by itself", read.ErrFormat)
	}
	p.begun, p.section = true, vertices
	var counts []int
	for from, to, ok := word(text, to); ok; from, to, ok = word(text, to) {
		n, err := strconv.Atoi(string(text[from:to]))
		if err != nil || n < 0 {
			return fmt.Errorf("%w: %q vertices", read.ErrFormat, cut(text[from:to]))
		}
		counts = append(counts, n)
	}
	switch {
	case len(counts) == 0:
		return fmt.Errorf("%w: *Vertices without their number", read.ErrFormat)
	case counts[0] > mostNodes:
		return errNodes
	case len(counts) > 1 && counts[1] < counts[0]:
		p.first = counts[1]
	}
	p.count = counts[0]
	p.lines = make([]uint64, p.count/64+1)
	return nil
}

// read reads a line of a section. It tells whether it has found an element.
func (p *pajek) read(e *element, text []byte, length int) (bool, error) {
	switch p.section {
	case vertices:
		e.reset(Nodes)
		p.vertex(e, text)
	case arcs, links:
		e.reset(Edges)
		p.edge(e, text)
	case arcLists, linkLists:
		from, to, _ := word(text, 0)
		p.line, p.length, p.at, p.from = text, length, to, text[from:to]
		return false, nil
	case matrix:
		p.row++
		if n := words(text); n != p.columns() || p.row > p.rows() {
			e.reset(Edges)
			e.blame(read.TooFewCells, "", "row %d of a matrix has %d numbers; %d rows of %d are expected", p.row, n, p.rows(), p.columns())
			break
		}
		p.line, p.length, p.at, p.column, p.from = text, length, 0, 0, strconv.AppendInt(nil, int64(p.row), 10)
		return false, nil
	case noSection:
		return false, fmt.Errorf("%w: %q before any section", read.ErrFormat, cut(text))
	default:
		p.window.pass(length)
		return false, nil
	}
	from, _, _ := word(text, 0)
	e.stand(p.window, from, len(bytes.TrimRight(text, " \t")))
	p.window.pass(length)
	return true, nil
}

// rows and columns are the measures of the matrix.
func (p *pajek) rows() int {
	if p.first > 0 {
		return p.first
	}
	return p.count
}

func (p *pajek) columns() int { return p.count - p.first }

// mode says of which mode a vertex is.
func (p *pajek) mode(e *element, vertex int) {
	switch {
	case p.first == 0:
	case vertex <= p.first:
		e.addText("mode", "1")
	default:
		e.addText("mode", "2")
	}
}

// value returns a word without its quotes.
func (p *pajek) value(e *element, column string, text []byte) []byte {
	if n := len(text); n >= 2 && text[0] == '"' && text[n-1] == '"' {
		text = text[1 : n-1]
		if bytes.Contains(text, []byte(`""`)) {
			text = bytes.ReplaceAll(text, []byte(`""`), []byte(`"`))
		}
	}
	return p.letters.text(e, column, text)
}

// vertex reads the line of a vertex.
func (p *pajek) vertex(e *element, text []byte) {
	from, to, _ := word(text, 0)
	e.add(id, p.value(e, id, text[from:to]))
	n, err := strconv.Atoi(string(text[from:to]))
	if err != nil || n < 1 || n > p.count {
		e.blame(read.Malformed, id, "%q is no number of a vertex; they go from 1 to %d", cut(text[from:to]), p.count)
		return
	}
	p.lines[n/64] |= 1 << (n % 64)
	if from, to, ok := word(text, to); ok {
		e.add(label, p.value(e, label, text[from:to]))
	}
	_, to, _ = word(text, to)
	p.rest(e, text, to, "x", "y", "z")
	p.mode(e, n)
}

// edge reads the line of an arc or an edge.
func (p *pajek) edge(e *element, text []byte) {
	relation := p.relation
	from, to, _ := word(text, 0)
	if text[to-1] == ':' {
		// The line says itself of which relation it is.
		relation = text[from : to-1]
		from, to, _ = word(text, to)
	}
	e.add(source, p.value(e, source, text[from:to]))
	from, to, ok := word(text, to)
	if ok {
		e.add(target, p.value(e, target, text[from:to]))
	}
	p.direct(e)
	if relation != nil {
		e.add("relation", p.value(e, "relation", relation))
	}
	p.rest(e, text, to, weight)
}

// direct says that arcs are directed, and edges not.
func (p *pajek) direct(e *element) {
	if p.section == arcs || p.section == arcLists || p.section == matrix && p.first == 0 {
		e.addText(directed, "true")
		return
	}
	e.addText(directed, "false")
}

// rest reads what follows on a line: numbers, a shape, times, and parameters
// with their values.
func (p *pajek) rest(e *element, text []byte, at int, numbers ...string) {
	for from, to, ok := word(text, at); ok; from, to, ok = word(text, to) {
		w := text[from:to]
		switch {
		case len(numbers) > 0 && isNumber(w):
			e.add(numbers[0], w)
			numbers = numbers[1:]
			continue
		case w[0] == '[':
			p.times(e, w)
			continue
		case isNumber(w):
			e.malformed("the number %s where the name of a parameter is expected", cut(w))
			return
		}
		numbers = nil
		name := p.value(e, "", w)
		if e.part == Nodes && isShape(string(name)) {
			e.add("shape", name)
			continue
		}
		column := p.names.attribute(name, append(columnsOf(e.part), start, end, "relation")...)
		if column == "l" {
			column = label
		}
		next, behind, ok := word(text, to)
		if !ok {
			e.blame(read.Malformed, "", "%q without a value at the end of the line", cut(w))
			return
		}
		e.add(column, p.value(e, column, text[next:behind]))
		to = behind
	}
}

// isShape tells the words that say how a vertex is drawn.
func isShape(word string) bool {
	switch word {
	case "ellipse", "box", "diamond", "triangle", "cross", "empty", "house", "man", "woman":
		return true
	}
	return false
}

// another reads the next edge of a line that has several.
func (p *pajek) another(e *element) bool {
	for {
		from, to, ok := word(p.line, p.at)
		if !ok {
			return false
		}
		p.at = to
		p.column++
		value := p.line[from:to]
		if p.section == matrix && isZero(value) {
			continue
		}
		e.reset(Edges)
		e.add(source, p.value(e, source, p.from))
		if p.section == matrix {
			e.addText(target, strconv.Itoa(p.first+p.column))
			e.add(weight, value)
		} else {
			e.add(target, p.value(e, target, value))
		}
		p.direct(e)
		if p.relation != nil {
			e.add("relation", p.value(e, "relation", p.relation))
		}
		e.stand(p.window, from, to)
		return true
	}
}

// isZero tells whether a number is zero.
func isZero(number []byte) bool {
	for _, c := range number {
		switch {
		case c == 'e' || c == 'E':
			return true
		case c != '0' && c != '.' && c != '+' && c != '-':
			return false
		}
	}
	return true
}

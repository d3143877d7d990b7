package network

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"rummage/ingest/read"
)

// A grammar is what GraphML and GEXF have each for themselves.
type grammar interface {
	// root is the name of the outermost element.
	root() string
	// declares tells whether an element declares what others rest upon.
	declares(name string) bool
	// declare reads such an element.
	declare(e *element) error
	// element reads a node or an edge whose first token has just been read, up to
	// its end or to the graph within.
	element(e *element) error
	// late tells whether an element belongs to a node, and must not stand behind
	// the graph within it.
	late(name string) bool
}

// A frame is a graph that is open, or a node or edge that holds one.
type frame struct {
	graph    bool
	directed string // what an edge of the graph is that does not say
	part     string // of a holder
	id       []byte // of a holder
}

// A document reads the nodes and edges of an XML file.
type document struct {
	grammar grammar
	window  *window
	letters *letters
	names   names
	config  config
	m       markup
	opened  bool // the outermost element has begun
	closed  bool // and ended
	frames  []frame
	parent  []byte // id of the innermost holder
	path    []byte // ids of all
	graphs  int
	name    string // of the graph
	part    string // of the last element
	nested  bool   // the element that was read holds a graph
	waste   waste
}

func newDocument(w *window, c config) *document {
	return &document{window: w, letters: newLetters(c.encoding), names: names{}, config: c, part: Nodes}
}

// wrong returns what is wrong with the markup at the current token.
func (d *document) wrong(format string, args ...any) error {
	return flaw{d.m.token.from, fmt.Sprintf(format, args...)}
}

func (d *document) next(e *element) error {
	for {
		found, err := d.step(e)
		if f, ok := asFlaw(err); ok {
			e.reset(d.part)
			return d.damaged(e, read.Malformed, f.what)
		}
		if errors.Is(err, errLong) {
			e.reset(d.begun())
			return d.tooLong(e)
		}
		if found || err != nil {
			return err
		}
	}
}

// begun says of which part the element is that begins here.
func (d *document) begun() string {
	rest := d.window.rest()
	name := rest[1:min(len(rest), longestName)]
	if i := bytes.IndexAny(name, " \t\r\n/>"); i >= 0 {
		name = name[:i]
	}
	switch string(local(name)) {
	case "node":
		return Nodes
	case "edge", "hyperedge":
		return Edges
	}
	return d.part
}

// tooLong reports an element that is longer than a record.
func (d *document) tooLong(e *element) error {
	return d.damaged(e, read.RecordTooLong, fmt.Sprintf("more than the %d bytes allowed for one record", maxUnit))
}

// step reads a token between elements, or an element.
func (d *document) step(e *element) (found bool, err error) {
	if err := d.peek(); err != nil {
		return false, err
	}
	t := &d.m.token
	switch t.kind {
	case isStart:
		return d.begin(e, string(t.name))
	case isEnd:
		d.finish(string(t.name))
	}
	d.window.pass(t.to)
	return false, nil
}

// parse hands what is unread to read, again with more of it for as long as it
// falls short.
func (d *document) parse(read func() error) error {
	w := d.window
	for {
		d.m = markup{text: w.rest(), whole: w.whole(), prolog: !d.opened, token: token{pairs: d.m.token.pairs}}
		err := d.m.next()
		if err == nil {
			err = read()
		}
		if !errors.Is(err, errShort) {
			return err
		}
		if err := d.more(); err != nil {
			return err
		}
	}
}

// more reads on. errLong means that a record would be too long.
func (d *document) more() error {
	w := d.window
	switch {
	case len(w.rest()) > maxUnit:
		return errLong
	case w.more():
		return nil
	case !w.whole():
		return w.err
	case d.m.whole:
		return fmt.Errorf("%w within <%s>; fetch the whole file and read it again", io.ErrUnexpectedEOF, d.grammar.root())
	}
	return nil
}

// maxUnit is the longest element in bytes.
const maxUnit = read.MaxRecord

// peek reads the next token and leaves it where it is. Text between elements is
// passed.
func (d *document) peek() error {
	w := d.window
	for {
		for len(w.rest()) == 0 || w.rest()[0] != '<' {
			i := bytes.IndexByte(w.rest(), '<')
			if i < 0 {
				i = len(w.rest())
			}
			w.pass(i)
			if len(w.rest()) > 0 || w.more() {
				continue
			}
			switch {
			case !w.whole():
				return w.err
			case d.closed:
				return io.EOF
			}
			return fmt.Errorf("%w within <%s>; fetch the whole file and read it again", io.ErrUnexpectedEOF, d.grammar.root())
		}
		err := d.parse(func() error { return nil })
		if errors.Is(err, errLong) && !nameBegins(w.rest()[1]) {
			return fmt.Errorf("%w: a comment or section of more than %d bytes", read.ErrFormat, maxUnit)
		}
		return err
	}
}

// begin deals with the beginning of an element, and tells whether it was a node
// or edge.
func (d *document) begin(e *element, name string) (bool, error) {
	t := &d.m.token
	switch {
	case !d.opened:
		if name != d.grammar.root() {
			return false, fmt.Errorf("%w: <%s> where <%s> is expected", read.ErrFormat, tagged(t.name), d.grammar.root())
		}
		d.opened, d.closed = true, t.closed
	case d.closed:
		return false, fmt.Errorf("%w: <%s> behind the end of <%s>; two files may have been joined", errBroken, tagged(t.name), d.grammar.root())
	case name == "node":
		return true, d.unit(e, Nodes)
	case name == "edge", name == "hyperedge":
		return true, d.unit(e, Edges)
	case name == "graph":
		return false, d.open(t)
	case d.grammar.declares(name):
		return false, d.parse(func() error {
			e.reset(Nodes)
			err := d.grammar.declare(e)
			if err == nil {
				d.window.pass(d.m.at)
			}
			return err
		})
	case name == "nodes", name == "edges":
	case len(d.frames) > 0 && !d.frames[len(d.frames)-1].graph && d.grammar.late(name):
		return true, d.tooLate(e)
	default:
		return false, d.skip()
	}
	d.window.pass(d.m.token.to)
	return false, nil
}

// open begins a graph.
func (d *document) open(t *token) error {
	if len(d.frames) >= deepest {
		return fmt.Errorf("%w: graphs within each other more than %d deep", read.ErrFormat, deepest/2)
	}
	if len(d.frames) == 0 {
		d.graphs++
		e := new(element)
		d.name = string(clean(d.value(e, graphOf, t.get("id"))))
	}
	directed := ""
	kind := t.get("edgedefault")
	if kind == nil {
		kind = t.get("defaultedgetype")
	}
	switch string(kind) {
	case "directed":
		directed = "true"
	case "undirected":
		directed = "false"
	case "mutual":
		directed = "mutual"
	default:
		if d.grammar.root() == GEXF {
			directed = "false" // as its specification says
		}
	}
	if !t.closed {
		d.frames = append(d.frames, frame{graph: true, directed: directed})
	}
	d.window.pass(t.to)
	return nil
}

// finish ends what an end tag ends, and lets a stray one pass: it may belong to
// an element that was damaged.
func (d *document) finish(name string) {
	n := len(d.frames)
	switch {
	case name == "graph":
		for n > 0 && !d.frames[n-1].graph {
			n--
		}
		n = max(n-1, 0)
	case (name == "node" || name == "edge") && n > 0 && !d.frames[n-1].graph:
		n--
	case name == d.grammar.root():
		n = 0
		d.closed = true
	}
	d.frames = d.frames[:n]
	d.locate()
}

// locate notes which nodes and edges hold the graph that is open.
func (d *document) locate() {
	d.parent, d.path = nil, d.path[:0]
	for _, f := range d.frames {
		if f.graph {
			continue
		}
		if d.parent != nil {
			d.path = append(d.path, read.Between...)
		}
		d.parent, d.path = f.id, append(d.path, f.id...)
	}
}

// unit reads a node or an edge.
func (d *document) unit(e *element, part string) error {
	d.part = part
	err := d.parse(func() error {
		e.reset(part)
		e.graph, e.name = d.graphs, d.name
		d.nested = false
		if err := d.grammar.element(e); err != nil || d.m.at <= maxUnit {
			return err
		}
		return errLong
	})
	f, flawed := asFlaw(err)
	switch {
	case flawed:
		return d.damaged(e, read.Malformed, f.what)
	case errors.Is(err, errLong):
		return d.tooLong(e)
	case err != nil:
		return err
	}
	if d.parent != nil {
		if part == Nodes {
			e.add(parent, d.parent)
		}
		e.add(path, e.keep(d.path))
	}
	to := d.m.at
	if d.nested {
		if len(d.frames) >= deepest {
			return fmt.Errorf("%w: graphs within each other more than %d deep", read.ErrFormat, deepest/2)
		}
		to = len(bytes.TrimRight(d.m.text[:to], " \t\r\n"))
		d.frames = append(d.frames, frame{part: part, id: clean(e.get(id))})
		d.locate()
	}
	e.stand(d.window, 0, to)
	d.window.pass(d.m.at)
	return nil
}

// tooLate reads what belongs to a node and stands behind the graph within it.
func (d *document) tooLate(e *element) error {
	holder := d.frames[len(d.frames)-1]
	if err := d.parse(d.pass); err != nil {
		return err
	}
	e.reset(holder.part)
	e.malformed("<%s> of %q stands behind what lies within that; it must stand before", tagged(d.m.token.name), cut(holder.id))
	e.stand(d.window, 0, d.m.at)
	d.window.pass(d.m.at)
	return nil
}

// inside refuses a node or edge within an element that holds none: the end of
// that is missing, and without this it would be looked for to the end of the file.
func (d *document) inside(holder []byte) error {
	switch name := string(d.m.token.name); name {
	case "node", "edge", "hyperedge":
		return d.wrong("<%s> within <%s>, whose end may be missing", name, tagged(holder))
	}
	return nil
}

// pass moves the markup behind the element that has just begun.
func (d *document) pass() error {
	name := d.m.token.name
	if err := d.inside(name); err != nil || d.m.token.closed {
		return err
	}
	for depth := 1; depth > 0; {
		if err := d.m.next(); err != nil {
			return err
		}
		switch t := &d.m.token; t.kind {
		case isEnd:
			depth--
		case isStart:
			if err := d.inside(name); err != nil {
				return err
			}
			if !t.closed {
				depth++
			}
		}
		if depth > deepest {
			return d.wrong("elements within each other more than %d deep", deepest)
		}
	}
	return nil
}

// skip passes the element that begins here, however long it is.
func (d *document) skip() error {
	for depth := 0; ; {
		if err := d.peek(); err != nil {
			return err
		}
		switch t := &d.m.token; {
		case t.kind == isEnd:
			depth--
		case t.kind == isStart && !t.closed:
			depth++
		}
		if depth > deepest {
			return fmt.Errorf("%w: elements within each other more than %d deep", read.ErrFormat, deepest)
		}
		d.window.pass(d.m.token.to)
		if depth <= 0 {
			return nil
		}
	}
}

// damaged reports an element that cannot be read, and moves to the next one that
// seems sound.
func (d *document) damaged(e *element, reason read.Reason, what string) error {
	e.blame(reason, "", "%s; reading goes on at the next node or edge", what)
	for i := range e.fields {
		e.fields[i].value = e.keep(e.fields[i].value)
	}
	w := d.window
	first, scanned := w.at, int64(d.m.at)
	if reason == read.RecordTooLong {
		scanned = int64(len(w.rest()))
	}
	e.raw = nil
	e.graph, e.name = d.graphs, d.name
	for from := 1; ; {
		rest := w.rest()
		i := sound(rest, from, w.whole())
		if i < 0 && !w.whole() {
			from = max(1, len(rest)-longestName)
			if len(rest) > maxUnit {
				e.quote(rest[:from])
				w.pass(from)
				from = 0
			}
			if w.more() || w.whole() {
				continue
			}
			return w.err
		}
		if i < 0 {
			i = len(rest)
		}
		e.quote(rest[:i])
		w.pass(i)
		e.at = read.Position{Offset: first, Length: w.at - first}
		return d.waste.spend(scanned, e.at.Length)
	}
}

// longestName is how many bytes a tag needs to be known.
const longestName = 64

// sound returns the index of the next tag from which reading can go on, -1 if
// there is none yet.
func sound(text []byte, from int, whole bool) int {
	for {
		i := bytes.IndexByte(text[min(from, len(text)):], '<')
		if i < 0 {
			return -1
		}
		from += i
		name := text[from+1:]
		end := bytes.HasPrefix(name, []byte("/"))
		if end {
			name = name[1:]
		}
		n := bytes.IndexAny(name[:min(len(name), longestName)], " \t\r\n/>")
		if n < 0 && len(name) < longestName && !whole {
			return -1
		}
		if n > 0 {
			switch string(local(name[:n])) {
			case "node", "edge", "hyperedge":
				if !end {
					return from
				}
			case "graph", "nodes", "edges", GraphML, GEXF:
				return from
			}
		}
		from++
	}
}

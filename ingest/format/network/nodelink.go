package network

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"

	"rummage/ingest/read"
)

// A role is what an open object or list of JSON holds.
type role uint8

const (
	body      role = iota // keys of a graph
	optionsOf             // graphology's words about the graph
	nodeList
	nodeMap // by id
	linkList
	hyperList
	elements // nodes and edges
	graphList
)

// A level is an object or list that is open.
type level struct {
	role     role
	graph    int // which of the file's graphs; 0: none yet
	jgf      bool
	name     string
	directed string // true, false, or not said
}

// nodeLink reads graphs in JSON: {nodes, links or edges} as NetworkX, D3,
// sigma.js, graphology and vis.js write them, Cytoscape's {elements} or list of
// elements, and the JSON Graph Format, version 1 and 2 ({graph} or {graphs}).
type nodeLink struct {
	window  *window
	letters *letters
	names   names
	config  config
	j       jsonText
	levels  []level
	opened  bool
	count   int            // of graphs
	index   int            // of the next node of the graph
	kinds   map[int]string // of graphs: directed or not
	column  []byte         // of a nested value, while it is put together
	waste   waste
}

func newNodeLink(w *window, c config) scanner {
	return &nodeLink{window: w, letters: newLetters(c.encoding), names: names{}, config: c, kinds: map[int]string{}, j: jsonText{lead: leadOf(c.encoding)}}
}

// graphs says which graphs are directed.
func (n *nodeLink) graphs() map[int]string { return n.kinds }

// top is the innermost level.
func (n *nodeLink) top() *level { return &n.levels[len(n.levels)-1] }

// parse hands what is unread to read, again with more of it for as long as it
// falls short.
func (n *nodeLink) parse(read func() error) error {
	w := n.window
	for {
		n.j.text, n.j.at, n.j.whole = w.rest(), 0, w.whole()
		err := read()
		if !errors.Is(err, errShort) {
			return err
		}
		switch {
		case len(w.rest()) > maxUnit:
			return errLong
		case w.more():
		case !w.whole():
			return w.err
		case n.j.whole:
			return fmt.Errorf("%w within the outermost value; fetch the whole file and read it again", io.ErrUnexpectedEOF)
		}
	}
}

// peek moves to the next byte that is no space. io.EOF: there is none.
func (n *nodeLink) peek() (byte, error) {
	w := n.window
	for {
		rest := w.rest()
		i := len(rest) - len(bytes.TrimLeft(rest, " \t\r\n"))
		w.pass(i)
		switch {
		case i < len(rest):
			return rest[i], nil
		case w.more():
		case !w.whole():
			return 0, w.err
		case len(w.rest()) == 0:
			return 0, io.EOF
		}
	}
}

func (n *nodeLink) next(e *element) error {
	for {
		found, err := n.step(e)
		switch f, flawed := asFlaw(err); {
		case flawed:
			return fmt.Errorf("%w: byte %d: %s", errBroken, n.window.at+n.window.width(n.window.rest()[:f.at]), f.what)
		case errors.Is(err, errLong):
			return fmt.Errorf("%w: byte %d: a value of more than %d bytes", errBroken, n.window.at, maxUnit)
		case found || err != nil:
			return err
		}
	}
}

// step reads a key, a mark, or an element.
func (n *nodeLink) step(e *element) (bool, error) {
	c, err := n.peek()
	switch {
	case errors.Is(err, io.EOF) && n.opened && len(n.levels) == 0:
		return false, io.EOF
	case errors.Is(err, io.EOF):
		return false, fmt.Errorf("%w within the outermost value; fetch the whole file and read it again", io.ErrUnexpectedEOF)
	case err != nil:
		return false, err
	case len(n.levels) == 0:
		return false, n.begin(c)
	case c == ',':
		n.window.pass(1)
		return false, nil
	case c == ']' || c == '}':
		n.close()
		return false, nil
	}
	switch role := n.top().role; role {
	case body, optionsOf:
		return false, n.member()
	case nodeMap:
		return true, n.element(e, Nodes)
	case graphList:
		if c != '{' {
			return false, n.skip()
		}
		return false, n.enter(level{role: body, jgf: true})
	case nodeList, elements:
		return true, n.element(e, Nodes)
	}
	return true, n.element(e, Edges)
}

// begin opens the outermost value.
func (n *nodeLink) begin(c byte) error {
	if n.opened {
		return fmt.Errorf("%w: more behind the end; two files may have been joined", errBroken)
	}
	n.opened = true
	switch c {
	case '{':
		return n.enter(level{role: body})
	case '[':
		n.count = 1
		return n.enter(level{role: elements, graph: 1})
	}
	return fmt.Errorf("%w: no object and no list", read.ErrFormat)
}

// enter opens what begins here.
func (n *nodeLink) enter(l level) error {
	if len(n.levels) >= deepest {
		return fmt.Errorf("%w: objects within each other more than %d deep", read.ErrFormat, deepest)
	}
	n.levels = append(n.levels, l)
	n.window.pass(1)
	return nil
}

// close ends the innermost level.
func (n *nodeLink) close() {
	l := *n.top()
	n.levels = n.levels[:len(n.levels)-1]
	if l.role == body && l.jgf && l.graph > 0 && n.kinds[l.graph] == "" {
		n.kinds[l.graph] = "true" // as its specification says
	}
	if l.role == optionsOf && l.directed != "" {
		n.say(n.top(), l.directed)
	}
	n.window.pass(1)
}

// say notes whether a graph is directed.
func (n *nodeLink) say(l *level, directed string) {
	l.directed = directed
	if l.graph > 0 {
		n.kinds[l.graph] = directed
	}
}

// member reads a key of a graph, and its value or the beginning of that.
func (n *nodeLink) member() error {
	var key string
	var c byte
	err := n.parse(func() error {
		raw, _, err := n.j.str()
		if err == nil {
			err = n.j.expect(':')
		}
		if err == nil {
			c, err = n.j.peek()
		}
		key = string(raw)
		return err
	})
	if err != nil {
		return err
	}
	n.window.pass(n.j.at)
	l := *n.top()
	if l.role == body {
		switch {
		case key == "nodes" && c == '[':
			return n.enter(level{role: nodeList, graph: n.graph()})
		case key == "nodes" && c == '{':
			return n.enter(level{role: nodeMap, graph: n.graph()})
		case (key == "links" || key == "edges") && c == '[':
			return n.enter(level{role: linkList, graph: n.graph()})
		case key == "hyperedges" && c == '[':
			return n.enter(level{role: hyperList, graph: n.graph()})
		case key == "elements" && c == '[':
			return n.enter(level{role: elements, graph: n.graph()})
		case (key == "elements" || key == "graph") && c == '{':
			return n.enter(level{role: body, jgf: key == "graph"})
		case key == "graphs" && c == '[':
			return n.enter(level{role: graphList})
		case key == "options" && c == '{':
			return n.enter(level{role: optionsOf})
		}
	}
	if c == '{' || c == '[' {
		return n.skip()
	}
	return n.parse(func() error { return n.word(key) })
}

// graph returns the number of the graph whose body is open.
func (n *nodeLink) graph() int {
	l := n.top()
	if l.graph == 0 {
		n.count++
		l.graph, n.index = n.count, 0
		if l.directed != "" {
			n.kinds[l.graph] = l.directed
		}
	}
	return l.graph
}

// word reads a string or number that says something about a graph.
func (n *nodeLink) word(key string) error {
	c, err := n.j.peek()
	if err != nil {
		return err
	}
	var raw []byte
	if c == '"' {
		raw, _, err = n.j.str()
	} else {
		raw, err = n.j.scalar()
	}
	if err != nil {
		return err
	}
	l := n.top()
	switch value := string(raw); {
	case l.role == optionsOf && key == "type" && (value == "directed" || value == "mixed"):
		l.directed = "true"
	case l.role == optionsOf && key == "type" && value == "undirected":
		l.directed = "false"
	case l.role != body:
	case key == directed && (value == "true" || value == "false"):
		n.say(l, value)
	case key == id || l.name == "" && (key == "label" || key == "name"):
		l.name = string(clean(n.letters.text(new(element), "", raw)))
	}
	n.window.pass(n.j.at)
	return nil
}

// skip passes the value that begins here, however long it is.
func (n *nodeLink) skip() error {
	w := n.window
	depth, inside, escaped := 0, false, false
	for {
		for i, c := range w.rest() {
			switch {
			case escaped:
				escaped = false
			case inside && c == '\\':
				escaped = true
			case c == '"':
				inside = !inside
			case inside:
			case c == '{' || c == '[':
				depth++
			case c == '}' || c == ']':
				depth--
			}
			if inside && !escaped && n.j.lead != nil && n.j.lead(c) {
				escaped = true
			}
			if depth == 0 && !inside {
				w.pass(i + 1)
				return nil
			}
		}
		w.pass(len(w.rest()))
		if !w.more() {
			if !w.whole() {
				return w.err
			}
			return fmt.Errorf("%w within a value; fetch the whole file and read it again", io.ErrUnexpectedEOF)
		}
	}
}

// element reads a node or an edge.
func (n *nodeLink) element(e *element, part string) error {
	l := *n.top()
	err := n.parse(func() error {
		e.reset(part)
		e.graph, e.name = l.graph, n.name()
		read := n.value
		if l.role == nodeMap {
			read = n.named
		}
		if err := read(e); err != nil || n.j.at <= maxUnit {
			return err
		}
		return errLong
	})
	if l.role == nodeList || l.role == nodeMap || l.role == elements {
		n.index++
	}
	switch f, flawed := asFlaw(err); {
	case flawed:
		return n.damaged(e, read.Malformed, f.at, f.what)
	case errors.Is(err, errLong):
		return n.damaged(e, read.RecordTooLong, 0, fmt.Sprintf("more than the %d bytes allowed for one record", maxUnit))
	case err != nil:
		return err
	}
	n.finish(e, l)
	from := len(n.window.rest()[:n.j.at]) - len(bytes.TrimLeft(n.window.rest()[:n.j.at], " \t\r\n"))
	e.stand(n.window, from, n.j.at)
	n.window.pass(n.j.at)
	return nil
}

// name is that of the graph whose nodes or edges are open.
func (n *nodeLink) name() string {
	for i := len(n.levels) - 1; i >= 0; i-- {
		if l := n.levels[i]; l.role == body && l.graph > 0 && l.name != "" {
			return l.name
		}
	}
	return strconv.Itoa(n.top().graph)
}

// value reads an element of a list.
func (n *nodeLink) value(e *element) error {
	c, err := n.j.peek()
	switch {
	case err != nil:
		return err
	case c == '{':
		return n.object(e, "", 0)
	case n.top().role == nodeList && c != '[':
		return n.field(e, id, 0)
	}
	return n.j.wrong("%s where an object is expected", n.j.found())
}

// named reads a node behind its id.
func (n *nodeLink) named(e *element) error {
	if c, err := n.j.peek(); err != nil || c != '"' {
		if err == nil {
			err = n.j.wrong("%s where the id of a node is expected", n.j.found())
		}
		return err
	}
	if err := n.field(e, id, 0); err != nil {
		return err
	}
	if err := n.j.expect(':'); err != nil {
		return err
	}
	c, err := n.j.peek()
	if err == nil && c != '{' {
		_, err = n.j.scalar()
		return err
	}
	if err == nil {
		err = n.object(e, "", 0)
	}
	return err
}

// finish finds what an element is, and its id or its ends.
func (n *nodeLink) finish(e *element, l level) {
	if l.role == elements {
		group := string(e.get("group"))
		if group == Edges || group != Nodes && e.find(source) != nil && e.find(target) != nil {
			e.part = Edges
		}
	}
	if l.role == hyperList {
		e.malformed("a hyperedge is no row of two; write it as a node with an edge to each end")
	}
	if e.part == Nodes {
		if !e.rename(id, id, "key") {
			e.unnamed = true
			e.addText(id, strconv.Itoa(n.index-1))
		}
		return
	}
	e.rename(source, source, "from", "source.id")
	e.rename(target, target, "to", "target.id")
	switch undirected := e.find("undirected"); {
	case e.find(directed) != nil:
	case undirected != nil:
		e.addText(directed, strconv.FormatBool(string(undirected.value) != "true"))
	case n.kinds[l.graph] != "":
		e.addText(directed, n.kinds[l.graph])
	default:
		e.undecided = true
	}
}

// rename gives the first field that is called as one of others another column,
// and tells whether there is one.
func (e *element) rename(column string, others ...string) bool {
	for _, other := range others {
		if f := e.find(other); f != nil {
			f.column = column
			return true
		}
	}
	return false
}

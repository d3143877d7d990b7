package network

import (
	"bytes"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"

	"gonum.org/v1/gonum/graph/formats/dot"
	"gonum.org/v1/gonum/graph/formats/dot/ast"

	"rummage/ingest/read"
)

const (
	// mostDOT is how many bytes a DOT file may have. The parser needs about a
	// hundred times as many.
	mostDOT = 4 << 20
	// mostDrawn is how many edges it may stand for: one line can name all between
	// two sets.
	mostDrawn = 1 << 20
)

// dotFile reads the DOT language of Graphviz. The parser is gonum's; it says of
// nothing where it stands, so positions are the row's number and 1, and a file
// with a mistake is refused as a whole.
type dotFile struct {
	window  *window
	letters *letters
	names   names
	config  config
	loaded  bool
	nodes   []*drawn
	edges   []*drawn
	at      int // of the next element, nodes first
	graphs  int
}

// drawn is a node or an edge.
type drawn struct {
	graph  int
	name   string // of the graph
	fields []entry
	shared []entry  // with others of its kind; fields count before them
	path   []string // of subgraphs around it
}

// entry is an attribute with its value.
type entry struct{ column, value string }

func newDOT(w *window, c config) scanner {
	return &dotFile{window: w, letters: newLetters(c.encoding), names: names{}, config: c}
}

// beginning is how DOT files begin, once comments are taken away.
var beginning = regexp.MustCompile(`(?is)^\s*(strict\s+)?(di)?graph(\s+("[^"]*"|[\pL\pN_.-]+))?\s*\{`)

// knowsDOT tells DOT by its first words.
func knowsDOT(text []byte, _ bool) bool {
	text = text[:min(len(text), 1<<16)]
	for {
		text = bytes.TrimLeft(text, " \t\r\n")
		mark := "\n"
		switch {
		case bytes.HasPrefix(text, []byte("/*")):
			mark = "*/"
		case !bytes.HasPrefix(text, []byte("//")) && !bytes.HasPrefix(text, []byte("#")):
			return beginning.Match(text)
		}
		_, rest, ok := bytes.Cut(text, []byte(mark))
		if !ok {
			return false
		}
		text = rest
	}
}

func (d *dotFile) next(e *element) error {
	if !d.loaded {
		if err := d.load(); err != nil {
			return err
		}
		d.loaded = true
	}
	list, part, number := d.nodes, Nodes, d.at
	if number >= len(d.nodes) {
		list, part, number = d.edges, Edges, d.at-len(d.nodes)
	}
	if number >= len(list) {
		return io.EOF
	}
	d.at++
	e.reset(part)
	one := list[number]
	e.graph, e.name = one.graph, one.name
	for _, f := range append(one.fields[:len(one.fields):len(one.fields)], one.rest()...) {
		value := e.keep([]byte(f.value))
		d.letters.check(e, f.column, value)
		e.add(f.column, value)
	}
	if n := len(one.path); n > 0 {
		if part == Nodes {
			e.addText(parent, one.path[n-1])
		}
		e.addText(path, strings.Join(one.path, read.Between))
	}
	e.at = read.Position{Offset: int64(number + 1), Length: 1}
	return nil
}

// load parses the file.
func (d *dotFile) load() error {
	w := d.window
	for w.more() {
		if len(w.rest()) > mostDOT {
			return fmt.Errorf("%w: a DOT file of more than %d bytes; convert it to GraphML, or its edges to CSV", read.ErrFormat, mostDOT)
		}
	}
	if !w.whole() {
		return w.err
	}
	text := w.rest()
	if !d.letters.plain {
		text = d.letters.decoder.Decode(nil, text)
	}
	depth := 0
	for _, c := range text {
		switch c {
		case '{':
			depth++
		case '}':
			depth--
		}
		if depth > deepest {
			return fmt.Errorf("%w: graphs within each other more than %d deep", read.ErrFormat, deepest)
		}
	}
	file, err := dot.ParseBytes(text)
	if err != nil {
		return fmt.Errorf("%w: %w", read.ErrFormat, err)
	}
	for _, g := range file.Graphs {
		d.graphs++
		s := &sketch{file: d, graph: d.graphs, name: string(clean([]byte(plainID(g.ID)))), directed: fmt.Sprint(g.Directed), nodes: map[string]*drawn{}}
		if _, err := s.statements(g.Stmts, scope{}); err != nil {
			return err
		}
	}
	w.pass(len(w.rest()))
	return nil
}

// sketch draws one graph.
type sketch struct {
	file     *dotFile
	graph    int
	name     string
	directed string
	nodes    map[string]*drawn
}

// scope is what holds within a subgraph, from a statement on.
type scope struct {
	path        []string
	nodes, ties []entry // attributes that new ones get
}

// statements draws what they say and returns the nodes that they name, each once.
func (s *sketch) statements(all []ast.Stmt, in scope) ([]string, error) {
	in.path, in.nodes, in.ties = in.path[:len(in.path):len(in.path)], in.nodes[:len(in.nodes):len(in.nodes)], in.ties[:len(in.ties):len(in.ties)]
	var named []string
	seen := map[string]bool{}
	note := func(ids []string) {
		for _, id := range ids {
			if !seen[id] {
				seen[id] = true
				named = append(named, id)
			}
		}
	}
	for _, statement := range all {
		switch t := statement.(type) {
		case *ast.NodeStmt:
			ids, err := s.vertex(t.Node, in)
			if err != nil {
				return nil, err
			}
			n := s.nodes[ids[0]]
			if n.fields, err = set(n.fields, s.entries(Nodes, t.Attrs)); err != nil {
				return nil, err
			}
			note(ids)
		case *ast.EdgeStmt:
			ids, err := s.edges(t, in)
			if err != nil {
				return nil, err
			}
			note(ids)
		case *ast.AttrStmt:
			var err error
			switch t.Kind {
			case ast.NodeKind:
				in.nodes, err = set(in.nodes, s.entries(Nodes, t.Attrs))
			case ast.EdgeKind:
				in.ties, err = set(in.ties, s.entries(Edges, t.Attrs))
			}
			if err != nil {
				return nil, err
			}
		case *ast.Subgraph:
			ids, err := s.vertex(t, in)
			if err != nil {
				return nil, err
			}
			note(ids)
		}
	}
	return named, nil
}

// vertex returns the nodes that stand at an end of an edge, and draws those that
// are new.
func (s *sketch) vertex(v ast.Vertex, in scope) ([]string, error) {
	if g, ok := v.(*ast.Subgraph); ok {
		if g.ID != "" {
			in.path = append(in.path[:len(in.path):len(in.path)], string(clean([]byte(plainID(g.ID)))))
		}
		return s.statements(g.Stmts, in)
	}
	n, ok := v.(*ast.Node)
	if !ok {
		return nil, fmt.Errorf("%w: %s is no node", read.ErrFormat, v)
	}
	name := plainID(n.ID)
	if s.nodes[name] == nil {
		one := &drawn{graph: s.graph, name: s.name, path: in.path, fields: []entry{{id, name}}, shared: in.nodes}
		s.nodes[name] = one
		s.file.nodes = append(s.file.nodes, one)
	}
	return []string{name}, nil
}

// edges draws a chain of edges and returns the nodes in it.
func (s *sketch) edges(t *ast.EdgeStmt, in scope) ([]string, error) {
	from, err := s.vertex(t.From, in)
	if err != nil {
		return nil, err
	}
	attributes, err := set(in.ties, s.entries(Edges, t.Attrs))
	if err != nil {
		return nil, err
	}
	all := from
	left := t.From
	for tie := t.To; tie != nil; tie = tie.To {
		to, err := s.vertex(tie.Vertex, in)
		if err != nil {
			return nil, err
		}
		if len(from)*len(to)+len(s.file.edges) > mostDrawn {
			return nil, fmt.Errorf("%w: a DOT file that stands for more than %d edges; convert it to GraphML or CSV", read.ErrFormat, mostDrawn)
		}
		ports := append(port("tailport", left), port("headport", tie.Vertex)...)
		for _, a := range from {
			for _, b := range to {
				one := &drawn{graph: s.graph, name: s.name, path: in.path, shared: attributes}
				one.fields = append(append(one.fields, entry{source, a}, entry{target, b}, entry{directed, s.directed}), ports...)
				s.file.edges = append(s.file.edges, one)
			}
		}
		all = append(all, to...)
		left, from = tie.Vertex, to
	}
	return all, nil
}

// port is where at a node an edge ends.
func port(column string, v ast.Vertex) []entry {
	n, ok := v.(*ast.Node)
	if !ok || n.Port == nil {
		return nil
	}
	return []entry{{column, strings.TrimPrefix(n.Port.String(), ":")}}
}

// entries returns attributes under their columns.
func (s *sketch) entries(part string, all []*ast.Attr) []entry {
	list := make([]entry, 0, len(all))
	for _, a := range all {
		column := s.file.names.attribute([]byte(plainID(a.Key)), columnsOf(part)...)
		list = append(list, entry{column, plainID(a.Val)})
	}
	return list
}

// rest returns what an element shares with others and does not say itself.
func (d *drawn) rest() []entry {
	var list []entry
	for _, e := range d.shared {
		if !slices.ContainsFunc(d.fields, func(own entry) bool { return own.column == e.column }) {
			list = append(list, e)
		}
	}
	return list
}

// mostAttributes is how many attributes an element of DOT may have.
const mostAttributes = 200

// set returns entries with others put in, which count where both have one.
func set(old, others []entry) ([]entry, error) {
	list := append([]entry{}, old...)
	for _, e := range others {
		known := false
		for i := range list {
			if list[i].column == e.column {
				list[i], known = e, true
			}
		}
		if !known {
			list = append(list, e)
		}
		if len(list) > mostAttributes {
			return nil, fmt.Errorf("%w: an element of DOT with more than %d attributes; convert it to GraphML or CSV", read.ErrFormat, mostAttributes)
		}
	}
	return list, nil
}

// plainID returns an identifier or value without its quotes. Escapes other than
// that of a quote are left to whoever draws.
func plainID(text string) string {
	if len(text) < 2 || text[0] != '"' || text[len(text)-1] != '"' {
		return text
	}
	return strings.NewReplacer("\\\r\n", "", "\\\n", "", `\"`, `"`).Replace(text[1 : len(text)-1])
}

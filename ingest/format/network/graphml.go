package network

import (
	"bytes"
	"fmt"
	"slices"

	"rummage/ingest/read"
)

// What GraphML and GEXF fill themselves, so that attributes of these names get
// others.
var (
	nodeColumns = []string{id, parent, path, graphOf}
	edgeColumns = []string{id, source, target, sourceLabel, targetLabel, directed, path, graphOf}
)

// columnsOf returns those of a part.
func columnsOf(part string) []string {
	if part == Nodes {
		return nodeColumns
	}
	return edgeColumns
}

// graphML reads GraphML (Brandes, Eiglsperger, Lerner: GraphML Primer; the
// schema of 1.1), and the labels that yEd keeps in drawings.
type graphML struct {
	*document
	keys    map[string]map[string]*key // by part and id
	presets map[string][]*key          // with a default, in the order of their declaration
	count   uint64                     // of elements
	own     int                        // fields of the element that are attributes in XML
}

// A key declares an attribute.
type key struct {
	column string
	preset []byte // its default, or nil
	used   uint64 // the last element that has it
}

// errKeys: a file declares more attributes than can be columns.
var errKeys = fmt.Errorf("%w: more than %d attributes are declared", read.ErrFormat, read.MaxColumns)

func newGraphML(w *window, c config) scanner {
	d := newDocument(w, c)
	d.grammar = &graphML{document: d, keys: map[string]map[string]*key{Nodes: {}, Edges: {}}, presets: map[string][]*key{}}
	return d
}

func (g *graphML) root() string { return GraphML }

func (g *graphML) declares(name string) bool { return name == "key" }

func (g *graphML) late(name string) bool { return name == "data" || name == "port" || name == "desc" }

// declare reads a key.
func (g *graphML) declare(e *element) error {
	t := &g.m.token
	name := string(t.get("id"))
	called := t.get("attr.name")
	if kind := string(t.get("yfiles.type")); called == nil && (kind == "nodegraphics" || kind == "edgegraphics") {
		called = []byte(label)
	}
	if called == nil {
		called = []byte(name)
	}
	called = bytes.Clone(g.value(e, "", called))
	kind := string(t.get("for"))
	var preset []byte
	for open := !t.closed; open; {
		if err := g.m.next(); err != nil {
			return err
		}
		switch {
		case t.kind == isEnd:
			open = false
		case t.kind == isStart && string(t.name) == "default":
			value, err := g.content(e, "")
			if err != nil {
				return err
			}
			preset = append([]byte{}, clean(value)...)
		case t.kind == isStart:
			if err := g.pass(); err != nil {
				return err
			}
		}
	}
	if len(g.keys[Nodes])+len(g.keys[Edges]) > 2*read.MaxColumns {
		return errKeys
	}
	for _, part := range Sheets() {
		if kind != "" && kind != "all" && kind+"s" != part || g.keys[part][name] != nil {
			continue
		}
		k := &key{column: g.names.attribute(called, columnsOf(part)...), preset: preset}
		g.keys[part][name] = k
		g.config.declare(part, k.column)
		if preset != nil {
			g.presets[part] = append(g.presets[part], k)
		}
	}
	return nil
}

func (g *graphML) element(e *element) error {
	t := &g.m.token
	name := string(t.name)
	g.count++
	for _, p := range t.pairs {
		g.attribute(e, p)
	}
	g.own = len(e.fields)
	if e.part == Edges {
		g.direct(e, t.get("directed"))
	}
	ends := 0
	for open := !t.closed; open; {
		if err := g.m.next(); err != nil {
			return err
		}
		switch t.kind {
		case isEnd:
			if string(t.name) != name {
				return g.wrong("</%s> where </%s> is expected", tagged(t.name), name)
			}
			open = false
		case isStart:
			inner := string(t.name)
			if inner == "endpoint" {
				ends++
			}
			if err := g.child(e, inner); err != nil {
				return err
			}
			open = !g.nested
		}
	}
	for _, k := range g.presets[e.part] {
		if k.used != g.count {
			e.add(k.column, k.preset)
		}
	}
	if name == "hyperedge" {
		e.malformed("a hyperedge of %d ends is no row of two; write it as a node with an edge to each end", ends)
	}
	return nil
}

// attribute reads an attribute of the XML element.
func (g *graphML) attribute(e *element, p pair) {
	switch name := g.names.column(p.name); {
	case e.part == Edges && name == directed:
	case name == id, e.part == Edges && (name == source || name == target):
		e.add(name, g.value(e, name, p.value))
	case bytes.HasPrefix(p.name, []byte("parse.")):
		// Hints to readers about sizes.
	default:
		column := g.names.attribute(p.name, columnsOf(e.part)...)
		e.add(column, g.value(e, column, p.value))
	}
}

// direct says whether an edge is directed.
func (g *graphML) direct(e *element, written []byte) {
	switch string(bytes.TrimSpace(written)) {
	case "":
		e.addText(directed, g.inherited())
	case "true", "1":
		e.addText(directed, "true")
	case "false", "0":
		e.addText(directed, "false")
	default:
		e.add(directed, g.value(e, directed, written))
		e.blame(read.Malformed, directed, "directed is %q, and must be true or false", cut(written))
	}
}

// child reads an element within a node or an edge.
func (g *graphML) child(e *element, name string) error {
	t := &g.m.token
	switch name {
	case "data":
		id := t.get("key")
		k := g.keys[e.part][string(id)]
		if k == nil {
			// Nobody declared it.
			k = &key{column: g.names.attribute(g.value(e, "", id), columnsOf(e.part)...)}
		}
		k.used = g.count
		value, err := g.content(e, k.column)
		for _, f := range e.fields[:g.own] {
			if f.column == k.column && bytes.Equal(f.value, value) {
				// Neo4j says it twice, as an attribute in XML too.
				return err
			}
		}
		e.add(k.column, value)
		return err
	case "desc":
		value, err := g.content(e, "desc")
		e.add("desc", value)
		return err
	case "port":
		e.add("port", g.value(e, "port", t.get("name")))
	case "graph":
		g.nested = true
		g.m.at = t.from
		return nil
	}
	return g.pass()
}

// inherited is what an edge is that does not say whether it is directed.
func (d *document) inherited() string {
	for _, f := range slices.Backward(d.frames) {
		if f.graph {
			return f.directed
		}
	}
	return ""
}

package network

import (
	"bytes"

	"rummage/ingest/read"
)

// What GEXF fills beside what GraphML does.
var gexfColumns = []string{label, weight, start, end}

// gexf reads GEXF (its primers and schemas of 1.1draft to 1.3; 1.0 is read as
// 1.1).
type gexf struct {
	*document
	attributes map[string]map[string]*attribute // by part and id
	presets    map[string][]*attribute
	count      uint64 // of elements
}

// An attribute is what GEXF declares of one.
type attribute struct {
	key
	list    bool // of values
	dynamic bool // its values have times
	// Columns of the times of its values.
	start, end, stamp string
}

func newGEXF(w *window, c config) scanner {
	d := newDocument(w, c)
	d.grammar = &gexf{document: d, attributes: map[string]map[string]*attribute{}, presets: map[string][]*attribute{}}
	return d
}

func (g *gexf) root() string { return GEXF }

func (g *gexf) declares(name string) bool { return name == "attributes" }

func (g *gexf) late(name string) bool {
	return name == "attvalues" || name == "spells" || name == "slices" || name == "parents"
}

// declare reads the attributes of a part.
func (g *gexf) declare(e *element) error {
	t := &g.m.token
	part := string(t.get("class")) + "s"
	dynamic := string(t.get("mode")) == "dynamic"
	var all []*attribute
	var ids []string
	for open := !t.closed; open; {
		if err := g.m.next(); err != nil {
			return err
		}
		switch {
		case t.kind == isEnd:
			open = false
		case t.kind == isStart && string(t.name) == "attribute":
			ids = append(ids, string(t.get("id")))
			a, err := g.declareOne(e, part)
			if err != nil {
				return err
			}
			a.dynamic = dynamic
			if all = append(all, a); len(all)+len(g.attributes[part]) > read.MaxColumns {
				return errKeys
			}
		case t.kind == isStart:
			if err := g.pass(); err != nil {
				return err
			}
		}
	}
	if g.attributes[part] == nil {
		g.attributes[part] = map[string]*attribute{}
	}
	for i, a := range all {
		if g.attributes[part][ids[i]] != nil {
			continue
		}
		g.attributes[part][ids[i]] = a
		g.config.declare(part, a.column)
		if a.preset != nil {
			g.presets[part] = append(g.presets[part], a)
		}
	}
	return nil
}

// declareOne reads an attribute's declaration.
func (g *gexf) declareOne(e *element, part string) (*attribute, error) {
	t := &g.m.token
	title := t.get("title")
	if len(title) == 0 {
		title = t.get("id")
	}
	a := g.called(part, g.value(e, "", title))
	a.list = bytes.HasPrefix(t.get("type"), []byte("list"))
	for open := !t.closed; open; {
		if err := g.m.next(); err != nil {
			return nil, err
		}
		switch {
		case t.kind == isEnd:
			open = false
		case t.kind == isStart && string(t.name) == "default":
			value, err := g.content(e, "")
			if err != nil {
				return nil, err
			}
			a.preset = append([]byte{}, clean(value)...)
		case t.kind == isStart:
			if err := g.pass(); err != nil {
				return nil, err
			}
		}
	}
	return a, nil
}

// called returns an attribute of that title.
func (g *gexf) called(part string, title []byte) *attribute {
	a := &attribute{key: key{column: g.names.attribute(title, append(gexfColumns, columnsOf(part)...)...)}}
	a.start, a.end, a.stamp = a.column+" start", a.column+" end", a.column+" timestamp"
	return a
}

func (g *gexf) element(e *element) error {
	t := &g.m.token
	name := string(t.name)
	g.count++
	for _, p := range t.pairs {
		g.attribute(e, p)
	}
	if e.part == Edges {
		g.direct(e, t.get("type"))
	}
	for open := !t.closed; open; {
		if err := g.m.next(); err != nil {
			return err
		}
		switch t.kind {
		case isEnd:
			switch inner := string(t.name); inner {
			case name:
				open = false
			case "attvalues", "spells", "slices", "parents":
			default:
				return g.wrong("</%s> where </%s> is expected", tagged(t.name), name)
			}
		case isStart:
			if err := g.child(e, string(t.name)); err != nil {
				return err
			}
			open = !g.nested
		}
	}
	for _, a := range g.presets[e.part] {
		if a.used != g.count {
			g.values(e, a, a.preset)
		}
	}
	if name == "hyperedge" {
		e.malformed("GEXF knows no hyperedges")
	}
	return nil
}

// attribute reads an attribute of the XML element.
func (g *gexf) attribute(e *element, p pair) {
	switch name := g.names.column(p.name); {
	case name == "type" && e.part == Edges:
	case name == id, name == label, name == start, name == end,
		e.part == Edges && (name == source || name == target || name == weight):
		e.add(name, g.value(e, name, p.value))
	case name == "startopen":
		e.add(start, g.value(e, start, p.value))
	case name == "endopen":
		e.add(end, g.value(e, end, p.value))
	case name == "pid" && e.part == Nodes:
		if g.parent == nil {
			e.add(parent, g.value(e, parent, p.value))
		}
	default:
		column := g.names.attribute(p.name, columnsOf(e.part)...)
		e.add(column, g.value(e, column, p.value))
	}
}

// direct says whether an edge is directed.
func (g *gexf) direct(e *element, written []byte) {
	switch string(written) {
	case "":
		e.addText(directed, g.inherited())
	case "directed", "dir":
		e.addText(directed, "true")
	case "undirected", "sim":
		e.addText(directed, "false")
	case "mutual", "dou", "double":
		e.addText(directed, "mutual")
	default:
		e.add(directed, g.value(e, directed, written))
		e.blame(read.Malformed, directed, "the type %q of an edge, which must be directed, undirected or mutual", cut(written))
	}
}

// child reads an element within a node or an edge.
func (g *gexf) child(e *element, name string) error {
	t := &g.m.token
	switch name {
	case "attvalues", "spells", "slices", "parents":
		return nil
	case "attvalue":
		g.attvalue(e)
	case "spell", "slice":
		from, to := times(t)
		e.add(start, g.value(e, start, from))
		e.add(end, g.value(e, end, to))
		if stamp := t.get("timestamp"); stamp != nil {
			e.add("timestamp", g.value(e, "timestamp", stamp))
		}
	case "parent":
		e.add("parents", g.value(e, "parents", t.get("for")))
	case "nodes", "edges", "graph":
		if !t.closed {
			g.nested = true
			g.m.at = t.from
			return nil
		}
	}
	return g.pass()
}

// times are those of an element, which may be open.
func times(t *token) (from, to []byte) {
	from, to = t.get("start"), t.get("end")
	if from == nil {
		from = t.get("startopen")
	}
	if to == nil {
		to = t.get("endopen")
	}
	return from, to
}

// attvalue reads a value of an attribute, with its times.
func (g *gexf) attvalue(e *element) {
	t := &g.m.token
	id := t.get("for")
	if id == nil {
		id = t.get("id")
	}
	a := g.attributes[e.part][string(id)]
	if a == nil {
		// Nobody declared it.
		a = g.called(e.part, g.value(e, "", id))
	}
	a.used = g.count
	g.values(e, a, g.value(e, a.column, t.get("value")))
	from, to := times(t)
	if a.dynamic || from != nil || to != nil {
		e.add(a.start, g.value(e, a.start, from))
		e.add(a.end, g.value(e, a.end, to))
	}
	if stamp := t.get("timestamp"); stamp != nil {
		e.add(a.stamp, g.value(e, a.stamp, stamp))
	}
}

// values adds the value of an attribute, or those in its list.
func (g *gexf) values(e *element, a *attribute, value []byte) {
	if !a.list {
		e.add(a.column, value)
		return
	}
	for _, one := range items(value) {
		e.add(a.column, one)
	}
}

// items cuts a list as Gephi writes it: in brackets, or with | ; or , between,
// whichever of these comes first in this order.
func items(list []byte) [][]byte {
	list = bytes.TrimSpace(list)
	if n := len(list); n >= 2 && list[0] == '[' && list[n-1] == ']' {
		return quoted(list[1 : n-1])
	}
	for _, mark := range []byte{'|', ';', ','} {
		if bytes.IndexByte(list, mark) < 0 {
			continue
		}
		all := bytes.Split(list, []byte{mark})
		for i := range all {
			all[i] = bytes.TrimSpace(all[i])
		}
		return all
	}
	return [][]byte{list}
}

// quoted cuts a list with commas between items that may stand in quotes.
func quoted(list []byte) [][]byte {
	var all [][]byte
	for {
		list = bytes.TrimSpace(list)
		n := -1
		if len(list) > 1 && list[0] == '"' {
			n = bytes.IndexByte(list[1:], '"')
		}
		item := list
		if n >= 0 {
			item, list = list[1:1+n], list[n+2:]
		}
		i := bytes.IndexByte(list, ',')
		if n < 0 && i >= 0 {
			item = list[:i]
		}
		all = append(all, bytes.TrimSpace(item))
		if i < 0 {
			return all
		}
		list = list[i+1:]
	}
}

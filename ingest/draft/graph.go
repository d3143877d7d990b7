package draft

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// A graph file has two tables, nodes and edges. Where a column of the nodes says of what
// kind each is, and edges of one relation join nodes of one kind to those of one kind, both
// tables are drafted with these kinds; else all nodes are parties in both.

// graph is what the two tables say together.
type graph struct {
	column   string              // of the nodes, with their kinds
	values   map[string][]string // what stands there for a kind
	relation string              // column of the edges, "" where all join the same kinds
	ends     []ends              // by what stands in that column
	labelled bool                // telephones are numbers by their labels
}

// ends are the kinds that edges of one relation join.
type ends struct{ value, from, to string }

// Columns of the two tables.
const (
	nodeColumn   = "id"
	labelColumn  = "label"
	sourceColumn = "source"
	targetColumn = "target"
)

// nodeKinds are the words for kinds of nodes that are no parties.
var nodeKinds = []struct {
	kind  string
	words []string
}{
	{"phone", []string{"phone", "telephone", "mobile", "sim", "msisdn", "cell", "tel", "telefono", "telefon", "电话", "電話", "전화"}},
	{"email", []string{"email", "mail", "e-mail"}},
	{"vessel", []string{"vessel", "ship", "boat", "船舶", "선박"}},
	{"equipment", []string{"container", "containers", "集装箱", "貨櫃", "컨테이너"}},
	{"address", []string{"address", "residence", "地址", "주소", "住所"}},
	{"place", []string{"place", "port", "city", "country", "location", "港口"}},
}

// partyKind is the kind of all other nodes.
const partyKind = "party"

// kindOfNode tells a kind by a word for it.
func kindOfNode(value string) string {
	words := strings.FieldsFunc(folded(value), func(r rune) bool { return !unicode.IsLetter(r) })
	for _, k := range nodeKinds {
		for _, w := range k.words {
			if slices.Contains(words, w) || slices.Contains(words, w+"s") || unspaced(w) && strings.Contains(value, w) {
				return k.kind
			}
		}
	}
	return partyKind
}

// graphOf puts the tables of a graph file together; nil where they do not tell kinds apart,
// or not alike.
func graphOf(nodes, edges *Table) *graph {
	id, source, target := slices.Index(nodes.Columns, nodeColumn), slices.Index(edges.Columns, sourceColumn), slices.Index(edges.Columns, targetColumn)
	if id < 0 || source < 0 || target < 0 || len(edges.Rows) == 0 || len(edges.Rows) >= SampleRows || len(nodes.Rows) >= SampleRows {
		return nil // what was not looked at may be of other kinds
	}
	g := &graph{values: map[string][]string{}}
	at := fewOf(nodes, []string{"type", "kind", "category", "class", "entity type", "node type"})
	if at < 0 {
		return nil
	}
	g.column = nodes.Columns[at]
	kindOf, phones, numbered := map[string]string{}, 0, 0
	for _, row := range nodes.Rows {
		kind := kindOfNode(row[at])
		kindOf[row[id]] = kind
		if !slices.Contains(g.values[kind], row[at]) {
			g.values[kind] = append(g.values[kind], row[at])
		}
		if label := slices.Index(nodes.Columns, labelColumn); kind == "phone" && label >= 0 {
			phones++
			if phone.MatchString(row[label]) {
				numbered++
			}
		}
	}
	for _, values := range g.values {
		slices.Sort(values)
	}
	g.labelled = phones > 0 && float64(numbered) >= mostly*float64(phones)
	if len(g.values) == 1 && g.values[partyKind] != nil || !g.joins(edges, source, target, kindOf) {
		return nil
	}
	return g
}

// fewOf finds the column of one of the names that every row fills with one of few values.
func fewOf(t *Table, names []string) int {
	for i, name := range t.Columns {
		if !slices.Contains(names, plainText(name)) {
			continue
		}
		seen := map[string]bool{}
		for _, row := range t.Rows {
			if i < len(row) {
				seen[row[i]] = true
			}
		}
		if len(seen) > 0 && len(seen) <= fewValues && !seen[""] {
			return i
		}
	}
	return -1
}

// joins finds the kinds that edges join, and reports whether each relation joins but one
// pair of them.
func (g *graph) joins(edges *Table, source, target int, kindOf map[string]string) bool {
	relation := fewOf(edges, []string{"relation", "relationship", "type", "kind", "role", "label", "link", "tie"})
	if relation >= 0 {
		g.relation = edges.Columns[relation]
	}
	for _, row := range edges.Rows {
		e := ends{from: kindOf[row[source]], to: kindOf[row[target]]}
		if relation >= 0 {
			e.value = row[relation]
		}
		if e.from == "" || e.to == "" {
			return false // a node that is in no line
		}
		i := slices.IndexFunc(g.ends, func(o ends) bool { return o.value == e.value })
		switch {
		case i < 0:
			g.ends = append(g.ends, e)
		case g.ends[i] != e:
			return false
		}
	}
	slices.SortFunc(g.ends, func(a, b ends) int { return strings.Compare(a.value, b.value) })
	return true
}

// kinds lists the kinds of nodes in a fixed order.
func (g *graph) kinds() []string {
	all := []string{partyKind}
	for _, k := range nodeKinds {
		all = append(all, k.kind)
	}
	return slices.DeleteFunc(all, func(kind string) bool { return g.values[kind] == nil })
}

// counted are numbers of nodes as programs give them, which mean nothing outside their file.
var counted = regexp.MustCompile(`^[A-Za-z]{0,4}[-_:]?[0-9]{1,6}$`)

// numbersNodes reports a table of a graph file whose nodes have numbers that mean nothing
// outside it: those of the nodes, or of the ends of edges where no table has nodes.
func numbersNodes(t *Table) bool {
	nodes := t
	if slices.Contains(t.Columns, sourceColumn) && t.Beside != nil {
		nodes = t.Beside
	}
	names := []string{nodeColumn}
	if slices.Contains(nodes.Columns, sourceColumn) {
		names = []string{sourceColumn, targetColumn}
	}
	numbered := false
	for _, row := range nodes.Rows[:min(len(nodes.Rows), SampleRows)] {
		for _, name := range names {
			at := slices.Index(nodes.Columns, name)
			if at < 0 || at >= len(row) || row[at] == "" {
				continue
			}
			if !counted.MatchString(row[at]) {
				return false
			}
			numbered = true
		}
	}
	return numbered
}

// node makes an entity of a kind, named by its number in the file, or by its label where that
// is a telephone number.
func (p *page) node(g *graph, kind string, id, label *Column) *entity {
	if kind != "phone" || !g.labelled || label == nil {
		return &entity{kind: kind, namespace: p.table.Space, id: id, within: p.filed}
	}
	return &entity{kind: kind, id: label, then: []string{`{replace: {pattern: "[^0-9+]", with: ""}}`}}
}

// nodes writes a mapping of nodes of several kinds.
func (p *page) nodes(d *Draft) {
	p.line("entities:")
	column := func(name string) *Column {
		if i := slices.IndexFunc(d.Columns, func(c Column) bool { return c.Name == name }); i >= 0 {
			return &d.Columns[i]
		}
		return nil
	}
	for _, kind := range d.graph.kinds() {
		e := p.node(d.graph, kind, column(nodeColumn), column(labelColumn))
		e.when = "{column: " + quoted(d.graph.column) + ", equals: [" + quotedAll(d.graph.values[kind]) + "]}"
		for i := range d.Columns {
			c := &d.Columns[i]
			switch {
			case c == e.id:
			case c.Property == None || c.Property == ID || c.Subject == Consignment:
				e.add(c.field, c)
			default:
				e.add(string(c.Property), c)
			}
		}
		p.entity(kind, e)
	}
}

func quotedAll(texts []string) string {
	var all []string
	for _, text := range texts {
		all = append(all, quoted(text))
	}
	return strings.Join(all, ", ")
}

// edges writes a mapping of edges between nodes of several kinds.
func (p *page) edges(d *Draft) {
	p.line("entities:")
	for _, s := range []Subject{From, To} {
		for _, kind := range d.graph.kinds() {
			var values []string
			found := false
			for _, e := range d.graph.ends {
				if of := map[Subject]string{From: e.from, To: e.to}[s]; of == kind {
					values, found = append(values, e.value), true
				}
			}
			if !found {
				continue
			}
			id, label := d.find(Meaning{s, ID}), d.find(Meaning{s, Name})
			e := p.node(d.graph, kind, id, label)
			if len(values) < len(d.graph.ends) {
				e.when = "{column: " + quoted(d.graph.relation) + ", equals: [" + quotedAll(values) + "]}"
			}
			if label != nil && e.id != label {
				e.add(string(Name), label)
			}
			p.entity(endLabel(s, kind), e)
		}
	}
	p.line("links:")
	var done []ends
	for _, e := range d.graph.ends {
		pair := ends{from: e.from, to: e.to}
		if slices.Contains(done, pair) {
			continue
		}
		done = append(done, pair)
		p.line("  - role: %s", d.graph.role(pair))
		p.line("    from: %s\n    to: %s", endLabel(From, e.from), endLabel(To, e.to))
		d.spell(p, false)
		p.fields("    ", d, func(c *Column) bool { return c.Subject != From && c.Subject != To })
	}
}

// endLabel is the label of an end that is of a kind.
func endLabel(s Subject, kind string) string {
	if kind == partyKind {
		return string(s)
	}
	return string(s) + "_" + kind
}

// role writes the role of the edges between two kinds.
func (g *graph) role(pair ends) string {
	usual := map[ends]string{
		{from: partyKind, to: "phone"}: "has_phone", {from: partyKind, to: "email"}: "has_email", {from: partyKind, to: "address"}: "registered_at",
	}[pair]
	if usual != "" {
		return usual + " # by what it joins"
	}
	other := "linked_to"
	if pair == (ends{from: "phone", to: "phone"}) {
		other = "called"
	}
	var roles, pairs []string
	for _, e := range g.ends {
		if e.from != pair.from || e.to != pair.to {
			continue
		}
		role := roleOf(e.value, pair.from == "phone" && pair.to == "phone")
		if role == "" {
			role = other
		}
		if !slices.Contains(roles, role) {
			roles = append(roles, role)
		}
		pairs = append(pairs, quoted(e.value)+": "+role)
	}
	if len(roles) == 1 {
		return roles[0] + " # by what it joins"
	}
	return "{column: " + quoted(g.relation) + ", then: {values: {" + strings.Join(pairs, ", ") + "}}} # the values say so"
}

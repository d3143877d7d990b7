package mapping

import (
	"errors"
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"rummage/graph"
)

// ErrJoin is returned where the files that are to be joined are not those that
// the mapping joins.
var ErrJoin = errors.New("the files given are not those that the mapping joins")

// joinSpec says which rows of a second file go with a row.
type joinSpec struct {
	name     string
	line     int
	on       []*valueSpec // of the row
	key      []*valueSpec // of a row of the second file, as many
	required bool         // a row without exactly one goes into quarantine
	all      bool         // several rows of a key are all meant
	open     Join
}

// Join is what the mapping says of a second file before it is opened.
type Join struct {
	Name   string
	Header bool   // its first row names its columns
	Part   string // pattern of the part of it that is meant; "" for the only one

	// How it is written, "" where it is to be looked at.
	Encoding  string
	Delimiter string
	Quote     string
	Record    string
}

// Second is a second file, by the name of its join, with the names of its
// columns.
type Second struct {
	Join    string
	Columns []string
}

// Joins lists the second files that the mapping needs, in its order.
func (m *Mapping) Joins() []Join {
	all := make([]Join, len(m.joins))
	for i := range m.joins {
		all[i] = m.joins[i].open
	}
	return all
}

// JoinText returns the part of the mapping's text that says which rows go
// together, "" where it joins nothing. ParseJoins reads it.
func (m *Mapping) JoinText() string { return m.joinText }

// ParseJoins reads what JoinText returned. The mapping makes no records, but
// tells the keys of rows.
func ParseJoins(text string) (*Mapping, error) {
	return parseText("joins", []byte(text), false)
}

// reserved are names of facts and fields that mean something to the house, so
// that no mark of a join can stand under them.
var reserved = []string{
	graph.PropertyName, graph.PropertyAlias, graph.PropertyNumber, graph.PropertyCountry, graph.PropertyAddress,
	graph.FieldValue, graph.FieldCurrency, graph.FieldGrossMass, graph.FieldNetMass, graph.FieldQuantity, graph.FieldUnit,
	graph.FieldMode, graph.FieldProcedure, graph.FieldAmount, fieldLookup,
}

// allRows is what several says where every row of a key is meant.
const allRows = "all"

// joinParts reads the joins, before anything that may name their columns.
func (p *parser) joinParts(n *yaml.Node) {
	p.each(n, "joins", p.join)
	for i := range p.mapping.joins {
		p.joins = append(p.joins, p.mapping.joins[i].name)
	}
	for i := range p.mapping.joins {
		j := &p.mapping.joins[i]
		for _, v := range append(slices.Clone(j.on), j.key...) {
			p.plain(j, v)
		}
	}
}

// plain looks for columns of joins in what makes a key.
func (p *parser) plain(j *joinSpec, v *valueSpec) {
	refs := slices.Clone(v.columns)
	for i := range v.where {
		refs = append(refs, v.where[i].column)
	}
	for _, ref := range refs {
		if join, _, _ := strings.Cut(ref.name, "."); slices.Contains(p.joins, join) && join != ref.name {
			p.fail(ref.line, "join %s: %q: a key is made of columns of its own file", j.name, ref.name)
		}
	}
	for _, a := range v.first {
		p.plain(j, a)
	}
}

func (p *parser) join(part pair) {
	what := "join " + part.key
	fields := p.need(part.node, what, joinKeys, "on", "key")
	j := joinSpec{name: part.key, line: part.line, open: Join{Name: part.key, Header: true}}
	if slices.Contains(reserved, part.key) {
		p.fail(part.line, "%s: its marks would stand under the name of a property or field; take another name", what)
	}
	j.on, j.key = p.keyParts(fields["on"], what+": on"), p.keyParts(fields["key"], what+": key")
	if len(j.on) > 0 && len(j.key) > 0 && len(j.on) != len(j.key) {
		p.fail(part.line, "%s: on has %d values and key %d; they are compared one by one", what, len(j.on), len(j.key))
	}
	j.required = fields["required"] != nil && p.flag(fields["required"], "required")
	if n := fields["several"]; n != nil {
		if j.all = p.text(n, "several") == allRows; !j.all {
			p.fail(n.Line, "%s: several: want %s, found %q", what, allRows, n.Value)
		}
	}
	if n := fields["header"]; n != nil {
		j.open.Header = p.flag(n, "header")
	}
	j.open.Part = p.text(fields["part"], "part")
	if _, err := path.Match(j.open.Part, ""); err != nil {
		p.fail(fields["part"].Line, "%s: part: %q is no pattern", what, j.open.Part)
	}
	if n := fields["file"]; n != nil {
		hints := p.object(n, what+": file", joinFileKeys)
		j.open.Encoding = p.text(hints["encoding"], "encoding")
		j.open.Delimiter = p.text(hints["delimiter"], "delimiter")
		j.open.Quote = p.text(hints["quote"], "quote")
		j.open.Record = strings.TrimSpace(p.text(hints["record"], "record"))
	}
	p.mapping.joins = append(p.mapping.joins, j)
}

// keyParts reads the values that a key is made of: one, or a list.
func (p *parser) keyParts(n *yaml.Node, what string) []*valueSpec {
	var parts []*valueSpec
	for _, item := range p.items(n) {
		v := p.value(item, what)
		if len(v.columns)+len(v.first) == 0 || v.numbered() {
			p.fail(item.Line, "%s: a key is made of columns", what)
		}
		parts = append(parts, v)
	}
	return parts
}

// ofJoin finds the join that a reference begins with the name of.
func (w *walker) ofJoin(ref *columnRef) {
	join, name, ok := strings.Cut(ref.name, ".")
	if !ok || !slices.Contains(w.joins, join) {
		return
	}
	w.joined = append(w.joined, join)
	ref.join, ref.name = join, strings.TrimSpace(name)
	number, numbered := strings.CutPrefix(ref.name, "#")
	switch {
	case numbered:
		at, err := strconv.Atoi(number)
		if err != nil || at < 1 || at > maxColumns {
			w.fail(ref.line, "column: position %s of %s: want 1 to %d", ref.name, join, maxColumns)
		}
		ref.position, ref.name = at, ""
	case ref.name == "":
		w.fail(ref.line, "column: %s.: want the name of a column behind that of the join, or # and its number", join)
	}
}

// keepJoins notes the text of what ParseJoins needs.
func (p *parser) keepJoins(fields map[string]*yaml.Node) {
	word := func(text string) *yaml.Node { return &yaml.Node{Kind: yaml.ScalarNode, Value: text} }
	kept := &yaml.Node{Kind: yaml.MappingNode, Content: []*yaml.Node{word("mapping"), word(p.mapping.Name)}}
	for _, key := range []string{"recognise", "file", "null", "joins"} {
		if fields[key] != nil {
			kept.Content = append(kept.Content, word(key), fields[key])
		}
	}
	text, err := yaml.Marshal(kept)
	if err != nil {
		p.fail(1, "joins: %v", err)
	}
	p.mapping.joinText = string(text)
}

// checkJoins looks for joins that nothing uses.
func (p *parser) checkJoins() {
	for i := range p.mapping.joins {
		j := &p.mapping.joins[i]
		if !j.required && !slices.Contains(p.joined, j.name) {
			p.fail(j.line, "join %s: nothing uses it; its columns are named %s.NAME", j.name, j.name)
		}
	}
}

// seconds finds the columns of the second files.
func (b *binder) seconds(given []Second) error {
	var names []string
	for _, s := range given {
		names = append(names, s.Join)
	}
	if err := b.mapping.CheckJoins(names); err != nil {
		return err
	}
	for i := range b.mapping.joins {
		j := &b.mapping.joins[i]
		second := given[slices.Index(names, j.name)]
		s := newSheet(second.Columns, j.open.Header)
		s.err.Join = j.name
		b.second = append(b.second, s)
	}
	return nil
}

// joinError says which second files are missing, and which are not known.
func (m *Mapping) joinError(missing, strange []string) error {
	switch {
	case len(missing) > 0:
		return fmt.Errorf("mapping: %s: %w: it joins %s, for which no file is given", m.Name, ErrJoin, quoted(missing))
	case len(strange) > 0 && len(m.joins) == 0:
		return fmt.Errorf("mapping: %s: %w: it joins none, and %s is given", m.Name, ErrJoin, quoted(strange))
	case len(strange) > 0:
		var known []string
		for i := range m.joins {
			known = append(known, m.joins[i].name)
		}
		return fmt.Errorf("mapping: %s: %w: it knows no join %s; it joins %s", m.Name, ErrJoin, quoted(strange), quoted(known))
	}
	return nil
}

// CheckJoins reports whether files are given for the joins of the mapping, and
// for no others; the error wraps ErrJoin.
func (m *Mapping) CheckJoins(given []string) error {
	var missing, strange []string
	for i := range m.joins {
		if !slices.Contains(given, m.joins[i].name) {
			missing = append(missing, m.joins[i].name)
		}
	}
	for _, name := range given {
		if !slices.ContainsFunc(m.joins, func(j joinSpec) bool { return j.name == name }) {
			strange = append(strange, name)
		}
	}
	return m.joinError(missing, strange)
}

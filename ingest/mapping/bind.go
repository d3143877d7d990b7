package mapping

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"rummage/graph"
)

// ErrColumns is wrapped by ColumnError.
var ErrColumns = errors.New("the mapping does not fit the file's columns")

// ColumnError says which columns a mapping wants and a file lacks.
type ColumnError struct {
	Mapping  string
	Missing  []string // named by the mapping, not in the file
	Repeated []string // named by the mapping, more than once in the file
	Exposed  []string // hold numbers of persons under one rule, and would be kept as they stand elsewhere in the mapping
	Wanted   int      // columns of a file without header, where that is what differs
	Columns  []string // of the file
}

// Error lists what is wrong and what the file has.
func (e *ColumnError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "mapping: %s: %v", e.Mapping, ErrColumns)
	if len(e.Missing) > 0 {
		fmt.Fprintf(&b, ": missing %s", quoted(e.Missing))
	}
	for _, name := range e.Repeated {
		fmt.Fprintf(&b, ": %q stands more than once in the header; name the column by its number instead", name)
	}
	for _, name := range e.Exposed {
		fmt.Fprintf(&b, ": %q holds numbers that identify persons; take it under their rule everywhere, or nowhere", name)
	}
	if e.Wanted > 0 {
		fmt.Fprintf(&b, ": it is for files of %d columns and no header; this one has %d", e.Wanted, len(e.Columns))
		return b.String()
	}
	fmt.Fprintf(&b, "; the file has %d columns: %s", len(e.Columns), quoted(e.Columns))
	return b.String()
}

// Unwrap returns ErrColumns.
func (e *ColumnError) Unwrap() error { return ErrColumns }

// quoted lists names for a message: of many the first, of long ones their
// beginnings, since a file that was cut wrong has one name of a thousand letters.
func quoted(names []string) string {
	const most, longest = 60, 60
	all := make([]string, 0, min(len(names), most+1))
	for i, name := range names {
		if i == most {
			all = append(all, fmt.Sprintf("and %d more", len(names)-most))
			break
		}
		if utf8.RuneCountInString(name) > longest {
			name = string([]rune(name)[:longest]) + "…"
		}
		all = append(all, strconv.Quote(name))
	}
	return strings.Join(all, ", ")
}

// columnKey is the form in which header names are compared: letter case and
// runs of white space do not count.
func columnKey(name string) string { return strings.ToLower(graph.NormaliseText(name)) }

// binder resolves columns and collects what is missing.
type binder struct {
	mapping *Mapping
	columns []string         // names, or numbers where there is no header
	byName  map[string][]int // columnKey to indexes
	values  []*value         // all that were bound
	guards  map[int]Guard
	err     ColumnError
}

// Bind joins the mapping with the columns of a file: the names of its header,
// or any names as many as it has columns where there is none. The error is a
// *ColumnError.
func (m *Mapping) Bind(columns []string) (*Mapper, error) {
	b := &binder{mapping: m, byName: make(map[string][]int)}
	b.columns = make([]string, len(columns))
	for i, name := range columns {
		if !m.HasHeader() || strings.TrimSpace(name) == "" {
			name = strconv.Itoa(i + 1)
		} else {
			b.byName[columnKey(name)] = append(b.byName[columnKey(name)], i)
		}
		b.columns[i] = strings.TrimSpace(name)
	}
	if want := m.recognise.columns; want > 0 && want != len(columns) {
		return nil, &ColumnError{Mapping: m.Name, Wanted: want, Columns: b.columns}
	}
	mapper := b.mapper()
	b.exposed()
	mapper.guards = b.guards
	if len(b.err.Missing)+len(b.err.Repeated)+len(b.err.Exposed) > 0 {
		b.err.Mapping, b.err.Columns = m.Name, b.columns
		return nil, &b.err
	}
	return mapper, nil
}

func (b *binder) mapper() *Mapper {
	spec := b.mapping
	m := &Mapper{mapping: spec, columns: b.columns, date: b.date(spec.date), tables: make([]table, len(spec.lookups))}
	index := make(map[string]int)
	for i, e := range spec.entities {
		index[e.label] = i
		m.entities = append(m.entities, b.entity(e))
	}
	for i, l := range spec.lookups {
		m.tables[i] = table{name: l.name, key: b.value(l.key), entity: index[l.entity]}
	}
	subjects := make(map[string]int)
	for i, c := range spec.consignments {
		subjects[c.label] = i
		m.consignments = append(m.consignments, b.consignment(c, index))
	}
	for _, l := range spec.links {
		m.links = append(m.links, link{
			role: l.role, from: index[l.from], to: index[l.to],
			start: b.date(l.start), end: b.date(l.end), key: b.value(l.key),
			fields: b.fields(l.fields), when: b.conditions(l.when),
		})
	}
	for _, o := range spec.outcomes {
		bound := outcome{
			entity: -1, consignment: -1, date: b.date(o.date),
			result: bindWord(b, o.result, "result", graph.ParseResult), channel: bindWord(b, o.channel, "channel", graph.ParseChannel),
			fields: b.fields(o.fields), when: b.conditions(o.when),
		}
		if i, ok := subjects[o.subject]; ok {
			bound.consignment = i
		} else {
			bound.entity = index[o.subject]
		}
		m.outcomes = append(m.outcomes, bound)
	}
	m.found = make([]*identified, len(m.entities))
	m.consigned = make([]graph.ID, len(m.consignments))
	return m
}

func (b *binder) entity(e entitySpec) entity {
	bound := entity{
		kind: e.kind, namespace: e.namespace, prefix: prefixOf(e.kind, e.namespace),
		id: b.value(e.id), keep: e.keep, facts: b.fields(e.facts), when: b.conditions(e.when), table: -1,
	}
	if e.aligned {
		bound.columns = b.columnsOf(&e)
	}
	if e.lookup != "" {
		bound.table = slices.IndexFunc(b.mapping.lookups, func(l lookupSpec) bool { return l.name == e.lookup })
	}
	return bound
}

func (b *binder) consignment(c consignmentSpec, index map[string]int) consignment {
	bound := consignment{
		system: c.system.constant, systemValue: b.value(c.system.value), number: b.value(c.number),
		view: bindWord(b, c.view, "view", graph.ParseView), document: b.value(c.document), part: b.value(c.part),
		version: b.value(c.version), amended: b.date(c.amended), date: b.date(c.date),
		fields: b.fields(c.fields), when: b.conditions(c.when),
	}
	if c.system.value == nil {
		bound.prefix = prefixOf(graph.KindConsignment, c.system.constant)
	}
	for _, t := range c.ties {
		for _, label := range t.entities {
			bound.ties = append(bound.ties, tie{role: t.role, entity: index[label]})
		}
	}
	// In this order they need no sorting in each row.
	slices.SortStableFunc(bound.ties, func(a, b tie) int { return int(a.role) - int(b.role) })
	return bound
}

// prefixOf returns what all ids of a kind and namespace begin with.
func prefixOf(kind graph.Kind, namespace string) string {
	parts := []string{"x"}
	if namespace != "" {
		parts = []string{namespace, "x"}
	}
	return strings.TrimSuffix(string(graph.NewID(kind, parts...)), "x")
}

// column resolves a reference to an index, -1 for an optional column that the
// file lacks.
func (b *binder) column(ref columnRef) int {
	at := []int{ref.position - 1}
	if ref.position == 0 {
		at = b.byName[columnKey(ref.name)]
	}
	switch {
	case len(at) > 1:
		b.note(&b.err.Repeated, ref)
	case len(at) == 1 && at[0] < len(b.columns):
		return at[0]
	case !ref.optional && !b.mapping.mayLack(ref):
		b.note(&b.err.Missing, ref)
	}
	return -1
}

func (b *binder) note(list *[]string, ref columnRef) {
	if !slices.Contains(*list, ref.String()) {
		*list = append(*list, ref.String())
	}
}

func (b *binder) value(spec *valueSpec) *value {
	if spec == nil {
		return nil
	}
	v := b.bound(spec)
	b.values = append(b.values, v)
	b.guard(v)
	return v
}

// bound is value without a note of it: what a value is made of is kept from sight
// as the whole is.
func (b *binder) bound(spec *valueSpec) *value {
	v := &value{spec: spec, column: -1, numbered: spec.numbered()}
	nulls := spec.nulls
	if nulls == nil {
		nulls = b.mapping.nulls
	}
	for _, text := range nulls {
		if null := bytes.TrimSpace([]byte(text)); len(null) > 0 {
			v.nulls = append(v.nulls, null)
		}
	}
	var names []string
	for _, ref := range spec.columns {
		i := b.column(ref)
		v.columns = append(v.columns, i)
		if i >= 0 {
			names = append(names, b.columns[i])
		} else {
			names = append(names, ref.String())
		}
	}
	v.refs, v.label = spec.columns, strings.Join(names, ", ")
	v.where = b.conditions(spec.where)
	if len(spec.first) > 0 {
		b.alternatives(v)
	}
	bare := len(spec.columns) == 1 && len(spec.steps) == 0 && len(v.where) == 0
	v.plain, v.number = bare && spec.rule.name == "", bare && spec.rule.name == ruleNumber
	if len(spec.columns) == 1 && len(v.where) == 0 {
		v.column = v.columns[0]
	}
	return v
}

// alternatives binds what first lists. The file must have a column of one of them.
func (b *binder) alternatives(v *value) {
	var names []string
	sound := v.spec.optional || b.mapping.sparse
	for _, spec := range v.spec.first {
		a := b.bound(spec)
		sound = sound || len(a.columns) == 0 || slices.ContainsFunc(a.columns, func(i int) bool { return i >= 0 })
		v.first = append(v.first, a)
		v.columns, v.refs = append(v.columns, a.columns...), append(v.refs, a.refs...)
		v.where = append(v.where, a.where...)
		if a.label != "" {
			names = append(names, a.label)
		}
	}
	v.label = strings.Join(names, " or ")
	if !sound && !slices.Contains(b.err.Missing, v.label) {
		b.err.Missing = append(b.err.Missing, v.label)
	}
}

func (b *binder) date(spec *dateSpec) *date {
	if spec == nil {
		return nil
	}
	return &date{value: b.value(&spec.valueSpec), formats: spec.formats}
}

func (b *binder) fields(specs []named) []field {
	var all []field
	for _, s := range specs {
		all = append(all, field{name: s.name, value: b.value(s.value)})
	}
	// The order in which fields come back from every store.
	slices.SortFunc(all, func(a, b field) int { return strings.Compare(a.name, b.name) })
	return all
}

func (b *binder) conditions(specs []condition) []boundCondition {
	var all []boundCondition
	for i := range specs {
		all = append(all, boundCondition{condition: &specs[i], index: b.column(specs[i].column)})
	}
	return all
}

func bindWord[T ~uint8](b *binder, spec wordSpec, what string, parse func(string) (T, error)) word[T] {
	w := word[T]{what: what, value: b.value(spec.value), parse: parse}
	if spec.constant != "" {
		// The constant was checked when the mapping was read.
		w.constant, _ = parse(spec.constant)
	}
	return w
}

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
	Join     string   // whose second file it is about, "" for the file itself
	Missing  []string // named by the mapping, not in the file
	Repeated []string // named by the mapping, more than once in the file
	Exposed  []string // hold numbers of persons under one rule, and would be kept as they stand elsewhere in the mapping
	Withheld []string // are withheld, and would be kept elsewhere in the mapping
	Wanted   int      // columns of a file without header, where that is what differs
	Columns  []string // of the file
}

// Error lists what is wrong and what the file has.
func (e *ColumnError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "mapping: %s: ", e.Mapping)
	file := "the file"
	if e.Join != "" {
		fmt.Fprintf(&b, "join %s: ", e.Join)
		file = "its file"
	}
	fmt.Fprintf(&b, "%v", ErrColumns)
	if len(e.Missing) > 0 {
		fmt.Fprintf(&b, ": missing %s", quoted(e.Missing))
	}
	for _, name := range e.Repeated {
		fmt.Fprintf(&b, ": %q stands more than once in the header; name the column by its number instead", name)
	}
	for _, name := range e.Exposed {
		fmt.Fprintf(&b, ": %q holds numbers that identify persons; take it under their rule everywhere, or nowhere", name)
	}
	for _, name := range e.Withheld {
		fmt.Fprintf(&b, ": %q is under withhold; take it out there, or from the rest of the mapping", name)
	}
	if e.Wanted > 0 {
		fmt.Fprintf(&b, ": it is for files of %d columns and no header; this one has %d", e.Wanted, len(e.Columns))
		return b.String()
	}
	fmt.Fprintf(&b, "; %s has %d columns: %s", file, len(e.Columns), quoted(e.Columns))
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

// columnAt is a column in its file: the file of a join by its number, the file itself
// by own. An optional column that the file lacks is -1.
type columnAt struct{ join, column int }

// own stands for the file itself among those of joins.
const own = -1

// sheet is a file's columns, and what is wrong with what was asked of them.
type sheet struct {
	columns []string         // names, or numbers where there is no header
	byName  map[string][]int // columnKey to indexes
	err     ColumnError
}

func newSheet(columns []string, header bool) *sheet {
	s := &sheet{columns: make([]string, len(columns)), byName: make(map[string][]int)}
	for i, name := range columns {
		if !header || strings.TrimSpace(name) == "" {
			name = strconv.Itoa(i + 1)
		} else {
			s.byName[columnKey(name)] = append(s.byName[columnKey(name)], i)
		}
		s.columns[i] = strings.TrimSpace(name)
	}
	return s
}

// find resolves a reference to an index, -1 for an optional column that the file
// lacks.
func (s *sheet) find(ref columnRef, mayLack bool) int {
	at := []int{ref.position - 1}
	if ref.position == 0 {
		at = s.byName[columnKey(ref.name)]
	}
	switch {
	case len(at) > 1:
		note(&s.err.Repeated, ref)
	case len(at) == 1 && at[0] < len(s.columns):
		return at[0]
	case !ref.optional && !mayLack:
		note(&s.err.Missing, ref)
	}
	return -1
}

// fault returns what is wrong, nil if nothing is.
func (s *sheet) fault(mapping string) error {
	e := &s.err
	if len(e.Missing)+len(e.Repeated)+len(e.Exposed)+len(e.Withheld) == 0 {
		return nil
	}
	e.Mapping, e.Columns = mapping, s.columns
	return e
}

func note(list *[]string, ref columnRef) {
	if !slices.Contains(*list, ref.String()) {
		*list = append(*list, ref.String())
	}
}

// binder resolves columns and collects what is missing.
type binder struct {
	mapping *Mapping
	own     *sheet
	second  []*sheet   // of the joins
	inside  int        // whose columns a plain reference means: own, or those of a join
	slots   []columnAt // columns of joins, which stand behind the file's own in a row
	uses    []int      // joins whose columns were asked for, see using
	values  []*value   // all that were bound
	guards  map[columnAt]Guard
}

// Bind joins the mapping with the columns of a file, the names of its header, or
// any names as many as it has columns where there is none; and with those of the
// second files, one for each of Joins. The error is a *ColumnError, or wraps
// ErrJoin.
func (m *Mapping) Bind(columns []string, second ...Second) (*Mapper, error) {
	b := &binder{mapping: m, own: newSheet(columns, m.HasHeader()), inside: own, guards: make(map[columnAt]Guard)}
	if want := m.recognise.columns; want > 0 && want != len(columns) {
		return nil, &ColumnError{Mapping: m.Name, Wanted: want, Columns: b.own.columns}
	}
	if err := b.seconds(second); err != nil {
		return nil, err
	}
	mapper := b.mapper()
	b.withhold()
	b.exposed()
	for _, s := range append([]*sheet{b.own}, b.second...) {
		if err := s.fault(m.Name); err != nil {
			return nil, err
		}
	}
	mapper.guards, mapper.guarded = b.guardsOf(own), len(b.guards) > 0
	for i := range mapper.joins {
		mapper.joins[i].guards, mapper.joins[i].reader.guarded = b.guardsOf(i), len(b.guards) > 0
	}
	return mapper, nil
}

func (b *binder) sheetOf(join int) *sheet {
	if join == own {
		return b.own
	}
	return b.second[join]
}

// using returns the joins whose columns a part of the mapping is made of, each
// once.
func (b *binder) using(bind func()) []int {
	b.uses = nil
	bind()
	return inOrder(slices.Clone(b.uses))
}

func inOrder(joins []int) []int {
	slices.Sort(joins)
	return slices.Compact(joins)
}

func (b *binder) mapper() *Mapper {
	spec := b.mapping
	m := &Mapper{mapping: spec, columns: b.own.columns, tables: make([]table, len(spec.lookups)), joins: b.joins()}
	dated := b.using(func() { m.date = b.date(spec.date) })
	index := make(map[string]int)
	for i, e := range spec.entities {
		index[e.label] = i
		m.entities = append(m.entities, b.entity(e, dated))
	}
	for i, l := range spec.lookups {
		m.tables[i] = table{name: l.name, key: b.value(l.key), entity: index[l.entity]}
	}
	subjects := make(map[string]int)
	for i, c := range spec.consignments {
		subjects[c.label] = i
		m.consignments = append(m.consignments, b.consignment(c, index))
		bound := &m.consignments[i]
		if c.date == nil {
			bound.joins = append(bound.joins, dated...)
		}
		for _, t := range bound.ties {
			bound.joins = append(bound.joins, m.entities[t.entity].joins...)
		}
		bound.joins = inOrder(bound.joins)
	}
	for _, l := range spec.links {
		m.links = append(m.links, b.link(l, m.entities, index))
	}
	for _, o := range spec.outcomes {
		bound := b.outcome(o, dated)
		if i, ok := subjects[o.subject]; ok {
			bound.consignment = i
		} else {
			bound.entity = index[o.subject]
			bound.joins = inOrder(append(bound.joins, m.entities[bound.entity].joins...))
		}
		m.outcomes = append(m.outcomes, bound)
	}
	m.found = make([]*identified, len(m.entities))
	m.consigned = make([]graph.ID, len(m.consignments))
	for i, at := range b.slots {
		j := &m.joins[at.join]
		j.columns, j.places = append(j.columns, at.column), append(j.places, len(b.own.columns)+i)
	}
	return m
}

// joins binds what makes the keys of both sides.
func (b *binder) joins() []join {
	all := make([]join, len(b.mapping.joins))
	for i := range all {
		spec := &b.mapping.joins[i]
		j := join{spec: spec, table: new(held), reader: &Mapper{mapping: b.mapping, columns: b.second[i].columns}}
		var labels []string
		for k := range spec.on {
			on := b.value(spec.on[k])
			b.inside = i
			key := b.value(spec.key[k])
			b.inside = own
			j.on, j.key, labels = append(j.on, on), append(j.key, key), append(labels, on.label)
		}
		j.label = strings.Join(labels, ", ")
		all[i] = j
	}
	return all
}

func (b *binder) link(l linkSpec, entities []entity, index map[string]int) (bound link) {
	joins := b.using(func() {
		bound = link{
			way: bindWord(b, l.role, "role of a link", parseWay), from: index[l.from], to: index[l.to],
			start: b.date(l.start), end: b.date(l.end), key: b.value(l.key),
			fields: b.fields(l.fields), when: b.conditions(l.when),
		}
	})
	bound.joins = inOrder(slices.Concat(joins, entities[bound.from].joins, entities[bound.to].joins))
	return bound
}

func (b *binder) outcome(o outcomeSpec, dated []int) (bound outcome) {
	joins := b.using(func() {
		bound = outcome{
			entity: -1, consignment: -1, date: b.date(o.date),
			result: bindWord(b, o.result, "result", graph.ParseResult), channel: bindWord(b, o.channel, "channel", graph.ParseChannel),
			fields: b.fields(o.fields), when: b.conditions(o.when),
		}
	})
	if o.date == nil {
		joins = inOrder(slices.Concat(joins, dated))
	}
	bound.joins = joins
	return bound
}

// entity binds an entity; its facts are of the day of the row, and so of the joins
// that it is read from.
func (b *binder) entity(e entitySpec, dated []int) (bound entity) {
	bound.joins = b.using(func() {
		bound = entity{
			kind: e.kind, namespace: e.namespace, prefix: prefixOf(e.kind, e.namespace),
			id: b.value(e.id), keep: e.keep, facts: b.fields(e.facts), when: b.conditions(e.when), table: -1,
		}
	})
	if len(e.facts) > 0 {
		bound.joins = inOrder(slices.Concat(bound.joins, dated))
	}
	if e.aligned {
		bound.columns = b.columnsOf(&e)
	}
	if e.lookup != "" {
		bound.table = slices.IndexFunc(b.mapping.lookups, func(l lookupSpec) bool { return l.name == e.lookup })
	}
	return bound
}

func (b *binder) consignment(c consignmentSpec, index map[string]int) (bound consignment) {
	bound.joins = b.using(func() {
		bound = consignment{
			system: c.system.constant, systemValue: b.value(c.system.value), number: b.value(c.number),
			view: bindWord(b, c.view, "view", graph.ParseView), document: b.value(c.document), part: b.value(c.part),
			version: b.value(c.version), amended: b.date(c.amended), date: b.date(c.date),
			fields: b.fields(c.fields), when: b.conditions(c.when),
		}
	})
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

// column resolves a reference to an index in the row, -1 for an optional column
// that the file lacks.
func (b *binder) column(ref columnRef) int {
	if ref.join == "" {
		return b.sheetOf(b.inside).find(ref, b.inside == own && b.mapping.mayLack(ref))
	}
	k := b.joinOf(ref)
	b.uses = append(b.uses, k)
	at := columnAt{k, b.second[k].find(ref, false)}
	if at.column < 0 {
		return -1
	}
	slot := slices.Index(b.slots, at)
	if slot < 0 {
		slot = len(b.slots)
		b.slots = append(b.slots, at)
	}
	return len(b.own.columns) + slot
}

func (b *binder) joinOf(ref columnRef) int {
	return slices.IndexFunc(b.mapping.joins, func(j joinSpec) bool { return j.name == ref.join })
}

// placeOf returns the place of an index that column returned, and what messages
// call the column.
func (b *binder) placeOf(i int, ref columnRef) (at columnAt, label string) {
	if slot := i - len(b.own.columns); b.inside == own && slot >= 0 {
		at = b.slots[slot]
		return at, ref.join + "." + b.second[at.join].columns[at.column]
	}
	if i < 0 {
		join := b.inside
		if ref.join != "" {
			join = b.joinOf(ref)
		}
		return columnAt{join, -1}, ref.String()
	}
	return columnAt{b.inside, i}, b.sheetOf(b.inside).columns[i]
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
		at, name := b.placeOf(i, ref)
		v.columns, v.places, names = append(v.columns, i), append(v.places, at), append(names, name)
	}
	v.refs, v.label = spec.columns, strings.Join(names, ", ")
	v.where = b.conditions(spec.where)
	if len(spec.first) > 0 {
		b.alternatives(v)
	}
	bare := len(spec.columns) == 1 && len(spec.steps) == 0 && len(v.where) == 0 && !spec.within
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
		v.columns, v.places, v.refs = append(v.columns, a.columns...), append(v.places, a.places...), append(v.refs, a.refs...)
		v.where = append(v.where, a.where...)
		if a.label != "" {
			names = append(names, a.label)
		}
	}
	v.label = strings.Join(names, " or ")
	if sound {
		return
	}
	if s := b.sheetOf(v.places[0].join); !slices.Contains(s.err.Missing, v.label) {
		s.err.Missing = append(s.err.Missing, v.label)
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

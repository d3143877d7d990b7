package mapping

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"rummage/graph"
)

// columnRef names a column by its header or by its position from 1.
type columnRef struct {
	join     string // whose second file it is in; "" for the file's own
	name     string
	position int
	optional bool // the file may lack it; its cells are then empty
	line     int
}

// String names the column as a message does.
func (c columnRef) String() string {
	name := c.name
	if c.position > 0 {
		name = fmt.Sprintf("#%d", c.position)
	}
	if c.join != "" {
		name = c.join + "." + name
	}
	return name
}

// valueSpec says how a text is made from a row.
type valueSpec struct {
	line     int
	columns  []columnRef
	join     string
	whole    bool         // states nothing unless every column does
	first    []*valueSpec // the first that states something, in place of columns
	optional bool         // of first: the file may lack all their columns
	constant string
	row      bool        // the number of the row
	file     bool        // before it, what tells its table from others
	within   bool        // what tells its file from others stands before the text
	where    []condition // of columns that hold several values, which of them count
	steps    []step
	nulls    []string // nil: those of the mapping
	rule     rule     // its name is empty for none
	strict   bool     // a text that breaks the rule quarantines the row
	required bool     // no text quarantines the row
}

// dateSpec is a value that is a day.
type dateSpec struct {
	valueSpec
	formats []dateFormat
}

// condition says of one column what must hold.
type condition struct {
	column  columnRef
	equals  []string // one of them
	unequal []string // none of them
	matches *regexp.Regexp
	differs *regexp.Regexp
	stated  int // 1: must be stated, -1: must not
}

// wordSpec is a word of the vocabulary: constant, or read from the row.
type wordSpec struct {
	constant string
	value    *valueSpec
}

type named struct {
	name  string
	value *valueSpec
}

type entitySpec struct {
	aligned   bool // see repeatCells
	label     string
	line      int
	kind      graph.Kind
	namespace string
	id        *valueSpec
	keep      string // property that keeps the text of the id
	lookup    string // name of a lookup
	facts     []named
	when      []condition
}

type lookupSpec struct {
	name   string
	line   int
	key    *valueSpec
	entity string
}

type tieSpec struct {
	role     graph.Role
	entities []string
	line     int
}

type consignmentSpec struct {
	label    string
	line     int
	system   wordSpec
	number   *valueSpec
	view     wordSpec
	document *valueSpec
	part     *valueSpec
	version  *valueSpec
	amended  *dateSpec
	date     *dateSpec // nil: that of the row
	fields   []named
	ties     []tieSpec
	when     []condition
}

type linkSpec struct {
	line     int
	role     wordSpec
	from, to string
	start    *dateSpec
	end      *dateSpec
	key      *valueSpec
	fields   []named
	when     []condition
}

type outcomeSpec struct {
	line    int
	subject string
	result  wordSpec
	channel wordSpec
	date    *dateSpec // nil: that of the row
	fields  []named
	when    []condition
}

// column reads a header name or, where it is a number, a position.
func (w *walker) column(n *yaml.Node) columnRef {
	ref := columnRef{line: n.Line}
	text := w.text(n, "column")
	if n.Tag == "!!int" {
		if err := n.Decode(&ref.position); err != nil || ref.position < 1 || ref.position > maxColumns {
			w.fail(n.Line, "column: position %s: want 1 to %d", text, maxColumns)
		}
		return ref
	}
	ref.name = strings.TrimSpace(text)
	if ref.name == "" && n.Kind == yaml.ScalarNode {
		w.fail(n.Line, "column: want the name of a column, or its number")
	}
	w.ofJoin(&ref)
	return ref
}

const (
	maxColumns = 16384 // more than any layout has
	maxJoined  = 100   // columns of one value
)

// value reads what stands wherever the language wants a text from the row: the
// name of a column, or an object.
func (w *walker) value(n *yaml.Node, what string) *valueSpec {
	if n == nil {
		return nil
	}
	v := &valueSpec{line: n.Line}
	if n.Kind == yaml.ScalarNode {
		v.columns = []columnRef{w.column(n)}
		return v
	}
	before := len(w.problems)
	if fields := w.object(n, what, valueKeys); len(w.problems) == before {
		w.fillValue(v, fields, what)
	}
	return v
}

func (w *walker) fillValue(v *valueSpec, fields map[string]*yaml.Node, what string) {
	w.fillSource(v, fields, what)
	v.join = " "
	if fields["join"] != nil {
		if v.join = w.text(fields["join"], "join"); len(v.join) > maxArgument {
			w.fail(v.line, "%s: join: more than %d bytes", what, maxArgument)
		}
	}
	v.whole = fields["whole"] != nil && w.flag(fields["whole"], "whole")
	if v.where = w.conditions(fields["where"], "where"); len(v.where) > 0 && len(v.columns) == 0 {
		w.fail(v.line, "%s: where goes with column or columns", what)
	}
	for _, n := range w.items(fields["then"]) {
		if s := w.step(n); s != nil {
			v.steps = append(v.steps, s)
		}
	}
	v.nulls = w.texts(fields["null"], "null")
	if n := fields["rule"]; n != nil {
		v.rule = w.rule(n)
	}
	if n := fields["within"]; n != nil {
		if v.within = w.text(n, "within") == "file"; !v.within {
			w.fail(n.Line, "%s: within: want file, found %q", what, n.Value)
		}
		switch {
		case v.rule.name != "":
			w.fail(n.Line, "%s: within goes without rule: a number that keeps a rule means the same in every file", what)
		case fields["text"] != nil:
			w.fail(n.Line, "%s: within goes without text, which means the same in every file", what)
		case v.file:
			w.fail(n.Line, "%s: within goes without row: file, which tells files apart by itself", what)
		}
	}
	v.strict = fields["strict"] != nil && w.flag(fields["strict"], "strict")
	v.required = fields["required"] != nil && w.flag(fields["required"], "required")
}

// fillSource reads what the text is made of.
func (w *walker) fillSource(v *valueSpec, fields map[string]*yaml.Node, what string) {
	sources := 0
	for _, key := range []string{"column", "columns", "first", "text", "row"} {
		if fields[key] != nil {
			sources++
		}
	}
	if sources != 1 {
		w.fail(v.line, "%s: want one of column, columns, first, text or row", what)
	}
	v.optional = fields["optional"] != nil && w.flag(fields["optional"], "optional")
	for _, key := range []string{"column", "columns"} {
		for _, n := range w.items(fields[key]) {
			ref := w.column(n)
			ref.optional = v.optional
			v.columns = append(v.columns, ref)
		}
	}
	for _, n := range w.items(fields["first"]) {
		v.first = append(v.first, w.alternative(n, what+": first"))
	}
	if n := max(len(v.columns), len(v.first)); n > maxJoined {
		w.fail(v.line, "%s: %d columns, more than %d", what, n, maxJoined)
	}
	v.constant = w.text(fields["text"], "text")
	if n := fields["row"]; n != nil {
		v.file = n.Kind == yaml.ScalarNode && n.Value == "file"
		v.row = v.file || w.flag(n, "row")
	}
}

// alternative reads one item of first. A file may lack a column that is named
// there alone.
func (w *walker) alternative(n *yaml.Node, what string) *valueSpec {
	a := w.value(n, what)
	if n.Kind == yaml.ScalarNode {
		a.columns[0].optional = true
	}
	if a.first != nil || a.rule.name != "" || a.strict || a.required {
		w.fail(n.Line, "%s: an item has no first, rule, strict or required of its own; they belong beside first", what)
	}
	return a
}

// refs calls do for each column that the value is made of.
func (v *valueSpec) refs(do func(*columnRef)) {
	for i := range v.columns {
		do(&v.columns[i])
	}
	for _, a := range v.first {
		a.refs(do)
	}
}

// numbered reports a value that differs between rows of the same cells.
func (v *valueSpec) numbered() bool {
	return v.row || slices.ContainsFunc(v.first, (*valueSpec).numbered)
}

// date reads a value with a format.
func (w *walker) date(n *yaml.Node, what string) *dateSpec {
	if n == nil {
		return nil
	}
	d := &dateSpec{valueSpec: valueSpec{line: n.Line}}
	texts, base, ahead := []string{isoFormat}, graph.NoDate, 0
	if n.Kind == yaml.ScalarNode {
		d.columns = []columnRef{w.column(n)}
	} else {
		fields := w.object(n, what, dateKeys)
		if fields["format"] != nil {
			texts = w.texts(fields["format"], "format")
		}
		if b := fields["base"]; b != nil {
			var err error
			if base, err = graph.ParseDate(w.text(b, "base")); err != nil {
				w.fail(b.Line, "base: want a day such as 2020-01-01, found %q", b.Value)
			}
		}
		if c := fields["calendar"]; c != nil {
			var known bool
			if ahead, known = calendars[w.text(c, "calendar")]; !known {
				w.fail(c.Line, "calendar: %q%s", c.Value, suggestion(c.Value, slices.Sorted(maps.Keys(calendars))))
			}
		}
		w.fillValue(&d.valueSpec, fields, what)
		if d.within {
			w.fail(fields["within"].Line, "%s: within goes with no day, which is the same in every file", what)
		}
	}
	for _, text := range texts {
		f, err := compileDate(text)
		if err != nil {
			w.fail(n.Line, "%s: %v", what, err)
		}
		if f.count && base == graph.NoDate {
			w.fail(n.Line, "%s: format %q needs base, the day that number 0 stands for", what, dayCount)
		}
		f.base, f.ahead = base, ahead
		d.formats = append(d.formats, f)
	}
	return d
}

// conditions reads "when" or "where": one condition or a list of which all must
// hold.
func (w *walker) conditions(n *yaml.Node, what string) []condition {
	var all []condition
	for _, item := range w.items(n) {
		fields := w.object(item, what, conditionKeys)
		if fields["column"] == nil || len(fields) < 2 {
			w.fail(item.Line, "%s: needs column and one of equals, unequal, matches, differs or stated", what)
			continue
		}
		c := condition{
			column:  w.column(fields["column"]),
			equals:  w.texts(fields["equals"], "equals"),
			unequal: w.texts(fields["unequal"], "unequal"),
		}
		if fields["matches"] != nil {
			c.matches = w.expression(fields["matches"])
		}
		if fields["differs"] != nil {
			c.differs = w.expression(fields["differs"])
		}
		if fields["stated"] != nil {
			c.stated = -1
			if w.flag(fields["stated"], "stated") {
				c.stated = 1
			}
		}
		all = append(all, c)
	}
	return all
}

// named reads the author's names with their values: fields and facts.
func (w *walker) named(n *yaml.Node, what string) []named {
	if n == nil {
		return nil
	}
	var all []named
	for _, p := range w.pairs(n, what) {
		if !graph.ValidName(p.key) {
			w.fail(p.line, "%s: name %q: want lower case letters, digits and underscores", what, p.key)
		}
		if slices.Contains(w.joins, p.key) {
			w.fail(p.line, "%s: name %q is that of a join, whose marks stand under it", what, p.key)
		}
		all = append(all, named{name: p.key, value: w.value(p.node, what+": "+p.key)})
	}
	return all
}

// word reads a word of a vocabulary, or the value that holds one.
func (w *walker) word(n *yaml.Node, what string, check func(string) error) wordSpec {
	if n == nil {
		return wordSpec{}
	}
	if n.Kind != yaml.ScalarNode {
		return wordSpec{value: w.value(n, what)}
	}
	if err := check(n.Value); err != nil {
		w.fail(n.Line, "%s: %v; for a column write {column: %q}", what, err, n.Value)
	}
	return wordSpec{constant: n.Value}
}

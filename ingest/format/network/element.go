package network

import (
	"fmt"
	"strings"

	"rummage/ingest/read"
)

// Columns that the notations themselves fill.
const (
	id          = "id"
	label       = "label"
	source      = "source"
	target      = "target"
	sourceLabel = "source label"
	targetLabel = "target label"
	directed    = "directed"
	weight      = "weight"
	graphOf     = "graph"
	parent      = "parent"
	path        = "path"
	start       = "start"
	end         = "end"
)

// A field is one value of an element.
type field struct {
	column string
	value  []byte
	number bool // of JSON, as against a string
}

// An element is a node or an edge as it stands in the file. Its values are valid
// until the next one is read.
type element struct {
	part    string // Nodes or Edges
	at      read.Position
	raw     []byte // in the window
	fields  []field
	bad     fault
	store   []byte // what values point to that are not in the window
	graph   int    // which of the file's graphs, from 1
	name    string // of that graph
	implied bool   // a node that is not declared, only named: once is enough
	// Of JSON: a node without id, which is known by its index and its label; an
	// edge of a graph that has not said yet whether it is directed.
	unnamed, undecided bool
}

// reset makes an element as new.
func (e *element) reset(part string) {
	e.part, e.raw, e.bad, e.implied, e.unnamed, e.undecided = part, nil, fault{}, false, false, false
	e.fields, e.store = e.fields[:0], e.store[:0]
}

// mostFields is how many values an element may have.
const mostFields = read.MaxColumns

// add appends a value.
func (e *element) add(column string, value []byte) {
	e.push(field{column: column, value: value})
}

// push appends a field.
func (e *element) push(f field) {
	if len(e.fields) >= mostFields {
		e.malformed("more than %d values", mostFields)
		return
	}
	e.fields = append(e.fields, f)
}

// addText appends a value of ours.
func (e *element) addText(column, value string) { e.add(column, e.keep([]byte(value))) }

// keep copies a value.
func (e *element) keep(value []byte) []byte {
	from := len(e.store)
	e.store = append(e.store, value...)
	return e.store[from:len(e.store):len(e.store)]
}

// find returns the first field of a column, or nil.
func (e *element) find(column string) *field {
	for i := range e.fields {
		if e.fields[i].column == column {
			return &e.fields[i]
		}
	}
	return nil
}

// get returns the first value of a column, nil if there is none.
func (e *element) get(column string) []byte {
	if f := e.find(column); f != nil {
		return f.value
	}
	return nil
}

// title is what people call a node: its label, else its name.
func (e *element) title() []byte {
	for _, column := range [...]string{label, "Label", "name", "Name"} {
		if value := e.get(column); len(value) > 0 {
			return value
		}
	}
	return nil
}

// stand sets where the element stands, by indices of the window's rest.
func (e *element) stand(w *window, from, to int) {
	e.at = w.position(from, to)
	e.raw = w.rest()[from:to]
}

// quote appends to the raw text of an element that does not stay in the window.
func (e *element) quote(text []byte) {
	e.raw = append(e.raw, text[:min(len(text), max(0, read.MaxRaw-len(e.raw)))]...)
}

// A fault is why an element is no row.
type fault struct {
	reason         read.Reason
	column, detail string
}

// blame notes a fault, the first only.
func (e *element) blame(reason read.Reason, column, format string, args ...any) {
	if e.bad.reason == "" {
		e.bad = fault{reason: reason, column: column, detail: fmt.Sprintf(format, args...)}
	}
}

// malformed notes a fault against the notation.
func (e *element) malformed(format string, args ...any) {
	e.blame(read.Malformed, "", format, args...)
}

// A scanner yields the elements of a file in their order.
type scanner interface {
	// next reads the next node or edge. io.EOF ends the file; any other error is
	// that of the stream, or of a file that cannot be read further.
	next(e *element) error
}

// names keeps one string for each column name.
type names map[string]string

// column returns the name of a column. Between must not stand in it.
func (n names) column(name []byte) string {
	if known, ok := n[string(name)]; ok {
		return known
	}
	column := strings.TrimSpace(strings.ReplaceAll(string(clean(name)), read.Between, " "))
	if column == "" {
		column = "(no name)"
	}
	if len(n) < 2*read.MaxColumns {
		n[string(name)] = column
	}
	return column
}

// attribute returns the column of an attribute, apart from those that the
// notation fills.
func (n names) attribute(name []byte, taken ...string) string {
	column := n.column(name)
	for _, t := range taken {
		if column == t {
			return column + " (attribute)"
		}
	}
	return column
}

// isNumber tells whether a text is a decimal number.
func isNumber(text []byte) bool {
	at, digits := 0, 0
	sign := func() {
		if at < len(text) && (text[at] == '+' || text[at] == '-') {
			at++
		}
	}
	count := func() {
		for at < len(text) && text[at] >= '0' && text[at] <= '9' {
			at++
			digits++
		}
	}
	sign()
	count()
	if at < len(text) && text[at] == '.' {
		at++
		count()
	}
	if digits == 0 {
		return false
	}
	if at < len(text) && text[at]|0x20 == 'e' {
		at++
		sign()
		digits = 0
		count()
	}
	return digits > 0 && at == len(text)
}

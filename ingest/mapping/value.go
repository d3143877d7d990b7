package mapping

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"rummage/graph"
	"rummage/ingest/ident"
)

// Codes of row errors that mapping gives.
const (
	CodeMissing = "missing" // a cell that must be stated is empty
	CodeDate    = "date"    // not a day in any of the formats
	CodeNumber  = "number"  // not a number where one is needed
	CodeWord    = "value"   // a word outside the vocabulary
	CodeRule    = "rule"    // breaks a strict rule
	CodeSeveral = "several" // several values where one is wanted, or more than MaxValues
	CodeSize    = "size"    // a value of more than MaxValue bytes
	// CodeWithheld: a number of a person, and no key to keep it under.
	CodeWithheld = "withheld"
	CodeNothing  = "nothing" // the row makes no record
	CodeRagged   = "ragged"  // not as many cells as the file has columns
	// CodeUnresolved and CodeAmbiguous: no row of a second file goes with the row,
	// or several that do not say the same, where one must.
	CodeUnresolved = MarkUnresolved
	CodeAmbiguous  = MarkAmbiguous
)

// What the cells of one row may come to. Steps multiply texts, and links join
// every text of one value with every text of another.
const (
	MaxValues = 1000    // texts of one value
	MaxValue  = 1 << 20 // their bytes together
)

// value is a valueSpec joined to the columns of a file.
type value struct {
	spec     *valueSpec
	first    []*value
	numbered bool        // differs between rows of the same cells
	columns  []int       // in the row, where those of joins stand behind the file's own; those of first too
	places   []columnAt  // and in their files
	refs     []columnRef // what the mapping calls them
	column   int         // the only column, -1 if the file lacks it
	label    string
	where    []boundCondition // those of first too
	nulls    [][]byte
	plain    bool // one column as it stands
	number   bool // one column that should hold a number
	known    cache[[]content]
}

// content is one text that a value came to.
type content struct {
	text   string
	normal string // what enters an id
	mark   string
}

// field is a value with its name.
type field struct {
	name  string
	value *value
}

// date is a dateSpec joined to the columns of a file.
type date struct {
	value   *value
	formats []dateFormat
	known   cache[graph.Date]
}

// word is a wordSpec joined to the columns of a file.
type word[T ~uint8] struct {
	what     string
	constant T
	value    *value // nil for a constant
	parse    func(string) (T, error)
}

type boundCondition struct {
	*condition
	index int
}

// cell returns a cell without outer white space; nil for a missing column.
func (m *Mapper) cell(i int) []byte {
	if i < 0 {
		return nil
	}
	cell := m.cells[i]
	if n := len(cell); n == 0 || isDark(cell[0]) && isDark(cell[n-1]) {
		return cell
	}
	return bytes.TrimSpace(cell)
}

// isDark reports an ASCII character that no trimming removes.
func isDark(c byte) bool { return c > ' ' && c < 0x7f }

func (v *value) null(text []byte) bool {
	if len(text) == 0 {
		return true
	}
	for _, null := range v.nulls {
		if bytes.Equal(null, text) {
			return true
		}
	}
	return false
}

// raw returns the cells that a value is made of, as one key. It is valid until
// the next call.
func (m *Mapper) raw(v *value) []byte {
	if v.column >= 0 {
		return m.cell(v.column)
	}
	m.key = m.key[:0]
	for _, c := range v.columns {
		cell := m.cell(c)
		m.key = append(binary.AppendUvarint(m.key, uint64(len(cell))), cell...)
	}
	for i := range v.where {
		cell := m.cell(v.where[i].index)
		m.key = append(binary.AppendUvarint(m.key, uint64(len(cell))), cell...)
	}
	return m.key
}

// contents returns the texts that the value comes to in this row, none when
// the row does not state it.
func (m *Mapper) contents(v *value) []content {
	raw := m.raw(v)
	if v.numbered {
		return m.resolve(v)
	}
	if known, ok := v.known.get(raw); ok {
		return known
	}
	before := len(m.out.Errors)
	found := m.resolve(v)
	if len(m.out.Errors) == before {
		v.known.put(raw, found)
	}
	return found
}

// resolve works out what contents caches.
func (m *Mapper) resolve(v *value) []content {
	texts := make([]string, 0, 1)
	switch {
	case len(v.first) > 0:
		texts = m.firstOf(v)
	case v.spec.file:
		texts = append(texts, m.file+"-"+strconv.FormatInt(m.number, 10))
	case v.spec.row:
		texts = append(texts, strconv.FormatInt(m.number, 10))
	case len(v.columns) == 0:
		texts = append(texts, v.spec.constant)
	case len(v.where) > 0:
		if texts = m.picks(v); !m.bounded(v, texts) {
			return nil
		}
	default:
		if text := m.joined(v); text != "" {
			texts = append(texts, text)
		}
	}
	for _, step := range v.spec.steps {
		if texts = step(texts); !m.bounded(v, texts) {
			return nil
		}
	}
	found := make([]content, 0, len(texts))
	for _, t := range texts {
		t = strings.TrimSpace(t)
		if v.null([]byte(t)) {
			continue
		}
		if v.spec.within {
			t = m.whole + "-" + t
		}
		c := content{text: t, normal: t}
		if v.spec.rule.check != nil {
			var stated bool
			if c, stated = v.spec.rule.content(m.identity, t); !stated {
				continue
			}
		}
		found = append(found, c)
	}
	slices.SortFunc(found, func(a, b content) int { return strings.Compare(a.text, b.text) })
	return slices.Compact(found)
}

// firstOf returns the texts of the first alternative that states something.
func (m *Mapper) firstOf(v *value) []string {
	for _, a := range v.first {
		if found := m.resolve(a); len(found) > 0 {
			texts := make([]string, len(found))
			for i, c := range found {
				texts[i] = c.text
			}
			return texts
		}
	}
	return nil
}

// bounded puts the row into quarantine when a value comes to too much.
func (m *Mapper) bounded(v *value, texts []string) bool {
	size := 0
	for _, t := range texts {
		size += len(t)
	}
	switch {
	case len(texts) > MaxValues:
		m.fail(v.label, CodeSeveral, fmt.Sprintf("holds %d values, more than the %d allowed for one row", len(texts), MaxValues))
	case size > MaxValue:
		m.fail(v.label, CodeSize, fmt.Sprintf("comes to more than %d bytes by the steps of the mapping", MaxValue))
	default:
		return true
	}
	return false
}

// stated checks what the value must keep, and puts the row into quarantine
// otherwise.
func (m *Mapper) stated(v *value, found []content) {
	if len(found) == 0 && v.spec.required {
		m.fail(v.label, CodeMissing, fmt.Sprintf("%s is empty and must be stated", v.label))
	}
	if !v.spec.strict {
		return
	}
	for _, c := range found {
		switch {
		case c.mark == "" || c.mark == string(ident.Discouraged):
		case c.mark == MarkWithheld:
			m.withhold(v)
		default:
			why := ident.Mark(c.mark).Explain()
			if !v.spec.rule.guards() {
				why = v.spec.rule.check(c.text).Explain()
			}
			m.fail(v.label, CodeRule, fmt.Sprintf("%s breaks the rule %s: %s", m.shown(c.text), v.spec.rule.name, why))
		}
	}
}

// one returns the single text of a value, "" when it is not stated.
func (m *Mapper) one(v *value) string {
	if v == nil {
		return ""
	}
	if v.plain {
		raw := m.cell(v.column)
		if v.null(raw) {
			m.stated(v, nil)
			return ""
		}
		if bytes.Contains(raw, between) {
			return m.several(v, bytes.Count(raw, between)+1)
		}
		return m.arena.text(raw)
	}
	found := m.contents(v)
	m.stated(v, found)
	switch len(found) {
	case 0:
		return ""
	case 1:
		if n := strings.Count(found[0].text, Between); n > 0 {
			return m.several(v, n+1)
		}
		if found[0].mark == MarkWithheld {
			if !v.spec.strict { // else stated has said so
				m.withhold(v)
			}
			return ""
		}
		return found[0].text
	}
	return m.several(v, len(found))
}

// several puts the row into quarantine, since a value came to more texts than one.
func (m *Mapper) several(v *value, n int) string {
	m.fail(v.label, CodeSeveral, fmt.Sprintf("holds %d values where one is wanted", n))
	return ""
}

// fieldsOf appends the fields of a record to the row's and returns them.
func (m *Mapper) fieldsOf(fields []field) []graph.Field {
	start := len(m.room.fields)
	for i := range fields {
		f := &fields[i]
		if v := f.value; v.plain || v.number {
			raw := m.cell(v.column)
			if v.null(raw) {
				m.stated(v, nil)
				continue
			}
			if v.plain || isNumber(raw) {
				m.room.fields = append(m.room.fields, graph.Field{Name: f.name, Value: m.arena.text(raw)})
				continue
			}
		}
		found := m.contents(f.value)
		m.stated(f.value, found)
		for _, c := range found {
			m.room.fields = append(m.room.fields, graph.Field{Name: f.name, Value: c.text, Mark: c.mark})
		}
	}
	return m.room.fields[start:len(m.room.fields):len(m.room.fields)]
}

// day reads a day, NoDate when it is not stated.
func (m *Mapper) day(d *date) graph.Date {
	if d == nil {
		return graph.NoDate
	}
	var text []byte
	if d.value.plain {
		text = m.cell(d.value.column)
		if d.value.null(text) {
			m.stated(d.value, nil)
			return graph.NoDate
		}
	} else if text = []byte(m.one(d.value)); len(text) == 0 {
		return graph.NoDate
	}
	if day, ok := d.known.get(text); ok {
		return day
	}
	for i := range d.formats {
		if day, ok := d.formats[i].parse(text); ok {
			d.known.put(text, day)
			return day
		}
	}
	m.fail(d.value.label, CodeDate, fmt.Sprintf("%s is no day in the format %s", m.shown(string(text)), formatList(d.formats)))
	return graph.NoDate
}

func formatList(formats []dateFormat) string {
	texts := make([]string, len(formats))
	for i, f := range formats {
		texts[i] = f.text
	}
	return strings.Join(texts, " or ")
}

// read returns the word that the row states, the zero word for none.
func (w *word[T]) read(m *Mapper) T {
	if w.value == nil {
		return w.constant
	}
	text := m.one(w.value)
	if text == "" {
		return 0
	}
	found, err := w.parse(text)
	if err != nil {
		m.fail(w.value.label, CodeWord, fmt.Sprintf("%s is no known %s; let the mapping name it under values", m.shown(text), w.what))
	}
	return found
}

// holds reports whether all conditions hold in this row.
func (m *Mapper) holds(conditions []boundCondition) bool {
	for i := range conditions {
		c := &conditions[i]
		cell := m.cell(c.index)
		switch {
		case c.equals != nil && !isOneOf(cell, c.equals),
			c.unequal != nil && isOneOf(cell, c.unequal),
			c.matches != nil && !c.matches.Match(cell),
			c.differs != nil && c.differs.Match(cell),
			c.stated != 0 && m.isNull(cell) == (c.stated > 0):
			return false
		}
	}
	return true
}

func isOneOf(cell []byte, texts []string) bool {
	for _, t := range texts {
		if string(cell) == t {
			return true
		}
	}
	return false
}

// isNull reports a cell that states nothing by the mapping's own nulls.
func (m *Mapper) isNull(cell []byte) bool { return isOneOf(cell, m.mapping.nulls) }

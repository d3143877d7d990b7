package mapping

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"slices"
	"strings"

	"rummage/graph"
)

// fieldLookup is the field of a link that says that a lookup found several.
const fieldLookup = "lookup"

// join is a joinSpec joined to the columns of both files.
type join struct {
	spec    *joinSpec
	on      []*value
	label   string
	key     []*value
	reader  *Mapper       // of the second file's rows
	columns []int         // of the second file, that something uses
	places  []int         // of their cells in the row
	guards  map[int]Guard // by column of the second file
	table   *held
	learned graph.Row // see LearnJoined

	// Of the row at hand.
	doubts []graph.Field // what could not be settled
	met    []string      // rows of the second file
	cells  []byte        // and what they come to
	ends   []int

	unresolved, ambiguous int64 // rows so far
}

// rowKey is a key that a row has.
type rowKey struct {
	text  string // in the form that is compared
	shown string // as it stands in the row
}

// keysOf returns the keys that a row has by the values that make them: none
// where one is not stated. What such a value must not hold puts the row into
// quarantine.
func (m *Mapper) keysOf(parts []*value) []rowKey {
	keys := m.keys[:0]
	for i, v := range parts {
		found := m.contents(v)
		m.stated(v, found)
		if slices.ContainsFunc(found, func(c content) bool { return c.mark == MarkWithheld }) {
			if !v.spec.strict { // else stated has said so
				m.withhold(v)
			}
			return nil
		}
		switch {
		case i == 0:
			for _, c := range found {
				keys = append(keys, rowKey{c.normal, c.text})
			}
		case len(keys)*len(found) > MaxValues:
			m.fail(v.label, CodeSeveral, fmt.Sprintf("makes %d keys, more than the %d allowed for one row", len(keys)*len(found), MaxValues))
			return nil
		default:
			keys = crossed(keys, found)
		}
	}
	m.keys = keys
	return keys
}

// crossed puts each text behind each key. Cells hold no NUL, so that the parts of
// a key cannot run into each other.
func crossed(keys []rowKey, found []content) []rowKey {
	all := make([]rowKey, 0, len(keys)*len(found))
	for _, k := range keys {
		for _, c := range found {
			all = append(all, rowKey{k.text + "\x00" + c.normal, k.shown + ", " + c.text})
		}
	}
	return all
}

// LearnJoined takes a row of the second file of a join, by the join's number in
// Joins. It returns why the row cannot be joined, if it cannot, valid until the
// next call; the error wraps ErrLookup.
//
// A row that states no key is counted and goes with no row.
func (m *Mapper) LearnJoined(i int, number int64, cells [][]byte) ([]graph.RowError, error) {
	j := &m.joins[i]
	out := &j.learned
	out.Errors = out.Errors[:0]
	keys := j.reader.keysIn(number, cells, j.key, out)
	switch {
	case len(out.Errors) > 0:
		return out.Errors, nil
	case len(keys) == 0:
		j.table.keyless++
		return nil, nil
	}
	j.cells = appendCells(j.cells[:0], cells, j.columns)
	row := string(j.cells)
	for _, k := range keys {
		if err := j.table.learn(k.text, row, j.spec.all); err != nil {
			return nil, fmt.Errorf("mapping: %s: join %s: %w", m.mapping.Name, j.spec.name, err)
		}
	}
	return nil, nil
}

// Keys returns the keys by which a row of the file is joined, none where it is to
// go with no row.
func (m *Mapper) Keys(i int, cells [][]byte) []string {
	return texts(m.keysIn(0, cells, m.joins[i].on, new(graph.Row)))
}

// JoinedKeys is Keys for a row of the second file.
func (m *Mapper) JoinedKeys(i int, cells [][]byte) []string {
	j := &m.joins[i]
	return texts(j.reader.keysIn(0, cells, j.key, new(graph.Row)))
}

func texts(keys []rowKey) []string {
	all := make([]string, len(keys))
	for i, k := range keys {
		all[i] = k.text
	}
	return all
}

// keysIn is keysOf for a row that nothing else is made of.
func (m *Mapper) keysIn(number int64, cells [][]byte, parts []*value, out *graph.Row) []rowKey {
	m.number, m.cells, m.out = number, cells, out
	if len(cells) != len(m.columns) {
		m.fail("", CodeRagged, fmt.Sprintf("%d cells where %d are expected", len(cells), len(m.columns)))
		return nil
	}
	return m.keysOf(parts)
}

// Adopt takes over what another mapper of the same mapping learned of second files
// with the same columns.
func (m *Mapper) Adopt(other *Mapper) {
	for i := range m.joins {
		m.joins[i].table = other.joins[i].table
	}
}

// JoinStats counts what a join came to.
type JoinStats struct {
	Keys       int64 // of the second file
	Keyless    int64 // rows of the second file that state no key
	Unresolved int64 // rows of the file for whose key there is no row
	Ambiguous  int64 // rows of the file for whose key there are several that differ
}

// JoinStats returns the counts so far of a join.
func (m *Mapper) JoinStats(i int) JoinStats {
	j := &m.joins[i]
	return JoinStats{int64(len(j.table.first)), j.table.keyless, j.unresolved, j.ambiguous}
}

// JoinedGuards returns how columns of a second file must be kept from sight, by
// their index from 0.
func (m *Mapper) JoinedGuards(i int) map[int]Guard { return m.joins[i].guards }

// widen puts the cells of joined rows behind those of the row. It returns false
// when the row is in quarantine.
func (m *Mapper) widen() bool {
	before := len(m.out.Errors)
	m.wide = append(m.wide[:0], m.cells...)
	for i := range m.joins {
		for range m.joins[i].places {
			m.wide = append(m.wide, nil)
		}
	}
	for i := range m.joins {
		j := &m.joins[i]
		m.meet(j)
		if len(j.doubts) > 0 && j.spec.required {
			m.refuseDoubts(j)
		}
	}
	m.cells = m.wide
	return len(m.out.Errors) == before
}

// meet finds the rows of the second file that go with the row, and what they say.
func (m *Mapper) meet(j *join) {
	before := len(m.out.Errors)
	j.doubts, j.met = j.doubts[:0], j.met[:0]
	keys := m.keysOf(j.on)
	if len(keys) == 0 {
		if j.spec.required && len(m.out.Errors) == before {
			m.fail(j.label, CodeMissing, fmt.Sprintf("%s is empty, so no row of %s goes with it", j.label, j.spec.name))
		}
		return
	}
	full := false
	for _, k := range keys {
		rows, some := j.table.find(k.text, &j.met)
		if full = full || some && rows == 0; !some {
			j.doubts = append(j.doubts, graph.Field{Name: j.spec.name, Value: k.shown, Mark: MarkUnresolved})
		}
	}
	if len(j.doubts) > 0 {
		j.unresolved++
	}
	if full {
		j.met = j.met[:0]
	}
	slices.Sort(j.met)
	j.met = slices.Compact(j.met)
	if m.say(j) && !full {
		return
	}
	j.ambiguous++
	for _, k := range keys {
		j.doubts = append(j.doubts, graph.Field{Name: j.spec.name, Value: k.shown, Mark: MarkAmbiguous})
	}
}

// say puts what the met rows say into the row. It returns false where they do not
// agree on a cell, which then stays empty.
func (m *Mapper) say(j *join) bool {
	agreed := true
	j.cells, j.ends = j.cells[:0], j.ends[:0]
	switch {
	case len(j.met) == 0:
		return true
	case j.spec.all:
		for c := range j.columns {
			for i, row := range j.met {
				if i > 0 {
					j.cells = append(j.cells, Between...)
				}
				j.cells = append(j.cells, cellOf(row, c).text...)
			}
			j.ends = append(j.ends, len(j.cells))
		}
	default:
		whole := j.met[0]
		for _, row := range j.met[1:] {
			whole = merged(whole, row)
		}
		for c := range j.columns {
			cell := cellOf(whole, c)
			agreed = agreed && !cell.disputed
			j.cells = append(j.cells, cell.text...)
			j.ends = append(j.ends, len(j.cells))
		}
	}
	start := 0
	for c, at := range j.places {
		m.wide[at] = j.cells[start:j.ends[c]:j.ends[c]]
		start = j.ends[c]
	}
	return agreed
}

// refuseDoubts puts the row into quarantine.
func (m *Mapper) refuseDoubts(j *join) {
	for _, d := range j.doubts {
		if d.Mark == MarkUnresolved {
			m.fail(j.label, CodeUnresolved, fmt.Sprintf("no row of %s has %s", j.spec.name, m.shown(d.Value)))
		} else {
			m.fail(j.label, CodeAmbiguous, fmt.Sprintf("several rows of %s have %s and do not say the same", j.spec.name, m.shown(d.Value)))
		}
	}
}

// doubted appends what joins could not settle to fields that end the room's.
func (m *Mapper) doubted(fields []graph.Field, joins []int) []graph.Field {
	start := len(m.room.fields) - len(fields)
	for _, k := range joins {
		m.room.fields = append(m.room.fields, m.joins[k].doubts...)
	}
	return m.room.fields[start:len(m.room.fields):len(m.room.fields)]
}

// held is what a join keeps of its second file: for each key the cells that
// something uses.
type held struct {
	first   map[string]int32
	rows    []heldRow
	text    int // bytes of keys and cells
	keyless int64
}

type heldRow struct {
	cells string
	next  int32 // of the same key, -1 for none
	times int32 // rows of the key, of its first only; 0: they are too many
}

// learn notes that a row has a key. Of several rows of one key one is held, whose
// cells are those on which they agree; or, where all are meant, each that differs.
func (h *held) learn(key, cells string, all bool) error {
	at, known := h.first[key]
	switch {
	case !known:
		if h.first == nil {
			h.first = make(map[string]int32)
		}
		h.text += len(key)
		h.first[key] = int32(len(h.rows))
		h.add(heldRow{cells: cells, next: -1, times: 1})
	case !all:
		if whole := merged(h.rows[at].cells, cells); whole != h.rows[at].cells {
			h.text += len(whole) - len(h.rows[at].cells)
			h.rows[at].cells = whole
		}
	case h.rows[at].times > 0:
		h.another(at, cells)
	}
	if len(h.rows) > MaxLookup || h.text > MaxLookupText {
		return fmt.Errorf("more than %d keys, or than %d bytes of keys and cells: %w", MaxLookup, MaxLookupText, ErrLookup)
	}
	return nil
}

func (h *held) add(row heldRow) {
	h.rows = append(h.rows, row)
	h.text += len(row.cells)
}

// another holds one more row of a key unless it is there.
func (h *held) another(at int32, cells string) {
	last := at
	for i := at; i >= 0; i = h.rows[i].next {
		if h.rows[i].cells == cells {
			return
		}
		last = i
	}
	if h.rows[at].times >= MaxValues {
		h.rows[at].times = 0
		return
	}
	h.rows[at].times++
	h.rows[last].next = int32(len(h.rows))
	h.add(heldRow{cells: cells, next: -1})
}

// find appends the rows of a key; some says that there are any, and rows is 0
// where they are too many.
func (h *held) find(key string, into *[]string) (rows int32, some bool) {
	at, some := h.first[key]
	if !some {
		return 0, false
	}
	if rows = h.rows[at].times; rows == 0 {
		return 0, true
	}
	for i := at; i >= 0; i = h.rows[i].next {
		*into = append(*into, h.rows[i].cells)
	}
	return rows, true
}

// heldCell is a cell of a held row.
type heldCell struct {
	text     string
	disputed bool // rows of one key do not agree on it
}

// appendCells writes cells as one text, without outer white space: before each
// stands its length plus one, and 0 for one that is disputed.
func appendCells(b []byte, cells [][]byte, columns []int) []byte {
	for _, c := range columns {
		cell := bytes.TrimSpace(cells[c])
		b = append(binary.AppendUvarint(b, uint64(len(cell))+1), cell...)
	}
	return b
}

// nextCell reads the first cell of what appendCells wrote.
func nextCell(row string) (cell heldCell, rest string) {
	length, n := uint64(0), 0
	for shift := 0; ; shift += 7 {
		c := row[n]
		n++
		length |= uint64(c&0x7f) << shift
		if c < 0x80 {
			break
		}
	}
	if length == 0 {
		return heldCell{disputed: true}, row[n:]
	}
	end := n + int(length) - 1
	return heldCell{text: row[n:end]}, row[end:]
}

// cellOf returns the c-th cell of a row.
func cellOf(row string, c int) heldCell {
	var cell heldCell
	for range c + 1 {
		cell, row = nextCell(row)
	}
	return cell
}

// merged is what two rows of a key say together: a cell that one leaves empty is
// that of the other, and one on which they differ is disputed. The order of rows
// does not count.
func merged(a, b string) string {
	if a == b {
		return a
	}
	var out strings.Builder
	var length []byte
	for len(a) > 0 {
		var x, y heldCell
		x, a = nextCell(a)
		y, b = nextCell(b)
		switch {
		case x.disputed || y.disputed || x.text != y.text && x.text != "" && y.text != "":
			out.WriteByte(0)
			continue
		case x.text == "":
			x = y
		}
		length = binary.AppendUvarint(length[:0], uint64(len(x.text))+1)
		out.Write(length)
		out.WriteString(x.text)
	}
	return out.String()
}

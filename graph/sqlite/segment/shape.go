package segment

import (
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"sync"

	"rummage/graph"
)

// A shape is what records of one mapping have in common: which fields they
// have, in which order, and which roles their ties have. A block lists its
// shapes once; a record names one, and its values stand in one column a field
// and one column a role, in the order of records.
type shape struct {
	fields []slot
	roles  []graph.Role
}

type slot struct {
	name, mark string
}

func (s *shape) fits(fields []graph.Field, ties []Tie) bool {
	if len(fields) != len(s.fields) || len(ties) != len(s.roles) {
		return false
	}
	for i := range fields {
		if fields[i].Name != s.fields[i].name || fields[i].Mark != s.fields[i].mark {
			return false
		}
	}
	for i := range ties {
		if ties[i].Role != s.roles[i] {
			return false
		}
	}
	return true
}

const fieldPrefix, rolePrefix, shapeColumn, shapesColumn = "f:", "t:", "shape", "shapes"

// shaper collects the shapes, fields and ties of one block.
type shaper struct {
	shapes  []shape
	columns [][]*textColumn // of each shape's fields
	index   map[string]int
	last    int
	shape   []int64
	fields  map[string]*textColumn
	names   []string
	ties    [32][]int64
	key     []byte
}

func newShaper() *shaper {
	return &shaper{index: make(map[string]int), fields: make(map[string]*textColumn)}
}

func (s *shaper) reset() {
	s.shapes, s.columns, s.shape, s.last = s.shapes[:0], s.columns[:0], s.shape[:0], 0
	clear(s.index)
	kept := s.names[:0]
	for _, name := range s.names {
		if len(s.fields[name].ends) == 0 {
			delete(s.fields, name) // not seen in the last block
			continue
		}
		s.fields[name].reset()
		kept = append(kept, name)
	}
	s.names = kept
	for i := range s.ties {
		s.ties[i] = s.ties[i][:0]
	}
}

func (s *shaper) add(fields []graph.Field, ties []Tie) {
	if s.last >= len(s.shapes) || !s.shapes[s.last].fits(fields, ties) {
		s.last = s.find(fields, ties)
	}
	s.shape = append(s.shape, int64(s.last))
	columns := s.columns[s.last]
	for i := range fields {
		columns[i].add(fields[i].Value)
	}
	for _, tie := range ties {
		s.ties[tie.Role] = append(s.ties[tie.Role], int64(tie.Num))
	}
}

// fewShapes is how many shapes are looked at before one is looked up.
const fewShapes = 24

func (s *shaper) find(fields []graph.Field, ties []Tie) int {
	for i := range s.shapes[:min(len(s.shapes), fewShapes)] {
		if s.shapes[i].fits(fields, ties) {
			return i
		}
	}
	found := shape{fields: make([]slot, len(fields)), roles: make([]graph.Role, len(ties))}
	columns := make([]*textColumn, len(fields))
	for i := range fields {
		found.fields[i] = slot{fields[i].Name, fields[i].Mark}
	}
	for i := range ties {
		found.roles[i] = ties[i].Role
	}
	s.key = found.append(s.key[:0])
	if i, ok := s.index[string(s.key)]; ok {
		return i
	}
	for i := range fields {
		name := found.fields[i].name
		if s.fields[name] == nil {
			s.fields[name] = &textColumn{}
			s.names = append(s.names, name)
		}
		columns[i] = s.fields[name]
	}
	s.index[string(s.key)] = len(s.shapes)
	s.shapes = append(s.shapes, found)
	s.columns = append(s.columns, columns)
	return len(s.shapes) - 1
}

func (s *shape) append(b []byte) []byte {
	b = binary.AppendUvarint(b, uint64(len(s.fields)))
	for _, f := range s.fields {
		b = appendText(appendText(b, f.name), f.mark)
	}
	b = binary.AppendUvarint(b, uint64(len(s.roles)))
	for _, r := range s.roles {
		b = append(b, byte(r))
	}
	return b
}

func appendText(b []byte, s string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}

func readText(b []byte) (string, []byte, error) {
	n, b, err := readUvarint(b)
	if err != nil || n > uint64(len(b)) {
		return "", nil, errShort
	}
	return string(b[:n]), b[n:], nil
}

// write appends the columns to the block.
func (s *shaper) write(f *frameWriter) {
	f.ints(shapeColumn, s.shape)
	b := binary.AppendUvarint(nil, uint64(len(s.shapes)))
	for i := range s.shapes {
		b = s.shapes[i].append(b)
	}
	f.raw(shapesColumn, b)
	for _, name := range s.names {
		if len(s.fields[name].ends) > 0 {
			f.texts(fieldPrefix+name, s.fields[name])
		}
	}
	for role := range s.ties {
		if len(s.ties[role]) > 0 {
			f.ints(rolePrefix+graph.Role(role).String(), s.ties[role])
		}
	}
}

var errShape = errors.New("impossible shape of records")

func parseShapes(b []byte) ([]shape, error) {
	n, b, err := readUvarint(b)
	if err != nil || n > uint64(len(b)) {
		return nil, errShape
	}
	shapes := make([]shape, n)
	for i := range shapes {
		if b, err = shapes[i].parse(b); err != nil {
			return nil, err
		}
	}
	return shapes, nil
}

func (s *shape) parse(b []byte) ([]byte, error) {
	n, b, err := readUvarint(b)
	if err != nil || n > uint64(len(b)) {
		return nil, errShape
	}
	s.fields = make([]slot, n)
	for i := range s.fields {
		if s.fields[i].name, b, err = readText(b); err != nil {
			return nil, err
		}
		if s.fields[i].mark, b, err = readText(b); err != nil {
			return nil, err
		}
	}
	if n, b, err = readUvarint(b); err != nil || n > uint64(len(b)) {
		return nil, errShape
	}
	s.roles = make([]graph.Role, n)
	for i := range s.roles {
		if s.roles[i] = graph.Role(b[i]); !s.roles[i].IsTie() {
			return nil, fmt.Errorf("%w: role %d", errShape, b[i])
		}
	}
	return b[n:], nil
}

// layout says which shape each record of a block has, and where the values of
// its fields stand.
type layout struct {
	shapes []shape
	shape  []uint32
	names  []string   // of fields, each once
	slots  [][]uint32 // per shape: index into names of each field
	totals []int      // per name: number of values

	once   sync.Once
	starts []uint32 // per record: first position in at
	at     []uint32 // per record and field: index within the field's column
}

func (f *frame) layout(n int) (*layout, error) {
	raw, err := f.raw(shapesColumn)
	if err != nil {
		return nil, err
	}
	return load(f, shapeColumn, n, func(data []byte, n int) (*layout, error) {
		l := &layout{}
		if l.shapes, err = parseShapes(raw); err != nil {
			return nil, err
		}
		if l.shape, _, err = readInts[uint32](f.codec, data, n); err != nil {
			return nil, err
		}
		if n > 0 && int(slices.Max(l.shape)) >= len(l.shapes) {
			return nil, errShape
		}
		l.count()
		return l, nil
	})
}

// count lists the names and how many values each has.
func (l *layout) count() {
	index := make(map[string]uint32)
	l.slots = make([][]uint32, len(l.shapes))
	for i := range l.shapes {
		l.slots[i] = make([]uint32, len(l.shapes[i].fields))
		for j, f := range l.shapes[i].fields {
			k, ok := index[f.name]
			if !ok {
				k = uint32(len(l.names))
				index[f.name] = k
				l.names = append(l.names, f.name)
			}
			l.slots[i][j] = k
		}
	}
	records := make([]int, len(l.shapes))
	for _, s := range l.shape {
		records[s]++
	}
	l.totals = make([]int, len(l.names))
	for i, slots := range l.slots {
		for _, name := range slots {
			l.totals[name] += records[i]
		}
	}
}

// place finds where the values of each record stand. Where all records have
// one shape it need not be called: they stand as often as it names the field.
func (l *layout) place() {
	next := make([]uint32, len(l.names))
	l.starts = make([]uint32, len(l.shape)+1)
	for i, s := range l.shape {
		for _, name := range l.slots[s] {
			l.at = append(l.at, next[name])
			next[name]++
		}
		l.starts[i+1] = uint32(len(l.at))
	}
}

// TieTable gives the ties of a block of statements. Where all have one shape,
// as those of one mapping mostly do, they are read from the columns as they
// are.
type TieTable struct {
	columns []tieColumn

	starts []uint32 // otherwise those of record i stand at starts[i] up to starts[i+1]
	ties   []Tie
}

type tieColumn struct {
	role          graph.Role
	nums          []uint32
	offset, every int // the i-th record's number is nums[i*every+offset]
}

// Append appends the ties of the i-th statement.
func (t *TieTable) Append(dst []Tie, i int) []Tie {
	if t.starts != nil {
		return append(dst, t.ties[t.starts[i]:t.starts[i+1]]...)
	}
	for j := range t.columns {
		c := &t.columns[j]
		dst = append(dst, Tie{Role: c.role, Num: c.nums[i*c.every+c.offset]})
	}
	return dst
}

func (f *frame) ties(n int, limit uint32) (*TieTable, error) {
	l, err := f.layout(n)
	if err != nil {
		return nil, err
	}
	var totals [32]int
	for _, s := range l.shape {
		for _, r := range l.shapes[s].roles {
			totals[r]++
		}
	}
	var nums [32][]uint32
	all := 0
	for role, total := range totals {
		if total > 0 {
			if nums[role], err = f.nums(rolePrefix+graph.Role(role).String(), total, limit); err != nil {
				return nil, err
			}
			all += total
		}
	}
	var next [32]int
	t := &TieTable{}
	if len(l.shapes) == 1 {
		for _, r := range l.shapes[0].roles {
			t.columns = append(t.columns, tieColumn{role: r, nums: nums[r], offset: next[r], every: totals[r] / n})
			next[r]++
		}
		return t, nil
	}
	t.starts, t.ties = make([]uint32, n+1), make([]Tie, 0, all)
	for i, s := range l.shape {
		for _, r := range l.shapes[s].roles {
			t.ties = append(t.ties, Tie{Role: r, Num: nums[r][next[r]]})
			next[r]++
		}
		t.starts[i+1] = uint32(len(t.ties))
	}
	return t, nil
}

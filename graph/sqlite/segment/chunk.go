package segment

import (
	"encoding/binary"
	"fmt"
	"math"
	"slices"
	"strings"
	"unicode/utf8"
	"unsafe"

	"rummage/graph"
)

// ChunkRecords is how many records a chunk holds for which no other number was
// given: with the columns of a customs declaration some 25 MB, two of them at a
// time. Fewer would mean more segments, more a longer wait at the end.
const ChunkRecords = 128 << 10

// chunkBytes is how much text a chunk holds at most.
const chunkBytes = 96 << 20

// Chunk collects rows of one source until they are written as one segment.
// Adding a row copies its texts, one behind the other, and looks each id up
// once; sorting and packing is left to Write, which may run beside the filling
// of the next chunk. A chunk is used by one goroutine at a time.
type Chunk struct {
	limit  int               // of records
	nums   map[string]uint32 // ids of entities -> number by first occurrence
	ids    []string
	known  []knownID    // the last ids by where their text lies
	day    []graph.Date // earliest day of the records that name the entity
	named  []uint32     // how many statements and links name it, at most
	linked []uint32

	words    map[string]uint32 // properties and marks
	wordList []string
	shapes   map[string]*chunkShape
	shapeAt  []*chunkShape
	recent   [8]*chunkShape // by position within the row
	key      []byte

	arena      []byte // every other text
	ties       []uint32
	facts      []chunkFact
	lately     []uint32 // index into facts + 1, by hash
	statements []chunkStatement
	links      []chunkLink
	outcomes   []chunkOutcome
	newest     graph.Date
}

// ref is a text in the arena.
type ref struct{ at, n uint32 }

// knownID is an id and its number. Who adds rows from a file names a party by
// the same string again and again, so the place of its bytes tells it, without
// a look at them. The id is held here, so nothing else can come to lie there.
type knownID struct {
	id  graph.ID
	num uint32
}

const knownBits = 15

func (k *knownID) is(id graph.ID) bool {
	return len(k.id) == len(id) && len(id) > 0 && unsafe.StringData(string(k.id)) == unsafe.StringData(string(id))
}

func knownSlot(id graph.ID) uint64 {
	return uint64(uintptr(unsafe.Pointer(unsafe.StringData(string(id))))) * 0x9E3779B97F4A7C15 >> (64 - knownBits)
}

type chunkFact struct {
	entity, property, mark uint32
	value                  ref
	day                    graph.Date
	row                    int64
}

// The texts of a record lie in the arena from at on, each behind its length:
// what is named below, then the values of its fields.

type chunkStatement struct {
	row, version  int64
	amended, date graph.Date
	at            uint32 // id, document, part
	shape         uint32 // index into shapeAt
	ties          uint32 // first of them
	view          graph.View
}

type chunkLink struct {
	row        int64
	from, to   uint32
	start, end graph.Date
	at         uint32 // key
	shape      uint32
	role       graph.Role
}

type chunkOutcome struct {
	row     int64
	date    graph.Date
	at      uint32 // subject
	shape   uint32
	result  graph.Result
	channel graph.Channel
}

// chunkShape is a shape with the order in which its fields and ties come back.
type chunkShape struct {
	shape
	num       uint32 // its index in shapeAt
	order     []int  // of fields by name
	tieOrder  []int  // of ties by role
	loose     bool   // two fields of one name: order by value too
	looseTies bool   // two ties of one role: order by id too
}

const latelyBits = 16

// NewChunk returns an empty chunk that is full with so many records.
func NewChunk(records int) *Chunk {
	return &Chunk{
		limit: records,
		nums:  make(map[string]uint32), words: make(map[string]uint32), shapes: make(map[string]*chunkShape),
		lately: make([]uint32, 1<<latelyBits), known: make([]knownID, 1<<knownBits),
	}
}

// Reset empties the chunk and keeps its memory.
func (c *Chunk) Reset() {
	clear(c.nums)
	clear(c.lately)
	clear(c.known)
	clear(c.shapes)
	clear(c.ids)
	c.recent, c.shapeAt = [8]*chunkShape{}, c.shapeAt[:0]
	c.ids, c.day, c.named, c.linked = c.ids[:0], c.day[:0], c.named[:0], c.linked[:0]
	c.arena, c.ties = c.arena[:0], c.ties[:0]
	c.facts, c.statements, c.links, c.outcomes = c.facts[:0], c.statements[:0], c.links[:0], c.outcomes[:0]
}

// Full reports whether the chunk is to be written before more is added.
func (c *Chunk) Full() bool {
	return len(c.statements)+len(c.links)+len(c.outcomes) >= c.limit ||
		len(c.facts) >= 4*c.limit || len(c.arena) >= chunkBytes || len(c.ids) >= 4*c.limit
}

// Empty reports whether there is nothing to write.
func (c *Chunk) Empty() bool { return len(c.ids)+len(c.statements)+len(c.outcomes) == 0 }

// Newest returns the latest day of an event in all rows ever added.
func (c *Chunk) Newest() graph.Date { return c.newest }

// Add takes the records of one row. An error wraps graph.ErrInvalidRecord; the
// chunk is then of no more use.
func (c *Chunk) Add(row *graph.Row) error {
	if !c.add(row) {
		if err := row.Check(); err != nil {
			return err
		}
		return fmt.Errorf("segment: row %d: %w", row.Number, graph.ErrInvalidRecord)
	}
	return nil
}

func (c *Chunk) add(row *graph.Row) bool {
	for i := range row.Statements {
		if !c.addStatement(&row.Statements[i], row.Number, i) {
			return false
		}
	}
	for i := range row.Facts {
		if !c.addFact(&row.Facts[i], row.Number) {
			return false
		}
	}
	for i := range row.Links {
		if !c.addLink(&row.Links[i], row.Number) {
			return false
		}
	}
	for i := range row.Outcomes {
		if !c.addOutcome(&row.Outcomes[i], row.Number) {
			return false
		}
	}
	if len(row.Statements) > 0 && len(c.statements) == chunkSample {
		c.foresee()
	}
	return true
}

// chunkSample is after how many statements the size of the whole chunk is
// foreseen, so that its columns need not grow step by step.
const chunkSample = 8 << 10

// chunkMargin is by what part of the sample more is foreseen than it says.
const chunkMargin = 2

func (c *Chunk) foresee() {
	records := len(c.statements) + len(c.links) + len(c.outcomes)
	more := func(n int) int { return n*c.limit/records + n/chunkMargin - n }
	if c.limit <= records {
		return
	}
	c.statements = slices.Grow(c.statements, more(len(c.statements)))
	c.outcomes = slices.Grow(c.outcomes, more(len(c.outcomes)))
	c.ties = slices.Grow(c.ties, more(len(c.ties)))
	c.arena = slices.Grow(c.arena, min(more(len(c.arena)), chunkBytes))
}

func (c *Chunk) put(text string) ref {
	at := len(c.arena)
	c.arena = append(c.arena, text...)
	return ref{uint32(at), uint32(len(text))}
}

// write appends a text behind its length.
func (c *Chunk) write(text string) {
	if n := len(text); n < 0x80 {
		c.arena = append(c.arena, byte(n))
	} else {
		c.arena = binary.AppendUvarint(c.arena, uint64(n))
	}
	c.arena = append(c.arena, text...)
}

// next returns the text that begins at index at, and where the one behind it
// begins.
func (c *Chunk) next(at uint32) (text ref, behind uint32) {
	n, size := uint32(c.arena[at]), uint32(1)
	if n >= 0x80 {
		long, bytes := binary.Uvarint(c.arena[at:])
		n, size = uint32(long), uint32(bytes)
	}
	return ref{at + size, n}, at + size + n
}

func (c *Chunk) text(r ref) []byte { return c.arena[r.at : r.at+r.n] }

// entity returns the number of an entity and notes the day.
func (c *Chunk) entity(id graph.ID, day graph.Date) (uint32, bool) {
	known := &c.known[knownSlot(id)]
	if !known.is(id) {
		num, ok := c.number(id)
		if !ok {
			return 0, false
		}
		known.id, known.num = id, num
	}
	if day < c.day[known.num] {
		c.day[known.num] = day
	}
	return known.num, true
}

// number looks an id up by its text, and gives it a number if it has none.
func (c *Chunk) number(id graph.ID) (uint32, bool) {
	num, ok := c.nums[string(id)]
	if ok {
		return num, true
	}
	if id.Check() != nil || id.Kind() == graph.KindConsignment {
		return 0, false
	}
	num = uint32(len(c.ids))
	c.nums[string(id)] = num
	c.ids = append(c.ids, string(id))
	c.day = append(c.day, graph.Date(math.MaxInt32))
	c.named = append(c.named, 0)
	c.linked = append(c.linked, 0)
	return num, true
}

func (c *Chunk) word(text string) uint32 {
	num, ok := c.words[text]
	if !ok {
		num = uint32(len(c.wordList))
		own := strings.Clone(text)
		c.words[own] = num
		c.wordList = append(c.wordList, own)
	}
	return num
}

func validValue(text string) bool { return text != "" && utf8.ValidString(text) }

// addFact leaves out a fact that was added lately, unless its day is earlier.
func (c *Chunk) addFact(f *graph.Fact, row int64) bool {
	entity, ok := c.entity(f.Entity, f.Date)
	if !ok {
		return false
	}
	c.newest = max(c.newest, f.Date)
	h := uint32(entity)*2654435761 ^ uint32(len(f.Property))<<20
	for i := 0; i < len(f.Value); i++ {
		h = (h ^ uint32(f.Value[i])) * 16777619
	}
	slot := &c.lately[h>>(32-latelyBits)]
	if *slot > 0 {
		had := &c.facts[*slot-1]
		if had.entity == entity && c.wordList[had.property] == f.Property && string(c.text(had.value)) == f.Value &&
			c.wordList[had.mark] == f.Mark {
			if f.Date < had.day {
				had.day, had.row = f.Date, row
			}
			return true
		}
	}
	if !graph.ValidName(f.Property) || f.Mark != "" && !graph.ValidName(f.Mark) || !validValue(f.Value) {
		return false
	}
	c.facts = append(c.facts, chunkFact{
		entity: entity, property: c.word(f.Property), mark: c.word(f.Mark), value: c.put(f.Value), day: f.Date, row: row,
	})
	*slot = uint32(len(c.facts))
	return true
}

// validConsignment is ID.Check for the common case, in one pass.
func validConsignment(id graph.ID) bool {
	const prefix = "consignment/"
	plain := len(id) <= graph.MaxID && len(id) > len(prefix) && string(id[:len(prefix)]) == prefix && id[len(id)-1] != '/'
	for i := len(prefix) - 1; plain && i < len(id); i++ {
		plain = id[i] >= ' ' && id[i] < 0x7f && (id[i] != '/' || id[i-1] != '/')
	}
	return plain || id.Check() == nil && id.Kind() == graph.KindConsignment
}

func (c *Chunk) addStatement(s *graph.Statement, row int64, position int) bool {
	if !validConsignment(s.Consignment) || !s.View.Known() ||
		!utf8.ValidString(s.Document) || !utf8.ValidString(s.Part) {
		return false
	}
	sh := c.recent[position%len(c.recent)]
	if sh == nil || !sh.suits(s.Fields, s.Ties) {
		if sh = c.shapeOf(s.Fields, s.Ties); sh == nil {
			return false
		}
		c.recent[position%len(c.recent)] = sh
	}
	seen := s.Seen()
	c.newest = max(c.newest, s.Date, seen)
	at, ties := uint32(len(c.arena)), uint32(len(c.ties))
	c.write(string(s.Consignment))
	c.write(s.Document)
	c.write(s.Part)
	if !c.addValues(s.Fields) {
		return false
	}
	for i := range s.Ties {
		num, ok := c.entity(s.Ties[i].Entity, seen)
		if !ok {
			return false
		}
		c.named[num]++
		c.ties = append(c.ties, num)
	}
	c.statements = append(c.statements, chunkStatement{
		at: at, version: s.Version, row: row, amended: s.Amended, date: s.Date, shape: sh.num, ties: ties, view: s.View,
	})
	return true
}

func (c *Chunk) addValues(fields []graph.Field) bool {
	for i := range fields {
		if !validValue(fields[i].Value) {
			return false
		}
		c.write(fields[i].Value)
	}
	return true
}

func (c *Chunk) addLink(l *graph.Link, row int64) bool {
	if !l.Role.IsLink() || !utf8.ValidString(l.Key) {
		return false
	}
	sh := c.shapeOf(l.Fields, nil)
	at := uint32(len(c.arena))
	c.write(l.Key)
	from, okFrom := c.entity(l.From, l.Start)
	to, okTo := c.entity(l.To, l.Start)
	if sh == nil || !okFrom || !okTo || !c.addValues(l.Fields) {
		return false
	}
	c.newest = max(c.newest, l.Start)
	c.linked[from]++
	c.linked[to]++
	c.links = append(c.links, chunkLink{
		from: from, to: to, role: l.Role, start: l.Start, end: l.End, at: at, row: row, shape: sh.num,
	})
	return true
}

func (c *Chunk) addOutcome(o *graph.Outcome, row int64) bool {
	if o.Result == graph.NoResult || o.Result > graph.Listed || o.Channel > graph.TipOff {
		return false
	}
	if !validConsignment(o.Subject) {
		if _, ok := c.entity(o.Subject, o.Date); !ok {
			return false
		}
	}
	sh := c.shapeOf(o.Fields, nil)
	at := uint32(len(c.arena))
	c.write(string(o.Subject))
	if sh == nil || !c.addValues(o.Fields) {
		return false
	}
	c.newest = max(c.newest, o.Date)
	c.outcomes = append(c.outcomes, chunkOutcome{
		at: at, result: o.Result, channel: o.Channel, date: o.Date, row: row, shape: sh.num,
	})
	return true
}

func (s *chunkShape) suits(fields []graph.Field, ties []graph.Tie) bool {
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

// shapeOf finds or makes the shape, nil when a name or a role is not valid.
func (c *Chunk) shapeOf(fields []graph.Field, ties []graph.Tie) *chunkShape {
	for _, sh := range c.shapeAt[:min(len(c.shapeAt), fewShapes)] {
		if sh.suits(fields, ties) {
			return sh
		}
	}
	c.key = c.key[:0]
	for i := range fields {
		c.key = appendText(appendText(c.key, fields[i].Name), fields[i].Mark)
	}
	c.key = append(c.key, 0)
	for i := range ties {
		c.key = append(c.key, byte(ties[i].Role))
	}
	if sh := c.shapes[string(c.key)]; sh != nil {
		return sh
	}
	sh := &chunkShape{num: uint32(len(c.shapeAt))}
	for i := range fields {
		f := &fields[i]
		if !graph.ValidName(f.Name) || f.Mark != "" && !graph.ValidName(f.Mark) {
			return nil
		}
		sh.fields = append(sh.fields, slot{strings.Clone(f.Name), strings.Clone(f.Mark)})
		sh.order = append(sh.order, i)
	}
	for i := range ties {
		if !ties[i].Role.IsTie() {
			return nil
		}
		sh.roles = append(sh.roles, ties[i].Role)
		sh.tieOrder = append(sh.tieOrder, i)
	}
	slices.SortStableFunc(sh.order, func(a, b int) int { return strings.Compare(sh.fields[a].name, sh.fields[b].name) })
	slices.SortStableFunc(sh.tieOrder, func(a, b int) int { return int(sh.roles[a]) - int(sh.roles[b]) })
	for i := 1; i < len(fields); i++ {
		sh.loose = sh.loose || sh.fields[sh.order[i]].name == sh.fields[sh.order[i-1]].name
	}
	for i := 1; i < len(ties); i++ {
		sh.looseTies = sh.looseTies || sh.roles[sh.tieOrder[i]] == sh.roles[sh.tieOrder[i-1]]
	}
	c.shapes[string(c.key)] = sh
	c.shapeAt = append(c.shapeAt, sh)
	return sh
}

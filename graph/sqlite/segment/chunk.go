package segment

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"rummage/graph"
)

// ChunkRecords is how many records a chunk holds for which no other number was
// given: with the columns of a customs declaration some 40 MB, two of them at a
// time. Fewer would mean more segments, more a longer wait at the end.
const ChunkRecords = 128 << 10

// chunkBytes is how much text a chunk holds at most.
const chunkBytes = 96 << 20

// Chunk collects rows of one source until they are written as one segment.
// Adding a row copies it into columns and looks each id up once; sorting and
// packing is left to Write, which may run beside the filling of the next
// chunk. A chunk is used by one goroutine at a time.
type Chunk struct {
	limit  int               // of records
	nums   map[string]uint32 // ids of entities -> number by first occurrence
	ids    []string
	day    []graph.Date // earliest day of the records that name the entity
	named  []uint32     // how many statements and links name it, at most
	linked []uint32

	words    map[string]uint32 // properties and marks
	wordList []string
	shapes   map[string]*chunkShape
	recent   [8]*chunkShape // by position within the row
	key      []byte

	arena      []byte // every other text
	values     []ref  // of fields
	ties       []uint32
	facts      []chunkFact
	lately     []uint32 // index into facts + 1, by hash
	statements []chunkStatement
	links      []chunkLink
	outcomes   []chunkOutcome
	newest     graph.Date

	rowIDs  []graph.ID // of the ties of the row being added, and their numbers:
	rowNums []uint32   // facts are mostly about them
}

// ref is a text in the arena.
type ref struct{ at, n uint32 }

type chunkFact struct {
	entity, property, mark uint32
	value                  ref
	day                    graph.Date
	row                    int64
}

type chunkStatement struct {
	id, document, part ref
	version, row       int64
	amended, date      graph.Date
	shape              *chunkShape
	values, ties       uint32 // first of them
	view               graph.View
}

type chunkLink struct {
	from, to   uint32
	start, end graph.Date
	key        ref
	row        int64
	shape      *chunkShape
	values     uint32
	role       graph.Role
}

type chunkOutcome struct {
	subject ref
	date    graph.Date
	row     int64
	shape   *chunkShape
	values  uint32
	result  graph.Result
	channel graph.Channel
}

// chunkShape is a shape with the order in which its fields and ties come back.
type chunkShape struct {
	shape
	order      []int // of fields by name
	tieOrder   []int // of ties by role
	loose      bool  // two fields of one name: order by value too
	looseTies  bool  // two ties of one role: order by id too
	lastNumber []uint32
}

const latelyBits = 16

// NewChunk returns an empty chunk that is full with so many records.
func NewChunk(records int) *Chunk {
	return &Chunk{
		limit: records,
		nums:  make(map[string]uint32), words: make(map[string]uint32), shapes: make(map[string]*chunkShape),
		lately: make([]uint32, 1<<latelyBits),
	}
}

// Reset empties the chunk and keeps its memory.
func (c *Chunk) Reset() {
	clear(c.nums)
	clear(c.lately)
	clear(c.shapes)
	c.recent = [8]*chunkShape{}
	c.ids, c.day, c.named, c.linked = c.ids[:0], c.day[:0], c.named[:0], c.linked[:0]
	c.arena, c.values, c.ties = c.arena[:0], c.values[:0], c.ties[:0]
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
	c.rowIDs, c.rowNums = c.rowIDs[:0], c.rowNums[:0]
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
	if len(c.statements) == chunkSample {
		c.foresee()
	}
	return true
}

// chunkSample is after how many statements the size of the whole chunk is
// foreseen, so that its columns need not grow step by step.
const chunkSample = 8 << 10

func (c *Chunk) foresee() {
	times := c.limit/chunkSample + 1
	c.statements = slices.Grow(c.statements, times*len(c.statements)-len(c.statements))
	c.values = slices.Grow(c.values, times*len(c.values)-len(c.values))
	c.ties = slices.Grow(c.ties, times*len(c.ties)-len(c.ties))
	c.arena = slices.Grow(c.arena, min(times*len(c.arena), chunkBytes)-len(c.arena))
}

func (c *Chunk) put(text string) ref {
	at := len(c.arena)
	c.arena = append(c.arena, text...)
	return ref{uint32(at), uint32(len(text))}
}

func (c *Chunk) text(r ref) []byte { return c.arena[r.at : r.at+r.n] }

// entity returns the number of an entity and notes the day.
func (c *Chunk) entity(id graph.ID, day graph.Date) (uint32, bool) {
	num, ok := c.nums[string(id)]
	if !ok {
		if id.Check() != nil || id.Kind() == graph.KindConsignment {
			return 0, false
		}
		num = uint32(len(c.ids))
		own := strings.Clone(string(id))
		c.nums[own] = num
		c.ids = append(c.ids, own)
		c.day = append(c.day, day)
		c.named = append(c.named, 0)
		c.linked = append(c.linked, 0)
		return num, true
	}
	if day < c.day[num] {
		c.day[num] = day
	}
	return num, true
}

// near is entity for one that a tie of the same row probably names.
func (c *Chunk) near(id graph.ID, day graph.Date) (uint32, bool) {
	for i := range c.rowIDs {
		if c.rowIDs[i] == id {
			num := c.rowNums[i]
			c.day[num] = min(c.day[num], day)
			return num, true
		}
	}
	return c.entity(id, day)
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
	entity, ok := c.near(f.Entity, f.Date)
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
	if !validConsignment(s.Consignment) || s.View == graph.NoView || s.View > graph.Inspection ||
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
	values, ties := uint32(len(c.values)), uint32(len(c.ties))
	if !c.addValues(s.Fields) {
		return false
	}
	for i := range s.Ties {
		id := s.Ties[i].Entity
		num := sh.lastNumber[i]
		if int(num) < len(c.ids) && c.ids[num] == string(id) {
			if seen < c.day[num] {
				c.day[num] = seen
			}
		} else {
			var ok bool
			if num, ok = c.entity(id, seen); !ok {
				return false
			}
			sh.lastNumber[i] = num
		}
		c.named[num]++
		c.ties = append(c.ties, num)
		c.rowIDs, c.rowNums = append(c.rowIDs, id), append(c.rowNums, num)
	}
	c.statements = append(c.statements, chunkStatement{
		id: c.put(string(s.Consignment)), document: c.put(s.Document), part: c.put(s.Part),
		version: s.Version, row: row, amended: s.Amended, date: s.Date, shape: sh, values: values, ties: ties, view: s.View,
	})
	return true
}

func (c *Chunk) addValues(fields []graph.Field) bool {
	for i := range fields {
		if !validValue(fields[i].Value) {
			return false
		}
		c.values = append(c.values, c.put(fields[i].Value))
	}
	return true
}

func (c *Chunk) addLink(l *graph.Link, row int64) bool {
	if !l.Role.IsLink() || !utf8.ValidString(l.Key) {
		return false
	}
	sh := c.shapeOf(l.Fields, nil)
	values := uint32(len(c.values))
	from, okFrom := c.entity(l.From, l.Start)
	to, okTo := c.entity(l.To, l.Start)
	if sh == nil || !okFrom || !okTo || !c.addValues(l.Fields) {
		return false
	}
	c.newest = max(c.newest, l.Start)
	c.linked[from]++
	c.linked[to]++
	c.links = append(c.links, chunkLink{
		from: from, to: to, role: l.Role, start: l.Start, end: l.End, key: c.put(l.Key), row: row, shape: sh, values: values,
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
	values := uint32(len(c.values))
	if sh == nil || !c.addValues(o.Fields) {
		return false
	}
	c.newest = max(c.newest, o.Date)
	c.outcomes = append(c.outcomes, chunkOutcome{
		subject: c.put(string(o.Subject)), result: o.Result, channel: o.Channel, date: o.Date, row: row, shape: sh, values: values,
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
	sh := &chunkShape{lastNumber: make([]uint32, len(ties))}
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
	return sh
}

package mapping

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"rummage/graph"
	"rummage/ingest/ident"
)

// Mapper is a mapping joined to the columns of one file. In the steady state
// it does not allocate: what cells came to is kept in bounded caches. It is
// used by one goroutine.
type Mapper struct {
	mapping      *Mapping
	columns      []string
	date         *date
	entities     []entity
	tables       []table
	consignments []consignment
	links        []link
	outcomes     []outcome
	joins        []join
	facts        cache[graph.Date] // of facts said before: the earliest day

	file     string // see Of
	whole    string // the same
	identity ident.Key
	guards   map[int]Guard // by column of the file
	guarded  bool          // a column of the file, or of a joined one, is

	// Of the row at hand.
	number    int64
	cells     [][]byte
	day0      graph.Date
	out       *graph.Row
	said      int // records, also those said before
	found     []*identified
	consigned []graph.ID
	own       Room  // of Map
	room      *Room // where the row at hand lies
	key       []byte
	factKey   []byte
	pieces    [][]byte // cells of a row of which some were cut, for an entity
	picked    [][]byte // and for a value
	wide      [][]byte // cells of a row with those of joined rows
	keys      []rowKey
	arena     arena
}

type entity struct {
	kind      graph.Kind
	namespace string
	prefix    string
	id        *value
	keep      string
	table     int // of the lookup, -1 for none
	facts     []field
	when      []boundCondition
	columns   []int // that are cut together, see identifyEach
	joins     []int // whose columns it is made of; so in all that follows
	known     cache[*identified]
}

// identified is what the id of an entity came to for one content of its cells.
type identified struct {
	ids      []graph.ID
	one      [1]graph.ID // where ids lies, of one: it is at hand with the rest
	kept     []graph.Fact
	doubt    string    // the text of a lookup that found several
	contents []content // of a strict value only: they are judged in each row
}

type consignment struct {
	system      string
	systemValue *value
	prefix      string
	number      *value
	view        word[graph.View]
	document    *value
	part        *value
	version     *value
	amended     *date
	date        *date
	fields      []field
	ties        []tie
	when        []boundCondition
	joins       []int
}

type tie struct {
	role   graph.Role
	entity int
}

type link struct {
	way      word[way]
	from, to int
	start    *date
	end      *date
	key      *value
	fields   []field
	when     []boundCondition
	joins    []int
}

type outcome struct {
	entity      int // -1 for that of a consignment
	consignment int
	result      word[graph.Result]
	channel     word[graph.Channel]
	date        *date
	fields      []field
	when        []boundCondition
	joins       []int
}

// Room is where the fields and ties of rows lie. It is used again from Reset
// on.
type Room struct {
	fields []graph.Field
	ties   []graph.Tie
}

// Reset frees the room: what was mapped into it is no longer valid.
func (r *Room) Reset() { r.fields, r.ties = r.fields[:0], r.ties[:0] }

// Of says what tells the table from others, for values that number rows within it, and the file, all of
// whose tables number things alike. It is to be called before the first row.
func (m *Mapper) Of(table, file string) { m.file, m.whole = table, file }

// Columns returns the names of the file's columns, numbers where it has none.
func (m *Mapper) Columns() []string { return m.columns }

// Map fills out with what one row says: Number, records and errors. Offset and
// Length are left to the caller. Everything in out but the strings is valid
// until the next call; the strings stay valid.
func (m *Mapper) Map(number int64, cells [][]byte, out *graph.Row) {
	m.own.Reset()
	m.MapInto(&m.own, number, cells, out)
}

// MapInto is Map for several rows that are to stay valid together: until the
// room is Reset.
func (m *Mapper) MapInto(room *Room, number int64, cells [][]byte, out *graph.Row) {
	m.number, m.cells, m.out, m.said, m.room = number, cells, out, 0, room
	out.Number = number
	out.Facts, out.Statements, out.Links = out.Facts[:0], out.Statements[:0], out.Links[:0]
	out.Outcomes, out.Errors = out.Outcomes[:0], out.Errors[:0]
	if len(cells) != len(m.columns) {
		m.fail("", CodeRagged, fmt.Sprintf("%d cells where %d are expected", len(cells), len(m.columns)))
		return
	}
	if len(m.consignments) > 0 {
		if at := m.sumOf(cells); at >= 0 {
			m.fail(m.columns[at], CodeTotals, m.columns[at]+" names a total, and beside it stand numbers alone: it is the sum of other rows, and no consignment")
			return
		}
	}
	if len(m.joins) > 0 && !m.widen() {
		return
	}
	m.day0 = m.day(m.date)
	for i := range m.entities {
		m.found[i] = m.identifyEach(&m.entities[i])
	}
	for i := range m.consignments {
		m.consigned[i] = m.state(&m.consignments[i])
	}
	for i := range m.links {
		m.join(&m.links[i])
	}
	for i := range m.outcomes {
		m.conclude(&m.outcomes[i])
	}
	if m.said == 0 && len(out.Errors) == 0 {
		m.fail("", CodeNothing, "the mapping finds no record in this row")
	}
	if len(out.Errors) > 0 {
		for i := range out.Facts {
			m.facts.remove(m.keyOf(&out.Facts[i]))
		}
		out.Facts, out.Statements, out.Links, out.Outcomes = out.Facts[:0], out.Statements[:0], out.Links[:0], out.Outcomes[:0]
	}
}

// fail puts the row into quarantine.
func (m *Mapper) fail(column, code, reason string) {
	m.out.Errors = append(m.out.Errors, graph.RowError{Row: m.number, Column: column, Code: code, Reason: reason})
}

// identify finds the ids of an entity in this row, nil for none, and says its
// facts.
func (m *Mapper) identify(e *entity) *identified {
	if !m.holds(e.when) {
		return nil
	}
	raw := m.raw(e.id)
	found, ok := e.known.get(raw)
	if !ok || e.id.numbered {
		before := len(m.out.Errors)
		found = m.newIdentified(e)
		if len(m.out.Errors) > before {
			return nil
		}
		e.known.put(m.raw(e.id), found)
	}
	if found == nil || e.id.spec.strict {
		m.statedID(e, found)
	}
	if found == nil {
		return nil
	}
	for i := range found.kept {
		m.fact(&found.kept[i])
	}
	for _, k := range e.joins {
		for _, d := range m.joins[k].doubts {
			for _, id := range found.ids {
				m.fact(&graph.Fact{Entity: id, Property: d.Name, Value: d.Value, Mark: d.Mark})
			}
		}
	}
	if len(e.facts) > 0 {
		start := len(m.room.fields)
		for _, f := range m.fieldsOf(e.facts) {
			for _, id := range found.ids {
				m.fact(&graph.Fact{Entity: id, Property: f.Name, Value: f.Value, Mark: f.Mark})
			}
		}
		m.room.fields = m.room.fields[:start]
	}
	return found
}

func (m *Mapper) statedID(e *entity, found *identified) {
	if found == nil {
		m.stated(e.id, nil)
		return
	}
	m.stated(e.id, found.contents)
}

// newIdentified works out what identify keeps.
func (m *Mapper) newIdentified(e *entity) *identified {
	found := &identified{}
	found.ids = found.one[:0]
	contents := m.resolve(e.id)
	if e.id.spec.strict {
		found.contents = contents
	}
	for _, c := range contents {
		if n := strings.Count(c.text, Between); n > 0 {
			m.fail(e.id.label, CodeSeveral, fmt.Sprintf("holds %d values where one is wanted; with repeat: cells each names an entity", n+1))
			return nil
		}
		if c.mark == MarkWithheld {
			m.withhold(e.id)
			continue
		}
		if e.table >= 0 {
			listed := m.tables[e.table].ids[c.normal]
			if n := len(listed); n > 0 && n <= MaxMeant {
				found.ids = append(found.ids, listed...)
				if n > 1 {
					found.doubt = c.text
				}
				continue
			}
			c.mark = MarkUnresolved
			if len(listed) > 0 {
				c.mark = MarkAmbiguous
			}
		}
		id := newID(e.kind, e.namespace, c.normal)
		if id == "" {
			continue
		}
		found.ids = append(found.ids, id)
		property := e.keep
		if property == "" && (c.mark != "" && e.table < 0 || c.text != c.normal) {
			property = graph.PropertyNumber
		}
		if property != "" {
			found.kept = append(found.kept, graph.Fact{Entity: id, Property: property, Value: c.text, Mark: c.mark})
		}
	}
	if len(found.ids) == 0 {
		return nil
	}
	slices.Sort(found.ids)
	if found.ids = slices.Compact(found.ids); len(found.ids) > MaxValues {
		m.fail(e.id.label, CodeSeveral, fmt.Sprintf("names %d entities, more than the %d allowed for one row", len(found.ids), MaxValues))
	}
	return found
}

func newID(kind graph.Kind, namespace, text string) graph.ID {
	if namespace == "" {
		return graph.NewID(kind, text)
	}
	return graph.NewID(kind, namespace, text)
}

// fact adds a fact unless the file said it before on the same or an earlier
// day. The store keeps the earliest.
func (m *Mapper) fact(f *graph.Fact) {
	m.said++
	k := m.keyOf(f)
	if day, ok := m.facts.get(k); ok && day <= m.day0 {
		return
	}
	m.facts.put(k, m.day0)
	said := *f
	said.Date = m.day0
	m.out.Facts = append(m.out.Facts, said)
}

// keyOf returns what tells facts apart, valid until the next call. Ids and names
// hold no control characters, so the parts cannot run into each other.
func (m *Mapper) keyOf(f *graph.Fact) []byte {
	k := append(m.factKey[:0], f.Entity...)
	k = append(append(k, 0), f.Property...)
	k = append(append(k, 0), f.Mark...)
	m.factKey = append(append(k, 0), f.Value...)
	return m.factKey
}

// state adds what the row says about a consignment and returns its id.
func (m *Mapper) state(c *consignment) graph.ID {
	if !m.holds(c.when) {
		return ""
	}
	id := m.consignmentID(c)
	if id == "" {
		return ""
	}
	before := len(m.out.Errors)
	s := graph.Statement{
		Consignment: id, View: c.view.read(m), Document: m.one(c.document), Part: m.one(c.part),
		Version: m.integer(c.version), Amended: m.day(c.amended), Date: m.day0,
	}
	if s.View == graph.NoView && len(m.out.Errors) == before {
		m.fail(c.view.label(), CodeMissing, "the kind of document is not stated")
	}
	if c.date != nil {
		s.Date = m.day(c.date)
	}
	s.Fields = m.fieldsOf(c.fields)
	if stated := len(s.Fields); len(c.joins) > 0 {
		if s.Fields = m.doubted(s.Fields, c.joins); len(s.Fields) > stated {
			s.Normalise()
		}
	}
	start := len(m.room.ties)
	for _, t := range c.ties {
		if found := m.found[t.entity]; found != nil {
			for _, entity := range found.ids {
				m.tie(start, graph.Tie{Role: t.role, Entity: entity})
			}
		}
	}
	s.Ties = m.room.ties[start:len(m.room.ties):len(m.room.ties)]
	m.out.Statements = append(m.out.Statements, s)
	m.said++
	return id
}

// tie adds a tie in the order of role and id, once.
func (m *Mapper) tie(start int, t graph.Tie) {
	at := len(m.room.ties)
	for at > start && (m.room.ties[at-1].Role > t.Role || m.room.ties[at-1].Role == t.Role && m.room.ties[at-1].Entity >= t.Entity) {
		at--
	}
	if at < len(m.room.ties) && m.room.ties[at] == t {
		return
	}
	if at == len(m.room.ties) {
		m.room.ties = append(m.room.ties, t)
		return
	}
	m.room.ties = slices.Insert(m.room.ties, at, t)
}

// consignmentID builds the id of the consignment, "" when the row is bad.
func (m *Mapper) consignmentID(c *consignment) graph.ID {
	if c.number.plain && c.prefix != "" {
		raw := m.cell(c.number.column)
		if !c.number.null(raw) && len(c.prefix)+len(raw) <= graph.MaxID && isPlain(raw) {
			return graph.ID(m.arena.joined(c.prefix, raw))
		}
	}
	before := len(m.out.Errors)
	system, number := c.system, m.one(c.number)
	if c.systemValue != nil {
		system = m.one(c.systemValue)
	}
	id := graph.NewID(graph.KindConsignment, system, number)
	if id == "" && len(m.out.Errors) == before {
		label := c.number.label
		if number != "" {
			label = c.systemValue.label
		}
		m.fail(label, CodeMissing, fmt.Sprintf("%s is empty, so the consignment has no number", label))
	}
	return id
}

// isPlain reports trimmed text that enters an id as it is.
func isPlain(text []byte) bool {
	for i, c := range text {
		if c < ' ' || c >= 0x7f || c == '/' || c == '%' || c == ' ' && text[i-1] == ' ' {
			return false
		}
	}
	return len(text) > 0
}

func (w *word[T]) label() string {
	if w.value == nil {
		return ""
	}
	return w.value.label
}

// integer reads a whole number, 0 when it is not stated.
func (m *Mapper) integer(v *value) int64 {
	text := m.one(v)
	if text == "" {
		return 0
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		m.fail(v.label, CodeNumber, fmt.Sprintf("%s is no whole number", m.shown(text)))
	}
	return n
}

// join adds the links between two entities of the row.
func (m *Mapper) join(l *link) {
	from, to := m.found[l.from], m.found[l.to]
	if from == nil || to == nil || !m.holds(l.when) {
		return
	}
	w := l.way.read(m)
	if w == 0 {
		return
	}
	if w&turned != 0 {
		from, to = to, from
	}
	made := graph.Link{Role: w.role(), Start: m.day(l.start), End: m.day(l.end), Key: m.one(l.key)}
	start := len(m.room.fields)
	m.fieldsOf(l.fields)
	for _, side := range []*identified{from, to} {
		if side.doubt != "" {
			m.room.fields = append(m.room.fields, graph.Field{Name: fieldLookup, Value: side.doubt, Mark: MarkAmbiguous})
		}
	}
	made.Fields = m.doubted(m.room.fields[start:], l.joins)
	for _, made.From = range from.ids {
		for _, made.To = range to.ids {
			if made.Role == graph.LinkedTo && made.From == made.To {
				continue // a trader who holds its own contract is no tie
			}
			m.said++
			m.out.Links = append(m.out.Links, made)
		}
	}
}

// conclude adds the outcome that the row states, if it states one.
func (m *Mapper) conclude(o *outcome) {
	if !m.holds(o.when) {
		return
	}
	made := graph.Outcome{Result: o.result.read(m), Channel: o.channel.read(m), Date: m.day0}
	if o.date != nil {
		made.Date = m.day(o.date)
	}
	if made.Result == graph.NoResult {
		return
	}
	made.Fields = m.doubted(m.fieldsOf(o.fields), o.joins)
	if o.consignment >= 0 {
		if made.Subject = m.consigned[o.consignment]; made.Subject != "" {
			m.said++
			m.out.Outcomes = append(m.out.Outcomes, made)
		}
		return
	}
	if found := m.found[o.entity]; found != nil {
		for _, made.Subject = range found.ids {
			m.said++
			m.out.Outcomes = append(m.out.Outcomes, made)
		}
	}
}

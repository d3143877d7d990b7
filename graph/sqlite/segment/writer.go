package segment

import (
	"encoding/binary"
	"fmt"
	"strings"

	"rummage/graph"
)

// Writer writes one segment. Entities come first, in the order of ids, then
// statements, links and outcomes, each in their order (CompareStatements ...),
// then one call of Postings an entity, then Close. It keeps one block of each
// section in memory, and two bits an entity and record of indexes.
type Writer struct {
	sink  Sink
	codec *Codec
	frame *frameWriter
	head  Head
	grams gramWriter
	seen  filter

	entities   entityColumns
	statements statementColumns
	links      linkColumns
	outcomes   outcomeColumns
	postings   postingColumns
}

// NewWriter returns a writer for records of the given sources; consignments
// is an upper bound of the number of their distinct ids.
func NewWriter(sink Sink, codec *Codec, sources []graph.SourceID, consignments int) *Writer {
	w := &Writer{sink: sink, codec: codec, frame: newFrameWriter(codec), seen: newFilter(consignments)}
	w.head.Sources = sources
	w.statements.shaper, w.links.shaper, w.outcomes.shaper = newShaper(), newShaper(), newShaper()
	return w
}

// put writes a block. One that could not be read again is refused, which
// fails the import or the merge and leaves the store as it was.
func (w *Writer) put(section Section, blocks *int) error {
	if w.frame.large != "" {
		return fmt.Errorf("segment: %v block %d: more than %d bytes or %d numbers in column %q: %w",
			section, *blocks, maxRaw, maxInts, w.frame.large, graph.ErrInvalidRecord)
	}
	err := w.sink.Put(section, *blocks, w.frame.bytes())
	*blocks++
	w.frame.reset()
	return err
}

type entityColumns struct {
	n                        int
	blocks                   int
	last                     string
	ids, folded              textColumn
	supports, sources, days  []int64
	facts                    []int64
	property, value, mark    textColumn
	factDay, factSource, row []int64
}

// Entity adds the next entity; its number is how many came before.
func (w *Writer) Entity(e *Entity) error {
	c := &w.entities
	if w.head.Entities > 0 && e.ID <= c.last {
		return fmt.Errorf("segment: entity %q after %q", e.ID, c.last)
	}
	c.last = e.ID
	if c.n == 0 {
		w.head.entityFirst = append(w.head.entityFirst, e.ID)
	}
	c.ids.add(e.ID)
	c.folded.add(e.Folded)
	w.grams.add(e.Folded)
	c.supports = append(c.supports, int64(len(e.Support)))
	for _, s := range e.Support {
		c.sources = append(c.sources, int64(s.Source))
		c.days = append(c.days, int64(s.Day))
	}
	c.facts = append(c.facts, int64(len(e.Facts)))
	for i := range e.Facts {
		f := &e.Facts[i]
		c.property.add(f.Property)
		c.value.add(f.Value)
		c.mark.add(f.Mark)
		c.factDay = append(c.factDay, int64(f.Day))
		c.factSource = append(c.factSource, int64(f.Source))
		c.row = append(c.row, f.Row)
	}
	if len(c.row) > maxInts {
		return fmt.Errorf("segment: entity %q: %d facts in one block: %w", e.ID, len(c.row), graph.ErrInvalidRecord)
	}
	c.n++
	w.head.Entities++
	if c.n == entityBlock {
		return w.flushEntities()
	}
	return nil
}

func (w *Writer) flushEntities() error {
	c, f := &w.entities, w.frame
	if c.n == 0 {
		return nil
	}
	f.sorted("id", &c.ids)
	f.texts("folded", &c.folded)
	f.ints("supports", c.supports)
	f.ints("support.source", c.sources)
	f.ints("support.day", c.days)
	f.ints("facts", c.facts)
	f.texts("fact.property", &c.property)
	f.texts("fact.value", &c.value)
	f.texts("fact.mark", &c.mark)
	f.ints("fact.day", c.factDay)
	f.ints("fact.source", c.factSource)
	f.ints("fact.row", c.row)
	w.grams.close()
	c.n = 0
	for _, t := range []*textColumn{&c.ids, &c.folded, &c.property, &c.value, &c.mark} {
		t.reset()
	}
	for _, v := range []*[]int64{&c.supports, &c.sources, &c.days, &c.facts, &c.factDay, &c.factSource, &c.row} {
		*v = (*v)[:0]
	}
	return w.put(EntitySection, &c.blocks)
}

type statementColumns struct {
	*shaper
	blocks                             int
	last                               string
	ids, document, part                textColumn
	view, version, amended, date, same []int64
	source, row                        []int64
}

// Statement adds the next statement.
func (w *Writer) Statement(s *Statement) error {
	c := &w.statements
	same := int64(0)
	if w.head.Statements > 0 && s.ID == c.last {
		same = 1
	} else {
		c.last = s.ID
		w.seen.add(s.ID)
		w.head.Consignments++
	}
	if len(c.row) == 0 {
		w.head.statementFirst = append(w.head.statementFirst, strings.Clone(s.ID))
	}
	c.ids.add(s.ID)
	c.document.add(s.Document)
	c.part.add(s.Part)
	c.view = append(c.view, int64(s.View))
	c.version = append(c.version, s.Version)
	c.amended = append(c.amended, int64(s.Amended))
	c.date = append(c.date, int64(s.Date))
	c.same = append(c.same, same)
	c.source = append(c.source, int64(s.Source))
	c.row = append(c.row, s.Row)
	c.add(s.Fields, s.Ties)
	w.head.Statements++
	if len(c.row) == recordBlock {
		return w.flushStatements()
	}
	return nil
}

func (w *Writer) flushStatements() error {
	c, f := &w.statements, w.frame
	if len(c.row) == 0 {
		return nil
	}
	w.head.statementLast = strings.Clone(c.last)
	f.sorted("id", &c.ids)
	f.texts("document", &c.document)
	f.texts("part", &c.part)
	f.ints("view", c.view)
	f.ints("version", c.version)
	f.ints("amended", c.amended)
	f.ints("date", c.date)
	f.ints("same", c.same)
	f.ints("source", c.source)
	f.ints("row", c.row)
	c.write(f)
	c.reset()
	for _, t := range []*textColumn{&c.ids, &c.document, &c.part} {
		t.reset()
	}
	for _, v := range []*[]int64{&c.view, &c.version, &c.amended, &c.date, &c.same, &c.source, &c.row} {
		*v = (*v)[:0]
	}
	return w.put(StatementSection, &c.blocks)
}

type linkColumns struct {
	*shaper
	blocks                     int
	from, to, role, start, end []int64
	key                        textColumn
	source, row                []int64
}

// Link adds the next link.
func (w *Writer) Link(l *Link) error {
	c := &w.links
	if len(c.row) == 0 {
		w.head.linkFirst = append(w.head.linkFirst, int64(l.From))
	}
	c.from = append(c.from, int64(l.From))
	c.to = append(c.to, int64(l.To))
	c.role = append(c.role, int64(l.Role))
	c.start = append(c.start, int64(l.Start))
	c.end = append(c.end, int64(l.End))
	c.key.add(l.Key)
	c.source = append(c.source, int64(l.Source))
	c.row = append(c.row, l.Row)
	c.add(l.Fields, nil)
	w.head.Links++
	if len(c.row) == recordBlock {
		return w.flushLinks()
	}
	return nil
}

func (w *Writer) flushLinks() error {
	c, f := &w.links, w.frame
	if len(c.row) == 0 {
		return nil
	}
	f.ints("from", c.from)
	f.ints("to", c.to)
	f.ints("role", c.role)
	f.ints("start", c.start)
	f.ints("end", c.end)
	f.texts("key", &c.key)
	f.ints("source", c.source)
	f.ints("row", c.row)
	c.write(f)
	c.reset()
	c.key.reset()
	for _, v := range []*[]int64{&c.from, &c.to, &c.role, &c.start, &c.end, &c.source, &c.row} {
		*v = (*v)[:0]
	}
	return w.put(LinkSection, &c.blocks)
}

type outcomeColumns struct {
	*shaper
	blocks                             int
	last                               string
	subject                            textColumn
	result, channel, date, source, row []int64
}

// Outcome adds the next outcome.
func (w *Writer) Outcome(o *Outcome) error {
	c := &w.outcomes
	if len(c.row) == 0 {
		w.head.outcomeFirst = append(w.head.outcomeFirst, strings.Clone(o.Subject))
	}
	if o.Subject != c.last {
		c.last = o.Subject
		w.seen.add(o.Subject)
	}
	c.subject.add(o.Subject)
	c.result = append(c.result, int64(o.Result))
	c.channel = append(c.channel, int64(o.Channel))
	c.date = append(c.date, int64(o.Date))
	c.source = append(c.source, int64(o.Source))
	c.row = append(c.row, o.Row)
	c.add(o.Fields, nil)
	w.head.Outcomes++
	if len(c.row) == recordBlock {
		return w.flushOutcomes()
	}
	return nil
}

func (w *Writer) flushOutcomes() error {
	c, f := &w.outcomes, w.frame
	if len(c.row) == 0 {
		return nil
	}
	f.sorted("subject", &c.subject)
	f.ints("result", c.result)
	f.ints("channel", c.channel)
	f.ints("date", c.date)
	f.ints("source", c.source)
	f.ints("row", c.row)
	c.write(f)
	c.reset()
	c.subject.reset()
	for _, v := range []*[]int64{&c.result, &c.channel, &c.date, &c.source, &c.row} {
		*v = (*v)[:0]
	}
	return w.put(OutcomeSection, &c.blocks)
}

type postingColumns struct {
	blocks            int
	next              int // entity
	entries           int
	statements, links []int64 // counts
	statementAt       []byte
	linkAt            []byte
}

// Postings adds the ordinals, rising, of the statements and links that name
// the next entity.
func (w *Writer) Postings(statements, links []uint32) error {
	c := &w.postings
	if len(c.statements) == 0 {
		w.head.postingFirst = append(w.head.postingFirst, int64(c.next))
	}
	c.next++
	c.statements = append(c.statements, int64(len(statements)))
	c.links = append(c.links, int64(len(links)))
	c.statementAt = appendRising(c.statementAt, statements)
	c.linkAt = appendRising(c.linkAt, links)
	c.entries += len(statements) + len(links)
	if c.entries >= postingEntries || len(c.statements) >= postingCount {
		return w.flushPostings()
	}
	return nil
}

func appendRising(b []byte, v []uint32) []byte {
	last := uint32(0)
	for _, x := range v {
		b = binary.AppendUvarint(b, uint64(x-last))
		last = x
	}
	return b
}

func (w *Writer) flushPostings() error {
	c, f := &w.postings, w.frame
	if len(c.statements) == 0 {
		return nil
	}
	f.ints("statements", c.statements)
	f.ints("links", c.links)
	f.raw("statement.at", c.statementAt)
	f.raw("link.at", c.linkAt)
	c.entries = 0
	c.statements, c.links = c.statements[:0], c.links[:0]
	c.statementAt, c.linkAt = c.statementAt[:0], c.linkAt[:0]
	return w.put(PostingSection, &c.blocks)
}

// Close writes what is left, the indexes and the head.
func (w *Writer) Close() (*Head, error) {
	if w.postings.next != w.head.Entities {
		return nil, fmt.Errorf("segment: %d postings for %d entities", w.postings.next, w.head.Entities)
	}
	for _, flush := range []func() error{w.flushEntities, w.flushStatements, w.flushLinks, w.flushOutcomes, w.flushPostings} {
		if err := flush(); err != nil {
			return nil, err
		}
	}
	var err error
	if w.head.gramParts, err = w.grams.write(w.sink, w.codec); err != nil {
		return nil, err
	}
	if w.head.filterParts, err = w.seen.write(w.sink); err != nil {
		return nil, err
	}
	w.head.filterWords = len(w.seen)
	return &w.head, w.sink.Put(HeadSection, 0, w.head.bytes(w.frame))
}

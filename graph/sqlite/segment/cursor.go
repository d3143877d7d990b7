package segment

import (
	"sync"

	"rummage/graph"
)

// Recent returns a cache that keeps the last block of each section: enough
// for reading a segment from end to end.
func Recent() Cache { return &recent{} }

type recent struct {
	mu    sync.Mutex
	no    [Sections]int
	value [Sections]any
}

func (c *recent) Get(section Section, no int) (any, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.value[section], c.value[section] != nil && c.no[section] == no
}

func (c *recent) Put(section Section, no int, value any, _ int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.no[section], c.value[section] = no, value
}

// EntityCursor walks the entities of a segment in order.
type EntityCursor struct {
	Entity  // the current one, after Next returned true; its slices are reused
	Num     uint32
	reader  *Reader
	want    EntityWant
	block   *Entities
	ids     *Texts
	folded  *Texts
	support *SupportTable
	facts   *FactTable
	next    uint32
}

// EntityWant says which columns a walk over entities fills in; ids and
// supports always are.
type EntityWant struct {
	Facts  bool
	Folded bool
}

// ScanEntities returns a cursor before the entity with the number from.
func (r *Reader) ScanEntities(from uint32, want EntityWant) *EntityCursor {
	return &EntityCursor{reader: r, want: want, next: from}
}

// Next moves to the next entity, false at the end.
func (c *EntityCursor) Next() (bool, error) {
	if int(c.next) >= c.reader.Entities {
		return false, nil
	}
	if c.block == nil || c.next >= c.block.First+uint32(c.block.N) {
		if err := c.load(int(c.next) / entityBlock); err != nil {
			return false, err
		}
	}
	i := int(c.next - c.block.First)
	c.Num = c.next
	c.next++
	c.ID = c.ids.At(i)
	c.Support = c.support.Support[c.support.Starts[i]:c.support.Starts[i+1]]
	c.Facts = c.Facts[:0]
	if c.facts != nil {
		for j := c.facts.Starts[i]; j < c.facts.Starts[i+1]; j++ {
			c.Facts = append(c.Facts, c.facts.At(int(j)))
		}
	}
	if c.folded != nil {
		c.Folded = c.folded.At(i)
	}
	return true, nil
}

func (c *EntityCursor) load(no int) (err error) {
	if c.block, err = c.reader.ScanEntityBlock(no); err != nil {
		return err
	}
	if c.ids, err = c.block.IDs(); err == nil {
		c.support, err = c.block.Supports(len(c.reader.Sources))
	}
	if err == nil && c.want.Facts {
		c.facts, err = c.block.Facts(len(c.reader.Sources))
	}
	if err == nil && c.want.Folded {
		c.folded, err = c.block.Folded()
	}
	if err != nil {
		return damaged("entities", err)
	}
	return nil
}

// Cursor walks the records of one section in order.
type Cursor[C any] struct {
	Columns C   // of the current block, after Next returned true
	I       int // the current record's place in it
	Ordinal uint32

	reader  *Reader
	section Section
	open    func(*Records) (C, error)
	end     uint32 // of the current block
	next    uint32
}

// ScanStatements returns a cursor before the statement with an ordinal.
func (r *Reader) ScanStatements(from uint32, fields []string) *Cursor[*StatementColumns] {
	return &Cursor[*StatementColumns]{reader: r, section: StatementSection, next: from,
		open: func(b *Records) (*StatementColumns, error) { return b.Statements(fields) }}
}

// ScanLinks returns a cursor before the link with an ordinal.
func (r *Reader) ScanLinks(from uint32, fields []string) *Cursor[*LinkColumns] {
	return &Cursor[*LinkColumns]{reader: r, section: LinkSection, next: from,
		open: func(b *Records) (*LinkColumns, error) { return b.Links(fields) }}
}

// ScanOutcomes returns a cursor before the outcome with an ordinal.
func (r *Reader) ScanOutcomes(from uint32, fields []string) *Cursor[*OutcomeColumns] {
	return &Cursor[*OutcomeColumns]{reader: r, section: OutcomeSection, next: from,
		open: func(b *Records) (*OutcomeColumns, error) { return b.Outcomes(fields) }}
}

// Next moves to the next record, false at the end. Columns of earlier blocks
// stay valid.
func (c *Cursor[C]) Next() (bool, error) {
	if int(c.next) >= c.reader.total(c.section) {
		return false, nil
	}
	if c.next >= c.end {
		block, err := c.reader.ScanBlock(c.section, BlockOf(c.next))
		if err != nil {
			return false, err
		}
		if c.Columns, err = c.open(block); err != nil {
			return false, err
		}
		c.end = block.First + uint32(block.N)
	}
	c.Ordinal, c.I = c.next, int(c.next%recordBlock)
	c.next++
	return true, nil
}

// sourceSet maps the sources of several segments to those of one.
type sourceSet struct {
	ids []graph.SourceID
	to  [][]uint32 // per segment and source; dropped for one that is left out
}

const dropped = ^uint32(0)

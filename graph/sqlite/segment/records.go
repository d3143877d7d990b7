package segment

import (
	"fmt"
	"slices"
	"sort"

	"rummage/graph"
)

// Records is a block of statements, links or outcomes.
type Records struct {
	First    uint32 // ordinal of its first record
	N        int
	frame    *frame
	section  Section
	entities uint32 // of the segment
	sources  uint32
}

func (r *Reader) decodeRecords(section Section, no, total int) func([]byte) (*Records, int, error) {
	return func(data []byte) (*Records, int, error) {
		f, err := parseFrame(r.codec, data)
		return &Records{
			First: uint32(no * recordBlock), N: blockLen(total, no, recordBlock), frame: f,
			section: section, entities: uint32(r.Entities), sources: uint32(len(r.Sources)),
		}, 8 * len(data), err
	}
}

func (r *Reader) total(section Section) int {
	switch section {
	case StatementSection:
		return r.Statements
	case LinkSection:
		return r.Links
	case OutcomeSection:
		return r.Outcomes
	}
	return 0
}

// Block returns a block of statements, links or outcomes through the cache.
func (r *Reader) Block(section Section, no int) (*Records, error) {
	return cached(r, section, no, r.decodeRecords(section, no, r.total(section)))
}

// ScanBlock returns a block past the cache.
func (r *Reader) ScanBlock(section Section, no int) (*Records, error) {
	b, _, err := fetch(r, section, no, r.decodeRecords(section, no, r.total(section)))
	return b, err
}

// BlockOf returns the number of the block that holds the record with an
// ordinal.
func BlockOf(ordinal uint32) int { return int(ordinal / recordBlock) }

// EntityBlockOf returns the number of the block that holds an entity.
func EntityBlockOf(num uint32) int { return int(num / entityBlock) }

func (b *Records) damaged(err error) error {
	if err == nil {
		return nil
	}
	return damaged(fmt.Sprintf("%v block %d", b.section, BlockOf(b.First)), err)
}

// IDs returns the ids that the block is ordered by: of consignments, of the
// subjects of outcomes.
func (b *Records) IDs() (*Texts, error) {
	name := "id"
	if b.section == OutcomeSection {
		name = "subject"
	}
	t, err := b.frame.texts(name, b.N)
	return t, b.damaged(err)
}

// Ints returns a column of numbers by name: row, date, version, amended ...
func (b *Records) Ints(name string) ([]int64, error) {
	v, err := b.frame.ints(name, b.N)
	return v, b.damaged(err)
}

// Sources returns the index of each record's source.
func (b *Records) Sources() ([]uint32, error) {
	v, err := b.frame.nums("source", b.N, b.sources)
	return v, b.damaged(err)
}

// Ties returns the ties of a block of statements.
func (b *Records) Ties() (*TieTable, error) {
	b.frame.tieOnce.Do(func() { b.frame.tieTable, b.frame.tieError = b.frame.ties(b.N, b.entities) })
	return b.frame.tieTable, b.damaged(b.frame.tieError)
}

// FieldReader gives the fields of the records of one block.
type FieldReader struct {
	layout  *layout
	columns []*Texts // per name of the layout, nil when not wanted
	offset  []int    // of each field, where all records have one shape
	every   []int
}

// Fields returns a reader of the wanted fields: nil means all, an empty list
// none.
func (b *Records) Fields(want []string) (*FieldReader, error) {
	if want != nil && len(want) == 0 {
		return &FieldReader{}, nil
	}
	l, err := b.frame.layout(b.N)
	if err != nil {
		return nil, b.damaged(err)
	}
	f := &FieldReader{layout: l, columns: make([]*Texts, len(l.names))}
	for i, name := range l.names {
		if l.totals[i] > 0 && (want == nil || slices.Contains(want, name)) {
			if f.columns[i], err = b.frame.texts(fieldPrefix+name, l.totals[i]); err != nil {
				return nil, b.damaged(err)
			}
		}
	}
	if len(l.shapes) > 1 {
		l.once.Do(l.place)
		return f, nil
	}
	next := make([]int, len(l.names))
	for _, name := range l.slots[0] {
		f.offset = append(f.offset, next[name])
		f.every = append(f.every, l.totals[name]/b.N)
		next[name]++
	}
	return f, nil
}

// Append appends the wanted fields of the i-th record, in the order in which
// the record had them.
func (f *FieldReader) Append(dst []graph.Field, i int) []graph.Field {
	if f.layout == nil {
		return dst
	}
	s := f.layout.shape[i]
	for j, name := range f.layout.slots[s] {
		column := f.columns[name]
		if column == nil {
			continue
		}
		at := 0
		if f.layout.at != nil {
			at = int(f.layout.at[int(f.layout.starts[i])+j])
		} else {
			at = i*f.every[j] + f.offset[j]
		}
		slot := &f.layout.shapes[s].fields[j]
		dst = append(dst, graph.Field{Name: slot.name, Value: column.At(at), Mark: slot.mark})
	}
	return dst
}

// Same tells for each statement whether it is about the consignment of the
// one before.
func (b *Records) Same() ([]int64, error) { return b.Ints("same") }

// SeekID returns the ordinal of the first statement or outcome whose id is
// not less than id.
func (r *Reader) SeekID(section Section, id string) (uint32, error) {
	firsts := r.statementFirst
	if section == OutcomeSection {
		firsts = r.outcomeFirst
	}
	no := max(sort.SearchStrings(firsts, id)-1, 0)
	for ; no < len(firsts); no++ {
		b, err := r.Block(section, no)
		if err != nil {
			return 0, err
		}
		ids, err := b.IDs()
		if err != nil {
			return 0, err
		}
		if i := sort.Search(b.N, func(i int) bool { return ids.At(i) >= id }); i < b.N {
			return b.First + uint32(i), nil
		}
	}
	return uint32(r.total(section)), nil
}

// Document returns the columns of text of a block of statements.
func (b *Records) Document() (document, part *Texts, err error) {
	if document, err = b.frame.texts("document", b.N); err == nil {
		part, err = b.frame.texts("part", b.N)
	}
	return document, part, b.damaged(err)
}

// Keys returns the keys of a block of links.
func (b *Records) Keys() (*Texts, error) {
	t, err := b.frame.texts("key", b.N)
	return t, b.damaged(err)
}

// Ends returns the numbers of the entities at both ends of a block of links.
func (b *Records) Ends() (from, to []uint32, err error) {
	limit := b.entities
	if from, err = b.frame.nums("from", b.N, limit); err == nil {
		to, err = b.frame.nums("to", b.N, limit)
	}
	return from, to, b.damaged(err)
}

package segment

import (
	"cmp"
	"slices"
	"strings"

	"rummage/graph"
)

// Merge writes what the segments hold as one segment, without the sources
// that drop names, and returns its head. Equal facts of one source become
// one; an entity that no source supports any longer is left out.
//
// Memory: one block of each section a segment, four bytes an entity and
// statement. Cost: linear, and a comparison a segment and record.
func Merge(sink Sink, codec *Codec, from []*Reader, drop func(graph.SourceID) bool) (*Head, error) {
	m := &merger{from: from, sources: uniteSources(from, drop)}
	consignments := 0
	for i, r := range from {
		consignments += r.Statements + r.Outcomes
		m.entityTo = append(m.entityTo, make([]uint32, r.Entities))
		m.statementTo = append(m.statementTo, make([]uint32, r.Statements))
		m.linkTo = append(m.linkTo, make([]uint32, r.Links))
		m.dropping = m.dropping || slices.Contains(m.sources.to[i], dropped)
	}
	m.w = NewWriter(sink, codec, m.sources.ids, consignments)
	for _, step := range []func() error{m.entities, m.statements, m.links, m.outcomes, m.postings} {
		if err := step(); err != nil {
			return nil, err
		}
	}
	return m.w.Close()
}

func uniteSources(from []*Reader, drop func(graph.SourceID) bool) sourceSet {
	var s sourceSet
	for _, r := range from {
		for _, id := range r.Sources {
			if !drop(id) {
				s.ids = append(s.ids, id)
			}
		}
	}
	slices.Sort(s.ids)
	s.ids = slices.Compact(s.ids)
	for _, r := range from {
		to := make([]uint32, len(r.Sources))
		for i, id := range r.Sources {
			at, ok := slices.BinarySearch(s.ids, id)
			if to[i] = uint32(at); !ok {
				to[i] = dropped
			}
		}
		s.to = append(s.to, to)
	}
	return s
}

type merger struct {
	from     []*Reader
	w        *Writer
	sources  sourceSet
	dropping bool

	entityTo, statementTo, linkTo [][]uint32 // new numbers per segment
}

// weave visits the records of all streams in order.
func weave[T any](streams []*Stream[T], compare func(a, b T) int, visit func(*Stream[T]) error) error {
	w, err := NewWeave(streams, func(a, b *Stream[T]) int {
		return cmp.Or(compare(a.Record, b.Record), cmp.Compare(a.Segment, b.Segment))
	})
	if err != nil {
		return err
	}
	for {
		s, err := w.Next()
		if s == nil || err != nil {
			return err
		}
		if err := visit(s); err != nil {
			return err
		}
	}
}

func (m *merger) entities() error {
	var streams []*Stream[*EntityCursor]
	for i, r := range m.from {
		for j := range m.entityTo[i] {
			m.entityTo[i][j] = dropped
		}
		c := r.ScanEntities(0, EntityWant{Facts: true, Folded: true})
		streams = append(streams, &Stream[*EntityCursor]{i, c, c.Next})
	}
	type member struct{ segment, num uint32 }
	var members []member // where the open entity stands; cursors have moved on
	open := &Entity{}
	var folder Folder
	finish := func() error {
		if len(open.Support) == 0 {
			return nil
		}
		for _, had := range members {
			m.entityTo[had.segment][had.num] = uint32(m.w.head.Entities)
		}
		m.finish(open, &folder)
		return m.w.Entity(open)
	}
	err := weave(streams, func(a, b *EntityCursor) int { return strings.Compare(a.ID, b.ID) }, func(s *Stream[*EntityCursor]) error {
		if s.Record.ID != open.ID {
			if err := finish(); err != nil {
				return err
			}
			members, folder.pieces = members[:0], folder.pieces[:0]
			*open = Entity{ID: s.Record.ID, Support: open.Support[:0], Facts: open.Facts[:0]}
		}
		members = append(members, member{uint32(s.Segment), s.Record.Num})
		m.collect(open, s, &folder)
		return nil
	})
	if err != nil {
		return err
	}
	return finish()
}

// collect adds to an entity what one segment knows of it.
func (m *merger) collect(e *Entity, from *Stream[*EntityCursor], folder *Folder) {
	to := m.sources.to[from.Segment]
	for _, s := range from.Record.Support {
		if s.Source = to[s.Source]; s.Source != dropped {
			e.Support = append(e.Support, s)
		}
	}
	for _, f := range from.Record.Facts {
		if f.Source = to[f.Source]; f.Source != dropped {
			e.Facts = append(e.Facts, f)
		}
	}
	if !m.dropping {
		for piece := range strings.Lines(from.Record.Folded) {
			folder.pieces = append(folder.pieces, strings.TrimSuffix(piece, "\n"))
		}
	}
}

// finish puts the collected supports and facts into order, each once.
func (m *merger) finish(e *Entity, folder *Folder) {
	slices.SortFunc(e.Support, func(a, b Support) int {
		return cmp.Or(cmp.Compare(a.Source, b.Source), cmp.Compare(a.Day, b.Day))
	})
	e.Support = slices.CompactFunc(e.Support, func(a, b Support) bool { return a.Source == b.Source })
	slices.SortFunc(e.Facts, func(a, b Fact) int {
		return cmp.Or(strings.Compare(a.Property, b.Property), strings.Compare(a.Value, b.Value), strings.Compare(a.Mark, b.Mark),
			cmp.Compare(a.Source, b.Source), cmp.Compare(a.Day, b.Day), cmp.Compare(a.Row, b.Row))
	})
	e.Facts = slices.CompactFunc(e.Facts, func(a, b Fact) bool {
		return a.Source == b.Source && a.Property == b.Property && a.Value == b.Value && a.Mark == b.Mark
	})
	if m.dropping {
		e.Folded = folder.fold(e)
	} else {
		e.Folded = folder.join()
	}
}

// advanceKept returns how a stream moves: the next record is filled into to,
// those of dropped sources are passed over.
func advanceKept[T any](next func() (bool, error), fill func(*T) *uint32, to *T, sources []uint32, gone func()) func() (bool, error) {
	return func() (bool, error) {
		for {
			ok, err := next()
			if !ok || err != nil {
				return ok, err
			}
			source := fill(to)
			if *source = sources[*source]; *source != dropped {
				return true, nil
			}
			gone()
		}
	}
}

func (m *merger) statements() error {
	type cursor struct {
		record  Statement
		ordinal func() uint32
	}
	var streams []*Stream[*cursor]
	for i, r := range m.from {
		c := r.ScanStatements(0, nil)
		at := &cursor{ordinal: func() uint32 { return c.Ordinal }}
		fill := func(s *Statement) *uint32 {
			c.Columns.Fill(c.I, s)
			for j := range s.Ties {
				s.Ties[j].Num = m.entityTo[i][s.Ties[j].Num]
			}
			return &s.Source
		}
		streams = append(streams, &Stream[*cursor]{i, at, advanceKept(c.Next, fill, &at.record, m.sources.to[i],
			func() { m.statementTo[i][c.Ordinal] = dropped })})
	}
	return weave(streams, func(a, b *cursor) int { return compareStatements(&a.record, &b.record) }, func(s *Stream[*cursor]) error {
		m.statementTo[s.Segment][s.Record.ordinal()] = uint32(m.w.head.Statements)
		return m.w.Statement(&s.Record.record)
	})
}

func (m *merger) links() error {
	type cursor struct {
		record  Link
		ordinal func() uint32
	}
	var streams []*Stream[*cursor]
	for i, r := range m.from {
		c := r.ScanLinks(0, nil)
		at := &cursor{ordinal: func() uint32 { return c.Ordinal }}
		fill := func(l *Link) *uint32 {
			c.Columns.Fill(c.I, l)
			l.From, l.To = m.entityTo[i][l.From], m.entityTo[i][l.To]
			return &l.Source
		}
		streams = append(streams, &Stream[*cursor]{i, at, advanceKept(c.Next, fill, &at.record, m.sources.to[i],
			func() { m.linkTo[i][c.Ordinal] = dropped })})
	}
	return weave(streams, func(a, b *cursor) int { return compareLinks(&a.record, &b.record) }, func(s *Stream[*cursor]) error {
		m.linkTo[s.Segment][s.Record.ordinal()] = uint32(m.w.head.Links)
		return m.w.Link(&s.Record.record)
	})
}

func (m *merger) outcomes() error {
	var streams []*Stream[*Outcome]
	for i, r := range m.from {
		c, at := r.ScanOutcomes(0, nil), &Outcome{}
		fill := func(o *Outcome) *uint32 {
			c.Columns.Fill(c.I, o)
			return &o.Source
		}
		streams = append(streams, &Stream[*Outcome]{i, at, advanceKept(c.Next, fill, at, m.sources.to[i], func() {})})
	}
	return weave(streams, compareOutcomes, func(s *Stream[*Outcome]) error { return m.w.Outcome(s.Record) })
}

// postings are merged entity by entity: the segments' own numbers are rising
// in the new ones, so each segment is walked once.
func (m *merger) postings() error {
	next := make([]uint32, len(m.from))
	var statements, links []uint32
	for num := range uint32(m.w.head.Entities) {
		statements, links = statements[:0], links[:0]
		for i, r := range m.from {
			to := m.entityTo[i]
			for int(next[i]) < len(to) && to[next[i]] == dropped {
				next[i]++
			}
			if int(next[i]) >= len(to) || to[next[i]] != num {
				continue
			}
			s, l, err := r.Postings(next[i])
			if err != nil {
				return err
			}
			next[i]++
			statements = renumber(statements, s, m.statementTo[i])
			links = renumber(links, l, m.linkTo[i])
		}
		slices.Sort(statements)
		slices.Sort(links)
		if err := m.w.Postings(statements, links); err != nil {
			return err
		}
	}
	return nil
}

func renumber(dst, ordinals, to []uint32) []uint32 {
	for _, o := range ordinals {
		if n := to[o]; n != dropped {
			dst = append(dst, n)
		}
	}
	return dst
}

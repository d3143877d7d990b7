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

// walk is one of several sorted streams being merged.
type walk[T any] struct {
	segment int
	record  *T
	next    func() (bool, error)
}

// mergeWalks visits the records of all streams in order. With at most some
// sixteen streams a scan for the least is as good as a heap.
func mergeWalks[T any](walks []walk[T], compare func(a, b *walk[T]) int, visit func(*walk[T]) error) error {
	live := make([]*walk[T], 0, len(walks))
	for i := range walks {
		ok, err := walks[i].next()
		if err != nil {
			return err
		}
		if ok {
			live = append(live, &walks[i])
		}
	}
	for len(live) > 0 {
		least := 0
		for i := 1; i < len(live); i++ {
			if compare(live[i], live[least]) < 0 {
				least = i
			}
		}
		w := live[least]
		if err := visit(w); err != nil {
			return err
		}
		ok, err := w.next()
		if err != nil {
			return err
		}
		if !ok {
			live = slices.Delete(live, least, least+1)
		}
	}
	return nil
}

func (m *merger) entities() error {
	var walks []walk[EntityCursor]
	for i, r := range m.from {
		for j := range m.entityTo[i] {
			m.entityTo[i][j] = dropped
		}
		c := r.ScanEntities(0, EntityWant{Facts: true, Folded: true})
		walks = append(walks, walk[EntityCursor]{i, c, c.Next})
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
	err := mergeWalks(walks, func(a, b *walk[EntityCursor]) int {
		return cmp.Or(strings.Compare(a.record.ID, b.record.ID), cmp.Compare(a.segment, b.segment))
	}, func(w *walk[EntityCursor]) error {
		if w.record.ID != open.ID {
			if err := finish(); err != nil {
				return err
			}
			members, folder.pieces = members[:0], folder.pieces[:0]
			*open = Entity{ID: w.record.ID, Support: open.Support[:0], Facts: open.Facts[:0]}
		}
		members = append(members, member{uint32(w.segment), w.record.Num})
		m.collect(open, w, &folder)
		return nil
	})
	if err != nil {
		return err
	}
	return finish()
}

// collect adds to an entity what one segment knows of it.
func (m *merger) collect(e *Entity, w *walk[EntityCursor], folder *Folder) {
	to := m.sources.to[w.segment]
	for _, s := range w.record.Support {
		if s.Source = to[s.Source]; s.Source != dropped {
			e.Support = append(e.Support, s)
		}
	}
	for _, f := range w.record.Facts {
		if f.Source = to[f.Source]; f.Source != dropped {
			e.Facts = append(e.Facts, f)
		}
	}
	if !m.dropping {
		for piece := range strings.Lines(w.record.Folded) {
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

func (m *merger) statements() error {
	var walks []walk[Cursor[Statement]]
	for i, r := range m.from {
		c := r.ScanStatements(0, nil)
		walks = append(walks, walk[Cursor[Statement]]{i, c, c.Next})
	}
	source := func(w *walk[Cursor[Statement]]) graph.SourceID {
		return m.from[w.segment].Sources[w.record.Record.Source]
	}
	return mergeWalks(walks, func(a, b *walk[Cursor[Statement]]) int {
		if c := strings.Compare(a.record.Record.ID, b.record.Record.ID); c != 0 {
			return c
		}
		return cmp.Or(CompareStatements(&a.record.Record, &b.record.Record, source(a), source(b)), cmp.Compare(a.segment, b.segment))
	}, func(w *walk[Cursor[Statement]]) error {
		s := &w.record.Record
		to := m.sources.to[w.segment][s.Source]
		if m.statementTo[w.segment][w.record.Ordinal] = dropped; to == dropped {
			return nil
		}
		m.statementTo[w.segment][w.record.Ordinal] = uint32(m.w.head.Statements)
		s.Source = to
		for i := range s.Ties {
			s.Ties[i].Num = m.entityTo[w.segment][s.Ties[i].Num]
		}
		return m.w.Statement(s)
	})
}

func (m *merger) links() error {
	var walks []walk[Cursor[Link]]
	for i, r := range m.from {
		c := r.ScanLinks(0, nil)
		// Numbers are changed as records come, so that they can be compared.
		walks = append(walks, walk[Cursor[Link]]{i, c, func() (bool, error) {
			for {
				ok, err := c.Next()
				if !ok || err != nil {
					return ok, err
				}
				l := &c.Record
				if l.Source = m.sources.to[i][l.Source]; l.Source == dropped {
					m.linkTo[i][c.Ordinal] = dropped
					continue
				}
				l.From, l.To = m.entityTo[i][l.From], m.entityTo[i][l.To]
				return true, nil
			}
		}})
	}
	return mergeWalks(walks, func(a, b *walk[Cursor[Link]]) int {
		return cmp.Or(compareLinks(&a.record.Record, &b.record.Record), cmp.Compare(a.segment, b.segment))
	}, func(w *walk[Cursor[Link]]) error {
		m.linkTo[w.segment][w.record.Ordinal] = uint32(m.w.head.Links)
		return m.w.Link(&w.record.Record)
	})
}

func (m *merger) outcomes() error {
	var walks []walk[Cursor[Outcome]]
	for i, r := range m.from {
		c := r.ScanOutcomes(0, nil)
		walks = append(walks, walk[Cursor[Outcome]]{i, c, func() (bool, error) {
			for {
				ok, err := c.Next()
				if !ok || err != nil {
					return ok, err
				}
				if c.Record.Source = m.sources.to[i][c.Record.Source]; c.Record.Source != dropped {
					return true, nil
				}
			}
		}})
	}
	return mergeWalks(walks, func(a, b *walk[Cursor[Outcome]]) int {
		return cmp.Or(CompareOutcomes(&a.record.Record, &b.record.Record), cmp.Compare(a.segment, b.segment))
	}, func(w *walk[Cursor[Outcome]]) error { return m.w.Outcome(&w.record.Record) })
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

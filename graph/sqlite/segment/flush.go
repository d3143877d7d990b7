package segment

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"slices"
	"strings"
	"unsafe"

	"rummage/graph"
)

// Write writes the chunk as a segment of one source and returns its head.
func (c *Chunk) Write(sink Sink, codec *Codec, source graph.SourceID) (*Head, error) {
	// The arena stays as it is until the chunk is Reset, and the writer clones
	// what it keeps for longer.
	texts := unsafe.String(unsafe.SliceData(c.arena), len(c.arena))
	f := &flush{Chunk: c, texts: texts, w: NewWriter(sink, codec, []graph.SourceID{source}, len(c.statements)+len(c.outcomes))}
	f.rankIDs()
	for _, write := range []func() error{f.entities, f.allStatements, f.allLinks, f.allOutcomes, f.allPostings} {
		if err := write(); err != nil {
			return nil, err
		}
	}
	return f.w.Close()
}

// flush is the writing of one chunk.
type flush struct {
	*Chunk
	w      *Writer
	texts  string   // the arena
	sorted []uint32 // numbers in the order of ids
	rank   []uint32 // place of each number in it
	values []string // of the fields of one record
	slab   []graph.Field

	namedBy, linkedBy adjacency
}

func (f *flush) str(r ref) string { return f.texts[r.at : r.at+r.n] }

// read returns the text that begins at index at, and where the one behind it
// begins.
func (f *flush) read(at uint32) (string, uint32) {
	r, behind := f.next(at)
	return f.str(r), behind
}

// adjacency collects rising ordinals per entity.
type adjacency struct {
	start, next []uint32
	at          []uint32
}

func newAdjacency(counts, sorted []uint32) adjacency {
	a := adjacency{start: make([]uint32, len(sorted)+1), next: make([]uint32, len(sorted))}
	for i, num := range sorted {
		a.next[i] = a.start[i]
		a.start[i+1] = a.start[i] + counts[num]
	}
	a.at = make([]uint32, a.start[len(sorted)])
	return a
}

func (a *adjacency) add(entity, ordinal uint32) {
	n := a.next[entity]
	if n > a.start[entity] && a.at[n-1] == ordinal {
		return
	}
	a.at[n] = ordinal
	a.next[entity]++
}

func (a *adjacency) of(entity int) []uint32 { return a.at[a.start[entity]:a.next[entity]] }

func (f *flush) rankIDs() {
	f.sorted = make([]uint32, len(f.ids))
	for i := range f.sorted {
		f.sorted[i] = uint32(i)
	}
	slices.SortFunc(f.sorted, func(a, b uint32) int { return strings.Compare(f.ids[a], f.ids[b]) })
	f.rank = make([]uint32, len(f.ids))
	for i, num := range f.sorted {
		f.rank[num] = uint32(i)
	}
	f.namedBy = newAdjacency(f.named, f.sorted)
	f.linkedBy = newAdjacency(f.linked, f.sorted)
}

func (f *flush) compareFacts(a, b *chunkFact) int {
	return cmp.Or(strings.Compare(f.wordList[a.property], f.wordList[b.property]),
		bytes.Compare(f.text(a.value), f.text(b.value)), strings.Compare(f.wordList[a.mark], f.wordList[b.mark]))
}

// entities writes the entities, each with its facts, equal ones once.
func (f *flush) entities() error {
	counts := make([]uint32, len(f.ids))
	for i := range f.facts {
		counts[f.facts[i].entity]++
	}
	byEntity := newAdjacency(counts, f.sorted)
	for i := range f.facts {
		byEntity.add(f.rank[f.facts[i].entity], uint32(i))
	}
	e := &Entity{Support: make([]Support, 1)}
	var folder Folder
	for i, num := range f.sorted {
		e.ID, e.Facts = f.ids[num], e.Facts[:0]
		e.Support[0].Day = f.day[num]
		mine := byEntity.of(i)
		slices.SortFunc(mine, func(x, y uint32) int {
			a, b := &f.facts[x], &f.facts[y]
			return cmp.Or(f.compareFacts(a, b), cmp.Compare(a.day, b.day), cmp.Compare(a.row, b.row))
		})
		for j, at := range mine {
			fact := &f.facts[at]
			if j > 0 && f.compareFacts(&f.facts[mine[j-1]], fact) == 0 {
				continue
			}
			e.Facts = append(e.Facts, Fact{
				Property: f.wordList[fact.property], Value: string(f.text(fact.value)), Mark: f.wordList[fact.mark],
				Day: fact.day, Row: fact.row,
			})
		}
		e.Folded = folder.fold(e)
		if err := f.w.Entity(e); err != nil {
			return err
		}
	}
	return nil
}

// Folder makes the search text of entities.
type Folder struct {
	pieces []string
}

func (d *Folder) fold(e *Entity) string {
	d.pieces = append(d.pieces[:0], graph.Fold(graph.ID(e.ID).Label()))
	for i := range e.Facts {
		if slices.Contains(graph.Searched(), e.Facts[i].Property) {
			d.pieces = append(d.pieces, graph.Fold(e.Facts[i].Value))
		}
	}
	return d.join()
}

func (d *Folder) join() string {
	slices.Sort(d.pieces)
	d.pieces = slices.Compact(d.pieces)
	n := 0
	for _, p := range d.pieces {
		n += len(p) + 1
	}
	var b strings.Builder
	b.Grow(n)
	for _, p := range d.pieces {
		if p != "" {
			b.WriteString(p)
			b.WriteByte('\n')
		}
	}
	return b.String()
}

// sortByText returns the order of n records by a text, then by more. Texts
// of one kind begin alike, so eight bytes after what all share decide nearly
// always.
func (f *flush) sortByText(n int, text func(uint32) ref, more func(a, b uint32) int) []uint32 {
	type keyed struct {
		key uint64
		at  uint32
	}
	order := make([]keyed, n)
	shared := -1
	for i := range order {
		order[i].at = uint32(i)
		if shared < 0 {
			shared = int(text(0).n)
		}
		shared = min(shared, sharedPrefix(f.text(text(0)), f.text(text(uint32(i)))))
	}
	var pad [8]byte
	for i := range order {
		pad = [8]byte{}
		copy(pad[:], f.text(text(uint32(i)))[shared:])
		order[i].key = binary.BigEndian.Uint64(pad[:])
	}
	slices.SortFunc(order, func(a, b keyed) int {
		if a.key != b.key {
			return cmp.Compare(a.key, b.key)
		}
		return cmp.Or(bytes.Compare(f.text(text(a.at)), f.text(text(b.at))), more(a.at, b.at))
	})
	at := make([]uint32, n)
	for i := range order {
		at[i] = order[i].at
	}
	return at
}

// compareDocuments compares what follows the id of two statements.
func (f *flush) compareDocuments(x, y uint32) int {
	_, x = f.next(x)
	_, y = f.next(y)
	for range 2 {
		var a, b string
		a, x = f.read(x)
		b, y = f.read(y)
		if c := strings.Compare(a, b); c != 0 {
			return c
		}
	}
	return 0
}

func (f *flush) allStatements() error {
	order := f.sortByText(len(f.statements), func(i uint32) ref {
		id, _ := f.next(f.statements[i].at)
		return id
	}, func(x, y uint32) int {
		a, b := &f.statements[x], &f.statements[y]
		return cmp.Or(cmp.Compare(a.view, b.view), f.compareDocuments(a.at, b.at), cmp.Compare(a.version, b.version),
			cmp.Compare(a.amended, b.amended), cmp.Compare(a.date, b.date), cmp.Compare(a.row, b.row), cmp.Compare(x, y))
	})
	s := &Statement{}
	for ordinal, at := range order {
		from := &f.statements[at]
		sh := f.shapeAt[from.shape]
		*s = Statement{View: from.view, Version: from.version, Amended: from.amended, Date: from.date, Row: from.row,
			Fields: s.Fields, Ties: f.tied(s.Ties[:0], sh, from.ties)}
		behind := uint32(0)
		s.ID, behind = f.read(from.at)
		s.Document, behind = f.read(behind)
		s.Part, behind = f.read(behind)
		s.Fields = f.fields(s.Fields[:0], sh, behind)
		for _, tie := range s.Ties {
			f.namedBy.add(tie.Num, uint32(ordinal))
		}
		if err := f.w.Statement(s); err != nil {
			return err
		}
	}
	return nil
}

// fields lists the fields of a record, whose values begin at index at, in
// their order, doubled ones once.
func (f *flush) fields(dst []graph.Field, sh *chunkShape, at uint32) []graph.Field {
	f.values = f.values[:0]
	for range sh.fields {
		var value string
		value, at = f.read(at)
		f.values = append(f.values, value)
	}
	for _, i := range sh.order {
		dst = append(dst, graph.Field{Name: sh.fields[i].name, Value: f.values[i], Mark: sh.fields[i].mark})
	}
	if sh.loose {
		slices.SortFunc(dst, graph.CompareFields)
		dst = slices.Compact(dst)
	}
	return dst
}

// lasting is fields for records that are sorted whole: many share an
// allocation.
func (f *flush) lasting(sh *chunkShape, at uint32) []graph.Field {
	n := len(sh.fields)
	if n == 0 {
		return nil
	}
	if cap(f.slab)-len(f.slab) < n {
		f.slab = make([]graph.Field, 0, max(n, recordBlock))
	}
	start := len(f.slab)
	mine := f.fields(f.slab[start:start:start+n], sh, at)
	f.slab = f.slab[:start+n]
	return mine
}

func (f *flush) tied(dst []Tie, sh *chunkShape, first uint32) []Tie {
	for _, i := range sh.tieOrder {
		dst = append(dst, Tie{Role: sh.roles[i], Num: f.rank[f.ties[int(first)+i]]})
	}
	if sh.looseTies {
		slices.SortFunc(dst, func(a, b Tie) int { return cmp.Or(cmp.Compare(a.Role, b.Role), cmp.Compare(a.Num, b.Num)) })
		dst = slices.Compact(dst)
	}
	return dst
}

func (f *flush) allLinks() error {
	all := make([]Link, len(f.links))
	for i := range f.links {
		from := &f.links[i]
		all[i] = Link{
			From: f.rank[from.from], To: f.rank[from.to], Role: from.role, Start: from.start, End: from.end,
			Row: from.row,
		}
		behind := uint32(0)
		all[i].Key, behind = f.read(from.at)
		all[i].Fields = f.lasting(f.shapeAt[from.shape], behind)
	}
	slices.SortFunc(all, func(a, b Link) int { return compareLinks(&a, &b) })
	for i := range all {
		f.linkedBy.add(all[i].From, uint32(i))
		f.linkedBy.add(all[i].To, uint32(i))
		if err := f.w.Link(&all[i]); err != nil {
			return err
		}
	}
	return nil
}

func (f *flush) allOutcomes() error {
	all := make([]Outcome, len(f.outcomes))
	for i := range f.outcomes {
		from := &f.outcomes[i]
		all[i] = Outcome{
			Result: from.result, Channel: from.channel,
			Date: from.date, Row: from.row,
		}
		behind := uint32(0)
		all[i].Subject, behind = f.read(from.at)
		all[i].Fields = f.lasting(f.shapeAt[from.shape], behind)
	}
	slices.SortFunc(all, func(a, b Outcome) int { return compareOutcomes(&a, &b) })
	for i := range all {
		if err := f.w.Outcome(&all[i]); err != nil {
			return err
		}
	}
	return nil
}

func (f *flush) allPostings() error {
	for i := range f.sorted {
		if err := f.w.Postings(f.namedBy.of(i), f.linkedBy.of(i)); err != nil {
			return err
		}
	}
	return nil
}

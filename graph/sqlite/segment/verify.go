package segment

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"rummage/graph"
)

// Verify reads everything and compares what can be compared: order, numbers of
// entities, postings, the filter, supports, search texts. It returns what is
// wrong, at most a few lines a segment, and an error when a block cannot be
// read for another reason than damage. Every record's source, row and day is
// given to record, which returns false when the row is not known.
func (r *Reader) Verify(record func(source uint32, row int64, day graph.Date) bool) ([]string, error) {
	v := &verifier{r: r, record: record}
	for _, step := range []func() error{v.entities, v.statements, v.links, v.outcomes, v.postings, v.supports, v.grams} {
		if err := step(); err != nil {
			if !errors.Is(err, graph.ErrDamaged) {
				return nil, err
			}
			v.say("%v", err)
			break // what follows stands on this
		}
	}
	return v.wrong, nil
}

const maxWrong = 20

type verifier struct {
	r      *Reader
	record func(source uint32, row int64, day graph.Date) bool
	wrong  []string

	named  digest
	linked digest

	starts   []uint32 // of each entity's supports
	support  []Support
	earliest []graph.Date // the same as its records say; never for none
}

const never = graph.Date(math.MaxInt32)

func (v *verifier) say(format string, args ...any) {
	if len(v.wrong) < maxWrong {
		v.wrong = append(v.wrong, fmt.Sprintf(format, args...))
	}
}

// digest sums up, per entity, the ordinals that name it.
type digest struct {
	count, sum []uint64
}

func newDigest(n int) digest { return digest{make([]uint64, n), make([]uint64, n)} }

func (d *digest) add(entity, ordinal uint32) {
	d.count[entity]++
	x := uint64(ordinal)*0x9e3779b97f4a7c15 + 1
	d.sum[entity] += x ^ x>>29
}

func (v *verifier) note(what string, source uint32, row int64, day graph.Date) {
	if !v.record(source, row, day) {
		v.say("%s of row %d of source %s: no such row", what, row, v.r.Sources[source])
	}
}

// names notes that a record of a source names an entity.
func (v *verifier) names(entity, source uint32, day graph.Date) {
	for i := v.starts[entity]; i < v.starts[entity+1]; i++ {
		if v.support[i].Source == source {
			v.earliest[i] = min(v.earliest[i], day)
			return
		}
	}
	v.say("entity %d: source %s names it and is not noted", entity, v.r.Sources[source])
}

func (v *verifier) entities() error {
	c := v.r.ScanEntities(0, EntityWant{Facts: true, Folded: true})
	v.starts = append(v.starts, 0)
	last := ""
	var folder Folder
	for {
		ok, err := c.Next()
		if !ok || err != nil {
			return err
		}
		if c.ID <= last {
			v.say("entity %q after %q", c.ID, last)
		}
		last = c.ID
		v.support = append(v.support, c.Support...)
		v.starts = append(v.starts, uint32(len(v.support)))
		for range c.Support {
			v.earliest = append(v.earliest, never)
		}
		for i := range c.Facts {
			f := &c.Facts[i]
			v.note("fact", f.Source, f.Row, f.Day)
			v.names(c.Num, f.Source, f.Day)
		}
		if folder.fold(&c.Entity) != c.Folded {
			v.say("entity %q: search text", c.ID)
		}
	}
}

func (v *verifier) statements() error {
	v.named = newDigest(v.r.Entities)
	c := v.r.ScanStatements(0, nil)
	var last, s Statement
	for {
		ok, err := c.Next()
		if !ok || err != nil {
			return err
		}
		c.Columns.Fill(c.I, &s)
		if c.Ordinal > 0 && compareStatements(&last, &s) > 0 {
			v.say("statement %d about %s is out of order", c.Ordinal, s.ID)
		}
		same, err := c.Columns.block.Same()
		if err != nil {
			return err
		}
		if (same[c.I] != 0) != (c.Ordinal > 0 && last.ID == s.ID) {
			v.say("statement %d about %s: wrongly joined to the one before", c.Ordinal, s.ID)
		}
		if may, err := v.r.MayHold(s.ID); err != nil || !may {
			v.say("statement %d about %s: the filter denies it: %v", c.Ordinal, s.ID, err)
		}
		seen := c.Columns.Seen(c.I)
		v.note("statement", s.Source, s.Row, max(seen, s.Date))
		for i, tie := range s.Ties {
			v.names(tie.Num, s.Source, seen)
			if !slices.ContainsFunc(s.Ties[:i], func(had Tie) bool { return had.Num == tie.Num }) {
				v.named.add(tie.Num, c.Ordinal)
			}
		}
		last, s = s, last
	}
}

func (v *verifier) links() error {
	v.linked = newDigest(v.r.Entities)
	c := v.r.ScanLinks(0, nil)
	var last, l Link
	for {
		ok, err := c.Next()
		if !ok || err != nil {
			return err
		}
		c.Columns.Fill(c.I, &l)
		if c.Ordinal > 0 && compareLinks(&last, &l) > 0 {
			v.say("link %d is out of order", c.Ordinal)
		}
		v.note("link", l.Source, l.Row, l.Start)
		v.names(l.From, l.Source, l.Start)
		v.names(l.To, l.Source, l.Start)
		v.linked.add(l.From, c.Ordinal)
		if l.To != l.From {
			v.linked.add(l.To, c.Ordinal)
		}
		last, l = l, last
	}
}

func (v *verifier) outcomes() error {
	c := v.r.ScanOutcomes(0, nil)
	var last, o Outcome
	for {
		ok, err := c.Next()
		if !ok || err != nil {
			return err
		}
		c.Columns.Fill(c.I, &o)
		if c.Ordinal > 0 && compareOutcomes(&last, &o) > 0 {
			v.say("outcome %d of %s is out of order", c.Ordinal, o.Subject)
		}
		if may, err := v.r.MayHold(o.Subject); err != nil || !may {
			v.say("outcome %d of %s: the filter denies it: %v", c.Ordinal, o.Subject, err)
		}
		v.note("outcome", o.Source, o.Row, o.Date)
		if graph.ID(o.Subject).Kind() != graph.KindConsignment {
			num, ok, err := v.r.FindEntity(o.Subject)
			if err != nil {
				return err
			}
			if !ok {
				v.say("outcome %d: no entity %s", c.Ordinal, o.Subject)
				continue
			}
			v.names(num, o.Source, o.Date)
		}
		last, o = o, last
	}
}

func (v *verifier) postings() error {
	for num := range uint32(v.r.Entities) {
		statements, links, err := v.r.Postings(num)
		if err != nil {
			return err
		}
		got := newDigest(1)
		for _, o := range statements {
			got.add(0, o)
		}
		if got.count[0] != v.named.count[num] || got.sum[0] != v.named.sum[num] {
			v.say("entity %d: its statements are not those of the index", num)
		}
		got = newDigest(1)
		for _, o := range links {
			got.add(0, o)
		}
		if got.count[0] != v.linked.count[num] || got.sum[0] != v.linked.sum[num] {
			v.say("entity %d: its links are not those of the index", num)
		}
	}
	return nil
}

// supports compares since when each source names each entity with its records.
func (v *verifier) supports() error {
	for entity := range v.r.Entities {
		for i := v.starts[entity]; i < v.starts[entity+1]; i++ {
			if s := v.support[i]; s.Day != v.earliest[i] {
				v.say("entity %d: source %s names it since %v, not %v", entity, v.r.Sources[s.Source], v.earliest[i], s.Day)
			}
		}
	}
	return nil
}

// grams looks each block up by the words that it holds.
func (v *verifier) grams() error {
	if v.r.gramParts == 0 {
		return nil
	}
	parts := make([][]byte, v.r.gramParts)
	for i := range parts {
		var err error
		if parts[i], _, err = fetch(v.r, GramSection, i, v.r.decodeGrams); err != nil {
			return err
		}
	}
	stride := v.r.gramStride()
	for no := range v.r.Blocks(EntitySection) {
		b, err := v.r.ScanEntityBlock(no)
		if err != nil {
			return err
		}
		folded, err := b.Folded()
		if err != nil {
			return damaged("entities", err)
		}
		for i := range b.N {
			text := folded.At(i)
			for j := 0; j+2 < len(text); j++ {
				gram := gramOf(text[j], text[j+1], text[j+2])
				if parts[gram/gramsPerPart][int(gram%gramsPerPart)*stride+no/8]&(1<<(no%8)) == 0 {
					v.say("entities block %d: the search does not find %q", no, text)
					break
				}
			}
		}
	}
	return nil
}

package graph

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"slices"
	"strings"
)

// Entity is one entity as a scope shows it.
type Entity struct {
	ID       ID
	Facts    []Fact    // by property, value, mark; equal ones are one with several origins
	Outcomes []Outcome // of the entity itself (listings, seizures), by day
	Supports []Support // who names it, by source; only where origins are wanted
}

// Support says that a visible source names an entity in a record of any kind,
// and since when: the first day of these records, NoDate when one is undated.
type Support struct {
	Source SourceID
	First  Date
}

// MergeSupports orders supports by source, of each source the first day. The
// slice is reordered in place.
func MergeSupports(all []Support) []Support {
	slices.SortFunc(all, func(a, b Support) int {
		return cmp.Or(strings.Compare(string(a.Source), string(b.Source)), cmp.Compare(a.First, b.First))
	})
	return slices.CompactFunc(all, func(a, b Support) bool { return a.Source == b.Source })
}

// Kind returns the entity's kind.
func (e *Entity) Kind() Kind { return e.ID.Kind() }

// Name returns the first name in the order of facts, else the first alias, of
// an address its text, else the label of the id.
func (e *Entity) Name() string {
	properties := []string{PropertyName, PropertyAlias}
	if e.Kind() == Address {
		properties = append(properties, PropertyAddress)
	}
	for _, property := range properties {
		for i := range e.Facts {
			if e.Facts[i].Property == property {
				return e.Facts[i].Value
			}
		}
	}
	return e.ID.Label()
}

// Consignment is one consignment as a scope shows it.
type Consignment struct {
	ID       ID
	Current  []Statement // the last of each chain, by view, document, part
	History  []Statement // what amendments superseded, when asked for
	Outcomes []Outcome   // by day
}

// Unite fills Current and History from all visible statements about the
// consignment. Equal statements become one with several origins; of each
// chain the last counts: the one with the greatest version, then the latest
// day of amendment, then the greatest content hash. The order in which
// statements arrive, and so the order of imports, changes nothing.
//
// The slice is reordered and reused.
func (c *Consignment) Unite(statements []Statement) {
	c.Current, c.History = c.Current[:0], c.History[:0]
	if len(statements) == 1 {
		c.Current = append(c.Current, statements[0])
		return
	}
	var hashes map[*Statement][32]byte // of those that are not told apart without
	content := func(s *Statement) [32]byte {
		hash, known := hashes[s]
		if !known {
			hash = s.Content()
			if hashes == nil {
				hashes = make(map[*Statement][32]byte, len(statements))
			}
			hashes[s] = hash
		}
		return hash
	}
	order := make([]*Statement, len(statements))
	for i := range statements {
		order[i] = &statements[i]
	}
	slices.SortFunc(order, func(a, b *Statement) int {
		if by := cmp.Or(compareChain(a, b), cmp.Compare(a.Version, b.Version), cmp.Compare(a.Amended, b.Amended)); by != 0 {
			return by
		}
		ha, hb := content(a), content(b)
		return strings.Compare(string(ha[:]), string(hb[:]))
	})
	for i, s := range order {
		united := *s
		if i > 0 && compareChain(order[i-1], s) == 0 && content(order[i-1]) == content(s) {
			last := &c.Current[len(c.Current)-1]
			last.Origins = MergeOrigins(last.Origins, united.Origins)
			continue
		}
		if i > 0 && compareChain(order[i-1], s) == 0 {
			c.History = append(c.History, c.Current[len(c.Current)-1])
			c.Current = c.Current[:len(c.Current)-1]
		}
		c.Current = append(c.Current, united)
	}
}

// compareChain orders statements by their chain: 0 for two of one chain.
func compareChain(a, b *Statement) int {
	return cmp.Or(cmp.Compare(a.View, b.View),
		strings.Compare(a.Document, b.Document),
		strings.Compare(a.Part, b.Part))
}

// Content returns the SHA-256 of everything that the statement says, whatever
// the order of its fields and ties; origins are not part of it.
func (s *Statement) Content() [32]byte {
	parts := make([]string, 0, len(s.Fields)+len(s.Ties))
	for _, f := range s.Fields {
		parts = append(parts, "f\x00"+f.Name+"\x00"+f.Value+"\x00"+f.Mark)
	}
	for _, t := range s.Ties {
		parts = append(parts, "t\x00"+t.Role.String()+"\x00"+string(t.Entity))
	}
	slices.Sort(parts)
	parts = slices.Compact(parts)
	b := make([]byte, 0, 512)
	for _, text := range append([]string{string(s.Consignment), s.View.String(), s.Document, s.Part}, parts...) {
		b = binary.AppendUvarint(b, uint64(len(text)))
		b = append(b, text...)
	}
	b = binary.AppendVarint(b, s.Version)
	b = binary.AppendVarint(b, int64(s.Amended))
	b = binary.AppendVarint(b, int64(s.Date))
	return sha256.Sum256(b)
}

// Ties returns the united ties of the current statements, ordered by role,
// then id, each once.
func (c *Consignment) Ties() []Tie {
	if len(c.Current) == 1 && slices.IsSortedFunc(c.Current[0].Ties, CompareTies) {
		return slices.Compact(c.Current[0].Ties)
	}
	var all []Tie
	for i := range c.Current {
		all = append(all, c.Current[i].Ties...)
	}
	slices.SortFunc(all, CompareTies)
	return slices.Compact(all)
}

// Date returns the day shown: that of the first current statement, in the
// order of View, that states one.
func (c *Consignment) Date() Date {
	for i := range c.Current {
		if c.Current[i].Date != NoDate {
			return c.Current[i].Date
		}
	}
	return NoDate
}

// Field returns the value shown for a field and every value that contradicts
// it. Shown is the value of the most trusted View; within one view that of
// the first document and part. Other lines of the same document contradict
// nothing: they speak of other goods, see Lines.
func (c *Consignment) Field(name string) (shown Field, others []Field) {
	shown, others, _ = c.values(name)
	return shown, others
}

// Lines returns the values that other lines of the document which states the one
// shown have for a field, each once, in the order of lines.
func (c *Consignment) Lines(name string) []Field {
	_, _, lines := c.values(name)
	return lines
}

func (c *Consignment) values(name string) (shown Field, others, lines []Field) {
	var of *Statement
	for i := range c.Current {
		s := &c.Current[i]
		for _, f := range s.Fields {
			switch {
			case f.Name != name:
			case of == nil:
				shown, of = f, s
			case f.Value == shown.Value:
			case s.View == of.View && s.Document == of.Document && s.Part != of.Part:
				if !slices.Contains(lines, f) {
					lines = append(lines, f)
				}
			case !slices.Contains(others, f):
				others = append(others, f)
			}
		}
	}
	return shown, others, lines
}

// Looked reports whether someone looked at the consignment and whether any
// outcome is a hit.
func (c *Consignment) Looked() (inspected, hit bool) {
	for i := range c.Outcomes {
		switch c.Outcomes[i].Result {
		case Hit, Seizure:
			inspected, hit = true, true
		case Clear:
			inspected = true
		}
	}
	return inspected, hit
}

package mapping

import (
	"errors"
	"fmt"
	"slices"

	"rummage/graph"
)

const (
	// MaxLookup bounds how many keys a lookup may hold, and how many rows a join.
	MaxLookup = 4 << 20
	// MaxLookupText bounds their bytes together, with those of a join's cells.
	MaxLookupText = 256 << 20
	// MaxMeant bounds how many rows a key may mean. A name that more rows bear
	// tells nothing about which is meant, and every row with it would say so of
	// each of them.
	MaxMeant = 32
)

// ErrLookup is returned when a file has more keys than a lookup or a join may hold.
var ErrLookup = errors.New("lookup is full")

// Marks that lookups and joins put on what they could not settle.
const (
	MarkUnresolved = "unresolved" // no row of the file has that key
	// MarkAmbiguous: several rows have it. Of a lookup all are meant, or none if they
	// are more than MaxMeant; of a join none is, where they do not say the same.
	MarkAmbiguous = "ambiguous"
)

type table struct {
	name   string
	key    *value
	entity int
	ids    map[string][]graph.ID // up to MaxMeant + 1 for a key
	text   int                   // bytes of the keys
}

// Learns reports whether the mapping looks things up within the file, so that
// every row must be given to Learn before the first is given to Map.
func (m *Mapper) Learns() bool { return len(m.tables) > 0 }

// Learn takes one row of the first pass. Rows that Map would put into
// quarantine teach nothing.
func (m *Mapper) Learn(number int64, cells [][]byte) error {
	var out graph.Row
	m.Map(number, cells, &out)
	if len(out.Errors) > 0 {
		return nil
	}
	for i := range m.tables {
		t := &m.tables[i]
		found := m.found[t.entity]
		if found == nil {
			continue
		}
		for _, c := range m.contents(t.key) {
			if c.mark == MarkWithheld {
				continue
			}
			if err := t.learn(c.normal, found.ids); err != nil {
				return fmt.Errorf("mapping: %s: lookup %s: %w", m.mapping.Name, t.name, err)
			}
		}
	}
	return nil
}

// learn notes that a key means ids too.
func (t *table) learn(key string, ids []graph.ID) error {
	if t.ids == nil {
		t.ids = make(map[string][]graph.ID)
	}
	known, ok := t.ids[key]
	if !ok {
		t.text += len(key)
	}
	if !ok && len(t.ids) >= MaxLookup || t.text > MaxLookupText {
		return fmt.Errorf("more than %d keys, or than %d bytes of them: %w", MaxLookup, MaxLookupText, ErrLookup)
	}
	if len(known) > MaxMeant {
		return nil
	}
	known = append(known, ids...)
	slices.Sort(known)
	t.ids[key] = slices.Compact(known)
	return nil
}

// Learned ends the first pass: what was kept while the lookups were not full
// is forgotten.
func (m *Mapper) Learned() {
	m.facts.clear()
	for i := range m.entities {
		m.entities[i].known.clear()
	}
	for i := range m.joins {
		m.joins[i].unresolved, m.joins[i].ambiguous = 0, 0
	}
}

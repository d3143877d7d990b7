package mapping

import (
	"errors"
	"fmt"
	"slices"

	"rummage/graph"
)

// MaxLookup bounds how many keys a lookup may hold.
const MaxLookup = 4 << 20

// ErrLookup is returned when a file has more keys than a lookup may hold.
var ErrLookup = errors.New("lookup is full")

// Marks that a lookup puts on what it could not settle.
const (
	MarkUnresolved = "unresolved" // no row of the file has that key
	MarkAmbiguous  = "ambiguous"  // several rows have it; all are meant
)

type table struct {
	name   string
	key    *value
	entity int
	ids    map[string][]graph.ID
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
			if t.ids == nil {
				t.ids = make(map[string][]graph.ID)
			}
			if len(t.ids) >= MaxLookup {
				return fmt.Errorf("mapping: %s: lookup %s: more than %d keys: %w", m.mapping.Name, t.name, MaxLookup, ErrLookup)
			}
			all := append(t.ids[c.normal], found.ids...)
			slices.Sort(all)
			t.ids[c.normal] = slices.Compact(all)
		}
	}
	return nil
}

// Learned ends the first pass: what was kept while the lookups were not full
// is forgotten.
func (m *Mapper) Learned() {
	m.facts.clear()
	for i := range m.entities {
		m.entities[i].known.clear()
	}
}

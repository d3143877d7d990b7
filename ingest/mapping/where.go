package mapping

import (
	"bytes"
	"strings"
)

// picks returns the texts that stand, in columns of several values, where the
// value's conditions hold: the first of each column belong together, the second,
// and so on.
func (m *Mapper) picks(v *value) []string {
	whole := m.cells
	defer func() { m.cells = whole }()
	times := 1
	over := func(do func(column int)) {
		for _, c := range v.columns {
			do(c)
		}
		for i := range v.where {
			do(v.where[i].index)
		}
	}
	over(func(c int) {
		if c >= 0 {
			times = max(times, bytes.Count(whole[c], between)+1)
		}
	})
	var texts []string
	for n := range min(times, MaxValues+1) {
		m.picked = append(m.picked[:0], whole...)
		over(func(c int) {
			if c >= 0 {
				m.picked[c] = piece(whole[c], n)
			}
		})
		m.cells = m.picked
		if text := m.joined(v); text != "" && m.holds(v.where) {
			texts = append(texts, text)
		}
	}
	return texts
}

// joined returns the columns of a value as one text, "" when none states any, or
// not every one does though all must.
func (m *Mapper) joined(v *value) string {
	var parts []string
	for _, c := range v.columns {
		if cell := m.cell(c); !v.null(cell) {
			parts = append(parts, string(cell))
		}
	}
	if v.spec.whole && len(parts) < len(v.columns) {
		return ""
	}
	return strings.Join(parts, v.spec.join)
}

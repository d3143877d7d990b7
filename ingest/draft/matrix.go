package draft

import (
	"slices"
	"strconv"
	"strings"
)

// A matrix is a table whose columns are named by what its rows are named by, with a number
// where the two are joined.
type matrix struct {
	names []string // of the columns behind the first
	even  bool     // what is below the diagonal stands above it too
}

// leastMatrix and mostMatrix are how many things a matrix joins at least and at most.
const leastMatrix, mostMatrix = 3, 300

// matrixOf reads a table as a matrix; nil if it is none.
func matrixOf(t *Table) *matrix {
	n := len(t.Columns) - 1
	if !t.Header || n < leastMatrix || n > mostMatrix || len(t.Rows) != n {
		return nil
	}
	m := &matrix{names: t.Columns[1:], even: true}
	for i, row := range t.Rows {
		if len(row) != n+1 || strings.TrimSpace(row[0]) == "" || strings.TrimSpace(row[0]) != strings.TrimSpace(m.names[i]) {
			return nil
		}
		for j, cell := range row[1:] {
			if cell = strings.TrimSpace(cell); cell != "" && !numberForms[0].looks.MatchString(cell) {
				return nil
			}
			m.even = m.even && j < len(t.Rows) && i+1 < len(t.Rows[j]) && cell == strings.TrimSpace(t.Rows[j][i+1])
		}
	}
	sorted := slices.Sorted(slices.Values(m.names))
	if len(slices.Compact(sorted)) != n {
		return nil // a name that stands twice says not whom it means
	}
	return m
}

// matrix writes a mapping of a matrix: a link for each column. Where it says the same above and
// below the diagonal, what stands below is read, so that each link counts once.
func (p *page) matrix(m *matrix) {
	p.line("entities:")
	p.line("  from: # the first column names what the other columns are named by")
	p.line("    kind: party # or whatever the matrix joins")
	p.line("    namespace: %s\n    id: 1\n    facts:\n      name: 1", p.table.Space)
	for i, name := range m.names {
		p.line("  to_%d:\n    kind: party\n    namespace: %s\n    id: {text: %s}", i+2, p.table.Space, quoted(strings.TrimSpace(name)))
		conditions := []string{"{column: " + strconv.Itoa(i+2) + `, matches: "[1-9]"}`}
		if m.even {
			var below []string
			for _, other := range m.names[i+1:] {
				below = append(below, quoted(strings.TrimSpace(other)))
			}
			if len(below) == 0 {
				below = []string{`""`}
			}
			conditions = append(conditions, "{column: 1, equals: ["+strings.Join(below, ", ")+"]}")
		}
		p.line("    when: [%s]", strings.Join(conditions, ", "))
	}
	p.line("links:")
	for i := range m.names {
		p.line("  - {role: linked_to, from: from, to: to_%d, fields: {weight: {column: %d, rule: number}}}", i+2, i+2)
	}
}

// boxed takes the container out of a column of long texts, where no other names it.
func (d *Draft) boxed() {
	if d.find(Meaning{"equipment", ID}) != nil {
		return
	}
	for i := range d.Columns {
		c := &d.Columns[i]
		if c.boxes >= mostly && (c.Subject == Nobody || c.Subject == Consignment) {
			c.Meaning = Meaning{"equipment", ID}
			c.say(0.6, "%s of the texts hold the number of a container", percent(c.boxes))
			return
		}
	}
}

package draft

import (
	"slices"
	"strconv"
	"strings"

	"rummage/ingest/mapping"
)

// fullRow is how many cells a row of a table fills at least whose last rows with one cell are no rows of it.
const fullRow = 3

// body is the rows without sums of others, and without what is written below a table, which fills one cell where its
// rows fill several: neither says what a column holds.
func (t *Table) body() [][]string {
	if t.Tree || t.Graph || t.isMessages() || len(t.Columns) < fullRow {
		return t.Rows
	}
	end, full := len(t.Rows), 0
	for _, row := range t.Rows {
		if filledCells(row) >= fullRow {
			full++
		}
	}
	for 2*full > len(t.Rows) && end > 0 && filledCells(t.Rows[end-1]) <= 1 {
		end--
	}
	return slices.DeleteFunc(slices.Clone(t.Rows[:end]), mapping.IsSum)
}

func filledCells(row []string) int {
	n := 0
	for _, cell := range row {
		if strings.TrimSpace(cell) != "" {
			n++
		}
	}
	return n
}

// perOther is how many cells that count the rows stand at least beside each that does not.
const perOther = 3

// counting reports cells that are whole numbers, each one more than that above it, but for a few that are no numbers: a
// table has sums and words between its rows and below them.
func counting(rows [][]string, column int) (counts, fromOne bool) {
	before, first, n, others := 0, 0, 0, 0
	for _, row := range rows[:min(len(rows), SampleRows)] {
		if column >= len(row) {
			return false, false
		}
		number, err := strconv.Atoi(strings.TrimSpace(row[column]))
		if err != nil {
			others++
			continue
		}
		if n > 0 && number != before+1 {
			return false, false
		}
		if n == 0 {
			first = number
		}
		before = number
		n++
	}
	counts = n > 2 && n >= perOther*others
	return counts, counts && (first == 0 || first == 1)
}

// numbersToo says why a column numbers the rows that no word says it of.
func (d *Draft) numbersToo(number *Column, rows int) string {
	for i := range d.Columns {
		if c := &d.Columns[i]; c != number && (c.Property == ID || c.Property == Document) && c.Subject.mayNumber() && c.person == "" && c.unique(rows) {
			return c.Name + " differs from row to row too: see which numbers them"
		}
	}
	return "nothing else numbers the rows"
}

// mayNumber reports what the number of a row may be taken for.
func (s Subject) mayNumber() bool { return s == Nobody || s == Consignment }

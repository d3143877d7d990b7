package draft

import (
	"cmp"
	"fmt"
	"strings"
)

// collisions counts the rows that say in some columns what an earlier row says, and something else in others: of
// consignments that these number, the later would take the place of the earlier.
func collisions(columns []*Column, rows [][]string) (n int) {
	first := map[string]string{}
	for _, row := range rows[:min(len(rows), SampleRows)] {
		key := keyOf(columns, row)
		if strings.Trim(key, keySign) == "" {
			continue
		}
		whole := strings.Join(row, keySign)
		if earlier, seen := first[key]; !seen {
			first[key] = whole
		} else if earlier != whole {
			n++
		}
	}
	return n
}

// keySign stands between the cells of a key.
const keySign = "\x00"

func keyOf(columns []*Column, row []string) string {
	var b strings.Builder
	for _, c := range columns {
		if c.Number <= len(row) {
			b.WriteString(strings.TrimSpace(row[c.Number-1]))
		}
		b.WriteString(keySign)
	}
	return b.String()
}

// firstOf counts the rows that have a number that an earlier has, where a second column numbers those that the first
// leaves empty.
func firstOf(a, b *Column, rows [][]string) (again int) {
	seen := map[string]bool{}
	for _, row := range rows[:min(len(rows), SampleRows)] {
		key := cmp.Or(keyOf([]*Column{a}, row), keySign)
		if key == keySign {
			key = keyOf([]*Column{b}, row)
		}
		if key != keySign && seen[key] {
			again++
		}
		seen[key] = true
	}
	return again
}

// repeated counts the rows that say word for word what an earlier one says.
func repeated(rows [][]string) (n int) {
	seen := map[string]bool{}
	for _, row := range rows[:min(len(rows), SampleRows)] {
		whole := strings.Join(row, keySign)
		if strings.Trim(whole, " "+keySign) == "" {
			continue
		}
		if seen[whole] {
			n++
		}
		seen[whole] = true
	}
	return n
}

// part tells lines of one document apart: rows that are not would be taken for
// amendments of each other, of which the last counts.
func (p *page) part(d *Draft) {
	if text, because := p.partOf(d); text != "" {
		p.line("    part: %s %s", text, because)
	}
}

// rowPart makes each row a line of its own.
const rowPart = "{row: true}"

// partOf is what tells the lines of a document apart, and why; "" for nothing.
func (p *page) partOf(d *Draft) (text, because string) {
	rows := p.table.Rows
	number, item := d.find(Meaning{Consignment, Number}), d.find(Meaning{Consignment, "item"})
	switch {
	case number == nil:
	case item != nil && !item.many && item.filled == len(rows) && (number.many || collisions([]*Column{number, item}, rows) == 0):
		return p.value(item, ""), why(item)
	case d.view() == "movement":
		return rowPart, "# one consignment has many events"
	case number.distinct < number.filled && d.lineOf(number, rows) != nil:
		return p.column(d.lineOf(number, rows)), "# it tells the rows of one number apart"
	case number.distinct < number.filled:
		return rowPart, fmt.Sprintf("# %d of %d rows have a number that another has", number.filled-number.distinct, number.filled)
	case d.otherwise != nil && firstOf(number, d.otherwise, rows) > 0:
		return rowPart, fmt.Sprintf("# %d rows have a number that another has", firstOf(number, d.otherwise, rows))
	}
	return "", ""
}

// openRepeats notes rows that stand twice where each row counts.
func (d *Draft) openRepeats(table *Table) {
	if d.Shape != Consignments || d.messages || d.tree || d.told != nil {
		return
	}
	how := "each is a consignment of its own"
	if d.find(Meaning{Consignment, Number}) != nil {
		if text, _ := (&page{table: *table}).partOf(d); text != rowPart {
			return
		}
		how = "each is a further line of its consignment"
	}
	if n := repeated(table.Rows); n > 0 {
		d.open("%s rows say word for word what an earlier one says, and %s, so that its goods count again: take them out of the file if they were written twice", of(n, min(len(table.Rows), SampleRows)), how)
	}
}

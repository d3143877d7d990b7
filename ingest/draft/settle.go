package draft

import (
	"slices"
	"strings"
)

// overlap is the share of the values of one column that another has at least where both
// name the same things.
const overlap = 0.5

// paired takes two columns without a meaning whose values are largely the same for the two
// ends of a link, where nothing says what the rows are about: an edge list has no header.
func (d *Draft) paired(rows [][]string) {
	var ends []*Column
	for i := range d.Columns {
		c := &d.Columns[i]
		switch {
		case c.Subject == From, c.Subject == To, c.Subject.isParty(), c.Subject.isPlace() && c.Sure > sureName/2, c.Subject == "commodity", c.Subject == "equipment":
			return
		case (c.Property == None || c.Subject == Nobody && (c.Property == Name || c.Property == ID)) && c.distinct > 2 && c.number() != 1 && c.number() != 2:
			ends = append(ends, c)
		}
	}
	for i, a := range ends {
		for _, b := range ends[i+1:] {
			if a.shares(b) >= overlap && a.number() == b.number() && !alike(a, b, rows) {
				a.Meaning, b.Meaning = Meaning{From, ID}, Meaning{To, ID}
				a.say(0.5, "%s of its values stand in %s too", percent(a.shares(b)), b.Name)
				b.say(0.5, "%s of its values stand in %s too", percent(b.shares(a)), a.Name)
				return
			}
		}
	}
}

// alike reports two columns that say the same in some row: the ends of a link differ.
func alike(a, b *Column, rows [][]string) bool {
	same := 0
	for _, row := range rows[:min(len(rows), SampleRows)] {
		if max(a.Number, b.Number) <= len(row) && row[a.Number-1] != "" && row[a.Number-1] == row[b.Number-1] {
			same++
		}
	}
	return 10*same > len(rows)
}

// texted takes senders and receivers that are telephone numbers, of no goods, for the two
// ends of a message.
func (d *Draft) texted() {
	from, to := d.find(Meaning{"consignor", ID}), d.find(Meaning{"consignee", ID})
	if from == nil || to == nil || from.phones < mostly || to.phones < mostly || d.find(Meaning{"equipment", ID}) != nil || d.find(Meaning{"commodity", ID}) != nil {
		return
	}
	for i := range d.Columns {
		c := &d.Columns[i]
		if end := map[Subject]Subject{"consignor": From, "consignee": To}[c.Subject]; end != "" {
			c.Subject = end
			c.Why = append(c.Why, "the cells are telephone numbers")
		}
	}
}

// ends lets a name stand for an end of a link that has no number.
func (d *Draft) ends() {
	for _, end := range []Subject{From, To} {
		name := d.find(Meaning{end, Name})
		if d.find(Meaning{end, ID}) != nil || name == nil {
			continue
		}
		name.Property = ID
		name.Why = append(name.Why, "no column numbers them")
	}
}

// shares is the share of the fewer values of two columns that both have.
func (c *Column) shares(o *Column) float64 {
	if c.distinct > o.distinct {
		c, o = o, c
	}
	both := 0
	for value := range c.seen {
		if o.seen[value] > 0 {
			both++
		}
	}
	return float64(both) / float64(max(c.distinct, 1))
}

// unnamed leaves the name to a column that holds names, where another of the same meaning
// holds nothing.
func (d *Draft) unnamed() {
	for i := range d.Columns {
		c := &d.Columns[i]
		if c.Property != Name || c.filled > 0 || d.rows == 0 {
			continue
		}
		if slices.ContainsFunc(d.Columns, func(o Column) bool { return o.Meaning == c.Meaning && o.filled > 0 }) {
			c.Property = None
		}
	}
}

// accounts leaves the ends of payments to their accounts, where they have any: what else
// names an end is the name of who holds the account.
func (d *Draft) accounts() {
	for _, end := range []Subject{From, To} {
		account := d.find(Meaning{end, Account})
		if account == nil {
			continue
		}
		for i := range d.Columns {
			if c := &d.Columns[i]; c.Meaning == (Meaning{end, ID}) {
				c.Property = Name
				c.Why = append(c.Why, account.Name+" is the account")
			}
		}
		account.Property = ID
	}
}

// lineOf finds the column that numbers the lines of a document: whole numbers that are in
// every row and differ between the rows of one document.
func (d *Draft) lineOf(number *Column, rows [][]string) *Column {
	i := slices.IndexFunc(d.Columns, func(c Column) bool {
		numbers := c.Property == ID && c.Subject == Nobody && !c.personal() || c.Property == "item" || c.Property == "sequence"
		return numbers && !c.many && c.number() == 0 && c.points == 0 && c.filled >= min(len(rows), SampleRows) && tells(number, &c, rows)
	})
	if i < 0 {
		return nil
	}
	return &d.Columns[i]
}

// tells reports two columns whose values together differ from row to row.
func tells(a, b *Column, rows [][]string) bool {
	seen := map[[2]string]bool{}
	for _, row := range rows[:min(len(rows), SampleRows)] {
		if max(a.Number, b.Number) > len(row) {
			return false
		}
		pair := [2]string{row[a.Number-1], row[b.Number-1]}
		if seen[pair] {
			return false
		}
		seen[pair] = true
	}
	return true
}

// says reports a name with one of the words, or with one of those of scripts without
// spaces in it.
func says(name string, words []string) bool {
	parts := split(name)
	return slices.ContainsFunc(words, func(w string) bool {
		return slices.Contains(parts, w) || unspaced(w) && strings.Contains(name, w)
	})
}

package draft

import "slices"

// masters are the words for bills that cover those of houses, and for whoever stands on them.
var masters = []string{"master", "mbl", "mawb", "mbol", "主", "总", "總", "마스터", "マスター"}

// A stranger is a column that names another party than that of its role.
type stranger struct {
	column, own *Column
	role        Subject
}

// masterly leaves the role to the parties of the house bill, where the master bill names others: who stands on that
// acts for them.
func (d *Draft) masterly() {
	for i := range d.Columns {
		c := &d.Columns[i]
		if !c.Subject.isParty() || c.filled == 0 && d.rows > 0 {
			continue
		}
		names := c.Property == Name || c.Property == ID
		own := d.surest(func(o *Column) bool {
			if o.Subject != c.Subject || o.Property != Name && o.Property != ID || o.filled == 0 && d.rows > 0 {
				return false
			}
			return says(c.Name, masters) && !says(o.Name, masters) || names && says(o.Name, houses) && !says(c.Name, houses)
		})
		if own != nil {
			d.estrange(c, own)
		}
	}
}

// strange leaves the role to the first of two columns that name its party, where what stands in the one says too
// little of what stands in the other: they are no two names of one party.
func (d *Draft) strange(rows [][]string) {
	for i := range d.Columns {
		c := &d.Columns[i]
		own := d.find(Meaning{c.Subject, Name})
		if !c.Subject.isParty() || c.Property != Name || own == c || c.many || own.many {
			continue
		}
		if differ(own, c, rows) {
			d.estrange(c, own)
		}
	}
}

// estrange makes a column a field that names another party than that of its role.
func (d *Draft) estrange(c, own *Column) {
	if c.Property == Name || c.Property == ID {
		d.strangers = append(d.strangers, stranger{c, own, c.Subject})
	}
	c.Why = append(c.Why, own.Name+" is the "+string(c.Subject))
	c.Meaning = Meaning{Consignment, None}
}

// perName is how many pairs of names stand for each name at most, where the two are names of one party: people write
// a name in several ways.
const perName = 1.5

// differ reports names that go with several names each.
func differ(a, b *Column, rows [][]string) bool {
	pairs, of := map[[2]string]bool{}, [2]map[string]bool{{}, {}}
	for _, row := range rows[:min(len(rows), SampleRows)] {
		if max(a.Number, b.Number) > len(row) {
			continue
		}
		pair := [2]string{plainText(row[a.Number-1]), plainText(row[b.Number-1])}
		if slices.ContainsFunc(pair[:], func(name string) bool { return name == "" || nothing[name] || nobodyWords[name] }) {
			continue
		}
		pairs[pair] = true
		for i, name := range pair {
			of[i][name] = true
		}
	}
	return float64(len(pairs)) > perName*float64(min(len(of[0]), len(of[1])))
}

// openStrangers notes parties without a role.
func (d *Draft) openStrangers() {
	if d.Shape != Consignments {
		return
	}
	for _, s := range d.strangers {
		d.open("%s: %s is the %s, and here others stand in the same rows, so it is a field: if it names the forwarder of a master bill, or who else acts for another, write an entity for it, and its tie", s.column.Name, s.own.Name, s.role)
	}
	for i := range d.Columns {
		if c := &d.Columns[i]; c.Meaning == (Meaning{Nobody, Name}) && c.legal >= mostly/2 {
			d.open("%s: the cells look like names of companies, and no word says in which role, so it is a field: write an entity for it, and its tie", c.Name)
		}
	}
}

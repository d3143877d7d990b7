package draft

import (
	"cmp"
	"slices"
)

// register writes a mapping whose rows are about one thing each.
func (p *page) register(d *Draft) {
	e := d.record
	others := d.others(e.id)
	p.line("entities:")
	if e.id.Property == Name {
		e.add(string(Name), e.id)
	}
	for i := range d.Columns {
		c := &d.Columns[i]
		if c == e.id || c.isDay() || slices.Contains(others, c) {
			continue
		}
		name := string(c.Property)
		if name == "" || c.Property == ID || c.Property == Part || c.Subject == Consignment {
			name = c.field
		}
		e.add(name, c)
	}
	if len(e.facts) == 0 {
		e.facts = []fact{{string(Number), e.id}}
	}
	p.entity("record", e)
	for _, c := range others {
		o := &entity{subject: c.Subject, kind: cmp.Or(kinds[c.Subject], "party"), namespace: p.table.Space, id: c}
		o.names()
		p.entity(string(c.Subject), o)
	}
	if len(others) > 0 {
		p.line("links:")
	}
	for _, c := range others {
		p.line("  - {role: linked_to, from: record, to: %s} # which stands in the same row", c.Subject)
	}
	p.watched(d, e)
}

// others are ships and containers that rows of a register name beside what they are about.
func (d *Draft) others(id *Column) []*Column {
	var all []*Column
	for _, s := range []Subject{"vessel", "equipment"} {
		if c := d.find(Meaning{s, ID}); c != nil && c != id && c.Subject != id.Subject {
			all = append(all, c)
		}
	}
	return all
}

// subjectOf finds what the rows of a register are about: the column that names
// them, and their kind.
func (d *Draft) subjectOf(table Table) *entity {
	e := &entity{subject: Record, kind: "party", namespace: table.Space, within: d.filed}
	rows := len(table.Rows)
	numbers := func(c *Column) bool {
		return c.Property == ID && !d.partly(c) && (c.Subject == Nobody || c.Subject == "vessel" || c.Subject.isPlace() || c.Subject.isParty())
	}
	if e.id = d.surest(numbers); e.id != nil && rows >= enough && e.id.distinct < e.id.filled {
		// What stands in several rows is not what they are about.
		if one := d.surest(func(c *Column) bool { return numbers(c) && c.unique(rows) }); one != nil {
			e.id = one
		}
	}
	if e.id == nil {
		e.id = d.surest(func(c *Column) bool { return c.Property == Name || c.Property == Number || c.Property == Document })
	}
	if e.id == nil {
		e.id = &d.Columns[0]
	}
	coordinates := slices.ContainsFunc(d.Columns, func(c Column) bool { return slices.Contains([]string{"lat", "latitude", "latitud"}, folded(c.Name)) })
	switch {
	case e.id.Subject == "vessel":
		e.kind = "vessel"
	case e.id.Subject.isPlace(), coordinates, e.id.rules["locode"] >= mostly:
		e.kind = "place"
	}
	switch rule := e.id.ruleOf(); {
	case e.kind == "vessel" && rule == "imo_ship":
		e.namespace = "imo"
	case e.kind == "place" && rule != "":
		e.namespace = ""
	case e.id.person != "":
		e.namespace = ruleSpace(rule)
	}
	return e
}

// partly reports a number that identifies a person, where more rows have a name or another number: who shows no
// paper would be lost with it.
func (d *Draft) partly(c *Column) bool {
	return c.person != "" && slices.ContainsFunc(d.Columns, func(o Column) bool {
		return o.person == "" && o.filled > c.filled && slices.Contains([]Property{ID, Name, Number, Document}, o.Property)
	})
}

// surest returns the column that is surest of what is asked for, the first of
// several; nil if none is it.
func (d *Draft) surest(is func(c *Column) bool) *Column {
	var best *Column
	for i := range d.Columns {
		if c := &d.Columns[i]; is(c) && (best == nil || c.Sure > best.Sure) {
			best = c
		}
	}
	return best
}

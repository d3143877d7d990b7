package draft

import "slices"

// Officers is the shape of rows that name a company and somebody who acts for it or owns
// it.
const Officers Shape = "officers"

// employs reports rows of companies with their officers, and gives its columns to the one
// and the other.
func (d *Draft) employs() bool {
	first := slices.IndexFunc(d.Columns, func(c Column) bool {
		return c.Subject == Officer && (c.Property == Name || c.Property == ID) && c.filled > 0
	})
	if first < 0 {
		return false
	}
	company := false
	for i := range d.Columns {
		c := &d.Columns[i]
		switch {
		case c.Subject.isPlace(), c.Subject == "commodity", c.Subject == "equipment", c.Subject == "vessel", c.Subject == From, c.Subject == To,
			c.Meaning == Meaning{Consignment, Number} && c.Sure > sureName/2, c.Subject == Consignment && c.results() != "", c.Subject == Suspect,
			c.Subject.isParty() && !speaksWeakly(c.Name):
			return false
		case c.ofCompany():
			company = true
		}
	}
	if !company {
		return false
	}
	for i := range d.Columns {
		c := &d.Columns[i]
		switch {
		case c.ofCompany():
			c.Subject = Record
		case c.Subject == Nobody && slices.Contains([]Property{Address, City, Country, Postcode, Phone, Email, ID}, c.Property) && i > first:
			c.Subject = Officer
		case c.Subject == Nobody && c.Property != None && c.Property != Position && c.Property != Since && c.Property != Until && c.Property != "shares":
			c.Subject = Record
		}
	}
	return true
}

// ofCompany reports a column that names or numbers a company.
func (c *Column) ofCompany() bool {
	names := c.Property == Name || c.Property == ID || c.Property == Address
	return names && (c.Subject.isParty() && speaksWeakly(c.Name) || c.Subject == Nobody && c.Property != Address && c.Sure >= bareName/2)
}

// officers writes a mapping of companies and their officers.
func (p *page) officers(d *Draft) {
	p.line("entities:")
	for _, s := range []Subject{Record, Officer} {
		e := &entity{subject: s, kind: "party", namespace: p.table.Space}
		if e.id = d.find(Meaning{s, ID}); e.id == nil {
			e.id = d.find(Meaning{s, Name})
		}
		e.named(d)
		if s == Officer {
			e.namespace += "-officer"
		}
		if rule := e.id.ruleOf(); rule != "" {
			e.namespace = ruleSpace(rule)
		}
		if e.id.Property == Name {
			e.add(string(Name), e.id)
		}
		for i := range d.Columns {
			c := &d.Columns[i]
			switch {
			case c.Subject != s || c == e.id:
			case c.Property == None, c.Property == ID:
				e.add(c.field, c)
			default:
				e.add(string(c.Property), c)
			}
		}
		p.entity(label(s), e)
	}
	p.line("links:")
	p.line("  - role: %s", d.office(p))
	p.line("    from: officer\n    to: company")
	d.spell(p, false)
	p.fields("    ", d, func(c *Column) bool { return c.Subject != Record && c.Subject != Officer })
}

func label(s Subject) string {
	if s == Record {
		return "company"
	}
	return string(s)
}

// office writes what an officer is to the company: what a column says, or the name of
// the column that names the officer.
func (d *Draft) office(p *page) string {
	for i := range d.Columns {
		if c := &d.Columns[i]; c.Property == Position && len(c.values) > 0 {
			if text := rolesOf(c, p, false); text != "" {
				return text
			}
		}
	}
	for i := range d.Columns {
		c := &d.Columns[i]
		if c.Subject != Officer {
			continue
		}
		if role := roleOfWords(split(c.Name), c.Name, false); role != "" {
			return role + " # " + c.Name + " says so"
		}
	}
	return "linked_to # or director_of, owner_of: see docs/mapping.md"
}

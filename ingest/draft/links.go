package draft

import "slices"

// links writes a mapping whose rows join two things.
func (p *page) links(d *Draft) {
	kind, role, hint := "party", "linked_to", " # or called, paid, owned_by ...: see docs/mapping.md"
	first := d.find(Meaning{From, ID})
	switch {
	case first.phones >= mostly:
		kind, role, hint = "phone", "called", " # "+percent(first.phones)+" of the cells are telephone numbers"
	case said(first, "payer", "debtor", "sender account", "payer account"):
		role, hint = "paid", " # "+first.Name+" says so"
	}
	p.line("entities:")
	for _, s := range []Subject{From, To} {
		id, name := d.find(Meaning{s, ID}), d.find(Meaning{s, Name})
		p.line("  %s: %s", s, why(id))
		p.line("    kind: %s # or whatever the file joins", kind)
		p.line("    namespace: %s", p.table.Space)
		p.line("    id: %s", p.value(id, ""))
		if name != nil {
			p.line("    facts:\n      name: %s %s", p.value(name, ""), why(name))
		}
	}
	p.line("links:\n  - role: %s%s", role, hint)
	p.line("    from: from\n    to: to")
	if c := d.find(Meaning{Consignment, Date}); c != nil && c.isDay() {
		p.line("    start: %s", p.day(c))
	}
	p.fields("    ", d, func(c *Column) bool { return c.Subject != From && c.Subject != To })
}

// said reports a column whose name holds one of the phrases.
func said(c *Column, phrases ...string) bool {
	all, _ := parse(split(c.Name))
	return slices.ContainsFunc(all, func(p phrase) bool { return slices.Contains(phrases, p.text) })
}

package draft

import (
	"fmt"
	"slices"
	"strings"
)

// links writes a mapping whose rows join two things.
func (p *page) links(d *Draft) {
	first := d.find(Meaning{From, ID})
	kind := "party"
	if first.phones >= mostly {
		kind = "phone"
	}
	p.line("entities:")
	for _, s := range []Subject{From, To} {
		id, name := d.find(Meaning{s, ID}), d.find(Meaning{s, Name})
		p.line("  %s: %s", s, why(id))
		p.line("    kind: %s # or whatever the file joins", kind)
		p.line("    namespace: %s", p.table.Space)
		p.line("    id: %s", p.value(id, ""))
		switch {
		case name != nil:
			p.line("    facts:\n      name: %s %s", p.value(name, ""), why(name))
		case kind == "party":
			p.line("    facts:\n      name: %s # what it is called, since no other column says", p.value(id, ""))
		}
	}
	p.line("links:")
	for _, l := range d.linked(first, p) {
		p.line("  - role: %s", l.role)
		ends := [2]Subject{From, To}
		if l.turned {
			ends = [2]Subject{To, From}
		}
		p.line("    from: %s\n    to: %s", ends[0], ends[1])
		if l.when != "" {
			p.line("    when: {%s}", l.when)
		}
		if c := d.find(Meaning{Consignment, Date}); c != nil && c.isDay() {
			p.line("    start: %s", p.day(c))
		}
		p.fields("    ", d, func(c *Column) bool { return c.Subject != From && c.Subject != To })
	}
}

// link is one kind of link of the rows.
type link struct {
	role   string // with a comment
	turned bool   // it goes from the second to the first
	when   string // of which rows, "" for all
}

// relations are the words for links with their roles; turned where the second column is what
// the role begins with.
var relations = []struct {
	role   string
	turned bool
	words  []string
}{
	{"director_of", false, []string{"director", "officer", "secretary", "manager", "partner", "representative"}},
	{"owned_by", true, []string{"shareholder", "owner", "owns", "holds", "parent", "beneficial"}},
	{"owned_by", false, []string{"owned", "subsidiary"}},
	{"paid", false, []string{"paid", "payment", "pays", "transfer"}},
}

// mostRelations is how many kinds of links are told apart.
const mostRelations = 8

// linked lists the kinds of links: those that the values of a column name, else one.
func (d *Draft) linked(first *Column, p *page) []link {
	for i := range d.Columns {
		c := &d.Columns[i]
		about := slices.ContainsFunc(split(c.Name), func(w string) bool {
			return slices.Contains([]string{"relation", "relationship", "type", "kind", "role", "link", "tie", "relacion"}, w)
		})
		if c.Subject == From || c.Subject == To || !about || len(c.values) == 0 || len(c.values) > mostRelations {
			continue
		}
		if all := relationsOf(c, p); all != nil {
			return all
		}
	}
	switch {
	case first.phones >= mostly:
		return []link{{role: "called # " + percent(first.phones) + " of the cells are telephone numbers"}}
	case said(first, "payer", "debtor", "sender account", "payer account"):
		return []link{{role: "paid # " + first.Name + " says so"}}
	}
	return []link{{role: "linked_to # or called, paid, owned_by ...: see docs/mapping.md"}}
}

// relationsOf makes a link of each role that values name, and one of the rest; nil where they
// name none.
func relationsOf(c *Column, p *page) []link {
	var all []link
	var known []string
	for _, r := range relations {
		var values []string
		for _, v := range c.values {
			if slices.ContainsFunc(split(v), func(w string) bool { return slices.Contains(r.words, w) }) && !slices.Contains(known, quoted(v)) {
				values, known = append(values, quoted(v)), append(known, quoted(v))
			}
		}
		if len(values) > 0 {
			when := fmt.Sprintf("column: %s, equals: [%s]", p.column(c), strings.Join(values, ", "))
			all = append(all, link{role: r.role + " # the value says so", turned: r.turned, when: when})
		}
	}
	if len(all) > 0 && len(known) < len(c.values) {
		when := fmt.Sprintf("column: %s, unequal: [%s]", p.column(c), strings.Join(known, ", "))
		all = append(all, link{role: "linked_to # or another role: see docs/mapping.md", when: when})
	}
	return all
}

// said reports a column whose name holds one of the phrases.
func said(c *Column, phrases ...string) bool {
	all, _ := parse(split(c.Name))
	return slices.ContainsFunc(all, func(p phrase) bool { return slices.Contains(phrases, p.text) })
}

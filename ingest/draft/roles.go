package draft

import (
	"maps"
	"slices"
	"strings"

	"rummage/ingest/mapping"
)

// Several is the subject of columns that hold parties of several roles, which another column
// says of each.
const Several Subject = "several"

// roles are what that column says.
type roles struct {
	column  *Column
	of      map[Subject][]string // its values for a role
	unknown []string             // those that no word explains
	rows    [][]string
}

// roleCodes are short forms of roles, those of EDIFACT and X12 among them, folded.
var roleCodes = map[string]Subject{
	"im": "importer", "imp": "importer", "impr": "importer", "ex": "exporter", "exp": "exporter", "expr": "exporter",
	"cn": "consignee", "cne": "consignee", "cnee": "consignee", "cz": "consignor", "sh": "consignor", "shpr": "consignor", "cnor": "consignor",
	"ni": "notify_party", "np": "notify_party", "n1": "notify_party", "nfy": "notify_party", "ntfy": "notify_party",
	"ag": "declarant", "agt": "declarant", "ae": "declarant", "dt": "declarant", "dec": "declarant", "cb": "declarant", "rep": "declarant",
	"ca": "carrier", "car": "carrier", "fw": "forwarder", "ff": "forwarder", "fwd": "forwarder",
}

// roleNames are the words for columns that say roles of parties.
var roleNames = []string{"role", "roles", "capacity", "function", "qualifier", "party", "rol", "rolle", "funcion", "角色", "역할", "役割"}

// partyRole is the role that a value means, "" for none.
func partyRole(value string) Subject {
	text := plainText(value)
	if role := roleCodes[text]; role != "" {
		return role
	}
	words := strings.Join(split(value), " ")
	for _, s := range senses()[words] {
		if s.subject.isParty() && s.property == None && !s.weak {
			return s.subject
		}
	}
	return ""
}

// pieces are the values of a cell.
func pieces(row []string, c *Column) []string {
	if c == nil || c.Number > len(row) {
		return nil
	}
	return strings.Split(strings.TrimSpace(row[c.Number-1]), mapping.Between)
}

// severally finds a column that says the roles of the parties in other columns: of each where a
// row names several, or of one where several rows are of one consignment. Where its words are
// unknown the parties get no role, and a person says which they have.
func (d *Draft) severally(rows [][]string) {
	if d.employed || d.find(Meaning{From, ID}) != nil || d.messages {
		return
	}
	r := d.sayingRoles(rows)
	if r == nil {
		return
	}
	for _, party := range d.ofRoles(r.column) {
		party.Subject = Several
		party.Why = append(party.Why, r.column.Name+" says in which role")
	}
	if len(r.of) < 2 {
		r.of = nil
	}
	d.roles = r
}

// sayingRoles finds the column with values for the most roles, the first of several; nil for none. One whose
// values no word explains is called a role, and not what else is said of a party, such as its number.
func (d *Draft) sayingRoles(rows [][]string) *roles {
	number := d.find(Meaning{Consignment, Number})
	var best *roles
	for i := range d.Columns {
		c := &d.Columns[i]
		if c.filled == 0 || c.Property != Position && !says(c.Name, roleNames) || !c.many && (number == nil || number.distinct >= number.filled) {
			continue
		}
		r := &roles{column: c, of: map[Subject][]string{}, rows: rows[:min(len(rows), SampleRows)]}
		r.read()
		unsaid := len(r.of) < 2 && (!c.many || slices.Contains(ofParties, c.Property))
		if !unsaid && (best == nil || r.saysMore(best)) && len(d.ofRoles(c)) > 0 {
			best = r
		}
	}
	return best
}

// saysMore reports more roles than others say or, where both say as many, the clearer name.
func (r *roles) saysMore(o *roles) bool {
	if len(r.of) != len(o.of) {
		return len(r.of) > len(o.of)
	}
	return r.column.Property == Position && o.column.Property != Position
}

// read sorts the values of the column by role.
func (r *roles) read() {
	seen := map[string]bool{}
	for _, row := range r.rows {
		for _, value := range pieces(row, r.column) {
			if value = strings.TrimSpace(value); value != "" {
				seen[value] = true
			}
		}
	}
	for _, value := range slices.Sorted(maps.Keys(seen)) {
		if role := partyRole(value); role != "" {
			r.of[role] = append(r.of[role], value)
		} else {
			r.unknown = append(r.unknown, value)
		}
	}
}

// ofParties is what columns say of parties, beside their role.
var ofParties = []Property{Name, ID, Address, City, Country, Postcode, Phone, Email}

// ofRoles are the columns of the parties that a column says the roles of; none where no column
// names them.
func (d *Draft) ofRoles(role *Column) []*Column {
	var all []*Column
	named := false
	for i := range d.Columns {
		c := &d.Columns[i]
		nobodys := c.Subject == Nobody || c.Subject.isParty() && speaksWeakly(c.Name)
		says := slices.Contains(ofParties, c.Property)
		if c == role || !nobodys || !says || role.many && !c.many || !d.together(c, role) {
			continue
		}
		named = named || c.Property == Name
		all = append(all, c)
	}
	if !named {
		return nil
	}
	return all
}

// fills is the share of the parties of a role that a column says something of.
func (r *roles) fills(role Subject, c *Column) float64 {
	filled, all := 0, 0
	for _, row := range r.rows {
		cells := pieces(row, c)
		for n, value := range pieces(row, r.column) {
			if !slices.Contains(r.of[role], strings.TrimSpace(value)) {
				continue
			}
			all++
			if n < len(cells) && strings.TrimSpace(cells[n]) != "" {
				filled++
			}
		}
	}
	return float64(filled) / float64(max(all, 1))
}

// entityOfRole puts together what columns say of the parties of a role; nil where none has it.
func (p *page) entityOfRole(d *Draft, role Subject) *entity {
	if d.roles == nil || len(d.roles.of[role]) == 0 {
		return nil
	}
	name, number := d.find(Meaning{Several, Name}), d.find(Meaning{Several, ID})
	e := &entity{subject: "party", kind: "party", namespace: p.table.Space, id: name}
	share := 0.0
	if number != nil {
		share = d.roles.fills(role, number)
	}
	switch {
	case share == 1:
		e.id = number
	case share > 0 && number.person == "": // a number that identifies a person is written under its rule alone
		e.id, e.other = number, name
	}
	if e.other == nil {
		e.names()
	} else {
		e.namespace += "-party"
	}
	e.when = "{column: " + p.column(d.roles.column) + ", equals: [" + quotedAll(d.roles.of[role]) + "]}"
	for i := range d.Columns {
		c := &d.Columns[i]
		switch {
		case c.Subject != Several, c == e.id && c.Property == ID:
		case c == number && share == 0:
			// of this role it says nothing
		case c.Property == ID:
			e.add(c.field, c)
		default:
			e.add(string(c.Property), c)
		}
	}
	return e
}

// openUnsaid notes columns of parties to which the draft gave a role that no word says.
func (d *Draft) openUnsaid() {
	if d.Shape != Consignments {
		return
	}
	for i := range d.Columns {
		if c := &d.Columns[i]; c.guessed && c.Subject.isParty() {
			d.open("%s: no word says which party it is, and the draft takes it for the %s: look whether it is that one, and else give it another label and tie", c.Name, c.Subject)
		}
	}
}

// openRoles notes parties whose roles no word says, and those whose role another column fills.
func (d *Draft) openRoles() {
	if d.roles == nil || d.Shape != Consignments {
		return
	}
	for _, role := range order {
		own := d.find(Meaning{role, ID})
		if own == nil {
			own = d.find(Meaning{role, Name})
		}
		if values := d.roles.of[role]; own != nil && len(values) > 0 {
			d.open("%s: %s is the %s, so that the parties which are called %s here are left out: if they are others, write an entity for them, with when: {column: %s, equals: [%s]}, and its tie",
				d.roles.column.Name, own.Name, role, listed(values), quoted(d.roles.column.Name), quotedAll(values))
		}
	}
	switch {
	case d.roles.of == nil:
		d.open("%s: parties of several roles stand in one column, and no word says which role each of these is: %s: write an entity for each, such as when: {column: %s, equals: [VALUE]}, and its tie",
			d.roles.column.Name, listed(d.roles.unknown), quoted(d.roles.column.Name))
	case len(d.roles.unknown) > 0:
		d.open("%s: no word says which role %s means: such parties are left out until an entity takes them, such as that of the other roles", d.roles.column.Name, listed(d.roles.unknown))
	}
}

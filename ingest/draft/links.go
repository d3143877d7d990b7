package draft

import (
	"slices"
	"strings"
	"unicode"
)

// links writes a mapping whose rows join two things.
func (p *page) links(d *Draft) {
	calls := d.find(Meaning{From, ID}).phones >= mostly
	p.line("entities:")
	for _, s := range []Subject{From, To} {
		p.entity(string(s), p.end(d, s, calls))
	}
	devices := p.devices(d)
	p.line("links:")
	p.line("  - role: %s", d.role(p, calls))
	p.line("    from: from\n    to: to")
	d.spell(p, calls)
	p.fields("    ", d, func(c *Column) bool { return c.Subject != From && c.Subject != To })
	for _, device := range devices {
		p.line("  - {role: has_identifier, from: from, to: %s}", device)
	}
}

// end puts together what columns say of an end of a link.
func (p *page) end(d *Draft, s Subject, calls bool) *entity {
	e := &entity{subject: s, kind: "party # or whatever the file joins", namespace: p.table.Space, id: d.find(Meaning{s, ID}), within: p.filed}
	if calls {
		e.kind, e.namespace, e.within = "phone", "", false
		e.then = []string{`{replace: {pattern: "[^0-9+]", with: ""}}`}
	}
	for i := range d.Columns {
		c := &d.Columns[i]
		switch {
		case c.Subject != s, c == e.id, c.Property == None, c.Property == "imei", c.Property == "imsi":
		case c.Property == ID:
			e.add(c.field, c)
		default:
			e.add(string(c.Property), c)
		}
	}
	if !calls && d.find(Meaning{s, Name}) == nil {
		e.facts = append([]fact{{string(Name), e.id}}, e.facts...) // what it is called, since no other column says
	}
	return e
}

// devices writes the telephones and cards that calls were made with, and returns their
// labels.
func (p *page) devices(d *Draft) []string {
	var labels []string
	for _, property := range []Property{"imei", "imsi"} {
		c := d.find(Meaning{From, property})
		if c == nil {
			continue
		}
		p.entity(string(property), &entity{subject: From, kind: "identifier", namespace: string(property), id: c})
		labels = append(labels, string(property))
	}
	return labels
}

// spell writes when a link holds, and what tells it from others between the same two.
func (d *Draft) spell(p *page, calls bool) {
	day := d.find(Meaning{Consignment, Date})
	since := d.find(Meaning{Nobody, Since})
	if d.Shape == Officers && since == nil {
		since = d.find(Meaning{Officer, Since})
	}
	switch {
	case since != nil && len(since.dates) > 0 && !since.many:
		since.spoken = true
		p.line("    start: %s", p.day(since))
	case d.Shape == Links && day != nil && day.isDay():
		p.line("    start: %s", p.day(day))
	}
	if until := d.find(Meaning{Nobody, Until}); until != nil && len(until.dates) > 0 && !until.many {
		until.spoken = true
		p.line("    end: %s", p.day(until))
	}
	number, at := d.find(Meaning{Consignment, Number}), d.find(Meaning{Consignment, "time"})
	if number == nil {
		number = d.surest(func(c *Column) bool {
			return c.Meaning == Meaning{Nobody, ID} && !c.personal() && c.unique(len(p.table.Rows))
		})
	}
	switch {
	case number != nil && number.filled >= min(len(p.table.Rows), SampleRows):
		p.line("    key: %s # tells links between the same two apart", p.column(number))
	case day != nil && at != nil:
		p.line("    key: {columns: [%s, %s], join: T} # tells links between the same two apart", p.column(day), p.column(at))
	case day != nil && calls && strings.HasSuffix(day.dates0(), "*"):
		p.line("    key: %s # tells links between the same two apart", p.column(day))
	case calls, d.repeats(p.table.Rows):
		p.line("    key: {row: true} # the same two stand in several rows")
	}
}

// dates0 is the format of the days of a column, "" for none.
func (c *Column) dates0() string {
	if len(c.dates) == 0 {
		return ""
	}
	return c.dates[0]
}

// repeats reports rows that join the same two.
func (d *Draft) repeats(rows [][]string) bool {
	from, to := d.find(Meaning{From, ID}), d.find(Meaning{To, ID})
	if from == nil || to == nil {
		return false
	}
	seen := map[[2]string]bool{}
	for _, row := range rows[:min(len(rows), SampleRows)] {
		if max(from.Number, to.Number) > len(row) {
			continue
		}
		pair := [2]string{row[from.Number-1], row[to.Number-1]}
		if seen[pair] {
			return true
		}
		seen[pair] = true
	}
	return false
}

// relations are the words for links with their roles, as the mapping language writes them.
var relations = []struct {
	role  string
	calls bool // a word for the direction of calls only
	words []string
}{
	{"called_by", true, []string{"mtc", "mt", "incoming", "in", "received", "terminating", "entrante", "entrant", "masuk", "被叫", "来电", "수신"}},
	{"called", true, []string{"moc", "mo", "outgoing", "out", "dialled", "dialed", "originating", "saliente", "sortant", "keluar", "主叫", "去电", "발신"}},
	{"called", false, []string{"called", "calls", "call", "phoned", "llamada", "appel"}},
	{"director_of", false, []string{
		"director", "officer", "secretary", "manager", "representative", "chairman", "president", "administrador", "gerente", "gerant",
		"direktur", "komisaris", "董事", "经理", "法定代表人", "监事", "대표이사", "이사", "감사",
	}},
	{"owner_of", false, []string{
		"shareholder", "owner", "owns", "holds", "parent", "beneficial", "accionista", "socio", "actionnaire", "associe", "pemegang", "股東", "股东", "주주",
	}},
	{"owned_by", false, []string{"owned", "subsidiary"}},
	{"paid", false, []string{"paid", "payment", "pays", "transfer", "transferred"}},
	{"registered_at", false, []string{"registered", "lives", "resides", "located", "address"}},
}

// role writes the kind of the links: that which the values of a column name, else one.
func (d *Draft) role(p *page, calls bool) string {
	for i := range d.Columns {
		c := &d.Columns[i]
		if c.Subject == From || c.Subject == To || !c.aboutRelations() || len(c.values) == 0 {
			continue
		}
		if text := rolesOf(c, p, calls); text != "" {
			return text
		}
	}
	first := d.find(Meaning{From, ID})
	pays := func(c Column) bool {
		return c.Subject == From && said(&c, "payer", "debtor", "sender account", "payer account", "ordering", "ordering customer", "50k", "remitter", "originator", "ordenante", "donneur ordre", "付款人", "汇款人", "匯款人", "송금인")
	}
	payer := slices.IndexFunc(d.Columns, pays)
	switch {
	case calls:
		return "called # " + percent(first.phones) + " of the cells are telephone numbers"
	case payer >= 0:
		return "paid # " + d.Columns[payer].Name + " says so"
	}
	return "linked_to # or called, paid, owned_by ...: see docs/mapping.md"
}

// aboutRelations reports a column whose name says that its values are kinds of links.
func (c *Column) aboutRelations() bool {
	return c.Property == Position || c.Property == "relation" || slices.ContainsFunc(split(c.Name), func(w string) bool {
		return slices.Contains([]string{"relation", "relationship", "type", "kind", "role", "link", "tie", "relacion", "direction"}, w)
	})
}

// rolesOf writes the roles that values name, and for the others that two are linked; ""
// where they name none.
func rolesOf(c *Column, p *page, calls bool) string {
	known := false
	var pairs []string
	for _, value := range c.values {
		role := roleOf(value, calls)
		known = known || role != ""
		switch {
		case role == "" && calls:
			role = "called"
		case role == "":
			role = "linked_to"
		}
		pairs = append(pairs, quoted(value)+": "+role)
	}
	if !known {
		return ""
	}
	return "{column: " + p.column(c) + ", then: {values: {" + strings.Join(pairs, ", ") + "}}} # the values say so"
}

// roleOf finds the role that a value names, "" for none.
func roleOf(value string, calls bool) string {
	words := strings.FieldsFunc(folded(value), func(r rune) bool { return !unicode.IsLetter(r) })
	return roleOfWords(words, value, calls)
}

func roleOfWords(words []string, value string, calls bool) string {
	for _, r := range relations {
		if r.calls && !calls {
			continue
		}
		for _, w := range r.words {
			if slices.Contains(words, w) || slices.Contains(words, w+"s") || unspaced(w) && strings.Contains(value, w) {
				return r.role
			}
		}
	}
	return ""
}

// said reports a column whose name holds one of the phrases.
func said(c *Column, phrases ...string) bool {
	all, _ := parse(split(c.Name))
	return slices.ContainsFunc(all, func(p phrase) bool { return slices.Contains(phrases, p.text) })
}

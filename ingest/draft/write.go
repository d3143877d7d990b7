package draft

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"rummage/ingest/ident"
)

// page collects the lines of a mapping.
type page struct {
	strings.Builder
	table Table
	filed bool // nodes have numbers that mean nothing outside the file
}

func (p *page) line(format string, args ...any) { fmt.Fprintf(&p.Builder, format+"\n", args...) }

// column names a column as the mapping language does: by its name, by its number
// where the name is none or stands twice.
func (p *page) column(c *Column) string {
	name := strings.TrimSpace(c.Name)
	alike := 0
	for _, other := range p.table.Columns {
		if strings.EqualFold(strings.Join(strings.Fields(other), " "), strings.Join(strings.Fields(name), " ")) {
			alike++
		}
	}
	if !p.table.Header || name == "" || alike > 1 {
		return strconv.Itoa(c.Number)
	}
	return quoted(name)
}

// quoted is a text in YAML's double quotes, which take every text.
func quoted(text string) string { return strconv.QuoteToGraphic(text) }

// value writes what a text is made of: the column, with a rule and steps where it
// has them.
func (p *page) value(c *Column, rule string, then ...string) string {
	if c.many {
		then = append([]string{`{split: "\x1F"}`}, then...)
	}
	return p.text(c, rule, then...)
}

// text is value for a column that is cut by the entity that it is part of.
func (p *page) text(c *Column, rule string, then ...string) string {
	var parts []string
	rule = cmp.Or(rule, c.person)
	if len(then) > 0 {
		parts = append(parts, "then: ["+strings.Join(then, ", ")+"]")
	}
	if rule != "" {
		parts = append(parts, "rule: "+rule)
	}
	if len(parts) == 0 {
		return p.column(c)
	}
	return "{column: " + p.column(c) + ", " + strings.Join(parts, ", ") + "}"
}

// why is the comment behind a line.
func why(c *Column) string {
	if len(c.Why) == 0 {
		return "# nothing says what it is"
	}
	return fmt.Sprintf("# %.2f %s", c.Sure, strings.Join(c.Why, "; "))
}

// write writes the mapping of a draft.
func write(d *Draft, table Table) string {
	p := &page{table: table, filed: d.filed}
	p.line("# A draft: each line says how sure it is, from 0 to 1, and why. Correct what is wrong, then:")
	part := ""
	if table.Part != "" {
		part = " --part " + quoted(table.Part)
	}
	p.line("#   rummage ingest --map %s%s FILE", cmp.Or(table.File, table.Name+".yaml"), strings.Map(printed, part))
	for _, point := range d.Open {
		p.line("# open: %s", point)
	}
	for _, r := range d.Records {
		p.line("# %s stands up to %d times in a row: --record %s makes each a row.", r.Path, r.Most, r.Path)
	}
	p.line("mapping: %s", table.Name)
	p.line("about: %s", quoted("Drafted from "+strconv.Itoa(len(table.Columns))+" columns; rows are "+string(d.Shape)))
	p.recognise(d)
	p.null(d)
	p.withhold(d)
	if c := d.find(Meaning{Consignment, Date}); c != nil && c.isDay() {
		p.line("date: %s %s", p.day(c), why(c))
	}
	switch {
	case d.matrix != nil:
		p.matrix(d.matrix)
		return p.String()
	case d.graph != nil && d.Shape == Links:
		p.edges(d)
		return p.String()
	case d.graph != nil && d.Shape == Register:
		p.nodes(d)
		return p.String()
	}
	switch d.Shape {
	case Links:
		p.links(d)
	case Register:
		p.register(d)
	case Officers:
		p.officers(d)
	default:
		p.consignments(d)
	}
	return p.String()
}

// day writes a column of days.
func (p *page) day(c *Column) string {
	calendar := ""
	if c.calendar != "" {
		calendar = ", calendar: " + c.calendar
	}
	return "{column: " + p.column(c) + ", format: " + c.look.format() + calendar + "}"
}

// entity is a part of a mapping: one subject with the columns that speak of it.
type entity struct {
	subject   Subject
	kind      string
	namespace string
	id        *Column
	then      []string // steps of the id
	when      string   // of which rows, "" for all
	within    bool     // the id means nothing outside its file
	other     *Column  // names it where the id is empty
	facts     []fact
}

type fact struct {
	name string
	of   *Column
}

// kinds are the kinds of the subjects that are no party.
var kinds = map[Subject]string{"commodity": "commodity", "equipment": "equipment", "seal": "equipment", "vessel": "vessel"}

// entityOf puts together what columns say of a subject; nil when nothing names it.
func (d *Draft) entityOf(s Subject, namespace string) *entity {
	e := &entity{subject: s, kind: "party", namespace: namespace}
	if k := kinds[s]; k != "" {
		e.kind = k
	}
	if s.isPlace() {
		e.kind = "place"
	}
	e.id = d.find(Meaning{s, ID})
	if e.id == nil {
		e.id = d.find(Meaning{s, Name})
	}
	if e.id == nil {
		return nil
	}
	e.named(d)
	e.names()
	if e.id.sailed() {
		e.then = []string{"{replace: {pattern: \"" + sailing + "\", with: \"\"}}"}
	}
	if e.id.Property == Name && e.kind == "party" {
		e.add(string(Name), e.id)
	}
	for i := range d.Columns {
		c := &d.Columns[i]
		if c.Subject != s || c == e.id || c.Property == None || c.Property == Part || c.Property == ID && severals[s] {
			continue
		}
		name := string(c.Property)
		if c.Property == ID {
			name = c.field
		}
		e.add(name, c)
	}
	return e
}

// add adds a fact. A second name is an alias; what else is said twice goes by the
// name of its column.
func (e *entity) add(name string, c *Column) {
	has := func(name string) bool {
		return slices.ContainsFunc(e.facts, func(f fact) bool { return f.name == name })
	}
	if has(name) && name == string(Name) {
		name = string(Alias)
	}
	if has(name) && (name != string(Alias) || c.Property != Alias) {
		name = c.field
	}
	if has(name) && name != string(Alias) {
		name = fmt.Sprintf("%s_%d", c.field[:min(len(c.field), 50)], c.Number)
	}
	e.facts = append(e.facts, fact{name, c})
}

// named leaves the name to a party of which some rows state no number that identifies a person:
// in them it is a company, or somebody who showed no paper.
func (e *entity) named(d *Draft) {
	if name := d.find(Meaning{e.subject, Name}); e.id.person != "" && name != nil && e.id.filled < name.filled {
		e.id = name
	}
}

// names finds the register that numbers an entity.
func (e *entity) names() {
	switch rule := e.id.ruleOf(); {
	case e.kind == "commodity":
		e.namespace = "hs2022"
	case e.subject == "seal":
		e.namespace = "seal"
	case e.kind == "place" && rule != "", e.kind == "equipment" && rule == "container":
		e.namespace = ""
	case e.kind == "vessel" && rule == "imo_ship":
		e.namespace = "imo"
	case e.kind == "party" && rule != "":
		e.namespace = ruleSpace(rule)
	case e.id.Property == ID && e.kind != "commodity":
		e.namespace += "-" + strings.ReplaceAll(string(e.subject), "_", "-")
	}
}

// ruleSpace is the namespace of the numbers that keep a rule.
func ruleSpace(rule string) string { return strings.ReplaceAll(rule, "_", "-") }

// entity writes an entity.
func (p *page) entity(label string, e *entity) {
	p.line("  %s: %s", label, why(e.id))
	p.line("    kind: %s", e.kind)
	if e.namespace != "" {
		p.line("    namespace: %s", e.namespace)
	}
	if e.id.boxes >= mostly && e.kind == "equipment" {
		e.then = append(e.then, "{match: "+quoted(boxPattern)+"}")
	}
	many := e.id.many
	for _, f := range e.facts {
		many = many || f.of.many
	}
	if many {
		p.line("    repeat: cells")
	}
	p.line("    id: %s", p.id(e))
	if e.when != "" {
		p.line("    when: %s", e.when)
	}
	p.facts(e)
}

// aliases are the columns of its other names.
func (e *entity) aliases() []*Column {
	var all []*Column
	for _, f := range e.facts {
		if f.name == string(Alias) {
			all = append(all, f.of)
		}
	}
	return all
}

// id writes what an entity is named by.
func (p *page) id(e *entity) string {
	rule := e.id.ruleOf()
	switch {
	case e.other != nil: // names keep no rule
		return "{first: [" + p.column(e.id) + ", " + p.column(e.other) + "]}"
	case e.within && rule == "" && len(e.then) == 0:
		return "{column: " + p.column(e.id) + ", within: file}"
	}
	return p.text(e.id, rule, e.then...)
}

// facts writes what is said of an entity beside its id.
func (p *page) facts(e *entity) {
	if len(e.facts) > 0 {
		p.line("    facts:")
	}
	others := e.aliases()
	for _, f := range e.facts {
		switch {
		case f.name != string(Alias):
			p.line("      %s: %s %s", f.name, p.text(f.of, "", f.of.days()...), why(f.of))
		case f.of == others[0]:
			p.line("      %s: %s %s", f.name, p.alias(others), why(f.of))
		}
	}
}

// days are the steps that write the days of a column as 2021-06-30; none where a time stands
// behind them.
func (c *Column) days() []string {
	if !c.ofDays() || c.calendar != "" || c.ambiguous() || len(c.further) == 0 && (c.dates[0] == "YYYY-MM-DD" || strings.HasSuffix(c.dates[0], "*")) {
		return nil
	}
	return []string{"{day: " + c.look.format() + "}"}
}

// ofDays reports a column of days that somebody compares.
func (c *Column) ofDays() bool {
	return len(c.dates) > 0 && (slices.Contains([]Property{Date, Since, Until, Founded}, c.Property) || speaks(c.Name, Date))
}

// order is the order in which a mapping lists the subjects of ties.
var order = []Subject{
	"consignor", "consignee", "notify_party", "exporter", "importer", "declarant", "carrier", Haulier, Driver, "forwarder", Suspect,
	"origin", "departure", "loading", "transit", "discharge", "destination", "commodity", "equipment", "seal", "vessel", "office",
}

// consignments writes a mapping whose rows are shipments.
func (p *page) consignments(d *Draft) {
	var ties []Subject
	for _, s := range order {
		e := d.entityOf(s, p.table.Space)
		if e == nil {
			e = p.entityOfRole(d, s)
		}
		if e != nil {
			if len(ties) == 0 {
				p.line("entities:")
			}
			p.entity(string(s), e)
			ties = append(ties, s)
			p.more(d, e)
		}
	}
	hint := ""
	if d.view() == "inspection" && d.looked() {
		hint = " # that of the declarations which were inspected, such as their mapping says"
	}
	p.line("consignments:\n  shipment:\n    system: %s%s", p.table.Name, hint)
	if c := d.find(Meaning{Consignment, Number}); d.messages {
		p.number(d)
	} else if c != nil && d.otherwise != nil {
		p.line("    number: {first: [%s, %s]} %s", p.column(c), p.column(d.otherwise), why(c))
	} else if c != nil {
		p.line("    number: %s %s", p.value(c, ""), why(c))
	} else if columns := p.columns(d.told); columns != "" {
		p.line("    number: {columns: [%s]} # no column numbers the rows: what was where, and when", columns)
	} else {
		p.line("    number: {row: file} # no column numbers the rows, so each is a consignment of its own")
	}
	p.line("    view: %s", d.view())
	p.part(d)
	if slices.ContainsFunc(ties, func(s Subject) bool { return s != Suspect }) {
		p.line("    ties:")
	}
	for _, s := range ties {
		if more := d.more(s); len(more) > 0 {
			p.line("      %s: [%s, %s]", s, s, strings.Join(more, ", "))
			continue
		}
		if s != Suspect && !slices.Contains(carriers, s) {
			p.line("      %s: %s", s, s)
			continue
		}
		if moved := within(carriers, ties); len(moved) == 1 && moved[0] == s {
			p.line("      carrier: %s", s)
		} else if len(moved) > 1 && moved[0] == s {
			p.line("      carrier: [%s]", joined(moved))
		}
	}
	p.fields("    ", d, func(c *Column) bool {
		roled := d.roles != nil && d.roles.of != nil && (c == d.roles.column || c.Subject == Several)
		return (!slices.Contains(ties, c.Subject) || c.Property == None || c.Property == Part) && c.results() == "" && !roled
	})
	p.outcome(d, ties)
}

// traded reports rows that name who sends or gets something.
func (d *Draft) traded() bool {
	return slices.ContainsFunc(d.Columns, func(c Column) bool {
		return slices.Contains([]Subject{"importer", "exporter", "consignee", "consignor", "notify_party"}, c.Subject)
	})
}

// speaks reports a name in which a phrase means that property of the consignment.
func speaks(name string, property Property) bool {
	phrases, _ := parse(split(name))
	return saysField(phrases, property)
}

// speaksOf reports a name in which a phrase means that property of nobody's.
func speaksOf(name string, property Property) bool {
	phrases, _ := parse(split(name))
	return slices.ContainsFunc(phrases, func(p phrase) bool { return slices.Contains(p.means, sense{property: property}) })
}

// isDay reports the column that holds the day of the row.
func (c *Column) isDay() bool {
	return c.Meaning == (Meaning{Consignment, Date}) && len(c.dates) > 0 && !c.many
}

// fields writes the columns that are in no entity, each as a field.
func (p *page) fields(indent string, d *Draft, rest func(c *Column) bool) {
	first := true
	for i := range d.Columns {
		c := &d.Columns[i]
		// What numbers some rows only is lost in others unless it is a field too.
		number := d.Shape == Consignments && c.Meaning == (Meaning{Consignment, Number}) && len(d.numbers) < 2
		if number || c.isDay() || c.spoken || !rest(c) {
			continue
		}
		if first {
			p.line("%sfields:", indent)
			first = false
		}
		rule, then := "", []string(nil)
		if steps, ok := c.amount(); ok && isAmount(c.Property) {
			rule, then = "number", steps
		} else {
			then = c.days()
		}
		p.line("%s  %s: %s %s", indent, c.field, p.value(c, rule, then...), why(c))
	}
	if box := d.find(Meaning{"equipment", ID}); box != nil && box.boxes >= mostly && d.Shape == Consignments {
		if first {
			p.line("%sfields:", indent)
			first = false
		}
		p.line("%s  description: %s # the text that the container is named in", indent, p.value(box, ""))
	}
	if !first && d.Shape == Consignments {
		p.voyage(d, func(name string) bool {
			return slices.ContainsFunc(d.Columns, func(c Column) bool { return c.field == name && rest(&c) })
		})
	}
	if d.basis != "" && !first && d.value != nil {
		p.line("%s  value_basis: {text: %s} # %s says it", indent, d.basis, d.value.Name)
	}
	if code, of := d.currency(); code != "" && !first && d.Shape == Consignments {
		p.line("%s  currency: {text: %s} # %s names it", indent, code, of)
	}
}

// signs are the words for currencies that are no codes, folded.
var signs = []struct{ text, code string }{
	{"港元", "HKD"}, {"港币", "HKD"}, {"港幣", "HKD"}, {"hk$", "HKD"}, {"新台幣", "TWD"}, {"nt$", "TWD"}, {"us$", "USD"}, {"美元", "USD"}, {"人民币", "CNY"}, {"rmb", "CNY"},
	{"(원)", "KRW"}, {"(rm)", "MYR"}, {"vnd", "VND"}, {"(rp)", "IDR"}, {"r$", "BRL"},
}

// currency finds the currency that the name of a column of values states, where no column
// holds it.
func (d *Draft) currency() (code, of string) {
	if d.find(Meaning{Consignment, "currency"}) != nil {
		return "", ""
	}
	rules := ident.Rules()
	rule := rules[slices.IndexFunc(rules, func(r ident.Rule) bool { return r.Name == "currency" })]
	for _, property := range []Property{"value", "cif", "fob"} {
		c := d.find(Meaning{Consignment, property})
		if c == nil {
			continue
		}
		for _, sign := range signs {
			if strings.Contains(folded(c.Name), sign.text) {
				return sign.code, c.Name
			}
		}
		for _, word := range strings.FieldsFunc(c.Name, func(r rune) bool { return r < 'A' || r > 'Z' }) {
			if len(word) == len("USD") && word != "FOB" && rule.Check(word).Mark == ident.Fine {
				return word, c.Name
			}
		}
	}
	return "", ""
}

package draft

import (
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
	p := &page{table: table}
	p.line("# A draft: each line says how sure it is, from 0 to 1, and why. Correct what is wrong, then:")
	p.line("#   rummage ingest --map %s.yaml FILE", table.Name)
	p.line("mapping: %s", table.Name)
	p.line("about: %s", quoted("Drafted from "+strconv.Itoa(len(table.Columns))+" columns; rows are "+string(d.Shape)))
	p.recognise(d)
	if c := d.find(Meaning{Consignment, Date}); c != nil && c.isDay() {
		p.line("date: %s %s", p.day(c), why(c))
	}
	switch d.Shape {
	case Links:
		p.links(d)
	case Register:
		p.register(d)
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
	return "{column: " + p.column(c) + ", format: " + quoted(c.dates[0]) + calendar + "}"
}

// entity is a part of a mapping: one subject with the columns that speak of it.
type entity struct {
	subject   Subject
	kind      string
	namespace string
	id        *Column
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
	e.names()
	if e.id.Property == Name && e.kind == "party" {
		e.add(string(Name), e.id)
	}
	for i := range d.Columns {
		c := &d.Columns[i]
		if c.Subject != s || c == e.id || c.Property == None || c.Property == Part {
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
	if has(name) {
		name = c.field
	}
	if has(name) {
		name = fmt.Sprintf("%s_%d", c.field[:min(len(c.field), 50)], c.Number)
	}
	e.facts = append(e.facts, fact{name, c})
}

// names finds the register that numbers an entity.
func (e *entity) names() {
	switch rule := e.id.ruleOf(); {
	case e.kind == "commodity":
		e.namespace = "hs2022"
	case e.kind == "place" && rule != "", e.kind == "equipment" && rule == "container":
		e.namespace = ""
	case e.kind == "vessel" && rule == "imo_ship":
		e.namespace = "imo"
	case e.kind == "party" && rule != "":
		e.namespace = strings.ReplaceAll(rule, "_", "-")
	case e.id.Property == ID && e.kind != "commodity":
		e.namespace += "-" + strings.ReplaceAll(string(e.subject), "_", "-")
	}
}

// entity writes an entity.
func (p *page) entity(label string, e *entity) {
	p.line("  %s: %s", label, why(e.id))
	p.line("    kind: %s", e.kind)
	if e.namespace != "" {
		p.line("    namespace: %s", e.namespace)
	}
	many := e.id.many
	for _, f := range e.facts {
		many = many || f.of.many
	}
	if many {
		p.line("    repeat: cells")
	}
	p.line("    id: %s", p.text(e.id, e.id.ruleOf()))
	p.facts(e)
}

// facts writes what is said of an entity beside its id.
func (p *page) facts(e *entity) {
	if len(e.facts) > 0 {
		p.line("    facts:")
	}
	for _, f := range e.facts {
		p.line("      %s: %s %s", f.name, p.text(f.of, ""), why(f.of))
	}
}

// order is the order in which a mapping lists the subjects of ties.
var order = []Subject{
	"consignor", "consignee", "notify_party", "exporter", "importer", "declarant", "carrier", "forwarder",
	"origin", "departure", "loading", "transit", "discharge", "destination", "commodity", "equipment", "seal", "vessel", "office",
}

// consignments writes a mapping whose rows are shipments.
func (p *page) consignments(d *Draft) {
	var ties []Subject
	for _, s := range order {
		if e := d.entityOf(s, p.table.Space); e != nil {
			if len(ties) == 0 {
				p.line("entities:")
			}
			p.entity(string(s), e)
			ties = append(ties, s)
		}
	}
	hint := ""
	if d.view() == "inspection" && d.looked() {
		hint = " # that of the declarations which were inspected, such as their mapping says"
	}
	p.line("consignments:\n  shipment:\n    system: %s%s", p.table.Name, hint)
	if c := d.find(Meaning{Consignment, Number}); d.messages {
		p.number(d)
	} else if c != nil {
		p.line("    number: %s %s", p.value(c, ""), why(c))
	} else {
		p.line("    number: {row: file} # no column numbers the rows, so each is a consignment of its own")
	}
	p.line("    view: %s", d.view())
	p.part(d)
	if len(ties) > 0 {
		p.line("    ties:")
	}
	for _, s := range ties {
		p.line("      %s: %s", s, s)
	}
	p.fields("    ", d, func(c *Column) bool {
		return (!slices.Contains(ties, c.Subject) || c.Property == None || c.Property == Part) && c.results() == ""
	})
	p.outcome(d)
}

// found are the words for what someone found when looking, folded.
var found = map[string]string{
	"1": "hit", "y": "hit", "yes": "hit", "true": "hit", "hit": "hit", "positive": "hit", "fraud": "hit", "found": "hit", "si": "hit", "oui": "hit", "是": "hit",
	"not ok": "hit", "fail": "hit", "failed": "hit", "discrepancy": "hit", "irregular": "hit", "irregularity": "hit", "non compliant": "hit", "no conforme": "hit",
	"seizure": "seizure", "seized": "seizure",
	"ok": "clear", "pass": "clear", "passed": "clear", "compliant": "clear", "regular": "clear", "conforme": "clear", "released": "clear",
	"0": "clear", "n": "clear", "no": "clear", "false": "clear", "clear": "clear", "cleared": "clear", "negative": "clear", "none": "clear", "non": "clear", "否": "clear",
}

// results writes what the values of a column of outcomes mean, "" where it is none or
// where no word of it is known. Rows with other words are set aside until a person says
// what they mean.
func (c *Column) results() string {
	if c.Meaning != (Meaning{Consignment, Result}) || len(c.values) == 0 {
		return ""
	}
	var pairs []string
	for _, value := range c.values {
		if word := found[strings.Join(strings.Fields(strings.ReplaceAll(folded(value), "-", " ")), " ")]; word != "" {
			pairs = append(pairs, quoted(value)+": "+word)
		}
	}
	return strings.Join(pairs, ", ")
}

// outcome writes what someone found when looking.
func (p *page) outcome(d *Draft) {
	for i := range d.Columns {
		if c := &d.Columns[i]; c.results() != "" {
			p.line("outcomes: # an empty cell is no outcome: nobody looked")
			p.line("  - subject: shipment\n    result: %s %s", p.value(c, "", "{values: {"+c.results()+"}}"), why(c))
			return
		}
	}
	if d.seized() {
		p.line("outcomes: # the columns speak of seizures\n  - subject: shipment\n    result: seizure")
	}
}

// part tells lines of one document apart: rows that are not would be taken for
// amendments of each other, of which the last counts.
func (p *page) part(d *Draft) {
	number, item := d.find(Meaning{Consignment, Number}), d.find(Meaning{Consignment, "item"})
	switch {
	case number == nil:
	case item != nil && !item.many && item.filled == len(p.table.Rows):
		p.line("    part: %s %s", p.value(item, ""), why(item))
	case d.view() == "movement":
		p.line("    part: {row: true} # one consignment has many events")
	case number.distinct < number.filled:
		p.line("    part: {row: true} # %d of %d rows have a number that another has", number.filled-number.distinct, number.filled)
	}
}

// view tells which document rows were read from.
func (d *Draft) view() string {
	if d.messages {
		return d.messageView()
	}
	number := d.find(Meaning{Consignment, Number})
	has := func(s Subject) bool { return d.find(Meaning{s, ID}) != nil || d.find(Meaning{s, Name}) != nil }
	switch {
	case (has("vessel") || has("equipment")) && !has("commodity") && !d.traded():
		return "movement"
	case number != nil && speaks(number.Name, Document):
		return "bill_of_lading"
	case d.seized() && d.find(Meaning{Consignment, Result}) == nil, d.looked() && !d.traded() && !has("commodity"):
		return "inspection"
	}
	return "declaration"
}

// looked reports rows that say what somebody found.
func (d *Draft) looked() bool {
	return slices.ContainsFunc(d.Columns, func(c Column) bool { return c.results() != "" })
}

// traded reports rows that name who sends or gets something.
func (d *Draft) traded() bool {
	return slices.ContainsFunc(d.Columns, func(c Column) bool {
		return slices.Contains([]Subject{"importer", "exporter", "consignee", "consignor", "notify_party"}, c.Subject)
	})
}

// seized reports rows of seizures: some column is named by one, and none says of each row
// whether there was any.
func (d *Draft) seized() bool {
	return slices.ContainsFunc(d.Columns, func(c Column) bool {
		return speaks(c.Name, Result) && c.results() == "" && c.filled > 0 && seizing(c.Name)
	})
}

// seizing reports a name with a word for a seizure.
func seizing(name string) bool {
	words := split(name)
	return slices.ContainsFunc([]string{"seizure", "seized", "detention", "detained", "confiscation", "confiscated", "incautacion"}, func(w string) bool {
		return slices.Contains(words, w)
	})
}

// speaks reports a name in which a phrase means that property of the consignment.
func speaks(name string, property Property) bool {
	phrases, _ := parse(split(name))
	return saysField(phrases, property)
}

// isDay reports the column that holds the day of the row.
func (c *Column) isDay() bool { return c.Meaning == (Meaning{Consignment, Date}) && len(c.dates) > 0 }

// fields writes the columns that are in no entity, each as a field.
func (p *page) fields(indent string, d *Draft, rest func(c *Column) bool) {
	first := true
	for i := range d.Columns {
		c := &d.Columns[i]
		// What numbers some rows only is lost in others unless it is a field too.
		number := d.Shape == Consignments && c.Meaning == (Meaning{Consignment, Number}) && len(d.numbers) < 2
		if number || c.isDay() || !rest(c) {
			continue
		}
		if first {
			p.line("%sfields:", indent)
			first = false
		}
		rule, then := "", []string(nil)
		if form := c.number(); form >= 0 && isAmount(c.Property) {
			rule, then = "number", numberForms[form].then
		}
		p.line("%s  %s: %s %s", indent, c.field, p.value(c, rule, then...), why(c))
	}
	if code, of := d.currency(); code != "" && !first && d.Shape == Consignments {
		p.line("%s  currency: {text: %s} # %s names it", indent, code, of)
	}
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
		for _, word := range strings.FieldsFunc(c.Name, func(r rune) bool { return r < 'A' || r > 'Z' }) {
			if len(word) == len("USD") && word != "FOB" && rule.Check(word).Mark == ident.Fine {
				return word, c.Name
			}
		}
	}
	return "", ""
}

// register writes a mapping whose rows are about one thing each.
func (p *page) register(d *Draft) {
	e := d.subjectOf(p.table.Space)
	p.line("entities:")
	if e.id.Property == Name {
		e.add(string(Name), e.id)
	}
	for i := range d.Columns {
		c := &d.Columns[i]
		if c == e.id || c.isDay() {
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
}

// subjectOf finds what the rows of a register are about: the column that names
// them, and their kind.
func (d *Draft) subjectOf(namespace string) *entity {
	e := &entity{subject: Record, kind: "party", namespace: namespace}
	e.id = d.surest(func(c *Column) bool {
		return c.Property == ID && (c.Subject == Nobody || c.Subject == "vessel" || c.Subject.isPlace() || c.Subject.isParty())
	})
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
	if rule := e.id.ruleOf(); e.kind == "vessel" && rule == "imo_ship" {
		e.namespace = "imo"
	} else if e.kind == "place" && rule != "" {
		e.namespace = ""
	}
	return e
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

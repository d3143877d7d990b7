package mapping

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"rummage/graph"
)

// parser reads the parts of a mapping in the order of docs/mapping.md.
type parser struct {
	walker
	mapping  *Mapping
	repeated map[string]int // how many entities a label stands for
}

// The keys of the language, each in docs/mapping.md.
var (
	topKeys = []string{
		"mapping", "about", "recognise", "file", "null", "withhold", "date", "entities", "lookups", "joins", "consignments", "links", "outcomes",
	}
	recogniseKeys   = []string{"header", "columns", "tests"}
	fileKeys        = []string{"encoding", "delimiter", "quote", "record", "sparse", "widths"}
	joinFileKeys    = []string{"encoding", "delimiter", "quote", "record"}
	entityKeys      = []string{"kind", "namespace", "id", "keep", "lookup", "facts", "repeat", "when"}
	lookupKeys      = []string{"key", "entity"}
	joinKeys        = []string{"on", "key", "required", "several", "header", "part", "file"}
	consignmentKeys = []string{
		"system", "number", "view", "document", "part", "version", "amended", "date", "fields", "ties", "when",
	}
	linkKeys    = []string{"role", "from", "to", "start", "end", "key", "fields", "when"}
	outcomeKeys = []string{"subject", "result", "channel", "date", "fields", "when"}
	valueKeys   = []string{
		"column", "columns", "join", "whole", "first", "text", "row", "within", "where", "then", "null", "rule", "strict", "required", "optional",
	}
	dateKeys      = append([]string{"format", "base", "calendar"}, valueKeys...)
	conditionKeys = []string{"column", "equals", "unequal", "matches", "differs", "stated"}
	replaceKeys   = []string{"pattern", "with"}
	dayKeys       = []string{"format", "others"}
)

// Reserved is a name that no mapping may have: it stands as that of the case files of other offices, which need none.
const Reserved = "case-file"

var mappingName = regexp.MustCompile(`^[a-z0-9][a-z0-9-]*$`)

func (p *parser) top(n *yaml.Node) {
	m, fields := p.mapping, p.object(n, "mapping", topKeys)
	m.Name = p.text(fields["mapping"], "mapping")
	if !mappingName.MatchString(m.Name) {
		p.fail(n.Line, "mapping: needs a name of lower case letters, digits and hyphens, found %q", m.Name)
	}
	if m.Name == Reserved {
		p.fail(n.Line, "mapping: a source of that name is a case file, %q is no name for another: choose one", m.Name)
	}
	m.About = p.text(fields["about"], "about")
	if fields["recognise"] != nil {
		m.recognise = p.recognition(fields["recognise"])
	}
	if fields["file"] != nil {
		hints := p.object(fields["file"], "file", fileKeys)
		m.Encoding = p.text(hints["encoding"], "encoding")
		m.Delimiter = p.text(hints["delimiter"], "delimiter")
		m.Quote = p.text(hints["quote"], "quote")
		m.Widths = strings.TrimSpace(p.text(hints["widths"], "widths"))
		m.Record = strings.TrimSpace(p.text(hints["record"], "record"))
		m.sparse = hints["sparse"] != nil && p.flag(hints["sparse"], "sparse")
		if m.sparse && (m.recognise.columns > 0 || fields["recognise"] == nil) {
			p.fail(hints["sparse"].Line, "file: sparse: recognise must name the columns that every file has, under header")
		}
	}
	m.nulls = []string{""}
	if fields["null"] != nil {
		for _, text := range p.texts(fields["null"], "null") {
			m.nulls = append(m.nulls, strings.TrimSpace(text))
		}
	}
	if fields["joins"] != nil {
		p.joinParts(fields["joins"])
		p.keepJoins(fields)
	}
	p.withhold(fields["withhold"])
	m.date = p.date(fields["date"], "date")
	p.each(fields["entities"], "entities", p.entity)
	p.each(fields["lookups"], "lookups", p.lookup)
	p.each(fields["consignments"], "consignments", p.consignment)
	for _, item := range p.items(fields["links"]) {
		p.link(item)
	}
	for _, item := range p.items(fields["outcomes"]) {
		p.outcome(item)
	}
}

// each calls read for every labelled part.
func (p *parser) each(n *yaml.Node, what string, read func(pair)) {
	if n == nil {
		return
	}
	for _, part := range p.pairs(n, what) {
		if !graph.ValidName(part.key) {
			p.fail(part.line, "%s: label %q: want lower case letters, digits and underscores", what, part.key)
		}
		read(part)
	}
}

// need reads fields and complains about those that are missing.
func (p *parser) need(n *yaml.Node, what string, known []string, needed ...string) map[string]*yaml.Node {
	fields := p.object(n, what, known)
	for _, key := range needed {
		if fields[key] == nil {
			p.fail(n.Line, "%s: needs %s", what, key)
		}
	}
	return fields
}

func (p *parser) entity(part pair) {
	what := "entity " + part.key
	fields := p.need(part.node, what, entityKeys, "kind", "id")
	times, aligned := p.repeat(fields["repeat"], what)
	if times == 0 {
		p.oneEntity(entitySpec{label: part.key, line: part.line, aligned: aligned}, what, fields)
		return
	}
	p.repeated[part.key] = times
	for n := range times {
		one := entitySpec{label: numbered(part.key, n+1), line: part.line}
		p.oneEntity(one, what, substituted(fields, n+1))
		if n > 0 {
			p.mapping.entities[len(p.mapping.entities)-1].makeOptional()
		}
	}
}

func (p *parser) oneEntity(e entitySpec, what string, fields map[string]*yaml.Node) {
	if n := fields["kind"]; n != nil {
		var err error
		e.kind, err = graph.ParseKind(p.text(n, "kind"))
		if err != nil || e.kind == graph.KindConsignment {
			p.fail(n.Line, "%s: kind %q: want one of %v", what, n.Value, graph.Kinds())
		}
	}
	e.namespace = p.text(fields["namespace"], "namespace")
	if n := fields["namespace"]; n != nil && graph.NormaliseText(e.namespace) == "" {
		p.fail(n.Line, "%s: namespace: want a name; leave it out where the id is unique by itself", what)
	}
	e.id = p.value(fields["id"], what+": id")
	if n := fields["keep"]; n != nil {
		if e.keep = p.text(n, "keep"); !graph.ValidName(e.keep) || slices.Contains(p.joins, e.keep) {
			p.fail(n.Line, "%s: keep: want the name of a property, which is no join's", what)
		}
	}
	e.lookup = p.text(fields["lookup"], "lookup")
	e.facts = p.named(fields["facts"], what+": facts")
	e.when = p.conditions(fields["when"], "when")
	p.mapping.entities = append(p.mapping.entities, e)
}

func (p *parser) lookup(part pair) {
	what := "lookup " + part.key
	fields := p.need(part.node, what, lookupKeys, "key", "entity")
	p.mapping.lookups = append(p.mapping.lookups, lookupSpec{
		name: part.key, line: part.line,
		key:    p.value(fields["key"], what+": key"),
		entity: p.text(fields["entity"], "entity"),
	})
}

func (p *parser) consignment(part pair) {
	what := "consignment " + part.key
	fields := p.need(part.node, what, consignmentKeys, "system", "number", "view")
	c := consignmentSpec{label: part.key, line: part.line}
	c.system = p.word(fields["system"], what+": system", func(text string) error {
		if graph.NormaliseText(text) == "" {
			return fmt.Errorf("want the name of the system that issues the number")
		}
		return nil
	})
	c.view = p.word(fields["view"], what+": view", func(text string) error {
		_, err := graph.ParseView(text)
		return err
	})
	c.number = p.value(fields["number"], what+": number")
	c.document = p.value(fields["document"], what+": document")
	c.part = p.value(fields["part"], what+": part")
	c.version = p.value(fields["version"], what+": version")
	c.amended = p.date(fields["amended"], what+": amended")
	c.date = p.date(fields["date"], what+": date")
	c.fields = p.named(fields["fields"], what+": fields")
	c.ties = p.ties(fields["ties"], what+": ties")
	c.when = p.conditions(fields["when"], "when")
	p.mapping.consignments = append(p.mapping.consignments, c)
}

// ties reads roles with the labels of entities, in the order of roles.
func (p *parser) ties(n *yaml.Node, what string) []tieSpec {
	if n == nil {
		return nil
	}
	var all []tieSpec
	for _, part := range p.pairs(n, what) {
		role, err := graph.ParseRole(part.key)
		if err != nil || !role.IsTie() {
			p.fail(part.line, "%s: %q is no role in a consignment%s", what, part.key, suggestion(part.key, roles(graph.Role.IsTie)))
			continue
		}
		var labels []string
		for _, label := range p.texts(part.node, what) {
			labels = append(labels, p.labels(label)...)
		}
		all = append(all, tieSpec{role: role, entities: labels, line: part.line})
	}
	slices.SortFunc(all, func(a, b tieSpec) int { return int(a.role) - int(b.role) })
	return all
}

func roles(want func(graph.Role) bool) []string {
	var names []string
	for _, r := range graph.Roles() {
		if want(r) {
			names = append(names, r.String())
		}
	}
	return names
}

func (p *parser) link(n *yaml.Node) {
	fields := p.need(n, "link", linkKeys, "role", "from", "to")
	l := linkSpec{line: n.Line}
	if r := fields["role"]; r != nil {
		l.role = p.word(r, "link", func(text string) error {
			_, err := parseWay(text)
			return err
		})
	}
	l.from, l.to = p.text(fields["from"], "from"), p.text(fields["to"], "to")
	l.start, l.end = p.date(fields["start"], "link: start"), p.date(fields["end"], "link: end")
	l.key = p.value(fields["key"], "link: key")
	l.fields = p.named(fields["fields"], "link: fields")
	l.when = p.conditions(fields["when"], "when")
	from, to := p.labels(l.from), p.labels(l.to)
	if len(from) > 1 && len(to) > 1 && len(from) != len(to) {
		p.fail(l.line, "link: %s is repeated %d times and %s %d times", l.from, len(from), l.to, len(to))
	}
	for i := range max(len(from), len(to)) {
		l.from, l.to = from[min(i, len(from)-1)], to[min(i, len(to)-1)]
		p.mapping.links = append(p.mapping.links, l)
	}
}

func (p *parser) outcome(n *yaml.Node) {
	fields := p.need(n, "outcome", outcomeKeys, "subject", "result")
	o := outcomeSpec{line: n.Line, subject: p.text(fields["subject"], "subject")}
	o.result = p.word(fields["result"], "outcome: result", func(text string) error {
		_, err := graph.ParseResult(text)
		return err
	})
	o.channel = p.word(fields["channel"], "outcome: channel", func(text string) error {
		_, err := graph.ParseChannel(text)
		return err
	})
	o.date = p.date(fields["date"], "outcome: date")
	o.fields = p.named(fields["fields"], "outcome: fields")
	o.when = p.conditions(fields["when"], "when")
	p.mapping.outcomes = append(p.mapping.outcomes, o)
}

// check looks at what the parts say about each other.
func (p *parser) check() {
	m := p.mapping
	used := make(map[string]bool)
	entity := func(label, what string, line int) {
		used[label] = true
		if !slices.ContainsFunc(m.entities, func(e entitySpec) bool { return e.label == label }) {
			p.fail(line, "%s: no entity %q%s", what, label, suggestion(label, labels(m.entities)))
		}
	}
	for _, l := range m.lookups {
		entity(l.entity, "lookup "+l.name, l.line)
	}
	for _, c := range m.consignments {
		for _, t := range c.ties {
			for _, label := range t.entities {
				entity(label, "consignment "+c.label+": "+t.role.String(), t.line)
			}
		}
	}
	for _, l := range m.links {
		entity(l.from, "link: from", l.line)
		entity(l.to, "link: to", l.line)
	}
	for _, o := range m.outcomes {
		if !slices.ContainsFunc(m.consignments, func(c consignmentSpec) bool { return c.label == o.subject }) {
			entity(o.subject, "outcome: subject", o.line)
		}
	}
	for _, e := range m.entities {
		if e.lookup != "" && !slices.ContainsFunc(m.lookups, func(l lookupSpec) bool { return l.name == e.lookup }) {
			p.fail(e.line, "entity %s: no lookup %q", e.label, e.lookup)
		}
		if !used[e.label] && e.keep == "" && len(e.facts) == 0 {
			p.fail(e.line, "entity %s: nothing uses it and it has no facts", e.label)
		}
		if slices.ContainsFunc(m.consignments, func(c consignmentSpec) bool { return c.label == e.label }) {
			p.fail(e.line, "entity %s: a consignment has the same label", e.label)
		}
	}
	p.checkJoins()
	if len(m.entities)+len(m.consignments) == 0 {
		p.fail(1, "the mapping makes no record: it has neither consignments nor entities")
	}
}

func labels(entities []entitySpec) []string {
	all := make([]string, len(entities))
	for i, e := range entities {
		all[i] = e.label
	}
	return all
}

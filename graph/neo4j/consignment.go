package neo4j

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"rummage/graph"
)

var errLengths = errors.New("lists beside each other differ in length")

// consignment is everything that any source said about a consignment: what
// the properties of its node hold.
type consignment struct {
	id         graph.ID
	statements []statement // by content, in no order that means anything: as they came
	outcomes   []outcome
}

type statement struct {
	graph.Statement // without Origins; in normal order
	content         [32]byte
	mentions        []mention
}

// state records a statement of one row, which must be in normal order, and
// reports whether anything changed.
func (c *consignment) state(source, row int64, s *graph.Statement) bool {
	content := s.Content()
	m := mention{source: source, row: row, day: s.Seen()}
	for i := range c.statements {
		if had := &c.statements[i]; had.content == content {
			var changed bool
			had.mentions, changed = addMention(had.mentions, m)
			return changed
		}
	}
	own := *s
	own.Fields, own.Ties, own.Origins = slices.Clone(s.Fields), slices.Clone(s.Ties), nil
	c.statements = append(c.statements, statement{Statement: own, content: content, mentions: []mention{m}})
	return true
}

// report records an outcome of one row, which must be in normal order.
func (c *consignment) report(source, row int64, o *graph.Outcome) bool {
	var changed bool
	c.outcomes, changed = addOutcome(c.outcomes, source, row, o)
	return changed
}

// merge adds what another says about the same consignment, and reports whether
// that changed anything.
func (c *consignment) merge(more *consignment) (changed bool) {
	for i := range more.statements {
		s := &more.statements[i]
		for _, m := range s.mentions {
			changed = c.state(m.source, m.row, &s.Statement) || changed
		}
	}
	for i := range more.outcomes {
		o := &more.outcomes[i]
		for _, m := range o.mentions {
			changed = c.report(m.source, m.row, &o.Outcome) || changed
		}
	}
	return changed
}

// drop takes a source out and reports whether nothing is left.
func (c *consignment) drop(source int64) (empty bool) {
	for i := range c.statements {
		c.statements[i].mentions = dropMention(c.statements[i].mentions, source)
	}
	c.statements = slices.DeleteFunc(c.statements, func(s statement) bool { return len(s.mentions) == 0 })
	c.outcomes = dropOutcomes(c.outcomes, source)
	return len(c.statements) == 0 && len(c.outcomes) == 0
}

// ties returns the ties of all statements, each with the numbers of the
// sources that state it, in the order of graph.CompareTies. Where the
// consignment has one statement, the first tie of each entity says when it was
// seen, so that neighbours are counted along relationships, without a look at
// the consignments between them; and each consignment once, whatever the
// number of an entity's ties to it.
func (c *consignment) ties() []sourcedTie { return c.tiesInto(nil) }

// tiesInto is ties in the room of a slice that is no longer needed.
func (c *consignment) tiesInto(room []sourcedTie) []sourcedTie {
	all := room[:0]
	if len(c.statements) == 1 {
		return c.statements[0].sourcedTies(all)
	}
	for i := range c.statements {
		s := &c.statements[i]
		for _, tie := range s.Ties {
			at, found := slices.BinarySearchFunc(all, tie, func(had sourcedTie, want graph.Tie) int { return graph.CompareTies(had.Tie, want) })
			if !found {
				all = slices.Insert(all, at, sourcedTie{Tie: tie})
			}
			for _, m := range s.mentions {
				all[at].sources = addNumber(all[at].sources, m.source)
			}
		}
	}
	for i := range all {
		all[i].several = true
	}
	return all
}

// sourcedTies is tiesInto for a consignment of one statement.
func (s *statement) sourcedTies(room []sourcedTie) []sourcedTie {
	sources := make([]int64, len(s.mentions))
	for i, m := range s.mentions {
		sources[i] = m.source
	}
	all, twice := slices.Grow(room, len(s.Ties))[:len(s.Ties)], doubled(s.Ties)
	var first map[graph.ID]bool // where there are so many ties that looking back would take long
	if len(s.Ties) > 30 {
		first = make(map[graph.ID]bool, len(s.Ties))
	}
	for i, tie := range s.Ties {
		all[i] = sourcedTie{Tie: tie, sources: sources, seen: s.Seen(), day: s.Date, twice: twice}
		if first != nil {
			all[i].first = !first[tie.Entity]
			first[tie.Entity] = true
			continue
		}
		all[i].first = !slices.ContainsFunc(s.Ties[:i], func(had graph.Tie) bool { return had.Entity == tie.Entity })
	}
	return all
}

type sourcedTie struct {
	graph.Tie
	sources []int64
	several bool // the consignment has several statements
	first   bool // it has one, and this is the entity's first tie to it
	seen    graph.Date
	day     graph.Date
	twice   []string // types that the consignment has more than one tie of
}

// doubled returns the types that stand more than once among ties in order.
func doubled(ties []graph.Tie) (twice []string) {
	for i := 1; i < len(ties); i++ {
		if ties[i].Role == ties[i-1].Role && (i == 1 || ties[i-2].Role != ties[i].Role) {
			twice = append(twice, roleTypes[ties[i].Role])
		}
	}
	return twice
}

// properties returns what the relationship holds.
func (t *sourcedTie) properties() map[string]any {
	p := map[string]any{propSources: t.sources}
	switch {
	case t.several:
		p[propSeveral] = true
	case t.first:
		p[propSeen] = int64(t.seen)
		if t.day != graph.NoDate {
			p[propDay] = int64(t.day)
		}
		if len(t.twice) > 0 {
			p[propTwice] = t.twice
		}
	}
	return p
}

func addNumber(all []int64, number int64) []int64 {
	at, found := slices.BinarySearch(all, number)
	if found {
		return all
	}
	return slices.Insert(all, at, number)
}

// several reports whether Go must unite different statements.
func (c *consignment) several() bool { return len(c.statements) > 1 }

// shown returns the consignment as a gate shows it, nil when it does not.
func (c *consignment) shown(g *gate, want graph.Want) *graph.Consignment {
	var visible []graph.Statement
	for i := range c.statements {
		if origins, _, ok := g.shown(c.statements[i].mentions); ok {
			one := c.statements[i].Statement
			one.Origins = origins
			visible = append(visible, one)
		}
	}
	shown := &graph.Consignment{ID: c.id, Outcomes: shownOutcomes(g, c.outcomes, want)}
	if len(visible) == 0 && len(shown.Outcomes) == 0 {
		return nil
	}
	shown.Unite(visible)
	if !want.History {
		shown.History = nil
	}
	for _, statements := range [][]graph.Statement{shown.Current, shown.History} {
		for i := range statements {
			if !want.Origins {
				statements[i].Origins = nil
			}
		}
	}
	return shown
}

// properties returns what the node holds, the id apart. The readable ones are
// those of the consignment as it stands by all sources together.
func (c *consignment) properties() map[string]any {
	p := make(map[string]any)
	c.describe(p)
	return p
}

// describe puts the properties into an empty map.
func (c *consignment) describe(p map[string]any) {
	p["number"], p[propNumber] = c.id.Label(), numberOf(c.id)
	whole := graph.Consignment{ID: c.id}
	statements := make([]graph.Statement, len(c.statements))
	heads, fields := make([]string, len(c.statements)), make([]string, len(c.statements))
	var sources []int64
	for i := range c.statements {
		s := &c.statements[i]
		statements[i] = s.Statement
		heads[i], fields[i] = s.text(), fieldsJSON(s.Fields)
		for _, m := range s.mentions {
			sources = addNumber(sources, m.source)
		}
	}
	if len(statements) > 0 {
		p[propStatements], p[propFields], p[propSources] = heads, fields, sources
		whole.Unite(statements)
		c.readable(&whole, p)
	}
	if c.several() {
		p[propSeveral] = true
	} else if len(c.statements) == 1 {
		p[propSeen] = int64(c.statements[0].Seen())
	}
	if len(c.outcomes) > 0 {
		var looked []int64
		for i := range c.outcomes {
			whole.Outcomes = append(whole.Outcomes, c.outcomes[i].Outcome)
			for _, m := range c.outcomes[i].mentions {
				looked = addNumber(looked, m.source)
			}
		}
		p["inspected"], p["hit"] = whole.Looked()
		p["result"] = c.outcomes[len(c.outcomes)-1].Result.String()
		p[propOutcomes], p[propLooked] = outcomeTexts(c.outcomes), looked
	}
}

func (c *consignment) readable(whole *graph.Consignment, p map[string]any) {
	p["view"] = whole.Current[0].View.String()
	if day := whole.Date(); day != graph.NoDate {
		p["date"] = dateOf(day)
	}
	for i := range whole.Current {
		for _, f := range whole.Current[i].Fields {
			if _, had := p[f.Name]; !had && !reserved[f.Name] {
				p[f.Name] = f.Value
			}
		}
	}
}

// numberOf returns what stands behind the issuing system, as the id holds it;
// "" when nothing does.
func numberOf(id graph.ID) string {
	_, rest, _ := strings.Cut(string(id), "/")
	_, number, _ := strings.Cut(rest, "/")
	return number
}

// consignmentOf reads what properties wrote. The texts of fields may be left
// out, all together, where a reader wants none and the consignment has one
// statement; contents are then not those of the statements.
func consignmentOf(id graph.ID, heads, fields, outcomes []string) (*consignment, error) {
	c := &consignment{id: id}
	if len(fields) != 0 && len(fields) != len(heads) {
		return nil, damagedText(id, propFields, errLengths)
	}
	for i, head := range heads {
		s, err := statementOf(id, head)
		if err != nil {
			return nil, damagedText(id, propStatements, err)
		}
		if len(fields) > 0 {
			if s.Fields, err = fieldsOfText(fields[i]); err != nil {
				return nil, damagedText(id, propFields, err)
			}
		}
		c.statements = append(c.statements, *s)
	}
	var err error
	c.outcomes, err = outcomesOf(id, outcomes)
	return c, err
}

func statementOf(id graph.ID, head string) (*statement, error) {
	s := &statement{Statement: graph.Statement{Consignment: id}}
	if parseStatement(head, s) {
		return s, nil
	}
	return statementOfJSON(id, head)
}

// statementOfJSON reads a text of any form.
func statementOfJSON(id graph.ID, head string) (*statement, error) {
	var t statementText
	if err := json.Unmarshal([]byte(head), &t); err != nil {
		return nil, err
	}
	s := &statement{Statement: graph.Statement{Consignment: id, Document: t.Document, Part: t.Part, Version: t.Version,
		Amended: t.Amended, Date: t.Date}}
	var err error
	if s.View, err = graph.ParseView(t.View); err != nil {
		return nil, err
	}
	for _, tie := range t.Ties {
		role, err := graph.ParseRole(tie[0])
		if err != nil {
			return nil, err
		}
		s.Ties = append(s.Ties, graph.Tie{Role: role, Entity: graph.ID(tie[1])})
	}
	s.mentions = mentionsOf(t.Origins, s.Seen())
	return s, nil
}

// remember computes the contents of statements that were read, before more
// are added.
func (c *consignment) remember() {
	for i := range c.statements {
		c.statements[i].content = c.statements[i].Content()
	}
}

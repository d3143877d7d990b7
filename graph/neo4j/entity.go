package neo4j

import (
	"encoding/json"
	"slices"
	"strings"

	"rummage/graph"
)

// entity is everything that any source said about an entity: what the
// properties of its node hold.
type entity struct {
	id       graph.ID
	supports []mention // row is 0
	facts    []fact    // in the order of graph.CompareFacts
	outcomes []outcome // in the order of graph.CompareOutcomes
	counted  int       // by the cache
	long     bool      // its texts are cut in the index of searches, as properties found
}

type fact struct {
	graph.Fact // without Date and Origins
	mentions   []mention
}

type outcome struct {
	graph.Outcome // without Origins; fields in normal order
	mentions      []mention
}

// name records that a source names the entity on a day. All changing methods
// report whether anything changed.
func (e *entity) name(source int64, day graph.Date) bool {
	var changed bool
	e.supports, changed = addMention(e.supports, mention{source: source, day: day})
	return changed
}

// few is how many facts are looked through before one is just added, to be put
// in order later.
const few = 8

// gather records a fact of one row, in no order: settle puts them in order.
func (e *entity) gather(source, row int64, f *graph.Fact) {
	e.name(source, f.Date)
	m := mention{source: source, row: row, day: f.Date}
	for i := range e.facts[:min(few, len(e.facts))] {
		had := &e.facts[i]
		if had.Property == f.Property && had.Value == f.Value && had.Mark == f.Mark {
			had.mentions, _ = addMention(had.mentions, m)
			return
		}
	}
	e.facts = append(e.facts, fact{Fact: graph.Fact{Entity: e.id, Property: f.Property, Value: f.Value, Mark: f.Mark}, mentions: []mention{m}})
}

// settle puts facts in order, equal ones into one.
func (e *entity) settle() {
	slices.SortStableFunc(e.facts, func(a, b fact) int { return graph.CompareFacts(&a.Fact, &b.Fact) })
	kept := e.facts[:0]
	for _, f := range e.facts {
		if last := len(kept) - 1; last >= 0 && graph.CompareFacts(&kept[last].Fact, &f.Fact) == 0 {
			kept[last].mentions, _ = addMentions(kept[last].mentions, f.mentions)
			continue
		}
		kept = append(kept, f)
	}
	e.facts = kept
}

// merge adds what another says about the same entity, and reports whether that
// changed anything. Both are settled.
func (e *entity) merge(more *entity) bool {
	all, changed := addMentions(e.supports, more.supports)
	e.supports = all
	if len(more.facts) > 0 {
		changed = e.mergeFacts(more.facts) || changed
	}
	for i := range more.outcomes {
		o := &more.outcomes[i]
		for _, m := range o.mentions {
			all, reported := addOutcome(e.outcomes, m.source, m.row, &o.Outcome)
			e.outcomes, changed = all, changed || reported
		}
	}
	return changed
}

func (e *entity) mergeFacts(more []fact) (changed bool) {
	had := e.facts
	merged := make([]fact, 0, len(had)+len(more))
	for len(had) > 0 || len(more) > 0 {
		order := 0
		switch {
		case len(more) == 0:
			order = -1
		case len(had) == 0:
			order = 1
		default:
			order = graph.CompareFacts(&had[0].Fact, &more[0].Fact)
		}
		switch {
		case order < 0:
			merged, had = append(merged, had[0]), had[1:]
		case order > 0:
			own := more[0]
			own.mentions = slices.Clone(own.mentions)
			merged, more, changed = append(merged, own), more[1:], true
		default:
			both, stated := addMentions(had[0].mentions, more[0].mentions)
			one := had[0]
			one.mentions = both
			merged, had, more, changed = append(merged, one), had[1:], more[1:], changed || stated
		}
	}
	e.facts = merged
	return changed
}

// report records an outcome of one row, which must be in normal order.
func (e *entity) report(source, row int64, o *graph.Outcome) bool {
	named := e.name(source, o.Date)
	all, reported := addOutcome(e.outcomes, source, row, o)
	e.outcomes = all
	return named || reported
}

func addOutcome(all []outcome, source, row int64, o *graph.Outcome) ([]outcome, bool) {
	at, found := slices.BinarySearchFunc(all, o, func(had outcome, want *graph.Outcome) int { return graph.CompareOutcomes(&had.Outcome, want) })
	if !found {
		bare := graph.Outcome{Subject: o.Subject, Result: o.Result, Channel: o.Channel, Date: o.Date, Fields: slices.Clone(o.Fields)}
		all = slices.Insert(all, at, outcome{Outcome: bare})
	}
	mentions, changed := addMention(all[at].mentions, mention{source: source, row: row, day: o.Date})
	all[at].mentions = mentions
	return all, changed
}

func dropOutcomes(all []outcome, source int64) []outcome {
	for i := range all {
		all[i].mentions = dropMention(all[i].mentions, source)
	}
	return slices.DeleteFunc(all, func(o outcome) bool { return len(o.mentions) == 0 })
}

// drop takes a source out and reports whether nothing is left.
func (e *entity) drop(source int64) (empty bool) {
	e.supports = dropMention(e.supports, source)
	for i := range e.facts {
		e.facts[i].mentions = dropMention(e.facts[i].mentions, source)
	}
	e.facts = slices.DeleteFunc(e.facts, func(f fact) bool { return len(f.mentions) == 0 })
	e.outcomes = dropOutcomes(e.outcomes, source)
	return len(e.supports) == 0
}

// shown returns the entity as a gate shows it, nil when it does not.
func (e *entity) shown(g *gate, want graph.Want) *graph.Entity {
	if !g.any(e.supports) {
		return nil
	}
	visible := &graph.Entity{ID: e.id}
	for i := range e.facts {
		f := &e.facts[i]
		if want.Properties != nil && !slices.Contains(want.Properties, f.Property) {
			continue
		}
		if origins, day, ok := g.shown(f.mentions); ok {
			one := f.Fact
			one.Date = day
			if want.Origins {
				one.Origins, one.Days = origins, g.days(f.mentions, origins)
			}
			visible.Facts = append(visible.Facts, one)
		}
	}
	visible.Outcomes = shownOutcomes(g, e.outcomes, want)
	if want.Origins {
		for _, m := range e.supports {
			if g.sees(m.source, m.day) {
				visible.Supports = append(visible.Supports, graph.Support{Source: g.sources[m.source], First: m.day})
			}
		}
		visible.Supports = graph.MergeSupports(visible.Supports)
	}
	return visible
}

func shownOutcomes(g *gate, all []outcome, want graph.Want) []graph.Outcome {
	var visible []graph.Outcome
	for i := range all {
		if origins, _, ok := g.shown(all[i].mentions); ok {
			one := all[i].Outcome
			if want.Origins {
				one.Origins = origins
			}
			visible = append(visible, one)
		}
	}
	return visible
}

// properties returns what the node holds, the id apart. Texts for people come
// first of all sources in the order of facts.
func (e *entity) properties() map[string]any {
	p := make(map[string]any)
	e.describe(p)
	return p
}

// describe puts the properties into an empty map, and sets long.
func (e *entity) describe(p map[string]any) {
	whole := graph.Entity{ID: e.id, Facts: make([]graph.Fact, 0, len(e.facts))}
	facts := make([]string, len(e.facts))
	for i := range e.facts {
		f := &e.facts[i]
		whole.Facts = append(whole.Facts, f.Fact)
		facts[i] = f.text()
		if _, had := p[f.Property]; !had && !reserved[f.Property] {
			p[f.Property] = f.Value
		}
	}
	p["name"] = whole.Name()
	if len(e.outcomes) > 0 {
		p["result"] = e.outcomes[len(e.outcomes)-1].Result.String()
		p[propOutcomes] = outcomeTexts(e.outcomes)
	}
	sources, days := make([]int64, len(e.supports)), make([]int64, len(e.supports))
	for i, m := range e.supports {
		sources[i], days[i] = m.source, int64(m.day)
	}
	p[propSources], p[propDays] = sources, days
	if len(facts) > 0 {
		p[propFacts] = facts
	}
	p[propSearch], e.long = e.searched()
}

// searched returns what a search looks into, folded, with a bar between texts,
// and whether it was cut to what the index takes. Folding leaves no bar.
func (e *entity) searched() (text string, long bool) {
	var b strings.Builder
	b.WriteString(graph.Fold(e.id.Label()))
	for i := range e.facts {
		if slices.Contains(graph.Searched(), e.facts[i].Property) {
			b.WriteByte('|')
			b.WriteString(graph.Fold(e.facts[i].Value))
		}
	}
	if b.Len() <= searchLimit {
		return b.String(), false
	}
	return strings.ToValidUTF8(b.String()[:searchLimit], ""), true
}

func outcomeTexts(all []outcome) []string {
	texts := make([]string, len(all))
	for i := range all {
		o := &all[i]
		texts[i] = writeText(&outcomeText{Result: o.Result.String(), Channel: o.Channel.String(), Date: o.Date,
			Fields: fieldsText(o.Fields), Origins: originsText(o.mentions)})
	}
	return texts
}

func outcomesOf(id graph.ID, texts []string) ([]outcome, error) {
	var all []outcome
	for _, text := range texts {
		var t outcomeText
		if err := json.Unmarshal([]byte(text), &t); err != nil {
			return nil, damagedText(id, propOutcomes, err)
		}
		o := outcome{Outcome: graph.Outcome{Subject: id, Date: t.Date}, mentions: mentionsOf(t.Origins, t.Date)}
		var err error
		if o.Result, err = graph.ParseResult(t.Result); err != nil {
			return nil, damagedText(id, propOutcomes, err)
		}
		if t.Channel != "" {
			if o.Channel, err = graph.ParseChannel(t.Channel); err != nil {
				return nil, damagedText(id, propOutcomes, err)
			}
		}
		if o.Fields, err = fieldsOf(t.Fields); err != nil {
			return nil, damagedText(id, propOutcomes, err)
		}
		all = append(all, o)
	}
	return all, nil
}

// entityOf reads what properties wrote. Facts may be left out by a reader that
// wants none; texts are the values of _facts and _outcomes.
func entityOf(id graph.ID, sources, days []int64, facts, outcomes []string) (*entity, error) {
	e := &entity{id: id}
	if len(sources) != len(days) {
		return nil, damagedText(id, propDays, errLengths)
	}
	for i := range sources {
		e.supports = append(e.supports, mention{source: sources[i], day: graph.Date(days[i])})
	}
	for _, text := range facts {
		f, err := factOf(id, text)
		if err != nil {
			return nil, damagedText(id, propFacts, err)
		}
		e.facts = append(e.facts, f)
	}
	var err error
	e.outcomes, err = outcomesOf(id, outcomes)
	return e, err
}

func factOf(id graph.ID, text string) (fact, error) {
	f := fact{Fact: graph.Fact{Entity: id}}
	if parseFact(text, &f) {
		return f, nil
	}
	return factOfJSON(id, text)
}

// factOfJSON reads a text of any form.
func factOfJSON(id graph.ID, text string) (fact, error) {
	var t factText
	if err := json.Unmarshal([]byte(text), &t); err != nil {
		return fact{}, err
	}
	f := fact{Fact: graph.Fact{Entity: id, Property: t.Property, Value: t.Value, Mark: t.Mark}}
	for _, o := range t.Origins {
		f.mentions = append(f.mentions, mention{source: o[0], row: o[1], day: graph.Date(o[2])})
	}
	return f, nil
}

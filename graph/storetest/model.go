package storetest

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"rummage/graph"
)

// Model is the contract written down as plainly as possible: it keeps every
// batch, and a reader filters and sorts them anew at each question. It is the
// oracle for stores, and far too slow to be one.
type Model struct {
	sources   []graph.Source
	batches   map[graph.SourceID]*Batch
	decisions []graph.Decision
	runs      []graph.Run
	forgotten int64 // decisions
}

// NewModel returns an empty model.
func NewModel() *Model { return &Model{batches: map[graph.SourceID]*Batch{}} }

// Put imports a batch. It returns false when the batch is there already.
func (m *Model) Put(batch *Batch) bool {
	n := 0
	for i := range m.sources {
		had := &m.sources[i]
		same := had.Reading() == batch.Spec.Reading()
		if same && had.Ended.IsZero() {
			return false
		}
		if same {
			n++
		}
	}
	source := graph.Source{SourceSpec: batch.Spec, ID: batch.Spec.ID(n), HasEvidence: batch.File != nil}
	source.ImportedAt = source.ImportedAt.UTC()
	for i := range m.sources {
		had := &m.sources[i]
		if had.Content() == batch.Spec.Content() && had.Ended.IsZero() {
			had.Ended, had.EndedBy, had.Replaced = source.ImportedAt, graph.Replaced, source.ID
		}
	}
	count(&source, batch)
	m.sources = append(m.sources, source)
	m.batches[source.ID] = batch
	return true
}

func count(source *graph.Source, batch *Batch) {
	consignments := map[graph.ID]bool{}
	for i := range batch.Rows {
		row := &batch.Rows[i]
		source.Rows++
		if len(row.Errors) > 0 {
			source.Quarantined++
			continue
		}
		source.Stored++
		for j := range row.Statements {
			consignments[row.Statements[j].Consignment] = true
			source.Newest = max(source.Newest, row.Statements[j].Date, row.Statements[j].Amended)
		}
		for _, fact := range row.Facts {
			source.Newest = max(source.Newest, fact.Date)
		}
		for j := range row.Links {
			source.Newest = max(source.Newest, row.Links[j].Start)
		}
		for j := range row.Outcomes {
			source.Newest = max(source.Newest, row.Outcomes[j].Date)
		}
	}
	source.Consignments = int64(len(consignments))
}

// Sources lists all, by time of import, then id.
func (m *Model) Sources() []graph.Source {
	all := slices.Clone(m.sources)
	slices.SortFunc(all, func(a, b graph.Source) int {
		return cmp.Or(a.ImportedAt.Compare(b.ImportedAt), strings.Compare(string(a.ID), string(b.ID)))
	})
	return all
}

// End withdraws or purges a source.
func (m *Model) End(id graph.SourceID, kind graph.EndKind, day int, reason string) {
	m.endAt(id, kind, Noon(day), reason)
}

func (m *Model) endAt(id graph.SourceID, kind graph.EndKind, when time.Time, reason string) {
	for i := range m.sources {
		if m.sources[i].ID == id {
			m.sources[i].Ended, m.sources[i].EndedBy, m.sources[i].Reason = when.UTC(), kind, reason
		}
	}
	if kind == graph.Purged {
		delete(m.batches, id)
	}
}

// Decide appends a decision.
func (m *Model) Decide(d graph.Decision) {
	d.Seq, d.Time = int64(len(m.decisions))+m.forgotten+1, d.Time.UTC()
	m.decisions = append(m.decisions, d)
}

// Forget takes a decision out; its number stays.
func (m *Model) Forget(seq int64) {
	m.forgotten++
	m.decisions = slices.DeleteFunc(m.decisions, func(d graph.Decision) bool { return d.Seq == seq })
}

// SaveRun appends a run.
func (m *Model) SaveRun(r graph.Run) { m.runs = append(m.runs, r) }

// hidden returns the entities and consignments that rows of any source name
// and that the reader does not show, in order.
func (m *Model) hidden(r *modelReader) (entities, consignments []graph.ID) {
	shown := map[graph.ID]bool{}
	for _, e := range r.entities() {
		shown[r.ident.Cluster(e.ID)] = true
	}
	for _, c := range r.consignments() {
		shown[c.ID] = true
	}
	all := &modelReader{model: m, ident: r.ident}
	for id := range m.batches {
		all.scope.Sources = append(all.scope.Sources, id)
	}
	for _, e := range all.entities() {
		if !shown[r.ident.Cluster(e.ID)] {
			entities = append(entities, e.ID)
		}
	}
	for _, c := range all.consignments() {
		if !shown[c.ID] {
			consignments = append(consignments, c.ID)
		}
	}
	return entities, consignments
}

// facts returns the visible facts, equal ones merged, of all entities.
func (r *modelReader) facts() []graph.Fact {
	var all []graph.Fact
	r.rows(func(source graph.SourceID, row *graph.Row) {
		for _, fact := range row.Facts {
			if r.scope.Sees(fact.Date) {
				fact.Origins, fact.Days = []graph.Origin{{Source: source, Row: row.Number}}, []graph.Date{fact.Date}
				all = append(all, fact)
			}
		}
	})
	slices.SortStableFunc(all, func(a, b graph.Fact) int {
		return cmp.Or(strings.Compare(string(a.Entity), string(b.Entity)), graph.CompareFacts(&a, &b),
			strings.Compare(string(a.Origins[0].Source), string(b.Origins[0].Source)),
			cmp.Compare(a.Date, b.Date), cmp.Compare(a.Origins[0].Row, b.Origins[0].Row))
	})
	var merged []graph.Fact
	for _, fact := range all {
		last := len(merged) - 1
		if last < 0 || graph.CompareFacts(&merged[last], &fact) != 0 {
			merged = append(merged, fact)
			continue
		}
		had := &merged[last]
		had.Date = min(had.Date, fact.Date)
		if had.Origins[len(had.Origins)-1].Source != fact.Origins[0].Source {
			had.Origins, had.Days = append(had.Origins, fact.Origins[0]), append(had.Days, fact.Date)
		}
	}
	return merged
}

// outcomes returns the visible outcomes, equal ones merged, by subject.
func (r *modelReader) outcomes() map[graph.ID][]graph.Outcome {
	found := map[graph.ID][]graph.Outcome{}
	r.rows(func(source graph.SourceID, row *graph.Row) {
		for _, o := range row.Outcomes {
			if !r.scope.Sees(o.Date) {
				continue
			}
			o.Fields = slices.Clone(o.Fields)
			o.Normalise()
			o.Origins = []graph.Origin{{Source: source, Row: row.Number}}
			same := func(had graph.Outcome) bool { return graph.CompareOutcomes(&had, &o) == 0 }
			if i := slices.IndexFunc(found[o.Subject], same); i >= 0 {
				had := &found[o.Subject][i]
				had.Origins = graph.MergeOrigins(had.Origins, o.Origins)
				continue
			}
			found[o.Subject] = append(found[o.Subject], o)
		}
	})
	for _, all := range found {
		slices.SortFunc(all, func(a, b graph.Outcome) int { return graph.CompareOutcomes(&a, &b) })
	}
	return found
}

// links returns the visible links, equal ones merged, in order.
func (r *modelReader) links() []graph.Link {
	var all []graph.Link
	r.rows(func(source graph.SourceID, row *graph.Row) {
		for _, l := range row.Links {
			if !r.scope.Sees(l.Start) {
				continue
			}
			l.Fields = slices.Clone(l.Fields)
			l.Normalise()
			l.Origins = []graph.Origin{{Source: source, Row: row.Number}}
			same := func(had graph.Link) bool { return graph.CompareLinks(&had, &l) == 0 }
			if i := slices.IndexFunc(all, same); i >= 0 {
				all[i].Origins = graph.MergeOrigins(all[i].Origins, l.Origins)
				continue
			}
			all = append(all, l)
		}
	})
	slices.SortFunc(all, func(a, b graph.Link) int { return graph.CompareLinks(&a, &b) })
	return all
}

// consignments returns the visible consignments in order.
func (r *modelReader) consignments() []*graph.Consignment {
	said := map[graph.ID][]graph.Statement{}
	r.rows(func(source graph.SourceID, row *graph.Row) {
		for _, s := range row.Statements {
			if !r.scope.Sees(s.Seen()) {
				continue
			}
			s.Fields, s.Ties = slices.Clone(s.Fields), slices.Clone(s.Ties)
			s.Normalise()
			s.Origins = []graph.Origin{{Source: source, Row: row.Number}}
			said[s.Consignment] = append(said[s.Consignment], s)
		}
	})
	outcomes := r.outcomes()
	ids := map[graph.ID]bool{}
	for id := range said {
		ids[id] = true
	}
	for id := range outcomes {
		ids[id] = ids[id] || id.Kind() == graph.KindConsignment
	}
	var all []*graph.Consignment
	for id, is := range ids {
		if is {
			c := &graph.Consignment{ID: id, Outcomes: outcomes[id]}
			c.Unite(said[id])
			all = append(all, c)
		}
	}
	slices.SortFunc(all, func(a, b *graph.Consignment) int { return strings.Compare(string(a.ID), string(b.ID)) })
	return all
}

// supports returns every naming of every entity by a visible record.
func (r *modelReader) supports() map[graph.ID][]graph.Support {
	found := map[graph.ID][]graph.Support{}
	r.rows(func(source graph.SourceID, row *graph.Row) {
		name := func(id graph.ID, day graph.Date) {
			if r.scope.Sees(day) {
				found[id] = append(found[id], graph.Support{Source: source, First: day})
			}
		}
		for i := range row.Facts {
			name(row.Facts[i].Entity, row.Facts[i].Date)
		}
		for i := range row.Statements {
			for _, tie := range row.Statements[i].Ties {
				name(tie.Entity, row.Statements[i].Seen())
			}
		}
		for i := range row.Links {
			name(row.Links[i].From, row.Links[i].Start)
			name(row.Links[i].To, row.Links[i].Start)
		}
		for i := range row.Outcomes {
			name(row.Outcomes[i].Subject, row.Outcomes[i].Date)
		}
	})
	return found
}

// entities returns the visible entities in order.
func (r *modelReader) entities() []*graph.Entity {
	found := map[graph.ID]*graph.Entity{}
	see := func(id graph.ID) *graph.Entity {
		if found[id] == nil {
			found[id] = &graph.Entity{ID: id}
		}
		return found[id]
	}
	for _, fact := range r.facts() {
		e := see(fact.Entity)
		e.Facts = append(e.Facts, fact)
	}
	for subject, outcomes := range r.outcomes() {
		if subject.Kind() != graph.KindConsignment {
			see(subject).Outcomes = outcomes
		}
	}
	for _, l := range r.links() {
		see(l.From)
		see(l.To)
	}
	for _, c := range r.consignments() {
		for _, statements := range [][]graph.Statement{c.Current, c.History} {
			for i := range statements {
				for _, tie := range statements[i].Ties {
					see(tie.Entity)
				}
			}
		}
	}
	supports := r.supports()
	all := make([]*graph.Entity, 0, len(found))
	for _, e := range found {
		e.Supports = graph.MergeSupports(supports[e.ID])
		all = append(all, e)
	}
	slices.SortFunc(all, func(a, b *graph.Entity) int { return strings.Compare(string(a.ID), string(b.ID)) })
	return all
}

package storetest

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"iter"
	"slices"
	"strings"

	"rummage/graph"
)

// modelReader answers from the model. It implements graph.Reader.
type modelReader struct {
	model   *Model
	scope   graph.Scope
	cleared graph.Scope // with all of the past
	said    []graph.Decision
	ident   *graph.Identity
}

// Within opens the model in a scope.
func (m *Model) Within(scope graph.Scope) graph.Reader { return m.within(scope) }

func (m *Model) within(scope graph.Scope) *modelReader {
	r := &modelReader{model: m, scope: scope.Resolve(m.sources)}
	r.cleared = r.scope
	r.said, _ = r.scope.Hear(m.decisions, m.sources, r.named) // which cannot fail
	r.ident = graph.NewIdentity(r.said)
	return r
}

// named tells which ids the scope shows.
func (r *modelReader) named([]graph.ID) (map[graph.ID]bool, error) {
	shown := map[graph.ID]bool{}
	for _, e := range r.entities() {
		shown[e.ID] = true
	}
	for _, c := range r.consignments() {
		shown[c.ID] = true
	}
	return shown, nil
}

// rows visits the stored rows of the visible sources.
func (r *modelReader) rows(visit func(graph.SourceID, *graph.Row)) {
	for _, id := range r.scope.Sources {
		batch := r.model.batches[id]
		for i := range batch.Rows {
			if len(batch.Rows[i].Errors) == 0 {
				visit(id, &batch.Rows[i])
			}
		}
	}
}

func (r *modelReader) Scope() graph.Scope        { return r.scope }
func (r *modelReader) Identity() *graph.Identity { return r.ident }
func (r *modelReader) Close() error              { return nil }

func (r *modelReader) Entities(context.Context, graph.Want) iter.Seq2[*graph.Entity, error] {
	return each(r.entities())
}

func (r *modelReader) Consignments(context.Context, graph.Want) iter.Seq2[*graph.Consignment, error] {
	return each(r.consignments())
}

func (r *modelReader) Links(context.Context, graph.Want) iter.Seq2[*graph.Link, error] {
	all := r.links()
	pointers := make([]*graph.Link, len(all))
	for i := range all {
		pointers[i] = &all[i]
	}
	return each(pointers)
}

func each[T any](all []T) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for _, one := range all {
			if !yield(one, nil) {
				return
			}
		}
	}
}

func (r *modelReader) Entity(_ context.Context, id graph.ID) (*graph.Entity, error) {
	cluster := r.ident.Cluster(id)
	whole, seen := &graph.Entity{ID: cluster}, false
	for _, e := range r.entities() {
		if r.ident.Cluster(e.ID) == cluster {
			seen = true
			whole.Facts = append(whole.Facts, e.Facts...)
			whole.Outcomes = append(whole.Outcomes, e.Outcomes...)
			whole.Supports = append(whole.Supports, e.Supports...)
		}
	}
	if !seen {
		return nil, fmt.Errorf("storetest: %s: %w", id, graph.ErrNotFound)
	}
	whole.Supports = graph.MergeSupports(whole.Supports)
	slices.SortFunc(whole.Facts, func(a, b graph.Fact) int { return graph.CompareFacts(&a, &b) })
	slices.SortFunc(whole.Outcomes, func(a, b graph.Outcome) int { return graph.CompareOutcomes(&a, &b) })
	return whole, nil
}

func (r *modelReader) Consignment(_ context.Context, id graph.ID) (*graph.Consignment, error) {
	for _, c := range r.consignments() {
		if c.ID == id {
			return c, nil
		}
	}
	return nil, fmt.Errorf("storetest: %s: %w", id, graph.ErrNotFound)
}

// beside is one record that makes one neighbour.
type beside struct {
	id       graph.ID
	role     graph.Role
	incoming bool
	record   string
	day      graph.Date
}

func (r *modelReader) beside(id graph.ID) []beside {
	me := r.ident.Cluster(id)
	var all []beside
	for _, c := range r.consignments() {
		ties := c.Ties()
		if !slices.ContainsFunc(ties, func(t graph.Tie) bool { return r.ident.Cluster(t.Entity) == me }) {
			continue
		}
		for _, t := range ties {
			if other := r.ident.Cluster(t.Entity); other != me {
				all = append(all, beside{other, t.Role, false, string(c.ID), c.Date()})
			}
		}
	}
	for i, l := range r.links() {
		from, to := r.ident.Cluster(l.From), r.ident.Cluster(l.To)
		record := fmt.Sprintf("link %d", i)
		if from == me && to != me {
			all = append(all, beside{to, l.Role, false, record, l.Start})
		}
		if to == me && from != me {
			all = append(all, beside{from, l.Role, true, record, l.Start})
		}
	}
	return all
}

func (r *modelReader) Counts(ctx context.Context, id graph.ID) ([]graph.Count, error) {
	if _, err := r.Entity(ctx, id); err != nil {
		return nil, err
	}
	var counts []graph.Count
	for _, role := range graph.Roles() {
		for _, incoming := range []bool{false, true} {
			neighbours, records := map[graph.ID]bool{}, map[string]bool{}
			for _, b := range r.beside(id) {
				if b.role == role && b.incoming == incoming {
					neighbours[b.id], records[b.record] = true, true
				}
			}
			if len(neighbours) > 0 {
				counts = append(counts, graph.Count{Role: role, Incoming: incoming,
					Neighbours: int64(len(neighbours)), Records: int64(len(records))})
			}
		}
	}
	return counts, nil
}

func (r *modelReader) Neighbours(ctx context.Context, query graph.NeighbourQuery) ([]graph.Neighbour, error) {
	if _, err := r.Entity(ctx, query.ID); err != nil {
		return nil, err
	}
	type key struct {
		id       graph.ID
		role     graph.Role
		incoming bool
	}
	records := map[key]map[string]graph.Date{}
	for _, b := range r.beside(query.ID) {
		k := key{b.id, b.role, b.incoming}
		if query.Roles != nil && !slices.Contains(query.Roles, b.role) {
			continue
		}
		if records[k] == nil {
			records[k] = map[string]graph.Date{}
		}
		records[k][b.record] = b.day
	}
	var all []graph.Neighbour
	for k, days := range records {
		n := graph.Neighbour{ID: k.id, Role: k.role, Incoming: k.incoming, Records: int64(len(days))}
		for _, day := range days {
			if day != graph.NoDate && (n.First == graph.NoDate || day < n.First) {
				n.First = day
			}
			n.Last = max(n.Last, day)
		}
		all = append(all, n)
	}
	slices.SortFunc(all, func(a, b graph.Neighbour) int { return graph.CompareNeighbours(&a, &b) })
	return page(all, query.Offset, query.Limit, 50), nil
}

func page[T any](all []T, offset, limit, standard int) []T {
	if limit == 0 {
		limit = standard
	}
	offset = min(offset, len(all))
	return all[offset:min(len(all), offset+limit)]
}

func (r *modelReader) Connections(ctx context.Context, query graph.ConnectionQuery) ([]graph.Connection, error) {
	if _, err := r.Entity(ctx, query.ID); err != nil {
		return nil, err
	}
	me, other := r.ident.Cluster(query.ID), r.ident.Cluster(query.With)
	var all []graph.Connection
	for _, c := range r.consignments() {
		found := graph.Connection{Consignment: c.ID, Date: c.Date()}
		for _, t := range c.Ties() {
			switch r.ident.Cluster(t.Entity) {
			case me:
				found.Roles = append(found.Roles, t.Role)
			case other:
				found.WithRoles = append(found.WithRoles, t.Role)
			}
		}
		if len(found.Roles) == 0 || query.With != "" && len(found.WithRoles) == 0 {
			continue
		}
		found.Roles, found.WithRoles = slices.Compact(found.Roles), slices.Compact(found.WithRoles)
		for i := range c.Current {
			found.Origins = graph.MergeOrigins(found.Origins, c.Current[i].Origins)
		}
		all = append(all, found)
	}
	for _, l := range r.links() {
		from, to := r.ident.Cluster(l.From), r.ident.Cluster(l.To)
		if from == me && (query.With == "" || to == other) || to == me && (query.With == "" || from == other) {
			all = append(all, graph.Connection{Link: &l, Date: l.Start, Origins: l.Origins})
		}
	}
	slices.SortFunc(all, func(a, b graph.Connection) int { return graph.CompareConnections(&a, &b) })
	return page(all, query.Offset, query.Limit, 50), nil
}

func (r *modelReader) Search(_ context.Context, query graph.SearchQuery) ([]graph.Match, error) {
	best := map[graph.ID]graph.Match{}
	for _, e := range r.entities() {
		match, ok := graph.MatchEntity(query.Text, e)
		match.ID = r.ident.Cluster(e.ID)
		if !ok || query.Kinds != nil && !slices.Contains(query.Kinds, match.ID.Kind()) {
			continue
		}
		had, there := best[match.ID]
		if !there || cmp.Or(cmp.Compare(had.Score, match.Score), strings.Compare(match.Name, had.Name)) < 0 {
			best[match.ID] = match
		}
	}
	var all []graph.Match
	for _, match := range best {
		all = append(all, match)
	}
	for _, c := range r.consignments() {
		if match, ok := graph.MatchConsignment(query.Text, c.ID); ok && (query.Kinds == nil || slices.Contains(query.Kinds, graph.KindConsignment)) {
			all = append(all, match)
		}
	}
	slices.SortFunc(all, func(a, b graph.Match) int { return graph.CompareMatches(&a, &b) })
	return page(all, 0, query.Limit, 20), nil
}

func (r *modelReader) Locate(_ context.Context, origin graph.Origin) (graph.Span, error) {
	if slices.Contains(r.scope.Sources, origin.Source) {
		for _, row := range r.model.batches[origin.Source].Rows {
			if row.Number == origin.Row {
				return graph.Span{Offset: row.Offset, Length: row.Length}, nil
			}
		}
	}
	return graph.Span{}, fmt.Errorf("storetest: %v: %w", origin, graph.ErrNotFound)
}

func (r *modelReader) Places(_ context.Context, source graph.SourceID) iter.Seq2[graph.RowPlace, error] {
	return func(yield func(graph.RowPlace, error) bool) {
		if !slices.Contains(r.scope.Sources, source) {
			yield(graph.RowPlace{}, graph.ErrNotFound)
			return
		}
		for _, row := range r.model.batches[source].Rows {
			if !yield(graph.RowPlace{Row: row.Number, Span: graph.Span{Offset: row.Offset, Length: row.Length}}, nil) {
				return
			}
		}
	}
}

func (r *modelReader) Evidence(_ context.Context, file graph.SHA256) (graph.Evidence, error) {
	none := graph.ErrNotFound
	for _, id := range r.scope.Sources {
		if batch := r.model.batches[id]; slices.Contains(batch.Spec.Files(), file) {
			if batch.File != nil {
				return modelFile{bytes.NewReader(batch.bytes(file))}, nil
			}
			none = graph.ErrNoEvidence
		}
	}
	return nil, none
}

type modelFile struct{ *bytes.Reader }

func (modelFile) Close() error { return nil }

func (r *modelReader) Quarantine(_ context.Context, source graph.SourceID) iter.Seq2[graph.RowError, error] {
	return func(yield func(graph.RowError, error) bool) {
		if !slices.Contains(r.scope.Sources, source) {
			yield(graph.RowError{}, graph.ErrNotFound)
			return
		}
		for _, row := range r.model.batches[source].Rows {
			for _, refused := range row.Errors {
				refused.Source, refused.Row = source, row.Number
				refused.Span = graph.Span{Offset: row.Offset, Length: row.Length}
				if !yield(refused, nil) {
					return
				}
			}
		}
		for _, row := range r.model.batches[source].Refused {
			for _, refused := range row {
				refused.Source = source
				if !yield(refused, nil) {
					return
				}
			}
		}
	}
}

func (r *modelReader) Decisions(_ context.Context, subject graph.ID) ([]graph.Decision, error) {
	var all []graph.Decision
	for _, d := range r.said {
		if subject == "" || d.Subject == subject || d.Other == subject {
			all = append(all, d)
		}
	}
	return all, nil
}

func (r *modelReader) Runs(_ context.Context, kind string) ([]graph.Run, error) {
	var all []graph.Run
	for _, run := range r.model.runs {
		early := r.scope.KnownOn.IsZero() || !run.Finished.After(r.scope.KnownOn)
		if early && (kind == "" || run.Kind == kind) && r.cleared.Shows(&run) {
			all = append(all, run)
		}
	}
	return all, nil
}

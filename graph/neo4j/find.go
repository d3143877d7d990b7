package neo4j

import (
	"context"
	"slices"

	"rummage/graph"
)

const askMembers = `MATCH (e:Entity) WHERE e.id IN $ids
RETURN e.id, e._sources, e._days, e._facts, e._outcomes`

// Entity returns the facts and outcomes of a whole cluster.
func (r *reader) Entity(ctx context.Context, id graph.ID) (*graph.Entity, error) {
	if err := r.open(ctx); err != nil {
		return nil, err
	}
	whole, seen := &graph.Entity{ID: r.identity.Cluster(id)}, false
	found, err := r.entities(ctx, r.identity.Members(whole.ID))
	if err != nil {
		return nil, err
	}
	for _, e := range found {
		if shown := e.shown(r.gate, graph.Want{Origins: true}); shown != nil {
			seen = true
			whole.Facts = append(whole.Facts, shown.Facts...)
			whole.Outcomes = append(whole.Outcomes, shown.Outcomes...)
			whole.Supports = append(whole.Supports, shown.Supports...)
		}
	}
	if !seen {
		return nil, notFound("entity", id)
	}
	slices.SortFunc(whole.Facts, func(a, b graph.Fact) int { return graph.CompareFacts(&a, &b) })
	slices.SortFunc(whole.Outcomes, func(a, b graph.Outcome) int { return graph.CompareOutcomes(&a, &b) })
	whole.Supports = graph.MergeSupports(whole.Supports)
	return whole, nil
}

// entities returns the records of the given ids that there are.
func (r *reader) entities(ctx context.Context, ids []graph.ID) (all []*entity, err error) {
	err = untorn(func() error {
		found, err := r.store.records(ctx, cypher{askMembers, map[string]any{"ids": strs(ids)}})
		if err != nil {
			return err
		}
		all = make([]*entity, len(found))
		for i, record := range found {
			if all[i], err = entityOfRecord(record); err != nil {
				return err
			}
		}
		return nil
	})
	return all, err
}

// Consignment returns one consignment with origins and history.
func (r *reader) Consignment(ctx context.Context, id graph.ID) (*graph.Consignment, error) {
	if err := r.open(ctx); err != nil {
		return nil, err
	}
	all, err := r.consignments(ctx, cypher{oneConsignment, map[string]any{"id": string(id), "fields": true}})
	if err != nil {
		return nil, err
	}
	if len(all) == 0 {
		return nil, notFound("consignment", id)
	}
	shown := all[0].shown(r.gate, graph.Want{Origins: true, History: true})
	if shown == nil {
		return nil, notFound("consignment", id)
	}
	return shown, nil
}

// around is what is known of an entity before its neighbours are counted.
type around struct {
	cluster graph.ID
	members []graph.ID // those that are there, shown or not
	in, out int64      // relationships that end and begin there
	several int64      // of those that end there, those that Go unites
	twice   int64      // and those to consignments in which a role stands twice

	generation int64 // of the store
	busy       bool  // an import is at work
	whole      bool  // the scope shows every source that the store holds something of
}

// lookAround returns it, or ErrNotFound when the scope shows none of the ids.
func (r *reader) lookAround(ctx context.Context, id graph.ID) (*around, error) {
	if err := r.open(ctx); err != nil {
		return nil, err
	}
	a := &around{cluster: r.identity.Cluster(id)}
	visible := false
	err := untorn(func() error {
		found, err := r.store.records(ctx, cypher{askAround, map[string]any{"ids": strs(r.identity.Members(a.cluster))}})
		if err != nil {
			return err
		}
		a.members, a.in, a.out, a.several = a.members[:0], 0, 0, 0
		a.twice = 0
		for _, record := range found {
			v := record.Values
			e, err := entityOf(graph.ID(text(v[0])), integers(v[1]), integers(v[2]), nil, nil)
			if err != nil {
				return err
			}
			visible = visible || r.gate.any(e.supports)
			a.members, a.in, a.out, a.several = append(a.members, e.id), a.in+integer(v[3]), a.out+integer(v[4]), a.several+integer(v[5])
			a.twice, a.generation, a.busy = a.twice+integer(v[6]), integer(v[7]), integer(v[8]) > 0
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	if !visible {
		return nil, notFound("entity", id)
	}
	slices.Sort(a.members)
	return a, nil
}

// consignments returns what a query of consignments finds.
func (r *reader) consignments(ctx context.Context, q cypher) (all []*consignment, err error) {
	err = untorn(func() error {
		all = all[:0]
		for record, err := range r.store.stream(ctx, q) {
			if err != nil {
				return err
			}
			c, err := consignmentOfRecord(record)
			if err != nil {
				return err
			}
			all = append(all, c)
		}
		return nil
	})
	return all, err
}

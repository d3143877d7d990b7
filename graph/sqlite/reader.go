package sqlite

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"rummage/graph"
	"rummage/graph/sqlite/segment"
)

// reader is what a scope shows of one commit. It is safe for concurrent use.
type reader struct {
	store    *Store
	snap     *snapshot
	scope    graph.Scope
	cleared  graph.Scope                   // the same, with all of the past
	sources  map[graph.SourceID]*sourceRow // visible ones
	said     []graph.Decision              // visible ones
	identity *graph.Identity
	segments []*view // those with a visible source
	aliases  func() ([]map[uint32]uint32, error)
}

// view is a segment as a scope shows it.
type view struct {
	*segment.Reader
	visible []bool // by index of source
}

// Within opens a reader.
func (s *Store) Within(ctx context.Context, scope graph.Scope) (graph.Reader, error) {
	snap, err := s.snapshot(ctx)
	if err != nil {
		return nil, err
	}
	r := &reader{store: s, snap: snap, sources: make(map[graph.SourceID]*sourceRow)}
	if err := r.open(ctx, scope); err != nil {
		snap.close()
		return nil, errorOf("read", interrupted(ctx, err))
	}
	return r, nil
}

func (r *reader) open(ctx context.Context, scope graph.Scope) error {
	rows, err := r.store.sourcesAt(ctx, r.snap)
	if err != nil {
		return err
	}
	all := make([]graph.Source, len(rows))
	byID := make(map[graph.SourceID]*sourceRow, len(rows))
	for i := range rows {
		all[i] = rows[i].Source
		byID[rows[i].ID] = &rows[i]
	}
	r.scope = scope.Resolve(all)
	r.cleared = r.scope
	for _, id := range r.scope.Sources {
		r.sources[id] = byID[id]
	}
	if err := r.openSegments(ctx); err != nil {
		return err
	}
	if err := r.hear(ctx, all); err != nil {
		return err
	}
	r.aliases = sync.OnceValues(r.findAliases)
	return nil
}

// hear reads what was said, and makes the clusters of it.
func (r *reader) hear(ctx context.Context, all []graph.Source) error {
	var said []graph.Decision
	err := r.snap.use(func(q querier) error {
		return readDecisions(ctx, q, r.snap.state.decisions, func(d *graph.Decision) { said = append(said, *d) })
	})
	if err != nil {
		return err
	}
	r.said, err = r.scope.Hear(said, all, func(ids []graph.ID) (map[graph.ID]bool, error) { return r.named(ctx, ids) })
	if err != nil {
		return err
	}
	r.identity = graph.NewIdentity(r.said)
	return nil
}

// named tells which of some ids the scope shows, as ids of records.
func (r *reader) named(ctx context.Context, ids []graph.ID) (map[graph.ID]bool, error) {
	shown := make(map[graph.ID]bool)
	u := r.uniter(graph.Want{Fields: []string{}})
	for _, id := range ids {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		visible, err := false, error(nil)
		if id.Kind() == graph.KindConsignment {
			var c *graph.Consignment
			if c, err = r.consignment(u, id); err == nil {
				visible = len(c.Current)+len(c.Outcomes) > 0
			}
		} else {
			visible, err = r.shows(id)
		}
		if err != nil {
			return nil, err
		}
		if visible {
			shown[id] = true
		}
	}
	return shown, nil
}

// shows reports whether a visible record names an entity.
func (r *reader) shows(id graph.ID) (bool, error) {
	for _, v := range r.segments {
		num, ok, err := v.FindEntity(string(id))
		if err != nil {
			return false, err
		}
		if !ok {
			continue
		}
		if visible, err := r.supports(v, num); visible || err != nil {
			return visible, err
		}
	}
	return false, nil
}

func (r *reader) openSegments(ctx context.Context) error {
	var rows []segmentRow
	err := r.snap.use(func(q querier) (err error) {
		rows, err = readSegments(ctx, q, r.snap.state.segments)
		return err
	})
	if err != nil {
		return err
	}
	for i := range rows {
		id := rows[i].id
		source := &segmentSource{id: id, get: func(key int64) ([]byte, error) {
			return r.snap.block(context.Background(), segmentBlocks, key)
		}}
		seg, err := segment.Open(source, r.store.codec, segmentCache{r.store.cache, id})
		if err != nil {
			return err
		}
		v := &view{Reader: seg, visible: make([]bool, len(seg.Sources))}
		for j, source := range seg.Sources {
			_, v.visible[j] = r.sources[source]
		}
		if slices.Contains(v.visible, true) {
			r.segments = append(r.segments, v)
		}
	}
	return nil
}

// Scope returns the resolved scope.
func (r *reader) Scope() graph.Scope { return r.scope }

// Identity returns the clusters by the decisions in scope.
func (r *reader) Identity() *graph.Identity { return r.identity }

// Close ends the read transaction.
func (r *reader) Close() error {
	r.snap.close()
	return nil
}

func (r *reader) sees(v *view, source uint32, day graph.Date) bool {
	return v.visible[source] && r.scope.Sees(day)
}

func notFound(what string, id any) error {
	return fmt.Errorf("sqlite: %s %v: %w", what, id, graph.ErrNotFound)
}

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
	sources  map[graph.SourceID]*sourceRow // visible ones
	readings map[graph.SourceID]graph.SourceID
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
	r.scope, r.readings = scope.Resolve(all), graph.Readings(all)
	for _, id := range r.scope.Sources {
		r.sources[id] = byID[id]
	}
	decisions, err := r.Decisions(ctx, "")
	if err != nil {
		return err
	}
	r.identity = graph.NewIdentity(decisions)
	r.aliases = sync.OnceValues(r.findAliases)
	return r.openSegments(ctx)
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

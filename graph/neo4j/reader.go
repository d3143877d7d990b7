package neo4j

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"sync/atomic"

	"rummage/graph"
)

// reader is what a scope shows of the sources, decisions and runs that there
// were when it was opened. It is safe for concurrent use.
type reader struct {
	store    *Store
	gate     *gate
	numbers  []int64 // of the visible sources, rising
	partly   bool    // there are sources that the scope does not show
	whole    bool    // there is none but what was purged
	at       int64   // the generation of the store of which this is so
	sources  map[graph.SourceID]*sourceNode
	cleared  graph.Scope // with all of the past
	identity *graph.Identity
	clusters map[string]string // member -> cluster, names of clusters left out
	odd      []string          // names of clusters that are: see odd
	said     []graph.Decision  // the visible ones
	runs     int64             // how many were ever saved
	busyAt   int64             // the constant of that name; tests set another
	mostEnds int               // as well
	closed   atomic.Bool
}

// Within opens a reader. Later imports are in no scope that was resolved
// before, so what it shows stays as it is; only a purge takes from it.
func (s *Store) Within(ctx context.Context, scope graph.Scope) (graph.Reader, error) {
	if err := s.open(); err != nil {
		return nil, err
	}
	nodes, generation, err := s.sourceNodes(ctx)
	if err != nil {
		return nil, err
	}
	said, runs, err := s.recall(ctx)
	if err != nil {
		return nil, err
	}
	r := s.within(scope, nodes, runs)
	r.at = generation
	if err := r.hear(ctx, said, nodes); err != nil {
		return nil, err
	}
	return r, nil
}

func (s *Store) open() error {
	if s.closed.Load() {
		return fmt.Errorf("neo4j: %w", graph.ErrClosed)
	}
	return nil
}

func (s *Store) within(scope graph.Scope, nodes []sourceNode, runs int64) *reader {
	all := make([]graph.Source, len(nodes))
	byID := make(map[graph.SourceID]*sourceNode, len(nodes))
	for i := range nodes {
		all[i] = nodes[i].Source
		byID[nodes[i].ID] = &nodes[i]
	}
	r := &reader{store: s, runs: runs, busyAt: busyAt, mostEnds: mostEnds, sources: make(map[graph.SourceID]*sourceNode)}
	r.gate = &gate{scope: scope.Resolve(all), sources: make(map[int64]graph.SourceID)}
	for _, id := range r.gate.scope.Sources {
		r.sources[id] = byID[id]
		r.gate.sources[byID[id].number] = id
	}
	r.numbers, r.partly = r.gate.numbers(), len(r.gate.sources) < len(nodes)
	r.whole = !slices.ContainsFunc(nodes, func(n sourceNode) bool { return r.sources[n.ID] == nil && n.EndedBy != graph.Purged })
	r.cleared = r.gate.scope
	return r
}

// hear takes those of the decisions that the scope shows, and makes the clusters
// of them.
func (r *reader) hear(ctx context.Context, said []graph.Decision, nodes []sourceNode) error {
	all := make([]graph.Source, len(nodes))
	for i := range nodes {
		all[i] = nodes[i].Source
	}
	var err error
	r.said, err = r.gate.scope.Hear(said, all, func(ids []graph.ID) (map[graph.ID]bool, error) { return r.named(ctx, ids) })
	if err != nil {
		return err
	}
	r.identity = graph.NewIdentity(r.said)
	r.clusters = make(map[string]string)
	r.odd = []string{}
	for _, name := range r.identity.Clusters() {
		if odd(name) {
			r.odd = append(r.odd, string(name))
		}
		for _, member := range r.identity.Members(name) {
			if member != name {
				r.clusters[string(member)] = string(name)
			}
		}
	}
	return nil
}

// askNamed finds who names entities, and since when.
const askNamed = "MATCH (e:Entity) WHERE e.id IN $ids RETURN e.id, e._sources, e._days"

// namedPage is how many ids are asked for at once.
const namedPage = 5000

// named tells which of some ids the scope shows, as ids of records.
func (r *reader) named(ctx context.Context, ids []graph.ID) (map[graph.ID]bool, error) {
	shown := make(map[graph.ID]bool)
	var entities []graph.ID
	for _, id := range ids {
		if id.Kind() != graph.KindConsignment {
			entities = append(entities, id)
			continue
		}
		_, err := r.Consignment(ctx, id)
		if err != nil && !errors.Is(err, graph.ErrNotFound) {
			return nil, err
		}
		shown[id] = err == nil
	}
	for some := range slices.Chunk(entities, namedPage) {
		err := untorn(func() error {
			found, err := r.store.records(ctx, cypher{askNamed, map[string]any{"ids": strs(some)}})
			if err != nil {
				return err
			}
			for _, record := range found {
				v := record.Values
				e, err := entityOf(graph.ID(text(v[0])), integers(v[1]), integers(v[2]), nil, nil)
				if err != nil {
					return err
				}
				shown[e.id] = r.gate.any(e.supports)
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return shown, nil
}

// memory is what the store remembers of its ledger, since every reader begins
// with it: nothing of it changes without one of these numbers.
type memory struct {
	generation, decisions, forgotten int64
	said                             []graph.Decision
}

const askLedger = "MATCH (s:Store {id: 'rummage'}) RETURN s.generation, s.decisions, s.runs, coalesce(s.forgotten, 0)"

// recall returns all decisions, and how many runs were ever saved. The caller
// must not change the decisions.
func (s *Store) recall(ctx context.Context) ([]graph.Decision, int64, error) {
	found, err := s.records(ctx, cypher{text: askLedger})
	if err != nil {
		return nil, 0, err
	}
	if len(found) != 1 {
		return nil, 0, s.broken(graph.ErrNotAStore, "database %s is no store any more", s.options.Database)
	}
	now := &memory{generation: integer(found[0].Values[0]), decisions: integer(found[0].Values[1]), forgotten: integer(found[0].Values[3])}
	runs := integer(found[0].Values[2])
	if had := s.memory.Load(); had != nil && had.generation == now.generation && had.decisions == now.decisions && had.forgotten == now.forgotten {
		return had.said, runs, nil
	}
	if now.decisions > 0 {
		if now.said, err = s.readDecisions(ctx); err != nil {
			return nil, 0, err
		}
		// What was said meanwhile is for the next reader.
		now.said = slices.DeleteFunc(now.said, func(d graph.Decision) bool { return d.Seq > now.decisions })
	}
	s.memory.Store(now)
	return now.said, runs, nil
}

// Scope returns the resolved scope.
func (r *reader) Scope() graph.Scope { return r.gate.scope }

// Identity returns the clusters by the decisions in scope.
func (r *reader) Identity() *graph.Identity { return r.identity }

// Close ends the reader. It holds nothing in the server.
func (r *reader) Close() error {
	r.closed.Store(true)
	return nil
}

// open returns an error when the reader, its store or the context has ended.
func (r *reader) open(ctx context.Context) error {
	if r.closed.Load() {
		return fmt.Errorf("neo4j: %w", graph.ErrClosed)
	}
	if err := r.store.open(); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("neo4j: %s: %w", r.store.address, err)
	}
	return nil
}

// until is the last day in scope as queries compare it.
func (r *reader) until() int64 {
	if r.gate.scope.Until == graph.NoDate {
		return math.MaxInt32
	}
	return int64(r.gate.scope.Until)
}

// about returns the parameters of a query within the scope.
func (r *reader) about(ids []graph.ID) map[string]any {
	return map[string]any{"numbers": r.numbers, "until": r.until(), "ids": strs(ids)}
}

// strs returns ids as the driver takes them.
func strs(ids []graph.ID) []string {
	all := make([]string, len(ids))
	for i, id := range ids {
		all[i] = string(id)
	}
	return all
}

func notFound(what string, id any) error {
	return fmt.Errorf("neo4j: %s %v: %w", what, id, graph.ErrNotFound)
}

// page cuts out what was asked for.
func page[T any](all []T, offset, limit int) []T {
	offset = min(max(offset, 0), len(all))
	return all[offset:min(len(all), offset+limit)]
}

const (
	defaultPage   = 50
	defaultSearch = 20
)

func limitOf(limit, standard int) int {
	if limit <= 0 {
		return standard
	}
	return limit
}

const askCalm = "MATCH (s:Store {id: 'rummage'}) RETURN s.generation, COUNT { (:Unfinished) }"

// tries is how often an answer is begun anew that records changed under.
const tries = 5

// beside runs work that asks several queries about an entity which must agree.
// A server lets each see what others commit meanwhile, and an import may turn a
// consignment of one statement into one of several, which other queries read.
// So when an import was at work the ties of such are counted once more, and the
// work is done again if there are more or fewer; or if it counted on there being
// nothing that the scope does not show.
func (r *reader) beside(ctx context.Context, id graph.ID, work func(*around) error) error {
	for try := 1; ; try++ {
		a, err := r.lookAround(ctx, id)
		if err == nil {
			a.whole = r.whole && a.generation == r.at && !a.busy && try == 1
			err = work(a)
		}
		if err != nil {
			return err
		}
		generation, busy, err := r.calm(ctx)
		if err != nil || generation == a.generation && !a.busy && !busy || try == tries {
			return err
		}
		if a.whole {
			continue
		}
		now, err := r.lookAround(ctx, id)
		if err != nil || now.several == a.several {
			return err
		}
	}
}

func (r *reader) calm(ctx context.Context) (generation int64, busy bool, err error) {
	found, err := r.store.records(ctx, cypher{text: askCalm})
	if err != nil {
		return 0, false, err
	}
	if len(found) != 1 {
		return 0, false, r.store.broken(graph.ErrNotAStore, "database %s is no store any more", r.store.options.Database)
	}
	return integer(found[0].Values[0]), integer(found[0].Values[1]) > 0, nil
}

package neo4j

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"

	driver "github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"rummage/graph"
)

// Scans run along the index of ids. An id is never empty, and asking for those
// that are greater has the server walk the index in its order and sort nothing.
const (
	scanEntities = `MATCH (e:Entity) WHERE e.id > ''
RETURN e.id, e._sources, e._days, CASE WHEN $facts THEN e._facts END, e._outcomes ORDER BY e.id`
	scanSomeEntities = `MATCH (e:Entity) WHERE e.id > '' AND any(s IN e._sources WHERE s IN $numbers)
RETURN e.id, e._sources, e._days, CASE WHEN $facts THEN e._facts END, e._outcomes ORDER BY e.id`
	oneEntity = `MATCH (e:Entity {id: $id})
RETURN e.id, e._sources, e._days, CASE WHEN $facts THEN e._facts END, e._outcomes`

	scanConsignments = `MATCH (c:Consignment) WHERE c.id > ''
RETURN c.id, c._statements, CASE WHEN $fields OR c._several THEN c._fields END, c._outcomes ORDER BY c.id`
	scanSomeConsignments = `MATCH (c:Consignment) WHERE c.id > '' AND (any(s IN c._sources WHERE s IN $numbers) OR any(s IN c._looked WHERE s IN $numbers))
RETURN c.id, c._statements, CASE WHEN $fields OR c._several THEN c._fields END, c._outcomes ORDER BY c.id`
	oneConsignment = `MATCH (c:Consignment {id: $id})
RETURN c.id, c._statements, CASE WHEN $fields OR c._several THEN c._fields END, c._outcomes`
)

var scanLinks = `MATCH (e:Entity) WHERE e.id > '' MATCH (e)-[l:` + linkTypes + `]->(n)
RETURN e.id, type(l), n.id, l._start, l.end, l.key, l._fields, l._sources, l._rows ORDER BY e.id`

// Entities streams the visible entities.
func (r *reader) Entities(ctx context.Context, want graph.Want) iter.Seq2[*graph.Entity, error] {
	text := scanEntities
	if r.partly {
		text = scanSomeEntities
	}
	facts := want.Properties == nil || len(want.Properties) > 0
	return scan(ctx, r, cypher{text, map[string]any{"facts": facts, "numbers": r.numbers}}, func(record *driver.Record, emit func(*graph.Entity)) error {
		if record == nil {
			return nil
		}
		e, err := whole(ctx, r.store, record, entityOfRecord, cypher{oneEntity, map[string]any{"facts": facts, "id": record.Values[0]}})
		if err != nil {
			return err
		}
		if shown := e.shown(r.gate, want); shown != nil {
			emit(shown)
		}
		return nil
	})
}

// Consignments streams the consignments with a visible statement or outcome.
func (r *reader) Consignments(ctx context.Context, want graph.Want) iter.Seq2[*graph.Consignment, error] {
	text := scanConsignments
	if r.partly {
		text = scanSomeConsignments
	}
	fields := want.Fields == nil || len(want.Fields) > 0
	p := &plain{gate: r.gate, origins: want.Origins}
	return scan(ctx, r, cypher{text, map[string]any{"fields": fields, "numbers": r.numbers}}, func(record *driver.Record, emit func(*graph.Consignment)) error {
		if record == nil {
			return nil
		}
		if shown, ok := p.consignment(record.Values); ok {
			if shown != nil {
				emit(shown)
			}
			return nil
		}
		c, err := whole(ctx, r.store, record, consignmentOfRecord, cypher{oneConsignment, map[string]any{"fields": fields, "id": record.Values[0]}})
		if err != nil {
			return err
		}
		if shown := c.shown(r.gate, want); shown != nil {
			emit(shown)
		}
		return nil
	})
}

// Links streams the visible links. The server orders them by From, the rest is
// done here.
func (r *reader) Links(ctx context.Context, want graph.Want) iter.Seq2[*graph.Link, error] {
	var group []*graph.Link
	return scan(ctx, r, cypher{text: scanLinks}, func(record *driver.Record, emit func(*graph.Link)) error {
		var shown *graph.Link
		if record != nil {
			l, err := linkOfRecord(record)
			if err != nil {
				return err
			}
			if shown = l.shown(r.gate, want); shown == nil {
				return nil
			}
		}
		if len(group) > 0 && (shown == nil || shown.From != group[0].From) {
			slices.SortFunc(group, graph.CompareLinks)
			for _, l := range group {
				emit(l)
			}
			group = nil
		}
		if shown != nil {
			group = append(group, shown)
		}
		return nil
	})
}

// entityOfRecord reads what the queries of entities return.
func entityOfRecord(record *driver.Record) (*entity, error) {
	v := record.Values
	return entityOf(graph.ID(text(v[0])), integers(v[1]), integers(v[2]), texts(v[3]), texts(v[4]))
}

// consignmentOfRecord reads what the queries of consignments return.
func consignmentOfRecord(record *driver.Record) (*consignment, error) {
	v := record.Values
	return consignmentOf(graph.ID(text(v[0])), texts(v[1]), texts(v[2]), texts(v[3]))
}

// linkOfRecord reads what the queries of links return.
func linkOfRecord(record *driver.Record) (*link, error) {
	v := record.Values
	return linkOf(graph.ID(text(v[0])), roleOfType(text(v[1])), graph.ID(text(v[2])), map[string]any{
		propStart: v[3], "end": v[4], "key": v[5], propFields: v[6], propSources: v[7], propRows: v[8]})
}

// untorn does work again that found a torn record: a server lets a query see
// what others commit while it reads the properties of one node, so that lists
// that belong together may differ in length.
func untorn(work func() error) error {
	for try := 1; ; try++ {
		err := work()
		if err == nil || !errors.Is(err, errLengths) || try == tries {
			return err
		}
	}
}

// whole reads a record of a stream, or the node once more if it is torn.
func whole[T any](ctx context.Context, s *Store, record *driver.Record, read func(*driver.Record) (T, error), q cypher) (T, error) {
	one, err := read(record)
	if !errors.Is(err, errLengths) {
		return one, err
	}
	err = untorn(func() error {
		found, err := s.records(ctx, q)
		if err == nil && len(found) != 1 {
			err = fmt.Errorf("neo4j: %s: went away while it was read: %w", text(record.Values[0]), graph.ErrDamaged)
		}
		if err == nil {
			one, err = read(found[0])
		}
		return err
	})
	return one, err
}

const (
	batchLength = 256 // records that are handed on together
	batchesWait = 8   // batches between two steps of a scan
)

// portion is some records in order, or the error after them.
type portion[T any] struct {
	all []T
	err error
}

// scan runs a query and yields what step makes of its records, in order. The
// stream is read in one goroutine and decoded in another, so that the server
// is not kept waiting by either. Both end before the scan does. Step is called
// with nil after the last record.
func scan[T any](ctx context.Context, r *reader, q cypher, step func(*driver.Record, func(*T)) error) iter.Seq2[*T, error] {
	return func(yield func(*T, error) bool) {
		if err := r.open(ctx); err != nil {
			yield(nil, err)
			return
		}
		stop := make(chan struct{})
		raw := make(chan portion[*driver.Record], batchesWait)
		ready := make(chan portion[*T], batchesWait)
		go fill(r.store.stream(ctx, q), raw, stop)
		go decode(raw, ready, stop, step)
		defer func() {
			close(stop)
			for range ready { // until both have ended
			}
		}()
		for next := range ready {
			for _, one := range next.all {
				if r.closed.Load() {
					yield(nil, r.open(ctx))
					return
				}
				if !yield(one, nil) {
					return
				}
			}
			if next.err != nil {
				yield(nil, next.err)
				return
			}
		}
	}
}

// fill hands on the records of a stream until it ends or is told to stop.
func fill(records iter.Seq2[*driver.Record, error], to chan<- portion[*driver.Record], stop <-chan struct{}) {
	defer close(to)
	next := portion[*driver.Record]{}
	for record, err := range records {
		if err != nil {
			next.err = err
			break
		}
		if next.all == nil {
			next.all = make([]*driver.Record, 0, batchLength)
		}
		if next.all = append(next.all, record); len(next.all) == batchLength {
			select {
			case to <- next:
			case <-stop:
				return
			}
			next.all = nil
		}
	}
	select {
	case to <- next:
	case <-stop:
	}
}

// decode hands on what step makes of records.
func decode[T any](from <-chan portion[*driver.Record], to chan<- portion[*T], stop <-chan struct{}, step func(*driver.Record, func(*T)) error) {
	defer close(to)
	defer func() {
		for range from { // until the stream has ended
		}
	}()
	for raw := range from {
		next := portion[*T]{all: make([]*T, 0, len(raw.all)), err: raw.err}
		emit := func(one *T) { next.all = append(next.all, one) }
		for _, record := range raw.all {
			if err := step(record, emit); err != nil {
				next.err = err
				break
			}
		}
		if next.err == nil && len(raw.all) < batchLength { // the last
			next.err = step(nil, emit)
		}
		select {
		case to <- next:
		case <-stop:
			return
		}
		if next.err != nil {
			return
		}
	}
}

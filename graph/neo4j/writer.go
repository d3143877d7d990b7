package neo4j

import (
	"context"
	"fmt"

	driver "github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"rummage/graph"
)

// most is more records than any batch has.
const most = 1 << 30

// ledger is how far the writing of a source has come: the node Unfinished.
type ledger struct {
	id           graph.SourceID
	number       int64
	name         string
	sha          graph.SHA256 // of the file
	tool         string
	erase        bool           // it is being erased
	files        []graph.SHA256 // whose bytes are kept because of it, or to be erased with it
	step         int64
	row          int64  // the last that is there whole
	sum          string // hash of all rows up to it
	newest       graph.Date
	consignments int64

	reached bool // by an import that goes on
}

const (
	// moveLedger is the first statement of every transaction of an import.
	moveLedger = `MERGE (u:Unfinished {id: $id}) ON CREATE SET u.number = $number, u.name = $name, u.sha256 = $sha256, u.tool = $tool, u.step = 0, u.row = 0, u.consignments = 0
SET u.step = u.step + 1, u.files = $files
WITH u MATCH (s:Store {id: 'rummage'}) SET s.sources = CASE WHEN s.sources < $number THEN $number ELSE s.sources END
RETURN u.step`
	countLedger    = "MATCH (u:Unfinished {id: $id}) SET u.consignments = $consignments"
	setLedger      = "MATCH (u:Unfinished {id: $id}) SET u.row = $row, u.sum = $sum, u.newest = $newest"
	dropLedger     = "MATCH (u:Unfinished {id: $id}) DELETE u"
	askStep        = "MATCH (u:Unfinished {id: $id}) RETURN u.step"
	askUnfinished  = "MATCH (u:Unfinished) RETURN properties(u) ORDER BY u.number"
	takeNumber     = "MATCH (s:Store {id: 'rummage'}) SET s.sources = CASE WHEN s.sources < $number THEN $number ELSE s.sources END"
	putSource      = "MERGE (s:Source {id: $id}) SET s = $row"
	replaceSources = `UNWIND $ids AS id MATCH (old:Source {id: id}) MATCH (new:Source {id: $by})
SET old.ended = new.imported, old.ended_by = 'replaced', old.replaced = $by, old._over = new._born
MERGE (old)-[:REPLACED_BY]->(new)`
	askBorn = "MATCH (s:Source {id: $id}) RETURN s.number"
)

func ledgerOf(p map[string]any) ledger {
	l := ledger{id: graph.SourceID(text(p["id"])), number: integer(p["number"]), name: text(p["name"]), sha: graph.SHA256(text(p["sha256"])), tool: text(p["tool"]),
		step: integer(p["step"]), row: integer(p["row"]), sum: text(p["sum"]), newest: dayOf(p["newest"]), consignments: integer(p["consignments"])}
	l.erase, _ = p["erase"].(bool)
	files, _ := p["files"].([]any)
	for _, sha := range files {
		l.files = append(l.files, graph.SHA256(text(sha)))
	}
	return l
}

// fileTexts are the files as a property holds them.
func (l *ledger) fileTexts() []string {
	all := make([]string, len(l.files))
	for i, sha := range l.files {
		all[i] = string(sha)
	}
	return all
}

// ending is what the last transaction of an import does besides.
type ending struct {
	node     *sourceNode
	replaced []any // ids of the readings that it ends
}

// writer writes the batches of one import, one after another.
type writer struct {
	work   *work
	cache  *cache
	ledger ledger
	limit  int // records that a transaction may hold
	good   int // transactions since the limit last changed
	begun  bool
}

// write writes a batch, in one transaction if the server has the memory for it,
// else in several. last is nil but for the last batch.
func (w *writer) write(ctx context.Context, b *sealed, last *ending) error {
	known := w.known(b)
	total := len(known) + b.size()
	for from := 0; ; {
		to := min(total, from+w.limit)
		rest := from
		upto := to
		part := cut(known, &rest, &upto)
		var end *ending
		if to == total {
			end = last
		}
		err := w.part(ctx, part, b.part(rest, upto), to == total, end)
		switch {
		case err != nil && divide(err) && to-from > 1:
			w.limit, w.good = max(1, (to-from)/2), 0
			continue
		case err != nil:
			return err
		case to == total:
			return nil
		}
		from = to
	}
}

// known takes out of a batch the entities whose whole state is remembered, and
// returns those of them that the batch changes.
func (w *writer) known(b *sealed) []*entity {
	var changed []*entity
	fresh := b.entities[:0]
	for _, e := range b.entities {
		had := w.cache.get(e.id)
		if had == nil {
			fresh = append(fresh, e)
			continue
		}
		if had.merge(e) {
			had.own()
			w.cache.put(had)
			changed = append(changed, had)
		}
	}
	b.entities = fresh
	return changed
}

// part writes some records in one transaction; whole says that the rows of the
// batch are then all there.
func (w *writer) part(ctx context.Context, known []*entity, p *sealed, whole bool, last *ending) error {
	var done *written
	next := w.ledger
	next.step++
	do := func(t *transaction) (err error) {
		next.consignments = w.ledger.consignments
		if w.begun || last == nil {
			if err := w.moveOn(t, next.step); err != nil {
				return err
			}
		}
		if done, err = t.put(known, p); err != nil {
			return err
		}
		next.consignments += done.consignments
		if whole {
			next.row, next.sum, next.newest = p.ledger.row, p.ledger.sum, p.ledger.newest
		}
		if last != nil {
			return w.last(t, last, &next)
		}
		return w.note(t, &next, whole)
	}
	ask := func(ctx context.Context) (bool, error) { return w.took(ctx, next.step, last) }
	if err := w.work.transact(ctx, do, ask); err != nil {
		return err
	}
	for _, e := range done.entities {
		e.own()
		w.cache.put(e)
	}
	w.ledger, w.begun = next, w.begun || last == nil
	if w.good++; w.good >= 8 && w.limit < most {
		w.limit, w.good = min(most, 2*w.limit), 0
	}
	return nil
}

// moveOn moves the ledger one step on. It must be where this writer left it.
func (w *writer) moveOn(t *transaction, step int64) error {
	l := &w.ledger
	found, err := t.run(cypher{moveLedger, map[string]any{"id": string(l.id), "number": l.number, "name": l.name, "sha256": string(l.sha), "tool": l.tool, "files": l.fileTexts()}})
	if err != nil {
		return err
	}
	if len(found) != 1 || integer(found[0].Values[0]) != step {
		return w.moved(found, step)
	}
	return nil
}

// moved says that the ledger is not at the step that it should have come to.
func (w *writer) moved(found []*driver.Record, step int64) error {
	at := "nowhere"
	if len(found) == 1 {
		at = fmt.Sprintf("at step %d", integer(found[0].Values[0]))
	}
	return w.work.store.broken(graph.ErrDamaged, "the ledger of the %s is not where it was left, %s and not at %d; begin it again", w.work.what, at, step)
}

// note writes how far the import has come.
func (w *writer) note(t *transaction, next *ledger, whole bool) error {
	if _, err := t.run(cypher{countLedger, map[string]any{"id": string(next.id), "consignments": next.consignments}}); err != nil || !whole {
		return err
	}
	_, err := t.run(cypher{setLedger, map[string]any{"id": string(next.id), "row": next.row, "sum": next.sum, "newest": givenDay(next.newest)}})
	return err
}

// last writes the source's own node and ends the readings that it replaces.
func (w *writer) last(t *transaction, last *ending, next *ledger) error {
	n := last.node
	n.Consignments = next.consignments
	if err := t.putSource(n, last.replaced); err != nil {
		return err
	}
	if !w.begun {
		return nil
	}
	_, err := t.run(cypher{dropLedger, map[string]any{"id": string(n.ID)}})
	return err
}

// took says whether a transaction took place whose answer was lost.
func (w *writer) took(ctx context.Context, step int64, last *ending) (bool, error) {
	s := w.work.store
	if last != nil {
		found, err := s.records(ctx, cypher{askBorn, map[string]any{"id": string(last.node.ID)}})
		return err == nil && len(found) == 1 && integer(found[0].Values[0]) == last.node.number, err
	}
	found, err := s.records(ctx, cypher{askStep, map[string]any{"id": string(w.ledger.id)}})
	if err != nil {
		return false, err
	}
	switch {
	case len(found) == 1 && integer(found[0].Values[0]) == step:
		return true, nil
	case len(found) == 1 && integer(found[0].Values[0]) == step-1, len(found) == 0 && step == 1:
		return false, nil
	}
	return false, w.moved(found, step)
}

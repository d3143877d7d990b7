package neo4j

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"rummage/graph"
)

const (
	// markErasure lets the next writer finish what is being erased.
	markErasure = `MERGE (u:Unfinished {id: $id}) SET u.number = $number, u.name = $name, u.sha256 = $sha256, u.erase = true, u.files = $files`
	// purgeRuns deletes runs that used a source, with what they published.
	purgeRuns = `MATCH (r:Run) WHERE $id IN r.sources
OPTIONAL MATCH (r)-[:REPORTED]->(x) DETACH DELETE x, r`
	// forgetDecisions takes the words out of decisions, and tells readers that
	// remember them.
	forgetDecisions = `MATCH (s:Store {id: 'rummage'}) SET s.forgotten = coalesce(s.forgotten, 0) + 1
WITH s MATCH (d:Decision) WHERE d.id IN $ids
SET d = {id: d.id, kind: 'erased', subject: '', sources: d.sources}`
)

// ending returns the source that is to end, with what else there is.
func (w *work) ending(ctx context.Context, id graph.SourceID) (*census, *sourceNode, error) {
	c, err := w.census(ctx)
	if err != nil {
		return nil, nil, err
	}
	n := c.find(id)
	if n == nil {
		return nil, nil, fmt.Errorf("neo4j: source %s: %w", id, graph.ErrUnknownSource)
	}
	return c, n, nil
}

func ended(n *sourceNode) error {
	return fmt.Errorf("neo4j: source %s: %s on %s: %w", n.ID, n.EndedBy, n.Ended.Format(time.RFC3339Nano), graph.ErrEnded)
}

// Withdraw ends a source by a dated mark.
func (s *Store) Withdraw(ctx context.Context, id graph.SourceID, when time.Time, reason string) error {
	if when.IsZero() {
		return fmt.Errorf("neo4j: withdraw %s: no time: %w", id, graph.ErrInvalidRecord)
	}
	w, err := s.begin(ctx, "withdraw")
	if err != nil {
		return err
	}
	defer w.release()
	c, n, err := w.ending(ctx, id)
	if err != nil {
		return s.errorOf(ctx, err)
	}
	if !n.Ended.IsZero() {
		return ended(n)
	}
	n.Ended, n.EndedBy, n.Reason, n.over = instant(when), graph.Withdrawn, valid(reason), c.generation+1
	if err := w.transact(ctx, func(t *transaction) error { return t.setSource(n) }, nil); err != nil {
		return err
	}
	return w.show(context.WithoutCancel(ctx), n.over)
}

// ErrUnfinished is wrapped by the error of a purge that hid its source and did
// not come to the end of erasing it.
var ErrUnfinished = errors.New("its erasure is unfinished")

// unfinished says what a purge that was broken off leaves, and what to do.
func unfinished(id graph.SourceID, cause error) error {
	return fmt.Errorf("neo4j: purge of source %s: it is hidden, and %w; purge it again, or import anything, which finishes it: %w", id, ErrUnfinished, cause)
}

// Purge erases a source. It is out of every scope at once; then its records,
// the runs that used it and its evidence are taken out, batch by batch. Broken off, it wraps ErrUnfinished
// beside the cause, and is finished by purging the source again, or by the next
// import or purge of any other.
func (s *Store) Purge(ctx context.Context, id graph.SourceID, when time.Time, reason string) error {
	if when.IsZero() {
		return fmt.Errorf("neo4j: purge %s: no time: %w", id, graph.ErrInvalidRecord)
	}
	w, err := s.begin(ctx, "purge")
	if err != nil {
		return err
	}
	defer w.release()
	c, n, err := w.ending(ctx, id)
	if err != nil {
		return s.errorOf(ctx, err)
	}
	going := slices.ContainsFunc(c.unfinished, func(l ledger) bool { return l.id == id && l.erase })
	if _, err := w.finishOthers(ctx, c, ""); err != nil {
		if going {
			err = unfinished(id, err)
		}
		return err
	}
	switch {
	case going:
		return nil
	case n.EndedBy == graph.Purged:
		return ended(n)
	}
	n.Ended, n.EndedBy, n.Reason = instant(when), graph.Purged, valid(reason)
	l, err := w.hide(ctx, c, n)
	if err != nil {
		return err
	}
	if err := w.takeOut(ctx, l, c.sources); err != nil {
		return unfinished(id, s.errorOf(ctx, err))
	}
	return nil
}

// hide takes a source that was purged out of every scope, and notes that its
// records are to be erased.
func (w *work) hide(ctx context.Context, c *census, n *sourceNode) (*ledger, error) {
	if n.over == 0 {
		n.over = c.generation + 1
	}
	l := &ledger{id: n.ID, number: n.number, name: n.Name, sha: n.SHA256, erase: true, files: n.Files()}
	if err := w.transact(ctx, func(t *transaction) error { return markPurged(t, n, l) }, nil); err != nil {
		return nil, err
	}
	return l, w.show(context.WithoutCancel(ctx), c.generation+1) // it is hidden whole, or not at all
}

func markPurged(t *transaction, n *sourceNode, l *ledger) error {
	if err := t.setSource(n); err != nil {
		return err
	}
	id := map[string]any{"id": string(n.ID)}
	if _, err := t.run(cypher{markErasure, map[string]any{"id": string(l.id), "number": l.number, "name": l.name, "sha256": string(l.sha), "files": l.fileTexts()}}); err != nil {
		return err
	}
	_, err := t.run(cypher{purgeRuns, id})
	return err
}

// Forget erases the words of decisions. Doing so again does no harm.
func (s *Store) Forget(ctx context.Context, decisions []int64) error {
	return s.write(ctx, "forget", func(t *transaction) error {
		_, err := t.run(cypher{forgetDecisions, map[string]any{"ids": decisions}})
		return err
	}, nil)
}

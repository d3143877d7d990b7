package neo4j

import (
	"context"
	"slices"

	"rummage/graph"
)

// census is what a writer must know of a store before it begins.
type census struct {
	sources    []sourceNode // all, whole, by number
	generation int64
	given      int64 // greatest number of a source so far
	unfinished []ledger
}

const (
	askCounters    = "MATCH (s:Store {id: 'rummage'}) RETURN s.generation, s.sources"
	showGeneration = "MATCH (s:Store {id: 'rummage'}) SET s.generation = $generation"
)

// census reads the sources. What a writer that died had written to the end and
// not yet shown is shown.
func (w *work) census(ctx context.Context) (*census, error) {
	s := w.store
	found, err := s.records(ctx, cypher{text: askCounters})
	if err != nil {
		return nil, err
	}
	if len(found) != 1 {
		return nil, s.broken(graph.ErrNotAStore, "database %s is no store any more", s.options.Database)
	}
	c := &census{generation: integer(found[0].Values[0]), given: integer(found[0].Values[1])}
	newest := c.generation
	for record, err := range s.stream(ctx, cypher{text: askSources}) {
		if err != nil {
			return nil, err
		}
		p, _ := record.Values[0].(map[string]any)
		n := sourceOf(p)
		newest, c.given = max(newest, n.born, n.over), max(c.given, n.number)
		c.sources = append(c.sources, n)
	}
	for record, err := range s.stream(ctx, cypher{text: askUnfinished}) {
		if err != nil {
			return nil, err
		}
		p, _ := record.Values[0].(map[string]any)
		l := ledgerOf(p)
		c.given = max(c.given, l.number)
		c.unfinished = append(c.unfinished, l)
	}
	if newest > c.generation {
		c.generation = newest
		return c, w.show(ctx, newest)
	}
	return c, nil
}

// find returns the source of an id, nil when there is none.
func (c *census) find(id graph.SourceID) *sourceNode {
	i := slices.IndexFunc(c.sources, func(n sourceNode) bool { return n.ID == id })
	if i < 0 {
		return nil
	}
	return &c.sources[i]
}

// next returns the id of the next import of a reading, or the error that it
// counts already.
func (c *census) next(spec *graph.SourceSpec) (graph.SourceID, error) {
	n := 0
	for i := range c.sources {
		had := &c.sources[i]
		if had.Reading() != spec.Reading() {
			continue
		}
		if had.Ended.IsZero() {
			return "", &graph.AlreadyImportedError{Source: had.Source}
		}
		n++
	}
	return spec.ID(n), nil
}

// replacedBy returns the ids of the readings that another of the same
// content ends.
func (c *census) replacedBy(n *sourceNode) []any {
	var ids []any
	for i := range c.sources {
		if had := &c.sources[i]; had.Content() == n.Content() && had.Ended.IsZero() {
			ids = append(ids, string(had.ID))
		}
	}
	return ids
}

// putSource writes the node of a source that is new, and ends the readings that
// it replaces.
func (t *transaction) putSource(n *sourceNode, replaced []any) error {
	if _, err := t.run(cypher{takeNumber, map[string]any{"number": n.number}}); err != nil {
		return err
	}
	if err := t.setSource(n); err != nil || len(replaced) == 0 {
		return err
	}
	_, err := t.run(cypher{replaceSources, map[string]any{"ids": replaced, "by": string(n.ID)}})
	return err
}

// setSource writes the node of a source.
func (t *transaction) setSource(n *sourceNode) error {
	_, err := t.run(cypher{putSource, map[string]any{"id": string(n.ID), "row": n.properties()}})
	return err
}

// show makes what was written for a generation visible, at once: what was
// written is there whole, and this is one number.
func (w *work) show(ctx context.Context, generation int64) error {
	return w.transact(ctx, func(t *transaction) error {
		_, err := t.run(cypher{showGeneration, map[string]any{"generation": generation}})
		return err
	}, nil)
}

// finishOthers takes out what unfinished imports left and what was being
// erased. The ledger of the import that begins is returned, if it was broken
// off and this version of rummage had begun it.
func (w *work) finishOthers(ctx context.Context, c *census, beginning graph.SourceID) (own *ledger, err error) {
	for i := range c.unfinished {
		l := &c.unfinished[i]
		if l.id == beginning && !l.erase && l.tool == w.store.options.Tool {
			own = l
			continue
		}
		if err := w.takeOut(ctx, l, c.sources); err != nil {
			return nil, err
		}
	}
	return own, nil
}

// takeOut erases everything that a source says, and what was kept of its files
// unless another source needs it. Broken off, it is gone on with by the next
// writer.
func (w *work) takeOut(ctx context.Context, l *ledger, sources []sourceNode) error {
	if err := w.eraseRecords(ctx, l.number); err != nil {
		return err
	}
	if err := w.store.forget(l.files, sources); err != nil {
		return err
	}
	return w.transact(ctx, func(t *transaction) error {
		_, err := t.run(cypher{dropLedger, map[string]any{"id": string(l.id)}})
		return err
	}, nil)
}

// keeps reports whether the evidence folder holds a file.
func (s *Store) keeps(sha graph.SHA256) (bool, error) {
	kept, err := s.evidence.Kept()
	return slices.Contains(kept, sha), err
}

// forget takes those of the files out of the evidence folder that no source needs.
func (s *Store) forget(files []graph.SHA256, sources []sourceNode) error {
	if s.evidence == nil {
		return nil
	}
	for _, sha := range files {
		if slices.ContainsFunc(sources, func(n sourceNode) bool { return n.Needs(sha) }) {
			continue
		}
		if err := s.evidence.Remove(sha); err != nil {
			return err
		}
	}
	return nil
}

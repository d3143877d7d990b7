package neo4j

import (
	"errors"
	"io/fs"
	"slices"

	"rummage/graph"
)

// ledger notes what should have been erased together with a source.
func (c *checker) ledger() error {
	purged := map[graph.SourceID]bool{}
	for _, n := range c.sources {
		purged[n.ID] = n.EndedBy == graph.Purged
	}
	runs, err := c.store.readRuns(c.ctx, "")
	if err != nil {
		return err
	}
	for i := range runs {
		for _, id := range runs[i].Scope.Sources {
			if purged[id] {
				c.say("run "+string(runs[i].ID), "rests on source %s, which was purged", id)
			}
		}
	}
	return nil
}

// askBusy counts the writers at work: each keeps a transaction open for the lock.
const askBusy = "SHOW TRANSACTIONS YIELD metaData WHERE metaData.tool = 'rummage' RETURN count(*)"

// brokenOff notes the sources whose erasure began before the check, is not done
// at its end, and is nobody's work now.
func (c *checker) brokenOff() error {
	if !c.anyErasing() {
		return nil
	}
	busy := false
	err := c.stream(cypher{text: askBusy}, func(v []any) { busy = busy || integer(v[0]) > 0 })
	if busy || err != nil && !errors.Is(err, graph.ErrReadOnly) { // Forbidden: who may not see the work of others sees none
		return err
	}
	return c.stream(cypher{text: askUnfinished}, func(v []any) {
		p, _ := v[0].(map[string]any)
		if l := ledgerOf(p); l.erase && c.erasing[l.id] {
			c.say("source "+string(l.id), "its erasure was broken off; purge it again, or import anything, which finishes it")
		}
	})
}

func (c *checker) anyErasing() bool {
	for _, erase := range c.erasing {
		if erase {
			return true
		}
	}
	return false
}

// evidence compares the kept files with what sources need. A folder that this
// account may not look into is a fault like others.
func (c *checker) evidence() error {
	s := c.store
	if s.evidence == nil {
		return nil
	}
	kept, err := s.evidence.Kept()
	if errors.Is(err, fs.ErrPermission) {
		c.say("evidence folder "+s.evidence.Dir(), "%v", err)
		return nil
	}
	if err != nil {
		return err
	}
	problems, err := s.evidence.Check(c.ctx, nil)
	if err != nil {
		return err
	}
	c.problems = append(c.problems, problems...)
	for _, n := range c.sorted() {
		for _, sha := range n.Files() {
			if n.Needs(sha) && !slices.Contains(kept, sha) {
				c.say("source "+string(n.ID), "its evidence %s is missing from %s", sha, s.evidence.Dir())
			}
		}
	}
	return nil
}

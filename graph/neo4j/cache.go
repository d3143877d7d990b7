package neo4j

import (
	"strings"

	"rummage/graph"
)

// cacheBytes is about how much memory each half of a cache may take.
const cacheBytes = 24 << 20

// cache holds entities that an import has written, as they stand in the
// database, so that busy ones are not read and written with every batch. It has
// two halves: when the young one is full it becomes the old one, and what was
// in the old one and not asked for since is forgotten.
type cache struct {
	young, old map[graph.ID]*entity
	bytes      int // of the young half
}

func newCache() *cache { return &cache{young: map[graph.ID]*entity{}} }

// get returns an entity as it stands in the database, nil when that is not
// known.
func (c *cache) get(id graph.ID) *entity {
	if e := c.young[id]; e != nil {
		return e
	}
	e := c.old[id]
	if e != nil {
		c.put(e)
	}
	return e
}

// put remembers an entity, unless it is too large by itself.
func (c *cache) put(e *entity) {
	cost := e.cost()
	if cost > cacheBytes {
		delete(c.young, e.id)
		delete(c.old, e.id)
		return
	}
	if c.young[e.id] == e {
		c.bytes -= e.counted
	}
	e.counted = cost
	if c.bytes += cost; c.bytes > cacheBytes {
		c.young, c.old, c.bytes = map[graph.ID]*entity{}, c.young, cost
	}
	c.young[e.id] = e
}

// cost is about how much memory the entity takes.
func (e *entity) cost() int {
	cost := 200 + len(e.id) + 24*len(e.supports)
	for i := range e.facts {
		f := &e.facts[i]
		cost += 150 + len(f.Value) + 24*len(f.mentions)
	}
	for i := range e.outcomes {
		cost += 200 + 24*len(e.outcomes[i].mentions)
		for _, f := range e.outcomes[i].Fields {
			cost += 50 + len(f.Value)
		}
	}
	return cost
}

// own makes the entity's texts its own, so that remembering it keeps nothing
// else alive: a text that was cut from a row keeps the whole row.
func (e *entity) own() {
	e.id = graph.ID(strings.Clone(string(e.id)))
	for i := range e.facts {
		f := &e.facts[i]
		f.Entity, f.Value = e.id, strings.Clone(f.Value)
	}
	for i := range e.outcomes {
		o := &e.outcomes[i]
		o.Subject = e.id
		for j := range o.Fields {
			o.Fields[j].Value = strings.Clone(o.Fields[j].Value)
		}
	}
}

package neo4j

import (
	"context"
	"errors"
	"slices"

	"rummage/graph"
)

// The texts by which the server lists what holds an entity: the first ones, by
// day, then id. Details are read of those that are shown alone.
var (
	listTies = "MATCH (e:Entity)<-[r:" + tieTypes + "]-(c) WHERE e.id IN $ids AND " + tieVisible + `
WITH DISTINCT c, coalesce(r._day, 0) AS day
RETURN day, c.id AS id ORDER BY day, id LIMIT $limit`
	listShared = "MATCH (e:Entity)<-[r:" + tieTypes + "]-(c) WHERE e.id IN $ids AND " + tieVisible + `
WITH DISTINCT c, coalesce(r._day, 0) AS day WHERE EXISTS { MATCH (c)-[:` + tieTypes + `]->(n) WHERE n.id IN $with }
RETURN day, c.id AS id ORDER BY day, id LIMIT $limit`

	listLinks = "MATCH (e:Entity)-[l:" + linkTypes + "]-(n) WHERE e.id IN $ids AND ($with IS NULL OR n.id IN $with) AND " + linkVisible + `
WITH DISTINCT l WITH l, startNode(l) AS a, endNode(l) AS b
` + linkColumns + `
ORDER BY l._start, a.id, $order[type(l)], b.id LIMIT $limit`
	// sameLinks finds what the limit above may have cut off: events of one day
	// between the same two.
	sameLinks = "MATCH (a:Entity {id: $from})-[l:" + linkTypes + "]->(b:Entity {id: $to}) WHERE type(l) = $type AND l._start = $start AND " + linkVisible + `
` + linkColumns

	someConsignments = `MATCH (c:Consignment) WHERE c.id IN $ids RETURN c.id, c._statements, CASE WHEN c._several THEN c._fields END AS fields, null AS outcomes`
)

const linkColumns = "RETURN a.id, type(l), b.id, l._start, l.end, l.key, l._fields, l._sources, l._rows"

// connecting is a question for what holds one cluster, or two.
type connecting struct {
	*reader
	me, other *around // other is nil when one is asked for
	most      int     // how many from the first on may be shown
	found     []graph.Connection
	bare      map[graph.ID]bool // consignments of which only id and day are known
}

// Connections lists the records that hold an entity, or both of two.
func (r *reader) Connections(ctx context.Context, query graph.ConnectionQuery) (shown []graph.Connection, err error) {
	err = r.beside(ctx, query.ID, func(me *around) error {
		c := &connecting{reader: r, me: me, most: max(query.Offset, 0) + limitOf(query.Limit, defaultPage)}
		if query.With != "" {
			if c.other, err = r.lookAround(ctx, query.With); errors.Is(err, graph.ErrNotFound) {
				return nil // nothing is shared with what is not there
			}
		}
		if err == nil {
			err = c.collect(ctx, c.fewer())
		}
		if err != nil {
			return err
		}
		slices.SortFunc(c.found, func(a, b graph.Connection) int { return graph.CompareConnections(&a, &b) })
		shown = slices.Clone(page(c.found, query.Offset, limitOf(query.Limit, defaultPage)))
		return c.detail(ctx, shown)
	})
	return shown, err
}

// fewer is the one of the two whose ties are walked.
func (c *connecting) fewer() *around {
	if c.other != nil && c.other.in < c.me.in {
		return c.other
	}
	return c.me
}

func (c *connecting) collect(ctx context.Context, fewer *around) error {
	c.found, c.bare = nil, make(map[graph.ID]bool)
	if c.other != nil && c.other.cluster == c.me.cluster {
		return c.links(ctx) // no consignment holds an entity and, beside it, the same
	}
	if err := c.single(ctx, fewer); err != nil {
		return err
	}
	if fewer.several > 0 {
		err := c.unite(ctx, fewer.members, func(con *graph.Consignment) {
			if one, ok := c.connection(con); ok {
				c.found = append(c.found, one)
			}
		})
		if err != nil {
			return err
		}
	}
	return c.links(ctx)
}

// single lists the consignments of one statement.
func (c *connecting) single(ctx context.Context, fewer *around) error {
	q := cypher{listTies, c.about(fewer.members)}
	if c.other != nil {
		with := c.other
		if fewer == c.other {
			with = c.me
		}
		q.text, q.values["with"] = listShared, strs(with.members)
	}
	q.values["limit"] = c.most
	for record, err := range c.store.stream(ctx, q) {
		if err != nil {
			return err
		}
		one := graph.Connection{Date: graph.Date(integer(record.Values[0])), Consignment: graph.ID(text(record.Values[1]))}
		c.bare[one.Consignment] = true
		c.found = append(c.found, one)
	}
	return nil
}

// connection says how a consignment holds the two; ok is false when it does
// not.
func (c *connecting) connection(con *graph.Consignment) (one graph.Connection, ok bool) {
	one = graph.Connection{Consignment: con.ID, Date: con.Date()}
	for _, tie := range con.Ties() {
		switch cluster := c.identity.Cluster(tie.Entity); {
		case cluster == c.me.cluster:
			one.Roles = append(one.Roles, tie.Role)
		case c.other != nil && cluster == c.other.cluster:
			one.WithRoles = append(one.WithRoles, tie.Role)
		}
	}
	for i := range con.Current {
		one.Origins = graph.MergeOrigins(one.Origins, con.Current[i].Origins)
	}
	one.Roles, one.WithRoles = slices.Compact(one.Roles), slices.Compact(one.WithRoles)
	return one, len(one.Roles) > 0 && (c.other == nil || len(one.WithRoles) > 0)
}

// links lists the first links.
func (c *connecting) links(ctx context.Context) error {
	q := cypher{listLinks, c.about(c.me.members)}
	q.values["with"], q.values["limit"], q.values["order"] = nil, c.most, typeOrder
	if c.other != nil {
		q.values["with"] = strs(c.other.members)
	}
	all, err := c.readLinks(ctx, q)
	if err != nil || len(all) == 0 {
		return err
	}
	if len(all) == c.most {
		last := all[len(all)-1]
		values := c.about(nil)
		values["from"], values["to"], values["type"], values["start"] = string(last.From), string(last.To), roleTypes[last.Role], int64(last.Start)
		same, err := c.readLinks(ctx, cypher{sameLinks, values})
		if err != nil {
			return err
		}
		all = append(all, same...)
	}
	slices.SortFunc(all, graph.CompareLinks)
	all = slices.CompactFunc(all, func(a, b *graph.Link) bool { return graph.CompareLinks(a, b) == 0 })
	for _, l := range all {
		c.found = append(c.found, graph.Connection{Link: l, Date: l.Start, Origins: l.Origins})
	}
	return nil
}

func (c *connecting) readLinks(ctx context.Context, q cypher) (all []*graph.Link, err error) {
	err = untorn(func() error {
		all = nil
		for record, err := range c.store.stream(ctx, q) {
			if err != nil {
				return err
			}
			l, err := linkOfRecord(record)
			if err != nil {
				return err
			}
			if shown := l.shown(c.gate, graph.Want{Origins: true}); shown != nil {
				all = append(all, shown)
			}
		}
		return nil
	})
	return all, err
}

// detail fills in roles and origins of those that are shown.
func (c *connecting) detail(ctx context.Context, shown []graph.Connection) error {
	var ids []graph.ID
	places := make(map[graph.ID]int)
	for i := range shown {
		if c.bare[shown[i].Consignment] {
			places[shown[i].Consignment] = i
			ids = append(ids, shown[i].Consignment)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	return c.stand(ctx, cypher{someConsignments, map[string]any{"ids": strs(ids)}}, func(con *graph.Consignment) {
		if one, ok := c.connection(con); ok {
			shown[places[con.ID]] = one
		}
	})
}

package sqlite

import (
	"context"
	"errors"
	"slices"

	"rummage/graph"
	"rummage/graph/sqlite/segment"
)

type segTie = segment.Tie

// connecting collects the consignments that hold one cluster or two.
type connecting struct {
	reader       *reader
	me, other    *cluster // other is nil when only one is asked for
	self, beside []numbering
	found        []connected
}

// connected is a connection whose details are filled in if it is listed.
type connected struct {
	graph.Connection
	segment int
	columns *statementBlock // nil for one that was put together
	at      int
}

// Connections lists the records that hold an entity, or both of two.
func (r *reader) Connections(ctx context.Context, query graph.ConnectionQuery) ([]graph.Connection, error) {
	all, err := r.connections(ctx, query)
	return all, errorOf("connections", err)
}

func (r *reader) connections(ctx context.Context, query graph.ConnectionQuery) ([]graph.Connection, error) {
	c := &connecting{reader: r}
	var err error
	if c.me, err = r.lookup(query.ID); err != nil {
		return nil, err
	}
	if err = r.records(c.me); err != nil {
		return nil, err
	}
	if c.self, err = r.numberings(c.me); err != nil {
		return nil, err
	}
	if query.With != "" {
		c.other, err = r.lookup(query.With)
		if errors.Is(err, graph.ErrNotFound) {
			return nil, nil // nothing is shared with what is not there
		}
		if err == nil {
			err = r.records(c.other)
		}
		if err == nil {
			c.beside, err = r.numberings(c.other)
		}
		if err != nil {
			return nil, err
		}
	}
	if c.other == nil || c.other.id != c.me.id { // nothing holds an entity and, beside it, the same
		if err := r.walkStanding(ctx, c.fewer(), standing{single: c.addSingle, united: c.addUnited}); err != nil {
			return nil, err
		}
	}
	links, err := r.linksOf(c.me.named)
	if err != nil {
		return nil, err
	}
	for i := range links {
		c.addLink(&links[i])
	}
	slices.SortFunc(c.found, func(a, b connected) int { return graph.CompareConnections(&a.Connection, &b.Connection) })
	return c.list(page(c.found, query.Offset, query.Limit, 50)), nil
}

// fewer returns where to look: at the records of the cluster that has fewer.
func (c *connecting) fewer() []naming {
	if c.other == nil {
		return c.me.named
	}
	count := func(named []naming) (n int) {
		for i := range named {
			n += len(named[i].statements)
		}
		return n
	}
	if count(c.other.named) < count(c.me.named) {
		return c.other.named
	}
	return c.me.named
}

func (c *connecting) addSingle(i int, s singleStatement) error {
	me := slices.ContainsFunc(s.ties, func(t segTie) bool { return c.self[i].self[t.Num] })
	with := c.other == nil || slices.ContainsFunc(s.ties, func(t segTie) bool { return c.beside[i].self[t.Num] })
	if !me || !with {
		return nil
	}
	id, err := s.columns.id(s.i)
	c.found = append(c.found, connected{segment: i, columns: s.columns, at: s.i, Connection: graph.Connection{Consignment: graph.ID(id), Date: s.day}})
	return err
}

func (c *connecting) addUnited(con *graph.Consignment) error {
	found := graph.Connection{Consignment: con.ID, Date: con.Date()}
	for _, tie := range con.Ties() {
		c.addRole(&found, c.reader.identity.Cluster(tie.Entity), tie.Role)
	}
	if len(found.Roles) == 0 || c.other != nil && len(found.WithRoles) == 0 {
		return nil
	}
	for i := range con.Current {
		found.Origins = graph.MergeOrigins(found.Origins, con.Current[i].Origins)
	}
	found.Roles, found.WithRoles = slices.Compact(found.Roles), slices.Compact(found.WithRoles)
	c.found = append(c.found, connected{Connection: found})
	return nil
}

func (c *connecting) addRole(found *graph.Connection, id graph.ID, role graph.Role) {
	switch {
	case id == c.me.id:
		found.Roles = append(found.Roles, role)
	case c.other != nil && id == c.other.id:
		found.WithRoles = append(found.WithRoles, role)
	}
}

func (c *connecting) addLink(l *graph.Link) {
	from, to := c.reader.identity.Cluster(l.From), c.reader.identity.Cluster(l.To)
	if c.other == nil || from == c.me.id && to == c.other.id || from == c.other.id && to == c.me.id {
		c.found = append(c.found, connected{Connection: graph.Connection{Link: l, Date: l.Start, Origins: l.Origins}})
	}
}

// list fills in roles and origins of those that are listed.
func (c *connecting) list(found []connected) []graph.Connection {
	all := make([]graph.Connection, 0, len(found))
	for i := range found {
		f := &found[i]
		if f.columns != nil {
			for _, tie := range f.columns.ties.Append(nil, f.at) {
				switch {
				case c.self[f.segment].self[tie.Num]:
					f.Roles = append(f.Roles, tie.Role)
				case c.other != nil && c.beside[f.segment].self[tie.Num]:
					f.WithRoles = append(f.WithRoles, tie.Role)
				}
			}
			f.Roles, f.WithRoles = slices.Compact(f.Roles), slices.Compact(f.WithRoles)
			f.Origins = f.columns.origin(c.reader.segments[f.segment], f.at)
		}
		all = append(all, f.Connection)
	}
	return all
}

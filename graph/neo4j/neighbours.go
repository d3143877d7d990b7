package neo4j

import (
	"context"
	"slices"
	"strings"

	"rummage/graph"
)

// deep is the offset from which on pages are cut out by the server alone: two
// halves would each have to send all that comes before.
const deep = 1000

func holdsType(types string, role graph.Role) bool {
	return slices.Contains(strings.Split(types, "|"), roleTypes[role])
}

// Neighbours lists neighbours, most records first.
func (r *reader) Neighbours(ctx context.Context, query graph.NeighbourQuery) (all []graph.Neighbour, err error) {
	err = r.beside(ctx, query.ID, func(a *around) error {
		u, err := r.uniteAround(ctx, a)
		if err == nil {
			all, err = r.list(ctx, a, u, query)
		}
		return err
	})
	return all, err
}

func (r *reader) list(ctx context.Context, a *around, u *united, query graph.NeighbourQuery) ([]graph.Neighbour, error) {
	roles := query.Roles
	if roles == nil {
		roles = graph.Roles()
	}
	types := make([]string, len(roles))
	for i, role := range roles {
		types[i] = roleTypes[role]
	}
	offset, limit := max(query.Offset, 0), limitOf(query.Limit, defaultPage)
	parts := r.parts(a, roles, a.twice > 0 && len(r.clusters) > 0)
	if len(parts) > 1 && offset >= deep {
		parts = []besideKey{{types: tieTypes, many: len(a.members) > 1, twice: true, links: true}}
	}
	strange := u.odd(r)
	asked := len(parts)
	if len(strange) > 0 {
		asked *= 2 // the rest of each part, then what is odd in it
	}
	skip, take := offset, limit
	if asked > 1 {
		skip, take = 0, offset+limit
	}
	answers := make([][]graph.Neighbour, asked)
	err := each(asked, func(i int) error {
		part := parts[i%len(parts)]
		q := cypher{besides[part].page, r.values(a, u, part)}
		if r.plain(u, part) {
			q.text = besides[part].plain[number(a.whole)]
		}
		q.values["types"], q.values["offset"], q.values["limit"] = types, skip, take
		q.values["odd"], q.values["only"] = strange, i >= len(parts)
		if i >= len(parts) {
			q.values["limit"] = len(types) * 2 * len(strange)
		}
		for record, err := range r.store.stream(ctx, q) {
			if err != nil {
				return err
			}
			v := record.Values
			answers[i] = append(answers[i], graph.Neighbour{Role: roleOfType(text(v[0])), Incoming: v[1] == true, ID: graph.ID(text(v[2])),
				Records: integer(v[3]), First: graph.Date(integer(v[4])), Last: graph.Date(integer(v[5]))})
		}
		return nil
	})
	if err != nil || asked <= 1 {
		return slices.Concat(answers...), err
	}
	all := slices.Concat(answers...)
	slices.SortFunc(all, func(x, y graph.Neighbour) int { return graph.CompareNeighbours(&x, &y) })
	return page(all, offset, limit), nil
}

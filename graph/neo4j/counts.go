package neo4j

import (
	"cmp"
	"context"
	"slices"

	"rummage/graph"
)

// united is what the consignments of several statements say beside a cluster.
type united struct {
	rows    map[unitedKey]*unitedRow
	records map[graph.Role]int64 // consignments that have the role
}

type unitedKey struct {
	role graph.Role
	id   graph.ID
}

type unitedRow struct {
	records     int64
	first, last graph.Date
}

// unite reads the consignments of several statements that hold a cluster and
// puts them together as the scope shows them. Visit sees each as it comes.
func (r *reader) unite(ctx context.Context, ids []graph.ID, visit func(*graph.Consignment)) error {
	return r.stand(ctx, cypher{askSeveral, r.about(ids)}, visit)
}

// stand visits what a query of consignments finds and the scope shows.
func (r *reader) stand(ctx context.Context, q cypher, visit func(*graph.Consignment)) error {
	all := cypher{oneConsignment, map[string]any{"fields": true}}
	for record, err := range r.store.stream(ctx, q) {
		if err != nil {
			return err
		}
		all.values["id"] = record.Values[0]
		c, err := whole(ctx, r.store, record, consignmentOfRecord, all)
		if err != nil {
			return err
		}
		if shown := c.shown(r.gate, graph.Want{Origins: true}); shown != nil {
			visit(shown)
		}
	}
	return nil
}

func (u *united) add(r *reader, me graph.ID, c *graph.Consignment) {
	ties := c.Ties()
	if !slices.ContainsFunc(ties, func(tie graph.Tie) bool { return r.identity.Cluster(tie.Entity) == me }) {
		return // an amendment took it out
	}
	day := c.Date()
	var done []unitedKey
	for _, tie := range ties {
		key := unitedKey{tie.Role, r.identity.Cluster(tie.Entity)}
		if key.id == me || slices.Contains(done, key) {
			continue
		}
		if !slices.ContainsFunc(done, func(had unitedKey) bool { return had.role == key.role }) {
			u.records[key.role]++
		}
		done = append(done, key)
		row := u.rows[key]
		if row == nil {
			row = &unitedRow{}
			u.rows[key] = row
		}
		row.records++
		if day != graph.NoDate && (row.first == graph.NoDate || day < row.first) {
			row.first = day
		}
		row.last = max(row.last, day)
	}
}

// parameters returns the rows in some types, in order.
func (u *united) parameters(types string) []map[string]any {
	keys := make([]unitedKey, 0, len(u.rows))
	for key := range u.rows {
		if types == tieTypes || holdsType(types, key.role) {
			keys = append(keys, key)
		}
	}
	slices.SortFunc(keys, func(a, b unitedKey) int { return cmp.Or(cmp.Compare(a.role, b.role), cmp.Compare(a.id, b.id)) })
	all := make([]map[string]any, len(keys))
	for i, key := range keys {
		row := u.rows[key]
		all[i] = map[string]any{"role": roleTypes[key.role], "id": string(key.id), "records": row.records,
			"first": givenNumber(row.first), "last": givenNumber(row.last)}
	}
	return all
}

// odd returns the ids that come to the server as parameters and that it would
// put in another order.
func (u *united) odd(r *reader) []string {
	all := slices.Clone(r.odd)
	for key := range u.rows {
		if odd(key.id) {
			all = append(all, string(key.id))
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

func givenNumber(day graph.Date) any {
	if day == graph.NoDate {
		return nil
	}
	return int64(day)
}

// busyAt is from how many relationships on the server counts several types at
// the same time.
const busyAt = 5000

// parts says how to count the neighbours of an entity in some roles: all at
// once, or where there are many in parts at the same time. Doubled says whether
// roles that stand twice make a difference.
func (r *reader) parts(a *around, roles []graph.Role, doubled bool) (all []besideKey) {
	ties := slices.ContainsFunc(roles, graph.Role.IsTie) && a.in > 0
	links := slices.ContainsFunc(roles, graph.Role.IsLink) && a.in+a.out > 0
	many := len(a.members) > 1
	if ties && a.in+a.out < r.busyAt {
		return []besideKey{{types: tieTypes, many: many, twice: true, links: links}}
	}
	if ties {
		for _, types := range typesOfRoles(roles) {
			all = append(all, besideKey{types: types, many: many, twice: doubled})
		}
	}
	if links {
		all = append(all, besideKey{links: true})
	}
	return all
}

// typesOfRoles returns the types of the roles of ties, in the halves that are
// counted at the same time; of a half of which one role is asked for, that.
func typesOfRoles(roles []graph.Role) (all []string) {
	var parties, goods []graph.Role
	for _, role := range roles {
		switch {
		case isParty(role):
			parties = append(parties, role)
		case role.IsTie():
			goods = append(goods, role)
		}
	}
	for i, half := range [][]graph.Role{parties, goods} {
		switch len(half) {
		case 0:
		case 1:
			all = append(all, roleTypes[half[0]])
		default:
			all = append(all, []string{partyTypes, goodsTypes}[i])
		}
	}
	return all
}

// Counts returns how many neighbours and records there are in each role.
func (r *reader) Counts(ctx context.Context, id graph.ID) (counts []graph.Count, err error) {
	err = r.beside(ctx, id, func(a *around) error {
		u, err := r.uniteAround(ctx, a)
		if err == nil {
			counts, err = r.count(ctx, a, u)
		}
		return err
	})
	return counts, err
}

func (r *reader) uniteAround(ctx context.Context, a *around) (*united, error) {
	u := &united{rows: make(map[unitedKey]*unitedRow), records: make(map[graph.Role]int64)}
	if a.several == 0 {
		return u, nil
	}
	return u, r.unite(ctx, a.members, func(c *graph.Consignment) { u.add(r, a.cluster, c) })
}

func (r *reader) count(ctx context.Context, a *around, u *united) ([]graph.Count, error) {
	parts := r.parts(a, graph.Roles(), a.twice > 0)
	inShares := r.inShares(a, u)
	if inShares {
		parts = slices.DeleteFunc(parts, func(key besideKey) bool { return key.types != "" })
	}
	answers := make([][]graph.Count, len(parts)+1)
	err := each(len(answers), func(i int) (err error) {
		switch {
		case i < len(parts):
			answers[i], err = r.countRows(ctx, cypher{besides[parts[i]].counts, r.values(a, u, parts[i])})
		case inShares:
			answers[i], err = r.countShares(ctx, a, u)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	counts := slices.Concat(answers...)
	for i := range counts {
		counts[i].Records += u.records[counts[i].Role]
	}
	slices.SortFunc(counts, func(x, y graph.Count) int {
		return cmp.Or(cmp.Compare(x.Role, y.Role), cmp.Compare(number(x.Incoming), number(y.Incoming)))
	})
	return counts, nil
}

// countRows returns the counts that a query answers with.
func (r *reader) countRows(ctx context.Context, q cypher) (counts []graph.Count, err error) {
	for record, err := range r.store.stream(ctx, q) {
		if err != nil {
			return nil, err
		}
		v := record.Values
		one := graph.Count{Role: roleOfType(text(v[0])), Incoming: v[1] == true, Neighbours: integer(v[2]), Records: integer(v[3])}
		if one.Neighbours > 0 {
			counts = append(counts, one)
		}
	}
	return counts, nil
}

func number(is bool) int {
	if is {
		return 1
	}
	return 0
}

// plain reports whether nodes can be listed instead of clusters.
func (r *reader) plain(u *united, key besideKey) bool {
	return key.types != "" && !key.many && !key.twice && !key.links && len(r.clusters)+len(u.rows) == 0
}

// values returns the parameters of a text that counts neighbours.
func (r *reader) values(a *around, u *united, key besideKey) map[string]any {
	values := r.about(a.members)
	values["clusters"], values["rows"], values["order"] = r.clusters, u.parameters(key.types), typeOrder
	return values
}

// each calls work with every number below n at the same time, and returns the
// first error.
func each(n int, work func(i int) error) error {
	errs := make(chan error, n)
	for i := range n {
		go func() { errs <- work(i) }()
	}
	var first error
	for range n {
		if err := <-errs; err != nil && first == nil {
			first = err
		}
	}
	return first
}

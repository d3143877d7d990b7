package sqlite

import (
	"context"
	"math/bits"

	"rummage/graph"
)

// roleSet has one bit a role.
type roleSet uint64

// present says which roles the neighbours have: how many records there are is
// counted by role alone, so an entity needs no more than a bit a role, and a
// busy one with a hundred thousand records is counted without a look at the
// names of its neighbours but once each.
type present struct {
	*tally
	roles [][]roleSet // per segment, by number
}

// mark notes a statement that is alone with its consignment.
func (p *present) mark(i int, s singleStatement) error {
	n := &p.numbers[i]
	if p.roles[i] == nil {
		p.roles[i] = make([]roleSet, p.reader.segments[i].Entities)
	}
	roles, done := p.roles[i], roleSet(0)
	for _, tie := range s.ties {
		num := tie.Num
		if num == n.only || len(n.self) > 1 && n.self[num] {
			continue
		}
		if len(n.alias) > 0 {
			num = n.of(num)
		}
		roles[num] |= 1 << tie.Role
		if bit := roleSet(1) << tie.Role; done&bit == 0 {
			done |= bit
			p.records[slot(tie.Role, false)]++
		}
	}
	return nil
}

// Counts returns how many neighbours and records there are in each role.
func (r *reader) Counts(ctx context.Context, id graph.ID) ([]graph.Count, error) {
	p := &present{roles: make([][]roleSet, len(r.segments))}
	t, err := r.count(ctx, id, func(t *tally) func(int, singleStatement) error {
		p.tally = t
		return p.mark
	})
	if err != nil {
		return nil, errorOf("counts", err)
	}
	neighbours, err := p.distinct()
	if err != nil {
		return nil, errorOf("counts", err)
	}
	var counts []graph.Count
	for _, role := range graph.Roles() {
		for _, incoming := range []bool{false, true} {
			if s := slot(role, incoming); neighbours[s] > 0 {
				counts = append(counts, graph.Count{Role: role, Incoming: incoming, Neighbours: neighbours[s], Records: t.records[s]})
			}
		}
	}
	return counts, nil
}

// distinct counts the clusters in each role over all segments.
func (p *present) distinct() (neighbours [2 * roleSlots]int64, err error) {
	add := func(roles roleSet, offset int) {
		for ; roles != 0; roles &= roles - 1 {
			neighbours[offset+bits.TrailingZeros64(uint64(roles))]++
		}
	}
	used, most := 0, 0
	for i := range p.roles {
		if p.roles[i] != nil {
			used++
			most = max(most, len(p.roles[i]))
		}
	}
	if used == 1 && len(p.all.entries) == 0 { // then numbers are as good as names
		for i := range p.roles {
			for _, roles := range p.roles[i] {
				add(roles, 0)
			}
		}
		return neighbours, nil
	}
	all := make([][2]roleSet, len(p.ids), len(p.ids)+most) // the second for incoming links
	for _, e := range p.all.entries {
		all[e.num][e.slot/roleSlots] |= 1 << (e.slot % roleSlots)
	}
	if len(p.places) == 0 {
		p.places = make(map[graph.ID]uint32, most)
	}
	for i := range p.roles {
		names := p.reader.segments[i].Names()
		for num, roles := range p.roles[i] {
			if roles == 0 {
				continue
			}
			id, err := names.At(uint32(num))
			if err != nil {
				return neighbours, err
			}
			at := p.place(p.reader.identity.Cluster(graph.ID(id)))
			if int(at) == len(all) {
				all = append(all, [2]roleSet{})
			}
			all[at][0] |= roles
		}
	}
	for _, roles := range all {
		add(roles[0], 0)
		add(roles[1], roleSlots)
	}
	return neighbours, nil
}

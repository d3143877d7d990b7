package sqlite

import (
	"context"
	"slices"

	"rummage/graph"
)

// besideKey is a neighbour in a role.
type besideKey struct {
	id       graph.ID
	role     graph.Role
	incoming bool
}

// tally counts the records that make neighbours.
type tally struct {
	reader  *reader
	cluster *cluster
	numbers []numbering
	local   []localTally // per segment, by its own numbers
	all     localTally   // by place in ids
	places  map[graph.ID]uint32
	ids     []graph.ID
	records [2 * roleSlots]int64 // per role
}

// roleSlots is more than there are roles. An incoming link counts in the role
// that many slots further on.
const roleSlots = 64

func slot(role graph.Role, incoming bool) uint32 {
	if incoming {
		return uint32(role) + roleSlots
	}
	return uint32(role)
}

// localTally counts within one segment, by role and number of the neighbour.
type localTally struct {
	entries []localEntry
	at      map[uint64]uint32 // slot and number -> place in entries, from 1
	dense   [][]uint32        // the same by slot, then number, where there is much to count
	room    int               // numbers a slot
}

type localEntry struct {
	slot, num   uint32
	records     int64
	first, last graph.Date
}

// Counting by arrays takes four bytes an entity and role; it pays where many
// records are counted in a segment that is not too large.
const (
	denseRecords  = 4096
	denseEntities = 1 << 20
)

func newLocalTally(records, entities int) localTally {
	if records >= denseRecords && entities <= denseEntities {
		return localTally{dense: make([][]uint32, 2*roleSlots), room: entities}
	}
	return localTally{at: make(map[uint64]uint32)}
}

func (t *localTally) entry(slot, num uint32) *localEntry {
	if t.dense != nil {
		if int(num) >= len(t.dense[slot]) {
			t.dense[slot] = append(t.dense[slot], make([]uint32, max(t.room, int(num)+1)-len(t.dense[slot]))...)
		}
		at := &t.dense[slot][num]
		if *at == 0 {
			t.entries = append(t.entries, localEntry{slot: slot, num: num})
			*at = uint32(len(t.entries))
		}
		return &t.entries[*at-1]
	}
	key := uint64(slot)<<32 | uint64(num)
	i := t.at[key]
	if i == 0 {
		t.entries = append(t.entries, localEntry{slot: slot, num: num})
		i = uint32(len(t.entries))
		t.at[key] = i
	}
	return &t.entries[i-1]
}

func (t *localTally) add(slot, num uint32, records int64, first, last graph.Date) {
	e := t.entry(slot, num)
	e.records += records
	if first != graph.NoDate && (e.first == graph.NoDate || first < e.first) {
		e.first = first
	}
	e.last = max(e.last, last)
}

// count tallies everything beside a cluster; single takes the statements that
// are alone with their consignment.
func (r *reader) count(ctx context.Context, id graph.ID, single func(*tally) func(int, singleStatement) error) (*tally, error) {
	c, err := r.lookup(id)
	if err != nil {
		return nil, err
	}
	if err := r.records(c); err != nil {
		return nil, err
	}
	t := &tally{reader: r, cluster: c, local: make([]localTally, len(r.segments)), places: make(map[graph.ID]uint32)}
	t.all.at = make(map[uint64]uint32)
	if t.numbers, err = r.numberings(c); err != nil {
		return nil, err
	}
	if err := r.walkStanding(ctx, c.named, standing{single: single(t), united: t.addUnited}); err != nil {
		return nil, err
	}
	links, err := r.linksOf(c.named)
	if err != nil {
		return nil, err
	}
	for i := range links {
		t.addLink(&links[i])
	}
	return t, nil
}

func (t *tally) addSingle(i int, s singleStatement) error {
	n, local := &t.numbers[i], &t.local[i]
	if local.at == nil && local.dense == nil {
		*local = newLocalTally(len(t.cluster.named[i].statements), t.reader.segments[i].Entities)
	}
	var done [roleSlots]bool
	for j, tie := range s.ties {
		num := tie.Num
		if n.self[num] {
			continue
		}
		if len(n.alias) > 0 {
			if first, ok := n.alias[num]; ok {
				num = first
			}
			if slices.ContainsFunc(s.ties[:j], func(had segTie) bool { return had.Role == tie.Role && n.of(had.Num) == num }) {
				continue // another member of the same cluster
			}
		}
		local.add(slot(tie.Role, false), num, 1, s.day, s.day)
		if !done[tie.Role] {
			done[tie.Role] = true
			t.records[slot(tie.Role, false)]++
		}
	}
	return nil
}

func (n *numbering) of(num uint32) uint32 {
	if first, ok := n.alias[num]; ok {
		return first
	}
	return num
}

func (t *tally) addUnited(c *graph.Consignment) error {
	ties := c.Ties()
	identity := t.reader.identity
	if !slices.ContainsFunc(ties, func(tie graph.Tie) bool { return identity.Cluster(tie.Entity) == t.cluster.id }) {
		return nil // an amendment took it out
	}
	var found []besideKey
	for _, tie := range ties {
		if other := identity.Cluster(tie.Entity); other != t.cluster.id {
			found = append(found, besideKey{id: other, role: tie.Role})
		}
	}
	t.addRecord(found, c.Date())
	return nil
}

func (t *tally) addLink(l *graph.Link) {
	from, to := t.reader.identity.Cluster(l.From), t.reader.identity.Cluster(l.To)
	switch {
	case from == to:
	case from == t.cluster.id:
		t.addRecord([]besideKey{{id: to, role: l.Role}}, l.Start)
	case to == t.cluster.id:
		t.addRecord([]besideKey{{id: from, role: l.Role, incoming: true}}, l.Start)
	}
}

// addRecord counts one record that makes the given neighbours.
func (t *tally) addRecord(found []besideKey, day graph.Date) {
	var done [2 * roleSlots]bool
	for i, key := range found {
		if slices.Contains(found[:i], key) {
			continue
		}
		s := slot(key.role, key.incoming)
		t.all.add(s, t.place(key.id), 1, day, day)
		if !done[s] {
			done[s] = true
			t.records[s]++
		}
	}
}

// place returns the number of a cluster in ids.
func (t *tally) place(id graph.ID) uint32 {
	at, ok := t.places[id]
	if !ok {
		at = uint32(len(t.ids))
		t.places[id] = at
		t.ids = append(t.ids, id)
	}
	return at
}

// widen has clusters counted by arrays where there are many to come.
func (t *tally) widen() {
	total, most := 0, 0
	for i := range t.local {
		total += len(t.local[i].entries)
		most = max(most, t.reader.segments[i].Entities)
	}
	wide := newLocalTally(total, most)
	for _, e := range t.all.entries {
		wide.add(e.slot, e.num, e.records, e.first, e.last)
	}
	t.all = wide
}

// gather brings the counts of the segments together by cluster.
func (t *tally) gather(want func(graph.Role) bool) error {
	t.widen()
	for i := range t.local {
		names := t.reader.segments[i].Names()
		placed := newLocalTally(len(t.local[i].entries), t.reader.segments[i].Entities)
		for _, e := range t.local[i].entries {
			if !want(graph.Role(e.slot % roleSlots)) {
				continue
			}
			known := placed.entry(0, e.num)
			if known.records == 0 {
				id, err := names.At(e.num)
				if err != nil {
					return err
				}
				known.records = int64(t.place(t.reader.identity.Cluster(graph.ID(id)))) + 1
			}
			t.all.add(e.slot, uint32(known.records-1), e.records, e.first, e.last)
		}
		t.local[i] = localTally{}
	}
	return nil
}

// Neighbours lists neighbours, most records first.
func (r *reader) Neighbours(ctx context.Context, query graph.NeighbourQuery) ([]graph.Neighbour, error) {
	t, err := r.count(ctx, query.ID, func(t *tally) func(int, singleStatement) error { return t.addSingle })
	if err != nil {
		return nil, errorOf("neighbours", err)
	}
	want := func(role graph.Role) bool { return query.Roles == nil || slices.Contains(query.Roles, role) }
	if err := t.gather(want); err != nil {
		return nil, errorOf("neighbours", err)
	}
	all := make([]graph.Neighbour, 0, len(t.all.entries))
	for _, e := range t.all.entries {
		role := graph.Role(e.slot % roleSlots)
		if want(role) {
			all = append(all, graph.Neighbour{ID: t.ids[e.num], Role: role, Incoming: e.slot >= roleSlots,
				Records: e.records, First: e.first, Last: e.last})
		}
	}
	slices.SortFunc(all, func(a, b graph.Neighbour) int { return graph.CompareNeighbours(&a, &b) })
	return page(all, query.Offset, query.Limit, 50), nil
}

// page cuts out what was asked for; standard is the limit where none is given.
func page[T any](all []T, offset, limit, standard int) []T {
	if limit <= 0 {
		limit = standard
	}
	offset = min(max(offset, 0), len(all))
	return all[offset:min(len(all), offset+limit)]
}

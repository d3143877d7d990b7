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
	local   []localTally                   // per segment
	all     map[besideKey]*graph.Neighbour // from several segments, or put together
	records map[besideKey]int64            // per role, with id ""
}

// localTally counts within one segment, by role and number of the neighbour.
type localTally struct {
	entries []localEntry
	at      map[uint64]uint32 // role and number -> place in entries, from 1
	dense   [][]uint32        // the same by role, then number, where there is much to count
	room    int               // numbers a role
}

type localEntry struct {
	key         uint64
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
		return localTally{dense: make([][]uint32, len(graph.Roles())+1), room: entities}
	}
	return localTally{at: make(map[uint64]uint32)}
}

func (t *localTally) add(role graph.Role, num uint32, day graph.Date) {
	key := uint64(role)<<32 | uint64(num)
	var i uint32
	if t.dense == nil {
		if i = t.at[key]; i == 0 {
			t.entries = append(t.entries, localEntry{key: key})
			i = uint32(len(t.entries))
			t.at[key] = i
		}
	} else {
		if t.dense[role] == nil {
			t.dense[role] = make([]uint32, t.room)
		}
		slot := &t.dense[role][num]
		if *slot == 0 {
			t.entries = append(t.entries, localEntry{key: key})
			*slot = uint32(len(t.entries))
		}
		i = *slot
	}
	e := &t.entries[i-1]
	e.records++
	if day != graph.NoDate {
		if e.first == graph.NoDate || day < e.first {
			e.first = day
		}
		e.last = max(e.last, day)
	}
}

// count tallies everything beside a cluster.
func (r *reader) count(ctx context.Context, id graph.ID) (*tally, error) {
	c, err := r.lookup(id)
	if err != nil {
		return nil, err
	}
	if err := r.records(c); err != nil {
		return nil, err
	}
	t := &tally{reader: r, cluster: c, local: make([]localTally, len(r.segments)),
		all: make(map[besideKey]*graph.Neighbour), records: make(map[besideKey]int64)}
	for i, v := range r.segments {
		t.local[i] = newLocalTally(len(c.named[i].statements), v.Entities)
	}
	if t.numbers, err = r.numberings(c); err != nil {
		return nil, err
	}
	if err := r.walkStanding(ctx, c.named, standing{single: t.addSingle, united: t.addUnited}); err != nil {
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
	var done [64]bool
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
		local.add(tie.Role, num, s.day)
		if !done[tie.Role] {
			done[tie.Role] = true
			t.records[besideKey{role: tie.Role}]++
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
	roles := make(map[besideKey]bool, len(found))
	counted := make(map[besideKey]bool, len(found))
	for _, key := range found {
		if counted[key] {
			continue
		}
		counted[key] = true
		t.add(key, 1, day, day)
		role := besideKey{role: key.role, incoming: key.incoming}
		if !roles[role] {
			roles[role] = true
			t.records[role]++
		}
	}
}

func (t *tally) add(key besideKey, records int64, first, last graph.Date) {
	n := t.all[key]
	if n == nil {
		n = &graph.Neighbour{ID: key.id, Role: key.role, Incoming: key.incoming}
		t.all[key] = n
	}
	n.Records += records
	if first != graph.NoDate && (n.First == graph.NoDate || first < n.First) {
		n.First = first
	}
	n.Last = max(n.Last, last)
}

// gather brings the counts of the segments together by cluster.
func (t *tally) gather(want func(graph.Role) bool) error {
	for i := range t.local {
		names := t.reader.segments[i].Names()
		for _, e := range t.local[i].entries {
			role := graph.Role(e.key >> 32)
			if !want(role) {
				continue
			}
			id, err := names.At(uint32(e.key))
			if err != nil {
				return err
			}
			t.add(besideKey{id: t.reader.identity.Cluster(graph.ID(id)), role: role}, e.records, e.first, e.last)
		}
		t.local[i] = localTally{}
	}
	return nil
}

// Counts returns how many neighbours and records there are in each role.
func (r *reader) Counts(ctx context.Context, id graph.ID) ([]graph.Count, error) {
	t, err := r.count(ctx, id)
	if err != nil {
		return nil, errorOf("counts", err)
	}
	neighbours := make(map[besideKey]int64)
	if only := t.onlySegment(); only >= 0 {
		for _, e := range t.local[only].entries {
			neighbours[besideKey{role: graph.Role(e.key >> 32)}]++
		}
	} else if err := t.gather(func(graph.Role) bool { return true }); err != nil {
		return nil, errorOf("counts", err)
	}
	for key := range t.all {
		neighbours[besideKey{role: key.role, incoming: key.incoming}]++
	}
	var counts []graph.Count
	for _, role := range graph.Roles() {
		for _, incoming := range []bool{false, true} {
			key := besideKey{role: role, incoming: incoming}
			if neighbours[key] > 0 {
				counts = append(counts, graph.Count{Role: role, Incoming: incoming, Neighbours: neighbours[key], Records: t.records[key]})
			}
		}
	}
	return counts, nil
}

// onlySegment returns the segment that holds all ties, -1 when there are
// several or some ties were put together: then one neighbour may have been
// counted twice.
func (t *tally) onlySegment() int {
	only := -1
	for i := range t.local {
		if len(t.local[i].entries) == 0 {
			continue
		}
		if only >= 0 {
			return -1
		}
		only = i
	}
	for key := range t.all {
		if key.role.IsTie() {
			return -1
		}
	}
	return only
}

// Neighbours lists neighbours, most records first.
func (r *reader) Neighbours(ctx context.Context, query graph.NeighbourQuery) ([]graph.Neighbour, error) {
	t, err := r.count(ctx, query.ID)
	if err != nil {
		return nil, errorOf("neighbours", err)
	}
	want := func(role graph.Role) bool { return query.Roles == nil || slices.Contains(query.Roles, role) }
	if err := t.gather(want); err != nil {
		return nil, errorOf("neighbours", err)
	}
	all := make([]graph.Neighbour, 0, len(t.all))
	for key, n := range t.all {
		if want(key.role) {
			all = append(all, *n)
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

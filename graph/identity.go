package graph

import (
	"slices"
	"strings"
)

// Identity maps the ids of records to clusters: groups of ids that decisions
// say are one entity. A cluster is named by its smallest id. An id that no
// decision names is its own cluster, so a nil *Identity maps every id to
// itself.
type Identity struct {
	cluster   map[ID]ID
	members   map[ID][]ID
	conflicts []Conflict
	doubted   []Decision
}

// Conflict is a decision "same" that was not followed, because it would have
// put two entities into one cluster which are judged to be different.
type Conflict struct {
	Same      Decision
	Different Decision
}

type pair struct{ a, b ID }

func pairOf(d *Decision) pair {
	if d.Other < d.Subject {
		return pair{d.Other, d.Subject}
	}
	return pair{d.Subject, d.Other}
}

// NewIdentity builds the clusters from the decisions visible in a scope. For
// each pair the last decision (by Seq) counts. "Same" is followed in the order
// of Seq; one that would join two different entities is left out and listed in
// Conflicts. A pair that is not of one kind, which Decision.Check refuses and
// older stores may hold, joins nothing. Cost O(d log d) for d decisions, and for
// each "same" the number of "different" about the cluster that has fewer of them.
func NewIdentity(decisions []Decision) *Identity {
	last := make(map[pair]*Decision)
	for i := range decisions {
		d := &decisions[i]
		if !d.Kind.AboutPair() || d.Subject == d.Other || !d.alike() {
			continue
		}
		if had := last[pairOf(d)]; had == nil || had.Seq < d.Seq {
			last[pairOf(d)] = d
		}
	}
	standing := make([]*Decision, 0, len(last)) // one a pair
	for _, d := range last {
		standing = append(standing, d)
	}
	slices.SortFunc(standing, func(a, b *Decision) int { return int(a.Seq - b.Seq) })

	j := &joiner{parent: make(map[ID]ID), size: make(map[ID]int), against: make(map[ID][]*Decision)}
	for _, d := range standing {
		if d.Kind == Different {
			j.against[d.Subject] = append(j.against[d.Subject], d)
			j.against[d.Other] = append(j.against[d.Other], d)
		}
	}
	var conflicts []Conflict
	for _, d := range standing {
		if d.Kind != Same {
			continue
		}
		a, b := j.find(d.Subject), j.find(d.Other)
		if against := j.apart(a, b); against != nil {
			conflicts = append(conflicts, Conflict{Same: *d, Different: *against})
			continue
		}
		j.join(a, b)
	}
	id := j.identity()
	id.conflicts = conflicts
	for _, d := range standing {
		if d.Kind == Unsure && id.Cluster(d.Subject) == id.Cluster(d.Other) {
			id.doubted = append(id.doubted, *d)
		}
	}
	return id
}

// joiner is a forest of clusters in the making, joined by size. Each root holds
// the decisions "different" about its members.
type joiner struct {
	parent  map[ID]ID // of an id that is no root; a root that has joined another is its own
	size    map[ID]int
	against map[ID][]*Decision
}

// find returns the root of an id.
func (j *joiner) find(id ID) ID {
	for {
		up, ok := j.parent[id]
		if !ok || up == id {
			return id
		}
		if above, ok := j.parent[up]; ok && above != up {
			j.parent[id] = above
		}
		id = up
	}
}

// apart returns the first decision "different" between two roots, nil if there is
// none. It costs the decisions about that of the two which has fewer.
func (j *joiner) apart(a, b ID) *Decision {
	if len(j.against[b]) < len(j.against[a]) {
		a, b = b, a
	}
	var first *Decision
	for _, d := range j.against[a] {
		x, y := j.find(d.Subject), j.find(d.Other)
		if (x == a && y == b || x == b && y == a) && (first == nil || d.Seq < first.Seq) {
			first = d
		}
	}
	return first
}

// join makes one cluster of two roots.
func (j *joiner) join(a, b ID) {
	if a == b {
		return
	}
	if j.size[a] < j.size[b] {
		a, b = b, a
	}
	j.parent[a], j.parent[b] = a, a
	j.size[a] = max(j.size[a], 1) + max(j.size[b], 1)
	if more := j.against[b]; len(more) > 0 {
		j.against[a] = append(j.against[a], more...)
		delete(j.against, b)
	}
}

// identity names each cluster by its smallest id.
func (j *joiner) identity() *Identity {
	id := &Identity{cluster: make(map[ID]ID, len(j.parent)), members: make(map[ID][]ID)}
	of := make(map[ID][]ID)
	for member := range j.parent {
		root := j.find(member)
		of[root] = append(of[root], member)
	}
	for _, all := range of {
		slices.SortFunc(all, func(x, y ID) int { return strings.Compare(string(x), string(y)) })
		id.members[all[0]] = all
		for _, member := range all {
			id.cluster[member] = all[0]
		}
	}
	return id
}

// Cluster returns the name of the cluster that holds the id.
func (id *Identity) Cluster(record ID) ID {
	if id == nil {
		return record
	}
	if name, ok := id.cluster[record]; ok {
		return name
	}
	return record
}

// Members returns the ids of a cluster in order; of any other id itself.
func (id *Identity) Members(cluster ID) []ID {
	if id != nil {
		if all, ok := id.members[cluster]; ok {
			return all
		}
	}
	return []ID{cluster}
}

// Clusters returns the names of the clusters with more than one member, in
// order.
func (id *Identity) Clusters() []ID {
	if id == nil {
		return nil
	}
	names := make([]ID, 0, len(id.members))
	for name := range id.members {
		names = append(names, name)
	}
	slices.SortFunc(names, func(a, b ID) int { return strings.Compare(string(a), string(b)) })
	return names
}

// Doubted returns the decisions "unsure" whose two are in one cluster nevertheless, since
// "same" was said of others between them, in the order of saying.
func (id *Identity) Doubted() []Decision {
	if id == nil {
		return nil
	}
	return id.doubted
}

// Conflicts returns the decisions that could not be followed, in the order of
// saying.
func (id *Identity) Conflicts() []Conflict {
	if id == nil {
		return nil
	}
	return id.conflicts
}

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
// older stores may hold, joins nothing.
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
	standing := make([]*Decision, 0, len(last))
	for _, d := range last {
		standing = append(standing, d)
	}
	slices.SortFunc(standing, func(a, b *Decision) int { return int(a.Seq - b.Seq) })

	id := &Identity{cluster: make(map[ID]ID), members: make(map[ID][]ID)}
	for _, d := range standing {
		if d.Kind != Same {
			continue
		}
		if against := id.apart(d, standing); against != nil {
			id.conflicts = append(id.conflicts, Conflict{Same: *d, Different: *against})
			continue
		}
		id.join(d.Subject, d.Other)
	}
	return id
}

// apart returns a decision "different" between the two clusters of d.
func (id *Identity) apart(d *Decision, standing []*Decision) *Decision {
	a, b := id.Cluster(d.Subject), id.Cluster(d.Other)
	for _, other := range standing {
		if other.Kind != Different {
			continue
		}
		x, y := id.Cluster(other.Subject), id.Cluster(other.Other)
		if x == a && y == b || x == b && y == a {
			return other
		}
	}
	return nil
}

func (id *Identity) join(a, b ID) {
	a, b = id.Cluster(a), id.Cluster(b)
	if a == b {
		return
	}
	if b < a {
		a, b = b, a
	}
	all := append(slices.Clone(id.Members(a)), id.Members(b)...)
	slices.SortFunc(all, func(x, y ID) int { return strings.Compare(string(x), string(y)) })
	delete(id.members, b)
	id.members[a] = all
	for _, member := range all {
		id.cluster[member] = a
	}
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

// Conflicts returns the decisions that could not be followed, in the order of
// saying.
func (id *Identity) Conflicts() []Conflict {
	if id == nil {
		return nil
	}
	return id.conflicts
}

package neo4j

import (
	"context"
	"slices"

	"rummage/graph"
)

// An entity of many consignments is counted in shares at the same time. Each
// walks the ties of its consignments once, of every type; halves by type, which
// need no more put together than two answers, would both walk all of them, which
// costs nearly twice the processor time. Which neighbours the shares have in
// common is told by the numbers that the server gives its nodes: these hold for
// an answer, since what a consignment of one statement is tied to stays.

const (
	// shares is how many queries count an entity at the same time.
	shares = 2
	// mostEnds is how many nodes a share names in one role, at 5 bytes each on
	// the way and 24 here. A role that has more is counted by the server alone.
	mostEnds = 1 << 16
	// mostLooked is how many ids are looked up before it is cheaper to let the
	// server put them in the place of others.
	mostLooked = 5000
)

var (
	// askShare counts a share; and once more where nothing is hidden but by its day.
	askShare = [2]string{shareText(tieVisible), shareText(tieSeen)} //cypher:text
	// askRepeats counts what askShare counts too often in records: consignments
	// that name several entities in a role.
	askRepeats = seenFrom(false, " AND r._twice IS NOT NULL", ", e, r._twice AS twice") + `MATCH (c)-[t]->(n) WHERE n <> e AND type(t) IN twice
WITH c, type(t) AS type, count(*) AS times WHERE times > 1
RETURN type, sum(1 - times), []`
	askNodes = "UNWIND $ids AS id MATCH (e:Entity {id: id}) USING INDEX SEEK e:Entity(id) RETURN e.id, id(e)"
)

func shareText(visible string) string {
	return tiesOf("id(c) % $shares = $share AND "+visible) + `
MATCH (c)-[t]->(n) WHERE n <> e
WITH type(t) AS type, count(*) AS records, collect(DISTINCT id(n)) AS ends
RETURN type, records, CASE WHEN size(ends) <= $most THEN ends END`
}

// inShares reports whether an entity is counted in shares.
func (r *reader) inShares(a *around, u *united) bool {
	return a.in > 0 && a.in+a.out >= r.busyAt && len(a.members) == 1 && len(r.clusters)+len(u.rows) <= mostLooked
}

// tally is what shares say of a role.
type tally struct {
	records int64
	ends    []int64 // nodes, those of both shares twice
	over    bool    // a share has too many to name them
}

// countShares counts the neighbours of an entity along ties.
func (r *reader) countShares(ctx context.Context, a *around, u *united) ([]graph.Count, error) {
	same, err := r.lookSame(ctx, u)
	if err != nil {
		return nil, err
	}
	tallies, err := r.tallies(ctx, a)
	if err != nil {
		return nil, err
	}
	for key := range u.rows {
		t := tallies[key.role]
		if t == nil {
			t = &tally{}
			tallies[key.role] = t
		}
		t.ends = append(t.ends, same.of[key.id])
	}
	var counts []graph.Count
	for _, role := range graph.Roles() {
		t := tallies[role]
		switch {
		case t == nil:
		case t.over:
			key := besideKey{types: roleTypes[role], twice: a.twice > 0}
			some, err := r.countRows(ctx, cypher{besides[key].counts, r.values(a, u, key)})
			if err != nil {
				return nil, err
			}
			counts = append(counts, some...)
		default:
			counts = append(counts, graph.Count{Role: role, Neighbours: same.distinct(t.ends), Records: t.records})
		}
	}
	return counts, nil
}

// tallies asks for all shares, and for what they count too often.
func (r *reader) tallies(ctx context.Context, a *around) (map[graph.Role]*tally, error) {
	asked := make([]cypher, shares, shares+1)
	for i := range asked {
		asked[i] = cypher{askShare[number(a.whole)], r.about(a.members)}
		asked[i].values["shares"], asked[i].values["share"], asked[i].values["most"] = shares, i, r.mostEnds
	}
	if a.twice > 0 {
		asked = append(asked, cypher{askRepeats, r.about(a.members)})
	}
	answers := make([][][]any, len(asked))
	err := each(len(asked), func(i int) error {
		for record, err := range r.store.stream(ctx, asked[i]) {
			if err != nil {
				return err
			}
			answers[i] = append(answers[i], record.Values)
		}
		return nil
	})
	all := make(map[graph.Role]*tally)
	for _, v := range slices.Concat(answers...) {
		role := roleOfType(text(v[0]))
		if !role.IsTie() {
			continue // drawn by others
		}
		t := all[role]
		if t == nil {
			t = &tally{}
			all[role] = t
		}
		t.records += integer(v[1])
		t.over = t.over || v[2] == nil
		t.ends = append(t.ends, integers(v[2])...)
	}
	return all, err
}

// sameNodes tells which numbers of nodes stand for one entity.
type sameNodes struct {
	cluster map[int64]int64    // by the node of a member, a number below 0
	of      map[graph.ID]int64 // by the id of a row that Go united
}

// lookSame looks up the nodes of clusters and of what Go united.
func (r *reader) lookSame(ctx context.Context, u *united) (*sameNodes, error) {
	same := &sameNodes{cluster: make(map[int64]int64), of: make(map[graph.ID]int64)}
	if len(r.clusters)+len(u.rows) == 0 {
		return same, nil
	}
	next := int64(0)
	named := make(map[string]int64)
	var ids []string
	for member, name := range r.clusters {
		if named[name] == 0 {
			next--
			named[name] = next
			ids = append(ids, name)
		}
		ids = append(ids, member)
	}
	for key := range u.rows {
		ids = append(ids, string(key.id))
	}
	nodes := make(map[string]int64, len(ids))
	for record, err := range r.store.stream(ctx, cypher{askNodes, map[string]any{"ids": ids}}) {
		if err != nil {
			return nil, err
		}
		nodes[text(record.Values[0])] = integer(record.Values[1])
	}
	for _, id := range ids {
		name := id
		if cluster := r.clusters[id]; cluster != "" {
			name = cluster
		}
		node, there := nodes[id]
		if number := named[name]; number < 0 && there {
			same.cluster[node] = number
		}
	}
	for key := range u.rows {
		id := string(key.id)
		number := named[id]
		if node, there := nodes[id]; number == 0 && there {
			number = node
		} else if number == 0 {
			next--
			number = next
			named[id] = number
		}
		same.of[key.id] = number
	}
	return same, nil
}

// distinct counts the entities that nodes stand for. It orders the nodes.
func (s *sameNodes) distinct(nodes []int64) int64 {
	if len(s.cluster) > 0 {
		for i, node := range nodes {
			if cluster, is := s.cluster[node]; is {
				nodes[i] = cluster
			}
		}
	}
	slices.Sort(nodes)
	return int64(len(slices.Compact(nodes)))
}

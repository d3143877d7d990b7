package explore

import (
	"cmp"
	"context"
	"slices"

	"gonum.org/v1/gonum/graph/path"

	"rummage/graph"
)

// branch is a shortest way between two ends.
type branch struct {
	a, b   int
	weight float64
}

// Connect finds what connects several entities: a small tree of shortest ways
// that joins them all, as far as that is possible within Options.Depth ties a
// way. Ends that cannot be joined stand in different Groups.
//
// The tree is the minimum spanning tree of the shortest ways between the ends
// (Kou, Markowsky, Berman 1981, doi:10.1007/BF00288961, steps 1 and 2): at
// most twice as long as the best tree, and each branch of it can be read out
// as a path. Errors are those of Paths.
//
// Cost: as Paths for each end; one Dijkstra for each end on what lies between.
func Connect(ctx context.Context, reader graph.Reader, ids []graph.ID, opts Options) (Result, error) {
	l, err := open(ctx, reader, opts, ids)
	if err != nil {
		return Result{}, err
	}
	balls := make([]*ball, l.ends)
	for end := range balls {
		balls[end] = newBall(end)
	}
	for reach := 0; ; {
		m, err := l.between(ctx, reach)
		if err != nil {
			return Result{}, err
		}
		found, groups := m.tree(l.ids[:l.ends], reach)
		if len(groups) == 1 || reach >= l.opts.Depth || l.spent() || l.allClosed(balls) {
			res, err := l.result(ctx, found)
			res.Groups = groups
			return res, err
		}
		for _, b := range balls {
			if err := l.grow(ctx, b); err != nil {
				return Result{}, err
			}
		}
		reach = min(reach+2, l.opts.Depth)
	}
}

func (l *lift) allClosed(balls []*ball) bool {
	for _, b := range balls {
		if len(b.front) > 0 {
			return false
		}
	}
	return true
}

// tree returns the branches of the spanning tree and the groups of ends that
// it joins, both in the order of the ends.
func (m *middle) tree(ends []graph.ID, limit int) (found [][]graph.ID, groups [][]graph.ID) {
	trees := make([]path.Shortest, len(ends))
	var all []branch
	for a := range ends {
		if m.ends[a] == absent {
			continue
		}
		trees[a] = path.DijkstraFrom(m.graph.Node(int64(m.ends[a])), m.graph)
		for b := range a {
			if m.ends[b] == absent {
				continue
			}
			// A way has less than one more than its number of ties.
			if weight := trees[a].WeightTo(int64(m.ends[b])); weight < float64(limit+1) {
				all = append(all, branch{a: b, b: a, weight: weight})
			}
		}
	}
	slices.SortFunc(all, func(x, y branch) int {
		return cmp.Or(cmp.Compare(x.weight, y.weight), cmp.Compare(x.a, y.a), cmp.Compare(x.b, y.b))
	})
	group := make([]int, len(ends))
	for i := range group {
		group[i] = i
	}
	for _, br := range all {
		from, to := group[br.a], group[br.b]
		if from == to {
			continue
		}
		for i := range group {
			if group[i] == max(from, to) {
				group[i] = min(from, to)
			}
		}
		nodes, _ := trees[br.b].To(int64(m.ends[br.a]))
		ids := make([]graph.ID, len(nodes))
		for i, n := range nodes {
			ids[len(ids)-1-i] = m.ids[n.ID()]
		}
		found = append(found, ids)
	}
	for i := range ends {
		var members []graph.ID
		for j, g := range group {
			if g == i {
				members = append(members, ends[j])
			}
		}
		if members != nil {
			groups = append(groups, members)
		}
	}
	return found, groups
}

package community

import (
	"context"

	"rummage/algo/csr"
	"rummage/algo/csr/crew"
	"rummage/algo/csr/memory"
)

// forest is a union-find over nodes; a root is its own parent, and the least of its tree.
type forest []uint32

func newForest(n int) forest {
	f := make(forest, n)
	for v := range f {
		f[v] = uint32(v)
	}
	return f
}

// root halves the path on its way.
func (f forest) root(v uint32) uint32 {
	for f[v] != v {
		f[v] = f[f[v]]
		v = f[v]
	}
	return v
}

// join makes one tree of those of u and v and tells whether they were two.
func (f forest) join(u, v uint32) bool {
	u, v = f.root(u), f.root(v)
	f[max(u, v)] = min(u, v)
	return u != v
}

// flatten makes every node point to its root.
func (f forest) flatten() {
	for v := range f {
		f[v] = f[f[v]]
	}
}

// connect returns the least node of every node's component, along edges of positive weight. As in Afforest (Sutton, Ben-Nun and Barak
// 2018) two arcs of every node come first, and the component that is then the largest need not be looked at again: whatever leaves it is
// an arc of another node too.
func connect(ctx context.Context, g *csr.Graph) ([]uint32, error) {
	n := g.Order()
	f := newForest(n)
	const first = 2
	for u := range uint32(n) {
		f.take(g.Neighbours(u), g.Weights(u), u, first)
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	f.flatten()
	size := memory.Make[uint32](n)
	largest := uint32(0)
	for _, root := range f {
		if size[root]++; size[root] > size[largest] {
			largest = root
		}
	}
	told := 0
	for u := range uint32(n) {
		if f.root(u) == f.root(largest) {
			continue
		}
		f.take(g.Neighbours(u), g.Weights(u), u, g.Degree(u))
		if g.IsDirected() {
			f.take(g.InNeighbours(u), g.InWeights(u), u, g.InDegree(u))
		}
		if told += g.Degree(u) + g.InDegree(u); told > block {
			if told = 0; ctx.Err() != nil {
				return nil, ctx.Err()
			}
		}
	}
	f.flatten()
	return f, nil
}

// take joins u to its first neighbours along edges of positive weight.
func (f forest) take(row []uint32, weights []float64, u uint32, first int) {
	for i, v := range row {
		if weights != nil && weights[i] == 0 {
			continue
		}
		if first--; first < 0 {
			return
		}
		f.join(u, v)
	}
}

// part gives every connected piece of a community a label of its own, renumbers, and returns how many communities were in pieces.
func (s *solver) part(l *level, labels []uint32) int {
	communities := renumber(labels, &s.number)
	s.groups.gather(labels, communities)
	f := newForest(l.order())
	cuts := s.groups.cut(l, share)
	broken := make([]int, len(cuts)-1)
	// The caller looks at the context itself.
	_ = crew.Run(s.ctx, s.threads, len(cuts)-1, func(_, i int) {
		for c := cuts[i]; c < cuts[i+1]; c++ {
			if !f.connects(l, labels, s.groups.of(c)) {
				broken[i]++
			}
		}
	})
	sum := 0
	for _, number := range broken {
		sum += number
	}
	if sum > 0 {
		f.flatten()
		copy(labels, f)
		renumber(labels, &s.number)
	}
	return sum
}

// connects joins the members of a community along their arcs, until they are one or no arc is left. It tells whether they are. One arc
// of every member comes first, which mostly is enough.
func (f forest) connects(l *level, labels, members []uint32) bool {
	missing := len(members) - 1
	for _, first := range []bool{true, false} {
		for _, v := range members {
			if missing == 0 {
				return true
			}
			row, _ := l.row(v)
			for _, u := range row {
				if labels[u] != labels[v] {
					continue
				}
				if f.join(u, v) {
					missing--
				}
				if first {
					break
				}
			}
		}
	}
	return missing == 0
}

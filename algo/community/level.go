package community

import (
	"context"
	"slices"

	"rummage/algo/csr/crew"
	"rummage/algo/csr/memory"
)

// level is one graph of the hierarchy: symmetric, without self-loops, all weights positive. Its nodes are ordered by the keys of their
// first members, and its rows by where they came from, so that nothing in it depends on how the nodes of the whole graph are numbered.
type level struct {
	// The row of v is to and weight from lo[v] to hi[v]; there may be gaps between rows. Where a level has slabs it has neither to nor
	// weight: the bits from slabBits on then number a slab.
	lo, hi []int
	to     []uint32
	weight []float64
	slabs  []rows
	// mass is what the null model knows of a node: its size or its strength; head its strength inward when the graph is directed, nil
	// otherwise.
	mass, head []float64
	// count is how many nodes of the whole graph a node stands for; nil when each stands for itself.
	count []uint32
}

func (l *level) order() int { return len(l.lo) }

func (l *level) row(v uint32) ([]uint32, []float64) {
	lo, hi := l.lo[v], l.hi[v]
	if l.slabs == nil {
		return l.to[lo:hi], l.weight[lo:hi]
	}
	slab := &l.slabs[lo>>slabBits]
	lo, hi = lo&slabMask, hi&slabMask
	return slab.to[lo:hi], slab.weight[lo:hi]
}

func (l *level) members(v uint32) uint32 {
	if l.count == nil {
		return 1
	}
	return l.count[v]
}

// push is what it costs node v to be together with what has the given masses.
func (l *level) push(gamma float64, v uint32, mass, head float64) float64 {
	if l.head == nil {
		return float64(gamma * l.mass[v] * mass)
	}
	return float64(gamma*l.mass[v]*head) + float64(gamma*l.head[v]*mass)
}

func (l *level) inward(v uint32) float64 {
	if l.head == nil {
		return 0
	}
	return l.head[v]
}

// block is how many nodes, or about how many arcs, a goroutine takes at a time.
const block = 1 << 15

// share is about how many arcs a goroutine takes at a time of a graph that is divided, small enough for two of them to share ten thousand
// nodes evenly. The result does not depend on it.
const share = 1 << 12

// meanWeight is the mean over all arcs.
func (l *level) meanWeight(ctx context.Context, threads int) float64 {
	cuts := crew.Cut(l.order(), block)
	sums, arcs := make([]float64, len(cuts)-1), make([]int, len(cuts)-1)
	// The caller looks at the context itself.
	_ = crew.Run(ctx, threads, len(sums), func(_, b int) {
		for v := cuts[b]; v < cuts[b+1]; v++ {
			_, weights := l.row(uint32(v))
			for _, w := range weights {
				sums[b] += w
			}
			arcs[b] += l.hi[v] - l.lo[v]
		}
	})
	var sum float64
	number := 0
	for b := range sums {
		sum += sums[b]
		number += arcs[b]
	}
	return sum / float64(number)
}

// groups lists nodes by label, ascending within each: those of label c are nodes[starts[c]:starts[c+1]].
type groups struct {
	starts []int
	nodes  []uint32
	ranks  []uint32
}

// gather fills in groups for labels below number.
func (g *groups) gather(labels []uint32, number int) {
	g.starts = fit(g.starts, number+1)
	clear(g.starts)
	for _, c := range labels {
		g.starts[c]++
	}
	at := 0
	for c := range number {
		at, g.starts[c] = at+g.starts[c], at
	}
	g.starts[number] = at
	g.nodes = fit(g.nodes, len(labels))
	for v, c := range labels {
		g.nodes[g.starts[c]] = uint32(v)
		g.starts[c]++
	}
	copy(g.starts[1:], g.starts[:number])
	g.starts[0] = 0
}

// rank fills in the place in nodes of every node.
func (g *groups) rank() []uint32 {
	g.ranks = fit(g.ranks, len(g.nodes))
	for i, v := range g.nodes {
		g.ranks[v] = uint32(i)
	}
	return g.ranks
}

// of returns the nodes of label c.
func (g *groups) of(c int) []uint32 { return g.nodes[g.starts[c]:g.starts[c+1]] }

// cut divides the labels into consecutive blocks whose nodes hold about so many arcs, and returns the first label of each, followed by
// their number.
func (g *groups) cut(l *level, arcs int) []int {
	cuts, held := []int{0}, 0
	number := len(g.starts) - 1
	for c := range number {
		for _, v := range g.of(c) {
			held += l.hi[v] - l.lo[v] + 1
		}
		if held >= arcs || c == number-1 {
			cuts, held = append(cuts, c+1), 0
		}
	}
	return cuts
}

// reorder numbers the nodes of the whole anew, the members of each community one behind the other, and returns the whole and the labels, so
// that what is looked at together lies together. Of a graph of more than greatest arcs the rows stay where they are, with their weights, and
// only the neighbours in them are written down a second time.
func (s *solver) reorder(labels []uint32, communities int) (*level, []uint32) {
	old, n := s.whole, s.whole.order()
	s.groups.gather(labels, communities)
	ranks := s.groups.rank()
	s.order = slices.Clone(s.groups.nodes)
	l := &level{lo: memory.Make[int](n), hi: memory.Make[int](n), weight: old.weight, mass: memory.Make[float64](n)}
	if old.head != nil {
		l.head = memory.Make[float64](n)
	}
	room := 0
	for i, v := range s.order {
		l.lo[i] = room
		room += old.hi[v] - old.lo[v]
		l.hi[i] = room
	}
	move := room <= greatest
	if move {
		l.to, l.weight = memory.Make[uint32](room), memory.Make[float64](room)
	} else {
		l.to = memory.Make[uint32](len(old.to))
	}
	sorted := memory.Make[uint32](n)
	cuts := crew.Cut(n, block/16)
	// The caller looks at the context itself.
	_ = crew.Run(s.ctx, s.threads, len(cuts)-1, func(_, b int) {
		for i := cuts[b]; i < cuts[b+1]; i++ {
			v := s.order[i]
			row, weights := old.row(v)
			if move {
				copy(l.weight[l.lo[i]:], weights)
			} else {
				l.lo[i], l.hi[i] = old.lo[v], old.hi[v]
			}
			to := l.to[l.lo[i]:l.hi[i]]
			for k, u := range row {
				to[k] = ranks[u]
			}
			l.mass[i], sorted[i] = old.mass[v], labels[v]
			if old.head != nil {
				l.head[i] = old.head[v]
			}
		}
	})
	s.whole = l
	return l, sorted
}

// greatest is the greatest number of arcs that are moved to where their nodes are.
const greatest = 1 << 27

// renumber gives labels, all below len(labels), numbers by first appearance, in place, and returns how many there are. It uses number.
func renumber(labels []uint32, number *[]uint32) int {
	*number = fit(*number, len(labels))
	known := *number
	clear(known)
	next := uint32(0)
	for v, label := range labels {
		if known[label] == 0 {
			next++
			known[label] = next
		}
		labels[v] = known[label] - 1
	}
	return int(next)
}

// fit returns a slice of n elements, s itself if it has room for them. What they hold is anything.
func fit[T memory.Cell](s []T, n int) []T {
	if cap(s) < n {
		return memory.Make[T](n)
	}
	return s[:n]
}

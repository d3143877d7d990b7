package community

import (
	"context"
	"slices"
)

// margin is how much better, relative to the terms of its gain, a move must be to be made. It is above what rounding can feign, so
// that the quality rises with every move and the work ends.
const margin = 1e-12

// patience is how many arcs are looked at between two looks at the context.
const patience = 1 << 15

// solver runs Leiden on one component after another and keeps its scratch memory between them.
type solver struct {
	ctx    context.Context
	opts   Options
	gamma  float64
	chance uint64
	theta  float64
	tell   *teller
	told   int
	arcs   int

	// link is the weight from the node at hand to each community, of which touched lists those above zero in the order of the row.
	link    []float64
	touched []uint32
	// mass, count and members are those of communities; free lists labels without members.
	mass    []float64
	count   []int
	members []int
	free    []uint32
	// queue is a ring of nodes to visit, waiting marks them.
	queue   []uint32
	waiting []bool
	// outer is the weight from a part to the rest of its community.
	outer []float64
}

// tired tells now and then that the context has ended, given the arcs looked at since it was last asked.
func (s *solver) tired(arcs int) bool {
	s.arcs += arcs + 1
	if s.arcs < patience {
		return false
	}
	s.arcs = 0
	return s.ctx.Err() != nil
}

// run improves part, labels 0 to k-1, until a pass changes nothing, and leaves it without gaps. When the context ends it stops halfway.
func (s *solver) run(whole *level, part []uint32) outcome {
	s.theta = s.opts.Theta * meanWeight(whole)
	limit := s.opts.Passes
	if limit == 0 {
		limit = MaxPasses
	}
	told := outcome{}
	for told.passes < limit && !told.stable && s.ctx.Err() == nil {
		told.passes++
		told.stable = !s.pass(whole, part, uint64(told.passes))
		share := (whole.order() - s.told) / 2
		s.tell.add(share, 0)
		s.told += share
	}
	told.split = split(whole, part)
	return told
}

func meanWeight(l *level) float64 {
	lo, hi := l.offset[0], l.offset[l.order()]
	var sum float64
	for _, w := range l.weight[lo:hi] {
		sum += w
	}
	return sum / float64(hi-lo)
}

// pass is one pass of Leiden over all levels. It tells whether any node has moved.
func (s *solver) pass(whole *level, part []uint32, number uint64) bool {
	l, labels := whole, slices.Clone(part)
	at := make([]uint32, whole.order())
	for v := range at {
		at[v] = uint32(v)
	}
	moved := false
	for depth := uint64(0); ; depth++ {
		if s.move(l, labels) {
			moved = true
		}
		communities := renumber(labels)
		if s.ctx.Err() != nil || communities == l.order() {
			break
		}
		refined := s.refine(l, labels, mix(mix(s.chance, number), depth))
		parts := renumber(refined)
		if parts == l.order() {
			break
		}
		for v := range at {
			at[v] = refined[at[v]]
		}
		l, labels = s.aggregate(l, refined, parts, labels)
	}
	for v := range part {
		part[v] = labels[at[v]]
	}
	renumber(part)
	return moved
}

// renumber gives labels, all below len(labels), numbers by first appearance, in place, and returns how many there are.
func renumber(labels []uint32) int {
	const none = ^uint32(0)
	number := slices.Repeat([]uint32{none}, len(labels))
	next := uint32(0)
	for v, label := range labels {
		if number[label] == none {
			number[label] = next
			next++
		}
		labels[v] = number[label]
	}
	return int(next)
}

// grow makes room for communities and nodes numbered below n, all zero.
func (s *solver) grow(n int) {
	if cap(s.link) < n {
		s.link, s.mass, s.outer = make([]float64, n), make([]float64, n), make([]float64, n)
		s.count, s.members = make([]int, n), make([]int, n)
		s.queue, s.waiting = make([]uint32, n), make([]bool, n)
	}
	s.link, s.mass, s.outer = s.link[:n], s.mass[:n], s.outer[:n]
	s.count, s.members, s.queue, s.waiting = s.count[:n], s.members[:n], s.queue[:n], s.waiting[:n]
	clear(s.mass)
	clear(s.count)
	clear(s.members)
	s.free = s.free[:0]
}

// move is the local moving phase: it visits nodes in order, moves each to where it adds most, and visits the neighbours of what has
// moved again, until no visit is due. labels are below the order of l. It tells whether any node has moved.
func (s *solver) move(l *level, labels []uint32) bool {
	n := l.order()
	s.grow(n)
	for v, c := range labels {
		s.mass[c] += l.mass[v]
		s.count[c] += l.count[v]
		s.members[c]++
		s.queue[v], s.waiting[v] = uint32(v), true
	}
	for c := n - 1; c >= 0; c-- {
		if s.members[c] == 0 {
			s.free = append(s.free, uint32(c))
		}
	}
	moved := false
	for head, due := 0, n; due > 0; due-- {
		v := s.queue[head]
		if head++; head == n {
			head = 0
		}
		s.waiting[v] = false
		row, weights := l.row(v)
		if s.tired(len(row)) {
			break
		}
		old := labels[v]
		best := s.best(l, labels, v)
		if best == old {
			continue
		}
		moved = true
		s.shift(l, labels, v, best)
		for i := range weights {
			if u := row[i]; labels[u] != best && !s.waiting[u] {
				s.waiting[u] = true
				tail := head + due - 1
				if tail >= n {
					tail -= n
				}
				s.queue[tail] = u
				due++
			}
		}
	}
	clear(s.waiting)
	return moved
}

// shift moves v to community c.
func (s *solver) shift(l *level, labels []uint32, v, c uint32) {
	old := labels[v]
	s.mass[old] -= l.mass[v]
	s.count[old] -= l.count[v]
	if s.members[old]--; s.members[old] == 0 {
		// What rounding has left behind must not haunt the next community of this label.
		s.mass[old] = 0
		s.free = append(s.free, old)
	}
	if s.members[c] == 0 {
		s.free = s.free[:len(s.free)-1]
	}
	labels[v] = c
	s.mass[c] += l.mass[v]
	s.count[c] += l.count[v]
	s.members[c]++
}

// best returns the community where v adds most to the quality: its own unless another is better by more than rounding, among equals
// the one met first in the row, or an empty one when every company costs more than it gives.
func (s *solver) best(l *level, labels []uint32, v uint32) uint32 {
	row, weights := l.row(v)
	for i, u := range row {
		c := labels[u]
		if s.link[c] == 0 {
			s.touched = append(s.touched, c)
		}
		s.link[c] += weights[i]
	}
	own := labels[v]
	cost := s.gamma * l.mass[v]
	away := cost * (s.mass[own] - l.mass[v])
	best, gain, scale := own, s.link[own]-away, s.link[own]+cost*s.mass[own]
	for _, c := range s.touched {
		link := s.link[c]
		s.link[c] = 0
		if c == own || (s.opts.MaxSize > 0 && s.count[c]+l.count[v] > s.opts.MaxSize) {
			continue
		}
		push := cost * s.mass[c]
		if link-push > gain+margin*(scale+link+push) {
			best, gain, scale = c, link-push, link+push
		}
	}
	s.touched = s.touched[:0]
	if s.members[own] > 1 && gain < -margin*scale {
		return s.free[len(s.free)-1]
	}
	return best
}

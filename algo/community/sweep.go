package community

import (
	"math/bits"
	"sync/atomic"

	"rummage/algo/csr/crew"
)

const (
	// least is the least number of nodes of a level that is swept.
	least = 1 << 9
	// shares is how many batches a sweep over all nodes has.
	shares = 32
	// tail is the number of due visits below which they are made one after the other.
	tail = 1 << 9
	// handful is how many nodes of a batch a worker takes at a time.
	handful = 1 << 7
	// ticks are how many go into the mean weight, most how many are counted at all.
	ticks = 1 << 16
	most  = 1 << 40
)

// A sweep is the parallel way of the local moving phase. It goes over the nodes that are due a visit in ascending order, batch by batch.
// Workers look for the best move of each node of a batch while nothing moves. Then the moves are made one after the other, each only
// if it still raises the quality given those before it; a node whose move does not is left for the next sweep. So every move raises the
// quality, as in the sequential way, and neither batches nor the order depend on the number of workers.

// sweep is the state of the sweeps of one level.
type sweep struct {
	// due has a bit for every node to visit.
	due []uint64
	// batch lists the nodes of the batch at hand, all from first to below beyond.
	batch         []uint32
	first, beyond uint32
	plans         []plan
	made          []made
	// calm is how much the links of a node may change before it is due again, in ticks of so much weight.
	calm []int64
	tick float64
}

// made is a move that was made.
type made struct{ v, old uint32 }

// A node that stays where it is by a wide margin is not visited for every small change beside it: what it would have gained elsewhere is
// remembered, and it is due when the weights of its neighbours' moves add up to more. This counts in whole ticks, so that workers may add
// in any order. Masses are left out of it, as they are where a node has no neighbour that moves; the next pass visits everyone again.

// rest is the calm of a node of the given label for which that choice was told.
func (s *sweep) rest(told choice, label uint32) int64 {
	if told.to != label || !(told.slack > 0) {
		return 0
	}
	return int64(min(told.slack/s.tick, most))
}

// disturb tells whether u is due when a neighbour by an edge of the given weight has left community old.
func (m *moves) disturb(u, old uint32, weight float64) bool {
	if m.labels[u] == old {
		weight *= 2
	}
	return atomic.AddInt64(&m.calm[u], -int64(min(weight/m.tick, most))-1) < 0
}

// plan is what a worker finds for a handful of nodes: moves worth making, and the neighbours of what would move that might move before
// it.
type plan struct {
	moves []planned
	near  []near
}

// planned is a move, with the number of its entries in near.
type planned struct {
	choice
	v    uint32
	near uint32
}

// near is a neighbour in the same batch, its label so far, and the weight of the arc to it.
type near struct {
	u, label uint32
	weight   float64
}

// sweeps visits all nodes. It tells whether any has moved.
func (m *moves) sweeps() bool {
	n := m.l.order()
	s := &m.sweep
	s.due = fit(s.due, (n+63)/64)
	for i := range s.due {
		s.due[i] = ^uint64(0)
	}
	if n%64 != 0 {
		s.due[n/64] = 1<<(n%64) - 1
	}
	size := max(n/shares, least/shares)
	moved := false
	for due := n; due >= tail; {
		for at := 0; at < len(s.due); {
			at = s.collect(at, size)
			if !m.propose() {
				return moved
			}
			if m.commit() {
				moved = true
			}
			m.spread()
		}
		due = 0
		for _, word := range s.due {
			due += bits.OnesCount64(word)
		}
	}
	m.queue = fit(m.queue, n)
	rest := m.queue[:0]
	for at := 0; at < len(s.due); {
		at = s.collect(at, tail)
		rest = append(rest, s.batch...)
	}
	return m.visit(len(rest)) || moved
}

// collect takes due nodes from word at of the bits on, at least size if there are so many, and returns the word to go on from.
func (s *sweep) collect(at, size int) int {
	s.batch, s.first = s.batch[:0], uint32(64*at)
	for ; at < len(s.due) && len(s.batch) < size; at++ {
		for word := s.due[at]; word != 0; word &= word - 1 {
			s.batch = append(s.batch, uint32(64*at+bits.TrailingZeros64(word)))
		}
		s.due[at] = 0
	}
	s.beyond = uint32(64 * at)
	return at
}

// propose fills in the plans for the batch. It tells whether the context goes on.
func (m *moves) propose() bool {
	cuts := crew.Cut(len(m.batch), handful)
	for len(m.plans) < len(cuts)-1 {
		m.plans = append(m.plans, plan{})
	}
	m.plans = m.plans[:max(len(cuts)-1, 0)]
	return crew.Run(m.ctx, m.threads, len(m.plans), func(worker, i int) {
		p, w := &m.plans[i], &m.scratch[worker].tally
		p.moves, p.near = p.moves[:0], p.near[:0]
		for _, v := range m.batch[cuts[i]:cuts[i+1]] {
			told := m.best(w, v)
			m.calm[v] = m.rest(told, m.labels[v])
			if told.to == m.labels[v] {
				continue
			}
			before := len(p.near)
			row, weights := m.l.row(v)
			for k, u := range row {
				// One comparison for both bounds.
				if u-m.first < v-m.first {
					p.near = append(p.near, near{u, m.labels[u], weights[k]})
				}
			}
			p.moves = append(p.moves, planned{told, v, uint32(len(p.near) - before)})
		}
	}) == nil
}

// commit makes the moves planned, in order. It tells whether there was any.
func (m *moves) commit() bool {
	m.made = m.made[:0]
	for i := range m.plans {
		others := m.plans[i].near
		for _, p := range m.plans[i].moves {
			changed := 0.0
			old := m.labels[p.v]
			for _, other := range others[:p.near] {
				label := m.labels[other.u]
				if label == other.label {
					continue
				}
				changed += other.weight
				p.own += other.weight * float64(same(label, old)-same(other.label, old))
				p.link += other.weight * float64(same(label, p.to)-same(other.label, p.to))
			}
			others = others[p.near:]
			if m.gains(p.v, p.choice, changed) {
				m.shift(p.v, p.to)
				m.made = append(m.made, made{p.v, old})
			} else {
				m.due[p.v/64] |= 1 << (p.v % 64)
			}
		}
	}
	return len(m.made) > 0
}

func same(a, b uint32) int {
	if a == b {
		return 1
	}
	return 0
}

// spread makes the neighbours of what has moved due a visit, unless they are in the same community now.
func (m *moves) spread() {
	cuts := crew.Cut(len(m.made), handful)
	// Whoever calls looks at the context next.
	_ = crew.Run(m.ctx, m.threads, len(cuts)-1, func(_, i int) {
		for _, one := range m.made[cuts[i]:cuts[i+1]] {
			row, weights := m.l.row(one.v)
			label := m.labels[one.v]
			for k, u := range row {
				if m.labels[u] == label {
					continue
				}
				word, bit := &m.due[u/64], uint64(1)<<(u%64)
				if atomic.LoadUint64(word)&bit == 0 && m.disturb(u, one.old, weights[k]) {
					atomic.OrUint64(word, bit)
				}
			}
		}
	})
}

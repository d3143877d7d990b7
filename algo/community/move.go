package community

import "math"

// margin is how much better, relative to the terms of its gain, a move must be to be made. It is above what rounding can feign, so
// that the quality rises with every move and the work ends.
const margin = 1e-12

// fresh stands for a community of one's own.
const fresh = math.MaxUint32

// moves is the local moving phase on one level.
type moves struct {
	*solver
	l *level
	// labels are below the order of l.
	labels []uint32
	// mass, head, count and members are those of communities; free lists labels without members. head is nil unless the graph is
	// directed, count unless sizes are bounded.
	mass, head     []float64
	count, members []uint32
	free           []uint32
	// queue is a ring of nodes to visit one by one, waiting marks them.
	queue   []uint32
	waiting []bool
	sweep
}

// choice is where a node should go, the weights from it to its own community and to that one, and, if it should stay, how much less any
// other place would add.
type choice struct {
	to               uint32
	own, link, slack float64
}

// move visits nodes, moves each to where it adds most, and visits the neighbours of what has moved again, until no visit is due.
// labels are below the order of l. It tells whether any node has moved.
func (s *solver) move(l *level, labels []uint32) bool {
	n := l.order()
	m := &s.moves
	m.solver = s
	m.begin(l, labels)
	for _, w := range s.scratch {
		w.grow(n)
	}
	if s.wide {
		m.calm = fit(m.calm, n)
		clear(m.calm)
		if n >= least {
			return m.sweeps()
		}
	}
	m.queue = fit(m.queue, n)
	for v := range m.queue {
		m.queue[v] = uint32(v)
	}
	return m.visit(n)
}

// begin takes a level and labels below its order.
func (m *moves) begin(l *level, labels []uint32) {
	n := l.order()
	m.l, m.labels = l, labels
	m.mass, m.members = fit(m.mass, n), fit(m.members, n)
	clear(m.mass)
	clear(m.members)
	for v, c := range labels {
		m.mass[c] += l.mass[v]
		m.members[c]++
	}
	if m.head = nil; l.head != nil {
		m.head = make([]float64, n)
		for v, c := range labels {
			m.head[c] += l.head[v]
		}
	}
	if m.count = nil; m.opts.MaxSize > 0 {
		m.count = make([]uint32, n)
		for v, c := range labels {
			m.count[c] += l.members(uint32(v))
		}
	}
	m.free = m.free[:0]
	for c := n - 1; c >= 0; c-- {
		if m.members[c] == 0 {
			m.free = append(m.free, uint32(c))
		}
	}
}

// visit is the sequential way: it visits the first due nodes of the queue in order, and those that they make worth a visit after them.
func (m *moves) visit(due int) bool {
	n := len(m.queue)
	m.waiting = fit(m.waiting, n)
	clear(m.waiting)
	for _, v := range m.queue[:due] {
		m.waiting[v] = true
	}
	moved := false
	for head := 0; due > 0; due-- {
		v := m.queue[head]
		if head++; head == n {
			head = 0
		}
		m.waiting[v] = false
		row, weights := m.l.row(v)
		if m.tired(len(row)) {
			break
		}
		told := m.best(&m.scratch[0].tally, v)
		old := m.labels[v]
		if m.wide {
			m.calm[v] = m.rest(told, old)
		}
		if told.to == old {
			continue
		}
		moved = true
		best := m.shift(v, told.to)
		for i, u := range row {
			if m.labels[u] != best && !m.waiting[u] {
				if m.wide && !m.disturb(u, old, weights[i]) {
					continue
				}
				m.waiting[u] = true
				tail := head + due - 1
				if tail >= n {
					tail -= n
				}
				m.queue[tail] = u
				due++
			}
		}
	}
	return moved
}

// shift moves v to community c, or to one without members, and returns its label.
func (m *moves) shift(v, c uint32) uint32 {
	l, old := m.l, m.labels[v]
	if c == fresh || m.members[c] == 0 {
		c = m.free[len(m.free)-1]
		m.free = m.free[:len(m.free)-1]
	}
	m.mass[old] -= l.mass[v]
	m.mass[c] += l.mass[v]
	if l.head != nil {
		m.head[old] -= l.head[v]
		m.head[c] += l.head[v]
	}
	if m.count != nil {
		m.count[old] -= l.members(v)
		m.count[c] += l.members(v)
	}
	m.members[c]++
	if m.members[old]--; m.members[old] == 0 {
		// What rounding has left behind must not haunt the next community of this label.
		m.mass[old] = 0
		if l.head != nil {
			m.head[old] = 0
		}
		m.free = append(m.free, old)
	}
	m.labels[v] = c
	return c
}

// best returns the community where v adds most to the quality: its own unless another is better by more than rounding, among equals
// the one met first in the row, or a fresh one when every company costs more than it gives.
func (m *moves) best(w *tally, v uint32) choice {
	l, labels := m.l, m.labels
	row, weights := l.row(v)
	own := labels[v]
	listed := len(row) <= brief && len(labels)-len(m.free) > m.opts.crowd
	// Its own community is met without a link, and cannot win.
	met, sums, toOwn := w.sum(row, weights, labels, own, listed)
	told := choice{to: own, own: toOwn, link: toOwn}
	mass := m.mass
	cost := m.gamma * l.mass[v]
	away, all := float64(cost*(mass[own]-l.mass[v])), float64(cost*mass[own])
	inward := 0.0
	if m.head != nil {
		inward = m.gamma * l.head[v]
		away = float64(cost*(m.head[own]-l.head[v])) + float64(inward*(mass[own]-l.mass[v]))
		all = float64(cost*m.head[own]) + float64(inward*mass[own])
	}
	gain, scale, other := told.own-away, told.own+all, 0.0
	for i, c := range met {
		at := c
		if listed {
			at = uint32(i)
		}
		there := sums[at]
		sums[at] = 0
		push := float64(cost * mass[c])
		if m.head != nil {
			push = float64(cost*m.head[c]) + float64(inward*mass[c])
		}
		rise := there - push
		if rise > other {
			other = rise
		}
		if rise > gain && rise > gain+margin*(scale+there+push) && m.fits(v, c) {
			told.to, told.link = c, there
			gain, scale = rise, there+push
		}
	}
	if gain < -margin*scale && m.members[own] > 1 {
		told.to, told.link = fresh, 0
	}
	told.slack = gain - other
	return told
}

// fits tells whether v may join c by its size.
func (m *moves) fits(v, c uint32) bool {
	return m.count == nil || int(m.count[c]+m.l.members(v)) <= m.opts.MaxSize
}

// gains tells whether moving v as chosen raises the quality, given how much the weights were put right since. For a choice just made it
// says what best says, to the bit.
func (m *moves) gains(v uint32, to choice, changed float64) bool {
	l, old := m.l, m.labels[v]
	head, there := 0.0, 0.0
	if m.head != nil {
		head = m.head[old]
	}
	stay := to.own - l.push(m.gamma, v, m.mass[old]-l.mass[v], head-l.inward(v))
	scale := to.own + l.push(m.gamma, v, m.mass[old], head) + changed
	if to.to == fresh || m.members[to.to] == 0 {
		return m.members[old] > 1 && stay < -margin*scale
	}
	if m.head != nil {
		there = m.head[to.to]
	}
	push := l.push(m.gamma, v, m.mass[to.to], there)
	return to.link-push > stay+margin*(scale+to.link+push) && m.fits(v, to.to)
}

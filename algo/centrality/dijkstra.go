package centrality

import "math"

// closeness is how near two lengths of different paths must be, relative to each other, to count as equal: wider than what adding up in
// another order does to them.
const closeness = 1e-12

// prepare makes what a search along lengths needs.
func (s *search) prepare(n int) {
	s.far, s.end, s.rank = make([]float64, n), make([]uint32, n), make([]uint32, n)
	s.via, s.marks = make([]uint32, n), make([]uint32, n+1)
	s.queue = newCalendar(n)
}

// tight tells whether an arc of the given number ends a shortest path to v: v was reached later, and it is as long as the way to v, rounding
// aside. Later, not further: a length may be lost in a distance that is 1e16 times as great.
func (s *search) tight(u, v uint32, arc uint64) bool {
	if s.d.out.length == nil {
		return s.distance[v] == s.distance[u]+1
	}
	here, there := s.far[u], s.far[v]
	return here+s.d.out.length[arc] <= there*(1+closeness) && (here < there || (here == there && s.rank[u] < s.rank[v]))
}

// walk reaches slots in the order of their distance (Dijkstra 1959), counts the paths to each when its turn comes, and goes back over
// the arcs on them.
func (s *search) walk(source, lo, hi uint32) {
	s.reach(source, none, lo, hi)
	if s.patient.err != nil {
		return
	}
	clear(s.debt[lo:hi])
	heavy, debt := s.d.source[source], s.debt
	for i := int(s.found) - 1; i >= 0; i-- {
		u := s.order[i]
		s.settle(u, source, heavy)
		owed, began := debt[u], uint32(0)
		if i > 0 {
			began = s.end[i-1]
		}
		for _, v := range s.link[began:s.end[i]] {
			debt[v] += owed
		}
	}
}

// reach finds distances and counts paths until goal has its own. Slots come in the order of distance, equals in that of
// their numbers as far as they are known.
func (s *search) reach(source, goal, lo, hi uint32) {
	s.forget(source, lo, hi)
	s.found, s.link = 0, s.link[:0]
	for {
		u, found := s.queue.pop(s.far)
		if !found {
			break
		}
		s.order[s.found], s.rank[u] = u, s.found
		if s.patient.tired(s.d.out.degree(u)) {
			return
		}
		if u == source {
			s.paths[u] = 1
		} else {
			s.advance(u)
		}
		s.relax(u)
		s.end[s.found] = uint32(len(s.link))
		s.found++
		if u == goal {
			break
		}
	}
	s.queue.expect(s.far[s.order[s.found-1]], int(s.found))
}

// forget makes ready for a search.
func (s *search) forget(source, lo, hi uint32) {
	block := s.far[lo:hi]
	for i := range block {
		block[i] = math.Inf(1)
	}
	s.far[source] = 0
	s.queue.reset()
	s.queue.push(0, source)
}

// before tells whether a slot of the same distance as the present one came before it, which it has no other way to show when a length
// was lost.
func (s *search) before(v uint32) bool { return s.rank[v] < s.found && s.order[s.rank[v]] == v }

// everything finds the distances to all that can be reached, and counts no paths. It returns the slots in their order.
func (s *search) everything(source, lo, hi uint32) []uint32 {
	s.forget(source, lo, hi)
	s.found = 0
	for {
		u, found := s.queue.pop(s.far)
		if !found || s.patient.tired(s.d.out.degree(u)) {
			break
		}
		s.order[s.found] = u
		s.found++
		s.relax(u)
	}
	found := s.order[:s.found]
	if len(found) > 0 {
		s.queue.expect(s.far[found[len(found)-1]], len(found))
	}
	return found
}

// advance counts the paths to u through those that come before it: mostly there is one.
func (s *search) advance(u uint32) {
	if v := s.via[u]; v != none {
		s.paths[u] = s.paths[v]
		s.link = append(s.link, v)
		return
	}
	far, length, here := s.far, s.d.in.lengths(u), s.far[u]
	bound := here * (1 + closeness)
	count := 0.0
	for i, v := range s.d.in.row(u) {
		if there := far[v]; there+length[i] <= bound && (there < here || (there == here && s.before(v))) {
			count += s.paths[v]
			s.link = append(s.link, v)
		}
	}
	s.paths[u] = count
}

// relax looks for shorter ways over the arcs that leave u, and notes where one is as short as another.
func (s *search) relax(u uint32) {
	row, length, here := s.d.out.row(u), s.d.out.lengths(u), s.far[u]
	for _, i := range s.marks[:sift(s.far, row, length, s.marks, here)] {
		v, way := row[i], here+length[i]
		there := s.far[v]
		if way*(1+closeness) < there {
			s.via[v] = u
		} else {
			s.via[v] = none
		}
		if way < there {
			s.far[v] = way
			s.queue.push(way, v)
		}
	}
}

// sift lists the places in a row, whose slot is at the given distance, of arcs over which there is a way that is shorter than that known or as
// short, and returns how many there are. The loop always writes and moves on when the write is to stay, as in descend. It is a function of its own so that all
// it holds has room in registers.
//
//go:noinline
func sift(far []float64, row []uint32, length []float64, into []uint32, here float64) (found int) {
	length = length[:len(row)]
	for i, v := range row {
		into[found] = uint32(i)
		if here+length[i] <= far[v]*(1+closeness) {
			found++
		}
	}
	return found
}

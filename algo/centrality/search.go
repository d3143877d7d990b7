package centrality

import (
	"context"
	"fmt"
	"math"
)

// search is the memory of one worker: 48 bytes a slot and 4 an entry of a row, or of half a row when the graph is undirected; with lengths some
// 75 bytes a slot.
type search struct {
	patient patient
	d       *shards
	fault   error

	// share collects, per slot, what the sources of a piece give; arcs the same per entry of a row, or nothing.
	share []float64
	arcs  []float64

	// distance is in steps, or none; far is in lengths, or infinite.
	distance []uint32
	far      []float64
	// paths counts the shortest paths from the source. debt is first what all slots beyond owe to each path that reaches one, then with
	// what the slot owes itself.
	paths, debt []float64
	// order lists the slots reached in the order of their distance, and one more place to write to.
	order []uint32
	// unseen lists the slots that a level is looked for among, from below.
	unseen []uint32
	// link lists, for the slot at each place of order, those one step further or nearer, up to end there.
	link   []uint32
	end    []uint32
	back   []uint32
	levels []level
	// via is the slot before one on its shortest path so far, or none where there may be more than one path as short.
	via []uint32
	// marks has room for the places of the longest row, and one more.
	marks []uint32
	// queue holds those reached along lengths, found is how many of them have their final distance.
	queue *calendar
	found uint32
	// rank is the place in order of a slot whose distance is final; what it was in an earlier search for others.
	rank []uint32
}

// level is one step of a search: the places of the slots that it started from, which end where those that it reached begin; where its links
// begin; and whether it went from below, so that links lead back.
type level struct {
	from, to uint32
	link     uint32
	below    bool
}

func newSearch(ctx context.Context, d *shards, arcs bool) *search {
	n := len(d.origin)
	s := &search{patient: patient{ctx: ctx}, d: d, share: make([]float64, n), paths: make([]float64, n), debt: make([]float64, n),
		order: make([]uint32, n+1)}
	if arcs {
		s.arcs = make([]float64, len(d.out.to))
	}
	if d.out.length == nil {
		s.distance, s.unseen = make([]uint32, n), make([]uint32, 0, n)
		s.end, s.back = make([]uint32, n), make([]uint32, n)
		s.link = make([]uint32, len(d.out.to)+1)
		return s
	}
	s.prepare(n)
	return s
}

// from adds what all paths give that start at a slot of the block from lo to hi.
func (s *search) from(source, lo, hi uint32) {
	if s.patient.err != nil || s.fault != nil {
		return
	}
	if s.d.out.length == nil {
		s.hop(source, lo, hi)
	} else {
		s.walk(source, lo, hi)
	}
	if s.arcs != nil && s.patient.err == nil && s.fault == nil {
		s.along(source)
	}
}

// settle turns the debt of a slot from what is owed by those beyond it into what is owed in all, and adds the share of the slot.
func (s *search) settle(u, source uint32, heavy float64) {
	count, owed := s.paths[u], s.debt[u]
	if count > math.MaxFloat64 {
		s.fault = fmt.Errorf("%w: from node %d to node %d", ErrPaths, s.d.origin[source], s.d.origin[u])
	}
	if u != source {
		s.share[u] += heavy * (count * owed)
	}
	s.debt[u] = owed + s.d.target[u]/count
}

// hop searches breadth first, each level from above or from below, whichever looks at fewer arcs (Beamer, Asanović and Patterson
// 2012), and notes the arcs on shortest paths, so that the way back looks at no others.
func (s *search) hop(source, lo, hi uint32) {
	block := s.distance[lo:hi]
	for i := range block {
		block[i] = none
	}
	clear(s.paths[lo:hi])
	s.levels, s.unseen = s.levels[:0], s.unseen[:0]
	s.distance[source], s.paths[source], s.order[0] = 0, 1, source
	rest := int(s.d.in.offset[hi]-s.d.in.offset[lo]) - s.d.in.degree(source)
	ahead := s.d.out.degree(source)
	from, to, link := uint32(0), uint32(1), uint32(0)
	listed := false
	for depth := uint32(1); from < to; depth++ {
		l := level{from: from, to: to, link: link, below: rest < ahead}
		if s.patient.tired(min(rest, ahead)) {
			return
		}
		reached := to
		switch {
		case rest == 0:
		case l.below:
			if !listed {
				s.list(lo, hi)
				listed = true
			}
			reached, link = s.rise(l, depth)
		default:
			reached, link = s.descend(l, depth)
		}
		s.levels = append(s.levels, l)
		from, to, ahead = to, reached, 0
		for _, v := range s.order[from:to] {
			ahead += s.d.out.degree(v)
			rest -= s.d.in.degree(v)
		}
	}
	s.retreat(source)
}

// list notes which slots of a block were not yet reached.
func (s *search) list(lo, hi uint32) {
	for v := lo; v < hi; v++ {
		if s.distance[v] == none {
			s.unseen = append(s.unseen, v)
		}
	}
}

// descend looks at the rows of a level. The loop over a row writes always and moves on when the write is to stay, which spares
// the processor guesses that would often be wrong.
func (s *search) descend(l level, depth uint32) (reached, link uint32) {
	order, links, distance, paths := s.order, s.link, s.distance, s.paths
	reached, link = l.to, l.link
	for i := l.from; i < l.to; i++ {
		u := order[i]
		began := link
		for _, v := range s.d.out.row(u) {
			is := distance[v]
			order[reached] = v
			if is > depth {
				reached++
			}
			is = min(is, depth)
			distance[v] = is
			links[link] = v
			if is == depth {
				link++
			}
		}
		count := paths[u]
		for _, v := range links[began:link] {
			paths[v] += count
		}
		s.end[i] = link
	}
	return reached, link
}

// rise looks for a level from those not yet seen.
func (s *search) rise(l level, depth uint32) (reached, link uint32) {
	links, distance, paths := s.link, s.distance, s.paths
	reached, link = l.to, l.link
	left := s.unseen[:0]
	for _, v := range s.unseen {
		if distance[v] != none {
			continue
		}
		began := link
		for _, u := range s.d.in.row(v) {
			links[link] = u
			if distance[u] == depth-1 {
				link++
			}
		}
		if link == began {
			left = append(left, v)
			continue
		}
		count := 0.0
		for _, u := range links[began:link] {
			count += paths[u]
		}
		paths[v], distance[v] = count, depth
		s.order[reached], s.back[reached] = v, link
		reached++
	}
	s.unseen = left
	return reached, link
}

// retreat goes back from the furthest level and adds up debts.
func (s *search) retreat(source uint32) {
	heavy := s.d.source[source]
	order, links, debt := s.order, s.link, s.debt
	for at := len(s.levels) - 1; at >= 0; at-- {
		l := s.levels[at]
		switch {
		case at == len(s.levels)-1:
			for _, u := range order[l.from:l.to] {
				debt[u] = 0
			}
		case l.below:
			for _, u := range order[l.from:l.to] {
				debt[u] = 0
			}
			began := l.link
			for i := l.to; i < s.levels[at+1].to; i++ {
				owed := debt[order[i]]
				for _, u := range links[began:s.back[i]] {
					debt[u] += owed
				}
				began = s.back[i]
			}
		default:
			began := l.link
			for i := l.from; i < l.to; i++ {
				debt[order[i]] = total(debt, links[began:s.end[i]])
				began = s.end[i]
			}
		}
		for _, u := range order[l.from:l.to] {
			s.settle(u, source, heavy)
		}
	}
}

// total adds up the listed values, in two sums that need not wait for each other.
func total(values []float64, list []uint32) float64 {
	var even, odd float64
	for len(list) > 1 {
		even += values[list[0]]
		odd += values[list[1]]
		list = list[2:]
	}
	if len(list) == 1 {
		even += values[list[0]]
	}
	return even + odd
}

// reached returns the slots that the last search reached, in the order of their distance.
func (s *search) reached() []uint32 {
	if s.d.out.length != nil {
		return s.order[:s.found]
	}
	return s.order[:s.levels[len(s.levels)-1].to]
}

// along adds what each arc carries: to each path that reaches its tail, what is owed at its head.
func (s *search) along(source uint32) {
	heavy := s.d.source[source]
	for _, u := range s.reached() {
		carried := heavy * s.paths[u]
		began := s.d.out.offset[u]
		for i, v := range s.d.out.row(u) {
			if s.tight(u, v, began+uint64(i)) {
				s.arcs[began+uint64(i)] += carried * s.debt[v]
			}
		}
	}
}

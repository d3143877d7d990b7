package community

import (
	"math"
	"slices"
)

// refine divides every community into parts that are well connected within it, and returns the part of every node, labels below the
// order of l. Each node that is still alone and well connected to its community joins one of the parts, drawn with probability
// proportional to exp(gain/θ) among those that are well connected themselves and whose quality it does not lower, its own included.
//
// The draw for a node is a function of chance and its place, not of draws before.
func (s *solver) refine(l *level, labels []uint32, chance uint64) []uint32 {
	n := l.order()
	s.grow(n)
	r := refinement{solver: s, l: l, labels: labels, parts: make([]uint32, n), whole: make([]float64, n)}
	for v := range n {
		r.parts[v] = uint32(v)
		r.whole[labels[v]] += l.mass[v]
		s.mass[v], s.members[v] = l.mass[v], 1
		row, weights := l.row(uint32(v))
		s.outer[v] = 0
		for i, u := range row {
			if labels[u] == labels[v] {
				s.outer[v] += weights[i]
			}
		}
	}
	for v := range uint32(n) {
		row, _ := l.row(v)
		if s.tired(len(row)) {
			break
		}
		if r.parts[v] == v && s.members[v] == 1 && r.connected(v) {
			r.join(v, mix(chance, uint64(v)))
		}
	}
	return r.parts
}

// refinement is one refinement under way. A part is called by the node that it began with.
type refinement struct {
	*solver
	l      *level
	labels []uint32
	parts  []uint32
	// whole is the mass of every community.
	whole []float64
}

// connected tells whether part c is well connected to the rest of its community: whether keeping them together costs no more than
// the weight between them.
func (s *refinement) connected(c uint32) bool {
	cost := s.gamma * s.mass[c] * (s.whole[s.labels[c]] - s.mass[c])
	return s.outer[c] >= cost*(1-margin)
}

// join lets v, alone so far, join a part of its community or stay.
func (s *refinement) join(v uint32, chance uint64) {
	l, parts := s.l, s.parts
	row, weights := l.row(v)
	for i, u := range row {
		if s.labels[u] != s.labels[v] {
			continue
		}
		if s.link[parts[u]] == 0 {
			s.touched = append(s.touched, parts[u])
		}
		s.link[parts[u]] += weights[i]
	}
	choices := s.touched[:0]
	gains := make([]float64, 0, 16)
	links := make([]float64, 0, 16)
	top := 0.0
	for _, c := range s.touched {
		link := s.link[c]
		s.link[c] = 0
		gain := link - s.gamma*l.mass[v]*s.mass[c]
		if gain >= 0 && s.connected(c) {
			choices, gains, links = append(choices, c), append(gains, gain), append(links, link)
			top = max(top, gain)
		}
	}
	if at := s.draw(gains, top, chance); at < len(choices) {
		c := choices[at]
		parts[v] = c
		s.mass[c] += l.mass[v]
		s.members[c]++
		s.outer[c] += s.outer[v] - 2*links[at]
		s.members[v] = 0
	}
	s.touched = s.touched[:0]
}

// draw returns an index into gains, or len(gains) for a gain of zero, with probability proportional to exp(gain/θ).
func (s *solver) draw(gains []float64, top float64, chance uint64) int {
	weigh := func(gain float64) float64 { return math.Exp((gain - top) / s.theta) }
	sum := weigh(0)
	for _, gain := range gains {
		sum += weigh(gain)
	}
	left := float64(chance>>11) / (1 << 53) * sum
	for i, gain := range gains {
		if left -= weigh(gain); left < 0 {
			return i
		}
	}
	return len(gains)
}

// aggregate makes one node of every part, labelled 0 to parts-1 by first appearance, and returns the smaller graph with the community
// of each of its nodes.
func (s *solver) aggregate(l *level, refined []uint32, parts int, labels []uint32) (*level, []uint32) {
	arcs := l.offset[l.order()] - l.offset[0]
	small := &level{offset: make([]int, 1, parts+1), to: make([]uint32, 0, arcs), weight: make([]float64, 0, arcs),
		mass: make([]float64, parts), count: make([]int, parts)}
	above := make([]uint32, parts)
	starts := make([]int, parts+1)
	for v, p := range refined {
		small.mass[p] += l.mass[v]
		small.count[p] += l.count[v]
		above[p] = labels[v]
		starts[p+1]++
	}
	for p := range parts {
		starts[p+1] += starts[p]
	}
	members := make([]uint32, len(refined))
	next := slices.Clone(starts)
	for v, p := range refined {
		members[next[p]] = uint32(v)
		next[p]++
	}
	s.grow(l.order())
	for p := range uint32(parts) {
		for _, v := range members[starts[p]:starts[p+1]] {
			row, weights := l.row(v)
			for i, u := range row {
				q := refined[u]
				if q == p {
					continue
				}
				if s.link[q] == 0 {
					s.touched = append(s.touched, q)
				}
				s.link[q] += weights[i]
			}
		}
		for _, q := range s.touched {
			small.to, small.weight = append(small.to, q), append(small.weight, s.link[q])
			s.link[q] = 0
		}
		s.touched = s.touched[:0]
		small.offset = append(small.offset, len(small.to))
	}
	return small, above
}

// split gives every connected piece of a community a label of its own, renumbers, and returns how many communities were in pieces.
func split(l *level, labels []uint32) int {
	n := l.order()
	pieces := make([]uint32, n)
	seen := make([]bool, n)
	found := make([]int, n)
	broken, next := 0, uint32(0)
	var queue []uint32
	for first := range uint32(n) {
		if seen[first] {
			continue
		}
		seen[first] = true
		queue = append(queue[:0], first)
		for at := 0; at < len(queue); at++ {
			v := queue[at]
			pieces[v] = next
			row, _ := l.row(v)
			for _, u := range row {
				if !seen[u] && labels[u] == labels[v] {
					seen[u] = true
					queue = append(queue, u)
				}
			}
		}
		if found[labels[first]]++; found[labels[first]] == 2 {
			broken++
		}
		next++
	}
	copy(labels, pieces)
	return broken
}

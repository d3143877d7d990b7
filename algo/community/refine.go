package community

import (
	"math"

	"rummage/algo/csr/crew"
	"rummage/algo/csr/memory"
)

// refine divides every community into parts that are well connected within it, and returns the part of every node, labels below the
// order of l. Each node that is still alone and well connected to its community joins one of the parts, drawn with probability
// proportional to exp(gain/θ) among those that are well connected themselves and whose quality it does not lower, its own included.
//
// The draw for a node is a function of chance and its place, not of draws before, and nothing crosses the bounds of a community, so that
// communities can be refined in any order.
func (s *solver) refine(l *level, labels []uint32, communities int, chance uint64) []uint32 {
	n := l.order()
	s.groups.gather(labels, communities)
	ranks := s.groups.rank()
	parts := memory.Make[uint32](n)
	cuts := s.groups.cut(l, share)
	// The caller looks at the context itself.
	_ = crew.Run(s.ctx, s.threads, len(cuts)-1, func(worker, i int) {
		r := &s.scratch[worker].refinement
		r.gamma, r.theta, r.shuffled = s.gamma, s.theta, s.opts.Objective == Modularity
		for c := cuts[i]; c < cuts[i+1] && s.ctx.Err() == nil; c++ {
			members := s.groups.of(c)
			if len(members) == 1 {
				parts[members[0]] = members[0]
				continue
			}
			r.take(l, ranks, members)
			r.refine(members, chance)
			for i, v := range members {
				parts[v] = members[r.parts[i]]
			}
		}
	})
	return parts
}

// refinement refines one community after another. Members are called by rank, a part by the member that it began with.
type refinement struct {
	gamma, theta float64
	shuffled     bool
	// community is the part of the level that the community spans.
	community level
	parts     []uint32
	alone     []bool
	// mass and head are those of parts, whole those of the community. outer is the weight from a part to the rest of the community.
	mass, head, outer []float64
	whole, wholeHead  float64
	tally
	// choices are the parts to draw from.
	choices []draw
}

// draw is a part that a node may join: what that gains, the weight between the two, and its part of the probability.
type draw struct {
	part                uint32
	gain, link, chances float64
}

// take cuts the community out of the level, with every member alone. Members of one community are ranked one behind the other.
func (r *refinement) take(l *level, ranks, members []uint32) {
	k := len(members)
	first, size := ranks[members[0]], uint32(k)
	room := 0
	for _, v := range members {
		room += l.hi[v] - l.lo[v]
	}
	in := &r.community
	in.lo = fit(in.lo, k+1)
	in.hi = in.lo[1:]
	in.to, in.weight = fit(in.to, room+1), fit(in.weight, room+1)
	in.mass, r.mass, r.outer = fit(in.mass, k), fit(r.mass, k), fit(r.outer, k)
	r.parts, r.alone = fit(r.parts, k), fit(r.alone, k)
	r.grow(k)
	in.head, r.whole, r.wholeHead = nil, 0, 0
	if l.head != nil {
		in.head, r.head = make([]float64, k), make([]float64, k)
	}
	at := 0
	in.lo[0] = 0
	for i, v := range members {
		row, weights := l.row(v)
		weights = weights[:len(row)]
		to, weight := in.to[at:at+len(row)+1], in.weight[at:at+len(row)+1]
		met := 0
		for j, u := range row {
			// Below size for members, and for them alone.
			rank := ranks[u] - first
			to[met], weight[met] = rank, weights[j]
			inside := 0
			if rank < size {
				inside = 1
			}
			met += inside
		}
		at += met
		in.lo[i+1] = at
		r.outer[i] = 0
		for _, w := range weight[:met] {
			r.outer[i] += w
		}
		in.mass[i], r.mass[i] = l.mass[v], l.mass[v]
		r.whole += l.mass[v]
		if l.head != nil {
			in.head[i], r.head[i] = l.head[v], l.head[v]
			r.wholeHead += l.head[v]
		}
		r.parts[i], r.alone[i] = uint32(i), true
	}
}

// refine lets members join parts. Under modularity each comes a number of others after the one before that has no factor in common with
// theirs, so that every one has its turn: in the order of their numbers, which is that of the moves, the parts of large communities would
// repeat what the moves came to, in every pass anew. Communities of the constant Potts model are small; there it is the order of numbers.
func (r *refinement) refine(members []uint32, chance uint64) {
	k := uint32(len(members))
	i, step := uint32(0), uint32(1)
	if r.shuffled {
		i, step = stride(k, mix(chance, uint64(k)))
	}
	for range k {
		if r.alone[i] && r.connected(i) {
			r.join(i, mix(chance, uint64(members[i])))
		}
		if i += step; i >= k {
			i -= k
		}
	}
}

// stride draws where to begin among k, at least 2, and a step below k that comes by all of them.
func stride(k uint32, drawn uint64) (first, step uint32) {
	step = k/2 + uint32(drawn)%(k/4+1)
	for divisor(step, k) != 1 {
		step++
	}
	return uint32(drawn>>32) % k, step
}

// divisor is the greatest one that two numbers have in common.
func divisor(a, b uint32) uint32 {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

// connected tells whether part c is well connected to the rest of its community: whether keeping them together costs no more than
// the weight between them.
func (r *refinement) connected(c uint32) bool {
	cost := r.gamma * r.mass[c] * (r.whole - r.mass[c])
	if r.community.head != nil {
		cost = r.gamma*r.mass[c]*(r.wholeHead-r.head[c]) + r.gamma*r.head[c]*(r.whole-r.mass[c])
	}
	return r.outer[c] >= cost*(1-margin)
}

// join lets v, alone so far, join a part of its community or stay.
func (r *refinement) join(v uint32, chance uint64) {
	in := &r.community
	row, weights := in.to[in.lo[v]:in.hi[v]], in.weight[in.lo[v]:in.hi[v]]
	met := r.met[:r.add(row, weights, r.parts, 0)]
	r.choices = r.choices[:0]
	top := 0.0
	for _, c := range met {
		link := r.link[c]
		r.link[c] = 0
		gain := link - in.push(r.gamma, v, r.mass[c], r.inward(c))
		if gain >= 0 && r.connected(c) {
			r.choices = append(r.choices, draw{part: c, gain: gain, link: link})
			top = max(top, gain)
		}
	}
	at := r.draw(top, chance)
	if at == len(r.choices) {
		return
	}
	c := r.choices[at].part
	r.parts[v] = c
	r.mass[c] += in.mass[v]
	if in.head != nil {
		r.head[c] += in.head[v]
	}
	r.outer[c] += r.outer[v] - 2*r.choices[at].link
	r.alone[v], r.alone[c] = false, false
}

// inward is the inward mass of part c.
func (r *refinement) inward(c uint32) float64 {
	if r.community.head == nil {
		return 0
	}
	return r.head[c]
}

// draw returns an index into choices, or their number for a gain of zero, with probability proportional to exp(gain/θ).
func (r *refinement) draw(top float64, chance uint64) int {
	weigh := func(gain float64) float64 {
		// Below e^-60 nothing is left of it beside the greatest, which is 1.
		switch x := (gain - top) / r.theta; {
		case x == 0:
			return 1
		case x > -60:
			return math.Exp(x)
		}
		return 0
	}
	sum := weigh(0)
	for i := range r.choices {
		r.choices[i].chances = weigh(r.choices[i].gain)
		sum += r.choices[i].chances
	}
	left := float64(chance>>11) / (1 << 53) * sum
	for i := range r.choices {
		if left -= r.choices[i].chances; left < 0 {
			return i
		}
	}
	return len(r.choices)
}

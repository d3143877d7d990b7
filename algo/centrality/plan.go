package centrality

import (
	"math"
	"slices"
)

// Moments at which enough may be known: their number, and where the first lies before the one expected.
const (
	checks = 16
	early  = 0.6
)

// equip gives every node in a block the usual part of delta: half of it is shared evenly, over two sides and all moments.
func (s *sampler) equip() {
	n := 0
	for _, u := range s.d.origin {
		if s.odds[u] == 0 {
			n++
			s.odds[u] = 1
		}
	}
	s.usual = math.Log(4 * checks * float64(n) / s.opts.Delta)
	for u := range s.odds {
		s.odds[u] *= s.usual
	}
	s.most = s.round(s.utmost())
}

// utmost is the number of samples that always is enough (Hoeffding 1963).
func (s *sampler) utmost() float64 { return s.usual / (2 * s.epsilon * s.epsilon) }

// round returns the least multiple of batch that is not less.
func (s *sampler) round(samples float64) int { return int(math.Ceil(samples/batch)) * batch }

// plan shares out the other half of delta among the nodes that the pilot met, and returns the moments, in samples, at which to look
// whether enough is known. As many samples are foreseen as make the sum of their errors as small; a node takes this part or the usual one, whichever
// is greater. That the plan comes from the pilot does no harm, as its samples are not used again.
func (s *sampler) plan() []int {
	nodes := map[uint32]int{}
	for _, count := range s.count {
		if count > 0 {
			nodes[count]++
		}
	}
	met := make([]mass, 0, len(nodes))
	for count, many := range nodes {
		share := (float64(count) + math.Sqrt(float64(count)) + 1) / float64(s.samples)
		met = append(met, mass{count, float64(many), certainty(min(share, 1), s.epsilon)})
	}
	slices.SortFunc(met, func(a, b mass) int { return int(a.count) - int(b.count) })
	need := s.foresee(met)
	for u, count := range s.count {
		if count > 0 {
			i, _ := slices.BinarySearchFunc(met, count, func(m mass, count uint32) int { return int(m.count) - int(count) })
			s.odds[u] = min(s.usual, need*met[i].sure)
		}
	}
	first := early * max(need, s.usual/certainty(0, s.epsilon))
	if s.opts.Top > 0 {
		// The first nodes may stand out long before all errors are small.
		first = min(first, float64(s.samples))
	}
	last := max(s.utmost(), first)
	moments := make([]int, checks)
	for i := range moments {
		moments[i] = s.round(first * math.Pow(last/first, float64(i)/(checks-1)))
	}
	s.most = moments[checks-1]
	return moments
}

// mass is a number of nodes that the pilot met as often, and how surely each sample excludes an error for them.
type mass struct {
	count uint32
	nodes float64
	sure  float64
}

// foresee returns the number of samples at which the nodes that the pilot met use up half of delta.
func (s *sampler) foresee(met []mass) float64 {
	wrong := func(samples float64) float64 {
		sum := 0.0
		for _, m := range met {
			sum += m.nodes * math.Exp(-samples*m.sure)
		}
		return 2 * checks * sum
	}
	few, many := 0.0, 1.0
	for wrong(many) > s.opts.Delta/2 {
		many *= 2
	}
	for range 40 {
		if mid := (few + many) / 2; wrong(mid) > s.opts.Delta/2 {
			few = mid
		} else {
			many = mid
		}
	}
	return many
}

// known keeps what was worked out for a count, as most nodes share few counts.
type known struct {
	samples      int
	sure         []float64
	lower, upper []float64
}

func (s *sampler) lookup(count uint32) *known {
	k := &s.known
	if k.samples != s.samples {
		*k = known{samples: s.samples, sure: k.sure[:0], lower: k.lower[:0], upper: k.upper[:0]}
	}
	for len(k.sure) <= int(count) {
		k.sure, k.lower, k.upper = append(k.sure, math.NaN()), append(k.lower, math.NaN()), append(k.upper, math.NaN())
	}
	return k
}

// tight tells whether the error of a node is within epsilon.
func (s *sampler) tight(u uint32) bool {
	count := s.count[u]
	k := s.lookup(count)
	if math.IsNaN(k.sure[count]) {
		k.sure[count] = certainty(float64(count)/float64(s.samples), s.epsilon)
	}
	return float64(s.samples)*k.sure[count] >= s.odds[u]
}

// interval returns the shares of samples that are not excluded for a node.
func (s *sampler) interval(u uint32) (lower, upper float64) {
	count := s.count[u]
	if s.odds[u] != s.usual {
		return interval(int(count), s.samples, s.odds[u])
	}
	k := s.lookup(count)
	if math.IsNaN(k.lower[count]) {
		k.lower[count], k.upper[count] = interval(int(count), s.samples, s.usual)
	}
	return k.lower[count], k.upper[count]
}

// enough tells whether all errors are within epsilon, or whether the first nodes are in order.
func (s *sampler) enough() bool {
	if s.opts.Top <= 0 {
		for u := range uint32(len(s.odds)) {
			if s.odds[u] > 0 && !s.tight(u) {
				return false
			}
		}
		return true
	}
	order := s.order()
	top := min(s.opts.Top, len(order))
	for i := 1; i < len(order); i++ {
		if above := order[min(i, top)-1]; !s.apart(above, order[i]) {
			return false
		}
	}
	return true
}

// apart tells whether two nodes are in the right order, or both errors are within epsilon.
func (s *sampler) apart(above, below uint32) bool {
	if s.settled(above) && s.settled(below) {
		return true
	}
	lower, _ := s.bounds(above)
	_, upper := s.bounds(below)
	return lower >= upper
}

func (s *sampler) settled(u uint32) bool { return s.odds[u] == 0 || s.tight(u) }

// bounds returns what the number of ordered pairs that a node lies between is not excluded to be.
func (s *sampler) bounds(u uint32) (lower, upper float64) {
	sure := s.d.cut[u]
	if s.odds[u] == 0 {
		return sure, sure
	}
	lower, upper = s.interval(u)
	return sure + lower*s.urn.total, sure + upper*s.urn.total
}

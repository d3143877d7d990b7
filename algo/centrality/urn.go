package centrality

import (
	"math/rand/v2"
	"sort"
)

// urn draws ordered pairs of slots of one block, each as often as pairs of nodes run through the block by way of them.
type urn struct {
	d *shards
	// pairs adds up, slot by slot, how many pairs start there; nodes how many nodes slots stand for.
	pairs, nodes []float64
	total        float64
}

func newUrn(d *shards) urn {
	u := urn{d: d, pairs: make([]float64, len(d.origin)+1), nodes: make([]float64, len(d.origin)+1)}
	for b := range len(d.first) - 1 {
		lo, hi := d.first[b], d.first[b+1]
		all := 0.0
		for s := lo; s < hi; s++ {
			all += d.target[s]
		}
		for s := lo; s < hi; s++ {
			u.pairs[s+1] = u.pairs[s]
			if hi-lo > 2 {
				u.pairs[s+1] += d.source[s] * (all - d.target[s])
			}
			u.nodes[s+1] = u.nodes[s] + d.target[s]
		}
	}
	u.total = u.pairs[len(d.origin)]
	return u
}

// pair draws a pair of different slots.
func (u *urn) pair(random *rand.Rand) (source, target uint32) {
	source = find(u.pairs, random.Float64()*u.total)
	b := u.d.block(source)
	lo, hi := u.d.first[b], u.d.first[b+1]
	own := u.d.target[source]
	for target = source; target == source; {
		// The block without the source, which rounding alone could make the target.
		at := u.nodes[lo] + random.Float64()*(u.nodes[hi]-u.nodes[lo]-own)
		if at >= u.nodes[source] {
			at += own
		}
		target = min(lo+find(u.nodes[lo:hi+1], at), hi-1)
	}
	return source, target
}

// find returns the last index but one at most whose value is not above x, of ascending values.
func find(values []float64, x float64) uint32 {
	i := sort.Search(len(values)-1, func(i int) bool { return values[i+1] > x })
	return uint32(min(i, len(values)-2))
}

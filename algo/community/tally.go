package community

import (
	"math"

	"rummage/algo/csr/memory"
)

// tally adds up the weights from what is at hand to each of a number of groups. Between uses all is zero.
type tally struct {
	// link is the weight by group, met lists those above zero as they were met.
	link  []float64
	met   []uint32
	brief shortlist
}

// grow makes room for groups below n.
func (t *tally) grow(n int) {
	if len(t.link) < n {
		t.link, t.met = memory.Make[float64](n), memory.Make[uint32](n+1)
	}
}

// add adds a row, of weights above zero, to groups of which so many are met already, and returns how many are now. The loop is most of
// what this package does: it has no jump that nobody could foresee.
func (t *tally) add(row []uint32, weights []float64, groups []uint32, number int) int {
	link, met := t.link, t.met
	weights = weights[:len(row)]
	for i, u := range row {
		c := groups[u]
		before := link[c]
		met[number] = c
		isNew := 0
		if math.Float64bits(before) == 0 {
			isNew = 1
		}
		number += isNew
		link[c] = before + weights[i]
	}
	return number
}

// sum adds a row to groups and takes the weight to own out. The other sums are by group, or in the order of meeting where the row is
// listed, which it must be brief for. Whoever takes a sum that is by group leaves zero.
func (t *tally) sum(row []uint32, weights []float64, groups []uint32, own uint32, listed bool) (met []uint32, sums []float64, toOwn float64) {
	if listed {
		met = t.met[:t.brief.add(row, weights, groups, t.met)]
		return met, t.brief.sums, t.brief.take(own)
	}
	met, toOwn = t.met[:t.add(row, weights, groups, 0)], t.link[own]
	t.link[own] = 0
	return met, t.link, toOwn
}

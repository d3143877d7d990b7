package community

import (
	"math"

	"rummage/algo/csr/memory"
)

// tally adds up the weights from what is at hand to each of a number of groups. Between uses all is zero.
type tally struct {
	// link is the weight by group, met lists those above zero as they were met.
	link []float64
	met  []uint32
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

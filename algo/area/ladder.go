package area

import (
	"math"
	"slices"

	"rummage/algo/stat"
)

// A ladder is a tree of cells: the root holds every inspected declaration, and each
// rung tells those of a cell apart by one dimension more. The rate of a cell leans on
// that of the cell above it,
//
//	p(cell) = (k + m p(above)) / (n + m)
//
// the posterior mean of a binomial rate under a Beta prior with mean p(above) and
// strength m (empirical Bayes). Each rung has its own m, that of the greatest
// Beta-Binomial likelihood of its cells. Where the cells of a rung are pure m is
// small and few inspections decide; where they are noise m is great and the rung
// says nothing.
type ladder struct {
	rungs   []rung
	tallies []stat.Tally // by cell; 0 is the root
	rates   []float64
	above   []uint32
}

type rung struct {
	column   *Column
	strength float64
	cells    map[uint64]uint32 // by the cell above and the value
}

// strengths are the values of m that a rung chooses from.
var strengths = []float64{0.25, 0.5, 1, 2, 3, 5, 10, 20, 50, 100, 200, 500, 1000}

// unshrunk is what the base rate leans on: half a hit and half a miss (Jeffreys), so
// that it is neither 0 nor 1.
const unshrunk = 0.5

func newLadder(t *Table, rows []int) *ladder {
	l := &ladder{tallies: make([]stat.Tally, 1), above: []uint32{0}}
	for _, i := range rows {
		l.tallies[0].Trials++
		l.tallies[0].Hits += boolean(t.Hit[i])
	}
	l.rates = []float64{(float64(l.tallies[0].Hits) + unshrunk) / (float64(l.tallies[0].Trials) + 2*unshrunk)}
	return l
}

// grow adds a rung. At is the cell of each of the rows so far, and is brought up to
// the new rung. A strength of 0 is chosen.
func (l *ladder) grow(t *Table, column *Column, rows []int, at []uint32, strength float64) {
	r := rung{column: column, cells: make(map[uint64]uint32)}
	first := len(l.tallies)
	for k, i := range rows {
		id := uint64(at[k])<<32 | uint64(column.Codes[i])
		cell, ok := r.cells[id]
		if !ok {
			cell = uint32(len(l.tallies))
			r.cells[id] = cell
			l.tallies, l.above = append(l.tallies, stat.Tally{}), append(l.above, at[k])
		}
		l.tallies[cell].Trials++
		l.tallies[cell].Hits += boolean(t.Hit[i])
		at[k] = cell
	}
	if r.strength = strength; strength == 0 {
		r.strength = l.likeliest(first)
	}
	for cell := first; cell < len(l.tallies); cell++ {
		tally, p := l.tallies[cell], l.rates[l.above[cell]]
		l.rates = append(l.rates, (float64(tally.Hits)+r.strength*p)/(float64(tally.Trials)+r.strength))
	}
	l.rungs = append(l.rungs, r)
}

// likeliest returns the strength of the greatest likelihood of the cells from one on,
// the greatest of equal ones. Cells of equal tallies under one cell are many; the sums
// are over cells in their order, which is that of the rows.
func (l *ladder) likeliest(first int) float64 {
	best, greatest := 0.0, math.Inf(-1)
	for _, m := range strengths {
		sum := 0.0
		for cell := first; cell < len(l.tallies); cell++ {
			sum += logBetaBinomial(l.tallies[cell], m, l.rates[l.above[cell]])
		}
		if sum >= greatest {
			best, greatest = m, sum
		}
	}
	return best
}

// logBetaBinomial is the log likelihood of a sequence of hits and misses under a Beta
// prior of strength m and mean p.
func logBetaBinomial(t stat.Tally, m, p float64) float64 {
	a, b, k, n := m*p, m*(1-p), float64(t.Hits), float64(t.Trials)
	return lgamma(a+k) - lgamma(a) + lgamma(b+n-k) - lgamma(b) + lgamma(m) - lgamma(m+n)
}

func lgamma(x float64) float64 {
	y, _ := math.Lgamma(x)
	return y
}

// find returns the finest cell with inspections that a row falls into, and how many
// rungs it is down.
func (l *ladder) find(row int) (cell uint32, depth int) {
	for _, r := range l.rungs {
		next, ok := r.cells[uint64(cell)<<32|uint64(r.column.Codes[row])]
		if !ok {
			break
		}
		cell, depth = next, depth+1
	}
	return cell, depth
}

func (l *ladder) rate(row int) float64 {
	cell, _ := l.find(row)
	return l.rates[cell]
}

// fitLadder builds the ladder of these dimensions.
func fitLadder(t *Table, rows []int, columns []*Column, strengths []float64) *ladder {
	l, at := newLadder(t, rows), make([]uint32, len(rows))
	for k, c := range columns {
		strength := 0.0
		if k < len(strengths) {
			strength = strengths[k]
		}
		l.grow(t, c, rows, at, strength)
	}
	return l
}

// loss is the mean negative log likelihood of what rows brought, in nats.
func (l *ladder) loss(t *Table, rows []int) float64 {
	sum := 0.0
	for _, i := range rows {
		sum += surprise(l.rate(i), t.Hit[i])
	}
	return sum / float64(len(rows))
}

func surprise(p float64, hit bool) float64 {
	if hit {
		return -math.Log(p)
	}
	return -math.Log1p(-p)
}

const (
	// mostRungs bounds a chosen ladder.
	mostRungs = 6
	// worthwhile is the share by which a rung must lessen the loss to be taken.
	worthwhile = 0.005
)

// choose picks dimensions for a ladder, one after the other: each time that which
// tells later outcomes best from earlier ones. It never looks beyond the rows given.
func choose(t *Table, earlier, later []int, candidates []*Column) []*Column {
	var taken []*Column
	least := newLadder(t, earlier).loss(t, later)
	for len(taken) < mostRungs {
		var best *Column
		limit := least * (1 - worthwhile)
		for _, c := range candidates {
			if slices.Contains(taken, c) {
				continue
			}
			if loss := fitLadder(t, earlier, append(slices.Clip(taken), c), nil).loss(t, later); loss < limit {
				best, limit = c, loss
			}
		}
		if best == nil {
			break
		}
		taken, least = append(taken, best), limit
	}
	return taken
}

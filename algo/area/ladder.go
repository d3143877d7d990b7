package area

import (
	"context"
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
// strength m (empirical Bayes): m is how many inspections the rate above counts for.
// All rungs have one m.
type ladder struct {
	strength float64
	rungs    []rung
	tallies  []stat.Tally // by cell; 0 is the root
	rates    []float64
	above    []uint32
}

type rung struct {
	column *Column
	cells  map[uint64]uint32 // by the cell above and the value
}

// unshrunk is what the base rate leans on: half a hit and half a miss (Jeffreys), so
// that it is neither 0 nor 1.
const unshrunk = 0.5

func newLadder(t *Table, rows []int, strength float64) *ladder {
	l := &ladder{strength: strength, tallies: make([]stat.Tally, 1), above: []uint32{0}}
	for _, i := range rows {
		l.tallies[0].Trials++
		l.tallies[0].Hits += boolean(t.Hit[i])
	}
	l.rates = []float64{(float64(l.tallies[0].Hits) + unshrunk) / (float64(l.tallies[0].Trials) + 2*unshrunk)}
	return l
}

// grow adds a rung. At is the cell of each of the rows so far, and is brought up to
// the new rung, but of rows that do not state the dimension: who stated nothing is no
// reason for or against.
func (l *ladder) grow(t *Table, column *Column, rows []int, at []uint32) {
	r := rung{column: column, cells: make(map[uint64]uint32)}
	first := len(l.tallies)
	for k, i := range rows {
		if !column.states(i) {
			continue
		}
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
	for cell := first; cell < len(l.tallies); cell++ {
		tally, p := l.tallies[cell], l.rates[l.above[cell]]
		l.rates = append(l.rates, (float64(tally.Hits)+l.strength*p)/(float64(tally.Trials)+l.strength))
	}
	l.rungs = append(l.rungs, r)
}

// shed takes the last rung off again.
func (l *ladder) shed() {
	last := len(l.rungs) - 1
	keep := len(l.tallies) - len(l.rungs[last].cells)
	l.tallies, l.rates, l.above, l.rungs = l.tallies[:keep], l.rates[:keep], l.above[:keep], l.rungs[:last]
}

// rate is that of the finest cell with inspections that a row falls into.
func (l *ladder) rate(row int) float64 {
	cell := uint32(0)
	for _, r := range l.rungs {
		if !r.column.states(row) {
			continue
		}
		next, ok := r.cells[uint64(cell)<<32|uint64(r.column.Codes[row])]
		if !ok {
			break
		}
		cell = next
	}
	return l.rates[cell]
}

// fitLadder builds the ladder of these dimensions.
func fitLadder(t *Table, rows []int, columns []*Column, strength float64) *ladder {
	l, at := newLadder(t, rows, strength), make([]uint32, len(rows))
	for _, c := range columns {
		l.grow(t, c, rows, at)
	}
	return l
}

// loss is the mean surprise at what rows brought, with the rates calibrated.
func (l *ladder) loss(t *Table, rows []int) float64 {
	odds, truth := make([]float64, len(rows)), make([]bool, len(rows))
	for k, i := range rows {
		odds[k], truth[k] = logit(l.rate(i)), t.Hit[i]
	}
	return crossed(odds, truth)
}

const (
	// mostRungs bounds a chosen ladder.
	mostRungs = 6
	// worthwhile is the share by which a rung must lessen the surprise to be taken.
	worthwhile = 0.005
)

// strengths are the values of m that a ladder chooses from.
var strengths = []float64{1, 3, 10, 30, 100}

// A choice is a ladder's dimensions and strength.
type choice struct {
	columns  []*Column
	strength float64
	loss     float64
}

// choose picks dimensions and strength of a ladder by how well it tells later outcomes
// from earlier ones: dimensions one after the other, each time that which lessens the
// surprise most. It never looks beyond the rows given. With columns given it picks the
// strength alone.
func choose(ctx context.Context, t *Table, earlier, later []int, columns []*Column) (choice, error) {
	var best choice
	for _, m := range strengths {
		c := choice{columns: columns, strength: m}
		if columns == nil {
			var err error
			if c.columns, err = climb(ctx, t, earlier, later, m); err != nil {
				return best, err
			}
		}
		c.loss = fitLadder(t, earlier, c.columns, m).loss(t, later)
		if best.strength == 0 || c.loss < best.loss {
			best = c
		}
	}
	return best, nil
}

// climb picks dimensions for a ladder of one strength. A rung must tell some cell apart.
func climb(ctx context.Context, t *Table, earlier, later []int, strength float64) ([]*Column, error) {
	l, at := newLadder(t, earlier, strength), make([]uint32, len(earlier))
	taken := []*Column{}
	least, leaves := l.loss(t, later), 1
	for len(taken) < mostRungs {
		var best *Column
		limit := least * (1 - worthwhile)
		for k := range t.Columns {
			c := &t.Columns[k]
			if slices.Contains(taken, c) {
				continue
			}
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			l.grow(t, c, earlier, slices.Clone(at))
			if len(l.rungs[len(l.rungs)-1].cells) > leaves {
				if loss := l.loss(t, later); loss < limit {
					best, limit = c, loss
				}
			}
			l.shed()
		}
		if best == nil {
			break
		}
		l.grow(t, best, earlier, at)
		taken, least, leaves = append(taken, best), limit, len(l.rungs[len(l.rungs)-1].cells)
	}
	return taken, nil
}

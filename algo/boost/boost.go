package boost

import (
	"errors"
	"fmt"
	"math"
	"slices"
)

// ErrRows is wrapped when columns, labels and weights do not fit together, or hold what is no number.
var ErrRows = errors.New("boost: rows")

// Options are the settings of Fit; Default has usable ones.
type Options struct {
	Trees int     // rounds
	Depth int     // questions from root to leaf at most
	Rate  float64 // share of each tree's answer that is kept
	Least float64 // sum of weights, times p(1-p), in a leaf at least
	Ridge float64 // added to the curvature of every leaf: pulls its answer to 0
	Bins  int     // values told apart in each column, from 2 to 256
}

// Default are 120 trees of three questions.
func Default() Options { return Options{Trees: 120, Depth: 3, Rate: 0.1, Least: 1, Ridge: 1, Bins: 64} }

// Model is a sum of trees, in log-odds.
type Model struct {
	base  float64
	trees []tree
}

// node asks whether column is above cut: then it goes to the right. A leaf has no column and answers.
type node struct {
	column      int // -1 in a leaf
	cut         float64
	left, right int
	answer      float64
}

type tree []node

// Score is the log-odds of a row, one value a column.
func (m *Model) Score(row []float64) float64 {
	sum := m.base
	for _, t := range m.trees {
		at := 0
		for t[at].column >= 0 {
			if row[t[at].column] > t[at].cut {
				at = t[at].right
			} else {
				at = t[at].left
			}
		}
		sum += t[at].answer
	}
	return sum
}

// Fit fits log-odds of the labels by gradient boosting with second-order leaves: Friedman 2001, doi:10.1214/aos/1013203451; Chen and Guestrin
// 2016, doi:10.1145/2939672.2939785. Columns are cut at quantiles. weight may be nil: every row counts 1. Nothing is drawn at random, and
// equal gains go to the first column and the lowest cut, so equal rows in an equal order give equal models.
//
// Cost O(trees * depth * rows * columns); memory a byte a cell.
func Fit(columns [][]float64, labels []bool, weight []float64, opts Options) (*Model, error) {
	g, err := newGrower(columns, labels, weight, opts)
	if err != nil {
		return nil, err
	}
	positive, all := 0.0, 0.0
	for i, yes := range labels {
		all += g.weight[i]
		if yes {
			positive += g.weight[i]
		}
	}
	m := &Model{base: math.Log((positive + 0.5) / (all - positive + 0.5))}
	score := make([]float64, len(labels))
	for i := range score {
		score[i] = m.base
	}
	for range opts.Trees {
		for i, s := range score {
			p := 1 / (1 + math.Exp(-s))
			y := 0.0
			if labels[i] {
				y = 1
			}
			g.slope[i], g.curve[i] = g.weight[i]*(y-p), g.weight[i]*p*(1-p)
		}
		m.trees = append(m.trees, g.grow(score))
	}
	return m, nil
}

// grower grows trees on binned columns.
type grower struct {
	opts         Options
	bin          [][]uint8   // by column, then row
	cuts         [][]float64 // by column: a row is in bin b if it is above cuts[b-1] and not above cuts[b]
	weight       []float64
	slope, curve []float64 // first and second derivative of each row's loss
	rows, spare  []int32
}

func newGrower(columns [][]float64, labels []bool, weight []float64, opts Options) (*grower, error) {
	n := len(labels)
	if weight == nil {
		weight = slices.Repeat([]float64{1}, n)
	}
	if n == 0 || len(weight) != n || len(columns) == 0 || opts.Bins < 2 || opts.Bins > 256 {
		return nil, fmt.Errorf("%w: %d labels, %d weights, %d columns, %d bins", ErrRows, n, len(weight), len(columns), opts.Bins)
	}
	g := &grower{opts: opts, weight: weight, slope: make([]float64, n), curve: make([]float64, n), rows: make([]int32, n), spare: make([]int32, n)}
	for c, values := range columns {
		if len(values) != n {
			return nil, fmt.Errorf("%w: column %d has %d values for %d labels", ErrRows, c, len(values), n)
		}
		if i := slices.IndexFunc(values, math.IsNaN); i >= 0 {
			return nil, fmt.Errorf("%w: column %d, row %d is no number", ErrRows, c, i)
		}
		cuts := quantiles(values, opts.Bins)
		bin := make([]uint8, n)
		for i, v := range values {
			at, _ := slices.BinarySearch(cuts, v)
			bin[i] = uint8(at)
		}
		g.cuts, g.bin = append(g.cuts, cuts), append(g.bin, bin)
	}
	return g, nil
}

// quantiles are distinct values at which a column is cut, the largest left out.
func quantiles(values []float64, bins int) []float64 {
	sorted := slices.Sorted(slices.Values(values))
	distinct := slices.Compact(slices.Clone(sorted))
	if len(distinct) <= bins {
		return distinct[:len(distinct)-1]
	}
	var cuts []float64
	for k := 1; k < bins; k++ {
		cut := sorted[k*(len(sorted)-1)/bins]
		if cut < sorted[len(sorted)-1] && (len(cuts) == 0 || cut > cuts[len(cuts)-1]) {
			cuts = append(cuts, cut)
		}
	}
	return cuts
}

// grow adds a tree's answers to the scores.
func (g *grower) grow(score []float64) tree {
	for i := range g.rows {
		g.rows[i] = int32(i)
	}
	var t tree
	g.split(&t, g.rows, g.opts.Depth, score)
	return t
}

// split makes the node of some rows, and those below it, and returns its place.
func (g *grower) split(t *tree, rows []int32, depth int, score []float64) int {
	slope, curve := 0.0, 0.0
	for _, i := range rows {
		slope += g.slope[i]
		curve += g.curve[i]
	}
	at := len(*t)
	*t = append(*t, node{column: -1})
	column, bin := -1, 0
	if depth > 0 {
		column, bin = g.best(rows, slope, curve)
	}
	if column < 0 {
		answer := g.opts.Rate * slope / (curve + g.opts.Ridge)
		(*t)[at].answer = answer
		for _, i := range rows {
			score[i] += answer
		}
		return at
	}
	middle := g.part(rows, g.bin[column], bin)
	left := g.split(t, rows[:middle], depth-1, score)
	right := g.split(t, rows[middle:], depth-1, score)
	(*t)[at] = node{column: column, cut: g.cuts[column][bin], left: left, right: right}
	return at
}

// part moves the rows above a bin behind the others, each in their order, and returns how many the others are.
func (g *grower) part(rows []int32, bins []uint8, bin int) int {
	low, high := 0, g.spare[:0]
	for _, i := range rows {
		if int(bins[i]) > bin {
			high = append(high, i)
			continue
		}
		rows[low] = i
		low++
	}
	copy(rows[low:], high)
	return low
}

// best is the question that gains most; column -1 if none gains.
func (g *grower) best(rows []int32, slope, curve float64) (column, bin int) {
	column, most := -1, 1e-12
	gain := func(s, c float64) float64 { return s * s / (c + g.opts.Ridge) }
	whole := gain(slope, curve)
	var slopes, curves [256]float64
	for c, bins := range g.bin {
		n := len(g.cuts[c]) + 1
		clear(slopes[:n])
		clear(curves[:n])
		for _, i := range rows {
			b := bins[i]
			slopes[b] += g.slope[i]
			curves[b] += g.curve[i]
		}
		s, h := 0.0, 0.0
		for b := range n - 1 {
			s += slopes[b]
			h += curves[b]
			if h < g.opts.Least || curve-h < g.opts.Least {
				continue
			}
			if got := gain(s, h) + gain(slope-s, curve-h) - whole; got > most {
				column, bin, most = c, b, got
			}
		}
	}
	return column, bin
}

package area

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"slices"

	"rummage/algo/stat"
	"rummage/graph"
)

// ErrOutcomes is wrapped when there is too little to learn from.
var ErrOutcomes = errors.New("too few outcomes to learn from")

// fewOutcomes is how many hits, and misses, a period must have at least.
const fewOutcomes = 5

// Fitting says what a model learns from. The zero value is usable.
type Fitting struct {
	// Dimensions of the ladder, coarse to fine; nil has them chosen.
	Dimensions []string
	// Tune is the first day of the period that corrections and calibration are learned
	// in, by a ladder of the days before; NoDate takes the newest fifth of what was
	// inspected, or more where that has few hits.
	Tune graph.Date
	// Until is the last day of what is learned from; NoDate for all.
	Until graph.Date
}

// A Model is how often declarations are hit, by their dimensions.
type Model struct {
	Base        stat.Tally
	Rungs       []Rung
	Strength    float64 // how many inspections the rate of the cell above counts for
	Corrections []Correction
	Intercept   float64 // the calibration: of the log odds, learned in the tuning period
	Slope       float64
	Before      stat.Tally // hits of inspected before the tuning period
	Tuned       stat.Tally // and in it, which corrections and calibration rest on

	table  *Table
	ladder *ladder
	shifts []shift
}

// A Rung is one dimension of the ladder.
type Rung struct {
	Dimension string
	Cells     int
}

// A Correction is what a dimension that is on no rung adds to the log odds of a value.
type Correction struct {
	Dimension string
	Value     string
	Points    float64 // log odds
	Hits      int
	Expected  float64 // hits, by the ladder
}

// shift is the corrections of a column, by code.
type shift struct {
	column *Column
	points []float64
}

// Fit learns a model. The error wraps ErrNoDimension, or ErrOutcomes where a period has
// fewer than five hits or misses.
//
// Corrections and calibration are learned in the tuning period with the ladder of the
// days before it, so that no cell is judged by its own outcomes; then the ladder is
// built again of both periods, with the strengths that it had.
func Fit(ctx context.Context, t *Table, opts Fitting) (*Model, error) {
	earlier, later := t.periods(opts)
	for _, rows := range [][]int{earlier, later} {
		if hits := t.hits(rows); hits < fewOutcomes || len(rows)-hits < fewOutcomes {
			return nil, fmt.Errorf("area: fit: %d hits of %d inspected: %w", hits, len(rows), ErrOutcomes)
		}
	}
	var columns []*Column
	for _, name := range opts.Dimensions {
		c, err := t.Column(name)
		if err != nil {
			return nil, err
		}
		columns = append(columns, c)
	}
	older, newer := t.split(earlier)
	chosen, err := choose(ctx, t, older, newer, columns)
	if err != nil {
		return nil, fmt.Errorf("area: fit: %w", err)
	}
	m := &Model{
		table: t, Strength: chosen.strength,
		Before: stat.Tally{Hits: t.hits(earlier), Trials: len(earlier)}, Tuned: stat.Tally{Hits: t.hits(later), Trials: len(later)},
	}
	before := fitLadder(t, earlier, chosen.columns, chosen.strength)
	m.correct(before, later, chosen.columns)
	m.calibrate(before, later)
	m.ladder = fitLadder(t, slices.Concat(earlier, later), chosen.columns, chosen.strength)
	m.Base = m.ladder.tallies[0]
	for _, r := range m.ladder.rungs {
		m.Rungs = append(m.Rungs, Rung{r.column.Name, len(r.cells)})
	}
	return m, nil
}

func (t *Table) hits(rows []int) int {
	n := 0
	for _, i := range rows {
		n += boolean(t.Hit[i])
	}
	return n
}

// periods lists the inspected rows before the tuning period and in it, by day.
func (t *Table) periods(opts Fitting) (earlier, later []int) {
	var all []int
	for i, looked := range t.Looked {
		if looked && (opts.Until == graph.NoDate || t.Days[i] <= opts.Until) {
			all = append(all, i)
		}
	}
	slices.SortStableFunc(all, func(a, b int) int { return cmp.Compare(t.Days[a], t.Days[b]) })
	if opts.Tune == graph.NoDate {
		return t.split(all)
	}
	at, _ := slices.BinarySearchFunc(all, opts.Tune, func(i int, day graph.Date) int { return cmp.Compare(t.Days[i], day) })
	return all[:at], all[at:]
}

// split cuts rows that stand by day into the older four fifths and the rest; where the
// rest has few hits, further back, at most at the half.
func (t *Table) split(rows []int) (older, newer []int) {
	at := len(rows) * 4 / 5
	hits := t.hits(rows[at:])
	for at > len(rows)/2 && hits < fewOutcomes {
		at--
		hits += boolean(t.Hit[rows[at]])
	}
	return rows[:at], rows[at:]
}

const (
	// cautious is the hits, both seen and expected, that a correction leans on.
	cautious = 5.0
	// mostPoints bounds a correction, so that one odd quarter cannot decide alone.
	mostPoints = 1.5
	// coarse is how many values a dimension may have to be corrected by: finer ones are
	// for the ladder, which leans on what is above.
	coarse = 50
	// bettering is the share by which a correction must lessen the surprise to be kept.
	bettering = 0.005
)

// correct learns what dimensions that are on no rung add. Each is taken with those
// before it in, and kept if it lessens the loss of a half of the period that it was
// not learned in, both ways.
func (m *Model) correct(l *ladder, rows []int, on []*Column) {
	t := m.table
	odds := make([]float64, len(rows))
	for k, i := range rows {
		odds[k] = logit(l.rate(i))
	}
	halves := [2][]int{}
	for k := range rows {
		halves[k%2] = append(halves[k%2], k)
	}
	for i := range t.Columns {
		c := &t.Columns[i]
		if slices.Contains(on, c) || len(c.Values) > coarse {
			continue
		}
		gain := 0.0
		for h := range halves {
			points, _, _ := shifts(t, c, rows, odds, halves[h])
			for _, k := range halves[1-h] {
				hit := t.Hit[rows[k]]
				gain += surprise(odd(odds[k]), hit) - surprise(odd(odds[k]+points[c.Codes[rows[k]]]), hit)
			}
		}
		if gain <= bettering*float64(len(rows))*meanLoss(t, rows, odds) {
			continue
		}
		every := slices.Concat(halves[0], halves[1])
		slices.Sort(every)
		points, hits, expected := shifts(t, c, rows, odds, every)
		for k, i := range rows {
			odds[k] += points[c.Codes[i]]
		}
		m.shifts = append(m.shifts, shift{c, points})
		for code, p := range points {
			if p != 0 {
				m.Corrections = append(m.Corrections, Correction{c.Name, c.Values[code], p, hits[code], expected[code]})
			}
		}
	}
}

func meanLoss(t *Table, rows []int, odds []float64) float64 {
	sum := 0.0
	for k, i := range rows {
		sum += surprise(odd(odds[k]), t.Hit[i])
	}
	return sum / float64(len(rows))
}

// shifts are the log ratios of hits to expected hits by the values of a column, both
// leaning on a few hits, in some of the rows.
func shifts(t *Table, c *Column, rows []int, odds []float64, some []int) (points []float64, hits []int, expected []float64) {
	points, hits, expected = make([]float64, len(c.Values)), make([]int, len(c.Values)), make([]float64, len(c.Values))
	for _, k := range some {
		code := c.Codes[rows[k]]
		hits[code] += boolean(t.Hit[rows[k]])
		expected[code] += odd(odds[k])
	}
	for code := range points {
		if c.Values[code] == "" {
			continue
		}
		p := math.Log((float64(hits[code]) + cautious) / (expected[code] + cautious))
		points[code] = min(max(p, -mostPoints), mostPoints)
	}
	return points, hits, expected
}

func logit(p float64) float64 { return math.Log(p) - math.Log1p(-p) }

// odd is the probability of log odds.
func odd(x float64) float64 { return 1 / (1 + math.Exp(-x)) }

// calibrate fits intercept and slope of the log odds on the tuning period.
func (m *Model) calibrate(l *ladder, rows []int) {
	odds, truth := make([]float64, len(rows)), make([]bool, len(rows))
	for k, i := range rows {
		odds[k], truth[k] = logit(l.rate(i))+m.shifted(i), m.table.Hit[i]
	}
	m.Intercept, m.Slope = platt(odds, truth)
}

const (
	// manyHits is how many hits a calibration needs for its chances to be read as such: its two numbers are then known to
	// about a fifth.
	manyHits = 30
	// steep is the slope, and the inverse of the slope, from which a calibration says more of itself than of the cells.
	steep = 2.0
	// farRates is how many standard errors the hit rates of two periods may lie apart.
	farRates = 3.0
)

// Doubts tell why the chances may be worth less than their order, the gravest first; none where there is no reason to doubt.
func (m *Model) Doubts() []string {
	var all []string
	if m.Slope > steep || m.Slope < 1/steep {
		all = append(all, fmt.Sprintf("the calibration stretches the differences between declarations %.2g times, so the chances hang on it more than on what was found in the cells", m.Slope))
	}
	if m.Tuned.Hits < manyHits {
		all = append(all, fmt.Sprintf("the calibration rests on %d hits of %d inspected; with fewer than %d hits read the order and not the chances",
			m.Tuned.Hits, m.Tuned.Trials, manyHits))
	}
	before, tuned := float64(m.Before.Hits)/float64(m.Before.Trials), float64(m.Tuned.Hits)/float64(m.Tuned.Trials)
	both := float64(m.Before.Hits+m.Tuned.Hits) / float64(m.Before.Trials+m.Tuned.Trials)
	se := math.Sqrt(both * (1 - both) * (1/float64(m.Before.Trials) + 1/float64(m.Tuned.Trials)))
	if math.Abs(before-tuned) > farRates*se {
		all = append(all, fmt.Sprintf("inspections of the calibration hit %.1f %%, those before %.1f %%: what is inspected, or how, has changed, and the chances are those of the later", 100*tuned, 100*before))
	}
	return all
}

// shifted is what the corrections add to a row.
func (m *Model) shifted(row int) float64 {
	sum := 0.0
	for _, s := range m.shifts {
		sum += s.points[s.column.Codes[row]]
	}
	return sum
}

// A Score is how likely an inspection of a declaration is to find something, and why.
// The parts add up to the log odds, and these give the chance.
type Score struct {
	Chance float64
	Odds   float64
	Parts  []Part
}

// A Part is one line of the ledger.
type Part struct {
	Name   string // base rate, a dimension, calibration
	Value  string // of the dimension
	Points float64
	Cell   stat.Tally // hits of inspected that it rests on
}

// Chance is that of a row alone.
func (m *Model) Chance(row int) float64 {
	return odd(m.Intercept + m.Slope*(logit(m.ladder.rate(row))+m.shifted(row)))
}

// Score judges a row of the table that the model was fitted on.
func (m *Model) Score(row int) Score {
	l := m.ladder
	s := Score{Parts: []Part{{"base rate", "", logit(l.rates[0]), l.tallies[0]}}}
	cell := uint32(0)
	for _, r := range l.rungs {
		code := r.column.Codes[row]
		if !r.column.states(row) {
			continue
		}
		next, ok := r.cells[uint64(cell)<<32|uint64(code)]
		if !ok {
			break
		}
		s.Parts = append(s.Parts, Part{r.column.Name, r.column.Values[code], logit(l.rates[next]) - logit(l.rates[cell]), l.tallies[next]})
		cell = next
	}
	for _, f := range m.shifts {
		code := f.column.Codes[row]
		if p := f.points[code]; p != 0 {
			s.Parts = append(s.Parts, Part{Name: f.column.Name, Value: f.column.Values[code], Points: p})
		}
	}
	sum := 0.0
	for i := range s.Parts {
		sum += s.Parts[i].Points
	}
	s.Odds = m.Intercept + m.Slope*sum
	s.Parts = append(s.Parts, Part{Name: "calibration", Points: s.Odds - sum})
	s.Chance = odd(s.Odds)
	return s
}

package behaviour

import "math"

// Rows are what is learned from: importers that were inspected, each with how exposed it is to the hits of others, its
// numbers, and whether anything was found on its consignments.
type Rows struct {
	Exposed []float64            // ln of the exposure, as leads have it
	Value   [partCount][]float64 // nil for a part that is not measured
	Found   []bool
}

// Weights are how much a number of each part adds to the score of a lead, in nats of exposure.
type Weights [partCount]float64

// Model is what was learned: ln of the odds of a hit are Constant + Slope*(exposed + the sum of weights*numbers).
type Model struct {
	Constant, Slope float64
	Weights         Weights
}

// Score is what an importer is ranked by.
func (m *Model) Score(rows *Rows, i int) float64 {
	score := rows.Exposed[i]
	for p, values := range rows.Value {
		if values != nil {
			score += m.Weights[p] * values[i]
		}
	}
	return score
}

// LogLikelihood is ln of the chance that the model gives to what was found.
func (m *Model) LogLikelihood(rows *Rows, i int) float64 {
	odds := m.Constant + m.Slope*m.Score(rows, i)
	if rows.Found[i] {
		odds = -odds
	}
	if odds > 30 {
		return -odds
	}
	return -math.Log1p(math.Exp(odds))
}

// MostWeight bounds a weight, and MostSum what all parts together add, so that they cannot drown what the ties say: those inspected
// are busier than most, and offenders without ties to any other teach more than holds of the rest.
const (
	MostWeight = 1.0
	MostSum    = 2.5
)

// Adds is what each part adds to the score of a node: its weight times its number, all in proportion less where they would come to more
// than MostSum. It never falls where a number rises, in sum.
func (w *Weights) Adds(m *Measured, node uint32) Weights {
	var adds Weights
	sum := 0.0
	for p := range adds {
		if w[p] > 0 {
			adds[p] = w[p] * m.Of(Part(p), node)
			sum += adds[p]
		}
	}
	if sum > MostSum {
		for p := range adds {
			adds[p] *= MostSum / sum
		}
	}
	return adds
}

// Learning bounds.
const (
	ridge      = 2.0  // of a part's coefficient: two importers' worth of doubt
	leastSlope = 0.25 // of exposure, so that weights have a scale where exposure tells little
	turns      = 60
)

// Learn fits ln odds = constant + slope*exposed + sum of coefficients*values to those rows that take says, by the most likely coefficients
// of 0 or more under a ridge; weights are these over the slope. A part may only add: what is unusual clears nobody. What is fitted is
// convex, so there is one answer. Coordinate by coordinate, Newton's step each (Friedman, Hastie and Tibshirani 2010). Cost O(rows) a turn.
func Learn(rows *Rows, take func(i int) bool) Model {
	f := fit{slope: 1}
	for i := range rows.Found {
		if take(i) {
			f.at = append(f.at, i)
			if rows.Found[i] {
				f.found++
			}
		}
	}
	if f.found == 0 || f.found == len(f.at) {
		return Model{Slope: 1}
	}
	f.run(rows)
	m := Model{Constant: f.constant, Slope: f.slope}
	for p := range m.Weights {
		m.Weights[p] = min(MostWeight, f.coefficient[p]/f.slope)
	}
	return m
}

// fit is a fit under way.
type fit struct {
	at          []int // rows
	found       int
	hit         []bool    // of each
	odds        []float64 // ln odds of each
	constant    float64
	slope       float64
	coefficient Weights
}

// column is what a coefficient is multiplied with: where it is not 0, by the place of the row in the fit.
type column struct {
	place []uint32
	value []float64
}

func (f *fit) column(x func(i int) float64) column {
	var c column
	for k, i := range f.at {
		if v := x(i); v != 0 {
			c.place, c.value = append(c.place, uint32(k)), append(c.value, v)
		}
	}
	return c
}

func (f *fit) run(rows *Rows) {
	f.odds, f.hit = make([]float64, len(f.at)), make([]bool, len(f.at))
	f.constant = math.Log(float64(f.found) / float64(len(f.at)-f.found))
	for k, i := range f.at {
		f.odds[k], f.hit[k] = f.constant+f.slope*rows.Exposed[i], rows.Found[i]
	}
	one := f.column(func(int) float64 { return 1 })
	exposed := f.column(func(i int) float64 { return rows.Exposed[i] })
	var parts [partCount]column
	for p, values := range rows.Value {
		if values != nil {
			parts[p] = f.column(func(i int) float64 { return values[i] })
		}
	}
	for range turns {
		before := [...]float64{f.constant, f.slope}
		had := f.coefficient
		f.constant = f.newton(&one, f.constant, 0, math.Inf(-1))
		f.slope = f.newton(&exposed, f.slope, 0, leastSlope)
		for p := range f.coefficient {
			if rows.Value[p] != nil {
				f.coefficient[p] = f.newton(&parts[p], f.coefficient[p], ridge, 0)
			}
		}
		if had == f.coefficient && before == [...]float64{f.constant, f.slope} {
			return // and so would all turns to come
		}
	}
}

// newton takes one step along one coefficient and returns it.
func (f *fit) newton(x *column, now, ridge, least float64) float64 {
	slope, curve := -ridge*now, ridge+1e-9
	for n, k := range x.place {
		v := x.value[n]
		p := 1 / (1 + math.Exp(-f.odds[k]))
		if f.hit[k] {
			slope += v
		}
		slope -= p * v
		curve += p * (1 - p) * v * v
	}
	next := max(least, now+min(1, max(-1, slope/curve)))
	if next == now {
		return now
	}
	for n, k := range x.place {
		f.odds[k] += (next - now) * x.value[n]
	}
	return next
}

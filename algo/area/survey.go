package area

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/gonum/mathext"

	"rummage/algo/stat"
	"rummage/graph"
)

// Surveying says which areas are looked at. The zero value is usable.
type Surveying struct {
	// Dimensions that are crossed; nil takes each dimension by itself and all pairs.
	Dimensions []string
	// Least is how many inspections an area must have to be listed; 5 when it is 0.
	// What has fewer stays in the areas above it.
	Least int
	// Days is the length of the last period, which is held against the one before; 90
	// when it is 0.
	Days int
}

const (
	usualLeast = 5
	usualDays  = 90
	// striking is the share of false areas that is accepted among those called so.
	striking = 0.05
	// tail is what either side of an interval leaves out.
	tail = 0.025
)

// A Survey is the areas of a table, the most telling first.
type Survey struct {
	Base  stat.Tally
	Until graph.Date // the last day of the records
	Days  int        // of a period
	Areas []Area
	// Tested is how many areas could have been striking, whatever was found in them.
	Tested int
	Moves  []Move
}

// An Area is the declarations with the same values of some dimensions.
type Area struct {
	Dimensions []string
	Values     []string

	Declarations int
	Found        stat.Tally // hits of inspected

	// Rate leans on what the margins say, by as many inspections as fits the areas of
	// these dimensions best; Low and High bound it with 95 %.
	Rate, Low, High float64
	// Expected is the hits that the inspected would have if the dimensions were each at
	// their own rate and did not work together, at the base rate at the least.
	Expected float64
	P        float64 // of as many hits or more, exact, if Expected were right
	Q        float64 // smallest share of false areas at which this one is striking; 1 where it could never be
	Trend    Trend

	rows []int
}

// Striking says that the area is hit more often than its margins explain.
func (a *Area) Striking() bool { return a.Q <= striking }

// Lift is how many times the expected rate the rate is, at the lower bound: severity
// and evidence in one figure.
func (a *Area) Lift() float64 {
	return a.Low / (a.Expected / float64(a.Found.Trials))
}

// A Trend holds the last period against the one before.
type Trend struct {
	Before, Now           stat.Tally // hits of inspected
	Declared, DeclaredNow int        // declarations before, and now
	// Rose is the probability of so many of the hits in the last period if the rate had
	// not changed; Fell that of so few.
	Rose, Fell float64
}

// Survey looks at all areas of the dimensions. The error wraps ErrNoDimension, or
// ErrOutcomes. Cost: the declarations times the number of crossings, of which there
// are D (D + 1) / 2 where none are named.
func (t *Table) Survey(ctx context.Context, opts Surveying) (*Survey, error) {
	opts.Least, opts.Days = cmp.Or(opts.Least, usualLeast), cmp.Or(opts.Days, usualDays)
	s := &surveying{table: t, opts: opts, margins: map[string][]float64{}}
	var looked []int
	for i := range t.IDs {
		if t.Looked[i] {
			looked = append(looked, i)
		}
		s.until = max(s.until, t.Days[i])
	}
	for _, day := range t.Days {
		switch s.period(day) {
		case 0:
			s.now++
		case 1:
			s.before++
		}
	}
	root := newLadder(t, looked, 1)
	base := root.tallies[0]
	if base.Hits == 0 || base.Hits == base.Trials {
		return nil, fmt.Errorf("area: survey: %d hits of %d inspected: %w", base.Hits, base.Trials, ErrOutcomes)
	}
	s.base = root.rates[0]
	crossings, err := s.crossings(looked)
	if err != nil {
		return nil, err
	}
	out := &Survey{Base: base, Until: s.until, Days: opts.Days}
	for _, columns := range crossings {
		if err := ctx.Err(); err != nil {
			return nil, fmt.Errorf("area: survey: %w", err)
		}
		areas := s.cross(columns)
		out.Moves = append(out.Moves, s.moves(areas)...)
		out.Areas = append(out.Areas, slices.DeleteFunc(areas, func(a Area) bool { return a.Found.Trials < opts.Least })...)
	}
	out.Tested = judge(out.Areas)
	slices.SortStableFunc(out.Areas, compareAreas)
	slices.SortStableFunc(out.Moves, compareMoves)
	return out, nil
}

// compareAreas puts the striking first, then by lift, then by what they are.
func compareAreas(a, b Area) int {
	return cmp.Or(
		cmp.Compare(boolean(b.Striking()), boolean(a.Striking())),
		cmp.Compare(b.Lift(), a.Lift()),
		cmp.Compare(len(a.Dimensions), len(b.Dimensions)),
		slices.Compare(a.Dimensions, b.Dimensions),
		slices.Compare(a.Values, b.Values),
	)
}

// surveying is the state of a survey.
type surveying struct {
	table   *Table
	opts    Surveying
	until   graph.Date
	base    float64
	before  int                  // declarations of the period before the last
	now     int                  // of the last
	margins map[string][]float64 // rate of each value of a dimension, which leans on the base rate
}

// crossings are the sets of columns to look at.
func (s *surveying) crossings(looked []int) ([][]*Column, error) {
	var all [][]*Column
	if s.opts.Dimensions != nil {
		var columns []*Column
		for _, name := range s.opts.Dimensions {
			c, err := s.table.Column(name)
			if err != nil {
				return nil, err
			}
			columns = append(columns, c)
		}
		return [][]*Column{columns}, nil
	}
	for i := range s.table.Columns {
		all = append(all, []*Column{&s.table.Columns[i]})
	}
	for i := range s.table.Columns {
		for k := i + 1; k < len(s.table.Columns); k++ {
			a, b := &s.table.Columns[i], &s.table.Columns[k]
			if !nested(a, b, looked) {
				all = append(all, []*Column{a, b})
			}
		}
	}
	return all, nil
}

// nested reports whether one column says all that the other does, as a heading does of
// its chapter: crossing them tells nothing.
func nested(a, b *Column, rows []int) bool {
	pairs, x, y := map[uint64]bool{}, map[uint32]bool{}, map[uint32]bool{}
	for _, i := range rows {
		pairs[uint64(a.Codes[i])<<32|uint64(b.Codes[i])] = true
		x[a.Codes[i]], y[b.Codes[i]] = true, true
	}
	return len(pairs) <= max(len(x), len(y))
}

// margin is the rate of each value of a dimension by itself.
func (s *surveying) margin(c *Column) []float64 {
	if rates := s.margins[c.Name]; rates != nil {
		return rates
	}
	tallies := make([]stat.Tally, len(c.Values))
	for i := range s.table.IDs {
		if s.table.Looked[i] {
			tallies[c.Codes[i]].Trials++
			tallies[c.Codes[i]].Hits += boolean(s.table.Hit[i])
		}
	}
	expected := make([]float64, len(tallies))
	for k := range expected {
		expected[k] = s.base
	}
	strength := likeliest(tallies, expected)
	for k, tally := range tallies {
		expected[k] = (float64(tally.Hits) + strength*s.base) / (float64(tally.Trials) + strength)
	}
	s.margins[c.Name] = expected
	return expected
}

// leanings are the strengths that areas lean on their expected rates with.
var leanings = []float64{0.25, 0.5, 1, 2, 3, 5, 10, 20, 50, 100, 200, 500, 1000}

// likeliest returns the strength m of the greatest Beta-Binomial likelihood of areas,
// the greatest of equal ones: small where areas differ purely, great where they are noise.
func likeliest(tallies []stat.Tally, expected []float64) float64 {
	best, greatest := 0.0, math.Inf(-1)
	for _, m := range leanings {
		sum := 0.0
		for k, t := range tallies {
			sum += logBetaBinomial(t, m, expected[k])
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

// cross makes the areas of some columns; rows that do not state all of them are in none.
func (s *surveying) cross(columns []*Column) []Area {
	t := s.table
	var names []string
	for _, c := range columns {
		names = append(names, c.Name)
	}
	at := map[string]int{}
	var areas []Area
	var key strings.Builder
	for i := range t.IDs {
		key.Reset()
		for _, c := range columns {
			if code := c.Codes[i]; code != 0 || c.Values[0] != "" {
				key.WriteString(c.Values[code])
			}
			key.WriteByte(0)
		}
		text := key.String()
		if strings.HasPrefix(text, "\x00") || strings.Contains(text, "\x00\x00") {
			continue
		}
		k, ok := at[text]
		if !ok {
			k = len(areas)
			at[strings.Clone(text)] = k
			values := make([]string, len(columns))
			for j, c := range columns {
				values[j] = c.Values[c.Codes[i]]
			}
			areas = append(areas, Area{Dimensions: names, Values: values, Expected: s.expected(columns, i)})
		}
		areas[k].rows = append(areas[k].rows, i)
	}
	s.measure(areas)
	return areas
}

// expected is the rate of a row by the margins of its dimensions, whose log odds add up,
// and the base rate at the least: what is hit less often than all trade is no area to
// point at, and margins that one hot cell has raised make the others look cold.
func (s *surveying) expected(columns []*Column, row int) float64 {
	if len(columns) == 1 {
		return s.base
	}
	sum := logit(s.base)
	for _, c := range columns {
		sum += logit(s.margin(c)[c.Codes[row]]) - logit(s.base)
	}
	return max(odd(sum), s.base)
}

// measure fills areas in whose rows are known and whose Expected is yet a rate.
func (s *surveying) measure(areas []Area) {
	tallies, expected := make([]stat.Tally, len(areas)), make([]float64, len(areas))
	for k := range areas {
		a := &areas[k]
		for _, i := range a.rows {
			s.count(a, i)
		}
		a.Trend.Rose = stat.AboveOthers(a.Trend.Now, a.Trend.Before)
		a.Trend.Fell = stat.AboveOthers(a.Trend.Before, a.Trend.Now)
		a.Declarations = len(a.rows)
		tallies[k], expected[k] = a.Found, a.Expected
	}
	m := likeliest(tallies, expected)
	for k := range areas {
		a, p := &areas[k], expected[k]
		hits, misses := float64(a.Found.Hits)+m*p, float64(a.Found.Trials-a.Found.Hits)+m*(1-p)
		a.Rate = hits / (hits + misses)
		a.Low, a.High = mathext.InvRegIncBeta(hits, misses, tail), mathext.InvRegIncBeta(hits, misses, 1-tail)
		a.P = stat.BinomialUpper(a.Found.Trials, p, a.Found.Hits)
		a.Expected = p * float64(a.Found.Trials)
	}
}

// count notes a row in the figures of an area.
func (s *surveying) count(a *Area, row int) {
	t := s.table
	tally := stat.Tally{}
	if t.Looked[row] {
		tally = stat.Tally{Trials: 1, Hits: boolean(t.Hit[row])}
	}
	a.Found = plus(a.Found, tally)
	switch s.period(t.Days[row]) {
	case 0:
		a.Trend.Now = plus(a.Trend.Now, tally)
		a.Trend.DeclaredNow++
	case 1:
		a.Trend.Before = plus(a.Trend.Before, tally)
		a.Trend.Declared++
	}
}

func plus(a, b stat.Tally) stat.Tally {
	return stat.Tally{Trials: a.Trials + b.Trials, Hits: a.Hits + b.Hits}
}

// period is 0 for a day of the last period, 1 for one of that before, else 2 or more.
func (s *surveying) period(day graph.Date) int {
	if day == graph.NoDate {
		return math.MaxInt
	}
	return int(s.until-day) / s.opts.Days
}

// judge turns p-values into q-values, among the areas that so many inspections could
// have made striking if all had been hits. It returns how many these are.
func judge(areas []Area) int {
	var p []float64
	var of []int
	for k := range areas {
		a := &areas[k]
		a.Q = 1
		if stat.BinomialUpper(a.Found.Trials, a.Expected/float64(a.Found.Trials), a.Found.Trials) <= striking {
			p, of = append(p, min(a.P, 1)), append(of, k)
		}
	}
	q, err := stat.BenjaminiHochberg(p)
	if err != nil {
		// Tails are probabilities; only a fault here could make them none.
		panic(err)
	}
	for n, k := range of {
		areas[k].Q = q[n]
	}
	return len(p)
}

// Records returns the declarations of an area, hits first, then other inspected ones,
// then by day, the newest first, at most so many; 0 for all.
func (t *Table) Records(a *Area, limit int) []graph.ID {
	rows := slices.Clone(a.rows)
	slices.SortStableFunc(rows, func(x, y int) int {
		return cmp.Or(
			cmp.Compare(boolean(t.Hit[y]), boolean(t.Hit[x])),
			cmp.Compare(boolean(t.Looked[y]), boolean(t.Looked[x])),
			cmp.Compare(t.Days[y], t.Days[x]),
		)
	})
	if limit > 0 && limit < len(rows) {
		rows = rows[:limit]
	}
	ids := make([]graph.ID, len(rows))
	for k, i := range rows {
		ids[k] = t.IDs[i]
	}
	return ids
}

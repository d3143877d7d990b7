package behaviour

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"slices"

	"rummage/algo/csr/crew"
	"rummage/algo/finding"
	"rummage/graph"
)

// Part is one thing that trade is measured by.
type Part uint8

// The parts.
const (
	LowPrice  Part = iota // below the usual, with one partner
	HighPrice             // above it
	Mass                  // heavier than usual, with one partner
	Route                 // over a port that is rare for the origin, with one partner
	Crowding              // consignments with one partner within days of each other
	Lockstep              // declares on the days of another importer that it shares an exporter or identifier with
	Burst                 // partners met once, within ten days
	OneOff                // more partners met once than chance makes of so much trade

	partCount = iota
)

var partNames = [partCount]string{"low-price", "high-price", "mass", "route", "crowding", "lockstep", "burst", "one-off"}

// String returns the name used in JSON.
func (p Part) String() string { return partNames[p] }

var partTexts = [partCount]string{
	"prices below the usual of the heading and origin", "prices above the usual of the heading and origin",
	"heavier than the usual consignment of the heading", "goods that left from a port that is rare for their origin",
	"consignments within days of each other", "importers of one circle that declare on the same days",
	"partners met once, within ten days", "more partners met once than chance makes",
}

// Text says in a few words what the part is about.
func (p Part) Text() string { return partTexts[p] }

// Parts lists them.
func Parts() []Part {
	all := make([]Part, partCount)
	for i := range all {
		all[i] = Part(i)
	}
	return all
}

// Most is the largest number of a part.
const Most = 3.0

// None stands for no partner.
const None = finding.None

// ErrRecords says that records are not those of the trade.
var ErrRecords = errors.New("behaviour: records are not those of the trade")

// Measured holds what the parts come to.
type Measured struct {
	// Value has, by part, a number from 0 to Most for each node; nil for a part of which the records say nothing.
	Value [partCount][]float64
	// With is, by part and node, the partner that the number is of, or None where it is of a circle, or of all its trade.
	With [partCount][]uint32
}

// Of returns the number of a node, 0 where the records say nothing.
func (m *Measured) Of(p Part, node uint32) float64 {
	if m.Value[p] == nil {
		return 0
	}
	return m.Value[p][node]
}

// Options say what to measure by.
type Options struct {
	Groups  []finding.Group // drawn without a look at outcomes
	Threads int             // 0 means one per processor; the answer is the same for any number
}

// meter measures.
type meter struct {
	r       *Records
	trade   *finding.Trade
	imports finding.Lists
	threads int
	out     *Measured
	first   graph.Date
	span    float64 // days of the scope

	shown [3]shown

	// Consignments of two partners, those of a pair together: where each pair begins, and where the last ends.
	paired []uint32
	starts []int
}

// Measure measures every trader.
//
// Cost: a few passes over the consignments, and for lockstep the days of every two importers of a group. The order of consignments does not
// matter. Errors: ErrRecords, or that of the context.
func Measure(ctx context.Context, r *Records, trade *finding.Trade, opts Options) (*Measured, error) {
	if len(r.Day) != trade.Consignments.Len() {
		return nil, fmt.Errorf("%w: %d of %d consignments", ErrRecords, len(r.Day), trade.Consignments.Len())
	}
	m := &meter{r: r, trade: trade, imports: trade.Imports(), threads: opts.Threads, out: &Measured{}}
	m.period()
	err := m.pair(ctx)
	if err == nil {
		err = m.pairs(ctx)
	}
	if err == nil {
		err = m.circles(ctx, opts.Groups)
	}
	if err != nil {
		return nil, fmt.Errorf("behaviour: measure: %w", err)
	}
	return m.out, nil
}

// period finds the days that the scope spans.
func (m *meter) period() {
	last := graph.NoDate
	for _, day := range m.r.Day {
		if day == graph.NoDate {
			continue
		}
		if last == graph.NoDate || day < m.first {
			m.first = day
		}
		if last == graph.NoDate || day > last {
			last = day
		}
	}
	if last != graph.NoDate {
		m.span = float64(last-m.first) + 1
	}
}

func (m *meter) start(p Part) {
	m.out.Value[p], m.out.With[p] = make([]float64, m.trade.Nodes), make([]uint32, m.trade.Nodes)
	for v := range m.out.With[p] {
		m.out.With[p][v] = None
	}
}

// raise gives a node what so many standard deviations come to, if that is its largest number; of equal ones that of the smallest partner.
func (m *meter) raise(p Part, v uint32, deviations float64, with uint32) {
	x := min(Most, deviations-usual[p])
	if m.trade.IsService(v) || !(x > 0) {
		return
	}
	if had := m.out.Value[p][v]; x > had || x == had && with < m.out.With[p][v] {
		m.out.Value[p][v], m.out.With[p][v] = x, with
	}
}

// usual is how many standard deviations count for nothing: of what is measured of goods, among whose many traders chance alone goes
// far, and of counts in time.
var usual = [partCount]float64{LowPrice: 2.5, HighPrice: 2.5, Mass: 2.5, Route: 2.5, Lockstep: 2.5, Crowding: 1, Burst: 1, OneOff: 1}

// leastPair is how many consignments of a pair say what is usual between the two.
const leastPair = 3

// shown is what single consignments show, and the parts that are measured by it.
type shown struct {
	values       []float64 // by consignment, in standard deviations or nats; nil where no document says anything
	above, below Part      // by what is above the usual, and by what is below it; partCount for none
	one, same    float64   // variance of one, and what two of a pair have in common
}

// pairs measures what is about two partners: the mean of what their consignments show, of each trader with the partner of whom
// it is largest; and when they trade. No two of the pieces of work write to the same part.
func (m *meter) pairs(ctx context.Context) error {
	work := []func(){
		func() { m.show(&m.shown[0], prices(m.r), HighPrice, LowPrice) },
		func() { m.show(&m.shown[1], routes(m.r), Route, partCount) },
		func() { m.show(&m.shown[2], masses(m.r), Mass, partCount) },
	}
	if m.span > 0 {
		m.start(Lockstep)
		work = append(work, m.single, m.crowded)
	}
	return crew.Run(ctx, m.threads, len(work), func(_, piece int) { work[piece]() })
}

// show measures pairs by what their consignments show.
func (m *meter) show(s *shown, values []float64, above, below Part) {
	if !slices.ContainsFunc(values, func(x float64) bool { return !math.IsNaN(x) }) {
		return
	}
	*s = shown{values: values, above: above, below: below}
	m.start(above)
	if below != partCount {
		m.start(below)
	}
	type sum struct{ sum, n float64 }
	sums := make([]sum, len(m.starts)-1)
	var cross, pairs, square, all float64
	for pair := range sums {
		total, own, n := 0.0, 0.0, 0.0
		for _, i := range m.paired[m.starts[pair]:m.starts[pair+1]] {
			if x := values[i]; !math.IsNaN(x) {
				total, own, n = total+x, own+x*x, n+1
			}
		}
		cross, pairs, square, all = cross+total*total-own, pairs+n*(n-1), square+own, all+n
		sums[pair] = sum{total, n}
	}
	s.vary(cross, pairs, square, all)
	c := &m.trade.Consignments
	for pair, t := range sums {
		if t.n >= leastPair {
			first := m.paired[m.starts[pair]]
			a, b := c.Importer[first], c.Exporter[first]
			m.strange(s, a, s.deviations(t.sum, t.n), b)
			m.strange(s, b, s.deviations(t.sum, t.n), a)
		}
	}
}

// crowded measures how close in time the consignments of every two partners lie.
func (m *meter) crowded() {
	c := &m.trade.Consignments
	m.start(Crowding)
	m.eachPair(func(places []uint32) {
		a, b, x := c.Importer[places[0]], c.Exporter[places[0]], m.crowding(places)
		m.raise(Crowding, a, x, b)
		m.raise(Crowding, b, x, a)
	})
}

// eachPair hands over the consignments of every two partners, by day and key, to be read only.
func (m *meter) eachPair(see func(places []uint32)) {
	for pair := range len(m.starts) - 1 {
		see(m.paired[m.starts[pair]:m.starts[pair+1]])
	}
}

// deal is a consignment of an importer.
type deal struct {
	exporter uint32
	day      graph.Date
	key      uint64
	place    uint32
}

// pair puts the consignments of two partners together, importer by importer.
func (m *meter) pair(ctx context.Context) error {
	const importers = 1 << 12
	c, cut := &m.trade.Consignments, crew.Cut(m.trade.Nodes, importers)
	type run struct {
		paired []uint32
		starts []int // within the run
	}
	runs := make([]run, len(cut)-1)
	err := crew.Run(ctx, m.threads, len(runs), func(_, piece int) {
		var deals []deal
		r := &runs[piece]
		for v := cut[piece]; v < cut[piece+1]; v++ {
			deals = deals[:0]
			for _, i := range m.imports.Of(uint32(v)) {
				if c.Exporter[i] != None {
					deals = append(deals, deal{c.Exporter[i], m.r.Day[i], c.Key[i], i})
				}
			}
			slices.SortFunc(deals, func(a, b deal) int {
				if a.exporter != b.exporter {
					return cmp.Compare(a.exporter, b.exporter)
				}
				return cmp.Or(cmp.Compare(a.day, b.day), cmp.Compare(a.key, b.key))
			})
			for i, d := range deals {
				if i == 0 || d.exporter != deals[i-1].exporter {
					r.starts = append(r.starts, len(r.paired))
				}
				r.paired = append(r.paired, d.place)
			}
		}
	})
	for i := range runs {
		for _, start := range runs[i].starts {
			m.starts = append(m.starts, len(m.paired)+start)
		}
		m.paired = append(m.paired, runs[i].paired...)
	}
	m.starts = append(m.starts, len(m.paired))
	return err
}

// vary finds how much consignments differ, and how much of that those of one pair have in common: honest partners have prices of their
// own, too, and what many consignments of one pair show is no more certain than pairs are alike. By the mean products of two of a
// pair, the estimate of a one-way random model (Searle, Casella and McCulloch 1992).
func (s *shown) vary(cross, pairs, square, n float64) {
	s.one, s.same = square/max(1, n), max(0, cross/max(1, pairs))
}

// deviations is how many standard deviations a sum over n consignments of one circle is off.
func (s *shown) deviations(sum, n float64) float64 {
	if n == 0 {
		return 0
	}
	return sum / math.Sqrt(n*s.one+n*(n-1)*s.same)
}

// strange gives a node what so many standard deviations of what is shown come to.
func (m *meter) strange(s *shown, v uint32, deviations float64, with uint32) {
	m.raise(s.above, v, deviations, with)
	if s.below != partCount {
		m.raise(s.below, v, -deviations, with)
	}
}

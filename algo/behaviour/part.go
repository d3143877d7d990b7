package behaviour

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"

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

// meter measures.
type meter struct {
	r     *Records
	trade *finding.Trade
	out   *Measured
	first graph.Date
	span  float64 // days of the scope

	shown     map[Part][]float64 // by consignment, in standard deviations or nats
	one, same [partCount]float64 // variance of one, and what two of a pair have in common

	paired []uint32 // consignments of two partners, those of a pair together; nil before they are sorted
}

// Measure measures every trader. Identifiers of more than rareUsers tie nobody together.
//
// Cost: a few sorts of the consignments, and for lockstep the days of every two importers that share an exporter of at most
// mostTogether, or an identifier. The order of consignments does not matter.
func Measure(r *Records, trade *finding.Trade, groups []finding.Group) (*Measured, error) {
	if len(r.Day) != trade.Consignments.Len() {
		return nil, fmt.Errorf("%w: %d of %d consignments", ErrRecords, len(r.Day), trade.Consignments.Len())
	}
	m := &meter{r: r, trade: trade, out: &Measured{}}
	m.period()
	m.pairs()
	if m.span > 0 {
		m.single()
		m.start(Lockstep)
	}
	m.circles(groups)
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

// pairs measures what is about two partners: the mean of what their consignments show, of each trader with the partner of whom
// it is largest.
func (m *meter) pairs() {
	m.shown = map[Part][]float64{}
	shown := m.shown
	show := func(p Part, values []float64, sign float64) {
		if slices.ContainsFunc(values, func(x float64) bool { return !math.IsNaN(x) }) {
			m.start(p)
			shown[p] = make([]float64, len(values))
			for i, x := range values {
				shown[p][i] = sign * x
			}
		}
	}
	price := prices(m.r)
	show(LowPrice, price, -1)
	show(HighPrice, price, 1)
	show(Mass, masses(m.r), 1)
	show(Route, routes(m.r), 1)
	if m.span > 0 {
		m.start(Crowding)
	}
	c := &m.trade.Consignments
	m.vary()
	m.eachPair(func(places []uint32) {
		a, b := c.Importer[places[0]], c.Exporter[places[0]]
		for p := range Part(partCount) {
			values := shown[p]
			if values == nil {
				continue
			}
			sum, n := 0.0, 0.0
			for _, i := range places {
				if x := values[i]; !math.IsNaN(x) {
					sum, n = sum+x, n+1
				}
			}
			if n >= leastPair {
				m.raise(p, a, m.strange(p, sum, n), b)
				m.raise(p, b, m.strange(p, sum, n), a)
			}
		}
		if m.span > 0 {
			x := m.crowding(places)
			m.raise(Crowding, a, x, b)
			m.raise(Crowding, b, x, a)
		}
	})
}

// eachPair hands over the consignments of every two partners, by day and place, to be read only.
func (m *meter) eachPair(see func(places []uint32)) {
	c := &m.trade.Consignments
	if m.paired == nil {
		m.pair()
	}
	for from := 0; from < len(m.paired); {
		to, first := from, m.paired[from]
		for to < len(m.paired) && c.Importer[m.paired[to]] == c.Importer[first] && c.Exporter[m.paired[to]] == c.Exporter[first] {
			to++
		}
		see(m.paired[from:to])
		from = to
	}
}

// pair sorts the consignments of two partners.
func (m *meter) pair() {
	c := &m.trade.Consignments
	m.paired = make([]uint32, 0, c.Len())
	for i := range c.Len() {
		if c.Importer[i] != None && c.Exporter[i] != None {
			m.paired = append(m.paired, uint32(i))
		}
	}
	slices.SortFunc(m.paired, func(a, b uint32) int {
		// One by one, as most are told apart by the first.
		if c.Importer[a] != c.Importer[b] {
			return cmp.Compare(c.Importer[a], c.Importer[b])
		}
		if c.Exporter[a] != c.Exporter[b] {
			return cmp.Compare(c.Exporter[a], c.Exporter[b])
		}
		return cmp.Or(cmp.Compare(m.r.Day[a], m.r.Day[b]), cmp.Compare(c.Key[a], c.Key[b]))
	})
}

// vary finds how much consignments differ, and how much of that those of one pair have in common: honest partners have prices of their
// own, too, and what many consignments of one pair show is no more certain than pairs are alike. By the mean products of two of a
// pair, the estimate of a one-way random model (Searle, Casella and McCulloch 1992).
func (m *meter) vary() {
	for p, values := range m.shown {
		var cross, pairs, square, n float64
		m.eachPair(func(places []uint32) {
			sum, own, k := 0.0, 0.0, 0.0
			for _, i := range places {
				if x := values[i]; !math.IsNaN(x) {
					sum, own, k = sum+x, own+x*x, k+1
				}
			}
			cross, pairs, square, n = cross+sum*sum-own, pairs+k*(k-1), square+own, n+k
		})
		m.one[p], m.same[p] = square/max(1, n), max(0, cross/max(1, pairs))
	}
}

// strange is how many standard deviations a sum over n consignments of one circle is off.
func (m *meter) strange(p Part, sum, n float64) float64 {
	if n == 0 {
		return 0
	}
	return sum / math.Sqrt(n*m.one[p]+n*(n-1)*m.same[p])
}

package behaviour

import (
	"cmp"
	"context"
	"math"
	"slices"

	"rummage/algo/csr/crew"
	"rummage/algo/finding"
	"rummage/graph"
)

// Bounds of what is held against chance in time.
const (
	closeDays = 3   // consignments so few days apart crowd
	sameDays  = 1   // days that two importers may be apart and in step
	burstDays = 10  // of a burst of partners met once
	mostDays  = 100 // consignments of an importer, above which no step of it is told
)

// excess is how many standard deviations of a Poisson count a number is above what is expected.
func excess(seen, expected float64) float64 { return (seen - expected) / math.Sqrt(expected+1) }

// crowding holds the consignments of a pair that follow another within days against as many at random over the time of the scope.
func (m *meter) crowding(places []uint32) float64 {
	n, follow := 0.0, 0.0
	before := graph.NoDate
	for _, i := range places {
		day := m.r.Day[i]
		if day == graph.NoDate {
			continue
		}
		if n++; before != graph.NoDate && day-before <= closeDays {
			follow++
		}
		before = day
	}
	if n < 2 {
		return 0
	}
	return excess(follow, (n-1)*(1-math.Exp(-closeDays*n/m.span)))
}

// met is a partner of a trader.
type met struct {
	trader  uint32
	day     graph.Date // of the first consignment
	several bool
}

// single measures partners met once: how many there are more than if all further consignments fell on partners by lot, and how
// many within ten days.
func (m *meter) single() {
	c := &m.trade.Consignments
	m.start(Burst)
	m.start(OneOff)
	var all []met
	trade := make([]float64, m.trade.Nodes)
	m.eachPair(func(places []uint32) {
		for _, v := range [2]uint32{c.Importer[places[0]], c.Exporter[places[0]]} {
			if !m.trade.IsService(v) {
				all = append(all, met{v, m.r.Day[places[0]], len(places) > 1})
				trade[v] += float64(len(places))
			}
		}
	})
	slices.SortFunc(all, func(a, b met) int { return cmp.Or(cmp.Compare(a.trader, b.trader), cmp.Compare(a.day, b.day)) })
	for from := 0; from < len(all); {
		v := all[from].trader
		to := from
		for to < len(all) && all[to].trader == v {
			to++
		}
		m.met(v, all[from:to], trade[v])
		from = to
	}
}

// met measures one trader by its partners, in the order of days.
func (m *meter) met(v uint32, partners []met, trade float64) {
	once := slices.DeleteFunc(slices.Clone(partners), func(p met) bool { return p.several })
	n, k := float64(len(partners)), float64(len(once))
	expected := n * math.Pow(1-1/n, trade-n)
	m.raise(OneOff, v, excess(k, expected), None)
	most, from := 0, 0
	for to := range once {
		if once[to].day == graph.NoDate {
			continue
		}
		for once[from].day == graph.NoDate || once[to].day-once[from].day >= burstDays {
			from++
		}
		most = max(most, to-from+1)
	}
	m.raise(Burst, v, excess(float64(most)-1, k*burstDays/m.span), None)
}

// ring is what a group shows.
type ring struct {
	shown  [len(meter{}.shown)]float64 // deviations
	instep float64                     // the same of days
}

// circles measures what is about groups drawn without looking at outcomes.
func (m *meter) circles(ctx context.Context, groups []finding.Group) error {
	const together = 64
	rings, cut := make([]ring, len(groups)), crew.Cut(len(groups), together)
	err := crew.Run(ctx, m.threads, len(cut)-1, func(_, piece int) {
		for g := cut[piece]; g < cut[piece+1]; g++ {
			rings[g] = m.ring(groups[g].Members)
		}
	})
	for g := range rings {
		for _, v := range groups[g].Members {
			for s := range m.shown {
				if m.shown[s].values != nil {
					m.strange(&m.shown[s], v, rings[g].shown[s], None)
				}
			}
			if m.span > 0 {
				m.raise(Lockstep, v, rings[g].instep, None)
			}
		}
	}
	return err
}

// ring measures what is about one group.
func (m *meter) ring(members []uint32) ring {
	c := &m.trade.Consignments
	var inside []uint32
	var days [][]graph.Date
	for _, v := range members {
		from := len(inside)
		for _, i := range m.imports.Of(v) {
			if _, in := slices.BinarySearch(members, c.Exporter[i]); in {
				inside = append(inside, i)
			}
		}
		if len(inside) > from {
			days = append(days, m.days(inside[from:]))
		}
	}
	var r ring
	for s := range m.shown {
		if m.shown[s].values == nil {
			continue
		}
		sum, n := 0.0, 0.0
		for _, i := range inside {
			if x := m.shown[s].values[i]; !math.IsNaN(x) {
				sum, n = sum+x, n+1
			}
		}
		r.shown[s] = m.shown[s].deviations(sum, n)
	}
	if m.span > 0 && len(days) > 1 {
		seen, expected := 0.0, 0.0
		for a := range days {
			for b := range days[:a] {
				s, e := m.inStep(days[a], days[b])
				seen, expected = seen+s, expected+e
			}
		}
		r.instep = excess(seen, expected)
	}
	return r
}

// days lists the days of consignments, each once; none of so many that every day has some.
func (m *meter) days(places []uint32) []graph.Date {
	if len(places) > mostDays {
		return nil
	}
	all := make([]graph.Date, 0, len(places))
	for _, i := range places {
		if m.r.Day[i] != graph.NoDate {
			all = append(all, m.r.Day[i])
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// inStep counts the days of one that are days of the other, too, or next to one, and how many to expect, both in the time when both traded.
func (m *meter) inStep(a, b []graph.Date) (seen, expected float64) {
	if len(a) == 0 || len(b) == 0 {
		return 0, 0
	}
	from, to := max(a[0], b[0]), min(a[len(a)-1], b[len(b)-1])
	if from > to {
		return 0, 0
	}
	within := func(days []graph.Date) []graph.Date {
		lo, _ := slices.BinarySearch(days, from-sameDays)
		hi, _ := slices.BinarySearch(days, to+sameDays+1)
		return days[lo:hi]
	}
	a, b = within(a), within(b)
	if len(a) > len(b) {
		a, b = b, a
	}
	at := 0
	for _, day := range a {
		for at < len(b) && b[at] < day-sameDays {
			at++
		}
		if at < len(b) && b[at] <= day+sameDays {
			seen++
		}
	}
	return seen, float64(len(a)) * (1 - math.Exp(-(2*sameDays+1)*float64(len(b))/max(30, float64(to-from)+3)))
}

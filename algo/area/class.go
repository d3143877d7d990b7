package area

import (
	"cmp"
	"math"
	"slices"

	"rummage/algo/stat"
	"rummage/graph"
)

// Classes of traders on the day of a declaration, by what the records show of the
// days before.
const (
	ClassNew     = "new"     // nothing before
	ClassDormant = "dormant" // nothing in the year before
	ClassFew     = "up to 9" // declarations before
	ClassSome    = "up to 99"
	ClassMany    = "100 and up"
)

const (
	// youth is how long the records must have run before who is not in them is new.
	youth = 180
	// dormancy is how long a trader must have been away.
	dormancy = 365
)

// classes says of each declaration what class its trader was of on that day. Days
// before the records have run for a while say nothing of who had none before.
func classes(t *Table) *coder {
	order := make([]int, 0, len(t.IDs))
	start := graph.Date(math.MaxInt32)
	for i, day := range t.Days {
		if day != graph.NoDate && t.trader[i] != 0 {
			order = append(order, i)
			start = min(start, day)
		}
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Or(cmp.Compare(t.Days[a], t.Days[b]), cmp.Compare(a, b)) })
	last, count := map[uint32]graph.Date{}, map[uint32]int{}
	of := make([]string, len(t.IDs))
	for from := 0; from < len(order); {
		// Those of one day know nothing of each other.
		to := from
		for to < len(order) && t.Days[order[to]] == t.Days[order[from]] {
			of[order[to]] = class(count[t.trader[order[to]]], t.Days[order[to]]-last[t.trader[order[to]]], t.Days[order[to]]-start)
			to++
		}
		for _, i := range order[from:to] {
			last[t.trader[i]] = t.Days[i]
			count[t.trader[i]]++
		}
		from = to
	}
	k := newCoder()
	for _, text := range of {
		k.add(text)
	}
	return k
}

func class(before int, away, running graph.Date) string {
	switch {
	case before == 0 && running < youth:
		return ""
	case before == 0:
		return ClassNew
	case away > dormancy:
		return ClassDormant
	case before < 10:
		return ClassFew
	case before < 100:
		return ClassSome
	}
	return ClassMany
}

// Bands of value: robust deviations of its logarithm from the median of the same
// goods in the same currency.
const (
	BandFarBelow = "far below"
	BandBelow    = "below"
	BandUsual    = "usual"
	BandAbove    = "above"
	BandFarAbove = "far above"
)

const (
	fewPrices = 20 // of goods, to say what is usual
	near, far = 1.5, 3
	// consistency makes the median absolute deviation of a normal law its standard deviation.
	consistency = 1.4826
)

// bands says of each declaration how its value a kilogram stands among those of the
// same goods up to a day: (ln v - median)/(1.4826 MAD).
func bands(t *Table, goods []string, known graph.Date) *coder {
	prices := map[string][]float64{}
	for i, of := range goods {
		if of != "" && (known == graph.NoDate || t.Days[i] != graph.NoDate && t.Days[i] <= known) {
			prices[of] = append(prices[of], t.price[i])
		}
	}
	type law struct{ median, spread float64 }
	laws := map[string]law{}
	for of, all := range prices {
		if len(all) < fewPrices {
			continue
		}
		m := stat.Median(all)
		away := make([]float64, len(all))
		for i, p := range all {
			away[i] = math.Abs(p - m)
		}
		if spread := consistency * stat.Median(away); spread > 0 {
			laws[of] = law{m, spread}
		}
	}
	k := newCoder()
	for i, of := range goods {
		l, ok := laws[of]
		if !ok {
			k.add("")
			continue
		}
		k.add(band((t.price[i] - l.median) / l.spread))
	}
	return k
}

func band(z float64) string {
	switch {
	case z < -far:
		return BandFarBelow
	case z < -near:
		return BandBelow
	case z <= near:
		return BandUsual
	case z <= far:
		return BandAbove
	}
	return BandFarAbove
}

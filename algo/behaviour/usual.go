package behaviour

import (
	"math"
	"slices"

	"rummage/algo/stat"
)

// Bounds of what is held against the usual.
const (
	leastCell  = 20   // consignments of a cell that tell what is usual
	leastSigma = 0.05 // of a logarithm: closer prices are alike
	mostSigmas = 4.0  // what is further off counts as this
	routeLean  = 3.0  // consignments that the ports of everyone count as, beside those of an origin
)

// cell holds the places of values that are held against each other, ascending.
type cell []uint32

// cells hands over the places of known values by two codes, cell by cell. A first code of 0 is none; without a second column the first
// decides alone. Cost O(values + codes).
func cells(values []float64, first, second []uint32, see func(places cell)) {
	known := make(cell, 0, len(values))
	for i, v := range values {
		if first[i] != 0 && !math.IsNaN(v) {
			known = append(known, uint32(i))
		}
	}
	if second != nil {
		known = dealt(known, second)
	}
	known = dealt(known, first)
	for from := 0; from < len(known); {
		to, at := from+1, known[from]
		for to < len(known) && first[known[to]] == first[at] && (second == nil || second[known[to]] == second[at]) {
			to++
		}
		see(known[from:to])
		from = to
	}
}

// dealt are places in the order of their codes; those of one code stay in the order in which they came.
func dealt(places cell, codes []uint32) cell {
	if len(places) == 0 {
		return nil
	}
	next := make([]uint32, slices.Max(codes)+2)
	for _, i := range places {
		next[codes[i]+1]++
	}
	for code := range len(next) - 1 {
		next[code+1] += next[code]
	}
	all := make(cell, len(places))
	for _, i := range places {
		all[next[codes[i]]] = i
		next[codes[i]]++
	}
	return all
}

// kind is what consignments are sorted by: two codes, the second of which may be left out.
type kind struct{ first, second []uint32 }

// robust says how many standard deviations each value is off the median of its cell, the first of the kinds whose cell holds enough;
// the deviation is 1.4826 times the median absolute one (Hampel 1974). NaN where no cell tells what is usual.
func robust(values []float64, kinds ...kind) []float64 {
	off := make([]float64, len(values))
	for i := range off {
		off[i] = math.NaN()
	}
	var list []float64
	untold := func(i uint32) bool { return math.IsNaN(off[i]) }
	for _, k := range kinds {
		cells(values, k.first, k.second, func(places cell) {
			if len(places) < leastCell || !slices.ContainsFunc(places, untold) {
				return
			}
			list = list[:0]
			for _, i := range places {
				list = append(list, values[i])
			}
			middle := stat.Median(list)
			for i := range list {
				list[i] = math.Abs(list[i] - middle)
			}
			sigma := max(leastSigma, 1.4826*stat.Median(list))
			for _, i := range places {
				if untold(i) {
					off[i] = min(mostSigmas, max(-mostSigmas, (values[i]-middle)/sigma))
				}
			}
		})
	}
	return off
}

// polish takes out of prices what a currency makes of them, so that all currencies have one scale: the median by heading and that by
// currency are taken off in turns (Tukey 1977). What it costs to change money is thus read from the trade itself.
func polish(r *Records) []float64 {
	const turns = 3
	left, scale := slices.Clone(r.Price), make([]float64, len(r.Price))
	var list []float64
	take := func(all []cell, note bool) {
		for _, places := range all {
			list = list[:0]
			for _, i := range places {
				list = append(list, left[i])
			}
			middle := stat.Median(list)
			for _, i := range places {
				left[i] -= middle
				if note {
					scale[i] += middle
				}
			}
		}
	}
	goods, money := coded(r.Price, r.goods), coded(r.Price, r.money)
	for range turns {
		take(goods, false)
		take(money, true)
	}
	for i := range scale {
		scale[i] = r.Price[i] - scale[i]
	}
	return scale
}

// coded lists the places of known values by their code, but for code 0.
func coded(values []float64, codes []uint32) []cell {
	var all []cell
	cells(values, codes, nil, func(places cell) { all = append(all, places) })
	return all
}

// prices says how far the price of each consignment is off the usual one of its heading and origin, or of the heading, or of
// what has its first four digits.
func prices(r *Records) []float64 {
	return robust(polish(r), kind{r.goods, r.origin}, kind{r.goods, nil}, kind{r.broad, nil})
}

// masses says the same of its mass, by heading and mode of transport.
func masses(r *Records) []float64 { return robust(r.Mass, kind{r.carried, nil}) }

// routes says how much rarer the port where goods left is for their origin than ports of that origin are on the average, in
// nats: -ln of its share less the entropy of the origin's. The consignment itself is left out, and an origin of few leans on
// the shares of all.
func routes(r *Records) []float64 {
	rare := make([]float64, len(r.origin)) // 0 for now, and NaN where a port or an origin is not stated
	for i, port := range r.left {
		if port == 0 || r.origin[i] == 0 {
			rare[i] = math.NaN()
		}
	}
	total := 0.0
	of, ports := make(map[uint32]float64), make(map[uint32]float64)
	cells(rare, r.origin, nil, func(places cell) { of[r.origin[places[0]]] = float64(len(places)) })
	cells(rare, r.left, nil, func(places cell) {
		ports[r.left[places[0]]] = float64(len(places))
		total += float64(len(places))
	})
	cells(rare, r.origin, r.left, func(places cell) {
		everyone := ports[r.left[places[0]]] / (total + 1)
		here := -math.Log((float64(len(places)) - 1 + routeLean*everyone) / (of[r.origin[places[0]]] - 1 + routeLean))
		for _, i := range places {
			rare[i] = here
		}
	})
	cells(rare, r.origin, nil, func(places cell) {
		sum := 0.0
		for _, i := range places {
			sum += rare[i]
		}
		for _, i := range places {
			rare[i] -= sum / float64(len(places))
		}
	})
	return rare
}

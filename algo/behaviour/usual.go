package behaviour

import (
	"cmp"
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

// placed is a value with its cell.
type placed struct {
	cell  uint64
	value float64
	at    uint32
}

// cells hands over the values of each cell that are known, in any order. A cell of key 0 is none.
func cells(values []float64, key func(i int) uint64, see func(cell []placed)) {
	all := make([]placed, 0, len(values))
	for i, v := range values {
		if k := key(i); k != 0 && !math.IsNaN(v) {
			all = append(all, placed{k, v, uint32(i)})
		}
	}
	slices.SortFunc(all, func(a, b placed) int { return cmp.Compare(a.cell, b.cell) })
	for from := 0; from < len(all); {
		to := from
		for to < len(all) && all[to].cell == all[from].cell {
			to++
		}
		see(all[from:to])
		from = to
	}
}

// robust says how many standard deviations each value is off the median of its cell, the first of the keys whose cell holds enough;
// the deviation is 1.4826 times the median absolute one (Hampel 1974). NaN where no cell tells what is usual.
func robust(values []float64, keys ...func(i int) uint64) []float64 {
	off := make([]float64, len(values))
	for i := range off {
		off[i] = math.NaN()
	}
	var list []float64
	for _, key := range keys {
		cells(values, key, func(cell []placed) {
			if len(cell) < leastCell {
				return
			}
			list = list[:0]
			for _, p := range cell {
				list = append(list, p.value)
			}
			middle := stat.Median(list)
			for i := range list {
				list[i] = math.Abs(list[i] - middle)
			}
			sigma := max(leastSigma, 1.4826*stat.Median(list))
			for _, p := range cell {
				if math.IsNaN(off[p.at]) {
					off[p.at] = min(mostSigmas, max(-mostSigmas, (p.value-middle)/sigma))
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
	take := func(cells [][]uint32, note bool) {
		for _, cell := range cells {
			list = list[:0]
			for _, i := range cell {
				list = append(list, left[i])
			}
			middle := stat.Median(list)
			for _, i := range cell {
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
func coded(values []float64, codes []uint32) [][]uint32 {
	var all [][]uint32
	for i, code := range codes {
		if code == 0 || math.IsNaN(values[i]) {
			continue
		}
		for int(code) > len(all) {
			all = append(all, nil)
		}
		all[code-1] = append(all[code-1], uint32(i))
	}
	return slices.DeleteFunc(all, func(cell []uint32) bool { return len(cell) == 0 })
}

// prices says how far the price of each consignment is off the usual one of its heading and origin, or of the heading, or of
// what has its first four digits.
func prices(r *Records) []float64 {
	return robust(polish(r), both(r.goods, r.origin), both(r.goods, nil), both(r.broad, nil))
}

// masses says the same of its mass, by heading and mode of transport.
func masses(r *Records) []float64 { return robust(r.Mass, both(r.carried, nil)) }

// both is the key of two codes; 0 where the first is not stated.
func both(a, b []uint32) func(i int) uint64 {
	return func(i int) uint64 {
		switch {
		case a[i] == 0:
			return 0
		case b == nil:
			return uint64(a[i]) << 32
		}
		return uint64(a[i])<<32 | uint64(b[i])
	}
}

// routes says how much rarer the port where goods left is for their origin than ports of that origin are on the average, in
// nats: -ln of its share less the entropy of the origin's. The consignment itself is left out, and an origin of few leans on
// the shares of all.
func routes(r *Records) []float64 {
	rare := make([]float64, len(r.origin))
	type leg struct{ origin, port uint32 }
	of, legs, ports := map[uint32]float64{}, map[leg]float64{}, map[uint32]float64{}
	total := 0.0
	for i, port := range r.left {
		if o := r.origin[i]; o != 0 && port != 0 {
			of[o]++
			legs[leg{o, port}]++
			ports[port]++
			total++
		}
	}
	sum := map[uint32]float64{}
	for i, port := range r.left {
		o := r.origin[i]
		if o == 0 || port == 0 {
			rare[i] = math.NaN()
			continue
		}
		everyone := ports[port] / (total + 1)
		rare[i] = -math.Log((legs[leg{o, port}] - 1 + routeLean*everyone) / (of[o] - 1 + routeLean))
		sum[o] += rare[i]
	}
	for i, o := range r.origin {
		if o != 0 && r.left[i] != 0 {
			rare[i] -= sum[o] / of[o]
		}
	}
	return rare
}

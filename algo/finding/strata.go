package finding

import (
	"cmp"
	"math"
	"slices"
)

// Cell is what is known of why a consignment was looked at, and where, beside who traded. Inspections are no random sample: offices,
// goods and channels differ in what is found, and who trades with whom is not the same everywhere, so outcomes are only compared
// within cells.
type Cell struct {
	Channel uint8  // why somebody looked; 0: not said
	Office  uint32 // node of the customs office, or None
	Chapter uint8  // the first two digits of the goods code, 1 to 99; 0: not said
	Month   uint16 // counted from any month; 0: not said
}

// dimensions of a cell, from the one kept longest.
const dimensions = 4

// dimension is a number for one dimension of a cell, in an order of its own.
func (c Cell) dimension(depth int) uint32 {
	return [dimensions]uint32{uint32(c.Channel), c.Office, uint32(c.Chapter), uint32(c.Month)}[depth]
}

func (c Cell) compare(o Cell) int {
	for depth := range dimensions {
		if order := cmp.Compare(c.dimension(depth), o.dimension(depth)); order != 0 {
			return order
		}
	}
	return 0
}

// upTo keeps the first dimensions of a cell.
func (c Cell) upTo(depth int) Cell {
	kept := Cell{Office: None}
	if depth > 0 {
		kept.Channel = c.Channel
	}
	if depth > 1 {
		kept.Office = c.Office
	}
	if depth > 2 {
		kept.Chapter = c.Chapter
	}
	if depth > 3 {
		kept.Month = c.Month
	}
	return kept
}

// Stratum is a set of inspected consignments that outcomes are shuffled within. Its first Depth dimensions are those of all its
// consignments; the rest is mixed: what was too little for a stratum of its own.
type Stratum struct {
	Cell
	Depth           int // 0 to 4, of channel, office, chapter, month
	Slice           int // of time, from 1; 0 where time is not cut
	Inspected, Hits int
}

// roomForHits is how many hits a stratum has room for at the base rate, at least: the larger, the more that differs is mixed; the
// smaller, the more a ring that fills its stratum is compared with itself.
const (
	roomForHits  = 1
	leastStratum = 20 // inspected consignments at least, where hits are frequent
)

// stratify divides the margins. A cell of channel, office, chapter and month with enough inspected consignments is a stratum. What is
// in smaller cells is put together with that of the other months of the chapter; where that is too little, of the other chapters of
// the office; then of the other offices of the channel; then with all that is left, however little. It depends on the cells and the
// number of hits alone. Cost O(margins * log).
func (t *Trial) stratify() {
	hits := 0
	for _, i := range t.row {
		if t.trade.Consignments.Hit[i] {
			hits++
		}
	}
	least := len(t.row)
	if hits > 0 {
		least = max(leastStratum, (roomForHits*len(t.row)+hits-1)/hits)
	}
	t.stratum = make([]uint32, len(t.row))
	d := divider{least: least, cells: make([]Cell, len(t.row))}
	for place, i := range t.row {
		d.cells[place] = Cell{Office: None}
		if t.trade.Consignments.Cell != nil {
			d.cells[place] = t.trade.Consignments.Cell[i]
		}
	}
	order := make([]uint32, len(t.row))
	for place := range order {
		order[place] = uint32(place)
	}
	slice := t.slices(d.cells)
	slices.SortFunc(order, func(a, b uint32) int {
		return cmp.Or(cmp.Compare(slice[a], slice[b]), d.cells[a].compare(d.cells[b]), cmp.Compare(a, b))
	})
	for from := 0; from < len(order); {
		to, made := from, len(d.parts)
		for to < len(order) && slice[order[to]] == slice[order[from]] {
			to++
		}
		d.divide(order[from:to], 0)
		for i := range d.parts[made:] {
			d.parts[made+i].Slice = slice[order[from]]
		}
		from = to
	}
	slices.SortFunc(d.parts, func(a, b part) int {
		return cmp.Or(cmp.Compare(a.Slice, b.Slice), a.compare(b.Cell), cmp.Compare(a.Depth, b.Depth))
	})
	for s, p := range d.parts {
		p.Inspected = len(p.places)
		t.strata = append(t.strata, p.Stratum)
		for _, place := range p.places {
			t.stratum[place] = uint32(s)
		}
	}
	t.within = invert(len(t.strata), len(t.row), func(place int) []uint32 { return t.stratum[place : place+1] })
}

// slices cuts time into slices of about equally many inspections, at the turns of months, so that outcomes are dealt within each: what is
// found may rise and fall over the years without looking like a network. All are slice 0 where time is not cut, or no day is stated.
func (t *Trial) slices(cells []Cell) []int {
	slice := make([]int, len(cells))
	most := 0
	if t.circle != nil {
		most = t.circle.opts.TimeSlices
	}
	if most < 2 || len(cells) == 0 {
		return slice
	}
	months := make([]uint32, len(cells))
	for i, c := range cells {
		months[i] = uint32(c.Month)
	}
	of, before := map[uint16]int{}, 0
	compose(months, func(month uint32, n int) {
		of[uint16(month)] = 1 + before*most/len(cells)
		before += n
	})
	if len(of) < 2 {
		return slice
	}
	for i, c := range cells {
		slice[i] = of[c.Month]
	}
	return slice
}

type part struct {
	Stratum
	places []uint32
}

// divider cuts places into strata.
type divider struct {
	least int
	cells []Cell
	parts []part
}

// divide makes strata of places that have the first dimensions in common, ordered by cell, and returns those that are left over.
func (d *divider) divide(places []uint32, depth int) []uint32 {
	left := places
	if depth < dimensions {
		left = nil
		for from := 0; from < len(places); {
			to := from
			for to < len(places) && d.cells[places[to]].dimension(depth) == d.cells[places[from]].dimension(depth) {
				to++
			}
			left = append(left, d.divide(places[from:to], depth+1)...)
			from = to
		}
	}
	if len(left) == 0 || len(left) < d.least && depth > 0 {
		return left
	}
	d.parts = append(d.parts, part{Stratum{Cell: d.cells[left[0]].upTo(depth), Depth: depth}, left})
	return nil
}

// Bands put together importers whose consignments are of strata with like rates of hits: whole histories change hands within them.
const (
	bandStep         = 1.5 // rates of one band differ by this factor at most, unless there is too little for a band
	roomForOffenders = 2   // a band has room for so many at the rate of all importers, at least
	exchangeable     = 20  // importers of one band and length that change histories, at least, where there are as many of that length
)

// band gives every importer its band: the rate that its strata lead to expect, in steps. A stratum's rate leans on the base rate with the
// weight of two hits. Neighbouring bands are joined until each has room for two offenders.
func (t *Trial) band(o *outcomes) {
	o.band = make([]uint32, len(t.importers))
	o.bands = []int{len(t.importers)}
	if o.hits == 0 || len(t.strata) == 1 {
		return
	}
	base := float64(o.hits) / float64(len(t.row))
	rate := make([]float64, len(t.strata))
	for s := range rate {
		rate[s] = (float64(o.marked[s]) + roomForOffenders) / (float64(t.strata[s].Inspected) + roomForOffenders/base)
	}
	step := make([]int, len(t.importers))
	members := map[int]int{}
	for i := range step {
		expected, places := 0.0, t.stratum[t.block[i]:t.block[i+1]]
		compose(slices.Clone(places), func(s uint32, n int) { expected += float64(n) * rate[s] })
		step[i] = int(math.Round(math.Log(expected/float64(len(places))/base) / math.Log(bandStep)))
		members[step[i]]++
	}
	least := (roomForOffenders*len(t.importers) + o.offenders - 1) / o.offenders
	steps := make([]int, 0, len(members))
	for s := range members {
		steps = append(steps, s)
	}
	slices.Sort(steps)
	bandOf := map[int]uint32{}
	o.bands = []int{0}
	for _, s := range steps {
		last := len(o.bands) - 1
		if o.bands[last] >= least {
			o.bands, last = append(o.bands, 0), last+1
		}
		bandOf[s] = uint32(last)
		o.bands[last] += members[s]
	}
	if last := len(o.bands) - 1; last > 0 && o.bands[last] < least {
		for s, b := range bandOf {
			bandOf[s] = min(b, uint32(last-1))
		}
		o.bands[last-1] += o.bands[last]
		o.bands = o.bands[:last]
	}
	for i, s := range step {
		o.band[i] = bandOf[s]
	}
}

// compose tells how often each number is among some, in ascending order, and sorts these.
func compose(numbers []uint32, tell func(number uint32, times int)) {
	slices.Sort(numbers)
	for from := 0; from < len(numbers); {
		to := from
		for to < len(numbers) && numbers[to] == numbers[from] {
			to++
		}
		tell(numbers[from], to-from)
		from = to
	}
}

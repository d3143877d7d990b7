package pattern

import (
	"slices"

	"rummage/graph"
)

// sieve is room for telling rows that belong together, kept from one time to the next.
type sieve struct {
	table []uint32 // hash -> group + 1
	first []uint32 // group -> its first row
	count []uint32
	last  []uint32 // group -> its last row so far
	mixed []bool   // group -> its rows are not in the order of days
	of    []uint32 // row -> group
	prev  []uint32 // row -> the row before it of its group
	alive []bool   // row -> it may be part of a match
	out   []uint32
	ends  []int
}

const noRow = ^uint32(0)

// sift puts rows together that share columns, in the order in which each group was first met, and leaves out what cannot be
// part of a match: rows of a group that has too few of them, or too few within the days of any window.
//
// Without columns all rows are one group. It returns rows and up to which of them each group reaches, in room of the sieve;
// nil has it make its own.
func (s *search) sift(rows []uint32, by []int, least int, days bool, room *sieve) (out []uint32, ends []int) {
	n := len(rows) / s.wide
	switch {
	case n == 0:
		return nil, nil
	case len(by) == 0:
		return rows, []int{n}
	}
	if room == nil {
		room = &sieve{}
	}
	room.group(rows, s.wide, by)
	room.mark(s, rows, uint32(max(least, 1)), days)
	return room.sorted(rows, s.wide)
}

// group finds out which rows belong together.
func (v *sieve) group(rows []uint32, wide int, by []int) {
	n := len(rows) / wide
	size := 16
	for size < 2*n {
		size *= 2
	}
	if len(v.table) < size {
		v.table = make([]uint32, size)
	} else {
		clear(v.table[:size])
	}
	v.first, v.of = v.first[:0], slices.Grow(v.of[:0], n)[:n]
	for row := range uint32(n) {
		cells := rows[int(row)*wide : (int(row)+1)*wide]
		hash := uint64(0)
		for _, c := range by {
			hash = (hash ^ uint64(cells[c])) * 0x9e3779b97f4a7c15
			hash ^= hash >> 29
		}
		at := int(hash>>7) & (size - 1)
		for {
			g := v.table[at]
			if g == 0 {
				v.first = append(v.first, row)
				g = uint32(len(v.first))
				v.table[at] = g
			}
			if same(cells, rows[int(v.first[g-1])*wide:], by) {
				v.of[row] = g - 1
				break
			}
			at = (at + 1) & (size - 1)
		}
	}
}

func same(a, b []uint32, by []int) bool {
	for _, c := range by {
		if a[c] != b[c] {
			return false
		}
	}
	return true
}

// mark notes which rows may be part of a match.
func (v *sieve) mark(s *search, rows []uint32, least uint32, days bool) {
	groups, n := len(v.first), len(v.of)
	v.count = slices.Grow(v.count[:0], groups)[:groups]
	clear(v.count)
	v.alive = slices.Grow(v.alive[:0], n)[:n]
	clear(v.alive)
	if !days {
		for _, g := range v.of {
			v.count[g]++
		}
		for row, g := range v.of {
			v.alive[row] = v.count[g] >= least
		}
		return
	}
	v.last, v.mixed = slices.Grow(v.last[:0], groups)[:groups], slices.Grow(v.mixed[:0], groups)[:groups]
	clear(v.mixed)
	for g := range v.last {
		v.last[g] = noRow
	}
	v.prev = slices.Grow(v.prev[:0], n)[:n]
	column := len(s.plan.variables) + s.plan.anchor
	anchor := func(row uint32) uint32 { return rows[int(row)*s.wide+column] }
	when := s.records.consignments.days
	for row := range uint32(n) {
		g, day := v.of[row], when[anchor(row)]
		if day == graph.NoDate {
			continue // in no window
		}
		v.prev[row] = v.last[g]
		v.last[g] = row
		v.count[g]++
		if p := v.prev[row]; p != noRow && anchor(p) > anchor(row) {
			v.mixed[g] = true
		}
		back, steps := row, uint32(1)
		for steps < least && v.prev[back] != noRow {
			back, steps = v.prev[back], steps+1
		}
		if steps < least || float64(day)-float64(when[anchor(back)]) > s.plan.window {
			continue
		}
		for at := row; !v.alive[at]; at = v.prev[at] {
			if v.alive[at] = true; at == back {
				break
			}
		}
	}
	for row, g := range v.of {
		if v.mixed[g] {
			v.alive[row] = v.count[g] >= least
		}
	}
}

// sorted puts the rows that are left together.
func (v *sieve) sorted(rows []uint32, wide int) (out []uint32, ends []int) {
	clear(v.count)
	left := 0
	for row, g := range v.of {
		if v.alive[row] {
			v.count[g]++
			left++
		}
	}
	v.ends = v.ends[:0]
	next := uint32(0)
	for g, n := range v.count {
		v.count[g] = next // from here on the place of the group's next row
		if next += n; n > 0 {
			v.ends = append(v.ends, int(next))
		}
	}
	v.out = slices.Grow(v.out[:0], left*wide)[:left*wide]
	for row, g := range v.of {
		if v.alive[row] {
			copy(v.out[int(v.count[g])*wide:], rows[row*wide:(row+1)*wide])
			v.count[g]++
		}
	}
	return v.out, v.ends
}

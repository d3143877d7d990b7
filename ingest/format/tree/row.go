package tree

import (
	"bytes"
	"unicode/utf8"

	"rummage/ingest/read"
)

// A row is the row that is returned, and how it came together.
type row struct {
	read.Row
	plan   *plan
	state  []uint8 // of each cell: none, one, joined
	joined [][]byte
	held   []int32 // of each cell: values without text, while it has no other
	shown  []int32 // the instance of each level
	filled [][]int32
}

const (
	none uint8 = iota
	one
	joined
)

func newRow(p *plan) row {
	n := len(p.columns)
	return row{
		Row: read.Row{Cells: make([][]byte, n)}, plan: p, state: make([]uint8, n), joined: make([][]byte, n),
		held: make([]int32, n), shown: make([]int32, len(p.levels)), filled: make([][]int32, len(p.levels)),
	}
}

// begin forgets the unit before.
func (r *row) begin() {
	for level := r.plan.route.unit; level < len(r.shown); level++ {
		r.clear(level)
		r.shown[level] = -1
	}
}

// clear empties the cells of a level within units.
func (r *row) clear(level int) {
	for _, c := range r.filled[level] {
		r.empty(int(c))
	}
	r.filled[level] = r.filled[level][:0]
}

func (r *row) empty(c int) {
	r.Cells[c], r.state[c], r.held[c] = nil, none, 0
	if cap(r.joined[c]) > read.MaxRaw {
		r.joined[c] = nil
	}
}

// forget empties the cells of a level around the units and of those below it.
func (r *row) forget(level int) {
	for l := level; l < r.plan.route.unit; l++ {
		for _, c := range r.plan.levels[l] {
			if !r.plan.late[c] {
				r.empty(c)
			}
		}
	}
}

// show fills the cells with a record and what stands around it in its unit.
func (r *row) show(u *harvest, at int32) {
	for ; at >= 0; at = u.instances[at].parent {
		level := u.instances[at].level
		if r.shown[level] == at {
			return
		}
		r.shown[level] = at
		r.clear(int(level))
		u.of(at, func(e entry) { r.add(e, u.text) })
	}
}

// add adds a value to its cell, of which text holds it. Values without text hold
// their places before and behind others; a cell of none but such stays empty.
func (r *row) add(e entry, text []byte) {
	c := int(max(e.column, ^e.column))
	if r.state[c] != none {
		r.join(c, text[e.from:e.to])
		return
	}
	if level := r.plan.level[c]; r.held[c] == 0 {
		r.filled[level] = append(r.filled[level], int32(c))
	}
	switch {
	case e.from == e.to:
		r.held[c]++
	case r.held[c] == 0:
		r.Cells[c], r.state[c] = text[e.from:e.to], one
	default:
		r.joined[c] = r.joined[c][:0]
		for range r.held[c] {
			r.joined[c] = append(r.joined[c], read.Between...)
		}
		r.joined[c] = append(r.joined[c], text[e.from:e.to]...)
		r.Cells[c], r.state[c] = r.joined[c], joined
	}
}

// join adds a value to a cell that has one.
func (r *row) join(c int, text []byte) {
	if r.state[c] == one {
		r.joined[c] = append(r.joined[c][:0], r.Cells[c]...)
		r.state[c] = joined
	}
	r.joined[c] = append(append(r.joined[c], read.Between...), text...)
	r.Cells[c] = r.joined[c]
}

// put adds a value around the units, of which a copy is kept.
func (r *row) put(c int, text []byte) {
	if !utf8.Valid(text) {
		text = bytes.ToValidUTF8(text, lost)
	}
	if r.state[c] != none {
		r.join(c, text)
		return
	}
	r.joined[c] = append(r.joined[c][:0], text...)
	r.Cells[c], r.state[c] = r.joined[c], joined
}

package community

import (
	"slices"
	"sync/atomic"

	"rummage/algo/csr/crew"
)

// aggregate makes one node of every part, labelled 0 to parts-1 by first appearance, and returns the smaller graph with the community
// of each of its nodes.
func (s *solver) aggregate(l *level, refined []uint32, parts int, labels []uint32) (*level, []uint32) {
	s.groups.gather(refined, parts)
	small := &level{lo: make([]int, parts), hi: make([]int, parts), mass: make([]float64, parts)}
	if l.head != nil {
		small.head = make([]float64, parts)
	}
	if s.opts.MaxSize > 0 {
		small.count = make([]uint32, parts)
	}
	above := make([]uint32, parts)
	room := 0
	for p := range parts {
		for _, v := range s.groups.of(p) {
			room += l.hi[v] - l.lo[v]
			small.mass[p] += l.mass[v]
			if l.head != nil {
				small.head[p] += l.head[v]
			}
			if small.count != nil {
				small.count[p] += l.members(v)
			}
			above[p] = labels[v]
		}
	}
	s.spare = 1 - s.spare
	rows := &s.rows[s.spare]
	small.to, small.weight = fit(rows.to, room), fit(rows.weight, room)
	rows.to, rows.weight = small.to, small.weight
	for _, w := range s.scratch {
		w.grow(parts)
	}
	cuts := s.groups.cut(l, block)
	var taken atomic.Int64
	// The caller looks at the context itself.
	_ = crew.Run(s.ctx, s.threads, len(cuts)-1, func(worker, i int) {
		w := s.scratch[worker]
		w.to, w.weight = w.to[:0], w.weight[:0]
		for p := cuts[i]; p < cuts[i+1]; p++ {
			small.lo[p] = len(w.to)
			w.merge(l, s.groups.of(p), refined, uint32(p))
			small.hi[p] = len(w.to)
		}
		// Where rows lie is left to chance, what they hold is not.
		at := int(taken.Add(int64(len(w.to)))) - len(w.to)
		copy(small.to[at:], w.to)
		copy(small.weight[at:], w.weight)
		for p := cuts[i]; p < cuts[i+1]; p++ {
			small.lo[p] += at
			small.hi[p] += at
		}
	})
	return small, above
}

// merge appends the row of part p.
func (w *scratch) merge(l *level, members, refined []uint32, p uint32) {
	// An arc within the part is then never new.
	w.link[p] = 1
	number := 0
	for _, v := range members {
		row, weights := l.row(v)
		number = w.add(row, weights, refined, number)
	}
	w.link[p] = 0
	first := len(w.to)
	w.to = append(w.to, w.met[:number]...)
	w.weight = slices.Grow(w.weight, number)[:first+number]
	for i, q := range w.met[:number] {
		w.weight[first+i] = w.link[q]
		w.link[q] = 0
	}
}

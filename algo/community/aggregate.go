package community

import (
	"slices"

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
	for p := range parts {
		for _, v := range s.groups.of(p) {
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
	for _, w := range s.scratch {
		w.grow(parts)
		w.to, w.weight = w.to[:0], w.weight[:0]
	}
	cuts := s.groups.cut(l, share)
	blocks := make([]merged, len(cuts)-1)
	// The caller looks at the context itself.
	_ = crew.Run(s.ctx, s.threads, len(blocks), func(worker, i int) {
		w := s.scratch[worker]
		first := len(w.to)
		for p := cuts[i]; p < cuts[i+1]; p++ {
			small.lo[p] = len(w.to) - first
			w.merge(l, s.groups.of(p), refined, uint32(p))
			small.hi[p] = len(w.to) - first
		}
		blocks[i] = merged{worker: worker, first: first, last: len(w.to)}
	})
	s.settle(small, cuts, blocks)
	return small, above
}

// merged says where the rows of a block of parts lie, in the memory of which goroutine.
type merged struct{ worker, first, last, at int }

// settle copies the rows of all blocks behind one another.
func (s *solver) settle(small *level, cuts []int, blocks []merged) {
	room := 0
	for i := range blocks {
		b := &blocks[i]
		b.at, room = room, room+b.last-b.first
	}
	s.spare = 1 - s.spare
	rows := &s.rows[s.spare]
	small.to, small.weight = fit(rows.to, room), fit(rows.weight, room)
	rows.to, rows.weight = small.to, small.weight
	_ = crew.Run(s.ctx, s.threads, len(blocks), func(_, i int) {
		b := blocks[i]
		w := s.scratch[b.worker]
		copy(small.to[b.at:], w.to[b.first:b.last])
		copy(small.weight[b.at:], w.weight[b.first:b.last])
		for p := cuts[i]; p < cuts[i+1]; p++ {
			small.lo[p] += b.at
			small.hi[p] += b.at
		}
	})
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

package community

import (
	"rummage/algo/csr/crew"
	"rummage/algo/csr/memory"
)

// aggregate makes one node of every part, labelled 0 to parts-1 by first appearance, and returns the smaller graph with the community
// of each of its nodes.
func (s *solver) aggregate(l *level, refined []uint32, parts int, labels []uint32) (*level, []uint32) {
	s.groups.gather(refined, parts)
	small := &level{lo: memory.Make[int](parts), hi: memory.Make[int](parts), mass: memory.Make[float64](parts)}
	if l.head != nil {
		small.head = memory.Make[float64](parts)
	}
	if s.opts.MaxSize > 0 {
		small.count = memory.Make[uint32](parts)
	}
	above := memory.Make[uint32](parts)
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
	s.spare = 1 - s.spare
	for _, w := range s.scratch {
		w.grow(parts)
		w.slabs[s.spare].empty()
	}
	cuts := s.groups.cut(l, share)
	// The caller looks at the context itself.
	_ = crew.Run(s.ctx, s.threads, len(cuts)-1, func(worker, i int) {
		w := s.scratch[worker]
		arcs := 0
		for p := cuts[i]; p < cuts[i+1]; p++ {
			for _, v := range s.groups.of(p) {
				arcs += l.hi[v] - l.lo[v]
			}
		}
		slabs := &w.slabs[s.spare]
		out, at := slabs.room(arcs, worker, len(s.scratch))
		for p := cuts[i]; p < cuts[i+1]; p++ {
			small.lo[p] = at + len(out.to)
			w.merge(l, s.groups.of(p), refined, uint32(p), &out)
			small.hi[p] = at + len(out.to)
		}
		slabs.held += len(out.to)
	})
	small.slabs = s.collect()
	return small, above
}

// merge appends the row of part p to out, which has room for it.
func (w *scratch) merge(l *level, members, refined []uint32, p uint32, out *rows) {
	// An arc within the part is then never new.
	w.link[p] = 1
	number := 0
	for _, v := range members {
		row, weights := l.row(v)
		number = w.add(row, weights, refined, number)
	}
	w.link[p] = 0
	out.to = append(out.to, w.met[:number]...)
	for _, q := range w.met[:number] {
		out.weight = append(out.weight, w.link[q])
		w.link[q] = 0
	}
}

// slabs are the rows of a level that one goroutine made, in pieces of memory that are filled one after the other and never grow: to grow
// one that holds most of a graph, or to put them together, takes several times what they hold.
type slabs struct {
	list []rows
	// at is the slab that is being filled, held how many arcs are in it.
	at, held int
}

const (
	// slabArcs is how many arcs a slab holds, but for the first ones of little work, and for a block of more.
	slabArcs = 1 << 20
	// slabBits are those of a place within a slab, which is more than a graph has arcs.
	slabBits = 40
	slabMask = 1<<slabBits - 1
)

// empty forgets what is in the slabs and keeps them.
func (s *slabs) empty() { s.at, s.held = 0, 0 }

// room returns empty rows with room for so many arcs, and the place of the first, in the slabs of one of several workers.
func (s *slabs) room(arcs, worker, workers int) (rows, int) {
	for ; s.at < len(s.list) && len(s.list[s.at].to)-s.held < arcs; s.at++ {
		s.held = 0
	}
	if s.at == len(s.list) {
		size := arcs
		for i := range s.list {
			size += len(s.list[i].to)
		}
		size = max(arcs, min(size, slabArcs))
		s.list = append(s.list, rows{memory.Make[uint32](size), memory.Make[float64](size)})
	}
	slab := &s.list[s.at]
	return rows{slab.to[s.held:s.held], slab.weight[s.held:s.held]}, (s.at*workers+worker)<<slabBits | s.held
}

// collect lists the slabs of all workers as their places number them, and one at least: rows that a context ended before are empty ones
// in it.
func (s *solver) collect() []rows {
	most := 1
	for _, w := range s.scratch {
		most = max(most, len(w.slabs[s.spare].list))
	}
	all := make([]rows, most*len(s.scratch))
	for worker, w := range s.scratch {
		for i, slab := range w.slabs[s.spare].list {
			all[i*len(s.scratch)+worker] = slab
		}
	}
	return all
}

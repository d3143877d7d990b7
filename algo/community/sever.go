package community

import (
	"cmp"
	"slices"

	"rummage/algo/csr/memory"
)

// sever looks whether the communities that lost an edge or a member still hang together, and makes the pieces of those that do not
// communities of their own.
//
// Before the loss each was in one piece. A piece that has come apart holds an end of a lost edge, or a neighbour of a lost member, so
// these are all that must be searched from.
func (f *frontier) sever() {
	ends := f.torn[:0]
	for _, m := range f.torn {
		if f.labels[m.node] == m.label {
			ends = append(ends, m)
		}
	}
	for _, m := range f.left {
		row, _ := f.l.row(m.node)
		for _, u := range row {
			if f.labels[u] == m.label {
				ends = append(ends, member{m.label, u})
			}
		}
		if f.labels[m.node] == m.label {
			// It went and came back.
			ends = append(ends, m)
		}
		if f.tired(len(row)) {
			return
		}
	}
	slices.SortFunc(ends, func(a, b member) int { return cmp.Or(cmp.Compare(a.label, b.label), cmp.Compare(a.node, b.node)) })
	ends = slices.Compact(ends)
	for first, last := 0, 0; first < len(ends) && f.ctx.Err() == nil; first = last {
		for last < len(ends) && ends[last].label == ends[first].label {
			last++
		}
		if last-first > 1 {
			f.part(ends[first:last])
		}
	}
	f.torn, f.left = ends[:0], f.left[:0]
}

// searcher goes through a community from many nodes at once.
type searcher struct {
	// by is the search that came to a node, plus one.
	by []uint32
	// reached lists by search the nodes in the order of their coming, at how many of these were gone out from.
	reached [][]uint32
	at      []int
	// trees unites searches that have met; busy counts by root those that go on.
	trees forest
	busy  []int
}

func (s *searcher) start(ends []member, n int) {
	if len(s.by) < n {
		s.by = memory.Make[uint32](n + n/16)
	}
	k := len(ends)
	s.trees, s.at, s.busy = newForest(k), make([]int, k), slices.Repeat([]int{1}, k)
	s.reached = make([][]uint32, k)
	for i, m := range ends {
		s.by[m.node], s.reached[i] = uint32(i)+1, []uint32{m.node}
	}
}

// part searches a community from all ends, step by step in turn, until all searches have met or all but one of those that did not have
// come to their end. Those that did hold pieces of their own.
func (f *frontier) part(ends []member) {
	s := &f.searcher
	s.start(ends, len(f.labels))
	open, going := len(ends), make([]uint32, len(ends))
	for i := range going {
		going[i] = uint32(i)
	}
	var closed []uint32
	for open > 1 {
		kept := going[:0]
		for at, i := range going {
			if open < 2 || f.ctx.Err() != nil {
				kept = append(kept, going[at:]...)
				break
			}
			open -= f.step(i)
			if s.at[i] < len(s.reached[i]) {
				kept = append(kept, i)
			} else if top := s.trees.root(i); s.busy[top] == 1 {
				s.busy[top], open = 0, open-1
				closed = append(closed, top)
			} else {
				s.busy[top]--
			}
		}
		if going = kept; f.ctx.Err() != nil {
			return
		}
	}
	if open == 0 {
		closed = closed[:len(closed)-1]
	}
	f.cut(closed)
	for _, nodes := range s.reached {
		for _, v := range nodes {
			s.by[v] = 0
		}
	}
}

// step goes out from the next node of a search and returns how many searches under way it met.
func (f *frontier) step(i uint32) (met int) {
	s := &f.searcher
	v := s.reached[i][s.at[i]]
	s.at[i]++
	f.reach(v)
	row, _ := f.l.row(v)
	label := f.labels[v]
	for _, u := range row {
		if f.labels[u] != label {
			continue
		}
		if s.by[u] == 0 {
			s.by[u] = i + 1
			s.reached[i] = append(s.reached[i], u)
			continue
		}
		a, b := s.trees.root(i), s.trees.root(s.by[u]-1)
		if !s.trees.join(a, b) {
			continue
		}
		if s.busy[a] > 0 && s.busy[b] > 0 {
			met++
		}
		top, under := min(a, b), max(a, b)
		s.busy[top] += s.busy[under]
		s.busy[under] = 0
	}
	return met
}

// cut makes communities of the given pieces.
func (f *frontier) cut(pieces []uint32) {
	s := &f.searcher
	if len(pieces) > 0 {
		f.split++
	}
	for _, top := range pieces {
		to := uint32(fresh)
		for i, nodes := range s.reached {
			if s.trees.root(uint32(i)) != top {
				continue
			}
			for _, v := range nodes {
				f.upset(f.labels[v])
				to = f.shift(v, to)
				f.upset(to)
				f.astray = append(f.astray, v)
			}
		}
	}
}

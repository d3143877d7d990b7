package structure

import (
	"context"
	"fmt"

	"rummage/algo/csr"
)

// Strong returns the components within which every node can be reached from every other along the direction of the edges; in an
// undirected graph they are those of Weak. It is Tarjan's algorithm (1972) with a stack of its own. Cost O(m), on one thread; memory
// 8 bytes a node beside the result, and 32 for each node of the longest path that the search goes down. The only error is that of the
// context.
//
// One thread, because this looks at every arc once. What can be shared, taking away nodes without arcs in or out and then searching forward and
// backward from a hub (Fleischer, Hendrickson and Pınar 2000; McLendon et al. 2005), looks at every arc of the greatest component twice, once
// from either end, and at those beside it once more in each round: two threads that lost nothing to each other would be as fast
// as the one.
func Strong(ctx context.Context, g *csr.Graph, opts Options) (Components, error) {
	n := g.Order()
	s := strong{g: g, rest: breath{ctx: ctx}, index: make([]uint32, n), label: make([]uint32, n)}
	for u := range uint32(n) {
		if s.index[u] != 0 {
			continue
		}
		if s.search(u); s.rest.taken(0) || s.ended {
			return Components{}, fmt.Errorf("structure: strong components: %w", ctx.Err())
		}
		if opts.Progress != nil && s.found-s.told >= patience {
			s.told = s.found
			opts.Progress(int(s.found), n)
		}
	}
	if err := ctx.Err(); err != nil {
		return Components{}, fmt.Errorf("structure: strong components: %w", err)
	}
	return number(s.label, "depth-first search"), nil
}

// descent is a node on the path of a depth-first search, with what is left of its row and the least index known to be reachable.
type descent struct {
	node, low uint32
	row       []uint32
}

type strong struct {
	g    *csr.Graph
	rest breath
	// index is the order of discovery from 1 on; closed nodes have the greatest number instead, which lowers nothing.
	index, label []uint32
	path         []descent
	stack        []uint32
	found, told  uint32
	ended        bool
}

const closed = ^uint32(0)

func (s *strong) enter(u uint32) {
	s.found++
	s.index[u] = s.found
	s.path = append(s.path, descent{node: u, low: s.found, row: s.g.Neighbours(u)})
	s.stack = append(s.stack, u)
}

func (s *strong) search(root uint32) {
	s.enter(root)
	for len(s.path) > 0 {
		top := &s.path[len(s.path)-1]
		next, looked := s.scan(top)
		if s.rest.taken(looked) {
			s.ended = true
			return
		}
		if next != closed {
			s.enter(next)
			continue
		}
		u, low := top.node, top.low
		s.path = s.path[:len(s.path)-1]
		if len(s.path) > 0 {
			above := &s.path[len(s.path)-1]
			above.low = min(above.low, low)
		}
		if low == s.index[u] {
			s.close(u)
		}
	}
}

// scan goes on in the row of the top of the path until a node is met for the first time, and returns it, or closed at the end of the row.
func (s *strong) scan(top *descent) (next uint32, looked int) {
	low := top.low
	for i, v := range top.row {
		index := s.index[v]
		if index == 0 {
			top.row, top.low = top.row[i+1:], low
			return v, i + 1
		}
		low = min(low, index)
	}
	looked = len(top.row)
	top.row, top.low = nil, low
	return closed, looked
}

// close takes the component of root off the stack and labels it by its smallest member.
func (s *strong) close(root uint32) {
	at := len(s.stack) - 1
	least := s.stack[at]
	for ; s.stack[at] != root; at-- {
		least = min(least, s.stack[at-1])
	}
	for _, v := range s.stack[at:] {
		s.index[v], s.label[v] = closed, least
	}
	s.stack = s.stack[:at]
}

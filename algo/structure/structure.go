// Package structure tells how a graph hangs together: its components, weak and strong, its cores, and the nodes and edges whose loss
// would tear it apart.
//
// It looks at edges alone: weights, also those of 0, and types do not matter. It must not know what an edge stands for.
package structure

import (
	"context"
	"errors"
	"fmt"

	"rummage/algo/csr"
)

// ErrDirected is returned where only an undirected graph has an answer; take Symmetric of it first.
var ErrDirected = errors.New("graph is directed")

// patience is how many arcs are looked at between two looks at the context.
const patience = 1 << 16

// breath counts arcs and looks at the context now and then.
type breath struct {
	ctx  context.Context
	arcs int
}

// taken tells that the context has ended, given the arcs looked at since it was last asked.
func (b *breath) taken(arcs int) bool {
	b.arcs += arcs + 1
	if b.arcs < patience {
		return false
	}
	b.arcs = 0
	return b.ctx.Err() != nil
}

// Components is a division of the nodes into components, numbered by their smallest member.
type Components struct {
	// Of gives the number of every node's component.
	Of []uint32
	// First gives the smallest member of each component, Size its number of nodes.
	First []uint32
	Size  []int
}

// Weak returns the components of the graph when the direction of its edges is forgotten. An empty graph has none. It uses union-find
// with path halving, linked towards the smaller number. Cost O(m α(n)); memory 8 bytes a node. The only error is that of the context.
func Weak(ctx context.Context, g *csr.Graph) (Components, error) {
	parent := make([]uint32, g.Order())
	for u := range parent {
		parent[u] = uint32(u)
	}
	find := func(u uint32) uint32 {
		for parent[u] != u {
			parent[u] = parent[parent[u]]
			u = parent[u]
		}
		return u
	}
	rest := breath{ctx: ctx}
	for u := range uint32(g.Order()) {
		row := g.Neighbours(u)
		if rest.taken(len(row)) {
			break
		}
		for _, v := range row {
			a, b := find(u), find(v)
			if a < b {
				parent[b] = a
			} else {
				parent[a] = b
			}
		}
	}
	if err := ctx.Err(); err != nil {
		return Components{}, fmt.Errorf("structure: weak components: %w", err)
	}
	for u := range parent {
		parent[u] = find(uint32(u))
	}
	return number(parent), nil
}

// number makes components of labels by first appearance.
func number(labels []uint32) Components {
	const none = ^uint32(0)
	c := Components{Of: make([]uint32, len(labels))}
	known := make([]uint32, len(labels))
	for i := range known {
		known[i] = none
	}
	for u, label := range labels {
		if known[label] == none {
			known[label] = uint32(len(c.First))
			c.First, c.Size = append(c.First, uint32(u)), append(c.Size, 0)
		}
		c.Of[u] = known[label]
		c.Size[c.Of[u]]++
	}
	return c
}

// Strong returns the components within which every node can be reached from every other along the direction of the edges; in an
// undirected graph they are those of Weak. It is Tarjan's algorithm (1972) with a stack of its own. Cost O(m); memory 21 bytes a node.
// The only error is that of the context.
func Strong(ctx context.Context, g *csr.Graph) (Components, error) {
	n := g.Order()
	s := strong{g: g, rest: breath{ctx: ctx}, index: make([]uint32, n), low: make([]uint32, n), label: make([]uint32, n),
		next: make([]int, n), open: make([]bool, n)}
	for u := range uint32(n) {
		if s.index[u] == 0 {
			s.search(u)
		}
		if err := ctx.Err(); err != nil {
			return Components{}, fmt.Errorf("structure: strong components: %w", err)
		}
	}
	return number(s.label), nil
}

type strong struct {
	g    *csr.Graph
	rest breath
	// index is the order of discovery from 1 on, low the least index known to be reachable, next the place in the row.
	index, low, label []uint32
	next              []int
	open              []bool
	path, stack       []uint32
	found             uint32
}

func (s *strong) enter(u uint32) {
	s.found++
	s.index[u], s.low[u], s.open[u] = s.found, s.found, true
	s.path, s.stack = append(s.path, u), append(s.stack, u)
}

func (s *strong) search(root uint32) {
	s.enter(root)
	for len(s.path) > 0 {
		u := s.path[len(s.path)-1]
		if row := s.g.Neighbours(u); s.next[u] < len(row) {
			v := row[s.next[u]]
			s.next[u]++
			switch {
			case s.index[v] == 0:
				s.enter(v)
			case s.open[v]:
				s.low[u] = min(s.low[u], s.index[v])
			}
			if s.rest.taken(1) {
				return
			}
			continue
		}
		s.path = s.path[:len(s.path)-1]
		if len(s.path) > 0 {
			above := s.path[len(s.path)-1]
			s.low[above] = min(s.low[above], s.low[u])
		}
		if s.low[u] == s.index[u] {
			s.close(u)
		}
	}
}

// close takes the component of root off the stack.
func (s *strong) close(root uint32) {
	for {
		v := s.stack[len(s.stack)-1]
		s.stack = s.stack[:len(s.stack)-1]
		s.open[v], s.label[v] = false, root
		if v == root {
			return
		}
	}
}

package flag

import (
	"cmp"
	"container/heap"
	"context"
	"fmt"
	"math"

	"rummage/algo/csr"
)

// hop is one step of a path, in the direction of the walk.
type hop struct {
	from, to uint32
	kind     uint8
}

// paths finds, for each seed, the path that carries most of its walk to one of the nodes: the walker's chance of taking it,
// damping * weight / strength at each step, is greatest. It is an illustration, since a walk takes many paths.
//
// Best-first from the nodes backwards (Dijkstra 1959, lengths -log chance); it ends when all seeds are reached, which for seeds
// near by is long before the graph is. A seed among the nodes has an empty path.
func (a *Analysis) paths(ctx context.Context, nodes, seeds []uint32) (map[uint32][]hop, error) {
	g := a.Exposure.Graph
	s := search{
		g: g, damping: a.Settings.Damping, cost: make(map[uint32]float64), next: make(map[uint32]hop), done: make(map[uint32]bool),
	}
	for _, v := range nodes {
		s.cost[v] = 0
		heap.Push(&s.front, place{node: v})
	}
	wanted := make(map[uint32]bool, len(seeds))
	for _, u := range seeds {
		wanted[u] = true
	}
	for steps := 0; len(s.front) > 0 && len(wanted) > 0; steps++ {
		if steps%1024 == 0 && ctx.Err() != nil {
			return nil, fmt.Errorf("flag: paths: %w", ctx.Err())
		}
		delete(wanted, s.step())
	}
	found := make(map[uint32][]hop, len(seeds))
	for _, u := range seeds {
		if !s.done[u] {
			continue
		}
		path := []hop{}
		for v := u; s.cost[v] > 0; v = s.next[v].to {
			path = append(path, s.next[v])
		}
		found[u] = path
	}
	return found, nil
}

// covers is the part of a seed's share that arrives by one path: the chance that the walk takes it and stops at its end.
func (a *Analysis) covers(s seedShare, path []hop) float64 {
	e, end, chance := a.Exposure, s.node, 1-a.Settings.Damping
	for _, h := range path {
		weights, types := e.Graph.Weights(h.from), e.Graph.Types(h.from)
		for i, v := range e.Graph.Neighbours(h.from) {
			if v == h.to && types[i] == h.kind {
				chance *= a.Settings.Damping * weights[i] / e.Graph.Strength(h.from)
				break
			}
		}
		end = h.to
	}
	total := 0.0
	for _, seed := range e.Seeds {
		total += seed
	}
	if e.Base[end] == 0 {
		return 0
	}
	return e.Seeds[s.node] / total * chance / e.Base[end] / s.ratio
}

// search is a best-first search backwards along the walk.
type search struct {
	g       *csr.Graph
	damping float64
	cost    map[uint32]float64
	next    map[uint32]hop
	done    map[uint32]bool
	front   frontier
}

// step settles the cheapest node and returns it.
func (s *search) step() uint32 {
	at, _ := heap.Pop(&s.front).(place)
	if s.done[at.node] {
		return at.node
	}
	s.done[at.node] = true
	weights, types := s.g.Weights(at.node), s.g.Types(at.node)
	for i, v := range s.g.Neighbours(at.node) {
		if weights[i] == 0 || s.done[v] {
			continue
		}
		cost := at.cost - math.Log(s.damping*weights[i]/s.g.Strength(v))
		if had, known := s.cost[v]; known && had <= cost {
			continue
		}
		s.cost[v], s.next[v] = cost, hop{from: v, to: at.node, kind: types[i]}
		heap.Push(&s.front, place{node: v, cost: cost})
	}
	return at.node
}

type place struct {
	node uint32
	cost float64
}

// frontier is the heap of nodes not settled; equal costs go in the order of ids.
type frontier []place

func (f frontier) Len() int { return len(f) }
func (f frontier) Less(i, j int) bool {
	return cmp.Or(cmp.Compare(f[i].cost, f[j].cost), cmp.Compare(f[i].node, f[j].node)) < 0
}
func (f frontier) Swap(i, j int) { f[i], f[j] = f[j], f[i] }

// Push adds a place, for package heap.
func (f *frontier) Push(x any) {
	if p, ok := x.(place); ok {
		*f = append(*f, p)
	}
}

// Pop takes the last place off, for package heap.
func (f *frontier) Pop() any {
	last := (*f)[len(*f)-1]
	*f = (*f)[:len(*f)-1]
	return last
}

package structure

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"

	"rummage/algo/csr"
	"rummage/algo/structure/queue"
)

// Length says how long an edge is.
type Length uint8

const (
	// Hops takes every edge as of length 1.
	Hops Length = iota
	// Weight takes its weight; of parallel edges the lightest counts.
	Weight
	// Inverse takes 1/weight, so that strong ties are short and an edge of weight 0 leads nowhere; of parallel edges the heaviest counts.
	Inverse
)

// RouteOptions bound a search for ways. The zero value means the defaults.
type RouteOptions struct {
	// Count is how many ways are wanted at most. The default is 3.
	Count int
	// Length says how long an edge is.
	Length Length
	// Longest is the length above which a way is left out. The default is no bound.
	Longest float64
	// Steps is how many nodes the search may settle altogether, the measure of time that is the same on any machine. The default is
	// 50 million.
	Steps int
	// Progress, if set, is told how many ways are found.
	Progress func(found, wanted int)
}

func (o RouteOptions) filled() (RouteOptions, error) {
	o.Count = fill(o.Count, 3)
	o.Steps = fill(o.Steps, 50_000_000)
	if o.Longest == 0 {
		o.Longest = math.Inf(1)
	}
	if o.Count < 0 || o.Steps < 0 || !(o.Longest > 0) || o.Length > Inverse {
		return o, fmt.Errorf("%w: Count %d, Steps %d, Longest %v, Length %d", ErrOption, o.Count, o.Steps, o.Longest, o.Length)
	}
	return o, nil
}

// Route is a way without a node twice.
type Route struct {
	Nodes []uint32
	// Length is the sum of the lengths of its edges, added from its end on.
	Length float64
}

// Routes are the shortest ways that a search found, shortest first.
type Routes struct {
	// Method names the algorithm; Count, Longest and Steps are the bounds that held, and By the length.
	Method  string
	Count   int
	By      Length
	Longest float64
	Steps   int
	Found   []Route
	// Taken is the number of nodes settled. Complete tells that no shorter way than the last is missing, and none at all where fewer than
	// Count are found.
	Taken    int
	Complete bool
}

// ShortestRoutes returns the shortest loopless ways from one node to another, along the direction of edges where they have one. Of equally long
// ones that with fewer edges comes first, then that whose nodes come first in order; lengths are equal when their float64 sums are. Ways
// along parallel edges are one way; self-loops are in none. Without a way it finds none, which is no error.
//
// It is the algorithm of Yen (1971) without the ways that were looked at before (Lawler 1972); each deviation is one search from the end
// backwards that stops at its start. Cost O(Count · length of a way · m log n); memory 24 bytes a node and what was found.
//
// Errors: ErrNode, ErrOption; ErrLimit when Steps ran out or the error of the context: then with the ways that are certain.
func ShortestRoutes(ctx context.Context, g *csr.Graph, from, to uint32, opts RouteOptions) (Routes, error) {
	opts, err := opts.filled()
	if n := g.Order(); err == nil && (uint64(max(from, to)) >= uint64(n) || from == to) {
		err = fmt.Errorf("from %d to %d: %w: needs two different nodes of %d", from, to, ErrNode, n)
	}
	if err != nil {
		return Routes{}, fmt.Errorf("structure: routes: %w", err)
	}
	r := Routes{Method: "Yen", Count: opts.Count, By: opts.Length, Longest: opts.Longest, Steps: opts.Steps}
	s := newRanger(ctx, g, opts, to)
	err = s.yen(from, &r)
	r.Taken = s.taken
	if err != nil {
		return r, fmt.Errorf("structure: routes: %w", err)
	}
	r.Complete = true
	return r, nil
}

// detour is a candidate for the next way. It leaves the ways found before at the given place; off lists the nodes that those which share
// it up to there go on to, so that none is found twice.
type detour struct {
	Route
	at  int
	off []uint32
}

func (s *ranger) yen(from uint32, r *Routes) error {
	var waiting queue.Queue[detour]
	offer := func(root []uint32, off []uint32) error {
		d, found, err := s.deviate(root, off)
		if found && d.Length <= s.opts.Longest {
			waiting.Push(d)
		}
		return err
	}
	if err := offer([]uint32{from}, nil); err != nil {
		return err
	}
	for len(waiting) > 0 && len(r.Found) < s.opts.Count {
		best := waiting.Pop()
		r.Found = append(r.Found, best.Route)
		if s.opts.Progress != nil {
			s.opts.Progress(len(r.Found), s.opts.Count)
		}
		if len(r.Found) == s.opts.Count {
			break
		}
		for at := best.at; at < len(best.Nodes)-1; at++ {
			off := []uint32{best.Nodes[at+1]}
			if at == best.at {
				off = append(off, best.off...)
			}
			if err := offer(best.Nodes[:at+1:at+1], off); err != nil {
				return err
			}
		}
	}
	return nil
}

// Before orders candidates by length, edges and nodes.
func (d detour) Before(e detour) bool {
	return cmp.Or(cmp.Compare(d.Length, e.Length), cmp.Compare(len(d.Nodes), len(e.Nodes)), slices.Compare(d.Nodes, e.Nodes)) < 0
}

// ranger searches backwards from one node.
type ranger struct {
	g     *csr.Graph
	opts  RouteOptions
	rest  breath
	to    uint32
	taken int
	// round marks whose far and hops hold in this search, shut the nodes that it must not enter.
	round, shut []uint32
	turn        uint32
	far         []float64
	hops        []uint32
	front       queue.Queue[mark]
}

func newRanger(ctx context.Context, g *csr.Graph, opts RouteOptions, to uint32) *ranger {
	n := g.Order()
	return &ranger{g: g, opts: opts, rest: breath{ctx: ctx}, to: to,
		round: make([]uint32, n), shut: make([]uint32, n), far: make([]float64, n), hops: make([]uint32, n)}
}

// length returns that of an arc of the given weight, and whether it leads anywhere.
func (s *ranger) length(w float64) (float64, bool) {
	switch s.opts.Length {
	case Hops:
		return 1, true
	case Weight:
		return w, true
	default:
		return 1 / w, w > 0
	}
}

// deviate finds the best way that begins with the root and does not go on to one of the nodes off.
func (s *ranger) deviate(root, off []uint32) (d detour, found bool, err error) {
	s.turn++
	for _, u := range root[:len(root)-1] {
		s.shut[u] = s.turn
	}
	start := root[len(root)-1]
	if err := s.search(start, off); err != nil {
		return d, false, err
	}
	if s.round[start] != s.turn {
		return d, false, nil
	}
	d = detour{at: len(root) - 1, off: off}
	d.Nodes = append(slices.Clone(root), s.follow(start, off)...)
	d.Length = s.measure(d.Nodes)
	return d, true, nil
}

// search settles nodes in the order of their distance to the end, until start is settled or nothing is left. A node counts its distance
// by length, then by edges.
func (s *ranger) search(start uint32, off []uint32) error {
	s.front = append(s.front[:0], mark{node: s.to})
	for len(s.front) > 0 {
		m := s.front.Pop()
		if s.round[m.node] == s.turn {
			continue
		}
		if s.taken >= s.opts.Steps {
			return fmt.Errorf("%w after %d nodes; raise Steps or ask for fewer ways", ErrLimit, s.taken)
		}
		s.taken++
		s.round[m.node], s.far[m.node], s.hops[m.node] = s.turn, m.far, m.hops
		if m.node == start {
			return nil
		}
		row, weights := s.g.InNeighbours(m.node), s.g.InWeights(m.node)
		for i, v := range row {
			if s.round[v] == s.turn || s.shut[v] == s.turn || (v == start && slices.Contains(off, m.node)) {
				continue
			}
			if length, leads := s.length(weightAt(weights, i)); leads {
				s.front.Push(mark{node: v, far: length + m.far, hops: m.hops + 1})
			}
		}
		if s.rest.taken(len(row)) {
			return s.rest.ctx.Err()
		}
	}
	return s.rest.ctx.Err()
}

func weightAt(weights []float64, i int) float64 {
	if weights == nil {
		return 1
	}
	return weights[i]
}

// follow walks from start to the end along settled nodes, always to the smallest that is on a best way.
func (s *ranger) follow(start uint32, off []uint32) (nodes []uint32) {
	for u := start; u != s.to; {
		weights := s.g.Weights(u)
		next := closed
		for i, v := range s.g.Neighbours(u) {
			if s.round[v] != s.turn || s.hops[v]+1 != s.hops[u] || (u == start && slices.Contains(off, v)) {
				continue
			}
			if length, leads := s.length(weightAt(weights, i)); leads && length+s.far[v] == s.far[u] {
				next = v
				break
			}
		}
		nodes = append(nodes, next)
		u = next
	}
	return nodes
}

// measure adds up the length of a way from its end on.
func (s *ranger) measure(nodes []uint32) (sum float64) {
	for i := len(nodes) - 2; i >= 0; i-- {
		row, weights := s.g.Neighbours(nodes[i]), s.g.Weights(nodes[i])
		best := math.Inf(1)
		at, _ := slices.BinarySearch(row, nodes[i+1])
		for ; at < len(row) && row[at] == nodes[i+1]; at++ {
			if length, leads := s.length(weightAt(weights, at)); leads {
				best = min(best, length)
			}
		}
		sum = best + sum
	}
	return sum
}

// mark is a node that was reached, with its distance to the end.
type mark struct {
	far  float64
	hops uint32
	node uint32
}

// Before orders marks by distance, edges and node.
func (m mark) Before(other mark) bool {
	if m.far != other.far {
		return m.far < other.far
	}
	return cmp.Or(cmp.Compare(m.hops, other.hops), cmp.Compare(m.node, other.node)) < 0
}

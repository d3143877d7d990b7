package csr

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
)

// Simple returns the graph with parallel edges of all types made one: weights and counts summed, types left out. Where weights are
// absent but counts are not, only the counts tell how many edges one stands for. It is g itself when g has no parallel edges
// and no types. ErrCount, or the error of a cancelled context.
func (g *Graph) Simple(ctx context.Context) (*Graph, error) {
	if g.simple && !g.IsTyped() {
		return g, nil
	}
	one := &Graph{order: g.order, directed: g.directed}
	var err error
	one.out, err = g.merged(ctx, false, func(u uint32) [2]span { return [2]span{g.out.span(u)} })
	if one.in = one.out; err == nil && g.directed {
		one.in, err = g.merged(ctx, false, func(u uint32) [2]span { return [2]span{g.in.span(u)} })
	}
	if err == nil {
		err = one.tally(ctx, 0)
	}
	if err != nil {
		return nil, fmt.Errorf("csr: simple: %w", err)
	}
	return one, nil
}

// Symmetric returns the graph without direction: arcs from u to v and from v to u become one edge per type, weights and counts
// summed. It is g itself when g is undirected. ErrCount, or the error of a cancelled context.
func (g *Graph) Symmetric(ctx context.Context) (*Graph, error) {
	if !g.directed {
		return g, nil
	}
	both := &Graph{order: g.order}
	var err error
	both.out, err = g.merged(ctx, true, func(u uint32) [2]span { return [2]span{g.out.span(u), g.in.span(u)} })
	if both.in = both.out; err == nil {
		err = both.tally(ctx, 0)
	}
	if err != nil {
		return nil, fmt.Errorf("csr: symmetric: %w", err)
	}
	return both, nil
}

// span is what is left of a row.
type span struct {
	r      *rows
	lo, hi uint64
}

func (r *rows) span(u uint32) span {
	lo, hi := r.bounds(u)
	return span{r, lo, hi}
}

// next returns the neighbour that comes next, or none.
func (s *span) next() uint32 {
	if s.lo == s.hi {
		return none
	}
	return s.r.to[s.lo]
}

// alone returns the side that has the only arc to the next neighbour, or nil when there are several.
func alone(sides *[2]span, to uint32) *span {
	s, other := &sides[0], &sides[1]
	if s.next() != to {
		s, other = other, s
	}
	if other.next() == to || (s.lo+1 < s.hi && s.r.to[s.lo+1] == to) {
		return nil
	}
	return s
}

// merged writes each row as what one or two rows come to together, arcs between the same nodes summed, per type if types are kept. A
// self-loop stands in both rows of a directed graph and is taken from the first.
func (g *Graph) merged(ctx context.Context, typed bool, parts func(u uint32) [2]span) (rows, error) {
	w := &rewriting{order: g.order, arcs: len(g.out.to), shape: g.out.shape()}
	w.shape.kind = w.shape.kind && typed
	groups := make([][]Arc, w.workers())
	w.write = func(worker int, u uint32, out *rows) error {
		sides := parts(u)
		for {
			to := min(sides[0].next(), sides[1].next())
			if to == none {
				return nil
			}
			if s := alone(&sides, to); s != nil && to != u {
				out.copy(s.r, s.lo, to)
				s.lo++
				continue
			}
			group := groups[worker][:0]
			for i := range sides {
				for s := &sides[i]; s.next() == to; s.lo++ {
					if i == 0 || to != u {
						group = append(group, s.r.arc(u, s.lo))
					}
				}
			}
			groups[worker] = group
			if err := out.merge(group); err != nil {
				return fmt.Errorf("edges from %d to %d: %w", u, to, err)
			}
		}
	}
	return w.rows(ctx)
}

// merge appends the arcs from one node to another, those of one type as one, or all as one when r has no types.
func (r *rows) merge(group []Arc) error {
	if len(group) == 1 {
		r.push(group[0])
		return nil
	}
	slices.SortFunc(group, func(a, b Arc) int {
		return cmp.Or(r.compareKinds(a, b), cmp.Compare(a.Weight, b.Weight))
	})
	for lo, hi := 0, 0; lo < len(group); lo = hi {
		sum := group[lo]
		sum.Weight = 0
		var count uint64
		for hi = lo; hi < len(group) && r.compareKinds(group[lo], group[hi]) == 0; hi++ {
			sum.Weight += group[hi].Weight
			count += uint64(group[hi].Count)
		}
		if count > math.MaxUint32 {
			return fmt.Errorf("%w: %d together", ErrCount, count)
		}
		sum.Count = uint32(count)
		r.push(sum)
	}
	return nil
}

func (r *rows) compareKinds(a, b Arc) int {
	if r.kind == nil {
		return 0
	}
	return cmp.Compare(a.Type, b.Type)
}

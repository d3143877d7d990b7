package csr

import (
	"context"
	"fmt"
	"slices"

	"rummage/algo/csr/crew"
)

// Columns returns every edge once, ordered by its ends, the smaller first when the graph is undirected. Build makes the same graph
// of them if it keeps parallel edges.
func (g *Graph) Columns() Columns {
	ctx := context.Background() // which nothing cancels
	blocks := g.Blocks(1 << 16)
	starts := make([]int, len(blocks))
	_ = crew.Run(ctx, 0, len(blocks)-1, func(_, b int) {
		for u := blocks[b]; u < blocks[b+1]; u++ {
			lo, hi := g.owned(u)
			starts[b+1] += int(hi - lo)
		}
	})
	for b := range len(blocks) - 1 {
		starts[b+1] += starts[b]
	}
	out := g.out.shape().rows(g.size)
	from := make([]uint32, g.size)
	_ = crew.Run(ctx, 0, len(blocks)-1, func(_, b int) {
		at := starts[b]
		for u := blocks[b]; u < blocks[b+1]; u++ {
			lo, hi := g.owned(u)
			out.paste(at, &g.out, lo, hi)
			for range hi - lo {
				from[at] = u
				at++
			}
		}
	})
	return Columns{From: from, To: out.to, Weight: out.weight, Type: out.kind, Count: out.count}
}

// owned returns where the arcs of u stand that show as edges in its row: all, or those to itself and to greater nodes when the graph
// is undirected.
func (g *Graph) owned(u uint32) (lo, hi uint64) {
	lo, hi = g.out.bounds(u)
	if !g.directed {
		skip, _ := slices.BinarySearch(g.out.to[lo:hi], u)
		lo += uint64(skip)
	}
	return lo, hi
}

// paste writes arcs lo to hi of from over those from at on.
func (r *rows) paste(at int, from *rows, lo, hi uint64) {
	copy(r.to[at:], from.to[lo:hi])
	if r.weight != nil {
		copy(r.weight[at:], from.weight[lo:hi])
	}
	if r.kind != nil {
		copy(r.kind[at:], from.kind[lo:hi])
	}
	if r.count != nil {
		copy(r.count[at:], from.count[lo:hi])
	}
}

// Unweighted returns the graph without its weights, every edge of weight 1. It shares the memory of g.
func (g *Graph) Unweighted() *Graph {
	plain := g.share()
	plain.out.weight, plain.in.weight = nil, nil
	return plain
}

func (g *Graph) share() *Graph {
	return &Graph{order: g.order, size: g.size, directed: g.directed, simple: g.simple, out: g.out, in: g.in}
}

// Arc is what Reweight may make a weight of. Type and Count are 0 where the graph has none, Weight is 1.
type Arc struct {
	From, To uint32
	Weight   float64
	Type     uint8
	Count    uint32
}

// Reweight returns the graph with new weights: those that weigh gives for its arcs. It shares everything else with g, so that one
// graph can be looked at under several sets of weights for 16 bytes an edge each.
//
// weigh must be a pure function that may be called from several goroutines; for an undirected edge it is called twice, both
// times with the smaller end as From. A weight that Build would refuse gives ErrWeight.
func (g *Graph) Reweight(ctx context.Context, threads int, weigh func(Arc) float64) (*Graph, error) {
	heavy := g.share()
	var err error
	if heavy.out.weight, err = g.reweigh(ctx, threads, outward, weigh); err != nil {
		return nil, err
	}
	heavy.in.weight = heavy.out.weight
	if g.directed {
		if heavy.in.weight, err = g.reweigh(ctx, threads, inward, weigh); err != nil {
			return nil, err
		}
	}
	return heavy, nil
}

// direction says which end of an edge owns the arc.
type direction uint8

const (
	outward direction = iota
	inward
)

func (g *Graph) reweigh(ctx context.Context, threads int, way direction, weigh func(Arc) float64) ([]float64, error) {
	r := &g.out
	if way == inward {
		r = &g.in
	}
	weights := make([]float64, len(r.to))
	blocks := g.Blocks(1 << 14)
	faults := make([]error, len(blocks)-1)
	err := crew.Run(ctx, threads, len(faults), func(_, b int) {
		for u := blocks[b]; u < blocks[b+1]; u++ {
			lo, hi := r.bounds(u)
			for i := lo; i < hi && faults[b] == nil; i++ {
				a := r.arc(u, i)
				if way == inward || (!g.directed && a.To < a.From) {
					a.From, a.To = a.To, a.From
				}
				// Adding zero turns a negative zero into a plain one.
				weights[i] = weigh(a) + 0
				if !usable(weights[i]) {
					faults[b] = fmt.Errorf("csr: reweight: edge from %d to %d: %w: %v is neither 0 nor from %g to %g",
						a.From, a.To, ErrWeight, weights[i], LeastWeight, GreatestWeight)
				}
			}
		}
	})
	if err != nil {
		return nil, fmt.Errorf("csr: reweight: %w", err)
	}
	for _, fault := range faults {
		if fault != nil {
			return nil, fault
		}
	}
	return weights, nil
}

func (r *rows) arc(u uint32, i uint64) Arc {
	a := Arc{From: u, To: r.to[i], Weight: 1}
	if r.weight != nil {
		a.Weight = r.weight[i]
	}
	if r.kind != nil {
		a.Type = r.kind[i]
	}
	if r.count != nil {
		a.Count = r.count[i]
	}
	return a
}

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
	c := Columns{From: make([]uint32, 0, g.size), To: make([]uint32, 0, g.size)}
	if g.IsWeighted() {
		c.Weight = make([]float64, 0, g.size)
	}
	if g.IsTyped() {
		c.Type = make([]uint8, 0, g.size)
	}
	if g.IsCounted() {
		c.Count = make([]uint32, 0, g.size)
	}
	for u := range uint32(g.order) {
		row := g.Neighbours(u)
		first := 0
		if !g.directed {
			first, _ = slices.BinarySearch(row, u)
		}
		for _, v := range row[first:] {
			c.From, c.To = append(c.From, u), append(c.To, v)
		}
		if c.Weight != nil {
			c.Weight = append(c.Weight, g.Weights(u)[first:]...)
		}
		if c.Type != nil {
			c.Type = append(c.Type, g.Types(u)[first:]...)
		}
		if c.Count != nil {
			c.Count = append(c.Count, g.Counts(u)[first:]...)
		}
	}
	return c
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

// Project returns the graph of the same nodes and only the edges whose type is among those given; none of them when g is untyped
// and 0 is not given.
func (g *Graph) Project(types ...uint8) *Graph {
	var wanted [256]bool
	for _, t := range types {
		wanted[t] = true
	}
	return g.filter(func(a Arc) bool { return wanted[a.Type] })
}

// filter returns the graph of the same nodes and the edges that keep wants. keep must not tell the two arcs of an edge apart.
func (g *Graph) filter(keep func(Arc) bool) *Graph {
	part := &Graph{order: g.order, directed: g.directed}
	part.out = g.out.filter(keep)
	part.in = part.out
	if g.directed {
		part.in = g.in.filter(keep)
	}
	part.count()
	return part
}

// count counts what is known only once the rows stand.
func (g *Graph) count() {
	g.simple = g.out.distinct()
	g.size = len(g.out.to)
	if g.directed {
		return
	}
	loops := 0
	for u := range uint32(g.order) {
		row := g.Neighbours(u)
		lo, _ := slices.BinarySearch(row, u)
		for i := lo; i < len(row) && row[i] == u; i++ {
			loops++
		}
	}
	g.size = (len(g.out.to) + loops) / 2
}

func (r *rows) distinct() bool {
	for u := range len(r.offset) - 1 {
		row := window(r, r.to, uint32(u))
		for i := 1; i < len(row); i++ {
			if row[i] == row[i-1] {
				return false
			}
		}
	}
	return true
}

func (r *rows) filter(keep func(Arc) bool) rows {
	part := r.like(len(r.offset) - 1)
	for u := range uint32(len(r.offset) - 1) {
		lo, hi := r.bounds(u)
		for i := lo; i < hi; i++ {
			if a := r.arc(u, i); keep(a) {
				part.push(a, a.To)
			}
		}
		part.offset = append(part.offset, uint64(len(part.to)))
	}
	return part
}

// like returns empty rows with the columns that r has and room for the given number of rows.
func (r *rows) like(order int) rows {
	part := rows{offset: make([]uint64, 1, order+1), to: []uint32{}}
	if r.weight != nil {
		part.weight = []float64{}
	}
	if r.kind != nil {
		part.kind = []uint8{}
	}
	if r.count != nil {
		part.count = []uint32{}
	}
	return part
}

// push appends an arc to the last row, with the columns that r has.
func (r *rows) push(a Arc, to uint32) {
	r.to = append(r.to, to)
	if r.weight != nil {
		r.weight = append(r.weight, a.Weight)
	}
	if r.kind != nil {
		r.kind = append(r.kind, a.Type)
	}
	if r.count != nil {
		r.count = append(r.count, a.Count)
	}
}

// Induced returns the part of the graph on the given nodes and every edge between two of them, and origin, which gives the old
// number of each new one. The new numbers follow the order of the old ones; a node named twice counts once. ErrNode when one
// does not exist. It takes time and memory for the part and 4 bytes for every node of the whole.
func (g *Graph) Induced(nodes []uint32) (part *Graph, origin []uint32, err error) {
	origin = slices.Compact(slices.Sorted(slices.Values(nodes)))
	if n := len(origin); n > 0 && uint64(origin[n-1]) >= uint64(g.order) {
		return nil, nil, fmt.Errorf("csr: induced: node %d: %w: there are %d nodes", origin[n-1], ErrNode, g.order)
	}
	rank := make([]uint32, g.order)
	for i, u := range origin {
		rank[u] = uint32(i) + 1
	}
	part = &Graph{order: len(origin), directed: g.directed}
	part.out = g.out.induced(origin, rank)
	part.in = part.out
	if g.directed {
		part.in = g.in.induced(origin, rank)
	}
	part.count()
	return part, origin, nil
}

// induced keeps the rows of origin and the arcs whose neighbour has a rank; rank is the new number plus one, or 0.
func (r *rows) induced(origin, rank []uint32) rows {
	part := r.like(len(origin))
	for _, u := range origin {
		lo, hi := r.bounds(u)
		for i := lo; i < hi; i++ {
			if to := rank[r.to[i]]; to > 0 {
				part.push(r.arc(u, i), to-1)
			}
		}
		part.offset = append(part.offset, uint64(len(part.to)))
	}
	return part
}

// Simple returns the graph with parallel edges of all types made one: weights and counts summed, types left out. Where weights are
// absent but counts are not, only the counts tell how many edges one stands for. It is g itself when g has no parallel edges
// and no types.
func (g *Graph) Simple(ctx context.Context) (*Graph, error) {
	if g.simple && !g.IsTyped() {
		return g, nil
	}
	columns := g.Columns()
	columns.Type = nil
	return Build(ctx, columns, Options{Nodes: g.order, Directed: g.directed})
}

// Symmetric returns the graph without direction: arcs from u to v and from v to u become one edge per type, weights and counts
// summed. It is g itself when g is undirected.
func (g *Graph) Symmetric(ctx context.Context) (*Graph, error) {
	if !g.directed {
		return g, nil
	}
	return Build(ctx, g.Columns(), Options{Nodes: g.order})
}

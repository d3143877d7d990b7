package csr

import (
	"context"
	"fmt"
	"math/bits"
	"slices"
)

// Project returns the graph of the same nodes and only the edges whose type is among those given; none of them when g is untyped
// and 0 is not given. It is g itself when it has no edge of another type. It copies the arcs that it keeps: a kernel that is to see
// all edges, some of them for nothing, is served by Reweight.
func (g *Graph) Project(types ...uint8) *Graph {
	var wanted [256]bool
	for _, t := range types {
		wanted[t] = true
	}
	if !slices.ContainsFunc(g.kinds(), func(t uint8) bool { return !wanted[t] }) {
		return g
	}
	write := func(r *rows) func(int, uint32, *rows) error {
		return func(_ int, u uint32, out *rows) error {
			lo, hi := r.bounds(u)
			for i := lo; i < hi; i++ {
				if r.kind != nil && wanted[r.kind[i]] {
					out.copy(r, i, r.to[i])
				}
			}
			return nil
		}
	}
	return g.derive(g.order, len(g.out.to)/2, write)
}

// kinds returns the types that occur; 0 in a graph without types that has edges.
func (g *Graph) kinds() []uint8 {
	var seen [256]bool
	for _, t := range g.out.kind {
		seen[t] = true
	}
	seen[0] = seen[0] || (g.out.kind == nil && len(g.out.to) > 0)
	var list []uint8
	for t := range seen {
		if seen[t] {
			list = append(list, uint8(t))
		}
	}
	return list
}

// derive makes a graph of rows that are written from those of g, which cannot fail.
func (g *Graph) derive(order, arcs int, write func(*rows) func(int, uint32, *rows) error) *Graph {
	ctx := context.Background()
	part := &Graph{order: order, directed: g.directed}
	made := func(r *rows) rows {
		out, _ := (&rewriting{order: order, arcs: arcs, shape: r.shape(), write: write(r)}).rows(ctx)
		return out
	}
	part.out = made(&g.out)
	part.in = part.out
	if g.directed {
		part.in = made(&g.in)
	}
	_ = part.tally(ctx, 0)
	return part
}

// Induced returns the part of the graph on the given nodes and every edge between two of them, and origin, which gives the old
// number of each new one. The new numbers follow the order of the old ones; a node named twice counts once. ErrNode when one
// does not exist.
//
// Time and memory depend on the nodes and their arcs alone as long as these are few beside the nodes of the whole; otherwise it takes
// 4 bytes for every node of the whole.
func (g *Graph) Induced(nodes []uint32) (part *Graph, origin []uint32, err error) {
	origin = slices.Compact(slices.Sorted(slices.Values(nodes)))
	if n := len(origin); n > 0 && uint64(origin[n-1]) >= uint64(g.order) {
		return nil, nil, fmt.Errorf("csr: induced: node %d: %w: there are %d nodes", origin[n-1], ErrNode, g.order)
	}
	arcs := 0
	for _, u := range origin {
		arcs += g.Degree(u)
	}
	if arcs*bits.Len(uint(len(origin))) < g.order {
		return g.derive(len(origin), arcs/4, func(r *rows) func(int, uint32, *rows) error {
			return func(_ int, row uint32, out *rows) error {
				r.meet(origin[row], origin, out)
				return nil
			}
		}), origin, nil
	}
	rank := make([]uint32, g.order)
	for i, u := range origin {
		rank[u] = uint32(i) + 1
	}
	return g.derive(len(origin), arcs/4, func(r *rows) func(int, uint32, *rows) error {
		return func(_ int, row uint32, out *rows) error {
			lo, hi := r.bounds(origin[row])
			for i := lo; i < hi; i++ {
				if to := rank[r.to[i]]; to > 0 {
					out.copy(r, i, to-1)
				}
			}
			return nil
		}
	}), origin, nil
}

// meet appends the arcs of u to nodes of origin, under their ranks there. Both lists are in order, so it looks for each member of the
// shorter one in what is left of the longer one.
func (r *rows) meet(u uint32, origin []uint32, out *rows) {
	lo, hi := r.bounds(u)
	row := r.to[lo:hi]
	if len(row) <= len(origin) {
		at := 0
		for i, v := range row {
			skip, found := slices.BinarySearch(origin[at:], v)
			if at += skip; found {
				out.copy(r, lo+uint64(i), uint32(at))
			}
		}
		return
	}
	at := 0
	for rank, v := range origin {
		skip, _ := slices.BinarySearch(row[at:], v)
		for at += skip; at < len(row) && row[at] == v; at++ {
			out.copy(r, lo+uint64(at), uint32(rank))
		}
	}
}

// EgoOptions bound the surroundings that Ego takes. The zero value takes everyone one step away.
type EgoOptions struct {
	Hops  int // greatest distance from the nearest seed; 1 when zero, no bound when negative
	Nodes int // most nodes taken, seeds included; no bound when not positive
	// Outward follows arcs of a directed graph from tail to head only; otherwise they are followed in both directions.
	Outward bool
}

// Ego is the part of a graph around some nodes.
type Ego struct {
	Graph  *Graph
	Origin []uint32 // number in the whole of each node of the part, ascending
	Hop    []uint32 // distance of each node of the part from the nearest seed
	Cut    bool     // nodes within the distance were left out, since there were too many
}

// Ego returns the seeds, all nodes at most so many steps away, and every edge between two of them. When that is too many nodes, nearer
// ones are taken before those farther away, and among equally far ones those with smaller numbers. ErrNode when a seed does not
// exist, or the error of a cancelled context. It takes time for the arcs of the nodes taken, and one bit for every node of the
// whole.
func (g *Graph) Ego(ctx context.Context, seeds []uint32, opts EgoOptions) (*Ego, error) {
	if opts.Hops == 0 {
		opts.Hops = 1
	}
	ring := slices.Compact(slices.Sorted(slices.Values(seeds)))
	if n := len(ring); n > 0 && uint64(ring[n-1]) >= uint64(g.order) {
		return nil, fmt.Errorf("csr: ego: node %d: %w: there are %d nodes", ring[n-1], ErrNode, g.order)
	}
	ego := &Ego{}
	type taken struct{ node, hop uint32 }
	var all []taken
	seen := make(bitmap, (g.order+63)/64)
	for _, u := range ring {
		seen.add(u)
	}
	for hop := 0; len(ring) > 0; hop++ {
		if opts.Nodes > 0 && len(all)+len(ring) > opts.Nodes {
			ring, ego.Cut = ring[:opts.Nodes-len(all)], true
		}
		for _, u := range ring {
			all = append(all, taken{u, uint32(hop)})
		}
		if ego.Cut || hop == opts.Hops {
			break
		}
		var err error
		if ring, err = g.ring(ctx, ring, seen, opts.Outward); err != nil {
			return nil, fmt.Errorf("csr: ego: %w", err)
		}
	}
	slices.SortFunc(all, func(a, b taken) int { return int(int64(a.node) - int64(b.node)) })
	nodes := make([]uint32, len(all))
	ego.Hop = make([]uint32, len(all))
	for i, t := range all {
		nodes[i], ego.Hop[i] = t.node, t.hop
	}
	var err error
	ego.Graph, ego.Origin, err = g.Induced(nodes)
	return ego, err
}

// ring returns the nodes next to those given that were not seen before, in order.
func (g *Graph) ring(ctx context.Context, nodes []uint32, seen bitmap, outward bool) ([]uint32, error) {
	var next []uint32
	work := 0
	for _, u := range nodes {
		for _, row := range [][]uint32{g.Neighbours(u), g.InNeighbours(u)} {
			for _, v := range row {
				if seen.add(v) {
					next = append(next, v)
				}
			}
			if work += len(row) + 1; work > breath {
				if work = 0; ctx.Err() != nil {
					return nil, ctx.Err()
				}
			}
			if !g.directed || outward {
				break
			}
		}
	}
	slices.Sort(next)
	return next, ctx.Err()
}

// bitmap is a set of nodes.
type bitmap []uint64

// add tells whether u was not in the set before.
func (b bitmap) add(u uint32) bool {
	word, bit := &b[u>>6], uint64(1)<<(u&63)
	fresh := *word&bit == 0
	*word |= bit
	return fresh
}

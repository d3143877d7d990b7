package structure

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"rummage/algo/csr"
)

// Bicomponents are the biconnected components of a graph: the greatest parts that no single node's loss tears apart. Every edge but
// self-loops is in exactly one; two share one node at most, which is then an articulation point. A bridge is a part of two nodes.
type Bicomponents struct {
	// Method names the algorithm.
	Method string
	// Members lists the nodes of each part in ascending order, at least two; parts are ordered by their members. A node without
	// neighbours is in none.
	Members [][]uint32
	// index is the order of discovery; hang is the part in which a node was found below another.
	index, hang []uint32
}

// Biconnected returns the biconnected components of an undirected graph, by the search of Cut (Hopcroft and Tarjan 1973). The nodes that
// stand in several are its articulation points, the parts of two nodes and one edge its bridges. Cost O(m + n log n), on one
// thread; memory 24 bytes a node beside the result. Errors: ErrDirected, or that of the context.
func Biconnected(ctx context.Context, g *csr.Graph, opts Options) (Bicomponents, error) {
	b := Bicomponents{Method: "depth-first search", hang: make([]uint32, g.Order())}
	slab := make([]uint32, 0, g.Order())
	c := cutter{keep: true}
	c.found = func(from int, top, _ uint32) {
		part := c.stack[from:]
		for _, u := range part {
			b.hang[u] = uint32(len(b.Members))
		}
		at := len(slab)
		slab = append(append(slab, top), part...)
		b.Members = append(b.Members, slab[at:len(slab):len(slab)])
	}
	if err := c.run(ctx, g, opts); err != nil {
		return Bicomponents{}, fmt.Errorf("structure: biconnected: %w", err)
	}
	b.index = c.index
	b.sort()
	return b, nil
}

// sort orders the parts. Two of them differ in one of their first two members, since they share one at most.
func (b *Bicomponents) sort() {
	order := make([]uint32, len(b.Members))
	for i, part := range b.Members {
		order[i] = uint32(i)
		slices.Sort(part)
	}
	slices.SortFunc(order, func(x, y uint32) int {
		p, q := b.Members[x], b.Members[y]
		return cmp.Or(cmp.Compare(p[0], q[0]), cmp.Compare(p[1], q[1]))
	})
	sorted, place := make([][]uint32, len(order)), make([]uint32, len(order))
	for i, old := range order {
		sorted[i], place[old] = b.Members[old], uint32(i)
	}
	b.Members = sorted
	for u := range b.hang {
		if len(place) > 0 {
			b.hang[u] = place[b.hang[u]]
		}
	}
}

// Of returns the number of the part that holds the edge between u and v, which must be neighbours; -1 when they are one node.
func (b *Bicomponents) Of(u, v uint32) int {
	switch {
	case u == v:
		return -1
	case b.index[u] < b.index[v]:
		return int(b.hang[v])
	default:
		return int(b.hang[u])
	}
}

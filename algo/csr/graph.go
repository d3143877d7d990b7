// Package csr holds a graph as compressed sparse rows: for every node the sorted list of its neighbours, all rows behind one
// another in one array. It is immutable, typed, optionally weighted, and the only thing that the kernels beside it see.
//
// Nodes are the dense numbers 0 to n-1. A row lists neighbours in ascending order. Each entry of a row is an arc: an undirected
// edge is two arcs, one in the row of either end, and a self-loop is one arc; a directed edge is one arc in the row of its tail
// and one in the in-row of its head. A self-loop therefore counts once in degree and strength; measures that want it twice,
// such as modularity, say so.
//
// At rest an undirected edge takes 8 bytes, 18 with type and count, and 16 more with weights; a node takes 8. Offsets are 64
// bits wide throughout: at 4 bytes a node the narrow form would save less than a tenth, and every kernel would exist twice.
//
// The package must know neither what a node stands for, nor where a graph came from, nor any store.
package csr

import (
	"errors"
	"slices"
	"sync"

	"rummage/algo/csr/memory"
)

// Errors of Build and of the functions that make one graph from another.
var (
	// ErrColumns is returned when the columns of the input have different lengths.
	ErrColumns = errors.New("columns differ in length")
	// ErrNode is returned for an edge or a selection that names a node outside 0 to n-1.
	ErrNode = errors.New("node out of range")
	// ErrWeight is returned for a weight that is NaN, infinite, negative, or outside the range of LeastWeight and GreatestWeight.
	ErrWeight = errors.New("weight not usable")
	// ErrCount is returned when the counts of merged parallel edges exceed 32 bits.
	ErrCount = errors.New("count overflows")
	// ErrLoop is returned for a self-loop where Options refuse them.
	ErrLoop = errors.New("self-loop refused")
	// ErrSize is returned for more nodes or edges than 32-bit numbers can name.
	ErrSize = errors.New("graph too large")
)

// Bounds of a weight other than zero. Within them sums of 2^32 weights, products of two such sums and quotients of two weights
// are finite and normal, so that no kernel has to fear an overflow.
const (
	LeastWeight    = 1e-100
	GreatestWeight = 1e100
)

// Graph is a graph in compressed sparse rows. It never changes once made, so any number of goroutines may read it. The slices
// that its methods return are windows into it and must not be written.
//
// The methods that take a node panic when it is not less than Order.
type Graph struct {
	order    int
	size     int
	directed bool
	simple   bool
	out      rows
	in       rows

	identify sync.Once
	identity []identity
}

// rows are the arcs of all nodes: those of node u stand at offset[u] to offset[u+1]. The columns weight, kind and count are nil
// when the graph has none.
type rows struct {
	offset []uint64
	to     []uint32
	weight []float64
	kind   []uint8
	count  []uint32
}

// rows returns columns of n arcs, without offsets.
func (s shape) rows(n int) rows {
	r := rows{to: memory.Make[uint32](n)}
	if s.weight {
		r.weight = memory.Make[float64](n)
	}
	if s.kind {
		r.kind = memory.Make[uint8](n)
	}
	if s.count {
		r.count = memory.Make[uint32](n)
	}
	return r
}

// grow returns columns of at least n arcs, r itself when it is long enough.
func (r rows) grow(s shape, n int) rows {
	if len(r.to) >= n {
		return r
	}
	return s.rows(n + n/4)
}

// head returns a copy of the first n arcs.
func (r rows) head(n int) rows {
	part := rows{to: slices.Clone(r.to[:n])}
	if r.weight != nil {
		part.weight = slices.Clone(r.weight[:n])
	}
	if r.kind != nil {
		part.kind = slices.Clone(r.kind[:n])
	}
	if r.count != nil {
		part.count = slices.Clone(r.count[:n])
	}
	return part
}

func (r *rows) bounds(u uint32) (lo, hi uint64) { return r.offset[u], r.offset[u+1] }

func window[T any](r *rows, column []T, u uint32) []T {
	lo, hi := r.bounds(u)
	if column == nil {
		return nil
	}
	return column[lo:hi:hi]
}

func (r *rows) strength(u uint32) float64 {
	lo, hi := r.bounds(u)
	if r.weight == nil {
		return float64(hi - lo)
	}
	var sum float64
	for _, w := range r.weight[lo:hi] {
		sum += w
	}
	return sum
}

// Order returns the number of nodes.
func (g *Graph) Order() int { return g.order }

// Size returns the number of edges: pairs of arcs when the graph is undirected, with a self-loop as one edge.
func (g *Graph) Size() int { return g.size }

// Arcs returns the number of entries in all rows together.
func (g *Graph) Arcs() int { return len(g.out.to) }

// IsDirected tells whether the edges have a direction.
func (g *Graph) IsDirected() bool { return g.directed }

// IsWeighted tells whether the edges hold weights. Every kernel takes the edges of an unweighted graph as of weight 1.
func (g *Graph) IsWeighted() bool { return g.out.weight != nil }

// IsTyped tells whether the edges hold types.
func (g *Graph) IsTyped() bool { return g.out.kind != nil }

// IsCounted tells whether the edges hold counts.
func (g *Graph) IsCounted() bool { return g.out.count != nil }

// IsSimple tells whether no row names a neighbour twice. Self-loops do not matter to it.
func (g *Graph) IsSimple() bool { return g.simple }

// Neighbours returns the neighbours of u in ascending order, one entry an arc; those that u points to when the graph is
// directed. Parallel arcs repeat their neighbour and are ordered by type, weight and count.
func (g *Graph) Neighbours(u uint32) []uint32 { return window(&g.out, g.out.to, u) }

// Weights returns the weights of the arcs of u, beside Neighbours, or nil when the graph is unweighted.
func (g *Graph) Weights(u uint32) []float64 { return window(&g.out, g.out.weight, u) }

// Types returns the types of the arcs of u, beside Neighbours, or nil when the graph is untyped.
func (g *Graph) Types(u uint32) []uint8 { return window(&g.out, g.out.kind, u) }

// Counts returns the counts of the arcs of u, beside Neighbours, or nil when the graph has none.
func (g *Graph) Counts(u uint32) []uint32 { return window(&g.out, g.out.count, u) }

// Degree returns the number of arcs of u; those that leave it when the graph is directed. A self-loop counts once.
func (g *Graph) Degree(u uint32) int {
	lo, hi := g.out.bounds(u)
	return int(hi - lo)
}

// Strength returns the sum of the weights of the arcs of u, added in the order of the row; its degree when the graph is
// unweighted.
func (g *Graph) Strength(u uint32) float64 { return g.out.strength(u) }

// InNeighbours returns the nodes that point to u in ascending order. In an undirected graph this and the other In methods equal
// their plain forms.
func (g *Graph) InNeighbours(u uint32) []uint32 { return window(&g.in, g.in.to, u) }

// InWeights returns the weights of the arcs that reach u, beside InNeighbours, or nil when the graph is unweighted.
func (g *Graph) InWeights(u uint32) []float64 { return window(&g.in, g.in.weight, u) }

// InTypes returns the types of the arcs that reach u, beside InNeighbours, or nil when the graph is untyped.
func (g *Graph) InTypes(u uint32) []uint8 { return window(&g.in, g.in.kind, u) }

// InCounts returns the counts of the arcs that reach u, beside InNeighbours, or nil when the graph has none.
func (g *Graph) InCounts(u uint32) []uint32 { return window(&g.in, g.in.count, u) }

// InDegree returns the number of arcs that reach u.
func (g *Graph) InDegree(u uint32) int {
	lo, hi := g.in.bounds(u)
	return int(hi - lo)
}

// InStrength returns the sum of the weights of the arcs that reach u.
func (g *Graph) InStrength(u uint32) float64 { return g.in.strength(u) }

// Bytes returns how much memory the graph takes at rest. What it shares with other graphs is counted too.
func (g *Graph) Bytes() int {
	total := g.out.bytes()
	if g.directed {
		total += g.in.bytes()
	}
	return total
}

func (r *rows) bytes() int {
	return 8*len(r.offset) + 4*len(r.to) + 8*len(r.weight) + len(r.kind) + 4*len(r.count)
}

// Rows returns the rows of all nodes behind one another: the neighbours of node u are to[offset[u]:offset[u+1]], the weights of its arcs
// stand at the same places of weight, which is nil when the graph has none.
func (g *Graph) Rows() (offset []uint64, to []uint32, weight []float64) {
	return g.out.offset, g.out.to, g.out.weight
}

// Blocks cuts the nodes into consecutive blocks of at least the given number of arcs, out and in together, the last perhaps
// fewer, and returns the first node of each followed by Order. The cut depends on the graph alone, so that sums taken per block
// and added in order are the same on any number of threads. A block holds more arcs only by the length of one row.
func (g *Graph) Blocks(arcs int) []uint32 {
	starts := []uint32{0}
	var held uint64
	for u := range g.order {
		held += g.out.offset[u+1] - g.out.offset[u] + 1
		if g.directed {
			held += g.in.offset[u+1] - g.in.offset[u]
		}
		if held >= uint64(max(arcs, 1)) || u == g.order-1 {
			starts = append(starts, uint32(u+1))
			held = 0
		}
	}
	return starts
}

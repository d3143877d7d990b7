package broker

import (
	"context"
	"fmt"
	"math/bits"

	"rummage/algo/csr"
)

// Fragmentation is how far a graph is from holding together.
type Fragmentation struct {
	// Components is Borgatti's F, the share of ordered pairs of nodes that no path joins, with s_k the sizes of components and n the
	// number of nodes that are left:
	//
	//	F = 1 − Σ_k s_k(s_k−1) / n(n−1)
	Components float64
	// Distance is DF, in which a pair counts the less the further apart it is, d counted in steps:
	//
	//	DF = 1 − Σ_{i≠j} 1/d_ij / n(n−1)
	Distance float64
	// Nodes is n.
	Nodes int
}

// Fragment measures the fragmentation of an undirected graph without some of its nodes (Borgatti 2006, "Identifying sets of key players
// in a social network"). Edges count, their weights do not, but for those of weight 0, which join nothing. Of fewer than two nodes there
// is no pair, and both figures are 1.
//
// Distances are found from 64 nodes at a time: cost O(nm·levels/64), memory 24 bytes a node. Errors: ErrDirected, ErrNode, or that of the
// context.
func Fragment(ctx context.Context, g *csr.Graph, without []uint32) (Fragmentation, error) {
	if g.IsDirected() {
		return Fragmentation{}, fmt.Errorf("broker: fragment: %w", ErrDirected)
	}
	w := newWalker(ctx, g)
	for _, u := range without {
		if uint64(u) >= uint64(g.Order()) {
			return Fragmentation{}, fmt.Errorf("broker: fragment: %w: %d of %d", ErrNode, u, g.Order())
		}
		w.gone[u] = true
	}
	pairs, left := w.pairs()
	if w.ended {
		return Fragmentation{}, fmt.Errorf("broker: fragment: %w", ctx.Err())
	}
	return fragmentation(pairs, left), nil
}

// fragmentation turns ordered pairs by distance into the two figures. The pairs are whole numbers, so that how they were counted leaves
// no trace.
func fragmentation(pairs []int64, left int) Fragmentation {
	f := Fragmentation{Components: 1, Distance: 1, Nodes: left}
	if left < 2 {
		return f
	}
	all := float64(left) * float64(left-1)
	reached, near := int64(0), 0.0
	for d := len(pairs) - 1; d > 0; d-- {
		reached += pairs[d]
		near += float64(pairs[d]) / float64(d)
	}
	f.Components, f.Distance = 1-float64(reached)/all, 1-near/all
	return f
}

// walker goes breadth first from many nodes at a time, through those that are not gone.
type walker struct {
	ctx   context.Context
	g     *csr.Graph
	gone  []bool
	arcs  int
	ended bool

	// Bit i of seen[v] says that source i of the batch has reached v, of now that it did so at this step, of next that it will at the
	// next; front and ahead list the nodes with a bit in now and next.
	seen, now, next []uint64
	front, ahead    []uint32
	count           []int64
}

func newWalker(ctx context.Context, g *csr.Graph) *walker {
	n := g.Order()
	return &walker{ctx: ctx, g: g, gone: make([]bool, n), seen: make([]uint64, n), now: make([]uint64, n), next: make([]uint64, n)}
}

// pairs returns how many ordered pairs of nodes left are 1, 2, 3 ... steps apart, by distance, and how many nodes are left. The list is
// good until the next call.
func (w *walker) pairs() (pairs []int64, left int) {
	w.count = w.count[:0]
	batch := make([]uint32, 0, 64)
	for u := range uint32(w.g.Order()) {
		if w.gone[u] {
			continue
		}
		left++
		if batch = append(batch, u); len(batch) == cap(batch) {
			w.walk(batch)
			batch = batch[:0]
		}
	}
	w.walk(batch)
	return w.count, left
}

// walk counts from each source of a batch by itself.
func (w *walker) walk(batch []uint32) {
	if len(batch) == 0 || w.ended {
		return
	}
	clear(w.seen)
	w.front = w.front[:0]
	for i, u := range batch {
		w.seen[u] |= 1 << i
		w.now[u] = 1 << i
		w.front = append(w.front, u)
	}
	for d := 1; len(w.front) > 0; d++ {
		if d >= len(w.count) {
			w.count = append(w.count, make([]int64, d+1-len(w.count))...)
		}
		w.count[d] += w.step()
	}
}

// step goes one step further and returns how many nodes were reached, by each source counted apart.
func (w *walker) step() (reached int64) {
	w.ahead = w.ahead[:0]
	for _, u := range w.front {
		bit := w.now[u]
		w.now[u] = 0
		row, weights := w.g.Neighbours(u), w.g.Weights(u)
		if w.arcs += len(row) + 1; w.arcs >= patience {
			w.arcs, w.ended = 0, w.ctx.Err() != nil
		}
		if w.ended {
			continue
		}
		for i, v := range row {
			if w.gone[v] || weight(weights, i) == 0 {
				continue
			}
			if fresh := bit &^ w.seen[v]; fresh != 0 {
				if w.next[v] == 0 {
					w.ahead = append(w.ahead, v)
				}
				w.next[v] |= fresh
			}
		}
	}
	for _, v := range w.ahead {
		w.seen[v] |= w.next[v]
		reached += int64(bits.OnesCount64(w.next[v]))
	}
	w.now, w.next = w.next, w.now
	w.front, w.ahead = w.ahead, w.front
	return reached
}

// reach counts how many nodes are 0, 1, 2 ... steps from the nearest of a set. The list is good until the next call.
func (w *walker) reach(set []uint32) []int64 {
	clear(w.seen)
	w.count, w.front = append(w.count[:0], 0), w.front[:0]
	for _, u := range set {
		if w.seen[u] == 0 {
			w.seen[u], w.now[u] = 1, 1
			w.front = append(w.front, u)
			w.count[0]++
		}
	}
	for len(w.front) > 0 {
		w.count = append(w.count, w.step())
	}
	return w.count
}

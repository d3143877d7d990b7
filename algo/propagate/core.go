package propagate

import (
	"context"
	"slices"

	"rummage/algo/csr"
	"rummage/algo/csr/crew"
	"rummage/algo/csr/memory"
)

// stopEvery is after how many nodes a loop over all of them looks at its context.
const stopEvery = 1 << 16

// core is what is left of an undirected graph when its trees have been taken off it: node after node with one neighbour left is
// eliminated, and solved for once the core is. In graphs of trade most nodes go, since most addresses and telephones have one user.
//
// With y = x/s, s the strengths, the walk is the symmetric system (S - cW) y = b. To eliminate a node l whose last neighbour is p is
// one step of Cholesky's method, and fills in nothing:
//
//	y_l = b_l/D_l + f_l y_p,   D_p -= c w f_l,   b_p += f_l b_l,   f_l = c w/D_l,
//
// with w the weight between the two and D the diagonal, S at first. D stays at least the weight of what is left of a row, so f is
// at most c, nothing cancels, and c stays a bound of the core's own iteration.
type core struct {
	strength []float64
	diagonal []float64

	// Of the nodes eliminated, in this order.
	gone   []uint32
	parent []uint32
	factor []float64

	// level tells that nodes of as many arcs stand side by side.
	level bool
	// The core itself: node i is node of[i] of the graph. weight is nil when the graph has none.
	of     []uint32
	offset []uint64
	to     []uint32
	weight []float64
}

// none marks a node that is not in the core.
const none = ^uint32(0)

// worth is the share of the nodes, one in so many, that trees must hold to be taken off: the core is a copy of what is left.
const worth = 8

// small is the number of arcs up to which a graph is copied in any case, nodes of as many arcs side by side: what a sweep over a graph in the
// nearest cache waits for most is not to know where a row ends.
const small = 1 << 19

// symmetric returns the system (S - cW) y = b of an undirected graph, over its core when trees are worth taking off or the graph is small.
func symmetric(ctx context.Context, g *csr.Graph, strength []float64, opts Options) (*system, *core, error) {
	s := &system{rows: rows{g: g}, order: g.Order(), threads: opts.Threads, rate: opts.Damping, diagonal: strength}
	s.alike(1, 0, opts.Damping)
	left, err := leftovers(ctx, g, opts.Threads)
	if err != nil {
		return nil, nil, err
	}
	c := &core{strength: strength, diagonal: append([]float64(nil), strength...)}
	if err := c.strip(ctx, g, left, opts.Damping); err != nil {
		return nil, nil, err
	}
	c.level = g.Arcs() <= small
	if !c.level && len(c.gone)*worth < g.Order() {
		c = nil
	} else {
		if err := c.lay(ctx, g, left, opts.Threads); err != nil {
			return nil, nil, err
		}
		s.rows, s.order = rows{core: c}, len(c.of)
		s.diagonal = fill(s.order, func(i int) float64 { return c.diagonal[c.of[i]] })
	}
	s.blocks = s.rows.blocks(blockArcs)
	s.inverse = fill(s.order, func(i int) float64 {
		if s.diagonal[i] == 0 {
			return 1
		}
		return 1 / s.diagonal[i]
	})
	return s, c, nil
}

// strip eliminates all that can be.
func (c *core) strip(ctx context.Context, g *csr.Graph, left []uint32, damping float64) error {
	for u := range uint32(g.Order()) {
		if u%stopEvery == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		// Nodes behind u are followed at once, those ahead are met later.
		for l := u; l <= u && left[l] == 1; {
			l = c.eliminate(g, left, l, damping)
		}
	}
	return nil
}

// leftovers counts the arcs of each node that carry something, a self-loop as two, which keeps its node in the core. Marks of nodes
// eliminated are none.
func leftovers(ctx context.Context, g *csr.Graph, threads int) ([]uint32, error) {
	left := memory.Make[uint32](g.Order())
	blocks := g.Blocks(blockArcs)
	err := crew.Run(ctx, threads, len(blocks)-1, func(_, b int) {
		for u := blocks[b]; u < blocks[b+1]; u++ {
			weights := g.Weights(u)
			var n uint32
			for i, v := range g.Neighbours(u) {
				switch {
				case weights != nil && weights[i] == 0:
				case v == u:
					n += 2
				default:
					n++
				}
			}
			left[u] = n
		}
	})
	return left, err
}

// eliminate takes off node l, which has one neighbour left, and returns that.
func (c *core) eliminate(g *csr.Graph, left []uint32, l uint32, damping float64) uint32 {
	weights := g.Weights(l)
	for i, p := range g.Neighbours(l) {
		w := 1.0
		if weights != nil {
			w = weights[i]
		}
		if w == 0 || left[p] == none {
			continue
		}
		factor := damping * w / c.diagonal[l]
		c.diagonal[p] -= damping * w * factor
		c.gone, c.parent, c.factor = append(c.gone, l), append(c.parent, p), append(c.factor, factor)
		left[l] = none
		left[p]--
		return p
	}
	panic("propagate: a node lost its last neighbour")
}

// lay writes down the rows of the core.
func (c *core) lay(ctx context.Context, g *csr.Graph, left []uint32, threads int) error {
	place := c.number(left)
	c.offset = memory.Make[uint64](len(c.of) + 1)
	for i, u := range c.of {
		c.offset[i+1] = c.offset[i] + uint64(left[u]-loops(g, u))
	}
	arcs := c.offset[len(c.of)]
	c.to = memory.Make[uint32](int(arcs))
	if g.IsWeighted() {
		c.weight = memory.Make[float64](int(arcs))
	}
	blocks := c.blocks(blockArcs)
	return crew.Run(ctx, threads, len(blocks)-1, func(_, b int) {
		for i := blocks[b]; i < blocks[b+1]; i++ {
			u, at := c.of[i], c.offset[i]
			weights := g.Weights(u)
			for j, v := range g.Neighbours(u) {
				if place[v] == none || weights != nil && weights[j] == 0 {
					continue
				}
				c.to[at] = place[v]
				if weights != nil {
					c.weight[at] = weights[j]
				}
				at++
			}
		}
	})
}

// number gives the nodes that are left their places, in their order, or those of most arcs first.
func (c *core) number(left []uint32) []uint32 {
	place := memory.Make[uint32](len(left))
	most := uint32(0)
	stays := func(u int) bool { return left[u] != none && c.strength[u] > 0 }
	for u := range left {
		if stays(u) && c.level {
			most = max(most, left[u])
		}
	}
	rank := func(u int) uint32 {
		if !c.level {
			return 0
		}
		return most - left[u]
	}
	start := make([]uint32, most+2)
	for u := range left {
		if stays(u) {
			start[rank(u)+1]++
		}
	}
	for i := 1; i < len(start); i++ {
		start[i] += start[i-1]
	}
	c.of = make([]uint32, start[len(start)-1])
	for u := range left {
		place[u] = none
		if stays(u) {
			i := &start[rank(u)]
			place[u], c.of[*i] = *i, uint32(u)
			*i++
		}
	}
	return place
}

// loops counts the self-loops of a node that carry something, which leftovers counts twice.
func loops(g *csr.Graph, u uint32) uint32 {
	row, weights := g.Neighbours(u), g.Weights(u)
	at, found := slices.BinarySearch(row, u)
	var n uint32
	for ; found && at < len(row) && row[at] == u; at++ {
		if weights == nil || weights[at] > 0 {
			n++
		}
	}
	return n
}

// row returns the arcs of a node of the core.
func (c *core) row(i uint32) ([]uint32, []float64) {
	lo, hi := c.offset[i], c.offset[i+1]
	if c.weight == nil {
		return c.to[lo:hi:hi], nil
	}
	return c.to[lo:hi:hi], c.weight[lo:hi:hi]
}

// blocks cuts the core as csr.Graph.Blocks cuts a graph.
func (c *core) blocks(arcs uint64) []uint32 {
	starts := []uint32{0}
	var held uint64
	for i := range c.of {
		held += c.offset[i+1] - c.offset[i] + 1
		if held >= arcs || i == len(c.of)-1 {
			starts = append(starts, uint32(i+1))
			held = 0
		}
	}
	return starts
}

// fold hands the right-hand side of the nodes eliminated on to the core, in place.
func (c *core) fold(right []float64) {
	for i, l := range c.gone {
		right[c.parent[i]] += c.factor[i] * right[l]
	}
}

// unfold solves for the nodes eliminated, given the folded right-hand side and the values of the core.
func (c *core) unfold(right, values []float64) {
	for i := len(c.gone) - 1; i >= 0; i-- {
		l := c.gone[i]
		values[l] = right[l]/c.diagonal[l] + c.factor[i]*values[c.parent[i]]
	}
}

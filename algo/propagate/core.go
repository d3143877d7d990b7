package propagate

import (
	"context"

	"rummage/algo/csr"
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

	// The core itself: node i is node of[i] of the graph. slack is what the diagonal exceeds the row of cW by.
	of     []uint32
	slack  []float64
	offset []uint64
	to     []uint32
	weight []float64
}

// none marks a node that is not in the core.
const none = ^uint32(0)

// newCore eliminates what it can, always in the same order. Cost O(n+m).
func newCore(ctx context.Context, g *csr.Graph, strength []float64, damping float64) (*core, error) {
	c := &core{strength: strength, diagonal: append([]float64(nil), strength...)}
	left, err := leftovers(ctx, g)
	if err != nil {
		return nil, err
	}
	for u := range uint32(g.Order()) {
		if u%stopEvery == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		// Nodes behind u are followed at once, those ahead are met later.
		for l := u; l <= u && left[l] == 1; {
			l = c.eliminate(g, left, l, damping)
		}
	}
	return c, c.lay(ctx, g, left, damping)
}

// leftovers counts the arcs of each node that carry something, a self-loop as two, which keeps its node in the core. Marks of nodes
// eliminated are none.
func leftovers(ctx context.Context, g *csr.Graph) ([]uint32, error) {
	left := make([]uint32, g.Order())
	for u := range uint32(g.Order()) {
		if u%stopEvery == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		weights := g.Weights(u)
		for i, v := range g.Neighbours(u) {
			switch {
			case weights != nil && weights[i] == 0:
			case v == u:
				left[u] += 2
			default:
				left[u]++
			}
		}
	}
	return left, nil
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
func (c *core) lay(ctx context.Context, g *csr.Graph, left []uint32, damping float64) error {
	place := left
	arcs := 0
	for u, n := range left {
		if n == none || c.strength[u] == 0 {
			place[u] = none
			continue
		}
		arcs += int(n)
		place[u] = uint32(len(c.of))
		c.of = append(c.of, uint32(u))
	}
	c.slack, c.offset = make([]float64, len(c.of)), make([]uint64, 1, len(c.of)+1)
	c.to, c.weight = make([]uint32, 0, arcs), make([]float64, 0, arcs)
	for i, u := range c.of {
		if i%stopEvery == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		weights, held := g.Weights(u), 0.0
		for j, v := range g.Neighbours(u) {
			w := 1.0
			if weights != nil {
				w = weights[j]
			}
			if w == 0 || place[v] == none {
				continue
			}
			c.to, c.weight = append(c.to, place[v]), append(c.weight, w)
			held += w
		}
		c.offset = append(c.offset, uint64(len(c.to)))
		c.slack[i] = c.diagonal[u] - damping*held
	}
	return nil
}

// row returns the arcs of a node of the core.
func (c *core) row(i uint32) ([]uint32, []float64) {
	lo, hi := c.offset[i], c.offset[i+1]
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

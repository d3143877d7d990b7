package structure

import (
	"context"
	"fmt"
	"math"
	"slices"

	"rummage/algo/csr"
)

// FlowOptions say how MaxFlow measures. The zero value is usable.
type FlowOptions struct {
	// Unit takes every edge as of capacity 1, parallel edges as one; else the capacity of an edge is its weight, parallel ones summed.
	Unit bool
	// Progress, if set, is told the value reached after each pass.
	Progress func(passes int, value float64)
}

// Flow is the most that can flow between two nodes, and the least cut that stops it.
type Flow struct {
	// Method names the algorithm; From, To and Unit are what was asked.
	Method   string
	From, To uint32
	Unit     bool
	// Value is the sum of the capacities of Cut, added in its order.
	Value float64
	// Cut lists the edges from Source to the rest in ascending order, From's side first.
	Cut [][2]uint32
	// Source lists the nodes on From's side in ascending order: those that can still be reached once the flow is at its most, so that of
	// all least cuts this is the one nearest to From.
	Source []uint32
	// Residual is the difference between what flows and Value; only rounding makes it other than 0.
	Residual float64
	// Passes is the number of layered networks, Paths that of augmenting paths.
	Passes, Paths int
}

// slack is the share of an edge's capacity that rounding may leave of it; what is left below that is taken for nothing.
const slack = 1e-12

// MaxFlow returns the maximum flow from one node to another, along the direction of edges where they have one, and the minimum cut between
// them. With Unit it tells how many ways without a common edge there are. Self-loops do not matter; an edge of capacity 0 carries
// nothing and is in no cut. Nodes without a way between them have value 0 and an empty cut.
//
// It is the algorithm of Dinic (1970). Cost O(n²·m) at worst, O(m·min(√m, n^(2/3))) with Unit; memory 44 bytes an edge and 20 a node.
// Errors: ErrNode, or that of the context.
func MaxFlow(ctx context.Context, g *csr.Graph, from, to uint32, opts FlowOptions) (Flow, error) {
	if n := g.Order(); uint64(max(from, to)) >= uint64(n) || from == to {
		return Flow{}, fmt.Errorf("structure: flow from %d to %d: %w: needs two different nodes of %d", from, to, ErrNode, n)
	}
	g, err := g.Simple(ctx)
	if err != nil {
		return Flow{}, fmt.Errorf("structure: flow: %w", err)
	}
	if opts.Unit {
		g = g.Unweighted()
	}
	p, err := pipesOf(ctx, g)
	if err != nil {
		return Flow{}, fmt.Errorf("structure: flow: %w", err)
	}
	flow := Flow{Method: "Dinic", From: from, To: to, Unit: opts.Unit}
	sent := 0.0
	for p.layer(from, to) {
		flow.Passes++
		for amount := p.augment(from, to); amount > 0; amount = p.augment(from, to) {
			sent += amount
			flow.Paths++
		}
		if ctx.Err() != nil {
			break
		}
		if opts.Progress != nil {
			opts.Progress(flow.Passes, sent)
		}
	}
	if err := ctx.Err(); err != nil {
		return Flow{}, fmt.Errorf("structure: flow: %w", err)
	}
	p.cut(g, &flow)
	flow.Residual = math.Abs(sent - flow.Value)
	return flow, nil
}

// pipes is a network with what is left of each arc's capacity. The arcs of u are those from start[u] on; twin is the arc that leads back.
type pipes struct {
	rest  breath
	start []uint64
	to    []uint32
	twin  []uint64
	left  []float64
	least []float64
	// depth is the layer of each node, from 1 on, and 0 where the source does not reach; next is the arc to be tried.
	depth []uint32
	next  []uint64
	queue []uint32
	path  []uint64
}

func pipesOf(ctx context.Context, g *csr.Graph) (*pipes, error) {
	n := g.Order()
	c := g.Columns()
	p := &pipes{rest: breath{ctx: ctx}, start: make([]uint64, n+1), depth: make([]uint32, n), next: make([]uint64, n)}
	for e, u := range c.From {
		if p.rest.taken(1) {
			return nil, ctx.Err()
		}
		if u != c.To[e] {
			p.start[u+1]++
			p.start[c.To[e]+1]++
		}
	}
	for u := range n {
		p.start[u+1] += p.start[u]
	}
	arcs := p.start[n]
	p.to, p.twin, p.left, p.least = make([]uint32, arcs), make([]uint64, arcs), make([]float64, arcs), make([]float64, arcs)
	copy(p.next, p.start)
	for e, u := range c.From {
		v := c.To[e]
		if p.rest.taken(1) {
			return nil, ctx.Err()
		}
		if u == v {
			continue
		}
		w, back := 1.0, 0.0
		if c.Weight != nil {
			w = c.Weight[e]
		}
		if !g.IsDirected() {
			back = w
		}
		i, j := p.next[u], p.next[v]
		p.next[u], p.next[v] = i+1, j+1
		p.to[i], p.twin[i], p.left[i], p.least[i] = v, j, w, slack*w
		p.to[j], p.twin[j], p.left[j], p.least[j] = u, i, back, slack*w
	}
	return p, ctx.Err()
}

// layer numbers the nodes by their distance from the source along arcs with something left. It is false when the sink is out of reach or the
// context has ended.
func (p *pipes) layer(from, to uint32) bool {
	clear(p.depth)
	p.depth[from] = 1
	p.queue = append(p.queue[:0], from)
	for at := 0; at < len(p.queue); at++ {
		u := p.queue[at]
		lo, hi := p.start[u], p.start[u+1]
		for i := lo; i < hi; i++ {
			if v := p.to[i]; p.depth[v] == 0 && p.left[i] > p.least[i] {
				p.depth[v] = p.depth[u] + 1
				p.queue = append(p.queue, v)
			}
		}
		if p.rest.taken(int(hi - lo)) {
			return false
		}
	}
	copy(p.next, p.start)
	return p.depth[to] != 0
}

// augment finds one way through the layers, sends what it can carry, and returns that; 0 when there is none left.
func (p *pipes) augment(from, to uint32) float64 {
	p.path = p.path[:0]
	for u := from; u != to; {
		at := p.next[u]
		for ; at < p.start[u+1]; at++ {
			if v := p.to[at]; p.depth[v] == p.depth[u]+1 && p.left[at] > p.least[at] {
				break
			}
		}
		if p.rest.taken(int(at - p.next[u])) {
			return 0
		}
		p.next[u] = at
		switch {
		case at < p.start[u+1]:
			p.path = append(p.path, at)
			u = p.to[at]
		case len(p.path) == 0:
			return 0
		default:
			last := p.path[len(p.path)-1]
			p.path = p.path[:len(p.path)-1]
			u = p.to[p.twin[last]]
			p.next[u]++
		}
	}
	amount := math.Inf(1)
	for _, i := range p.path {
		amount = min(amount, p.left[i])
	}
	for _, i := range p.path {
		p.left[i] -= amount
		p.left[p.twin[i]] += amount
	}
	return amount
}

// cut reads the side of the source and the edges that leave it off the last layers, which did not reach the sink.
func (p *pipes) cut(g *csr.Graph, flow *Flow) {
	flow.Source = slices.Sorted(slices.Values(p.queue))
	for _, u := range flow.Source {
		weights := g.Weights(u)
		for i, v := range g.Neighbours(u) {
			w := 1.0
			if weights != nil {
				w = weights[i]
			}
			if p.depth[v] == 0 && w > 0 {
				flow.Cut = append(flow.Cut, [2]uint32{u, v})
				flow.Value += w
			}
		}
	}
}

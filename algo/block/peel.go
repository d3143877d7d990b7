package block

import (
	"context"
	"slices"
)

// peeler holds the tuples and what the peeling of one block needs. Nodes of all parts are numbered one part after the other: those of a
// part from base[part] on.
type peeler struct {
	opts  Options
	parts int
	nodes int
	base  []uint32
	// node gives the nodes of each tuple, one behind another, weight its damped weight; gone tuples are inside an earlier block.
	node   []uint32
	weight []float64
	gone   []bool
	// tuples lists those of node u from start[u] on.
	start  []uint64
	tuples []uint32
	prior  []float64

	heap heap
}

// peel finds the best block among the tuples that are left; none when there are none.
func (p *peeler) peel(ctx context.Context) (Block, error) {
	if p.gone == nil {
		p.gone = make([]bool, len(p.weight))
	}
	whole := p.fill()
	total := len(p.heap.order)
	if total == 0 {
		return Block{}, nil
	}
	dead := slices.Clone(p.gone)
	out := make([]uint32, 0, total)
	b := Block{Steps: total}
	best, kept := whole/float64(total), 0
	work := 0
	for len(p.heap.order) > 0 {
		u, loss := p.heap.pop()
		b.Bound = max(b.Bound, loss)
		whole -= loss
		out = append(out, u)
		row := p.tuples[p.start[u]:p.start[u+1]]
		for _, e := range row {
			if dead[e] {
				continue
			}
			dead[e] = true
			for _, v := range p.node[int(e)*p.parts : int(e+1)*p.parts] {
				if v != u {
					p.heap.lower(v, p.weight[e])
				}
			}
		}
		if left := len(p.heap.order); left > 0 && whole/float64(left) > best {
			best, kept = whole/float64(left), len(out)
		}
		if work += len(row) + 1; work >= patience {
			work = 0
			if ctx.Err() != nil {
				return Block{}, ctx.Err()
			}
			p.tell(len(out), total)
		}
	}
	p.tell(total, total)
	p.measure(&b, out[kept:])
	return b, ctx.Err()
}

func (p *peeler) tell(done, total int) {
	if p.opts.Progress != nil {
		p.opts.Progress(done, total)
	}
}

// fill puts every node that is in a tuple or has a prior into the heap, with what its loss would cost, and returns what all is worth.
func (p *peeler) fill() (whole float64) {
	loss := make([]float64, p.nodes)
	in := make([]bool, p.nodes)
	some := false
	for e, w := range p.weight {
		if p.gone[e] {
			continue
		}
		some = true
		whole += w
		for _, u := range p.node[e*p.parts : (e+1)*p.parts] {
			loss[u] += w
			in[u] = true
		}
	}
	p.heap = heap{}
	if !some {
		return 0
	}
	for u, a := range p.prior {
		loss[u] += a
		whole += a
		in[u] = in[u] || a > 0
	}
	p.heap.fill(loss, in)
	return whole
}

// measure fills in a block of the given nodes, adding anew in the order of tuples and nodes, so that no rounding of the peeling is left.
func (p *peeler) measure(b *Block, nodes []uint32) {
	nodes = slices.Sorted(slices.Values(nodes))
	inside := make([]bool, p.nodes)
	b.Members = make([][]uint32, p.parts)
	for _, u := range nodes {
		inside[u] = true
		b.Mass += p.prior[u]
		part := p.part(u)
		b.Members[part] = append(b.Members[part], u-p.base[part])
	}
	for e, w := range p.weight {
		if !p.gone[e] && p.within(e, inside) {
			b.Tuples++
			b.Mass += w
		}
	}
	b.Density = b.Mass / float64(len(nodes))
	// Rounding may put the bound a hair below what was reached.
	b.Bound = min(max(b.Bound, b.Density), b.Density*float64(p.parts))
}

// part tells which part a node is of.
func (p *peeler) part(u uint32) int {
	part := 0
	for u >= p.base[part+1] {
		part++
	}
	return part
}

func (p *peeler) within(e int, inside []bool) bool {
	for _, u := range p.node[e*p.parts : (e+1)*p.parts] {
		if !inside[u] {
			return false
		}
	}
	return true
}

// remove takes the tuples inside a block out and spends the priors of its members.
func (p *peeler) remove(b Block) {
	inside := make([]bool, p.nodes)
	for part, members := range b.Members {
		for _, u := range members {
			inside[p.base[part]+u] = true
			p.prior[p.base[part]+u] = 0
		}
	}
	for e := range p.weight {
		p.gone[e] = p.gone[e] || p.within(e, inside)
	}
}

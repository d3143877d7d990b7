package block

import (
	"context"
	"math"
	"slices"
)

// patience is how many steps are taken between two looks at the context.
const patience = 1 << 14

// prepare brings the tuples into order, makes equal ones one, and damps their weights.
func prepare(ctx context.Context, t Tuples, opts Options) (*peeler, error) {
	p := &peeler{opts: opts, parts: len(t.Parts), base: make([]uint32, len(t.Parts)+1)}
	for part, size := range t.Sizes {
		p.base[part+1] = p.base[part] + uint32(size)
	}
	p.nodes = int(p.base[p.parts])
	order := sorted(ctx, t)
	for at, looked := 0, 0; at < len(order); {
		if at >= looked {
			if ctx.Err() != nil {
				return nil, ctx.Err()
			}
			looked = at + patience
		}
		first := order[at]
		to := at + 1
		for to < len(order) && t.same(first, order[to]) {
			to++
		}
		for part, column := range t.Parts {
			p.node = append(p.node, p.base[part]+column[first])
		}
		p.weight = append(p.weight, t.sum(order[at:to]))
		at = to
	}
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	p.index()
	p.damp()
	p.prior = make([]float64, p.nodes)
	for part, column := range opts.Prior {
		copy(p.prior[p.base[part]:], column)
	}
	return p, ctx.Err()
}

// sorted lists the rows in the order of their nodes, by one counting sort a part from the last to the first.
func sorted(ctx context.Context, t Tuples) []uint32 {
	m := len(t.Parts[0])
	order, other := make([]uint32, m), make([]uint32, m)
	for i := range order {
		order[i] = uint32(i)
	}
	for part := len(t.Parts) - 1; part >= 0 && ctx.Err() == nil; part-- {
		column := t.Parts[part]
		next := make([]uint32, t.Sizes[part]+1)
		for _, u := range column {
			next[u+1]++
		}
		for u := 1; u < len(next); u++ {
			next[u] += next[u-1]
		}
		for _, i := range order {
			u := column[i]
			other[next[u]] = i
			next[u]++
		}
		order, other = other, order
	}
	return order
}

func (t *Tuples) same(i, j uint32) bool {
	for _, column := range t.Parts {
		if column[i] != column[j] {
			return false
		}
	}
	return true
}

// sum adds the weights of equal rows in ascending order.
func (t *Tuples) sum(rows []uint32) float64 {
	if t.Weight == nil {
		return float64(len(rows))
	}
	if len(rows) == 1 {
		return t.Weight[rows[0]]
	}
	weights := make([]float64, len(rows))
	for i, row := range rows {
		weights[i] = t.Weight[row]
	}
	slices.Sort(weights)
	sum := 0.0
	for _, w := range weights {
		sum += w
	}
	return sum
}

// index lists the tuples of every node.
func (p *peeler) index() {
	p.start = make([]uint64, p.nodes+1)
	for _, u := range p.node {
		p.start[u+1]++
	}
	for u := range p.nodes {
		p.start[u+1] += p.start[u]
	}
	p.tuples = make([]uint32, len(p.node))
	next := slices.Clone(p.start)
	for i, u := range p.node {
		p.tuples[next[u]] = uint32(i / p.parts)
		next[u]++
	}
}

// damp divides every weight by the logarithm of how many tuples its nodes of the damped parts have.
func (p *peeler) damp() {
	for e := range p.weight {
		for _, part := range p.opts.Damped {
			u := p.node[e*p.parts+part]
			p.weight[e] /= math.Log(float64(p.start[u+1]-p.start[u]) + p.opts.Offset)
		}
	}
}

package csr

import (
	"context"

	"rummage/algo/csr/crew"
)

// rewriting says how rows are made one by one from what exists.
type rewriting struct {
	threads, order int
	arcs           int // about how many there will be
	shape          shape
	// write appends the arcs of a row, in their order. worker numbers the scratch memory that it may use.
	write func(worker int, row uint32, out *rows) error
}

// workers returns how many workers may ask for scratch memory.
func (w *rewriting) workers() int { return crew.Size(w.threads, mostBuckets) }

// rows writes every row and joins them. The error is that of the first row that has one, or of a cancelled context. Rows exist twice
// for a moment.
func (w *rewriting) rows(ctx context.Context) (rows, error) {
	a := &assembly{plan: newPlan(Options{Nodes: w.order, Threads: w.threads}, w.shape, w.arcs)}
	a.segments = make([]segment, a.buckets)
	a.degree = make([]uint32, w.order)
	scratch := make([]rows, w.workers())
	err := crew.Run(ctx, w.threads, a.buckets, func(worker, b int) {
		first, last := a.rows(b)
		out := scratch[worker].emptied(w.shape)
		look := breath
		for row := first; row < last && a.segments[b].fault == nil; row++ {
			if len(out.to)+row-first >= look {
				if look += breath; ctx.Err() != nil {
					return
				}
			}
			before := len(out.to)
			a.segments[b].fault = w.write(worker, uint32(row), &out)
			a.degree[row] = uint32(len(out.to) - before)
		}
		scratch[worker] = out
		a.segments[b].entries = out.head(len(out.to))
	})
	if err != nil {
		return rows{}, err
	}
	for b := range a.segments {
		if a.segments[b].fault != nil {
			return rows{}, a.segments[b].fault
		}
	}
	return a.lay(ctx, false, true)
}

func (r *rows) shape() shape { return shape{r.weight != nil, r.kind != nil, r.count != nil} }

// emptied returns r without arcs, with the columns of s.
func (r rows) emptied(s shape) rows {
	if r.to == nil {
		return s.rows(0)
	}
	r.to = r.to[:0]
	if s.weight {
		r.weight = r.weight[:0]
	}
	if s.kind {
		r.kind = r.kind[:0]
	}
	if s.count {
		r.count = r.count[:0]
	}
	return r
}

// push appends an arc, with the columns that r has.
func (r *rows) push(a Arc) {
	r.to = append(r.to, a.To)
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

// copy appends arc i of from as an arc to the given node.
func (r *rows) copy(from *rows, i uint64, to uint32) {
	r.to = append(r.to, to)
	if r.weight != nil {
		r.weight = append(r.weight, from.weight[i])
	}
	if r.kind != nil {
		r.kind = append(r.kind, from.kind[i])
	}
	if r.count != nil {
		r.count = append(r.count, from.count[i])
	}
}

// tally counts what is known only once the rows stand: edges, and whether a row names a neighbour twice.
func (g *Graph) tally(ctx context.Context, threads int) error {
	blocks := g.Blocks(1 << 16)
	loops, parallel := make([]int, len(blocks)), make([]bool, len(blocks))
	err := crew.Run(ctx, threads, len(blocks)-1, func(_, b int) {
		for u := blocks[b]; u < blocks[b+1]; u++ {
			last := uint64(none)
			for _, v := range g.Neighbours(u) {
				if v == u {
					loops[b]++
				}
				if uint64(v) == last {
					parallel[b] = true
				}
				last = uint64(v)
			}
		}
	})
	g.size, g.simple = len(g.out.to), true
	for b := range blocks {
		if !g.directed {
			g.size += loops[b]
		}
		g.simple = g.simple && !parallel[b]
	}
	if !g.directed {
		g.size /= 2
	}
	return err
}

// none is no node: there are at most 2^32-1 of them.
const none = ^uint32(0)

package csr

import (
	"context"

	"rummage/algo/csr/crew"
	"rummage/algo/csr/memory"
)

// turn deals the arcs that the settled rows want in the rows of their other ends, as row and column of a matrix change places. Each
// piece of work is a run of consecutive buckets with a pool of its own, and pools are read in the order of the pieces: arcs
// therefore reach each row in the order of the rows that they come from, which is the order they are wanted in.
func (a *assembly) turn(ctx context.Context) error {
	for _, l := range a.pools {
		l.reset()
	}
	pieces := a.cut(crew.Size(a.opts.Threads, a.buckets))
	a.open(len(pieces) - 1)
	err := crew.Run(ctx, a.opts.Threads, len(pieces)-1, func(_, piece int) {
		for b := pieces[piece]; b < pieces[piece+1] && ctx.Err() == nil; b++ {
			first, last := a.rows(b)
			a.pools[piece].turn(ctx, &a.segments[b].entries, uint32(first), a.degree[first:last])
		}
	})
	if err != nil {
		return err
	}
	return nil
}

// cut divides the buckets into runs of about as many arcs each.
func (a *assembly) cut(runs int) []int {
	total := 0
	for b := range a.segments {
		total += len(a.segments[b].entries.to)
	}
	starts := []int{0}
	held := 0
	for b := range a.segments {
		if held*runs >= total*len(starts) && len(starts) < runs {
			starts = append(starts, b)
		}
		held += len(a.segments[b].entries.to)
	}
	return append(starts, len(a.segments))
}

// turn deals the arcs of consecutive rows. The arcs of an undirected graph's self-loops are where they belong already.
func (l *pool) turn(ctx context.Context, part *rows, first uint32, degree []uint32) {
	last, shift, toBits := l.last, l.shift, l.toBits
	mask := uint32(1<<shift - 1)
	i, look := 0, breath
	for row, d := range degree {
		u := first + uint32(row)
		for end := i + int(d); i < end; i++ {
			v := part.to[i]
			if v == u && !l.opts.Directed {
				continue
			}
			into := &last[v>>shift]
			if into.length == chunkSize {
				if l.advance(v >> shift); i >= look {
					if look = i + breath; ctx.Err() != nil {
						return
					}
				}
			}
			into.put(uint64(v&mask)<<toBits|uint64(u), part, uint64(i))
		}
	}
}

// put adds arc i of r, under the given key, to a chunk that has room.
func (c *chunk) put(key uint64, r *rows, i uint64) {
	at := c.length & (chunkSize - 1)
	c.length = at + 1
	c.key[at] = key
	if r.weight != nil {
		c.weight[at] = r.weight[i]
	}
	if r.kind != nil {
		c.kind[at] = r.kind[i]
	}
	if r.count != nil {
		c.count[at] = r.count[i]
	}
}

// lay puts what the pools hold into rows, before each row of the segments if those are to be in it too.
func (a *assembly) lay(ctx context.Context, turned, settled bool) (rows, error) {
	starts := make([]int, a.buckets+1)
	for b := range a.buckets {
		starts[b+1] = starts[b]
		if settled {
			starts[b+1] += len(a.segments[b].entries.to)
		}
		if turned {
			for _, l := range a.pools {
				starts[b+1] += l.held(b)
			}
		}
	}
	r := a.shape.rows(starts[a.buckets])
	r.offset = memory.Make[uint64](a.opts.Nodes + 1)
	r.offset[a.opts.Nodes] = uint64(starts[a.buckets])
	at := make([][]uint64, crew.Size(a.opts.Threads, a.buckets))
	err := crew.Run(ctx, a.opts.Threads, a.buckets, func(worker, b int) {
		if at[worker] == nil {
			at[worker] = make([]uint64, min(1<<a.shift, a.opts.Nodes))
		}
		a.layBucket(ctx, b, &r, layout{uint64(starts[b]), turned, settled, at[worker]})
	})
	if err != nil {
		return rows{}, err
	}
	return r, nil
}

// layout says how a bucket is laid: from where on, of which arcs, with the help of one number for each row.
type layout struct {
	start           uint64
	turned, settled bool
	at              []uint64
}

func (a *assembly) layBucket(ctx context.Context, b int, r *rows, how layout) {
	first, last := a.rows(b)
	at := how.at[:last-first]
	clear(at)
	if how.turned {
		for _, l := range a.pools {
			l.each(ctx, b, func(part *chunk) {
				for _, key := range part.key[:part.length] {
					at[key>>a.toBits]++
				}
			})
		}
	}
	next := how.start
	for i := range at {
		r.offset[first+i] = next
		at[i], next = next, next+at[i]
		if how.settled {
			next += uint64(a.degree[first+i])
		}
	}
	if how.turned {
		for _, l := range a.pools {
			l.each(ctx, b, func(part *chunk) { r.place(part, at, a.toBits) })
		}
	}
	if how.settled {
		r.append(&a.segments[b].entries, at, a.degree[first:last])
		a.segments[b].entries = rows{}
	}
}

// place writes each entry to where its row goes on.
func (r *rows) place(part *chunk, at []uint64, toBits int) {
	mask := uint64(1)<<toBits - 1
	for i, key := range part.key[:part.length] {
		row := &at[key>>toBits]
		to := *row
		*row = to + 1
		r.to[to] = uint32(key & mask)
		if part.weight != nil {
			r.weight[to] = part.weight[i]
		}
		if part.kind != nil {
			r.kind[to] = part.kind[i]
		}
		if part.count != nil {
			r.count[to] = part.count[i]
		}
	}
}

// append writes each row of a segment to where that row goes on.
func (r *rows) append(part *rows, at []uint64, degree []uint32) {
	lo := uint64(0)
	for row, d := range degree {
		r.paste(int(at[row]), part, lo, lo+uint64(d))
		lo += uint64(d)
	}
}

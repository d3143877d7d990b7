package csr

import (
	"context"
	"fmt"
	"math/bits"
	"sync/atomic"

	"rummage/algo/csr/crew"
	"rummage/algo/csr/memory"
)

const (
	// mostBuckets bounds the buckets of a build, so that the lines written to at any time stay within the second cache of a core.
	mostBuckets = 1 << 11
	// bucketEdges is how many edges a bucket is meant to hold: what is done to one then stays within that cache too.
	bucketEdges = 1 << 14
	// chunkSize is the number of edges whose keys fill a page of memory.
	chunkSize = 1 << 9
	// dealt is how many edges are dealt as one piece of work: few, so that threads end together on a short list too.
	dealt = 1 << 13
)

// shape says which columns edges have.
type shape struct{ weight, kind, count bool }

func (c *Columns) shape() shape { return shape{c.Weight != nil, c.Type != nil, c.Count != nil} }

// bare tells whether an edge is nothing but its ends.
func (s shape) bare() bool { return s == shape{} }

// chunk holds edges on their way to their rows. The key of an edge is the number of its row within the bucket, followed by the
// other end in plan.toBits bits. The other columns are nil when edges do not have them.
type chunk struct {
	key    *[chunkSize]uint64
	weight *[chunkSize]float64
	kind   *[chunkSize]uint8
	count  *[chunkSize]uint32
	length int
}

// plan says how the edges of a build are dealt: row>>shift is the bucket of a row.
type plan struct {
	opts    Options
	shape   shape
	shift   int
	toBits  int
	buckets int
	slab    int // how many chunks are made at once
}

// newPlan plans for about m edges.
func newPlan(opts Options, s shape, m int) plan {
	p := plan{opts: opts, shape: s}
	p.toBits = bits.Len(uint(max(opts.Nodes-1, 1)))
	want := min(max(m/bucketEdges, min(m>>10, 64), 1), mostBuckets)
	p.shift = max(p.toBits-(bits.Len(uint(want))-1), 0)
	if opts.Nodes > 0 {
		p.buckets = (opts.Nodes-1)>>p.shift + 1
	}
	p.slab = min(max(m/chunkSize/16, 1), 1<<11)
	return p
}

// rows returns the rows of bucket b.
func (p *plan) rows(b int) (first, last int) { return b << p.shift, min((b+1)<<p.shift, p.opts.Nodes) }

// pool is what one worker deals into: for every bucket a list of chunks, all but the last full. Chunks are cut from slabs in the order
// in which they are needed, so that nothing has to be counted beforehand.
type pool struct {
	*plan
	last []chunk   // the chunk of each bucket that is being filled
	full [][]chunk // those before it
	free []chunk
}

func (p *plan) pool() *pool {
	l := &pool{plan: p, last: make([]chunk, p.buckets), full: make([][]chunk, p.buckets)}
	l.reset()
	return l
}

// reset empties the pool and keeps its memory. A bucket without a chunk looks like one whose chunk is full.
func (l *pool) reset() {
	for b := range l.last {
		l.free = append(l.free, l.full[b]...)
		if l.last[b].key != nil {
			l.free = append(l.free, l.last[b])
		}
		l.last[b], l.full[b] = chunk{length: chunkSize}, l.full[b][:0]
	}
}

// advance gives bucket b an empty chunk after a full one.
func (l *pool) advance(b uint32) {
	if l.last[b].key != nil {
		l.full[b] = append(l.full[b], l.last[b])
	}
	if len(l.free) == 0 {
		l.free = l.shape.chunks(l.slab)
	}
	l.last[b] = l.free[len(l.free)-1]
	l.last[b].length = 0
	l.free = l.free[:len(l.free)-1]
}

// chunks makes n empty chunks.
func (s shape) chunks(n int) []chunk {
	made := make([]chunk, n)
	keys := memory.Make[uint64](n * chunkSize)
	for i := range made {
		made[n-1-i].key = (*[chunkSize]uint64)(keys[i*chunkSize:])
	}
	if s.weight {
		weights := memory.Make[float64](n * chunkSize)
		for i := range made {
			made[n-1-i].weight = (*[chunkSize]float64)(weights[i*chunkSize:])
		}
	}
	if s.kind {
		kinds := memory.Make[uint8](n * chunkSize)
		for i := range made {
			made[n-1-i].kind = (*[chunkSize]uint8)(kinds[i*chunkSize:])
		}
	}
	if s.count {
		counts := memory.Make[uint32](n * chunkSize)
		for i := range made {
			made[n-1-i].count = (*[chunkSize]uint32)(counts[i*chunkSize:])
		}
	}
	return made
}

// each hands over the edges of bucket b in the order in which they came. When ctx is cancelled it stops in the middle.
func (l *pool) each(ctx context.Context, b int, take func(*chunk)) {
	for i := range l.full[b] {
		if i%64 == 0 && ctx.Err() != nil {
			return
		}
		take(&l.full[b][i])
	}
	if l.last[b].key != nil {
		take(&l.last[b])
	}
}

// held returns the number of edges of bucket b.
func (l *pool) held(b int) int {
	n := len(l.full[b]) * chunkSize
	if l.last[b].key != nil {
		n += l.last[b].length
	}
	return n
}

// deal checks the edges from lo to hi and puts each into the bucket of its row: its smaller end, or its tail when the graph is
// directed. The first edge that is refused ends it; base is the number of the first edge of c among all.
func (l *pool) deal(c *Columns, lo, hi int, base uint64) error {
	from, to := c.From[lo:hi], c.To[lo:hi]
	nodes, directed, loops := uint64(l.opts.Nodes), l.opts.Directed, l.opts.Loops
	last, shift, toBits := l.last, l.shift, l.toBits
	mask := uint64(1)<<shift - 1
	for i, u := range from {
		v := to[i]
		if uint64(u) >= nodes || uint64(v) >= nodes || (u == v && loops == RefuseLoops) || (c.Weight != nil && !usable(c.Weight[lo+i])) {
			return refuse(c, lo+i, base, &l.opts)
		}
		if u == v && loops == DropLoops {
			continue
		}
		if !directed {
			u, v = min(u, v), max(u, v)
		}
		into := &last[u>>shift]
		if into.length == chunkSize {
			l.advance(u >> shift)
		}
		at := into.length & (chunkSize - 1)
		into.length = at + 1
		into.key[at] = uint64(u)&mask<<toBits | uint64(v)
		if c.Weight != nil {
			into.weight[at] = c.Weight[lo+i]
		}
		if c.Type != nil {
			into.kind[at] = c.Type[lo+i]
		}
		if c.Count != nil {
			into.count[at] = c.Count[lo+i]
		}
	}
	return nil
}

// refuse says what is wrong with edge e of c.
func refuse(c *Columns, e int, base uint64, opts *Options) error {
	u, v := c.From[e], c.To[e]
	switch number := base + uint64(e); {
	case uint64(max(u, v)) >= uint64(opts.Nodes):
		return fmt.Errorf("edge %d from %d to %d: %w: there are %d nodes", number, u, v, ErrNode, opts.Nodes)
	case u == v && opts.Loops == RefuseLoops:
		return fmt.Errorf("edge %d at node %d: %w", number, u, ErrLoop)
	default:
		return fmt.Errorf("edge %d from %d to %d: %w: %v is neither 0 nor from %g to %g",
			number, u, v, ErrWeight, c.Weight[e], LeastWeight, GreatestWeight)
	}
}

// take deals all edges of c, several pieces at a time, and returns the fault of the first faulty edge.
func (a *assembly) take(ctx context.Context, c *Columns, base uint64) error {
	pieces := crew.Cut(len(c.From), dealt)
	faults := make([]error, len(pieces)-1)
	var least atomic.Int64
	least.Store(int64(len(faults)))
	a.open(crew.Size(a.opts.Threads, len(faults)))
	err := crew.Run(ctx, a.opts.Threads, len(faults), func(worker, piece int) {
		if int64(piece) > least.Load() {
			return
		}
		if faults[piece] = a.pools[worker].deal(c, pieces[piece], pieces[piece+1], base); faults[piece] == nil {
			return
		}
		for now := least.Load(); int64(piece) < now && !least.CompareAndSwap(now, int64(piece)); now = least.Load() {
		}
	})
	if err != nil {
		return err
	}
	if first := least.Load(); first < int64(len(faults)) {
		return faults[first]
	}
	return nil
}

// open makes sure of as many pools.
func (a *assembly) open(pools int) {
	for len(a.pools) < pools {
		a.pools = append(a.pools, a.plan.pool())
	}
}

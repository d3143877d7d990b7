package community

import (
	"cmp"
	"context"
	"math/bits"
	"slices"
	"sync/atomic"

	"rummage/algo/csr"
	"rummage/algo/csr/crew"
	"rummage/algo/csr/memory"
)

// components is the whole graph cut into connected components, each a level of its own. Places number the nodes by component, and
// within one by key; in a wide one without keys by number.
type components struct {
	opts Options
	// gamma is the resolution as it multiplies masses.
	gamma float64
	// node is the node at a place, place its inverse, starts the first place of every component, closed by the number of nodes.
	node, place []uint32
	starts      []int
	// plain is how many components have their nodes by number; they come first.
	plain int
	// The row of a place is from lo to hi in the rows of its component, with gaps between rows; neighbours are numbered within their
	// component.
	lo, hi     []int
	rows       rows
	mass, head []float64
	// lent are the rows of components by number where these have the weights of the graph itself, and if need be their neighbours too.
	lent rows
}

// mix is the finaliser of SplitMix64 over two words.
func mix(a, b uint64) uint64 {
	z := a ^ (b+0x9e3779b97f4a7c15)*0xbf58476d1ce4e5b9
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// prepare cuts the graph up. It looks at the context between blocks of nodes, and between stages.
func prepare(ctx context.Context, g *csr.Graph, opts Options, m masses) (*components, error) {
	c := &components{opts: opts, gamma: opts.Resolution}
	if opts.Objective == Modularity && m.total > 0 {
		c.gamma /= m.total
	}
	roots, err := connect(ctx, g)
	if err != nil {
		return nil, err
	}
	if err := c.deal(ctx, roots); err != nil {
		return nil, err
	}
	if err := c.lay(ctx, g, m); err != nil {
		return nil, err
	}
	return c, ctx.Err()
}

// key is what decides where node u stands.
func (c *components) key(u uint32) uint64 {
	if c.opts.Keys != nil {
		return mix(c.opts.Seed, c.opts.Keys[u])
	}
	return mix(c.opts.Seed, uint64(u))
}

// deal gives every component and every node its place.
func (c *components) deal(ctx context.Context, roots []uint32) error {
	n := len(roots)
	c.node, c.place = memory.Make[uint32](n), memory.Make[uint32](n)
	size := memory.Make[uint32](n)
	for _, root := range roots {
		size[root]++
	}
	plain := func(u uint32) bool { return c.opts.Keys == nil && size[roots[u]] >= Wide }
	var byKey []keyed
	for u := range uint32(n) {
		if !plain(u) {
			byKey = append(byKey, keyed{c.key(u), u})
		}
	}
	byKey, err := order(ctx, c.opts.Threads, byKey)
	if err != nil {
		return err
	}
	// next is where the next node of a root's component goes, plus one.
	next, end := memory.Make[uint32](n), uint32(0)
	put := func(u uint32) {
		root := roots[u]
		if next[root] == 0 {
			c.starts = append(c.starts, int(end))
			next[root], end = end+1, end+size[root]
		}
		c.place[u] = next[root] - 1
		c.node[c.place[u]] = u
		next[root]++
	}
	if len(byKey) < n {
		for u := range uint32(n) {
			if plain(u) {
				put(u)
			}
		}
	}
	c.plain = len(c.starts)
	for _, u := range byKey {
		put(u.node)
	}
	c.starts = append(c.starts, n)
	return nil
}

// keyed is a node with its key.
type keyed struct {
	key  uint64
	node uint32
}

// order sorts nodes that ascend by number by their keys. Keys are mixed, hence spread evenly, so nodes are dealt into buckets by their
// leading bits and each bucket is sorted on its own.
func order(ctx context.Context, threads int, nodes []keyed) ([]keyed, error) {
	shift := 64 - max(bits.Len(uint(len(nodes)))-3, 0)
	starts := make([]int, 1<<(64-shift)+1)
	for _, u := range nodes {
		starts[u.key>>shift+1]++
	}
	for b := range len(starts) - 1 {
		starts[b+1] += starts[b]
	}
	sorted := make([]keyed, len(nodes))
	next := slices.Clone(starts)
	for _, u := range nodes {
		at := &next[u.key>>shift]
		sorted[*at] = u
		*at++
	}
	cuts := crew.Cut(len(starts)-1, 1<<10)
	return sorted, crew.Run(ctx, threads, len(cuts)-1, func(_, piece int) {
		for b := cuts[piece]; b < cuts[piece+1]; b++ {
			slices.SortFunc(sorted[starts[b]:starts[b+1]], func(x, y keyed) int {
				if x.key != y.key {
					return cmp.Compare(x.key, y.key)
				}
				return cmp.Compare(x.node, y.node)
			})
		}
	})
}

// lay writes the rows and the masses by place, every row sorted by place.
func (c *components) lay(ctx context.Context, g *csr.Graph, m masses) error {
	n := len(c.node)
	c.lo, c.hi = memory.Make[int](n), memory.Make[int](n)
	if c.mass, c.head = m.mass, m.head; !c.whole() {
		c.mass = memory.Make[float64](n)
		if m.head != nil {
			c.head = memory.Make[float64](n)
		}
		for i, u := range c.node {
			c.mass[i] = m.mass[u]
			if m.head != nil {
				c.head[i] = m.head[u]
			}
		}
	}
	first, err := c.borrow(ctx, g)
	if err != nil {
		return err
	}
	room := 0
	for i := c.starts[first]; i < n; i++ {
		u := c.node[i]
		c.lo[i], c.hi[i] = room, room
		if room += g.Degree(u); g.IsDirected() {
			room += g.InDegree(u)
		}
	}
	c.rows = rows{memory.Make[uint32](room), memory.Make[float64](room)}
	if g.IsDirected() {
		return c.scatter(ctx, g, 0)
	}
	// The rows of components by number are sorted as they are.
	for i := first; i < c.plain; i++ {
		err := c.eachBlock(ctx, i, func(base, at int) {
			u := c.node[at]
			c.hi[at] = c.take(g.Neighbours(u), g.Weights(u), u, uint32(base), c.lo[at])
		})
		if err != nil {
			return err
		}
	}
	return c.scatter(ctx, g, c.plain)
}

// whole tells that the graph is one component by number, so that places are the numbers of nodes.
func (c *components) whole() bool { return c.plain == 1 && len(c.starts) == 2 }

// eachBlock runs work on every place of component i, shared among threads.
func (c *components) eachBlock(ctx context.Context, i int, work func(base, at int)) error {
	cuts, base := crew.Cut(c.starts[i+1]-c.starts[i], block/16), c.starts[i]
	return crew.Run(ctx, c.opts.Threads, len(cuts)-1, func(_, b int) {
		for at := base + cuts[b]; at < base+cuts[b+1]; at++ {
			work(base, at)
		}
	})
}

// borrow lets the components by number have the weights of the graph for theirs, and its neighbours too where one component is all of it,
// if no row of theirs has an arc that is to be left out; a copy would double the memory of a large graph. It returns the first component
// that has no rows yet.
func (c *components) borrow(ctx context.Context, g *csr.Graph) (first int, err error) {
	offset, to, weight := g.Rows()
	if g.IsDirected() || weight == nil || c.plain == 0 {
		return 0, nil
	}
	var unfit atomic.Bool
	for i := range c.plain {
		err := c.eachBlock(ctx, i, func(_, at int) {
			u := c.node[at]
			c.lo[at], c.hi[at] = int(offset[u]), int(offset[u+1])
			if _, loop := slices.BinarySearch(g.Neighbours(u), u); loop || slices.Contains(g.Weights(u), 0) {
				unfit.Store(true)
			}
		})
		if err != nil {
			return 0, err
		}
	}
	if unfit.Load() {
		return 0, nil
	}
	if c.lent = (rows{to, weight}); c.whole() {
		return c.plain, nil
	}
	c.lent.to = memory.Make[uint32](len(to))
	for i := range c.plain {
		err := c.eachBlock(ctx, i, func(base, at int) {
			own := c.lent.to[c.lo[at]:c.hi[at]]
			for k, v := range to[c.lo[at]:c.hi[at]] {
				own[k] = c.place[v] - uint32(base)
			}
		})
		if err != nil {
			return 0, err
		}
	}
	return c.plain, nil
}

// take writes the arcs of positive weight to other nodes from at on and returns where they end.
func (c *components) take(row []uint32, weights []float64, u, base uint32, at int) int {
	to, weight := c.rows.to[at:at+len(row)], c.rows.weight[at:at+len(row)]
	met := 0
	for i, v := range row {
		w := 1.0
		if weights != nil {
			w = weights[i]
		}
		if v != u && w > 0 {
			to[met], weight[met] = c.place[v]-base, w
			met++
		}
	}
	return at + met
}

// scatter writes the rows of component first and all after it: each node, in order of places, puts itself into the rows of its
// neighbours. Of a large component every goroutine has a run of the nodes, for which it first counts how much the runs before write into
// each row.
func (c *components) scatter(ctx context.Context, g *csr.Graph, first int) error {
	for i := first; i < len(c.starts)-1; i++ {
		base, n := c.starts[i], c.starts[i+1]-c.starts[i]
		ends := c.hi[base : base+n]
		runs := crew.Size(c.opts.Threads, n/piece)
		if runs == 1 {
			if i%piece == 0 && ctx.Err() != nil {
				return ctx.Err()
			}
			if err := c.each(ctx, g, span{base, base, base + n}, giver{c: c, ends: ends}.give); err != nil {
				return err
			}
			continue
		}
		next, cuts := make([][]int, runs), crew.Cut(n, (n+runs-1)/runs)
		err := crew.Run(ctx, runs, len(cuts)-1, func(_, r int) {
			next[r] = memory.Make[int](n)
			// The caller looks at the context itself.
			_ = c.each(ctx, g, span{base, base + cuts[r], base + cuts[r+1]}, giver{c: c, ends: next[r]}.count)
		})
		if err != nil {
			return err
		}
		for v, end := range ends {
			for r := range len(cuts) - 1 {
				next[r][v], end = end, end+next[r][v]
			}
			ends[v] = end
		}
		err = crew.Run(ctx, runs, len(cuts)-1, func(_, r int) {
			_ = c.each(ctx, g, span{base, base + cuts[r], base + cuts[r+1]}, giver{c: c, ends: next[r]}.give)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// span is a run of places of the component that begins at base.
type span struct{ base, from, to int }

// each hands over the rows of the nodes of a span.
func (c *components) each(ctx context.Context, g *csr.Graph, s span, do func(row []uint32, weights []float64, u, base, local uint32)) error {
	told := 0
	for at := s.from; at < s.to; at++ {
		u := c.node[at]
		do(g.Neighbours(u), g.Weights(u), u, uint32(s.base), uint32(at-s.base))
		if g.IsDirected() {
			do(g.InNeighbours(u), g.InWeights(u), u, uint32(s.base), uint32(at-s.base))
		}
		if told += g.Degree(u); told > block {
			if told = 0; ctx.Err() != nil {
				return ctx.Err()
			}
		}
	}
	return nil
}

// giver writes nodes into the rows of their neighbours, which end at ends.
type giver struct {
	c    *components
	ends []int
}

// give writes node u, of the given number within its component.
func (to giver) give(row []uint32, weights []float64, u, base, local uint32) {
	c, ends := to.c, to.ends
	for i, v := range row {
		w := 1.0
		if weights != nil {
			w = weights[i]
		}
		if v != u && w > 0 {
			end := &ends[c.place[v]-base]
			c.rows.to[*end], c.rows.weight[*end] = local, w
			*end++
		}
	}
}

// count only counts what give would write.
func (to giver) count(row []uint32, weights []float64, u, base, _ uint32) {
	for i, v := range row {
		if v != u && (weights == nil || weights[i] > 0) {
			to.ends[to.c.place[v]-base]++
		}
	}
}

// level returns component number i as a level.
func (c *components) level(i int) *level {
	lo, hi := c.starts[i], c.starts[i+1]
	from := c.rows
	if i < c.plain && c.lent.to != nil {
		from = c.lent
	}
	l := &level{lo: c.lo[lo:hi], hi: c.hi[lo:hi], to: from.to, weight: from.weight, mass: c.mass[lo:hi]}
	if c.head != nil {
		l.head = c.head[lo:hi]
	}
	return l
}

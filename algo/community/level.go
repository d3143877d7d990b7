package community

import (
	"cmp"
	"context"
	"slices"
	"sync"

	"rummage/algo/csr"
	"rummage/algo/csr/crew"
)

// level is one graph of the hierarchy: symmetric, without self-loops, all weights positive. Its nodes are ordered by the keys of their
// first members, and its rows by where they came from, so that nothing in it depends on how the nodes of the whole graph are numbered.
type level struct {
	offset []int
	to     []uint32
	weight []float64
	// mass is what the null model knows of a node: its size, or its strength.
	mass []float64
	// count is how many nodes of the whole graph a node stands for.
	count []int
}

func (l *level) order() int { return len(l.mass) }

func (l *level) row(v uint32) ([]uint32, []float64) {
	lo, hi := l.offset[v], l.offset[v+1]
	return l.to[lo:hi], l.weight[lo:hi]
}

// components is the whole graph cut into connected components, each a level of its own. Places number the nodes by component, and
// within one by key.
type components struct {
	opts Options
	// gamma is the resolution as it multiplies masses.
	gamma float64
	// node is the node at a place, starts the first place of every component, closed by the number of nodes.
	node   []uint32
	starts []int
	keys   []uint64
	// whole holds all components; neighbours are numbered within their component.
	whole level
}

// mix is the finaliser of SplitMix64 over two words.
func mix(a, b uint64) uint64 {
	z := a ^ (b+0x9e3779b97f4a7c15)*0xbf58476d1ce4e5b9
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// prepare cuts the graph up. It looks at the context between its stages, each of which goes once over nodes or arcs.
func prepare(ctx context.Context, g *csr.Graph, opts Options) (*components, error) {
	n := g.Order()
	c := &components{opts: opts, gamma: opts.Resolution, node: make([]uint32, 0, n), keys: make([]uint64, n)}
	mass, total := masses(g, opts)
	if opts.Objective == Modularity && total > 0 {
		c.gamma /= total
	}
	byKey := make([]uint32, n)
	for u := range byKey {
		byKey[u] = uint32(u)
		key := uint64(u)
		if opts.Keys != nil {
			key = opts.Keys[u]
		}
		c.keys[u] = mix(opts.Seed, key)
	}
	slices.SortFunc(byKey, func(a, b uint32) int {
		return cmp.Or(cmp.Compare(c.keys[a], c.keys[b]), cmp.Compare(a, b))
	})
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	component := c.connect(g, byKey)
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	place := c.place(byKey, component)
	c.lay(g, place, component)
	c.whole.mass, c.whole.count = make([]float64, n), make([]int, n)
	for i, u := range c.node {
		c.whole.mass[i], c.whole.count[i] = mass[u], 1
	}
	return c, ctx.Err()
}

// connect returns the component of every node, numbered by their least keys, and fills in starts.
func (c *components) connect(g *csr.Graph, byKey []uint32) []uint32 {
	const none = ^uint32(0)
	component := slices.Repeat([]uint32{none}, len(byKey))
	c.starts = []int{0}
	queue := make([]uint32, 0, len(byKey))
	for _, first := range byKey {
		if component[first] != none {
			continue
		}
		number := uint32(len(c.starts) - 1)
		component[first] = number
		queue = append(queue, first)
		for at := len(queue) - 1; at < len(queue); at++ {
			weights := g.Weights(queue[at])
			for i, v := range g.Neighbours(queue[at]) {
				if component[v] == none && (weights == nil || weights[i] > 0) {
					component[v] = number
					queue = append(queue, v)
				}
			}
		}
		c.starts = append(c.starts, len(queue))
	}
	return component
}

// place fills in node and returns its inverse.
func (c *components) place(byKey, component []uint32) []int {
	c.node = make([]uint32, len(byKey))
	place := make([]int, len(byKey))
	next := slices.Clone(c.starts)
	for _, u := range byKey {
		at := next[component[u]]
		next[component[u]]++
		c.node[at], place[u] = u, at
	}
	return place
}

// lay writes the rows. Places are dealt out in ascending order, so every row comes out sorted.
func (c *components) lay(g *csr.Graph, place []int, component []uint32) {
	n := g.Order()
	l := &c.whole
	l.offset = make([]int, n+1)
	each := func(take func(from, to int, w float64)) {
		for from, u := range c.node {
			weights := g.Weights(u)
			for i, v := range g.Neighbours(u) {
				w := 1.0
				if weights != nil {
					w = weights[i]
				}
				if v != u && w > 0 {
					take(from, place[v], w)
				}
			}
		}
	}
	each(func(_, to int, _ float64) { l.offset[to+1]++ })
	for i := range n {
		l.offset[i+1] += l.offset[i]
	}
	l.to, l.weight = make([]uint32, l.offset[n]), make([]float64, l.offset[n])
	next := slices.Clone(l.offset)
	each(func(from, to int, w float64) {
		l.to[next[to]] = uint32(from - c.starts[component[c.node[from]]])
		l.weight[next[to]] = w
		next[to]++
	})
}

// component returns component number i as a level; offsets still count from the first row of all.
func (c *components) component(i int) *level {
	lo, hi := c.starts[i], c.starts[i+1]
	return &level{
		offset: c.whole.offset[lo : hi+1], to: c.whole.to, weight: c.whole.weight,
		mass: c.whole.mass[lo:hi], count: c.whole.count[lo:hi],
	}
}

// outcome is what is told of the work beside the labels.
type outcome struct {
	passes int
	stable bool
	split  int
}

func (o *outcome) add(other outcome) {
	o.passes = max(o.passes, other.passes)
	o.stable = o.stable && other.stable
	o.split += other.split
}

// piece is the least number of nodes that is worth handing to another goroutine.
const piece = 1 << 12

// solve returns a label for every node of the graph.
func (c *components) solve(ctx context.Context) ([]uint32, outcome, error) {
	pieces := []int{0}
	for i := range len(c.starts) - 1 {
		if last := i == len(c.starts)-2; last || c.starts[i+1]-c.starts[pieces[len(pieces)-1]] >= piece {
			pieces = append(pieces, i+1)
		}
	}
	labels := make([]uint32, len(c.node))
	outcomes := make([]outcome, len(pieces)-1)
	solvers := make([]*solver, crew.Size(c.opts.Threads, len(outcomes)))
	tell := &teller{total: len(c.node), progress: c.opts.Progress}
	err := crew.Run(ctx, c.opts.Threads, len(outcomes), func(worker, p int) {
		if solvers[worker] == nil {
			solvers[worker] = &solver{ctx: ctx, opts: c.opts, gamma: c.gamma, tell: tell}
		}
		outcomes[p].stable = true
		for i := pieces[p]; i < pieces[p+1] && ctx.Err() == nil; i++ {
			outcomes[p].add(c.divide(solvers[worker], i, labels))
		}
	})
	all := outcome{stable: true}
	for _, o := range outcomes {
		all.add(o)
	}
	return labels, all, err
}

// divide solves component i and writes the labels of its nodes, numbers from its first place on.
func (c *components) divide(s *solver, i int, labels []uint32) outcome {
	lo, hi := c.starts[i], c.starts[i+1]
	start := make([]uint32, hi-lo)
	for v := range start {
		start[v] = uint32(v)
		if c.opts.Start != nil {
			start[v] = c.opts.Start[c.node[lo+v]]
		}
	}
	part, communities := Canonical(start)
	if c.opts.MaxSize > 0 {
		dissolve(part, communities, c.opts.MaxSize)
	}
	var told outcome
	if hi-lo == 1 {
		told = outcome{stable: true}
	} else {
		s.chance = mix(c.opts.Seed, c.keys[c.node[lo]])
		told = s.run(c.component(i), part)
	}
	for v, label := range part {
		labels[c.node[lo+v]] = uint32(lo) + label
	}
	s.tell.add(hi-lo, s.told)
	s.told = 0
	return told
}

// dissolve lets every node of a community that is too large stand alone.
func dissolve(part []uint32, communities, limit int) {
	size := make([]int, communities)
	for _, label := range part {
		size[label]++
	}
	for v, label := range part {
		if size[label] > limit {
			// Labels are below the number of nodes, so this one is free.
			part[v] = uint32(len(part) + v)
		}
	}
	canonical, _ := Canonical(part)
	copy(part, canonical)
}

// teller adds up the progress of all workers.
type teller struct {
	lock     sync.Mutex
	done     int
	total    int
	progress func(done, total int)
}

// add tells that so many more nodes are settled, less those told before.
func (t *teller) add(nodes, before int) {
	if t.progress == nil {
		return
	}
	t.lock.Lock()
	defer t.lock.Unlock()
	t.done += nodes - before
	t.progress(t.done, t.total)
}

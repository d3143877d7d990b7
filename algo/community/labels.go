package community

import (
	"context"
	"fmt"
	"slices"
	"sync/atomic"

	"rummage/algo/csr"
	"rummage/algo/csr/crew"
)

// LabelOptions say how PropagateLabels works. The zero value is usable.
type LabelOptions struct {
	// Seed and Keys decide, as those of Options do, in which order nodes are visited and which labels are smaller.
	Seed uint64
	Keys []uint64
	// Passes bounds the passes; 0 means DefaultLabelPasses.
	Passes int
	// Threads is the number of goroutines; GOMAXPROCS when not positive. It does not change the result.
	Threads int
	// Progress, if set, is called after every pass with the nodes that stay as they are for now, and nodes in all.
	Progress func(done, total int)
}

// DefaultLabelPasses is the default of LabelOptions.Passes.
const DefaultLabelPasses = 50

// LabelResult is a preview of a division.
type LabelResult struct {
	// Membership gives the community of every node. Communities are numbered by their smallest member.
	Membership []uint32
	// Communities is their number.
	Communities int
	// Preview is always true: no quality is optimised, and Leiden finds better communities.
	Preview bool
	// Passes is how many passes were made, Settled whether the last changed nothing.
	Passes  int
	Settled bool
	// Colours is how many groups of nodes that are no neighbours each pass goes through.
	Colours int
	// Split is the number of communities that were found in several pieces at the end and taken apart.
	Split int
	// Method is "label propagation (preview)"; Limit and Seed are the bound of passes and the seed used.
	Method string
	Limit  int
	Seed   uint64
}

// PropagateLabels divides a graph by letting every node take, again and again, the label that weighs most among its neighbours, as a
// preview of what Leiden would find (Raghavan, Albert and Kumara 2007). Among labels of equal weight a node keeps its own, and
// takes the smallest otherwise. Every community is connected along edges of positive weight: pieces become communities of their own.
//
// Nodes are coloured so that no two neighbours share a colour, and visited colour by colour, all nodes of one at once (the
// semi-synchronous form of Cordasco and Gargano 2010). No node looks at one that changes at the same time, so that the weight inside
// communities never falls, rounding apart, and the work comes to an end, and threads do not change the result. A node is visited again only when a
// neighbour changed. Labels and colours follow Seed and Keys; with keys, the result does not depend on how nodes are numbered.
//
// Direction is left out, by csr.Graph.Symmetric; parallel edges add up; self-loops and edges of weight 0 are none. Cost O(m) a pass, the
// first ones, and little for those that follow; memory 40 bytes a node and 13 a node and thread. Errors: ErrOptions, or that of the
// context, which ends the work within a few ten thousand arcs.
func PropagateLabels(ctx context.Context, g *csr.Graph, opts LabelOptions) (LabelResult, error) {
	if opts.Passes == 0 {
		opts.Passes = DefaultLabelPasses
	}
	if opts.Passes < 0 || (opts.Keys != nil && len(opts.Keys) != g.Order()) {
		return LabelResult{}, fmt.Errorf("community: labels: %w: %d passes, %d keys, and there are %d nodes", ErrOptions,
			opts.Passes, len(opts.Keys), g.Order())
	}
	r := LabelResult{Preview: true, Method: "label propagation (preview)", Limit: opts.Passes, Seed: opts.Seed}
	if err := r.spread(ctx, g, opts); err != nil {
		return LabelResult{}, fmt.Errorf("community: labels: %w", err)
	}
	return r, nil
}

func (r *LabelResult) spread(ctx context.Context, g *csr.Graph, opts LabelOptions) error {
	g, err := g.Symmetric(ctx)
	if err != nil {
		return err
	}
	c, err := newContagion(ctx, g, opts)
	if err != nil {
		return err
	}
	if err := c.colour(ctx); err != nil {
		return err
	}
	r.Colours = len(c.start) - 1
	for r.Passes < opts.Passes && !r.Settled {
		changed, err := c.pass(ctx)
		if err != nil {
			return err
		}
		r.Passes++
		r.Settled = changed == 0
		if opts.Progress != nil {
			opts.Progress(g.Order()-int(changed), g.Order())
		}
	}
	labels, communities := Canonical(c.label)
	piece, err := pieces(ctx, g, labels, rostersOf(labels, communities), opts.Threads)
	if err != nil {
		return err
	}
	broken := make([]bool, communities)
	first := make([]bool, communities)
	for u, root := range piece {
		if root == uint32(u) {
			if c := labels[u]; first[c] && !broken[c] {
				broken[c] = true
				r.Split++
			}
			first[labels[u]] = true
		}
	}
	r.Membership, r.Communities = Canonical(piece)
	return nil
}

// contagion is the state of a propagation. A label is the place that the node it began at has in the order of visits.
type contagion struct {
	g     *csr.Graph
	opts  LabelOptions
	place []uint32 // of every node in the order of visits
	label []uint32
	due   []uint32 // 1 when a neighbour has changed; written by several threads at a time
	nodes []uint32 // by colour, by place within
	start []uint32 // of every colour, followed by the number of nodes
	hands []*hand  // of every worker
}

// hand is what a worker needs to weigh labels.
type hand struct {
	weight  []float64
	met     []uint32
	changed uint64
}

func newContagion(ctx context.Context, g *csr.Graph, opts LabelOptions) (*contagion, error) {
	n := g.Order()
	c := &contagion{g: g, opts: opts, place: make([]uint32, n), due: make([]uint32, n), nodes: make([]uint32, n)}
	visits := make([]keyed, n)
	for u := range visits {
		key := uint64(u)
		if opts.Keys != nil {
			key = opts.Keys[u]
		}
		visits[u] = keyed{mix(opts.Seed, key), uint32(u)}
		c.due[u] = 1
	}
	visits, err := order(ctx, opts.Threads, visits)
	if err != nil {
		return nil, err
	}
	for i, v := range visits {
		c.place[v.node], c.nodes[i] = uint32(i), v.node
	}
	c.label = slices.Clone(c.place)
	return c, nil
}

// colour gives every node, in the order of visits, the least colour that no neighbour has, and sorts the nodes by colour.
func (c *contagion) colour(ctx context.Context) error {
	const none = ^uint32(0)
	colours := make([]uint32, c.g.Order())
	for u := range colours {
		colours[u] = none
	}
	taken := []uint32{} // by which place a colour was last found taken, plus one
	seen := 0
	for i, u := range c.nodes {
		for _, v := range c.g.Neighbours(u) {
			if v != u && colours[v] != none {
				taken[colours[v]] = uint32(i + 1)
			}
		}
		free := slices.IndexFunc(taken, func(by uint32) bool { return by != uint32(i+1) })
		if free < 0 {
			free = len(taken)
			taken = append(taken, 0)
		}
		colours[u] = uint32(free)
		if seen += c.g.Degree(u) + 1; seen > 1<<17 {
			if seen = 0; ctx.Err() != nil {
				return ctx.Err()
			}
		}
	}
	c.start = make([]uint32, len(taken)+1)
	for _, colour := range colours {
		c.start[colour+1]++
	}
	for i := range taken {
		c.start[i+1] += c.start[i]
	}
	next := slices.Clone(c.start)
	sorted := make([]uint32, len(c.nodes))
	for _, u := range c.nodes {
		sorted[next[colours[u]]] = u
		next[colours[u]]++
	}
	c.nodes = sorted
	return ctx.Err()
}

// pass visits what is due, colour by colour, and returns how many nodes changed.
func (c *contagion) pass(ctx context.Context) (uint64, error) {
	if c.hands == nil {
		c.hands = make([]*hand, crew.Size(c.opts.Threads, len(c.nodes)))
		for i := range c.hands {
			c.hands[i] = &hand{weight: make([]float64, len(c.label))}
		}
	}
	var changed uint64
	for colour := range len(c.start) - 1 {
		nodes := c.nodes[c.start[colour]:c.start[colour+1]]
		cut := c.cut(nodes)
		err := crew.Run(ctx, c.opts.Threads, len(cut)-1, func(worker, block int) {
			for _, u := range nodes[cut[block]:cut[block+1]] {
				if c.due[u] == 1 {
					c.due[u] = 0
					c.visit(c.hands[worker], u)
				}
			}
		})
		if err != nil {
			return 0, err
		}
	}
	for _, h := range c.hands {
		changed += h.changed
		h.changed = 0
	}
	return changed, nil
}

// cut makes blocks of some ten thousand arcs, of nodes of one colour.
func (c *contagion) cut(nodes []uint32) []int {
	cut, arcs := []int{0}, 0
	for i, u := range nodes {
		if arcs += c.g.Degree(u) + 1; arcs > 1<<14 || i == len(nodes)-1 {
			cut, arcs = append(cut, i+1), 0
		}
	}
	return cut
}

// visit gives u the label that weighs most around it. Nobody else writes the label of u or looks at it meanwhile: its neighbours are
// of other colours.
func (c *contagion) visit(h *hand, u uint32) {
	row, weights := c.g.Neighbours(u), c.g.Weights(u)
	for i, v := range row {
		w := 1.0
		if weights != nil {
			w = weights[i]
		}
		if v == u || w == 0 {
			continue
		}
		label := c.label[v]
		if h.weight[label] == 0 {
			h.met = append(h.met, label)
		}
		h.weight[label] += w
	}
	best := h.heaviest(c.label[u])
	for _, label := range h.met {
		h.weight[label] = 0
	}
	h.met = h.met[:0]
	if best == c.label[u] {
		return
	}
	c.label[u] = best
	h.changed++
	for _, v := range row {
		if v != u {
			atomic.StoreUint32(&c.due[v], 1)
		}
	}
}

// heaviest returns the label of most weight, own if it is one of them and the smallest otherwise. Sums of the same weights in another
// order may differ by rounding, which must not decide.
func (h *hand) heaviest(own uint32) uint32 {
	var top float64
	for _, label := range h.met {
		top = max(top, h.weight[label])
	}
	top *= 1 - 1e-12
	if len(h.met) == 0 || h.weight[own] >= top {
		return own
	}
	best := ^uint32(0)
	for _, label := range h.met {
		if h.weight[label] >= top {
			best = min(best, label)
		}
	}
	return best
}

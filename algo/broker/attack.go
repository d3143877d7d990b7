package broker

import (
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"slices"

	"rummage/algo/centrality"
	"rummage/algo/csr"
	"rummage/algo/structure/forest"
	"rummage/algo/structure/queue"
)

// Order is how an attack chooses whom it takes next.
type Order uint8

const (
	// ByDegree takes the node with the most neighbours left.
	ByDegree Order = iota
	// ByBetweenness takes the node that most shortest paths of what is left run through.
	ByBetweenness
	// AtRandom takes any.
	AtRandom
)

// DefaultRepeats is how often Attack takes nodes at random where AttackOptions leave it open.
const DefaultRepeats = 100

// AttackOptions say how Attack takes a graph apart.
type AttackOptions struct {
	Order Order
	// Once ranks the nodes once, in the whole graph; else they are ranked anew after every loss.
	Once bool
	// Steps is how many nodes are taken; 0 means all.
	Steps int
	// Repeats is how many random orders are averaged; 0 means 100. Other orders have one.
	Repeats int
	// Seed decides random orders.
	Seed uint64
	// Threads is the number of goroutines that betweenness is counted on; GOMAXPROCS when not positive. It does not change the result.
	Threads int
	// Progress, if set, is called with nodes taken and nodes to be taken, of all repeats.
	Progress func(done, total int)
}

// Curve is how a graph fell to pieces.
type Curve struct {
	// Removed lists the nodes in the order in which they were taken; nil for random orders.
	Removed []uint32
	// Largest is the number of nodes in the largest component before anything was taken and after every loss; the mean over the
	// repeats.
	Largest []float64
	// Half is after how many losses the largest component has less than half of the nodes that it had at first, and -1 when that
	// does not happen; the mean over the repeats, each of which must come to it.
	Half float64
	// Robustness is R of Schneider et al. 2011, the mean share of all nodes that the largest component has after 1, 2, ... losses:
	// at most 1/2 when all nodes are taken, near 0 when a few hold everything together.
	Robustness float64
	// Order, Once, Steps, Repeats and Seed are those used, defaults filled in.
	Order   Order
	Once    bool
	Steps   int
	Repeats int
	Seed    uint64
}

// Attack takes nodes out of an undirected graph, the most central first, and follows the largest component (Albert, Jeong and Barabási
// 2000; ranked anew after every loss as Holme et al. 2002). Edges count, their weights do not, but for those of weight 0, which join
// nothing. Equals are taken by number, the smallest first.
//
// The losses are undone from the last to the first with union-find, so that the curve itself costs O(m). Choosing costs O(m log n) by degree
// and O(Steps·nm) by betweenness, ranked once O(nm). Errors: ErrDirected, ErrOptions, or that of the context.
func Attack(ctx context.Context, g *csr.Graph, opts AttackOptions) (Curve, error) {
	n := g.Order()
	opts.Steps = cmp.Or(opts.Steps, n)
	opts.Repeats = cmp.Or(opts.Repeats, DefaultRepeats)
	if opts.Order != AtRandom {
		opts.Repeats, opts.Seed = 1, 0
	}
	switch {
	case g.IsDirected():
		return Curve{}, fmt.Errorf("broker: attack: %w", ErrDirected)
	case opts.Order > AtRandom:
		return Curve{}, fmt.Errorf("broker: attack: %w: unknown order %d", ErrOptions, opts.Order)
	case opts.Steps < 0 || opts.Steps > n || opts.Repeats < 1:
		return Curve{}, fmt.Errorf("broker: attack: %w: %d losses of %d nodes, %d times", ErrOptions, opts.Steps, n, opts.Repeats)
	}
	g, err := joined(ctx, g)
	if err != nil {
		return Curve{}, fmt.Errorf("broker: attack: %w", err)
	}
	a := attack{g: g, opts: opts}
	curve := Curve{Largest: make([]float64, opts.Steps+1), Order: opts.Order, Once: opts.Once, Steps: opts.Steps, Repeats: opts.Repeats, Seed: opts.Seed}
	for a.repeat = range opts.Repeats {
		removed, err := a.order(ctx)
		if err != nil {
			return Curve{}, fmt.Errorf("broker: attack: %w", err)
		}
		if opts.Order != AtRandom {
			curve.Removed = removed
		}
		curve.add(a.largest(removed))
	}
	curve.mean(n)
	return curve, nil
}

// joined is the graph with one edge between any two nodes that one of positive weight joins.
func joined(ctx context.Context, g *csr.Graph) (*csr.Graph, error) {
	c := g.Columns()
	kept := csr.Columns{From: []uint32{}, To: []uint32{}}
	for i := range c.From {
		if c.From[i] != c.To[i] && (c.Weight == nil || c.Weight[i] > 0) {
			kept.From, kept.To = append(kept.From, c.From[i]), append(kept.To, c.To[i])
		}
	}
	return csr.Build(ctx, kept, csr.Options{Nodes: g.Order()})
}

// add counts one more run in. Sums of whole numbers leave no trace of their order.
func (c *Curve) add(largest []int) {
	half := -1
	for i, size := range largest {
		c.Largest[i] += float64(size)
		if half < 0 && 2*size < largest[0] {
			half = i
		}
	}
	if half < 0 || c.Half < 0 {
		c.Half = -1
		return
	}
	c.Half += float64(half)
}

func (c *Curve) mean(n int) {
	for i := range c.Largest {
		c.Largest[i] /= float64(c.Repeats)
		if i > 0 {
			c.Robustness += c.Largest[i] / float64(n)
		}
	}
	if c.Half > 0 {
		c.Half /= float64(c.Repeats)
	}
	if c.Steps > 0 {
		c.Robustness /= float64(c.Steps)
	}
}

type attack struct {
	g      *csr.Graph
	opts   AttackOptions
	repeat int
}

func (a *attack) tell(done int) {
	if a.opts.Progress != nil {
		a.opts.Progress(a.repeat*a.opts.Steps+done, a.opts.Repeats*a.opts.Steps)
	}
}

func (a *attack) order(ctx context.Context) (removed []uint32, err error) {
	switch {
	case a.opts.Order == AtRandom:
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		removed = make([]uint32, a.g.Order())
		for i, u := range rand.New(rand.NewPCG(a.opts.Seed, uint64(a.repeat))).Perm(len(removed)) {
			removed[i] = uint32(u)
		}
	case a.opts.Order == ByDegree && a.opts.Once:
		removed = ranked(a.g.Order(), func(u uint32) float64 { return float64(a.g.Degree(u)) })
	case a.opts.Order == ByDegree:
		removed = a.peel()
	case a.opts.Once:
		scores, err := between(ctx, a.g, a.opts.Threads)
		if err != nil {
			return nil, err
		}
		removed = ranked(len(scores), func(u uint32) float64 { return scores[u] })
	default:
		removed, err = a.cut(ctx)
	}
	a.tell(a.opts.Steps)
	if err != nil {
		return nil, err
	}
	return removed[:a.opts.Steps], nil
}

func between(ctx context.Context, g *csr.Graph, threads int) ([]float64, error) {
	measured, err := centrality.Betweenness(ctx, g, centrality.Options{Threads: threads})
	return measured.Nodes, err
}

// ranked returns the nodes by falling score, equals by number.
func ranked(n int, score func(u uint32) float64) []uint32 {
	order := make([]uint32, n)
	for u := range order {
		order[u] = uint32(u)
	}
	slices.SortStableFunc(order, func(u, v uint32) int {
		switch x, y := score(u), score(v); {
		case x > y:
			return -1
		case x < y:
			return 1
		}
		return 0
	})
	return order
}

// peel takes the node with the most neighbours left, again and again.
func (a *attack) peel() []uint32 {
	n := a.g.Order()
	degree, taken := make([]int, n), make([]bool, n)
	q := make(queue.Queue[entry], 0, n)
	for u := range n {
		degree[u] = a.g.Degree(uint32(u))
		q.Push(entry{degree[u], uint32(u)})
	}
	removed := make([]uint32, 0, n)
	for len(removed) < a.opts.Steps {
		top := q.Pop()
		if u := top.node; !taken[u] && degree[u] == top.degree { // else there is a later entry of it
			taken[u] = true
			removed = append(removed, u)
			for _, v := range a.g.Neighbours(u) {
				if !taken[v] {
					degree[v]--
					q.Push(entry{degree[v], v})
				}
			}
		}
	}
	return removed
}

// entry is a node with the number of neighbours it had when it came into the queue.
type entry struct {
	degree int
	node   uint32
}

// Before orders entries by falling degree, equals by number.
func (e entry) Before(other entry) bool {
	return e.degree > other.degree || e.degree == other.degree && e.node < other.node
}

// cut takes the node with the greatest betweenness in what is left, again and again.
func (a *attack) cut(ctx context.Context) ([]uint32, error) {
	part, origin := a.g, ranked(a.g.Order(), func(uint32) float64 { return 0 })
	var removed []uint32
	for len(removed) < a.opts.Steps {
		scores, err := between(ctx, part, a.opts.Threads)
		if err != nil {
			return nil, err
		}
		first := uint32(0)
		for u := range uint32(len(scores)) {
			if scores[u] > scores[first]*(1+better) {
				first = u
			}
		}
		removed = append(removed, origin[first])
		left := slices.Delete(ranked(len(scores), func(uint32) float64 { return 0 }), int(first), int(first)+1)
		smaller, kept, err := part.Induced(left)
		if err != nil {
			return nil, err
		}
		names := make([]uint32, len(kept))
		for i, u := range kept {
			names[i] = origin[u]
		}
		part, origin = smaller, names
		a.tell(len(removed))
	}
	return removed, nil
}

// largest returns the size of the largest component before anything was taken and after every loss.
func (a *attack) largest(removed []uint32) []int {
	n := a.g.Order()
	gone := make([]bool, n)
	for _, u := range removed {
		gone[u] = true
	}
	trees, size := forest.New(n), make([]int, n) // size is 0 for nodes that are not there
	sizes := make([]int, len(removed)+1)
	most := 0
	put := func(u uint32) {
		size[u] = 1
		most = max(most, 1)
		for _, v := range a.g.Neighbours(u) {
			if size[v] == 0 {
				continue
			}
			if root, gone := trees.Unite(u, v); root != gone {
				size[root] += size[gone]
				most = max(most, size[root])
			}
		}
	}
	for u := range uint32(n) {
		if !gone[u] {
			put(u)
		}
	}
	sizes[len(removed)] = most
	for i := len(removed) - 1; i >= 0; i-- {
		put(removed[i])
		sizes[i] = most
	}
	return sizes
}

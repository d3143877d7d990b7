package finding

import (
	"context"
	"fmt"
	"math"
	"slices"

	"rummage/algo/csr"
	"rummage/algo/csr/crew"
)

// Closeness says how closed the circle around each node is, without looking at any outcome. Place i belongs to node i of the trade.
//
// It is a number beside leads, named as such, and by default no part of them: family firms are as closed as rings.
type Closeness struct {
	// Loops is, over a node's ties, the largest sum of 1/d over two-step paths and of 1/(d*d') over three-step paths that close
	// the tie, d the degrees of the nodes between. A path through a busy node says little, so it weighs little.
	Loops []float64

	// Shared is the number of other users of a node's rare identifiers, service parties left out, added up.
	Shared []float64
}

// ClosenessOptions are the settings of MeasureCloseness; DefaultCloseness has the study's.
type ClosenessOptions struct {
	RareUsers int // an identifier with more users is left out
	Busy      int // a node of higher degree closes no path
	Threads   int // 0 means one per processor; the answer is the same for any number
}

// DefaultCloseness are identifiers of at most 25 users, and paths through nodes of at most 30 ties.
func DefaultCloseness() ClosenessOptions { return ClosenessOptions{RareUsers: 25, Busy: 30} }

// MeasureCloseness looks at the circle around every node, on trade ties and ties to rare identifiers. Cost O(edges * Busy^2), in
// practice far less.
func MeasureCloseness(ctx context.Context, trade *Trade, opts ClosenessOptions) (*Closeness, error) {
	if err := trade.Check(); err != nil {
		return nil, err
	}
	if opts.RareUsers < 1 || opts.Busy < 1 {
		return nil, fmt.Errorf("finding: closeness: rare up to %d users, busy above %d ties: both must be 1 or more", opts.RareUsers, opts.Busy)
	}
	ties, _ := rareTies(trade, 1, opts.RareUsers)
	g, err := plainGraph(ctx, trade.Nodes, slices.Concat(partners(trade, sold(trade)), ties), csr.Options{Threads: opts.Threads})
	if err != nil {
		return nil, err
	}
	c := &Closeness{Loops: make([]float64, trade.Nodes), Shared: make([]float64, trade.Nodes)}
	users := make([]uint32, trade.Nodes)
	for _, tie := range ties {
		users[tie.B]++
	}
	for _, tie := range ties {
		c.Shared[tie.A] += float64(users[tie.B] - 1)
	}
	return c, c.close(ctx, g, opts)
}

// close fills Loops.
func (c *Closeness) close(ctx context.Context, g *csr.Graph, opts ClosenessOptions) error {
	damping := make([]float64, g.Order())
	for v := range damping {
		if d := g.Degree(uint32(v)); d > 0 && d <= opts.Busy {
			damping[v] = 1 / float64(d)
		}
	}
	around := make([]float64, g.Order()) // sum of damping over neighbours
	for v := range around {
		for _, n := range g.Neighbours(uint32(v)) {
			around[v] += damping[n]
		}
	}
	alone, err := turned(ctx, g, damping, opts.Threads)
	if err != nil {
		return fmt.Errorf("finding: closeness: %w", err)
	}
	cut := crew.Cut(g.Order(), 512)
	closers := make([]*closer, crew.Size(opts.Threads, len(cut)-1))
	err = crew.Run(ctx, opts.Threads, len(cut)-1, func(worker, block int) {
		if closers[worker] == nil {
			closers[worker] = &closer{g: g, damping: damping, around: around, alone: alone, two: newSparse(g.Order()), three: newSparse(g.Order())}
		}
		for u := cut[block]; u < cut[block+1]; u++ {
			c.Loops[u] = closers[worker].largest(uint32(u))
		}
	})
	if err != nil {
		return fmt.Errorf("finding: closeness: %w", err)
	}
	return nil
}

// closer follows the paths from one node at a time.
type closer struct {
	g               *csr.Graph
	damping, around []float64
	alone           []float64 // see turned
	two, three      *sparse   // damped walks of two and three steps from the node, by where they end
}

// sparse is a vector that is emptied at the cost of what it holds.
type sparse struct {
	value []float64
	touch []uint32
	in    []bool
}

func newSparse(n int) *sparse { return &sparse{value: make([]float64, n), in: make([]bool, n)} }

func (s *sparse) add(i uint32, v float64) {
	if !s.in[i] {
		s.in[i] = true
		s.touch = append(s.touch, i)
	}
	s.value[i] += v
}

func (s *sparse) clear() {
	for _, i := range s.touch {
		s.value[i], s.in[i] = 0, false
	}
	s.touch = s.touch[:0]
}

// largest is the largest closing sum over the ties of u. Walks u-a-b-v that turn back along the tie itself (b = u or a = v) close
// nothing and are taken off.
//
// Walks of three steps are counted from whichever end has less to look at: onwards from where two steps end, or back from where they have
// to end. Either adds up the same terms in the same order, that of b.
func (c *closer) largest(u uint32) float64 {
	near := c.g.Neighbours(u)
	if len(near) == 1 {
		// Nothing closes a single tie, but for what rounding leaves; it stays, so that all nodes are measured alike.
		a := near[0]
		return max(0, c.alone[a]-c.back(u, a))
	}
	for _, a := range near {
		if c.damping[a] == 0 {
			continue
		}
		for _, b := range c.g.Neighbours(a) {
			c.two.add(b, c.damping[a])
		}
	}
	if len(c.two.touch) == 0 {
		return 0
	}
	onwards, back := 0, 0
	for _, b := range c.two.touch {
		if c.damping[b] > 0 {
			onwards += c.g.Degree(b)
		}
	}
	for _, v := range near {
		back += c.g.Degree(v)
	}
	three := c.into
	if onwards+len(c.two.touch) < back {
		c.onwards()
		three = func(v uint32) float64 { return c.three.value[v] }
	}
	best := 0.0
	for _, v := range near {
		best = max(best, c.two.value[v]+max(0, three(v)-c.back(u, v)))
	}
	c.two.clear()
	c.three.clear()
	return best
}

// back is what turns back along the tie of u and v.
func (c *closer) back(u, v uint32) float64 {
	return c.damping[v]*c.around[v] + c.damping[u]*c.around[u] - c.damping[u]*c.damping[v]
}

// turned are, by node, the damped walks of three steps to it from a node that is tied to it alone: there, to anyone around it, and there
// again. Most nodes of a trade are such ends, and all that hang on one node have the same.
func turned(ctx context.Context, g *csr.Graph, damping []float64, threads int) ([]float64, error) {
	all, cut := make([]float64, g.Order()), crew.Cut(g.Order(), 1<<14)
	return all, crew.Run(ctx, threads, len(cut)-1, func(_, block int) {
		for a := cut[block]; a < cut[block+1]; a++ {
			if damping[a] == 0 {
				continue
			}
			for _, b := range g.Neighbours(uint32(a)) {
				all[a] += damping[a] * damping[b]
			}
		}
	})
}

// onwards goes a third step from wherever two end.
func (c *closer) onwards() {
	slices.Sort(c.two.touch)
	for _, b := range c.two.touch {
		if c.damping[b] == 0 {
			continue
		}
		for _, v := range c.g.Neighbours(b) {
			c.three.add(v, c.two.value[b]*c.damping[b])
		}
	}
}

// into adds up the walks whose third step leads to v.
func (c *closer) into(v uint32) float64 {
	sum := 0.0
	for _, b := range c.g.Neighbours(v) {
		if two := c.two.value[b]; two > 0 {
			sum += two * c.damping[b]
		}
	}
	return sum
}

// Of joins both into one number, 0 for a node that no path closes and that shares nothing: ln(1 + L/0.02)/2 + ln(1 + S).
func (c *Closeness) Of(node uint32) float64 {
	return math.Log1p(c.Loops[node]/0.02)/2 + math.Log1p(c.Shared[node])
}

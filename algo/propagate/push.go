package propagate

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"

	"rummage/algo/csr"
)

// PushOptions say how far Push goes. The zero value is usable.
type PushOptions struct {
	// Damping is that of Options.
	Damping float64
	// Epsilon is the residual per unit of strength at which a node is left alone; 0 means 1e-8.
	Epsilon float64
	// MaxPushes bounds the work; 0 means 10 million. When it is reached, Residual tells what is missing.
	MaxPushes int
}

// DefaultEpsilon and DefaultMaxPushes are the defaults of PushOptions.
const (
	DefaultEpsilon   = 1e-8
	DefaultMaxPushes = 10_000_000
)

// Pushed is an approximate walk around its seeds.
type Pushed struct {
	// Nodes lists the nodes with a score in ascending order, Scores their scores, none greater than the exact one.
	Nodes  []uint32
	Scores []float64
	// Residual is what the scores miss in sum.
	Residual float64
	// Bound is the greatest residual per unit of strength that was left. In an undirected graph the score of v misses at most Bound times
	// the strength of v, in a directed one at most Residual. It is no more than Epsilon unless MaxPushes ended the work.
	Bound  float64
	Pushes int
	// Damping and Epsilon are those used.
	Damping, Epsilon float64
}

// Push approximates Walk near one set of seeds without looking at the rest of the graph, by forward push (Andersen, Chung and Lang
// 2006): as long as a node's residual exceeds Epsilon times its strength, it keeps 1-c of it and hands c on along its edges. Dead
// ends lose what they would hand on, as under DanglingLose. In an undirected graph the score of v misses at most Epsilon times the
// strength of v.
//
// Seeds are given as nodes with positive numbers, which are divided by their sum; a node may stand more than once. Cost O(1/(Epsilon (1-c)))
// over all edges pushed along, whatever the size of the graph; memory for the nodes touched. The order of pushes depends on the seeds
// alone. Errors: ErrOptions, ErrSeeds, or that of the context.
func Push(ctx context.Context, g *csr.Graph, seeds []Share, opts PushOptions) (Pushed, error) {
	opts, err := opts.settle()
	if err != nil {
		return Pushed{}, fmt.Errorf("propagate: push: %w", err)
	}
	p := pusher{g: g, opts: opts, place: map[uint32]int{}}
	if err := p.seed(seeds); err != nil {
		return Pushed{}, fmt.Errorf("propagate: push: %w", err)
	}
	pushes, err := p.run(ctx)
	if err != nil {
		return Pushed{}, fmt.Errorf("propagate: push: %w", err)
	}
	return p.collect(pushes), nil
}

// settle checks the options and fills in the defaults.
func (o PushOptions) settle() (PushOptions, error) {
	if o.Damping == 0 {
		o.Damping = DefaultDamping
	}
	if o.Epsilon == 0 {
		o.Epsilon = DefaultEpsilon
	}
	if o.MaxPushes == 0 {
		o.MaxPushes = DefaultMaxPushes
	}
	if !(o.Damping > 0 && o.Damping < 1) || !(o.Epsilon > 0) || o.MaxPushes < 0 {
		return o, fmt.Errorf("%w: damping %v, epsilon %v, %d pushes", ErrOptions, o.Damping, o.Epsilon, o.MaxPushes)
	}
	return o, nil
}

// run pushes until no node is due, or MaxPushes times, and returns how often.
func (p *pusher) run(ctx context.Context) (pushes int, err error) {
	for ; len(p.queue) > 0 && pushes < p.opts.MaxPushes; pushes++ {
		if pushes%64 == 0 && ctx.Err() != nil {
			return pushes, ctx.Err()
		}
		at := p.queue[0]
		p.queue = p.queue[1:]
		p.push(at)
	}
	return pushes, nil
}

// pusher holds what is known of the nodes touched, in the order in which they were met.
type pusher struct {
	g    *csr.Graph
	opts PushOptions
	// place is where a node stands among those met; dense, plus one, where there is one for all nodes.
	place map[uint32]int
	dense []uint32
	met   []touched
	queue []int
}

type touched struct {
	node     uint32
	strength float64
	score    float64
	residual float64
	waiting  bool
}

func (p *pusher) seed(seeds []Share) error {
	seeds = slices.Clone(seeds)
	slices.SortStableFunc(seeds, func(a, b Share) int { return cmp.Compare(a.Seed, b.Seed) })
	var greatest, sum float64
	for _, s := range seeds {
		if uint64(s.Seed) >= uint64(p.g.Order()) || !(s.Value >= 0 && s.Value <= 1e300) {
			return fmt.Errorf("%w: node %d has %v, and there are %d nodes", ErrSeeds, s.Seed, s.Value, p.g.Order())
		}
		greatest = max(greatest, s.Value)
	}
	if greatest == 0 {
		return fmt.Errorf("%w: all are 0", ErrSeeds)
	}
	for _, s := range seeds {
		sum += s.Value / greatest
	}
	for _, s := range seeds {
		p.add(s.Seed, s.Value/greatest/sum)
	}
	return nil
}

// add gives node u some residual.
func (p *pusher) add(u uint32, residual float64) {
	at := p.find(u)
	p.met[at].residual += residual
	p.arm(at)
}

// arm queues a node when it holds enough.
func (p *pusher) arm(at int) {
	n := &p.met[at]
	if !n.waiting && math.Abs(n.residual) > p.opts.Epsilon*n.strength {
		n.waiting = true
		p.queue = append(p.queue, at)
	}
}

// find returns the place of u.
func (p *pusher) find(u uint32) int {
	if p.dense != nil {
		if at := p.dense[u]; at > 0 {
			return int(at) - 1
		}
		p.dense[u] = uint32(len(p.met)) + 1
	} else {
		if at, known := p.place[u]; known {
			return at
		}
		p.place[u] = len(p.met)
	}
	p.met = append(p.met, touched{node: u, strength: p.g.Strength(u)})
	return len(p.met) - 1
}

func (p *pusher) push(at int) {
	n := &p.met[at]
	u, residual, strength := n.node, n.residual, n.strength
	n.score += (1 - p.opts.Damping) * residual
	n.residual, n.waiting = 0, false
	if strength == 0 {
		return
	}
	weights := p.g.Weights(u)
	for i, v := range p.g.Neighbours(u) {
		w := 1.0
		if weights != nil {
			w = weights[i]
		}
		if w > 0 {
			p.add(v, p.opts.Damping*residual*w/strength)
		}
	}
}

func (p *pusher) collect(pushes int) Pushed {
	slices.SortFunc(p.met, func(a, b touched) int { return cmp.Compare(a.node, b.node) })
	result := Pushed{Pushes: pushes, Damping: p.opts.Damping, Epsilon: p.opts.Epsilon}
	for _, n := range p.met {
		result.Residual += math.Abs(n.residual)
		if n.strength > 0 {
			result.Bound = max(result.Bound, math.Abs(n.residual)/n.strength)
		}
		if n.score != 0 {
			result.Nodes, result.Scores = append(result.Nodes, n.node), append(result.Scores, n.score)
		}
	}
	return result
}

package centrality

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"rummage/algo/csr"
	"rummage/algo/csr/crew"
)

// SampleOptions say how SampleBetweenness measures. The zero value is usable.
type SampleOptions struct {
	// Weighted and Normalised are as for Betweenness.
	Weighted, Normalised bool
	// Epsilon is how far off a result may be, as a share of the pairs that Normalised divides by; Delta the probability that any node is
	// further off. DefaultEpsilon and DefaultDelta when 0.
	Epsilon, Delta float64
	// Top, when positive, asks for so many nodes of the greatest betweenness only, which may take fewer samples.
	Top int
	// Seed chooses the sample.
	Seed uint64
	// Threads is the number of goroutines; GOMAXPROCS when not positive. It does not change a bit of the result.
	Threads int
	// Progress, if set, is called with the number of samples drawn and the greatest number that may be needed, which is seldom reached; never twice at a
	// time.
	Progress func(done, most int)
}

// Sampled is estimated betweenness, and how it came about.
type Sampled struct {
	// Nodes are the estimates. With a probability of at least 1-Delta, the true value of every node lies between Lower and Upper. Where both
	// are equal, it is exact.
	Nodes, Lower, Upper []float64
	// Bound is the greatest distance of an estimate from its Lower or Upper. Without Top, it is at most Epsilon times the number of pairs,
	// or Epsilon when normalised.
	Bound float64
	// Top lists the nodes of the greatest estimates, the first first, equals by number. Neighbours in the list are in the right order, or both within
	// Epsilon of their true values; so are its last and any node that is not in it.
	Top []uint32
	// Samples is the number of paths that the estimates rest on; Pilot that of paths drawn before to plan, and not used.
	Samples, Pilot int
	Epsilon, Delta float64
	Seed           uint64
	// Weighted and Normalised are those of the options; a graph without weights is measured as unweighted.
	Weighted, Normalised bool
	// Blocks is the number of parts that paths were drawn in.
	Blocks int
}

// SampleBetweenness estimates betweenness from shortest paths drawn at random, for graphs on which Betweenness would take too long. What it counts, and
// what parallel edges, self-loops and weights of 0 do, is as there.
//
// Paths are drawn as in KADABRA (Borassi and Natale 2016): a pair of nodes, then one of its shortest paths, by searches from both ends. Three things differ.
// Cut vertices get the pairs that they separate exactly, as in Betweenness, and pairs are drawn within blocks, weighed by what hangs
// on them, so that an error is one of the part that is not known (Riondato and Kornaropoulos 2016 draw from all pairs). How many nodes' worth of error
// each node may use is planned on a pilot sample, as there. And the drawing stops at one of 16 planned moments at which the bound of Chernoff and
// Hoeffding holds for every node, each with its part of Delta: no constant and no bound on the diameter is taken on trust.
//
// Cost: about ln(n/Delta)/Epsilon samples where betweenness is low, at most ln(n/Delta)/(2·Epsilon²), each about √m steps, with lengths O(m + n log n);
// memory about 100 bytes a node, with lengths 12 more an arc, and for each thread 20 bytes a node, with lengths 60 a node and 12 an arc. Errors: ErrOptions, ErrPaths, or that of the context.
func SampleBetweenness(ctx context.Context, g *csr.Graph, opts SampleOptions) (Sampled, error) {
	result, err := sampleBetweenness(ctx, g, opts)
	if err != nil {
		return Sampled{}, fmt.Errorf("centrality: sampled betweenness: %w", err)
	}
	return result, nil
}

func sampleBetweenness(ctx context.Context, g *csr.Graph, opts SampleOptions) (Sampled, error) {
	g, err := g.Simple(ctx)
	if err != nil {
		return Sampled{}, err
	}
	if opts.Epsilon, opts.Delta, err = accuracy(opts.Epsilon, opts.Delta); err != nil {
		return Sampled{}, err
	}
	opts.Weighted = opts.Weighted && g.IsWeighted()
	d, err := shatter(ctx, g, form{lengths: opts.Weighted, bare: !opts.Weighted, whole: g.IsDirected(), threads: opts.Threads})
	if err != nil {
		return Sampled{}, err
	}
	s := newSampler(ctx, g, d, opts)
	if err = s.run(); err != nil {
		return Sampled{}, err
	}
	return s.result(g.IsDirected()), nil
}

// batch is how many samples share a stream of random numbers.
const batch = 64

// sampler draws paths until it knows enough.
type sampler struct {
	ctx  context.Context
	opts SampleOptions
	g    *csr.Graph
	d    *shards
	urn  urn
	// epsilon is the error allowed in the share of samples that lead through a node.
	epsilon float64
	drawers []drawer
	// count tells, per node, how many of the samples led through it; odds are what exp(-odds) makes of its part of delta, or 0 for a node that is in no block.
	count []uint32
	odds  []float64
	// usual are the odds of a node that nothing is known of before.
	usual float64
	// drawn samples were drawn in all, pilot of them to plan, and samples since; most is how many these may become.
	drawn, pilot, samples, most int
	known                       known
}

// drawer draws one path of a pair of slots and counts the nodes within.
type drawer interface {
	draw(source, target uint32, random *rand.Rand)
	counts() []uint32
	failed() error
}

func newSampler(ctx context.Context, g *csr.Graph, d *shards, opts SampleOptions) *sampler {
	s := &sampler{ctx: ctx, opts: opts, g: g, d: d, urn: newUrn(d), count: make([]uint32, d.nodes), odds: make([]float64, d.nodes)}
	pairs := float64(d.nodes-1) * float64(d.nodes-2)
	if s.urn.total > 0 {
		s.epsilon = min(opts.Epsilon*pairs/s.urn.total, 0.999)
	}
	s.drawers = make([]drawer, crew.Size(opts.Threads, math.MaxInt))
	return s
}

// run draws, first to plan, then to know.
func (s *sampler) run() error {
	if s.urn.total == 0 || s.d.nodes < 3 {
		return nil
	}
	s.equip()
	if err := s.draw(int(math.Ceil(8/s.epsilon/batch)) * batch); err != nil {
		return err
	}
	s.pilot = s.samples
	moments := s.plan()
	s.samples = 0
	for worker := range s.drawers {
		if s.drawers[worker] != nil {
			clear(s.drawers[worker].counts())
		}
	}
	for _, moment := range moments {
		if moment <= s.samples {
			continue
		}
		if err := s.draw(moment - s.samples); err != nil {
			return err
		}
		if s.enough() {
			break
		}
	}
	return nil
}

// draw draws so many more samples, a multiple of batch.
func (s *sampler) draw(samples int) error {
	first := s.drawn / batch
	err := crew.Run(s.ctx, len(s.drawers), samples/batch, func(worker, piece int) {
		if s.drawers[worker] == nil {
			s.drawers[worker] = s.drawer()
		}
		random := rand.New(rand.NewPCG(mix(s.opts.Seed, uint64(first+piece))))
		for range batch {
			source, target := s.urn.pair(random)
			s.drawers[worker].draw(source, target, random)
		}
	})
	clear(s.count)
	for _, w := range s.drawers {
		if w == nil {
			continue
		}
		if err == nil {
			err = w.failed()
		}
		for u, count := range w.counts() {
			s.count[u] += count
		}
	}
	s.drawn += samples
	s.samples += samples
	if s.opts.Progress != nil && err == nil {
		s.opts.Progress(s.drawn, s.pilot+s.most)
	}
	return err
}

func (s *sampler) drawer() drawer {
	if s.opts.Weighted {
		return newWalker(s.ctx, s.d)
	}
	return newMeeting(s.ctx, s.g, s.d.origin)
}

// mix makes two words of which each bit depends on every bit of the seed and of the number of a batch (Steele, Lea and Flood 2014).
func mix(seed, number uint64) (a, b uint64) {
	scramble := func(x uint64) uint64 {
		x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
		x = (x ^ x>>27) * 0x94d049bb133111eb
		return x ^ x>>31
	}
	a = scramble(seed + 0x9e3779b97f4a7c15)
	b = scramble(a + number*0x9e3779b97f4a7c15)
	return a ^ scramble(b), b
}

// result turns counts into betweenness.
func (s *sampler) result(directed bool) Sampled {
	n := s.d.nodes
	scale := 1.0
	if !directed {
		scale = 0.5
	}
	if s.opts.Normalised && n > 2 {
		scale = 1 / (float64(n-1) * float64(n-2))
	}
	r := Sampled{Nodes: make([]float64, n), Lower: make([]float64, n), Upper: make([]float64, n), Samples: s.samples, Pilot: s.pilot,
		Epsilon: s.opts.Epsilon, Delta: s.opts.Delta, Seed: s.opts.Seed, Weighted: s.opts.Weighted, Normalised: s.opts.Normalised,
		Blocks: len(s.d.first) - 1}
	for u := range uint32(n) {
		value := s.d.cut[u]
		lower, upper := value, value
		if s.odds[u] > 0 {
			value += float64(s.count[u]) / float64(s.samples) * s.urn.total
			lower, upper = s.bounds(u)
		}
		r.Nodes[u], r.Lower[u], r.Upper[u] = value*scale, lower*scale, upper*scale
		r.Bound = max(r.Bound, r.Nodes[u]-r.Lower[u], r.Upper[u]-r.Nodes[u])
	}
	if s.opts.Top > 0 {
		r.Top = s.order()[:min(s.opts.Top, n)]
	}
	return r
}

// order returns the nodes, those of the greatest estimates first.
func (s *sampler) order() []uint32 {
	order := make([]uint32, s.d.nodes)
	value := make([]float64, len(order))
	for u := range order {
		order[u] = uint32(u)
		value[u] = s.d.cut[u] + float64(s.count[u])/float64(max(s.samples, 1))*s.urn.total
	}
	slices.SortFunc(order, func(a, b uint32) int {
		switch {
		case value[a] > value[b]:
			return -1
		case value[a] < value[b]:
			return 1
		}
		return int(int64(a) - int64(b))
	})
	return order
}

package centrality

import (
	"context"
	"fmt"
	"math"

	"rummage/algo/csr"
	"rummage/algo/csr/crew"
	"rummage/algo/propagate"
)

// Prominence is eigenvector centrality and how it came about.
type Prominence struct {
	// Scores have Euclidean length 1, or are all 0 where no eigenvalue is above 0.
	Scores []float64
	// Value is the eigenvalue, the spectral radius of the weights.
	Value float64
	// Residual is the Euclidean length of what one more multiplication changes of the scores beyond stretching them, over Value.
	Residual float64
	Steps    int
	// Tolerance is the one used.
	Tolerance float64
}

// Renown is the outcome of HITS.
type Renown struct {
	// Hub and Authority have Euclidean length 1 each, or are all 0 where the graph has no edge with a weight.
	Hub, Authority []float64
	// Value is the greatest singular value of the weights.
	Value float64
	// Residual is the Euclidean length of the change that the last round made to either, the greater of the two.
	Residual float64
	Steps    int
	// Tolerance is the one used.
	Tolerance float64
}

// part is the share of the eigenvalue that shifts the matrix: enough to keep the two sides of a bipartite graph from swapping for ever,
// and little enough not to slow the others down by much.
const part = 0.25

// patch is the size of the pieces of work, in arcs.
const patch = 1 << 15

// Eigenvector returns the eigenvector centrality of every node (Bonacich 1972): the non-negative solution x of x = Wᵀx/λ for the
// greatest eigenvalue λ of the weights W; a node is central when what points to it is. Use it where being known by the well-known
// counts, and the graph is connected; PageRank and Katz have an answer that everybody takes part in.
//
// It is found by power iteration from 1 for every node on the matrix shifted by λ/4, so that a bipartite graph, whose spectrum is
// symmetric, has the same kind of answer as any other. In a graph that is not connected, components with a smaller eigenvalue end at 0
// up to the residual, and those that share the greatest get what the start has of each. A directed graph without a cycle has no
// eigenvalue but 0: all scores are 0, as they are in a graph without edges. In a directed graph, what no strong component of the
// greatest eigenvalue leads to ends at 0, too. Weights count; parallel edges add up; a self-loop counts once.
//
// Cost O(m) a sweep; the number of sweeps grows as the two greatest eigenvalues near each other: some dozens to thousands. Memory 16
// bytes a node. Errors: propagate.ErrOptions; propagate.ErrSteps, with the result filled; or that of the context.
func Eigenvector(ctx context.Context, g *csr.Graph, limits propagate.Limits) (Prominence, error) {
	limits, err := limits.Settled()
	if err != nil {
		return Prominence{}, fmt.Errorf("centrality: eigenvector: %w", err)
	}
	p := Prominence{Scores: make([]float64, g.Order()), Tolerance: limits.Tolerance}
	cyclic, err := hasCycle(ctx, g)
	if err != nil || !cyclic {
		return p, wrap("eigenvector", err)
	}
	m := newMultiplier(g, limits.Threads, true)
	x, y := p.Scores, make([]float64, g.Order())
	for u := range x {
		x[u] = 1 / math.Sqrt(float64(len(x)))
	}
	for p.Steps = 1; ; p.Steps++ {
		if err := m.multiply(ctx, x, y); err != nil {
			return Prominence{}, wrap("eigenvector", err)
		}
		along, own, image := m.sum(0), m.sum(1), m.sum(2)
		p.Value = along / own
		if p.Value == 0 {
			clear(x)
			return p, nil
		}
		// |y - λx|² = |y|² - λ²|x|², since λ is the best multiple; taken so only for its end, where it says what subtraction cannot.
		p.Residual = math.Sqrt(max(image-p.Value*p.Value*own, 0)) / p.Value
		if p.Residual < 1e-6 {
			if err := m.distance(ctx, x, y, p.Value); err != nil {
				return Prominence{}, wrap("eigenvector", err)
			}
			p.Residual = math.Sqrt(m.sum(0)) / p.Value
		}
		if p.Residual <= limits.Tolerance || p.Steps >= limits.MaxSteps {
			return p, short("eigenvector", p.Residual, p.Steps, limits)
		}
		if err := m.blend(ctx, x, y, part*p.Value); err != nil {
			return Prominence{}, wrap("eigenvector", err)
		}
		if limits.Progress != nil {
			limits.Progress(p.Steps, limits.MaxSteps)
		}
	}
}

// hasCycle tells whether the graph has a cycle, along which a power of the weights could stay above 0.
func hasCycle(ctx context.Context, g *csr.Graph) (bool, error) {
	if !g.IsDirected() {
		return g.Arcs() > 0, nil
	}
	strong, err := propagate.Strong(ctx, g)
	if err != nil {
		return false, err
	}
	for u := range uint32(g.Order()) {
		weights := g.Weights(u)
		for i, v := range g.Neighbours(u) {
			if strong.Of[u] == strong.Of[v] && (weights == nil || weights[i] > 0) {
				return true, nil
			}
		}
	}
	return false, nil
}

// HITS returns hubs and authorities (Kleinberg 1999): h = W a and a = Wᵀ h, brought to length 1, the leading pair of singular vectors
// of the weights W. A good hub points to good authorities. Use it on directed graphs, as of who sends to whom, where sources and
// targets are different roles. In an undirected graph the two are one but for the sides of a bipartite one.
//
// It is found by power iteration from 1 for every hub. Where several components share the greatest singular value each gets what the
// start has of it; all others end at 0 up to the residual. No edges, or none with a weight, give zeros. Weights count; parallel edges
// add up; a self-loop counts once. Cost O(m) a sweep, two a round; memory 24 bytes a node. Errors are those of Eigenvector.
func HITS(ctx context.Context, g *csr.Graph, limits propagate.Limits) (Renown, error) {
	limits, err := limits.Settled()
	if err != nil {
		return Renown{}, fmt.Errorf("centrality: hits: %w", err)
	}
	n := g.Order()
	r := Renown{Hub: make([]float64, n), Authority: make([]float64, n), Tolerance: limits.Tolerance}
	for u := range r.Hub {
		r.Hub[u] = 1
	}
	spare := make([]float64, n)
	inwards, outwards := newMultiplier(g, limits.Threads, true), newMultiplier(g, limits.Threads, false)
	for r.Steps = 1; ; r.Steps++ {
		changed, length, err := r.half(ctx, inwards, r.Hub, &r.Authority, &spare)
		if err != nil {
			return Renown{}, wrap("hits", err)
		}
		if length == 0 {
			clear(r.Hub)
			return r, nil
		}
		changedHub, length, err := r.half(ctx, outwards, r.Authority, &r.Hub, &spare)
		if err != nil {
			return Renown{}, wrap("hits", err)
		}
		r.Value, r.Residual = length, max(changed, changedHub)
		if r.Residual <= limits.Tolerance || r.Steps >= limits.MaxSteps {
			return r, short("hits", r.Residual, r.Steps, limits)
		}
		if limits.Progress != nil {
			limits.Progress(r.Steps, limits.MaxSteps)
		}
	}
}

// half makes one of the two vectors from the other, and tells its length and, brought to 1, how far it is from what it was.
func (r *Renown) half(ctx context.Context, m *multiplier, from []float64, to, spare *[]float64) (changed, length float64, err error) {
	if err := m.multiply(ctx, from, *spare); err != nil {
		return 0, 0, err
	}
	length = math.Sqrt(m.sum(2))
	*to, *spare = *spare, *to
	if length == 0 {
		return 0, 0, nil
	}
	if err := m.rescale(ctx, *to, *spare, 1/length); err != nil {
		return 0, 0, err
	}
	return math.Sqrt(m.sum(0)), length, nil
}

// Reach is Katz centrality and how it came about.
type Reach struct {
	Scores []float64
	// Alpha is the one used, Radius the spectral radius of the weights.
	Alpha, Radius float64
	// Residual is how much one more step would change the scores, beside what went in, as sums.
	Residual float64
	Steps    int
	// Tolerance is the one used.
	Tolerance float64
}

// Katz returns the centrality of Katz (1953): x = α Wᵀ x + 1, the number of walks that end at a node, each step of weight w counting α
// w. Use it where who reaches a node over many steps counts, and a graph need not be connected: nobody ends at 0, and α near 1/λ ranks
// as Eigenvector does.
//
// alpha must be below 1/λ, λ the spectral radius of the weights; that is computed before the run, and propagate.ErrDiverges names both.
// 0 takes half of it. All else is as in propagate.Attenuate.
func Katz(ctx context.Context, g *csr.Graph, alpha float64, limits propagate.Limits) (Reach, error) {
	ones := make([]float64, g.Order())
	for u := range ones {
		ones[u] = 1
	}
	a, err := propagate.Attenuate(ctx, g, ones, propagate.AttenuateOptions{Limits: limits, Alpha: alpha})
	return Reach{Scores: a.Scores, Alpha: a.Alpha, Radius: a.Radius, Residual: a.Residual, Steps: a.Steps, Tolerance: a.Tolerance}, wrap("katz", err)
}

func wrap(what string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("centrality: %s: %w", what, err)
}

// short tells when a residual is not as small as was asked for.
func short(what string, residual float64, steps int, limits propagate.Limits) error {
	if residual <= limits.Tolerance {
		return nil
	}
	return fmt.Errorf("centrality: %s: %w: residual %.3g after %d steps, wanted %g; raise MaxSteps or Tolerance",
		what, propagate.ErrSteps, residual, steps, limits.Tolerance)
}

// multiplier multiplies vectors with the weights of a graph, and keeps up to three sums a block, added in the order of the blocks.
type multiplier struct {
	g       *csr.Graph
	inwards bool
	threads int
	blocks  []uint32
	sums    [][3]float64
}

func newMultiplier(g *csr.Graph, threads int, inwards bool) *multiplier {
	m := &multiplier{g: g, inwards: inwards, threads: threads, blocks: g.Blocks(patch)}
	m.sums = make([][3]float64, len(m.blocks)-1)
	return m
}

func (m *multiplier) sum(i int) float64 {
	var sum float64
	for _, block := range m.sums {
		sum += block[i]
	}
	return sum
}

func (m *multiplier) each(ctx context.Context, work func(lo, hi uint32) [3]float64) error {
	return crew.Run(ctx, m.threads, len(m.sums), func(_, b int) { m.sums[b] = work(m.blocks[b], m.blocks[b+1]) })
}

// multiply sets y to the weights times x; the sums are x·y, x·x and y·y.
func (m *multiplier) multiply(ctx context.Context, x, y []float64) error {
	return m.each(ctx, func(lo, hi uint32) (sums [3]float64) {
		for u := lo; u < hi; u++ {
			row, weights := m.g.Neighbours(u), m.g.Weights(u)
			if m.inwards {
				row, weights = m.g.InNeighbours(u), m.g.InWeights(u)
			}
			var sum float64
			if weights == nil {
				for _, v := range row {
					sum += x[v]
				}
			} else {
				for i, v := range row {
					sum += float64(weights[i] * x[v])
				}
			}
			y[u] = sum
			sums[0] += float64(x[u] * sum)
			sums[1] += float64(x[u] * x[u])
			sums[2] += float64(sum * sum)
		}
		return sums
	})
}

// distance leaves |y - λx|² as the first sum.
func (m *multiplier) distance(ctx context.Context, x, y []float64, value float64) error {
	return m.each(ctx, func(lo, hi uint32) (sums [3]float64) {
		for u := lo; u < hi; u++ {
			d := y[u] - float64(value*x[u])
			sums[0] += float64(d * d)
		}
		return sums
	})
}

// blend sets x to y and a multiple of itself, brought to length 1.
func (m *multiplier) blend(ctx context.Context, x, y []float64, share float64) error {
	if err := m.each(ctx, func(lo, hi uint32) (sums [3]float64) {
		for u := lo; u < hi; u++ {
			x[u] = y[u] + float64(share*x[u])
			sums[0] += float64(x[u] * x[u])
		}
		return sums
	}); err != nil {
		return err
	}
	return m.rescale(ctx, x, nil, 1/math.Sqrt(m.sum(0)))
}

// rescale multiplies x by a factor; the first sum is its squared distance from before, where there is one.
func (m *multiplier) rescale(ctx context.Context, x, before []float64, factor float64) error {
	return m.each(ctx, func(lo, hi uint32) (sums [3]float64) {
		for u := lo; u < hi; u++ {
			x[u] *= factor
			if before != nil {
				d := x[u] - before[u]
				sums[0] += float64(d * d)
			}
		}
		return sums
	})
}

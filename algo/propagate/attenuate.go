package propagate

import (
	"context"
	"fmt"
	"math"
	"slices"

	"rummage/algo/csr"
	"rummage/algo/csr/crew"
	"rummage/algo/structure"
)

// AttenuateOptions say how much each step loses. The zero value is usable.
type AttenuateOptions struct {
	Limits
	// Alpha stands before each step, above 0 and below 1/λ, λ the spectral radius of the weights; 0 means half of that, or 1 where
	// λ is 0.
	Alpha float64
}

// Attenuated is what Attenuate comes to.
type Attenuated struct {
	Scores []float64
	// Alpha is the one used. Radius is the spectral radius of the weights, never less than it is.
	Alpha, Radius float64
	// Residual is how much one more step would change the scores, beside what went in, as sums.
	Residual float64
	Steps    int
	// Tolerance is the one used.
	Tolerance float64
}

// Attenuate returns the solution x of x = b + α Wᵀ x: what spreads from the numbers b, of either sign, along all walks, each step of
// weight w counting α w (Katz 1953). Unlike a walk it is not shared out among a node's edges, so hubs pass on as much along each.
//
// It exists if and only if α is below 1/λ. λ is computed before the run: in an undirected graph by Lanczos's method; in a directed one,
// where only cycles count, within each strong component by power iteration with the two-sided bounds of Collatz (1942). ErrDiverges
// tells λ and the largest usable α. Solved by conjugate gradients where the graph is undirected, else by Gauss and Seidel's method.
// Parallel edges add up; a self-loop counts once; the empty graph gives nothing. Cost O(m) a sweep; memory 50 bytes a node. Errors:
// ErrOptions, ErrSeeds, ErrDiverges, ErrSteps with the result filled, or that of the context.
func Attenuate(ctx context.Context, g *csr.Graph, b []float64, opts AttenuateOptions) (Attenuated, error) {
	a, err := attenuate(ctx, g, b, opts)
	if err != nil {
		err = fmt.Errorf("propagate: attenuate: %w", err)
	}
	return a, err
}

func attenuate(ctx context.Context, g *csr.Graph, b []float64, opts AttenuateOptions) (Attenuated, error) {
	limits, err := opts.Limits.Settled()
	if err != nil {
		return Attenuated{}, err
	}
	if !(opts.Alpha >= 0 && opts.Alpha <= math.MaxFloat64) {
		return Attenuated{}, fmt.Errorf("%w: alpha %v is not above 0", ErrOptions, opts.Alpha)
	}
	given, greatest, err := scaled(g, b)
	if err != nil {
		return Attenuated{}, err
	}
	a := Attenuated{Alpha: opts.Alpha, Tolerance: limits.Tolerance}
	if err := a.test(ctx, g, limits.Threads); err != nil {
		return Attenuated{}, err
	}
	size := sumOf(given)
	if size == 0 {
		size = 1
	}
	right := fill(g.Order(), func(u int) float64 { return given[u] / size })
	answer, report, err := a.solve(ctx, g, right, limits)
	if err != nil {
		return Attenuated{}, err
	}
	a.Scores, a.Residual, a.Steps = answer.values, answer.residual, answer.steps
	for u := range a.Scores {
		a.Scores[u] *= greatest * size
	}
	if err := unconverged([]solved{answer}, limits.Tolerance); err != nil {
		return a, err
	}
	report.finish()
	return a, nil
}

// test finds the radius, and alpha where it is left to us.
func (a *Attenuated) test(ctx context.Context, g *csr.Graph, threads int) error {
	var least float64
	if g.IsDirected() {
		between, err := perron(ctx, g, threads, a.Alpha)
		if err != nil {
			return err
		}
		least, a.Radius = between.low, between.high
	} else {
		ends, err := Spectrum(ctx, g, threads)
		if err != nil {
			return err
		}
		least, a.Radius = ends.Radius(), ends.Radius()+ends.Error
	}
	switch {
	case a.Alpha == 0 && a.Radius == 0:
		a.Alpha = 1
	case a.Alpha == 0:
		a.Alpha = 0.5 / a.Radius
	case a.Alpha*a.Radius >= 1:
		return fmt.Errorf("%w: alpha %.6g times the spectral radius %.6g is not below 1; use less than %.6g", ErrDiverges, a.Alpha, (least+a.Radius)/2, 1/a.Radius)
	}
	return nil
}

func (a *Attenuated) solve(ctx context.Context, g *csr.Graph, right []float64, limits Limits) (solved, *reporter, error) {
	s := plainSystem(g, make([]float64, g.Order()), limits.Threads)
	s.rate = min(a.Alpha*a.Radius, 1-1e-9)
	s.alike(0, 1, a.Alpha)
	report := limits.reporter(s)
	if !g.IsDirected() {
		answers, err := s.conjugate(ctx, right, 1, goal{limits.Tolerance, limits.MaxSteps}, report.step)
		if err != nil {
			return solved{}, nil, err
		}
		return answers[0], report, nil
	}
	s.rows.inwards = true
	s.blocks = s.rows.blocks(seidelBlock(g))
	strength, err := strengths(ctx, g, limits.Threads)
	if err != nil {
		return solved{}, nil, err
	}
	s.norm = fill(g.Order(), func(u int) float64 { return a.Alpha * strength[u] })
	answers, err := s.relax(ctx, right, relaxation{count: 1, goal: goal{limits.Tolerance, limits.MaxSteps}, alpha: 1, report: report.step})
	if err != nil {
		return solved{}, nil, err
	}
	return answers[0], report, nil
}

// Strong returns the strong components along the arcs of weight above 0: cycles of which the powers of a matrix are made. Errors are
// those of the context.
func Strong(ctx context.Context, g *csr.Graph) (structure.Components, error) {
	empty := false
	for u := range uint32(g.Order()) {
		empty = empty || slices.Contains(g.Weights(u), 0)
	}
	if !empty {
		return structure.Strong(ctx, g, structure.Options{})
	}
	c := g.Columns()
	kept := 0
	for i, w := range c.Weight {
		if w > 0 {
			c.From[kept], c.To[kept] = c.From[i], c.To[i]
			kept++
		}
	}
	bearing, err := csr.Build(ctx, csr.Columns{From: c.From[:kept], To: c.To[:kept]}, csr.Options{Nodes: g.Order(), Directed: g.IsDirected()})
	if err != nil {
		return structure.Components{}, err
	}
	return structure.Strong(ctx, bearing, structure.Options{})
}

// bounds lie on either side of a spectral radius.
type bounds struct{ low, high float64 }

// Limits of the power iteration.
const (
	perronSteps = 2000
	perronWidth = 1e-9
	leastEntry  = 1e-250
)

// perron bounds the spectral radius of a directed graph's weights. Only arcs within a strong component have a part in it. For any
// positive vector x the radius of a component lies between the least and the greatest (Wᵀx)_u/x_u; power iteration on the matrix,
// shifted so that cycles of one length do not keep it turning, brings the two together. With an alpha, it ends as soon as alpha times
// the radius is known to be below or above 1 and the bounds are within a thousandth, or a millionth where they make an error.
func perron(ctx context.Context, g *csr.Graph, threads int, alpha float64) (bounds, error) {
	strong, err := Strong(ctx, g)
	if err != nil {
		return bounds{}, err
	}
	p := &power{g: g, of: strong.Of, x: make([]float64, g.Order()), y: make([]float64, g.Order()), shift: make([]float64, len(strong.First)),
		low: make([]float64, len(strong.First)), high: make([]float64, len(strong.First))}
	for u := range p.x {
		p.x[u] = 1
	}
	blocks := g.Blocks(blockArcs)
	for step := 0; ; step++ {
		if err := crew.Run(ctx, threads, len(blocks)-1, func(_, b int) {
			for u := blocks[b]; u < blocks[b+1]; u++ {
				p.y[u] = p.pull(u)
			}
		}); err != nil {
			return bounds{}, err
		}
		between := p.compare()
		width := (between.high - between.low) / max(between.high, math.SmallestNonzeroFloat64)
		told := alpha > 0 && (alpha*between.high < 1 && width <= 1e-3 || alpha*between.low >= 1 && width <= 1e-6)
		if told || width <= perronWidth || step >= perronSteps {
			return between, nil
		}
		p.advance(step == 0)
	}
}

// power is the memory of the iteration: one vector, and for each component its shift and the bounds of its radius.
type power struct {
	g         *csr.Graph
	of        []uint32
	x, y      []float64
	shift     []float64
	low, high []float64
}

// pull gathers along the arcs of a node's own component.
func (p *power) pull(u uint32) float64 {
	var sum float64
	weights := p.g.InWeights(u)
	for i, v := range p.g.InNeighbours(u) {
		if p.of[v] != p.of[u] {
			continue
		}
		if weights == nil {
			sum += p.x[v]
		} else {
			sum += float64(weights[i] * p.x[v])
		}
	}
	return sum
}

// compare takes the bounds of every component from one multiplication, and returns those of the whole.
func (p *power) compare() bounds {
	for c := range p.low {
		p.low[c], p.high[c] = math.Inf(1), 0
	}
	for u, c := range p.of {
		ratio := p.y[u] / p.x[u]
		p.low[c], p.high[c] = min(p.low[c], ratio), max(p.high[c], ratio)
	}
	var b bounds
	for c := range p.low {
		b.low, b.high = max(b.low, p.low[c]), max(b.high, p.high[c])
	}
	return b
}

// advance takes the next vector, the first time with the shift of each component.
func (p *power) advance(first bool) {
	if first {
		for c, high := range p.high {
			p.shift[c] = part * high
		}
	}
	for u, c := range p.of {
		if p.high[c] > 0 {
			p.x[u] = max((p.y[u]+p.shift[c]*p.x[u])/(p.high[c]+p.shift[c]), leastEntry)
		}
	}
}

// part is the share of the first bound that shifts the matrix.
const part = 0.25

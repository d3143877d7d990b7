package propagate

import (
	"context"
	"fmt"
	"math"

	"rummage/algo/csr"
	"rummage/algo/csr/crew"
)

// spread is a family of recurrences b = φ + (pull A − slope D) b, one a mode, that a scale makes weaker or stronger.
type spread struct {
	modes []float64
	// pull and slope are the coefficients of a mode at a scale.
	pull, slope func(mode, scale float64) float64
	// limit bounds the scale; none where 0.
	limit float64
}

// at sets the coefficients of the recurrences' matrices, or of the systems that solve them.
func (p *spread) at(s *system, scale float64, solve bool) {
	s.alike(0, 0, 0)
	for j, mode := range p.modes {
		s.pull[j], s.slope[j] = -p.pull(mode, scale), -p.slope(mode, scale)
		if solve {
			s.pull[j], s.slope[j], s.shift[j] = -s.pull[j], -s.slope[j], 1
		}
	}
}

// radius is the spectral radius at a scale, and how far it may be off.
func (p *spread) radius(ctx context.Context, s *system, scale, tolerance float64) (radius, err float64, _ error) {
	p.at(s, scale, false)
	ends, fault := s.ends(ctx, len(p.modes), tolerance)
	if fault != nil {
		return 0, 0, fault
	}
	for _, e := range ends {
		radius, err = max(radius, e.Radius()), max(err, e.Error)
	}
	return radius, err, nil
}

// bound is at least the radius at a scale: the greatest sum of a row's absolute values.
func (p *spread) bound(s *system, strength []float64, scale float64) float64 {
	var bound float64
	for _, mode := range p.modes {
		pull, slope := math.Abs(p.pull(mode, scale)), math.Abs(p.slope(mode, scale))
		for u, sum := range strength {
			bound = max(bound, pull*sum+slope*s.diagonal[u])
		}
	}
	return bound
}

// surely is what the radius at a scale is at most.
func (p *spread) surely(ctx context.Context, s *system, scale, tolerance float64) (float64, error) {
	radius, off, err := p.radius(ctx, s, scale, tolerance)
	return radius + off, err
}

// roughly is how well the radius is known while a scale is looked for, nearly while it is closed in on, and how near to 1 the radius at
// the largest scale found is.
const (
	roughly = 1e-3
	nearly  = 1e-5
)

// largest returns the least scale of the given sign at which the radius is 1, a little below: +Inf where no scale reaches it.
func (p *spread) largest(ctx context.Context, s *system, strength []float64, sign float64) (float64, error) {
	ceiling := p.limit
	if ceiling == 0 {
		ceiling = math.MaxFloat64
	}
	top := 0.0
	for _, sum := range strength {
		top = max(top, sum)
	}
	var mode float64
	for _, m := range p.modes {
		mode = max(mode, math.Abs(m))
	}
	if top == 0 || mode == 0 {
		return math.Inf(1), nil
	}
	// Up from where the bound is sure, in steps small enough not to leap over the place.
	low := min(1/(mode*top), ceiling/2)
	for p.bound(s, strength, sign*low) >= 1 {
		low /= 2
	}
	atLow, err := p.surely(ctx, s, sign*low, roughly)
	if err != nil {
		return 0, err
	}
	high, atHigh := low, atLow
	for atHigh < 1 {
		low, atLow = high, atHigh
		if high = 1.3 * high; high >= ceiling {
			high = low + (ceiling-low)/2
		}
		if p.limit > 0 && high-low <= nearly*ceiling {
			return low, nil
		}
		if atHigh, err = p.surely(ctx, s, sign*high, roughly); err != nil {
			return 0, err
		}
	}
	return p.between(ctx, s, sign, bracket{low, atLow, high, atHigh})
}

// bracket is a bracket: a scale with a radius below 1 and one with a radius of at least 1.
type bracket struct{ low, atLow, high, atHigh float64 }

// between closes in on a radius of 1, by the secant kept within the bracket.
func (p *spread) between(ctx context.Context, s *system, sign float64, e bracket) (float64, error) {
	for e.high-e.low > nearly*e.low && 1-e.atLow > nearly {
		at := e.low + (e.high-e.low)*min(max((1-e.atLow)/(e.atHigh-e.atLow), 0.05), 0.95)
		if math.IsNaN(at) {
			at = (e.low + e.high) / 2
		}
		radius, err := p.surely(ctx, s, sign*at, nearly/10)
		if err != nil {
			return 0, err
		}
		if radius < 1 {
			e.low, e.atLow = at, radius
		} else {
			e.high, e.atHigh = at, radius
		}
	}
	return e.low, nil
}

// run tests and solves.
func (p *spread) run(ctx context.Context, g *csr.Graph, priors [][]float64, scale float64, limits Limits) (Beliefs, error) {
	limits, err := limits.Settled()
	if err != nil {
		return Beliefs{}, err
	}
	if math.IsNaN(scale) || math.IsInf(scale, 0) {
		return Beliefs{}, fmt.Errorf("%w: scale %v", ErrOptions, scale)
	}
	if err := undirected(g); err != nil {
		return Beliefs{}, err
	}
	given, err := together(g, priors)
	if err != nil {
		return Beliefs{}, err
	}
	b := Beliefs{Scale: scale, Tolerance: limits.Tolerance}
	own, err := squares(ctx, g, limits.Threads)
	if err != nil {
		return Beliefs{}, err
	}
	s := plainSystem(g, own, limits.Threads)
	strength, err := strengths(ctx, g, limits.Threads)
	if err != nil {
		return Beliefs{}, err
	}
	if err := p.test(ctx, s, strength, &b); err != nil {
		return Beliefs{}, err
	}
	p.at(s, b.Scale, true)
	s.rate = min(b.Radius, 1-1e-9)
	return b, p.solve(ctx, s, given, limits, &b)
}

// squares returns the sum of the squared weights of each node, parallel edges taken together.
func squares(ctx context.Context, g *csr.Graph, threads int) ([]float64, error) {
	sums := make([]float64, g.Order())
	blocks := g.Blocks(blockArcs)
	err := crew.Run(ctx, threads, len(blocks)-1, func(_, b int) {
		for u := blocks[b]; u < blocks[b+1]; u++ {
			weights := g.Weights(u)
			row := g.Neighbours(u)
			var tie float64
			for i, v := range row {
				if i > 0 && row[i-1] != v {
					sums[u] += float64(tie * tie)
					tie = 0
				}
				if weights == nil {
					tie++
				} else {
					tie += weights[i]
				}
			}
			sums[u] += float64(tie * tie)
		}
	})
	return sums, err
}

// sized are priors, one vector a class, whose absolute values have a sum of 1, and what they must be multiplied by.
type sized struct {
	vectors [][]float64
	size    float64
}

// together checks the priors of all classes.
func together(g *csr.Graph, priors [][]float64) (sized, error) {
	var greatest, sum float64
	for j, vector := range priors {
		_, most, err := scaled(g, vector)
		if err != nil {
			return sized{}, fmt.Errorf("class %d: %w", j, err)
		}
		if sumOf(vector) > 0 {
			greatest = max(greatest, most)
		}
	}
	if greatest == 0 {
		greatest = 1
	}
	given := sized{vectors: make([][]float64, len(priors))}
	for j, vector := range priors {
		given.vectors[j] = fill(len(vector), func(u int) float64 { return vector[u] / greatest })
		sum += sumOf(given.vectors[j])
	}
	if sum == 0 {
		sum = 1
	}
	for _, vector := range given.vectors {
		for u := range vector {
			vector[u] /= sum
		}
	}
	given.size = greatest * sum
	return given, nil
}

// test finds the scale, where it is left to us, and the radius.
func (p *spread) test(ctx context.Context, s *system, strength []float64, b *Beliefs) error {
	if b.Scale == 0 {
		largest, err := p.largest(ctx, s, strength, 1)
		if err != nil {
			return err
		}
		if b.Scale = largest / 2; math.IsInf(largest, 1) {
			b.Scale = min(1, p.limit/2)
			if p.limit == 0 {
				b.Scale = 1
			}
		}
	}
	radius, off, err := p.radius(ctx, s, b.Scale, lanczosTolerance)
	if err != nil {
		return err
	}
	b.Radius = radius
	if radius+off < 1 {
		return nil
	}
	largest, err := p.largest(ctx, s, strength, math.Copysign(1, b.Scale))
	if err != nil {
		return err
	}
	return fmt.Errorf("%w: the spectral radius is %.6g at scale %.6g; use one of at most %.6g", ErrDiverges, radius, b.Scale, math.Copysign(largest, b.Scale))
}

// solve solves all modes side by side.
func (p *spread) solve(ctx context.Context, s *system, given sized, limits Limits, b *Beliefs) error {
	count := len(given.vectors)
	width := lanesFor(count)
	right := make([]float64, s.order*width)
	for j, vector := range given.vectors {
		for u, x := range vector {
			right[u*width+j] = x
		}
	}
	share := limits.Tolerance / float64(count) / math.Sqrt(float64(count))
	report := limits.reporter(s)
	answers, err := s.conjugate(ctx, right, count, goal{share, limits.MaxSteps}, report.step)
	if err != nil {
		return err
	}
	b.Scores = make([][]float64, count)
	short := false
	for j, a := range answers {
		b.Scores[j] = a.values
		for u := range a.values {
			a.values[u] *= given.size
		}
		b.Residual += a.residual
		b.Steps = max(b.Steps, a.steps)
		short = short || !a.converged
	}
	if short {
		return fmt.Errorf("%w: residual %.3g after %d steps, wanted %g; raise MaxSteps or Tolerance", ErrSteps, b.Residual, b.Steps, limits.Tolerance)
	}
	report.finish()
	return nil
}

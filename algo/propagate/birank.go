package propagate

import (
	"context"
	"fmt"
	"math"

	"rummage/algo/csr"
)

// BiRankOptions say how much of a node's rank comes from its neighbours. The zero value is usable.
type BiRankOptions struct {
	Limits
	// Side tells for each node whether it is on the second side of a graph of two sides; an edge within a side is refused. Nil
	// stands for a graph of any shape, which is ranked with one damping: the method of Zhou et al. (NIPS 2004).
	Side []bool
	// Alpha is the damping of nodes on the first side and, with no sides, of all; Beta that of the second. Above 0 and at most 1, not
	// both 1. 0 means 0.85; without sides Beta is that of Alpha.
	Alpha, Beta float64
}

// Ranked are scores of one vector and how they came about.
type Ranked struct {
	Scores []float64
	// Residual is how much one more round would change the scores, beside what the seeds give in a round, as sums unless the method
	// says otherwise.
	Residual float64
	Steps    int
	// Tolerance and the dampings are those used. Beta is 0 where the method has one.
	Tolerance   float64
	Alpha, Beta float64
}

// BiRank returns the ranks of He, Gao, Kan and Wang (IEEE TKDE 29(1), 2017), the solution u, p of
//
//	p = β Sᵀ u + (1−β) p⁰,   u = α S p + (1−α) u⁰,   S = D_u^(−1/2) W D_p^(−1/2),
//
// u the first side, p the second, D the strengths. Dividing by both ends' roots keeps hubs from gathering rank without taking it all
// away; use it where who deals with whom falls into two sides, as companies and their resources. seeds hold u⁰ and p⁰, of either sign.
//
// It converges whenever αβ is below 1, the radius of the recurrence being √(αβ). Scores are linear in the seeds and not brought to a
// sum. Parallel edges add up; a node without edges keeps its share (1−α) of its seed; seeds of 0 and the empty graph give zeros. Solved
// by conjugate gradients; cost O(m) a sweep, memory 60 bytes a node. Errors: ErrOptions, for a directed graph or an edge within a side,
// too; ErrSeeds; ErrSteps, with the result filled; or that of the context.
func BiRank(ctx context.Context, g *csr.Graph, seeds []float64, opts BiRankOptions) (Ranked, error) {
	r, err := biRank(ctx, g, seeds, opts)
	if err != nil {
		err = fmt.Errorf("propagate: birank: %w", err)
	}
	return r, err
}

func (o BiRankOptions) settle(g *csr.Graph) (BiRankOptions, error) {
	var err error
	if o.Limits, err = o.Limits.Settled(); err != nil {
		return o, err
	}
	if o.Alpha == 0 {
		o.Alpha = DefaultDamping
	}
	if o.Beta == 0 {
		o.Beta = DefaultDamping
		if o.Side == nil {
			o.Beta = o.Alpha
		}
	}
	fits := func(x float64) bool { return x > 0 && x <= 1 }
	switch {
	case !fits(o.Alpha) || !fits(o.Beta) || o.Alpha*o.Beta >= 1:
		return o, fmt.Errorf("%w: alpha %v and beta %v must be above 0, at most 1, and not both 1", ErrOptions, o.Alpha, o.Beta)
	case o.Side == nil && o.Alpha != o.Beta:
		return o, fmt.Errorf("%w: alpha %v and beta %v differ without sides to tell them apart", ErrOptions, o.Alpha, o.Beta)
	case o.Side != nil && len(o.Side) != g.Order():
		return o, fmt.Errorf("%w: sides of %d nodes, and there are %d", ErrOptions, len(o.Side), g.Order())
	}
	if err := undirected(g); err != nil {
		return o, err
	}
	if o.Side == nil {
		return o, nil
	}
	for u := range uint32(g.Order()) {
		weights := g.Weights(u)
		for i, v := range g.Neighbours(u) {
			if o.Side[u] == o.Side[v] && (weights == nil || weights[i] > 0) {
				return o, fmt.Errorf("%w: nodes %d and %d are on the same side, with an edge between", ErrOptions, u, v)
			}
		}
	}
	return o, nil
}

// biRank solves (D/λ − W) y = D^(1/2) (1−λ)/λ q, λ being each node's damping, for y = D^(−1/2) x.
func biRank(ctx context.Context, g *csr.Graph, seeds []float64, opts BiRankOptions) (Ranked, error) {
	opts, err := opts.settle(g)
	if err != nil {
		return Ranked{}, err
	}
	q, greatest, err := scaled(g, seeds)
	if err != nil {
		return Ranked{}, err
	}
	strength, err := strengths(ctx, g, opts.Threads)
	if err != nil {
		return Ranked{}, err
	}
	damping := func(u int) float64 {
		if opts.Side != nil && opts.Side[u] {
			return opts.Beta
		}
		return opts.Alpha
	}
	size := sumOf(fill(len(q), func(u int) float64 { return (1 - damping(u)) * q[u] }))
	if size == 0 {
		size = 1
	}
	s := plainSystem(g, fill(g.Order(), func(u int) float64 { return strength[u] / damping(u) }), opts.Threads)
	s.alike(1, 0, 1)
	s.rate = math.Sqrt(opts.Alpha * opts.Beta)
	s.norm = make([]float64, g.Order())
	right := make([]float64, g.Order())
	for u, d := range strength {
		if d > 0 {
			s.inverse[u], s.norm[u] = damping(u)/d, damping(u)/math.Sqrt(d)
			right[u] = math.Sqrt(d) * (1 - damping(u)) / damping(u) * q[u] / size
		}
	}
	report := opts.reporter(s)
	answers, err := s.conjugate(ctx, right, 1, goal{opts.Tolerance, opts.MaxSteps}, report.step)
	if err != nil {
		return Ranked{}, err
	}
	r := Ranked{Scores: answers[0].values, Residual: answers[0].residual, Steps: answers[0].steps,
		Tolerance: opts.Tolerance, Alpha: opts.Alpha, Beta: opts.Beta}
	for u, d := range strength {
		x := (1 - damping(u)) * q[u]
		if d > 0 {
			x = math.Sqrt(d) * r.Scores[u] * size
		}
		r.Scores[u] = x * greatest
	}
	if !answers[0].converged {
		return r, fmt.Errorf("%w: residual %.3g after %d steps, wanted %g; raise MaxSteps or Tolerance", ErrSteps, r.Residual, r.Steps, r.Tolerance)
	}
	report.finish()
	return r, nil
}

package propagate

import (
	"context"
	"errors"
	"fmt"

	"rummage/algo/csr"
)

// Share is what one seed gives to the score of a node.
type Share struct {
	Seed  uint32
	Value float64
}

// Contribution tells where the score of a node comes from.
type Contribution struct {
	Target uint32
	// Shares names every node with a positive seed, in ascending order, also those that give nothing.
	Shares []Share
	// Score is the sum of the shares. It equals the score of the walk from all seeds up to what both residuals allow.
	Score float64
	// Residual bounds the error: the share of seed s is off by at most its part of the seeds times Residual/(1-Damping).
	Residual float64
	Steps    int
}

// Contributions returns the share of each seed in the score that Walk gives to target, exactly: the walk is linear in its seeds, so
// that the score of t is Σ_s q_s K_ts with K = (1-c)(I-cPᵀ)⁻¹, and row t of K is the solution h of the adjoint system
//
//	h = (1-c) e_t + c P h.
//
// One such solution explains a node for any number of seeds, at the cost of one walk. Under DanglingRestart what dead ends send back is
// shared among the seeds as Walk shares it; in a directed graph this takes one more walk.
//
// Errors are those of Walk, and ErrOptions for a target that does not exist.
func Contributions(ctx context.Context, g *csr.Graph, target uint32, seeds []float64, opts Options) (Contribution, error) {
	answer := Contribution{Target: target}
	opts, err := opts.settle()
	if err != nil {
		return answer, err
	}
	if uint64(target) >= uint64(g.Order()) {
		return answer, fmt.Errorf("propagate: contributions: %w: target %d, and there are %d nodes", ErrOptions, target, g.Order())
	}
	q, err := normalise(g, seeds)
	if err != nil {
		return answer, fmt.Errorf("propagate: contributions: %w", err)
	}
	mark := make([]float64, g.Order())
	mark[target] = 1
	kernel, err := newKernel(ctx, g, opts, adjoint)
	if err != nil {
		return answer, fmt.Errorf("propagate: contributions: %w", err)
	}
	report := newReporter(kernel, 1)
	solved, err := kernel.solve(ctx, [][]float64{mark}, report)
	if err != nil {
		if !errors.Is(err, ErrSteps) {
			return answer, fmt.Errorf("propagate: contributions: %w", err)
		}
		err = fmt.Errorf("propagate: contributions: %w", err)
	}
	answer.Residual, answer.Steps = solved[0].residual, solved[0].steps
	mass, massErr := kernel.mass(ctx, q, target)
	if massErr != nil && !errors.Is(massErr, ErrSteps) {
		return answer, fmt.Errorf("propagate: contributions: %w", massErr)
	}
	answer.Residual /= mass
	for u, h := range solved[0].values {
		if q[u] > 0 {
			share := Share{uint32(u), q[u] * h / mass}
			answer.Shares = append(answer.Shares, share)
			answer.Score += share.Value
		}
	}
	if err == nil {
		report.finish()
	}
	return answer, err
}

// mass returns the number that Walk divides the score of target by when all is done: what the scores from q sum to before dead ends
// send anything back, or the chance of leaving a dead end where the walker stays.
func (k *kernel) mass(ctx context.Context, q []float64, target uint32) (float64, error) {
	switch {
	case k.opts.Dangling == DanglingStay && k.strength[target] == 0:
		return 1 - k.opts.Damping, nil
	case k.opts.Dangling != DanglingRestart:
		return 1, nil
	}
	if !k.g.IsDirected() {
		return k.kept(q), nil
	}
	sum, opts := 0.0, k.opts
	opts.Dangling, opts.Progress = DanglingLose, nil
	walk, err := Walk(ctx, k.g, [][]float64{q}, opts)
	for _, vector := range walk.Scores {
		for _, x := range vector {
			sum += x
		}
	}
	return sum, err
}

// Part is what a node's score gains along one arc.
type Part struct {
	From  uint32
	Type  uint8
	Value float64
}

// Inflow splits the score of a node by the arcs that reach it, in the order of its in-row: c·w·x_u/d_u from neighbour u, for scores x
// of Walk with the given damping. What the parts leave of the score is the node's own seed, and what dead ends sent back. It panics
// when node does not exist or scores has not one entry a node.
func Inflow(g *csr.Graph, scores []float64, node uint32, damping float64) []Part {
	row, weights, types := g.InNeighbours(node), g.InWeights(node), g.InTypes(node)
	parts := make([]Part, len(row))
	_ = scores[:g.Order()]
	for i, u := range row {
		parts[i].From = u
		if types != nil {
			parts[i].Type = types[i]
		}
		w := 1.0
		if weights != nil {
			w = weights[i]
		}
		if w > 0 {
			parts[i].Value = damping * w * scores[u] / g.Strength(u)
		}
	}
	return parts
}

package propagate

import (
	"context"
	"errors"
	"fmt"
	"math"

	"rummage/algo/csr"
	"rummage/algo/csr/crew"
)

// Resumed is a walk that began from the scores of another.
type Resumed struct {
	Result
	// Start is the residual of each vector of scores before, in the graph as it is now.
	Start []float64
}

// Resume returns what Walk returns, beginning from scores of before: those of a walk from the same seeds in a graph that was a little
// different, or from seeds a little different. Nodes that came since, which have higher numbers, begin with their part of the seeds.
//
// It is as exact as Walk: the residual comes under Tolerance all the same, so that the two differ by no more than 2 Tolerance/(1-Damping)
// in sum, or twice that in an undirected graph under DanglingRestart (see Options.Tolerance). In an
// undirected graph the residual of the start is measured, and the correction solved for, by conjugate gradients; in a directed graph
// Gauss and Seidel's method sets out from the scores before. Either saves the sweeps that Walk takes to come down to Start: on a planted
// partition, one edge in a thousand changed, 13 sweeps are left of 19 to 1e-8, the one that measures included.
// Where less will do, Adjust looks at the surroundings of the change alone.
//
// Cost, memory and errors are those of Walk, and one sweep more, which Steps counts; ErrSeeds also for scores before that are negative,
// not finite, all 0, or more than there are nodes.
func Resume(ctx context.Context, g *csr.Graph, seeds, before [][]float64, opts Options) (Resumed, error) {
	opts, err := opts.settle()
	if err != nil {
		return Resumed{}, err
	}
	if len(before) != len(seeds) {
		return Resumed{}, fmt.Errorf("propagate: resume: %w: %d vectors of seeds and %d of scores", ErrSeeds, len(seeds), len(before))
	}
	blank, starts, err := prepare(g, seeds, opts)
	if err != nil {
		return Resumed{}, fmt.Errorf("propagate: resume: %w", err)
	}
	result, scores := Resumed{Result: blank, Start: make([]float64, len(seeds))}, make([][]float64, len(seeds))
	for i := range before {
		if scores[i], err = lengthen(before[i], starts[i], opts.Damping); err != nil {
			return Resumed{}, fmt.Errorf("propagate: resume: scores %d: %w", i, err)
		}
	}
	lay := func() (*kernel, error) { return newKernel(ctx, g, opts, forward) }
	err = result.solve(g, lay, func(k *kernel, first, last int, report *reporter) ([]solved, error) {
		r := resumption{kernel: k, seeds: starts[first:last], scores: scores[first:last], start: result.Start[first:last]}
		return r.solve(ctx, report)
	})
	if g.Order() > 0 {
		for i := range result.Steps {
			result.Steps[i]++ // the sweep that measures where it starts
		}
	}
	switch {
	case errors.Is(err, ErrSteps):
		return result, fmt.Errorf("propagate: resume: %w", err)
	case err != nil:
		return Resumed{}, fmt.Errorf("propagate: resume: %w", err)
	}
	return result, nil
}

// lengthen checks scores and returns them for all nodes.
func lengthen(scores, seeds []float64, damping float64) ([]float64, error) {
	if len(scores) > len(seeds) {
		return nil, fmt.Errorf("%w: %d numbers for %d nodes", ErrSeeds, len(scores), len(seeds))
	}
	sum := 0.0
	all := fill(len(seeds), func(u int) float64 { return (1 - damping) * seeds[u] })
	for u, x := range scores {
		if !(x >= 0 && x <= math.MaxFloat64) {
			return nil, fmt.Errorf("%w: node %d has %v", ErrSeeds, u, x)
		}
		all[u] = x
		sum += x
	}
	if len(seeds) > 0 && !(sum > 0 && sum <= math.MaxFloat64) {
		return nil, fmt.Errorf("%w: they sum to %v", ErrSeeds, sum)
	}
	return all, nil
}

// resumption is the work on one group of vectors.
type resumption struct {
	kernel        *kernel
	seeds, scores [][]float64
	start         []float64
}

func (r *resumption) solve(ctx context.Context, report *reporter) ([]solved, error) {
	k := r.kernel
	if !k.g.IsDirected() {
		return r.correct(ctx, report)
	}
	for j, scores := range r.scores {
		if k.opts.Dangling == DanglingStay {
			r.atDeadEnds(scores, func(int) float64 { return 1 - k.opts.Damping })
		}
		var err error
		if _, r.start[j], err = k.rest(ctx, r.seeds[j], scores); err != nil {
			return nil, err
		}
	}
	set := *k
	set.from = r.scores
	return set.solve(ctx, r.seeds, report)
}

// atDeadEnds multiplies the scores of dead ends.
func (r *resumption) atDeadEnds(scores []float64, by func(u int) float64) {
	for u, strength := range r.kernel.strength {
		if strength == 0 {
			scores[u] *= by(u)
		}
	}
}

// correct solves for what is missing: with the residual r of the start x, the solution is x + d, d = r + c Pᵀ d. What dead ends send back
// only multiplies the scores in an undirected graph, as fold has it.
func (r *resumption) correct(ctx context.Context, report *reporter) ([]solved, error) {
	k := *r.kernel
	c := k.opts.Damping
	missing := make([][]float64, len(r.seeds))
	for j, scores := range r.scores {
		q := r.seeds[j]
		if lost := k.lost(q); k.opts.Dangling == DanglingRestart && lost > 0 {
			q = fill(len(q), func(u int) float64 { return q[u] / (1 - lost) })
		}
		for u, strength := range k.strength {
			if strength == 0 {
				scores[u] = (1 - c) * q[u]
			}
		}
		rest, size, err := k.rest(ctx, q, scores)
		if err != nil {
			return nil, err
		}
		r.start[j] = size
		for u := range rest {
			rest[u] /= 1 - c
		}
		missing[j] = rest
	}
	k.opts.Dangling, k.signed = DanglingLose, true
	answers, err := k.solve(ctx, missing, report)
	if err != nil && !errors.Is(err, ErrSteps) {
		return nil, err
	}
	for j := range answers {
		for u, x := range r.scores[j] {
			answers[j].values[u] = max(x+answers[j].values[u], 0)
		}
		answers[j] = r.kernel.endings(answers[j])
	}
	return answers, err
}

// kept is what the scores of a walk in an undirected graph sum to where dead ends send nothing back.
func (k *kernel) kept(q []float64) float64 {
	sum := 0.0
	for u, x := range q {
		if k.strength[u] == 0 {
			x *= 1 - k.opts.Damping
		}
		sum += x
	}
	return sum
}

// rest returns by how much a step changes scores, (1-c) q + c Pᵀ x − x, and the sum of that without signs. Only in a directed graph do dead
// ends send back; those where the walker stays are taken to lose.
func (k *kernel) rest(ctx context.Context, q, x []float64) (rest []float64, size float64, err error) {
	c, send := k.opts.Damping, 0.0
	y := make([]float64, len(x))
	for u, strength := range k.strength {
		if strength > 0 {
			y[u] = x[u] / strength
		} else if k.g.IsDirected() && k.opts.Dangling == DanglingRestart {
			send += x[u]
		}
	}
	own := 1 - c + float64(c*send)
	rest = make([]float64, len(x))
	blocks := k.g.Blocks(blockArcs)
	sums := make([]float64, len(blocks)-1)
	err = crew.Run(ctx, k.opts.Threads, len(sums), func(_, b int) {
		sum := 0.0
		for u := blocks[b]; u < blocks[b+1]; u++ {
			rest[u] = float64(own*q[u]) + float64(c*gatherOne(k.g.InNeighbours(u), k.g.InWeights(u), y)) - x[u]
			sum += math.Abs(rest[u])
		}
		sums[b] = sum
	})
	for _, sum := range sums {
		size += sum
	}
	return rest, size, err
}

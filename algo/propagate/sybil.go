package propagate

import (
	"context"
	"errors"
	"fmt"

	"rummage/algo/csr"
)

// DefaultHomophily is the default of SybilSCAROptions.
const DefaultHomophily = 0.9

// SybilSCAROptions say how much of a node's belief its neighbours give. The zero value is usable.
type SybilSCAROptions struct {
	Limits
	// Homophily is θ, above 0 and below 1: the share of a neighbour's belief that counts. 0 means 0.9.
	Homophily float64
}

// SybilSCAR returns the beliefs of SybilSCAR-D (Wang, Zhang and Gong, INFOCOM 2017), the solution p of
//
//	p_u = φ_u + 2 Σ_v ŵ_vu p_v,   ŵ_vu = θ w_uv / (2 d_u),
//
// with φ the priors, above 0 for the one kind of node and below for the other, w the weights and d the strengths. A node takes the mean
// of its neighbours' beliefs, however many there are; use it where both kinds are known and the graph has hubs.
//
// Of the paper's two forms this is the one normalised by degree, not the one with a constant ŵ: that converges only while ŵ is below
// half the inverse of the spectral radius, which in a graph with hubs leaves next to nothing of the neighbours. The paper's θ is 1;
// there the radius is 1, beliefs grow without limit unless priors cancel, and the authors stop after some rounds. Below 1 it is the
// radius, so the limit exists always, whatever the graph, and the ranking changes little as θ comes near 1.
//
// In a directed graph a node takes beliefs from those it points to: who chose the link is judged by whom was chosen. Parallel edges add
// up, a node without edges keeps its prior. Solved as Walk is, whose adjoint it is; cost and errors, too. Residual is the greatest
// change of any node beside the greatest prior.
func SybilSCAR(ctx context.Context, g *csr.Graph, priors []float64, opts SybilSCAROptions) (Ranked, error) {
	limits, err := opts.Limits.Settled()
	if err != nil {
		return Ranked{}, fmt.Errorf("propagate: sybilscar: %w", err)
	}
	if opts.Homophily == 0 {
		opts.Homophily = DefaultHomophily
	}
	if !(opts.Homophily > 0 && opts.Homophily < 1) {
		return Ranked{}, fmt.Errorf("propagate: sybilscar: %w: homophily %v is not between 0 and 1", ErrOptions, opts.Homophily)
	}
	given, greatest, err := scaled(g, priors)
	if err != nil {
		return Ranked{}, fmt.Errorf("propagate: sybilscar: %w", err)
	}
	r := Ranked{Scores: given, Tolerance: limits.Tolerance, Alpha: opts.Homophily}
	if g.Order() == 0 {
		return r, nil
	}
	// The walk's adjoint has 1-θ before the priors.
	lost := 1 - opts.Homophily
	kernel, err := newKernel(ctx, g, Options{Damping: opts.Homophily, Tolerance: limits.Tolerance * lost, MaxSteps: limits.MaxSteps,
		Threads: limits.Threads, Progress: limits.Progress}, adjoint)
	if err != nil {
		return Ranked{}, fmt.Errorf("propagate: sybilscar: %w", err)
	}
	kernel.signed = true
	report := newReporter(kernel, 1)
	solved, err := kernel.solve(ctx, [][]float64{given}, report)
	if err != nil && !errors.Is(err, ErrSteps) {
		return Ranked{}, fmt.Errorf("propagate: sybilscar: %w", err)
	}
	r.Scores, r.Residual, r.Steps = solved[0].values, solved[0].residual/lost, solved[0].steps
	for u := range r.Scores {
		r.Scores[u] *= greatest / lost
	}
	if err != nil {
		return r, fmt.Errorf("propagate: sybilscar: %w", err)
	}
	report.finish()
	return r, nil
}

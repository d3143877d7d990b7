package community

import (
	"fmt"

	"rummage/algo/csr"
)

// Quality returns the quality of a division, one label a node, under the objective, resolution and sizes of opts; the other options
// do not matter. The modularity of a graph without weight is 0. Cost O(m). Errors: ErrDirected, ErrOptions.
func Quality(g *csr.Graph, membership []uint32, opts Options) (float64, error) {
	opts, err := opts.settle(g)
	if err != nil {
		return 0, fmt.Errorf("community: quality: %w", err)
	}
	if len(membership) != g.Order() {
		return 0, fmt.Errorf("community: quality: %w: %d labels, and there are %d nodes", ErrOptions, len(membership), g.Order())
	}
	labels, _ := Canonical(membership)
	return quality(g, labels, opts), nil
}

// quality expects canonical labels. It adds everything in the order of the nodes.
func quality(g *csr.Graph, membership []uint32, opts Options) float64 {
	masses, total := masses(g, opts)
	held := make([]float64, g.Order())
	var inside, alone float64
	for u := range uint32(g.Order()) {
		weights := g.Weights(u)
		for i, v := range g.Neighbours(u) {
			if v >= u && membership[v] == membership[u] {
				if weights == nil {
					inside++
				} else {
					inside += weights[i]
				}
			}
		}
		held[membership[u]] += masses[u]
		alone += masses[u] * masses[u]
	}
	var squares float64
	for _, mass := range held {
		squares += mass * mass
	}
	if opts.Objective == CPM {
		return inside - opts.Resolution*(squares-alone)/2
	}
	if total == 0 {
		return 0
	}
	return 2*inside/total - opts.Resolution*squares/total/total
}

// masses returns what the null model knows of every node, its size or its strength, and the sum over all nodes.
func masses(g *csr.Graph, opts Options) ([]float64, float64) {
	mass := make([]float64, g.Order())
	var total float64
	for u := range mass {
		switch {
		case opts.Objective == Modularity:
			mass[u] = g.Strength(uint32(u)) + loops(g, uint32(u))
		case opts.Sizes != nil:
			mass[u] = opts.Sizes[u]
		default:
			mass[u] = 1
		}
		total += mass[u]
	}
	return mass, total
}

// loops returns the weight of the self-loops of u.
func loops(g *csr.Graph, u uint32) float64 {
	var sum float64
	weights := g.Weights(u)
	for i, v := range g.Neighbours(u) {
		if v != u {
			continue
		}
		if weights == nil {
			sum++
		} else {
			sum += weights[i]
		}
	}
	return sum
}

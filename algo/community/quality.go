package community

import (
	"context"
	"fmt"
	"slices"

	"rummage/algo/csr"
	"rummage/algo/csr/crew"
)

// Quality returns the quality of a division, one label a node, under the objective, resolution and sizes of opts; the other options
// do not matter. The modularity of a graph without weight is 0. Cost O(m). Errors: ErrOptions.
func Quality(g *csr.Graph, membership []uint32, opts Options) (float64, error) {
	opts, err := opts.settle(g)
	if err != nil {
		return 0, fmt.Errorf("community: quality: %w", err)
	}
	if len(membership) != g.Order() {
		return 0, fmt.Errorf("community: quality: %w: %d labels, and there are %d nodes", ErrOptions, len(membership), g.Order())
	}
	labels, _ := Canonical(membership)
	m, err := weigh(context.Background(), g, opts)
	if err != nil {
		return 0, fmt.Errorf("community: quality: %w", err)
	}
	return quality(context.Background(), g, labels, m, opts)
}

// quality expects canonical labels. It adds everything in the order of the nodes, weights inside communities by block.
func quality(ctx context.Context, g *csr.Graph, membership []uint32, m masses, opts Options) (float64, error) {
	cuts := g.Blocks(block)
	sums := make([]float64, len(cuts)-1)
	err := crew.Run(ctx, opts.Threads, len(sums), func(_, b int) {
		for u := cuts[b]; u < cuts[b+1]; u++ {
			sums[b] = inside(sums[b], g, membership, u)
		}
	})
	if err != nil {
		return 0, err
	}
	var inside, alone, squares float64
	for _, sum := range sums {
		inside += sum
	}
	head := m.head
	if head == nil {
		head = m.mass
	}
	held, inward := make([]float64, g.Order()), make([]float64, g.Order())
	for u, c := range membership {
		held[c] += m.mass[u]
		inward[c] += head[u]
		alone += m.mass[u] * head[u]
	}
	for c, mass := range held {
		squares += mass * inward[c]
	}
	// An edge counts twice in the strengths of an undirected graph, a pair of nodes twice in the squares of any.
	twice := 2.0
	if g.IsDirected() {
		twice = 1
	}
	switch {
	case opts.Objective == CPM:
		return inside - opts.Resolution*(squares-alone)/twice, nil
	case m.total == 0:
		return 0, nil
	}
	return twice*inside/m.total - opts.Resolution*squares/m.total/m.total, nil
}

// inside adds the weights of the edges at u to its own community to sum, an undirected one at its smaller end.
func inside(sum float64, g *csr.Graph, membership []uint32, u uint32) float64 {
	weights, all := g.Weights(u), g.IsDirected()
	for i, v := range g.Neighbours(u) {
		if (all || v >= u) && membership[v] == membership[u] {
			if weights == nil {
				sum++
			} else {
				sum += weights[i]
			}
		}
	}
	return sum
}

// masses are what the null model knows of every node, its size or its strength, and the sum over all nodes. head is the strength inward
// of the nodes of a directed graph, or their size again.
type masses struct {
	mass, head []float64
	total      float64
}

// weigh returns the masses of a graph.
func weigh(ctx context.Context, g *csr.Graph, opts Options) (masses, error) {
	m := masses{mass: make([]float64, g.Order())}
	if g.IsDirected() {
		m.head = make([]float64, g.Order())
	}
	cuts := g.Blocks(block)
	err := crew.Run(ctx, opts.Threads, len(cuts)-1, func(_, b int) {
		for u := cuts[b]; u < cuts[b+1]; u++ {
			switch {
			case opts.Objective == Modularity:
				m.mass[u] = g.Strength(u)
				if !g.IsDirected() {
					m.mass[u] += loops(g, u)
				}
			case opts.Sizes != nil:
				m.mass[u] = opts.Sizes[u]
			default:
				m.mass[u] = 1
			}
			if m.head == nil {
				continue
			}
			if m.head[u] = m.mass[u]; opts.Objective == Modularity {
				m.head[u] = g.InStrength(u)
			}
		}
	})
	for _, mass := range m.mass {
		m.total += mass
	}
	return m, err
}

// loops returns the weight of the self-loops of u.
func loops(g *csr.Graph, u uint32) float64 {
	var sum float64
	row, weights := g.Neighbours(u), g.Weights(u)
	for i, _ := slices.BinarySearch(row, u); i < len(row) && row[i] == u; i++ {
		if weights == nil {
			sum++
		} else {
			sum += weights[i]
		}
	}
	return sum
}

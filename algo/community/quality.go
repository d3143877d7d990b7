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

// quality expects canonical labels.
func quality(ctx context.Context, g *csr.Graph, membership []uint32, m masses, opts Options) (float64, error) {
	weights, err := inner(ctx, g, membership, opts.Threads)
	return m.quality(weights, membership, opts), err
}

// inner returns for every node the weight of its edges within its community, an undirected edge at its smaller end.
func inner(ctx context.Context, g *csr.Graph, membership []uint32, threads int) ([]float64, error) {
	weights := make([]float64, g.Order())
	cuts := g.Blocks(block)
	return weights, crew.Run(ctx, threads, len(cuts)-1, func(_, b int) {
		for u := cuts[b]; u < cuts[b+1]; u++ {
			weights[u] = within(g, membership, u)
		}
	})
}

// quality expects what inner returns, and canonical labels. It adds everything in the order of the nodes.
func (m *masses) quality(weights []float64, membership []uint32, opts Options) float64 {
	var inside, alone, squares float64
	var held, inward []float64
	for u, c := range membership {
		if int(c) == len(held) {
			held, inward = append(held, 0), append(inward, 0)
		}
		inside += weights[u]
		held[c] += m.mass[u]
		if m.head != nil {
			inward[c] += m.head[u]
		}
	}
	head := m.head
	if head == nil {
		head, inward = m.mass, held
	}
	for c, mass := range held {
		squares += mass * inward[c]
	}
	// An edge counts twice in the strengths of an undirected graph, a pair of nodes twice in the squares of any.
	twice := 2.0
	if m.head != nil {
		twice = 1
	}
	switch {
	case opts.Objective == CPM:
		for u, mass := range m.mass {
			alone += mass * head[u]
		}
		return inside - opts.Resolution*(squares-alone)/twice
	case m.total == 0:
		return 0
	}
	return twice*inside/m.total - opts.Resolution*squares/m.total/m.total
}

// within adds up the weights of the edges at u to its own community, of an undirected one at its smaller end.
func within(g *csr.Graph, membership []uint32, u uint32) (sum float64) {
	row, weights := g.Neighbours(u), g.Weights(u)
	first := 0
	if !g.IsDirected() {
		first, _ = slices.BinarySearch(row, u)
	}
	own := membership[u]
	for i := first; i < len(row); i++ {
		switch {
		case membership[row[i]] != own:
		case weights == nil:
			sum++
		default:
			sum += weights[i]
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
			if opts.Objective == Modularity {
				m.strengths(g, u)
				continue
			}
			if m.mass[u] = 1; opts.Sizes != nil {
				m.mass[u] = opts.Sizes[u]
			}
			if m.head != nil {
				m.head[u] = m.mass[u]
			}
		}
	})
	m.add()
	return m, err
}

// strengths fills in those of u.
func (m *masses) strengths(g *csr.Graph, u uint32) {
	m.mass[u] = g.Strength(u)
	if m.head != nil {
		m.head[u] = g.InStrength(u)
	} else {
		m.mass[u] += loops(g, u)
	}
}

// add makes the sum over all nodes, in their order.
func (m *masses) add() {
	m.total = 0
	for _, mass := range m.mass {
		m.total += mass
	}
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

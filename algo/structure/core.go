package structure

import (
	"context"
	"fmt"
	"slices"

	"rummage/algo/csr"
)

// Cores returns the core number of every node of an undirected graph: the greatest k for which it belongs to a part where all nodes
// have k neighbours within the part (Seidman 1983). Parallel edges count once and self-loops not at all. The greatest core number is
// the degeneracy of the graph.
//
// It is the bucket algorithm of Batagelj and Zaveršnik (2003). Cost O(m); memory 24 bytes a node. Errors: ErrDirected, or that of the
// context.
func Cores(ctx context.Context, g *csr.Graph) ([]int, error) {
	if g.IsDirected() {
		return nil, fmt.Errorf("structure: cores: %w; take Symmetric of it first", ErrDirected)
	}
	n := g.Order()
	degree := make([]int, n)
	most := 0
	for u := range uint32(n) {
		degree[u] = distinct(g.Neighbours(u), u)
		most = max(most, degree[u])
	}
	// order lists the nodes by degree, starts where each degree begins, place is the inverse of order.
	starts := make([]int, most+2)
	for _, d := range degree {
		starts[d+1]++
	}
	for d := range most + 1 {
		starts[d+1] += starts[d]
	}
	order, place := make([]uint32, n), make([]int, n)
	next := slices.Clone(starts)
	for u, d := range degree {
		order[next[d]], place[u] = uint32(u), next[d]
		next[d]++
	}
	rest := breath{ctx: ctx}
	for at := range n {
		u := order[at]
		row := g.Neighbours(u)
		if rest.taken(len(row)) {
			break
		}
		for i, v := range row {
			if degree[v] <= degree[u] || (i > 0 && row[i-1] == v) {
				continue
			}
			// v swaps places with the first node of its degree, and that degree begins one later.
			first := starts[degree[v]]
			w := order[first]
			order[place[v]], order[first] = w, v
			place[w], place[v] = place[v], first
			starts[degree[v]]++
			degree[v]--
		}
	}
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("structure: cores: %w", err)
	}
	return degree, nil
}

// distinct counts the neighbours in a sorted row, without u itself.
func distinct(row []uint32, u uint32) int {
	count := 0
	for i, v := range row {
		if v != u && (i == 0 || row[i-1] != v) {
			count++
		}
	}
	return count
}

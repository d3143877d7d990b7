// Package centrality measures how central every node of a graph is: by its neighbours (degree, strength, PageRank, HITS, eigenvector, Katz), and
// by the paths through it and from it (betweenness, exact or sampled, closeness, eccentricity).
//
// It must not know what a node stands for; in particular, that a central node is a suspicious one is for others to say.
package centrality

import (
	"context"
	"fmt"

	"rummage/algo/csr"
	"rummage/algo/propagate"
)

// Degree returns the number of arcs of every node; those that leave it when the graph is directed. A self-loop counts once, a parallel
// edge each time.
func Degree(g *csr.Graph) []int {
	degree := make([]int, g.Order())
	for u := range degree {
		degree[u] = g.Degree(uint32(u))
	}
	return degree
}

// InDegree returns the number of arcs that reach every node.
func InDegree(g *csr.Graph) []int {
	degree := make([]int, g.Order())
	for u := range degree {
		degree[u] = g.InDegree(uint32(u))
	}
	return degree
}

// Strength returns the sum of the weights of the arcs that Degree counts.
func Strength(g *csr.Graph) []float64 {
	strength := make([]float64, g.Order())
	for u := range strength {
		strength[u] = g.Strength(uint32(u))
	}
	return strength
}

// InStrength returns the sum of the weights of the arcs that InDegree counts.
func InStrength(g *csr.Graph) []float64 {
	strength := make([]float64, g.Order())
	for u := range strength {
		strength[u] = g.InStrength(uint32(u))
	}
	return strength
}

// Rank is PageRank and how it came about.
type Rank struct {
	Scores []float64
	// Residual is the sum over all nodes of how much one more step would change their scores at most. They differ from the exact ones by
	// at most Residual/(1-Damping) in sum, or twice that where Dangling is propagate.DanglingRestart in an undirected graph.
	Residual float64
	Steps    int
	// Damping, Tolerance and Dangling are those used, defaults filled in.
	Damping, Tolerance float64
	Dangling           propagate.Dangling
	// Solver names the method, as in propagate.Result.
	Solver string
}

// PageRank returns the PageRank of every node (Brin and Page 1998): the walk of package propagate with all nodes as seeds alike.
// Scores sum to 1; weights count where the graph has them; options, cost and errors are those of propagate.Walk, and so is the tolerance: 1e-14
// unless one is given. A dead end sends its walker anywhere, which is what DanglingRestart means here; the other treatments are at the
// caller's wish.
func PageRank(ctx context.Context, g *csr.Graph, opts propagate.Options) (Rank, error) {
	ones := make([]float64, g.Order())
	for u := range ones {
		ones[u] = 1
	}
	walk, err := propagate.Walk(ctx, g, [][]float64{ones}, opts)
	if err != nil {
		err = fmt.Errorf("centrality: pagerank: %w", err)
	}
	if len(walk.Scores) == 0 {
		return Rank{}, err
	}
	return Rank{Scores: walk.Scores[0], Residual: walk.Residual[0], Steps: walk.Steps[0], Damping: walk.Damping, Tolerance: walk.Tolerance,
		Dangling: walk.Dangling, Solver: walk.Solver}, err
}

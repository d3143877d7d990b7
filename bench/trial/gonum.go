package trial

import (
	"context"
	"math"
	"math/rand/v2"

	"gonum.org/v1/gonum/graph"
	"gonum.org/v1/gonum/graph/community"
	"gonum.org/v1/gonum/graph/network"
	"gonum.org/v1/gonum/graph/path"
	"gonum.org/v1/gonum/graph/simple"
	"gonum.org/v1/gonum/graph/topo"

	"rummage/algo/csr"
)

// peerGraphs are the graphs of gonum's own package simple, each made when asked for. One is held at a time, since a million edges take
// 200 MB and more.
type peerGraphs struct {
	columns    *csr.Columns
	weighted   *simple.WeightedUndirectedGraph
	lengths    *simple.WeightedUndirectedGraph
	unweighted *simple.UndirectedGraph
	directed   *simple.WeightedDirectedGraph
}

func (in *Input) columns() (*csr.Columns, error) {
	if in.gonum.columns == nil {
		columns, err := in.Files.Columns()
		if err != nil {
			return nil, err
		}
		in.gonum.columns = &columns
	}
	return in.gonum.columns, nil
}

// fill adds all nodes, also those without an edge, and hands over every edge.
func (in *Input) fill(g graph.NodeAdder, edge func(u, v simple.Node, w float64)) error {
	columns, err := in.columns()
	if err != nil {
		return err
	}
	for u := range in.Files.Nodes {
		g.AddNode(simple.Node(u))
	}
	for e, u := range columns.From {
		edge(simple.Node(u), simple.Node(columns.To[e]), columns.Weight[e])
	}
	return nil
}

func (in *Input) undirected(weigh func(float64) float64) (*simple.WeightedUndirectedGraph, error) {
	g := simple.NewWeightedUndirectedGraph(0, math.Inf(1))
	err := in.fill(g, func(u, v simple.Node, w float64) {
		g.SetWeightedEdge(simple.WeightedEdge{F: u, T: v, W: weigh(w)})
	})
	return g, err
}

func same(w float64) float64    { return w }
func inverse(w float64) float64 { return 1 / w }

// once makes a graph unless it is the one that is held.
func once[G any](in *Input, kept **G, made func() (*G, error)) (*G, error) {
	if *kept != nil {
		return *kept, nil
	}
	in.gonum = peerGraphs{columns: in.gonum.columns}
	g, err := made()
	if err == nil {
		*kept = g
	}
	return g, err
}

func (in *Input) weighted() (*simple.WeightedUndirectedGraph, error) {
	return once(in, &in.gonum.weighted, func() (*simple.WeightedUndirectedGraph, error) { return in.undirected(same) })
}

func (in *Input) lengths() (*simple.WeightedUndirectedGraph, error) {
	return once(in, &in.gonum.lengths, func() (*simple.WeightedUndirectedGraph, error) { return in.undirected(inverse) })
}

func (in *Input) unweighted() (*simple.UndirectedGraph, error) {
	return once(in, &in.gonum.unweighted, func() (*simple.UndirectedGraph, error) {
		g := simple.NewUndirectedGraph()
		return g, in.fill(g, func(u, v simple.Node, _ float64) { g.SetEdge(simple.Edge{F: u, T: v}) })
	})
}

func (in *Input) directed() (*simple.WeightedDirectedGraph, error) {
	return once(in, &in.gonum.directed, func() (*simple.WeightedDirectedGraph, error) {
		g := simple.NewWeightedDirectedGraph(0, math.Inf(1))
		return g, in.fill(g, func(u, v simple.Node, w float64) {
			g.SetWeightedEdge(simple.WeightedEdge{F: u, T: v, W: w})
			g.SetWeightedEdge(simple.WeightedEdge{F: v, T: u, W: w})
		})
	})
}

// table turns a map by node into a list; halved where gonum counts each pair twice.
func (in *Input) table(of map[int64]float64, factor float64) []float64 {
	all := make([]float64, in.Files.Nodes)
	for u := range all {
		all[u] = of[int64(u)] * factor
	}
	return all
}

// labels numbers the groups that the nodes are in.
func (in *Input) labels(groups [][]graph.Node) []float64 {
	all := make([]float64, in.Files.Nodes)
	for i, group := range groups {
		for _, node := range group {
			all[node.ID()] = float64(i)
		}
	}
	return all
}

func gonumBuild(in *Input) (Run, error) {
	_, err := in.columns()
	return func(context.Context, int) (Answer, error) {
		g, err := in.undirected(same)
		return func() []float64 {
			var weight float64
			edges := g.WeightedEdges()
			count := edges.Len()
			for edges.Next() {
				weight += edges.WeightedEdge().Weight()
			}
			return census(g.Nodes().Len(), count, weight)
		}, err
	}, err
}

// gonumPageRank asks for less than the others, since gonum stops by the Euclidean norm of a change: the sum of n numbers can be √n times
// as much.
func gonumPageRank(in *Input) (Run, error) {
	g, err := in.directed()
	return func(context.Context, int) (Answer, error) {
		scores := network.PageRankSparse(g, 0.85, tolerance/math.Sqrt(float64(max(in.Files.Nodes, 1))))
		return func() []float64 { return in.table(scores, 1) }, nil
	}, err
}

func gonumLouvain(in *Input) (Run, error) {
	g, err := in.weighted()
	return func(context.Context, int) (Answer, error) {
		found := community.Modularize(g, 1, rand.NewPCG(seed, seed)).Communities()
		return func() []float64 { return in.labels(found) }, nil
	}, err
}

func gonumBetweenness(in *Input) (Run, error) {
	g, err := in.unweighted()
	return func(context.Context, int) (Answer, error) {
		scores := network.Betweenness(g)
		return func() []float64 { return in.table(scores, 0.5) }, nil
	}, err
}

func gonumLengths(in *Input) (Run, error) {
	g, err := in.lengths()
	return func(context.Context, int) (Answer, error) {
		scores := network.BetweennessWeighted(g, path.DijkstraAllPaths(g))
		return func() []float64 { return in.table(scores, 0.5) }, nil
	}, err
}

func gonumHarmonic(in *Input) (Run, error) {
	g, err := in.unweighted()
	return func(context.Context, int) (Answer, error) {
		scores := network.Harmonic(g, path.DijkstraAllPaths(g))
		return func() []float64 { return in.table(scores, 1) }, nil
	}, err
}

func gonumComponents(in *Input) (Run, error) {
	g, err := in.unweighted()
	return func(context.Context, int) (Answer, error) {
		found := topo.ConnectedComponents(g)
		return func() []float64 { return in.labels(found) }, nil
	}, err
}

func gonumCores(in *Input) (Run, error) {
	g, err := in.unweighted()
	return func(context.Context, int) (Answer, error) {
		_, cores := topo.DegeneracyOrdering(g)
		return func() []float64 { return in.labels(cores) }, nil
	}, err
}

package csr

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/graph"
	"gonum.org/v1/gonum/graph/iterator"
	"gonum.org/v1/gonum/graph/simple"
)

// A graph is a gonum graph without a single map: nodes are pointers into one array, made on first use, edges are found by binary
// search in a sorted row, iterators walk a row. gonum knows one edge between two nodes, so parallel arcs show as one edge whose
// weight is their sum.
//
// The direction is a view: Undirected and Directed add the methods that gonum tells the two kinds apart by.
var (
	_ graph.Weighted           = (*Graph)(nil)
	_ graph.Undirected         = Undirected{}
	_ graph.WeightedUndirected = Undirected{}
	_ graph.Directed           = Directed{}
	_ graph.WeightedDirected   = Directed{}
)

// identity is a node as gonum sees it.
type identity uint32

// ID returns the number of the node.
func (n *identity) ID() int64 { return int64(*n) }

// node returns node u, always by the same pointer.
func (g *Graph) node(u uint32) graph.Node {
	g.identify.Do(func() {
		g.identity = make([]identity, g.order)
		for i := range g.identity {
			g.identity[i] = identity(i)
		}
	})
	return &g.identity[u]
}

func (g *Graph) has(id int64) bool { return id >= 0 && id < int64(g.order) }

// Node returns the node with the given number, or nil when there is none.
func (g *Graph) Node(id int64) graph.Node {
	if !g.has(id) {
		return nil
	}
	return g.node(uint32(id))
}

// Nodes returns all nodes in ascending order. The iterator has NodeSlice.
func (g *Graph) Nodes() graph.Nodes {
	if g.order == 0 {
		return graph.Empty
	}
	return &all{g: g, at: -1}
}

// From returns the nodes that can be reached from the given one, each once, in ascending order. The iterator has NodeSlice.
func (g *Graph) From(id int64) graph.Nodes {
	if !g.has(id) {
		return graph.Empty
	}
	return g.walk(g.Neighbours(uint32(id)))
}

func (g *Graph) walk(row []uint32) graph.Nodes {
	if len(row) == 0 {
		return graph.Empty
	}
	if !g.simple {
		row = slices.Compact(slices.Clone(row))
	}
	return &neighbours{g: g, row: row, at: -1}
}

// HasEdgeBetween tells whether an edge joins the two nodes in either direction.
func (g *Graph) HasEdgeBetween(x, y int64) bool {
	return g.has(x) && g.has(y) && (g.adjacent(x, y) || (g.directed && g.adjacent(y, x)))
}

func (g *Graph) adjacent(u, v int64) bool {
	_, found := slices.BinarySearch(g.Neighbours(uint32(u)), uint32(v))
	return found
}

// Edge returns the edge from u to v, or nil when there is none.
func (g *Graph) Edge(u, v int64) graph.Edge {
	if e := g.WeightedEdge(u, v); e != nil {
		return e
	}
	return nil
}

// WeightedEdge returns the edge from u to v, or nil when there is none.
func (g *Graph) WeightedEdge(u, v int64) graph.WeightedEdge {
	if !g.has(u) || !g.has(v) || !g.adjacent(u, v) {
		return nil
	}
	return g.edge(uint32(u), uint32(v), g.between(uint32(u), uint32(v)))
}

func (g *Graph) edge(u, v uint32, w float64) graph.WeightedEdge {
	return simple.WeightedEdge{F: g.node(u), T: g.node(v), W: w}
}

// between returns the sum of the weights of all arcs from u to v, each 1 when the graph is unweighted.
func (g *Graph) between(u, v uint32) float64 {
	row := g.Neighbours(u)
	lo, _ := slices.BinarySearch(row, v)
	var sum float64
	for i := lo; i < len(row) && row[i] == v; i++ {
		sum += g.weightAt(u, i)
	}
	return sum
}

func (g *Graph) weightAt(u uint32, i int) float64 {
	if g.out.weight == nil {
		return 1
	}
	return g.Weights(u)[i]
}

// Weight returns the weight of the edge from x to y and whether there is one. A node's weight to itself is 0 without a
// self-loop, and true; nodes without an edge are at weight +Inf, and false.
func (g *Graph) Weight(x, y int64) (float64, bool) {
	switch {
	case g.has(x) && g.has(y) && g.adjacent(x, y):
		return g.between(uint32(x), uint32(y)), true
	case x == y:
		return 0, true
	default:
		return math.Inf(1), false
	}
}

// Edges returns every edge once, ordered by its ends, the smaller first when the graph is undirected.
func (g *Graph) Edges() graph.Edges {
	if edges := g.pairs(); len(edges) > 0 {
		plain := make([]graph.Edge, len(edges))
		for i, e := range edges {
			plain[i] = e
		}
		return iterator.NewOrderedEdges(plain)
	}
	return graph.Empty
}

// WeightedEdges returns every edge once, in the order of Edges.
func (g *Graph) WeightedEdges() graph.WeightedEdges {
	if edges := g.pairs(); len(edges) > 0 {
		return iterator.NewOrderedWeightedEdges(edges)
	}
	return graph.Empty
}

func (g *Graph) pairs() []graph.WeightedEdge {
	edges := make([]graph.WeightedEdge, 0, g.size)
	for u := range uint32(g.order) {
		row := g.Neighbours(u)
		for lo, hi := 0, 0; lo < len(row); lo = hi {
			var sum float64
			for hi = lo; hi < len(row) && row[hi] == row[lo]; hi++ {
				sum += g.weightAt(u, hi)
			}
			if g.directed || row[lo] >= u {
				edges = append(edges, g.edge(u, row[lo], sum))
			}
		}
	}
	return edges
}

// Undirected is a graph in the eyes of gonum's algorithms for undirected graphs.
type Undirected struct{ *Graph }

// Undirected returns the graph as gonum's undirected kind. It panics when the graph is directed; Symmetric makes an undirected
// graph of one, and gonum's graph.Undirect shows one as such.
func (g *Graph) Undirected() Undirected {
	if g.directed {
		panic(fmt.Sprintf("csr: undirected: the graph of %d nodes is directed; take Symmetric first", g.order))
	}
	return Undirected{g}
}

// EdgeBetween returns the edge between x and y, or nil when there is none.
func (g Undirected) EdgeBetween(x, y int64) graph.Edge { return g.Edge(x, y) }

// WeightedEdgeBetween returns the edge between x and y, or nil when there is none.
func (g Undirected) WeightedEdgeBetween(x, y int64) graph.WeightedEdge { return g.WeightedEdge(x, y) }

// Directed is a graph in the eyes of gonum's algorithms for directed graphs.
type Directed struct{ *Graph }

// Directed returns the graph as gonum's directed kind. The edges of an undirected graph show in both directions.
func (g *Graph) Directed() Directed { return Directed{g} }

// HasEdgeFromTo tells whether an edge leads from u to v.
func (g Directed) HasEdgeFromTo(u, v int64) bool { return g.has(u) && g.has(v) && g.adjacent(u, v) }

// To returns the nodes from which the given one can be reached, each once, in ascending order. The iterator has NodeSlice.
func (g Directed) To(id int64) graph.Nodes {
	if !g.has(id) {
		return graph.Empty
	}
	return g.walk(g.InNeighbours(uint32(id)))
}

// all iterates over every node.
type all struct {
	g  *Graph
	at int
}

func (n *all) Len() int { return max(n.g.order-n.at-1, 0) }

func (n *all) Next() bool {
	n.at = min(n.at+1, n.g.order)
	return n.at < n.g.order
}

func (n *all) Node() graph.Node {
	if n.at < 0 || n.at >= n.g.order {
		return nil
	}
	return n.g.node(uint32(n.at))
}

func (n *all) Reset() { n.at = -1 }

// NodeSlice returns the nodes not yet visited and leaves none.
func (n *all) NodeSlice() []graph.Node {
	rest := make([]graph.Node, 0, n.Len())
	for n.Next() {
		rest = append(rest, n.Node())
	}
	return rest
}

// neighbours iterates over one row.
type neighbours struct {
	g   *Graph
	row []uint32
	at  int
}

func (n *neighbours) Len() int { return max(len(n.row)-n.at-1, 0) }

func (n *neighbours) Next() bool {
	n.at = min(n.at+1, len(n.row))
	return n.at < len(n.row)
}

func (n *neighbours) Node() graph.Node {
	if n.at < 0 || n.at >= len(n.row) {
		return nil
	}
	return n.g.node(n.row[n.at])
}

func (n *neighbours) Reset() { n.at = -1 }

// NodeSlice returns the nodes not yet visited and leaves none.
func (n *neighbours) NodeSlice() []graph.Node {
	rest := make([]graph.Node, 0, n.Len())
	for n.Next() {
		rest = append(rest, n.Node())
	}
	return rest
}

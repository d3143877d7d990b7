package structure

import (
	"context"
	"fmt"
	"math"
	"math/bits"
	"slices"

	"rummage/algo/csr"
	"rummage/algo/csr/crew"
)

// Triangles are the triangles of a graph.
type Triangles struct {
	// Method names the algorithm.
	Method string
	// At gives the number of triangles at every node; each counts at all three of its nodes.
	At []uint64
	// Total is the number of triangles.
	Total uint64
	// Local gives the clustering of every node: the share of the pairs of its neighbours that are neighbours themselves (Watts and
	// Strogatz 1998); 0 where there is no pair.
	Local []float64
	// Mean is the mean of Local over all nodes, 0 for an empty graph.
	Mean float64
	// Transitivity is three times the triangles over the number of connected triples (Newman, Watts, Strogatz 2002); 0 where there is
	// no triple.
	Transitivity float64
}

// Triangle counts triangles in an undirected graph, and measures clustering. Parallel edges count once and self-loops not at all;
// weights do not matter.
//
// Every edge is directed from the end of lower degree to that of higher, and the out-rows of its two ends are intersected by a map of bits
// (Schank and Wagner 2005; Latapy 2008). Cost O(m^1.5); memory 4 bytes an edge, 24 a node, and 8 and a bit a node and thread.
// Errors: ErrDirected, or that of the context.
func Triangle(ctx context.Context, g *csr.Graph, opts Options) (Triangles, error) {
	if g.IsDirected() {
		return Triangles{}, fmt.Errorf("structure: triangles: %w; take Symmetric of it first", ErrDirected)
	}
	o, err := orient(ctx, g, opts.Threads)
	if err != nil {
		return Triangles{}, fmt.Errorf("structure: triangles: %w", err)
	}
	t := Triangles{Method: "intersection by degree order"}
	if t.At, err = o.count(ctx, opts); err != nil {
		return Triangles{}, fmt.Errorf("structure: triangles: %w", err)
	}
	t.Local = make([]float64, g.Order())
	var corners, triples uint64
	for u, at := range t.At {
		pairs := choose2(o.degree[u])
		if pairs > 0 {
			t.Local[u] = float64(at) / float64(pairs)
		}
		t.Mean += t.Local[u]
		corners += at
		triples += pairs
	}
	t.Total = corners / 3
	if triples > 0 {
		t.Transitivity = float64(corners) / float64(triples)
	}
	if n := g.Order(); n > 0 {
		t.Mean /= float64(n)
	}
	return t, nil
}

func choose2(d uint32) uint64 { return uint64(d) * (uint64(d) - 1) / 2 * min(uint64(d), 1) }

// oriented is a graph whose nodes are numbered by rank, from the lowest degree to the highest and equals by number, and whose edges lead
// from lower to higher rank. The out-row of rank r is to[start[r]:start[r+1]]. Rows thus name the same few high ranks again and
// again, which stay in the cache.
type oriented struct {
	degree []uint32
	rank   []uint32
	start  []uint64
	to     []uint32
}

func (o *oriented) row(r uint32) []uint32 { return o.to[o.start[r]:o.start[r+1]] }

func orient(ctx context.Context, g *csr.Graph, threads int) (*oriented, error) {
	n := g.Order()
	p := peel{g: g, opts: Options{Threads: threads}}
	if err := p.count(ctx); err != nil {
		return nil, err
	}
	o := &oriented{degree: p.degree, rank: ranks(p.degree), start: make([]uint64, n+1)}
	blocks := g.Blocks(blockArcs)
	pass := func(work func(u uint32, row []uint32)) error {
		return crew.Run(ctx, threads, len(blocks)-1, func(_, b int) {
			for u := blocks[b]; u < blocks[b+1]; u++ {
				work(o.rank[u], g.Neighbours(u))
			}
		})
	}
	err := pass(func(r uint32, row []uint32) {
		count := uint64(0)
		for i, v := range row {
			if o.rank[v] > r && (i == 0 || row[i-1] != v) {
				count++
			}
		}
		o.start[r+1] = count
	})
	if err != nil {
		return nil, err
	}
	for r := range n {
		o.start[r+1] += o.start[r]
	}
	o.to = make([]uint32, o.start[n])
	return o, pass(func(r uint32, row []uint32) {
		at := o.start[r]
		for i, v := range row {
			if rank := o.rank[v]; rank > r && (i == 0 || row[i-1] != v) {
				o.to[at] = rank
				at++
			}
		}
	})
}

// ranks numbers nodes by degree, the lowest first and equals in their order.
func ranks(degree []uint32) []uint32 {
	most := uint32(0)
	for _, d := range degree {
		most = max(most, d)
	}
	next := make([]uint32, most+2)
	for _, d := range degree {
		next[d+1]++
	}
	for d := range most + 1 {
		next[d+1] += next[d]
	}
	rank := make([]uint32, len(degree))
	for u, d := range degree {
		rank[u] = next[d]
		next[d]++
	}
	return rank
}

// cornersApiece is how many nodes make one piece of work for count.
const cornersApiece = 256

// count returns the number of triangles at every node. Each worker counts for itself; sums of whole numbers are the same in any order.
func (o *oriented) count(ctx context.Context, opts Options) ([]uint64, error) {
	n := len(o.degree)
	type scratch struct {
		at   []uint64
		mark []uint64
	}
	pieces := crew.Cut(n, cornersApiece)
	all := make([]scratch, crew.Size(opts.Threads, len(pieces)-1))
	err := crew.Run(ctx, opts.Threads, len(pieces)-1, func(worker, piece int) {
		s := &all[worker]
		if s.at == nil {
			s.at, s.mark = make([]uint64, n), make([]uint64, (n+63)/64)
		}
		rest := breath{ctx: ctx}
		for r := pieces[piece]; r < pieces[piece+1]; r++ {
			if !o.corner(uint32(r), s.at, s.mark, &rest) {
				return
			}
		}
		if opts.Progress != nil && worker == 0 {
			opts.Progress(pieces[piece+1], n)
		}
	})
	if err != nil {
		return nil, err
	}
	sum := make([]uint64, n)
	for _, s := range all {
		if s.at == nil {
			continue
		}
		for u, r := range o.rank {
			sum[u] += s.at[r]
		}
	}
	return sum, nil
}

// corner counts the triangles whose lowest node is of rank r. mark is empty before and after. It is false when the context has ended.
func (o *oriented) corner(r uint32, at, mark []uint64, rest *breath) bool {
	out := o.row(r)
	if len(out) < 2 {
		return true
	}
	for _, v := range out {
		mark[v/64] |= 1 << (v % 64)
	}
	total := uint64(0)
	ended := false
	for _, v := range out {
		row := o.row(v)
		before := total
		for _, w := range row {
			hit := mark[w/64] >> (w % 64) & 1
			at[w] += hit
			total += hit
		}
		at[v] += total - before
		if rest.taken(len(row)) {
			ended = true
			break
		}
	}
	at[r] += total
	for _, v := range out {
		mark[v/64] = 0
	}
	return !ended
}

// Share says how a weighted triangle counts.
type Share uint8

const (
	// Barrat weighs a triangle at a node by the mean weight of the two edges that it has there (Barrat et al. 2004):
	// c = Σ (w_ij + w_ih)/2 over ordered pairs of neighbours j, h that are neighbours, divided by s·(k − 1), s being the strength.
	Barrat Share = iota
	// Onnela weighs it by the geometric mean of its three edges over the greatest weight of the graph (Onnela et al. 2005):
	// c = Σ ∛(w_ij·w_ih·w_jh)/max w over the same pairs, divided by k·(k − 1).
	Onnela
)

// Clustered is weighted clustering.
type Clustered struct {
	// Method names the algorithm, Share how triangles were weighed.
	Method string
	Share  Share
	// Local gives the clustering of every node, Mean its mean over all nodes, 0 for an empty graph.
	Local []float64
	Mean  float64
}

// Clustering returns the weighted clustering of every node of an undirected graph, the edges of an unweighted one being of weight 1,
// where both forms are Local of Triangle. Weights of parallel edges are summed first and self-loops left out; a node with fewer than
// two neighbours has 0, and after Barrat one of strength 0 too. An edge of weight 0 is an edge.
//
// Triangles are looked for from each of their nodes, so that every node's sum is added in one order whatever the threads. Cost
// O(m·α·log d), α being the arboricity; memory 8 bytes an arc, and 12 a node and thread. Errors: ErrDirected, ErrOption, or that of the context.
func Clustering(ctx context.Context, g *csr.Graph, share Share, opts Options) (Clustered, error) {
	found := Clustered{Method: "intersection at each node", Share: share}
	var err error
	switch {
	case g.IsDirected():
		err = fmt.Errorf("%w; take Symmetric of it first", ErrDirected)
	case share > Onnela:
		err = fmt.Errorf("%w: share %d", ErrOption, share)
	default:
		g, err = g.Simple(ctx)
	}
	if err == nil {
		found.Local, err = clustering(ctx, g, share, opts)
	}
	if err != nil {
		return Clustered{}, fmt.Errorf("structure: clustering: %w", err)
	}
	for _, local := range found.Local {
		found.Mean += local / float64(g.Order())
	}
	return found, nil
}

// clustering measures a graph without parallel edges.
func clustering(ctx context.Context, g *csr.Graph, share Share, opts Options) ([]float64, error) {
	if !g.IsWeighted() {
		t, err := Triangle(ctx, g, opts)
		return t.Local, err
	}
	c := clusterer{g: g, share: share, local: make([]float64, g.Order())}
	if share == Onnela {
		var err error
		if c.roots, err = cubeRoots(ctx, g, opts.Threads); err != nil {
			return nil, err
		}
	}
	blocks := g.Blocks(blockArcs)
	marks := make([][]uint32, crew.Size(opts.Threads, len(blocks)-1))
	err := crew.Run(ctx, opts.Threads, len(blocks)-1, func(worker, b int) {
		if marks[worker] == nil {
			marks[worker] = make([]uint32, g.Order())
		}
		rest := breath{ctx: ctx}
		for u := blocks[b]; u < blocks[b+1]; u++ {
			if !c.node(u, marks[worker], &rest) {
				return
			}
		}
		if opts.Progress != nil && worker == 0 {
			opts.Progress(int(blocks[b+1]), g.Order())
		}
	})
	return c.local, err
}

// cubeRoots returns the cube roots of the weights over the greatest, beside the rows of each node.
func cubeRoots(ctx context.Context, g *csr.Graph, threads int) ([][]float64, error) {
	most := 0.0
	for u := range uint32(g.Order()) {
		row := g.Neighbours(u)
		for i, w := range g.Weights(u) {
			if row[i] != u {
				most = max(most, w)
			}
		}
	}
	roots := make([][]float64, g.Order())
	blocks := g.Blocks(blockArcs)
	return roots, crew.Run(ctx, threads, len(blocks)-1, func(_, b int) {
		for u := blocks[b]; u < blocks[b+1]; u++ {
			row := g.Weights(u)
			roots[u] = make([]float64, len(row))
			for i, w := range row {
				if w > 0 && most > 0 {
					roots[u][i] = math.Cbrt(w / most)
				}
			}
		}
	})
}

// clusterer measures the weighted clustering of one node after the other.
type clusterer struct {
	g     *csr.Graph
	share Share
	roots [][]float64
	local []float64
}

// node adds up the triangles at u. mark holds, for the neighbours of u while it is at work, their place in its row and one more. It is false
// when the context has ended.
func (c *clusterer) node(u uint32, mark []uint32, rest *breath) bool {
	row := c.g.Neighbours(u)
	k := distinct(row, u)
	if k < 2 {
		return true
	}
	for i, v := range row {
		if v != u {
			mark[v] = uint32(i + 1)
		}
	}
	sum, strength := 0.0, 0.0
	ended := false
	weights := c.g.Weights(u)
	for j, v := range row {
		if v == u {
			continue
		}
		strength += weights[j]
		sum += c.edge(u, j, mark)
		if rest.taken(min(c.g.Degree(v), len(row)*bits.Len(uint(c.g.Degree(v))))) {
			ended = true
			break
		}
	}
	for _, v := range row {
		mark[v] = 0
	}
	switch {
	case ended:
		return false
	case c.share == Onnela:
		c.local[u] = 2 * sum / (float64(k) * float64(k-1))
	case strength > 0:
		c.local[u] = sum / (strength * float64(k-1))
	}
	return true
}

// edge adds up the triangles at u over its neighbour at place j and those at later places: from the row of the neighbour if that is the
// shorter way, else by looking for each later neighbour in it.
func (c *clusterer) edge(u uint32, j int, mark []uint32) (sum float64) {
	row := c.g.Neighbours(u)
	v := row[j]
	other := c.g.Neighbours(v)
	later := row[j+1:]
	if len(other) <= len(later)*bits.Len(uint(len(other))) {
		from, _ := slices.BinarySearch(other, v+1)
		for at := from; at < len(other); at++ {
			if i := mark[other[at]]; i > 0 {
				sum += c.triangle(u, j, int(i-1), at)
			}
		}
		return sum
	}
	for i, w := range later {
		if w == u {
			continue
		}
		if at, found := slices.BinarySearch(other, w); found {
			sum += c.triangle(u, j, j+1+i, at)
		}
	}
	return sum
}

// triangle weighs that of u and its neighbours at places j and i of its row; the edge between those stands at the given place of the first
// one's row.
func (c *clusterer) triangle(u uint32, j, i, at int) float64 {
	if c.share == Barrat {
		weights := c.g.Weights(u)
		return weights[j] + weights[i]
	}
	v := c.g.Neighbours(u)[j]
	return c.roots[u][j] * c.roots[u][i] * c.roots[v][at]
}

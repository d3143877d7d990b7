package centrality

import (
	"context"
	"errors"
	"fmt"

	"rummage/algo/csr"
	"rummage/algo/csr/crew"
)

// ErrPaths is returned when two nodes are joined by more shortest paths than a float64 can count, about 1.8e308.
var ErrPaths = errors.New("too many shortest paths")

// Options say how Betweenness measures. The zero value is usable.
type Options struct {
	// Weighted takes 1/weight as the length of an edge, so that strong ties are short and edges of weight 0 lead nowhere; else every
	// edge has length 1, whatever its weight.
	Weighted bool
	// Normalised divides by the number of pairs that a node could lie between: (n-1)(n-2) ordered pairs in a directed graph, half as
	// many pairs in an undirected one. Edges are divided by the number of all pairs, n(n-1) or half as many.
	Normalised bool
	// Edges measures edges too, which takes about twice the time and 8 bytes an arc and thread.
	Edges bool
	// Threads is the number of goroutines; GOMAXPROCS when not positive. It does not change a bit of the result.
	Threads int
	// Progress, if set, is called with the number of searches done and of searches in all, never twice at a time but from any goroutine. A
	// graph without a circle needs no search.
	Progress func(done, total int)
}

// Between is the betweenness of nodes, and of edges where wished for, and how it came about.
type Between struct {
	Nodes []float64
	// Edges are all edges of the graph, parallel ones as one, in the order of their ends, the smaller first when the graph is
	// undirected. It is nil unless Options.Edges.
	Edges []Tie
	// Weighted and Normalised are those of the options; a graph without weights is measured as unweighted.
	Weighted, Normalised bool
	// Blocks is the number of parts that were searched on their own, Searches that of the sources.
	Blocks, Searches int
}

// Tie is an edge with its score.
type Tie struct {
	From, To uint32
	Score    float64
}

// Betweenness returns, for every node, the number of pairs of other nodes that it lies between: the sum over all pairs of the share
// of their shortest paths that run through it; and for every edge the same, over all pairs. Pairs are ordered in a directed graph and
// unordered in an undirected one. Ends do not count; parallel edges are one edge whose weight is their sum; self-loops do not matter
// and score 0, as edges of weight 0 do with lengths; a graph of fewer than three nodes gives zeros.
//
// It is the algorithm of Brandes (2001), exact. The graph is cut at its articulation points first, so that hanging trees need no
// search, or two of one step where edges have a direction, and others only go through their own block (Sarıyüce et al. 2013; Wang et al. 2016). A search without lengths looks
// at a level from the side that has fewer arcs; where all weights are the same, none has lengths. Cost O(nm) at most, with lengths O(nm + n² log n);
// memory about 100 bytes a node and 12 an arc, with lengths 170 and 20, and for each thread 48 bytes a node and 2 an arc, 4 when the graph
// is directed, with lengths 75 bytes a node. Errors: ErrPaths, or that of the context, which is looked at within each search.
func Betweenness(ctx context.Context, g *csr.Graph, opts Options) (Between, error) {
	result, err := betweenness(ctx, g, opts)
	if err != nil {
		return Between{}, fmt.Errorf("centrality: betweenness: %w", err)
	}
	return result, nil
}

func betweenness(ctx context.Context, g *csr.Graph, opts Options) (Between, error) {
	g, err := g.Simple(ctx)
	if err != nil {
		return Between{}, err
	}
	opts.Weighted = opts.Weighted && g.IsWeighted()
	d, err := shatter(ctx, g, form{lengths: opts.Weighted && !alike(g), edges: opts.Edges, threads: opts.Threads})
	if err != nil {
		return Between{}, err
	}
	if err = d.prune(ctx, opts.Threads); err != nil {
		return Between{}, err
	}
	sum, err := d.brandes(ctx, opts)
	if err != nil {
		return Between{}, err
	}
	n := float64(g.Order())
	pairs := n * (n - 1)
	scale := 1.0
	if !g.IsDirected() {
		scale, pairs = 0.5, pairs/2
	}
	result := Between{Nodes: d.cut, Weighted: opts.Weighted, Normalised: opts.Normalised, Blocks: len(d.first) - 1, Searches: len(d.origin)}
	for slot, x := range sum.slots {
		result.Nodes[d.origin[slot]] += x
	}
	if opts.Normalised && n > 2 {
		scale = 1 / ((n - 1) * (n - 2))
	}
	for u := range result.Nodes {
		result.Nodes[u] *= scale
	}
	if opts.Edges {
		result.Edges = d.ties(g, sum.arcs)
		for i := range result.Edges {
			if opts.Normalised {
				result.Edges[i].Score /= max(pairs, 1)
			}
		}
	}
	return result, nil
}

// alike tells whether all edges have one length, so that counting them does.
func alike(g *csr.Graph) bool {
	var weight float64
	for u := range uint32(g.Order()) {
		for i, v := range g.Neighbours(u) {
			switch w := g.Weights(u)[i]; {
			case v == u:
			case w == 0 || (weight > 0 && w != weight):
				return false
			default:
				weight = w
			}
		}
	}
	return true
}

// Bounds of a piece of work. Pieces are added up in their order.
const (
	sources = 16
	labour  = 1 << 20
)

// pieces cuts the slots into runs of sources that make a piece of work each: at least so many, and so many arcs to look at, so that what
// is added up afterwards is little beside it.
func (d *shards) pieces() []uint32 {
	cut := []uint32{0}
	work, count := uint64(0), 0
	for b := range len(d.first) - 1 {
		lo, hi := d.first[b], d.first[b+1]
		arcs := d.out.offset[hi] - d.out.offset[lo] + uint64(hi-lo)
		for s := lo; s < hi; s++ {
			work += arcs
			count++
			if work >= labour && count >= sources {
				cut = append(cut, s+1)
				work, count = 0, 0
			}
		}
	}
	if last := uint32(len(d.origin)); cut[len(cut)-1] < last {
		cut = append(cut, last)
	}
	return cut
}

// sums are what slots and entries of rows got from all sources.
type sums struct{ slots, arcs []float64 }

// brandes searches from every slot.
func (d *shards) brandes(ctx context.Context, opts Options) (*sums, error) {
	pieces := d.pieces()
	searches := make([]*search, crew.Size(opts.Threads, len(pieces)-1))
	entries := newLedger(len(d.origin), opts.Progress)
	sum := &sums{slots: make([]float64, len(d.origin))}
	if opts.Edges {
		sum.arcs = make([]float64, len(d.out.to))
	}
	faults := make([]error, len(pieces)-1)
	// A fault ends the handing out of pieces, not the searches of earlier ones, so that the first fault is the same at any time.
	handing, stop := context.WithCancel(ctx)
	defer stop()
	err := crew.Run(handing, opts.Threads, len(faults), func(worker, piece int) {
		if searches[worker] == nil {
			searches[worker] = newSearch(ctx, d, opts.Edges)
		}
		s := searches[worker]
		lo, hi := d.sweep(s, pieces[piece], pieces[piece+1])
		if faults[piece] = s.fault; s.fault != nil {
			stop()
		}
		entries.take(piece, int(pieces[piece+1]), func() {
			increase(sum.slots[lo:hi], s.share[lo:hi])
			if s.arcs != nil {
				from, to := d.out.offset[lo], d.out.offset[hi]
				increase(sum.arcs[from:to], s.arcs[from:to])
			}
		})
	})
	for _, fault := range faults {
		if fault != nil {
			return nil, fault
		}
	}
	return sum, err
}

// sweep searches from the slots of a piece and returns the range of slots that may have a share of it: that of the blocks it touches.
func (d *shards) sweep(s *search, from, to uint32) (lo, hi uint32) {
	b := d.block(from)
	lo = d.first[b]
	for source := from; source < to; source++ {
		if source == d.first[b+1] {
			b++
		}
		if begin, end := d.first[b], d.first[b+1]; source == from || source == begin {
			clear(s.share[begin:end])
			if s.arcs != nil {
				clear(s.arcs[d.out.offset[begin]:d.out.offset[end]])
			}
		}
		s.from(source, d.first[b], d.first[b+1])
	}
	return lo, d.first[b+1]
}

// block returns the block of a slot.
func (d *shards) block(slot uint32) int {
	lo, hi := 0, len(d.first)-1
	for hi-lo > 1 {
		if mid := (lo + hi) / 2; d.first[mid] <= slot {
			lo = mid
		} else {
			hi = mid
		}
	}
	return lo
}

func increase(sum, by []float64) {
	by = by[:len(sum)]
	for i := range sum {
		sum[i] += by[i]
	}
}

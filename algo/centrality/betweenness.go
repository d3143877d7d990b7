package centrality

import (
	"context"
	"errors"
	"fmt"
	"math"
	"sync"

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
	// many pairs in an undirected one.
	Normalised bool
	// Threads is the number of goroutines; GOMAXPROCS when not positive. It does not change a bit of the result.
	Threads int
	// Progress, if set, is called with the number of sources done and of nodes in all, never twice at a time but from any goroutine.
	Progress func(done, total int)
}

// sources is how many sources make one piece of work. Pieces are added up in their order.
const sources = 16

// closeness is how near two lengths of different paths must be, relative to each other, to count as equal: wider than what adding up in
// another order does to them.
const closeness = 1e-12

// Betweenness returns, for every node, the number of pairs of other nodes that it lies between: the sum over all pairs of the share
// of their shortest paths that run through it. Pairs are ordered in a directed graph and unordered in an undirected one. Ends do not
// count; parallel edges are one edge whose weight is their sum; self-loops do not matter; a graph of fewer than three nodes gives
// zeros.
//
// It is the algorithm of Brandes (2001), exact. Cost O(nm), with lengths O(nm + n² log n); memory 48 bytes a node and thread. Errors: ErrPaths,
// or that of the context, which is looked at within each source.
func Betweenness(ctx context.Context, g *csr.Graph, opts Options) ([]float64, error) {
	g, err := g.Simple(ctx)
	if err != nil {
		return nil, fmt.Errorf("centrality: betweenness: %w", err)
	}
	n := g.Order()
	pieces := crew.Cut(n, sources)
	searches := make([]*search, crew.Size(opts.Threads, len(pieces)-1))
	sum := ledger{total: make([]float64, n), progress: opts.Progress}
	sum.turned.L = &sum.lock
	err = crew.Run(ctx, opts.Threads, len(pieces)-1, func(worker, piece int) {
		if searches[worker] == nil {
			searches[worker] = newSearch(ctx, g, opts.Weighted)
		}
		s := searches[worker]
		clear(s.share)
		for source := pieces[piece]; source < pieces[piece+1]; source++ {
			s.from(uint32(source))
		}
		sum.add(piece, pieces[piece+1], s.share)
	})
	if err != nil {
		return nil, fmt.Errorf("centrality: betweenness: %w", err)
	}
	for _, s := range searches {
		if s != nil && s.fault != nil {
			return nil, fmt.Errorf("centrality: betweenness: %w", s.fault)
		}
	}
	scale := 1.0
	if !g.IsDirected() {
		scale = 0.5
	}
	if opts.Normalised && n > 2 {
		scale = 1 / (float64(n-1) * float64(n-2))
	}
	for u := range sum.total {
		sum.total[u] *= scale
	}
	return sum.total, nil
}

// ledger adds up the pieces in their order.
type ledger struct {
	lock     sync.Mutex
	turned   sync.Cond
	turn     int
	total    []float64
	progress func(done, total int)
}

// add waits until all pieces before have been added.
func (l *ledger) add(piece, done int, share []float64) {
	l.lock.Lock()
	defer l.lock.Unlock()
	for l.turn != piece {
		l.turned.Wait()
	}
	for u, x := range share {
		l.total[u] += x
	}
	if l.progress != nil {
		l.progress(done, len(l.total))
	}
	l.turn++
	l.turned.Broadcast()
}

// search is the memory of one worker.
type search struct {
	ctx      context.Context
	g        *csr.Graph
	weighted bool
	arcs     int
	fault    error

	// share collects what the sources of a piece give.
	share []float64
	// order lists the nodes reached in the order of their distance, rank is its inverse where edges have lengths; paths counts shortest paths to them; debt is what each owes,
	// itself and for nodes beyond, to every path that reaches it.
	order    []uint32
	rank     []uint32
	distance []float64
	paths    []float64
	debt     []float64
	heap     heap
}

func newSearch(ctx context.Context, g *csr.Graph, weighted bool) *search {
	n := g.Order()
	s := &search{ctx: ctx, g: g, weighted: weighted && g.IsWeighted(), share: make([]float64, n), distance: make([]float64, n),
		paths: make([]float64, n), debt: make([]float64, n), rank: make([]uint32, n)}
	for u := range s.distance {
		s.distance[u] = math.Inf(1)
	}
	return s
}

// patience is how many arcs are looked at between two looks at the context.
const patience = 1 << 18

func (s *search) tired(arcs int) bool {
	s.arcs += arcs + 1
	if s.arcs < patience {
		return false
	}
	s.arcs = 0
	return s.ctx.Err() != nil
}

// from adds what all paths from source give.
func (s *search) from(source uint32) {
	if s.ctx.Err() != nil {
		return
	}
	s.order = s.order[:0]
	if s.weighted {
		s.far(source)
	} else {
		s.near(source)
	}
	for i := len(s.order) - 1; i >= 0; i-- {
		u := s.order[i]
		if s.paths[u] > math.MaxFloat64 {
			s.fault = fmt.Errorf("%w: from node %d to node %d", ErrPaths, source, u)
		}
		owed := s.paths[u] * s.owed(u)
		s.debt[u] = (1 + owed) / s.paths[u]
		if u != source {
			s.share[u] += owed
		}
	}
	for _, u := range s.order {
		s.distance[u], s.paths[u] = math.Inf(1), 0
	}
}

// owed returns what the nodes one step beyond u owe to each path that reaches u.
func (s *search) owed(u uint32) float64 {
	var owed float64
	weights := s.g.Weights(u)
	for i, v := range s.g.Neighbours(u) {
		if s.weighted {
			if weights[i] == 0 || !s.tight(u, v, weights[i]) {
				continue
			}
		} else if s.distance[v] != s.distance[u]+1 {
			continue
		}
		owed += s.debt[v]
	}
	return owed
}

// near reaches nodes breadth first.
func (s *search) near(source uint32) {
	s.distance[source], s.paths[source] = 0, 1
	s.order = append(s.order, source)
	for at := 0; at < len(s.order); at++ {
		u := s.order[at]
		row := s.g.Neighbours(u)
		if s.tired(len(row)) {
			return
		}
		next := s.distance[u] + 1
		for _, v := range row {
			if s.distance[v] > next {
				s.distance[v] = next
				s.order = append(s.order, v)
			}
			if s.distance[v] == next {
				s.paths[v] += s.paths[u]
			}
		}
	}
}

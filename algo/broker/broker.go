// Package broker finds who holds others together or apart: structural holes and the constraint of contacts, small sets of key players,
// and how fast a graph falls to pieces when nodes are taken out one after another.
//
// It looks at undirected graphs, of which a directed one is made where that has a meaning. It must not know what a node stands for; that
// a broker is a suspect is for others to say, if anybody.
package broker

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"

	"rummage/algo/csr"
	"rummage/algo/csr/crew"
)

// Errors of this package.
var (
	// ErrDirected is returned where only an undirected graph has an answer; take Symmetric of it first.
	ErrDirected = errors.New("graph is directed")
	// ErrOptions is returned for options outside their range.
	ErrOptions = errors.New("option out of range")
	// ErrNode is returned for a node that the graph does not have.
	ErrNode = errors.New("node out of range")
)

// Holes tells of every node how free its contacts leave it.
type Holes struct {
	// Contacts is the number of other nodes that an edge of positive weight joins it with.
	Contacts []int
	// Constraint is Burt's: near 0 where many contacts do not know each other, high where all depend on one another; NaN for a node
	// without contacts, who has nothing that could be measured. For a node i, with p_ij the share of i's weight that goes to j,
	//
	//	c_i = Σ_j (p_ij + Σ_q p_iq p_qj)²   over contacts j, and q other than i and j
	Constraint []float64
	// EffectiveSize is the number of contacts less what they tell each other again, with m_jq the weight between j and q relative to
	// the greatest that j has:
	//
	//	e_i = Σ_j (1 − Σ_q p_iq m_jq)
	//
	// Without weights it is the contacts less their mean number of ties among each other (Borgatti 1997). 0 for a node without
	// contacts.
	EffectiveSize []float64
	// Efficiency is EffectiveSize over Contacts, NaN for a node without.
	Efficiency []float64
}

// HolesOptions say how StructuralHoles works. The zero value is usable.
type HolesOptions struct {
	// Threads is the number of goroutines; GOMAXPROCS when not positive. It does not change a bit of the result.
	Threads int
	// Progress, if set, is called with nodes done and nodes in all, never twice at a time but from any goroutine.
	Progress func(done, total int)
}

// StructuralHoles measures constraint, effective size and efficiency of every node (Burt 1992, Structural Holes, chapter 2). Weights count
// where the graph has them, else each edge is 1; in a directed graph both directions between two nodes are summed; parallel edges of
// all types add up; edges of weight 0 and self-loops do not matter.
//
// For every edge the shorter of two rows is gone through: cost O(m^1.5 log m) at most, whatever the hubs; memory 12 bytes a node and 8
// a node and thread, beside a copy of the graph where it is directed, typed or not simple. The only error is that of the context.
func StructuralHoles(ctx context.Context, g *csr.Graph, opts HolesOptions) (Holes, error) {
	g, err := plain(ctx, g)
	if err != nil {
		return Holes{}, fmt.Errorf("broker: structural holes: %w", err)
	}
	n := g.Order()
	h := holes{g: g, strength: make([]float64, n), greatest: make([]float64, n)}
	for u := range n {
		h.strength[u], h.greatest[u] = h.sums(uint32(u))
	}
	h.out = Holes{Contacts: make([]int, n), Constraint: make([]float64, n), EffectiveSize: make([]float64, n), Efficiency: make([]float64, n)}
	blocks := g.Blocks(blockArcs)
	shares := make([]*shares, crew.Size(opts.Threads, len(blocks)-1))
	tally := crew.NewTally(n, opts.Progress)
	err = crew.Run(ctx, opts.Threads, len(blocks)-1, func(worker, b int) {
		if shares[worker] == nil {
			shares[worker] = newShares(ctx, n)
		}
		for u := blocks[b]; u < blocks[b+1] && !shares[worker].ended; u++ {
			h.measure(shares[worker], u)
		}
		tally.Add(int(blocks[b+1] - blocks[b]))
	})
	if err != nil {
		return Holes{}, fmt.Errorf("broker: structural holes: %w", err)
	}
	return h.out, nil
}

// blockArcs is how many arcs make one piece of work, patience how many are looked at between two looks at the context.
const (
	blockArcs = 1 << 12
	patience  = 1 << 16
)

// plain is the undirected graph with one edge between two nodes, of the weight of all edges between them.
func plain(ctx context.Context, g *csr.Graph) (_ *csr.Graph, err error) {
	if !g.IsWeighted() && (g.IsDirected() || g.IsTyped() || !g.IsSimple()) {
		if g, err = g.Reweight(ctx, 1, func(csr.Arc) float64 { return 1 }); err != nil { // or edges that become one would count once
			return nil, err
		}
	}
	g, err = g.Symmetric(ctx)
	if err != nil {
		return nil, err
	}
	return g.Simple(ctx)
}

type holes struct {
	g                  *csr.Graph
	strength, greatest []float64 // self-loops left out
	out                Holes
}

// shares is the memory of one worker: of[q] is the share of the node at hand's weight that goes to q.
type shares struct {
	ctx   context.Context
	of    []float64
	arcs  int
	ended bool
}

func newShares(ctx context.Context, n int) *shares { return &shares{ctx: ctx, of: make([]float64, n)} }

func (s *shares) looked(arcs int) {
	if s.arcs += arcs + 1; s.arcs >= patience {
		s.arcs, s.ended = 0, s.ctx.Err() != nil
	}
}

func weight(weights []float64, i int) float64 {
	if weights == nil {
		return 1
	}
	return weights[i]
}

func (h *holes) sums(u uint32) (sum, greatest float64) {
	weights := h.g.Weights(u)
	for i, v := range h.g.Neighbours(u) {
		if v != u {
			w := weight(weights, i)
			sum, greatest = sum+w, max(greatest, w)
		}
	}
	return sum, greatest
}

func (h *holes) measure(s *shares, u uint32) {
	row, weights := h.g.Neighbours(u), h.g.Weights(u)
	for i, v := range row {
		if v != u {
			s.of[v] = weight(weights, i) / max(h.strength[u], math.SmallestNonzeroFloat64)
		}
	}
	contacts, constraint, effective := 0, 0.0, 0.0
	for _, v := range row {
		if v == u || s.of[v] == 0 {
			continue
		}
		through, again := h.between(s, u, v)
		contacts++
		constraint += (s.of[v] + through) * (s.of[v] + through)
		effective += 1 - again
		if s.ended {
			return
		}
	}
	for _, v := range row {
		s.of[v] = 0
	}
	h.out.Contacts[u], h.out.Constraint[u], h.out.EffectiveSize[u] = contacts, constraint, effective
	h.out.Efficiency[u] = effective / float64(contacts)
	if contacts == 0 {
		h.out.Constraint[u] = math.NaN()
	}
}

// between goes through the nodes q that u and v both know, in ascending order: the sums of p_uq p_qv and of p_uq m_vq.
func (h *holes) between(s *shares, u, v uint32) (through, again float64) {
	row, weights := h.g.Neighbours(v), h.g.Weights(v)
	mine := h.g.Neighbours(u)
	add := func(q uint32, w float64) {
		if q != v && s.of[q] > 0 && w > 0 {
			through += s.of[q] * (w / h.strength[q])
			again += s.of[q] * (w / h.greatest[v])
		}
	}
	if len(row) <= 8*len(mine) { // beyond that, looking up is cheaper than going through
		s.looked(len(row))
		for i, q := range row {
			add(q, weight(weights, i))
		}
		return through, again
	}
	s.looked(8 * len(mine))
	for _, q := range mine {
		if i, found := slices.BinarySearch(row, q); found {
			add(q, weight(weights, i))
		}
	}
	return through, again
}

package structure

import (
	"context"
	"fmt"
	"math"
	"slices"

	"rummage/algo/csr"
	"rummage/algo/csr/crew"
)

// Shells are the cores of a graph.
type Shells struct {
	// Method names the algorithm.
	Method string
	// Core gives the core number of every node: the greatest k for which it belongs to a part where all nodes have k neighbours within
	// the part.
	Core []uint32
	// Degeneracy is the greatest core number, 0 for a graph without edges.
	Degeneracy int
	// Order lists the nodes so that none has more than Degeneracy neighbours after it, and none more than its own core number. Cores
	// leaves it nil.
	Order []uint32
	// Waves is the number of sets of nodes that were taken away one after the other.
	Waves int
}

// Cores returns the core number of every node of an undirected graph (Seidman 1983). Parallel edges count once and self-loops not at
// all.
//
// It takes nodes away in waves, level by level: those left whose degree is the level, then those whose degree falls to it thereby. The
// bucket algorithm of Batagelj and Zaveršnik (2003) does as many steps, but keeps all nodes sorted by degree for it, five random touches an
// edge where this has one. Cost O(m + Σ core numbers), which is at most three times the size of the graph; memory 12 bytes a node.
//
// Waves are taken on one thread, whatever Options say: only degrees are counted on several, where parallel edges make that a pass
// over all arcs. What is done to an arc is one touch of a degree, a nanosecond or two. Threads that share a wave by its nodes have to lower degrees by
// exchange, which costs several times that; those that share it by the ends that lose a neighbour go through all its rows each, and took as
// long on two threads as on one, or a third longer.
// Errors: ErrDirected, or that of the context.
func Cores(ctx context.Context, g *csr.Graph, opts Options) (Shells, error) {
	return shells(ctx, g, opts, false)
}

// Degeneracy returns what Cores does, and Order (Matula and Beck 1983): nodes by core number, then by the wave that took them, then by
// number, so that it is the same on any number of threads. Cost as Cores, and O(n log n) for sorting the waves.
func Degeneracy(ctx context.Context, g *csr.Graph, opts Options) (Shells, error) {
	return shells(ctx, g, opts, true)
}

func shells(ctx context.Context, g *csr.Graph, opts Options, ordered bool) (Shells, error) {
	if g.IsDirected() {
		return Shells{}, fmt.Errorf("structure: cores: %w; take Symmetric of it first", ErrDirected)
	}
	p := peel{g: g, opts: opts, ordered: ordered, rest: breath{ctx: ctx}}
	if err := p.run(ctx); err != nil {
		return Shells{}, fmt.Errorf("structure: cores: %w", err)
	}
	s := Shells{Method: "peel by waves", Core: p.degree, Degeneracy: p.level, Waves: p.waves}
	if ordered {
		s.Order = p.gone
	}
	return s, nil
}

// peel takes a graph apart. degree counts the neighbours left of a node and stops at the level at which it goes, which is its core
// number.
type peel struct {
	g       *csr.Graph
	opts    Options
	ordered bool
	rest    breath
	degree  []uint32
	alive   []uint32
	gone    []uint32
	level   int
	waves   int
	// warmth keeps what warm returned, which means nothing.
	warmth uint32
}

func (p *peel) run(ctx context.Context) error {
	n := p.g.Order()
	if err := p.count(ctx); err != nil {
		return err
	}
	p.alive, p.gone = make([]uint32, n), make([]uint32, 0, n+1)
	for u := range p.alive {
		p.alive[u] = uint32(u)
	}
	for level := uint32(0); len(p.gone) < n; {
		first := len(p.gone)
		least := p.scan(level)
		if first == len(p.gone) {
			level = least
			continue
		}
		p.level = int(level)
		if err := p.sink(ctx, first, level); err != nil {
			return err
		}
		if p.opts.Progress != nil {
			p.opts.Progress(len(p.gone), n)
		}
		level++
	}
	return ctx.Err()
}

// count finds the degree of every node.
func (p *peel) count(ctx context.Context) error {
	p.degree = make([]uint32, p.g.Order())
	if plain(p.g) {
		for u := range p.degree {
			p.degree[u] = uint32(p.g.Degree(uint32(u)))
		}
		return nil
	}
	blocks := p.g.Blocks(blockArcs)
	return crew.Run(ctx, crew.Share(p.opts.Threads, p.g.Arcs()), len(blocks)-1, func(_, b int) {
		for u := blocks[b]; u < blocks[b+1]; u++ {
			p.degree[u] = uint32(distinct(p.g.Neighbours(u), u))
		}
	})
}

// scan takes the nodes of the level out of those alive, drops those that have gone, and returns the least degree of the others.
func (p *peel) scan(level uint32) (least uint32) {
	least = math.MaxUint32
	kept := p.alive[:0]
	for _, u := range p.alive {
		switch d := p.degree[u]; {
		case d > level:
			kept = append(kept, u)
			least = min(least, d)
		case d == level:
			p.gone = append(p.gone, u)
		}
	}
	p.alive = kept
	return least
}

// sink takes away the nodes gone from the given place on, wave by wave, until no degree falls to the level any more.
func (p *peel) sink(ctx context.Context, first int, level uint32) error {
	for first < len(p.gone) {
		wave := p.gone[first:]
		first = len(p.gone)
		p.waves++
		for i, u := range wave {
			if i%ahead == 0 {
				p.warmth += warm(p.g, wave[i:min(i+ahead, len(wave))])
			}
			row := p.g.Neighbours(u)
			p.lower(row, level)
			if p.rest.taken(len(row)) {
				return ctx.Err()
			}
		}
		if p.ordered {
			slices.Sort(p.gone[first:])
		}
	}
	return nil
}

// lower takes a neighbour away from every node in the row that is above the level, and puts those that come down to it behind those gone,
// where there is room for one node more than all. Which arcs lead to a node above the level cannot be foretold, so the loop decides by arithmetic
// and not by branches; degrees are below 2^31, since there are fewer nodes.
func (p *peel) lower(row []uint32, level uint32) {
	degree, gone, at := p.degree, p.gone[:cap(p.gone)], len(p.gone)
	before := uint32(math.MaxUint32)
	for _, v := range row {
		if v == before {
			continue
		}
		before = v
		d := degree[v]
		degree[v] = d - (level-d)>>31
		gone[at] = v
		other := d ^ (level + 1)
		at += int((other - 1) &^ other >> 31)
	}
	p.gone = gone[:at]
}

// ahead is how many rows are fetched at a time.
const ahead = 16

// warm looks at the first arc of each row, so that the processor fetches rows from memory beside one another instead of one after the
// other: nodes of a wave lie anywhere, and most of the time would go into waiting for them. What it returns has no meaning.
func warm(g *csr.Graph, nodes []uint32) (sum uint32) {
	for _, u := range nodes {
		if row := g.Neighbours(u); len(row) > 0 {
			sum += row[0] + row[len(row)-1]
		}
	}
	return sum
}

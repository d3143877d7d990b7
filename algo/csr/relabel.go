package csr

import (
	"context"
	"errors"
	"fmt"

	"rummage/algo/csr/crew"
)

// ErrPermutation is returned for names of nodes that do not give each number from 0 to n-1 once, or for groups that are not one a node.
var ErrPermutation = errors.New("not one name a node")

// Relabelled is a graph under other numbers. Kernels run faster on it when nodes that are looked at together are near each other in
// memory; what they return is led back by Name.
type Relabelled struct {
	Graph  *Graph
	Name   []uint32 // new number of each old one
	Origin []uint32 // old number of each new one
}

// Relabel returns the graph in which node u is called name[u]. name must hold each number from 0 to n-1 once, or ErrPermutation is
// returned; otherwise the error of a cancelled context.
//
// The rows of a relabelled graph come out in order when those of its other ends are dealt in order, so nothing is sorted. It takes
// O(m) time and 8 bytes an arc beside the result, 21 when it has all columns; threads is the number of goroutines, GOMAXPROCS when
// not positive.
func (g *Graph) Relabel(ctx context.Context, threads int, name []uint32) (*Relabelled, error) {
	origin := make([]uint32, g.order)
	if len(name) != g.order {
		return nil, fmt.Errorf("csr: relabel: %w: %d names for %d nodes", ErrPermutation, len(name), g.order)
	}
	for i := range origin {
		origin[i] = none
	}
	for u, x := range name {
		if uint64(x) >= uint64(g.order) || origin[x] != none {
			return nil, fmt.Errorf("csr: relabel: %w: %d for node %d", ErrPermutation, x, u)
		}
		origin[x] = uint32(u)
	}
	return g.relabel(ctx, threads, name, origin)
}

// ByDegree returns the graph with its nodes in descending order of their arcs, out and in together, those with as many in the order of
// their old numbers: what is needed most often then shares few lines of a cache. Costs and error are those of Relabel.
func (g *Graph) ByDegree(ctx context.Context, threads int) (*Relabelled, error) {
	return g.inOrder(ctx, threads, func(uint32) uint32 { return 0 })
}

// ByGroup returns the graph with its nodes in ascending order of the group they are in, those of one group in descending order of
// their arcs and then of their old numbers, so that most neighbours are near. group holds one number a node, for example its
// community; otherwise ErrPermutation. Costs and error are else those of Relabel.
func (g *Graph) ByGroup(ctx context.Context, threads int, group []uint32) (*Relabelled, error) {
	if len(group) != g.order {
		return nil, fmt.Errorf("csr: relabel: %w: groups of %d nodes for %d nodes", ErrPermutation, len(group), g.order)
	}
	return g.inOrder(ctx, threads, func(u uint32) uint32 { return group[u] })
}

func (g *Graph) inOrder(ctx context.Context, threads int, group func(u uint32) uint32) (*Relabelled, error) {
	origin := make([]uint32, g.order)
	for u := range origin {
		origin[u] = uint32(u)
	}
	words, spare := make([]uint64, g.order), make([]uint64, g.order)
	d := new(digits)
	// Both sorts leave equal nodes in the order that they are in, so the later one counts first.
	by := func(of func(u uint32) uint32) {
		most := uint32(0)
		for i, u := range origin {
			words[i] = uint64(of(u))<<32 | uint64(i)
			most = max(most, of(u))
		}
		words, spare = d.sort(ctx, words, spare, 32, width(most))
		next := make([]uint32, len(origin))
		for i, w := range words {
			next[i] = origin[uint32(w)]
		}
		origin = next
	}
	by(func(u uint32) uint32 { return none - g.arcsOf(u) })
	by(group)
	if ctx.Err() != nil {
		return nil, fmt.Errorf("csr: relabel: %w", ctx.Err())
	}
	name := make([]uint32, g.order)
	for x, u := range origin {
		name[u] = uint32(x)
	}
	return g.relabel(ctx, threads, name, origin)
}

// arcsOf returns the number of arcs of u in both directions, or 2^32-1 when there are more.
func (g *Graph) arcsOf(u uint32) uint32 {
	n := uint64(g.Degree(u))
	if g.directed {
		n += uint64(g.InDegree(u))
	}
	return uint32(min(n, uint64(none)))
}

func (g *Graph) relabel(ctx context.Context, threads int, name, origin []uint32) (*Relabelled, error) {
	made := &Graph{order: g.order, size: g.size, directed: g.directed, simple: g.simple}
	var err error
	// The arcs into a node, dealt to the nodes that they come from, are the arcs out of those.
	made.out, err = g.in.renamed(ctx, threads, name, origin)
	if made.in = made.out; err == nil && g.directed {
		made.in, err = g.out.renamed(ctx, threads, name, origin)
	}
	if err != nil {
		return nil, fmt.Errorf("csr: relabel: %w", err)
	}
	return &Relabelled{made, name, origin}, nil
}

// renamed turns rows and gives both ends of each arc their new names.
func (r *rows) renamed(ctx context.Context, threads int, name, origin []uint32) (rows, error) {
	a := &assembly{plan: newPlan(Options{Nodes: len(name), Threads: threads}, r.shape(), len(r.to))}
	runs := crew.Size(threads, a.buckets)
	cut, held := []int{0}, 0
	for x, u := range origin {
		if held*runs >= len(r.to)*len(cut) && len(cut) < runs {
			cut = append(cut, x)
		}
		held += int(r.offset[u+1] - r.offset[u])
	}
	cut = append(cut, len(origin))
	a.open(len(cut) - 1)
	err := crew.Run(ctx, threads, len(cut)-1, func(_, run int) {
		l, look := a.pools[run], 0
		for x := cut[run]; x < cut[run+1]; x++ {
			lo, hi := r.bounds(origin[x])
			for at := lo; at < hi; {
				step := min(hi-at, breath)
				l.rename(r, at, at+step, name, uint32(x))
				at += step
				if look += int(step); look >= breath {
					if look = 0; ctx.Err() != nil {
						return
					}
				}
			}
		}
	})
	if err != nil {
		return rows{}, err
	}
	return a.lay(ctx, true, false)
}

// rename deals arcs lo to hi of r, all of one row whose new name is x, to the rows of their other ends.
func (l *pool) rename(r *rows, lo, hi uint64, name []uint32, x uint32) {
	last, shift, toBits := l.last, l.shift, l.toBits
	mask := uint32(1<<shift - 1)
	for i := lo; i < hi; i++ {
		v := name[r.to[i]]
		into := &last[v>>shift]
		if into.length == chunkSize {
			l.advance(v >> shift)
		}
		into.put(uint64(v&mask)<<toBits|uint64(x), r, i)
	}
}

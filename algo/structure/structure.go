// Package structure tells how a graph hangs together: its components, weak and strong, its cores and the order they fall in, the nodes and
// edges whose loss would tear it apart and the blocks between them, its triangles, cliques and plexes, what can flow between two
// nodes, and the ways from one to another, also in the order of time.
//
// It looks at edges; weights matter only where a function says so, and types nowhere. It must not know what an edge stands for.
package structure

import (
	"context"
	"errors"

	"rummage/algo/csr"
)

// Errors of a graph that does not suit a question.
var (
	// ErrDirected is returned where only an undirected graph has an answer; take Symmetric of it first.
	ErrDirected = errors.New("graph is directed")
	// ErrNode is returned for an end that is no node of the graph, and where two ends are one.
	ErrNode = errors.New("not a usable end")
	// ErrOption is returned for an option out of its range.
	ErrOption = errors.New("option out of range")
)

// ErrLimit is returned when a search has used up its bound. What was found until then is returned beside it, and is the same on any
// number of threads.
var ErrLimit = errors.New("search stopped at its bound")

// Options say how the functions of this package work. The zero value is usable.
type Options struct {
	// Threads is the number of goroutines; GOMAXPROCS when not positive. It does not change the result.
	Threads int
	// Progress, if set, is told now and then how many nodes are done of how many; never twice at a time, but from any goroutine.
	Progress func(done, total int)
}

// patience is how many arcs are looked at between two looks at the context.
const patience = 1 << 16

// breath counts arcs and looks at the context now and then.
type breath struct {
	ctx  context.Context
	arcs int
}

// taken tells that the context has ended, given the arcs looked at since it was last asked.
func (b *breath) taken(arcs int) bool {
	b.arcs += arcs + 1
	if b.arcs < patience {
		return false
	}
	b.arcs = 0
	return b.ctx.Err() != nil
}

// plain tells whether an undirected graph has neither self-loops nor parallel edges. An edge is two arcs and a self-loop one, so that
// counting them finds the self-loops.
func plain(g *csr.Graph) bool { return g.IsSimple() && 2*g.Size() == g.Arcs() }

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

package structure

import (
	"context"
	"fmt"
	"sync/atomic"

	"rummage/algo/csr"
	"rummage/algo/csr/crew"
)

// Components is a division of the nodes into components, numbered by their smallest member.
type Components struct {
	// Method names the algorithm.
	Method string
	// Of gives the number of every node's component.
	Of []uint32
	// First gives the smallest member of each component, Size its number of nodes.
	First []uint32
	Size  []int
}

const (
	// guesses is how many nodes the guess looks at.
	guesses = 1024
	// blockArcs is the work of one piece that is shared among threads.
	blockArcs = 1 << 15
)

// Weak returns the components of the graph when the direction of its edges is forgotten. An empty graph has none; a node without
// edges is a component of its own.
//
// It is union-find after Sutton, Ben-Nun and Barak (2018, "Afforest"): two arcs of each row are united first, then what already
// hangs together with most of a sample of nodes is passed over, and the rest is united arc by arc. Roots are linked towards the smaller
// number, so that the label of a component is its smallest member in whatever order threads come. Cost O(m) at worst and little
// more than O(n) where one component holds most nodes; memory 4 bytes a node beside the result. The only error is that of the context.
func Weak(ctx context.Context, g *csr.Graph, opts Options) (Components, error) {
	n := g.Order()
	f := forest{g: g, parent: make([]uint32, n), other: make([]uint32, n)}
	steps := []func(lo, hi uint32){f.hook, f.sample, f.compress, f.rest, f.compress}
	blocks := g.Blocks(blockArcs)
	for i, step := range steps {
		if i == 3 {
			f.most = f.guess()
		}
		err := crew.Run(ctx, opts.Threads, len(blocks)-1, func(_, b int) { step(blocks[b], blocks[b+1]) })
		if err != nil {
			return Components{}, fmt.Errorf("structure: weak components: %w", err)
		}
		if opts.Progress != nil {
			opts.Progress((i+1)*n/len(steps), n)
		}
	}
	return number(f.parent, "union-find by sampled arcs"), nil
}

// forest is a union-find structure that several goroutines may work on: a parent never has a greater number than its child. other is a
// neighbour to be united with next, noted down while the row is at hand.
type forest struct {
	g             *csr.Graph
	parent, other []uint32
	most          uint32
}

// unite makes one tree of those of u and v. Only a root is ever given a new parent, by exchange, so that no link is lost.
func (f *forest) unite(u, v uint32) {
	a, b := atomic.LoadUint32(&f.parent[u]), atomic.LoadUint32(&f.parent[v])
	for a != b {
		high, low := max(a, b), min(a, b)
		above := atomic.LoadUint32(&f.parent[high])
		if above == low || (above == high && atomic.CompareAndSwapUint32(&f.parent[high], high, low)) {
			return
		}
		a, b = atomic.LoadUint32(&f.parent[atomic.LoadUint32(&f.parent[high])]), atomic.LoadUint32(&f.parent[low])
	}
}

// hook gives every node its first neighbour as a parent, which is its smallest, if that is smaller than the node itself. Every node writes its
// own parent only, so that no link needs an exchange. The neighbour to come next is the second, or the first where it was not taken.
func (f *forest) hook(lo, hi uint32) {
	for u := lo; u < hi; u++ {
		row := f.g.Neighbours(u)
		above, other := u, u
		switch {
		case len(row) > 0 && row[0] > u:
			other = row[0]
		case len(row) > 1:
			above, other = row[0], row[1]
		case len(row) > 0:
			above = row[0]
		}
		f.parent[u], f.other[u] = above, other
	}
}

// sample unites every node with the other neighbour that hook noted.
func (f *forest) sample(lo, hi uint32) {
	for u := lo; u < hi; u++ {
		f.unite(u, f.other[u])
	}
}

// compress hangs every node directly below its root.
func (f *forest) compress(lo, hi uint32) {
	for u := lo; u < hi; u++ {
		atomic.StoreUint32(&f.parent[u], f.root(u))
	}
}

// root returns the root of the tree of u.
func (f *forest) root(u uint32) uint32 {
	for {
		above := atomic.LoadUint32(&f.parent[u])
		if above == u {
			return u
		}
		u = above
	}
}

// guess returns the root that most of a sample of nodes has. A wrong guess costs time and nothing else.
func (f *forest) guess() uint32 {
	n := len(f.parent)
	count := map[uint32]int{}
	var most uint32
	for i := range min(guesses, n) {
		root := f.parent[uint64(i)*uint64(n)/uint64(min(guesses, n))]
		count[root]++
		if count[root] > count[most] {
			most = root
		}
	}
	return most
}

// rest unites what the sample left. An arc between the guessed component and another is met from the other side; in a directed graph
// that side has it among the arcs that come in.
func (f *forest) rest(lo, hi uint32) {
	for u := lo; u < hi; u++ {
		if atomic.LoadUint32(&f.parent[u]) == f.most {
			continue
		}
		row := f.g.Neighbours(u)
		for _, v := range row[min(len(row), 1):] {
			f.unite(u, v)
		}
		if f.g.IsDirected() {
			for _, v := range f.g.InNeighbours(u) {
				f.unite(u, v)
			}
		}
	}
}

// number makes components of labels, each the smallest member of its component, and overwrites the labels.
func number(labels []uint32, method string) Components {
	c := Components{Method: method, Of: labels}
	for u, label := range labels {
		if label == uint32(u) {
			labels[u] = uint32(len(c.First))
			c.First, c.Size = append(c.First, label), append(c.Size, 1)
			continue
		}
		of := labels[label]
		labels[u] = of
		c.Size[of]++
	}
	return c
}

package structure

import (
	"context"
	"fmt"
	"sync/atomic"

	"rummage/algo/csr"
	"rummage/algo/csr/crew"
	"rummage/algo/structure/forest"
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

// stretch is how many nodes are one piece of work.
const stretch = 1 << 13

// Weak returns the components of the graph when the direction of its edges is forgotten. An empty graph has none; a node without
// edges is a component of its own.
//
// It is union-find with what Sutton, Ben-Nun and Barak (2018, "Afforest") found, that most arcs of most graphs need no look: they lead from the
// greatest component to itself. Every node first hangs below its smallest neighbour, so that there are as many trees as nodes without
// a smaller one, about n/(degree+1). Then rows are united arc by arc, but only of nodes that are not in the tree of the node with the most arcs, and each
// only until its node is; a few hundred nodes bring all trees together, and the others are passed over after two loads. An arc may
// be left out because both its ends came to be in that tree, else the end that did not has looked at it. Afforest unites a sampled second arc of
// every node instead and labels all nodes before it looks which are left: two more passes over the nodes. A flood from the hub through a set of
// bits, with unions for what it does not reach, looks at every arc of the greatest component.
//
// Cost O(n) and little more where one component holds most nodes, O(m α(n)) at worst; memory 4 bytes a node, which become the result. What is
// left is one read of the offsets, one line of cache of every row, and one gather of what a node hangs below: the time goes into waiting
// for memory, and a second thread helps as far as the cache is not shared. Trees hang below the smaller root, so that the label of a
// component is its smallest member in whatever order threads come. The only error is that of the context.
func Weak(ctx context.Context, g *csr.Graph, opts Options) (Components, error) {
	n := g.Order()
	w := weaver{g: g, trees: make(forest.Forest, n)}
	pieces := crew.Cut(n, stretch)
	w.hubs = make([]hub, len(pieces)-1)
	threads := crew.Share(opts.Threads, n+g.Arcs())
	for i, step := range []func(ctx context.Context, piece int, lo, hi uint32){w.hook, w.weave} {
		err := crew.Run(ctx, threads, len(pieces)-1, func(_, p int) { step(ctx, p, uint32(pieces[p]), uint32(pieces[p+1])) })
		if err != nil {
			return Components{}, fmt.Errorf("structure: weak components: %w", err)
		}
		if opts.Progress != nil {
			opts.Progress((i+1)*n/2, n)
		}
		w.most = w.hub()
	}
	return number(w.trees, "union-find by smallest neighbours"), nil
}

// weaver makes one tree of every component.
type weaver struct {
	g     *csr.Graph
	trees forest.Forest
	// hubs is the node with the most arcs of every piece, most the one of all.
	hubs []hub
	most uint32
}

type hub struct {
	node uint32
	arcs int
}

func (w *weaver) hub() uint32 {
	var most hub
	for _, h := range w.hubs {
		if h.arcs > most.arcs {
			most = h
		}
	}
	return most.node
}

// hook hangs every node below its smallest neighbour if that is smaller than the node itself. Within the piece that is done when the
// node comes, so what the neighbour hangs below is taken at once. Every node writes its own place only, and none reads that of another piece.
func (w *weaver) hook(_ context.Context, piece int, lo, hi uint32) {
	var most hub
	directed := w.g.IsDirected()
	trees := w.trees[lo:hi]
	for i := range trees {
		u := lo + uint32(i)
		row, above := w.g.Neighbours(u), u
		if len(row) > most.arcs {
			most = hub{u, len(row)}
		}
		if len(row) > 0 {
			above = min(above, row[0])
		}
		if directed {
			if row := w.g.InNeighbours(u); len(row) > 0 {
				above = min(above, row[0])
			}
		}
		trees[i] = above
		if above >= lo {
			trees[i] = trees[above-lo]
		}
	}
	w.hubs[piece] = most
}

// weave unites the nodes of a piece with their neighbours as long as they are not in the tree of the hub.
func (w *weaver) weave(ctx context.Context, _ int, lo, hi uint32) {
	rest := breath{ctx: ctx}
	directed := w.g.IsDirected()
	most := w.trees.Root(w.most)
	for u := lo; u < hi; u++ {
		above := atomic.LoadUint32(&w.trees[u])
		if above == most || atomic.LoadUint32(&w.trees[above]) == most {
			continue
		}
		// Another thread may have hung the tree of the hub below a smaller root.
		if most = w.trees.Root(most); w.trees.Root(u) == most {
			continue
		}
		row := w.g.Neighbours(u)
		if !directed && len(row) > 0 && row[0] <= u {
			row = row[1:] // hook took it
		}
		looked := w.row(u, row, &most)
		if directed {
			looked += w.row(u, w.g.InNeighbours(u), &most)
		}
		if rest.taken(looked) {
			return
		}
	}
}

// row unites u with those of a row until it is in the tree of which most is the root, and returns how many it looked at.
func (w *weaver) row(u uint32, row []uint32, most *uint32) (looked int) {
	for i, v := range row {
		root, gone := w.trees.Unite(u, v)
		if gone == *most {
			*most = root
		}
		if root == *most {
			return i + 1
		}
	}
	return len(row)
}

// number makes components of trees in which nothing hangs below a greater number, and overwrites them: what a node hangs below has its number
// already when the node comes.
func number(labels []uint32, method string) Components {
	parts := 0
	for u, above := range labels {
		if above == uint32(u) {
			parts++
		}
	}
	c := Components{Method: method, Of: labels, First: make([]uint32, 0, parts), Size: make([]int, 0, parts)}
	last, run := uint32(0), 0 // a sum in memory for each node would wait for the one before
	for u, above := range labels {
		if above == uint32(u) {
			labels[u] = uint32(len(c.First))
			c.First, c.Size = append(c.First, above), append(c.Size, 1)
			continue
		}
		of := labels[above]
		labels[u] = of
		if of != last {
			c.Size[last] += run
			last, run = of, 0
		}
		run++
	}
	if run > 0 {
		c.Size[last] += run
	}
	return c
}

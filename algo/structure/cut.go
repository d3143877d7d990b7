package structure

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"rummage/algo/csr"
)

// Cuts lists what holds a graph together.
type Cuts struct {
	// Method names the algorithm.
	Method string
	// Points are the articulation points in ascending order: nodes without which their component would fall apart.
	Points []uint32
	// Bridges are the edges without which their component would fall apart, each with its smaller end first, in ascending order. One
	// of several parallel edges is none.
	Bridges [][2]uint32
}

// Cut finds the articulation points and bridges of an undirected graph, by a depth-first search (Hopcroft and Tarjan 1973) with a
// stack of its own. Cost O(m), on one thread; memory 5 bytes a node, and 16 for each node of the longest path that the
// search goes down. Errors: ErrDirected, or that of the context.
func Cut(ctx context.Context, g *csr.Graph, opts Options) (Cuts, error) {
	c := cutter{found: func(int, uint32, uint32) {}}
	if err := c.run(ctx, g, opts); err != nil {
		return Cuts{}, fmt.Errorf("structure: cut: %w", err)
	}
	cuts := Cuts{Method: "depth-first search", Bridges: c.bridges}
	for u, is := range c.point {
		if is {
			cuts.Points = append(cuts.Points, uint32(u))
		}
	}
	slices.SortFunc(cuts.Bridges, func(a, b [2]uint32) int { return cmp.Or(cmp.Compare(a[0], b[0]), cmp.Compare(a[1], b[1])) })
	return cuts, nil
}

// cutter goes down a graph depth first.
type cutter struct {
	g    *csr.Graph
	rest breath
	// index is the order of discovery from 1 on.
	index   []uint32
	point   []bool
	bridges [][2]uint32
	path    []branch
	entered uint32
	// stack holds the nodes not yet given to a block, where keep asks for it, and found is told of each block when it closes: where on
	// the stack its nodes begin, and the node that it hangs on.
	keep  bool
	stack []uint32
	found func(from int, top, below uint32)
}

// branch is a node on the path: the least index that its subtree is known to reach, how many arcs of its row have been looked at, and its
// place on the stack.
type branch struct{ node, low, next, at uint32 }

func (c *cutter) run(ctx context.Context, g *csr.Graph, opts Options) error {
	if g.IsDirected() {
		return fmt.Errorf("%w; take Symmetric of it first", ErrDirected)
	}
	n := g.Order()
	c.g, c.rest = g, breath{ctx: ctx}
	c.index, c.point = make([]uint32, n), make([]bool, n)
	told := uint32(0)
	for u := range uint32(n) {
		if c.index[u] != 0 {
			continue
		}
		if !c.search(u) || c.rest.taken(0) {
			return ctx.Err()
		}
		if opts.Progress != nil && c.entered-told >= patience {
			told = c.entered
			opts.Progress(int(told), n)
		}
	}
	return ctx.Err()
}

func (c *cutter) enter(u uint32) {
	c.entered++
	c.index[u] = c.entered
	c.path = append(c.path, branch{node: u, low: c.entered, at: uint32(len(c.stack))})
	if c.keep {
		c.stack = append(c.stack, u)
	}
}

// search goes through one component. It is false when the context has ended.
func (c *cutter) search(root uint32) bool {
	c.enter(root)
	above := root
	children := 0
	for {
		next, looked := c.scan(&c.path[len(c.path)-1], above)
		if c.rest.taken(looked) {
			return false
		}
		if next != closed {
			above = c.path[len(c.path)-1].node
			c.enter(next)
			continue
		}
		leaf := c.path[len(c.path)-1]
		c.path = c.path[:len(c.path)-1]
		if len(c.path) == 0 {
			c.point[root] = children > 1
			c.stack = c.stack[:0]
			return true
		}
		if len(c.path) == 1 {
			children++
		}
		above = c.leave(leaf, root)
	}
}

// scan goes on in the row of the top of the path until a node is met for the first time, and returns it, or closed at the end of the row.
func (c *cutter) scan(top *branch, above uint32) (next uint32, looked int) {
	low := top.low
	row := c.g.Neighbours(top.node)
	for i := int(top.next); i < len(row); i++ {
		v := row[i]
		index := c.index[v]
		if index == 0 {
			looked = i + 1 - int(top.next)
			top.next, top.low = uint32(i+1), low
			return v, looked
		}
		// The first arc back to the parent is the tie that was come by, a second one is a parallel edge.
		if v == above && (i == 0 || row[i-1] != v) {
			continue
		}
		low = min(low, index)
	}
	looked = len(row) - int(top.next)
	top.next, top.low = uint32(len(row)), low
	return closed, looked
}

// leave hands what the subtree of a leaf reaches on to the node above it, and returns the one above that.
func (c *cutter) leave(leaf branch, root uint32) (above uint32) {
	top := &c.path[len(c.path)-1]
	top.low = min(top.low, leaf.low)
	if leaf.low >= c.index[top.node] {
		if top.node != root {
			c.point[top.node] = true
		}
		if leaf.low > c.index[top.node] {
			c.bridges = append(c.bridges, [2]uint32{min(leaf.node, top.node), max(leaf.node, top.node)})
		}
		if c.keep {
			c.found(int(leaf.at), top.node, leaf.node)
			c.stack = c.stack[:leaf.at]
		}
	}
	if len(c.path) > 1 {
		return c.path[len(c.path)-2].node
	}
	return root
}

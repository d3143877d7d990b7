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
	// Points are the articulation points in ascending order: nodes without which their component would fall apart.
	Points []uint32
	// Bridges are the edges without which their component would fall apart, each with its smaller end first, in ascending order. One
	// of several parallel edges is none.
	Bridges [][2]uint32
}

// Cut finds the articulation points and bridges of an undirected graph, by a depth-first search (Hopcroft and Tarjan 1973) with a
// stack of its own. Cost O(m); memory 25 bytes a node. Errors: ErrDirected, or that of the context.
func Cut(ctx context.Context, g *csr.Graph) (Cuts, error) {
	if g.IsDirected() {
		return Cuts{}, fmt.Errorf("structure: cut: %w; take Symmetric of it first", ErrDirected)
	}
	n := g.Order()
	c := cutter{g: g, rest: breath{ctx: ctx}, index: make([]uint32, n), low: make([]uint32, n), next: make([]int, n),
		above: make([]uint32, n), skipped: make([]bool, n), point: make([]bool, n)}
	for u := range uint32(n) {
		if c.index[u] == 0 {
			c.search(u)
		}
		if err := ctx.Err(); err != nil {
			return Cuts{}, fmt.Errorf("structure: cut: %w", err)
		}
	}
	cuts := Cuts{Bridges: c.bridges}
	for u, is := range c.point {
		if is {
			cuts.Points = append(cuts.Points, uint32(u))
		}
	}
	slices.SortFunc(cuts.Bridges, func(a, b [2]uint32) int { return cmp.Or(cmp.Compare(a[0], b[0]), cmp.Compare(a[1], b[1])) })
	return cuts, nil
}

type cutter struct {
	g    *csr.Graph
	rest breath
	// index is the order of discovery from 1 on, low the least index that the subtree reaches, above the parent.
	index, low, above []uint32
	next              []int
	// skipped tells that the arc back to the parent has been passed over; a second one is a parallel edge.
	skipped []bool
	point   []bool
	bridges [][2]uint32
	path    []uint32
	found   uint32
}

func (c *cutter) enter(u, above uint32) {
	c.found++
	c.index[u], c.low[u], c.above[u] = c.found, c.found, above
	c.path = append(c.path, u)
}

func (c *cutter) search(root uint32) {
	c.enter(root, root)
	children := 0
	for len(c.path) > 0 {
		u := c.path[len(c.path)-1]
		if row := c.g.Neighbours(u); c.next[u] < len(row) {
			v := row[c.next[u]]
			c.next[u]++
			switch {
			case c.index[v] == 0:
				c.enter(v, u)
				if u == root {
					children++
				}
			case v == c.above[u] && !c.skipped[u] && u != root:
				c.skipped[u] = true
			case v != u:
				c.low[u] = min(c.low[u], c.index[v])
			}
			if c.rest.taken(1) {
				return
			}
			continue
		}
		c.path = c.path[:len(c.path)-1]
		if u != root {
			c.leave(u, root)
		}
	}
	c.point[root] = children > 1
}

// leave hands what the subtree of u reaches on to its parent.
func (c *cutter) leave(u, root uint32) {
	above := c.above[u]
	c.low[above] = min(c.low[above], c.low[u])
	if c.low[u] >= c.index[above] && above != root {
		c.point[above] = true
	}
	if c.low[u] > c.index[above] {
		c.bridges = append(c.bridges, [2]uint32{min(u, above), max(u, above)})
	}
}

package structure

import (
	"context"
	"fmt"
	"slices"

	"rummage/algo/csr"
	"rummage/algo/structure/forest"
)

// Update returns the weak components after a change, from those before it: the same as Weak returns for the graph after. g is the graph
// after the change, such as csr.Graph.Patch makes it; before is what Weak said of the graph before.
//
// What edges join is united by number. Where edges were removed, it is gone out from all their ends at once, through what each may have
// been cut off from, until the searches have met, or all but one have come to their end (Even and Shiloach 1981 do so from two). Cost
// O(n + p) for p edges put, and for those removed the arcs that the searches go through: few where the graph holds together elsewhere, at
// worst those of the components that lost an edge. Memory 8 bytes a node. ErrSize when before is of more nodes than g; else that of
// the context.
func Update(ctx context.Context, before Components, g *csr.Graph, change csr.Change) (Components, error) {
	known, n := len(before.Of), g.Order()
	if known > n {
		return Components{}, fmt.Errorf("structure: update components: %w: %d nodes before and %d after", csr.ErrSize, known, n)
	}
	u := updater{g: g, trees: forest.New(n)}
	for v, of := range before.Of {
		u.trees[v] = before.First[of]
	}
	for i, from := range change.Put.From {
		u.trees.Unite(from, change.Put.To[i])
	}
	if err := u.cut(ctx, &change.Remove); err != nil {
		return Components{}, fmt.Errorf("structure: update components: %w", err)
	}
	return number(u.trees, "union of what changed"), nil
}

// updater has the components as trees.
type updater struct {
	g     *csr.Graph
	trees forest.Forest
}

// cut takes apart what removed edges held together.
func (u *updater) cut(ctx context.Context, removed *csr.Columns) error {
	ends := map[uint32][]uint32{} // by component
	for i, from := range removed.From {
		top := u.trees.Root(from)
		ends[top] = append(ends[top], from, removed.To[i])
	}
	tops := make([]uint32, 0, len(ends))
	for top := range ends {
		tops = append(tops, top)
	}
	slices.Sort(tops)
	s := searches{breath: breath{ctx: ctx}, g: u.g, by: slices.Repeat([]uint32{nobody}, u.g.Order())}
	pieces := make([][][]uint32, len(tops))
	for i, top := range tops {
		slices.Sort(ends[top])
		var ended bool
		if pieces[i], ended = s.from(slices.Compact(ends[top])); ended {
			return ctx.Err()
		}
	}
	for i, top := range tops {
		u.part(top, pieces[i])
	}
	return nil
}

// part gives what is cut off trees of their own. Those that stay may hang under one that goes; then they are hung up anew, which takes a
// look at every node.
func (u *updater) part(top uint32, pieces [][]uint32) {
	if len(pieces) == 0 {
		return
	}
	for v := range u.trees {
		u.trees[v] = u.trees.Root(uint32(v))
	}
	for _, piece := range pieces {
		for _, v := range piece {
			u.trees[v] = nobody
		}
	}
	if u.trees[top] == nobody {
		first := nobody
		for v, above := range u.trees {
			if above == top {
				first = min(first, uint32(v))
				u.trees[v] = first
			}
		}
	}
	for _, piece := range pieces {
		first := slices.Min(piece)
		for _, v := range piece {
			u.trees[v] = first
		}
	}
}

const nobody = ^uint32(0)

// searches go breadth first from many nodes at once.
type searches struct {
	breath
	g  *csr.Graph
	by []uint32 // the search that came to a node; nobody

	ended bool // the context has

	cluster []uint32   // union-find of the searches that have met
	reached [][]uint32 // by search: the nodes in the order of their coming
	at      []int      // by search: how many of these were gone out from
}

// from searches from every end until all have met or all but one of the clusters of searches that met have come to their end, and
// returns those that did: each is a component of the graph.
func (s *searches) from(ends []uint32) (pieces [][]uint32, ended bool) {
	s.cluster, s.at = make([]uint32, len(ends)), make([]int, len(ends))
	s.reached = make([][]uint32, len(ends))
	for i, v := range ends {
		s.cluster[i], s.by[v], s.reached[i] = uint32(i), uint32(i), []uint32{v}
	}
	open, going := len(ends), make([]uint32, len(ends)) // clusters with a search that goes on; searches that do
	busy := make([]int, len(ends))                      // by cluster: searches that go on
	for i := range going {
		going[i], busy[i] = uint32(i), 1
	}
	for open > 1 {
		kept := going[:0]
		for _, i := range going {
			met := s.step(i, busy)
			open -= met
			if s.at[i] < len(s.reached[i]) {
				kept = append(kept, i)
			} else if top := s.top(i); busy[top] == 1 {
				busy[top], open = 0, open-1
			} else {
				busy[top]--
			}
			if s.ended {
				return nil, true
			}
		}
		going = kept
	}
	return s.collect(busy), false
}

func (s *searches) top(i uint32) uint32 {
	for s.cluster[i] != i {
		s.cluster[i] = s.cluster[s.cluster[i]]
		i = s.cluster[i]
	}
	return i
}

// step goes out from the next node of a search and returns how many open clusters became one with another.
func (s *searches) step(i uint32, busy []int) (met int) {
	v := s.reached[i][s.at[i]]
	s.at[i]++
	for _, row := range [][]uint32{s.g.Neighbours(v), s.g.InNeighbours(v)} {
		s.ended = s.taken(len(row)) || s.ended
		for _, w := range row {
			if s.by[w] == nobody {
				s.by[w] = i
				s.reached[i] = append(s.reached[i], w)
				continue
			}
			a, b := s.top(i), s.top(s.by[w])
			if a == b {
				continue
			}
			if busy[a] > 0 && busy[b] > 0 {
				met++
			}
			s.cluster[max(a, b)] = min(a, b)
			busy[min(a, b)] += busy[max(a, b)]
			busy[max(a, b)] = 0
		}
		if !s.g.IsDirected() {
			break
		}
	}
	return met
}

// collect returns the nodes of the clusters that came to their end, if any other did not or none went on, and forgets who came where.
func (s *searches) collect(busy []int) (pieces [][]uint32) {
	number := map[uint32]int{}
	rest := false
	for i := range s.reached {
		if top := s.top(uint32(i)); busy[top] > 0 {
			rest = true
		} else if _, known := number[top]; !known {
			number[top] = len(pieces)
			pieces = append(pieces, nil)
		}
	}
	for i, nodes := range s.reached {
		if at, over := number[s.top(uint32(i))]; over {
			pieces[at] = append(pieces[at], nodes...)
		}
		for _, v := range nodes {
			s.by[v] = nobody
		}
	}
	if !rest && len(pieces) == 1 {
		return nil // all met, and there is nothing else
	}
	return pieces
}

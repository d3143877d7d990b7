package community

import (
	"context"
	"fmt"
	"slices"
	"sync/atomic"

	"rummage/algo/csr"
	"rummage/algo/csr/crew"
	"rummage/algo/csr/memory"
)

// State is a division of a graph with what an update would otherwise have to ask all weights for: the strength of every node and the
// weight between it and its community. It does not change, so that several goroutines may go on from it, each with a change of its own.
type State struct {
	opts Options
	// directed and size are those of the graph.
	directed bool
	size     int
	// labels are canonical, of so many communities.
	labels      []uint32
	communities int
	masses
	inner []float64
	// plain tells of every node that its row has neither self-loops nor weights of 0; nil where no row can be used as it is, since it has no
	// weights or only one of two directions.
	plain []bool
	// room is what an update needs beside, handed on from each state to the next; nil while it is in use.
	room *atomic.Pointer[frontier]
}

// Updated is a division brought up to date, and what that took.
type Updated struct {
	Result
	// Next is the division with what the next update needs.
	Next *State
	// Moved is the number of moves of nodes, those of one node again and again all counted, and of nodes that moved with their part of
	// a community. Visits and Arcs are how many nodes were visited, and the arcs looked at for their sake.
	Moved, Visits, Arcs int
}

// NewState looks at a whole graph and a division of it, one label a node, of connected communities, as all functions of this package
// return them, so that Update need not.
//
// Of the options, Objective, Resolution, Sizes, Seed, Passes, Theta, Threads and Progress matter, the last five to the updates; MaxSize
// is refused. Cost O(m); memory 21 bytes a node, 28 where the graph is directed. Errors: ErrOptions, or that of the context.
func NewState(ctx context.Context, g *csr.Graph, membership []uint32, opts Options) (*State, error) {
	opts.method, opts.Start, opts.Keys = update, nil, nil
	opts, err := opts.settle(g)
	switch {
	case err != nil:
	case opts.MaxSize > 0:
		err = fmt.Errorf("%w: sizes are not bounded; Split takes large communities apart", ErrOptions)
	case len(membership) != g.Order():
		err = fmt.Errorf("%w: %d labels, and there are %d nodes", ErrOptions, len(membership), g.Order())
	}
	if err != nil {
		return nil, fmt.Errorf("community: state: %w", err)
	}
	s := &State{directed: g.IsDirected(), size: g.Size(), room: &atomic.Pointer[frontier]{}}
	s.labels, s.communities = Canonical(membership)
	if s.masses, err = weigh(ctx, g, opts); err == nil {
		s.inner, err = inner(ctx, g, s.labels, opts.Threads)
	}
	if err == nil && g.IsWeighted() && !s.directed {
		s.plain = make([]bool, g.Order())
		cuts := g.Blocks(block)
		err = crew.Run(ctx, opts.Threads, len(cuts)-1, func(_, b int) {
			for u := cuts[b]; u < cuts[b+1]; u++ {
				s.plain[u] = plain(g, u)
			}
		})
	}
	if err != nil {
		return nil, fmt.Errorf("community: state: %w", err)
	}
	opts.Sizes = nil
	s.opts = opts
	return s, nil
}

// Update returns a division of a graph after a change, without looking at what the change does not concern. g is the graph after, such as
// csr.Graph.Patch makes it, and change all that is between it and the graph of the state. New nodes begin alone; sizes are theirs under
// CPM, nil for 1 each.
//
// The ends of edges that were put, of edges removed within a community, and new nodes are visited, each moves to where it adds most, and
// the neighbours of what moves are visited next: the dynamic frontier of Sahu (arXiv 2404.19634, 2405.11658), in order and one by one, so
// that the result is the same on any number of threads. A community that lost a member or an edge is searched from all the ends of
// what it lost at once, until the searches have met, and what has come apart becomes communities of its own. Communities of which a good
// part has changed are refined as in Leiden, and their parts move between communities. That is done until nothing moves, Options.Passes
// times at most. The quality is never below that of before, and communities are connected.
//
// It follows a full run closely, but not for ever: where much has changed since the last one, Leiden with Start may find more. On a
// planted partition of a million nodes and ten million edges, after twenty changes of a thousandth of the edges each, half of them
// removed, it is within 5e-4 of a full run.
//
// The result is, to the bit, that of a new state of the graph and division of before. Strengths and weights within communities are added
// up anew in the rows that changed and where nodes moved; sums over all nodes are made in their order.
//
// Cost: a few looks at every node, for every end of a changed edge and every move a few rows, and no more than eight of members of its
// community for refining; of rows without self-loops and weights of 0, weighted and undirected, nothing is copied. Memory: that of the
// next state, and 75 bytes a node, which the states after one another share. Errors: ErrOptions, also for a graph that cannot be the one
// after, for edges of nodes that do not exist and for other sizes than there are new nodes, or that of the context.
func (s *State) Update(ctx context.Context, g *csr.Graph, change csr.Change, sizes []float64) (Updated, error) {
	if err := s.check(g, &change, sizes); err != nil {
		return Updated{}, fmt.Errorf("community: update: %w", err)
	}
	touched := touches(&change, len(s.labels), g.Order())
	next := s.after(g, touched, sizes)
	f := s.room.Swap(nil)
	if f == nil {
		f = &frontier{}
	}
	f.open(ctx, g, s, next)
	f.mark(&change)
	stable := f.run()
	if ctx.Err() != nil {
		return Updated{}, fmt.Errorf("community: update: %w", ctx.Err())
	}
	result := Result{
		Method: string(update), Objective: s.opts.Objective, Resolution: s.opts.Resolution, Theta: s.opts.Theta, Seed: s.opts.Seed,
		Passes: f.passes, Stable: stable, Split: f.split,
	}
	f.weigh(next.inner, touched)
	next.labels, next.communities = Canonical(f.labels)
	result.Membership, result.Communities = slices.Clone(next.labels), next.communities
	result.Quality = next.quality(next.inner, next.labels, s.opts)
	told := Updated{Result: result, Next: next, Moved: f.moved, Visits: f.visits, Arcs: f.looked}
	f.close()
	s.room.Store(f)
	return told, nil
}

// update is a method beside leiden and louvain.
const update method = "update"

func (s *State) check(g *csr.Graph, change *csr.Change, sizes []float64) error {
	n := g.Order()
	switch {
	case n < len(s.labels):
		return fmt.Errorf("%w: %d nodes before, and there are %d after", ErrOptions, len(s.labels), n)
	case g.IsDirected() != s.directed:
		return fmt.Errorf("%w: one of the graphs before and after is directed, and the other is not", ErrOptions)
	case g.Size() > s.size+len(change.Put.From):
		return fmt.Errorf("%w: %d edges before and %d put, and there are %d after", ErrOptions, s.size, len(change.Put.From), g.Size())
	case sizes != nil && s.opts.Objective != CPM:
		return fmt.Errorf("%w: modularity takes no sizes", ErrOptions)
	case sizes != nil && len(sizes) != n-len(s.labels):
		return fmt.Errorf("%w: %d sizes, and there are %d new nodes", ErrOptions, len(sizes), n-len(s.labels))
	}
	for u, size := range sizes {
		if !(size >= 0 && size <= csr.GreatestWeight) {
			return fmt.Errorf("%w: node %d has size %v", ErrOptions, len(s.labels)+u, size)
		}
	}
	for list, c := range []*csr.Columns{&change.Put, &change.Remove} {
		name := []string{"put", "removed"}[list]
		if len(c.From) != len(c.To) || list == 0 && c.Weight != nil && len(c.Weight) != len(c.From) {
			return fmt.Errorf("%w: %s edges have columns of different lengths", ErrOptions, name)
		}
		for e, u := range c.From {
			if v := c.To[e]; uint64(max(u, v)) >= uint64(n) {
				return fmt.Errorf("%w: %s edge %d from %d to %d, and there are %d nodes", ErrOptions, name, e, u, v, n)
			}
		}
	}
	return nil
}

// touches lists the nodes whose rows a change alters, and the new ones, each once and in ascending order.
func touches(change *csr.Change, before, after int) []uint32 {
	all := slices.Concat(change.Put.From, change.Put.To, change.Remove.From, change.Remove.To)
	for u := before; u < after; u++ {
		all = append(all, uint32(u))
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// after returns the state after a change, with its own masses but the labels and the weights within communities of before.
func (s *State) after(g *csr.Graph, touched []uint32, sizes []float64) *State {
	n, known := g.Order(), len(s.labels)
	next := &State{opts: s.opts, directed: s.directed, size: g.Size(), room: s.room}
	next.mass, next.inner = extend(s.mass, n), extend(s.inner, n)
	if s.directed {
		next.head = extend(s.head, n)
	}
	if s.plain != nil {
		next.plain = extend(s.plain, n)
	}
	for _, u := range touched {
		if s.plain != nil {
			next.plain[u] = plain(g, u)
		}
		if s.opts.Objective == Modularity {
			next.strengths(g, u)
			continue
		}
		if int(u) < known {
			continue
		}
		if next.mass[u] = 1; sizes != nil {
			next.mass[u] = sizes[int(u)-known]
		}
		if s.directed {
			next.head[u] = next.mass[u]
		}
	}
	next.add()
	return next
}

// plain tells whether the row of u has neither self-loops nor weights of 0.
func plain(g *csr.Graph, u uint32) bool {
	_, loop := slices.BinarySearch(g.Neighbours(u), u)
	return !loop && !slices.Contains(g.Weights(u), 0)
}

// extend copies a column, and makes it n long.
func extend[T memory.Cell](column []T, n int) []T {
	longer := memory.Make[T](n)
	copy(longer, column)
	return longer
}

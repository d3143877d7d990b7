package community

import (
	"context"
	"fmt"
	"slices"

	"rummage/algo/csr"
	"rummage/algo/csr/crew"
)

// Updated is a division brought up to date, and what that took.
type Updated struct {
	Result
	// Moved is the number of moves of nodes, those of one node again and again all counted, and of nodes that moved with their part of
	// a community. Visits and Arcs are how many nodes were visited, and the arcs looked at for their sake.
	Moved, Visits, Arcs int
}

// Update returns a division of a graph after a change from one before it, without looking at what the change does not concern. g is the
// graph after, such as csr.Graph.Patch makes it; before is the division before, one label a node, of connected communities, as all
// functions of this package return them. New nodes begin alone.
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
// Of the options, Objective, Resolution, Sizes (of the nodes after), Seed, Passes, Theta, Threads and Progress matter; MaxSize is
// refused. Cost: a look at every weight, for strengths and the quality, and for every end of a changed edge and every move a few rows, and
// no more than eight of members of its community for refining; memory 75 bytes a node, and 12 for every arc looked at. Errors:
// ErrOptions, also for more labels than nodes and for edges of nodes that do not exist, or that of the context.
func Update(ctx context.Context, before []uint32, g *csr.Graph, change csr.Change, opts Options) (Updated, error) {
	opts.method, opts.Start, opts.Keys = update, nil, nil
	opts, err := opts.settle(g)
	if err == nil {
		err = checkUpdate(before, g, &change, opts)
	}
	if err != nil {
		return Updated{}, fmt.Errorf("community: update: %w", err)
	}
	m, err := weigh(ctx, g, opts)
	if err != nil {
		return Updated{}, fmt.Errorf("community: update: %w", err)
	}
	f := newFrontier(ctx, g, before, m, opts)
	f.mark(&change)
	stable := f.run()
	if ctx.Err() != nil {
		return Updated{}, fmt.Errorf("community: update: %w", ctx.Err())
	}
	result := Result{
		Method: string(update), Objective: opts.Objective, Resolution: opts.Resolution, Theta: opts.Theta, Seed: opts.Seed,
		Passes: f.passes, Stable: stable, Split: f.split,
	}
	result.Membership, result.Communities = Canonical(f.labels)
	if result.Quality, err = quality(ctx, g, result.Membership, m, opts); err != nil {
		return Updated{}, fmt.Errorf("community: update: %w", err)
	}
	return Updated{Result: result, Moved: f.moved, Visits: f.visits, Arcs: f.looked}, nil
}

// update is a method beside leiden and louvain.
const update method = "update"

func checkUpdate(before []uint32, g *csr.Graph, change *csr.Change, opts Options) error {
	n := g.Order()
	switch {
	case opts.MaxSize > 0:
		return fmt.Errorf("%w: sizes are not bounded; Split takes large communities apart", ErrOptions)
	case len(before) > n:
		return fmt.Errorf("%w: %d labels before, and there are %d nodes after", ErrOptions, len(before), n)
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

// frontier is an update under way. Its moves are over a level in which only the rows of visited nodes are laid out.
type frontier struct {
	moves
	g     *csr.Graph
	known int // nodes that have a label of before
	laid  []bool
	// next are the nodes to visit in the next pass, waiting in the meantime.
	next []uint32
	// unrest counts for every label what has happened to its members: ends of changed edges, and moves.
	unrest []uint32
	// torn lists ends of edges that a community has lost, left the nodes that went from one.
	torn, left []member
	// searcher and seat, rank serve sever and lift.
	searcher   searcher
	seat, rank []uint32

	passes, split, moved, visits, looked int
}

// member is a node and a label that it has or had.
type member struct{ label, node uint32 }

func newFrontier(ctx context.Context, g *csr.Graph, before []uint32, w masses, opts Options) *frontier {
	n, known := g.Order(), len(before)
	labels, communities := Canonical(before)
	for u := known; u < n; u++ {
		labels = append(labels, uint32(communities+u-known))
	}
	s := &solver{ctx: ctx, opts: opts, gamma: opts.Resolution, threads: crew.Size(opts.Threads, n)}
	if opts.Objective == Modularity && w.total > 0 {
		s.gamma /= w.total
	}
	for range s.threads {
		s.scratch = append(s.scratch, &scratch{})
	}
	s.scratch[0].grow(n)
	f := &frontier{g: g, known: known, laid: make([]bool, n), unrest: make([]uint32, n)}
	f.solver = s
	f.begin(&level{lo: make([]int, n), hi: make([]int, n), mass: w.mass, head: w.head}, labels)
	f.waiting = make([]bool, n)
	return f
}

// mark makes due what a change concerns. Of an edge put nobody knows whether it is new, weighs more than before, or less.
func (f *frontier) mark(change *csr.Change) {
	tear := func(u, v uint32) {
		if c := f.labels[u]; c == f.labels[v] {
			f.torn = append(f.torn, member{c, u}, member{c, v})
		}
	}
	for e, u := range change.Put.From {
		v := change.Put.To[e]
		f.stir(u)
		f.stir(v)
		if change.Put.Weight != nil && change.Put.Weight[e] == 0 {
			tear(u, v)
		}
	}
	for e, u := range change.Remove.From {
		if v := change.Remove.To[e]; f.labels[u] == f.labels[v] {
			f.stir(u)
			f.stir(v)
			tear(u, v)
		}
	}
	for u := f.known; u < len(f.labels); u++ {
		f.stir(uint32(u))
	}
}

// stir makes a node due and its community restless.
func (f *frontier) stir(u uint32) {
	f.unrest[f.labels[u]]++
	f.await(u)
}

func (f *frontier) await(u uint32) {
	if !f.waiting[u] {
		f.waiting[u] = true
		f.next = append(f.next, u)
	}
}

// run works until nothing moves, and tells whether it came to that.
func (f *frontier) run() bool {
	for f.passes < f.opts.limit() && f.ctx.Err() == nil {
		f.passes++
		before := f.moved
		queue := f.next
		f.next = nil
		slices.Sort(queue)
		f.roam(queue, f.lay, f.went)
		f.sever()
		f.lift(mix(f.opts.Seed, uint64(f.passes)))
		f.sever()
		if f.opts.Progress != nil {
			f.opts.Progress(len(f.labels)-len(f.next), len(f.labels))
		}
		if f.moved == before {
			return true
		}
	}
	return false
}

// lay lays out the row of a node that is visited: its arcs of positive weight to others, in both directions.
func (f *frontier) lay(v uint32) bool {
	l := f.l
	if !f.laid[v] {
		f.laid[v] = true
		l.lo[v] = len(l.to)
		l.take(f.g.Neighbours(v), f.g.Weights(v), v)
		if f.g.IsDirected() {
			l.take(f.g.InNeighbours(v), f.g.InWeights(v), v)
		}
		l.hi[v] = len(l.to)
	}
	f.visits++
	f.looked += l.hi[v] - l.lo[v]
	return true
}

// take appends the arcs of v that are of positive weight and lead to others.
func (l *level) take(row []uint32, weights []float64, v uint32) {
	at := len(l.to)
	l.to, l.weight = slices.Grow(l.to, len(row))[:at+len(row)], slices.Grow(l.weight, len(row))[:at+len(row)]
	to, weight := l.to[at:], l.weight[at:]
	met := 0
	for i, u := range row {
		w := 1.0
		if weights != nil {
			w = weights[i]
		}
		to[met], weight[met] = u, w
		if u != v && w > 0 {
			met++
		}
	}
	l.to, l.weight = l.to[:at+met], l.weight[:at+met]
}

// went takes note that a node has left a community.
func (f *frontier) went(v, old uint32) {
	f.moved++
	f.unrest[old]++
	f.unrest[f.labels[v]]++
	f.left = append(f.left, member{old, v})
}

// roam visits the nodes of the queue in order, and the neighbours of what moves after them. A node is visited if ready says so, which
// sees to its row; went is told of every move.
func (m *moves) roam(queue []uint32, ready func(v uint32) bool, went func(v, old uint32)) {
	for head := 0; head < len(queue); head++ {
		v := queue[head]
		m.waiting[v] = false
		if !ready(v) {
			continue
		}
		row, _ := m.l.row(v)
		if m.tired(len(row)) {
			return
		}
		old := m.labels[v]
		to := m.best(&m.scratch[0].tally, v).to
		if to == old {
			continue
		}
		to = m.shift(v, to)
		went(v, old)
		for _, u := range row {
			if m.labels[u] != to && !m.waiting[u] {
				m.waiting[u] = true
				queue = append(queue, u)
			}
		}
	}
}

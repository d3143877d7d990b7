package structure

import (
	"context"
	"fmt"
	"slices"

	"rummage/algo/csr"
	"rummage/algo/csr/crew"
)

// CliqueOptions bound a search for cliques. The zero value means the defaults.
type CliqueOptions struct {
	// Least is the number of nodes below which a clique is left out. The default is 3; 1 leaves none out.
	Least int
	// Most is how many cliques may be found. The default is a million.
	Most int
	// Steps is how many calls the search may make, the measure of time that is the same on any machine; a call costs about a
	// microsecond. The default is 100 million.
	Steps int
	Options
}

func (o CliqueOptions) filled() (CliqueOptions, error) {
	o.Least = fill(o.Least, 3)
	o.Most = fill(o.Most, 1_000_000)
	o.Steps = fill(o.Steps, 100_000_000)
	if o.Least < 0 || o.Most < 0 || o.Steps < 0 {
		return o, fmt.Errorf("%w: Least %d, Most %d and Steps %d must not be negative", ErrOption, o.Least, o.Most, o.Steps)
	}
	return o, nil
}

// fill gives the default for 0.
func fill(value, usual int) int {
	if value == 0 {
		return usual
	}
	return value
}

// Cliques are what a search found.
type Cliques struct {
	// Method names the algorithm; Least, Most and Steps are the bounds that held.
	Method             string
	Least, Most, Steps int
	// Members lists the nodes of each in ascending order, in the order of their members.
	Members [][]uint32
	// Taken is the number of calls made. Complete tells that nothing is missing.
	Taken    int
	Complete bool
}

// MaximalCliques lists the sets of nodes of an undirected graph that are all neighbours of one another and could not be larger. Self-loops,
// parallel edges and weights do not matter; with Least 1 a node without neighbours is a clique.
//
// It is the search of Bron and Kerbosch (1973) with the pivot of Tomita, Tanaka and Takahashi (2006), from each node among those after it
// in the degeneracy order (Eppstein, Löffler and Strash 2010). Cost O(d·n·3^(d/3)) at worst for degeneracy d; memory d² bits and
// d times the degree of one node a thread, beside the result.
//
// Errors: ErrDirected, ErrOption; ErrLimit when Most or Steps ran out, or the error of the context, as when its deadline passed: then with
// what was found so far. After ErrLimit that is the same on any number of threads.
func MaximalCliques(ctx context.Context, g *csr.Graph, opts CliqueOptions) (Cliques, error) {
	opts, err := opts.filled()
	if err != nil {
		return Cliques{}, fmt.Errorf("structure: cliques: %w", err)
	}
	shells, err := Degeneracy(ctx, g, Options{Threads: opts.Threads})
	if err != nil {
		return Cliques{}, fmt.Errorf("structure: cliques: %w", err)
	}
	place := make([]uint32, g.Order())
	for i, u := range shells.Order {
		place[u] = uint32(i)
	}
	s := seeker{opts: opts, order: shells.Order, start: func(worker *hunt, u uint32) {
		worker.cliquesFrom(g, place, u)
	}}
	found, err := s.run(ctx)
	if err != nil {
		err = fmt.Errorf("structure: cliques: %w", err)
	}
	found.Method = "Bron-Kerbosch with pivot in degeneracy order"
	return found, err
}

// seeker shares the nodes that a search starts from among threads, a batch at a time, so that its bounds cut the same off whatever the
// threads. Each start of a batch first has an equal share of what the bounds leave; one that needs more is begun again with all that is
// left, as many at a time as there are threads. So no more than Steps are wasted, and another Steps a thread.
type seeker struct {
	opts  CliqueOptions
	order []uint32
	start func(worker *hunt, u uint32)
}

// batch is how many starting nodes are shared at a time.
const batch = 256

func (s *seeker) run(ctx context.Context) (Cliques, error) {
	all := Cliques{Least: s.opts.Least, Most: s.opts.Most, Steps: s.opts.Steps}
	hunts := make([]hunt, batch)
	cut := false
	for at := 0; at < len(s.order) && !cut && ctx.Err() == nil; at += batch {
		nodes := s.order[at:min(at+batch, len(s.order))]
		for i, u := range nodes {
			hunts[i] = hunt{ctx: ctx, rest: breath{ctx: ctx}, node: u, least: s.opts.Least,
				most: (s.opts.Most - len(all.Members)) / len(nodes), steps: (s.opts.Steps - all.Taken) / len(nodes)}
		}
		// The error of the context is looked at below, once what was found is safe; so in again.
		_ = crew.Run(ctx, s.opts.Threads, len(nodes), func(_, i int) { s.start(&hunts[i], nodes[i]) })
		for i := range nodes {
			if hunts[i].cut && !hunts[i].whole {
				s.again(ctx, &all, hunts[i:len(nodes)])
			}
			if cut = s.take(&all, &hunts[i]); cut {
				break
			}
			hunts[i] = hunt{}
		}
		if s.opts.Progress != nil {
			s.opts.Progress(min(at+batch, len(s.order)), len(s.order))
		}
	}
	slices.SortFunc(all.Members, slices.Compare)
	switch {
	case ctx.Err() != nil:
		return all, ctx.Err()
	case cut:
		return all, fmt.Errorf("%w: %d found in %d steps; raise Most or Steps, or ask for larger ones by Least", ErrLimit, len(all.Members), all.Taken)
	}
	all.Complete = true
	return all, nil
}

// again begins the first of the searches anew with all that is left, and beside it others that were cut off, one a thread.
func (s *seeker) again(ctx context.Context, all *Cliques, hunts []hunt) {
	var short []*hunt
	for i := range hunts {
		if hunts[i].cut && !hunts[i].whole && len(short) < crew.Size(s.opts.Threads, len(hunts)) {
			short = append(short, &hunts[i])
		}
	}
	_ = crew.Run(ctx, s.opts.Threads, len(short), func(_, i int) {
		*short[i] = hunt{ctx: ctx, rest: breath{ctx: ctx}, node: short[i].node, least: s.opts.Least, whole: true,
			most: s.opts.Most - len(all.Members), steps: s.opts.Steps - all.Taken}
		s.start(short[i], short[i].node)
	})
}

// take adds what one start found, as far as the bounds allow, and tells whether they cut something off: only now is it known what those
// before it used.
func (s *seeker) take(all *Cliques, h *hunt) (cut bool) {
	room, left := s.opts.Most-len(all.Members), s.opts.Steps-all.Taken
	for i, members := range h.found {
		if i >= room || h.when[i] > left {
			all.Taken += min(h.when[i], left)
			return true
		}
		all.Members = append(all.Members, members)
	}
	all.Taken += min(h.taken, left)
	return h.taken > left || h.cut
}

// hunt is the search from one node: its bounds, whether they are all that is left, and what it found after how many steps.
type hunt struct {
	ctx                context.Context
	rest               breath
	node               uint32
	least, most, steps int
	whole              bool
	taken              int
	cut                bool
	found              [][]uint32
	when               []int
}

// step counts one call and tells whether the search must end.
func (h *hunt) step() (ended bool) {
	if h.taken >= h.steps || len(h.found) > h.most {
		h.cut = true
	}
	h.taken++
	if h.taken%(1<<10) == 0 && h.ctx.Err() != nil {
		h.cut = true
	}
	return h.cut
}

// tired ends a search whose context has ended, given the work done on what it starts from.
func (h *hunt) tired(work int) bool {
	h.cut = h.cut || h.rest.taken(work)
	return h.cut
}

// keep notes a set of nodes.
func (h *hunt) keep(members []uint32) {
	slices.Sort(members)
	h.found, h.when = append(h.found, members), append(h.when, h.taken)
}

// nest is the neighbourhood of a starting node: its later neighbours, which may join it, and their ties to one another and to its earlier
// neighbours, which tell whether a clique could be larger.
type nest struct {
	hunt  *hunt
	nodes []uint32
	// tie gives the later neighbours that each later neighbour is tied to, outer those that each earlier neighbour is.
	tie, outer []words
	clique     []uint32
	levels     []*level
}

// cliquesFrom finds the maximal cliques whose first node in the order is u.
func (h *hunt) cliquesFrom(g *csr.Graph, place []uint32, u uint32) {
	n := nest{hunt: h, clique: []uint32{u}}
	var before []uint32
	for i, v := range g.Neighbours(u) {
		switch row := g.Neighbours(u); {
		case v == u || (i > 0 && row[i-1] == v):
		case place[v] > place[u]:
			n.nodes = append(n.nodes, v)
		default:
			before = append(before, v)
		}
	}
	if len(n.nodes)+1 < h.least {
		h.taken++
		return
	}
	n.tie = make([]words, len(n.nodes))
	for i, v := range n.nodes {
		if h.tired(len(n.nodes)) {
			return
		}
		n.tie[i] = n.tiesOf(g, v)
	}
	first := n.at(0)
	for _, x := range before {
		if h.tired(len(n.nodes)) {
			return
		}
		if ties := n.tiesOf(g, x); len(n.nodes) == 0 || ties.count() > 0 {
			first.barred = append(first.barred, uint32(len(n.outer)))
			n.outer = append(n.outer, ties)
		}
	}
	for i := range n.nodes {
		first.open.set(i)
	}
	n.grow(0)
}

// tiesOf returns which of the nodes stand in the row of v, from the shorter of the two lists.
func (n *nest) tiesOf(g *csr.Graph, v uint32) words {
	ties := newWords(len(n.nodes))
	row := g.Neighbours(v)
	for i, w := range n.nodes {
		at, found := slices.BinarySearch(row, w)
		row = row[at:]
		if found && w != v {
			ties.set(i)
		}
	}
	return ties
}

// level is the memory of one depth of the search: the open nodes, those that were tried before, and the earlier neighbours, all only as far
// as they are tied to the whole clique; and the open nodes still to be tried.
type level struct {
	open, shut, todo words
	barred           []uint32
}

// at returns the memory of a depth.
func (n *nest) at(depth int) *level {
	for len(n.levels) <= depth {
		size := len(n.nodes)
		n.levels = append(n.levels, &level{open: newWords(size), shut: newWords(size), todo: newWords(size)})
	}
	return n.levels[depth]
}

// grow extends the clique by the open nodes of its depth. With any node shut or barred left the clique is not maximal.
func (n *nest) grow(depth int) {
	if n.hunt.step() {
		return
	}
	l := n.at(depth)
	left := l.open.count()
	if left == 0 {
		if len(l.barred) == 0 && l.shut.count() == 0 && len(n.clique) >= n.hunt.least {
			n.hunt.keep(slices.Clone(n.clique))
		}
		return
	}
	if len(n.clique)+left < n.hunt.least {
		return
	}
	l.todo.without(l.open, n.pivot(l))
	for i := range l.todo.all {
		tie := n.tie[i]
		below := n.at(depth + 1)
		below.open.meet(l.open, tie)
		below.shut.meet(l.shut, tie)
		below.barred = below.barred[:0]
		for _, x := range l.barred {
			if n.outer[x].has(i) {
				below.barred = append(below.barred, x)
			}
		}
		n.clique = append(n.clique, n.nodes[i])
		n.grow(depth + 1)
		n.clique = n.clique[:len(n.clique)-1]
		if n.hunt.cut {
			return
		}
		l.open.clear(i)
		l.shut.set(i)
	}
}

// pivot returns the ties of the candidate that is tied to the most open nodes, the first of equals: no maximal clique lacks both it and
// all nodes that it is not tied to.
func (n *nest) pivot(l *level) (ties words) {
	most := -1
	try := func(candidate words) {
		if shared := l.open.common(candidate); shared > most {
			most, ties = shared, candidate
		}
	}
	for i := range l.open.all {
		try(n.tie[i])
	}
	for i := range l.shut.all {
		try(n.tie[i])
	}
	for _, x := range l.barred {
		try(n.outer[x])
	}
	return ties
}

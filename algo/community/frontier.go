package community

import (
	"context"
	"slices"

	"rummage/algo/csr"
	"rummage/algo/csr/crew"
	"rummage/algo/csr/memory"
)

// frontier is an update under way. Its moves are over a level in which only the rows of visited nodes are laid out.
type frontier struct {
	moves
	g     *csr.Graph
	known int // nodes that have a label of before
	// plain is that of the state after, laid tells whose row is laid out.
	plain, laid []bool
	// next are the nodes to visit in the next pass, waiting in the meantime.
	next []uint32
	// unrest counts for every label what has happened to its members: ends of changed edges, and moves. restive lists the labels of which
	// it does, some of them twice, and some where all is at rest again.
	unrest, restive []uint32
	// torn lists ends of edges that a community has lost, left the nodes that went from one. astray are all nodes that were given another
	// label.
	torn, left []member
	astray     []uint32
	// searcher and seat, rank serve sever and lift.
	searcher   searcher
	seat, rank []uint32

	passes, split, moved, visits, looked int
}

// member is a node and a label that it has or had.
type member struct{ label, node uint32 }

// The slabs of the level: rows as the graph has them, and copied ones.
const (
	lentRows = iota
	ownRows
)

// open begins an update of a state, in the memory of an update before that has come to its end, if there was one. The state after has
// its masses.
func (f *frontier) open(ctx context.Context, g *csr.Graph, before, after *State) {
	n, opts := g.Order(), after.opts
	if f.solver == nil {
		f.solver, f.l = &solver{}, &level{slabs: make([]rows, ownRows+1)}
	}
	s := f.solver
	s.ctx, s.opts, s.gamma, s.arcs, s.threads = ctx, opts, opts.Resolution, 0, crew.Size(opts.Threads, n)
	if opts.Objective == Modularity && after.total > 0 {
		s.gamma /= after.total
	}
	for len(s.scratch) < s.threads {
		s.scratch = append(s.scratch, &scratch{})
	}
	l := f.l
	l.lo, l.hi, l.mass, l.head = roomy(l.lo, n), roomy(l.hi, n), after.mass, after.head
	s.scratch[0].grow(cap(l.lo))
	if !g.IsDirected() {
		_, l.slabs[lentRows].to, l.slabs[lentRows].weight = g.Rows()
	}
	f.g, f.known, f.plain = g, len(before.labels), after.plain
	f.labels = roomy(f.labels, n)
	copy(f.labels, before.labels)
	for u := f.known; u < n; u++ {
		f.labels[u] = uint32(before.communities + u - f.known)
	}
	f.mass, f.members = roomy(f.mass, n), roomy(f.members, n)
	f.begin(l, f.labels)
	f.waiting, f.laid, f.unrest = roomy(f.waiting, n), roomy(f.laid, n), roomy(f.unrest, n)
	clear(f.waiting)
	clear(f.laid)
	clear(f.unrest)
	f.next, f.restive, f.astray = f.next[:0], f.restive[:0], f.astray[:0]
	f.passes, f.split, f.moved, f.visits, f.looked = 0, 0, 0, 0, 0
}

// close lets go of the graph and of the sums of the state.
func (f *frontier) close() {
	l := f.l
	l.mass, l.head, l.slabs[lentRows] = nil, nil, rows{}
	l.slabs[ownRows] = rows{l.slabs[ownRows].to[:0], l.slabs[ownRows].weight[:0]}
	f.g, f.plain, f.ctx, f.opts.Progress = nil, nil, nil, nil
}

// roomy is fit with room for some more nodes, which may come with every update.
func roomy[T memory.Cell](s []T, n int) []T {
	if cap(s) < n {
		s = memory.Make[T](n + n/16)
	}
	return s[:n]
}

// weigh adds up anew the weights within communities that may have changed.
func (f *frontier) weigh(inner []float64, touched []uint32) {
	clear(f.waiting)
	again := func(u uint32) {
		if !f.waiting[u] {
			f.waiting[u] = true
			inner[u] = within(f.g, f.labels, u)
		}
	}
	for _, u := range touched {
		again(u)
	}
	for _, u := range f.astray {
		again(u)
		f.lay(u)
		row, _ := f.l.row(u)
		for _, v := range row {
			again(v)
		}
	}
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
	f.upset(f.labels[u])
	f.await(u)
}

// upset takes note that something has happened to a member.
func (f *frontier) upset(label uint32) {
	if f.unrest[label] == 0 {
		f.restive = append(f.restive, label)
	}
	f.unrest[label]++
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
		f.roam(queue, f.reach, f.went)
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

// reach lays out the row of a node and counts it among those visited.
func (f *frontier) reach(v uint32) bool {
	f.lay(v)
	f.visits++
	f.looked += f.l.hi[v] - f.l.lo[v]
	return true
}

// lay lays out the row of a node: its arcs of positive weight to others, in both directions. Where the graph has just these, they stay
// where they are.
func (f *frontier) lay(v uint32) {
	if f.laid[v] {
		return
	}
	f.laid[v] = true
	l := f.l
	if f.plain != nil && f.plain[v] {
		offset, _, _ := f.g.Rows()
		l.lo[v], l.hi[v] = int(offset[v]), int(offset[v+1])
		return
	}
	row, weights := f.g.Neighbours(v), f.g.Weights(v)
	slab := &l.slabs[ownRows]
	l.lo[v] = ownRows<<slabBits | len(slab.to)
	slab.take(row, weights, v)
	if f.g.IsDirected() {
		slab.take(f.g.InNeighbours(v), f.g.InWeights(v), v)
	}
	l.hi[v] = ownRows<<slabBits | len(slab.to)
}

// take appends the arcs of v that are of positive weight and lead to others.
func (r *rows) take(row []uint32, weights []float64, v uint32) {
	at := len(r.to)
	r.to, r.weight = slices.Grow(r.to, len(row))[:at+len(row)], slices.Grow(r.weight, len(row))[:at+len(row)]
	to, weight := r.to[at:], r.weight[at:]
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
	r.to, r.weight = r.to[:at+met], r.weight[:at+met]
}

// went takes note that a node has left a community.
func (f *frontier) went(v, old uint32) {
	f.moved++
	f.upset(old)
	f.upset(f.labels[v])
	f.left, f.astray = append(f.left, member{old, v}), append(f.astray, v)
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

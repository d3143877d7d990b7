package community

import (
	"slices"

	"rummage/algo/csr/memory"
)

// restless is the number of members of a community that one change among them makes restless: from one in so many on, it is refined.
const restless = 8

// lift refines the communities of which a good part has changed, and moves their parts between communities: one step up the hierarchy
// of Leiden, where all that is at rest is one node a community, and fixed.
func (f *frontier) lift(chance uint64) {
	due := func(c uint32) bool {
		return f.unrest[c] > 0 && f.unrest[c] >= f.members[c]/restless && f.members[c] > 0
	}
	if !slices.ContainsFunc(f.restive, due) || f.ctx.Err() != nil {
		return
	}
	var nodes []uint32
	for u, c := range f.labels {
		if due(c) {
			nodes = append(nodes, uint32(u))
		}
	}
	e := f.excerpt(nodes)
	if e == nil {
		return
	}
	f.theta = f.opts.Theta * e.l.meanWeight(f.ctx, f.threads)
	refined := f.refine(e.l, e.labels, len(e.names), chance)
	parts := renumber(refined, &f.number)
	if f.ctx.Err() != nil {
		return
	}
	small, above := f.aggregate(e.l, refined, parts, e.labels)
	fixed := make([]bool, parts)
	for _, p := range refined[len(nodes):] {
		fixed[p] = true
	}
	up := &moves{solver: f.solver, waiting: make([]bool, parts)}
	up.begin(small, append([]uint32(nil), above...))
	queue := make([]uint32, parts)
	for p := range queue {
		queue[p], up.waiting[p] = uint32(p), true
	}
	up.roam(queue, func(p uint32) bool { return !fixed[p] }, func(uint32, uint32) {})
	f.follow(nodes, refined, above, up.labels, e.names)
}

// excerpt is what lift sees of the graph: first the members of restless communities, then a node for every community at rest beside them.
type excerpt struct {
	l *level
	// labels number communities from 0 on, names are their labels outside.
	labels, names []uint32
}

// excerpt returns nil when there is no arc. What it takes into account is at rest from then on.
func (f *frontier) excerpt(nodes []uint32) *excerpt {
	if n := len(f.labels); len(f.seat) < n {
		f.seat, f.rank = memory.Make[uint32](n+n/16), memory.Make[uint32](n+n/16)
	}
	seat, rank := f.seat, f.rank
	e := &excerpt{l: &level{}}
	l := e.l
	for i, u := range nodes {
		seat[u] = uint32(i) + 1
		c := f.labels[u]
		if rank[c] == 0 {
			e.names = append(e.names, c)
			rank[c] = uint32(len(e.names))
			f.unrest[c] = 0
		}
		e.labels = append(e.labels, rank[c]-1)
	}
	for _, u := range nodes {
		f.reach(u)
		row, weights := f.l.row(u)
		if f.tired(len(row)) {
			break
		}
		l.lo = append(l.lo, len(l.to))
		for i, v := range row {
			at := seat[v]
			if at == 0 {
				c := f.labels[v]
				if rank[c] == 0 {
					e.labels = append(e.labels, uint32(len(e.names)))
					e.names = append(e.names, c)
					rank[c] = uint32(len(e.labels))
				}
				at = rank[c]
			}
			l.to, l.weight = append(l.to, at-1), append(l.weight, weights[i])
		}
		l.hi = append(l.hi, len(l.to))
	}
	for _, u := range nodes {
		seat[u] = 0
	}
	for _, c := range e.names {
		rank[c] = 0
	}
	if len(l.to) == 0 || f.ctx.Err() != nil {
		return nil
	}
	f.weighExcerpt(e, nodes)
	return e
}

// weighExcerpt fills in masses, and the empty rows of communities at rest.
func (f *frontier) weighExcerpt(e *excerpt, nodes []uint32) {
	l := e.l
	l.mass = pick(f.l.mass, nodes)
	if f.l.head != nil {
		l.head = pick(f.l.head, nodes)
	}
	for _, c := range e.labels[len(nodes):] {
		name := e.names[c]
		l.lo, l.hi = append(l.lo, len(l.to)), append(l.hi, len(l.to))
		l.mass = append(l.mass, f.mass[name])
		if l.head != nil {
			l.head = append(l.head, f.head[name])
		}
	}
}

// follow lets nodes follow their parts. A community that no part has stayed in has lost its label, which another may have taken.
func (f *frontier) follow(nodes, refined, before, after, names []uint32) {
	target := make([]uint32, len(after))
	for c := range target {
		target[c] = fresh
	}
	for p, c := range after {
		if before[p] == c {
			target[c] = names[c]
		}
	}
	var gone []uint32
	for i, u := range nodes {
		p := refined[i]
		to, old := after[p], f.labels[u]
		if before[p] == to {
			continue
		}
		if target[to] == fresh && f.members[old] == 1 {
			target[to] = old
			continue
		}
		target[to] = f.shift(u, target[to])
		f.went(u, old)
		gone = append(gone, u)
	}
	for _, u := range gone {
		row, _ := f.l.row(u)
		f.await(u)
		for _, v := range row {
			if f.labels[v] != f.labels[u] {
				f.await(v)
			}
		}
	}
}

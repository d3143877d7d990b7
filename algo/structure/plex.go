package structure

import (
	"context"
	"fmt"

	"rummage/algo/csr"
)

// plexWidth is the largest neighbourhood that a search for plexes takes on.
const plexWidth = 1 << 13

// MaximalPlexes lists the k-plexes of an undirected graph that could not be larger: sets of nodes of which each is a neighbour of all but k
// of them, itself among the k (Seidman and Foster 1978), so that a 1-plex is a clique and a 2-plex lets everyone miss one other. Least is at
// least 2k − 1, which is also the default where that is more than 3; such plexes hang together, within two steps of any member.
// Self-loops, parallel edges and weights do not matter.
//
// From each node it looks among those after it in the degeneracy order within two steps (Conte et al. 2018): where all that is left is a
// plex together, that is the one, else it branches on a node that the worst-tied one lacks. There may be exponentially many, so this is
// for small parts lifted out of a graph; a node with more than 8,192 others in question cuts the search off. Memory
// 64 Mbit and those of the earlier nodes a thread at most, beside the result.
//
// Errors: those of MaximalCliques, and what it says of them; ErrOption also for k below 1 and Least below 2k − 1.
func MaximalPlexes(ctx context.Context, g *csr.Graph, k int, opts CliqueOptions) (Cliques, error) {
	if opts.Least == 0 {
		opts.Least = max(3, 2*k-1)
	}
	opts, err := opts.filled()
	if err == nil && (k < 1 || opts.Least < 2*k-1) {
		err = fmt.Errorf("%w: k is %d and Least %d; k must be positive and Least at least 2k-1", ErrOption, k, opts.Least)
	}
	if err != nil {
		return Cliques{}, fmt.Errorf("structure: plexes: %w", err)
	}
	shells, err := Degeneracy(ctx, g, Options{Threads: opts.Threads})
	if err != nil {
		return Cliques{}, fmt.Errorf("structure: plexes: %w", err)
	}
	place := make([]uint32, g.Order())
	for i, u := range shells.Order {
		place[u] = uint32(i)
	}
	s := seeker{opts: opts, order: shells.Order, start: func(worker *hunt, u uint32) {
		worker.plexesFrom(g, place, u, k)
	}}
	found, err := s.run(ctx)
	if err != nil {
		err = fmt.Errorf("structure: plexes: %w", err)
	}
	found.Method = fmt.Sprintf("search of %d-plexes in degeneracy order", k)
	return found, err
}

// plexes is the search among the later nodes around a starting one, which is the first of them. tie gives the later nodes that each is tied
// to, outer those that each earlier node is.
type plexes struct {
	hunt       *hunt
	k          int
	nodes      []uint32
	tie, outer []words
	levels     []*plexLevel
}

// plexLevel is the memory of one depth: the plex, the nodes that may join it, those that could but were tried before, and such earlier ones.
// full holds the members that miss as many others as they may.
type plexLevel struct {
	in, open, shut, full words
	barred               []uint32
}

func (h *hunt) plexesFrom(g *csr.Graph, place []uint32, u uint32, k int) {
	p := plexes{hunt: h, k: k, nodes: []uint32{u}}
	before := p.around(g, place, u)
	if h.cut || len(p.nodes) < h.least {
		h.taken++
		return
	}
	if len(p.nodes) > plexWidth {
		h.cut = true
		return
	}
	number := make(map[uint32]int, len(p.nodes))
	for i, v := range p.nodes {
		number[v] = i
	}
	ties := func(v uint32) words {
		w := newWords(len(p.nodes))
		for _, x := range g.Neighbours(v) {
			if i, known := number[x]; known && x != v {
				w.set(i)
			}
		}
		return w
	}
	for _, v := range p.nodes {
		if h.tired(g.Degree(v)) {
			return
		}
		p.tie = append(p.tie, ties(v))
	}
	first := p.at(0)
	first.in.set(0)
	if k == 1 {
		first.full.set(0)
	}
	for i := 1; i < len(p.nodes); i++ {
		first.open.set(i)
	}
	for _, x := range before {
		if h.tired(g.Degree(x)) {
			return
		}
		first.barred = append(first.barred, uint32(len(p.outer)))
		p.outer = append(p.outer, ties(x))
	}
	p.narrow(first)
	p.grow(0)
}

// around puts the later nodes that can be in a plex with u into nodes, and returns the earlier ones: two nodes of a plex of q members share at
// least q − 2k neighbours in it, and two more if they are none themselves.
func (p *plexes) around(g *csr.Graph, place []uint32, u uint32) (before []uint32) {
	shared := map[uint32]int{}
	var met []uint32
	meet := func(v uint32, by int) {
		if v == u {
			return
		}
		if _, known := shared[v]; !known {
			met = append(met, v)
		}
		shared[v] += by
	}
	row := g.Neighbours(u)
	for i, v := range row {
		if i > 0 && row[i-1] == v {
			continue
		}
		meet(v, 2)
		if place[v] < place[u] || v == u {
			continue
		}
		other := g.Neighbours(v)
		if p.hunt.tired(len(other)) {
			return nil
		}
		for j, w := range other {
			if w != v && (j == 0 || other[j-1] != w) {
				meet(w, 1)
			}
		}
	}
	for _, v := range met {
		if shared[v] < p.hunt.least-2*p.k+2 {
			continue
		}
		if place[v] > place[u] {
			p.nodes = append(p.nodes, v)
		} else {
			before = append(before, v)
		}
	}
	return before
}

func (p *plexes) at(depth int) *plexLevel {
	for len(p.levels) <= depth {
		n := len(p.nodes)
		p.levels = append(p.levels, &plexLevel{in: newWords(n), open: newWords(n), shut: newWords(n), full: newWords(n)})
	}
	return p.levels[depth]
}

// fits tells whether a node with these ties can join the plex of size members.
func (p *plexes) fits(l *plexLevel, size int, ties words) bool {
	for i, x := range l.full {
		if x&^ties[i] != 0 {
			return false
		}
	}
	return l.in.common(ties) >= size+1-p.k
}

// narrow leaves out what cannot join any more.
func (p *plexes) narrow(l *plexLevel) {
	size := l.in.count()
	for _, set := range []words{l.open, l.shut} {
		for i := range set.all {
			if !p.fits(l, size, p.tie[i]) {
				set.clear(i)
			}
		}
	}
	kept := l.barred[:0]
	for _, x := range l.barred {
		if p.fits(l, size, p.outer[x]) {
			kept = append(kept, x)
		}
	}
	l.barred = kept
}

// grow looks for the plexes that extend that of its depth by open nodes: first those with the node branched on, then those without, until
// the rest is decided.
func (p *plexes) grow(depth int) {
	l := p.at(depth)
	for !p.hunt.step() {
		branch, decided := p.worst(l)
		if decided {
			return
		}
		p.join(l, p.at(depth+1), branch)
		p.grow(depth + 1)
		if p.hunt.cut {
			return
		}
		l.open.clear(branch)
		l.shut.set(branch)
	}
}

// worst returns a node to branch on: of all members and open nodes that with the most ties missing, or for a member an open node that it
// misses. If none misses too many, all of them together are a plex, which is kept if it could not be larger; then, and where no
// plex can reach the least size, the case is decided.
func (p *plexes) worst(l *plexLevel) (branch int, decided bool) {
	size, left := l.in.count(), l.open.count()
	if size+left < p.hunt.least {
		return 0, true
	}
	at, least, member := -1, size+left, false
	for i := range l.in.all {
		ties := p.tie[i].common(l.in) + p.tie[i].common(l.open)
		if ties+p.k < p.hunt.least {
			return 0, true
		}
		if ties < least {
			at, least, member = i, ties, true
		}
	}
	for i := range l.open.all {
		if ties := p.tie[i].common(l.in) + p.tie[i].common(l.open); ties < least {
			at, least, member = i, ties, false
		}
	}
	if least >= size+left-p.k {
		p.settle(l, size+left)
		return 0, true
	}
	if !member {
		return at, false
	}
	for i := range l.open.all {
		if !p.tie[at].has(i) {
			return i, false
		}
	}
	return 0, true
}

// settle keeps the plex of all members and open nodes if nothing that was passed over could join it.
func (p *plexes) settle(l *plexLevel, size int) {
	whole := plexLevel{in: newWords(len(p.nodes)), full: newWords(len(p.nodes))}
	for i := range l.in {
		whole.in[i] = l.in[i] | l.open[i]
	}
	var members []uint32
	for i := range whole.in.all {
		members = append(members, p.nodes[i])
		if p.tie[i].common(whole.in) == size-p.k {
			whole.full.set(i)
		}
	}
	for i := range l.shut.all {
		if p.fits(&whole, size, p.tie[i]) {
			return
		}
	}
	for _, x := range l.barred {
		if p.fits(&whole, size, p.outer[x]) {
			return
		}
	}
	p.hunt.keep(members)
}

// join makes the level below that of the plex with one node more.
func (p *plexes) join(l, below *plexLevel, node int) {
	copy(below.in, l.in)
	copy(below.open, l.open)
	copy(below.shut, l.shut)
	below.barred = append(below.barred[:0], l.barred...)
	below.in.set(node)
	below.open.clear(node)
	size := below.in.count()
	clear(below.full)
	for i := range below.in.all {
		if p.tie[i].common(below.in) == size-p.k {
			below.full.set(i)
		}
	}
	p.narrow(below)
}

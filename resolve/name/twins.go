package name

import (
	"cmp"
	"slices"
)

// gather gives names places in an order in which those that share their rarest word
// follow each other, so that who looks at names that share a word finds them in one
// stretch of memory. Names that Compare cannot tell apart, as what differs is their
// legal form's spelling, capitals or dots, have one place.
func (g *Glances) gather() {
	n := len(g.names)
	uses := make([]uint32, len(g.words))
	for i := range n {
		for _, w := range g.rows[i].words[:g.rows[i].n] {
			uses[w]++
		}
	}
	order := make([]uint64, n)
	for i := range n {
		rarest := uint32(len(g.words)) // names without words come last
		for k, w := range g.rows[i].words[:g.rows[i].n] {
			if k == 0 || uses[w] < uses[rarest] || uses[w] == uses[rarest] && w < rarest {
				rarest = w
			}
		}
		order[i] = uint64(rarest)<<32 | uint64(i)
	}
	slices.Sort(order)
	g.who = make([]uint32, n)
	for i, o := range order {
		g.who[i] = uint32(o)
	}
	for from, to := 0, 0; from < n; from = to {
		for to = from + 1; to < n && order[to]>>32 == order[from]>>32; to++ {
		}
		slices.SortFunc(g.who[from:to], func(a, b uint32) int {
			return cmp.Or(g.rows[a].compare(&g.rows[b]), cmp.Compare(a, b))
		})
	}
	g.settle()
}

// compare orders readings; 0 is for the same one.
func (r *row) compare(o *row) int {
	return cmp.Or(slices.Compare(r.words[:], o.words[:]), cmp.Compare(r.n, o.n), cmp.Compare(r.form, o.form), cmp.Compare(r.marks, o.marks))
}

// settle fills in the places from the order, and puts what is known of names there.
func (g *Glances) settle() {
	rows, names := make([]row, 0, len(g.rows)), make([]*Name, 0, len(g.names))
	for at, i := range g.who {
		r := &g.rows[i]
		if at > 0 && r.n > 0 && r.next == 0 && r.marks&rowSolo == 0 {
			if before := &g.rows[g.who[at-1]]; before.next == 0 && r.compare(before) == 0 {
				continue
			}
		}
		g.first = append(g.first, uint32(at))
		rows, names = append(rows, *r), append(names, g.names[i])
	}
	g.first = append(slices.Clip(g.first), uint32(len(g.who)))
	for i := range names {
		for at := i; rows[at].next != 0; {
			further := g.rows[rows[at].next]
			rows[at].next = uint32(len(rows))
			at = len(rows)
			rows = append(rows, further)
		}
	}
	g.rows, g.names = rows, names
}

// Places is how many places there are.
func (g *Glances) Places() int { return len(g.names) }

// At lists the names of a place, by their numbers in the list that was taken: several
// only where Compare says the same of them whatever they are compared with, but for
// the order of the two.
func (g *Glances) At(place uint32) []uint32 { return g.who[g.first[place]:g.first[place+1]] }

// Solo says whether a place is of a name that shares it with none.
func (g *Glances) Solo(place uint32) bool { return g.rows[place].marks&rowSolo != 0 }

// Before is how many names have an earlier place.
func (g *Glances) Before(place uint32) int { return int(g.first[place]) }

// ByName lists the places, by the numbers of names.
func (g *Glances) ByName() []uint32 {
	at := make([]uint32, len(g.who))
	for place := range g.Places() {
		for _, i := range g.At(uint32(place)) {
			at[i] = uint32(place)
		}
	}
	return at
}

// Name is the first name of a place; nil for one that nothing is known of.
func (g *Glances) Name(place uint32) *Name { return g.names[place] }

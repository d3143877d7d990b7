package csr

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"slices"

	"rummage/algo/csr/crew"
)

// Errors of Patch.
var (
	// ErrTwice is returned for an edge that a change names twice.
	ErrTwice = errors.New("edge stands twice in a change")
	// ErrAbsent is returned for an edge that is to be removed and is not there.
	ErrAbsent = errors.New("no such edge")
)

// Change is what Patch does to the edges of a graph. An edge is named by its ends, in either order where the graph is undirected, and its
// type; 0 where the graph has no types.
type Change struct {
	// Nodes is the number of nodes afterwards, no fewer than before; 0 keeps it.
	Nodes int
	// Put lists edges as they shall be. One that is there already takes the new weight and count; several parallel ones of one type
	// become one. The columns are those of the graph.
	Put Columns
	// Remove lists edges that shall not be there; Weight and Count are not looked at. Several parallel ones of one type go together.
	Remove Columns
}

// Patch returns the graph after a change, and the nodes whose rows it altered in ascending order. It is the graph that Build makes of the
// edges that there are then. No memory is shared with g.
//
// It copies the rows that stay and merges those that change: cost O(m) of copying and O(d) for every row of length d that changes, memory
// that of the new graph and of the changed rows. Errors: ErrSize for fewer nodes, ErrColumns where the columns are not those of the graph,
// ErrNode, ErrWeight, ErrTwice, ErrAbsent, or that of the context. Of several faulty edges the first in the order of the rows is named,
// but those of ErrNode and ErrWeight before all.
func (g *Graph) Patch(ctx context.Context, change Change, threads int) (*Graph, []uint32, error) {
	if change.Nodes == 0 {
		change.Nodes = g.order
	}
	if err := g.checkChange(&change); err != nil {
		return nil, nil, fmt.Errorf("csr: patch: %w", err)
	}
	next := &Graph{order: change.Nodes, directed: g.directed}
	p := patch{old: &g.out, order: change.Nodes, change: &change, threads: threads, simple: g.simple}
	if err := p.run(ctx, g.alterations(&change, outward)); err != nil {
		return nil, nil, fmt.Errorf("csr: patch: %w", err)
	}
	next.out, next.in = p.out, p.out
	touched := p.rows
	if g.directed {
		in := patch{old: &g.in, order: change.Nodes, change: &change, threads: threads, simple: g.simple}
		if err := in.run(ctx, g.alterations(&change, inward)); err != nil {
			return nil, nil, fmt.Errorf("csr: patch: %w", err)
		}
		next.in = in.out
		touched = slices.Compact(slices.Sorted(slices.Values(slices.Concat(p.rows, in.rows))))
	}
	next.simple = p.simple || p.distinct()
	next.size = len(next.out.to)
	if !g.directed {
		loops := 2*g.size - len(g.out.to) + p.loops
		next.size = (len(next.out.to) + loops) / 2
	}
	return next, touched, nil
}

// checkChange looks at every edge of a change by itself.
func (g *Graph) checkChange(change *Change) error {
	if change.Nodes < g.order || uint64(change.Nodes) > math.MaxUint32 {
		return fmt.Errorf("%w: %d nodes afterwards and %d before", ErrSize, change.Nodes, g.order)
	}
	for _, list := range []struct {
		name            string
		edges           *Columns
		weighs, carries bool // the columns of weights and counts must be those of the graph
	}{{"put", &change.Put, g.IsWeighted(), g.IsCounted()}, {"remove", &change.Remove, false, false}} {
		c, m := list.edges, len(list.edges.From)
		columns := []struct {
			name   string
			wanted bool
			length int
		}{{"To", true, len(c.To)}, {"Type", g.IsTyped(), len(c.Type)}, {"Weight", list.weighs, len(c.Weight)}, {"Count", list.carries, len(c.Count)}}
		for _, column := range columns {
			if column.wanted && column.length != m {
				return fmt.Errorf("%s: %w: From has %d entries, %s has %d", list.name, ErrColumns, m, column.name, column.length)
			}
			if !column.wanted && column.length > 0 && list.name == "put" {
				return fmt.Errorf("%s: %w: %s has %d entries, and the graph has no such column", list.name, ErrColumns, column.name, column.length)
			}
		}
		for e := range c.From {
			if u, v := c.From[e], c.To[e]; uint64(max(u, v)) >= uint64(change.Nodes) {
				return fmt.Errorf("%s: edge %d from %d to %d: %w: there are %d nodes", list.name, e, u, v, ErrNode, change.Nodes)
			}
			if list.weighs && !usable(c.Weight[e]) {
				return fmt.Errorf("%s: edge %d from %d to %d: %w: %v", list.name, e, c.From[e], c.To[e], ErrWeight, c.Weight[e])
			}
		}
	}
	return nil
}

// alteration is one arc of a change.
type alteration struct {
	row, to uint32
	kind    uint8
	put     int // the edge in Put; -1 when it is to be removed
}

func (a alteration) compare(b alteration) int {
	return cmp.Or(cmp.Compare(a.row, b.row), cmp.Compare(a.to, b.to), cmp.Compare(a.kind, b.kind))
}

// alterations lists the arcs of a change for the rows of one direction, sorted.
func (g *Graph) alterations(change *Change, way direction) []alteration {
	all := make([]alteration, 0, 2*(len(change.Put.From)+len(change.Remove.From)))
	for list, c := range []*Columns{&change.Put, &change.Remove} {
		for e := range c.From {
			a := alteration{row: c.From[e], to: c.To[e], put: e}
			if list == 1 {
				a.put = -1
			}
			if g.IsTyped() {
				a.kind = c.Type[e]
			}
			if way == inward {
				a.row, a.to = a.to, a.row
			}
			all = append(all, a)
			if !g.directed && a.row != a.to {
				a.row, a.to = a.to, a.row
				all = append(all, a)
			}
		}
	}
	slices.SortFunc(all, alteration.compare)
	return all
}

// patch makes the rows of one direction.
type patch struct {
	old     *rows
	out     rows
	order   int
	change  *Change
	threads int

	rows   []uint32 // those that change, in ascending order
	merged rows     // what they become
	loops  int      // self-loops more than before
	simple bool     // no row names a neighbour twice, if none did before
}

func (p *patch) run(ctx context.Context, all []alteration) error {
	for i := 1; i < len(all); i++ {
		if all[i].compare(all[i-1]) == 0 {
			return fmt.Errorf("edge from %d to %d of type %d: %w", all[i].row, all[i].to, all[i].kind, ErrTwice)
		}
	}
	p.begin()
	for first, looked := 0, 0; first < len(all); {
		last := first
		for last < len(all) && all[last].row == all[first].row {
			last++
		}
		if err := p.merge(all[first:last]); err != nil {
			return err
		}
		if looked += len(p.merged.to); looked > 1<<20 {
			if looked = 0; ctx.Err() != nil {
				return ctx.Err()
			}
		}
		first = last
	}
	return p.lay(ctx)
}

// bounds returns where a row of the old graph stands; a new node's is empty.
func (p *patch) bounds(u uint32) (lo, hi uint64) {
	if int(u) < len(p.old.offset)-1 {
		return p.old.bounds(u)
	}
	return 0, 0
}

// merge appends a row as it becomes.
func (p *patch) merge(alterations []alteration) error {
	u := alterations[0].row
	at, hi := p.bounds(u)
	begin := len(p.merged.to)
	keep := func(until func(a Arc) bool) {
		for ; at < hi; at++ {
			a := p.old.arc(u, at)
			if until(a) {
				return
			}
			p.push(a)
		}
	}
	for _, alter := range alterations {
		keep(func(a Arc) bool { return cmp.Or(cmp.Compare(a.To, alter.to), cmp.Compare(a.Type, alter.kind)) >= 0 })
		found := 0
		for ; at < hi; at++ {
			if a := p.old.arc(u, at); a.To != alter.to || a.Type != alter.kind {
				break
			}
			found++
		}
		if alter.put < 0 && found == 0 {
			return fmt.Errorf("remove: edge from %d to %d of type %d: %w", u, alter.to, alter.kind, ErrAbsent)
		}
		if alter.put >= 0 {
			p.push(p.put(&alter))
		}
		if u == alter.to {
			p.loops += min(alter.put+1, 1) - found
		}
	}
	keep(func(Arc) bool { return false })
	row := p.merged.to[begin:]
	for i := 1; i < len(row); i++ {
		p.simple = p.simple && row[i] != row[i-1]
	}
	p.rows = append(p.rows, u)
	p.merged.offset = append(p.merged.offset, uint64(len(p.merged.to)))
	return nil
}

// put is the arc of an edge that is to be there. Adding zero turns a negative zero into a plain one.
func (p *patch) put(alter *alteration) Arc {
	a := Arc{To: alter.to, Type: alter.kind}
	if p.old.weight != nil {
		a.Weight = p.change.Put.Weight[alter.put] + 0
	}
	if p.old.count != nil {
		a.Count = p.change.Put.Count[alter.put]
	}
	return a
}

// lay makes the new rows: runs of rows that stay, and between them those that change.
func (p *patch) lay(ctx context.Context) error {
	p.out.offset = make([]uint64, p.order+1)
	type run struct {
		first, last uint32 // rows that stay
		from, into  uint64 // where their arcs stand
	}
	var runs []run
	at, next := uint64(0), uint32(0)
	stay := func(until uint32) {
		for next < until {
			last := min(until, next+runRows)
			from, _ := p.bounds(next)
			_, end := p.bounds(last - 1)
			end = max(end, from)
			runs = append(runs, run{next, last, from, at})
			at += end - from
			next = last
		}
	}
	known := uint32(len(p.old.offset) - 1)
	for i, u := range p.rows {
		stay(min(u, known))
		stay(u)
		p.out.offset[u] = at
		at += p.merged.offset[i+1] - p.merged.offset[i]
		next = u + 1
	}
	stay(min(uint32(p.order), max(next, known)))
	stay(uint32(p.order))
	p.out.offset[p.order] = at
	p.fill(at)
	err := crew.Run(ctx, p.threads, len(runs), func(_, i int) {
		r := runs[i]
		length := uint64(0)
		for u := r.first; u < r.last; u++ {
			p.out.offset[u] = r.into + length
			lo, hi := p.bounds(u)
			length += hi - lo
		}
		p.paste(r.into, p.old, r.from, length)
	})
	if err != nil {
		return err
	}
	for i, u := range p.rows {
		lo := p.merged.offset[i]
		p.paste(p.out.offset[u], &p.merged, lo, p.merged.offset[i+1]-lo)
	}
	return nil
}

// runRows is how many rows that stay are copied as one piece of work at most.
const runRows = 1 << 14

func (p *patch) fill(arcs uint64) {
	p.out.to = make([]uint32, arcs)
	if p.old.weight != nil {
		p.out.weight = make([]float64, arcs)
	}
	if p.old.kind != nil {
		p.out.kind = make([]uint8, arcs)
	}
	if p.old.count != nil {
		p.out.count = make([]uint32, arcs)
	}
}

// paste copies arcs of other rows into the new ones.
func (p *patch) paste(into uint64, from *rows, at, length uint64) {
	r := &p.out
	copy(r.to[into:into+length], from.to[at:at+length])
	if r.weight != nil {
		copy(r.weight[into:into+length], from.weight[at:at+length])
	}
	if r.kind != nil {
		copy(r.kind[into:into+length], from.kind[at:at+length])
	}
	if r.count != nil {
		copy(r.count[into:into+length], from.count[at:at+length])
	}
}

// begin makes merged rows with the columns of the old ones.
func (p *patch) begin() {
	p.merged = rows{offset: []uint64{0}, to: []uint32{}}
	if p.old.weight != nil {
		p.merged.weight = []float64{}
	}
	if p.old.kind != nil {
		p.merged.kind = []uint8{}
	}
	if p.old.count != nil {
		p.merged.count = []uint32{}
	}
}

// push appends an arc to the merged rows.
func (p *patch) push(a Arc) {
	r := &p.merged
	r.to = append(r.to, a.To)
	if r.weight != nil {
		r.weight = append(r.weight, a.Weight)
	}
	if r.kind != nil {
		r.kind = append(r.kind, a.Type)
	}
	if r.count != nil {
		r.count = append(r.count, a.Count)
	}
}

// distinct tells whether no new row names a neighbour twice.
func (p *patch) distinct() bool {
	for u := range uint32(p.order) {
		row := p.out.to[p.out.offset[u]:p.out.offset[u+1]]
		for i := 1; i < len(row); i++ {
			if row[i] == row[i-1] {
				return false
			}
		}
	}
	return true
}

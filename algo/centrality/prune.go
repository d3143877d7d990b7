package centrality

import (
	"context"
	"math"
	"slices"

	"rummage/algo/csr/crew"
)

// effort is the part of the arcs of a block that prune may look at for each of its slots.
const effort = 64

// pruner leaves out arcs.
type pruner struct {
	d       *shards
	threads int
	slack   []float64
	keep    []bool
}

// prune leaves out the arcs along which no shortest path can go, because a shorter way joins their ends (the witness of Geisberger et
// al. 2008): with lengths that vary these are a fifth to three quarters, and a search looks at all arcs. Ways are looked for by way of hubs
// and near each slot only, so some such arcs stay; they do no harm. What is left out changes no bit of any search.
func (d *shards) prune(ctx context.Context, threads int) error {
	if d.out.length == nil {
		return nil
	}
	slack, err := d.slack(ctx)
	if err != nil {
		return err
	}
	p := &pruner{d: d, threads: threads, slack: slack}
	if !d.directed {
		if err := p.byHubs(ctx); err != nil {
			return err
		}
	}
	return p.nearby(ctx)
}

// each calls work with every slot and its block, which notes what is to be kept of its row, and leaves out the rest.
func (p *pruner) each(ctx context.Context, work func(worker, b int, u uint32, keep []bool)) error {
	d := p.d
	p.keep = make([]bool, len(d.out.to))
	pieces := d.pieces()
	err := crew.Run(ctx, p.threads, len(pieces)-1, func(worker, piece int) {
		b := d.block(pieces[piece])
		for u := pieces[piece]; u < pieces[piece+1]; u++ {
			if u == d.first[b+1] {
				b++
			}
			work(worker, b, u, p.keep[d.out.offset[u]:d.out.offset[u+1]])
		}
	})
	if err == nil {
		d.retain(p.keep)
	}
	return err
}

// nearby looks for ways near each slot.
func (p *pruner) nearby(ctx context.Context) error {
	d := p.d
	searches := make([]*search, crew.Size(p.threads, len(d.origin)))
	return p.each(ctx, func(worker, b int, u uint32, keep []bool) {
		if searches[worker] == nil {
			searches[worker] = newSearch(ctx, d, false)
		}
		s := searches[worker]
		lo, hi := d.first[b], d.first[b+1]
		s.near(u, lo, hi, int(d.out.offset[hi]-d.out.offset[lo])/effort)
		lengths := d.out.lengths(u)
		for i, v := range d.out.row(u) {
			keep[i] = lengths[i]-s.far[v] <= p.slack[b]
		}
	})
}

// hubs is the number of slots of a block by way of which byHubs looks, those of most arcs; crowd is how many slots a block has at least where
// it does.
const (
	hubs  = 8
	crowd = 256
)

// byHubs looks for ways that lead by way of a hub, for which one search from each hub is enough.
func (p *pruner) byHubs(ctx context.Context) error {
	d := p.d
	var from []uint32
	for b := range p.slack {
		for at := range min(hubs, d.first[b+1]-d.first[b]-1) {
			if d.first[b+1]-d.first[b] >= crowd {
				from = append(from, d.first[b]+at)
			}
		}
	}
	if len(from) == 0 {
		return nil
	}
	far := make([][hubs]float64, len(d.origin))
	searches := make([]*search, crew.Size(p.threads, len(from)))
	if err := crew.Run(ctx, p.threads, len(from), func(worker, i int) {
		if searches[worker] == nil {
			searches[worker] = newSearch(ctx, d, false)
		}
		b := d.block(from[i])
		for _, u := range searches[worker].everything(from[i], d.first[b], d.first[b+1]) {
			far[u][i%hubs] = searches[worker].far[u]
		}
	}); err != nil {
		return err
	}
	return p.each(ctx, func(_, b int, u uint32, keep []bool) {
		crowded, here, lengths := d.first[b+1]-d.first[b] >= crowd, &far[u], d.out.lengths(u)
		for i, v := range d.out.row(u) {
			way := math.Inf(1)
			for h, there := range far[v] {
				if over := here[h] + there; over < way {
					way = over
				}
			}
			keep[i] = !crowded || lengths[i]-way <= p.slack[b]
		}
	})
}

// slack returns for each block how much longer than another way an arc may be and still count as equal when both end a long path: a
// part of twice the longest distance from one slot, or where arcs have a direction of all arcs one behind the other.
func (d *shards) slack(ctx context.Context) ([]float64, error) {
	slack := make([]float64, len(d.first)-1)
	s := newSearch(ctx, d, false)
	for b := range slack {
		lo, hi := d.first[b], d.first[b+1]
		if d.directed {
			most := 0.0
			for _, length := range d.out.length[d.out.offset[lo]:d.out.offset[hi]] {
				most = max(most, length)
			}
			slack[b] = 4 * closeness * most * float64(hi-lo)
			continue
		}
		s.reach(lo, none, lo, hi)
		if s.patient.err != nil {
			return nil, s.patient.err
		}
		slack[b] = 8 * closeness * s.far[s.order[s.found-1]]
	}
	return slack, nil
}

// near finds upper bounds of the distances from a slot, until so many arcs were looked at.
func (s *search) near(source, lo, hi uint32, arcs int) {
	s.forget(source, lo, hi)
	longest := 0.0
	for _, length := range s.d.out.lengths(source) {
		longest = max(longest, length)
	}
	for arcs > 0 && !s.patient.tired(0) {
		u, found := s.queue.pop(s.far)
		if !found || s.far[u] >= longest {
			return
		}
		arcs -= s.d.out.degree(u)
		s.relax(u)
	}
}

// retain leaves in the rows what is to be kept.
func (d *shards) retain(keep []bool) {
	kept := uint64(0)
	at := uint64(0)
	offset := slices.Clone(d.out.offset)
	for u := range uint32(len(d.origin)) {
		for ; at < d.out.offset[u+1]; at++ {
			if !keep[at] {
				continue
			}
			d.out.to[kept], d.out.length[kept] = d.out.to[at], d.out.length[at]
			if d.edge != nil {
				d.edge[kept] = d.edge[at]
			}
			kept++
		}
		offset[u+1] = kept
	}
	if d.edge != nil {
		d.edge = d.edge[:kept]
	}
	d.out = paths{offset: offset, to: d.out.to[:kept], length: d.out.length[:kept]}
	d.in = d.out
	if d.directed {
		d.in = d.out.turned()
	}
}

// turned returns the rows that lead back.
func (p *paths) turned() paths {
	back := paths{offset: make([]uint64, len(p.offset)), to: make([]uint32, len(p.to)), length: make([]float64, len(p.to))}
	for _, v := range p.to {
		back.offset[v+1]++
	}
	for i := 1; i < len(back.offset); i++ {
		back.offset[i] += back.offset[i-1]
	}
	next := slices.Clone(back.offset)
	for u := range uint32(len(p.offset) - 1) {
		lengths := p.lengths(u)
		for i, v := range p.row(u) {
			back.to[next[v]], back.length[next[v]] = u, lengths[i]
			next[v]++
		}
	}
	return back
}

package centrality

// weigher counts, in a directed graph, how many nodes reach a slot and are reached from it outside its block.
//
// From the leaves up, each block tells its head how many nodes below lead to it and follow it; from the root down, each cut vertex learns
// the same of its home (Wang et al. 2016, APGRE, who call them α and β). Where all of a block reach each other, as in most large ones, the
// sums of the block tell; else a search from each of its cut vertices does.
type weigher struct {
	s *shatterer
	d *shards
	// flows are what lies behind a node and before it: below, in the blocks that it heads, and in its home.
	below, home []flow
	// through is what lies below the head of a block in that block.
	through []flow
	seen    []uint32
	clock   uint32
	queue   []uint32
}

// flow is how many nodes lead to somewhere and how many follow.
type flow struct{ in, out float64 }

// weigh fills in source and target of the slots, and cut. Cost O(m), and O(m) of a block that is not strongly connected for each cut vertex
// in it.
func (s *shatterer) weigh(d *shards) {
	d.target = make([]float64, len(d.origin))
	w := &weigher{s: s, d: d, below: make([]flow, d.nodes), home: make([]flow, d.nodes), through: make([]flow, len(s.chunks)),
		seen: make([]uint32, len(d.origin))}
	for i := range d.origin {
		d.source[i], d.target[i] = 1, 1
	}
	for b := range s.chunks {
		if w.up(uint32(b)); s.patient.err != nil {
			return
		}
	}
	for b := len(s.chunks) - 1; b >= 0; b-- {
		if w.down(uint32(b)); s.patient.err != nil {
			return
		}
	}
	for u := range d.cut {
		d.cut[u] = (w.below[u].in + w.home[u].in) * (w.below[u].out + w.home[u].out)
		d.cut[u] -= w.home[u].in * w.home[u].out
	}
	for b, t := range w.through {
		d.cut[s.chunks[b].head] -= t.in * t.out
	}
}

// up gives the slots of a block, but its head, what lies below them, and the head what lies below it in this block.
func (w *weigher) up(b uint32) {
	head := w.s.chunks[b].slot
	for slot := w.d.first[b]; slot < w.d.first[b+1]; slot++ {
		if u := w.d.origin[slot]; slot != head {
			w.d.source[slot], w.d.target[slot] = 1+w.below[u].in, 1+w.below[u].out
		}
	}
	out, _ := w.reach(head, &w.d.out, w.d.target)
	in, _ := w.reach(head, &w.d.in, w.d.source)
	w.through[b] = flow{in, out}
	above := &w.below[w.s.chunks[b].head]
	above.in += in
	above.out += out
}

// down gives the head of a block what lies beyond it, and each other cut vertex what lies in this block and beyond.
func (w *weigher) down(b uint32) {
	c := &w.s.chunks[b]
	lo, hi := w.d.first[b], w.d.first[b+1]
	below, home, through := w.below[c.head], w.home[c.head], w.through[b]
	w.d.source[c.slot] = 1 + below.in + home.in - through.in
	w.d.target[c.slot] = 1 + below.out + home.out - through.out
	out, after := w.reach(c.slot, &w.d.out, w.d.target)
	in, before := w.reach(c.slot, &w.d.in, w.d.source)
	strong := after == hi-lo && before == hi-lo
	for slot := lo; slot < hi; slot++ {
		u := w.d.origin[slot]
		if slot == c.slot || w.below[u] == (flow{}) {
			continue
		}
		if strong {
			w.home[u] = flow{in + w.d.source[c.slot] - w.d.source[slot], out + w.d.target[c.slot] - w.d.target[slot]}
			continue
		}
		w.home[u].out, _ = w.reach(slot, &w.d.out, w.d.target)
		w.home[u].in, _ = w.reach(slot, &w.d.in, w.d.source)
	}
}

// reach adds up a weight of what can be reached from a slot, and counts the slots, itself among these only.
func (w *weigher) reach(from uint32, rows *paths, weight []float64) (sum float64, slots uint32) {
	w.clock++
	w.seen[from] = w.clock
	w.queue = append(w.queue[:0], from)
	for at := 0; at < len(w.queue); at++ {
		u := w.queue[at]
		if w.s.patient.tired(rows.degree(u)) {
			return 0, 0
		}
		for _, v := range rows.row(u) {
			if w.seen[v] != w.clock {
				w.seen[v] = w.clock
				w.queue = append(w.queue, v)
				sum += weight[v]
			}
		}
	}
	return sum, uint32(len(w.queue))
}

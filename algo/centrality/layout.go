package centrality

import "slices"

// layout gives slots to the nodes of all blocks of three or more, and fills their rows if wished for.
func (s *shatterer) layout() *shards {
	d := &shards{nodes: len(s.place), directed: s.g.IsDirected(), cut: s.cut, first: []uint32{0}}
	order := s.byDegree()
	s.seat(d, order)
	if s.patient.err != nil || s.form.bare {
		return d
	}
	d.out = s.rows(d, order, s.g.InNeighbours, s.g.InWeights)
	d.in = d.out
	if s.g.IsDirected() {
		d.in = s.rows(d, order, s.g.Neighbours, s.g.Weights)
	}
	if s.g.IsDirected() && !s.form.whole {
		s.weigh(d)
	}
	if s.form.edges {
		s.name(d, order)
	}
	return d
}

// byDegree returns the nodes, those of most arcs first, equals in their order. Small numbers for hubs keep what is looked at most often
// close together.
func (s *shatterer) byDegree() []uint32 {
	n := len(s.place)
	degree := func(u uint32) int {
		if s.g.IsDirected() {
			return s.g.Degree(u) + s.g.InDegree(u)
		}
		return s.g.Degree(u)
	}
	most := 0
	for u := range uint32(n) {
		most = max(most, degree(u))
	}
	start := make([]uint32, most+2)
	for u := range uint32(n) {
		start[most-degree(u)+1]++
	}
	for i := 1; i < len(start); i++ {
		start[i] += start[i-1]
	}
	order := make([]uint32, n)
	for u := range uint32(n) {
		i := &start[most-degree(u)]
		order[*i] = u
		*i++
	}
	return order
}

// seat numbers the slots, block after block and within each in the given order, and lists the bridges.
func (s *shatterer) seat(d *shards, order []uint32) {
	next := make([]uint32, len(s.chunks))
	headed := make([]uint32, len(s.place))
	for u := range headed {
		headed[u] = none
	}
	slots := uint32(0)
	for b := range s.chunks {
		c := &s.chunks[b]
		if !s.laid(c) {
			continue
		}
		next[b] = slots
		slots += c.others
		if c.head != none {
			c.next, headed[c.head] = headed[c.head], uint32(b)
			slots++
		}
		d.first = append(d.first, slots)
	}
	d.origin, d.source = make([]uint32, slots), make([]float64, slots)
	d.target = d.source
	sit := func(u, block uint32, weight uint32) uint32 {
		slot := next[block]
		next[block]++
		d.origin[slot], d.source[slot] = u, float64(weight)
		return slot
	}
	for _, u := range order {
		p := &s.place[u]
		if p.home != none {
			switch c := &s.chunks[p.home]; {
			case c.head == none:
				p.slot = sit(u, p.home, 1)
			case s.laid(c):
				p.slot = sit(u, p.home, s.below[u]+1)
			default:
				far := s.below[u] + 1
				d.bridges = append(d.bridges, bridge{min(u, c.head), max(u, c.head), float64(far) * float64(c.all-far)})
			}
		}
		for b := headed[u]; b != none; b = s.chunks[b].next {
			c := &s.chunks[b]
			c.slot = sit(u, b, c.all-c.below)
		}
	}
	slices.SortFunc(d.bridges, func(a, b bridge) int {
		if a.low != b.low {
			return int(int64(a.low) - int64(b.low))
		}
		return int(int64(a.high) - int64(b.high))
	})
}

// laid tells whether a block is laid out. A bridge is, when its direction tells who reaches whom.
func (s *shatterer) laid(c *chunk) bool { return c.others >= 2 || s.g.IsDirected() }

// block returns the block of an edge: the home of the end that was discovered later.
func (s *shatterer) block(u, v *place) uint32 {
	if u.seen > v.seen {
		return u.home
	}
	return v.home
}

// slot returns the slot of a node in a block.
func (s *shatterer) slot(p *place, block uint32) uint32 {
	if p.home == block {
		return p.slot
	}
	return s.chunks[block].slot
}

// arcs calls take with the slots of the ends of each arc that reaches v from the given row, and with its index there.
func (s *shatterer) arcs(v uint32, row []uint32, weights []float64, take func(from, to uint32, i int)) {
	here := &s.place[v]
	for i, u := range row {
		if u == v || (s.form.lengths && weights[i] == 0) {
			continue
		}
		there := &s.place[u]
		b := s.block(here, there)
		if s.laid(&s.chunks[b]) {
			take(s.slot(there, b), s.slot(here, b), i)
		}
	}
}

// rows turns the rows given round: v is entered into the row of each node in that of v. Since the nodes v come in the order of
// the slots, rows are ascending.
func (s *shatterer) rows(d *shards, order []uint32, row func(uint32) []uint32, weights func(uint32) []float64) paths {
	p := paths{offset: make([]uint64, len(d.origin)+1)}
	for v := range uint32(len(s.place)) {
		if s.patient.tired(len(row(v))) {
			return p
		}
		s.arcs(v, row(v), weights(v), func(from, _ uint32, _ int) { p.offset[from+1]++ })
	}
	for i := 1; i < len(p.offset); i++ {
		p.offset[i] += p.offset[i-1]
	}
	p.to = make([]uint32, p.offset[len(p.offset)-1])
	if s.form.lengths {
		p.length = make([]float64, len(p.to))
	}
	next := slices.Clone(p.offset)
	for _, v := range order {
		if s.patient.tired(len(row(v))) {
			return p
		}
		heavy := weights(v)
		s.arcs(v, row(v), heavy, func(from, to uint32, i int) {
			p.to[next[from]] = to
			if p.length != nil {
				p.length[next[from]] = 1 / heavy[i]
			}
			next[from]++
		})
	}
	return p
}

// name notes which arc each entry of d.out came from.
func (s *shatterer) name(d *shards, order []uint32) {
	base := make([]uint64, len(s.place)+1)
	for v := range uint32(len(s.place)) {
		base[v+1] = base[v] + uint64(s.g.InDegree(v))
	}
	d.edge = make([]uint64, len(d.out.to))
	next := slices.Clone(d.out.offset)
	for _, v := range order {
		s.arcs(v, s.g.InNeighbours(v), s.g.InWeights(v), func(from, _ uint32, i int) {
			d.edge[next[from]] = base[v] + uint64(i)
			next[from]++
		})
	}
}

package resolve

// search looks subjects up, one after the other. It is for one goroutine.
type search struct {
	x        *index
	outlines []outline
	plans    []plan // of the items of all outlines
	mulling  mulling
	seen     []uint32 // by head, the number of the last search that met it
	number   uint32
	// found are the heads that share a key with the one looked up, each once, in no
	// order: first those that would find it by the same key, from shared on those that
	// a misspelling leads to, which may not lead back.
	found  []uint32
	shared int
}

func newSearch(x *index) *search { return &search{x: x, seen: make([]uint32, len(x.heads.subjects))} }

// look fills in what is found of a subject.
func (s *search) look(subject *Subject) {
	s.found = s.found[:0]
	if s.number++; s.number == 0 { // after four billions
		clear(s.seen)
		s.number = 1
	}
	s.outlines = subject.outlines(s.outlines)
	s.plan()
	from := 0
	for i := range s.outlines {
		o := &s.outlines[i]
		s.exact(o, s.plans[from:])
		from += len(o.items)
	}
	subject.reaches(func(key string) { s.take(s.x.hubs, hash("contact", key), s.x.crowd) })
	s.shared = len(s.found)
	from = 0
	for i := range s.outlines {
		o := &s.outlines[i]
		s.near(o, s.plans[from:])
		from += len(o.items)
	}
}

// take adds who has a key, if they are no more than so many, and returns how many
// they are.
func (s *search) take(t *table, key uint64, most int) int {
	group := t.group(key)
	n := s.x.heads.count(t, group, most)
	if n > most {
		return 0
	}
	for _, pair := range group {
		if who := t.who(pair); s.seen[who] != s.number {
			s.seen[who] = s.number
			s.found = append(s.found, who)
		}
	}
	return n
}

// plan fills in the plans of the items of all names.
func (s *search) plan() {
	s.plans = s.plans[:0]
	for i := range s.outlines {
		for k := range s.outlines[i].items {
			it, p := &s.outlines[i].items[k], plan{}
			if it.alone {
				self := s.x.heads.count(s.x.names, s.x.names.group(it.sum), s.x.few)
				p.complete = self <= s.x.few
				if it.main && it.sound != "" {
					p = s.x.words.of(it, self, &s.mulling)
				}
			}
			s.plans = append(s.plans, p)
		}
	}
}

// exact follows the keys of a name as they are. Two words together are followed
// where neither is complete by itself.
func (s *search) exact(o *outline, plans []plan) {
	names, crowd := s.x.names, s.x.crowd
	for i := range o.items {
		if o.items[i].alone {
			s.take(names, o.items[i].sum, s.x.few)
		}
	}
	o.pairs(func(i, k int) {
		if !plans[i].complete && !plans[k].complete {
			s.take(names, both(o.items[i].sum, o.items[k].sum), s.x.some)
		}
	})
	if len(o.items) > 0 {
		s.take(names, whole(o.words), crowd)
	}
	for _, key := range o.extra {
		s.take(names, key, s.x.few)
	}
}

// near follows what words of a name may be misspellings of.
func (s *search) near(o *outline, plans []plan) {
	names, crowd := s.x.names, s.x.crowd
	for i := range o.items {
		sum, p := o.items[i].sum, &plans[i]
		left := 0
		if o.lone && o.items[i].main {
			left = s.x.some - s.take(names, sum, s.x.some)
		}
		for _, w := range p.near[:p.taken] {
			s.take(names, w, s.x.few)
		}
		for _, w := range p.near[p.taken:] {
			s.take(names, whole(o.words-mixed(sum)+mixed(w)), crowd)
			left -= s.take(names, w, left)
		}
	}
	o.pairs(func(i, k int) {
		p, q := &plans[i], &plans[k]
		words := o.items[i].alone && o.items[k].alone
		if p.complete || q.complete || !words && !o.lone {
			return // a misspelt word with one of trade says little
		}
		a, b := o.items[i].sum, o.items[k].sum
		left := s.x.few
		for _, w := range p.near[p.taken:] {
			left -= s.take(names, both(w, b), left)
		}
		for _, w := range q.near[q.taken:] {
			left -= s.take(names, both(a, w), left)
		}
	})
}

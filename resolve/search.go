package resolve

import "math"

// search looks subjects up, one after the other. It is for one goroutine.
type search struct {
	x        *index
	outlines []outline
	plans    []plan // of the items of all outlines
	mulling  mulling
	steps    []step
	left     []int    // by chain, how many parties it may still bring
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
	s.follow(s.x.names)
	subject.reaches(func(key string) { s.take(s.x.hubs, s.x.hubs.group(hash("contact", key)), s.x.crowd) })
	s.shared = len(s.found)
	from = 0
	for i := range s.outlines {
		o := &s.outlines[i]
		s.near(o, s.plans[from:])
		from += len(o.items)
	}
	s.follow(s.x.names)
}

// step is a key that a search follows, if no more than so many parties have it.
type step struct {
	key   uint64
	most  int32
	chain int32    // of keys that may bring so many parties together; noChain for one by itself
	first uint64   // of its bucket
	group []uint64 // the pairs of the key
}

const noChain = -1

// ask adds a key that is followed by itself.
func (s *search) ask(key uint64, most int) {
	s.steps = append(s.steps, step{key: key, most: int32(min(most, math.MaxInt32)), chain: noChain})
}

// chain begins a chain of keys that may bring so many parties together.
func (s *search) chain(most int) int32 {
	s.left = append(s.left, most)
	return int32(len(s.left) - 1)
}

// askIn adds a key to a chain.
func (s *search) askIn(chain int32, key uint64) {
	s.steps = append(s.steps, step{key: key, chain: chain})
}

// follow adds who has the keys asked for, in the order in which they were.
func (s *search) follow(t *table) {
	t.find(s.steps)
	for i := range s.steps {
		st := &s.steps[i]
		if st.chain == noChain {
			s.take(t, st.group, int(st.most))
			continue
		}
		s.left[st.chain] -= s.take(t, st.group, s.left[st.chain])
	}
	s.steps, s.left = s.steps[:0], s.left[:0]
}

// take adds who has a key, if they are no more than so many, and returns how many
// they are.
func (s *search) take(t *table, group []uint64, most int) int {
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
	crowd := s.x.crowd
	for i := range o.items {
		if o.items[i].alone {
			s.ask(o.items[i].sum, s.x.few)
		}
	}
	o.pairs(func(i, k int) {
		if !plans[i].complete && !plans[k].complete {
			s.ask(both(o.items[i].sum, o.items[k].sum), s.x.some)
		}
	})
	if len(o.items) > 0 {
		s.ask(whole(o.words), crowd)
	}
	for _, key := range o.extra {
		s.ask(key, s.x.few)
	}
}

// near follows what words of a name may be misspellings of.
func (s *search) near(o *outline, plans []plan) {
	crowd := s.x.crowd
	for i := range o.items {
		sum, p := o.items[i].sum, &plans[i]
		lone, chain := o.lone && o.items[i].main, int32(noChain)
		if lone {
			chain = s.chain(s.x.some)
			s.askIn(chain, sum)
		}
		for _, w := range p.near[:p.taken] {
			s.ask(w, s.x.few)
		}
		for _, w := range p.near[p.taken:] {
			s.ask(whole(o.words-mixed(sum)+mixed(w)), crowd)
			if lone {
				s.askIn(chain, w)
			}
		}
	}
	o.pairs(func(i, k int) {
		p, q := &plans[i], &plans[k]
		words := o.items[i].alone && o.items[k].alone
		if p.complete || q.complete || !words && !o.lone {
			return // a misspelt word with one of trade says little
		}
		a, b := o.items[i].sum, o.items[k].sum
		chain := s.chain(s.x.few)
		for _, w := range p.near[p.taken:] {
			s.askIn(chain, both(w, b))
		}
		for _, w := range q.near[q.taken:] {
			s.askIn(chain, both(a, w))
		}
	})
}

package name

import "math/bits"

// sight is what two names in short let hope for.
type sight struct {
	x, y   aspect
	kind   Kind
	native bool                // a word may stand in its own script
	close  bool                // similarities are measured, not bounded
	with   [mostGlanced]uint32 // by word of x, those of y that are the same
}

// aspect is one side of it. Open are the words that are not sure to be in a pair.
type aspect struct {
	words [mostGlanced]*glimpse
	hopes [mostGlanced]hope
	n     int
	open  uint32 // a bit each
	total
}

// total is what can come of the words of a side: at most so much evidence and so many
// letters that agree, at least so much cost and so many letters that differ.
type total struct {
	rare     float32
	cost     float32
	most     float32 // the greatest cost there may be
	same     int
	edits    int
	headless bool
	telling  bool    // one word alone tells
	left     balance // of words that can have no counterpart
	may      balance // of open words, which may have none: places and numbers
}

// reaches says whether the two may score the least. A second look, closer and some
// times as long, is for those that pass the first.
func (s *sight) reaches(l *Glance, b *row) bool {
	s.pairUp()
	if s.x.open == 0 || s.y.open == 0 {
		return s.promises(l, b)
	}
	s.meet()
	if !s.promises(l, b) {
		return false
	}
	s.close = true
	s.meet()
	return s.promises(l, b)
}

// promises adds up what can come of all words.
func (s *sight) promises(l *Glance, b *row) bool {
	s.x.sum()
	s.y.sum()
	x, y := &s.x.left, &s.y.left
	evidence := (s.x.rare + s.y.rare) / 2
	switch {
	case evidence < enough(s.kind)-slack && ceilings[common].most < l.least,
		x.number && y.number && l.marks&b.marks&rowVintage == 0 && ceilings[numbering].most < l.least,
		(l.marks.kind() == Person) != (b.marks.kind() == Person) && (x.ordinary || y.ordinary || (l.marks|b.marks)&rowGuessed == 0) && ceilings[unlike].most < l.least:
		return false
	}
	contrary := s.kind != Person && l.contrary[b.form]
	return s.odds(&l.g.weights[s.kind], evidence, contrary)+slack >= l.reach
}

// pairUp puts aside words that are the same as just one of the other side, which is
// the same as no other: whatever else is put together, these are.
func (s *sight) pairUp() {
	once, twice := uint32(0), uint32(0)
	for i := range s.x.n {
		x, m := s.x.words[i], uint32(0)
		for j := range s.y.n {
			if x.same(s.y.words[j]) {
				m |= 1 << j
			}
		}
		s.with[i] = m
		twice |= once & m
		once |= m
	}
	s.x.open, s.y.open = 1<<s.x.n-1, 1<<s.y.n-1
	for i := range s.x.n {
		if m := s.with[i]; m != 0 && m&(m-1)|m&twice == 0 {
			j := bits.TrailingZeros32(m)
			s.x.open &^= 1 << i
			s.y.open &^= m
			sure := hope{1, max(s.x.words[i].size, s.y.words[j].size), 0, true}
			s.x.hopes[i], s.y.hopes[j] = sure, sure
		}
	}
}

// meet looks at every open word beside every open word of the other side.
func (s *sight) meet() {
	if s.close {
		s.x.forget()
		s.y.forget()
	}
	for left := s.x.open; left != 0; left &= left - 1 {
		i := bits.TrailingZeros32(left)
		for others := s.y.open; others != 0; others &= others - 1 {
			j := bits.TrailingZeros32(others)
			x, y := s.x.words[i], s.y.words[j]
			var h hope
			switch {
			case s.with[i]>>j&1 != 0:
				h = hope{1, max(x.size, y.size), 0, true}
			case bits.OnesCount32(x.letters^y.letters) > mostUnlike && (x.flags|y.flags)&initial == 0 && (x.native == 0 || y.native == 0):
				continue
			default:
				h = s.pair(x, y)
			}
			if h.found {
				s.x.hopes[i].raise(h)
				s.y.hopes[j].raise(h)
			}
		}
	}
	s.join(&s.x, &s.y)
	s.join(&s.y, &s.x)
}

// forget takes hopes of open words back.
func (a *aspect) forget() {
	for open := a.open; open != 0; open &= open - 1 {
		a.hopes[bits.TrailingZeros32(open)] = hope{}
	}
}

// pair says what can come of two words that are not the same.
func (s *sight) pair(x, y *glimpse) hope {
	long, small := max(x.size, y.size), min(x.size, y.size)
	flags := x.flags | y.flags
	switch {
	case flags&(number|initial) != 0:
		if s.kind == Person && (x.flags^y.flags)&initial != 0 && x.first == y.first && x.first != 0 {
			return hope{1, small, 0, true}
		}
		return hope{}
	case x.idea != 0 && y.idea != 0 && x.class != given && y.class != given:
		return hope{}
	case x.bothNative(y):
		if s.close {
			return measured(long)(nativeSimilarity(x.word, y.word))
		}
		return x.signed(y, long)
	case flags&short != 0, s.kind == Vessel && long <= 4:
		return hope{}
	case s.close:
		sim, edits, _ := spelledSimilarity(x.word, y.word, s.kind)
		return measured(long)(sim, edits)
	}
	return x.likeness(y)
}

// measured makes a hope of a similarity.
func measured(long uint8) func(sim float32, edits uint8) hope {
	return func(sim float32, edits uint8) hope {
		if sim <= floor {
			return hope{}
		}
		return hope{gain(sim), long - min(edits, long), edits, true}
	}
}

// signed bounds the similarity of two words in one script of their own.
func (g *glimpse) signed(o *glimpse, long uint8) hope {
	n := max(g.strokes, o.strokes)
	if g.flags&spelled == 0 || n > maxSigns { // of which the first are compared
		return hope{1, long, 0, true}
	}
	d := max(n-min(g.strokes, o.strokes), uint8(bits.OnesCount32(g.signs^o.signs)+1)/2)
	sim := 1 - 1.8*float32(d)/float32(n) + 1e-5
	if n < 4 || sim < floor {
		return hope{}
	}
	return hope{gain(sim), long - min(3*d, long), 3 * d, true}
}

// run is words of one side that follow each other.
type run struct {
	words          []*word
	letters, signs uint32
	strokes, size  int
}

// join finds open words that follow each other and are one open word of the other
// side, as measure.join does.
func (s *sight) join(from, to *aspect) {
	if from.open&(from.open<<1) == 0 {
		return
	}
	longest := maxLetters
	if !s.native {
		longest = 0
		for others := to.open; others != 0; others &= others - 1 {
			longest = max(longest, int(to.words[bits.TrailingZeros32(others)].size)+1)
		}
	}
	var words [maxJoined]*word
	for i := range from.n {
		var r run
		for k := i; k < min(from.n, i+maxJoined) && from.open>>k&1 != 0; k++ {
			w := from.words[k]
			if r.size += int(w.size); w.flags&number != 0 || r.size > min(longest, maxLetters) {
				break
			}
			words[k-i] = w.word
			r.letters, r.signs, r.strokes = r.letters|w.letters, r.signs|w.signs, r.strokes+int(w.strokes)
			if k > i {
				r.words = words[:k-i+1]
				r.join(from, to, i)
			}
		}
	}
}

// join holds a run from a place on against the words of the other side.
func (r *run) join(from, to *aspect, at int) {
	first := from.words[at]
	for others := to.open; others != 0; others &= others - 1 {
		j := bits.TrailingZeros32(others)
		other := to.words[j]
		sim, edits := r.like(first, other)
		if sim == 0 {
			continue
		}
		same := max(r.size, int(other.size)) - int(edits)
		to.hopes[j].raise(hope{gain(sim), uint8(same), 0, true})
		for k, w := range r.words {
			h := hope{gain(sim), uint8(len(w.text)), 0, true}
			if k == 0 && same > r.size { // a spelling of the whole that is longer
				h.same += uint8(same - r.size)
			}
			from.hopes[at+k].raise(h)
		}
	}
}

// like compares a run with a word.
func (r *run) like(first, other *glimpse) (sim float32, edits uint8) {
	if first.bothNative(other) {
		if r.strokes == int(other.strokes) && r.signs == other.signs && joinedNative(r.words, other.word.native) {
			return 1, 0
		}
		return 0, 0
	}
	slack := 1
	if (first.native != 0) != (other.native != 0) {
		slack = 1 + r.size/8
	}
	if d := int(other.size) - r.size; d < -slack || d > slack || bits.OnesCount32(r.letters^other.letters) > 2*slack {
		return 0, 0
	}
	return joined(r.words, other.word.text, slack)
}

// sum adds up what can come of the words, each at its best.
func (a *aspect) sum() {
	a.total = total{}
	first, tell := true, 0
	for i := range a.n {
		w, h := a.words[i], &a.hopes[i]
		if w.tells() {
			tell++
			a.headless = a.headless || first && (!h.found || h.gain < 0.35)
			first = false
		}
		if a.open>>i&1 == 0 {
			a.rare += w.rare
			a.same += int(h.same)
			continue
		}
		a.most += w.cost
		a.may.place = a.may.place || w.class == place
		a.may.number = a.may.number || w.flags&number != 0
		if w.flags&number == 0 && w.class != place {
			a.cost += w.cost * (1 - h.gain)
		}
		counted := 0
		if w.counts() {
			counted = int(w.size)
		}
		if h.found {
			a.rare += w.rare * h.gain
			a.same += int(h.same)
			a.edits += min(int(h.edits), counted)
			continue
		}
		a.edits += counted
		a.left.leave(w.class, w.flags)
	}
	a.telling = tell == 1
}

// odds are at least the sum of all contributions, as those of an outlook. What is
// sure of words that one side has more is told as well.
func (s *sight) odds(w *sightWeights, evidence float32, contrary bool) float64 {
	a, b := &s.x, &s.y
	low, both := min(a.cost, b.cost), a.cost+b.cost
	letters := 0.0
	if same, differ := min(a.same, b.same), max(a.edits, b.edits); same > 0 {
		letters = min(1, max(0, (float64(same)/float64(same+differ)-0.4)/0.6))
	}
	x, y := &a.left, &b.left
	sum := w.base + w.of[agree]*ratio(evidence, evidence+both/2) + w.of[spelling]*letters
	sum += w.of[clash]*ratio(low, evidence+low) + w.of[rival]*min(1, float64(low))
	sum += w.of[extra] * ratio(max(a.cost-b.most, b.cost-a.most, 0), evidence+max(a.most, b.most))
	for _, f := range [...]struct {
		feature feature
		holds   bool
	}{
		{head, a.headless || b.headless},
		{trade, x.trade && y.trade},
		{where, x.place && y.place},
		{elsewhere, x.place && !b.may.place || y.place && !a.may.place},
		{legal, contrary},
		{counted, x.number && !b.may.number || y.number && !a.may.number},
		{mismatch, x.initial && (y.initial || y.ordinary) || y.initial && x.ordinary},
		{father, x.patron && y.patron},
		{lone, a.telling && y.ordinary || b.telling && x.ordinary},
	} {
		if f.holds {
			sum += w.of[f.feature]
		}
	}
	return sum
}

// sightWeights are weights as a bound needs them: what speaks against two names is at
// most nothing, and what may speak for them though nothing is sure is in the base.
type sightWeights struct {
	base float64
	of   values
}

func sightWeightsOf(w *weights) sightWeights {
	s := sightWeights{base: w.bias, of: w.of}
	for f := range s.of {
		switch f := feature(f); {
		case f == agree || f == spelling:
			s.of[f] = max(0, s.of[f])
		case s.of[f] > 0:
			s.base += s.of[f]
			s.of[f] = 0
		}
	}
	return s
}

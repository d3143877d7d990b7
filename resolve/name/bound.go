package name

import (
	"math/bits"
	"slices"
	"strings"

	"rummage/resolve/name/form"
)

// mostBounded is how many pairs of readings are bounded; for more the bound is 1.
const mostBounded = 8

// slack is added to a bound in log odds, for sums of float32 in another order.
const slack = 1e-3

// Bound is never less than what Compare returns for the two names, and takes a
// fraction of its time: it asks of each word only whether any word of the other
// name can be put beside it, by lengths and sets of letters. What is sure then, of
// costs without counterpart and of letters that differ, holds the score down. Who
// wants only pairs from a score on compares those whose bound reaches it, and
// misses none. It allocates nothing.
func Bound(a, b *Name) float64 {
	if a.Empty() || b.Empty() {
		return 0
	}
	na, nb := len(a.readings), len(b.readings)
	if signs := a.scripts & spelledScripts; signs != 0 && signs == b.scripts&spelledScripts {
		na, nb = 1, 1
	}
	if na*nb > mostBounded {
		return 1
	}
	best := 0.0
	for i := range na {
		for j := range nb {
			o := outlook{kind: joint(a, b)}
			o.x.words, o.y.words = a.readings[i], b.readings[j]
			best = max(best, o.bound(a, b))
		}
	}
	return best
}

// outlook is what can come of two readings.
type outlook struct {
	x, y prospect
	kind Kind
}

// hope is the best that can come of one word.
type hope struct {
	gain  float32 // at most this it is worth with a counterpart
	same  uint8   // at most this many of its letters agree then
	edits uint8   // at least this many differ then
	found bool    // it may have one
}

// prospect is what can come of one side: at most so much evidence and so many
// letters that agree, at least so much cost and so many letters that differ. What
// is said of words in what is left holds of those that can have no counterpart.
type prospect struct {
	words    []*word
	hopes    [maxWords]hope
	letters  uint32 // of all words
	natives  int    // words that stand in their own script
	rare     float32
	cost     float32
	same     int
	edits    int
	headless bool
	telling  bool // one word alone tells
	left     balance
}

func (o *outlook) bound(a, b *Name) float64 {
	if o.x.strange() || o.y.strange() {
		return 1
	}
	if o.kind == Company && (firstLetters(o.x.words, o.y.words) || firstLetters(o.y.words, o.x.words)) {
		return ceilings[acronym].most
	}
	o.meet()
	o.x.sum()
	o.y.sum()
	evidence := (o.x.rare + o.y.rare) / 2
	if evidence < enough(o.kind)-slack {
		return ceilings[common].most
	}
	most := 1.0
	if o.x.left.number && o.y.left.number && (!a.vintage || !b.vintage) {
		most = min(most, ceilings[numbering].most)
	}
	if (a.kind == Person) != (b.kind == Person) && (o.x.left.ordinary || o.y.left.ordinary || !a.guessed && !b.guessed) {
		most = min(most, ceilings[unlike].most)
	}
	return min(most, logistic(o.odds(evidence, a.form, b.form)+slack))
}

// strange says whether words are compared by rules that lengths and letters do not
// foresee, and notes letters and words in their own script.
func (p *prospect) strange() bool {
	for _, w := range p.words {
		if w.flags&abjad != 0 || len(w.text) > maxLetters {
			return true
		}
		p.letters |= w.letters
		if len(w.native) > 0 {
			p.natives++
		}
	}
	return false
}

// meet looks at every word beside every word of the other side.
func (o *outlook) meet() {
	for i, x := range o.x.words {
		for j, y := range o.y.words {
			h, joined := o.pair(x, y)
			if !h.found {
				continue
			}
			g := h
			if joined {
				h.same, g.same = max(h.same, uint8(len(x.text))), max(g.same, uint8(len(y.text)))
			}
			o.x.hopes[i].raise(h)
			o.y.hopes[j].raise(g)
		}
	}
}

// raise takes the better of two hopes in each respect.
func (h *hope) raise(o hope) {
	if !h.found {
		*h = o
		return
	}
	h.gain, h.same, h.edits = max(h.gain, o.gain), max(h.same, o.same), min(h.edits, o.edits)
}

// pair says what can come of two words, and whether one may be a part of the
// other, written together with more.
func (o *outlook) pair(x, y *word) (h hope, joined bool) {
	long, small := max(len(x.text), len(y.text)), min(len(x.text), len(y.text)) // no more than maxLetters
	if _, ok := same(x, y); ok {
		return hope{1, uint8(long), 0, true}, false
	}
	if o.part(x, y, &o.x) || o.part(y, x, &o.y) {
		return hope{1, uint8(small), 0, true}, true
	}
	if o.kind == Person && (x.flags^y.flags)&initial != 0 && x.text != "" && y.text != "" && x.text[0] == y.text[0] {
		return hope{1, uint8(small), 0, true}, false
	}
	switch {
	case (x.flags|y.flags)&(number|initial) != 0, x.idea != 0 && y.idea != 0 && x.class != given && y.class != given:
	case bothNative(x, y):
		if x.flags&spelled == 0 || max(len(x.native), len(y.native)) >= 4 {
			return hope{1, uint8(long), 0, true}, false
		}
	case (x.flags|y.flags)&short != 0, o.kind == Vessel && long <= 4:
	default:
		return likeness(x, y, long, small), false
	}
	return hope{}, false
}

// likeness bounds the similarity of two words: an edit changes the length by one at
// most, and the set of letters by two.
func likeness(x, y *word, long, small int) hope {
	differ := bits.OnesCount32(x.letters ^ y.letters)
	if small == 0 || 2*small < long || differ > mostUnlike {
		return hope{}
	}
	return alike(span{long, small, differ}, span{
		max(len(x.sound), len(y.sound)), min(len(x.sound), len(y.sound)), bits.OnesCount32(x.tones ^ y.tones),
	})
}

// span is how far two texts are apart at a glance: the letters of the longer and the
// shorter one, and how many letters are in one of both alone.
type span struct{ long, small, differ int }

// least is at least how many edits lie between them.
func (r span) least() int { return max(r.long-r.small, (r.differ+1)/2) }

// alike is what can come of two words, by their letters and their sounds.
func alike(text, sound span) hope {
	edits := text.least()
	sim := 1 - float32(edits)/float32(text.long)
	if sound.long >= 3 {
		sim = max(sim, 0.92-float32(sound.least())/float32(sound.long))
	}
	if sim += 1e-5; sim < floor { // what rounding may take away
		return hope{}
	}
	return hope{gain(sim), uint8(text.long - edits), uint8(edits), true}
}

// part says whether a word can be one of several of its name that are written
// together as a word of the other: each letter that only one side has is an edit.
func (o *outlook) part(w, whole *word, side *prospect) bool {
	if len(side.words) < 2 || w.flags&number != 0 {
		return false
	}
	differ := 1
	if o.x.natives+o.y.natives > 0 {
		if n := len(w.native); n > 0 && n < len(whole.native) && contains(whole.native, w.native) {
			return true
		}
		// Of size letters one and an eighth may differ, so that size is no more than
		// eight sevenths of what there is on the other side.
		differ = 1 + (len(whole.text)+1)/7
	}
	if bits.OnesCount32(w.letters&^whole.letters) > differ || bits.OnesCount32(whole.letters&^side.letters) > differ ||
		len(w.text) > len(whole.text)+differ {
		return false
	}
	return differ > 1 || len(whole.text) >= 7 || strings.Contains(whole.text, w.text)
}

func contains(all, part []rune) bool {
	for i := 0; i+len(part) <= len(all); i++ {
		if slices.Equal(all[i:i+len(part)], part) {
			return true
		}
	}
	return false
}

// sum adds up what can come of the words, each at its best.
func (p *prospect) sum() {
	first, tell := true, 0
	for i, w := range p.words {
		h := &p.hopes[i]
		tells := (w.class == ordinary || w.class == given) && w.flags&(number|initial) == 0
		if tells {
			tell++
			p.headless = p.headless || first && (!h.found || h.gain < 0.35)
			first = false
		}
		counted := 0
		if w.flags&number == 0 && w.class != place {
			p.cost += w.cost * (1 - h.gain)
			if w.class != filler && w.class != title {
				counted = len(w.text)
			}
		}
		if h.found {
			p.rare += w.rare * h.gain
			p.same += int(h.same)
			p.edits += min(int(h.edits), counted)
			continue
		}
		p.edits += counted
		p.left.leave(w.class, w.flags)
	}
	p.telling = tell == 1
}

// leave notes a word that has no counterpart.
func (b *balance) leave(of class, flags mark) {
	switch {
	case flags&number != 0:
		b.number = true
	case of == place:
		b.place = true
	case flags&initial != 0:
		b.initial = true
	case of == sector, of == corporate:
		b.trade = true
	case of == ordinary || of == given:
		b.ordinary = true
		b.patron = b.patron || flags&patron != 0
	}
}

// odds are at least the sum of all contributions: what speaks for the names at its
// most, what speaks against them as far as it is sure.
func (o *outlook) odds(evidence float32, a, b *form.Form) float64 {
	low, both := min(o.x.cost, o.y.cost), o.x.cost+o.y.cost
	letters := 1.0
	if o.x.natives == 0 || o.y.natives == 0 { // else letters say nothing sure
		alike, differ := min(o.x.same, o.y.same), max(o.x.edits, o.y.edits)
		letters = 0
		if alike > 0 {
			letters = min(1, max(0, (float64(alike)/float64(alike+differ)-0.4)/0.6))
		}
	}
	x, y := &o.x.left, &o.y.left
	var least values // what is sure
	least[clash] = ratio(low, evidence+low)
	least[rival] = min(1, float64(low))
	least[head] = yes(o.x.headless || o.y.headless)
	least[trade] = yes(x.trade && y.trade)
	least[where] = yes(x.place && y.place)
	least[legal] = yes(o.kind != Person && form.Compare(a, b) == form.Contrary)
	least[father] = yes(x.patron && y.patron)
	least[lone] = yes(o.x.telling && y.ordinary || o.y.telling && x.ordinary)
	w := learned().of(o.kind)
	sum := w.bias + max(0, w.of[agree]*ratio(evidence, evidence+both/2)) + max(0, w.of[spelling]*letters)
	for f := clash; f < features; f++ {
		if w.of[f] > 0 {
			sum += w.of[f] // whatever its value
		} else {
			sum += w.of[f] * least[f]
		}
	}
	return sum
}

package name

import (
	"math"
	"math/bits"

	"rummage/resolve/name/form"
	"rummage/resolve/name/script"
)

// Glances rule out pairs of many names that are held together, as Bound does, several
// times as fast. What is looked at of a name is 32 bytes in one piece of memory, and
// each word is there once: waiting for memory is most of what a bound costs. Words
// that both names have are put aside first, as Compare does, so that what is left of
// a name is held against what is left of the other alone.
//
// They take 48 bytes a name and some 100 a word, and may be used by several goroutines.
type Glances struct {
	names    []*Name  // the first of each place
	rows     []row    // of the first readings, by place, then of further ones
	who      []uint32 // numbers of names, by place
	first    []uint32 // of each place, where its names begin
	words    []glimpse
	texts    map[string]uint32 // numbers of texts of words, and of what stands in their own scripts
	forms    map[*form.Form]uint16
	contrary [][]bool // by two forms: they exclude each other
	least    float64
	weights  [Vessel + 1]sightWeights
}

// Names of more words or readings are bounded by Bound.
const (
	mostGlanced  = 6
	mostReadings = 4
)

// row is a reading of a name in short.
type row struct {
	words [mostGlanced]uint32 // places in Glances.words
	next  uint32              // place of the next reading, 0 for none
	form  uint16
	n     uint8 // words; none where the name is not taken in short
	marks rowMark
}

// rowMark is the kind of a name and what else there is to know of it.
type rowMark uint8

const (
	rowKind    rowMark = 3
	rowGuessed rowMark = 1 << (iota + 1)
	rowVintage
	rowSigns  // in a script that is compared as it is written
	rowOpaque // compared by more than words and letters, or absent: anything may come of it
	rowSolo   // has its place to itself
)

func (m rowMark) kind() Kind { return Kind(m & rowKind) }

// glimpse is a word in short.
type glimpse struct {
	word                  *word
	letters, tones, signs uint32 // sets of letters, of those of its sound, and of its own script
	rare, cost            float32
	text, native          uint32 // numbers of what is equal, 0 for nothing
	means                 uint32 // equal ones are the same word
	idea                  uint16
	class                 class
	flags                 mark
	size, sounds, strokes uint8 // of the text, of the sound, and in its own script
	script                script.Script
	first                 byte
}

// summary makes Glances.
type summary struct {
	*Glances
	known map[*word]uint32
	all   []*form.Form
}

// NewGlances takes names in short, and gives each a place; nil is a name that nothing
// is known of. A name for which solo holds shares its place with none; nil is for
// none such. Pairs are ruled out that score less than the least. The words of names
// are the same where a Pool shares them.
func NewGlances(names []*Name, solo func(i int) bool, least float64) *Glances {
	s := summary{
		&Glances{
			names: names, rows: make([]row, len(names)), least: least,
			texts: map[string]uint32{"": 0}, forms: map[*form.Form]uint16{nil: 0},
		}, map[*word]uint32{}, []*form.Form{nil},
	}
	for kind := range s.weights {
		s.weights[kind] = sightWeightsOf(learned().of(Kind(kind)))
	}
	for i, n := range names {
		s.take(i, n)
		if solo != nil && solo(i) {
			s.rows[i].marks |= rowSolo
		}
	}
	for _, f := range s.all {
		s.contrary = append(s.contrary, contraries(f, s.all))
	}
	s.gather()
	return s.Glances
}

// contraries says of each form whether it excludes this one.
func contraries(f *form.Form, all []*form.Form) []bool {
	out := make([]bool, len(all))
	for i, o := range all {
		out[i] = form.Compare(f, o) == form.Contrary
	}
	return out
}

func (s *summary) take(i int, n *Name) {
	if n == nil {
		s.rows[i].marks = rowOpaque
		return
	}
	if !n.brief() {
		return
	}
	r := row{form: s.form(n.form), n: uint8(len(n.readings[0])), marks: n.marks()}
	for k, words := range n.readings {
		r.next = 0
		for k, w := range words {
			r.words[k] = s.word(w)
		}
		if k == 0 {
			s.rows[i] = r
			continue
		}
		s.rows[i].next = uint32(len(s.rows))
		i = len(s.rows)
		s.rows = append(s.rows, r)
	}
}

// brief says whether a row holds all of a name.
func (n *Name) brief() bool {
	return !n.Empty() && len(n.readings) <= mostReadings && len(n.readings[0]) <= mostGlanced
}

func (n *Name) marks() rowMark {
	m := rowMark(n.kind)
	if n.guessed {
		m |= rowGuessed
	}
	if n.vintage {
		m |= rowVintage
	}
	if n.scripts&spelledScripts != 0 {
		m |= rowSigns
	}
	for _, words := range n.readings {
		for _, w := range words {
			if w.flags&abjad != 0 || len(w.text) > maxLetters {
				m |= rowOpaque
			}
		}
	}
	return m
}

func (s *summary) form(f *form.Form) uint16 {
	at, found := s.forms[f]
	if !found {
		at = uint16(len(s.all))
		s.forms[f] = at
		s.all = append(s.all, f)
	}
	return at
}

func (s *summary) number(text string) uint32 {
	at, found := s.texts[text]
	if !found {
		at = uint32(len(s.texts))
		s.texts[text] = at
	}
	return at
}

func (s *summary) word(w *word) uint32 {
	at, found := s.known[w]
	if !found {
		at = uint32(len(s.words))
		s.known[w] = at
		s.words = append(s.words, glimpseOf(w, s.number))
	}
	return at
}

// glimpseOf takes a word in short; number numbers texts.
func glimpseOf(w *word, number func(text string) uint32) glimpse {
	g := glimpse{
		word: w, letters: w.letters, tones: w.tones, rare: w.rare, cost: w.cost, text: number(w.text), idea: w.idea, class: w.class, flags: w.flags,
		size: uint8(min(len(w.text), maxLetters)), sounds: uint8(min(len(w.sound), maxLetters)), strokes: uint8(min(len(w.native), math.MaxUint8)),
		script: w.script,
	}
	if len(w.text) > 0 {
		g.first = w.text[0]
	}
	for _, r := range w.native {
		g.signs |= 1 << (r & 31)
	}
	if len(w.native) > 0 {
		g.native = number(string(rune(w.script)) + string(w.native))
	}
	switch {
	case w.idea != 0:
		g.means = math.MaxUint32 - uint32(w.idea)
	case g.native != 0:
		g.means = g.native
	default:
		g.means = g.text
	}
	return g
}

// same is that of the two words.
func (g *glimpse) same(o *glimpse) bool {
	if g.means == o.means {
		return g.means != 0
	}
	switch {
	case g.idea != 0 && o.idea != 0:
		return false
	case g.bothNative(o):
		return g.native == o.native
	}
	return g.text == o.text && g.text != 0
}

func (g *glimpse) bothNative(o *glimpse) bool {
	return g.native != 0 && o.native != 0 && g.script == o.script
}

// counts says whether letters of a word count as letters of the name.
func (g *glimpse) counts() bool {
	return g.flags&number == 0 && g.class != place && g.class != filler && g.class != title
}

// tells says whether a word is no common one.
func (g *glimpse) tells() bool {
	return (g.class == ordinary || g.class == given) && g.flags&(number|initial) == 0
}

// likeness is that of two words in letters.
func (g *glimpse) likeness(o *glimpse) hope {
	long, small := int(max(g.size, o.size)), int(min(g.size, o.size))
	differ := bits.OnesCount32(g.letters ^ o.letters)
	if small == 0 || 2*small < long || differ > mostUnlike {
		return hope{}
	}
	return alike(span{long, small, differ}, span{
		int(max(g.sounds, o.sounds)), int(min(g.sounds, o.sounds)), bits.OnesCount32(g.tones ^ o.tones),
	})
}

// A Glance is a name that others are held against. It is for one goroutine.
type Glance struct {
	g        *Glances
	name     *Name
	marks    rowMark
	n        uint8 // words; none where the name is not taken in short
	readings int
	words    [mostReadings][mostGlanced]*glimpse
	own      []glimpse // words of a name that has no place
	contrary []bool    // by form
	least    float64
	reach    float64 // log odds of the least
}

// Of returns what the names of a place are held against others by.
func (g *Glances) Of(place uint32) Glance {
	r := &g.rows[place]
	l := Glance{g: g, name: g.names[place], marks: r.marks, n: r.n, contrary: g.contrary[r.form]}
	l.Ask(g.least)
	for ; ; r = &g.rows[r.next] {
		for k := range r.n {
			l.words[l.readings][k] = &g.words[r.words[k]]
		}
		if l.readings++; r.next == 0 {
			return l
		}
	}
}

// unheard is the number of texts that no name with a place has.
const unheard = 1 << 30

// For makes a glance of a name that has no place.
func (g *Glances) For(n *Name, l *Glance) {
	*l = Glance{g: g, name: n, own: l.own[:0]}
	l.Ask(g.least)
	if l.marks = n.marks(); !n.brief() {
		return
	}
	l.n, l.readings = uint8(len(n.readings[0])), len(n.readings)
	number := func(text string) uint32 {
		if at, known := g.texts[text]; known {
			return at
		}
		return unheard
	}
	for _, words := range n.readings {
		for _, w := range words {
			l.own = append(l.own, glimpseOf(w, number))
		}
	}
	for i := range l.own {
		l.words[i/int(l.n)][i%int(l.n)] = &l.own[i]
	}
	if at, known := g.forms[n.form]; known {
		l.contrary = g.contrary[at]
		return
	}
	all := make([]*form.Form, len(g.forms))
	for f, at := range g.forms {
		all[at] = f
	}
	l.contrary = contraries(n.form, all)
}

// Ask sets the score that May asks for; that of the Glances if it is not called.
func (l *Glance) Ask(least float64) {
	if least == l.least && l.reach != 0 {
		return
	}
	l.least = least
	l.reach = math.Log(max(least, 0)/max(1-least, 0)) - 1e-9
}

// May says whether a name of a place may score the least with this one: false only
// where Compare gives less. Of a name that nothing is known of it is true. It
// allocates nothing.
func (l *Glance) May(place uint32) bool {
	b := &l.g.rows[place]
	if (l.marks|b.marks)&rowOpaque != 0 {
		return true
	}
	if l.n == 0 || b.n == 0 {
		return Bound(l.name, l.g.names[place]) >= l.least
	}
	kind := l.marks.joint(b.marks)
	if kind == Company && (l.n == 1 && b.n > 3 || b.n == 1 && l.n > 3) && ceilings[acronym].most >= l.least {
		return true // may be an abbreviation
	}
	first := l.marks&b.marks&rowSigns != 0 && (l.name.scripts^l.g.names[place].scripts)&spelledScripts == 0
	for r := b; ; r = &l.g.rows[r.next] {
		for k := range l.readings {
			s := sight{
				x: aspect{n: int(l.n), words: l.words[k]}, y: aspect{n: int(b.n)}, kind: kind, native: (l.marks|b.marks)&rowSigns != 0,
			}
			for w := range r.n {
				s.y.words[w] = &l.g.words[r.words[w]]
			}
			if s.reaches(l, b) {
				return true
			}
			if first {
				return false
			}
		}
		if r.next == 0 {
			return false
		}
	}
}

// joint is that of two names.
func (m rowMark) joint(o rowMark) Kind {
	switch {
	case (m^o)&rowKind == 0:
		return m.kind()
	case m&rowGuessed != 0 && o&rowGuessed == 0:
		return o.kind()
	case o&rowGuessed != 0 && m&rowGuessed == 0:
		return m.kind()
	}
	return Company
}

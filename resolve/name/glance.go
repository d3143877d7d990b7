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
// They take 48 bytes a name and 60 a word, and may be used by several goroutines.
type Glances struct {
	names    []*Name  // the first of each place
	rows     []row    // of the first readings, by place, then of further ones
	who      []uint32 // numbers of names, by place
	first    []uint32 // of each place, where its names begin
	words    []glimpse
	contrary []bool // by two forms: they exclude each other
	forms    int
	least    float64
	reach    float64 // log odds of the least
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
	g     *Glances
	texts map[string]uint32 // and of natives, behind their script
	words map[*word]uint32
	forms map[*form.Form]uint16
	all   []*form.Form
}

// NewGlances takes names in short, and gives each a place; nil is a name that nothing
// is known of. Pairs are ruled out that score less than the least. The words of names
// are the same where a Pool shares them.
func NewGlances(names []*Name, least float64) *Glances {
	g := &Glances{names: names, rows: make([]row, len(names)), least: least, reach: math.Log(least/(1-least)) - 1e-9}
	for kind := range g.weights {
		g.weights[kind] = sightWeightsOf(learned().of(Kind(kind)))
	}
	s := summary{g, map[string]uint32{"": 0}, map[*word]uint32{}, map[*form.Form]uint16{nil: 0}, []*form.Form{nil}}
	for i, n := range names {
		s.take(i, n)
	}
	g.forms = len(s.all)
	for _, a := range s.all {
		for _, b := range s.all {
			g.contrary = append(g.contrary, form.Compare(a, b) == form.Contrary)
		}
	}
	g.gather()
	return g
}

func (s *summary) take(i int, n *Name) {
	if n == nil {
		s.g.rows[i].marks = rowOpaque
		return
	}
	if n.Empty() || len(n.readings) > mostReadings || len(n.readings[0]) > mostGlanced {
		return
	}
	r := row{form: s.form(n.form), n: uint8(len(n.readings[0])), marks: rowMark(n.kind)}
	for mark, holds := range map[rowMark]bool{rowGuessed: n.guessed, rowVintage: n.vintage, rowSigns: n.scripts&spelledScripts != 0} {
		if holds {
			r.marks |= mark
		}
	}
	at := i
	for k, words := range n.readings {
		r.next = 0
		for k, w := range words {
			r.words[k] = s.word(w)
			if w.flags&abjad != 0 || len(w.text) > maxLetters {
				r.marks |= rowOpaque
			}
		}
		if k > 0 {
			s.g.rows[at].next = uint32(len(s.g.rows))
			at = len(s.g.rows)
			s.g.rows = append(s.g.rows, r)
			continue
		}
		s.g.rows[at] = r
	}
	s.g.rows[i].marks |= r.marks & rowOpaque
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
	if at, found := s.words[w]; found {
		return at
	}
	g := glimpse{
		word: w, letters: w.letters, tones: w.tones, rare: w.rare, cost: w.cost, text: s.number(w.text), idea: w.idea, class: w.class, flags: w.flags,
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
		g.native = s.number(string(rune(w.script)) + string(w.native))
	}
	switch {
	case w.idea != 0:
		g.means = math.MaxUint32 - uint32(w.idea)
	case g.native != 0:
		g.means = g.native
	default:
		g.means = g.text
	}
	at := uint32(len(s.g.words))
	s.words[w] = at
	s.g.words = append(s.g.words, g)
	return at
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
	if small == 0 || 2*small < long || differ > 7 {
		return hope{}
	}
	return alike(span{long, small, differ}, span{
		int(max(g.sounds, o.sounds)), int(min(g.sounds, o.sounds)), bits.OnesCount32(g.tones ^ o.tones),
	})
}

// A Glance is a name that others are held against. It is for one goroutine.
type Glance struct {
	g     *Glances
	name  *Name
	row   *row
	n     int // readings
	words [mostReadings][mostGlanced]*glimpse
}

// Of returns what the names of a place are held against others by.
func (g *Glances) Of(place uint32) Glance {
	l := Glance{g: g, name: g.names[place], row: &g.rows[place]}
	for r := l.row; ; r = &g.rows[r.next] {
		for k := range r.n {
			l.words[l.n][k] = &g.words[r.words[k]]
		}
		if l.n++; r.next == 0 {
			return l
		}
	}
}

// May says whether a name of a place may score the least with this one: false only
// where Compare gives less. Of a name that nothing is known of it is true. It
// allocates nothing.
func (l *Glance) May(place uint32) bool {
	a, b := l.row, &l.g.rows[place]
	if (a.marks|b.marks)&rowOpaque != 0 {
		return true
	}
	if a.n == 0 || b.n == 0 {
		return Bound(l.name, l.g.names[place]) >= l.g.least
	}
	kind := a.marks.joint(b.marks)
	if kind == Company && (a.n == 1 && b.n > 3 || b.n == 1 && a.n > 3) && ceilings[acronym].most >= l.g.least {
		return true // may be an abbreviation
	}
	first := a.marks&b.marks&rowSigns != 0 && (l.name.scripts^l.g.names[place].scripts)&spelledScripts == 0
	for r := b; ; r = &l.g.rows[r.next] {
		for k := range l.n {
			s := sight{
				x: aspect{n: int(a.n), words: l.words[k]}, y: aspect{n: int(b.n)}, kind: kind, native: (a.marks|b.marks)&rowSigns != 0,
			}
			for w := range r.n {
				s.y.words[w] = &l.g.words[r.words[w]]
			}
			if s.reaches(l.g, a, b) {
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

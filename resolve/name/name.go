// Package name compares names of companies, persons and vessels across scripts
// and says why. It has the one scoring function that resolving, searching and
// screening share: Compare for the figure, Explain for its parts.
//
// A name is prepared once and compared often. Preparing keeps the text as it
// stood, takes legal forms off and keeps them, cuts words, finds what common
// words mean in every language, weighs each word by how rare it is, and spells
// Han, Hangul and other scripts in Latin letters by every usual system.
//
// It must not know where names come from, what else is known of a party, nor
// what anybody decides.
package name

import (
	"slices"
	"strings"

	"rummage/resolve/name/form"
	"rummage/resolve/name/script"
)

// Kind is what a name is the name of. The rules differ: order and initials
// matter little for persons, legal forms and numbers much for companies.
type Kind uint8

// The kinds. Unknown is for names whose kind the file does not say: it is
// guessed from legal forms and words of trade.
const (
	Unknown Kind = iota
	Company
	Person
	Vessel
)

var kinds = [...]string{"unknown", "company", "person", "vessel"}

// String is the kind in a word.
func (k Kind) String() string { return kinds[k] }

// maxWords is how many words of a name are compared; a name has more by
// mistake only, when a cell holds a sentence.
const maxWords = 24

// maxText is how many bytes of a name are looked at.
const maxText = 2048

// Name is a name ready to be compared. It does not change, and may be shared
// among goroutines.
type Name struct {
	text     string
	kind     Kind
	guessed  bool
	imo      string
	forms    []*form.Form
	form     *form.Form
	readings [][]*word // words may be shared with other names
	vintage  bool      // of a fund or trust: its numbers are those of a series
	scripts  uint16    // a bit for each script that its words are written in
}

// mark is a property of a word.
type mark uint8

const (
	number  mark = 1 << iota // digits, a roman or a spelled number
	initial                  // one letter that stands for a word
	spelled                  // a script where one character more is another word
	abjad                    // written without vowels
	short                    // letters that each count, as in BAE
	patron                   // a patronymic
)

// word is one word of a reading.
type word struct {
	text    string // small Latin letters and digits
	sound   string // how it may sound
	native  []rune // as written, for Han, kana, Hangul and Thai
	script  script.Script
	idea    uint16 // what a common word means, 0 for any other word
	class   class
	flags   mark
	letters uint32  // the set of its letters
	tones   uint32  // the set of the letters of its sound
	rare    float32 // what it is worth when both names have it
	cost    float32 // what it costs when only one has it
}

// Prepare makes a name ready to be compared, with the rarity of words that
// this package brings along. Corpus.Prepare uses the rarity in given data.
func Prepare(kind Kind, text string) *Name { return (*Corpus)(nil).Prepare(kind, text) }

// Prepare makes a name ready to be compared. Words count for less the more
// names of the corpus have them.
func (c *Corpus) Prepare(kind Kind, text string) *Name {
	n := &Name{text: text, kind: kind}
	if len(text) > maxText {
		text = strings.ToValidUTF8(text[:maxText], "")
	}
	clean := script.Clean(text)
	if kind == Vessel {
		clean, n.imo = takeIMO(clean)
	}
	var pieces []piece
	if kind == Unknown {
		n.guessed = true
		n.kind, pieces = guess(clean)
	}
	var base []word
	switch n.kind {
	case Person:
		base = n.person(clean)
	default:
		base = n.firm(clean, pieces)
	}
	if len(base) > maxWords {
		base = base[:maxWords]
	}
	for i := range base {
		c.weigh(&base[i])
	}
	n.form = form.Main(n.forms)
	n.vintage = n.form != nil && n.form.Class == form.Partnership
	for i := range base {
		label := base[i].label()
		n.vintage = n.vintage || label == "fund" || label == "trust" || label == "partners"
	}
	n.read(base)
	return n
}

// Text is the name as it stood.
func (n *Name) Text() string { return n.text }

// Kind is what the name was said, or guessed, to be the name of.
func (n *Name) Kind() Kind { return n.kind }

// Guessed says whether the kind was guessed.
func (n *Name) Guessed() bool { return n.guessed }

// IMO is the ship number that stood in a vessel's name, seven digits, or
// nothing. It is no part of the name: who compares numbers does it apart.
func (n *Name) IMO() string { return n.imo }

// Forms are the legal forms found, in the order found.
func (n *Name) Forms() []*form.Form { return slices.Clone(n.forms) }

// Empty says whether nothing is left to compare: no words, or only a legal
// form. Such a name matches nothing.
func (n *Name) Empty() bool { return len(n.readings[0]) == 0 }

// Readings is the number of ways the name can be spelled, at least 1.
func (n *Name) Readings() int { return len(n.readings) }

// Word is a word of a name as it is compared.
type Word struct {
	Text   string  // in small Latin letters
	Sound  string  // how it may sound, for keys that put similar names together
	Native string  // folded, in its own script, for Han, kana, Hangul and Thai
	Label  string  // its meaning if it is a common word, else its text
	Common bool    // a word of trade, a place or a particle: many names have it
	Given  bool    // a common given name; Common holds too
	Number bool    // a number
	Weak   bool    // a title, a particle or a word that joins others: it tells nothing
	Rarity float64 // 0 to 1: what it is worth as evidence when two names share it
}

// Words returns the words of a reading, 0 to Readings()-1, in their order. The
// first reading is the one nearest to the text.
func (n *Name) Words(reading int) []Word {
	out := make([]Word, 0, len(n.readings[reading]))
	for _, w := range n.readings[reading] {
		out = append(out, Word{Text: w.text, Sound: w.sound, Native: string(w.native), Common: w.class != ordinary,
			Number: w.flags&number != 0, Rarity: float64(w.rare), Label: w.label(),
			Given: w.class == given, Weak: w.class == filler || w.class == title || w.class == particle})
	}
	return out
}

// Normal is the name in one spelling: folded words in Latin letters, common
// words by their meaning, without legal form.
func (n *Name) Normal() string {
	var out []string
	for _, w := range n.readings[0] {
		out = append(out, w.label())
	}
	return strings.Join(out, " ")
}

func (w *word) label() string {
	if w.idea != 0 {
		return ideas()[w.idea]
	}
	return w.text
}

// firm prepares the words of a company or a vessel, before they are weighed, from its
// pieces, if they are known.
func (n *Name) firm(clean string, pieces []piece) []word {
	if pieces == nil {
		if n.kind != Vessel {
			clean, n.forms = form.Cut(clean)
		}
		pieces = letterRuns(cut(clean))
	}
	if n.kind == Vessel {
		pieces = prefixless(pieces)
	} else {
		pieces = n.formless(pieces)
	}
	return firmWords(numerals(pieces))
}

// formless takes forms that are written in words off the pieces.
func (n *Name) formless(pieces []piece) []piece {
	words := make([]string, len(pieces))
	for i, p := range pieces {
		words[i] = p.latin
	}
	stay, found := form.Strip(words)
	if found == nil {
		return n.glued(pieces)
	}
	n.forms = append(n.forms, found...)
	out := make([]piece, 0, len(stay))
	for _, i := range stay {
		out = append(out, pieces[i])
	}
	return out
}

// glued finds a form that somebody wrote without a blank: SiemensAG.
func (n *Name) glued(pieces []piece) []piece {
	if len(pieces) == 0 {
		return pieces
	}
	last := &pieces[len(pieces)-1]
	at := camel(last.raw)
	if at == 0 {
		return pieces
	}
	tail := script.Latinise(script.Fold(last.raw[at:]))
	if f, k := form.At([]string{"", tail}, 1); f != nil && k == 1 && tail != "" {
		n.forms = append(n.forms, f)
		last.raw = last.raw[:at]
		last.latin = script.Latinise(script.Fold(last.raw))
	}
	return pieces
}

// read fills in the readings: every way to spell the words in Latin letters.
func (n *Name) read(base []word) {
	for i := range base {
		base[i].finish()
		if base[i].script != script.Digit {
			n.scripts |= 1 << base[i].script
		}
	}
	n.readings = [][]*word{pointers(base)}
	for _, spell := range n.systems(base) {
		other := slices.Clone(base)
		changed := false
		for i := range other {
			if text := spell(&other[i]); text != "" && text != other[i].text {
				other[i].text = text
				if other[i].class == given { // 李 is Li here and Lee there
					other[i].idea = tables().person.latin[text].idea
				}
				other[i].finish()
				changed = true
			}
		}
		if changed {
			n.readings = append(n.readings, pointers(other))
		}
	}
}

// systems are the further ways to spell the words of a name.
func (n *Name) systems(base []word) []func(*word) string {
	var han, hangul bool
	latin := n.kind == Person && len(base) > 1
	for i := range base {
		s := base[i].script
		if base[i].idea == 0 || base[i].class == given {
			han, hangul = han || s == script.Han, hangul || s == script.Hangul
		}
		latin = latin && s == script.Latin
	}
	var all []func(*word) string
	if han {
		for _, by := range []script.System{script.WadeGiles, script.Cantonese, script.Japanese} {
			all = append(all, func(w *word) string {
				if w.script != script.Han {
					return ""
				}
				syllables, ok := script.Spell(string(w.native), by)
				if !ok {
					return ""
				}
				return strings.Join(syllables, "")
			})
		}
	}
	if hangul {
		for _, by := range []script.System{script.McCune, script.Customary} {
			all = append(all, func(w *word) string {
				if w.script != script.Hangul {
					return ""
				}
				if n.kind == Person && len(w.native) > 1 && by == script.McCune {
					// Behind the family name the first sound is voiced: Kim Jong.
					return strings.Join(script.Romanise("아"+string(w.native), by)[1:], "")
				}
				return strings.Join(script.Romanise(string(w.native), by), "")
			})
		}
	}
	if latin && chinese(base) {
		all = append(all, wade)
	}
	return all
}

// chinese says whether every word is made of syllables of pinyin.
func chinese(base []word) bool {
	for i := range base {
		if _, ok := script.PinyinSyllables(base[i].text); !ok {
			return false
		}
	}
	return true
}

func wade(w *word) string {
	syllables, _ := script.PinyinSyllables(w.text)
	for i, s := range syllables {
		syllables[i] = script.ToWadeGiles(s)
	}
	return strings.Join(syllables, "")
}

// finish derives what the comparison needs from the text of a word.
func (w *word) finish() {
	w.sound = w.text
	if w.flags&(number|initial) == 0 {
		w.sound = script.Sound(w.text)
	}
	w.letters, w.tones = letterSet(w.text), letterSet(w.sound)
}

// letterSet is the set of the letters of a text, a bit each; digits share bits.
func letterSet(text string) uint32 {
	set := uint32(0)
	for i := range len(text) {
		set |= 1 << (code(text[i]) & 31)
	}
	return set
}

func pointers(words []word) []*word {
	out := make([]*word, len(words))
	for i := range words {
		out[i] = &words[i]
	}
	return out
}

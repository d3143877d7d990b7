package resolve

import (
	"math/bits"
	"strings"

	"rummage/resolve/name"
	"rummage/resolve/name/script"
)

// A sieve lets through the names that may be near a name, without preparing them,
// which costs fifty times as much. A name passes if one of its words has a third of
// the pairs of letters of a telling word, ends of words counted as letters; if it
// shares a character of a script that is compared as it is written; or if it stands
// in another such script than the name, since what it would be in Latin letters
// costs as much as preparing it. What passes is then compared, so that passing in
// vain changes nothing; tests measure how many are held back that should not be.
type sieve struct {
	with   [places * places]uint64 // by pair: the telling words that have it
	need   []uint8                 // of each telling word: how many of its pairs
	signs  map[rune]bool           // characters of telling words, where not in letters
	spells uint16                  // scripts of signs
}

// places is how many letters the sieve tells apart: those of Latin, digits, and the
// end of a word.
const places = 37

// mostTelling is how many telling words fit a sieve.
const mostTelling = 64

// newSieve makes a sieve of a name. It returns false where the name has no word to
// go by, so that nothing can be near.
func newSieve(n *name.Name) (*sieve, bool) {
	s := &sieve{signs: map[rune]bool{}}
	var common []name.Word
	for reading := range n.Readings() {
		words, telling := n.Words(reading), false
		for i := range words {
			if w := &words[i]; sieves(n, w) {
				s.take(w)
				telling = true
			}
		}
		if !telling {
			common = append(common, words...)
		}
	}
	for i := range common {
		s.take(&common[i])
	}
	return s, len(s.need) > 0 || len(s.signs) > 0
}

// sieves says whether a word tells a name from others. Of persons common names do
// too, as many persons have no other.
func sieves(n *name.Name, w *name.Word) bool {
	if w.Number || len(w.Text) < 2 && w.Native == "" {
		return false
	}
	return !w.Common || n.Kind() == name.Person && len(w.Text) > 2
}

// take adds a telling word, as it is spelled and as it sounds.
func (s *sieve) take(w *name.Word) {
	for _, r := range w.Native {
		s.signs[r] = true
		s.spells |= 1 << script.Of(r)
	}
	s.letters(w.Text)
	if w.Sound != w.Text {
		s.letters(w.Sound)
	}
}

func (s *sieve) letters(word string) {
	if len(word) == 0 || len(s.need) == mostTelling {
		return
	}
	bit := uint64(1) << len(s.need)
	fresh := 0
	pairs(word, func(pair int) {
		if s.with[pair]&bit == 0 {
			s.with[pair] |= bit
			fresh++
		}
	})
	s.need = append(s.need, uint8(max(2, (fresh+2)/3)))
}

// pairs calls each for the pairs of letters of a word, its ends counted as letters.
func pairs(word string, each func(pair int)) {
	last := 0
	for i := range len(word) {
		at := place(word[i])
		each(last*places + at)
		last = at
	}
	each(last * places)
}

// place numbers a letter or digit from 1; 0 is any other.
func place(c byte) int {
	switch {
	case c >= 'a' && c <= 'z':
		return int(c-'a') + 1
	case c >= 'A' && c <= 'Z':
		return int(c-'A') + 1
	case c >= '0' && c <= '9':
		return int(c-'0') + 27
	}
	return 0
}

// passes says whether a name may be near.
func (s *sieve) passes(text string) bool {
	var scripts uint16
	plain := true
	for i := range len(text) {
		plain = plain && text[i] < 0x80
	}
	if plain {
		return s.words(text)
	}
	folded := script.Fold(script.Clean(text))
	for _, r := range folded {
		of := script.Of(r)
		if of.Spelled() || of.Abjad() || of == script.Thai || of == script.Other {
			scripts |= 1 << of
		}
		if s.signs[r] {
			return true
		}
	}
	if scripts&^s.spells != 0 {
		return true
	}
	var latin strings.Builder
	for word := range strings.FieldsSeq(folded) {
		latin.WriteString(script.Latinise(word))
		latin.WriteByte(' ')
	}
	return s.words(latin.String())
}

// words says whether one of the words of a text in Latin letters is near. Single
// letters that follow each other are one word, as A. B. C. is ABC.
func (s *sieve) words(text string) bool {
	for at := 0; at < len(text); {
		if place(text[at]) == 0 {
			at++
			continue
		}
		end := at + 1
		for end < len(text) && place(text[end]) != 0 {
			end++
		}
		word := text[at:end]
		if end-at == 1 {
			word, end = initials(text, at)
		}
		if s.near(word) {
			return true
		}
		at = end
	}
	return false
}

// initials joins single letters from a place on, and returns where they end.
func initials(text string, at int) (word string, end int) {
	var joined [maxInitials]byte
	n := 0
	end = at
	for i := at; i < len(text) && n < maxInitials; i++ {
		if place(text[i]) == 0 {
			continue
		}
		if i+1 < len(text) && place(text[i+1]) != 0 {
			break
		}
		joined[n], end = text[i], i+1
		n++
	}
	return string(joined[:n]), end
}

// maxInitials is how many single letters are joined.
const maxInitials = 12

// near says whether a word has enough pairs of a telling one.
func (s *sieve) near(word string) bool {
	var found [mostTelling]uint8
	enough := false
	pairs(word, func(pair int) {
		for with := s.with[pair]; with != 0; with &= with - 1 {
			i := bits.TrailingZeros64(with)
			found[i]++
			enough = enough || found[i] == s.need[i]
		}
	})
	return enough
}

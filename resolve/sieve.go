package resolve

import (
	"math/bits"
	"slices"
	"strings"

	"rummage/resolve/name"
	"rummage/resolve/name/script"
)

// A sieve lets through the names that may be near a name, without preparing them,
// which costs fifty times as much. A word is near a telling one of the name if it
// has half of its pairs of letters, ends of words counted as letters. A name passes
// if words of it are near all of two telling ones, two of three, three of four and so
// on; if it shares half the characters of a script that is compared as it is written;
// or if it stands in another such script than the name, since what it would be in
// Latin letters costs as much as preparing it. What passes is then compared, so that
// passing in vain changes nothing; tests measure how many are held back that should
// not be.
type sieve struct {
	with     [places * places]uint64 // by pair: the spellings that have it, a bit each
	spelt    []spelling
	readings []reading
	words    int           // of all readings
	signs    map[rune]bool // characters of telling words, where not in letters
	spells   uint16        // scripts of signs
}

// spelling is a telling word as it is written, or as it sounds.
type spelling struct {
	need uint8  // how many of its pairs
	word uint64 // a bit
}

// reading is a way to read the name.
type reading struct {
	words uint64 // those that tell, a bit each
	need  int    // how many of them
}

// places is how many letters the sieve tells apart: those of Latin but for what
// spellings of one sound exchange, digits, and the end of a word.
const places = 37

// letterPlaces numbers letters from 1: o is u, e and y are i, c and q are k, w is v
// and z is s.
const letterPlaces = "abkdifghijklmnupkrstuvvxis"

// mostTelling is how many spellings, and how many words, fit a sieve.
const mostTelling = 64

// newSieve makes a sieve of a name. It returns false where the name has no word to
// go by, so that nothing can be near.
func newSieve(n *name.Name) (*sieve, bool) {
	s := &sieve{signs: map[rune]bool{}}
	for i := range n.Readings() {
		words := n.Words(i)
		telling := slices.DeleteFunc(slices.Clone(words), func(w name.Word) bool { return !sieves(n, &w) })
		if len(telling) == 0 {
			telling = words
		}
		s.read(telling, slices.ContainsFunc(words, func(w name.Word) bool { return len(w.Text) == 1 && !w.Number }))
	}
	return s, len(s.spelt) > 0 || len(s.signs) > 0
}

// sieves says whether a word tells a name from others. Of persons common names do
// too, as many persons have no other.
func sieves(n *name.Name, w *name.Word) bool {
	if w.Number || len(w.Text) < 2 && w.Native == "" {
		return false
	}
	return !w.Common || n.Kind() == name.Person && len(w.Text) > 2
}

// read adds a reading. One with initials may lack the word that an initial stands
// for.
func (s *sieve) read(telling []name.Word, initials bool) {
	r := reading{}
	for i := range telling {
		if w := &telling[i]; s.words < mostTelling && s.take(w) {
			r.words |= 1 << s.words
			s.words++
		}
	}
	if n := bits.OnesCount64(r.words); n > 0 {
		if r.need = n - (n-1)/2; initials && n > 1 {
			r.need--
		}
		s.readings = append(s.readings, r)
	}
}

// take adds a telling word, as it is spelled and as it sounds. It returns false for
// one that has no letters.
func (s *sieve) take(w *name.Word) bool {
	for _, r := range w.Native {
		s.signs[r] = true
		s.spells |= 1 << script.Of(r)
	}
	before := len(s.spelt)
	s.letters(w.Text)
	if w.Sound != w.Text {
		s.letters(w.Sound)
	}
	return len(s.spelt) > before
}

func (s *sieve) letters(word string) {
	if len(word) == 0 || len(s.spelt) == mostTelling {
		return
	}
	bit := uint64(1) << len(s.spelt)
	fresh := 0
	pairs(word, func(pair int) {
		if s.with[pair]&bit == 0 {
			s.with[pair] |= bit
			fresh++
		}
	})
	need := (fresh + 1) / 2
	switch {
	case len(word) <= few:
		need = 1
	case len(word) >= long:
		need = (2*fresh + 4) / 5
	}
	s.spelt = append(s.spelt, spelling{uint8(need), 1 << s.words})
}

// few is how many letters a word has at most of which one pair is enough; from long
// on it may be two that were written together, and two fifths are enough.
const (
	few  = 3
	long = 9
)

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
		return int(letterPlaces[c-'a']-'a') + 1
	case c >= 'A' && c <= 'Z':
		return int(letterPlaces[c-'A']-'a') + 1
	case c >= '0' && c <= '9':
		return int(c-'0') + 27
	}
	return 0
}

// passes says whether a name may be near.
func (s *sieve) passes(text string) bool {
	plain := true
	for i := range len(text) {
		plain = plain && text[i] < 0x80
	}
	if plain {
		return s.near(text)
	}
	folded := script.Fold(script.Clean(text))
	var scripts uint16
	shared := 0
	for i, r := range folded {
		of := script.Of(r)
		if of.Spelled() || of.Abjad() || of == script.Thai || of == script.Other {
			scripts |= 1 << of
		}
		if s.signs[r] && !strings.ContainsRune(folded[:i], r) {
			shared++
		}
	}
	if scripts&^s.spells != 0 || shared > 0 && 2*shared >= len(s.signs) {
		return true
	}
	var latin strings.Builder
	for word := range strings.FieldsSeq(folded) {
		latin.WriteString(script.Latinise(word))
		latin.WriteByte(' ')
	}
	return s.near(latin.String())
}

// near says whether the words of a text in Latin letters are near enough of a
// reading's. Single letters that follow each other are one word, as A. B. C. is ABC.
func (s *sieve) near(text string) bool {
	var found uint64
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
		found |= s.like(word)
		at = end
	}
	for _, r := range s.readings {
		if bits.OnesCount64(found&r.words) >= r.need {
			return true
		}
	}
	return false
}

// like returns the telling words that a word has enough pairs of.
func (s *sieve) like(word string) uint64 {
	var counted [mostTelling]uint8
	var found uint64
	pairs(word, func(pair int) {
		for with := s.with[pair]; with != 0; with &= with - 1 {
			i := bits.TrailingZeros64(with)
			if counted[i]++; counted[i] == s.spelt[i].need {
				found |= s.spelt[i].word
			}
		}
	})
	return found
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

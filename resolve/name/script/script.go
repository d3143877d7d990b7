// Package script brings letters of many scripts into forms that can be
// compared: it cleans text, folds what only looks different (width, case,
// diacritics, old and simplified characters, kana), and spells Han, kana,
// Hangul, Thai, Cyrillic, Greek, Arabic, Hebrew and Devanagari in plain Latin
// letters, by more than one system where more than one is in use.
//
// It must not know what a text is: neither names, nor words, nor legal forms.
package script

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Script is the writing that a letter belongs to, as far as names are treated
// differently by it.
type Script uint8

// The scripts told apart. Letters of any other script are Other.
const (
	None Script = iota // no letter and no digit
	Digit
	Latin
	Han
	Kana
	Hangul
	Thai
	Cyrillic
	Greek
	Arabic
	Hebrew
	Devanagari
	Other
)

var names = [...]string{"none", "digit", "latin", "han", "kana", "hangul", "thai", "cyrillic", "greek", "arabic",
	"hebrew", "devanagari", "other"}

// String is the script's name in small letters.
func (s Script) String() string { return names[s] }

// Spelled says whether words of the script are written without letters of
// sound that an edit could change by little: one character more or less is
// another word.
func (s Script) Spelled() bool { return s == Han || s == Hangul || s == Kana }

// Abjad says whether the script leaves most vowels out.
func (s Script) Abjad() bool { return s == Arabic || s == Hebrew }

// Of returns the script of a letter or digit. Marks that go with the letter
// before them count as its script.
func Of(r rune) Script {
	switch {
	case r < 0x80:
		return ofASCII(r)
	case r == 0x3005 || r == 0x3007: // 々 and 〇
		return Han
	case r == 0x30FC: // the long vowel of kana
		return Kana
	case r < 0x250 && unicode.IsLetter(r), r >= 0x1E00 && r < 0x1F00:
		return Latin
	case unicode.IsDigit(r):
		return Digit
	case !unicode.IsLetter(r) && !unicode.IsMark(r):
		return None
	}
	return ofRange(r)
}

func ofASCII(r rune) Script {
	switch {
	case r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z':
		return Latin
	case r >= '0' && r <= '9':
		return Digit
	}
	return None
}

func ofRange(r rune) Script {
	switch {
	case unicode.Is(unicode.Han, r):
		return Han
	case unicode.Is(unicode.Hangul, r):
		return Hangul
	case unicode.Is(unicode.Katakana, r), unicode.Is(unicode.Hiragana, r):
		return Kana
	case unicode.Is(unicode.Thai, r):
		return Thai
	case unicode.Is(unicode.Cyrillic, r):
		return Cyrillic
	case unicode.Is(unicode.Arabic, r):
		return Arabic
	case unicode.Is(unicode.Greek, r):
		return Greek
	case unicode.Is(unicode.Hebrew, r):
		return Hebrew
	case unicode.Is(unicode.Devanagari, r):
		return Devanagari
	case unicode.Is(unicode.Latin, r):
		return Latin
	}
	return Other
}

// Clean brings text into compatibility form (NFKC: ㈱ becomes (株), full width
// letters plain ones), with plain blanks, hyphens and quotes, and without what
// cannot be seen. Case and diacritics stay.
func Clean(text string) string {
	if plain(text) {
		return text
	}
	// What is not seen goes first, so that a mark behind it joins the letter before; the rest after NFKC has taken
	// letters apart.
	seen := strings.Map(tidy, strings.ToValidUTF8(text, " "))
	return strings.Map(tidy, norm.NFKC.String(seen))
}

func plain(text string) bool {
	for i := range len(text) {
		if text[i] < 0x20 || text[i] >= 0x7F {
			return false
		}
	}
	return true
}

func tidy(r rune) rune {
	switch {
	case r < 0x80 && r >= 0x20 && r != 0x7F:
		return r
	case r == 0x200C || r == 0x200D || r == 0xFEFF || r == 0xAD, unicode.Is(unicode.Cf, r):
		return -1
	case r == 0x2018, r == 0x2019, r == 0x201B, r == 0xB4, r == 0x02BB, r == 0x02BC, r == 0x02BF, r == 0x02BE, r == 0x2032:
		return '\''
	case r >= 0x2010 && r <= 0x2015, r == 0x2212:
		return '-'
	case r == 0x30FB, r == 0xB7, r == 0x2022: // the dot between words of a foreign name
		return ' '
	case unicode.IsControl(r), unicode.IsSpace(r):
		return ' '
	}
	return r
}

// Fold brings one word into the form in which it is compared within its
// script: small letters without diacritics, simplified characters, hiragana as
// katakana. It expects text that Clean has seen.
func Fold(word string) string {
	if lowerASCII(word) {
		return word
	}
	if plain(word) {
		return strings.ToLower(word)
	}
	var b strings.Builder
	b.Grow(len(word))
	for _, r := range norm.NFD.String(word) {
		switch {
		case r < 0x80:
			b.WriteRune(unicode.ToLower(r))
		case r >= 0x3041 && r <= 0x3096: // hiragana
			b.WriteRune(r + 0x60)
		case r == 0x3099 || r == 0x309A: // marks of voice, joined again below
			b.WriteRune(r)
		case unicode.Is(unicode.Han, r):
			b.WriteRune(Simple(r))
		case unicode.Is(unicode.Mn, r) && stripped(r):
		default:
			low := unicode.ToLower(r)
			if ascii, ok := odd[low]; ok {
				b.WriteString(ascii)
			} else {
				b.WriteRune(low)
			}
		}
	}
	return norm.NFC.String(b.String())
}

// stripped says whether a mark is a diacritic that may go. Those of Thai,
// Arabic vowels and Indian scripts are letters or of the letter's kind.
func stripped(r rune) bool {
	return r >= 0x300 && r < 0x370 || r >= 0x64B && r <= 0x65F || r >= 0x591 && r <= 0x5C7 || r >= 0xE47 && r <= 0xE4B
}

// odd letters do not come apart into a letter and a mark.
var odd = map[rune]string{
	'ß': "ss", 'æ': "ae", 'œ': "oe", 'ø': "o", 'ł': "l", 'đ': "d", 'ð': "d", 'þ': "th", 'ı': "i", 'ə': "a", 'ħ': "h",
	'ŋ': "n", 'ŧ': "t", 'ɓ': "b", 'ɗ': "d", 'ƙ': "k", 'ʼ': "", 'ʻ': "", 'ˮ': "", 'ĸ': "k",
}

func lowerASCII(word string) bool {
	for i := range len(word) {
		if c := word[i]; c >= 0x80 || c >= 'A' && c <= 'Z' {
			return false
		}
	}
	return true
}

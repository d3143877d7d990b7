package ident

import (
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// foldRoom is how many bytes of a folded name are looked at; longer ones are no
// name of a port or a country.
const foldRoom = 256

// foldName appends what of a name counts in a comparison: small letters without
// accents, and digits, with one space where anything else stood between them.
// Scripts other than Latin, Greek and Cyrillic keep their marks, which are part of
// their letters.
func foldName(to []byte, name string) []byte {
	start, gap := len(to), false
	for _, r := range decomposed(name) {
		switch {
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
		case r >= 'A' && r <= 'Z':
			r += 'a' - 'A'
		case r == ' ':
			gap = true
			continue
		case unicode.Is(unicode.Mn, r) && r < 0x370: // accents
			continue
		case !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r):
			if r != '\'' && r != 0x2019 { // "Xi'an" is one word
				gap = true
			}
			continue
		}
		if gap && len(to) > start {
			to = append(to, ' ')
		}
		gap = false
		if len(to)-start > foldRoom-utf8.UTFMax {
			return to[:start]
		}
		if r >= utf8.RuneSelf {
			r = plainLetter(unicode.ToLower(r))
		}
		to = utf8.AppendRune(to, r)
	}
	return to
}

// decomposed is the name with accents apart from their letters and full width
// letters as others.
func decomposed(name string) string {
	for i := range len(name) {
		if name[i] >= utf8.RuneSelf {
			return norm.NFKD.String(name[:min(len(name), 4*foldRoom)])
		}
	}
	return name
}

// plainLetter gives the letter that people type for one that has no accent to
// take off.
func plainLetter(r rune) rune {
	switch r {
	case 'ø':
		return 'o'
	case 'đ', 'ð':
		return 'd'
	case 'ł':
		return 'l'
	case 'ı':
		return 'i'
	}
	return r
}

// portWords are what people write before or behind the name of a port.
var portWords = [...]string{
	"port of ", "port ", "ports of ", "puerto de ", "puerto ", "porto de ", "porto ", "port de ", "porto di ", "pelabuhan ", "cang ", "pto ",
	"the port of ", "harbour of ", "seaport of ",
}

var portEnds = [...]string{" port", " harbour", " harbor", " pt", " seaport", " apt", " container terminal", " terminal", " ct"}

// foldPort cuts from a folded name the words that only say that it is a port.
func foldPort(name []byte) []byte {
	for _, w := range portWords {
		if len(name) > len(w)+2 && string(name[:len(w)]) == w {
			name = name[len(w):]
			break
		}
	}
	for _, w := range portEnds {
		if n := len(name) - len(w); n > 2 && string(name[n:]) == w {
			return name[:n]
		}
	}
	return name
}

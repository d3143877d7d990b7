package script

// Sound writes a word of small Latin letters the way it may sound, so that
// spellings of one name in several romanisations come out alike: Osama and
// Usama, Gulnara and Gulnarah, Wladimir and Vladimir, Hussein and Husayn. It
// is a fold for comparing only, and meant for no language in particular.
func Sound(word string) string {
	var buf [48]byte
	out := buf[:0]
	for i := 0; i < len(word) && len(out) < len(buf)-2; {
		sounds, n := sound(word[i:], i == 0)
		for k := range len(sounds) {
			if c := sounds[k]; len(out) == 0 || out[len(out)-1] != c || c <= '9' {
				out = append(out, c)
			}
		}
		i += n
	}
	if n := len(out); n > 2 && out[n-1] == 'h' {
		out = out[:n-1]
	}
	return string(out)
}

// groups of letters and their sound, longest first within a first letter.
var groups = [256][]struct{ letters, sound string }{
	'a': {{"aa", "a"}, {"ae", "a"}, {"ay", "ai"}, {"aj", "ai"}},
	'c': {{"ch", "c"}, {"ck", "k"}, {"ce", "si"}, {"ci", "si"}, {"cy", "si"}, {"cz", "c"}, {"c", "k"}},
	'd': {{"dzh", "j"}, {"dj", "j"}, {"dh", "d"}},
	'e': {{"eo", "u"}, {"eu", "u"}, {"ee", "i"}, {"ey", "ai"}, {"ei", "ai"}, {"ej", "ai"}, {"ea", "i"}, {"e", "i"}},
	'g': {{"gh", "g"}},
	'h': {{"hs", "s"}},
	'i': {{"ie", "i"}, {"iy", "i"}, {"ij", "i"}, {"ii", "i"}},
	'j': {{"jh", "j"}},
	'k': {{"kh", "h"}},
	'o': {{"ou", "u"}, {"oo", "u"}, {"oe", "u"}, {"oh", "u"}, {"o", "u"}},
	'p': {{"ph", "f"}},
	'q': {{"qu", "k"}, {"q", "k"}},
	's': {{"sch", "s"}, {"sh", "s"}, {"sz", "s"}},
	't': {{"tsch", "c"}, {"tch", "c"}, {"th", "t"}, {"ts", "s"}, {"tz", "s"}},
	'u': {{"ue", "u"}, {"uo", "u"}},
	'w': {{"w", "v"}},
	'y': {{"yy", "i"}, {"yj", "i"}, {"yi", "i"}, {"ya", "ya"}, {"yo", "yu"}, {"yu", "yu"}, {"ye", "i"}, {"y", "i"}},
	'z': {{"zh", "j"}, {"z", "s"}},
}

func sound(rest string, first bool) (string, int) {
	if first {
		switch {
		case len(rest) > 1 && rest[0] == 'x':
			return "s", 1
		case rest[0] == 'y' && len(rest) > 1:
			return "y", 1
		}
	}
	for _, g := range groups[rest[0]] {
		if len(rest) >= len(g.letters) && rest[:len(g.letters)] == g.letters {
			return g.sound, len(g.letters)
		}
	}
	return rest[:1], 1
}

// Bones writes the consonants of a word of small Latin letters into buf and
// returns them: what is left of a name when it is written in an abjad. It
// allocates nothing if buf has room.
func Bones(word string, buf []byte) []byte {
	out := buf[:0]
	for i := 0; i < len(word) && len(out) < cap(buf); i++ {
		c := word[i]
		next := byte(0)
		if i+1 < len(word) {
			next = word[i+1]
		}
		switch c {
		case 'a', 'e', 'i', 'o', 'u', 'y', 'w':
			continue
		case 's', 'k', 'g', 't', 'd', 'c', 'p':
			if next == 'h' {
				c, i = breath(c), i+1
			} else if c == 'p' {
				c = 'b' // Arabic has no p
			} else if c == 'c' {
				c = 'k'
			}
		case 'q':
			c = 'k'
		case 'z':
			c = 's'
		case 'v':
			c = 'f'
		}
		if n := len(out); n == 0 || out[n-1] != c || i > 0 && word[i-1] != word[i] {
			out = append(out, c)
		}
	}
	return out
}

// breath is the consonant that a letter and an h stand for.
func breath(c byte) byte {
	switch c {
	case 'p':
		return 'f'
	case 'k':
		return 'h'
	case 's', 'c':
		return 'x'
	}
	return c
}

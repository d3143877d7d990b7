package typeface

import (
	"slices"
	"sync"
	"unicode"

	"golang.org/x/text/unicode/bidi"
	"golang.org/x/text/unicode/norm"
)

// visual puts the letters of a line in the order in which they stand on paper, and gives Arabic ones their forms.
func visual(text string) []rune {
	letters := []rune(text)
	if !slices.ContainsFunc(letters, turns) {
		return letters
	}
	letters = joined(letters)
	levels := levelsOf(letters)
	for level := slices.Max(levels); level > 0; level-- {
		for from := 0; from < len(letters); from++ {
			to := from
			for to < len(letters) && levels[to] >= level {
				to++
			}
			if to > from {
				slices.Reverse(letters[from:to])
				slices.Reverse(levels[from:to])
				from = to
			}
		}
	}
	for i, level := range levels {
		if level%2 == 1 {
			letters[i] = mirrored(letters[i])
		}
	}
	return marksBehind(letters, levels)
}

func classOf(r rune) bidi.Class {
	p, _ := bidi.LookupRune(r)
	return p.Class()
}

// turns tells letters that are written from the right.
func turns(r rune) bool {
	if r < 0x590 {
		return false
	}
	c := classOf(r)
	return c == bidi.R || c == bidi.AL || c == bidi.AN
}

// levelsOf gives letters their levels by the Unicode Bidirectional Algorithm (UAX 9): rules P2 to P3, W1 to W7, N1 to N2, I1 to I2 and L1.
// What embeds and isolates is not among the letters that Shown lets through; brackets are taken as other neutrals.
func levelsOf(letters []rune) []int {
	classes := make([]bidi.Class, len(letters))
	base := 0
	for i, r := range letters {
		classes[i] = classOf(r)
	}
	if first := slices.IndexFunc(classes, func(c bidi.Class) bool { return c == bidi.L || c == bidi.R || c == bidi.AL }); first >= 0 && classes[first] != bidi.L {
		base = 1
	}
	own := bidi.L
	if base == 1 {
		own = bidi.R
	}
	weak(classes, own)
	neutral(classes, own)
	levels := make([]int, len(letters))
	for i, c := range classes {
		levels[i] = base
		switch {
		case c == bidi.EN || c == bidi.AN:
			levels[i] += 2 - base
		case c != own:
			levels[i]++
		}
	}
	for i := len(letters) - 1; i >= 0 && unicode.IsSpace(letters[i]); i-- {
		levels[i] = base
	}
	return levels
}

// weak settles numbers and what stands beside them.
func weak(classes []bidi.Class, own bidi.Class) {
	strong, before := own, own
	for i, c := range classes {
		if c == bidi.NSM {
			c = before
		}
		before = c
		switch c {
		case bidi.L, bidi.R:
			strong = c
		case bidi.AL:
			strong, c = bidi.AL, bidi.R
		case bidi.EN:
			if strong == bidi.AL {
				c = bidi.AN
			}
		}
		classes[i] = c
	}
	number := func(c bidi.Class) bool { return c == bidi.EN || c == bidi.AN }
	for i := 1; i+1 < len(classes); i++ {
		a, c, b := classes[i-1], classes[i], classes[i+1]
		if a == b && number(a) && (c == bidi.CS || c == bidi.ES && a == bidi.EN) {
			classes[i] = a
		}
	}
	for i := 0; i < len(classes); i++ {
		from := i
		for i < len(classes) && classes[i] == bidi.ET {
			i++
		}
		if i > from && (from > 0 && classes[from-1] == bidi.EN || i < len(classes) && classes[i] == bidi.EN) {
			for j := from; j < i; j++ {
				classes[j] = bidi.EN
			}
		}
	}
	strong = own
	for i, c := range classes {
		switch c {
		case bidi.L, bidi.R:
			strong = c
		case bidi.EN:
			if strong == bidi.L {
				classes[i] = bidi.L
			}
		case bidi.AN:
		default:
			classes[i] = bidi.ON
		}
	}
}

// neutral gives what has no direction that of both its sides where they agree, else that of the line.
func neutral(classes []bidi.Class, own bidi.Class) {
	side := func(i int) bidi.Class {
		switch {
		case i < 0 || i >= len(classes):
			return own
		case classes[i] == bidi.L:
			return bidi.L
		}
		return bidi.R // of numbers too, which stand in lines from the right
	}
	for i := 0; i < len(classes); i++ {
		from := i
		for i < len(classes) && classes[i] == bidi.ON {
			i++
		}
		if i == from {
			continue
		}
		c := own
		if before, after := side(from-1), side(i); before == after {
			c = before
		}
		for j := from; j < i; j++ {
			classes[j] = c
		}
	}
}

// marksBehind puts marks that sit on a letter behind it again, after letters were turned round.
func marksBehind(letters []rune, levels []int) []rune {
	for i := 0; i < len(letters); i++ {
		j := i
		for j < len(letters) && levels[j]%2 == 1 && unicode.Is(unicode.Mn, letters[j]) {
			j++
		}
		if j > i && j < len(letters) {
			base := letters[j]
			copy(letters[i+1:j+1], letters[i:j])
			letters[i] = base
			i = j
		}
	}
	return letters
}

var mirrors = map[rune]rune{'(': ')', ')': '(', '[': ']', ']': '[', '{': '}', '}': '{', '<': '>', '>': '<', '«': '»', '»': '«'}

func mirrored(r rune) rune {
	if m, ok := mirrors[r]; ok {
		return m
	}
	return r
}

// forms are the shapes of an Arabic letter: alone, at the end, at the beginning, in the middle. Letters that join only to the one before
// them lack the last two.
type forms [4]rune

const (
	alone = iota
	final
	initial
	medial
)

// arabic gives the forms of letters, and of pairs that are written as one (lam and alef). They are read off the compatibility characters of
// Unicode, whose blocks list the forms of each letter in this order.
var arabic = sync.OnceValues(func() (map[rune]forms, map[[2]rune]forms) {
	letters, pairs := map[rune]forms{}, map[[2]rune]forms{}
	for _, block := range [][2]rune{{0xFB50, 0xFBB1}, {0xFBD3, 0xFBE9}, {0xFBFC, 0xFBFF}, {0xFE80, 0xFEFC}} {
		at := map[string]int{}
		for r := block[0]; r <= block[1]; r++ {
			plain := norm.NFKC.String(string(r))
			if plain == string(r) {
				continue
			}
			form := at[plain]
			at[plain]++
			if form > medial {
				continue
			}
			switch spelled := []rune(plain); len(spelled) {
			case 1:
				f := letters[spelled[0]]
				f[form] = r
				letters[spelled[0]] = f
			case 2:
				f := pairs[[2]rune(spelled)]
				f[form] = r
				pairs[[2]rune(spelled)] = f
			}
		}
	}
	return letters, pairs
})

// joined gives Arabic letters, in the order in which they are read, the forms that they have beside each other.
func joined(text []rune) []rune {
	letters, pairs := arabic()
	// next is the place of the next letter that is no mark.
	next := func(i int) int {
		for i++; i < len(text) && unicode.Is(unicode.Mn, text[i]); i++ {
			continue
		}
		return i
	}
	joinsOn := func(r rune) bool { return letters[r][initial] != 0 || r == 0x640 }
	var all []rune
	before := false // the letter before joins to this one
	for i := 0; i < len(text); i++ {
		r := text[i]
		f, known := letters[r]
		switch {
		case unicode.Is(unicode.Mn, r):
			all = append(all, r)
			continue
		case !known:
			all = append(all, r)
			before = r == 0x640
			continue
		}
		after := next(i)
		if after < len(text) {
			if pair, ok := pairs[[2]rune{r, text[after]}]; ok && after == i+1 {
				all = append(all, pick(pair, before, false, r))
				i, before = after, false
				continue
			}
		}
		on := joinsOn(r) && after < len(text) && (letters[text[after]][final] != 0 || text[after] == 0x640)
		all = append(all, pick(f, before && f[final] != 0, on, r))
		before = on
	}
	return all
}

func pick(f forms, before, after bool, plain rune) rune {
	at := alone
	switch {
	case before && after:
		at = medial
	case before:
		at = final
	case after:
		at = initial
	}
	if f[at] == 0 {
		return plain
	}
	return f[at]
}

package name

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"
	"sync"

	"rummage/resolve/name/script"
)

// class is what sort of word a common word is.
type class uint8

const (
	ordinary class = iota
	filler
	corporate
	sector
	place
	title
	particle
	given
)

var classNames = []string{"ordinary", "filler", "corporate", "sector", "place", "title", "particle", "given"}

// worth is what a word of each class counts for: rare when both names have it,
// cost when one lacks it or has another. Chosen by what the words mean, before
// any pair was looked at: a shared sector is no evidence, two sectors are two
// firms.
var worth = [...]struct{ rare, cost float32 }{
	ordinary:  {1, 1},
	filler:    {0.02, 0.02},
	corporate: {0.15, 0.3},
	sector:    {0.25, 0.6},
	place:     {0.35, 0.6},
	title:     {0.02, 0.02},
	particle:  {0.1, 0.1},
	given:     {0.6, 0.8},
}

//go:embed words.txt
var wordTable string

// lexicon finds common words. Firms and persons have lexicons of their own:
// Bank is a sector, and a family name.
type lexicon struct {
	latin  map[string]entry // by words in Latin letters, blanks between
	native map[string]entry // by letters of scripts without blanks
	longer map[string]bool  // first words of entries of several
}

type entry struct {
	idea  uint16
	class class
}

type lexicons struct {
	firm, person lexicon
	ideas        []string
}

var tables = sync.OnceValue(func() *lexicons {
	t, err := parseWords(wordTable)
	if err != nil {
		panic(err) // the table is part of the program, and tested
	}
	return t
})

// ideas are the meanings by number.
func ideas() []string { return tables().ideas }

func parseWords(text string) (*lexicons, error) {
	t := &lexicons{firm: newLexicon(), person: newLexicon(), ideas: []string{""}}
	for n, line := range strings.Split(text, "\n") {
		if line = strings.TrimSpace(line); line == "" || line[0] == '#' {
			continue
		}
		cells := strings.SplitN(line, "|", 3)
		if len(cells) != 3 {
			return nil, fmt.Errorf("name: words.txt: line %d: %d cells instead of 3", n+1, len(cells))
		}
		at := slices.Index(classNames, strings.TrimSpace(cells[0]))
		if at < 0 {
			return nil, fmt.Errorf("name: words.txt: line %d: no such class: %s", n+1, cells[0])
		}
		meaning := strings.TrimSpace(cells[1])
		idea := slices.Index(t.ideas, meaning)
		if idea < 0 {
			idea = len(t.ideas)
			t.ideas = append(t.ideas, meaning)
		}
		into := &t.firm
		if class(at) >= title {
			into = &t.person
		}
		for _, spelling := range strings.Fields(cells[2]) {
			into.put(strings.ReplaceAll(spelling, "_", " "), entry{uint16(idea), class(at)})
		}
	}
	return t, nil
}

func newLexicon() lexicon {
	return lexicon{latin: map[string]entry{}, native: map[string]entry{}, longer: map[string]bool{}}
}

// put enters a spelling; the first line that has one keeps it.
func (l *lexicon) put(spelling string, e entry) {
	var latin []string
	folded := script.Fold(script.Clean(spelling))
	if first := script.Of([]rune(folded)[0]); native(first) {
		if _, known := l.native[folded]; !known {
			l.native[folded] = e
		}
		return
	}
	for _, w := range strings.Fields(folded) {
		if rest, ok := strings.CutPrefix(w, article); ok && rest != "" {
			w = rest // names are cut behind it too
		}
		latin = append(latin, script.Latinise(w))
	}
	key := strings.Join(latin, " ")
	if _, known := l.latin[key]; !known && key != "" {
		l.latin[key] = e
	}
	if len(latin) > 1 {
		l.longer[latin[0]] = true
	}
}

// longest is the most words of one entry.
const longest = 4

// find looks up what begins with piece i, the most pieces first.
func (l *lexicon) find(pieces []piece, i int) (entry, int) {
	if l.longer[pieces[i].latin] {
		for n := min(longest, len(pieces)-i); n > 1; n-- {
			key := pieces[i].latin
			for _, p := range pieces[i+1 : i+n] {
				key += " " + p.latin
			}
			if e, ok := l.latin[key]; ok {
				return e, n
			}
		}
	}
	if e, ok := l.latin[pieces[i].latin]; ok {
		return e, 1
	}
	return entry{}, 0
}

// dottedPlaces are places that stand in names as letters with dots; other
// letters with dots are the firm's own.
var dottedPlaces = strings.Fields("us usa uk uae prc hk")

// firmWords turns the pieces of a firm's or vessel's name into words.
func firmWords(pieces []piece) []word {
	lex := &tables().firm
	var out []word
	for i := 0; i < len(pieces); i++ {
		p := pieces[i]
		if native(p.script) {
			out = append(out, segment(p, lex)...)
			continue
		}
		w := word{text: p.latin, script: p.script}
		if p.script == script.Digit {
			w.flags |= number
			out = append(out, w)
			continue
		}
		if p.script.Abjad() {
			w.flags |= abjad
		}
		if e, n := lex.find(pieces, i); n > 0 && (!p.dotted || n == 1 && slices.Contains(dottedPlaces, p.latin)) {
			w.idea, w.class = e.idea, e.class
			for _, more := range pieces[i+1 : i+n] {
				w.text += more.latin
			}
			i += n - 1
		}
		if w.idea == 0 && (p.dotted || len(w.text) <= 3) && w.flags&abjad == 0 {
			w.flags |= short
		}
		out = append(out, w)
	}
	return out
}

// segment parts a piece of a script without blanks into the common words that
// it holds, the longest first, and what stands between them.
func segment(p piece, lex *lexicon) []word {
	runes := []rune(script.Fold(p.raw))
	var out []word
	start, least := 0, 2
	if p.script == script.Thai {
		least = 4 // letters, where others have syllables
	}
	rest := func(end int) {
		if end > start {
			out = append(out, nativeWord(runes[start:end], entry{}))
		}
	}
	for i := 0; i < len(runes); {
		n := min(10, len(runes)-i)
		var e entry
		for ; n > 0; n-- {
			var ok bool
			// A short word inside is part of a name more often than a word: it must end the name.
			atEnd := i+n == len(runes) && i > 0 && i != start+1
			if e, ok = lex.native[string(runes[i:i+n])]; ok && (n >= least || atEnd || i == 0 && e.class == place && n > 1) {
				break
			}
		}
		if n == 0 {
			i++
			continue
		}
		rest(i)
		out = append(out, nativeWord(runes[i:i+n], e))
		i += n
		if k := district(runes[i:]); e.class == place && k > 0 {
			out = append(out, nativeWord(runes[i:i+k], entry{class: place}))
			i += k
		}
		start = i
	}
	rest(len(runes))
	return out
}

// district is the length of a district's name at the beginning, such as 白云区,
// that something follows; or 0.
func district(runes []rune) int {
	for k := 1; k < 4 && k+2 < len(runes); k++ {
		if strings.ContainsRune("区县镇乡", runes[k]) {
			return k + 1
		}
	}
	return 0
}

// nativeWord is a word in its own script, spelled by the first system.
func nativeWord(runes []rune, e entry) word {
	w := word{native: slices.Clone(runes), text: script.Latinise(string(runes)), idea: e.idea, class: e.class, script: script.Of(runes[0])}
	if w.script.Spelled() {
		w.flags |= spelled
	}
	return w
}

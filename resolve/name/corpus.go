package name

import (
	"math"
	"strings"

	"rummage/resolve/name/form"
	"rummage/resolve/name/script"
)

// Corpus learns from names how rare a word is: the inverse of the number of
// names that have it. Fed with the parties of a store, it knows that in this
// trade everybody is called Pacific. It keeps one counter a word, about 60
// bytes. The order in which names are added makes no difference. Adding is for
// one goroutine; preparing, afterwards, for many.
type Corpus struct {
	names int
	with  map[string]int32
}

// Add counts the words of a name, each once.
func (c *Corpus) Add(n *Name) {
	if c.with == nil {
		c.with = map[string]int32{}
	}
	c.names++
	base := n.readings[0]
	for i := range base {
		first := true
		for k := range base[:i] {
			first = first && base[k].key() != base[i].key()
		}
		if first {
			c.with[base[i].key()]++
		}
	}
}

// Names is the number of names added.
func (c *Corpus) Names() int { return c.names }

// key is what words are counted by: their letters in their own script.
func (w *word) key() string {
	if len(w.native) > 0 {
		return string(w.native)
	}
	return w.text
}

// half is the number of names from which the corpus counts for half.
const half = 1000

// weigh sets what a word is worth: by its class and length, and less if the
// corpus has it often. A corpus of few names says little: its share grows as
// N/(N+1000). It never makes a word of trade rarer than its class says.
func (c *Corpus) weigh(w *word) {
	rare, cost := worth[w.class].rare, worth[w.class].cost
	switch {
	case w.flags&number != 0:
		rare, cost = 0.25, 0.4
	case w.flags&initial != 0:
		rare, cost = 0.15, 0.3
	case w.flags&patron != 0:
		rare, cost = 0.6, 0.5
	case w.class == ordinary:
		rare *= lengthWorth(w)
		cost = rare
	}
	if c != nil && c.names > 0 && w.class != filler {
		share := float64(c.names) / float64(c.names+half)
		idf := math.Log(float64(c.names+1)/float64(c.with[w.key()]+1)) / math.Log(float64(c.names+1))
		// A word that one name in a thousand has is as good as any.
		seen := math.Min(1, 2*idf)
		rare *= float32(1 - share + share*seen)
	}
	w.rare, w.cost = rare, cost
}

// lengthWorth is smaller for short words, which meet by chance.
func lengthWorth(w *word) float32 {
	n := len(w.text)
	if w.flags&spelled != 0 {
		n = 3 * len(w.native)
	}
	switch {
	case n <= 1:
		return 0.3
	case n == 2:
		return 0.6
	case n == 3:
		return 0.8
	case n == 4:
		return 0.9
	}
	return 1
}

// guess takes a name for a company's if it has a legal form or a word of trade,
// and else for a person's. The pieces are those of a company without forms that stand
// in the text, nil where they are not known.
func guess(clean string) (kind Kind, pieces []piece) {
	text, forms := form.Cut(clean)
	if len(forms) > 0 {
		return Company, nil
	}
	pieces = letterRuns(cut(clean))
	if !company(clean, pieces) {
		return Person, nil
	}
	if text != clean {
		pieces = nil
	}
	return Company, pieces
}

// company says whether a name has a form or a word of trade.
func company(clean string, pieces []piece) bool {
	words := make([]string, len(pieces))
	for i, p := range pieces {
		words[i] = p.latin
	}
	if _, found := form.Strip(words); len(found) > 0 || strings.Contains(clean, "&") {
		return true
	}
	lex := &tables().firm
	for i, p := range pieces {
		if native(p.script) {
			for _, w := range segment(p, lex) {
				if w.class == sector || w.class == corporate {
					return true
				}
			}
			continue
		}
		if p.script == script.Digit {
			return true
		}
		if e, _ := lex.find(pieces, i); e.class == sector || e.class == corporate {
			return true
		}
	}
	return false
}

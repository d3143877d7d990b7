package redaction

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"rummage/casefile/subgraph"
)

// Knowledge is what is known of names and persons elsewhere, and handed in. Without a part of it less is found.
type Knowledge struct {
	// Person tells persons that no record says to be one.
	Person func(*subgraph.Node) bool
	// Fold brings a word into the form in which it is compared. Without it case, width and diacritics are folded.
	Fold func(word string) string
	// Wording is what the case file says whoever it is of. Without it a name that is a word of it is found there, for which the case file is refused.
	Wording *Wording
	// Words cuts a name into its words, without its legal form. Without it names are looked for whole.
	Words func(name string) []Word
}

// Word is a word of a name.
type Word struct {
	Text   string
	Common bool // many names have it: a trade, a place, a title, a number
}

// token is a word of a text, or one sign of a script that has no blanks between words.
type token struct {
	from, to int // bytes of the text
	folded   string
	unspaced bool
}

// folder cuts texts into folded words.
type folder struct {
	fold func(string) string
	seen map[string]string
}

// mostSeen is how many folded words are remembered: more than the words of the texts of a case file that come again.
const mostSeen = 1 << 16

func newFolder(fold func(string) string) *folder {
	if fold == nil {
		fold = func(word string) string {
			return norm.NFC.String(strings.Map(func(r rune) rune {
				if unicode.Is(unicode.Mn, r) {
					return -1
				}
				return unicode.ToLower(r)
			}, norm.NFD.String(word)))
		}
	}
	return &folder{fold, map[string]string{}}
}

// word is a word folded.
func (f *folder) word(text string) string {
	if folded, there := f.seen[text]; there {
		return folded
	}
	folded := f.fold(text)
	if len(f.seen) < mostSeen {
		f.seen[strings.Clone(text)] = folded
	}
	return folded
}

// unspaced are scripts without blanks between words, or whose particles are joined to words.
var unspaced = []*unicode.RangeTable{unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar}

// lengthens is the sign for a long vowel of kana, which is of no script.
const lengthens = 'ー'

// tokens cuts a text that is in NFKC. "&" is the word "and".
func (f *folder) tokens(text string) []token {
	var all []token
	start := -1
	flush := func(end int) {
		if start >= 0 {
			all = append(all, token{start, end, f.word(text[start:end]), false})
		}
		start = -1
	}
	for i, r := range text {
		end := i + utf8.RuneLen(r)
		switch {
		case r < utf8.RuneSelf && (r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'):
			if start < 0 {
				start = i
			}
		case r == '&':
			flush(i)
			all = append(all, token{i, end, "and", false})
		case r < utf8.RuneSelf || r == utf8.RuneError:
			flush(i)
		case r == lengthens || unicode.IsLetter(r) && unicode.In(r, unspaced...):
			flush(i)
			all = append(all, token{i, end, f.word(text[i:end]), true})
		case unicode.IsMark(r):
			if last := len(all) - 1; start < 0 && last >= 0 && all[last].to == i {
				all[last].to = end
				all[last].folded = f.word(text[all[last].from:end])
			}
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			if start < 0 {
				start = i
			}
		default:
			flush(i)
		}
	}
	flush(len(text))
	return all
}

// sort is what a spelling is of.
type sort uint8

const (
	ofName   sort = iota // whole, perhaps without its legal form
	ofPair               // two words of a name, which somebody else may have, too
	ofNumber             // digits alone
)

// spelling is a text as it is looked for.
type spelling struct {
	next    map[byte]int32
	instead string
	ends    bool
	sort    sort
}

// tree holds spellings by their bytes.
type tree []spelling

// spellings are looked for in texts word by word, whatever stands between the words. Looking is linear in the words but for those that begin
// alike. Within a name of who is shown no pair is found.
type spellings struct {
	*folder
	hidden, shown tree
}

func newSpellings(f *folder) *spellings { return &spellings{f, tree{{}}, tree{{}}} }

func (s *spellings) put(folded, instead string, of sort) { s.hidden.put(folded, instead, of) }

// show keeps a name of who is shown.
func (s *spellings) show(folded string) { s.shown.put(folded, "", ofName) }

func (t *tree) put(folded, instead string, of sort) {
	at := int32(0)
	for i := range len(folded) {
		if (*t)[at].next == nil {
			(*t)[at].next = map[byte]int32{}
		}
		next, there := (*t)[at].next[folded[i]]
		if !there {
			next = int32(len(*t)) //nolint:gosec // a tree of 2^31 signs does not fit in memory
			(*t)[at].next[folded[i]] = next
			*t = append(*t, spelling{})
		}
		at = next
	}
	e := &(*t)[at]
	switch {
	case at == 0:
	case !e.ends:
		e.instead, e.ends, e.sort = instead, true, of
	default:
		e.sort = min(e.sort, of)
		if e.instead != instead {
			e.instead = shared
		}
	}
}

// widestGap is how many bytes may stand between two words of one name or number: " & ", "., ", two full-width signs.
const widestGap = 6

// at finds the longest spelling that begins with a token and is wanted: its last token, -1 for none.
func (t tree) at(text string, all []token, first int, wanted func(last int, of sort) bool) (last int, instead string) {
	node := int32(0)
	last = -1
	for j := first; j < len(all); j++ {
		if j > first {
			if gap := text[all[j-1].to:all[j].from]; len(gap) > widestGap || strings.ContainsAny(gap, "\n<>\"") {
				return last, instead
			}
		}
		for _, b := range []byte(all[j].folded) {
			next, there := t[node].next[b]
			if !there {
				return last, instead
			}
			node = next
		}
		if e := &t[node]; e.ends && wanted(j, e.sort) {
			last, instead = j, e.instead
		}
	}
	return last, instead
}

// find tells of every spelling in a text that is in NFKC, from left to right, which tokens it covers and what stands for it, until visit says no.
func (s *spellings) find(text string, all []token, numbers bool, visit func(first, last int, instead string) bool) {
	shown := -1 // the last token of a name of who is shown
	wanted := func(last int, of sort) bool {
		return numbers && of == ofNumber || of == ofName || of == ofPair && last > shown
	}
	for i := 0; i < len(all); i++ {
		end, _ := s.shown.at(text, all, i, func(int, sort) bool { return true })
		shown = max(shown, end)
		last, instead := s.hidden.at(text, all, i, wanted)
		if last < 0 {
			continue
		}
		if !visit(i, last, instead) {
			return
		}
		i = last
	}
}

// replace puts what stands for them in the place of all spellings, and counts them. A text without any stays byte by byte.
func (s *spellings) replace(text string) (string, int) {
	if len(s.hidden) == 1 {
		return text, 0
	}
	normal := norm.NFKC.String(text)
	all := s.tokens(normal)
	var out strings.Builder
	n, kept := 0, 0
	s.find(normal, all, true, func(first, last int, instead string) bool {
		out.WriteString(normal[kept:all[first].from])
		out.WriteString(instead)
		kept = all[last].to
		n++
		return true
	})
	if n == 0 {
		return text, 0
	}
	out.WriteString(normal[kept:])
	return out.String(), n
}

// holds tells whether a text holds any.
func (s *spellings) holds(text string, numbers bool) (found bool) {
	if len(s.hidden) == 1 {
		return false
	}
	text = norm.NFKC.String(text)
	s.find(text, s.tokens(text), numbers, func(int, int, string) bool {
		found = true
		return false
	})
	return found
}

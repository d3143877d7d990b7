package redaction

import (
	"bytes"
	"index/suffixarray"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"rummage/graph"
)

// Wording is what a case file says whoever it is of: headings, keys, names of columns and of files, scripts. A name that is a word of it, such as
// Evidence or Infinity, says nothing where the wording has it, and could not be taken out there without telling what it is: "redacted-... of its
// roles". So it is taken out where it stands as it is stored, as a word of its own or as a whole name, and hunted between the signs that end a
// field, where the wording does not have it just so. A nil Wording has no words.
type Wording struct{ as, small *suffixarray.Index }

// NewWording is that of all these texts.
func NewWording(texts []byte) *Wording {
	return &Wording{suffixarray.New(texts), suffixarray.New(bytes.ToLower(texts))}
}

// has tells whether the wording holds a text as it stands.
func (w *Wording) has(text string) bool { return w != nil && len(w.as.Lookup([]byte(text), 1)) > 0 }

// says tells whether the wording holds a text, in small or in capital letters, within a word too: what is hunted there is hunted so. Short words of
// the letters a to f it says always, since sums do.
func (w *Wording) says(text string) bool {
	if w == nil {
		return false
	}
	small := strings.ToLower(norm.NFC.String(text))
	return len(w.small.Lookup([]byte(small), 1)) > 0 || len(small) < leastInSums && strings.Trim(small, "0123456789abcdef") == ""
}

// leastInSums is the least length of a word of hexadecimal digits that is hunted: one of 8 stands by chance in one of 70 million sums.
const leastInSums = 8

// word notes a name that is a word of the wording.
func (r *Redaction) word(text, instead string) {
	put(r.words, text, instead)
	r.log.Wording = len(r.words)
}

// ends are the signs around a field of a file, or around a word.
var ends = [][2]string{{`"`, `"`}, {">", "<"}, {",", ","}, {" ", " "}}

// huntedWords lists the names that are words of the wording as they are hunted.
func (r *Redaction) huntedWords() []string {
	var all []string
	for word := range r.words {
		for _, end := range ends {
			if field := end[0] + word + end[1]; !r.known.Wording.has(field) {
				all = append(all, field)
			}
		}
	}
	return all
}

// unworded takes names that are words of the wording out of a text, where each is a word of its own as it is stored. It stays within a longer word
// that the wording has: TLP:AMBER, evidence/rows.jsonl.
func (r *Redaction) unworded(text string) string {
	var held []string
	for word := range r.words {
		if strings.Contains(text, word) {
			held = append(held, word)
		}
	}
	if len(held) == 0 {
		return text
	}
	slices.SortFunc(held, func(a, b string) int { return len(b) - len(a) })
	var out strings.Builder
	for at := 0; at < len(text); {
		i := slices.IndexFunc(held, func(word string) bool { return r.stands(text, at, word) })
		if i >= 0 {
			out.WriteString(r.words[held[i]])
			at += len(held[i])
			continue
		}
		_, size := utf8.DecodeRuneInString(text[at:])
		out.WriteString(text[at : at+size])
		at += size
	}
	return out.String()
}

// Names tells whether a text names one by a word of the wording, or is a name that is too short to be hunted.
func (r *Redaction) Names(text string) bool {
	_, whole := r.whole[text]
	return whole || r.unworded(text) != text
}

// stands tells whether a word of its own begins at a place of a text.
func (r *Redaction) stands(text string, at int, word string) bool {
	if !strings.HasPrefix(text[at:], word) {
		return false
	}
	end := at + len(word)
	before, _ := utf8.DecodeLastRuneInString(text[:at])
	after, _ := utf8.DecodeRuneInString(text[end:])
	first, _ := utf8.DecodeRuneInString(word)
	last, _ := utf8.DecodeLastRuneInString(word)
	if inWord(before) && inWord(first) || inWord(after) && inWord(last) {
		return false
	}
	from := strings.LastIndexFunc(text[:at], unicode.IsSpace) + 1
	for from < at && !utf8.RuneStart(text[from]) { // a blank of several bytes
		from++
	}
	to := len(text)
	if blank := strings.IndexFunc(text[end:], unicode.IsSpace); blank >= 0 {
		to = end + blank
	}
	longer := strings.TrimFunc(text[from:to], func(c rune) bool { return strings.ContainsRune(`.,;:!?"'()[]<>`, c) })
	return longer == word || !r.known.Wording.has(longer)
}

// inWord tells whether a sign belongs to a word; the replacement sign stands for no sign.
func inWord(c rune) bool {
	return c != utf8.RuneError && (unicode.IsLetter(c) || unicode.IsDigit(c) || unicode.IsMark(c))
}

// ours tells whether a key of JSON has the form of ours, and is nothing that is stored of somebody.
func (r *Redaction) ours(key string) bool {
	return graph.ValidName(key) && !r.stored[key]
}

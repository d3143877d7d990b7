package redaction

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"rummage/casefile/subgraph"
	"rummage/graph"
)

// What is too short or too common is not looked for in other spellings, since it would be found in words that have nothing to do with it, and
// a finding in a finished pack refuses it: "amber" is a firm, a colour and a handling code. Counts are of signs without what stands between; of two
// words together, a sign that is a syllable or a word counts for three.
const (
	leastSpelled  = 7 // of a text of several words
	leastUnspaced = 3 // of scripts where a sign is a syllable or a word
	leastCommon   = 4 // of these, of a name of common words without its legal form
	leastBare     = 8 // of a name that is one word without its legal form
	leastDigits   = 8 // of numbers; one in a hundred million numbers of as many digits is the same by chance
	leastNational = 9 // of a telephone number without its country
	leastPair     = 9 // of two words of a name together,
	leastRare     = 5 // of which one is no common word and has so many,
	leastOther    = 4 // and the other so many
)

// show keeps the names of who is not redacted, as they stand and without their legal form: within these, two words that they share with somebody
// redacted are theirs.
func (r *Redaction) show(g *subgraph.Graph, chosen map[graph.ID]bool) {
	for i := range g.Nodes {
		n := &g.Nodes[i]
		if chosen[n.ID] || n.Kind != graph.Party.String() {
			continue
		}
		names := []string{n.Label}
		for _, a := range n.Attributes {
			if a.Name == graph.PropertyName || a.Name == graph.PropertyAlias {
				names = append(names, a.Value)
			}
		}
		for _, name := range names {
			r.spelled.show(r.folded(name))
			if r.known.Words == nil {
				continue
			}
			var bare strings.Builder
			for _, w := range r.known.Words(name) {
				bare.WriteString(r.folded(w.Text))
			}
			r.spelled.show(bare.String())
		}
	}
}

// folded is a text folded, without what stands between its words.
func (r *Redaction) folded(text string) string {
	var all strings.Builder
	for _, t := range r.spelled.tokens(norm.NFKC.String(text)) {
		all.WriteString(t.folded)
	}
	return all.String()
}

// long tells whether a folded text is long enough to be looked for.
func long(folded string, least int) bool {
	return utf8.RuneCountInString(folded) >= least || wide(folded) >= leastUnspaced
}

// wide counts the signs that are a syllable or a word.
func wide(folded string) int {
	n := 0
	for _, r := range folded {
		if unicode.In(r, unspaced...) {
			n++
		}
	}
	return n
}

// signs counts those of a folded text, of which one that is a syllable or a word counts for three.
func signs(folded string) int {
	return utf8.RuneCountInString(folded) + 2*wide(folded)
}

// spell looks for a text in other spellings of case, width, diacritics, punctuation and blanks; for telephone numbers without what stands
// before a number of that country.
func (r *Redaction) spell(text, instead string) {
	folded := r.folded(text)
	if strings.ContainsFunc(folded, unicode.IsLetter) {
		if !r.known.Wording.says(text) && long(folded, leastSpelled) {
			r.spelled.put(folded, instead, ofName)
		}
		return
	}
	if utf8.RuneCountInString(folded) < leastDigits {
		return
	}
	r.spelled.put(folded, instead, ofNumber)
	if !strings.HasPrefix(strings.TrimSpace(text), "+") {
		return
	}
	r.spelled.put("00"+folded, instead, ofNumber)
	for country := 1; country <= 3; country++ {
		if national := folded[country:]; len(national) >= leastNational {
			r.spelled.put(national, instead, ofNumber)
			r.spelled.put("0"+national, instead, ofNumber)
			r.spelled.put(folded[:country]+"0"+national, instead, ofNumber)
			r.spelled.put("00"+folded[:country]+"0"+national, instead, ofNumber)
		}
	}
}

// spellID looks for the number within an id, such as 31213668 of JP31213668.
func (r *Redaction) spellID(label, instead string) {
	digits := strings.FieldsFunc(label, func(r rune) bool { return r < '0' || r > '9' })
	if len(digits) == 1 && len(digits[0]) >= leastDigits && hunted(digits[0]) {
		r.spelled.put(digits[0], instead, ofNumber)
	}
}

// spellName looks for a name without its legal form, its words in any order, and two of them together where that tells it from others.
func (r *Redaction) spellName(name, instead string) {
	if r.known.Words == nil {
		return
	}
	var words []Word
	rare := false
	for _, w := range r.known.Words(name) {
		if w.Text = r.folded(w.Text); w.Text != "" {
			words = append(words, w)
			rare = rare || !w.Common
		}
	}
	switch {
	case !rare:
		r.spellCommon(words, instead)
	case len(words) == 1:
		if long(words[0].Text, leastBare) && !r.known.Wording.says(words[0].Text) {
			r.spelled.put(words[0].Text, instead, ofName)
		}
	default:
		for _, order := range orders(len(words)) {
			var all []string
			for _, i := range order {
				all = append(all, words[i].Text)
			}
			if folded := strings.Join(all, ""); long(folded, leastSpelled) && !r.known.Wording.says(strings.Join(all, " ")) {
				r.spelled.put(folded, instead, ofName)
			}
		}
		if len(words) > 2 {
			r.spellPairs(words, instead)
		}
	}
}

// spellCommon looks for a name of common words without its legal form where it is of signs that are syllables or words: few texts that do not
// mean it have so many of them in a row.
func (r *Redaction) spellCommon(words []Word, instead string) {
	var all strings.Builder
	for _, w := range words {
		all.WriteString(w.Text)
	}
	if folded := all.String(); wide(folded) >= leastCommon && !r.known.Wording.says(folded) {
		r.spelled.put(folded, instead, ofName)
	}
}

func (r *Redaction) spellPairs(words []Word, instead string) {
	for i, a := range words {
		for j, b := range words {
			rare, other := a, b
			if rare.Common || signs(rare.Text) < leastRare {
				rare, other = b, a
			}
			if i == j || rare.Common || signs(rare.Text) < leastRare || signs(other.Text) < leastOther {
				continue
			}
			if pair := a.Text + b.Text; signs(pair) >= leastPair && !r.known.Wording.says(a.Text+" "+b.Text) {
				r.spelled.put(pair, instead, ofPair)
			}
		}
	}
}

// orders are those in which words of a name stand: all of two or three, of more as they stand, with the last first and the first last.
func orders(n int) [][]int {
	straight := make([]int, n)
	for i := range straight {
		straight[i] = i
	}
	switch n {
	case 2:
		return [][]int{straight, {1, 0}}
	case 3:
		return [][]int{straight, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}}
	}
	last := append([]int{n - 1}, straight[:n-1]...)
	return [][]int{straight, last, append(append([]int{}, straight[1:]...), 0)}
}

// Holds tells whether a text holds what was redacted in another spelling, names and, if so wanted, numbers.
func (r *Redaction) Holds(text string, numbers bool) bool {
	_, text = kindOf(text)
	return r.spelled.holds(text, numbers)
}

// kindOf parts the kind off an id: that an id has a kind is no secret, and an id needs it. Of other texts it parts nothing.
func kindOf(text string) (kind, rest string) {
	if graph.ID(text).Kind() == graph.NoKind {
		return "", text
	}
	at := strings.IndexByte(text, '/') + 1
	return text[:at], text[at:]
}

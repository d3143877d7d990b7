package form

import (
	"cmp"
	"slices"
	"strings"
	"sync"
	"unicode"

	"rummage/resolve/name/script"
)

// Cut takes forms out of text that is written without blanks between words,
// Chinese, Japanese, Korean and Thai ones, and puts a blank in their place. The
// text has been through script.Clean. What is left keeps its letters. Text that
// is nothing but a form gives no rest.
func Cut(text string) (rest string, found []*Form) {
	if ascii(text) {
		return text, nil
	}
	folded := script.Fold(text)
	if len(folded) != len(text) {
		text = folded // a fold that moves letters: the rest is the folded text
	}
	for _, s := range signs() {
		for at := find(folded, s); at >= 0; at = find(folded, s) {
			found = append(found, s.form)
			gap := " "
			text = text[:at] + gap + text[at+len(s.text):]
			folded = folded[:at] + gap + folded[at+len(s.text):]
		}
	}
	if found == nil {
		return text, nil
	}
	return strings.Join(strings.Fields(text), " "), found
}

// find returns where a spelling stands, or -1. One of an edge must have
// nothing but blanks and brackets between itself and one end.
func find(text string, s spelling) int {
	if s.where != edge {
		return strings.Index(text, s.text)
	}
	if at := strings.LastIndex(text, s.text); at >= 0 && strings.Trim(text[at+len(s.text):], " ()") == "" && at > 0 {
		return at
	}
	return -1
}

func ascii(text string) bool {
	for i := range len(text) {
		if text[i] >= 0x80 {
			return false
		}
	}
	return true
}

type spelling struct {
	text  string
	where place
	form  *Form
}

// signs are the spellings of scripts without blanks, the longest first.
var signs = sync.OnceValue(func() []spelling {
	var all []spelling
	for _, r := range rows() {
		if r.where != sign && r.where != edge {
			continue
		}
		for _, s := range r.spellings {
			all = append(all, spelling{script.Fold(script.Clean(s)), r.where, r.form})
		}
	}
	slices.SortStableFunc(all, func(a, b spelling) int { return cmp.Compare(len(b.text), len(a.text)) })
	return all
})

// phrase is a spelling in words.
type phrase struct {
	words []string
	where place
	form  *Form
}

// phrases are the spellings in words, by their first one, the longest first.
var phrases = sync.OnceValue(func() map[string][]phrase {
	all := map[string][]phrase{}
	for _, r := range rows() {
		if r.where == sign || r.where == edge {
			continue
		}
		for _, s := range r.spellings {
			words := Words(s)
			if len(words) == 0 {
				continue
			}
			where := r.where
			if where == anywhere && len(words) == 1 && len(words[0]) <= 3 && !slices.Contains(sure, words[0]) {
				where = ends
			}
			known := slices.ContainsFunc(all[words[0]], func(p phrase) bool { return slices.Equal(p.words, words) })
			if !known {
				all[words[0]] = append(all[words[0]], phrase{words, where, r.form})
			}
		}
	}
	for _, list := range all {
		slices.SortStableFunc(list, func(a, b phrase) int { return cmp.Compare(len(b.words), len(a.words)) })
	}
	return all
})

// sure are abbreviations of two or three letters that are nothing but a form.
// Others that short count at the beginning or end of a name only.
var sure = strings.Fields("ltd llc llp plc inc bhd jsc pte pty pvt tbk ooo oao zao pao fze fzc srl kft wll")

// Words cuts a spelling into words as a name is cut: dots join single letters,
// "&" is "and", the rest in small Latin letters.
func Words(text string) []string {
	text = strings.ReplaceAll(script.Clean(text), "&", " and ")
	var out []string
	for _, w := range strings.FieldsFunc(text, func(r rune) bool { return r == ' ' || r == '(' || r == ')' || r == '-' }) {
		pieces := []string{w}
		if !Dotted(w) {
			pieces = strings.Split(w, ".")
		}
		for _, p := range pieces {
			if p = script.Latinise(script.Fold(p)); p != "" {
				out = append(out, p)
			}
		}
	}
	return out
}

// Dotted says whether a word is letters parted by dots or one slash, such as
// G.m.b.H. or A/S, so that it is one abbreviation and not several words.
func Dotted(word string) bool {
	if !strings.ContainsAny(word, "./") {
		return false
	}
	letters := 0
	for _, part := range strings.FieldsFunc(word, func(r rune) bool { return r == '.' || r == '/' }) {
		n := 0
		for _, r := range part {
			if !unicode.IsLetter(r) {
				return false
			}
			n++
		}
		if n > 2 || n == 2 && !strings.Contains(word, ".") {
			return false
		}
		if n == 1 {
			letters++
		}
	}
	return letters >= 2 || letters == 1 && strings.Count(word, ".") >= 2
}

// At looks for a form that begins with word i of a name in words, and returns
// it with the number of its words. Brackets around words are no words.
func At(words []string, i int) (*Form, int) {
	for _, p := range phrases()[words[i]] {
		n := len(p.words)
		if i+n > len(words) || !slices.Equal(words[i:i+n], p.words) {
			continue
		}
		first, last := i == 0, i+n == len(words)
		switch {
		case p.where == anywhere, p.where == ends && (first || last), p.where == tail && last, p.where == head && first:
			return p.form, n
		}
	}
	return nil, 0
}

// Strip takes the forms out of a name in words. It keeps at least one word that
// is no form, unless there is none: then nothing is left. The positions of the
// words that stay come back, in order.
func Strip(words []string) (stay []int, found []*Form) {
	from, to := 0, len(words)
	taken := make([]bool, len(words))
	for changed := true; changed; {
		changed = false
		for i := from; i < to; i++ {
			if f, n := At(words[from:to], i-from); f != nil && !taken[i] {
				for k := i; k < i+n; k++ {
					taken[k] = true
				}
				found = append(found, f)
				changed = true
				i += n - 1
			}
		}
		for from < to && taken[from] {
			from++
		}
		for to > from && taken[to-1] {
			to--
		}
	}
	for i, gone := range taken {
		if !gone {
			stay = append(stay, i)
		}
	}
	return stay, found
}

package name

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"rummage/resolve/name/form"
	"rummage/resolve/name/script"
)

// compounds are family names of two characters, Chinese and Korean.
var compounds = strings.Fields(`欧阳 司马 上官 诸葛 司徒 东方 尉迟 皇甫 慕容 夏侯 令狐 公孙 宇文 长孙 轩辕 端木 独孤 南宫 西门 百里
남궁 황보 제갈 사공 선우 독고 서문 동방`)

// person prepares the words of a person's name, before they are weighed.
func (n *Name) person(clean string) []word {
	fields := strings.Fields(clean)
	for i, f := range fields {
		fields[i] = undisguise(f)
	}
	pieces := n.unfirm(cut(strings.Join(fields, " ")))
	var out []piece
	for _, p := range pieces {
		if p.latin == "and" && p.raw == "&" {
			continue
		}
		out = append(out, humanPieces(p)...)
	}
	lex := &tables().person
	var words []word
	for i := 0; i < len(out); i++ {
		p := out[i]
		if native(p.script) {
			words = append(words, nativePerson(p, len(out) == 1)...)
			continue
		}
		w := word{text: p.latin, script: p.script}
		if p.script.Abjad() {
			w.flags |= abjad
		}
		if e, k := lex.find(out, i); k > 0 && (e.class != particle || i > 0) {
			w.idea, w.class = e.idea, e.class
			for _, more := range out[i+1 : i+k] {
				w.text += more.latin
			}
			i += k - 1
		}
		switch {
		case len(w.text) == 1 && w.idea == 0:
			w.flags |= initial
		case patronymic(w.text):
			w.flags |= patron
		}
		words = append(words, w)
	}
	return once(words)
}

// unfirm takes off a legal form that somebody hung on a person's name: capitals
// at the end of a name that is not in capitals.
func (n *Name) unfirm(pieces []piece) []piece {
	if len(pieces) < 3 {
		return pieces
	}
	last, first := pieces[len(pieces)-1], pieces[0]
	if last.script != script.Latin || last.raw != strings.ToUpper(last.raw) || first.raw == strings.ToUpper(first.raw) {
		return pieces
	}
	f, k := form.At([]string{"", last.latin}, 1)
	if f == nil || k != 1 || f.Class <= form.Company || last.dotted {
		return pieces
	}
	n.forms = append(n.forms, f)
	return pieces[:len(pieces)-1]
}

// humanPieces parts what is written together in a person's name: SergeiLavrov,
// and the initials of J.-C. or JC. Digits inside a word are letters that
// somebody disguised.
func humanPieces(p piece) []piece {
	if p.script != script.Latin {
		return []piece{p}
	}
	if p.dotted || len(p.raw) == 2 && p.raw == strings.ToUpper(p.raw) && !strings.ContainsAny(p.raw, "AEIOUYaeiouy") {
		var out []piece
		for _, r := range p.raw {
			out = add(out, string(r), false)
		}
		return out
	}
	if at := camel(p.raw); at > 2 {
		return append(add(nil, p.raw[:at], false), humanPieces(add(nil, p.raw[at:], false)[0])...)
	}
	return []piece{p}
}

// undisguise joins letters and digits that stand in for letters: Ig0r Sech1n.
func undisguise(text string) string {
	if !strings.ContainsAny(text, "0123456789") || !strings.ContainsFunc(text, unicode.IsLetter) {
		return text
	}
	runes := []rune(text)
	for i, r := range runes {
		beside := i > 0 && unicode.IsLetter(runes[i-1]) || i+1 < len(runes) && unicode.IsLetter(runes[i+1])
		if at := strings.IndexRune("0134579", r); at >= 0 && beside {
			runes[i] = rune("oieastg"[at])
		}
	}
	return string(runes)
}

// nativePerson parts a name in Han or Hangul into family name and given name,
// as far as its length tells: the family name comes first and is one character,
// of a list of two, or, of four characters, a Japanese one of two. Names of
// foreigners, in several pieces or longer, stay whole.
func nativePerson(p piece, alone bool) []word {
	runes := []rune(script.Fold(p.raw))
	lex := &tables().person
	cutAt := 0
	if alone && p.script != script.Kana && p.script != script.Thai {
		switch {
		case len(runes) > 2 && slices.Contains(compounds, string(runes[:2])):
			cutAt = 2
		case len(runes) == 4:
			cutAt = 2
		case len(runes) == 2, len(runes) == 3:
			cutAt = 1
		}
	}
	if p.script == script.Hangul && len(runes) == 4 && cutAt == 2 && !slices.Contains(compounds, string(runes[:2])) {
		cutAt = 1
	}
	var out []word
	for _, part := range [][]rune{runes[:cutAt], runes[cutAt:]} {
		if len(part) > 0 {
			out = append(out, nativeWord(part, lex.native[string(part)]))
		}
	}
	return out
}

// patronymic says whether a word is a Slavic name of the father.
func patronymic(text string) bool {
	if len(text) < 6 {
		return false
	}
	for _, end := range []string{"ovich", "evich", "ovych", "ovitch", "evitch", "ievich", "ovna", "evna", "yevich", "ivna"} {
		if strings.HasSuffix(text, end) {
			return true
		}
	}
	return false
}

// once drops words that repeat: Sergey Sergey Shoigu. Particles may repeat.
func once(words []word) []word {
	var out []word
	for _, w := range words {
		seen := slices.ContainsFunc(out, func(o word) bool { return o.text == w.text && w.class != particle && len(w.text) > 1 })
		if !seen || utf8.RuneCountInString(w.text) < 2 {
			out = append(out, w)
		}
	}
	return out
}

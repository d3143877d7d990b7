// Package naming hands what package resolve knows of names to a redaction: who is a person, how words are compared, and which words of a name are
// its own. It must know neither case files nor what is redacted.
package naming

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"rummage/casefile/redaction"
	"rummage/casefile/subgraph"
	"rummage/resolve/name"
	"rummage/resolve/name/script"
)

// Knowledge is what a redaction asks of names.
func Knowledge() redaction.Knowledge {
	return redaction.Knowledge{Person: isPerson, Fold: foldWord, Words: wordsOf}
}

// isPerson tells by its names whether a party is a person.
func isPerson(n *subgraph.Node) bool {
	return name.Prepare(name.Unknown, n.Label).Kind() == name.Person
}

// arabic writes the letters alike that writers of Arabic put for each other at the end of a word.
var arabic = strings.NewReplacer("ة", "ه", "ى", "ي")

// foldWord is a word as names are compared by: in Latin letters, but for scripts that have no blanks between words.
func foldWord(word string) string {
	first, _ := utf8.DecodeRuneInString(word)
	folded := script.Fold(arabic.Replace(word))
	if s := script.Of(first); s.Spelled() || s == script.Thai {
		return folded
	}
	if latin := script.Latinise(folded); latin != "" {
		return latin
	}
	return folded
}

// wordsOf are the words of a name without its legal form, folded as foldWord does.
func wordsOf(text string) []redaction.Word {
	words := name.Prepare(name.Unknown, text).Words(0)
	written := words
	if alike := arabic.Replace(text); alike != text {
		if other := name.Prepare(name.Unknown, alike).Words(0); len(other) == len(words) {
			written = other
		}
	}
	var all []redaction.Word
	article := ""
	for i, w := range words {
		word := redaction.Word{Text: article + written[i].Text, Common: w.Common || w.Weak || w.Number}
		if w.Native != "" {
			word.Text = w.Native
		}
		article = ""
		if w.Text == "al" && i+1 < len(words) && arabicScript(text) { // written together with the next
			article = "al"
			continue
		}
		all = append(all, word)
	}
	return all
}

func arabicScript(text string) bool {
	return strings.ContainsFunc(text, func(r rune) bool { return unicode.Is(unicode.Arabic, r) })
}

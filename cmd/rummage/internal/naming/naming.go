// Package naming hands what package resolve knows of names to a redaction: who is a person, how words are compared, and which words of a name are
// its own. It must know neither case files nor what is redacted.
package naming

import (
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

// foldWord is a word as names are compared by: in Latin letters, but for scripts that have no blanks between words.
func foldWord(word string) string {
	first, _ := utf8.DecodeRuneInString(word)
	folded := script.Fold(word)
	if s := script.Of(first); s.Spelled() || s == script.Thai {
		return folded
	}
	if latin := script.Latinise(folded); latin != "" {
		return latin
	}
	return folded
}

// wordsOf are the words of a name without its legal form.
func wordsOf(text string) []redaction.Word {
	var all []redaction.Word
	for _, w := range name.Prepare(name.Unknown, text).Words(0) {
		word := redaction.Word{Text: w.Text, Common: w.Common || w.Weak || w.Number}
		if w.Native != "" {
			word.Text = w.Native
		}
		all = append(all, word)
	}
	return all
}

package graph

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// What a search for the number of a consignment needs at least, in characters:
// of a whole number as for anything else, of the start of one more, since
// numbers start alike.
const (
	wholeNumber   = 2
	startOfNumber = 4
)

// MatchConsignment ranks a consignment by its number, which is what its id
// holds behind the system that issued it: 1 when the text is the number, 0.6
// when the number begins with the text and that is four characters or more. It
// is compared as it stands, in upper and in lower case. All numbers that begin
// with a text rank alike, so that a store need not read them all to know the
// first. Every store calls it.
func MatchConsignment(text string, id ID) (Match, bool) {
	_, rest, _ := strings.Cut(string(id), "/")
	_, number, ok := strings.Cut(rest, "/")
	if !ok || id.Kind() != KindConsignment {
		return Match{}, false
	}
	match := Match{ID: id, Name: id.Label()}
	for _, start := range NumbersFrom(text) {
		switch {
		case number == start:
			match.Score, match.Reasons = 1, []string{PropertyNumber + ": the same"}
			return match, true
		case strings.HasPrefix(number, start) && utf8.RuneCountInString(NormaliseText(text)) >= startOfNumber:
			match.Score, match.Reasons = 0.6, []string{PropertyNumber + ": starts with it"}
		}
	}
	return match, match.Score > 0
}

// NumbersFrom returns what the number of a consignment, as ids hold it, is or
// begins with if MatchConsignment is to find it: none when the text is too
// short.
func NumbersFrom(text string) []string {
	text = NormaliseText(text)
	if utf8.RuneCountInString(text) < wholeNumber || Fold(text) == "" || len(text) > MaxID {
		return nil
	}
	var all []string
	for _, spelling := range []string{text, strings.ToUpper(text), strings.ToLower(text)} {
		if spelling = escape(spelling); !slices.Contains(all, spelling) {
			all = append(all, spelling)
		}
	}
	return all
}

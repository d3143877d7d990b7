package graph

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// SearchQuery asks for entities by text, and for consignments by number.
type SearchQuery struct {
	Text  string
	Kinds []Kind // nil: all
	Limit int    // 0: 20
}

// Match is an entity or a consignment that a search found.
type Match struct {
	ID      ID
	Name    string   // the value that matched best, as it stood in the file
	Score   float64  // 1 for an exact match; see Rank
	Reasons []string // why, for a person
}

// Searched lists the properties that a search looks into, besides the id.
func Searched() []string { return []string{PropertyName, PropertyAlias, PropertyNumber} }

// Fold returns the text as a search compares it: Unicode form KC, case folded,
// accents of Latin, Greek and Cyrillic letters dropped, punctuation turned
// into spaces, white space collapsed. Vowel signs of other scripts stay, since
// there they are letters.
func Fold(text string) string {
	if folded, ok := foldPlain(text); ok {
		return folded
	}
	text = cases.Fold().String(norm.NFKC.String(text))
	var b strings.Builder
	b.Grow(len(text))
	space, bare := false, false
	write := func(r rune) {
		if space && b.Len() > 0 {
			b.WriteByte(' ')
		}
		space = false
		b.WriteRune(r)
		bare = bare && unicode.Is(unicode.Mark, r) || unicode.In(r, unicode.Latin, unicode.Greek, unicode.Cyrillic)
	}
	for _, r := range text {
		switch {
		case bare && !space && unicode.Is(unicode.Mn, r):
			// An accent that no composed letter has, or the second on one letter.
		case unicode.Is(unicode.Cherokee, r):
			write(unicode.ToUpper(r)) // folding swaps its cases, so that folding twice would undo it
		case unicode.In(r, unicode.Latin, unicode.Greek, unicode.Cyrillic) && r >= utf8.RuneSelf:
			base, _ := utf8.DecodeRuneInString(norm.NFD.String(string(r)))
			write(base)
		case unicode.In(r, unicode.Letter, unicode.Mark, unicode.Number):
			write(r)
		default:
			space = true
		}
	}
	return b.String()
}

// foldPlain is Fold of ASCII, which most names and numbers are.
func foldPlain(text string) (string, bool) {
	b := make([]byte, 0, len(text))
	space := false
	for i := 0; i < len(text); i++ {
		c := text[i]
		switch {
		case c >= utf8.RuneSelf:
			return "", false
		case c >= 'A' && c <= 'Z':
			c += 'a' - 'A'
		case (c < 'a' || c > 'z') && (c < '0' || c > '9'):
			space = true
			continue
		}
		if space && len(b) > 0 {
			b = append(b, ' ')
		}
		space = false
		b = append(b, c)
	}
	return string(b), true
}

// Rank says how well a value answers a query, both in any spelling: 1 when
// they are equal once folded, less when the query is some whole words of the
// value, starts a word, or lies inside one, and 0 when some word of the query
// is not in the value at all. Within a class the greater share of the value
// covered ranks higher. It depends on the two texts alone, so a score says
// nothing about records that its reader may not see.
func Rank(query, value string) (score float64, reason string) {
	return rankFolded(Fold(query), Fold(value))
}

// RankFolded is Rank of two texts that Fold returned: for stores that keep
// texts folded.
func RankFolded(query, value string) (score float64, reason string) {
	return rankFolded(query, value)
}

func rankFolded(query, value string) (float64, string) {
	if query == "" || value == "" {
		return 0, ""
	}
	if query == value {
		return 1, "the same"
	}
	covered := float64(utf8.RuneCountInString(query)) / float64(utf8.RuneCountInString(value))
	worst, scattered := 4, !strings.Contains(value, query)
	words := []string{query}
	if scattered {
		words = strings.Fields(query)
		covered = min(covered, 1)
	}
	for _, word := range words {
		worst = min(worst, placeOf(word, value))
	}
	if scattered {
		covered /= 2
	}
	switch worst {
	case 3:
		return 0.8 + 0.15*covered, "whole words"
	case 2:
		return 0.6 + 0.15*covered, "start of a word"
	case 1:
		return 0.4 + 0.15*covered, "inside a word"
	}
	return 0, ""
}

// placeOf returns 3 when word stands in value as whole words, 2 when it
// starts one, 1 when it lies inside one, 0 when it is not there.
func placeOf(word, value string) int {
	best := 0
	for from := 0; ; {
		i := strings.Index(value[from:], word)
		if i < 0 {
			return best
		}
		start, end := from+i, from+i+len(word)
		starts := start == 0 || value[start-1] == ' '
		ends := end == len(value) || value[end] == ' '
		switch {
		case starts && ends:
			return 3
		case starts:
			best = max(best, 2)
		default:
			best = max(best, 1)
		}
		_, size := utf8.DecodeRuneInString(value[start:])
		from = start + size
	}
}

// MatchEntity ranks one record: the best of its searched facts and of its
// id's last part. Every store calls it, so that all rank alike. It returns
// false when nothing matches.
func MatchEntity(query string, e *Entity) (Match, bool) {
	query = Fold(query)
	best := Match{ID: e.ID}
	consider := func(what, value string) {
		score, reason := rankFolded(query, Fold(value))
		if score > best.Score || score == best.Score && score > 0 && value < best.Name {
			best.Name, best.Score = value, score
			best.Reasons = []string{what + ": " + reason}
		}
	}
	for i := range e.Facts {
		switch e.Facts[i].Property {
		case PropertyName, PropertyAlias, PropertyNumber:
			consider(e.Facts[i].Property, e.Facts[i].Value)
		}
	}
	consider("id", e.ID.Label())
	return best, best.Score > 0
}

package draft

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/runes"
	"golang.org/x/text/transform"
	"golang.org/x/text/unicode/norm"
)

// folded is text without capitals, width and diacritics.
func folded(text string) string {
	strip := transform.Chain(norm.NFKD, runes.Remove(runes.In(unicode.Mn)), norm.NFC)
	plain, _, err := transform.String(strip, text)
	if err != nil {
		plain = text
	}
	return article.ReplaceAllString(stroked.Replace(strings.ToLower(plain)), "$1$2")
}

// stroked are letters that are letters of their own, and are written without their strokes
// where the keyboard has none.
var stroked = strings.NewReplacer("đ", "d", "ł", "l", "ø", "o", "ı", "i", "ß", "ss", "æ", "ae", "œ", "oe")

// article is that of Arabic, which is written together with its word.
var article = regexp.MustCompile(`(^|[^\p{Arabic}])ال(\p{Arabic}{3,})`)

// split cuts the name of a column into words: at everything that is no letter or
// digit, and where a small letter meets a capital one.
func split(name string) []string {
	var spaced strings.Builder
	var before rune
	for _, r := range name {
		if unicode.IsLower(before) && unicode.IsUpper(r) {
			spaced.WriteByte(' ')
		}
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) {
			r = ' '
		}
		spaced.WriteRune(r)
		before = r
	}
	var words []string
	all := strings.Fields(folded(spaced.String()))
	for i, word := range all {
		switch {
		case noise[word] && (i+1 == len(all) || senses()[word+" "+all[i+1]] == nil): // van is a word of a bill in Vietnamese
		case unspaced(word):
			words = append(words, slices.DeleteFunc(cutUnspaced(word), func(word string) bool { return noise[word] })...)
		default:
			words = append(words, unglued(word)...)
		}
	}
	return words
}

// shortest is how many letters a word has at least that may be cut out of another.
const shortest = 4

// unglued cuts a word that is two known ones written together, such as importername, and
// takes off the number of one of several, such as seal2.
func unglued(word string) []string {
	if senses()[word] != nil {
		return []string{word}
	}
	if bare := strings.TrimRight(word, "0123456789"); bare != word && len(bare) >= shortest && senses()[bare] != nil {
		return []string{bare}
	}
	if bare := stem(word); bare != "" {
		return []string{bare}
	}
	if len(word) < 2*shortest {
		return []string{word}
	}
	for i := len(word) - shortest; i >= shortest; i-- {
		switch head, tail := word[:i], word[i:]; {
		case senses()[tail] == nil:
		case noise[head]:
			return []string{tail}
		case senses()[head] != nil:
			return []string{head, tail}
		}
	}
	return []string{word}
}

// unspaced reports a word of a script that puts no spaces between words.
func unspaced(word string) bool {
	return strings.ContainsFunc(word, func(r rune) bool {
		return unicode.In(r, unicode.Han, unicode.Hangul, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Khmer, unicode.Lao, unicode.Myanmar)
	})
}

// cutUnspaced cuts words that are written together, such as 查获日期, the longest known one
// first from the left; what lies between known ones is a word that is not known.
func cutUnspaced(text string) []string {
	all := []rune(text)
	var words []string
	from := 0
	for at := 0; at < len(all); {
		n := knownAt(all, at, from)
		if n == 0 {
			at++
			continue
		}
		if from < at {
			words = append(words, string(all[from:at]))
		}
		words = append(words, string(all[at:at+n]))
		at += n
		from = at
	}
	if from < len(all) {
		words = append(words, string(all[from:]))
	}
	return words
}

// knownAt returns how many characters a known word has that begins there, 0 for none. A
// word of one character, such as 名, is one only at the end and behind another word.
func knownAt(all []rune, at, from int) int {
	for n := len(all) - at; n > 1; n-- {
		if senses()[string(all[at:at+n])] != nil {
			return n
		}
	}
	if at == len(all)-1 && at > 0 && from == at && senses()[string(all[at:])] != nil {
		return 1
	}
	if len(all) == 1 && senses()[string(all)] != nil {
		return 1
	}
	return 0
}

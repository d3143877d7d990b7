package name

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"rummage/resolve/name/form"
	"rummage/resolve/name/script"
)

// piece is a stretch of a name between blanks, of one script.
type piece struct {
	raw    string // as it stood
	latin  string // in small Latin letters
	script script.Script
	dotted bool // letters with dots between them
}

// usualPieces is more than most names have.
const usualPieces = 8

// cut parts a clean name at blanks, punctuation and where the script changes.
// "&" is a word of its own.
func cut(clean string) []piece {
	out := make([]piece, 0, usualPieces)
	start := -1
	flush := func(end int) {
		if start >= 0 {
			out = chunk(out, clean[start:end])
			start = -1
		}
	}
	for i, r := range clean {
		switch {
		case r == '&' || r == '+':
			flush(i)
			out = append(out, piece{raw: "&", latin: "and", script: script.Latin})
		case r == '.' || r == '\'' || r == '/' || script.Of(r) != script.None:
			if start < 0 {
				start = i
			}
		default:
			flush(i)
		}
	}
	flush(len(clean))
	return out
}

// chunk parts what stands between blanks.
func chunk(out []piece, text string) []piece {
	text = strings.ReplaceAll(text, "'", "")
	if form.Dotted(text) {
		raw := strings.NewReplacer(".", "", "/", "").Replace(text)
		return add(out, raw, true)
	}
	start := 0
	var before script.Script
	for i, r := range text {
		s := script.Of(r)
		if unicode.IsMark(r) {
			s = before
		}
		if s == script.Kana && before == script.Han && (r == 'ノ' || r == 'ケ' || r == 'ヶ') {
			s = script.Han // 虎ノ門, 霞ヶ関
		}
		if i > start && (s != before || s == script.None) {
			out = add(out, text[start:i], false)
			start = i
		}
		if s == script.None {
			start = i + utf8.RuneLen(r)
		}
		before = s
	}
	return add(out, text[start:], false)
}

func add(out []piece, raw string, dotted bool) []piece {
	r, _ := utf8.DecodeRuneInString(raw)
	if raw == "" || r == utf8.RuneError {
		return out
	}
	s := script.Of(r)
	if s == script.None {
		return out
	}
	if rest, ok := strings.CutPrefix(raw, article); ok && utf8.RuneCountInString(rest) > 2 {
		out = append(out, piece{raw: article, latin: "al", script: s})
		raw = rest
	}
	latin := script.Latinise(script.Fold(raw))
	if latin == "" && !native(s) {
		return out
	}
	return append(out, piece{raw: raw, latin: latin, script: s, dotted: dotted})
}

// article is the Arabic one, which stands apart in Latin spellings.
const article = "ال"

// native says whether words of a script are compared as they are written.
func native(s script.Script) bool { return s.Spelled() || s == script.Thai }

// letterRuns joins single letters that follow each other, A B C, as ABC: what a
// firm is called by is their sequence, and each by itself is nothing.
func letterRuns(pieces []piece) []piece {
	if !slices.ContainsFunc(pieces, func(p piece) bool { return len(p.latin) == 1 }) {
		return pieces
	}
	var out []piece
	for i := 0; i < len(pieces); i++ {
		end := i
		for end < len(pieces) && len(pieces[end].latin) == 1 && pieces[end].script == script.Latin {
			end++
		}
		if end-i < 2 {
			out = append(out, pieces[i])
			continue
		}
		joined := piece{script: script.Latin, dotted: true}
		for _, p := range pieces[i:end] {
			joined.raw += p.raw
			joined.latin += p.latin
		}
		out = append(out, joined)
		i = end - 1
	}
	return out
}

// camel returns where a small letter is followed by a capital, or 0.
func camel(raw string) int {
	small := false
	for i, r := range raw {
		if small && unicode.IsUpper(r) {
			return i
		}
		small = unicode.IsLower(r)
	}
	return 0
}

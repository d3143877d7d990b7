package tree

import (
	"bytes"
	"unicode/utf16"
	"unicode/utf8"

	"rummage/ingest/read"
)

// lost stands for a piece of a value that cannot be read.
var lost = []byte(read.Lost)

// excerpt is the beginning of a piece of text, for an error.
func excerpt(text []byte) string {
	const most = 40
	more := ""
	if len(text) > most {
		text, more = text[:most], "…"
	}
	return string(bytes.Map(seen, bytes.ToValidUTF8(text, lost))) + more
}

// seen is a character as an error may show it.
func seen(r rune) rune {
	if r < ' ' || r >= 0x7F && r < 0xA0 {
		return utf8.RuneError
	}
	return r
}

// unquote appends the text of a string of JSON that has escapes or faults.
func (s *jsonScanner) unquote(dst, text []byte) []byte {
	for i := 0; i < len(text); {
		n := special(text, i)
		dst = append(dst, text[i:n]...)
		if i = n; i == len(text) {
			break
		}
		if text[i] != '\\' {
			s.note(&flaw{read.Malformed, "a control character, such as a line's end, stands in text without a backslash"})
			dst = append(dst, lost...)
			i++
			continue
		}
		if i+1 == len(text) {
			break
		}
		if text[i+1] == 'u' {
			dst, i = s.code(dst, text, i)
			continue
		}
		if c := escapes[text[i+1]]; c != 0 {
			dst = append(dst, c)
		} else {
			s.note(&flaw{read.Malformed, "a backslash that means nothing: " + excerpt(text[i:min(i+2, len(text))])})
			dst = append(dst, lost...)
		}
		i += 2
	}
	return dst
}

// escapes are the characters that a backslash makes of others.
var escapes = [256]byte{'"': '"', '\\': '\\', '/': '/', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t'}

// code appends the character of the \u at index i, two of which may make one, and
// returns the index behind it.
func (s *jsonScanner) code(dst, text []byte, i int) ([]byte, int) {
	r, ok := hexadecimal(text, i)
	if !ok {
		s.note(&flaw{read.Malformed, `\u without four hexadecimal digits`})
		return append(dst, lost...), min(i+2, len(text))
	}
	i += 6
	if !utf16.IsSurrogate(r) {
		return utf8.AppendRune(dst, r), i
	}
	if second, ok := hexadecimal(text, i); ok {
		if whole := utf16.DecodeRune(r, second); whole != utf8.RuneError {
			return utf8.AppendRune(dst, whole), i + 6
		}
	}
	s.note(&flaw{read.InvalidEncoding, `half a character: a \u of a pair without the other`})
	return append(dst, lost...), i
}

// hexadecimal reads \u and four digits at index i.
func hexadecimal(text []byte, i int) (rune, bool) {
	if i+6 > len(text) || text[i] != '\\' || text[i+1] != 'u' {
		return 0, false
	}
	var r rune
	for _, c := range text[i+2 : i+6] {
		switch {
		case c >= '0' && c <= '9':
			r = r<<4 | rune(c-'0')
		case c|0x20 >= 'a' && c|0x20 <= 'f':
			r = r<<4 | rune(c|0x20-'a'+10)
		default:
			return 0, false
		}
	}
	return r, true
}

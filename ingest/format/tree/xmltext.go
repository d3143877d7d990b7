package tree

import (
	"bytes"
	"strconv"
	"unicode/utf8"

	"rummage/ingest/read"
)

func isSpace(c byte) bool { return c == ' ' || c == '\n' || c == '\r' || c == '\t' }

// trim cuts outer white space off.
func trim(text []byte) []byte {
	for len(text) > 0 && isSpace(text[0]) {
		text = text[1:]
	}
	for len(text) > 0 && isSpace(text[len(text)-1]) {
		text = text[:len(text)-1]
	}
	return text
}

// local is a name without its prefix.
func local(name []byte) []byte { return name[bytes.IndexByte(name, ':')+1:] }

// tagName is the name at the beginning of what stands in a tag.
func tagName(inside []byte) []byte {
	for i, c := range inside {
		if isSpace(c) || c == '/' || c == '>' {
			return inside[:i]
		}
	}
	return inside
}

// isName says whether text can name an element: no mark of ASCII that XML does
// not allow, no digit in front, something behind a prefix.
func isName(text []byte) bool {
	if len(text) == 0 || inName[text[0]] != letter || text[len(text)-1] == ':' {
		return false
	}
	for _, c := range text {
		if inName[c] == 0 {
			return false
		}
	}
	return true
}

// letter is what a name may begin with, digit what may follow too.
const (
	letter = 1 + iota
	digit
)

// inName says of each byte what it is in a name.
var inName = func() (kinds [256]uint8) {
	for c := range kinds {
		switch {
		case c|0x20 >= 'a' && c|0x20 <= 'z', c == '_', c >= utf8.RuneSelf:
			kinds[c] = letter
		case c >= '0' && c <= '9', c == '-', c == '.', c == ':':
			kinds[c] = digit
		}
	}
	return kinds
}()

// simple says whether text stands for itself: no entity, no line end to make one
// of, no control character.
func simple(text []byte) bool {
	for _, c := range text {
		if c < ' ' || c == '&' {
			return false
		}
	}
	return true
}

// decode appends text between tags, or of an attribute, as what it stands for.
func (s *xmlScanner) decode(dst, text []byte) []byte {
	for {
		i := bytes.IndexByte(text, '&')
		if i < 0 {
			return s.characters(dst, text)
		}
		dst = s.characters(dst, text[:i])
		text = text[i:]
		// No entity that is known is longer.
		end := bytes.IndexByte(text[:min(len(text), 16)], ';')
		if end < 0 {
			s.note(&flaw{read.Malformed, "& without an entity: " + excerpt(text[:min(len(text), 16)])})
			dst = append(dst, lost...)
			text = text[1:]
			continue
		}
		if r, ok := read.Reference(string(text[1:end])); ok {
			dst = utf8.AppendRune(dst, r)
		} else {
			s.note(&flaw{read.Malformed, "the entity " + excerpt(text[:end+1]) + " is not known"})
			dst = append(dst, lost...)
		}
		text = text[end+1:]
	}
}

// characters appends text with LF at the end of each line, however it ends in the
// file (XML 1.0, 2.11). A CRLF must not be cut in two.
func (s *xmlScanner) characters(dst, text []byte) []byte {
	from := 0
	for i, c := range text {
		if c >= ' ' || c == '\n' || c == '\t' {
			continue
		}
		dst = append(dst, text[from:i]...)
		from = i + 1
		switch {
		case c != '\r':
			reason := read.Malformed
			if c == 0 {
				reason = read.NULByte
			}
			s.note(&flaw{reason, "the control character 0x" + strconv.FormatUint(uint64(c), 16)})
			dst = append(dst, lost...)
		case i+1 == len(text) || text[i+1] != '\n':
			dst = append(dst, '\n')
		}
	}
	return append(dst, text[from:]...)
}

package workbook

import (
	"bytes"
	"strconv"
	"unicode/utf8"

	"rummage/ingest/read"
)

// entityRoom is more than the longest character reference.
const entityRoom = 12

// complete returns how much of a piece can be read without what follows it.
func complete(piece []byte) int {
	n := len(piece)
	if piece[n-1] == '\r' {
		n--
	}
	from := max(0, n-entityRoom)
	if i := bytes.LastIndexByte(piece[from:n], '&'); i >= 0 && bytes.IndexByte(piece[from+i:n], ';') < 0 {
		n = from + i
	}
	return n
}

// decode undoes references and writes line ends as XML wants them, LF.
func (s *scanner) decode(raw []byte) ([]byte, error) {
	from := len(s.spare)
	for len(raw) > 0 {
		i := bytes.IndexAny(raw, "&\r")
		if i < 0 {
			break
		}
		s.spare = append(s.spare, raw[:i]...)
		raw = raw[i:]
		if raw[0] == '\r' {
			s.spare = append(s.spare, '\n')
			raw = bytes.TrimPrefix(raw[1:], []byte{'\n'})
			continue
		}
		n := bytes.IndexByte(raw, ';')
		if n < 0 || n > entityRoom {
			return nil, s.flaw("an & that begins no reference")
		}
		c, ok := read.Reference(string(raw[1:n]))
		if !ok {
			return nil, s.flaw("the reference %q is not known", raw[:n+1])
		}
		s.spare = utf8.AppendRune(s.spare, c)
		raw = raw[n+1:]
	}
	s.spare = append(s.spare, raw...)
	return s.spare[from:len(s.spare):len(s.spare)], nil
}

// unescape undoes what workbooks write for characters that XML cannot hold:
// _x000D_ for CR, and _x005F_ for an underscore that would begin such a mark
// (ECMA-376 part 1, 22.9.2.19).
func unescape(text []byte) []byte {
	const size = len("_x000D_")
	i := bytes.Index(text, []byte("_x"))
	if i < 0 {
		return text
	}
	out := text[:i]
	for i < len(text) {
		if i+size <= len(text) && text[i] == '_' && text[i+1] == 'x' && text[i+size-1] == '_' {
			if c, err := strconv.ParseUint(string(text[i+2:i+6]), 16, 16); err == nil && utf8.ValidRune(rune(c)) {
				// The character is never longer than its mark.
				out = utf8.AppendRune(out, rune(c))
				i += size
				continue
			}
		}
		out = append(out, text[i])
		i++
	}
	return out
}

package network

import (
	"bytes"
	"fmt"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"

	"rummage/ingest/read"
)

// jsonText cuts JSON (RFC 8259) into its parts. encoding/json cannot be used: it
// ends at the first flaw, and its tokens cost more than the rest together.
type jsonText struct {
	text  []byte
	at    int
	whole bool // nothing follows the text
	// lead tells first bytes of two, of which the second may look like a quote or
	// a backslash; nil in encodings without such.
	lead func(c byte) bool
}

// leadOf returns the lead of an encoding.
func leadOf(e read.Encoding) func(byte) bool {
	switch e {
	case read.GB18030, read.Big5:
		return func(c byte) bool { return c >= 0x81 && c <= 0xFE }
	case read.ShiftJIS:
		return func(c byte) bool { return c >= 0x81 && c <= 0x9F || c >= 0xE0 && c <= 0xFC }
	}
	return nil
}

// wrong returns a flaw at the current byte.
func (j *jsonText) wrong(format string, args ...any) error {
	return flaw{j.at, fmt.Sprintf(format, args...)}
}

// peek moves to the next byte that is no space and returns it.
func (j *jsonText) peek() (byte, error) {
	for j.at < len(j.text) {
		c := j.text[j.at]
		if !isSpace(c) {
			return c, nil
		}
		j.at++
	}
	return 0, errShort
}

// found names what stands at the current byte.
func (j *jsonText) found() string {
	if c := j.text[j.at]; c < utf8.RuneSelf {
		return strconv.QuoteRune(rune(c))
	}
	return "a letter"
}

// expect moves behind a byte that must come next.
func (j *jsonText) expect(mark byte) error {
	c, err := j.peek()
	if err != nil {
		return err
	}
	if c != mark {
		return j.wrong("%s where %q is expected", j.found(), mark)
	}
	j.at++
	return nil
}

// str reads a string and returns what stands between its quotes, and whether
// there are escapes in it.
func (j *jsonText) str() (raw []byte, escaped bool, err error) {
	if c, err := j.peek(); err != nil || c != '"' {
		if err == nil {
			err = j.wrong("%s where a string is expected", j.found())
		}
		return nil, false, err
	}
	for i := j.at + 1; i < len(j.text); i++ {
		switch c := j.text[i]; {
		case c == '"':
			raw = j.text[j.at+1 : i : i]
			j.at = i + 1
			return raw, escaped, nil
		case c == '\\':
			escaped = true
			i++
		case c < ' ' && c != 0:
			return nil, false, j.wrong("a line ends or a control character stands within a string; a quote may be missing")
		case c >= utf8.RuneSelf && j.lead != nil && j.lead(c):
			i++
		}
	}
	return nil, false, errShort
}

// scalar reads a number, true, false or null.
func (j *jsonText) scalar() ([]byte, error) {
	i := j.at
	for i < len(j.text) {
		c := j.text[i]
		if isSpace(c) || c == ',' || c == '}' || c == ']' || c == ':' || c == '"' || c == '{' || c == '[' {
			break
		}
		i++
	}
	if i == len(j.text) && !j.whole {
		return nil, errShort
	}
	raw := j.text[j.at:i:i]
	switch string(raw) {
	case "true", "false", "null", "NaN", "Infinity", "-Infinity":
		// The last three are Python's.
	default:
		if !isNumber(raw) {
			return nil, j.wrong("%q is no value of JSON", cut(raw))
		}
	}
	j.at = i
	return raw, nil
}

// skip passes a value within an element and returns it as it stands.
func (j *jsonText) skip() ([]byte, error) {
	from := j.at
	for depth := 0; ; {
		c, err := j.peek()
		switch {
		case err != nil:
			return nil, err
		case c == '{' || c == '[':
			depth++
			j.at++
		case c == '}' || c == ']':
			depth--
			j.at++
		case c == '"':
			_, _, err = j.str()
		case depth > 0 && (c == ',' || c == ':'):
			j.at++
		default:
			_, err = j.scalar()
		}
		switch {
		case err != nil:
			return nil, err
		case depth > deepest:
			return nil, j.wrong("values within each other more than %d deep", deepest)
		case depth <= 0:
			return j.text[from:j.at:j.at], nil
		}
	}
}

// unescape appends a string's text with its escapes replaced. It returns what is
// no escape, or nil. Half of a pair of surrogates becomes U+FFFD.
func unescape(dst, text []byte) (plain, unknown []byte) {
	for {
		i := bytes.IndexByte(text, '\\')
		if i < 0 {
			return append(dst, text...), unknown
		}
		dst = append(dst, text[:i]...)
		text = text[i:]
		c, size, ok := escape(text)
		if !ok {
			return dst, text[:min(len(text), 6)]
		}
		dst, text = utf8.AppendRune(dst, c), text[size:]
	}
}

// escape reads an escape and returns its character and length.
func escape(text []byte) (rune, int, bool) {
	if len(text) < 2 {
		return 0, 0, false
	}
	switch c := text[1]; c {
	case '"', '\\', '/':
		return rune(c), 2, true
	case 'b':
		return '\b', 2, true
	case 'f':
		return '\f', 2, true
	case 'n':
		return '\n', 2, true
	case 'r':
		return '\r', 2, true
	case 't':
		return '\t', 2, true
	}
	r, ok := hex(text)
	if !ok || !utf16.IsSurrogate(r) {
		return r, 6, ok
	}
	if low, ok := hex(text[6:]); ok {
		if pair := utf16.DecodeRune(r, low); pair != utf8.RuneError {
			return pair, 12, true
		}
	}
	return utf8.RuneError, 6, true
}

// hex reads \uXXXX.
func hex(text []byte) (rune, bool) {
	if len(text) < 6 || text[0] != '\\' || text[1] != 'u' {
		return 0, false
	}
	n, err := strconv.ParseUint(string(text[2:6]), 16, 16)
	return rune(n), err == nil
}

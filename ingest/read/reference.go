package read

import (
	"strconv"
	"unicode/utf8"
)

// Reference returns the character that a reference of XML means, by what stands
// between & and ;: one of the five names, or a number (XML 1.0, 4.1 and 2.2). It is
// false for what is none, or means a character that XML cannot hold.
func Reference(name string) (rune, bool) {
	switch name {
	case "amp":
		return '&', true
	case "lt":
		return '<', true
	case "gt":
		return '>', true
	case "quot":
		return '"', true
	case "apos":
		return '\'', true
	}
	if len(name) < 2 || name[0] != '#' {
		return 0, false
	}
	digits, base := name[1:], 10
	if digits[0] == 'x' {
		digits, base = digits[1:], 16
	}
	n, err := strconv.ParseUint(digits, base, 32)
	c := rune(min(n, utf8.MaxRune+1))
	legal := c == '\t' || c == '\n' || c == '\r' || c >= ' ' && c != 0xFFFE && c != 0xFFFF && utf8.ValidRune(c)
	return c, err == nil && legal
}

package ident

import (
	"strings"
	"unicode"
)

// compact brings an identifier into one spelling: capitals, ASCII letters and
// digits for full width ones, no separators. Anything else stays, for the rule
// to refuse.
func compact(text string) string {
	for i := range len(text) {
		if !isUpper(text[i]) && !isDigit(text[i]) {
			return respell(text)
		}
	}
	return text
}

func respell(text string) string {
	var b strings.Builder
	b.Grow(len(text))
	for _, r := range text {
		switch {
		case separator(r):
		case r >= 0xFF01 && r <= 0xFF5E: // full width ASCII
			if r -= 0xFEE0; !separator(r) {
				b.WriteRune(unicode.ToUpper(r))
			}
		default:
			b.WriteRune(unicode.ToUpper(r))
		}
	}
	return b.String()
}

// separator says whether a character only parts an identifier for the eye.
func separator(r rune) bool {
	switch r {
	case ' ', '\t', '\n', '\r', '-', '.', '/', '\\', '_', ',', ':', ';', '\'', '"', '`', '(', ')', '[', ']', '#', '*',
		0xA0, 0xB7, 0x3000, 0x3001, 0x3002, 0x30FB, 0x2212, 0xFEFF:
		return true
	}
	return r >= 0x2000 && r <= 0x2015 // spaces, joiners, dashes
}

// malformed is the result for text that is no identifier of its kind.
func malformed(value string) Result {
	if placeholder(value) {
		return Result{Value: value, Mark: Blank}
	}
	return Result{Value: value, Mark: Format}
}

// placeholder says whether compact text stands for no value.
func placeholder(value string) bool {
	switch value {
	case "", "NA", "NIL", "NONE", "NULL", "NO", "NOT", "NOTAPPLICABLE", "NOTAVAILABLE", "NOTKNOWN", "NOTDECLARED",
		"UNKNOWN", "UNK", "UNDEFINED", "UNSPECIFIED", "TBA", "TBC", "TBD", "TBN", "BLANK", "EMPTY", "VOID",
		"NOSEAL", "NOSEALS", "UNSEALED", "WITHOUTSEAL", "SEAL", "SEALNO", "SINDATOS", "SINSELLO", "SN",
		"無", "无", "無し", "なし", "없음", "ไม่มี", "KHÔNG":
		return true
	}
	// One character throughout, such as 00000 or XXXX; one letter alone may be a value.
	return len(value) >= 2 && strings.Count(value, value[:1]) == len(value) || value == "0"
}

func isUpper(c byte) bool { return c >= 'A' && c <= 'Z' }
func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// digits says whether text is n digits.
func digits(text string, n int) bool {
	if len(text) != n {
		return false
	}
	for i := range n {
		if !isDigit(text[i]) {
			return false
		}
	}
	return true
}

// letters says whether text is n capitals.
func letters(text string, n int) bool {
	if len(text) != n {
		return false
	}
	for i := range n {
		if !isUpper(text[i]) {
			return false
		}
	}
	return true
}

// digit gives the text of 0 to 9 without allocation.
func digit(n int) string { return "0123456789"[n : n+1] }

// weighted sums digits of text times weights.
func weighted(text string, weights ...int) int {
	sum := 0
	for i, w := range weights {
		sum += int(text[i]-'0') * w
	}
	return sum
}

// verdict compares a check digit with the one that fits.
func verdict(value string, got byte, fits int) Result {
	if int(got-'0') == fits {
		return Result{Value: value}
	}
	return Result{Value: value, Mark: CheckDigit, Expected: digit(fits)}
}

package ident

import (
	"strings"
	"unicode"
)

// Compact returns a text as rules compare it: without the spaces and separators that
// only part it for the eye, in capitals of usual width.
func Compact(text string) string { return compact(text) }

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
	return len(value) >= 2 && value[1] == value[0] && strings.Count(value, value[:1]) == len(value) || value == "0"
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

// verdict compares a check digit with the one that fits. More than 9 means that
// the scheme gives no number with these first digits.
func verdict(value string, got byte, fits int) Result {
	switch {
	case int(got-'0') == fits:
		return Result{Value: value}
	case fits > 9:
		return Result{Value: value, Mark: CheckDigit}
	}
	return Result{Value: value, Mark: CheckDigit, Expected: digit(fits)}
}

// lettered compares a check character with the one that fits, by its place in an
// alphabet.
func lettered(value string, got byte, alphabet string, fits int) Result {
	if got == alphabet[fits] {
		return Result{Value: value}
	}
	return Result{Value: value, Mark: CheckDigit, Expected: alphabet[fits : fits+1]}
}

// numeric checks a number of n digits, the last of which the others give.
func numeric(value string, n int, fits func(value string) int) Result {
	if !digits(value, n) || placeholder(value) {
		return malformed(value)
	}
	return verdict(value, value[n-1], fits(value))
}

// luhn gives the check digit behind text (ISO/IEC 7812-1, annex B).
func luhn(text string) int {
	sum, double := 0, true
	for i := len(text) - 1; i >= 0; i-- {
		d := int(text[i] - '0')
		if double {
			d *= 2
		}
		sum += d/10 + d%10
		double = !double
	}
	return (10 - sum%10) % 10
}

// mod1110 gives the check digit behind text (ISO 7064, modulus 11,10).
func mod1110(text string) int {
	rest := 10
	for i := range len(text) {
		if rest = (rest + int(text[i]-'0')) % 10; rest == 0 {
			rest = 10
		}
		rest = rest * 2 % 11
	}
	return (11 - rest) % 10
}

// crossed sums digits of text, those of products too, with the weights 1 and 2 in
// turn.
func crossed(text string, first int) int {
	sum, w := 0, first
	for i := range len(text) {
		p := int(text[i]-'0') * w
		sum += p/10 + p%10
		w = 3 - w
	}
	return sum
}

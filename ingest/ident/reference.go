package ident

import "strings"

// Lengths of consignment references.
const (
	longestUCR  = 35 // an..35 of the WCO data model
	shortestUCR = 6
)

// UCR checks a unique consignment reference of the WCO: up
// to 35 characters, a year's digit and a country in front where it is built as
// ISO 15459 has it. Unlike other identifiers it keeps its hyphens, slashes,
// colons and brackets: they are part of it.
func UCR(text string) Result {
	value := reference(text)
	numbers := 0
	for i := range len(value) {
		switch c := value[i]; {
		case isDigit(c):
			numbers++
		case !isUpper(c) && c != '-' && c != '/' && c != '(' && c != ')' && c != ':' && c != '.':
			return unreferenced(value)
		}
	}
	if numbers == 0 || len(value) < shortestUCR || len(value) > longestUCR || placeholder(value) {
		return unreferenced(value)
	}
	return Result{Value: value}
}

// DUCR checks a declaration unique consignment reference of the United Kingdom:
// the last digit of the year, the country, and 6 to 32 of capitals, digits,
// brackets, hyphen and slash; up to 35 together (customs declaration service,
// pattern of the data element UCR).
func DUCR(text string) Result {
	value := reference(text)
	if len(value) < 9 || len(value) > longestUCR || !isDigit(value[0]) || !letters(value[1:3], 2) || !isDUCR(value[3:]) {
		return unreferenced(value)
	}
	if countryAt(value[1:3]) == nil {
		return Result{Value: value, Mark: Unknown}
	}
	return Result{Value: value}
}

func isDUCR(text string) bool {
	for i := range len(text) {
		if c := text[i]; !isUpper(c) && !isDigit(c) && c != '(' && c != ')' && c != '-' && c != '/' {
			return false
		}
	}
	return true
}

// MUCR checks a master reference of the United Kingdom, which joins several
// DUCRs: GB/ with 3, 4 or 9 to 12 characters, a hyphen and the operator's own
// number; A: with an air waybill; C: with three letters and a number.
func MUCR(text string) Result {
	value := reference(text)
	if len(value) > longestUCR {
		return unreferenced(value)
	}
	if rest, ok := strings.CutPrefix(value, "GB/"); ok {
		holder, number, _ := strings.Cut(rest, "-")
		short := (len(holder) == 3 || len(holder) == 4) && len(number) >= 5 && len(number) <= 28
		long := len(holder) >= 9 && len(holder) <= 12 && len(number) >= 1 && len(number) <= 23
		if (short || long) && alphanumeric(holder) && alphanumeric(number) {
			return Result{Value: value}
		}
	}
	if rest, ok := strings.CutPrefix(value, "A:"); ok && len(rest) == 11 && alphanumeric(rest[:3]) && digits(rest[3:], 8) {
		return Result{Value: value}
	}
	if rest, ok := strings.CutPrefix(value, "C:"); ok && len(rest) >= 6 && letters(rest[:3], 3) && alphanumeric(rest[3:]) {
		return Result{Value: value}
	}
	return unreferenced(value)
}

// reference is compact for identifiers whose punctuation counts: only white
// space goes, and capitals and ASCII stand for the rest.
func reference(text string) string {
	for i := range len(text) {
		if c := text[i]; c <= ' ' || c >= 0x7f || c >= 'a' && c <= 'z' {
			return strings.Map(func(r rune) rune {
				switch {
				case r <= ' ' || r == 0x7f || r == 0xA0 || r == 0x3000 || r == 0xFEFF || r >= 0x2000 && r <= 0x200F:
					return -1
				case r >= 0xFF01 && r <= 0xFF5E:
					r -= 0xFEE0
				}
				if r >= 'a' && r <= 'z' {
					r -= 'a' - 'A'
				}
				return r
			}, text)
		}
	}
	return text
}

// unreferenced is malformed for identifiers that keep their punctuation.
func unreferenced(value string) Result {
	if placeholder(compact(value)) {
		return Result{Value: value, Mark: Blank}
	}
	return Result{Value: value, Mark: Format}
}

// SCAC checks the form of a standard carrier alpha code: two to four letters.
// The list of carriers is not free, so that an invented code passes.
func SCAC(text string) Result {
	value := compact(text)
	if n := len(value); n < 2 || n > 4 || !letters(value, n) || placeholder(value) {
		return malformed(value)
	}
	return Result{Value: value}
}

// A SealMark is a container seal as ISO 17712 has it written: maker, serial
// number and class.
type SealMark struct {
	Maker  string // capitals, "" where the number has none in front
	Serial string // the rest, normalised
	Class  byte   // 'H' high security, 'S' security, 'I' indicative; 0 where the mark is not written
}

// ParseSeal takes a seal's number apart: "ML-CN 1234567 H" is of maker MLCN. ok is
// false where Seal finds nothing fine. A class is only taken where it stands
// apart from the number, by white space or in brackets, or where the text calls
// it one; a letter that ends a number may belong to it.
//
// Makers number alike, so Maker and Serial together are the seal's key. Whether
// it was used before, the records tell, not the number.
func ParseSeal(text string) (mark SealMark, ok bool) {
	rest, class := sealClass(strings.TrimSpace(text))
	r := Seal(rest)
	if r.Mark != Fine {
		return SealMark{}, false
	}
	n := 0
	for isUpper(r.Value[n]) { // a fine seal has a digit
		n++
	}
	return SealMark{Maker: r.Value[:n], Serial: r.Value[n:], Class: class}, true
}

// Key is what tells one seal from another, for a map or an id.
func (s SealMark) Key() string { return s.Maker + "/" + s.Serial }

// sealClass cuts the mark of the class off the end of a seal's text.
func sealClass(text string) (rest string, class byte) {
	body := strings.TrimRight(text, ")] ")
	if body == "" {
		return text, 0
	}
	last := body[len(body)-1] &^ 0x20
	if last != 'H' && last != 'S' && last != 'I' {
		return text, 0
	}
	before := body[:len(body)-1]
	rest = strings.TrimRight(before, "([ ")
	if rest == before || rest == "" {
		return text, 0
	}
	return rest, last
}

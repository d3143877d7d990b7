package ident

import (
	"errors"
	"fmt"
	"strings"
	"sync"

	_ "embed"
)

// An Edition is the year of an edition of the HS nomenclature. Codes of
// different editions must not be compared without a correlation table.
type Edition int

// Editions. Nomenclature is compiled in for HS2022 only; codes of the others are
// checked in form.
const (
	HS2002 Edition = 2002
	HS2007 Edition = 2007
	HS2012 Edition = 2012
	HS2017 Edition = 2017
	HS2022 Edition = 2022
	HS2028 Edition = 2028
)

//go:embed data/hs2022.tsv.gz
var hsPacked []byte

//go:embed data/sections.tsv
var hsSections string

// HS checks a commodity code against edition 2022; see HSOf.
func HS(text string) Result { return HSOf(text, HS2022) }

// HSOf checks a commodity code of an edition: 2 digits for a chapter, 4 for a
// heading, 6 for a subheading, 8 to 12 for a national line. Value is the digits.
//
// Chapters run from 01 to 97. 77 is Reserved for future use, 98 and 99 for use by
// countries. In edition 2022 a code whose first six digits are not in the
// nomenclature is Unknown; it may belong to another edition. Spreadsheets take
// the zero off chapters 01 to 09: a code that is none, but one with a zero in
// front, is marked Format, and Expected holds the code with its zero.
func HSOf(text string, edition Edition) Result {
	value := compact(text)
	n := len(value)
	if n < 1 || n > 12 || !digits(value, n) || n >= 2 && value[:2] == "00" || value == "0" {
		return malformed(value)
	}
	known := n%2 == 0 && edition != HS2022 || hsTable().has(value)
	if n%2 == 1 && (n < 9 || !known) {
		r := Result{Value: value, Mark: Format}
		if whole := "0" + value; edition == HS2022 && hsTable().has(whole) {
			r.Expected = whole
		}
		return r
	}
	switch chapter := value[:2]; {
	case chapter == "77" || chapter > "97":
		return Result{Value: value, Mark: Reserved}
	case !known:
		return Result{Value: value, Mark: Unknown}
	}
	return Result{Value: value}
}

// ErrEditions is returned where codes of two editions are held against each
// other.
var ErrEditions = errors.New("ident: hs: codes of different editions cannot be compared without a correlation table")

// A Commodity is a code with the edition that gives it its meaning.
type Commodity struct {
	Edition Edition
	Code    string // digits, as Value of HSOf
}

// Within says whether the goods of c are among those of other: whether other's
// code begins c's. Subheadings that have the same digits in two editions may hold
// other goods, so the error is ErrEditions unless both are of one edition; no
// correlation table is compiled in.
func (c Commodity) Within(other Commodity) (bool, error) {
	if c.Edition != other.Edition {
		return false, fmt.Errorf("%w: %s of %d and %s of %d", ErrEditions, c.Code, c.Edition, other.Code, other.Edition)
	}
	return strings.HasPrefix(c.Code, other.Code), nil
}

// HSDescribe returns the description in HS 2022 of a code's chapter, heading or
// subheading, the deepest level that the code's digits name and the nomenclature
// knows. It is empty if there is none.
func HSDescribe(code string) string {
	for _, n := range []int{6, 4, 2} {
		if len(code) >= n {
			if line, ok := hsTable().find(code[:n]); ok {
				return line.text
			}
		}
	}
	return ""
}

// HSSection returns the section of HS 2022 that a code belongs to: its Roman
// number and its title, empty if the chapter is unknown.
func HSSection(code string) (number, title string) {
	if len(code) < 2 {
		return "", ""
	}
	line, ok := hsTable().find(code[:2])
	if !ok {
		return "", ""
	}
	for row := range strings.Lines(hsSections) {
		if n, t, _ := strings.Cut(strings.TrimSpace(row), "\t"); n == line.section {
			return n, t
		}
	}
	return line.section, ""
}

type hsLine struct{ section, text string }

// nomenclature is one edition: a bit for every six-digit number, and what the
// codes of all lengths mean.
type nomenclature struct {
	known [1_000_000/64 + 1]uint64
	lines map[string]hsLine
}

// hsTable unpacks the nomenclature when it is first asked for, some 10 ms.
var hsTable = sync.OnceValue(func() *nomenclature {
	table := &nomenclature{lines: make(map[string]hsLine, 7000)}
	for row := range strings.Lines(unpacked(hsPacked)) {
		code, rest, _ := strings.Cut(strings.TrimSuffix(row, "\n"), "\t")
		section, text, _ := strings.Cut(rest, "\t")
		table.lines[code] = hsLine{section: section, text: text}
		if len(code) == 6 {
			n := number(code)
			table.known[n/64] |= 1 << (n % 64)
		}
	}
	return table
})

// has says whether the nomenclature knows the code, up to its sixth digit.
func (t *nomenclature) has(code string) bool {
	if len(code) >= 6 {
		n := number(code[:6])
		return t.known[n/64]>>(n%64)&1 == 1
	}
	_, ok := t.lines[code]
	return ok
}

func (t *nomenclature) find(code string) (hsLine, bool) {
	line, ok := t.lines[code]
	return line, ok
}

// number is the value of a text of digits.
func number(text string) int {
	n := 0
	for i := range len(text) {
		n = n*10 + int(text[i]-'0')
	}
	return n
}

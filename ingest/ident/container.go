package ident

import (
	"slices"
	"strings"
)

// Container checks a container number of ISO 6346: three letters of the owner, U,
// J or Z, six digits and a check digit. CSQU3054383 is fine.
//
// The check digit is Σ value(i)·2^i mod 11 mod 10 over the first ten characters,
// with A = 10, B = 12 ... Z = 38, leaving out multiples of 11. Serials whose
// remainder is 10 share the digit 0 with those whose remainder is 0; the standard
// advises owners against them, so they are Discouraged. A number without its
// check digit is marked Format, with the digit expected.
func Container(text string) Result {
	value := compact(text)
	if !containerForm(value) {
		return malformed(value)
	}
	fits := containerRemainder(value)
	if len(value) == 10 {
		return Result{Value: value, Mark: Format, Expected: digit(fits % 10)}
	}
	r := verdict(value, value[10], fits%10)
	if fits == 10 && r.Mark == Fine {
		r.Mark = Discouraged
	}
	return r
}

// containerForm says whether value has a container's form, check digit or not.
func containerForm(value string) bool {
	n := len(value)
	return (n == 10 || n == 11) && letters(value[:3], 3) &&
		(value[3] == 'U' || value[3] == 'J' || value[3] == 'Z') && digits(value[4:], n-4)
}

func containerRemainder(value string) int {
	sum := 0
	for i := range 10 {
		sum += containerValue(value[i]) << i
	}
	return sum % 11
}

func containerValue(c byte) int {
	if isDigit(c) {
		return int(c - '0')
	}
	v := int(c-'A') + 10
	// 11, 22 and 33 are left out of the values of letters.
	switch {
	case c >= 'V':
		return v + 3
	case c >= 'L':
		return v + 2
	case c >= 'B':
		return v + 1
	}
	return v
}

// ContainerNear lists the valid container numbers that one slip of a hand away
// from a text: one character another, or two neighbours swapped. Letters and
// digits that look alike (0 and O, 1 and I or L, 2 and Z, 5 and S, 8 and B) and
// stand where only the other kind can are read as that kind first, all of them, as
// one does who reads a bad copy; the number that this gives is in the list too,
// if it is valid.
//
// A wrong number whose near miss was seen elsewhere was likely that container.
// About one in eleven of all slips gives a valid number, so a number has some
// twenty near misses: they are to be held against numbers that occur, not taken
// for right. The list is sorted and never holds the text itself; it is empty for a
// text that is not of eleven letters and digits.
func ContainerNear(text string) []string {
	value := compact(text)
	if len(value) != 11 {
		return nil
	}
	var near []string
	try := func(b []byte) {
		if s := string(b); s != value && containerForm(s) && Container(s).Mark != CheckDigit {
			near = append(near, s)
		}
	}
	if base := containerRead(value); base != "" {
		try([]byte(base))
		for i := range base {
			for c := range alphabet36 {
				b := []byte(base)
				b[i] = alphabet36[c]
				try(b)
			}
		}
	}
	for i := 1; i < len(value); i++ {
		b := []byte(value) // as written: U and 3 may have changed places
		b[i-1], b[i] = b[i], b[i-1]
		if read := containerRead(string(b)); read != "" {
			try([]byte(read))
		}
	}
	slices.Sort(near)
	return slices.Compact(near)
}

// alikeLetters and alikeDigits look alike, in this order.
const (
	alikeLetters = "OQDILZSB"
	alikeDigits  = "00011258"
)

// containerRead is a text of eleven bytes with letters where a container number
// has them and digits elsewhere, "" where that cannot be had by what looks alike.
func containerRead(value string) string {
	b := []byte(value)
	for i, c := range b {
		switch letter := i < 4; {
		case letter && isDigit(c):
			at := strings.IndexByte(alikeDigits, c)
			if at < 0 {
				return ""
			}
			b[i] = alikeLetters[at]
		case !letter && isUpper(c):
			at := strings.IndexByte(alikeLetters, c)
			if at < 0 {
				return ""
			}
			b[i] = alikeDigits[at]
		}
	}
	if !letters(string(b[:4]), 4) || !digits(string(b[4:]), 7) {
		return ""
	}
	return string(b)
}

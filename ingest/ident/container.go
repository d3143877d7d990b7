package ident

import "slices"

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
// from a number of the right form: one character another, or two neighbours
// swapped. A wrong number whose near miss was seen elsewhere was likely that
// container. The list is sorted and never holds the number itself.
func ContainerNear(text string) []string {
	value := compact(text)
	if len(value) != 11 || !containerForm(value) {
		return nil
	}
	var near []string
	try := func(b []byte) {
		if s := string(b); s != value && containerForm(s) && Container(s).Mark != CheckDigit {
			near = append(near, s)
		}
	}
	for i := range 11 {
		for _, c := range []byte("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ") {
			b := []byte(value)
			b[i] = c
			try(b)
		}
		if i > 0 {
			b := []byte(value)
			b[i-1], b[i] = b[i], b[i-1]
			try(b)
		}
	}
	slices.Sort(near)
	return slices.Compact(near)
}

package ident

import "strings"

// LEI checks a legal entity identifier (ISO 17442): 18 letters or digits and two
// check digits; the whole, letters as 10 to 35, is 1 modulo 97 (ISO 7064).
func LEI(text string) Result {
	value := compact(text)
	value = strings.TrimPrefix(value, "LEI")
	if len(value) != 20 || !digits(value[18:], 2) {
		return malformed(value)
	}
	rest := 0
	for i := range 18 {
		c := value[i]
		switch {
		case isDigit(c):
			rest = (rest*10 + int(c-'0')) % 97
		case isUpper(c):
			rest = (rest*100 + int(c-'A') + 10) % 97
		default:
			return malformed(value)
		}
	}
	return twoDigits(value, value[18:], 98-rest*100%97)
}

// twoDigits compares two check digits with those that fit.
func twoDigits(value, got string, fits int) Result {
	if got[0] == byte('0'+fits/10) && got[1] == byte('0'+fits%10) {
		return Result{Value: value}
	}
	return Result{Value: value, Mark: CheckDigit, Expected: digit(fits/10) + digit(fits%10)}
}

// usccLetters are the 31 characters of a Chinese social credit code, by value:
// no I, O, S, V, Z.
const usccLetters = "0123456789ABCDEFGHJKLMNPQRTUWXY"

// USCC checks a Chinese unified social credit code (GB 32100-2015): 18
// characters, the last (31 − Σ value·3^i mod 31) mod 31.
func USCC(text string) Result {
	value := compact(text)
	if len(value) != 18 {
		return malformed(value)
	}
	sum, weight := 0, 1
	for i := range 18 {
		v := strings.IndexByte(usccLetters, value[i])
		if v < 0 {
			return malformed(value)
		}
		if i < 17 {
			sum += v * weight
			weight = weight * 3 % 31
		}
	}
	if placeholder(value) {
		return malformed(value)
	}
	return lettered(value, value[17], usccLetters, (31-sum%31)%31)
}

// ABN checks an Australian business number: eleven digits, the first two of
// which check the rest. With 1 taken from the first digit, Σ digit·(10 1 3 5 7 9
// 11 13 15 17 19) is a multiple of 89.
func ABN(text string) Result {
	value := compact(text)
	value = strings.TrimPrefix(value, "ABN")
	if !digits(value, 11) || placeholder(value) {
		return malformed(value)
	}
	rest := weighted(value[2:], 3, 5, 7, 9, 11, 13, 15, 17, 19)
	// The check digits fit when 10·(first − 1) + second makes the sum whole.
	return twoDigits(value, value[:2], 10+(89-rest%89)%89)
}

// BRN checks a Korean business registration number, ten digits in groups of 3, 2
// and 5. With weights 1 3 7 1 3 7 1 3 5 and the tens of the last product, the
// last digit makes the sum a multiple of ten.
func BRN(text string) Result {
	value := compact(text)
	if !digits(value, 10) || placeholder(value) {
		return malformed(value)
	}
	sum := weighted(value, 1, 3, 7, 1, 3, 7, 1, 3, 5) + int(value[8]-'0')*5/10
	return verdict(value, value[9], (10-sum%10)%10)
}

// JapanCorporate checks a Japanese corporate number: a check digit, 9 − Σ mod 9,
// and twelve digits weighted 1 and 2 in turn from the last.
func JapanCorporate(text string) Result {
	value := compact(text)
	if len(value) == 14 && value[0] == 'T' { // as a qualified invoice issuer
		value = value[1:]
	}
	if !digits(value, 13) || placeholder(value) {
		return malformed(value)
	}
	sum := weighted(value[1:], 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1)
	return verdict(value, value[0], 9-sum%9)
}

// GLN checks a global location number of GS1: thirteen digits, the last of which
// makes the sum of all, every second from the right times three, a multiple of
// ten. The New Zealand business number is one, beginning with 94.
func GLN(text string) Result {
	value := strings.TrimPrefix(compact(text), "GLN")
	return numeric(value, 13, func(v string) int {
		return (10 - weighted(v, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3)%10) % 10
	})
}

// EORI checks the form of an economic operator's number: a country and up to
// fifteen letters and digits (Regulation (EU) 2015/2446, annex B). Each country
// builds the rest as it likes, most from the number of the tax office, so that
// no check digit can be asked for.
func EORI(text string) Result {
	value := strings.TrimPrefix(compact(text), "EORI")
	if len(value) < 3 || len(value) > 17 || !letters(value[:2], 2) || !alphanumeric(value) || !hasDigit(value) {
		return malformed(value)
	}
	if c := countryAt(value); c == nil && value[:2] != "XI" {
		return Result{Value: value, Mark: Unknown}
	}
	return Result{Value: value}
}

func hasDigit(text string) bool {
	for i := range len(text) {
		if isDigit(text[i]) {
			return true
		}
	}
	return false
}

package ident

import "strings"

// fromRight sums digits of text, weighted from the right: 2 and upwards, and from 2
// again after most.
func fromRight(text string, most int) int {
	sum, w := 0, 2
	for i := len(text) - 1; i >= 0; i-- {
		sum += int(text[i]-'0') * w
		if w++; w > most {
			w = 2
		}
	}
	return sum
}

// CNPJ checks a Brazilian company number: twelve characters and two check digits
// modulo 11. Since July 2026 the twelve may hold letters, which count as their
// ASCII code less 48 (Receita Federal, whose example is 12.ABC.345/01DE-35).
// Petrobras is 33.000.167/0001-01.
func CNPJ(text string) Result {
	value := compact(text)
	if len(value) != 14 || !alphanumeric(value[:12]) || !digits(value[12:], 2) || placeholder(value) {
		return malformed(value)
	}
	first := cnpjDigit(fromRight(value[:12], 9))
	// The second sum is the first moved by one place, and the first digit twice.
	second := cnpjDigit(fromRight(value[:12], 9) + cnpjShift(value[:12]) + 2*first)
	return twoDigits(value, value[12:], first*10+second)
}

func cnpjDigit(sum int) int {
	if rest := sum % 11; rest > 1 {
		return 11 - rest
	}
	return 0
}

// cnpjShift is how much the sum grows when each character moves one place to the
// left: by itself, and by itself less 8 times where the weight goes from 9 to 2.
func cnpjShift(text string) int {
	sum := 0
	for i := range len(text) {
		v := int(text[i] - '0')
		if (len(text)-i)%8 == 0 {
			v *= -7
		}
		sum += v
	}
	return sum
}

// CUIT checks an Argentine tax number: eleven digits, the first two the kind of
// holder, the last modulo 11 with the weights 5 4 3 2 7 6 5 4 3 2. YPF is
// 30-54668997-9. Those of persons (20, 23, 24, 25, 26, 27) hold their document
// number; other kinds are Unknown.
func CUIT(text string) Result {
	value := compact(text)
	if !digits(value, 11) || placeholder(value) {
		return malformed(value)
	}
	fits := 11 - weighted(value, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2)%11
	switch fits {
	case 11:
		fits = 0
	case 10:
		fits = 9
	}
	r := verdict(value, value[10], fits)
	if r.Mark == Fine && !strings.Contains("20 23 24 25 26 27 30 33 34", value[:2]) {
		r.Mark = Unknown
	}
	return r
}

// noEIN are the beginnings that the Internal Revenue Service has given to no
// campus and no use.
const noEIN = "00 07 08 09 17 18 19 28 29 49 69 70 78 79 89 96 97"

// EIN checks the form of a United States employer identification number: nine
// digits, of which the first two are from those in use; others are Unknown. It
// has no check digit. Microsoft is 91-1144442.
func EIN(text string) Result {
	value := strings.TrimPrefix(compact(text), "EIN")
	if !digits(value, 9) || placeholder(value) {
		return malformed(value)
	}
	if strings.Contains(noEIN, value[:2]) {
		return Result{Value: value, Mark: Unknown}
	}
	return Result{Value: value}
}

// NIT checks a Colombian tax number: nine digits, ten for some persons, and a check
// digit modulo 11 with the weights 3 7 13 17 19 23 29 37 41 43 from the right.
// Ecopetrol is 899.999.068-1. A company's nine digits without the check digit are
// marked Format, with the digit expected.
func NIT(text string) Result {
	value := strings.TrimPrefix(compact(text), "NIT")
	n := len(value)
	if n < 9 || n > 11 || !digits(value, n) || placeholder(value) {
		return malformed(value)
	}
	if n == 9 {
		return Result{Value: value, Mark: Format, Expected: digit(nitDigit(value))}
	}
	return verdict(value, value[n-1], nitDigit(value[:n-1]))
}

func nitDigit(text string) int {
	sum := 0
	for i, w := range [...]int{3, 7, 13, 17, 19, 23, 29, 37, 41, 43} {
		if at := len(text) - 1 - i; at >= 0 {
			sum += int(text[at]-'0') * w
		}
	}
	if rest := sum % 11; rest > 1 {
		return 11 - rest
	}
	return sum % 11
}

// RFC checks a Mexican taxpayer number: three letters for companies and four for
// persons (& and Ñ are letters here), a day as YYMMDD, two characters and a check
// character modulo 11. Petróleos Mexicanos is PME380607P35. The tax office has
// given out some numbers whose check character does not fit: CheckDigit is a
// hint, not a verdict.
func RFC(text string) Result {
	value := compact(text)
	if strings.Contains(value, "\x00") {
		return malformed(value)
	}
	if strings.Contains(value, "Ñ") {
		return rfc(value, strings.ReplaceAll(value, "Ñ", "\x00"))
	}
	return rfc(value, value)
}

// rfc checks a number in which a zero byte stands for Ñ.
func rfc(value, plain string) Result {
	n := len(plain)
	if n != 12 && n != 13 {
		return malformed(value)
	}
	first := n - 9 // letters before the day
	for i := range first {
		if c := plain[i]; !isUpper(c) && c != '&' && c != 0 {
			return malformed(value)
		}
	}
	day := plain[first : first+6]
	// The year's century is not told; 2000 was a leap year, so any day of it serves.
	if !digits(day, 6) || !isDay(2000, number(day[2:4]), number(day[4:])) || !alphanumeric(plain[n-3:]) {
		return malformed(value)
	}
	sum := 0
	if n == 12 {
		sum = 37 * 13 // a space in front
	}
	for i := range n - 1 {
		sum += rfcValue(plain[i]) * (n - i)
	}
	return lettered(value, plain[n-1], "0123456789A", (11-sum%11)%11)
}

// rfcValue is a character's value: 0 to 9, A to N 10 to 23, & 24, O to Z 25 to 36,
// space 37, Ñ 38.
func rfcValue(c byte) int {
	switch {
	case isDigit(c):
		return int(c - '0')
	case c == '&':
		return 24
	case c == 0:
		return 38
	case c >= 'O':
		return int(c-'A') + 11
	}
	return int(c-'A') + 10
}

// RUC checks a Peruvian taxpayer number: eleven digits that begin with 10, 15, 16
// or 17 for persons and 20 for companies, the last modulo 11 with the weights 5 4 3
// 2 7 6 5 4 3 2. SUNAT itself is 20131312955. Persons' numbers hold their
// document number.
func RUC(text string) Result {
	value := compact(text)
	if !digits(value, 11) || placeholder(value) {
		return malformed(value)
	}
	switch value[:2] {
	case "10", "15", "16", "17", "20":
	default:
		return malformed(value)
	}
	return verdict(value, value[10], (11-weighted(value, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2)%11)%10)
}

// RUT checks a Chilean taxpayer number: seven or eight digits and a check
// character modulo 11, K for ten. Codelco is 61.704.000-K. Persons' numbers are
// their identity numbers and lie below 50 million; companies' above.
func RUT(text string) Result {
	value := compact(text)
	n := len(value)
	if n != 8 && n != 9 || !digits(value[:n-1], n-1) || !isDigit(value[n-1]) && value[n-1] != 'K' || placeholder(value) {
		return malformed(value)
	}
	return lettered(value, value[n-1], "0123456789K", (11-fromRight(value[:n-1], 7)%11)%11)
}

package ident

import "strings"

// The numbers in this file identify a person. Callers store what Key.Pseudonym
// makes of Value, not Value, and print neither Value nor the text.

// HKID checks a Hong Kong identity card number: one or two letters, six digits and
// a check character, 0 to 9 or A for ten: with A = 10 ... Z = 35, a space (36)
// before a single letter and weights 9 to 1, the sum is a multiple of 11.
func HKID(text string) Result {
	value := compact(text)
	first := len(value) - 7 // letters before six digits and the check character
	if first != 1 && first != 2 || !letters(value[:first], first) || !digits(value[first:first+6], 6) {
		return malformed(value)
	}
	check := value[len(value)-1]
	if !isDigit(check) && check != 'A' {
		return malformed(value)
	}
	sum := weighted(value[first:], 7, 6, 5, 4, 3, 2)
	if first == 1 {
		sum += 36*9 + base36(value[0])*8
	} else {
		sum += base36(value[0])*9 + base36(value[1])*8
	}
	return lettered(value, check, "0123456789A", (11-sum%11)%11)
}

// RIC checks a Chinese resident identity number: six digits of the place, a day as
// YYYYMMDD, three digits and a check character modulo 11-2 (ISO 7064), X for ten.
// GB 11643-1999 has 11010519491231002X as its example.
func RIC(text string) Result {
	value := compact(text)
	if len(value) != 18 || !digits(value[:17], 17) || !isDigit(value[17]) && value[17] != 'X' || value[0] == '0' {
		return malformed(value)
	}
	if y := number(value[6:10]); y < 1850 || y > 2100 || !isDay(y, number(value[10:12]), number(value[12:14])) {
		return malformed(value)
	}
	sum := weighted(value, 7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
	return lettered(value, value[17], "10X98765432", sum%11)
}

// RRN checks a Korean resident registration number: a day as YYMMDD, a digit for
// sex and century, and five digits with a check digit, (11 − Σ digit·(2 … 9, 2 …
// 5) mod 11) mod 10. Since October 2020 the digits after the seventh are drawn by
// lot, so that of people registered since CheckDigit says nothing. 971013-9019902
// is the number that descriptions of the scheme use.
func RRN(text string) Result {
	value := compact(text)
	if !digits(value, 13) || placeholder(value) {
		return malformed(value)
	}
	century := 1900
	switch value[6] {
	case '9', '0':
		century = 1800
	case '3', '4', '7', '8':
		century = 2000
	}
	if !isDay(century+number(value[:2]), number(value[2:4]), number(value[4:6])) {
		return malformed(value)
	}
	return verdict(value, value[12], (11-weighted(value, 2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5)%11)%10)
}

// IDTW checks a Taiwan identity number, of citizens and since 2021 of residents: a
// letter, which counts as two digits, 1, 2, 8 or 9, seven digits and a check digit
// with the weights 1 9 8 7 6 5 4 3 2 1 modulo 10. A123456789 is the specimen of the
// household registration offices, A800000014 that of the immigration agency.
func IDTW(text string) Result {
	value := compact(text)
	if len(value) != 10 || !isUpper(value[0]) || !digits(value[1:], 9) || strings.IndexByte("1289", value[1]) < 0 {
		return malformed(value)
	}
	// The letters in the order of their numbers, 10 to 35.
	letter := strings.IndexByte("ABCDEFGHJKLMNPQRSTUVXYWZIO", value[0]) + 10
	sum := letter/10 + letter%10*9 + weighted(value[1:], 8, 7, 6, 5, 4, 3, 2, 1)
	return verdict(value, value[9], (10-sum%10)%10)
}

// IDSG checks a Singapore NRIC or FIN: S, T, F, G or M, seven digits and a letter
// modulo 11, of an alphabet for citizens and residents and another for
// foreigners. S1234567D is the specimen in wide use.
func IDSG(text string) Result {
	value := compact(text)
	if len(value) != 9 || !digits(value[1:8], 7) || !isUpper(value[8]) {
		return malformed(value)
	}
	sum := weighted(value[1:], 2, 7, 6, 5, 4, 3, 2)
	switch value[0] {
	case 'S':
		return lettered(value, value[8], "JZIHGFEDCBA", sum%11)
	case 'T':
		return lettered(value, value[8], "JZIHGFEDCBA", (sum+4)%11)
	case 'F':
		return lettered(value, value[8], "XWUTRQPNMLK", sum%11)
	case 'G':
		return lettered(value, value[8], "XWUTRQPNMLK", (sum+4)%11)
	case 'M':
		return lettered(value, value[8], "XWUTRQPNJLK", (sum+3)%11)
	}
	return malformed(value)
}

// IDMY checks a Malaysian identity card number: a day as YYMMDD, two digits of the
// place of birth and four more. It has no check digit; places that were never
// given out are Unknown.
func IDMY(text string) Result {
	value := compact(text)
	// 2000 was a leap year, so any day of any century serves.
	if !digits(value, 12) || placeholder(value) || !isDay(2000, number(value[2:4]), number(value[4:6])) {
		return malformed(value)
	}
	switch place := number(value[6:8]); {
	case place == 0, place >= 17 && place <= 20, place == 69, place == 70, place == 73, place == 80, place == 81,
		place >= 94 && place <= 97:
		return Result{Value: value, Mark: Unknown}
	}
	return Result{Value: value}
}

// verhoeffSum and verhoeffTurn are the dihedral group of order ten and the
// permutation of J. Verhoeff, Error Detecting Decimal Codes, 1969.
var (
	verhoeffSum = [10]string{
		"0123456789", "1234067895", "2340178956", "3401289567", "4012395678",
		"5987604321", "6598710432", "7659821043", "8765932104", "9876543210",
	}
	verhoeffTurn = [8]string{
		"0123456789", "1576283094", "5803796142", "8916043527", "9453126870", "4286573901", "2793806415", "7046913258",
	}
)

// Aadhaar checks an Indian Aadhaar number: twelve digits, the first 2 to 9, the
// last a check digit of Verhoeff. 2341 2341 2346 is the number that descriptions
// of the scheme use, 9999 4105 7058 one that UIDAI published for tests.
func Aadhaar(text string) Result {
	return numericFrom(compact(text), 12, '2', func(v string) int {
		c := byte('0')
		for i := range 11 {
			d := v[10-i] - '0'
			c = verhoeffSum[c-'0'][verhoeffTurn[(i+1)%8][d]-'0']
		}
		return int(verhoeffInverse[c-'0'] - '0')
	})
}

// verhoeffInverse holds what brings each element back to 0.
const verhoeffInverse = "0432156789"

// numericFrom is numeric for numbers that do not begin with a smaller digit.
func numericFrom(value string, n int, first byte, fits func(value string) int) Result {
	if value != "" && value[0] < first && !placeholder(value) {
		return malformed(value)
	}
	return numeric(value, n, fits)
}

// MyNumber checks a Japanese individual number: twelve digits, the last 11 − Σ
// digit·(2 … 7, 2 … 6 from the right) mod 11, 0 for 10 and 11. 1234 5678 9018 is
// the specimen of the ministry's leaflets.
func MyNumber(text string) Result {
	return numeric(compact(text), 12, func(v string) int {
		fits := 11 - weighted(v, 6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2)%11
		if fits > 9 {
			return 0
		}
		return fits
	})
}

// IDTH checks a Thai identity number: thirteen digits that do not begin with 0,
// with the check digit of TaxTH. 3100600445635 is the number that descriptions of
// the scheme use.
func IDTH(text string) Result { return numericFrom(compact(text), 13, '1', thai) }

// CPF checks the taxpayer number of a person in Brazil: nine digits and two check
// digits modulo 11. 529.982.247-25 is the number that descriptions of the scheme
// use.
func CPF(text string) Result {
	value := compact(text)
	if !digits(value, 11) || placeholder(value) {
		return malformed(value)
	}
	sum := fromRight(value[:9], 11)
	first := cnpjDigit(sum)
	for i := range 9 {
		sum += int(value[i] - '0')
	}
	return twoDigits(value, value[9:], first*10+cnpjDigit(sum+2*first))
}

// NIK checks the form of an Indonesian identity number: six digits of the place, a
// day as DDMMYY, 40 more for women, and four digits. It has no check digit;
// places in provinces that there are none of are Unknown.
func NIK(text string) Result {
	value := compact(text)
	if !digits(value, 16) || placeholder(value) {
		return malformed(value)
	}
	day := number(value[6:8])
	if day > 40 {
		day -= 40
	}
	if !isDay(2000, number(value[8:10]), day) || value[12:] == "0000" {
		return malformed(value)
	}
	if value[0] == '0' || value[0] == '4' || value[1] == '0' {
		return Result{Value: value, Mark: Unknown}
	}
	return Result{Value: value}
}

// isDay says whether a year has such a day.
func isDay(year, month, day int) bool {
	if month < 1 || month > 12 || day < 1 {
		return false
	}
	days := int("\x1f\x1c\x1f\x1e\x1f\x1e\x1f\x1f\x1e\x1f\x1e\x1f"[month-1])
	if month == 2 && year%4 == 0 && (year%100 != 0 || year%400 == 0) {
		days++
	}
	return day <= days
}

package ident

import "strings"

// IMOShip checks an IMO ship identification number: seven digits, the last of
// which is Σ digit·(7 … 2) mod 10 (IMO resolution A.1117(30)). 9074729 is fine.
// Companies have IMO numbers of the same form and another check digit; see
// IMOCompany.
func IMOShip(text string) Result {
	value, ok := imo(text)
	if !ok {
		return malformed(value)
	}
	return verdict(value, value[6], weighted(value, 7, 6, 5, 4, 3, 2)%10)
}

// IMOCompany checks an IMO company or registered owner number: seven digits, the
// last of which is (11 − Σ digit·(8 6 4 2 9 7) mod 11) mod 10 (IMO resolution
// MSC.160(78)).
func IMOCompany(text string) Result {
	value, ok := imo(text)
	if !ok {
		return malformed(value)
	}
	return verdict(value, value[6], (11-weighted(value, 8, 6, 4, 2, 9, 7)%11)%10)
}

func imo(text string) (value string, ok bool) {
	value = compact(text)
	value = strings.TrimPrefix(value, "IMO")
	value = strings.TrimPrefix(value, "NO")
	return value, digits(value, 7) && value != "0000000"
}

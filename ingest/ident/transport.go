package ident

// AirWaybill checks an air waybill number (IATA resolution 600a): the airline's
// three digits, seven digits, and these modulo 7. Its normal spelling has a hyphen
// after the airline.
func AirWaybill(text string) Result {
	value := text
	if len(value) != 12 || value[3] != '-' || !digits(value[:3], 3) || !digits(value[4:], 8) {
		value = compact(text)
		if !digits(value, 11) || placeholder(value) {
			return malformed(value)
		}
		value = value[:3] + "-" + value[3:]
	}
	rest := 0
	for i := range 7 {
		rest = (rest*10 + int(value[4+i]-'0')) % 7
	}
	return verdict(value, value[11], rest)
}

// PostalItem checks a postal item number (UPU S10): two letters for the service,
// eight digits, a check digit and the country of issue. The check digit is 11 −
// Σ digit·(8 6 4 2 3 5 9 7) mod 11, with 10 written 0 and 11 written 5.
func PostalItem(text string) Result {
	value := compact(text)
	if len(value) != 13 || !letters(value[:2], 2) || !digits(value[2:11], 9) || !letters(value[11:], 2) {
		return malformed(value)
	}
	fits := 11 - weighted(value[2:], 8, 6, 4, 2, 3, 5, 9, 7)%11
	switch fits {
	case 10:
		fits = 0
	case 11:
		fits = 5
	}
	r := verdict(value, value[10], fits)
	if r.Mark == Fine && countryAt(value[11:]) == nil {
		r.Mark = Unknown
	}
	return r
}

// Seal normalises the number of a container seal. Seals have no check digit;
// what tells is a missing one, or one that was used before. Blank marks an empty
// cell and the words people write instead ("N/A", "NO SEAL", "0000"). A seal is
// known by its maker and its number together: makers number alike.
func Seal(text string) Result {
	value := compact(text)
	if placeholder(value) {
		return Result{Value: value, Mark: Blank}
	}
	return asReference(value, 2, 35)
}

// BillOfLading normalises the number of a bill of lading: capitals without
// separators. The issuer's letters in front, if any, stay, since two carriers may
// use one number; see Issuer. Whether a bill is a master or a house bill does not
// show in its number.
func BillOfLading(text string) Result {
	value := compact(text)
	if placeholder(value) {
		return Result{Value: value, Mark: Blank}
	}
	return asReference(value, 4, 35)
}

// asReference accepts what may be someone's own number: letters and digits, at
// least one digit, and a length between the two.
func asReference(value string, shortest, longest int) Result {
	numbers := 0
	for i := range len(value) {
		switch {
		case isDigit(value[i]):
			numbers++
		case !isUpper(value[i]):
			return Result{Value: value, Mark: Format}
		}
	}
	if numbers == 0 || len(value) < shortest || len(value) > longest {
		return Result{Value: value, Mark: Format}
	}
	return Result{Value: value}
}

// Issuer splits a normalised bill of lading number after the carrier code (SCAC)
// that it begins with: two to four letters followed by more. There is none where
// the number begins with fewer letters or with more.
func Issuer(value string) (issuer, number string) {
	n := 0
	for n < len(value) && isUpper(value[n]) {
		n++
	}
	if n < 2 || n > 4 || n == len(value) {
		return "", value
	}
	return value[:n], value[n:]
}

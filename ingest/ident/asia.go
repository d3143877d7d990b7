package ident

import "strings"

// ACN checks an Australian company number: nine digits, the last of which makes
// the sum of the others, weighted 8 to 1, a multiple of ten. ASIC explains the
// rule with 004 085 616.
func ACN(text string) Result {
	value := strings.TrimPrefix(compact(text), "ACN")
	return numeric(value, 9, func(v string) int {
		return (10 - weighted(v, 8, 7, 6, 5, 4, 3, 2, 1)%10) % 10
	})
}

// CorporateKR checks a Korean corporate registration number, thirteen digits in
// groups of 6 and 7; the last makes the sum of the others, weighted 1 and 2 in
// turn, a multiple of ten. Samsung Electronics is 130111-0006246. Resident
// registration numbers have the same form and another check digit, see RRN.
func CorporateKR(text string) Result {
	return numeric(compact(text), 13, func(v string) int {
		return (10 - weighted(v, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2)%10) % 10
	})
}

// base36 is the value of a digit, or of a letter from A = 10.
func base36(c byte) int {
	if isDigit(c) {
		return int(c - '0')
	}
	return int(c-'A') + 10
}

const alphabet36 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"

// GSTIN checks an Indian goods and services tax number: the state's two digits, a
// PAN, the number of the registration, a letter (Z for ordinary taxpayers) and a
// check character modulo 36. Reliance Industries in Maharashtra has
// 27AAACR5055K1Z7. The number holds the PAN, which may be a person's.
func GSTIN(text string) Result {
	value := compact(text)
	if len(value) != 15 || !digits(value[:2], 2) || !panForm(value[2:12]) ||
		!alphanumeric(value[12:]) || value[12] == '0' || !isUpper(value[13]) {
		return malformed(value)
	}
	sum := 0
	for i := range 14 {
		p := base36(value[i]) * (1 + i%2)
		sum += p/36 + p%36
	}
	r := lettered(value, value[14], alphabet36, (36-sum%36)%36)
	if state := number(value[:2]); r.Mark == Fine && (state == 0 || state > 38 && state != 97 && state != 99) {
		r.Mark = Unknown
	}
	return r
}

func panForm(value string) bool {
	return len(value) == 10 && letters(value[:5], 5) && digits(value[5:9], 4) && isUpper(value[9])
}

// PAN checks the form of an Indian permanent account number: five letters, four
// digits and a letter, the fourth of which is the kind of holder; other kinds are
// Unknown. How the last letter is made is not published. That of a person (P in
// the fourth place) is a tax number, not an identity number.
func PAN(text string) Result {
	value := compact(text)
	if !panForm(value) {
		return malformed(value)
	}
	if strings.IndexByte("ABCEFGHJLPT", value[3]) < 0 {
		return Result{Value: value, Mark: Unknown}
	}
	return Result{Value: value}
}

// IEC checks the form of an Indian importer exporter code: ten digits, or a PAN,
// which it is for those registered since 2017. It has no check digit.
func IEC(text string) Result {
	value := compact(text)
	if panForm(value) {
		return PAN(value)
	}
	if !digits(value, 10) || placeholder(value) {
		return malformed(value)
	}
	return Result{Value: value}
}

// NPWP checks an Indonesian tax number: fifteen digits, of which the ninth is a
// Luhn check digit of the first eight; then three of the tax office and three of
// the branch. Since 2024 companies write a zero in front of it, which is taken
// off, and branches six digits behind that. Sixteen digits that do not begin with
// a zero are the identity number of a person, see NIK.
//
// 01.300.066.6-091.000 is the good number at hand; it stands in descriptions of
// the scheme.
func NPWP(text string) Result {
	value := strings.TrimPrefix(compact(text), "NPWP")
	if len(value) == 16 && digits(value, 16) && value[0] != '0' {
		r := NIK(value)
		r.Person = r.Mark != Blank
		return r
	}
	if (len(value) == 16 || len(value) == 22) && value[0] == '0' {
		value = value[1:]
	}
	if n := len(value); n != 15 && n != 21 || !digits(value, n) || placeholder(value) {
		return malformed(value)
	}
	return verdict(value, value[8], luhn(value[:8]))
}

// TaxVN checks a Vietnamese tax code (MST): ten digits, the last of which is 10 −
// Σ digit·(31 29 23 19 17 13 7 5 3) mod 11, and three digits of a branch, if any.
// Vinamilk is 0300588569. Since 2025 persons use their identity number of twelve
// digits.
func TaxVN(text string) Result {
	value := strings.TrimPrefix(compact(text), "MST")
	n := len(value)
	if n == 12 && digits(value, 12) && !placeholder(value) {
		return Result{Value: value, Mark: Unknown, Person: true}
	}
	if n != 10 && n != 13 || !digits(value, n) || placeholder(value) {
		return malformed(value)
	}
	return verdict(value, value[9], 10-weighted(value, 31, 29, 23, 19, 17, 13, 7, 5, 3)%11)
}

// thai gives the check digit of Thai numbers of thirteen digits: (11 − Σ
// digit·(13 … 2) mod 11) mod 10.
func thai(value string) int {
	return (11 - weighted(value, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2)%11) % 10
}

// TaxTH checks a Thai tax number, thirteen digits with a check digit. Companies'
// begin with 0: PTT is 0107544000108. Other numbers are identity numbers of
// persons, see IDTH.
func TaxTH(text string) Result {
	value := compact(text)
	r := numeric(value, 13, thai)
	r.Person = r.Mark != Blank && r.Mark != Format && value[0] != '0'
	return r
}

// UEN checks a Singapore unique entity number: eight digits and a letter
// (businesses), a year, five digits and a letter (companies), or R, S or T, two
// digits of the year, two letters, four digits and a letter (others). DBS Bank is
// 196800306E, the Government Technology Agency T16GB0002G.
func UEN(text string) Result {
	value := strings.TrimPrefix(compact(text), "UEN")
	switch {
	case len(value) == 9 && digits(value[:8], 8) && isUpper(value[8]):
		return lettered(value, value[8], "XMKECAWLJDB", weighted(value, 10, 4, 9, 3, 8, 2, 7, 1)%11)
	case len(value) == 10 && digits(value[:9], 9) && isUpper(value[9]):
		if value[:2] != "18" && value[:2] != "19" && value[:2] != "20" {
			return malformed(value)
		}
		return lettered(value, value[9], "ZKCMDNERGWH", weighted(value, 10, 8, 6, 4, 9, 7, 5, 3, 1)%11)
	case len(value) == 10 && (value[0] == 'R' || value[0] == 'S' || value[0] == 'T') && digits(value[1:3], 2) &&
		letters(value[3:5], 2) && digits(value[5:9], 4) && isUpper(value[9]):
		return otherUEN(value)
	}
	return malformed(value)
}

// otherUEN checks the third form, whose alphabet puts letters before digits and
// leaves out Y and Z.
func otherUEN(value string) Result {
	const alphabet = "ABCDEFGHJKLMNPQRSTUVWX0123456789"
	sum := 0
	for i, w := range [...]int{4, 3, 5, 3, 10, 2, 2, 5, 7} {
		v := strings.IndexByte(alphabet, value[i])
		if v < 0 {
			return malformed(value)
		}
		sum += v * w
	}
	return lettered(value, value[9], alphabet, (sum+6)%11) // Σ − 5 mod 11
}

// UBN checks a Taiwan unified business number: eight digits whose products with 1
// 2 1 2 1 2 4 1, their digits added, make a multiple of five; where the seventh is
// 7, one more may be added (Ministry of Finance, rule in force since April 2023;
// before it was a multiple of ten). TSMC is 22099131.
func UBN(text string) Result {
	value := compact(text)
	if !digits(value, 8) || placeholder(value) {
		return malformed(value)
	}
	sum := 0
	for i, w := range [...]int{1, 2, 1, 2, 1, 2, 4, 1} {
		p := int(value[i]-'0') * w
		sum += p/10 + p%10
	}
	if sum%5 == 0 || value[6] == '7' && sum%5 == 4 {
		return Result{Value: value}
	}
	return Result{Value: value, Mark: CheckDigit} // two digits fit
}

// BusinessHK checks the form of a Hong Kong business registration number: eight
// digits, which since 2023 identify a company, and the branch, month, year and
// check digit of a certificate behind them, if any. How the check digit is made is
// not published, so it is not checked; Value is the eight digits.
func BusinessHK(text string) Result {
	value := strings.TrimPrefix(compact(text), "BR")
	n := len(value)
	if n < 8 || n > 22 || !digits(value, n) || placeholder(value[:8]) {
		return malformed(value)
	}
	return Result{Value: value[:8]}
}

// CompanyHK checks the form of a number of the Hong Kong Companies Registry as it
// was given until 2023: up to seven digits, F in front for a company from
// elsewhere. It has no check digit; Value has all seven digits.
func CompanyHK(text string) Result {
	value := strings.TrimPrefix(compact(text), "CR")
	body := strings.TrimPrefix(value, "F")
	if n := len(body); n < 4 || n > 7 || !digits(body, n) || placeholder(body) {
		return malformed(value)
	}
	if len(body) < 7 {
		zeros := "0000000"[len(body):]
		value = value[:len(value)-len(body)] + zeros + body
	}
	return Result{Value: value}
}

// CompanyMY checks the form of a Malaysian company number: since 2019 twelve
// digits, year, kind (01 to 06) and serial; before, up to seven digits and a
// letter, whose rule is not published.
func CompanyMY(text string) Result {
	value := compact(text)
	n := len(value)
	switch {
	case n == 12 && digits(value, 12) && (value[:2] == "18" || value[:2] == "19" || value[:2] == "20") &&
		value[4] == '0' && value[5] >= '1' && value[5] <= '6':
		return Result{Value: value}
	case n >= 3 && n <= 8 && digits(value[:n-1], n-1) && isUpper(value[n-1]):
		return Result{Value: value}
	}
	return malformed(value)
}

// TaxPH checks the form of a Philippine taxpayer number: nine digits, and three
// to five of the branch, if any. Descriptions of a check digit contradict each
// other, so none is asked for.
func TaxPH(text string) Result {
	value := strings.TrimPrefix(compact(text), "TIN")
	if n := len(value); n != 9 && (n < 12 || n > 14) || !digits(value, n) || placeholder(value) {
		return malformed(value)
	}
	return Result{Value: value}
}

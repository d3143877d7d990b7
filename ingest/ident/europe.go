package ident

import "strings"

// INN checks a Russian tax number of a company: ten digits, the last Σ digit·(2 4
// 10 3 5 9 4 6 8) mod 11 mod 10. Gazprom is 7736050003. Those of persons have
// twelve digits and are not taken.
func INN(text string) Result {
	value := strings.TrimPrefix(compact(text), "INN")
	return numeric(value, 10, func(v string) int {
		return weighted(v, 2, 4, 10, 3, 5, 9, 4, 6, 8) % 11 % 10
	})
}

// UIDCH checks a Swiss enterprise number: CHE, eight digits and a check digit
// modulo 11 with the weights 5 4 3 2 7 6 5 4; VAT behind it, in any of the
// languages, is taken off. Nestlé is CHE-116.281.710.
func UIDCH(text string) Result {
	value := compact(text)
	for _, vat := range [...]string{"MWST", "TVA", "IVA"} {
		value = strings.TrimSuffix(value, vat)
	}
	if len(value) != 12 || value[:3] != "CHE" || !digits(value[3:], 9) || placeholder(value[3:]) {
		return malformed(value)
	}
	return verdict(value, value[11], remainder11(weighted(value[3:], 5, 4, 3, 2, 7, 6, 5, 4)))
}

// OrgNO checks a Norwegian organisation number: nine digits, the last modulo 11
// with the weights 3 2 7 6 5 4 3 2; NO in front and MVA behind are taken off.
// Equinor is 923 609 016.
func OrgNO(text string) Result {
	value := strings.TrimSuffix(strings.TrimPrefix(compact(text), "NO"), "MVA")
	return numeric(value, 9, func(v string) int { return remainder11(weighted(v, 3, 2, 7, 6, 5, 4, 3, 2)) })
}

// remainder11 is the check digit that makes a weighted sum a multiple of 11; 10,
// which is none, where no digit does.
func remainder11(sum int) int { return (11 - sum%11) % 11 }

// VAT checks a value added tax number of a member of the European Union, of the
// United Kingdom (GB) or of Northern Ireland (XI): the country's letters, EL for
// Greece, and its own number with its own check digits. The rules are those that
// the administrations publish beside the VIES service; each has been held against
// the numbers of two companies.
//
// Numbers of persons that are identity numbers come with Result.Person: Bulgaria
// with ten digits, Czechia with nine or ten, Latvia below 4, Spain with a letter
// behind eight digits.
func VAT(text string) Result {
	value := compact(text)
	if strings.HasPrefix(value, "GR") {
		value = "EL" + value[2:]
	}
	if len(value) < 4 || placeholder(value[2:]) {
		return malformed(value)
	}
	for i := range vatRules {
		if vatRules[i].country == value[:2] {
			return vatRules[i].check(value, value[2:])
		}
	}
	return malformed(value)
}

// vatRules are the rules by country. Each gets the whole number and what stands
// behind the country.
var vatRules = [...]struct {
	country string
	check   func(value, body string) Result
}{
	{"AT", vatAT}, {"BE", vatBE}, {"BG", vatBG}, {"CY", vatCY}, {"CZ", vatCZ}, {"DE", vatDE}, {"DK", vatDK}, {"EE", vatEE},
	{"EL", vatEL}, {"ES", vatES}, {"FI", vatFI}, {"FR", vatFR}, {"GB", vatGB}, {"HR", vatDE11}, {"HU", vatHU}, {"IE", vatIE},
	{"IT", vatIT}, {"LT", vatLT}, {"LU", vatLU}, {"LV", vatLV}, {"MT", vatMT}, {"NL", vatNL}, {"PL", vatPL}, {"PT", vatPT},
	{"RO", vatRO}, {"SE", vatSE}, {"SI", vatSI}, {"SK", vatSK}, {"XI", vatGB},
}

// last is the result for a body of n digits whose last one should be fits.
func last(value, body string, n int, fits func(body string) int) Result {
	if !digits(body, n) {
		return malformed(value)
	}
	return verdict(value, body[n-1], fits(body))
}

func vatAT(value, body string) Result {
	if body[0] != 'U' {
		return malformed(value)
	}
	return last(value, body[1:], 8, func(b string) int { return (20 - (crossed(b[:7], 1)+4)%10) % 10 })
}

func vatBE(value, body string) Result {
	if !digits(body, 10) || body[0] > '1' {
		return malformed(value)
	}
	return twoDigits(value, body[8:], 97-number(body[:8])%97)
}

func vatBG(value, body string) Result {
	if digits(body, 10) {
		return Result{Value: value, Mark: Unknown, Person: true}
	}
	return last(value, body, 9, func(b string) int {
		rest := weighted(b, 1, 2, 3, 4, 5, 6, 7, 8) % 11
		if rest == 10 {
			rest = weighted(b, 3, 4, 5, 6, 7, 8, 9, 10) % 11 % 10
		}
		return rest
	})
}

// Cyprus turns the digits in odd places by a table, adds those in even ones, and
// takes a letter modulo 26.
func vatCY(value, body string) Result {
	if len(body) != 9 || !digits(body[:8], 8) || !isUpper(body[8]) {
		return malformed(value)
	}
	turned := [...]int{1, 0, 5, 7, 9, 13, 15, 17, 19, 21}
	sum := 0
	for i := range 8 {
		d := int(body[i] - '0')
		if i%2 == 0 {
			d = turned[d]
		}
		sum += d
	}
	return lettered(value, body[8], alphabet36[10:], sum%26)
}

func vatCZ(value, body string) Result {
	if digits(body, 9) || digits(body, 10) {
		return Result{Value: value, Mark: Unknown, Person: true}
	}
	return last(value, body, 8, func(b string) int {
		return (11 - weighted(b, 8, 7, 6, 5, 4, 3, 2)%11) % 10
	})
}

func vatDE(value, body string) Result {
	return last(value, body, 9, func(b string) int { return mod1110(b[:8]) })
}

// Croatia has eleven digits by the rule of Germany.
func vatDE11(value, body string) Result {
	return last(value, body, 11, func(b string) int { return mod1110(b[:10]) })
}

func vatDK(value, body string) Result {
	return last(value, body, 8, func(b string) int { return remainder11(weighted(b, 2, 7, 6, 5, 4, 3, 2)) })
}

func vatEE(value, body string) Result {
	return last(value, body, 9, func(b string) int { return (10 - weighted(b, 3, 7, 1, 3, 7, 1, 3, 7)%10) % 10 })
}

func vatEL(value, body string) Result {
	return last(value, body, 9, func(b string) int { return weighted(b, 256, 128, 64, 32, 16, 8, 4, 2) % 11 % 10 })
}

// nifLetters are the letters of Spanish identity numbers by their remainder
// modulo 23.
const nifLetters = "TRWAGMYFPDXBNJZSQVHLCKE"

// Spain has a letter in front for companies and a digit or letter at the end, as
// the first letter has it; for persons eight digits and a letter, or X, Y or Z,
// seven digits and a letter.
func vatES(value, body string) Result {
	if len(body) != 9 || !digits(body[1:8], 7) || !alphanumeric(body) {
		return malformed(value)
	}
	if first := strings.IndexByte("XYZ", body[0]); first >= 0 || isDigit(body[0]) {
		if first < 0 {
			first = int(body[0] - '0')
		}
		r := lettered(value, body[8], nifLetters, (first*10_000_000+number(body[1:8]))%23)
		r.Person = true
		return r
	}
	if strings.IndexByte("ABCDEFGHJNPQRSUVW", body[0]) < 0 {
		return malformed(value)
	}
	fits := (10 - crossed(body[1:8], 2)%10) % 10
	if isDigit(body[8]) {
		return verdict(value, body[8], fits)
	}
	return lettered(value, body[8], "JABCDEFGHI", fits)
}

func vatFI(value, body string) Result {
	return last(value, body, 8, func(b string) int { return remainder11(weighted(b, 7, 9, 10, 5, 8, 4, 2)) })
}

// France has two check digits before the nine of the company, (12 + 3·(SIREN mod
// 97)) mod 97. Keys with letters exist for those that are taxed without being
// registered in France; how they are made is not published, so they are Unknown.
func vatFR(value, body string) Result {
	if len(body) != 11 || !digits(body[2:], 9) || !alphanumeric(body[:2]) {
		return malformed(value)
	}
	if !digits(body[:2], 2) {
		return Result{Value: value, Mark: Unknown}
	}
	return twoDigits(value, body[:2], (12+3*(number(body[2:])%97))%97)
}

// The United Kingdom has nine digits, the last two of which make the weighted sum
// a multiple of 97, or one after adding 55, for numbers since 2010; three more for
// a branch; GD and HA with three digits for governments and health authorities.
func vatGB(value, body string) Result {
	if len(body) == 5 && (body[:2] == "GD" || body[:2] == "HA") && digits(body[2:], 3) {
		return Result{Value: value}
	}
	if n := len(body); n != 9 && n != 12 || !digits(body, n) {
		return malformed(value)
	}
	sum := weighted(body, 8, 7, 6, 5, 4, 3, 2)
	old := (97 - sum%97) % 97
	if now := (97 - (sum+55)%97) % 97; number(body[7:9]) == now {
		return Result{Value: value}
	}
	return twoDigits(value, body[7:9], old)
}

func vatHU(value, body string) Result {
	return last(value, body, 8, func(b string) int { return (10 - weighted(b, 9, 7, 3, 1, 9, 7, 3)%10) % 10 })
}

// Ireland has seven digits, a letter modulo 23, and for some a second letter that
// counts nine times.
func vatIE(value, body string) Result {
	n := len(body)
	if n != 8 && n != 9 || !digits(body[:7], 7) || !isUpper(body[7]) || n == 9 && !isUpper(body[8]) {
		return malformed(value)
	}
	sum := weighted(body, 8, 7, 6, 5, 4, 3, 2)
	if n == 9 && body[8] != 'W' {
		sum += 9 * (int(body[8]-'A') + 1)
	}
	return lettered(value, body[7], "WABCDEFGHIJKLMNOPQRSTUV", sum%23)
}

func vatIT(value, body string) Result {
	return last(value, body, 11, func(b string) int { return luhn(b[:10]) })
}

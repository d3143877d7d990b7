package ident

import (
	"strings"
	"sync"

	_ "embed"
)

//go:embed data/countries.tsv
var countriesText string

// Country checks a country code of ISO 3166-1 and gives it with two letters: KR
// for KOR. Withdrawn codes and those that others use in their own way (UK, EL)
// are Discouraged, with the code to use now as Expected, if there is one.
func Country(text string) Result {
	value := compact(text)
	switch len(value) {
	case 2:
		if value == "NA" && strings.ContainsAny(text, "/.") {
			return Result{Value: value, Mark: Blank} // "n/a" is not Namibia
		}
		if !letters(value, 2) {
			return malformed(value)
		}
	case 3:
		if !letters(value, 3) {
			return malformed(value)
		}
		if two := countryTable().byThree[value]; two != "" {
			value = two
			break
		}
		return unlisted(value)
	default:
		return malformed(value)
	}
	c := countryAt(value)
	switch {
	case c == nil:
		return unlisted(value)
	case c.old:
		return Result{Value: value, Mark: Discouraged, Expected: c.now}
	}
	return Result{Value: value}
}

// unlisted is the result for a code of the right form that is not in its list.
func unlisted(value string) Result {
	if placeholder(value) {
		return Result{Value: value, Mark: Blank}
	}
	return Result{Value: value, Mark: Unknown}
}

// CountryName returns the English short name of a two-letter code, empty if there
// is no such country.
func CountryName(code string) string {
	if !letters(code, 2) {
		return ""
	}
	if c := countryAt(code); c != nil {
		return c.name
	}
	return ""
}

type country struct {
	code, name string
	now        string // the code to use instead
	old        bool
}

type countries struct {
	byTwo   [26 * 26]*country
	byThree map[string]string
}

// reservedCodes are codes in use that ISO 3166-1 does not assign: withdrawn ones,
// and those of other bodies. XK and XZ are user codes with one settled meaning.
const reservedCodes = "AN BU CS DD EL FX SU TP UK YD YU ZR"

var countryTable = sync.OnceValue(func() *countries {
	table := &countries{byThree: map[string]string{}}
	for row := range strings.Lines(countriesText) {
		f := strings.Split(strings.TrimSuffix(row, "\n"), "\t")
		c := &country{code: f[0], now: f[2], name: f[3], old: strings.Contains(reservedCodes, f[0])}
		table.byTwo[int(f[0][0]-'A')*26+int(f[0][1]-'A')] = c
		if f[1] != "" {
			table.byThree[f[1]] = f[0]
		}
	}
	return table
})

// countryAt finds the country of the two letters that a code begins with; nil if
// there is none. They must be capitals.
func countryAt(code string) *country {
	return countryTable().byTwo[int(code[0]-'A')*26+int(code[1]-'A')]
}

package ident

import (
	"strings"
	"sync"

	_ "embed"
)

//go:embed data/mid.tsv
var midText string

//go:embed data/call_signs.tsv
var callSignsText string

// midTable is the country of each maritime identification digits, two letters by
// number (ITU, Table of Maritime Identification Digits).
var midTable = sync.OnceValue(func() *[1000]string {
	var table [1000]string
	for row := range strings.Lines(midText) {
		mid, country, _ := strings.Cut(strings.TrimSuffix(row, "\n"), "\t")
		table[number(mid)] = country
	}
	return &table
})

// MMSI checks a maritime mobile service identity: nine digits, no check digit.
// A ship's begins with its country's three digits (MID). What begins otherwise is
// a group, coast station, aircraft, hand set, craft of a ship or beacon, see
// MMSIOf, or of a country that was given no such digits: it is marked Unknown
// (ITU-R M.585).
func MMSI(text string) Result {
	value := compact(text)
	value = strings.TrimPrefix(value, "MMSI")
	if !digits(value, 9) || placeholder(value) {
		return malformed(value)
	}
	if midTable()[number(value[:3])] == "" {
		return Result{Value: value, Mark: Unknown}
	}
	return Result{Value: value}
}

// MMSIOf says which kind of station a normalised identity is of, and its country
// where the digits tell: "ship", "group", "coast", "aircraft", "hand set",
// "craft", "aid to navigation", "beacon"; "" for none of these (ITU-R M.585-9).
func MMSIOf(value string) (station, country string) {
	if !digits(value, 9) {
		return "", ""
	}
	at := 0 // of the country's digits
	switch {
	case strings.HasPrefix(value, "970"), strings.HasPrefix(value, "972"), strings.HasPrefix(value, "974"):
		return "beacon", ""
	case strings.HasPrefix(value, "00"):
		station, at = "coast", 2
	case value[0] == '0':
		station, at = "group", 1
	case strings.HasPrefix(value, "111"):
		station, at = "aircraft", 3
	case value[0] == '8':
		station, at = "hand set", 1
	case strings.HasPrefix(value, "98"):
		station, at = "craft", 2
	case strings.HasPrefix(value, "99"):
		station, at = "aid to navigation", 2
	case value[0] >= '2' && value[0] <= '7':
		station = "ship"
	default:
		return "", ""
	}
	return station, midTable()[number(value[at:at+3])]
}

// callSeries is a range of call signs, by their first three characters.
type callSeries struct{ from, to, country string }

var callTable = sync.OnceValue(func() []callSeries {
	var all []callSeries
	for row := range strings.Lines(callSignsText) {
		f := strings.Split(strings.TrimSuffix(row, "\n"), "\t")
		all = append(all, callSeries{f[0], f[1], f[2]})
	}
	return all
})

// CallSign checks the radio call sign of a ship: four to seven letters and
// digits, of which the first three are from a series that the ITU gave to a
// country (Radio Regulations, appendix 42); Unknown where they are from none.
// Call signs of amateurs pass too.
func CallSign(text string) Result {
	value := compact(text)
	if !callSignForm(value) || placeholder(value) {
		return malformed(value)
	}
	if CallSignCountry(value) == "" {
		return Result{Value: value, Mark: Unknown}
	}
	return Result{Value: value}
}

func callSignForm(value string) bool {
	n := len(value)
	if n < 4 || n > 7 || !alphanumeric(value) {
		return false
	}
	// One of the first two is a letter, and numbers do not begin with 0 or 1.
	return (isUpper(value[0]) || isUpper(value[1])) && value[0] != '0' && value[0] != '1'
}

// CallSignCountry returns the country whose series a normalised call sign is
// from, empty if there is none. Series of China also serve ships of Taiwan.
func CallSignCountry(value string) string {
	if len(value) < 3 {
		return ""
	}
	// Series are ranges of letters; a digit in the third place counts as A.
	third := value[2]
	if isDigit(third) {
		third = 'A'
	}
	for _, s := range callTable() {
		whole := s.from[1:] == "AA" && s.to[1:] == "ZZ" // all that begins with one character
		switch {
		case whole && s.from[0] == value[0]:
			return s.country
		case s.from[0] != value[0] || value[1] < s.from[1] || value[1] > s.to[1]:
		case value[1] == s.from[1] && third < s.from[2], value[1] == s.to[1] && third > s.to[2]:
		default:
			return s.country
		}
	}
	return ""
}

package ident

import (
	"strings"
	"sync"

	_ "embed"
)

var (
	//go:embed data/countries.tsv
	countriesText string
	//go:embed data/country_names.tsv
	countryNamesText string
	//go:embed data/country_aliases.tsv
	countryAliases string
	//go:embed data/schedule_c.tsv
	scheduleCText string
)

// Country checks a country code of ISO 3166-1, of two or three letters or three
// digits, and gives it with two letters: KR for KOR and 410. Withdrawn codes and
// those that others use in their own way (UK, EL) are Discouraged, with the code
// to use now as Expected, if there is one.
func Country(text string) Result {
	value := compact(text)
	switch {
	case len(value) == 2 && letters(value, 2):
		if value == "NA" && strings.ContainsAny(text, "/.") {
			return Result{Value: value, Mark: Blank} // "n/a" is not Namibia
		}
	case len(value) == 3 && (letters(value, 3) || digits(value, 3)):
		two := countryTable().byThree[value]
		if two == "" {
			return unlisted(value)
		}
		value = two
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

// CountryNumber returns the three digits of ISO 3166-1 for a two-letter code,
// empty if it has none.
func CountryNumber(code string) string {
	if !letters(code, 2) {
		return ""
	}
	if c := countryAt(code); c != nil {
		return c.number
	}
	return ""
}

// ChineseName returns the Chinese name of a two-letter code, in simplified or
// traditional characters, empty if there is none.
func ChineseName(code string, traditional bool) string {
	if !letters(code, 2) {
		return ""
	}
	c := countryAt(code)
	if c == nil || len(c.names) < 3 {
		return ""
	}
	if traditional {
		return c.names[2]
	}
	return c.names[1]
}

// CountryNamed finds a country by its code or by its name in English, Chinese
// (both scripts), Spanish, Portuguese, French, Korean, Japanese, Vietnamese,
// Indonesian, Malay, Thai, Russian, Arabic, German, Italian, Dutch, Turkish,
// Polish, Czech, Greek, Ukrainian, Kazakh, Mongolian, Khmer, Lao, Burmese, Hindi,
// Bengali or Persian, and gives its two letters. Letter case, accents and punctuation do not count. A name that two countries bear means
// the one that bears it in English; Korea is the South, Congo that of Brazzaville.
func CountryNamed(text string) Result {
	switch r := Country(text); {
	case r.Mark == Discouraged && r.Expected != "":
		return Result{Value: r.Expected}
	case r.Mark != Format && r.Mark != Unknown:
		return r
	}
	var room [foldRoom]byte
	if code := countryNames()[string(foldName(room[:0], text))]; code != "" {
		return Result{Value: code}
	}
	value := strings.ToUpper(strings.Join(strings.Fields(text), " "))
	if placeholder(compact(text)) {
		return Result{Value: value, Mark: Blank}
	}
	return Result{Value: value, Mark: Unknown}
}

// ScheduleC checks a country code of United States statistics: four digits that
// are in the list. ScheduleCCountry tells the country.
func ScheduleC(text string) Result {
	value := compact(text)
	if !digits(value, 4) || placeholder(value) {
		return malformed(value)
	}
	if ScheduleCCountry(value) == "" {
		return Result{Value: value, Mark: Unknown}
	}
	return Result{Value: value}
}

// ScheduleCCountry returns the two letters of the country that a code of Schedule C
// means, empty if it is none.
func ScheduleCCountry(code string) string { return scheduleC()[code] }

var scheduleC = sync.OnceValue(func() map[string]string {
	table := map[string]string{}
	for row := range strings.Lines(scheduleCText) {
		code, two, _ := strings.Cut(strings.TrimSuffix(row, "\n"), "\t")
		table[code] = two
	}
	return table
})

type country struct {
	code, name string
	now        string // the code to use instead
	old        bool
	number     string   // the digits of ISO 3166-1
	names      []string // English, simplified and traditional Chinese, and others
}

type countries struct {
	byTwo   [26 * 26]*country
	byThree map[string]string // letters or digits
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
	for row := range strings.Lines(countryNamesText) {
		f := strings.Split(strings.TrimSuffix(row, "\n"), "\t")
		if c := table.byTwo[int(f[0][0]-'A')*26+int(f[0][1]-'A')]; c != nil {
			c.number, c.names = f[1], f[2:]
			if c.number != "" {
				table.byThree[c.number] = c.code
			}
		}
	}
	return table
})

// countryNames is the code by folded name. What comes first counts: the names of
// ISO 3166-1, those in use in trade, then language by language.
var countryNames = sync.OnceValue(func() map[string]string {
	table := map[string]string{}
	var room [foldRoom]byte
	add := func(name, code string) {
		if key := foldName(room[:0], name); len(key) > 1 && table[string(key)] == "" {
			table[string(key)] = code
		}
	}
	var now []*country
	for _, c := range countryTable().byTwo {
		if c != nil && !c.old {
			now = append(now, c)
		}
	}
	for _, c := range now {
		add(c.name, c.code)
		if before, after, ok := strings.Cut(c.name, ", "); ok {
			add(after+" "+before, c.code)
		}
	}
	for row := range strings.Lines(countryAliases) {
		code, names, _ := strings.Cut(strings.TrimSuffix(row, "\n"), "\t")
		for name := range strings.SplitSeq(names, "|") {
			add(name, code)
		}
	}
	for language := 0; ; language++ {
		found := false
		for _, c := range now {
			if language < len(c.names) {
				add(c.names[language], c.code)
				found = true
			}
		}
		if !found {
			return table
		}
	}
})

// countryAt finds the country of the two letters that a code begins with; nil if
// there is none. They must be capitals.
func countryAt(code string) *country {
	return countryTable().byTwo[int(code[0]-'A')*26+int(code[1]-'A')]
}

package resolve

import (
	"regexp"
	"strconv"
	"strings"
)

// A birth is a day of birth as far as a text says it; 0 stands for what it does not.
// Lists write it in many ways: 1971-04-12, 12 Apr 1971, 12/04/1971, 00/00/1971, Apr
// 1971, circa 1971, 1968 to 1970.
type birth struct {
	year, month, day int
	until            int // the last year it may be, where several are meant
}

var (
	bornISO    = regexp.MustCompile(`^([0-9]{4})(?:-([0-9]{2}))?(?:-([0-9]{2}))?(?:T.*)?$`)
	bornSpan   = regexp.MustCompile(`^([0-9]{4}) ?(?:-|–|to|and|or) ?([0-9]{4})$`)
	bornDigits = regexp.MustCompile(`^([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{4})$`)
	bornWords  = regexp.MustCompile(`^(?:([0-9]{1,2})[ -])?([A-Za-z]{3,})\.?[ -]([0-9]{4})$`)
	bornAbout  = regexp.MustCompile(`(?i)^(?:circa|about|approx(?:imately|\.)?|c\.|ca\.|between) *`)
)

// circa is how many years a year may be off that is said to be about right.
const circa = 1

var months = []string{"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"}

// parseBirth reads a day of birth. Ok is false for a text of another form.
func parseBirth(text string) (b birth, ok bool) {
	text = strings.TrimSpace(text)
	about := bornAbout.FindString(text)
	text = text[len(about):]
	number := func(digits string) int {
		n, _ := strconv.Atoi(digits) // "" is 0, and the expressions let nothing else through
		return n
	}
	switch {
	case bornISO.MatchString(text):
		m := bornISO.FindStringSubmatch(text)
		b = birth{year: number(m[1]), month: number(m[2]), day: number(m[3])}
	case bornSpan.MatchString(text):
		m := bornSpan.FindStringSubmatch(text)
		b = birth{year: number(m[1]), until: number(m[2])}
	case bornDigits.MatchString(text):
		m := bornDigits.FindStringSubmatch(text)
		b = birth{year: number(m[3]), month: number(m[2]), day: number(m[1])}
	case bornWords.MatchString(text):
		m := bornWords.FindStringSubmatch(text)
		b = birth{year: number(m[3]), day: number(m[1])}
		for i, name := range months {
			if strings.EqualFold(m[2][:3], name) {
				b.month = i + 1
			}
		}
		ok = b.month > 0
		return b.settled(about), ok
	default:
		return birth{}, false
	}
	return b.settled(about), true
}

// settled fills in the last year.
func (b birth) settled(about string) birth {
	b.until = max(b.year, b.until)
	if about != "" && b.month == 0 && b.until == b.year {
		b.year -= circa
		b.until += circa
	}
	return b
}

// agrees compares two days of birth: 1 for the same day, less the less is known of
// both, 0 if they contradict each other.
func (b birth) agrees(other birth) float64 {
	differ := func(x, y int) bool { return x > 0 && y > 0 && x != y }
	switch {
	case b.year > other.until || other.year > b.until, differ(b.month, other.month), differ(b.day, other.day):
		return 0
	case b.day > 0 && other.day > 0 && b.month > 0 && other.month > 0:
		return 1
	case b.month > 0 && other.month > 0:
		return 2. / 3
	}
	return 1. / 3
}

// bornAlike compares two texts of days of birth as agrees does.
func bornAlike(x, y string) float64 {
	if strings.EqualFold(strings.TrimSpace(x), strings.TrimSpace(y)) {
		return 1
	}
	a, knownA := parseBirth(x)
	b, knownB := parseBirth(y)
	if !knownA || !knownB {
		return 0
	}
	return a.agrees(b)
}

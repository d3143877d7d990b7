package draft

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"rummage/ingest/ident"
	"rummage/ingest/mapping"
)

// A look is what the cells of a column are like. Shares are of the cells that hold
// something.
type look struct {
	filled, distinct int
	rules            map[string]float64 // share that an identifier rule finds nothing wrong with
	broken           map[string]float64 // share that it finds nothing wrong with but the check digit
	numbers          [3]float64         // share written each way, see numberForms
	unmarked         [3]float64         // the same without sign and unit
	dates            []string           // formats that all cells fit, or nearly all
	further          []string           // formats of the cells that fit none of these, where two or three fit together
	either           []string           // those of all these that fit with day and month the other way round too, and no other says how they are meant
	undated          int                // cells that fit none of all these
	calendar         string             // of the first of them, "" for the usual one
	sizes            float64            // share that is a type of containers
	times            float64            // share that is a time of day
	epochs           float64            // share that is a number of seconds, or thousandths, since 1970
	taken            float64            // share of long texts that speak of a seizure
	boxes            float64            // share of long texts with a container number in them
	comma            bool               // the region sets a comma before the fraction
	region           string             // rule of the region's register that the cells have the form of
	counts           bool               // the cells are 1, 2, 3 and so on, from some number
	fromOne          bool               // that is 0 or 1
	even             bool               // all have as many characters
	mails            float64
	phones           float64        // share that looks like telephone numbers, with the country's
	legal            float64        // share that ends in the form of a company
	wordy            float64        // share with a space and letters
	length           float64        // mean number of characters
	points           float64        // share with a decimal point
	many             bool           // some cell holds several values
	values           []string       // that occur, if they are few
	seen             map[string]int // cells with each value
	empty            map[string]int // the same of what stands for nothing
}

// numberForms are the ways in which a number is written, with what must be done to
// make it one with a point and no separators.
var numberForms = [...]struct {
	looks *regexp.Regexp
	then  []string // steps of the mapping language
}{
	{regexp.MustCompile(`^[-+]?\d+(\.\d+)?$`), nil},
	{regexp.MustCompile(`^[-+]?\d{1,3}([,' \x{00A0}\x{202F}]\d{3})*(\.\d+)?$`), []string{`{decimal: "."}`}},
	{regexp.MustCompile(`^[-+]?(\d{1,3}([. \x{00A0}\x{202F}]\d{3})*|\d+)(,\d+)?$`),
		[]string{`{decimal: ","}`}},
}

// dateForm is a format of days, of a calendar where that is another than the usual.
type dateForm struct {
	format   string
	looks    *regexp.Regexp
	calendar string
}

// dateForms are the formats of days, the likelier of two that fit the same cells
// first.
var dateForms = []dateForm{
	{format: "YYYY-MM-DD", looks: regexp.MustCompile(`^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$`)},
	{format: "YYYY-MM-DD*", looks: regexp.MustCompile(`^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])[T ].*$`)},
	{format: "YYYY/M/D", looks: regexp.MustCompile(`^\d{4}/(0?[1-9]|1[0-2])/(0?[1-9]|[12]\d|3[01])$`)},
	{format: "YYYY/M/D*", looks: regexp.MustCompile(`^\d{4}/(0?[1-9]|1[0-2])/(0?[1-9]|[12]\d|3[01]) .*$`)},
	{format: "YYYY.M.D", looks: regexp.MustCompile(`^\d{4}\.(0?[1-9]|1[0-2])\.(0?[1-9]|[12]\d|3[01])$`)},
	{format: "YYYYMMDD", looks: regexp.MustCompile(`^(19|20)\d{2}(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])$`)},
	{format: "D/M/YYYY", looks: regexp.MustCompile(`^(0?[1-9]|[12]\d|3[01])/(0?[1-9]|1[0-2])/(19|20)\d{2}$`)},
	{format: "M/D/YYYY", looks: regexp.MustCompile(`^(0?[1-9]|1[0-2])/(0?[1-9]|[12]\d|3[01])/(19|20)\d{2}$`)},
	{format: "D/M/YYYY*", looks: regexp.MustCompile(`^(0?[1-9]|[12]\d|3[01])/(0?[1-9]|1[0-2])/(19|20)\d{2} .*$`)},
	{format: "M/D/YYYY*", looks: regexp.MustCompile(`^(0?[1-9]|1[0-2])/(0?[1-9]|[12]\d|3[01])/(19|20)\d{2} .*$`)},
	{format: "D-M-YYYY", looks: regexp.MustCompile(`^(0?[1-9]|[12]\d|3[01])-(0?[1-9]|1[0-2])-\d{4}$`)},
	{format: "D.M.YYYY", looks: regexp.MustCompile(`^(0?[1-9]|[12]\d|3[01])\.(0?[1-9]|1[0-2])\.\d{4}$`)},
	{format: "D.M.YY", looks: regexp.MustCompile(`^(0?[1-9]|[12]\d|3[01])\.(0?[1-9]|1[0-2])\.\d{2}$`)},
	{format: "YYYY年M月D日", looks: regexp.MustCompile(`^\d{4}年(0?[1-9]|1[0-2])月(0?[1-9]|[12]\d|3[01])日$`)},
	{format: "YYYY.M.D*", looks: regexp.MustCompile(`^\d{4}\.(0?[1-9]|1[0-2])\.(0?[1-9]|[12]\d|3[01])\.? .*$`)},
	{format: "YYYYMMDDhhmm*", looks: regexp.MustCompile(`^(19|20)\d{2}(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])([01]\d|2[0-3])[0-5]\d([0-5]\d)?$`)},
	{format: "D-M-YYYY*", looks: regexp.MustCompile(`^(0?[1-9]|[12]\d|3[01])-(0?[1-9]|1[0-2])-\d{4} .*$`)},
	{format: "D.M.YYYY*", looks: regexp.MustCompile(`^(0?[1-9]|[12]\d|3[01])\.(0?[1-9]|1[0-2])\.\d{4} .*$`)},
	{format: "YYMMDD", looks: regexp.MustCompile(`^[0-3]\d(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])$`)},
	{format: "D/M/YY", looks: regexp.MustCompile(`^(0?[1-9]|[12]\d|3[01])/(0?[1-9]|1[0-2])/\d{2}$`)},
	{format: "D-M-YY", looks: regexp.MustCompile(`^(0?[1-9]|[12]\d|3[01])-(0?[1-9]|1[0-2])-\d{2}$`)},
	{format: "D-Mon-YYYY*", looks: regexp.MustCompile(`(?i)^(0?[1-9]|[12]\d|3[01])-(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)-\d{4} .*$`)},
	{format: "DDMMYYYY", looks: regexp.MustCompile(`^(0[1-9]|[12]\d|3[01])(0[1-9]|1[0-2])(19|20)\d{2}$`)},
	{format: "D-Mon-YYYY", looks: regexp.MustCompile(`(?i)^(0?[1-9]|[12]\d|3[01])-(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)-\d{4}$`)},
	{format: "D-Mon-YY", looks: regexp.MustCompile(`(?i)^(0?[1-9]|[12]\d|3[01])-(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)-\d{2}$`)},
	{format: "DMonYY", looks: regexp.MustCompile(`(?i)^(0?[1-9]|[12]\d|3[01])(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\d{2}$`)},
	{format: "DMonYYYY", looks: regexp.MustCompile(`(?i)^(0?[1-9]|[12]\d|3[01])(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\d{4}$`)},
	{format: "D Mon YYYY", looks: regexp.MustCompile(`(?i)^(0?[1-9]|[12]\d|3[01]) (jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec) \d{4}$`)},
	{format: "Mon D, YYYY", looks: regexp.MustCompile(`(?i)^(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec) (0?[1-9]|[12]\d|3[01]), \d{4}$`)},
	{"Y/M/D", regexp.MustCompile(`^(9\d|1[0-4]\d)/(0?[1-9]|1[0-2])/(0?[1-9]|[12]\d|3[01])$`), "minguo"},
	{"Y.M.D", regexp.MustCompile(`^(9\d|1[0-4]\d)\.(0?[1-9]|1[0-2])\.(0?[1-9]|[12]\d|3[01])$`), "minguo"},
	{"D/M/YYYY", regexp.MustCompile(`^(0?[1-9]|[12]\d|3[01])/(0?[1-9]|1[0-2])/2[45]\d{2}$`), "buddhist"},
}

var (
	phone = regexp.MustCompile(`^\+?\d[\d -]{7,16}\d$`)
	mail  = regexp.MustCompile(`^[^@\s]+@[^@\s]+\.[^@\s]+$`)
	legal = regexp.MustCompile(`(?i)(\b(ltd|limited|inc|corp|corporation|co|company|llc|llp|plc|gmbh|ag|kg|bv|nv|oy|ab|as|sa|sas|sarl|srl|spa|ltda|cv|pt|tbk|bhd|pte|pvt|jsc|fze|fzco|trading|import|export)\b\.?|` +
		`有限公司|公司|株式会社|\(株\)|주식회사|จำกัด|ооо|оао|tnhh)`)
)

// sizeType is size and type of a container (ISO 6346).
var sizeType = regexp.MustCompile(`^[1-4BLMN][0-9CDEFLMN][GVBSRHUPTAKN][0-9]$`)

// longestNothing is how many bytes a text for an empty cell has at most.
const longestNothing = 40

// timeOfDay is a time without a day.
var timeOfDay = regexp.MustCompile(`^([01]?\d|2[0-3]):?[0-5]\d(:[0-5]\d)?$`)

// epoch is a time of this century counted from 1970; boxed is a container number in a text.
var (
	epoch = regexp.MustCompile(`^1\d{9}(\.\d+|\d{3})?$`)
	boxed = regexp.MustCompile(boxPattern)
)

// boxPattern finds a container number in a text; longName is how many characters the name of a
// company has at most, about.
const (
	boxPattern = `\b[A-Z]{3}[UJZ][ -]?[0-9]{6}[ -]?[0-9]\b`
	longName   = 60
)

// evenly reports texts of one width.
func evenly(seen map[string]int) bool {
	width := -1
	for text := range seen {
		n := len([]rune(text))
		if width >= 0 && n != width {
			return false
		}
		width = n
	}
	return width >= 0
}

// coded reports a number that is written with blanks or letters in it, such as AA  11200000: it
// is no name.
func coded(cell string) bool {
	digits, letters, run := 0, 0, 0
	for _, r := range cell {
		switch {
		case unicode.IsDigit(r):
			digits, run = digits+1, 0
		case unicode.IsLetter(r):
			if letters, run = letters+1, run+1; run > longestMark || unspaced(string(r)) {
				return false
			}
		default:
			run = 0
		}
	}
	return digits >= leastCoded && digits > letters
}

// Of a number that is written with blanks: the letters that stand together at most, and its
// digits at least.
const (
	longestMark = 4
	leastCoded  = 4
)

// fewValues is how many values a column has at most whose values are listed.
const fewValues = 12

// SampleRows is how many rows are looked at.
const SampleRows = 1000

// guessed are the rules that are tried on every column: those with check digits or
// tables, and the shapes that are told apart by nothing else.
func guessed() []ident.Rule {
	var all []ident.Rule
	for _, r := range ident.Rules() {
		switch {
		case r.Checked, r.Personal, slices.Contains([]string{"hs", "country", "country_name", "currency", "locode", "port"}, r.Name):
			all = append(all, r)
		}
	}
	return all
}

// lookAt looks at a column of the rows.
func lookAt(rows [][]string, column int, rules []ident.Rule) look {
	l := look{rules: map[string]float64{}, broken: map[string]float64{}, seen: map[string]int{}, empty: map[string]int{}}
	fits := map[uint64]int{} // cells that fit the same of dateForms, by their bits
	for _, row := range rows[:min(len(rows), SampleRows)] {
		if column >= len(row) {
			continue
		}
		whole := strings.TrimSpace(row[column])
		switch {
		case whole == "":
			continue
		case len(whole) <= longestNothing && nothing[plainText(whole)] && whole != "NA":
			l.empty[whole]++
			continue
		}
		l.filled++
		l.seen[whole]++
		cell, _, many := strings.Cut(whole, mapping.Between)
		l.many = l.many || many
		l.length += float64(len([]rune(cell)))
		l.points += share(strings.Contains(cell, "."))
		fits[formsOf(cell)]++
		for i := range numberForms {
			l.numbers[i] += share(numberForms[i].looks.MatchString(cell))
			l.unmarked[i] += share(numberForms[i].looks.MatchString(unmark(cell)))
		}
		l.mails += share(mail.MatchString(cell))
		l.phones += share(phone.MatchString(cell))
		l.legal += share(legal.MatchString(cell))
		l.wordy += share(strings.ContainsRune(cell, ' ') && strings.ContainsFunc(cell, unicode.IsLetter) && !coded(cell) || unspaced(cell))
		l.sizes += share(sizeType.MatchString(cell))
		l.epochs += share(epoch.MatchString(cell))
		l.boxes += share(len(cell) > longName && boxed.MatchString(cell))
		l.taken += share(len(cell) > longName && seizing(cell))
		l.times += share(timeOfDay.MatchString(cell))
		for _, r := range rules {
			mark := r.Check(cell).Mark
			l.rules[r.Name] += share(mark == ident.Fine)
			l.broken[r.Name] += share(mark == ident.CheckDigit)
		}
	}
	if l.distinct = len(l.seen); l.distinct <= fewValues {
		l.values = slices.Sorted(maps.Keys(l.seen))
	}
	l.counts, l.fromOne = counting(rows, column)
	l.even = evenly(l.seen)
	l.average()
	l.dated(fits)
	return l
}

func share(yes bool) float64 {
	if yes {
		return 1
	}
	return 0
}

// average turns sums into shares.
func (l *look) average() {
	if l.filled == 0 {
		return
	}
	n := float64(l.filled)
	for _, sum := range []*float64{&l.mails, &l.phones, &l.legal, &l.wordy, &l.length, &l.points, &l.times, &l.epochs, &l.boxes, &l.taken, &l.sizes, &l.numbers[0], &l.numbers[1], &l.numbers[2],
		&l.unmarked[0], &l.unmarked[1], &l.unmarked[2]} {
		*sum /= n
	}
	for name := range l.rules {
		l.rules[name] /= n
		l.broken[name] /= n
	}
}

// number returns the way in which the cells are numbers, -1 if most are not. Where
// they are numbers in several ways the plainest counts.
func (l *look) number() int {
	if l.grouped(l.numbers) {
		return len(numberForms) - 1
	}
	return formOf(l.numbers)
}

// unique reports whether every cell is filled and differs from the others.
func (l *look) unique(rows int) bool {
	return l.filled >= min(rows, SampleRows) && l.distinct == l.filled && l.filled > 1
}

// mostly is the share of cells that makes a column be of a kind: files are dirty.
const mostly = 0.8

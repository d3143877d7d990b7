package draft

import "strings"

// mostlyDays is the share of cells that makes a column be of days where some are none, of at
// least severalDays: what is no day is refused, so that hardly any may be.
const (
	mostlyDays  = 0.9
	severalDays = 10
)

// mostForms is how many ways of writing days a column has at most, and leastForm how many cells
// each of them has at least: a workbook holds days and texts of days where people typed some.
const (
	mostForms = 3
	leastForm = 2
)

// formsOf tells in bits which formats of days a cell fits.
func formsOf(cell string) (bits uint64) {
	for i := range dateForms {
		if dateForms[i].looks.MatchString(cell) {
			bits |= 1 << i
		}
	}
	return bits
}

// fitting counts the cells that fit a format.
func fitting(cells map[uint64]int, form int) (n int) {
	for bits, count := range cells {
		if bits&(1<<form) != 0 {
			n += count
		}
	}
	return n
}

// alongside reports a format that fits the cells which another fits.
func alongside(cells map[uint64]int, form, other int) bool {
	for bits := range cells {
		if bits&(1<<form) != 0 && bits&(1<<other) == 0 {
			return false
		}
	}
	return true
}

// dated notes the formats that the most cells fit, and where these are too few, those of the
// others.
func (l *look) dated(cells map[uint64]int) {
	most := 0
	for i := range dateForms {
		most = max(most, fitting(cells, i))
	}
	if most == 0 {
		return
	}
	left := l.filled - most
	if !l.mostly(left) {
		if l.further, left = l.others(cells, most); len(l.further) == 0 {
			return
		}
	}
	l.undated = left
	first := -1
	for i := range dateForms {
		if fitting(cells, i) == most && (first < 0 || alongside(cells, first, i)) {
			if first < 0 {
				first = i
			}
			l.dates = append(l.dates, dateForms[i].format)
			l.calendar = dateForms[i].calendar
		}
	}
}

// mostly reports that cells which are no days are few enough.
func (l *look) mostly(undated int) bool {
	return undated == 0 || l.filled >= severalDays && float64(l.filled-undated) >= mostlyDays*float64(l.filled)
}

// mixes reports a format that may stand beside others in one column: of the usual calendar, with
// signs between day, month and year, since digits alone are as often a number.
func mixes(form int) bool {
	return dateForms[form].calendar == "" && strings.ContainsAny(dateForms[form].format, "-/. ")
}

// turned reports formats of which some have the day first and some the month, so that nobody knows
// which is meant.
func turned(formats []string) bool {
	day, month := false, false
	for _, format := range formats {
		day, month = day || strings.HasPrefix(format, "D/M/"), month || strings.HasPrefix(format, "M/D/")
	}
	return day && month
}

// others finds the formats of the cells that do not fit the one which most fit; none where they
// are no days.
func (l *look) others(cells map[uint64]int, most int) (formats []string, left int) {
	rest := cells
	for n := most; len(formats) < mostForms; {
		form := -1
		for i := range dateForms {
			if mixes(i) && fitting(rest, i) == n {
				form = i
				break
			}
		}
		if form < 0 || n < leastForm {
			return nil, 0
		}
		for i := range dateForms {
			year, day := strings.CutPrefix(dateForms[form].format, "D/M/")
			l.either = l.either || len(formats) > 0 && day && dateForms[i].format == "M/D/"+year && alongside(rest, form, i)
		}
		others := map[uint64]int{}
		left = 0
		for bits, count := range rest {
			if bits&(1<<form) == 0 {
				others[bits] = count
				left += count
			}
		}
		rest, n = others, 0
		for i := range dateForms {
			if mixes(i) {
				n = max(n, fitting(rest, i))
			}
		}
		formats = append(formats, dateForms[form].format)
		switch {
		case turned(formats):
			return nil, 0
		case len(formats) > 1 && l.mostly(left):
			return formats[1:], left
		}
	}
	return nil, 0
}

// format writes the formats of the days of a column: one, or a list of which the first that fits
// counts.
func (l *look) format() string {
	if len(l.further) == 0 {
		return quoted(l.dates[0])
	}
	all := []string{quoted(l.dates[0])}
	for _, format := range l.further {
		all = append(all, quoted(format))
	}
	return "[" + strings.Join(all, ", ") + "]"
}

// written says how the days of a column are written.
func (l *look) written() string { return strings.Join(append(l.dates[:1:1], l.further...), " or ") }

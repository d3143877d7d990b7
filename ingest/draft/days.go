package draft

import (
	"slices"
	"strings"
)

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
	for i, format := range append(l.dates[:1:1], l.further...) {
		if way := wayOf(format); way != "" && !slices.Contains(l.either, format) && (i > 0 || !l.ambiguous()) {
			l.order(way)
			return
		}
	}
}

// The orders of day and month that cells with strokes between them leave open.
const (
	dayMonth = "D/M"
	monthDay = "M/D"
)

// wayOf is the order of day and month in a format that has such a one, "" for another.
func wayOf(format string) string {
	for _, way := range []string{dayMonth, monthDay} {
		if strings.HasPrefix(format, way) {
			return way
		}
	}
	return ""
}

// order gives the formats that fit with day and month the other way round too the one order.
func (l *look) order(way string) {
	if slices.ContainsFunc(l.dates, func(f string) bool { return wayOf(f) == way }) {
		l.dates = slices.DeleteFunc(l.dates, func(f string) bool { return wayOf(f) != way && wayOf(f) != "" })
	}
	for i, format := range l.further {
		if slices.Contains(l.either, format) {
			l.further[i] = way + strings.TrimPrefix(format, dayMonth)
		}
	}
	l.either = nil
}

// undecided reports days of which nothing says whether the day or the month stands first.
func (l *look) undecided() bool { return len(l.either) > 0 || l.ambiguous() }

// ambiguous is undecided for the format that the most cells fit.
func (l *look) ambiguous() bool {
	has := func(way string) bool {
		return slices.ContainsFunc(l.dates, func(f string) bool { return wayOf(f) == way })
	}
	return has(dayMonth) && has(monthDay)
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
// which is meant; those that fit either way say nothing of it.
func turned(formats, either []string) bool {
	has := func(way string) bool {
		return slices.ContainsFunc(formats, func(f string) bool { return wayOf(f) == way && !slices.Contains(either, f) })
	}
	return has(dayMonth) && has(monthDay)
}

// roundFits reports a format with the day first whose cells fit with the month first too.
func roundFits(cells map[uint64]int, form int) bool {
	rest, day := strings.CutPrefix(dateForms[form].format, dayMonth)
	for i := range dateForms {
		if day && dateForms[i].format == monthDay+rest && alongside(cells, form, i) {
			return true
		}
	}
	return false
}

// others finds the formats of the cells that do not fit the one which most fit; none where they
// are no days.
func (l *look) others(cells map[uint64]int, most int) (formats []string, left int) {
	rest, either := cells, []string(nil)
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
		if roundFits(rest, form) {
			either = append(either, dateForms[form].format)
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
		case turned(formats, either):
			return nil, 0
		case len(formats) > 1 && l.mostly(left):
			l.either = either
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

// daily reports cells that are days and can be no names or numbers: they are not of digits alone.
func (l *look) daily() bool {
	return l.distinct > 1 && len(l.dates) > 0 && (strings.ContainsAny(l.dates[0], "-/. 年") || strings.Contains(l.dates[0], "Mon"))
}

// names reports a column that was taken for what somebody, a place or a thing is named or numbered by.
func (c *Column) names() bool {
	return c.Subject != Consignment && c.Meaning != Meaning{} && slices.Contains([]Property{None, ID, Name, Alias, Address, City, Country, Phone, Email, Postcode, Part}, c.Property)
}

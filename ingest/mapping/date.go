package mapping

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"rummage/graph"
)

// isoFormat is read where a mapping names no format.
const isoFormat = "YYYY-MM-DD"

// dayCount is the format of a number of days since a base.
const dayCount = "day"

// unixTime is the format of a number of seconds, or of thousandths, since 1970 in UTC.
const unixTime = "unix"

// dateFormat is a compiled format: a list of parts.
type dateFormat struct {
	text  string
	parts []datePart
	count bool       // dayCount
	unix  bool       // unixTime
	month bool       // no day: the first of the month is meant
	base  graph.Date // of dayCount
	ahead int        // years that the calendar is ahead of the Gregorian one
}

// calendars are those that count years otherwise, with how far they are ahead.
var calendars = map[string]int{"gregorian": 0, "buddhist": 543, "minguo": -1911}

type datePart struct {
	token   string // YYYY, MM ...; "" for a literal, "*" for the rest
	literal byte
}

// dateTokens, longer before shorter ones that they begin with.
var dateTokens = []string{"YYYY", "YY", "Y", "Month", "Mon", "MM", "DD", "hh", "mm", "ss", "M", "D", "*"}

// compileDate reads a format such as "DD/MM/YYYY hh:mm".
func compileDate(text string) (dateFormat, error) {
	f := dateFormat{text: text}
	if text == dayCount {
		f.count = true
		return f, nil
	}
	if text == unixTime {
		f.unix = true
		return f, nil
	}
	has := map[byte]bool{}
	for rest := text; rest != ""; {
		part := datePart{literal: rest[0]}
		for _, token := range dateTokens {
			if strings.HasPrefix(rest, token) {
				part = datePart{token: token}
				has[token[0]] = true
				break
			}
		}
		f.parts = append(f.parts, part)
		rest = rest[max(1, len(part.token)):]
	}
	if !has['Y'] || !has['M'] {
		return f, fmt.Errorf("format %q: want year, month and day, such as %s or DD/MM/YYYY, year and month, %q with a base, or %q", text, isoFormat, dayCount, unixTime)
	}
	f.month = !has['D']
	return f, nil
}

// parse reads a day without allocating.
func (f *dateFormat) parse(text []byte) (graph.Date, bool) {
	if f.count {
		n, err := strconv.Atoi(string(text))
		day := f.base + graph.Date(n)
		return day, err == nil && n > -1e6 && n < 1e6 && day > graph.NoDate
	}
	if f.unix {
		return unixDay(string(text))
	}
	year, month, day := 0, 0, 0
	if f.month {
		day = 1
	}
	for _, part := range f.parts {
		if part.token == "*" {
			break
		}
		n, used := part.read(text)
		if used == 0 {
			return graph.NoDate, false
		}
		text = text[used:]
		switch part.token {
		case "YYYY", "Y":
			year = n - f.ahead
		case "YY":
			year = century(n)
		case "MM", "M", "Mon", "Month":
			month = n
		case "DD", "D":
			day = n
		case "hh", "mm", "ss":
			if n > 60 {
				return graph.NoDate, false
			}
		}
	}
	if len(text) > 0 && f.parts[len(f.parts)-1].token != "*" || year < 1 {
		return graph.NoDate, false
	}
	at := time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC)
	return graph.DateOf(at), at.Month() == time.Month(month) && at.Day() == day
}

// unixDay is the day of a number of seconds since 1970, of thousandths where it has more than
// eleven digits; a fraction is passed over.
func unixDay(text string) (graph.Date, bool) {
	whole, _, _ := strings.Cut(text, ".")
	n, err := strconv.ParseInt(whole, 10, 64)
	if len(whole) > 11 {
		n /= 1000
	}
	if err != nil || n <= 0 || n > 1<<35 {
		return graph.NoDate, false
	}
	return graph.DateOf(time.Unix(n, 0).UTC()), true
}

// read takes the part from the beginning of text: its value and how many bytes
// it used, none if text does not begin with it.
func (p datePart) read(text []byte) (n, used int) {
	switch p.token {
	case "":
		if len(text) > 0 && text[0] == p.literal {
			return 0, 1
		}
		return 0, 0
	case "YYYY":
		return digits(text, 4, 4)
	case "Y":
		return digits(text, 1, 4)
	case "M", "D":
		return digits(text, 1, 2)
	case "Mon", "Month":
		return monthName(text, p.token == "Month")
	}
	return digits(text, 2, 2)
}

func digits(text []byte, least, most int) (n, used int) {
	for used < len(text) && used < most && text[used] >= '0' && text[used] <= '9' {
		n = n*10 + int(text[used]-'0')
		used++
	}
	if used < least {
		return 0, 0
	}
	return n, used
}

// century completes a year of two digits: 70 to 99 are of the last century.
func century(year int) int {
	if year < 70 {
		return 2000 + year
	}
	return 1900 + year
}

// monthName reads the name of a month, whole or short, in the languages that the
// tables know. The longest name that fits counts.
func monthName(text []byte, whole bool) (n, used int) {
	names := &shortMonths
	if whole {
		names = &wholeMonths
	}
	for m, all := range names {
		for _, name := range all {
			if len(name) > used && len(text) >= len(name) && strings.EqualFold(string(text[:len(name)]), name) {
				n, used = m+1, len(name)
			}
		}
	}
	return n, used
}

// Names of months in English, Spanish, Portuguese, French, Indonesian and Malay,
// and German.
var (
	shortMonths = [12][]string{
		{"Jan", "Ene", "Janv"}, {"Feb", "Fev", "Févr", "Fév"}, {"Mar", "Mär", "Mrz", "Mac", "Mars"}, {"Apr", "Abr", "Avr"},
		{"May", "Mai", "Mei"}, {"Jun", "Juin"}, {"Jul", "Juil"}, {"Aug", "Ago", "Août", "Agu", "Agt", "Ogo"},
		{"Sep", "Set", "Sept"}, {"Oct", "Out", "Okt"}, {"Nov", "Nop"}, {"Dec", "Dic", "Dez", "Déc", "Des", "Dis"},
	}
	wholeMonths = [12][]string{
		{"January", "Enero", "Janeiro", "Janvier", "Januari", "Januar"},
		{"February", "Febrero", "Fevereiro", "Février", "Februari", "Februar"},
		{"March", "Marzo", "Março", "Mars", "Maret", "Mac", "März"},
		{"April", "Abril", "Avril"}, {"May", "Mayo", "Maio", "Mai", "Mei"},
		{"June", "Junio", "Junho", "Juin", "Juni", "Jun"}, {"July", "Julio", "Julho", "Juillet", "Juli", "Julai"},
		{"August", "Agosto", "Août", "Agustus", "Ogos"}, {"September", "Septiembre", "Setiembre", "Setembro", "Septembre"},
		{"October", "Octubre", "Outubro", "Octobre", "Oktober"}, {"November", "Noviembre", "Novembro", "Novembre"},
		{"December", "Diciembre", "Dezembro", "Décembre", "Desember", "Disember", "Dezember"},
	}
)

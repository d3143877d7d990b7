package edi

import (
	"time"
	"unicode/utf8"
)

func appendRune(dst []byte, r rune) []byte { return utf8.AppendRune(dst, r) }

// datePatterns is the codes of data element 2379 that name one day, with or
// without a time: C century, Y year, M month, D day, h hour, m minute, s second,
// O an offset with its sign, Z a time zone in letters.
var datePatterns = map[string]string{
	"2": "DDMMYY", "3": "MMDDYY", "4": "DDMMCCYY", "5": "DDMMCCYYhhmm",
	"101": "YYMMDD", "102": "CCYYMMDD",
	"201": "YYMMDDhhmm", "202": "YYMMDDhhmmss", "203": "CCYYMMDDhhmm", "204": "CCYYMMDDhhmmss", "205": "CCYYMMDDhhmmO",
	"301": "YYMMDDhhmmZ", "302": "YYMMDDhhmmssZ", "303": "CCYYMMDDhhmmZ", "304": "CCYYMMDDhhmmssZ",
}

// isoDate appends a date as ISO 8601 writes it: nothing where it is none by that
// pattern. A year without century is one of 1970 to 2069.
func isoDate(dst, value []byte, pattern string) []byte {
	var field [128]int
	var seen [128]bool
	var zone []byte
	for i := range len(pattern) {
		c := pattern[i]
		if c == 'O' || c == 'Z' {
			zone = value
			value = nil
			break
		}
		if len(value) == 0 || value[0] < '0' || value[0] > '9' {
			return dst
		}
		field[c] = field[c]*10 + int(value[0]-'0')
		seen[c] = true
		value = value[1:]
	}
	if len(value) > 0 {
		return dst
	}
	year := field['C']*100 + field['Y']
	if !seen['C'] {
		if year = 1900 + field['Y']; field['Y'] < 70 {
			year = 2000 + field['Y']
		}
	}
	at := time.Date(year, time.Month(field['M']), field['D'], field['h'], field['m'], field['s'], 0, time.UTC)
	if at.Year() != year || at.Month() != time.Month(field['M']) || at.Day() != field['D'] || at.Hour() != field['h'] || at.Minute() != field['m'] {
		return dst
	}
	switch {
	case seen['s']:
		dst = at.AppendFormat(dst, "2006-01-02T15:04:05")
	case seen['h']:
		dst = at.AppendFormat(dst, "2006-01-02T15:04")
	default:
		return at.AppendFormat(dst, time.DateOnly)
	}
	return append(dst, isoZone(zone)...)
}

// isoZone spells a time zone as ISO 8601 does, "" where it is not known which.
func isoZone(zone []byte) string {
	switch string(zone) {
	case "UTC", "GMT", "Z":
		return "Z"
	}
	if len(zone) != 5 || zone[0] != '+' && zone[0] != '-' {
		return ""
	}
	for _, c := range zone[1:] {
		if c < '0' || c > '9' {
			return ""
		}
	}
	return string(zone[:3]) + ":" + string(zone[3:])
}

// formattedDate reads a value by its format.
func formattedDate(o *occurrence) {
	pattern, known := datePatterns[string(o.get("format"))]
	if known {
		o.derive("date", isoDate(nil, o.get("value"), pattern))
	}
}

// dayAndTime joins a day of six or eight digits, and the time that may stand
// beside it.
func dayAndTime(o *occurrence) {
	day, clock := o.get("day"), o.get("time")
	pattern := "YYMMDD"
	if len(day) == 8 {
		pattern = "CCYYMMDD"
	}
	at := isoDate(nil, day, pattern)
	if len(at) == 0 {
		return
	}
	if len(clock) >= 4 {
		joined := append(append([]byte(nil), day...), clock[:4]...)
		if with := isoDate(nil, joined, pattern+"hhmm"); len(with) > 0 {
			at = with
		}
	}
	o.derive("date", at)
}

// vessel tells by the code list, or the agency, whether a ship is named by its
// IMO number or its call sign, and puts the one or the other into a column of its
// own.
func vessel(imo, callsign, agency string) func(*occurrence) {
	return func(o *occurrence) {
		switch list := string(o.get("vessel_list")); {
		case list == imo, list == "" && agency != "" && string(o.get("vessel_list_by")) == agency:
			o.move("vessel_id", "imo")
		case list == callsign:
			o.move("vessel_id", "callsign")
		}
	}
}

// equipment joins the parts of a container number.
func equipment(o *occurrence) {
	initial, serial := o.get("initial"), o.get("number")
	if len(initial) > 0 && len(serial) > 0 {
		o.derive("equipment", append(append(append([]byte(nil), initial...), serial...), o.get("check")...))
	}
}

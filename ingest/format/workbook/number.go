package workbook

import (
	"bytes"
	"math"
	"strconv"
	"time"
)

const (
	// exactDigits is how many digits of a number a double may need. More were not
	// written from one, and stand as they are.
	exactDigits = 17
	// mostExponent is more than any double has.
	mostExponent = 400
	// lastDay is the 31 December 9999, counted from 1900.
	lastDay = 2958465
	// shift1904 is how many days the system of 1904 begins later.
	shift1904 = 1462
	// dayMillis is how many milliseconds a day has.
	dayMillis = 24 * 60 * 60 * 1000
)

// write appends a number as the format shows it, without losing digits. False:
// it is no number. From is the year from which days are counted.
func (p *pattern) write(dst, raw []byte, from int64) ([]byte, bool) {
	if p.bare && digits(raw) {
		return append(dst, raw...), true
	}
	start := len(dst)
	dst, ok := appendPlain(dst, raw)
	if !ok {
		return dst, false
	}
	shown := dst[start:]
	s := &p.shapes[0]
	switch {
	case shown[0] == '-':
		s = &p.shapes[1]
	case len(bytes.Trim(shown, "0.")) == 0:
		s = &p.shapes[2]
	}
	switch {
	case s.kind == percent:
		dst = pad(hundredfold(dst, start), start, s.whole, s.places)
		return append(dst, '%'), true
	case s.kind != number:
		return s.date(dst, start, from), true
	case s.mask != "" && digits(shown) && (s.whole > 0 || s != &p.shapes[2]):
		return s.fill(dst, start), true
	}
	return pad(dst, start, s.whole, s.places), true
}

// digits says that text is nothing but digits.
func digits(text []byte) bool {
	for _, c := range text {
		if c < '0' || c > '9' {
			return false
		}
	}
	return len(text) > 0
}

// appendPlain writes a number without exponent.
func appendPlain(dst, raw []byte) ([]byte, bool) {
	raw = bytes.TrimPrefix(raw, []byte{'+'})
	rest := bytes.TrimPrefix(raw, []byte{'-'})
	if digits(rest) {
		return append(dst, raw...), true
	}
	mantissa, exponent := rest, 0
	if i := bytes.IndexAny(rest, "eE"); i >= 0 {
		var err error
		mantissa = rest[:i]
		if exponent, err = strconv.Atoi(string(rest[i+1:])); err != nil || max(exponent, -exponent) > mostExponent {
			return dst, false
		}
	}
	whole, part, _ := bytes.Cut(mantissa, []byte{'.'})
	if len(whole)+len(part) == 0 || len(whole) > 0 && !digits(whole) || len(part) > 0 && !digits(part) {
		return dst, false
	}
	if len(bytes.TrimLeft(whole, "0"))+len(part) <= exactDigits {
		f, err := strconv.ParseFloat(string(raw), 64)
		if err != nil {
			return dst, false
		}
		if f == 0 {
			f = 0 // not -0
		}
		return strconv.AppendFloat(dst, f, 'f', -1, 64), true
	}
	if len(rest) < len(raw) {
		dst = append(dst, '-')
	}
	return appendShifted(dst, append(bytes.Clone(whole), part...), len(whole)+exponent), true
}

// appendShifted writes digits with the point behind so many of them.
func appendShifted(dst, all []byte, point int) []byte {
	if point < 1 {
		all = append(bytes.Repeat([]byte{'0'}, 1-point), all...)
		point = 1
	}
	all = append(all, bytes.Repeat([]byte{'0'}, max(0, point-len(all)))...)
	whole := bytes.TrimLeft(all[:point-1], "0")
	dst = append(dst, whole...)
	dst = append(dst, all[point-1])
	if part := bytes.TrimRight(all[point:], "0"); len(part) > 0 {
		dst = append(dst, '.')
		dst = append(dst, part...)
	}
	return dst
}

// hundredfold moves the point of the number at start by two.
func hundredfold(dst []byte, start int) []byte {
	if dst[start] == '-' {
		start++
	}
	whole, part, _ := bytes.Cut(dst[start:], []byte{'.'})
	all := append(bytes.Clone(whole), part...)
	return appendShifted(dst[:start], all, len(whole)+2)
}

// pad gives the number at start so many digits before and behind the point.
func pad(dst []byte, start, whole, places int) []byte {
	if dst[start] == '-' {
		start++
	}
	have, part, point := bytes.Cut(dst[start:], []byte{'.'})
	short, behind := max(0, whole-len(have)), places-len(part)
	if short > 0 {
		dst = append(dst, make([]byte, short)...)
		copy(dst[start+short:], dst[start:len(dst)-short])
		for i := range short {
			dst[start+i] = '0'
		}
	}
	if behind > 0 && !point {
		dst = append(dst, '.')
	}
	for range behind {
		dst = append(dst, '0')
	}
	return dst
}

// fill puts the digits at start into the mask. Those that have no place in it
// stand at the first one.
func (s *shape) fill(dst []byte, start int) []byte {
	have := bytes.Clone(bytes.TrimLeft(dst[start:], "0"))
	dst = dst[:start]
	places := 0
	for _, c := range []byte(s.mask) {
		if isPlace(c) {
			places++
		}
	}
	for _, c := range []byte(s.mask) {
		if !isPlace(c) {
			dst = append(dst, c)
			continue
		}
		if len(have) >= places {
			n := len(have) - places + 1
			dst = append(dst, have[:n]...)
			have = have[n:]
		} else if c == '0' {
			dst = append(dst, '0')
		}
		places--
	}
	return dst
}

func isPlace(c byte) bool { return c == '0' || c == '#' || c == '?' }

// date writes the plain number at start as a day, a time or both. What no
// calendar has stays a number.
func (s *shape) date(dst []byte, start int, from int64) []byte {
	last := int64(lastDay)
	if from == 1904 {
		last -= shift1904
	}
	f, err := strconv.ParseFloat(string(dst[start:]), 64)
	if err != nil || f < 0 || f >= float64(last+1) {
		return dst
	}
	millis := int64(math.Round(f * dayMillis))
	days, rest := millis/dayMillis, millis%dayMillis
	if days > last {
		return dst
	}
	dst = dst[:start]
	what := s.kind
	if what == either {
		what = day
		if days == 0 {
			what = clock
		}
	}
	switch {
	case what == span:
		return appendClock(dst, millis)
	case what == clock && days == 0:
		return appendClock(dst, rest)
	}
	dst = appendDay(dst, days, from)
	if what != day {
		dst = appendClock(append(dst, 'T'), rest)
	}
	return dst
}

// appendDay writes the day of a number. The system of 1900 has the 29 February
// of that year, which the calendar has not.
func appendDay(dst []byte, days, from int64) []byte {
	switch {
	case from == 1904:
		days += shift1904
	case days == 0:
		return append(dst, "1900-01-00"...)
	case days == 60:
		return append(dst, "1900-02-29"...)
	case days < 60:
		days++
	}
	return time.Date(1899, time.December, 30+int(days), 0, 0, 0, 0, time.UTC).AppendFormat(dst, time.DateOnly)
}

// appendClock writes a time, with hours beyond a day if there are.
func appendClock(dst []byte, millis int64) []byte {
	two := func(n int64) {
		if n < 10 {
			dst = append(dst, '0')
		}
		dst = strconv.AppendInt(dst, n, 10)
	}
	seconds := millis / 1000
	two(seconds / 3600)
	dst = append(dst, ':')
	two(seconds / 60 % 60)
	dst = append(dst, ':')
	two(seconds % 60)
	if millis %= 1000; millis > 0 {
		dst = append(dst, '.', byte('0'+millis/100), byte('0'+millis/10%10), byte('0'+millis%10))
	}
	return dst
}

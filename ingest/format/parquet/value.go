package parquet

import (
	"encoding/hex"
	"math"
	"math/big"
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/parquet-go/parquet-go"
)

// A writer appends the text of a value. False: what stands there is not what the
// schema says it is.
type writer func(dst []byte, v *parquet.Value) ([]byte, bool)

const (
	// shortest and longest are between what floating-point numbers are written
	// without an exponent.
	shortest, longest = 1e-6, 1e21
	// julian is the day of the Julian period that began on 1970-01-01.
	julian = 2440588
	// intervalSize, uuidSize are lengths in bytes.
	intervalSize, uuidSize = 12, 16
)

func writeBoolean(dst []byte, v *parquet.Value) ([]byte, bool) {
	return strconv.AppendBool(dst, v.Boolean()), true
}

// whole returns the integer that a value of 32 or 64 bits is.
func whole(v *parquet.Value) int64 {
	if v.Kind() == parquet.Int32 {
		return int64(v.Int32())
	}
	return v.Int64()
}

func writeSigned(dst []byte, v *parquet.Value) ([]byte, bool) {
	return strconv.AppendInt(dst, whole(v), 10), true
}

func writeUnsigned(dst []byte, v *parquet.Value) ([]byte, bool) {
	if v.Kind() == parquet.Int32 {
		return strconv.AppendUint(dst, uint64(v.Uint32()), 10), true
	}
	return strconv.AppendUint(dst, v.Uint64(), 10), true
}

func writeFloat(dst []byte, v *parquet.Value) ([]byte, bool) {
	return appendFloat(dst, float64(v.Float()), 32), true
}

func writeDouble(dst []byte, v *parquet.Value) ([]byte, bool) {
	return appendFloat(dst, v.Double(), 64), true
}

// appendFloat writes as few digits as give the number back.
func appendFloat(dst []byte, f float64, bits int) []byte {
	style := byte('f')
	if size := math.Abs(f); size != 0 && (size < shortest || size >= longest) && !math.IsInf(f, 0) {
		style = 'e'
	}
	return strconv.AppendFloat(dst, f, style, -1, bits)
}

// writeHalf writes numbers of 16 bits (IEEE 754 binary16).
func writeHalf(dst []byte, v *parquet.Value) ([]byte, bool) {
	b := v.ByteArray()
	if len(b) != 2 {
		return dst, false
	}
	bits := uint32(b[1])<<8 | uint32(b[0])
	sign, exponent, part := bits>>15, bits>>10&31, bits&1023
	f := math.Ldexp(float64(part|1024), int(exponent)-25)
	switch {
	case exponent == 31 && part == 0:
		f = math.Inf(1)
	case exponent == 31:
		f = math.NaN()
	case exponent == 0:
		f = math.Ldexp(float64(part), -24)
	}
	if sign == 1 {
		f = -f
	}
	// A tenth in 16 bits is not the tenth of 32: as few digits as are nearer to this
	// number than to its neighbours, of which the lower one of a power of two is at
	// half the distance.
	near := math.Ldexp(1, max(int(exponent), 1)-26)
	if part == 0 {
		near /= 2
	}
	for digits := 1; digits < 6; digits++ {
		short, _ := strconv.ParseFloat(strconv.FormatFloat(f, 'g', digits, 64), 64)
		if math.Abs(short-f) < near {
			return appendFloat(dst, short, 64), true
		}
	}
	return appendFloat(dst, f, 64), true
}

// writeText writes what the schema calls text.
func writeText(dst []byte, v *parquet.Value) ([]byte, bool) {
	b := v.ByteArray()
	return append(dst, b...), true
}

// writeBytes writes bytes of which the schema says nothing.
func writeBytes(dst []byte, v *parquet.Value) ([]byte, bool) {
	b := v.ByteArray()
	if printable(b) {
		return append(dst, b...), true
	}
	return writeHex(dst, v)
}

// printable says whether bytes are text. Control characters other than tabs and
// line ends are in none.
func printable(b []byte) bool {
	for _, c := range b {
		if c < ' ' && c != '\t' && c != '\n' && c != '\r' {
			return false
		}
	}
	return utf8.Valid(b)
}

func writeHex(dst []byte, v *parquet.Value) ([]byte, bool) {
	return hex.AppendEncode(append(dst, "0x"...), v.ByteArray()), true
}

func writeUUID(dst []byte, v *parquet.Value) ([]byte, bool) {
	b := v.ByteArray()
	if len(b) != uuidSize {
		return dst, false
	}
	for i, n := range []int{4, 2, 2, 2, 6} {
		if i > 0 {
			dst = append(dst, '-')
		}
		dst = hex.AppendEncode(dst, b[:n])
		b = b[n:]
	}
	return dst, true
}

// decimalOf writes whole numbers with the point before so many digits.
func decimalOf(scale int) writer {
	return func(dst []byte, v *parquet.Value) ([]byte, bool) {
		from := len(dst)
		if kind := v.Kind(); kind == parquet.Int32 || kind == parquet.Int64 {
			dst = strconv.AppendInt(dst, whole(v), 10)
		} else {
			dst = signed(v.ByteArray()).Append(dst, 10)
		}
		return point(dst, from, scale), true
	}
}

// signed is a number in two's complement, big end first.
func signed(b []byte) *big.Int {
	n := new(big.Int).SetBytes(b)
	if len(b) > 0 && b[0] >= 0x80 {
		n.Sub(n, new(big.Int).Lsh(big.NewInt(1), uint(8*len(b))))
	}
	return n
}

// point sets the point into the digits from an index on.
func point(dst []byte, from, scale int) []byte {
	if scale <= 0 {
		return dst
	}
	if dst[from] == '-' {
		from++
	}
	for short := scale + 1 - (len(dst) - from); short > 0; short-- {
		dst = append(dst, 0)
		copy(dst[from+1:], dst[from:])
		dst[from] = '0'
	}
	at := len(dst) - scale
	dst = append(dst, 0)
	copy(dst[at+1:], dst[at:])
	dst[at] = '.'
	return dst
}

func writeDate(dst []byte, v *parquet.Value) ([]byte, bool) {
	return appendDay(dst, whole(v)), true
}

// appendDay writes a day, counted from 1970-01-01. Of a year with more than four
// digits, or before the year 1, all digits stand, as RFC 3339 has no rule for it.
func appendDay(dst []byte, days int64) []byte {
	year, month, day := civil(days)
	switch {
	case year < 0:
		dst = append(dst, '-')
		year = -year
	case year > 9999:
		dst = append(dst, '+')
	}
	for limit := int64(1000); year < limit && limit > 1; limit /= 10 {
		dst = append(dst, '0')
	}
	dst = strconv.AppendInt(dst, year, 10)
	return append(dst, '-', byte('0'+month/10), byte('0'+month%10), '-', byte('0'+day/10), byte('0'+day%10))
}

// civil is the day of the Gregorian calendar of a day counted from 1970-01-01:
// Hinnant, chrono-Compatible Low-Level Date Algorithms, days_from_civil inverted.
func civil(days int64) (year, month, day int64) {
	const era = 146097 // days of 400 years
	days += 719468     // from 0000-03-01
	eras := floor(days, era)
	of := days - eras*era
	years := (of - of/1460 + of/36524 - of/146096) / 365
	rest := of - (365*years + years/4 - years/100)
	shifted := (5*rest + 2) / 153
	day = rest - (153*shifted+2)/5 + 1
	month = shifted + 3
	if month > 12 {
		month -= 12
		years++
	}
	return years + eras*400, month, day
}

// floor divides towards the lesser number.
func floor(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

// clockOf writes times of day in units of so much.
func clockOf(unit time.Duration) writer {
	day := int64(24 * time.Hour / unit)
	return func(dst []byte, v *parquet.Value) ([]byte, bool) {
		n := whole(v)
		if n < 0 || n > day {
			return dst, false
		}
		return appendClock(dst, n, unit), true
	}
}

// appendClock writes a time of day, with as many places as the second needs.
func appendClock(dst []byte, n int64, unit time.Duration) []byte {
	second := int64(time.Second / unit)
	seconds, part := n/second, n%second
	for i, piece := range []int64{seconds / 3600, seconds / 60 % 60, seconds % 60} {
		if i > 0 {
			dst = append(dst, ':')
		}
		dst = append(dst, byte('0'+piece/10), byte('0'+piece%10))
	}
	return appendPart(dst, part, second)
}

// appendPart writes a part of so many, as decimal places without zeros at the end.
func appendPart(dst []byte, part, of int64) []byte {
	if part == 0 {
		return dst
	}
	dst = append(dst, '.')
	for part > 0 {
		of /= 10
		dst = append(dst, byte('0'+part/of))
		part %= of
	}
	return dst
}

// momentOf writes timestamps in units of so much since 1970.
func momentOf(unit time.Duration, utc bool) writer {
	day := int64(24 * time.Hour / unit)
	return func(dst []byte, v *parquet.Value) ([]byte, bool) {
		n := v.Int64()
		days := floor(n, day)
		dst = appendClock(append(appendDay(dst, days), 'T'), n-days*day, unit)
		if utc {
			dst = append(dst, 'Z')
		}
		return dst, true
	}
}

// writeInt96 writes timestamps as Impala and Spark stored them: the nanoseconds of
// a day and the day's number in the Julian period. What they mean as a time zone
// depends on the writer, so none is given.
func writeInt96(dst []byte, v *parquet.Value) ([]byte, bool) {
	n := v.Int96()
	nanos := int64(uint64(n[1])<<32 | uint64(n[0]))
	if nanos < 0 || nanos >= int64(24*time.Hour) {
		return dst, false
	}
	return appendClock(append(appendDay(dst, int64(int32(n[2]))-julian), 'T'), nanos, time.Nanosecond), true
}

// writeInterval writes months, days and milliseconds, which do not add up, since
// months have no length.
func writeInterval(dst []byte, v *parquet.Value) ([]byte, bool) {
	b := v.ByteArray()
	if len(b) != intervalSize {
		return dst, false
	}
	piece := func(i int) int64 {
		return int64(uint32(b[i]) | uint32(b[i+1])<<8 | uint32(b[i+2])<<16 | uint32(b[i+3])<<24)
	}
	months, days, millis := piece(0), piece(4), piece(8)
	dst = append(dst, 'P')
	if months > 0 {
		dst = append(strconv.AppendInt(dst, months, 10), 'M')
	}
	if days > 0 || months == 0 && millis == 0 {
		dst = append(strconv.AppendInt(dst, days, 10), 'D')
	}
	if millis > 0 {
		dst = append(dst, 'T')
		dst = appendPart(strconv.AppendInt(dst, millis/1000, 10), millis%1000, 1000)
		dst = append(dst, 'S')
	}
	return dst, true
}

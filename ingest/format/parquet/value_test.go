package parquet

import (
	"math"
	"math/big"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/deprecated"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// text is what a writer makes of a value, "!" when it refuses it.
func text(w writer, v parquet.Value) string {
	dst, ok := w(nil, &v)
	if !ok {
		return "!"
	}
	return string(dst)
}

func TestValues(t *testing.T) {
	fixed := func(b ...byte) parquet.Value { return parquet.FixedLenByteArrayValue(b) }
	bytesOf := func(s string) parquet.Value { return parquet.ByteArrayValue([]byte(s)) }
	cases := map[string]struct {
		write writer
		value parquet.Value
		want  string
	}{
		"true":                     {writeBoolean, parquet.BooleanValue(true), "true"},
		"32 bits":                  {writeSigned, parquet.Int32Value(-7), "-7"},
		"64 bits":                  {writeSigned, parquet.Int64Value(math.MinInt64), "-9223372036854775808"},
		"32 bits unsigned":         {writeUnsigned, parquet.Int32Value(-1), "4294967295"},
		"64 bits unsigned":         {writeUnsigned, parquet.Int64Value(-1), "18446744073709551615"},
		"float":                    {writeFloat, parquet.FloatValue(0.1), "0.1"},
		"double":                   {writeDouble, parquet.DoubleValue(0.1), "0.1"},
		"a large double":           {writeDouble, parquet.DoubleValue(123456789012345678), "123456789012345680"},
		"a larger double":          {writeDouble, parquet.DoubleValue(1e300), "1e+300"},
		"a small double":           {writeDouble, parquet.DoubleValue(1e-7), "1e-07"},
		"nought":                   {writeDouble, parquet.DoubleValue(0), "0"},
		"no number":                {writeDouble, parquet.DoubleValue(math.NaN()), "NaN"},
		"infinity":                 {writeDouble, parquet.DoubleValue(math.Inf(-1)), "-Inf"},
		"half one":                 {writeHalf, fixed(0x00, 0x3C), "1"},
		"half a tenth":             {writeHalf, fixed(0x66, 0x2E), "0.1"},
		"half negative":            {writeHalf, fixed(0x00, 0xC0), "-2"},
		"half greatest":            {writeHalf, fixed(0xFF, 0x7B), "65500"},
		"half least":               {writeHalf, fixed(0x01, 0x00), "6e-08"},
		"half infinite":            {writeHalf, fixed(0x00, 0xFC), "-Inf"},
		"half no number":           {writeHalf, fixed(0x01, 0x7C), "NaN"},
		"half of three bytes":      {writeHalf, fixed(1, 2, 3), "!"},
		"text":                     {writeText, bytesOf("香港"), "香港"},
		"bytes that are text":      {writeBytes, bytesOf("香港\n"), "香港\n"},
		"bytes that are none":      {writeBytes, bytesOf("caf\xe9"), "0x636166e9"},
		"bytes with controls":      {writeBytes, bytesOf("\x01\x02"), "0x0102"},
		"no bytes":                 {writeBytes, bytesOf(""), ""},
		"UUID":                     {writeUUID, fixed(0x12, 0x34, 0x56, 0x78, 0x9a, 0xbc, 0xde, 0xf0, 1, 2, 3, 4, 5, 6, 7, 8), "12345678-9abc-def0-0102-030405060708"},
		"UUID too short":           {writeUUID, fixed(1), "!"},
		"decimal":                  {decimalOf(2), parquet.Int32Value(12345), "123.45"},
		"decimal negative":         {decimalOf(3), parquet.Int64Value(-5), "-0.005"},
		"decimal without places":   {decimalOf(0), parquet.Int64Value(-5), "-5"},
		"decimal in bytes":         {decimalOf(2), fixed(0xFF, 0x85), "-1.23"},
		"decimal of many bytes":    {decimalOf(5), bytesOf("\x01" + strings.Repeat("\x00", 15)), "13292279957849158729038070602803.44576"},
		"decimal of no bytes":      {decimalOf(2), bytesOf(""), "0.00"},
		"day":                      {writeDate, parquet.Int32Value(19844), "2024-05-01"},
		"first day":                {writeDate, parquet.Int32Value(0), "1970-01-01"},
		"day before":               {writeDate, parquet.Int32Value(-1), "1969-12-31"},
		"leap day":                 {writeDate, parquet.Int32Value(11016), "2000-02-29"},
		"the year 1":               {writeDate, parquet.Int32Value(-719162), "0001-01-01"},
		"before the year 0":        {writeDate, parquet.Int32Value(-719529), "-0001-12-31"},
		"beyond 9999":              {writeDate, parquet.Int32Value(2932897), "+10000-01-01"},
		"millis of a day":          {clockOf(time.Millisecond), parquet.Int32Value(49500500), "13:45:00.5"},
		"micros of a day":          {clockOf(time.Microsecond), parquet.Int64Value(1), "00:00:00.000001"},
		"nanos of a day":           {clockOf(time.Nanosecond), parquet.Int64Value(86399999999999), "23:59:59.999999999"},
		"no time":                  {clockOf(time.Millisecond), parquet.Int32Value(-1), "!"},
		"no time either":           {clockOf(time.Millisecond), parquet.Int32Value(86400001), "!"},
		"millis":                   {momentOf(time.Millisecond, true), parquet.Int64Value(1714571100000), "2024-05-01T13:45:00Z"},
		"micros, no zone":          {momentOf(time.Microsecond, false), parquet.Int64Value(1714571100000001), "2024-05-01T13:45:00.000001"},
		"nanos before 1970":        {momentOf(time.Nanosecond, true), parquet.Int64Value(-1), "1969-12-31T23:59:59.999999999Z"},
		"the first nanos":          {momentOf(time.Nanosecond, true), parquet.Int64Value(math.MinInt64), "1677-09-21T00:12:43.145224192Z"},
		"Julian":                   {writeInt96, parquet.Int96Value(deprecated.Int96{1, 0, 2440589}), "1970-01-02T00:00:00.000000001"},
		"Julian, half a day":       {writeInt96, parquet.Int96Value(deprecated.Int96{0x48A78000, 0x274A, 2460432}), "2024-05-01T12:00:00"},
		"no Julian":                {writeInt96, parquet.Int96Value(deprecated.Int96{0, 0xFFFFFFFF, 1}), "!"},
		"interval":                 {writeInterval, fixed(1, 0, 0, 0, 2, 0, 0, 0, 0xAC, 0x0D, 0, 0), "P1M2DT3.5S"},
		"no interval":              {writeInterval, fixed(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0), "P0D"},
		"interval of a second":     {writeInterval, fixed(0, 0, 0, 0, 0, 0, 0, 0, 0xE8, 3, 0, 0), "PT1S"},
		"interval of eleven bytes": {writeInterval, fixed(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0), "!"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) { assert.Equal(t, c.want, text(c.write, c.value)) })
	}
}

// TestHalfGivesItselfBack: the digits of each number of 16 bits are nearer to it than to any other.
func TestHalfGivesItselfBack(t *testing.T) {
	exact := func(bits int) float64 {
		f, err := strconv.ParseFloat(text(writeHalf, parquet.FixedLenByteArrayValue([]byte{byte(bits), byte(bits >> 8)})), 64)
		require.NoError(t, err)
		return f
	}
	last := 0.0
	for bits := 1; bits < 0x7C00; bits++ {
		f := exact(bits)
		require.Greater(t, f, last, "%#x", bits)
		part, exponent := float64(bits&1023), bits>>10
		want := math.Ldexp(part+1024, exponent-25)
		if exponent == 0 {
			want = math.Ldexp(part, -24)
		}
		require.InDelta(t, want, f, math.Ldexp(1, max(exponent, 1)-26), "%#x", bits)
		last = f
	}
}

// TestDaysAreThoseOfTheCalendar compares with package time.
func TestDaysAreThoseOfTheCalendar(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		days := rapid.Int64Range(-719162, 2932896).Draw(rt, "days")
		want := time.Date(1970, 1, 1+int(days), 0, 0, 0, 0, time.UTC).Format(time.DateOnly)
		require.Equal(rt, want, string(appendDay(nil, days)))
		nanos := rapid.Int64().Draw(rt, "nanos")
		require.Equal(rt, time.Unix(0, nanos).UTC().Format(time.RFC3339Nano), text(momentOf(time.Nanosecond, true), parquet.Int64Value(nanos)))
	})
}

// TestDecimalsAreExact: digits and scale give the number back, of any length.
func TestDecimalsAreExact(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		b := rapid.SliceOfN(rapid.Byte(), 1, 20).Draw(rt, "bytes")
		scale := rapid.IntRange(0, 30).Draw(rt, "scale")
		shown := text(decimalOf(scale), parquet.FixedLenByteArrayValue(b))
		_, places, _ := strings.Cut(shown, ".")
		require.Len(rt, places, scale)
		back, ok := new(big.Int).SetString(strings.Replace(shown, ".", "", 1), 10)
		require.True(rt, ok)
		require.Equal(rt, signed(b).String(), back.String())
	})
}

package parquet

import (
	"testing"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/deprecated"
	"github.com/parquet-go/parquet-go/encoding/thrift"
	"github.com/parquet-go/parquet-go/format"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rummage/ingest/read"
)

// typed is an element of a schema with a physical type.
func typed(t format.Type) format.SchemaElement {
	return format.SchemaElement{Name: "v", Type: thrift.New(t)}
}

// logical and old are typed with an annotation, of now or of before.
func logical(t format.Type, l format.LogicalTypeValue) format.SchemaElement {
	e := typed(t)
	e.LogicalType.Value = l
	return e
}

func old(t format.Type, c deprecated.ConvertedType) format.SchemaElement {
	e := typed(t)
	e.ConvertedType = thrift.New(c)
	e.Scale = thrift.New(int32(2))
	return e
}

// root is a schema with these elements below its root.
func root(children int, elements ...format.SchemaElement) []format.SchemaElement {
	return append([]format.SchemaElement{{Name: "root", NumChildren: thrift.New(int32(children))}}, elements...)
}

func TestTypes(t *testing.T) {
	micros := format.TimeUnit{Value: &format.MicroSeconds{}}
	number, bytes := parquet.Int64Value(1_000_001), parquet.ByteArrayValue([]byte("\x01\x02"))
	small := parquet.Int32Value(-1)
	cases := map[string]struct {
		element format.SchemaElement
		value   parquet.Value
		want    string
	}{
		"string":             {logical(format.ByteArray, &format.StringType{}), parquet.ByteArrayValue([]byte("a")), "a"},
		"JSON":               {logical(format.ByteArray, &format.JsonType{}), parquet.ByteArrayValue([]byte("{}")), "{}"},
		"BSON":               {logical(format.ByteArray, &format.BsonType{}), parquet.ByteArrayValue([]byte("ab")), "0x6162"},
		"geometry":           {logical(format.ByteArray, &format.GeometryType{}), bytes, "0x0102"},
		"half":               {logical(format.FixedLenByteArray, &format.Float16Type{}), parquet.FixedLenByteArrayValue([]byte{0, 0x3C}), "1"},
		"UUID":               {logical(format.FixedLenByteArray, &format.UUIDType{}), parquet.FixedLenByteArrayValue(make([]byte, 16)), "00000000-0000-0000-0000-000000000000"},
		"decimal":            {logical(format.Int64, &format.DecimalType{Scale: 3}), number, "1000.001"},
		"decimal, too many":  {logical(format.Int64, &format.DecimalType{Scale: 1 << 30}), number, "1000001"},
		"day":                {logical(format.Int32, &format.DateType{}), small, "1969-12-31"},
		"day in bytes":       {logical(format.ByteArray, &format.DateType{}), bytes, "0x0102"},
		"time":               {logical(format.Int64, &format.TimeType{Unit: micros}), number, "00:00:01.000001"},
		"time without unit":  {logical(format.Int64, &format.TimeType{}), number, "1000001"},
		"timestamp":          {logical(format.Int64, &format.TimestampType{Unit: micros, IsAdjustedToUTC: true}), number, "1970-01-01T00:00:01.000001Z"},
		"nanos":              {logical(format.Int64, &format.TimestampType{Unit: format.TimeUnit{Value: &format.NanoSeconds{}}}), number, "1970-01-01T00:00:00.001000001"},
		"millis":             {logical(format.Int64, &format.TimestampType{Unit: format.TimeUnit{Value: &format.MilliSeconds{}}}), number, "1970-01-01T00:16:40.001"},
		"unsigned":           {logical(format.Int32, &format.IntType{BitWidth: 32}), small, "4294967295"},
		"signed":             {logical(format.Int32, &format.IntType{BitWidth: 32, IsSigned: true}), small, "-1"},
		"old string":         {old(format.ByteArray, deprecated.UTF8), parquet.ByteArrayValue([]byte("a")), "a"},
		"old BSON":           {old(format.ByteArray, deprecated.Bson), parquet.ByteArrayValue([]byte("a")), "0x61"},
		"old interval":       {old(format.FixedLenByteArray, deprecated.Interval), parquet.FixedLenByteArrayValue(make([]byte, 12)), "P0D"},
		"old decimal":        {old(format.FixedLenByteArray, deprecated.Decimal), parquet.FixedLenByteArrayValue([]byte{0xFF}), "-0.01"},
		"old day":            {old(format.Int32, deprecated.Date), small, "1969-12-31"},
		"old time":           {old(format.Int64, deprecated.TimeMicros), number, "00:00:01.000001"},
		"old time in millis": {old(format.Int32, deprecated.TimeMillis), parquet.Int32Value(1500), "00:00:01.5"},
		"old timestamp":      {old(format.Int64, deprecated.TimestampMicros), number, "1970-01-01T00:00:01.000001Z"},
		"old millis":         {old(format.Int64, deprecated.TimestampMillis), number, "1970-01-01T00:16:40.001Z"},
		"old unsigned":       {old(format.Int32, deprecated.Uint32), small, "4294967295"},
		"old signed":         {old(format.Int32, deprecated.Int8), small, "-1"},
		"old string in 32":   {old(format.Int32, deprecated.UTF8), small, "-1"},
		"old list of a leaf": {old(format.ByteArray, deprecated.List), bytes, "0x0102"},
		"boolean":            {typed(format.Boolean), parquet.BooleanValue(false), "false"},
		"Julian":             {typed(format.Int96), parquet.Int96Value(deprecated.Int96{0, 0, 2440588}), "1970-01-01T00:00:00"},
		"float":              {typed(format.Float), parquet.FloatValue(0.5), "0.5"},
		"double":             {typed(format.Double), parquet.DoubleValue(0.5), "0.5"},
		"bytes":              {typed(format.ByteArray), parquet.ByteArrayValue([]byte("a")), "a"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			leaves, err := leavesOf(root(1, c.element))
			require.NoError(t, err)
			require.Len(t, leaves, 1)
			assert.Equal(t, c.want, text(leaves[0].write, c.value))
		})
	}
}

// TestListsOfOldWriters: names of levels that lists add are left out, however the writer called them.
func TestListsOfOldWriters(t *testing.T) {
	group := func(name string, children int, repeated bool) format.SchemaElement {
		e := format.SchemaElement{Name: name, NumChildren: thrift.New(int32(children))}
		if repeated {
			e.RepetitionType = thrift.New(format.Repeated)
		}
		return e
	}
	list := group("codes", 1, false)
	list.ConvertedType = thrift.New(deprecated.List)
	primitive := typed(format.Int32)
	primitive.RepetitionType = thrift.New(format.Repeated)
	cases := map[string]struct {
		elements []format.SchemaElement
		want     []string
	}{
		"three levels":        {[]format.SchemaElement{list, group("bag", 1, true), typed(format.Int32)}, []string{"codes"}},
		"two levels":          {[]format.SchemaElement{list, primitive}, []string{"codes"}},
		"an array of one":     {[]format.SchemaElement{list, group("array", 1, true), typed(format.Int32)}, []string{"codes.v"}},
		"a tuple of one":      {[]format.SchemaElement{list, group("codes_tuple", 1, true), typed(format.Int32)}, []string{"codes.v"}},
		"a structure of two":  {[]format.SchemaElement{list, group("element", 2, true), typed(format.Int32), typed(format.Int64)}, []string{"codes.v", "codes.v"}},
		"a list without name": {[]format.SchemaElement{group("plain", 1, true), typed(format.Int32)}, []string{"plain.v"}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			leaves, err := leavesOf(root(1, c.elements...))
			require.NoError(t, err)
			var names []string
			for _, l := range leaves {
				names = append(names, l.name)
				assert.True(t, l.repeats)
			}
			assert.Equal(t, c.want, names)
		})
	}
}

func TestSchemasThatMakeNoTable(t *testing.T) {
	deep := []format.SchemaElement{{Name: "root", NumChildren: thrift.New(int32(1))}}
	for range 70 {
		deep = append(deep, format.SchemaElement{Name: "a", NumChildren: thrift.New(int32(1))})
	}
	cases := map[string]struct {
		elements []format.SchemaElement
		want     error
		text     string
	}{
		"cut off":         {root(2, typed(format.Int32)), ErrDamaged, "ends in the middle"},
		"too many":        {root(1, typed(format.Int32), typed(format.Int32)), ErrDamaged, "have no place"},
		"too deep":        {deep, read.ErrFormat, "more than 64 levels"},
		"without a type":  {root(1, format.SchemaElement{Name: "x"}), ErrDamaged, `column "x": parquet file is damaged`},
		"an unknown type": {root(1, typed(99)), read.ErrFormat, "type 99, which is not known"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			_, err := leavesOf(c.elements)
			require.ErrorIs(t, err, c.want)
			assert.ErrorContains(t, err, c.text)
		})
	}
}

// TestPagesThatAskForTooMuch: sizes in the head of a page are refused where they cannot be, or need too much memory.
func TestPagesThatAskForTooMuch(t *testing.T) {
	cases := map[string]struct {
		head pageHead
		want error
	}{
		"sound":                 {pageHead{packed: 10, unpacked: 100, values: 50}, nil},
		"negative":              {pageHead{packed: -1}, ErrDamaged},
		"negative values":       {pageHead{values: -1}, ErrDamaged},
		"levels beyond it":      {pageHead{packed: 10, repeats: 6, definings: 6}, ErrDamaged},
		"huge":                  {pageHead{unpacked: mostPage + 1}, read.ErrFormat},
		"many values":           {pageHead{values: mostValues + 1}, read.ErrFormat},
		"a dictionary of none":  {pageHead{kind: dictionaryPage, unpacked: 1, values: 9}, ErrDamaged},
		"a dictionary of eight": {pageHead{kind: dictionaryPage, unpacked: 1, values: 8}, nil},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) { require.ErrorIs(t, c.head.check(100, 200), c.want) })
	}
	require.ErrorIs(t, (&pageHead{}).check(201, 200), ErrDamaged)
	for codec, want := range map[int]bool{0: true, 1: true, 2: true, 3: false, 4: true, 5: false, 6: true, 7: true, 8: false, -1: false} {
		assert.Equal(t, want, unpackable(codec), codec)
	}
}

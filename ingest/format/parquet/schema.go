package parquet

import (
	"fmt"
	"strings"
	"time"

	"github.com/parquet-go/parquet-go/deprecated"
	"github.com/parquet-go/parquet-go/format"

	"rummage/ingest/read"
)

const (
	// mostLevels is how deep a schema may be. Levels are bytes in the library.
	mostLevels = 64
	// mostScale is how many places a decimal may have. Writers stop at 76.
	mostScale = 1000
)

// A schema is gone through element by element: they stand in one list, each before
// its children.
type schema struct {
	elements []format.SchemaElement
	at       int
	leaves   []leaf
}

// A place is where in the schema an element stands.
type place struct {
	path    []string
	depth   int
	defined int
	repeats bool
	inner   role // of the elements that a list or map adds; their names say nothing
}

// A role is what an element is to the one above it.
type role int

const (
	member  role = iota
	items        // the repeated element of a list
	item         // what is repeated, when it has a level of its own
	entries      // the repeated element of a map
)

// leavesOf lists the leaves of a schema in its order, which is that of the columns.
func leavesOf(elements []format.SchemaElement) ([]leaf, error) {
	s := schema{elements: elements, at: 1}
	if err := s.children(&elements[0], place{}); err != nil {
		return nil, err
	}
	if s.at != len(elements) {
		return nil, fmt.Errorf("%w: its schema has %d elements, and %d of them have no place", ErrDamaged, len(elements), len(elements)-s.at)
	}
	return s.leaves, nil
}

// children goes through the elements directly below one.
func (s *schema) children(e *format.SchemaElement, at place) error {
	role := member
	switch {
	case isListed(e):
		role = items
	case isMapped(e):
		role = entries
	}
	if at.inner == items && e.NumChildren.V == 1 && e.Name != "array" && !strings.HasSuffix(e.Name, "_tuple") {
		role = item
	}
	for range e.NumChildren.V {
		below := at
		below.inner, below.depth = role, at.depth+1
		if err := s.element(below); err != nil {
			return err
		}
	}
	return nil
}

// isListed and isMapped read the annotations of groups, new ones and old.
func isListed(e *format.SchemaElement) bool {
	_, ok := e.LogicalType.Value.(*format.ListType)
	return ok || e.ConvertedType.Valid && e.ConvertedType.V == deprecated.List
}

func isMapped(e *format.SchemaElement) bool {
	_, ok := e.LogicalType.Value.(*format.MapType)
	return ok || e.ConvertedType.Valid && (e.ConvertedType.V == deprecated.Map || e.ConvertedType.V == deprecated.MapKeyValue)
}

// element goes through one element and all below it.
func (s *schema) element(at place) error {
	switch {
	case s.at == len(s.elements):
		return fmt.Errorf("%w: its schema ends in the middle", ErrDamaged)
	case at.depth > mostLevels:
		return fmt.Errorf("%w: its schema has more than %d levels", read.ErrFormat, mostLevels)
	case len(s.leaves) > read.MaxColumns:
		return fmt.Errorf("%w: more than %d columns", read.ErrFormat, read.MaxColumns)
	}
	e := &s.elements[s.at]
	s.at++
	if at.inner == member {
		// A slice of its own, since brothers share the beginning.
		at.path = append(at.path[:len(at.path):len(at.path)], strings.ToValidUTF8(e.Name, read.Lost))
	}
	switch e.RepetitionType.V {
	case format.Optional:
		at.defined++
	case format.Repeated:
		at.defined++
		at.repeats = true
	}
	if e.NumChildren.V > 0 {
		return s.children(e, at)
	}
	l := leaf{name: strings.Join(at.path, "."), defined: at.defined, repeats: at.repeats}
	if err := l.typed(e); err != nil {
		return fmt.Errorf("column %q: %w", l.name, err)
	}
	s.leaves = append(s.leaves, l)
	return nil
}

// typed finds how the values of a leaf are written.
func (l *leaf) typed(e *format.SchemaElement) error {
	if !e.Type.Valid {
		return fmt.Errorf("%w: it has no type", ErrDamaged)
	}
	if l.write = annotated(e); l.write == nil && e.ConvertedType.Valid {
		l.write = converted(e)
	}
	if l.write == nil {
		l.write = physical(e.Type.V)
	}
	if l.write == nil {
		return fmt.Errorf("%w: type %d, which is not known", read.ErrFormat, e.Type.V)
	}
	l.isText = isText(e)
	return nil
}

// isText says whether the schema calls the values text.
func isText(e *format.SchemaElement) bool {
	if !inBytes(e.Type.V) {
		return false
	}
	switch e.LogicalType.Value.(type) {
	case *format.StringType, *format.EnumType, *format.JsonType:
		return true
	}
	if !e.ConvertedType.Valid {
		return false
	}
	c := e.ConvertedType.V
	return c == deprecated.UTF8 || c == deprecated.Enum || c == deprecated.Json
}

// integral and inBytes say what a physical type can hold.
func integral(t format.Type) bool { return t == format.Int32 || t == format.Int64 }
func inBytes(t format.Type) bool  { return t == format.ByteArray || t == format.FixedLenByteArray }

// annotated is how values are written by the logical type, nil without one that
// fits the physical type.
func annotated(e *format.SchemaElement) writer {
	t := e.Type.V
	switch l := e.LogicalType.Value.(type) {
	case *format.StringType, *format.EnumType, *format.JsonType:
		if inBytes(t) {
			return writeText
		}
	case *format.BsonType, *format.GeometryType, *format.GeographyType:
		if inBytes(t) {
			return writeHex
		}
	case *format.UUIDType:
		if t == format.FixedLenByteArray {
			return writeUUID
		}
	case *format.Float16Type:
		if t == format.FixedLenByteArray {
			return writeHalf
		}
	case *format.DecimalType:
		return decimal(t, l.Scale)
	case *format.DateType:
		if t == format.Int32 {
			return writeDate
		}
	case *format.TimeType:
		if unit := unitOf(l.Unit); unit > 0 && integral(t) {
			return clockOf(unit)
		}
	case *format.TimestampType:
		if unit := unitOf(l.Unit); unit > 0 && t == format.Int64 {
			return momentOf(unit, l.IsAdjustedToUTC)
		}
	case *format.IntType:
		if integral(t) && !l.IsSigned {
			return writeUnsigned
		}
	}
	return nil
}

// unitOf is how long one of a unit is, 0 for an unknown one.
func unitOf(u format.TimeUnit) time.Duration {
	switch u.Value.(type) {
	case *format.MilliSeconds:
		return time.Millisecond
	case *format.MicroSeconds:
		return time.Microsecond
	case *format.NanoSeconds:
		return time.Nanosecond
	}
	return 0
}

func decimal(t format.Type, scale int32) writer {
	if (integral(t) || inBytes(t)) && scale >= 0 && scale <= mostScale {
		return decimalOf(int(scale))
	}
	return nil
}

// converted is how values are written by the annotation that came before logical
// types, nil without one that fits the physical type.
func converted(e *format.SchemaElement) writer {
	t, c := e.Type.V, e.ConvertedType.V
	switch c {
	case deprecated.UTF8, deprecated.Enum, deprecated.Json:
		if inBytes(t) {
			return writeText
		}
	case deprecated.Bson:
		if inBytes(t) {
			return writeHex
		}
	case deprecated.Interval:
		if t == format.FixedLenByteArray {
			return writeInterval
		}
	case deprecated.Decimal:
		return decimal(t, e.Scale.V)
	case deprecated.Date:
		if t == format.Int32 {
			return writeDate
		}
	}
	if !integral(t) {
		return nil
	}
	switch c {
	case deprecated.TimeMillis:
		return clockOf(time.Millisecond)
	case deprecated.TimeMicros:
		return clockOf(time.Microsecond)
	case deprecated.Uint8, deprecated.Uint16, deprecated.Uint32, deprecated.Uint64:
		return writeUnsigned
	}
	switch {
	case t != format.Int64:
	case c == deprecated.TimestampMillis:
		return momentOf(time.Millisecond, true)
	case c == deprecated.TimestampMicros:
		return momentOf(time.Microsecond, true)
	}
	return nil
}

// physical is how values are written that have no annotation.
func physical(t format.Type) writer {
	switch t {
	case format.Boolean:
		return writeBoolean
	case format.Int32, format.Int64:
		return writeSigned
	case format.Int96:
		return writeInt96
	case format.Float:
		return writeFloat
	case format.Double:
		return writeDouble
	case format.ByteArray, format.FixedLenByteArray:
		return writeBytes
	}
	return nil
}

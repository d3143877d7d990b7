package tree

import (
	"fmt"
	"strings"

	"rummage/ingest/read"
)

const (
	// self is the path of an element from itself: the column of a record's own
	// value, and the record that is the root of JSON.
	self = "."
	// up begins the path of a leaf around the record, once for each step up.
	up = "../"
)

// marked says whether a character of a name has a backslash before it in a path.
func marked(c rune) bool { return c == '.' || c == '/' || c == '\\' || c < ' ' }

// step writes a name as a step of a path.
func step(name string) string {
	switch {
	case name == "":
		return `\e`
	case strings.IndexFunc(name, marked) < 0:
		return name
	}
	var b strings.Builder
	for _, c := range name {
		switch {
		case c < ' ':
			fmt.Fprintf(&b, `\u%04x`, c)
		case marked(c):
			b.WriteByte('\\')
			b.WriteRune(c)
		default:
			b.WriteRune(c)
		}
	}
	return b.String()
}

// steps writes names as a path, self for none.
func steps(names []string) string {
	if len(names) == 0 {
		return self
	}
	written := make([]string, len(names))
	for i, name := range names {
		written[i] = step(name)
	}
	return strings.Join(written, ".")
}

// names reads a path; slashes part steps as dots do. It returns with the names
// how many of them stand before the last slash, -1 if there is none.
func names(path string) (found []string, slash int, err error) {
	slash = -1
	rest, rooted := strings.CutPrefix(path, "./")
	if rooted {
		slash = 0
	}
	if path == self {
		return nil, slash, nil
	}
	var name strings.Builder
	began := false
	for i := 0; i <= len(rest); i++ {
		switch {
		case i == len(rest) || rest[i] == '.' || rest[i] == '/':
			if !began {
				return nil, 0, fmt.Errorf("%w: the path %q has an empty step", read.ErrDialect, path)
			}
			found = append(found, name.String())
			name.Reset()
			began = false
			if i < len(rest) && rest[i] == '/' {
				slash = len(found)
			}
			continue
		case rest[i] != '\\':
			name.WriteByte(rest[i])
		default:
			n := unescape(&name, rest[i:])
			if n == 0 {
				return nil, 0, fmt.Errorf("%w: a backslash in the path %q means nothing", read.ErrDialect, path)
			}
			i += n - 1
		}
		began = true
	}
	return found, slash, nil
}

// unescape writes what a backslash and what follows it stand for and returns
// their length, 0 if they stand for nothing.
func unescape(name *strings.Builder, text string) int {
	if r, ok := hexadecimal([]byte(text), 0); ok {
		name.WriteRune(r)
		return 6
	}
	switch {
	case len(text) < 2:
		return 0
	case text[1] == 'e':
		return 2
	case !marked(rune(text[1])):
		return 0
	}
	name.WriteByte(text[1])
	return 2
}

// A route is the way from the root to the record. Names are those of elements,
// self for a root without a name.
type route struct {
	names []string
	unit  int // as many names lead to the unit
}

// parseRoute reads Dialect.Record.
func parseRoute(record string, format string) (route, error) {
	found, slash, err := names(record)
	if err != nil {
		return route{}, err
	}
	if slash < 0 {
		slash = len(found)
	}
	if format != XML {
		found = append([]string{self}, found...)
		slash++
	}
	if slash < 1 || len(found) == 0 {
		return route{}, fmt.Errorf("%w: record path %q", read.ErrDialect, record)
	}
	return route{found, slash}, nil
}

// text writes the route as Dialect.Record, for a root with a name or without.
func (r route) text(format string) string {
	found, unit := r.names, r.unit
	if format != XML {
		found, unit = found[1:], unit-1
	}
	switch {
	case unit == len(found):
		return steps(found)
	case unit == 0:
		return "./" + steps(found)
	}
	return steps(found[:unit]) + "/" + steps(found[unit:])
}

// column names the leaf at a path from the root.
func (r route) column(path []string) string {
	n := 0
	for n < len(r.names) && n < len(path) && r.names[n] == path[n] {
		n++
	}
	return strings.Repeat(up, len(r.names)-n) + steps(path[n:])
}

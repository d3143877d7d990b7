package mapping

import (
	"cmp"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// ErrUnrecognised is wrapped by UnrecognisedError.
var ErrUnrecognised = errors.New("no mapping recognises the file")

// SampleRows is how many of a file's first rows Recognise needs at most.
const SampleRows = 100

// soundShare is how many of the sampled rows must pass the tests of a mapping
// without header: a few may be broken.
const soundShare = 0.9

// recognition says by what a mapping knows its files.
type recognition struct {
	header  [][]string // the names of each column, of which the file must have one
	columns int        // of a file without header; 0 when it has one
	tests   []columnTest
}

// columnTest is what the cells of one column look like.
type columnTest struct {
	index int    // in files without header
	name  string // in others
	looks *regexp.Regexp
}

func (w *walker) recognition(n *yaml.Node) recognition {
	var r recognition
	fields := w.object(n, "recognise", recogniseKeys)
	for _, n := range w.items(fields["header"]) {
		names := w.texts(n, "header")
		if len(names) == 0 {
			w.fail(n.Line, "recognise: header: want the name of a column, or a list of names of which the file has one")
		}
		r.header = append(r.header, names)
	}
	if c := fields["columns"]; c != nil {
		if err := c.Decode(&r.columns); err != nil || r.columns < 1 || r.columns > maxColumns {
			w.fail(c.Line, "recognise: columns: want a number from 1 to %d, found %q", maxColumns, c.Value)
		}
	}
	if (len(r.header) == 0) == (r.columns == 0) {
		w.fail(n.Line, "recognise: want header, the names that the first row must hold, or columns, their number in a file without header")
	}
	if fields["tests"] == nil {
		return r
	}
	for _, p := range w.pairs(fields["tests"], "tests") {
		if r.columns == 0 {
			if r.group(p.key) < 0 {
				w.fail(p.line, "tests: want a column of header, found %q", p.key)
			}
			r.tests = append(r.tests, columnTest{name: p.key, looks: w.expression(p.node)})
			continue
		}
		at, err := strconv.Atoi(p.key)
		if err != nil || at < 1 || at > r.columns {
			w.fail(p.line, "tests: want the number of a column, 1 to %d, found %q", r.columns, p.key)
		}
		r.tests = append(r.tests, columnTest{index: at - 1, looks: w.expression(p.node)})
	}
	return r
}

// Near is a mapping that nearly recognises a file.
type Near struct {
	Mapping string
	Found   []string // columns that the file has
	Missing []string // columns that it lacks
}

// UnrecognisedError says which mappings come near to a file, the nearest
// first.
type UnrecognisedError struct {
	Columns []string // the first row of the file
	Near    []Near
	Several []string // mappings that fit equally well; then nothing is near
}

// Error says what the file has, what is near, and what to do.
func (e *UnrecognisedError) Error() string {
	var b strings.Builder
	if len(e.Several) > 0 {
		fmt.Fprintf(&b, "mapping: %v: %s fit equally well; choose one by name", ErrUnrecognised, strings.Join(e.Several, " and "))
		return b.String()
	}
	fmt.Fprintf(&b, "mapping: %v; its first row holds %s", ErrUnrecognised, quoted(e.Columns))
	for _, near := range e.Near {
		fmt.Fprintf(&b, "; %s has %d of its %d columns here and lacks %s",
			near.Mapping, len(near.Found), len(near.Found)+len(near.Missing), quoted(near.Missing))
	}
	b.WriteString("; choose a mapping by name, or write one as docs/mapping.md shows")
	return b.String()
}

// Unwrap returns ErrUnrecognised.
func (e *UnrecognisedError) Unwrap() error { return ErrUnrecognised }

// Recognise picks the mapping that knows a file by its first rows, the header
// among them if it has one. Of several the one that names most columns counts.
// The error is an *UnrecognisedError.
func Recognise(library []*Mapping, rows [][]string) (*Mapping, error) {
	if len(rows) == 0 {
		return nil, &UnrecognisedError{}
	}
	var fit []*Mapping
	best := 0
	for _, m := range library {
		n := m.recognise.fits(rows)
		switch {
		case n == 0 || n < best:
		case n > best:
			fit, best = []*Mapping{m}, n
		default:
			fit = append(fit, m)
		}
	}
	if len(fit) == 1 {
		return fit[0], nil
	}
	unknown := &UnrecognisedError{Columns: rows[0]}
	for _, m := range fit {
		unknown.Several = append(unknown.Several, m.Name)
	}
	if len(fit) == 0 {
		unknown.Near = nearest(library, rows[0])
	}
	return nil, unknown
}

// fits returns by how many columns the mapping knows the file, 0 when it does
// not.
func (r *recognition) fits(rows [][]string) int {
	tests, n := r.tests, r.columns
	if n == 0 {
		_, missing := r.compare(rows[0])
		if len(missing) > 0 {
			return 0
		}
		tests, n = r.placed(rows[0]), len(r.header)
		rows = rows[1:]
	}
	sound := 0
	for _, row := range rows {
		if (r.columns == 0 || len(row) == n) && pass(tests, row) {
			sound++
		}
	}
	if float64(sound) < soundShare*float64(len(rows)) {
		return 0
	}
	return n
}

// placed is the tests with the places that their columns have in a header.
func (r *recognition) placed(header []string) []columnTest {
	tests := slices.Clone(r.tests)
	for i := range tests {
		names := r.header[r.group(tests[i].name)]
		tests[i].index = slices.IndexFunc(header, func(name string) bool { return isNamed(names, name) })
	}
	return tests
}

func pass(tests []columnTest, row []string) bool {
	for _, t := range tests {
		if t.index >= len(row) || !t.looks.MatchString(strings.TrimSpace(row[t.index])) {
			return false
		}
	}
	return true
}

// group finds the names of a column that the header lists, -1 if it does not.
func (r *recognition) group(column string) int {
	return slices.IndexFunc(r.header, func(names []string) bool { return isNamed(names, column) })
}

// isNamed says whether a column has one of the names.
func isNamed(names []string, column string) bool {
	return slices.ContainsFunc(names, func(name string) bool { return columnKey(name) == columnKey(column) })
}

// mayLack says whether a file may lack a column, as far as the mapping as a whole
// says: all but those that recognition cannot do without.
func (m *Mapping) mayLack(ref columnRef) bool {
	if !m.sparse || ref.position > 0 {
		return false
	}
	i := m.recognise.group(ref.name)
	return i < 0 || len(m.recognise.header[i]) > 1
}

// compare splits the wanted header into what a row has and what it lacks.
func (r *recognition) compare(row []string) (found, missing []string) {
	has := make(map[string]bool, len(row))
	for _, name := range row {
		has[columnKey(name)] = true
	}
	for _, names := range r.header {
		if i := slices.IndexFunc(names, func(name string) bool { return has[columnKey(name)] }); i >= 0 {
			found = append(found, names[i])
		} else {
			missing = append(missing, strings.Join(names, " or "))
		}
	}
	return found, missing
}

// nearest lists at most three mappings that have some of their columns in the
// row, those with the greatest share first.
func nearest(library []*Mapping, row []string) []Near {
	const most = 3
	var near []Near
	for _, m := range library {
		found, missing := m.recognise.compare(row)
		if len(found) > 0 {
			near = append(near, Near{Mapping: m.Name, Found: found, Missing: missing})
		}
	}
	share := func(n Near) float64 { return float64(len(n.Found)) / float64(len(n.Found)+len(n.Missing)) }
	slices.SortStableFunc(near, func(a, b Near) int {
		return cmp.Or(cmp.Compare(share(b), share(a)), strings.Compare(a.Mapping, b.Mapping))
	})
	return near[:min(len(near), most)]
}

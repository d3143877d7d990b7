package area

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"rummage/graph"
)

// ErrNoDimension is wrapped when a dimension is asked for that no record has.
var ErrNoDimension = errors.New("no such dimension")

// Source is the part of graph.Reader that a table is read from.
type Source interface {
	Identity() *graph.Identity
	graph.Scanner
}

// Options of Read. The zero value is usable.
type Options struct {
	// Known is the last day of the records that prices are learned from, so that a
	// model which is to be tried on later days knows nothing of them; NoDate for all.
	Known graph.Date
	// Progress is called now and then with the number of records read; nil for none.
	Progress func(records int)
}

// A Table is the declarations of a scope in rows, by id, and their dimensions in
// columns. It does not change.
type Table struct {
	IDs     []graph.ID
	Days    []graph.Date
	Looked  []bool // inspected
	Hit     []bool
	Columns []Column // the named dimensions first, then fields by name; only those with two values or more

	trader []uint32 // numbers of clusters, from 1; 0 for none
	price  []float64
}

// A Column is one dimension. Values are sorted; the first is "", not stated.
type Column struct {
	Name   string
	Values []string
	Codes  []uint32 // by row, of Values
}

// states reports whether a row states the dimension.
func (c *Column) states(row int) bool { return c.Codes[row] != 0 }

// Column returns a dimension by name.
func (t *Table) Column(name string) (*Column, error) {
	for i := range t.Columns {
		if t.Columns[i].Name == name {
			return &t.Columns[i], nil
		}
	}
	have := make([]string, len(t.Columns))
	for i := range t.Columns {
		have[i] = t.Columns[i].Name
	}
	return nil, fmt.Errorf("area: %q: %w; the records have %s", name, ErrNoDimension, strings.Join(have, ", "))
}

// mostValues is how many values a field may have to be a dimension: one with more
// is a name, a number or a text.
const mostValues = 1000

// measured lists the fields that are quantities, so no dimensions, however few values they have.
var measured = []string{
	graph.FieldValue, graph.FieldGrossMass, graph.FieldNetMass, graph.FieldQuantity, graph.FieldAmount,
	"freight", "insurance", "packages", "description",
}

// progressStep is how many records pass between two calls of Progress.
const progressStep = 1 << 14

// Read reads the declarations in scope: consignments with a statement. Cost: one
// scan; memory about 100 bytes and 4 a dimension for each.
func Read(ctx context.Context, source Source, opts Options) (*Table, error) {
	r := &reading{
		table: &Table{}, identity: source.Identity(), traders: map[graph.ID]uint32{},
		fields: map[string]*coder{}, dropped: map[string]bool{},
	}
	for range named {
		r.coders = append(r.coders, newCoder())
	}
	for c, err := range source.Consignments(ctx, graph.Want{}) {
		if err != nil {
			return nil, fmt.Errorf("area: read declarations: %w", err)
		}
		if len(c.Current) > 0 {
			r.add(c)
		}
		if n := len(r.table.IDs); opts.Progress != nil && n%progressStep == 0 {
			opts.Progress(n)
		}
	}
	return r.finish(opts), nil
}

// reading fills a table.
type reading struct {
	table    *Table
	identity *graph.Identity
	traders  map[graph.ID]uint32
	coders   []*coder
	fields   map[string]*coder
	dropped  map[string]bool // fields of too many values
	goods    []string        // by row, what its price is compared with
}

func (r *reading) add(c *graph.Consignment) {
	t := r.table
	d := declared{ties: c.Ties(), day: c.Date()}
	inspected, hit := c.Looked()
	t.IDs, t.Days = append(t.IDs, graph.ID(strings.Clone(string(c.ID)))), append(t.Days, d.day)
	t.Looked, t.Hit = append(t.Looked, inspected), append(t.Hit, hit)
	for i := range named {
		r.coders[i].add(named[i].of(&d))
	}
	number := uint32(0)
	if id := d.trader(); id != "" {
		id = r.identity.Cluster(id)
		if number = r.traders[id]; number == 0 {
			number = uint32(len(r.traders) + 1)
			r.traders[graph.ID(strings.Clone(string(id)))] = number
		}
	}
	t.trader = append(t.trader, number)
	r.values(c)
	price, of := r.priceOf(c, &d)
	t.price, r.goods = append(t.price, price), append(r.goods, of)
}

// values takes the fields, of each the value that the most trusted statement shows. What
// an inspection noted is no dimension: only what was inspected has it.
func (r *reading) values(c *graph.Consignment) {
	row := len(r.table.IDs) - 1
	for i := range c.Current {
		if c.Current[i].View == graph.Inspection {
			continue
		}
		for _, f := range c.Current[i].Fields {
			if r.dropped[f.Name] || slices.Contains(measured, f.Name) {
				continue
			}
			k := r.fields[f.Name]
			if k == nil {
				k = newCoder()
				r.fields[strings.Clone(f.Name)] = k
			}
			if len(k.codes) > row {
				continue
			}
			k.fill(row)
			k.add(f.Value)
			if len(k.values) > mostValues {
				delete(r.fields, f.Name)
				r.dropped[strings.Clone(f.Name)] = true
			}
		}
	}
}

// priceOf is the logarithm of the value a kilogram, NaN where it is not known, and
// what it is compared with: the same goods in the same currency.
func (r *reading) priceOf(c *graph.Consignment, d *declared) (price float64, of string) {
	value, mass := amount(c, graph.FieldValue), amount(c, graph.FieldNetMass)
	if !(mass > 0) {
		mass = amount(c, graph.FieldGrossMass)
	}
	goods := d.goods(6)
	if !(value > 0) || !(mass > 0) || goods == "" || goods == several {
		return math.NaN(), ""
	}
	currency, _ := c.Field(graph.FieldCurrency)
	return math.Log(value / mass), goods + " " + currency.Value
}

func amount(c *graph.Consignment, field string) float64 {
	shown, _ := c.Field(field)
	value, err := strconv.ParseFloat(shown.Value, 64)
	if err != nil {
		return math.NaN()
	}
	return value
}

func (r *reading) finish(opts Options) *Table {
	t := r.table
	columns := map[string]*coder{}
	for i := range named {
		columns[named[i].name] = r.coders[i]
	}
	for name, k := range r.fields {
		if _, taken := columns[name]; !taken {
			k.fill(len(t.IDs))
			columns[name] = k
		}
	}
	columns[TraderClass] = classes(t)
	columns[ValueBand] = bands(t, r.goods, opts.Known)
	for _, name := range slices.SortedFunc(maps.Keys(columns), standing) {
		// One value beside "not stated" tells nothing apart that the base rate does not.
		if k := columns[name]; len(k.values) > 1 && k.telling() {
			t.Columns = append(t.Columns, k.column(name))
		}
	}
	return t
}

// A coder numbers texts in the order in which they come.
type coder struct {
	codes  []uint32
	values []string
	known  map[string]uint32
}

func newCoder() *coder { return &coder{values: []string{""}, known: map[string]uint32{"": 0}} }

func (k *coder) add(text string) {
	code, ok := k.known[text]
	if !ok {
		code = uint32(len(k.values))
		text = strings.Clone(text)
		k.values = append(k.values, text)
		k.known[text] = code
	}
	k.codes = append(k.codes, code)
}

// fill says of the rows that passed that they stated nothing.
func (k *coder) fill(rows int) {
	for len(k.codes) < rows {
		k.codes = append(k.codes, 0)
	}
}

// telling reports whether rows differ.
func (k *coder) telling() bool {
	return len(k.codes) > 0 && slices.ContainsFunc(k.codes, func(c uint32) bool { return c != k.codes[0] })
}

// column numbers the values by their order, whatever that of the rows was.
func (k *coder) column(name string) Column {
	values := slices.Sorted(slices.Values(k.values))
	rank := make([]uint32, len(values))
	for at, text := range values {
		rank[k.known[text]] = uint32(at)
	}
	codes := make([]uint32, len(k.codes))
	for i, c := range k.codes {
		codes[i] = rank[c]
	}
	return Column{name, values, codes}
}

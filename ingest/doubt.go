package ingest

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"rummage/graph"
	"rummage/ingest/read"
)

// Doubt counts the values of one kind that rows of a source hold and that are kept though
// something is wrong with them: their check digit, their form, or that no list has them.
type Doubt struct {
	What  string // the register of a number, such as ruc-pe, or the name of a field
	Mark  string // what is wrong, as facts and fields are marked
	Count int64  // of values; of rows for NoDay, of wrong counts for Miscounted
}

// NoDay marks rows that state something of a consignment and not its day. What goes by days leaves that out.
const NoDay = "no_day"

// Miscounted marks messages that say how much stands in them, and are wrong: what was read of them is
// stored, and more may be missing.
const Miscounted = "miscounted"

// doubts counts by what and mark.
type doubts map[Doubt]int64

// note counts what is doubtful of a row that is stored, and a row that is none but says how many there are.
func (d doubts) note(row *graph.Row) {
	if len(row.Errors) > 0 {
		if row.Errors[0].Code == codes[read.Miscounted] {
			d[Doubt{What: "message", Mark: Miscounted}]++
		}
		return
	}
	for i := range row.Facts {
		if f := &row.Facts[i]; f.Mark != "" {
			d[Doubt{What: registerOf(f), Mark: f.Mark}]++
		}
	}
	if slices.ContainsFunc(row.Statements, func(s graph.Statement) bool { return s.Date == graph.NoDate }) {
		d[Doubt{What: "day", Mark: NoDay}]++
	}
	for i := range row.Statements {
		for k := range row.Statements[i].Fields {
			if f := &row.Statements[i].Fields[k]; f.Mark != "" {
				d[Doubt{What: f.Name, Mark: f.Mark}]++
			}
		}
	}
}

// registerOf names what a fact is of: the namespace of what it numbers, or its kind where that
// has none, else the property.
func registerOf(f *graph.Fact) string {
	if f.Property != graph.PropertyNumber {
		return f.Property
	}
	parts := strings.Split(string(f.Entity), "/")
	return parts[max(len(parts)-2, 0)]
}

// list returns the counts, the most first.
func (d doubts) list() []Doubt {
	all := make([]Doubt, 0, len(d))
	for _, key := range slices.Collect(maps.Keys(d)) {
		key.Count = d[key]
		all = append(all, key)
	}
	slices.SortFunc(all, func(a, b Doubt) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), strings.Compare(a.What, b.What), strings.Compare(a.Mark, b.Mark))
	})
	return all
}

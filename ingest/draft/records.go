package draft

import (
	"cmp"
	"slices"
	"strings"

	"rummage/ingest/mapping"
)

// A Repeated is an element of a tree that stands several times in a row, and could make the
// rows instead: the goods of a bill, the houses of a master.
type Repeated struct {
	Path    string   // below the record that makes the rows now
	Columns []string // that are of it
	Most    int      // how many of it a row has at most
}

// mostRecords is how many records a draft names.
const mostRecords = 3

// records finds what could make the rows of a tree instead, that with most columns first.
func (d *Draft) records(rows [][]string) []Repeated {
	var all []Repeated
	var counts [][]int
	for _, path := range d.elements() {
		r := Repeated{Path: path}
		var leaves []*Column
		for i := range d.Columns {
			c := &d.Columns[i]
			rest, below := strings.CutPrefix(c.Name, path+".")
			if !below {
				continue
			}
			r.Columns = append(r.Columns, c.Name)
			if c.many && !strings.Contains(rest, ".") {
				leaves = append(leaves, c)
			}
		}
		if len(leaves) == 0 {
			continue
		}
		n := several(leaves, rows)
		// What stands once in each of another is a part of that: the packages of an item.
		part := slices.ContainsFunc(all, func(o Repeated) bool {
			return strings.HasPrefix(path, o.Path+".") && slices.Equal(n, counts[slices.IndexFunc(all, func(x Repeated) bool { return x.Path == o.Path })])
		})
		if part {
			continue
		}
		r.Most = slices.Max(n)
		all, counts = append(all, r), append(counts, n)
	}
	slices.SortStableFunc(all, func(a, b Repeated) int {
		return cmp.Or(cmp.Compare(len(b.Columns), len(a.Columns)), cmp.Compare(strings.Count(b.Path, "."), strings.Count(a.Path, ".")))
	})
	return all[:min(len(all), mostRecords)]
}

// elements lists the elements that columns with several values lie in, an outer before those
// in it. An element with a value of its own, such as a mass with its unit, is a leaf.
func (d *Draft) elements() []string {
	var all []string
	for i := range d.Columns {
		c := &d.Columns[i]
		if !c.many || strings.HasPrefix(c.Name, "../") {
			continue
		}
		for at, r := range c.Name {
			path := c.Name[:at]
			leaf := slices.ContainsFunc(d.Columns, func(o Column) bool { return o.Name == path })
			if r == '.' && path != "" && !leaf && !slices.Contains(all, path) {
				all = append(all, path)
			}
		}
	}
	slices.SortStableFunc(all, func(a, b string) int { return cmp.Compare(strings.Count(a, "."), strings.Count(b, ".")) })
	return all
}

// several counts the values that a row has in columns of one element, at most.
func several(columns []*Column, rows [][]string) []int {
	n := make([]int, min(len(rows), SampleRows))
	for i := range n {
		for _, c := range columns {
			if c.Number <= len(rows[i]) && rows[i][c.Number-1] != "" {
				n[i] = max(n[i], 1+strings.Count(rows[i][c.Number-1], mapping.Between))
			}
		}
	}
	return n
}

package viewer

import (
	"encoding/json"
	"slices"

	"rummage/casefile/row"
	"rummage/graph"
)

// filing returns what finds a file in the list of files, which it grows.
func (d *pageData) filing() func(name string, sum graph.SHA256) int {
	at := map[pageFile]int{}
	return func(name string, sum graph.SHA256) int {
		f := pageFile{name, string(sum)}
		i, known := at[f]
		if !known {
			i = len(d.Files)
			at[f] = i
			d.Files = append(d.Files, f)
		}
		return i
	}
}

// rows makes the list of rows, and returns what finds some of them in it. Rows that are named and not handed in are listed bare.
func (c *Case) rows(d *pageData, file func(name string, sum graph.SHA256) int) func(all []graph.Origin) []int {
	sources := map[graph.SourceID]*graph.Source{}
	for i := range c.Sources {
		sources[c.Sources[i].ID] = &c.Sources[i]
	}
	named := func(id graph.SourceID, sum graph.SHA256) int {
		s := sources[id]
		if s == nil {
			return file(string(id), sum)
		}
		if sum == "" {
			sum = s.SHA256
		}
		return file(s.Title(), sum)
	}
	at := map[graph.Origin]int{}
	for _, text := range c.Rows {
		var l row.Line
		var record row.Record
		if json.Unmarshal(text, &l) != nil || json.Unmarshal(l.Record, &record) != nil {
			continue // shown bare; rows.jsonl has it as it is
		}
		at[graph.Origin{Source: l.Source, Row: l.Row}] = len(d.Rows)
		r := page(&record, file)
		r.F, r.Row, r.Note = named(l.Source, record.SHA256), l.Row, l.Note
		d.Rows = append(d.Rows, r)
	}
	return func(all []graph.Origin) []int {
		list := make([]int, 0, len(all))
		for _, o := range all {
			i, known := at[o]
			if !known {
				i = len(d.Rows)
				at[o] = i
				d.Rows = append(d.Rows, pageRow{F: named(o.Source, ""), Row: o.Row, Bare: true})
			}
			list = append(list, i)
		}
		slices.Sort(list)
		return slices.Compact(list)
	}
}

// page is a record with all that goes with it; in which file it stands is for the caller to say.
func page(r *row.Record, file func(name string, sum graph.SHA256) int) pageRow {
	p := pageRow{Row: r.Row, Bytes: span(r.Bytes), Cells: cells(r.Columns), More: r.MoreJoined}
	for i := range r.Joined {
		j := &r.Joined[i]
		p.Joined = append(p.Joined, pageRow{F: file(j.Source, j.SHA256), Row: j.Row, Join: j.Join, Bytes: span(j.Bytes), Cells: cells(j.Columns)})
	}
	for c := r.Cited; c != nil; c = c.Cited {
		p.Cites = append(p.Cites, pageRow{F: file(c.Source, c.SHA256), Row: c.Row, Note: c.Note, Bytes: span(c.Bytes)})
	}
	return p
}

// span is where a row stands in its file; nil where that is not said.
func span(bytes [2]int64) []int64 {
	if bytes[1] == 0 {
		return nil
	}
	return bytes[:]
}

func cells(all row.Columns) [][2]string {
	list := make([][2]string, 0, len(all))
	for _, c := range all {
		list = append(list, [2]string{c.Name, c.Value})
	}
	return list
}

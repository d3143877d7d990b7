package viewer

import (
	"bytes"
	"encoding/json"
	"slices"

	"rummage/graph"
)

// line is a row as evidence/rows.jsonl has it.
type line struct {
	Source graph.SourceID `json:"source_id"`
	Row    int64          `json:"row"`
	Note   string         `json:"note"`
	Record record         `json:"record"`
}

// record is a row as it stands in its file: one of a source, of a second file (Join), or of a file that another office cites (Note).
type record struct {
	Join    string          `json:"join"`
	Source  string          `json:"source"`
	SHA256  graph.SHA256    `json:"sha256"`
	Row     int64           `json:"row"`
	Bytes   []int64         `json:"bytes"`
	Columns json.RawMessage `json:"columns"`
	Joined  []record        `json:"joined"`
	More    int             `json:"joined_more"`
	Note    string          `json:"note"`
	Cited   *record         `json:"cited"`
}

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
		var l line
		if err := json.Unmarshal(text, &l); err != nil {
			continue // shown bare; rows.jsonl has it as it is
		}
		at[graph.Origin{Source: l.Source, Row: l.Row}] = len(d.Rows)
		r := l.Record.page(file)
		r.F, r.Row, r.Note = named(l.Source, l.Record.SHA256), l.Row, l.Note
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
func (r *record) page(file func(name string, sum graph.SHA256) int) pageRow {
	p := pageRow{Row: r.Row, Note: r.Note, Join: r.Join, Bytes: r.Bytes, Cells: cells(r.Columns), More: r.More}
	for i := range r.Joined {
		j := r.Joined[i].page(file)
		j.F = file(r.Joined[i].Source, r.Joined[i].SHA256)
		p.Joined = append(p.Joined, j)
	}
	for c := r.Cited; c != nil; c = c.Cited {
		p.Cites = append(p.Cites, pageRow{F: file(c.Source, c.SHA256), Row: c.Row, Note: c.Note, Bytes: c.Bytes})
	}
	return p
}

// cells reads an object in the order in which it stands. Names may come twice.
func cells(object json.RawMessage) [][2]string {
	all := [][2]string{}
	d := json.NewDecoder(bytes.NewReader(object))
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return all
	}
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return all
		}
		var value any
		if err := d.Decode(&value); err != nil {
			return all
		}
		text, isText := value.(string)
		if !isText {
			raw, err := json.Marshal(value)
			if err != nil {
				return all
			}
			text = string(raw)
		}
		if key, isName := name.(string); isName {
			all = append(all, [2]string{key, text})
		}
	}
	return all
}

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
	Record struct {
		SHA256  graph.SHA256    `json:"sha256"`
		Bytes   []int64         `json:"bytes"`
		Columns json.RawMessage `json:"columns"`
	} `json:"record"`
}

// rows makes the list of rows, and returns what finds some of them in it. Rows that are named and not handed in are listed without cells.
func (c *Case) rows(d *pageData) func(all []graph.Origin) []int {
	names, codes := map[graph.SourceID]string{}, map[graph.SourceID]string{}
	for i := range c.Sources {
		names[c.Sources[i].ID], codes[c.Sources[i].ID] = c.Sources[i].Title(), string(c.Sources[i].SHA256)
	}
	at := map[graph.Origin]int{}
	for _, text := range c.Rows {
		var l line
		if err := json.Unmarshal(text, &l); err != nil {
			continue // shown without cells; rows.jsonl has it as it is
		}
		at[graph.Origin{Source: l.Source, Row: l.Row}] = len(d.Rows)
		d.Rows = append(d.Rows, pageRow{File: names[l.Source], Row: l.Row, Note: l.Note, SHA256: string(l.Record.SHA256), Bytes: l.Record.Bytes,
			Cells: cells(l.Record.Columns)})
	}
	return func(all []graph.Origin) []int {
		list := make([]int, 0, len(all))
		for _, o := range all {
			i, known := at[o]
			if !known {
				i = len(d.Rows)
				at[o] = i
				name := names[o.Source]
				if name == "" {
					name = string(o.Source)
				}
				d.Rows = append(d.Rows, pageRow{File: name, Row: o.Row, Note: "its cells stand in evidence/rows.jsonl", SHA256: codes[o.Source], Cells: [][2]string{}})
			}
			list = append(list, i)
		}
		slices.Sort(list)
		return slices.Compact(list)
	}
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

package main

import (
	"fmt"
	"slices"

	"rummage/casefile/row"
	"rummage/cmd/rummage/internal/output"
)

// How rows of files are shown to a person.

// fewRows is how many rows a person is shown with their cells unasked.
const fewRows = 3

// brief lists rows without their cells, and the hashes of their files.
func (a whyAnswer) brief(page *output.Page, from int) {
	grid := output.NewGrid("file", "row>", "says")
	var files []string
	for i := from; i < len(a.Records); i++ {
		r := &a.Records[i]
		grid.Add(r.Record.Source, fmt.Sprint(r.Record.Row), r.Says)
		if line := fmt.Sprintf("%s has SHA-256 %s", r.Record.Source, r.Record.SHA256); !slices.Contains(files, line) {
			files = append(files, line)
		}
	}
	page.Rows(grid)
	for _, line := range files {
		page.Say("%s", line)
	}
	page.Say("--all shows the cells of these rows too")
}

// show tells what a row says, where it stands, and its cells.
func (r *whyRecord) show(page *output.Page) {
	for _, line := range r.lines {
		page.Say("%s", line)
	}
	page.Say("%s, row %d (bytes %d to %d)", r.Record.Source, r.Record.Row, r.Record.Bytes[0], r.Record.Bytes[1])
	page.Say("SHA-256 %s", r.Record.SHA256)
	if c := r.Record.Cited; c != nil {
		page.Say("cites %s, SHA-256 %s", c.Title(), c.SHA256)
		if c.Note != "" {
			page.Say("%s", c.Note)
		}
	}
	if r.Note != "" {
		page.Say("%s", r.Note)
	}
	if len(r.Record.Columns) == 0 {
		return
	}
	grid := output.NewGrid("column", "value")
	for _, c := range r.Record.Columns {
		grid.Add(c.Name, c.Value)
	}
	page.Rows(grid)
	r.joinedCells(page)
}

// columns are the cells of the row, one without name and value where they cannot be shown.
func (r *whyRecord) columns() row.Columns {
	if len(r.Record.Columns) == 0 {
		return row.Columns{{}}
	}
	return r.Record.Columns
}

// cells are all rows cell by cell, those that were joined to them, and those of other files that they cite.
func (a whyAnswer) cells() output.Grid {
	grid := output.NewGrid("says", "source", "row", "sha256", "from", "to", "column", "value")
	for _, r := range a.Records {
		for _, c := range r.columns() {
			grid.Add(r.Says, r.Record.Source, fmt.Sprint(r.Record.Row), string(r.Record.SHA256),
				fmt.Sprint(r.Record.Bytes[0]), fmt.Sprint(r.Record.Bytes[1]), c.Name, c.Value)
		}
		for i := range r.Record.Joined {
			j := &r.Record.Joined[i]
			for _, c := range j.Columns {
				grid.Add(r.Says+", joined as "+j.Join, j.Source, fmt.Sprint(j.Row), string(j.SHA256),
					fmt.Sprint(j.Bytes[0]), fmt.Sprint(j.Bytes[1]), c.Name, c.Value)
			}
		}
		for c := r.Record.Cited; c != nil; c = c.Cited {
			grid.Add(r.Says+", cites", c.Source, fmt.Sprint(c.Row), string(c.SHA256), fmt.Sprint(c.Bytes[0]), fmt.Sprint(c.Bytes[1]), "", "")
		}
	}
	return grid
}

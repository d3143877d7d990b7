package main

import (
	"fmt"
	"os"
	"strings"

	"rummage/cmd/rummage/internal/exit"
	"rummage/cmd/rummage/internal/output"
	"rummage/graph"
	"rummage/ingest"
)

// joinedRow is a second file of a source. The counts are those of ingest.
type joinedRow struct {
	graph.Joined
	File       string      `json:"file,omitempty"`
	Dialect    string      `json:"dialect,omitempty"`
	Rows       int64       `json:"rows,omitempty"`
	Keys       int64       `json:"keys,omitempty"`
	Keyless    int64       `json:"keyless,omitempty"`
	Broken     int64       `json:"broken,omitempty"`
	Unresolved int64       `json:"unresolved,omitempty"` // rows of the source
	Ambiguous  int64       `json:"ambiguous,omitempty"`  // rows of the source
	Problems   []brokenRow `json:"problems,omitempty"`
}

// brokenRow is a row of a second file that could not be joined.
type brokenRow struct {
	Row    int64    `json:"row"`
	Column string   `json:"column"`
	Code   string   `json:"code"`
	Reason string   `json:"reason"`
	Bytes  [2]int64 `json:"bytes"`
}

// joinedRows are the second files as the store lists them.
func joinedRows(all []graph.Joined) []joinedRow {
	var rows []joinedRow
	for _, j := range all {
		rows = append(rows, joinedRow{Joined: j})
	}
	return rows
}

// metRows are the second files as ingest met them.
func metRows(all []ingest.Joined) []joinedRow {
	var rows []joinedRow
	for i := range all {
		j := &all[i]
		row := joinedRow{
			Joined: j.Joined, File: j.File, Dialect: j.Dialect, Rows: j.Rows, Keys: j.Keys, Keyless: j.Keyless, Broken: j.Broken,
			Unresolved: j.Unresolved, Ambiguous: j.Ambiguous,
		}
		for _, e := range j.Errors {
			row.Problems = append(row.Problems, brokenRow{
				Row: e.Row, Column: e.Column, Code: e.Code, Reason: e.Reason, Bytes: [2]int64{e.Span.Offset, e.Span.Offset + e.Span.Length},
			})
		}
		rows = append(rows, row)
	}
	return rows
}

// with reads what --with says: NAME=FILE, or NAME=FILE#PART where there is no file of the whole name. Behind the file of a join may stand
// mended rows of it.
func with(flags []string) ([]ingest.With, error) {
	var all []ingest.With
	for _, flag := range flags {
		name, file, ok := strings.Cut(flag, "=")
		if !ok || name == "" || file == "" {
			return nil, exit.Usagef("--with: %q: want the name of a join of the mapping and a file, such as traders=traders.csv", flag)
		}
		w := ingest.With{Join: name, File: file}
		if at := strings.LastIndexByte(file, '#'); at > 0 {
			if _, err := os.Stat(file); err != nil {
				w.File, w.Part = file[:at], file[at+1:]
			}
		}
		all = append(all, w)
	}
	return all, nil
}

// joinRemarks says what could not be joined.
func (s *sourceRow) joinRemarks(page *output.Page) {
	const most = 3
	for i := range s.Joined {
		j := &s.Joined[i]
		title := graph.Titled(j.Name, j.Part)
		if j.Broken > 0 {
			page.Say("%s: %s %s could not be joined as %s, and stand for nothing: rummage sources --errors", title, output.Count(int(j.Broken)), plural(int(j.Broken), "row"), ingest.JoinOf(j.Join))
		}
		for k, p := range j.Problems {
			if k == most {
				page.Say("  and more: --json lists them")
				break
			}
			page.Say("  row %d: %s: %s", p.Row, p.Code, strings.TrimPrefix(p.Column+": "+p.Reason, ": "))
		}
		if j.Keyless > 0 {
			page.Say("%s: %s %s without a key", title, output.Count(int(j.Keyless)), plural(int(j.Keyless), "row"))
		}
		for _, c := range []struct {
			rows int64
			what string
		}{{j.Unresolved, "with a key that no row of %s has (unresolved)"}, {j.Ambiguous, "with a key whose rows in %s do not say the same (ambiguous)"}} {
			if c.rows > 0 {
				page.Say("%s: %s %s "+c.what, s.Name, output.Count(int(c.rows)), plural(int(c.rows), "row"), title)
			}
		}
	}
}

// withFlags are the --with flags that ingest needs to read rows of a source again.
func withFlags(s *graph.Source) string {
	var b strings.Builder
	for i := range s.Joined {
		j := &s.Joined[i]
		file := j.Name
		if j.Part != "" {
			file += "#" + strings.TrimPrefix(j.Part, "#")
		}
		fmt.Fprintf(&b, " --with %s=%s", ingest.JoinOf(j.Join), quote(file))
	}
	return b.String()
}

// joinedCells writes the rows of second files behind a row that why shows.
func (r *whyRecord) joinedCells(page *output.Page) {
	for i := range r.Record.Joined {
		j := &r.Record.Joined[i]
		page.Say("joined as %s: %s, row %d (bytes %d to %d)", j.Join, j.Source, j.Row, j.Bytes[0], j.Bytes[1])
		page.Say("SHA-256 %s", j.SHA256)
		grid := output.NewGrid("column", "value")
		for _, c := range j.Columns {
			grid.Add(c.Name, c.Value)
		}
		page.Rows(grid)
	}
	if r.Record.MoreJoined > 0 {
		page.Say("... and %d more joined %s", r.Record.MoreJoined, plural(r.Record.MoreJoined, "row"))
	}
}

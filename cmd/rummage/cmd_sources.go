package main

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"os"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"rummage/cmd/rummage/internal/exit"
	"rummage/cmd/rummage/internal/output"
	"rummage/graph"
	"rummage/ingest"
	"rummage/ingest/mapping"
)

// sourceRow is one source as the commands show it.
type sourceRow struct {
	ID           graph.SourceID `json:"id"`
	Name         string         `json:"name"`           // with the part of the file, where it was one
	File         string         `json:"file,omitempty"` // in ingest: the path as given
	State        string         `json:"state"`          // in ingest: what became of the file; else counts, withdrawn, replaced, purged or purging
	SHA256       graph.SHA256   `json:"sha256"`
	Size         int64          `json:"size"`
	Part         string         `json:"part,omitempty"`
	Mapping      string         `json:"mapping"`
	Rules        graph.SHA256   `json:"mapping_sha256"`
	Options      string         `json:"options"`
	Dialect      string         `json:"dialect,omitempty"`
	Rows         int64          `json:"rows"`
	Stored       int64          `json:"stored"`
	Quarantined  int64          `json:"quarantined"`
	Consignments int64          `json:"consignments"`
	Newest       graph.Date     `json:"newest"`
	Evidence     bool           `json:"evidence"`
	Handling     string         `json:"handling"`
	Grading      string         `json:"grading"`
	Owner        string         `json:"owner"`
	Retention    graph.Date     `json:"retention"`
	ImportedAt   time.Time      `json:"imported_at"`
	Ended        *time.Time     `json:"ended"`
	Reason       string         `json:"reason"`
	ReplacedBy   graph.SourceID `json:"replaced_by"`
	Replaces     []string       `json:"replaces,omitempty"`
	Joined       []joinedRow    `json:"joined,omitempty"`
	Doubts       []doubtRow     `json:"doubts,omitempty"` // in ingest: what was kept though something is wrong with it
	given        string         // in ingest: the name of the file as given, with the part
}

func sourceRowOf(s *graph.Source) sourceRow {
	row := sourceRow{
		ID: s.ID, Name: s.Title(), State: "counts", SHA256: s.SHA256, Size: s.Size, Part: s.Part, Mapping: s.Mapping, Rules: s.Rules, Options: s.Options,
		Rows: s.Rows, Stored: s.Stored, Quarantined: s.Quarantined, Consignments: s.Consignments, Newest: s.Newest,
		Evidence: s.HasEvidence, Handling: s.Handling, Grading: s.Grading, Owner: s.Owner, Retention: s.Retention,
		ImportedAt: s.ImportedAt.UTC(), Reason: s.Reason, ReplacedBy: s.Replaced,
		Joined: joinedRows(s.Joined),
	}
	if s.EndedBy != graph.NotEnded {
		row.State = string(s.EndedBy)
		if s.Unfinished {
			row.State = purging
		}
		ended := s.Ended.UTC()
		row.Ended = &ended
	}
	return row
}

// purging is the state of a source whose purge broke off.
const purging = "purging"

// sourcesAnswer is what rummage sources says.
type sourcesAnswer struct {
	Sources []sourceRow `json:"sources"`
	named   bool
}

type sourcesOptions struct {
	names  []string
	errors bool
	out    string
	limit  int
}

func newSourcesCommand(d *desk) *cobra.Command {
	var opts sourcesOptions
	c := &cobra.Command{
		Use:   "sources [SOURCE...]",
		Short: "What was loaded, with hashes; the rows that were refused",
		Long: "Lists every source ever imported, also those that were withdrawn, replaced or purged since. A source\n" +
			"is named by its id, the start of it from four characters on, its file's name or path, or its SHA-256, or the start\n" +
			"of that from eight on; one that is named is shown with its grading, owner, handling and retention.\n\n" +
			"--errors lists the rows in quarantine with file, row, column and reason. --out writes them to a CSV file,\n" +
			"each with its reason in front; mend those of one source there, and ingest that file: it is read as the\n" +
			"rest was. With a mapping of your own, name it again: ingest mend.csv --map FILE. A row stays listed under its\n" +
			"first source when it has been mended.",
		Example: "  rummage sources\n  rummage sources --errors declarations.csv --out mend.csv",
		RunE: func(cmd *cobra.Command, args []string) error {
			opts.names = args
			if opts.errors || opts.out != "" {
				return runErrors(cmd.Context(), d, opts)
			}
			return runSources(cmd.Context(), d, opts)
		},
	}
	c.Flags().BoolVar(&opts.errors, "errors", false, "list the rows in quarantine")
	c.Flags().StringVar(&opts.out, "out", "", "write the rows in quarantine to this `file`")
	c.Flags().IntVar(&opts.limit, "limit", 1000, "most rows in quarantine to list; 0 lists all")
	return c
}

// chosen are the sources named, all if none is.
func chosen(ctx context.Context, store graph.Store, names []string) ([]graph.Source, error) {
	all, err := store.Sources(ctx)
	if err != nil || len(names) == 0 {
		return all, err
	}
	picked := make([]graph.Source, 0, len(names))
	for _, name := range names {
		source, err := pick(all, name)
		if err != nil {
			return nil, err
		}
		picked = append(picked, source)
	}
	return picked, nil
}

func runSources(ctx context.Context, d *desk, opts sourcesOptions) error {
	return d.with(ctx, look, func(store graph.Store) error {
		all, err := chosen(ctx, store, opts.names)
		if err != nil {
			return err
		}
		answer := sourcesAnswer{Sources: make([]sourceRow, len(all)), named: len(opts.names) > 0}
		for i := range all {
			answer.Sources[i] = sourceRowOf(&all[i])
		}
		return d.answer(answer)
	})
}

// Print lists the sources by time of import.
func (a sourcesAnswer) Print(page *output.Page) {
	if len(a.Sources) == 0 {
		page.Say("no sources; rummage ingest FILE brings one in")
	}
	grid := output.NewGrid("source", "name", "state", "mapping", "rows>", "stored>", "quarantined>", "consignments>", "imported", "sha256")
	for _, s := range a.Sources {
		grid.Add(string(s.ID), s.Name, s.State, s.Mapping, number(page, s.Rows), number(page, s.Stored), number(page, s.Quarantined),
			number(page, s.Consignments), clockTime(s.ImportedAt), string(s.SHA256))
	}
	page.Rows(grid)
	for _, s := range a.Sources {
		if s.State == purging {
			page.Say("the purge of %s is running or broke off: it is hidden, and not all of it is erased; rummage purge %s", s.Name, quote(string(s.ID)))
		}
	}
	if a.named && page.Format() == output.Table {
		a.particulars(page)
	}
}

// particulars tell of the sources that were asked for by name what the list has no room for.
func (a sourcesAnswer) particulars(page *output.Page) {
	for i := range a.Sources {
		s := &a.Sources[i]
		page.Gap()
		page.Say("%s  %s", s.ID, s.Name)
		grid := output.NewGrid("what", "value")
		retention := s.Retention.String()
		evidence := "kept"
		if !s.Evidence {
			evidence = "not kept"
		}
		ended := ""
		if s.Ended != nil {
			ended = s.State + " on " + clockTime(*s.Ended)
		}
		for _, row := range [][2]string{
			{"grading", s.Grading}, {"owner", s.Owner}, {"handling", s.Handling}, {"retention", retention}, {"copy of the file", evidence},
			{"options", s.Options}, {"mapping SHA-256", string(s.Rules)}, {"ended", ended}, {"reason", s.Reason}, {"replaced by", string(s.ReplacedBy)},
		} {
			if row[1] != "" {
				grid.Add(row[0], row[1])
			}
		}
		for _, j := range s.Joined {
			grid.Add("joined as "+j.Join, fmt.Sprintf("%s, SHA-256 %s", j.Title(), j.SHA256))
		}
		page.Rows(grid)
	}
}

// errorRow is one row in quarantine.
type errorRow struct {
	Source graph.SourceID `json:"source"`
	Name   string         `json:"name"`
	Joined string         `json:"joined,omitempty"` // the second file whose row it is, by its name in the mapping
	Row    int64          `json:"row"`
	Column string         `json:"column"`
	Code   string         `json:"code"`
	Reason string         `json:"reason"`
	Bytes  [2]int64       `json:"bytes"`
}

// errorsAnswer is what rummage sources --errors says.
type errorsAnswer struct {
	Errors  []errorRow `json:"errors"`
	Out     string     `json:"out,omitempty"`
	Written int64      `json:"written"`

	more     bool
	mendable bool
	mapping  string // the flags that joins and a mapping of the user need
}

func runErrors(ctx context.Context, d *desk, opts sourcesOptions) error {
	if opts.limit < 0 {
		return exit.Usagef("--limit: %d is less than 0", opts.limit)
	}
	if opts.out != "" {
		if err := absent(opts.out); err != nil {
			return err
		}
	}
	return d.reading(ctx, look, &scopeFlags{}, func(a *archive) error {
		all, err := chosen(ctx, a.store, opts.names)
		if err != nil {
			return err
		}
		// What ended is no longer in anybody's scope, and a source without refused rows has none to list.
		all = slices.DeleteFunc(all, func(s graph.Source) bool {
			return s.EndedBy != graph.NotEnded || s.Quarantined == 0 && len(s.Joined) == 0
		})
		answer := errorsAnswer{Errors: []errorRow{}, Out: opts.out}
		for i := range all {
			if err := a.quarantined(ctx, &all[i], opts.limit, &answer); err != nil {
				return err
			}
		}
		if opts.out != "" && len(all) > 0 {
			if answer.Written, answer.mendable, err = a.exportErrors(ctx, all, opts.out); err != nil {
				return err
			}
			answer.mapping = withFlags(&all[0]) + mapFlag(&all[0])
		}
		return d.answer(answer)
	})
}

// mapFlag is what ingest needs to read the rows of a source again: nothing for a shipped mapping, which is recognised. The store knows the
// hash of a user's own mapping, but not its text.
func mapFlag(s *graph.Source) string {
	library, err := mapping.Library()
	if err == nil && slices.ContainsFunc(library, func(m *mapping.Mapping) bool { return m.Name == s.Mapping && m.Rules == s.Rules }) {
		return ""
	}
	return fmt.Sprintf(" --map FILE, the file of the mapping %s with SHA-256 %s", s.Mapping, s.Rules)
}

// quarantined adds the refused rows of one source.
func (a *archive) quarantined(ctx context.Context, s *graph.Source, limit int, answer *errorsAnswer) error {
	for e, err := range a.Quarantine(ctx, s.ID) {
		if err != nil {
			return err
		}
		if limit > 0 && len(answer.Errors) >= limit {
			answer.more = true
			return nil
		}
		answer.Errors = append(answer.Errors, errorRow{
			Source: s.ID, Name: titleOf(s, &e), Joined: e.Join, Row: e.Row, Column: e.Column, Code: e.Code, Reason: e.Reason,
			Bytes: [2]int64{e.Span.Offset, e.Span.Offset + e.Span.Length},
		})
	}
	return nil
}

// titleOf names the file that a refused row is of: that of the source, or one that was joined to it.
func titleOf(s *graph.Source, e *graph.RowError) string {
	for i := range s.Joined {
		if j := &s.Joined[i]; e.Join != "" && j.Join == e.Join {
			return j.Title()
		}
	}
	return s.Title()
}

// exportErrors writes refused rows to a new file. Those of one source whose file was kept can be mended there and imported; of several
// sources, or where only places and reasons are known, it is a list to read.
func (a *archive) exportErrors(ctx context.Context, all []graph.Source, path string) (n int64, mendable bool, err error) {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return 0, false, fmt.Errorf("sources: %w", err)
	}
	defer func() {
		if err = errors.Join(err, file.Close()); err != nil {
			// A part of the rows would pass for all of them, and stand in the way of the next try.
			_ = os.Remove(path)
		}
	}()
	if len(all) == 1 && all[0].HasEvidence {
		n, err = a.rows.ExportQuarantine(ctx, all[0].ID, file)
		return n, true, err
	}
	out := csv.NewWriter(file)
	err = out.Write([]string{"file", "row", "column", "code", "reason", "cells"})
	for i := range all {
		for e, err := range a.Quarantine(ctx, all[i].ID) {
			if err != nil {
				return n, false, err
			}
			line := []string{titleOf(&all[i], &e), fmt.Sprint(e.Row), e.Column, e.Code, e.Reason}
			var record ingest.Record
			if e.Join == "" {
				record, err = a.rows.Refused(ctx, graph.Origin{Source: e.Source, Row: e.Row})
			}
			if err != nil && !errors.Is(err, graph.ErrNoEvidence) {
				return n, false, err
			}
			for _, c := range record.Columns {
				line = append(line, c.Value)
			}
			if err := out.Write(line); err != nil {
				return n, false, err
			}
			n++
		}
	}
	out.Flush()
	return n, false, errors.Join(err, out.Error())
}

// Print lists the refused rows.
func (a errorsAnswer) Print(page *output.Page) {
	grid := output.NewGrid("file", "row>", "column", "code", "reason")
	for _, e := range a.Errors {
		grid.Add(e.Name, fmt.Sprint(e.Row), e.Column, e.Code, e.Reason)
	}
	page.Rows(grid)
	switch {
	case len(a.Errors) == 0:
		page.Say("no row is in quarantine")
	case a.more:
		page.Say("... and more; --limit 0 lists all")
	}
	switch {
	case a.mendable:
		page.Say("%s rows written; mend them and run: rummage ingest %s%s", output.Count(int(a.Written)), quote(a.Out), a.mapping)
	case a.Written > 0:
		page.Say("%s rows written; to mend and import them, name one source that kept its file: rummage sources --errors SOURCE --out FILE",
			output.Count(int(a.Written)))
	}
}

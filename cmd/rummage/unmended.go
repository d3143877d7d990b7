package main

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"rummage/casefile/row"
	"rummage/cmd/rummage/internal/exit"
	"rummage/cmd/rummage/internal/output"
	"rummage/graph"
	"rummage/ingest"
	"rummage/ingest/mapping"
)

// What rummage sources --errors says of rows that are still to be mended, and writes for who mends them.

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
	Errors  []errorRow   `json:"errors"`
	Out     string       `json:"out,omitempty"`
	Written int64        `json:"written"`
	Joined  []writtenRow `json:"joined,omitempty"` // what was written of second files

	more     bool
	mendable bool
	files    string // the flags that joins need
	mapping  string // and a mapping of the user
	name     string // of the source's own file
}

// writtenRow is a file of refused rows of a second file.
type writtenRow struct {
	Join    string `json:"join"`
	Name    string `json:"name"` // of the second file
	Out     string `json:"out"`
	Written int64  `json:"written"`
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
		if opts.out != "" && len(answer.Errors) > 0 {
			if err := a.exportErrors(ctx, all, &answer); err != nil {
				return err
			}
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
	for e, err := range a.rows.Open(ctx, s.ID) {
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

// exportErrors writes refused rows to new files. Those of one source whose file was kept can be mended there and imported; of several
// sources, or where only places and reasons are known, it is a list to read.
func (a *archive) exportErrors(ctx context.Context, all []graph.Source, answer *errorsAnswer) error {
	// A source with second files is among them although none of its rows was refused, and one all of whose rows were mended since.
	broken := make([]graph.Source, 0, len(all))
	for i := range all {
		for _, err := range a.rows.Open(ctx, all[i].ID) {
			if err != nil {
				return err
			}
			broken = append(broken, all[i])
			break
		}
	}
	if len(broken) == 1 && broken[0].HasEvidence {
		return a.exportMendable(ctx, &broken[0], answer)
	}
	n, err := written(answer.Out, func(file *os.File) (int64, error) { return a.listErrors(ctx, broken, file) })
	answer.Written = n
	return err
}

// exportMendable writes the refused rows of one source, and of each of its second files, for who mends them. Behind an error none of these
// files stays.
func (a *archive) exportMendable(ctx context.Context, s *graph.Source, answer *errorsAnswer) (err error) {
	defer func() {
		if err != nil {
			for _, j := range answer.Joined {
				err = errors.Join(err, os.Remove(j.Out))
			}
		}
	}()
	for i := range s.Joined {
		j := &s.Joined[i]
		row := writtenRow{Join: j.Join, Name: j.Title(), Out: beside(answer.Out, j.Join)}
		if err := absent(row.Out); err != nil {
			return err
		}
		row.Written, err = written(row.Out, func(file *os.File) (int64, error) { return a.rows.ExportJoined(ctx, s.ID, j.Join, file) })
		if err != nil {
			return err
		}
		if row.Written > 0 {
			answer.Joined = append(answer.Joined, row)
		}
	}
	answer.Written, err = written(answer.Out, func(file *os.File) (int64, error) { return a.rows.ExportQuarantine(ctx, s.ID, file) })
	answer.mendable, answer.files, answer.mapping, answer.name = true, withFlags(s), mapFlag(s), s.Name
	return err
}

// beside is the name of the file for the rows of a second file: mend.traders.csv beside mend.csv.
func beside(path, join string) string {
	end := filepath.Ext(path)
	return strings.TrimSuffix(path, end) + "." + join + end
}

// written starts a file and has it filled with rows. None of it stays behind an error, since a part of the rows would pass for all of them, nor
// a file without rows.
func written(path string, fill func(*os.File) (int64, error)) (n int64, err error) {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return 0, fmt.Errorf("sources: %w", err)
	}
	n, err = fill(file)
	if err = errors.Join(err, file.Close()); err != nil || n == 0 {
		err = errors.Join(err, os.Remove(path))
	}
	return n, err
}

// listErrors lists refused rows of several sources, with the cells where their files were kept. What a spreadsheet would run stands behind
// an apostrophe.
func (a *archive) listErrors(ctx context.Context, all []graph.Source, file *os.File) (n int64, err error) {
	out := csv.NewWriter(file)
	err = out.Write([]string{"file", "row", "column", "code", "reason", "cells"})
	for i := range all {
		for e, openErr := range a.rows.Open(ctx, all[i].ID) {
			if openErr != nil {
				return n, openErr
			}
			line := []string{ingest.Harmless(titleOf(&all[i], &e)), fmt.Sprint(e.Row), ingest.Harmless(e.Column), e.Code, ingest.Harmless(e.Reason)}
			var record row.Record
			var readErr error
			if e.Join == "" {
				record, readErr = a.rows.Refused(ctx, graph.Origin{Source: e.Source, Row: e.Row})
			}
			if readErr != nil && !errors.Is(readErr, graph.ErrNoEvidence) {
				return n, readErr
			}
			for _, c := range record.Columns {
				line = append(line, ingest.Harmless(c.Value))
			}
			if err := out.Write(line); err != nil {
				return n, err
			}
			n++
		}
	}
	out.Flush()
	return n, errors.Join(err, out.Error())
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
		page.Say("no row is in quarantine that is still to be mended")
	case a.more:
		page.Say("... and more; --limit 0 lists all")
	}
	a.next(page)
}

// next says how what was written comes in again.
func (a *errorsAnswer) next(page *output.Page) {
	again := a.files
	for _, j := range a.Joined {
		page.Say("%s %s of %s written to %s", output.Count(int(j.Written)), plural(int(j.Written), "row"), j.Name, j.Out)
		again += fmt.Sprintf(" --with %s=%s", ingest.JoinOf(j.Join), quote(j.Out))
	}
	if len(a.Joined) > 0 {
		page.Say("mend them and have the source read again beside them: rummage ingest %s%s%s", quote(a.name), again, a.mapping)
	}
	switch {
	case a.mendable && a.Written > 0 && len(a.Joined) > 0:
		page.Say("%s rows of its own written to %s; what is still in quarantine then: mend it and run: rummage ingest %s%s%s",
			output.Count(int(a.Written)), a.Out, quote(a.Out), again, a.mapping)
	case a.mendable && a.Written > 0:
		page.Say("%s rows written; mend them and run: rummage ingest %s%s%s", output.Count(int(a.Written)), quote(a.Out), a.files, a.mapping)
	case a.Written > 0:
		page.Say("%s rows written; to mend and import them, name one source that kept its file: rummage sources --errors SOURCE --out FILE",
			output.Count(int(a.Written)))
	}
}

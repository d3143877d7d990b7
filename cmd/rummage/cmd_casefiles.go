package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"rummage/casefile/register"
	"rummage/cmd/rummage/internal/exit"
	"rummage/cmd/rummage/internal/output"
	"rummage/graph"
)

// caseRow is a case file that left, and what the store says otherwise now.
type caseRow struct {
	ID        string            `json:"id"`
	Name      string            `json:"name"`
	Purpose   string            `json:"purpose"`
	Case      string            `json:"case"`
	Recipient string            `json:"recipient"`
	Author    string            `json:"author"`
	Ceiling   string            `json:"ceiling"`
	Handling  string            `json:"handling"`
	Made      time.Time         `json:"made"`
	Left      time.Time         `json:"left"` // by the clock of the office, whatever it says that it was made at
	Tool      string            `json:"tool"`
	Network   graph.ID          `json:"network"`
	Parties   []graph.ID        `json:"parties"`
	Redacted  bool              `json:"redacted"`
	Nodes     int               `json:"nodes"`
	Edges     int               `json:"edges"`
	Rows      int               `json:"rows"`
	Sources   []graph.SourceID  `json:"sources"`
	Stale     bool              `json:"stale"`
	Changes   *register.Changes `json:"changes"`
}

// casefilesAnswer is what rummage casefiles says.
type casefilesAnswer struct {
	CaseFiles []caseRow `json:"case_files"`
	named     bool
}

type casefilesOptions struct {
	names []string
	stale bool
}

func newCasefilesCommand(d *desk) *cobra.Command {
	var opts casefilesOptions
	c := &cobra.Command{
		Use:   "casefiles [NAME|ID...]",
		Short: "The case files that left: when, to whom, what for, and which are stale",
		Long: "Lists what rummage export wrote, and asks for each the same again: a case file is stale when a source in it was\n" +
			"withdrawn, replaced or purged, when two parties in it are judged to be one or to be two since, or when other rows\n" +
			"name them. One that is named, by its file, its id or the start of that (4 digits or more), is shown with what\n" +
			"changed. --stale lists those that are stale, and ends with 1 when there is one.",
		Example: "  rummage casefiles\n  rummage casefiles case-7.zip\n  rummage casefiles --stale --json",
		RunE: func(cmd *cobra.Command, args []string) error {
			opts.names = args
			return runCasefiles(cmd.Context(), d, opts)
		},
	}
	c.Flags().BoolVar(&opts.stale, "stale", false, "only those that are stale; exit code 1 when there is one")
	return c
}

func runCasefiles(ctx context.Context, d *desk, opts casefilesOptions) error {
	return d.reading(ctx, look, &scopeFlags{}, func(a *archive) error {
		runs, err := a.Runs(ctx, register.Kind)
		if err != nil {
			return err
		}
		entries, err := register.Read(runs)
		if err != nil {
			return err
		}
		if entries, err = pickEntries(entries, opts.names); err != nil {
			return err
		}
		answer := casefilesAnswer{CaseFiles: []caseRow{}, named: len(opts.names) > 0}
		all, err := a.recheck(ctx, entries, func(done int) { d.meter.Step("compare", int64(done), int64(len(entries))) })
		if err != nil {
			return err
		}
		for i := range entries {
			if changes := all[i]; !opts.stale || changes.Stale() {
				answer.CaseFiles = append(answer.CaseFiles, caseRowOf(&entries[i], changes))
			}
		}
		if err := d.answer(answer); err != nil {
			return err
		}
		if opts.stale && len(answer.CaseFiles) > 0 {
			return exit.Status(exit.Failed)
		}
		return nil
	})
}

func caseRowOf(e *register.Entry, changes *register.Changes) caseRow {
	return caseRow{ID: e.ID, Name: e.Name, Purpose: e.Purpose, Case: e.Case, Recipient: e.Recipient, Author: e.Author,
		Ceiling: e.Ceiling, Handling: e.Handling, Made: e.Made.UTC(), Left: e.Left.UTC(), Tool: e.Tool, Network: e.Network, Parties: e.Held.Parties, Redacted: e.Redacted, Nodes: len(e.Held.Nodes),
		Edges: len(e.Held.Edges), Rows: e.Held.Rows, Sources: e.Held.Sources, Stale: changes.Stale(), Changes: changes}
}

// pickEntries picks those that are named by file, id or the start of an id, of leastStart digits or more; all for no name.
func pickEntries(entries []register.Entry, names []string) ([]register.Entry, error) {
	if len(names) == 0 {
		return entries, nil
	}
	var picked []register.Entry
	for _, name := range names {
		before := len(picked)
		for i := range entries {
			e := &entries[i]
			if e.Name == name || strings.HasSuffix(name, "/"+e.Name) || len(name) >= leastStart && strings.HasPrefix(e.ID, strings.ToLower(name)) {
				picked = append(picked, *e)
			}
		}
		if len(picked) == before {
			return nil, exit.With(exit.Failed, fmt.Errorf("casefiles: %q: %w", name, graph.ErrNotFound), "rummage casefiles lists them all")
		}
	}
	return picked, nil
}

// Print lists them; of those that were named it says what changed.
func (a casefilesAnswer) Print(page *output.Page) {
	grid := output.NewGrid("case file", "id", "left", "made", "recipient", "purpose", "case", "handling", "nodes>", "rows>", "state")
	for i := range a.CaseFiles {
		r := &a.CaseFiles[i]
		state := "stands"
		if r.Stale {
			state = "stale"
		}
		grid.Add(r.Name, r.ID[:min(len(r.ID), 12)], clockTime(r.Left), clockTime(r.Made), r.Recipient, r.Purpose, r.Case, r.Handling, number(page, int64(r.Nodes)), number(page, int64(r.Rows)), state)
	}
	page.Rows(grid)
	for i := range a.CaseFiles {
		if a.named {
			a.CaseFiles[i].tell(page)
		}
	}
	if !a.named && slices.ContainsFunc(a.CaseFiles, func(r caseRow) bool { return r.Stale }) {
		page.Say("\nnext: rummage casefiles NAME says what changed; rummage flag, then export it again, and tell the recipient")
	}
}

// mostChanges is how many new or changed nodes are named.
const mostChanges = 10

// tell says what changed.
func (r *caseRow) tell(page *output.Page) {
	what := string(r.Network)
	if what == "" {
		what = fmt.Sprintf("%d %s", len(r.Parties), plural(len(r.Parties), "record"))
	}
	page.Say("\n%s: %s, for %s, by %s", r.Name, what, r.Recipient, r.Author)
	if !r.Stale {
		page.Say("  the store says the same now")
		return
	}
	for _, ended := range r.Changes.Ended {
		reason := ended.Reason
		if reason != "" {
			reason = ": " + reason
		}
		page.Say("  %s, %s, was %s%s", ended.Source, ended.Name, ended.By, reason)
	}
	for _, id := range r.Changes.Gone {
		page.Say("  %s, which was asked for, is not in the store any more", id)
	}
	if r.Changes.Members {
		page.Say("  the network has other members now, or is not flagged any more")
	}
	differ(page, "node", &r.Changes.Nodes)
	differ(page, "edge", &r.Changes.Edges)
	if n := r.Changes.Rows; n != 0 {
		page.Say("  %+d %s behind it", n, plural(max(n, -n), "row"))
	}
}

func differ(page *output.Page, what string, d *register.Difference) {
	if d.Gone > 0 {
		page.Say("  %d %s gone", d.Gone, plural(d.Gone, what))
	}
	for _, part := range []struct {
		how   string
		names []string
	}{{"new", d.New}, {"changed", d.Changed}} {
		for i, name := range part.names {
			if i == mostChanges {
				page.Say("  and %d more %s %s", len(part.names)-mostChanges, part.how, plural(len(part.names)-mostChanges, what))
				break
			}
			page.Say("  %s %s: %s", part.how, what, name)
		}
	}
}

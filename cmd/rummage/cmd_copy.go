package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime/debug"

	"github.com/spf13/cobra"

	"rummage/cmd/rummage/internal/exit"
	"rummage/cmd/rummage/internal/output"
	"rummage/graph"
	"rummage/graph/transfer"
)

// copyGC is by how many percent the heap of a copy may grow before it is collected.
const copyGC = 40

type transferOptions struct{ from, to string }

// transferRow is what became of one source.
type transferRow struct {
	ID    graph.SourceID `json:"id"`
	Name  string         `json:"name"`
	Rows  int64          `json:"rows"`
	Ended graph.EndKind  `json:"ended"`
	State transfer.State `json:"state"`
}

// transferAnswer is what rummage copy says.
type transferAnswer struct {
	From      string        `json:"from"`
	To        string        `json:"to"`
	Sources   []transferRow `json:"sources"`
	Rows      int64         `json:"rows"`
	Bytes     int64         `json:"bytes"`
	Decisions int64         `json:"decisions"`
	Runs      int64         `json:"runs"`
	Unkept    int64         `json:"without_evidence"`
	Digest    graph.SHA256  `json:"digest"`
}

func newCopyCommand(d *desk) *cobra.Command {
	var opts transferOptions
	c := &cobra.Command{
		Use:   "copy",
		Short: "Everything in one store into another",
		Long: "Copies all sources with their rows, evidence and ends, all decisions and all runs from one store into\n" +
			"another, and compares both record by record when it is done. The copy answers every question as the\n" +
			"original does, with the same ids and for the same days.\n\n" +
			"The target is started if there is none. One that holds other sources keeps them; one that contradicts\n" +
			"what is to be copied is refused before anything is written. A copy that was broken off has left whole\n" +
			"sources; run it again, and it goes on after them. Copying again changes nothing, and brings what is new.\n\n" +
			"backup is quicker where both are files.",
		Example: "  rummage copy --from rummage.db --to archive.db",
		Args:    none,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return runCopy(cmd.Context(), d, opts)
		},
	}
	c.Flags().StringVar(&opts.from, "from", "", "`store` to copy from; default: the one that --store names")
	c.Flags().StringVar(&opts.to, "to", "", "`store` to copy into (required)")
	_ = c.MarkFlagRequired("to")
	return c
}

func runCopy(ctx context.Context, d *desk, opts transferOptions) (err error) {
	flag := "--from"
	if opts.from == "" {
		opts.from, flag = d.set.Store, "--store"
	}
	if samePlace(opts.from, opts.to) {
		return exit.With(exit.Usage, fmt.Errorf("copy: %s and %s are one store", opts.from, opts.to), "name another with --to")
	}
	from, err := d.openNamed(ctx, look, opts.from, flag)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, from.Close()) }()
	to, err := d.openNamed(ctx, create, opts.to, "--to")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, to.Close()) }()
	// A copy waits for its stores, so that the processor has time to collect more often and keep memory small.
	defer debug.SetGCPercent(debug.SetGCPercent(copyGC))
	report, err := transfer.Copy(ctx, from, to, transfer.Options{Progress: d.copying})
	if err != nil {
		return copyError(err)
	}
	answer := transferAnswer{
		From: opts.from, To: opts.to, Sources: []transferRow{}, Rows: report.Rows, Bytes: report.Bytes,
		Decisions: report.Decisions, Runs: report.Runs, Unkept: report.Unkept, Digest: report.Digest,
	}
	for i := range report.Sources {
		s := &report.Sources[i]
		answer.Sources = append(answer.Sources, transferRow{ID: s.ID, Name: s.Name, Rows: s.Rows, Ended: s.EndedBy, State: s.State})
	}
	return d.answer(answer)
}

// samePlace reports one store named twice.
func samePlace(from, to string) bool {
	if from == to {
		return true
	}
	a, errA := os.Stat(from)
	b, errB := os.Stat(to)
	return errA == nil && errB == nil && os.SameFile(a, b)
}

// copying shows how far a copy is.
func (d *desk) copying(p transfer.Progress) {
	phase := string(p.Stage)
	if p.File != "" {
		phase = fmt.Sprintf("%s %s (%d of %d)", p.Stage, p.File, p.Sources+1, p.OfSources)
	}
	d.meter.Step(phase, p.Done, p.Total)
}

// copyError says what to do about a copy that could not be made.
func copyError(err error) error {
	switch {
	case errors.Is(err, transfer.ErrConflict):
		return exit.With(exit.Failed, err, "copy into another store; --to names it")
	case errors.Is(err, transfer.ErrDifferent):
		return exit.With(exit.Failed, err, "rummage check both stores, and copy into a new one")
	case errors.Is(err, graph.ErrFull):
		return exit.With(exit.Store, err, "free some space, in the folder for temporary files too, and run the same command again; it goes on where it was")
	}
	return err
}

// Print lists what became of the sources.
func (a transferAnswer) Print(page *output.Page) {
	grid := output.NewGrid("source", "name", "rows>", "ended", "state")
	for _, r := range a.Sources {
		grid.Add(string(r.ID), r.Name, number(page, r.Rows), string(r.Ended), string(r.State))
	}
	page.Rows(grid)
	page.Say("copied %s %s, %s bytes of evidence, %s %s, %s %s into %s",
		output.Count(int(a.Rows)), plural(int(a.Rows), "row"), output.Count(int(a.Bytes)),
		output.Count(int(a.Decisions)), plural(int(a.Decisions), "decision"), output.Count(int(a.Runs)), plural(int(a.Runs), "run"), a.To)
	if a.Unkept > 0 {
		page.Say("%s keeps no bytes of %s %s: rummage why names their rows there and cannot show them", a.To, output.Count(int(a.Unkept)), plural(int(a.Unkept), "file"))
	}
	page.Say("both stores say the same: SHA-256 of all records %s", a.Digest)
}

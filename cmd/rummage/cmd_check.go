package main

import (
	"context"

	"github.com/spf13/cobra"

	"rummage/cmd/rummage/internal/exit"
	"rummage/cmd/rummage/internal/output"
	"rummage/graph"
)

// problemRow is one fault of a store.
type problemRow struct {
	Where string `json:"where"`
	What  string `json:"what"`
}

// checkAnswer is what rummage check says.
type checkAnswer struct {
	OK       bool         `json:"ok"`
	Store    string       `json:"store"`
	Problems []problemRow `json:"problems"`
}

func newCheckCommand(d *desk) *cobra.Command {
	return &cobra.Command{
		Use:   "check",
		Short: "Read the whole store and compare checksums",
		Long: "Reads everything in the store, compares checksums and cross references, and lists what is wrong. It ends\n" +
			"with 1 when something is. Others may read and write meanwhile. In a pipe a sound store is one line that says so.",
		Example: "  rummage check --store cases.db",
		Args:    none,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return runCheck(cmd.Context(), d)
		},
	}
}

func runCheck(ctx context.Context, d *desk) error {
	return d.with(ctx, look, func(store graph.Store) error {
		checker, ok := store.(graph.Checker)
		if !ok {
			return exit.Usagef("check: this kind of store has its own tools for that")
		}
		problems, err := checker.Check(ctx, func(done, total int64) { d.meter.Step("check", done, total) })
		if err != nil {
			return err
		}
		answer := checkAnswer{OK: len(problems) == 0, Store: d.set.Store, Problems: []problemRow{}}
		for _, p := range problems {
			answer.Problems = append(answer.Problems, problemRow{Where: p.Where, What: p.What})
		}
		if err := d.answer(answer); err != nil || answer.OK {
			return err
		}
		return exit.Status(exit.Failed)
	})
}

// Print lists the faults.
func (a checkAnswer) Print(page *output.Page) {
	grid := output.NewGrid("where", "what")
	for _, p := range a.Problems {
		grid.Add(p.Where, p.What)
	}
	if a.OK && page.Format() == output.TSV {
		grid.Add(a.Store, "sound")
	}
	page.Rows(grid)
	if a.OK {
		page.Say("%s is sound", a.Store)
		return
	}
	page.Say("%s is damaged; rummage restore brings back a backup", a.Store)
}

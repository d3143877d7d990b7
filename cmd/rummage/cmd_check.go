package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/spf13/cobra"

	"rummage/cmd/rummage/internal/exit"
	"rummage/cmd/rummage/internal/output"
	"rummage/graph"
	"rummage/graph/sqlite"
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
			"with 1 when something is. Others may read and write meanwhile.",
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
	page.Rows(grid)
	if a.OK {
		page.Say("%s is sound", a.Store)
		return
	}
	page.Say("%s is damaged; rummage restore brings back a backup", a.Store)
}

// copyAnswer is what rummage backup and restore say.
type copyAnswer struct {
	From  string `json:"from"`
	To    string `json:"to"`
	Bytes int64  `json:"bytes"`
}

func newBackupCommand(d *desk) *cobra.Command {
	return &cobra.Command{
		Use:   "backup FILE",
		Short: "A verified copy of the store, while others use it",
		Long: "Writes a copy of the store as of now into one new file and verifies it. Others may read and write\n" +
			"meanwhile. The copy is a store itself: --store FILE opens it.",
		Example: "  rummage backup /media/disk/rummage-2021-06-30.db",
		Args:    exactly("FILE"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return runBackup(cmd.Context(), d, args[0])
		},
	}
}

func runBackup(ctx context.Context, d *desk, path string) error {
	if err := absent(path); err != nil {
		return err
	}
	return d.with(ctx, change, func(store graph.Store) error {
		copier, ok := store.(graph.BackerUp)
		if !ok {
			return exit.Usagef("backup: this kind of store has its own tools for that")
		}
		err := copier.Backup(ctx, path, func(done, total int64) { d.meter.Step("copy", done, total) })
		if err != nil {
			return err
		}
		return d.copied(d.set.Store, path)
	})
}

// absent refuses to write over a file.
func absent(path string) error {
	_, err := os.Lstat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err == nil:
		return exit.With(exit.Usage, fmt.Errorf("%s exists already", path), "name a new file, or move that one away")
	}
	return err
}

func (d *desk) copied(from, to string) error {
	info, err := os.Stat(to)
	if err != nil {
		return err
	}
	return d.answer(copyAnswer{From: from, To: to, Bytes: info.Size()})
}

// Print says what lies where.
func (a copyAnswer) Print(page *output.Page) {
	grid := output.NewGrid("from", "to", "bytes>")
	grid.Add(a.From, a.To, number(page, a.Bytes))
	page.Rows(grid)
}

func newRestoreCommand(d *desk) *cobra.Command {
	return &cobra.Command{
		Use:   "restore FILE",
		Short: "A backup back into place, verified",
		Long: "Copies a backup to the place that --store names and verifies the copy before it gets its name. It never\n" +
			"writes over a store: move the damaged one away first.",
		Example: "  rummage restore /media/disk/rummage-2021-06-30.db --store rummage.db",
		Args:    exactly("FILE"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return runRestore(cmd.Context(), d, args[0])
		},
	}
}

func runRestore(ctx context.Context, d *desk, from string) error {
	if _, err := os.Stat(from); errors.Is(err, fs.ErrNotExist) {
		return exit.With(exit.Failed, fmt.Errorf("restore: no backup %s", from), "check the name of the file; rummage backup writes one")
	}
	if err := absent(d.set.Store); err != nil {
		return err
	}
	err := sqlite.Restore(ctx, from, d.set.Store, func(done, total int64) { d.meter.Step("copy", done, total) })
	if err != nil {
		return fmt.Errorf("restore: %w", err)
	}
	return d.copied(from, d.set.Store)
}

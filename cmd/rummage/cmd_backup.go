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
)

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
	if err := noFile("backup", d.set.Store); err != nil {
		return err
	}
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

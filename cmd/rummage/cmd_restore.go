package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/spf13/cobra"

	"rummage/cmd/rummage/internal/exit"
	"rummage/graph/sqlite"
)

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
	if err := errors.Join(noFile("restore", d.set.Store), noServer(d.set.Store, "--store")); err != nil {
		return err
	}
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

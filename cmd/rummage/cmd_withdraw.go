package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"rummage/cmd/rummage/internal/exit"
	"rummage/cmd/rummage/internal/output"
	"rummage/graph"
)

// endedAnswer is what rummage withdraw and purge say.
type endedAnswer struct {
	Source    sourceRow `json:"source"`
	Snapshots int       `json:"snapshots"` // deleted by a purge

	purged bool
}

func newWithdrawCommand(d *desk) *cobra.Command {
	var reason string
	c := &cobra.Command{
		Use:   "withdraw SOURCE",
		Short: "Take a source out, by a dated mark",
		Long: "Takes a source out: what it alone supported is no longer visible, what others support too stays.\n" +
			"Nothing is erased, and --known-on an earlier day still shows it. To bring it back, ingest the file again.",
		Example: "  rummage withdraw declarations.csv --reason \"wrong year\"",
		Args:    exactly("SOURCE"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return runEnd(cmd.Context(), d, args[0], func(store graph.Store, source *graph.Source, _ *endedAnswer) error {
				return store.Withdraw(cmd.Context(), source.ID, d.clock(), reason)
			})
		},
	}
	c.Flags().StringVar(&reason, "reason", "", "why, for those who come after")
	return c
}

func runEnd(ctx context.Context, d *desk, name string, end func(graph.Store, *graph.Source, *endedAnswer) error) error {
	return d.with(ctx, change, func(store graph.Store) error {
		all, err := store.Sources(ctx)
		if err != nil {
			return err
		}
		source, err := pick(all, name)
		if err != nil {
			return err
		}
		var answer endedAnswer
		if err := end(store, &source, &answer); err != nil {
			return endError(err, &source)
		}
		if all, err = store.Sources(ctx); err != nil {
			return err
		}
		for i := range all {
			if all[i].ID == source.ID {
				answer.Source = sourceRowOf(&all[i])
				return d.answer(answer)
			}
		}
		return fmt.Errorf("source %s: %w", source.ID, errors.New("its line is gone"))
	})
}

// endError says when and how a source ended that was to be ended again.
func endError(err error, s *graph.Source) error {
	if !errors.Is(err, graph.ErrEnded) || s.EndedBy == graph.NotEnded {
		return err
	}
	text := fmt.Sprintf("%s (%s) was %s already, on %s", s.Title(), s.ID, s.EndedBy, clockTime(s.Ended))
	if s.Reason != "" {
		text += ": " + s.Reason
	}
	return exit.With(exit.Failed, fmt.Errorf("%s; %w", text, graph.ErrEnded), "rummage sources lists what became of each")
}

// Print says what became of the source.
func (a endedAnswer) Print(page *output.Page) {
	grid := output.NewGrid("source", "name", "state", "rows>", "sha256", "reason")
	s := a.Source
	grid.Add(string(s.ID), s.Name, s.State, number(page, s.Rows), string(s.SHA256), s.Reason)
	page.Rows(grid)
	if a.purged {
		page.Say("%d %s of the graph deleted; what remains outside: backups, and files written by sources --errors --out or copied from answers", a.Snapshots,
			plural(a.Snapshots, "snapshot"))
	}
}

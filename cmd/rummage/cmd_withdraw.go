package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"rummage/cmd/rummage/internal/exit"
	"rummage/cmd/rummage/internal/output"
	"rummage/graph"
)

// endedAnswer is what rummage withdraw and purge say.
type endedAnswer struct {
	Source sourceRow `json:"source"`
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
			return runEnd(cmd.Context(), d, args[0], func(store graph.Store, id graph.SourceID) error {
				return store.Withdraw(cmd.Context(), id, d.clock(), reason)
			})
		},
	}
	c.Flags().StringVar(&reason, "reason", "", "why, for those who come after")
	return c
}

func newPurgeCommand(d *desk) *cobra.Command {
	var reason string
	var yes bool
	c := &cobra.Command{
		Use:   "purge SOURCE",
		Short: "Erase a source for good, leaving its hash",
		Long: "Erases a source, its kept file and what it alone supported, for now and for any earlier day. Only its\n" +
			"line with the hashes stays. This cannot be undone. On a terminal it asks first, unless --yes is given.",
		Example: "  rummage purge s-0123456789abcdef --reason \"court order 12/21\" --yes",
		Args:    exactly("SOURCE"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return runEnd(cmd.Context(), d, args[0], func(store graph.Store, id graph.SourceID) error {
				if !yes && isTerminal(d.stdin) && !d.confirm("erase "+args[0]+" ("+string(id)+") for good?") {
					return exit.Usagef("purge: nothing was erased")
				}
				return store.Purge(cmd.Context(), id, d.clock(), reason)
			})
		},
	}
	c.Flags().StringVar(&reason, "reason", "", "why, for those who come after")
	c.Flags().BoolVar(&yes, "yes", false, "do not ask")
	return c
}

// confirm asks a question on the terminal.
func (d *desk) confirm(question string) bool {
	fmt.Fprintf(d.stderr, "%s [y/N] ", question)
	line, _ := bufio.NewReader(d.stdin).ReadString('\n')
	answer := strings.ToLower(strings.TrimSpace(line))
	return answer == "y" || answer == "yes"
}

func runEnd(ctx context.Context, d *desk, name string, end func(graph.Store, graph.SourceID) error) error {
	return d.with(ctx, change, func(store graph.Store) error {
		all, err := store.Sources(ctx)
		if err != nil {
			return err
		}
		source, err := pick(all, name)
		if err != nil {
			return err
		}
		if err := end(store, source.ID); err != nil {
			return err
		}
		if all, err = store.Sources(ctx); err != nil {
			return err
		}
		for i := range all {
			if all[i].ID == source.ID {
				return d.answer(endedAnswer{Source: sourceRowOf(&all[i])})
			}
		}
		return fmt.Errorf("source %s: %w", source.ID, errors.New("its line is gone"))
	})
}

// Print says what became of the source.
func (a endedAnswer) Print(page *output.Page) {
	grid := output.NewGrid("source", "name", "state", "rows>", "sha256", "reason")
	s := a.Source
	grid.Add(string(s.ID), s.Name, s.State, number(page, s.Rows), string(s.SHA256), s.Reason)
	page.Rows(grid)
}

package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"rummage/algo/view"
	"rummage/cmd/rummage/internal/exit"
	"rummage/cmd/rummage/internal/output"
	"rummage/graph"
	"rummage/graph/neo4j"
)

func newPurgeCommand(d *desk) *cobra.Command {
	var reason string
	var yes, decisions bool
	c := &cobra.Command{
		Use:   "purge SOURCE",
		Short: "Erase a source for good, leaving its hash",
		Long: "Erases a source, named as in withdraw, its kept file and what it alone supported, for now and for any earlier day. Runs that used\n" +
			"it go too, and with them the networks they flagged: decisions on these are shown no more. The snapshots in\n" +
			"the cache folder are deleted, all of them. The line of the source with its hashes stays, and what persons\n" +
			"decided about its parties, unseen until another source names these: a list that is purged and loaded anew\n" +
			"loses no judgement. With --decisions the words of those go too whose parties nothing names any more. Backups,\n" +
			"copies and exported files lie outside: delete those yourself. This cannot be undone. It asks first; where\n" +
			"nobody is at a terminal it erases nothing unless --yes is given.",
		Example: "  rummage purge s-0123456789abcdef --reason \"court order 12/21\" --yes\n  rummage purge s-0123456789abcdef --decisions --yes",
		Args:    exactly("SOURCE"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if !yes && !isTerminal(d.stdin) {
				return exit.With(exit.Usage, errors.New("purge: nobody is here to ask; nothing was erased"), "rummage purge "+quote(args[0])+" --yes")
			}
			return runEnd(cmd.Context(), d, args[0], func(store graph.Store, source *graph.Source, answer *endedAnswer) error {
				if !yes && !d.confirm(fmt.Sprintf("erase %s (%s, %s rows) for good?", source.Name, source.ID, output.Count(int(source.Rows)))) {
					return exit.With(exit.Usage, errors.New("purge: nothing was erased"), "rummage sources lists what there is")
				}
				err := d.purge(cmd.Context(), store, source.ID, reason, answer)
				if !decisions || err != nil && !errors.Is(err, graph.ErrEnded) {
					return err
				}
				return forget(cmd.Context(), store, source.SHA256, answer)
			})
		},
	}
	c.Flags().StringVar(&reason, "reason", "", "why, for those who come after")
	c.Flags().BoolVar(&decisions, "decisions", false, "erase what was decided about parties that nothing names any more, too")
	c.Flags().BoolVar(&yes, "yes", false, "do not ask")
	return c
}

// purge erases a source, and the snapshots, which may hold ids of it. A source that is erased already has its snapshots deleted again,
// since the first try may have been cut off between the two.
func (d *desk) purge(ctx context.Context, store graph.Store, id graph.SourceID, reason string, answer *endedAnswer) error {
	err := store.Purge(ctx, id, d.clock(), reason)
	switch {
	case errors.Is(err, neo4j.ErrUnfinished):
		return exit.With(exit.Store, err, "rummage purge "+quote(string(id))+" --yes")
	case err != nil && !errors.Is(err, graph.ErrEnded):
		return err
	}
	cache := view.Cache{Dir: d.set.Cache}
	n, clearErr := cache.Clear()
	answer.purged, answer.Snapshots = true, n
	if clearErr != nil {
		clearErr = exit.With(exit.Failed, fmt.Errorf("purge: the source is erased, but snapshots remain: %w", clearErr), "delete the *.view files in "+quote(d.set.Cache))
	}
	return errors.Join(err, clearErr)
}

// forget erases the words of the decisions that rested on a purged source and that nobody hears.
func forget(ctx context.Context, store graph.Store, file graph.SHA256, answer *endedAnswer) error {
	waiting, err := unheard(ctx, store, file)
	if err != nil {
		return err
	}
	answer.Forgotten = len(waiting)
	return store.Forget(ctx, waiting)
}

// confirm asks a question on the terminal.
func (d *desk) confirm(question string) bool {
	fmt.Fprintf(d.stderr, "%s [y/N] ", question)
	line, _ := bufio.NewReader(d.stdin).ReadString('\n')
	answer := strings.ToLower(strings.TrimSpace(line))
	return answer == "y" || answer == "yes"
}

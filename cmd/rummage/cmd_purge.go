package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"rummage/algo/view"
	"rummage/cmd/rummage/internal/exit"
	"rummage/cmd/rummage/internal/output"
	"rummage/graph"
	"rummage/graph/neo4j"
)

type purgeOptions struct {
	source, reason           string
	yes, readings, decisions bool
}

func newPurgeCommand(d *desk) *cobra.Command {
	var opts purgeOptions
	c := &cobra.Command{
		Use:   "purge SOURCE",
		Short: "Erase a source for good, leaving its hash",
		Long: "Erases a source, named as in withdraw, its kept file and what it alone supported, for now and for any earlier day. Runs that used\n" +
			"it go too, and with them the networks they flagged: decisions on these are shown no more. The snapshots in\n" +
			"the cache folder are deleted, all of them. The line of the source with its hashes stays, and what persons\n" +
			"decided about its parties, unseen until another source names these: a list that is purged and loaded anew\n" +
			"loses no judgement. With --decisions the words of those go too whose parties nothing names any more. The kept file\n" +
			"is erased with the last source that was read from its bytes: one that was withdrawn or replaced keeps it, and the\n" +
			"answer names it; with --readings all of them are erased at once. Backups, copies and exported files lie outside:\n" +
			"delete those yourself. This cannot be undone. It asks first; where nobody is at a terminal it erases nothing unless\n" +
			"--yes is given.",
		Example: "  rummage purge s-0123456789abcdef --reason \"court order 12/21\" --yes\n  rummage purge s-0123456789abcdef --readings --decisions --yes",
		Args:    exactly("SOURCE"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if !opts.yes && !isTerminal(d.stdin) {
				return exit.With(exit.Usage, errors.New("purge: nobody is here to ask; nothing was erased"), "rummage purge "+quote(args[0])+" --yes")
			}
			opts.source = args[0]
			return runPurge(cmd.Context(), d, opts)
		},
	}
	c.Flags().StringVar(&opts.reason, "reason", "", "why, for those who come after")
	c.Flags().BoolVar(&opts.readings, "readings", false, "erase every other source that was read from the same bytes, too")
	c.Flags().BoolVar(&opts.decisions, "decisions", false, "erase what was decided about parties that nothing names any more, too")
	c.Flags().BoolVar(&opts.yes, "yes", false, "do not ask")
	return c
}

func runPurge(ctx context.Context, d *desk, opts purgeOptions) error {
	return runEnd(ctx, d, opts.source, func(store graph.Store, source *graph.Source, answer *endedAnswer) error {
		others, err := keepers(ctx, store, source)
		if err != nil {
			return err
		}
		if !opts.yes && !d.confirm(opts.question(source, others)) {
			return exit.With(exit.Usage, errors.New("purge: nothing was erased"), "rummage sources lists what there is")
		}
		d.meter.Step(fmt.Sprintf("erase %s, %s rows", source.Name, output.Count(int(source.Rows))), 0, 0)
		err = d.purge(ctx, store, source.ID, opts.reason, answer)
		again := errors.Is(err, graph.ErrEnded) && (opts.decisions || opts.readings && len(others) > 0)
		if err != nil && !again {
			return err
		}
		for i := range others {
			if !opts.readings || others[i].SHA256 != source.SHA256 {
				continue
			}
			if err := d.purge(ctx, store, others[i].ID, opts.reason, answer); err != nil {
				return err
			}
		}
		if others, err = keepers(ctx, store, source); err != nil {
			return err
		}
		for i := range others {
			answer.Kept = append(answer.Kept, keptRow{others[i].ID, others[i].Title(), sourceRowOf(&others[i]).State})
		}
		if !opts.decisions {
			return nil
		}
		return forget(ctx, store, source.SHA256, answer)
	})
}

// question asks for leave to erase a source and, where they are to go too, its other readings.
func (o *purgeOptions) question(source *graph.Source, others []graph.Source) string {
	text := fmt.Sprintf("erase %s (%s, %s rows)", source.Name, source.ID, output.Count(int(source.Rows)))
	for i := range others {
		if o.readings && others[i].SHA256 == source.SHA256 {
			text += fmt.Sprintf(" and %s (%s, %s rows)", others[i].Name, others[i].ID, output.Count(int(others[i].Rows)))
		}
	}
	return text + " for good?"
}

// keepers lists the other sources that hold the bytes of a source, as what they were read from or as a second file: with the last of
// them these are erased.
func keepers(ctx context.Context, store graph.Store, source *graph.Source) ([]graph.Source, error) {
	all, err := store.Sources(ctx)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(all, func(s graph.Source) bool {
		holds := s.SHA256 == source.SHA256 || slices.ContainsFunc(s.Joined, func(j graph.Joined) bool { return j.SHA256 == source.SHA256 })
		return s.ID == source.ID || s.EndedBy == graph.Purged && !s.Unfinished || !s.HasEvidence || !holds
	}), nil
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
	answer.purged = true
	answer.Snapshots += n
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

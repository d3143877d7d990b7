package main

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"rummage/cmd/rummage/internal/exit"
	"rummage/cmd/rummage/internal/output"
	"rummage/graph"
)

// endedAnswer is what rummage withdraw and purge say.
type endedAnswer struct {
	Source    sourceRow `json:"source"`
	Snapshots int       `json:"snapshots"` // deleted by a purge
	Waiting   int       `json:"waiting"`   // decisions that rest on it, and show when what they are about is named again
	Forgotten int       `json:"forgotten"` // decisions whose words a purge erased
	Kept      []keptRow `json:"kept"`      // other sources for whose sake a purge left the file

	purged bool
}

// keptRow is another source that was read from the same bytes.
type keptRow struct {
	ID    graph.SourceID `json:"id"`
	Name  string         `json:"name"`
	State string         `json:"state"`
}

func newWithdrawCommand(d *desk) *cobra.Command {
	var reason string
	c := &cobra.Command{
		Use:   "withdraw SOURCE",
		Short: "Take a source out, by a dated mark",
		Long: "Takes a source out: what it alone supported is no longer visible, what others support too stays. It is named by\n" +
			"its id, its file's name or path, or its SHA-256, or by the start of id or SHA-256; what names several is refused.\n" +
			"Nothing is erased, and --known-on an earlier day still shows it. To bring it back, ingest the file again.\n" +
			"What was decided about its parties counts again as soon as any source names them under the same id, such as the\n" +
			"next issue of a list.",
		Example: "  rummage withdraw declarations.csv --reason \"wrong year\"\n  rummage withdraw inbox/march.csv --reason \"sent by mistake\"",
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
		answer := endedAnswer{Kept: []keptRow{}}
		if err := end(store, &source, &answer); err != nil {
			return endError(err, &source)
		}
		waiting, err := unheard(ctx, store, source.SHA256)
		if err != nil {
			return err
		}
		answer.Waiting = len(waiting)
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

// unheard lists the decisions that rest on a source, or another reading of its bytes, and that nobody hears, since no record names
// what they are about.
func unheard(ctx context.Context, store graph.Store, file graph.SHA256) ([]int64, error) {
	all, err := store.Sources(ctx)
	if err != nil {
		return nil, err
	}
	readings := map[graph.SourceID]bool{}
	for i := range all {
		readings[all[i].ID] = all[i].SHA256 == file
	}
	said := map[int64]bool{}
	var waiting []int64
	for _, scope := range []graph.Scope{{}, {Ended: true}} {
		reader, err := store.Within(ctx, scope)
		if err != nil {
			return nil, err
		}
		decisions, err := reader.Decisions(ctx, "")
		if err = errors.Join(err, reader.Close()); err != nil {
			return nil, err
		}
		for i := range decisions {
			d := &decisions[i]
			if scope.Ended && !said[d.Seq] && slices.ContainsFunc(d.Sources, func(id graph.SourceID) bool { return readings[id] }) {
				waiting = append(waiting, d.Seq)
			}
			said[d.Seq] = true
		}
	}
	return waiting, nil
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

// standing says what has become of it.
func (k *keptRow) standing() string {
	switch k.State {
	case "counts":
		return "counts"
	case purging:
		return "is half erased: purge it again"
	}
	return "is " + k.State
}

// Print says what became of the source.
func (a endedAnswer) Print(page *output.Page) {
	grid := output.NewGrid("source", "name", "state", "rows>", "sha256", "reason")
	s := a.Source
	grid.Add(string(s.ID), s.Name, s.State, number(page, s.Rows), string(s.SHA256), s.Reason)
	page.Rows(grid)
	if a.Waiting > 0 {
		rest, forget := "rest", ""
		if a.Waiting == 1 {
			rest = "rests"
		}
		if a.purged {
			forget = "; rummage purge " + quote(string(s.ID)) + " --decisions erases the words"
		}
		page.Say("%d %s %s on it and on nothing else that names the same: shown again when a source does%s", a.Waiting, plural(a.Waiting, "decision"), rest, forget)
	}
	for _, k := range a.Kept {
		page.Say("the file is still kept for %s (%s), which was read from the same bytes and %s", k.Name, k.ID, k.standing())
	}
	if len(a.Kept) > 0 {
		page.Say("rummage purge %s --readings erases all that were read from it, and with the last of them the file", quote(string(s.ID)))
	}
	if a.Forgotten > 0 {
		page.Say("the words of %d %s erased", a.Forgotten, plural(a.Forgotten, "decision"))
	}
	if a.purged {
		page.Say("%d %s of the graph deleted; what remains outside: backups, and files written by sources --errors --out or copied from answers", a.Snapshots,
			plural(a.Snapshots, "snapshot"))
	}
}

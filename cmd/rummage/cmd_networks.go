package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"rummage/algo/flag"
	"rummage/cmd/rummage/internal/exit"
	"rummage/cmd/rummage/internal/output"
	"rummage/graph"
)

type networksOptions struct {
	runFlags
	id      graph.ID
	history bool
	limit   int
}

// networksAnswer is what rummage networks says: the last run.
type networksAnswer struct {
	*flag.Result
	Since *sinceRow `json:"since"`
}

// networkAnswer is one network of the last run.
type networkAnswer struct {
	Run graph.RunID `json:"run"`
	flag.Network
	Findings  []flag.FindingRow `json:"findings"`
	Decisions []decisionRow     `json:"decisions"`
	Since     *sinceRow         `json:"since"` // null for a network that is of an earlier run
}

// storyAnswer is the life of a network.
type storyAnswer struct {
	*flag.Story
	More int `json:"more"` // earlier events, left out by --limit
}

func newNetworksCommand(d *desk) *cobra.Command {
	var opts networksOptions
	c := &cobra.Command{
		Use:   "networks [NETWORK]",
		Short: "The networks that the last run flagged, or one of them",
		Long: "Lists the networks of the last run with the counts of their best finding, or shows one network, named by its id or\n" +
			"the start of it from two digits on, with its members, what they share, and what was decided about it; one that is gone as it last was. Nothing is\n" +
			"computed anew: with --until, --known-on or --source it is the last run that flag made with the same.\n\n" +
			"With --history it tells the story of its case: what every run saw become of it, who joined and left, why it was\n" +
			"news, and what people said; of those too that split from it or continue it under other names.",
		Example: "  rummage networks\n  rummage networks n-4f2a1c00aa55 --json\n  rummage networks n-4f2a --history --limit 10",
		Args:    atMostOne("NETWORK"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 1 {
				opts.id = graph.ID("n-" + strings.TrimPrefix(args[0], "n-"))
			}
			if opts.limit < 0 {
				return exit.Usagef("--limit: %d is less than 0", opts.limit)
			}
			if cmd.Flags().Changed("limit") && !opts.history {
				return exit.Usagef("--limit is of --history, which tells the newest events")
			}
			if opts.history && opts.id == "" {
				return exit.Usagef("--history is of one network: name it")
			}
			return runNetworks(cmd.Context(), d, opts)
		},
	}
	opts.add(c)
	c.Flags().BoolVar(&opts.history, "history", false, "the story of the network's case, run by run")
	c.Flags().IntVar(&opts.limit, "limit", 0, "most events of the story to tell, the newest; 0 tells all")
	for _, name := range []string{"run", "until", "known-on", "source"} {
		c.MarkFlagsMutuallyExclusive("history", name)
	}
	return c
}

func runNetworks(ctx context.Context, d *desk, opts networksOptions) error {
	return d.reading(ctx, look, &opts.scopeFlags, func(a *archive) error {
		if opts.id != "" {
			var err error
			if opts.id, err = a.network(ctx, string(opts.id)); err != nil {
				return err
			}
		}
		if opts.history {
			return d.tell(ctx, a, opts)
		}
		said, err := a.Decisions(ctx, opts.id)
		if err != nil {
			return err
		}
		result, since, err := opts.result(ctx, a)
		if err != nil {
			return err
		}
		result.Rule(said)
		if opts.id == "" {
			return d.answer(networksAnswer{result, since})
		}
		n, err := networkOf(result, opts.id)
		if err != nil {
			return err
		}
		answer := networkAnswer{Run: result.Run, Network: *n, Findings: []flag.FindingRow{}, Decisions: []decisionRow{}, Since: since}
		for _, f := range result.Findings {
			if f.Network == opts.id {
				answer.Findings = append(answer.Findings, f)
			}
		}
		for i := range said {
			answer.Decisions = append(answer.Decisions, decisionRowOf(&said[i]))
		}
		return d.answer(answer)
	})
}

// tell answers with the story of a network: of the standing runs, or of the scoped ones where these alone know it.
func (d *desk) tell(ctx context.Context, a *archive, opts networksOptions) error {
	said, err := a.Decisions(ctx, "")
	if err != nil {
		return err
	}
	var story *flag.Story
	for _, kind := range []string{flag.Kind, flag.ScopedKind} {
		runs, err := a.history(ctx, kind)
		if err != nil {
			return err
		}
		if story, err = flag.Tell(runs, said, opts.id); err == nil {
			answer := storyAnswer{Story: story}
			if opts.limit > 0 {
				answer.More = max(0, len(story.Events)-opts.limit)
				story.Events = story.Events[answer.More:]
			}
			return d.answer(answer)
		}
		if !errors.Is(err, graph.ErrNotFound) {
			return err
		}
	}
	return exit.With(exit.Failed, fmt.Errorf("network %s: %w", opts.id, graph.ErrNotFound), "rummage networks lists those of the last run")
}

// result reads the run that the options mean; for a network that the last run has not, the run that had it last.
func (o *networksOptions) result(ctx context.Context, a *archive) (*flag.Result, *sinceRow, error) {
	result, run, err := a.chosen(ctx, &o.runFlags)
	var since *sinceRow
	if err == nil {
		if since, err = a.since(ctx, run); err != nil {
			return nil, nil, err
		}
	}
	if o.id == "" || o.run != "" || o.narrow() {
		return result, since, err
	}
	if err == nil {
		if _, err := networkOf(result, o.id); err == nil {
			return result, since, nil
		}
	}
	former, _, gone := a.formerly(ctx, o.id)
	if gone != nil && err != nil {
		return nil, nil, err
	}
	return former, nil, gone
}

// Print lists the networks.
func (a networksAnswer) Print(page *output.Page) {
	page.Say("run %s, data until %s\n", a.Run, a.Until)
	page.Rows(networkGrid(page, a.Result))
	a.Since.say(page)
	if len(a.Networks) == 0 {
		page.Say("%s", noNetwork(a.Result))
	}
}

// Print shows the members, then what binds them.
func (a networkAnswer) Print(page *output.Page) {
	state := string(a.State)
	if a.Change != "" {
		state += " (" + a.Change + ")"
	}
	page.Say("%s  %s, grade %s: %s", a.ID, state, a.Grade, a.Heading)
	if a.Case != "" && a.Case != a.ID {
		page.Say("  of the case that began with %s", a.Case)
	}
	if a.Former != nil {
		page.Say("  continues %s: %s", a.Former.Network, strings.Join(a.Former.Reasons, "; "))
	}
	for _, one := range a.Alerts {
		if one.Rule != flag.RuleNew && one.Rule != flag.RuleFormer {
			page.Say("  news (%s): %s", one.Rule, one.Text)
		}
	}
	for _, f := range a.Findings {
		page.Say("%s", findingText(&f))
	}
	for _, w := range a.What {
		page.Say("  %s", w)
	}
	grid := output.NewGrid("id", "name", "role", "trades", "ties>", "hits of inspected>", "exposure>")
	for _, m := range a.Members {
		grid.Add(string(m.ID), m.Name, cmp.Or(strings.Join(m.Roles, ", "), m.Role), m.Trades, number(page, m.Ties), fmt.Sprintf("%d of %d", m.Hits, m.Inspected),
			short(output.Score(m.Exposure)))
	}
	page.Rows(grid)
	if a.Key != nil {
		page.Say("held together by %s: without, fragmentation %.2f instead of %.2f", joinIDs(a.Key.Members), float64(a.Key.After), float64(a.Key.Before))
	}
	if len(a.Boundary) > 0 {
		page.Gap()
		page.Say("leads out to %s %s, first:", output.Count(a.BoundaryAll), plural(a.BoundaryAll, "other"))
		page.Rows(boundaryGrid(page, a.Boundary))
	}
	if len(a.Decisions) > 0 {
		page.Gap()
		page.Rows(decisionGrid(a.Decisions))
	}
	a.Since.say(page)
}

// boundaryGrid lists parties outside a network that members are tied to.
func boundaryGrid(page *output.Page, all []flag.Boundary) output.Grid {
	grid := output.NewGrid("id", "name", "ties", "members>", "consignments>", "hits of inspected>", "exposure>", "note")
	for i := range all {
		b := &all[i]
		var notes []string
		if b.Network != "" {
			notes = append(notes, "of "+string(b.Network))
		}
		if b.Listed {
			notes = append(notes, "listed")
		}
		if b.Via != "" {
			notes = append(notes, "by "+b.ViaName)
		}
		grid.Add(string(b.ID), b.Name, strings.Join(b.Ties, ", "), number(page, b.Members), number(page, b.Consignments),
			fmt.Sprintf("%d of %d", b.Hits, b.Inspected), short(output.Score(b.Exposure)), strings.Join(notes, "; "))
	}
	return grid
}

// Print tells the events, one a line.
func (a storyAnswer) Print(page *output.Page) {
	page.Say("case %s, %d %s: %s\n", a.Case, len(a.Networks), plural(len(a.Networks), "network"), joinIDs(a.Networks))
	if a.More > 0 {
		page.Say("%d earlier %s left out (--limit)", a.More, plural(a.More, "event"))
	}
	grid := output.NewGrid("time", "network", "event", "grade", "members>", "hits of inspected>", "news", "what")
	for i := range a.Events {
		e := &a.Events[i]
		members, hits := "", ""
		if e.Run != "" {
			members = number(page, e.Members)
		}
		if e.Inspected > 0 {
			hits = fmt.Sprintf("%d of %d", e.Hits, e.Inspected)
		}
		var rules []string
		for _, one := range e.Alerts {
			rules = append(rules, string(one.Rule))
		}
		grid.Add(clockTime(e.Time), string(e.Network), e.What, e.Grade, members, hits, strings.Join(rules, ", "), eventText(e))
	}
	page.Rows(grid)
	page.Say("\nnext: rummage networks %s", a.Networks[len(a.Networks)-1])
}

// eventText says what happened, who joined and who left.
func eventText(e *flag.Event) string {
	var parts []string
	if e.Text != "" {
		parts = append(parts, e.Text)
	}
	for _, one := range e.Alerts {
		if one.Text != e.Text && one.Rule != flag.RuleNew {
			parts = append(parts, one.Text)
		}
	}
	for _, moved := range []struct {
		word string
		who  []flag.Party
	}{{"joined: ", e.Joined}, {"left: ", e.Left}} {
		var names []string
		for _, p := range moved.who {
			names = append(names, p.Name)
		}
		if len(names) > 0 {
			parts = append(parts, moved.word+strings.Join(names, ", "))
		}
	}
	if e.Author != "" {
		parts = append(parts, "by "+e.Author)
	}
	return strings.Join(parts, "; ")
}

// findingText tells a finding in one line.
func findingText(f *flag.FindingRow) string {
	return fmt.Sprintf("grade %s: %s (q %.2g; repeat offenders alone: q %.2g)", f.Grade, f.Text(), float64(f.Q), float64(f.QBlock))
}

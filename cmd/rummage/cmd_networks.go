package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"rummage/algo/flag"
	"rummage/cmd/rummage/internal/output"
	"rummage/graph"
)

type networksOptions struct {
	runFlags
	id graph.ID
}

// networksAnswer is what rummage networks says: the last run.
type networksAnswer struct {
	*flag.Result
}

// networkAnswer is one network of the last run.
type networkAnswer struct {
	Run graph.RunID `json:"run"`
	flag.Network
	Findings  []flag.FindingRow `json:"findings"`
	Decisions []decisionRow     `json:"decisions"`
}

func newNetworksCommand(d *desk) *cobra.Command {
	var opts networksOptions
	c := &cobra.Command{
		Use:   "networks [NETWORK]",
		Short: "The networks that the last run flagged, or one of them",
		Long: "Lists the networks of the last run with the counts of their best finding, or shows one network with its\n" +
			"members, what they share, and what was decided about it; one that is gone as it last was. Nothing is\n" +
			"computed anew: with --until, --known-on or --source it is the last run that flag made with the same.",
		Example: "  rummage networks\n  rummage networks n-4f2a1c00aa55 --json",
		Args:    atMostOne("NETWORK"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 1 {
				opts.id = graph.ID(args[0])
			}
			return runNetworks(cmd.Context(), d, opts)
		},
	}
	opts.add(c)
	return c
}

func runNetworks(ctx context.Context, d *desk, opts networksOptions) error {
	return d.reading(ctx, look, &opts.scopeFlags, func(a *archive) error {
		said, err := a.Decisions(ctx, opts.id)
		if err != nil {
			return err
		}
		result, err := opts.result(ctx, a)
		if err != nil {
			return err
		}
		result.Rule(said)
		if opts.id == "" {
			return d.answer(networksAnswer{result})
		}
		n, err := networkOf(result, opts.id)
		if err != nil {
			return err
		}
		answer := networkAnswer{Run: result.Run, Network: *n, Findings: []flag.FindingRow{}, Decisions: []decisionRow{}}
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

// result reads the run that the options mean; for a network that the last run has not, the run that had it last.
func (o *networksOptions) result(ctx context.Context, a *archive) (*flag.Result, error) {
	result, _, err := a.chosen(ctx, &o.runFlags)
	if o.id == "" || o.run != "" || o.narrow() {
		return result, err
	}
	if err == nil {
		if _, err := networkOf(result, o.id); err == nil {
			return result, nil
		}
	}
	former, _, gone := a.formerly(ctx, o.id)
	if gone != nil && err != nil {
		return nil, err
	}
	return former, gone
}

// Print lists the networks.
func (a networksAnswer) Print(page *output.Page) {
	page.Say("run %s, data until %s\n", a.Run, a.Until)
	page.Rows(networkGrid(page, a.Result))
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
	for _, f := range a.Findings {
		page.Say("%s", findingText(&f))
	}
	for _, w := range a.What {
		page.Say("  %s", w)
	}
	grid := output.NewGrid("id", "name", "role", "trades", "ties>", "hits of inspected>", "exposure>")
	for _, m := range a.Members {
		grid.Add(string(m.ID), m.Name, m.Role, m.Trades, number(page, m.Ties), fmt.Sprintf("%d of %d", m.Hits, m.Inspected),
			short(output.Score(m.Exposure)))
	}
	page.Rows(grid)
	if len(a.Decisions) > 0 {
		page.Gap()
		page.Rows(decisionGrid(a.Decisions))
	}
}

// findingText tells a finding in one line.
func findingText(f *flag.FindingRow) string {
	return fmt.Sprintf("grade %s: %s (q %.2g; repeat offenders alone: q %.2g)", f.Grade, f.Text(), float64(f.Q), float64(f.QBlock))
}

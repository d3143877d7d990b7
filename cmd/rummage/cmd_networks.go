package main

import (
	"context"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"rummage/algo/flag"
	"rummage/cmd/rummage/internal/exit"
	"rummage/cmd/rummage/internal/output"
	"rummage/graph"
)

type networksOptions struct {
	scopeFlags
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
			"members, what they share, and what was decided about it. Nothing is computed anew.",
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
		result, _, err := a.lastResult(ctx)
		if err != nil {
			return err
		}
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
		decisions, err := a.Decisions(ctx, opts.id)
		if err != nil {
			return err
		}
		for i := range decisions {
			answer.Decisions = append(answer.Decisions, decisionRowOf(&decisions[i]))
		}
		return d.answer(answer)
	})
}

// networkOf finds a network in a result.
func networkOf(result *flag.Result, id graph.ID) (*flag.Network, error) {
	i := slices.IndexFunc(result.Networks, func(n flag.Network) bool { return n.ID == id })
	if i >= 0 {
		return &result.Networks[i], nil
	}
	for _, t := range result.Gone {
		if t.ID == id {
			return nil, exit.With(exit.Failed, fmt.Errorf("network %s is %s; run %s was the last to flag it: %w", id, t.State, t.Last, graph.ErrNotFound),
				"rummage networks lists those of the last run")
		}
	}
	return nil, exit.With(exit.Failed, fmt.Errorf("network %s: %w", id, graph.ErrNotFound), "rummage networks lists those of the last run")
}

// Print lists the networks.
func (a networksAnswer) Print(page *output.Page) {
	page.Say("run %s, data until %s\n", a.Run, a.Until)
	page.Rows(networkGrid(page, a.Result))
	if len(a.Networks) == 0 {
		page.Say("the last run flagged no network")
	}
}

// Print shows the members, then what binds them.
func (a networkAnswer) Print(page *output.Page) {
	page.Say("%s  %s, grade %s: %s", a.ID, a.State, a.Grade, a.Heading)
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
	return fmt.Sprintf("grade %s: %d hits in %d inspected consignments inside, %.2g expected (q %.2g; repeat offenders alone: q %.2g); %d of %d inspected importers were hit",
		f.Grade, f.Hits, f.Inspected, float64(f.Expected), float64(f.Q), float64(f.QBlock), f.ImportersHit, f.ImportersInspected)
}

package main

import (
	"context"
	"slices"

	"github.com/spf13/cobra"

	"rummage/algo/flag"
	"rummage/cmd/rummage/internal/output"
	"rummage/graph"
)

type leadsOptions struct {
	runFlags
	listFlags
	known bool
}

// leadsAnswer is what rummage leads says.
type leadsAnswer struct {
	Run   graph.RunID `json:"run"`
	Until graph.Date  `json:"until"`
	Leads []flag.Lead `json:"leads"`
	Known []flag.Lead `json:"known"`
	Since *sinceRow   `json:"since"`
	known bool
}

func newLeadsCommand(d *desk) *cobra.Command {
	var opts leadsOptions
	c := &cobra.Command{
		Use:   "leads",
		Short: "The parties that the last run ranks by their exposure to hits",
		Long: "Lists parties without a hit of their own, ranked by how exposed they are to those with one: a ratio, 1 for\n" +
			"what a party would have if hits were spread over everyone. Prices, masses, routes and days join the score\n" +
			"where the inspections of the run show that they tell something. It says where to look next, and nothing about\n" +
			"guilt. --known lists those that were hit or listed themselves. Nothing is computed anew, and it is\n" +
			"said what came after the run: with --until, --known-on or --source it is the last run that flag made with\n" +
			"the same.\n\n" +
			"Roles: importer, exporter, both; director for who trades nothing itself and directs or owns others, or is\n" +
			"owned; other for whoever trades nothing that the records show.",
		Example: "  rummage leads --limit 10\n  rummage leads --known --json",
		Args:    none,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return runLeads(cmd.Context(), d, opts)
		},
	}
	opts.runFlags.add(c)
	opts.listFlags.add(c, "most leads to list; 0 lists all that the run kept", "only parties of this `role`", flag.LeadRoles())
	c.Flags().BoolVar(&opts.known, "known", false, "show the parties that were hit or listed themselves")
	return c
}

func runLeads(ctx context.Context, d *desk, opts leadsOptions) error {
	if err := opts.check(flag.LeadRoles()); err != nil {
		return err
	}
	return d.reading(ctx, look, &opts.scopeFlags, func(a *archive) error {
		result, run, err := a.chosen(ctx, &opts.runFlags)
		if err != nil {
			return err
		}
		since, err := a.since(ctx, run)
		if err != nil {
			return err
		}
		return d.answer(leadsAnswer{
			Run: result.Run, Until: result.Until, Since: since, known: opts.known,
			Leads: first(opts.of(result.Leads), opts.limit), Known: first(opts.of(result.Known), opts.limit),
		})
	})
}

// of keeps the leads of the role asked for.
func (o *leadsOptions) of(all []flag.Lead) []flag.Lead {
	return slices.DeleteFunc(slices.Clone(all), func(l flag.Lead) bool { return o.role != "" && l.Role != o.role })
}

// first cuts a list down to n; 0 leaves it as it is.
func first[T any](all []T, n int) []T {
	if n > 0 && n < len(all) {
		return all[:n]
	}
	return all
}

// Print lists the leads, best first.
func (a leadsAnswer) Print(page *output.Page) {
	list := a.Leads
	if a.known {
		list = a.Known
	}
	grid := output.NewGrid("rank>", "id", "name", "role", "score>", "score 95 %", "rank 95 %", "exposure>", "behaviour>", "hits of inspected>", "listed")
	for _, l := range list {
		listed := ""
		if l.Listed {
			listed = "listed"
		}
		score, rank := intervalText(page, l.Interval)
		grid.Add(number(page, l.Rank), string(l.ID), l.Name, l.Role, short(output.Score(l.Score)), score, rank, short(output.Score(l.Exposure)),
			short(output.Score(l.Behaviour)), number(page, l.Hits)+" of "+number(page, l.Inspected), listed)
	}
	page.Rows(grid)
	a.Since.say(page)
	if len(list) == 0 {
		page.Say("no such party is exposed to a hit")
		return
	}
	page.Say("\nexposed to hits, which is no verdict; next: rummage explain %s", quote(string(list[0].ID)))
}

// intervalText spells the interval of a score and of a rank, blank where there is none.
func intervalText(page *output.Page, i *flag.Interval) (score, rank string) {
	if i == nil {
		return "", ""
	}
	return short(output.Score(i.Score[0])) + " to " + short(output.Score(i.Score[1])), number(page, i.Rank[0]) + " to " + number(page, i.Rank[1])
}

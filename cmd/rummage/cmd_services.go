package main

import (
	"context"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"rummage/algo/flag"
	"rummage/cmd/rummage/internal/output"
	"rummage/graph"
)

type servicesOptions struct {
	runFlags
	listFlags
	above bool
}

// servicesAnswer is what rummage services says.
type servicesAnswer struct {
	Run            graph.RunID    `json:"run"`
	Until          graph.Date     `json:"until"`
	Services       []flag.Service `json:"services"`
	ServicesTested int            `json:"services_tested"`
	Since          *sinceRow      `json:"since"`

	above bool
	role  string
}

func newServicesCommand(d *desk) *cobra.Command {
	var opts servicesOptions
	c := &cobra.Command{
		Use:   "services",
		Short: "What was found in the hands of declarants, carriers and forwarders",
		Long: "Lists the service parties of the last run, each with its own record in each role: hits of inspected\n" +
			"consignments that it served, how many its peers' record comes to, and the exact chance of as many (p), also\n" +
			"among everything that was tested (q). Who serves many is near many hits, so exposure says nothing about it;\n" +
			"its record does. Grade A stands out by hits and by clients hit; grade B by hits alone, and a client that\n" +
			"offends again and again may be why. Nothing is computed anew: with --until, --known-on or --source it is\n" +
			"the last run that flag made with the same.\n\n" +
			"LIMITS are the most hits that a party of that size has inside 95 % and 99.8 % of a funnel plot; --json has\n" +
			"all that one needs to draw it.",
		Example: "  rummage services --above\n  rummage services --role forwarder --limit 0 --json",
		Args:    none,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return runServices(cmd.Context(), d, opts)
		},
	}
	opts.runFlags.add(c)
	opts.listFlags.add(c, "most records to list; 0 lists all", "only records in this `role`", flag.ServiceRoles())
	c.Flags().BoolVar(&opts.above, "above", false, "only those with more hits than their peers explain")
	return c
}

func runServices(ctx context.Context, d *desk, opts servicesOptions) error {
	if err := opts.check(flag.ServiceRoles()); err != nil {
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
		list := result.Services
		if opts.above {
			list = aboveOnly(list)
		}
		if opts.role != "" {
			list = slices.DeleteFunc(slices.Clone(list), func(s flag.Service) bool { return s.Role != opts.role })
		}
		return d.answer(servicesAnswer{
			Run: result.Run, Until: result.Until, Services: first(list, opts.limit), ServicesTested: result.ServicesTested,
			Since: since, above: opts.above, role: opts.role,
		})
	})
}

// aboveOnly keeps the records that stand out.
func aboveOnly(all []flag.Service) []flag.Service {
	return slices.DeleteFunc(slices.Clone(all), func(s flag.Service) bool { return !s.Above })
}

// Print lists the records, the least expected first.
func (a servicesAnswer) Print(page *output.Page) {
	page.Rows(serviceGrid(page, a.Services))
	a.Since.say(page)
	as := ""
	if a.role != "" {
		as = " as " + a.role
	}
	switch {
	case len(a.Services) == 0 && a.above:
		page.Say("no service party has more hits%s than its peers explain (%d records tested, in all roles)", as, a.ServicesTested)
	case len(a.Services) == 0:
		page.Say("nothing that a service party served%s was inspected", as)
	default:
		page.Say("\n%d records tested together; a record is no verdict; next: rummage explain %s", a.ServicesTested, quote(string(a.Services[0].ID)))
	}
}

// serviceGrid lists records of service parties.
func serviceGrid(page *output.Page, all []flag.Service) output.Grid {
	grid := output.NewGrid("id", "name", "role", "hits of inspected>", "expected>", "limits>", "clients hit>", "p>", "q>", "q clients>", "grade", "note")
	for i := range all {
		s := &all[i]
		limits := ""
		if s.Limits != nil {
			limits = fmt.Sprintf("%d, %d", s.Limits.Hits95, s.Limits.Hits998)
		}
		grid.Add(string(s.ID), s.Name, s.Role, number(page, s.Hits)+" of "+number(page, s.Inspected), chanceText("%.2f", s.Expected), limits,
			number(page, s.ClientsHit)+" of "+number(page, s.ClientsInspected),
			chanceText("%.2g", s.P), chanceText("%.2g", s.Q), chanceText("%.2g", s.QClients), s.Grade, s.Untested)
	}
	return grid
}

// chanceText spells a number that not every record has.
func chanceText(format string, n *flag.Number) string {
	if n == nil {
		return ""
	}
	return fmt.Sprintf(format, float64(*n))
}

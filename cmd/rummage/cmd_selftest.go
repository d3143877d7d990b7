package main

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/spf13/cobra"

	"rummage/cmd/rummage/internal/exit"
	"rummage/cmd/rummage/internal/output"
	"rummage/cmd/rummage/internal/selftest"
	"rummage/graph/neo4j"
	"rummage/graph/neo4j/gds"
)

type selftestOptions struct {
	gds bool
	selftest.Random
}

// selftestAnswer is what rummage selftest says.
type selftestAnswer struct {
	OK     bool             `json:"ok"`
	Checks []selftest.Check `json:"checks"`
	// GDS is what a server's library made of the same; null without --gds.
	GDS *libraryRow `json:"gds"`
}

// libraryRow is the library of a server, and what came of the comparison with it.
type libraryRow struct {
	OK          bool                  `json:"ok"`
	Address     string                `json:"address"`
	Server      string                `json:"server"`
	Version     string                `json:"version"`
	Threads     int                   `json:"threads"`
	Seed        uint64                `json:"seed"`
	Comparisons []selftest.Comparison `json:"comparisons"`
}

func newSelftestCommand(d *desk) *cobra.Command {
	var opts selftestOptions
	c := &cobra.Command{
		Use:   "selftest",
		Short: "See that this machine computes rightly, by published figures",
		Long: "Computes the measures that the analysis rests on for small published networks, which lie in the program, and\n" +
			"compares every figure with a known one: to 1e-9 where that was computed, to its last digit where it was\n" +
			"printed, and modularity with the greatest there is. It ends with 1 when one differs. It takes a second, and needs neither store nor network: run it after an installation.\n\n" +
			"With --gds it then computes PageRank, components, Leiden communities and betweenness twice: here, and by the\n" +
			"Graph Data Science library of the Neo4j server that --store names, on the small networks and on a drawn graph\n" +
			"of the size that --nodes and --edges say. Graphs go to the server's memory and are dropped again; nothing is\n" +
			"written to its database. Betweenness is counted exactly, in a part of the drawn graph where that is large.",
		Example: "  rummage selftest\n  rummage selftest --gds --store bolt://localhost:7687",
		Args:    none,
		RunE: func(cmd *cobra.Command, _ []string) error {
			for _, name := range []string{"nodes", "edges", "seed"} {
				if cmd.Flags().Changed(name) && !opts.gds {
					return exit.Usagef("--%s says what to draw for --gds, which is not given", name)
				}
			}
			return runSelftest(cmd.Context(), d, opts)
		},
	}
	c.Flags().BoolVar(&opts.gds, "gds", false, "compare with the Graph Data Science library of a Neo4j server too")
	c.Flags().IntVar(&opts.Nodes, "nodes", 20_000, "nodes of the drawn graph")
	c.Flags().IntVar(&opts.Edges, "edges", 100_000, "edges of the drawn graph")
	c.Flags().Uint64Var(&opts.Seed, "seed", 1, "which graph is drawn")
	return c
}

func runSelftest(ctx context.Context, d *desk, opts selftestOptions) (err error) {
	var library *gds.Library
	if opts.gds {
		if library, err = d.library(ctx); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, library.Close()) }()
	}
	d.meter.Step("known figures", 0, 0)
	checks, err := selftest.Known(ctx, d.set.Threads)
	if err != nil {
		return err
	}
	answer := selftestAnswer{Checks: checks}
	if library != nil {
		if answer.GDS, err = d.compare(ctx, library, opts.Random); err != nil {
			return err
		}
	}
	return d.judge(answer)
}

// judge prints an answer, and fails when something in it differs.
func (d *desk) judge(a selftestAnswer) error {
	a.OK = !slices.ContainsFunc(a.Checks, func(c selftest.Check) bool { return !c.Agrees })
	if a.GDS != nil {
		a.GDS.OK = !slices.ContainsFunc(a.GDS.Comparisons, func(c selftest.Comparison) bool { return !c.Agrees })
		a.OK = a.OK && a.GDS.OK
	}
	if err := d.answer(a); err != nil || a.OK {
		return err
	}
	return exit.Status(exit.Failed)
}

// library opens Graph Data Science on the server that the settings name.
func (d *desk) library(ctx context.Context) (*gds.Library, error) {
	if !neo4j.IsAddress(d.set.Store) {
		return nil, exit.With(exit.Usage, fmt.Errorf("--gds needs a Neo4j server, and the store %s is none", d.set.Store), "name a server with --store bolt://host:7687")
	}
	library, err := gds.Open(ctx, d.set.Store, gds.Options{
		User: d.set.User, Password: d.set.Password, Database: d.set.Database, Tool: d.version().Version, Threads: d.set.Threads,
	})
	if errors.Is(err, neo4j.ErrAddress) {
		return nil, exit.With(exit.Usage, err, "name a server with --store, such as bolt://localhost:7687")
	}
	if errors.Is(err, gds.ErrAbsent) {
		return nil, exit.With(exit.Store, err, "put the Graph Data Science plug-in on the server and allow it with dbms.security.procedures.unrestricted=gds.*, try a server with it (make neo4j GDS=1), or leave out --gds")
	}
	return library, err
}

// compare computes here and in the library, with as many threads in both.
func (d *desk) compare(ctx context.Context, library *gds.Library, drawn selftest.Random) (*libraryRow, error) {
	trial := selftest.Trial{
		Random: drawn, Threads: library.Threads(), Clock: d.clock,
		Progress: func(graph, measure string) { d.meter.Step(graph+": "+measure, 0, 0) },
	}
	found, err := trial.Against(ctx, library)
	if errors.Is(err, selftest.ErrSize) {
		return nil, exit.With(exit.Usage, err, "")
	}
	if err != nil {
		return nil, err
	}
	return &libraryRow{
		Address: d.set.Store, Server: library.Server(), Version: library.Version(), Threads: library.Threads(), Seed: drawn.Seed, Comparisons: found,
	}, nil
}

// Print lists the checks, then the comparisons.
func (a selftestAnswer) Print(page *output.Page) {
	grid := output.NewGrid("graph", "nodes>", "edges>", "measure", "figures>", "at", "got>", "known>", "difference>", "allowed>", "verdict")
	differ, figures := 0, 0
	for i := range a.Checks {
		c := &a.Checks[i]
		grid.Add(c.Graph, number(page, c.Nodes), number(page, c.Edges), c.Measure, number(page, c.Values), c.At, figure(page, c.Got), figure(page, c.Want),
			small(page, c.Difference), small(page, c.Tolerance), agreement(c.Agrees))
		figures += c.Values
		if !c.Agrees {
			differ++
		}
	}
	page.Rows(grid)
	if differ == 0 {
		page.Say("\n%s figures are as known, to %g or to the digits that were published; shown is of each measure the one that is furthest off", output.Count(figures), selftest.Tolerance)
	} else {
		page.Say("\n%d of %d measures differ from what is known: trust no result of this machine and this build (rummage version names them)", differ, len(a.Checks))
	}
	if a.GDS != nil {
		a.GDS.show(page)
	}
}

// show lists the comparisons with the library.
func (l *libraryRow) show(page *output.Page) {
	page.Gap()
	grid := output.NewGrid("graph", "nodes>", "edges>", "measure", "gds>", "rummage>", "difference>", "gds ms>", "rummage ms>", "ratio>", "verdict")
	for i := range l.Comparisons {
		c := &l.Comparisons[i]
		grid.Add(c.Graph, number(page, c.Nodes), number(page, c.Edges), c.Measure, figure(page, c.GDS), figure(page, c.Rummage), small(page, c.Difference),
			spent(page, "%.0f", c.GDSMillis), spent(page, "%.2f", c.Millis), spent(page, "%.1f", c.Ratio), agreement(c.Agrees))
	}
	page.Rows(grid)
	verdict := "agree"
	if !l.OK {
		verdict = "DIFFER"
	}
	page.Say("\nGraph Data Science %s on %s at %s, %d %s: both %s", l.Version, l.Server, l.Address, l.Threads, plural(l.Threads, "thread"), verdict)
	page.Say("Times are of one run each, without the transfer to the server; Leiden takes one thread in both.")
}

func agreement(agrees bool) string {
	if agrees {
		return "agrees"
	}
	return "DIFFERS"
}

// figure spells a computed number: shorter for a person.
func figure(page *output.Page, x output.Score) string {
	if page.Format() == output.Table {
		return fmt.Sprintf("%.8g", float64(x))
	}
	return x.String()
}

// small spells a difference.
func small(page *output.Page, x output.Score) string {
	if page.Format() == output.Table && x != 0 {
		return fmt.Sprintf("%.1e", float64(x))
	}
	return x.String()
}

// spent spells a time, or a ratio of two, that there may not be.
func spent(page *output.Page, format string, x output.Score) string {
	switch {
	case math.IsNaN(float64(x)):
		return ""
	case page.Format() == output.Table:
		return fmt.Sprintf(format, float64(x))
	}
	return x.String()
}

// Command gds measures our kernels beside the Graph Data Science library of a Neo4j server, which it starts itself: the same graph, on
// one machine, in turns, the answers held against each other. Of the library's turns only that part counts which it says it
// computed. `make bench-gds` calls it.
//
// It is no part of the product. It must not know how any side computes.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"
	"time"

	"rummage/bench/campaign"
)

// errDisagree ends the command when a check failed.
var errDisagree = errors.New("answers disagree")

func main() { campaign.Main("gds", run) }

// options are the flags.
type options struct {
	campaign.Flags
	graph, tasks, heap string
	sources            int
}

func parse(args []string, errors io.Writer) (options, error) {
	o := options{Flags: campaign.Flags{Name: "gds", Rounds: 5, Threads: 2, Limit: 10 * time.Minute, Share: time.Minute}}
	set := flag.NewFlagSet("gds", flag.ContinueOnError)
	set.SetOutput(errors)
	o.Define(set)
	set.StringVar(&o.graph, "graph", "pp200k", "graph to run on")
	set.StringVar(&o.tasks, "tasks", "", "tasks to run; all when empty")
	set.StringVar(&o.heap, "heap", "3g", "heap of the server, as Neo4j writes sizes")
	set.IntVar(&o.sources, "sources", 100, "sources that betweenness is counted from in a turn")
	if err := o.Parse(set, args); err != nil {
		return o, err
	}
	if o.sources < 1 {
		return o, fmt.Errorf("%d sources: want at least 1", o.sources)
	}
	return o, nil
}

func run(ctx context.Context, args []string, out, errors io.Writer) error {
	o, err := parse(args, errors)
	if err != nil {
		return err
	}
	tasks, err := choose(o.tasks)
	if err != nil {
		return err
	}
	ledger, err := campaign.Open[Line](&o.Flags)
	if err != nil {
		return err
	}
	c := &contest{options: o, tasks: tasks, ledger: ledger, log: errors}
	if err := c.run(ctx); err != nil {
		return err
	}
	r := newReport(ledger.All(), o.Stamp(), o.graph)
	if err := o.Publish(campaign.Sheet{Heading: "Beside Graph Data Science", Text: r.markdown()}, out); err != nil {
		return err
	}
	if failed := r.failed(); len(failed) > 0 {
		return fmt.Errorf("%w:\n%s", errDisagree, strings.Join(failed, "\n"))
	}
	return nil
}

// Command peers measures our kernels beside those of python-igraph, NetworKit and gonum: the same graphs, on one machine, with the sides
// taking turns and their answers held against each other. Each contest, a task on a graph, is kept in a ledger when it is finished, so
// that a run can be broken off, and be done in pieces. `make bench-peers` makes the Python environment and calls it.
//
// It is no part of the product. It must not know how any side computes.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"rummage/bench/campaign"
	"rummage/bench/trial"
	"rummage/bench/worker"
)

// errDisagree ends the command when a check failed.
var errDisagree = errors.New("answers disagree")

func main() { campaign.Main("peers", run) }

// options are the flags.
type options struct {
	campaign.Flags
	graphs, tasks, sides string
	igraph               int
	patience             time.Duration
	quick, memory        bool
	python, script       string
}

// The graphs of a whole run, from small to large, those of a quick one, and those whose memory says more about a graph than about what a
// program holds anyway.
const (
	allGraphs   = "pp10k,rmat13,trade,pp100k,rmat17,trade1m,pp1m,rmat20"
	quickGraphs = "pp10k,rmat13"
	heavyGraphs = "trade1m,pp1m,rmat20"
)

func parse(args []string, errors io.Writer) (options, error) {
	o := options{Flags: campaign.Flags{Name: "peers", Rounds: 5, Threads: 2, Limit: 2 * time.Minute, Share: time.Minute}}
	set := flag.NewFlagSet("peers", flag.ContinueOnError)
	set.SetOutput(errors)
	o.Define(set)
	set.StringVar(&o.graphs, "graphs", allGraphs, "graphs to run on, from small to large")
	set.StringVar(&o.tasks, "tasks", "", "tasks to run, of "+strings.Join(trial.Names(), ",")+"; all when empty")
	set.StringVar(&o.sides, "sides", "igraph,networkit,gonum", "whom to compare with")
	set.IntVar(&o.igraph, "igraph-threads", 1, "threads of igraph; only its PageRank takes more than one")
	set.DurationVar(&o.patience, "patience", 5*time.Minute, "time that a peer gets beyond the limit, if only then it shows whether an aim is reached")
	set.BoolVar(&o.quick, "quick", false, "two rounds on two small graphs, a minute a turn and no patience; other flags that are given count")
	set.BoolFunc("memory", "measure memory and not time, each in a process of its own, into a part of its own; a busy machine does no harm",
		func(text string) (err error) {
			if o.memory, err = strconv.ParseBool(text); o.memory {
				o.Name = "memory"
			}
			return err
		})
	set.StringVar(&o.python, "python", filepath.Join("bin", "bench", "venv", "bin", "python"), "Python with igraph and NetworKit")
	set.StringVar(&o.script, "script", filepath.Join("bench", "peers", "peers.py"), "the sides in Python")
	if err := o.Parse(set, args); err != nil {
		return o, err
	}
	given := map[string]bool{}
	set.Visit(func(f *flag.Flag) { given[f.Name] = true })
	if o.quick {
		for name, apply := range map[string]func(){
			"graphs":   func() { o.graphs = quickGraphs },
			"rounds":   func() { o.Rounds = 2 },
			"limit":    func() { o.Limit = time.Minute },
			"patience": func() { o.patience = 0 },
		} {
			if !given[name] {
				apply()
			}
		}
	}
	if o.memory && !given["graphs"] {
		o.graphs = heavyGraphs
	}
	if o.memory && !given["sides"] {
		o.sides = trial.Igraph + "," + trial.NetworKit
	}
	if o.igraph < 1 {
		return o, fmt.Errorf("%d threads of igraph: want at least 1", o.igraph)
	}
	return o, nil
}

func run(ctx context.Context, args []string, out, errors io.Writer) error {
	errors = worker.Shared(errors)
	o, err := parse(args, errors)
	if err != nil {
		return err
	}
	c, err := newContest(o, errors)
	if err != nil {
		return err
	}
	if err := c.run(ctx); err != nil {
		return err
	}
	report := newReport(c.ledger.All(), c.Stamp(), o.igraph)
	report.Python = c.python
	sheet := campaign.Sheet{Heading: "Beside igraph, NetworKit and gonum", Text: report.Markdown()}
	if o.memory {
		sheet = campaign.Sheet{Heading: "Memory beside igraph and NetworKit", Text: report.Memory()}
	}
	if err := o.Publish(sheet, out); err != nil {
		return err
	}
	if failed := report.failed(); len(failed) > 0 {
		return fmt.Errorf("%w:\n%s", errDisagree, strings.Join(failed, "\n"))
	}
	return nil
}

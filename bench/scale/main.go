// Command scale measures what our kernels cost per edge as a graph grows from 10^5 to 10^8 edges, on one thread and on several. It
// writes a table, a plot with as many lines, and how the largest graph does against what is aimed at. `make bench-scale` calls it.
//
// It is no part of the product. It must not know how a kernel computes.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"slices"
	"time"

	"rummage/bench/campaign"
	"rummage/bench/edges"
	"rummage/bench/trial"
	"rummage/bench/worker"
)

func main() { campaign.Main("scale", run) }

// options are the flags.
type options struct {
	campaign.Flags
	graphs, tasks string
	huge          bool
}

// The graphs of a run, from small to large, and those that take 9 GB and more.
const (
	allGraphs = "e100k,e300k,e1m,e3m,e10m"
	hugeOnes  = ",e30m,e100m"
)

// wanted are the tasks, of those that there are.
const wanted = "build,pagerank,components,louvain,leiden"

func parse(args []string, errors io.Writer) (options, error) {
	o := options{Flags: campaign.Flags{Name: "scale", Rounds: 3, Threads: 2, Limit: 10 * time.Minute, Share: 2 * time.Minute}}
	set := flag.NewFlagSet("scale", flag.ContinueOnError)
	set.SetOutput(errors)
	o.Define(set)
	set.StringVar(&o.graphs, "graphs", allGraphs, "graphs to run on, from small to large")
	set.StringVar(&o.tasks, "tasks", wanted, "tasks to run")
	set.BoolVar(&o.huge, "huge", false, "go on to 3·10^7 and 10^8 edges, which takes 9 GB of memory and more, and 3 GB of disk")
	err := o.Parse(set, args)
	if o.huge {
		o.graphs += hugeOnes
	}
	return o, err
}

func run(ctx context.Context, args []string, out, errors io.Writer) error {
	errors = worker.Shared(errors)
	o, err := parse(args, errors)
	if err != nil {
		return err
	}
	for _, name := range campaign.List(o.graphs) {
		if !slices.Contains(edges.Names(), name) {
			return fmt.Errorf("graph %q: %w; known are %v", name, edges.ErrUnknown, edges.Names())
		}
	}
	tasks, err := choose(o.tasks)
	if err != nil {
		return err
	}
	ledger, err := campaign.Open[Point](&o.Flags)
	if err != nil {
		return err
	}
	m := &measurement{options: o, tasks: tasks, log: errors, ledger: ledger}
	if err := m.run(ctx); err != nil {
		return err
	}
	r := newReport(ledger.All(), o.Stamp())
	return o.Publish(campaign.Sheet{Heading: "As a graph grows", Text: r.markdown(), Picture: r.svg()}, out)
}

// choose finds the tasks by name.
func choose(names string) ([]trial.Task, error) {
	var all []trial.Task
	for _, name := range campaign.List(names) {
		task, known := trial.Find(name)
		if !known {
			return nil, fmt.Errorf("there is no task %q", name)
		}
		all = append(all, task)
	}
	return all, nil
}

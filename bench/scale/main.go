// Command scale measures what our kernels cost per edge as a graph grows from 10^5 to 10^8 edges, on one thread and on several. It
// writes a table, and a plot with as many lines. `make bench-scale` calls it.
//
// It is no part of the product. It must not know how a kernel computes.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"rummage/bench/page"
	"rummage/bench/trial"
	"rummage/bench/worker"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
	stop()
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "scale:", err)
		os.Exit(1)
	}
}

// options are the flags.
type options struct {
	graphs, tasks   string
	rounds, threads int
	limit           time.Duration
	huge, write     bool
	out, page, plot string
}

// The graphs of a run, from small to large, and the one that takes 9 GB and more.
const (
	allGraphs = "e100k,e300k,e1m,e3m,e10m"
	hugeOnes  = ",e30m,e100m"
)

// wanted are the tasks, of those that there are.
const wanted = "build,pagerank,components,louvain,leiden"

func parse(args []string, errors io.Writer) (options, error) {
	var o options
	set := flag.NewFlagSet("scale", flag.ContinueOnError)
	set.SetOutput(errors)
	set.StringVar(&o.graphs, "graphs", allGraphs, "graphs to run on, from small to large")
	set.StringVar(&o.tasks, "tasks", wanted, "tasks to run")
	set.IntVar(&o.rounds, "rounds", 3, "rounds in which each number of threads has its turn")
	set.IntVar(&o.threads, "threads", 2, "the greater number of threads; the other is 1")
	set.DurationVar(&o.limit, "limit", 10*time.Minute, "time after which a task is stopped")
	set.BoolVar(&o.huge, "huge", false, "go on to 3·10^7 and 10^8 edges, which takes 9 GB of memory and more, and 3 GB of disk")
	set.BoolVar(&o.write, "write", false, "write the table into the document, and the plot beside it")
	set.StringVar(&o.out, "out", filepath.Join("bin", "bench"), "folder for graphs, scale.md and scale.svg")
	set.StringVar(&o.page, "document", filepath.Join("docs", "performance.md"), "document that -write writes into")
	set.StringVar(&o.plot, "plot", "scale.svg", "name of the plot in the folder of the document")
	if err := set.Parse(args); err != nil {
		return o, err
	}
	if set.NArg() > 0 {
		return o, fmt.Errorf("%q is no flag; see -help", set.Arg(0))
	}
	if o.rounds < 1 || o.threads < 1 || o.limit <= 0 {
		return o, fmt.Errorf("%d rounds, %d threads and a limit of %s: want at least 1, 1, and more than nothing", o.rounds, o.threads, o.limit)
	}
	if o.huge {
		o.graphs += hugeOnes
	}
	return o, nil
}

func run(ctx context.Context, args []string, in io.Reader, out, errors io.Writer) error {
	if served, err := worker.Served(ctx, args, in, out); served {
		return err
	}
	o, err := parse(args, errors)
	if err != nil {
		return err
	}
	tasks, err := choose(o.tasks)
	if err != nil {
		return err
	}
	m := &measurement{options: o, tasks: tasks, log: errors}
	if err := m.run(ctx); err != nil {
		return err
	}
	text, plot := m.markdown(), m.svg()
	for name, content := range map[string]string{"scale.md": text, "scale.svg": plot} {
		if err := os.WriteFile(filepath.Join(o.out, name), []byte(content), 0o644); err != nil {
			return err
		}
	}
	fmt.Fprint(out, text)
	if !o.write {
		return nil
	}
	if err := os.WriteFile(filepath.Join(filepath.Dir(o.page), o.plot), []byte(plot), 0o644); err != nil {
		return err
	}
	return page.Put(o.page, page.Part{Name: "bench-scale", Heading: "As a graph grows", Text: text})
}

// choose finds the tasks by name; those of the default that nobody can do are left out.
func choose(names string) ([]trial.Task, error) {
	var all []trial.Task
	for _, name := range strings.Split(names, ",") {
		task, known := trial.Find(name)
		switch {
		case known:
			all = append(all, task)
		case !slices.Contains(strings.Split(wanted, ","), name):
			return nil, fmt.Errorf("there is no task %q", name)
		}
	}
	return all, nil
}

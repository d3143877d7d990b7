// Command peers measures our kernels beside those of python-igraph, NetworKit and gonum: the same graphs, on one machine, in one run, with
// the sides taking turns and their answers held against each other. `make bench-peers` makes the Python environment and calls it.
//
// It is no part of the product. It must not know how any side computes.
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
	"strings"
	"syscall"
	"time"

	"rummage/bench/page"
	"rummage/bench/worker"
)

// errDisagree ends the command when a check failed.
var errDisagree = errors.New("answers disagree")

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
	stop()
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "peers:", err)
		os.Exit(1)
	}
}

// options are the flags.
type options struct {
	graphs, tasks, sides      string
	rounds, threads, igraph   int
	limit                     time.Duration
	quick, memory, write      bool
	out, python, script, page string
}

// The graphs of a whole run, from small to large, and those of a quick one.
const (
	allGraphs   = "pp10k,rmat13,trade,pp100k,rmat17,pp1m,rmat20"
	quickGraphs = "pp10k,rmat13"
)

func parse(args []string, errors io.Writer) (options, error) {
	var o options
	set := flag.NewFlagSet("peers", flag.ContinueOnError)
	set.SetOutput(errors)
	set.StringVar(&o.graphs, "graphs", allGraphs, "graphs to run on, from small to large")
	set.StringVar(&o.tasks, "tasks", "", "tasks to run; all when empty")
	set.StringVar(&o.sides, "sides", "igraph,networkit,gonum", "whom to compare with")
	set.IntVar(&o.rounds, "rounds", 5, "rounds in which each side has its turn")
	set.IntVar(&o.threads, "threads", 2, "threads of ours and of NetworKit; ours are measured on 1 as well")
	set.IntVar(&o.igraph, "igraph-threads", 1, "threads of igraph; only its PageRank takes more than one")
	set.DurationVar(&o.limit, "limit", 300*time.Second, "time after which a side is stopped at a task")
	set.BoolVar(&o.quick, "quick", false, "two rounds on two small graphs, 60 seconds a side and task, and no memory; other flags that are given count")
	set.BoolVar(&o.memory, "memory", true, "measure the greatest memory too, each in a process of its own")
	set.BoolVar(&o.write, "write", false, "write the tables into the document as well")
	set.StringVar(&o.out, "out", filepath.Join("bin", "bench"), "folder for graphs, answers, peers.md and peers.json")
	set.StringVar(&o.python, "python", filepath.Join("bin", "bench", "venv", "bin", "python"), "Python with igraph and NetworKit")
	set.StringVar(&o.script, "script", filepath.Join("bench", "peers", "peers.py"), "the sides in Python")
	set.StringVar(&o.page, "document", filepath.Join("docs", "performance.md"), "document that -write writes into")
	if err := set.Parse(args); err != nil {
		return o, err
	}
	if set.NArg() > 0 {
		return o, fmt.Errorf("%q is no flag; see -help", set.Arg(0))
	}
	given := map[string]bool{}
	set.Visit(func(f *flag.Flag) { given[f.Name] = true })
	if o.quick {
		quick := map[string]func(){
			"graphs": func() { o.graphs = quickGraphs },
			"rounds": func() { o.rounds = 2 },
			"limit":  func() { o.limit = time.Minute },
			"memory": func() { o.memory = false },
		}
		for name, apply := range quick {
			if !given[name] {
				apply()
			}
		}
	}
	if o.rounds < 1 || o.threads < 1 || o.igraph < 1 || o.limit <= 0 {
		return o, fmt.Errorf("%d rounds, %d and %d threads, a limit of %s: want at least 1 of each, and more than nothing",
			o.rounds, o.threads, o.igraph, o.limit)
	}
	return o, nil
}

// list splits a flag at its commas.
func list(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ' ' })
}

func run(ctx context.Context, args []string, in io.Reader, out, errors io.Writer) error {
	if served, err := worker.Served(ctx, args, in, out); served {
		return err
	}
	o, err := parse(args, errors)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(o.out, 0o755); err != nil {
		return err
	}
	c, err := newContest(o, errors)
	if err != nil {
		return err
	}
	report, err := c.run(ctx)
	if err != nil {
		return err
	}
	text := report.Markdown()
	if err := report.save(o.out, text); err != nil {
		return err
	}
	fmt.Fprint(out, text)
	if o.write {
		if err := page.Put(o.page, page.Part{Name: "bench-peers", Heading: "Beside igraph, NetworKit and gonum", Text: text}); err != nil {
			return err
		}
	}
	if failed := report.failed(); len(failed) > 0 {
		return fmt.Errorf("%w:\n%s", errDisagree, strings.Join(failed, "\n"))
	}
	return nil
}

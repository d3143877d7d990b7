// Package campaign is what the commands have in common that measure for hours: their flags, the pace of their turns, the ledger that
// keeps each finished contest so that a run which was broken off goes on, and the page that is written in the end.
//
// Figures stand in one table only if they were taken under one stamp: the same machine, the same commit of our kernels, the same
// release of Go and as many threads.
//
// The package must not know what is measured.
package campaign

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

// Run is a command without its surroundings.
type Run func(ctx context.Context, args []string, out, errors io.Writer) error

// Main serves if this process is to be a worker, and else runs the command until it ends or is interrupted. It ends the process.
func Main(name string, run Run) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	served, err := worker.Served(ctx, os.Args[1:], os.Stdin, os.Stdout)
	if !served {
		err = run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	}
	stop()
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, name+":", err)
		os.Exit(1)
	}
}

// Flags are those that every campaign has. What they hold before Define are the defaults.
type Flags struct {
	// Name is that of the campaign: NAME.md, NAME.json, and bench-NAME between the marks of the document.
	Name string
	// Rounds is how often each side has its turn, Threads the number that ours take.
	Rounds, Threads int
	// Limit is for one turn. Share is for all turns of a side in a contest: who is slow has fewer rounds.
	Limit, Share time.Duration
	// Resume takes what the ledger has of this stamp, Write writes the document.
	Resume, Write         bool
	Out, Ledger, Document string
}

// Define defines the flags.
func (f *Flags) Define(set *flag.FlagSet) {
	set.IntVar(&f.Rounds, "rounds", f.Rounds, "rounds in which each side has its turn")
	set.IntVar(&f.Threads, "threads", f.Threads, "threads of ours, which are measured on 1 as well, and of whoever takes several")
	set.DurationVar(&f.Limit, "limit", f.Limit, "time after which a side is stopped at a task")
	set.DurationVar(&f.Share, "share", f.Share, "time for all rounds of a side at a task; who would take longer has fewer rounds, one at least")
	set.BoolVar(&f.Resume, "resume", false, "measure only what the ledger has not of this machine, commit and release of Go")
	set.BoolVar(&f.Write, "write", false, "write into the document as well")
	set.StringVar(&f.Out, "out", filepath.Join("bin", "bench"), "folder for graphs, answers and "+f.Name+".md")
	set.StringVar(&f.Ledger, "ledger", "", "file that keeps what was measured (default "+f.Name+".json in that folder)")
	set.StringVar(&f.Document, "document", filepath.Join("docs", "performance.md"), "document that -write writes into")
}

// Parse reads the arguments, and makes the folder for what is written.
func (f *Flags) Parse(set *flag.FlagSet, args []string) error {
	if err := set.Parse(args); err != nil {
		return err
	}
	if set.NArg() > 0 {
		return fmt.Errorf("%q is no flag; see -help", set.Arg(0))
	}
	if f.Rounds < 1 || f.Threads < 1 || f.Limit <= 0 || f.Share <= 0 {
		return fmt.Errorf("%d rounds, %d threads, a limit of %s and a share of %s: want at least 1 of each, and more than nothing",
			f.Rounds, f.Threads, f.Limit, f.Share)
	}
	if f.Ledger == "" {
		f.Ledger = filepath.Join(f.Out, f.Name+".json")
	}
	return os.MkdirAll(f.Out, 0o755)
}

// List splits a flag at its commas.
func List(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ' ' })
}

// A turn lasts about that long in seconds; what is shorter is repeated, up to so many times.
const (
	turn    = 0.2
	repeats = 20
)

// Repeat is how often a task is done in one turn, by how many seconds its first turn took.
func Repeat(first float64) int { return max(1, min(repeats, int(turn/first))) }

// Turns is how many rounds a side has whose first turn took so many seconds.
func (f *Flags) Turns(first float64) int { return max(1, min(f.Rounds, int(f.Share.Seconds()/first))) }

// Sheet is what a campaign found out, for people.
type Sheet struct {
	// Heading stands before the text in a document that has no such part yet.
	Heading, Text string
	// Picture is an SVG that the text refers to as NAME.svg; none when empty.
	Picture string
}

// Publish writes the sheet to out, to NAME.md, and into the document if that is wished for, each with the picture beside.
func (f *Flags) Publish(s Sheet, out io.Writer) error {
	folders := []string{f.Out}
	if f.Write {
		folders = append(folders, filepath.Dir(f.Document))
	}
	for _, folder := range folders {
		if s.Picture == "" {
			break
		}
		if err := os.WriteFile(filepath.Join(folder, f.Name+".svg"), []byte(s.Picture), 0o644); err != nil {
			return fmt.Errorf("campaign: %w", err)
		}
	}
	if err := os.WriteFile(filepath.Join(f.Out, f.Name+".md"), []byte(s.Text), 0o644); err != nil {
		return fmt.Errorf("campaign: %w", err)
	}
	fmt.Fprint(out, s.Text)
	if !f.Write {
		return nil
	}
	return page.Put(f.Document, page.Part{Name: "bench-" + f.Name, Heading: s.Heading, Text: s.Text})
}

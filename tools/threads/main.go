// Command threads lists the packages of a module whose tests the race detector is to watch, by what their code does rather than by a
// list that somebody keeps: see find. It must not know what the packages are for.
//
//	go run -C tools ./threads .. ./algo/... ./graph/...
//
// With -why it says of every package what in it brings it in, or that nothing does.
package main

import (
	"flag"
	"fmt"
	"io"
	"os"
)

func main() {
	why := flag.Bool("why", false, "say of every package what brings it in, or that nothing does")
	flag.Parse()
	if flag.NArg() < 2 {
		fmt.Fprintln(os.Stderr, "usage: threads [-why] FOLDER PATTERN...")
		os.Exit(2)
	}
	if err := list(os.Stdout, *why, flag.Arg(0), flag.Args()[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "threads:", err)
		os.Exit(1)
	}
}

// list writes the packages one a line, in the order of their paths.
func list(out io.Writer, why bool, dir string, patterns []string) error {
	all, err := find(dir, patterns)
	if err != nil {
		return err
	}
	for _, p := range all {
		switch {
		case why && p.reason == "":
			fmt.Fprintf(out, "%s\tno threads\n", p.path)
		case why:
			fmt.Fprintf(out, "%s\t%s\n", p.path, p.reason)
		case p.reason != "":
			fmt.Fprintln(out, p.path)
		}
	}
	return nil
}

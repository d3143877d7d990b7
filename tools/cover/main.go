// Command cover reads a coverage profile and fails when a tree of packages has fewer of its
// statements run than the house asks for. It must not know what the packages do.
package main

import (
	"bufio"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"
)

// module is the import path every profile line starts with.
const module = "rummage/"

// apart are packages that do not count: those whose code is itself a test or makes a file of the repository, so that their own coverage
// says nothing, and those whose tests need a server, so that it says on what machine they ran.
var apart = []string{"graph/storetest", "graph/neo4j/neo4jtest", "graph/neo4j/neo4jtest/serve", "graph/neo4j", "graph/neo4j/gds", "graph/transfer",
	"casefile/casefiletest", "casefile/format/formattest", "casefile/format/formattest/readers", "casefile/viewer/land"}

// tally counts the statements of a package: all of them, and those that ran.
type tally struct{ all, run int }

func (t tally) percent() float64 {
	if t.all == 0 {
		return 0
	}
	return 100 * float64(t.run) / float64(t.all)
}

func main() {
	profile := flag.String("profile", "cover.out", "profile written by go test -coverprofile")
	least := flag.Float64("min", 85, "least statement coverage of each tree, in per cent")
	flag.Parse()
	if err := check(os.Stdout, *profile, *least, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, "cover:", err)
		os.Exit(1)
	}
}

func check(out io.Writer, profile string, least float64, trees []string) error {
	file, err := os.Open(profile)
	if err != nil {
		return err
	}
	defer file.Close()
	packages, err := read(file)
	if err != nil {
		return fmt.Errorf("%s: %w", profile, err)
	}
	var short []error
	for _, tree := range trees {
		sum := under(packages, tree)
		fmt.Fprintf(out, "cover  %-14s %5.1f %% of %d statements\n", tree, sum.percent(), sum.all)
		if sum.percent() < least {
			short = append(short, fmt.Errorf("%s: %.1f %% is less than %.0f %%", tree, sum.percent(), least))
		}
	}
	return errors.Join(short...)
}

// under adds up a tree: the package itself and everything below it, without those apart.
func under(packages map[string]tally, tree string) tally {
	var sum tally
	for name, t := range packages {
		if (name == tree || strings.HasPrefix(name, tree+"/")) && !slices.Contains(apart, name) {
			sum.all += t.all
			sum.run += t.run
		}
	}
	return sum
}

// read adds up a profile by package. A line is "file:from,to statements count"; with several
// packages under test the same block may come more than once, and has run if any line says so.
func read(in io.Reader) (map[string]tally, error) {
	type block struct {
		statements int
		ran        bool
	}
	blocks := map[string]block{}
	lines := bufio.NewScanner(in)
	for n := 1; lines.Scan(); n++ {
		if strings.HasPrefix(lines.Text(), "mode:") {
			continue
		}
		fields := strings.Fields(lines.Text())
		if len(fields) != 3 {
			return nil, fmt.Errorf("line %d: %d fields instead of 3", n, len(fields))
		}
		statements, err := strconv.Atoi(fields[1])
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", n, err)
		}
		b := blocks[fields[0]]
		blocks[fields[0]] = block{statements, b.ran || fields[2] != "0"}
	}
	packages := map[string]tally{}
	for where, b := range blocks {
		file, _, _ := strings.Cut(where, ":")
		name := path.Dir(strings.TrimPrefix(file, module))
		t := packages[name]
		t.all += b.statements
		if b.ran {
			t.run += b.statements
		}
		packages[name] = t
	}
	return packages, lines.Err()
}

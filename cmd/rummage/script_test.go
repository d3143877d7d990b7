package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"rummage/fixtures"
	"rummage/graph/neo4j/neo4jtest"
)

var update = flag.Bool("update", false, "rewrite the expected output in the scripts")

// TestMain lets the test binary stand in for rummage, so that scripts and tests run it as a process.
func TestMain(m *testing.M) {
	actAs()
	testscript.Main(tidy{neo4jtest.Main(m)}, map[string]func(){"rummage": main})
}

// tidy is a suite that fails where a test leaves something in the folder of the package.
type tidy struct{ tests neo4jtest.Suite }

// Run runs the tests.
func (s tidy) Run() int {
	before := here()
	code := s.tests.Run()
	for _, name := range here() {
		if !slices.Contains(before, name) {
			fmt.Fprintf(os.Stderr, "a test left %s in the folder of the package\n", name)
			code = max(code, 1)
		}
	}
	return code
}

// here lists the working folder, but for profiles that go test itself writes.
func here() (names []string) {
	entries, err := os.ReadDir(".")
	if err != nil {
		panic(err)
	}
	for _, e := range entries {
		if ext := filepath.Ext(e.Name()); ext != ".out" && ext != ".prof" && ext != ".test" {
			names = append(names, e.Name())
		}
	}
	return names
}

// TestScripts runs testdata/script/*.txtar, which read as usage. Each has a folder, a home and a
// name of its own, and nothing of the environment that would change an answer.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		UpdateScripts:       *update,
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Cmds:                map[string]func(*testscript.TestScript, bool, []string){"take": take, "pack": pack, "bomb": bomb, "keys": keys, "mend": repair},
		Condition:           condition,
		Setup: func(env *testscript.Env) error {
			env.Setenv("HOME", env.WorkDir)
			env.Setenv("USER", "kim")
			env.Setenv("RUMMAGE_THREADS", "2")
			return nil
		},
	})
}

// condition is [race] in a script: whether the race detector is looking, which makes a whole world take minutes.
func condition(name string) (bool, error) {
	if name != "race" {
		return false, fmt.Errorf("unknown condition %q", name)
	}
	return fixtures.UnderRace(), nil
}

// take VARIABLE EXPRESSION puts what the last output has first into a variable: the id of a network, which no script can know.
func take(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: take VARIABLE EXPRESSION")
	}
	found := regexp.MustCompile(args[1]).FindString(ts.ReadFile("stdout"))
	if found == "" {
		ts.Fatalf("take: no match for %s", args[1])
	}
	ts.Setenv(args[0], found)
}

// mend FILE OLD NEW puts one text in the place of another that stands in a file once, as a person mends a row.
func repair(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: mend FILE OLD NEW")
	}
	text := ts.ReadFile(args[0])
	if n := strings.Count(text, args[1]); n != 1 {
		ts.Fatalf("mend: %q stands in %s %d times", args[1], args[0], n)
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(strings.Replace(text, args[1], args[2], 1)), 0o600))
}

// do runs the program inside the test, where a process of its own is not the point.
func do(t *testing.T, p process, args ...string) int {
	t.Helper()
	p.args = args
	if p.stdin == nil {
		p.stdin, _ = os.Open(os.DevNull)
	}
	return int(run(context.Background(), p))
}

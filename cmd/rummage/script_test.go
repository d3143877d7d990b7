package main

import (
	"context"
	"flag"
	"os"
	"regexp"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"rummage/graph/neo4j/neo4jtest"
)

var update = flag.Bool("update", false, "rewrite the expected output in the scripts")

// TestMain lets the test binary stand in for rummage, so that scripts and tests run it as a process.
func TestMain(m *testing.M) {
	actAs()
	testscript.Main(neo4jtest.Main(m), map[string]func(){"rummage": main})
}

// TestScripts runs testdata/script/*.txtar, which read as usage. Each has a folder, a home and a
// name of its own, and nothing of the environment that would change an answer.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		UpdateScripts:       *update,
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Cmds:                map[string]func(*testscript.TestScript, bool, []string){"take": take, "pack": pack, "bomb": bomb},
		Setup: func(env *testscript.Env) error {
			env.Setenv("HOME", env.WorkDir)
			env.Setenv("USER", "kim")
			env.Setenv("RUMMAGE_THREADS", "2")
			return nil
		},
	})
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

// do runs the program inside the test, where a process of its own is not the point.
func do(t *testing.T, p process, args ...string) int {
	t.Helper()
	p.args = args
	if p.stdin == nil {
		p.stdin, _ = os.Open(os.DevNull)
	}
	return int(run(context.Background(), p))
}

package main

import (
	"bytes"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// whys are the reasons for which the packages of a module are listed, by path.
func whys(t *testing.T, dir string, patterns ...string) map[string]string {
	t.Helper()
	var out bytes.Buffer
	if err := list(&out, true, dir, patterns); err != nil {
		t.Fatal(err)
	}
	all := map[string]string{}
	for line := range strings.Lines(out.String()) {
		path, reason, _ := strings.Cut(strings.TrimSpace(line), "\t")
		all[path] = reason
	}
	return all
}

// TestEveryWayOfHavingThreads holds what is found in a module of one package for each way of having threads, and of having none.
func TestEveryWayOfHavingThreads(t *testing.T) {
	want := map[string]string{
		"house/starts":   "starts a goroutine, starts.go:",
		"house/waits":    "guards with sync.WaitGroup, waits.go:",
		"house/guards":   "guards with sync/atomic, guards.go:",
		"house/timed":    "starts goroutines with time.AfterFunc, timed.go:",
		"house/serves":   "starts goroutines with http.ListenAndServe, serves.go:",
		"house/parallel": "starts goroutines with testing.Parallel, parallel_test.go:",
		"house/lends":    "hands something to house/starts, lends.go:",
		"house/fills":    "hands something to house/starts, fills.go:",
		"house/changes":  "hands something to house/starts, changes.go:",
		"house/pipes":    "starts a goroutine with exec.Stdout, pipes.go:",
		"house/cleans":   "starts goroutines with runtime.AddCleanup, cleans.go:",
		"house/sets":     "hands something to house/starts, sets.go:",
		"house/owns":     "hands something to house/starts, owns.go:",
		"house/veils":    "hands something to house/starts, veils.go:",
		"house/ropes":    "hands something to house/starts, ropes.go:",
		"house/passes":   "hands something to house/ropes, passes.go:",
		"house/keeps":    "starts a goroutine, keeps.go:",
		"house/asks":     "hands something through house/contract, which house/keeps keeps, asks.go:",
		"house/once":     "no threads",
		"house/plain":    "no threads",
		"house/calls":    "no threads",
		"house/contract": "no threads",
	}
	got := whys(t, filepath.Join("testdata", "house"), "./...")
	for _, path := range slices.Sorted(maps.Keys(want)) {
		if !strings.HasPrefix(got[path], want[path]) {
			t.Errorf("%s: %q instead of %q", path, got[path], want[path])
		}
	}
	if len(got) != len(want) {
		t.Errorf("%d packages instead of %d: %v", len(got), len(want), got)
	}
}

// TestPatternsNarrowWhatIsListedAndNotWhatIsSeen: what is handed on counts wherever it ends.
func TestPatternsNarrowWhatIsListedAndNotWhatIsSeen(t *testing.T) {
	var out bytes.Buffer
	if err := list(&out, false, filepath.Join("testdata", "house"), []string{"./passes", "./calls", "./asks"}); err != nil {
		t.Fatal(err)
	}
	if got := out.String(); got != "house/asks\nhouse/passes\n" {
		t.Errorf("listed %q", got)
	}
}

// TestNothingIsListedOfWhatDoesNotBuild: an error is no empty list.
func TestNothingIsListedOfWhatDoesNotBuild(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{"go.mod": "module broken\n\ngo 1.26\n", "broken.go": "package broken\n\nvar X int = \"\"\n"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := list(&bytes.Buffer{}, false, dir, []string{"./..."}); err == nil {
		t.Error("a package that does not build was listed")
	}
}

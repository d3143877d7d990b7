package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rummage/bench/campaign"
	"rummage/bench/edges"
	"rummage/bench/trial"
	"rummage/bench/worker"
)

var update = flag.Bool("update", false, "rewrite golden files")

// TestMain makes this binary a worker when it is called as one.
func TestMain(m *testing.M) {
	if served, err := worker.Served(context.Background(), os.Args[1:], os.Stdin, os.Stdout); served {
		if err != nil {
			os.Exit(1)
		}
		return
	}
	campaign.Commit = "abcd"
	os.Exit(m.Run())
}

// light are tasks that gonum ends soon.
const light = "build,pagerank,leiden,components,cores,cuts"

// TestRunWithoutPython is a whole run on a tiny graph, as it goes where there is no Python.
func TestRunWithoutPython(t *testing.T) {
	folder := t.TempDir()
	document := filepath.Join(folder, "performance.md")
	require.NoError(t, os.WriteFile(document, []byte("# Performance\n"), 0o600))
	var out, said bytes.Buffer
	require.NoError(t, run(context.Background(), []string{
		"-graphs", "tiny", "-tasks", light, "-rounds", "3", "-out", folder, "-write", "-document", document,
		"-python", filepath.Join(folder, "none"),
	}, &out, &said))
	assert.Contains(t, said.String(), "There is no Python environment")
	text := out.String()
	assert.Contains(t, text, "nothing was compared with igraph")
	assert.NotContains(t, text, "fails")
	written, err := os.ReadFile(document)
	require.NoError(t, err)
	assert.Contains(t, string(written), strings.TrimSpace(text))

	report := kept(t, folder)
	require.Len(t, report.Lines, 6)
	for _, l := range report.Lines {
		assert.Equal(t, 3, l.Rounds)
		for _, threads := range []int{2, 1} {
			ours := l.cell(key{trial.Ours, threads})
			require.Len(t, ours.Seconds, 3, l.Task)
			require.NotNil(t, ours.Verdict, l.Task)
			assert.True(t, ours.Verdict.Holds, l.Task)
		}
		gonum := l.cell(key{trial.Gonum, 1})
		if l.Task == "leiden" || l.Task == "cuts" {
			assert.Equal(t, absent, gonum.State)
			continue
		}
		assert.Contains(t, l.Versions[trial.Gonum], "gonum")
		require.Len(t, gonum.Seconds, 3)
		require.NotNil(t, gonum.Verdict, l.Task)
		assert.True(t, gonum.Verdict.Holds, l.Task)
	}
}

// kept is what the ledger in a folder has under the present stamp.
func kept(t *testing.T, folder string) *Report {
	t.Helper()
	f := campaign.Flags{Name: "peers", Threads: 2, Ledger: filepath.Join(folder, "peers.json")}
	ledger, err := campaign.Open[Line](&f)
	require.NoError(t, err)
	return newReport(ledger.All(), f.Stamp(), 1)
}

// TestRunPastTheLimit stops gonum, and does not ask it again on a graph that is larger, nor in a run that goes on from there.
func TestRunPastTheLimit(t *testing.T) {
	folder := t.TempDir()
	var out bytes.Buffer
	args := []string{"-tasks", "lengths", "-sides", "gonum", "-rounds", "1", "-out", folder, "-limit", "30ms", "-patience", "0s", "-resume"}
	require.NoError(t, run(context.Background(), append(args, "-graphs", "tiny"), &out, io.Discard))
	require.NoError(t, run(context.Background(), append(args, "-graphs", "tiny,rmat13"), &out, io.Discard))
	report := kept(t, folder)
	require.Len(t, report.Lines, 2)
	assert.Equal(t, over, report.Lines[0].cell(key{trial.Gonum, 1}).State)
	assert.InDelta(t, 0.03, report.Lines[0].cell(key{trial.Gonum, 1}).Limit, 0)
	assert.Equal(t, spared, report.Lines[1].cell(key{trial.Gonum, 1}).State)
	assert.Contains(t, out.String(), "> 0.0300")
}

// TestResume breaks a run off, goes on in pieces, and has each contest played once.
func TestResume(t *testing.T) {
	folder := t.TempDir()
	args := []string{"-sides", "gonum", "-rounds", "2", "-out", folder, "-resume", "-graphs", "tiny"}
	piece := func(more ...string) string {
		var said bytes.Buffer
		require.NoError(t, run(context.Background(), append(args, more...), io.Discard, &said))
		return said.String()
	}
	ctx, cancel := context.WithCancel(context.Background())
	stop := &stopping{after: "pagerank", stop: cancel}
	require.ErrorIs(t, run(ctx, append(args, "-tasks", "build,pagerank,cores"), io.Discard, stop), context.Canceled)
	before := kept(t, folder)
	require.NotEmpty(t, before.Lines, "what was finished is kept")
	require.Less(t, len(before.Lines), 3)

	said := piece("-tasks", "build,pagerank,cores")
	assert.Contains(t, said, "build: kept from ")
	assert.NotContains(t, said, "cores: kept")
	after := kept(t, folder)
	require.Len(t, after.Lines, 3)
	assert.Equal(t, before.Lines[0], after.Lines[0], "not measured again")
	assert.Equal(t, 3, strings.Count(piece("-tasks", "build,pagerank,cores"), "kept from"))

	piece("-tasks", "components")
	assert.Len(t, kept(t, folder).Lines, 4, "pieces come together")
	assert.Equal(t, after.Lines[0], kept(t, folder).Lines[0])

	assert.NotContains(t, piece("-tasks", "cores", "-rounds", "3"), "kept", "more rounds are wanted")
	assert.NotContains(t, piece("-tasks", "build", "-limit", "3m"), "kept", "a longer limit")
	assert.NotContains(t, piece("-tasks", "build", "-limit", "3m", "-igraph-threads", "2"), "kept", "other threads of igraph")

	commit := campaign.Commit
	defer func() { campaign.Commit = commit }()
	campaign.Commit = "another"
	assert.NotContains(t, piece("-tasks", "cores"), "kept", "other kernels")
	assert.Len(t, kept(t, folder).Lines, 1, "and they do not stand in one table with these")
}

// stopping cancels a run once its log speaks of a task.
type stopping struct {
	after string
	stop  context.CancelFunc
}

func (s *stopping) Write(text []byte) (int, error) {
	if bytes.Contains(text, []byte(s.after)) {
		s.stop()
	}
	return len(text), nil
}

func TestFinished(t *testing.T) {
	c := &contest{options: options{Flags: campaign.Flags{Rounds: 3, Threads: 2, Limit: time.Minute, Share: time.Minute}}}
	c.commands = []worker.Command{{Name: trial.Ours}, {Name: trial.Gonum}}
	whole := func() *Line {
		l := c.line(&match{input: &trial.Input{Files: &edges.Graph{}}, task: &trial.Task{}})
		return l
	}
	g := &edges.Graph{}
	assert.True(t, c.finished(whole(), g))
	for name, spoil := range map[string]func(*Line){
		"fewer rounds":    func(l *Line) { l.Rounds = 2 },
		"a lower limit":   func(l *Line) { l.Limit = 30 },
		"a smaller share": func(l *Line) { l.Share = 30 },
		"one that failed": func(l *Line) { l.Cells[1].State = failed },
		"one is missing":  func(l *Line) { l.Cells = l.Cells[:2] },
		"another graph":   func(l *Line) { l.Edges = 1 },
		"other threads":   func(l *Line) { l.Igraph = 4 },
	} {
		t.Run(name, func(t *testing.T) {
			l := whole()
			spoil(l)
			assert.False(t, c.finished(l, g))
		})
	}
}

func TestLimit(t *testing.T) {
	m := &match{contest: &contest{options: options{Flags: campaign.Flags{Limit: time.Minute}, patience: 15 * time.Minute}},
		task: &trial.Task{Aim: map[string]float64{trial.Gonum: 5000, trial.Igraph: 10}}}
	assert.Equal(t, time.Minute, m.limit(trial.Ours, 0.1))
	assert.Equal(t, time.Minute, m.limit(trial.Igraph, 0.1), "a minute is enough")
	assert.Equal(t, 10*time.Minute, m.limit(trial.Gonum, 0.1))
	assert.Equal(t, time.Minute, m.limit(trial.Gonum, 1), "that would be too long")
}

func TestCancelledRun(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	err := run(ctx, []string{"-graphs", "tiny", "-sides", "gonum", "-out", t.TempDir()}, io.Discard, io.Discard)
	require.ErrorIs(t, err, context.Canceled)
}

func TestFlags(t *testing.T) {
	folder := t.TempDir()
	quick, err := parse([]string{"-quick", "-rounds", "7", "-out", folder}, io.Discard)
	require.NoError(t, err)
	assert.Equal(t, quickGraphs, quick.graphs)
	assert.Equal(t, 7, quick.Rounds, "what is given counts")
	assert.Equal(t, time.Minute, quick.Limit)
	assert.Zero(t, quick.patience)
	assert.False(t, quick.memory)
	assert.Equal(t, "peers", quick.Name)

	memory, err := parse([]string{"-memory", "-out", folder}, io.Discard)
	require.NoError(t, err)
	assert.Equal(t, heavyGraphs, memory.graphs)
	assert.Equal(t, "igraph,networkit", memory.sides)
	assert.Equal(t, filepath.Join(folder, "memory.json"), memory.Ledger, "a ledger of its own")

	whole, err := parse([]string{"-out", folder}, io.Discard)
	require.NoError(t, err)
	assert.Equal(t, allGraphs, whole.graphs)
	assert.GreaterOrEqual(t, whole.Rounds, 5)
	assert.Equal(t, 1, whole.igraph)

	for name, args := range map[string][]string{
		"no rounds": {"-rounds", "0"}, "no flag": {"all"}, "unknown flag": {"-fast"}, "no threads": {"-igraph-threads", "0"},
		"neither yes nor no": {"-memory=perhaps"},
	} {
		_, err := parse(append(args, "-out", folder), io.Discard)
		require.Error(t, err, name)
	}
	_, err = parse([]string{"-help"}, io.Discard)
	require.ErrorIs(t, err, flag.ErrHelp)

	for name, args := range map[string][]string{
		"graph": {"-graphs", "nothing"}, "task": {"-tasks", "nothing"}, "side": {"-sides", "nothing"},
	} {
		err := run(context.Background(), append(args, "-out", t.TempDir()), io.Discard, io.Discard)
		require.ErrorContains(t, err, name+` "nothing"`)
	}
}

// known is a report with figures that are easily checked by hand.
func known() *Report {
	line := func(graph, task string, cells ...Cell) Line {
		return Line{Graph: graph, Title: "a graph", Nodes: 10, Edges: 20, Task: task, Cells: cells, Rounds: 3, Limit: 300, Share: 60,
			Versions: map[string]string{trial.Gonum: "gonum v0.17.0"}}
	}
	two, one := key{trial.Ours, 2}, key{trial.Ours, 1}
	cell := func(k key, seconds ...float64) Cell { return Cell{Side: k.side, Threads: k.threads, Seconds: seconds} }
	igraph, networkit, gonum := key{trial.Igraph, 1}, key{trial.NetworKit, 2}, key{trial.Gonum, 1}
	r := &Report{
		Days: "1 January 2027", Stamp: campaign.Stamp{Machine: "2 cores", Commit: "abcd", Go: "go1.26", Threads: 2}, Igraph: 1,
		Lines: []Line{
			line("small", "build", cell(two, 1, 2, 4), cell(igraph, 50, 80, 120), cell(networkit, 2, 2, 2), cell(gonum), cell(one, 2, 2, 4)),
			line("large", "build", cell(two, 10, 10, 10), cell(igraph, 600, 600, 600), cell(networkit, 40, 40, 40), cell(gonum), cell(one, 15, 15, 15)),
			line("small", "cuts", cell(two, 1, 1, 1), cell(igraph, 2), cell(networkit), cell(gonum), cell(one, 1, 1, 1)),
		},
	}
	r.Lines[0].Cells[3].State, r.Lines[1].Cells[3].State = over, spared
	r.Lines[0].Cells[3].Limit = 300
	r.Lines[2].Cells[2].State, r.Lines[2].Cells[2].Problem, r.Lines[2].Cells[3].State = failed, "it fell over", absent
	r.Lines[0].Cells[1].Verdict = &trial.Verdict{Holds: true, Says: "all alike"}
	return r
}

func TestRatios(t *testing.T) {
	rows := known().ratios()
	assert.Equal(t, []string{"task", "graph", "s, 2 threads", "s, 1 thread", "s, igraph", "s, NetworKit", "s, gonum",
		"× igraph", "× NetworKit", "× gonum", "× 1 thread"}, rows[0])
	assert.Equal(t, []string{"graph from an edge list", "small", "2.00", "2.00", "80.0", "2.00", "> 300",
		"40.0 (30.0–50.0)", "1.00 (0.500–2.00)", "> 150", "1.00 (1.00–2.00)"}, rows[1])
	assert.Equal(t, []string{"graph from an edge list", "large", "10.0", "15.0", "600", "40.0", "–", "60.0", "4.00", "–", "1.50"}, rows[2])
	assert.Equal(t, []string{"articulation points", "small", "1.00", "1.00", "2.00, 1 round", "failed", "–", "2.00", "–", "–", "1.00"}, rows[3])
}

func TestAims(t *testing.T) {
	assert.Equal(t, [][]string{
		{"task", "against", "aim", "least", "on", "on the largest", ""},
		{"graph from an edge list", "igraph", "40.0", "40.0", "small", "60.0 large", "reached"},
		{"graph from an edge list", "NetworKit", "3.00", "1.00", "small", "4.00 large", "reached on the largest"},
		{"graph from an edge list", "gonum", "150", "> 150", "small", "> 150 small", "reached"},
		{"articulation points", "igraph", "3.00", "2.00", "small", "2.00 small", "missed"},
	}, known().aims())
	r := known()
	r.Lines[0].Cells[3].Limit = 200
	assert.Equal(t, []string{"graph from an edge list", "gonum", "150", "> 100", "small", "> 100 small", "open: the limit is too low to tell"}, r.aims()[3])
}

func TestMemory(t *testing.T) {
	r := known()
	r.Lines[0].Cells[0].Peak, r.Lines[0].Cells[1].Peak, r.Lines[0].Cells[2].Peak = 2e6, 30e6, 4e6
	r.Lines[1].Cells[0].Peak, r.Lines[1].Cells[2].Peak = 40e6, 20e6
	assert.Equal(t, []string{"task", "graph", "rummage", "igraph", "NetworKit", "gonum", "× igraph", "× NetworKit", "× gonum"}, r.peaks()[0])
	assert.Equal(t, []string{"graph from an edge list", "small", "2.00", "30.0", "4.00", "–", "0.0667", "0.500", "–"}, r.peaks()[1])
	assert.Equal(t, []string{"graph from an edge list", "large", "40.0", "–", "20.0", "–", "–", "2.00", "–"}, r.peaks()[2])
	assert.Equal(t, [][]string{
		{"igraph", "0.500", "0.0667", "0.0667", "0.0667", "0 of 1", "reached"},
		{"NetworKit", "1.20", "1.25", "0.500", "2.00", "1 of 2", "missed"},
	}, r.spared()[1:])
	assert.Equal(t, 3, strings.Count(r.Memory(), "\n|---|"), "graphs, peaks, shares")
}

// TestMemoryIsMeasuredApart weighs two tasks, and leaves the ledger of times alone.
func TestMemoryIsMeasuredApart(t *testing.T) {
	folder := t.TempDir()
	var out bytes.Buffer
	args := []string{"-memory", "-graphs", "tiny", "-tasks", "build,cores", "-sides", "gonum", "-out", folder}
	require.NoError(t, run(context.Background(), args, &out, io.Discard))
	assert.Empty(t, kept(t, folder).Lines)
	f := campaign.Flags{Name: "memory", Threads: 2, Ledger: filepath.Join(folder, "memory.json")}
	ledger, err := campaign.Open[Line](&f)
	require.NoError(t, err)
	require.Len(t, ledger.All(), 2)
	for _, e := range ledger.All() {
		require.Len(t, e.Result.Cells, 2)
		for _, c := range e.Result.Cells {
			assert.Empty(t, c.Seconds)
			if runtime.GOOS == "linux" {
				assert.Positive(t, c.Peak)
			}
		}
	}
	assert.Contains(t, out.String(), "× gonum")
}

func TestChecks(t *testing.T) {
	r := known()
	assert.Equal(t, []string{"graph from an edge list", "small", "all alike", "–", "–"}, r.checks()[1])
	assert.Empty(t, r.failed())

	r.Lines[0].Cells[1].Verdict = &trial.Verdict{Says: "far off"}
	r.Lines[1].Cells[0].State, r.Lines[1].Cells[0].Problem = failed, "out of memory"
	assert.Equal(t, "**fails**: far off", r.checks()[1][2])
	assert.Equal(t, []string{"build on small, against igraph on 1 threads: far off", "build on large: out of memory"}, r.failed())
}

func TestMarkdown(t *testing.T) {
	text := known().Markdown()
	assert.Contains(t, text, "1 January 2027; 2 cores, go1.26; kernels of commit abcd; beside gonum v0.17.0. 3 interleaved rounds; "+
		"a side that would take more than 60.0 s ")
	assert.Contains(t, text, "NetworKit has 2 threads, igraph 1 thread, gonum one.")
	assert.Equal(t, 1, strings.Count(text, "| small | a graph | 10 | 20 |"), "a graph is described once")
	assert.Equal(t, 4, strings.Count(text, "\n|---|"), "graphs, ratios, aims, checks")

	r := known()
	r.Lines[1].Limit = 60
	assert.Contains(t, r.Markdown(), "A turn has 60.0 or 300 s,")

	alone := &Report{Stamp: campaign.Stamp{Threads: 1}, Igraph: 1, Python: "There is no Python."}
	assert.Contains(t, alone.Markdown(), "There is no Python.\n")
}

// TestPage writes the page of a ledger that is kept with this test, in which other kernels have an entry too.
func TestPage(t *testing.T) {
	f := campaign.Flags{Name: "peers", Ledger: filepath.Join("testdata", "ledger.json")}
	ledger, err := campaign.Open[Line](&f)
	require.NoError(t, err)
	stamp := campaign.Stamp{Machine: "2 cores of Example Processor, linux", Commit: "0123456789ab", Go: "go1.26.8", Threads: 2}
	got := newReport(ledger.Under(stamp), stamp, 1).Markdown()
	assert.NotContains(t, got, "77.0", "that of other kernels")
	golden := filepath.Join("testdata", "page.md")
	if *update {
		require.NoError(t, os.WriteFile(golden, []byte(got), 0o600))
	}
	want, err := os.ReadFile(golden)
	require.NoError(t, err)
	assert.Equal(t, string(want), got)
	assert.Empty(t, newReport(ledger.Under(stamp), stamp, 4).Lines, "igraph on other threads")
}

func TestSameBits(t *testing.T) {
	m := &match{}
	var cell Cell
	m.same(&cell, "a", "a")
	assert.True(t, cell.Verdict.Holds)
	m.same(&cell, "a", "b")
	m.same(&cell, "a", "a")
	assert.False(t, cell.Verdict.Holds, "once is enough")
}

func TestNote(t *testing.T) {
	m := &match{contest: &contest{log: io.Discard, passed: map[string]float64{}}, task: &trial.Task{Name: "build"}, line: &Line{Nodes: 2, Edges: 3}}
	for name, c := range map[string]struct {
		err   error
		state string
	}{
		"fine": {nil, ""}, "absent": {worker.ErrAbsent, absent}, "over": {worker.ErrLimit, over}, "failed": {errors.New("it fell over"), failed},
	} {
		t.Run(name, func(t *testing.T) {
			var cell Cell
			require.NoError(t, m.note(context.Background(), &cell, c.err))
			assert.Equal(t, c.state, cell.State)
		})
	}
}

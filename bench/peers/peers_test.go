package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rummage/bench/trial"
	"rummage/bench/worker"
)

// TestMain makes this binary a worker when it is called as one.
func TestMain(m *testing.M) {
	if served, err := worker.Served(context.Background(), os.Args[1:], os.Stdin, os.Stdout); served {
		if err != nil {
			os.Exit(1)
		}
		return
	}
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
	}, nil, &out, &said))
	assert.Contains(t, said.String(), "There is no Python environment")
	text := out.String()
	assert.Contains(t, text, "nothing was compared with igraph")
	assert.NotContains(t, text, "fails")
	written, err := os.ReadFile(document)
	require.NoError(t, err)
	assert.Contains(t, string(written), strings.TrimSpace(text))

	raw, err := os.ReadFile(filepath.Join(folder, "peers.json"))
	require.NoError(t, err)
	var report Report
	require.NoError(t, json.Unmarshal(raw, &report))
	assert.Equal(t, 3, report.Rounds)
	assert.Contains(t, report.Versions[trial.Gonum], "gonum")
	require.Len(t, report.Lines, 6)
	for _, l := range report.Lines {
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
		require.Len(t, gonum.Seconds, 3)
		require.NotNil(t, gonum.Verdict, l.Task)
		assert.True(t, gonum.Verdict.Holds, l.Task)
	}
}

// TestRunPastTheLimit stops gonum, and does not ask it again on a graph that is larger.
func TestRunPastTheLimit(t *testing.T) {
	folder := t.TempDir()
	var out bytes.Buffer
	require.NoError(t, run(context.Background(), []string{
		"-graphs", "tiny,rmat13", "-tasks", "lengths", "-sides", "gonum", "-rounds", "1", "-out", folder, "-limit", "30ms", "-memory=false",
	}, nil, &out, io.Discard))
	raw, err := os.ReadFile(filepath.Join(folder, "peers.json"))
	require.NoError(t, err)
	var report Report
	require.NoError(t, json.Unmarshal(raw, &report))
	require.Len(t, report.Lines, 2)
	assert.Equal(t, over, report.Lines[0].cell(key{trial.Gonum, 1}).State)
	assert.Equal(t, spared, report.Lines[1].cell(key{trial.Gonum, 1}).State)
	assert.Contains(t, out.String(), "> 0.0300")
}

func TestCancelledRun(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	err := run(ctx, []string{"-graphs", "tiny", "-sides", "gonum", "-out", t.TempDir()}, nil, io.Discard, io.Discard)
	require.ErrorIs(t, err, context.Canceled)
}

func TestFlags(t *testing.T) {
	quick, err := parse([]string{"-quick", "-rounds", "7"}, io.Discard)
	require.NoError(t, err)
	assert.Equal(t, quickGraphs, quick.graphs)
	assert.Equal(t, 7, quick.rounds, "what is given counts")
	assert.Equal(t, time.Minute, quick.limit)
	assert.False(t, quick.memory)

	whole, err := parse(nil, io.Discard)
	require.NoError(t, err)
	assert.Equal(t, allGraphs, whole.graphs)
	assert.GreaterOrEqual(t, whole.rounds, 5)
	assert.Equal(t, 1, whole.igraph)

	for name, args := range map[string][]string{
		"no rounds": {"-rounds", "0"}, "no time": {"-limit", "0s"}, "no flag": {"all"}, "unknown flag": {"-fast"},
	} {
		_, err := parse(args, io.Discard)
		require.Error(t, err, name)
	}
	_, err = parse([]string{"-help"}, io.Discard)
	require.ErrorIs(t, err, flag.ErrHelp)

	for name, args := range map[string][]string{
		"graph": {"-graphs", "nothing"}, "task": {"-tasks", "nothing"}, "side": {"-sides", "nothing"},
	} {
		err := run(context.Background(), append(args, "-out", t.TempDir()), nil, io.Discard, io.Discard)
		require.ErrorContains(t, err, name+` "nothing"`)
	}
}

// known is a report with figures that are easily checked by hand.
func known() *Report {
	line := func(graph, task string, cells ...Cell) Line {
		return Line{Graph: graph, Title: "a graph", Nodes: 10, Edges: 20, Task: task, Cells: cells}
	}
	two, one := key{trial.Ours, 2}, key{trial.Ours, 1}
	cell := func(k key, seconds ...float64) Cell { return Cell{Side: k.side, Threads: k.threads, Seconds: seconds} }
	igraph, networkit, gonum := key{trial.Igraph, 1}, key{trial.NetworKit, 2}, key{trial.Gonum, 1}
	r := &Report{
		Day: "1 January 2027", Machine: "2 cores", Threads: 2, Igraph: 1, Rounds: 3, Limit: 300,
		Versions: map[string]string{trial.Gonum: "gonum v0.17.0", trial.Ours: "rummage, go1.26"},
		Lines: []Line{
			line("small", "build", cell(two, 1, 2, 4), cell(igraph, 50, 80, 120), cell(networkit, 2, 2, 2), cell(gonum), cell(one, 2, 2, 4)),
			line("large", "build", cell(two, 10, 10, 10), cell(igraph, 600, 600, 600), cell(networkit, 40, 40, 40), cell(gonum), cell(one, 15, 15, 15)),
			line("small", "cuts", cell(two, 1, 1, 1), cell(igraph, 2), cell(networkit), cell(gonum), cell(one, 1, 1, 1)),
		},
	}
	r.Lines[0].Cells[3].State, r.Lines[1].Cells[3].State = over, spared
	r.Lines[2].Cells[2].State, r.Lines[2].Cells[2].Problem, r.Lines[2].Cells[3].State = failed, "it fell over", absent
	r.Lines[0].Cells[0].Peak, r.Lines[0].Cells[1].Peak = 2e6, 30e6
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
	assert.Equal(t, []string{"articulation points", "small", "1.00", "1.00", "2.00, once", "failed", "–", "2.00", "–", "–", "1.00"}, rows[3])
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
	r.Limit = 200
	assert.Equal(t, []string{"graph from an edge list", "gonum", "150", "> 100", "small", "> 100 small", "open: the limit is too low to tell"}, r.aims()[3])
}

func TestPeaksAndChecks(t *testing.T) {
	r := known()
	assert.Equal(t, [][]string{
		{"task", "graph", "rummage", "igraph", "NetworKit", "gonum"}, {"graph from an edge list", "small", "2.00", "30.0", "–", "–"},
	}, r.peaks())
	assert.Equal(t, []string{"graph from an edge list", "small", "all alike", "–", "–"}, r.checks()[1])
	assert.Empty(t, r.failed())

	r.Lines[0].Cells[1].Verdict = &trial.Verdict{Says: "far off"}
	r.Lines[1].Cells[0].State, r.Lines[1].Cells[0].Problem = failed, "out of memory"
	assert.Equal(t, "**fails**: far off", r.checks()[1][2])
	assert.Equal(t, []string{"build on small, against igraph on 1 threads: far off", "build on large: out of memory"}, r.failed())
}

func TestMarkdown(t *testing.T) {
	text := known().Markdown()
	assert.Contains(t, text, "1 January 2027, 2 cores; rummage, go1.26, gonum v0.17.0. 3 interleaved rounds.")
	assert.Contains(t, text, "NetworKit has 2 threads, igraph 1 thread, gonum one.")
	assert.Equal(t, 1, strings.Count(text, "| small | a graph | 10 | 20 |"), "a graph is described once")
	assert.Equal(t, 5, strings.Count(text, "\n|---|"), "graphs, ratios, aims, memory, checks")

	alone := &Report{Threads: 1, Igraph: 1, Python: "There is no Python."}
	assert.Contains(t, alone.Markdown(), "There is no Python.\n")
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

package main

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rummage/bench/edges"
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

// parts counts the elements of a picture by name, and collects its text. It fails where the picture is no XML.
func parts(t *testing.T, svg string) (map[string]int, string) {
	t.Helper()
	count := map[string]int{}
	var text strings.Builder
	for decoder := xml.NewDecoder(strings.NewReader(svg)); ; {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			return count, text.String()
		}
		require.NoError(t, err)
		switch token := token.(type) {
		case xml.StartElement:
			count[token.Name.Local]++
		case xml.CharData:
			text.Write(token)
		}
	}
}

func TestRun(t *testing.T) {
	folder := t.TempDir()
	document := filepath.Join(folder, "docs", "performance.md")
	require.NoError(t, os.Mkdir(filepath.Dir(document), 0o755))
	require.NoError(t, os.WriteFile(document, []byte("# Performance\n"), 0o600))
	var out, said bytes.Buffer
	require.NoError(t, run(context.Background(), []string{
		"-graphs", "tiny,rmat13", "-tasks", "build,components", "-rounds", "2", "-out", folder, "-write", "-document", document,
	}, nil, &out, &said))
	assert.Contains(t, said.String(), "graph rmat13: 8192 nodes")
	rows := strings.Count(out.String(), "\n| graph from an edge list |") + strings.Count(out.String(), "\n| weak components |")
	assert.Equal(t, 4, rows)
	written, err := os.ReadFile(document)
	require.NoError(t, err)
	assert.Contains(t, string(written), strings.TrimSpace(out.String()))
	plot, err := os.ReadFile(filepath.Join(folder, "docs", "scale.svg"))
	require.NoError(t, err)
	count, text := parts(t, string(plot))
	assert.Equal(t, 4, count["polyline"], "two tasks on two numbers of threads")
	assert.Equal(t, 8, count["circle"])
	assert.Contains(t, text, "weak components")
}

func TestRunPastTheLimit(t *testing.T) {
	var out bytes.Buffer
	require.NoError(t, run(context.Background(), []string{
		"-graphs", "tiny,rmat13", "-tasks", "leiden", "-limit", "1ns", "-out", t.TempDir(),
	}, nil, &out, io.Discard))
	assert.Equal(t, 1, strings.Count(out.String(), "> 0.0000"), "what was stopped is not tried on a larger graph")
}

func TestFlags(t *testing.T) {
	o, err := parse([]string{"-huge"}, io.Discard)
	require.NoError(t, err)
	for _, name := range strings.Split(o.graphs, ",") {
		assert.Contains(t, edges.Names(), name)
	}
	assert.Contains(t, o.graphs, "e100m")
	o, err = parse(nil, io.Discard)
	require.NoError(t, err)
	assert.NotContains(t, o.graphs, "e100m", "only when asked for")
	for name, args := range map[string][]string{"no rounds": {"-rounds", "0"}, "no time": {"-limit", "0s"}, "no flag": {"all"}} {
		_, err := parse(args, io.Discard)
		require.Error(t, err, name)
	}
	_, err = choose("build,nothing")
	require.ErrorContains(t, err, "nothing")
	require.ErrorIs(t, run(context.Background(), []string{"-graphs", "nothing", "-out", t.TempDir()}, nil, io.Discard, io.Discard), edges.ErrUnknown)
}

func TestTable(t *testing.T) {
	build, known := trial.Find("build")
	require.True(t, known)
	m := &measurement{options: options{threads: 2, plot: "scale.svg"}, tasks: []trial.Task{build}, points: []point{
		{graph: "a", nodes: 100, edges: 1000, task: build, several: []float64{3e-6, 1e-6, 2e-6}, one: []float64{6e-6, 3e-6, 2e-6}, peak: 5e6},
		{graph: "b", nodes: 200, edges: 2000, task: build, over: true},
	}}
	text := m.markdown()
	assert.Contains(t, text, "![Cost per edge as the graph grows](scale.svg)\n")
	assert.Contains(t, text, "| 1000 | 100 | 0.0000020 | 0.0000030 | 2.00 | 3.00 | 2.00 (1.00–3.00) | 5.00 |")
	assert.Contains(t, text, "| 2000 | 200 | > 0 | – | – | – | – | – |")
	count, _ := parts(t, m.svg())
	assert.Equal(t, 2, count["circle"], "what was stopped has no point")
}

func TestPlot(t *testing.T) {
	plot := Plot{Title: "a < b & c", X: "x", Y: "y", Note: "note", Groups: [][]Series{
		{{Name: "first", Points: [][2]float64{{1e5, 10}, {1e6, 20}, {1e8, 500}}}, {Dashed: true, Points: [][2]float64{{1e5, 20}}}},
		{{Name: "none"}},
	}}
	svg := plot.SVG()
	count, text := parts(t, svg)
	assert.Equal(t, 2, count["polyline"])
	assert.Equal(t, 4, count["circle"])
	for _, words := range []string{"a < b & c", "first", "none", "note"} {
		assert.Contains(t, text, words)
	}
	f := plot.frame()
	assert.Equal(t, frame{5, 8, 1, 3}, f)
	assert.InDelta(t, left, f.x(1e5), 1e-9)
	assert.InDelta(t, right, f.x(1e8), 1e-9)
	assert.InDelta(t, (top+bottom)/2.0, f.y(100), 1e-9)
	assert.Contains(t, svg, `<polyline points="70.0,400.0 246.7,347.3 600.0,102.7"`)

	empty := Plot{}
	parts(t, empty.SVG())
}

package main

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"flag"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rummage/bench/campaign"
	"rummage/bench/edges"
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
	}, &out, &said))
	assert.Contains(t, said.String(), "graph rmat13: 8192 nodes")
	rows := strings.Count(out.String(), "\n| graph from an edge list |") + strings.Count(out.String(), "\n| weak components |")
	assert.Equal(t, 4, rows)
	written, err := os.ReadFile(document)
	require.NoError(t, err)
	assert.Contains(t, string(written), strings.TrimSpace(out.String()))
	plot, err := os.ReadFile(filepath.Join(folder, "docs", "scale.svg"))
	require.NoError(t, err)
	_, err = os.Stat(filepath.Join(folder, "scale.svg"))
	require.NoError(t, err, "beside scale.md too")
	count, text := parts(t, string(plot))
	assert.Equal(t, 4, count["polyline"], "two tasks on two numbers of threads")
	assert.Equal(t, 8, count["circle"])
	assert.Contains(t, text, "weak components")
}

func TestRunPastTheLimit(t *testing.T) {
	folder := t.TempDir()
	for range 2 {
		var out bytes.Buffer
		require.NoError(t, run(context.Background(), []string{
			"-graphs", "tiny,rmat13", "-tasks", "leiden", "-limit", "1ns", "-out", folder, "-resume",
		}, &out, io.Discard))
		assert.Equal(t, 1, strings.Count(out.String(), "> 0.0000"), "what was stopped is not tried on a larger graph")
	}
}

func TestResume(t *testing.T) {
	folder := t.TempDir()
	piece := func(args ...string) (out, said string) {
		var page, log bytes.Buffer
		require.NoError(t, run(context.Background(), append(args, "-graphs", "tiny", "-rounds", "2", "-out", folder), &page, &log))
		return page.String(), log.String()
	}
	one, _ := piece("-tasks", "build")
	both, said := piece("-tasks", "build,cores", "-resume")
	assert.Contains(t, said, "build: kept from ")
	assert.NotContains(t, said, "cores: kept")
	row := regexp.MustCompile(`(?m)^\| graph from an edge list .*$`)
	assert.Equal(t, row.FindString(one), row.FindString(both))
	again, said := piece("-tasks", "cores", "-resume", "-rounds", "1")
	assert.Equal(t, both, again, "the page is of all that the ledger has")
	assert.Contains(t, said, "cores: kept")
	_, said = piece("-tasks", "cores")
	assert.NotContains(t, said, "kept", "only when asked for")
}

func TestFlags(t *testing.T) {
	o, err := parse([]string{"-huge", "-out", t.TempDir()}, io.Discard)
	require.NoError(t, err)
	for _, name := range strings.Split(o.graphs, ",") {
		assert.Contains(t, edges.Names(), name)
	}
	assert.Contains(t, o.graphs, "e100m")
	o, err = parse([]string{"-out", t.TempDir()}, io.Discard)
	require.NoError(t, err)
	assert.NotContains(t, o.graphs, "e100m", "only when asked for")
	for name, args := range map[string][]string{"no rounds": {"-rounds", "0"}, "no time": {"-limit", "0s"}, "no flag": {"all"}} {
		_, err := parse(args, io.Discard)
		require.Error(t, err, name)
	}
	_, err = choose("build,nothing")
	require.ErrorContains(t, err, "nothing")
	require.ErrorIs(t, run(context.Background(), []string{"-graphs", "nothing", "-out", t.TempDir()}, io.Discard, io.Discard), edges.ErrUnknown)
}

// TestPage writes the page of figures that are easily checked by hand.
func TestPage(t *testing.T) {
	entries := []campaign.Entry[Point]{
		{Key: "e100m/build", Day: "2027-01-02", Result: Point{Graph: "e100m", Nodes: 1e7, Edges: 1e8, Task: "build", Limit: 600,
			Several: []float64{2, 4, 3}, One: []float64{5, 4, 6}, Peak: 5 << 30}},
		{Key: "a/pagerank", Day: "2027-01-01", Result: Point{Graph: "a", Nodes: 100, Edges: 1000, Task: "pagerank", Limit: 600,
			Several: []float64{3e-6, 1e-6, 2e-6}, One: []float64{6e-6, 3e-6, 2e-6}, Peak: 5e6}},
		{Key: "e100m/pagerank", Day: "2027-01-01", Result: Point{Graph: "e100m", Nodes: 1e7, Edges: 1e8, Task: "pagerank", Limit: 600,
			Several: []float64{12}, One: []float64{20}, Peak: 9 << 30}},
		{Key: "e100m/leiden", Day: "2027-01-01", Result: Point{Graph: "e100m", Nodes: 1e7, Edges: 1e8, Task: "leiden", Limit: 600, Over: true}},
		{Key: "e100m/components", Day: "2027-01-01", Result: Point{Graph: "e100m", Nodes: 1e7, Edges: 1e8, Task: "components", Limit: 600,
			Several: []float64{1}, One: []float64{1}, Peak: 10 << 30}},
	}
	r := newReport(entries, campaign.Stamp{Machine: "2 cores", Commit: "abcd", Go: "go1.26", Threads: 2})
	for name, got := range map[string]string{"page.md": r.markdown(), "scale.svg": r.svg()} {
		golden := filepath.Join("testdata", name)
		if *update {
			require.NoError(t, os.WriteFile(golden, []byte(got), 0o600))
		}
		want, err := os.ReadFile(golden)
		require.NoError(t, err)
		assert.Equal(t, string(want), got)
	}
	text := r.markdown()
	assert.Contains(t, text, "1 January 2027 to 2 January 2027; 2 cores, go1.26; kernels of commit abcd. ")
	assert.Contains(t, text, "| 1000 | 100 | 0.0000020 | 0.0000030 | 2.00 | 3.00 | 2.00 (1.00–3.00) | 3 | 5.00 |")
	assert.Contains(t, text, "| 100000000 | 10000000 | > 600 | – | – | – | – | – | – |")
	assert.Equal(t, [][]string{
		{"", "aim", "measured", ""},
		{"graph from an edge list, s", "3.00", "3.00", "reached"},
		{"PageRank to 1e-10, s", "10.0", "12.0", "missed"},
		{"Leiden, 2 passes, s", "60.0", "> 600", "missed"},
		{"greatest memory of these, GiB", "8.00", "9.00", "missed"},
	}, r.aims())
	count, _ := parts(t, r.svg())
	assert.Equal(t, 8, count["circle"], "what was stopped has no point")

	none := newReport(nil, campaign.Stamp{Threads: 2})
	assert.NotContains(t, none.markdown(), "aim")
	for task := range aims {
		assert.Contains(t, campaign.List(wanted), task)
	}
	assert.Contains(t, edges.Names(), largest)
}

package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rummage/bench/campaign"
	"rummage/bench/edges"
	"rummage/bench/trial"
	"rummage/graph/neo4j/gds"
)

var update = flag.Bool("update", false, "rewrite golden files")

// TestMain names a commit, without which nothing is taken up again.
func TestMain(m *testing.M) {
	campaign.Commit = "abcd"
	os.Exit(m.Run())
}

func tiny(t *testing.T) *trial.Input {
	t.Helper()
	g, err := edges.Make(context.Background(), t.TempDir(), "tiny")
	require.NoError(t, err)
	in := &trial.Input{Files: g}
	require.NoError(t, in.Load(context.Background()))
	return in
}

func TestFlags(t *testing.T) {
	folder := t.TempDir()
	o, err := parse([]string{"-out", folder}, io.Discard)
	require.NoError(t, err)
	assert.Contains(t, edges.Names(), o.graph)
	assert.GreaterOrEqual(t, o.Rounds, 5)
	for name, args := range map[string][]string{"no sources": {"-sources", "0"}, "no rounds": {"-rounds", "0"}, "no flag": {"all"}} {
		_, err := parse(append([]string{"-out", folder}, args...), io.Discard)
		require.Error(t, err, name)
	}
	_, err = choose("build,nothing")
	require.ErrorContains(t, err, "nothing")
	some, err := choose("louvain,build")
	require.NoError(t, err)
	assert.Len(t, some, 2)
	err = run(context.Background(), []string{"-graph", "nothing", "-out", folder}, io.Discard, io.Discard)
	require.ErrorIs(t, err, edges.ErrUnknown)
	require.ErrorContains(t, run(context.Background(), []string{"-tasks", "nothing", "-out", folder}, io.Discard, io.Discard), "nothing")
}

func TestTable(t *testing.T) {
	for _, line := range all() {
		assert.Positive(t, line.aim, line.name)
		assert.NotEmpty(t, line.title)
		_, known := trial.Find(line.name)
		assert.True(t, known, "%s: our side is that of the other comparisons", line.name)
	}
}

// TestPlay has our kernels play both sides.
func TestPlay(t *testing.T) {
	in := tiny(t)
	v := &venue{threads: 2, in: in}
	theirs, err := ours("leiden", in, 1)
	require.NoError(t, err)
	d, err := v.duel("leiden", theirs, trial.Division)
	require.NoError(t, err)
	c := &contest{options: options{Flags: campaign.Flags{Rounds: 3, Threads: 2, Share: 1 << 40}}}
	var l Line
	require.NoError(t, c.play(context.Background(), d, &l))
	assert.True(t, l.Verdict.Holds, l.Verdict.Says)
	assert.Len(t, l.Ours, 3)
	assert.Len(t, l.Theirs, 3)

	d.check = func(context.Context, []float64, []float64) (trial.Verdict, error) {
		return trial.Verdict{Says: "far off"}, nil
	}
	slow := func(ctx context.Context) (turn, error) { return turn{seconds: 1e9}, nil }
	d.theirs, l = slow, Line{}
	require.NoError(t, c.play(context.Background(), d, &l))
	assert.Len(t, l.Theirs, 1, "who is slow has fewer rounds")
	assert.False(t, l.Verdict.Holds)

	broken := errors.New("broken")
	d.theirs = func(context.Context) (turn, error) { return turn{}, broken }
	require.ErrorIs(t, c.play(context.Background(), d, &l), broken)
}

func TestPerSearch(t *testing.T) {
	in := tiny(t)
	whole, err := perSearch(context.Background(), in.Graph, 10_000, 2)
	require.NoError(t, err, "a small graph is counted to its end")
	assert.Positive(t, whole)

	g, err := edges.Make(context.Background(), t.TempDir(), "rmat13")
	require.NoError(t, err)
	large := &trial.Input{Files: g}
	require.NoError(t, large.Load(context.Background()))
	some, err := perSearch(context.Background(), large.Graph, 10, 2)
	require.NoError(t, err)
	assert.Positive(t, some)

	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err = perSearch(ctx, in.Graph, 10, 1)
	require.ErrorIs(t, err, context.Canceled)
}

func TestAnswers(t *testing.T) {
	assert.Equal(t, []float64{0.25, 0.75}, shares([]float64{1, 3}))
	in := tiny(t)
	same, err := sizes(context.Background(), in, []float64{3, 2, 77}, []float64{3, 2})
	require.NoError(t, err)
	assert.True(t, same.Holds)
	other, err := sizes(context.Background(), in, []float64{3, 2, 77}, []float64{3, 1})
	require.NoError(t, err)
	assert.False(t, other.Holds)
	got, err := divided(gds.Division{Of: []uint32{0, 1, 0}, Took: 2e9}, nil)
	require.NoError(t, err)
	assert.Equal(t, turn{2, []float64{0, 1, 0}}, got)
}

// lines are figures that are easily checked by hand.
func lines() []Line {
	var found []Line
	for i, t := range all() {
		found = append(found, Line{Graph: "tiny", Title: "a small graph", Nodes: 10, Edges: 20, Task: t.name, Rounds: 5, Share: 60, Sources: 100,
			Library: "2.13.9", Server: "Neo4j/5.26.30", Ours: []float64{0.1, 0.2, 0.4}, Theirs: []float64{2, float64(i), 4},
			Verdict: trial.Verdict{Holds: i != 1, Says: "so and so"}})
	}
	return found
}

func TestPage(t *testing.T) {
	var entries []campaign.Entry[Line]
	for _, l := range lines() {
		entries = append(entries, campaign.Entry[Line]{Key: l.Graph + "/" + l.Task, Day: "2027-01-02", Result: l})
	}
	other := entries[0]
	other.Day, other.Result.Graph = "2026-01-01", "other"
	r := newReport(append(entries, other), campaign.Stamp{Machine: "2 cores", Commit: "abcd", Go: "go1.26", Threads: 2}, "tiny")
	got := r.markdown()
	golden := filepath.Join("testdata", "page.md")
	if *update {
		require.NoError(t, os.WriteFile(golden, []byte(got), 0o600))
	}
	want, err := os.ReadFile(golden)
	require.NoError(t, err)
	assert.Equal(t, string(want), got)
	assert.Contains(t, got, "| Louvain | 0.200 | 2.00 | 10.0 (10.0–20.0) | 3 | 20.0 | missed | so and so |")
	assert.Equal(t, []string{"pagerank: so and so"}, r.failed())
	assert.Contains(t, newReport(nil, campaign.Stamp{}, "tiny").markdown(), "nothing measured")
}

// TestResume finds everything in the ledger, so that no server is started.
func TestResume(t *testing.T) {
	folder := t.TempDir()
	document := filepath.Join(folder, "performance.md")
	require.NoError(t, os.WriteFile(document, []byte("# Performance\n"), 0o600))
	o, err := parse([]string{"-out", folder}, io.Discard)
	require.NoError(t, err)
	ledger, err := campaign.Open[Line](&o.Flags)
	require.NoError(t, err)
	for _, l := range lines() {
		require.NoError(t, ledger.Keep(l.Graph+"/"+l.Task, l))
	}
	var out, said bytes.Buffer
	err = run(context.Background(), []string{"-graph", "tiny", "-resume", "-write", "-out", folder, "-document", document}, &out, &said)
	require.ErrorIs(t, err, errDisagree, "one of them failed")
	assert.Equal(t, len(all()), bytes.Count(said.Bytes(), []byte("kept from")))
	written, err := os.ReadFile(document)
	require.NoError(t, err)
	assert.Contains(t, string(written), "## Beside Graph Data Science")
	assert.Contains(t, string(written), out.String()[:100])

	c := &contest{options: o}
	l := lines()[0]
	assert.True(t, c.finished(&l))
	for name, spoil := range map[string]func(*Line){
		"fewer rounds": func(l *Line) { l.Rounds = 4 }, "a smaller share": func(l *Line) { l.Share = 30 }, "other sources": func(l *Line) { l.Sources = 10 },
	} {
		short := l
		spoil(&short)
		assert.False(t, c.finished(&short), name)
	}
}

package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rummage/algo/flag"
	"rummage/algo/view"
	"rummage/fixtures"
	"rummage/graph"
	"rummage/graph/sqlite"
)

// seen is what is made of a store: the graph that kernels look at, and what comes of it.
type seen struct {
	view  *view.View
	leads string
}

// seenIn reads a store as flag does.
func seenIn(t *testing.T, path string) seen {
	t.Helper()
	store, err := sqlite.Open(t.Context(), path, sqlite.Options{ReadOnly: true, Holder: "test"})
	require.NoError(t, err)
	defer func() { require.NoError(t, store.Close()) }()
	reader, err := store.Within(t.Context(), graph.Scope{})
	require.NoError(t, err)
	defer func() { require.NoError(t, reader.Close()) }()
	v, err := view.Build(t.Context(), reader, view.Options{Threads: 2})
	require.NoError(t, err)
	v.Decided = 0 // the number of the last decision is all that may differ
	analysis, err := flag.Analyse(t.Context(), reader, flag.Options{Settings: flag.DefaultSettings(), Seed: 1, Threads: 2})
	require.NoError(t, err)
	unknown, known := analysis.Leads()
	text, err := json.Marshal([]any{unknown, known, analysis.Services, analysis.Exposure})
	require.NoError(t, err)
	return seen{v, string(text)}
}

// hashedIDs follow from the decisions that a run knew of, since two runs of one id are one.
var hashedIDs = regexp.MustCompile(`\b[nr]-[0-9a-f]{12,16}\b`)

// flagged runs flag on a copy of a store, which has no run yet, and returns what it and the tables say, ids of runs and networks aside.
func flagged(t *testing.T, path string) string {
	t.Helper()
	copied := inFile(filepath.Join(t.TempDir(), "copy.db"))
	answer(t, inFile(path), "backup", strings.TrimPrefix(copied[0], "RUMMAGE_STORE="))
	var all strings.Builder
	for _, args := range [][]string{{"flag"}, {"leads", "--limit", "0"}, {"networks"}, {"services"}} {
		all.WriteString(answer(t, copied, append(args, "--json")...))
	}
	return hashedIDs.ReplaceAllString(timeless(all.String()), "id")
}

// exported writes a store as the files of another program.
func exported(t *testing.T, path string) map[string]string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "out")
	answer(t, inFile(path), "export", "--all", "--format", "neo4j-import", "--out", dir)
	files, err := os.ReadDir(dir)
	require.NoError(t, err)
	all := map[string]string{}
	for _, f := range files {
		text, err := os.ReadFile(filepath.Join(dir, f.Name()))
		require.NoError(t, err)
		all[f.Name()] = string(text)
	}
	return all
}

// TestUnmergeGivesBackTheGraph joins two traders of a world and takes it back: view, leads, networks and export are what they were,
// byte by byte; while they are joined, they are not.
func TestUnmergeGivesBackTheGraph(t *testing.T) {
	fixtures.Figures(t)
	dir := t.TempDir()
	path := filepath.Join(dir, "s.db")
	env := inFile(path)
	answer(t, env, append([]string{"ingest"}, worldFiles(t, env, filepath.Join(dir, "world"), "1", "0.03")...)...)
	before, said, files := seenIn(t, path), flagged(t, path), exported(t, path)
	var traders []string
	for i := range before.view.IDs {
		if id := before.view.IDs[i]; id.Kind() == graph.Party && !before.view.Service[i] {
			traders = append(traders, string(id))
		}
	}
	require.Greater(t, len(traders), 20)
	one, other := traders[3], traders[len(traders)/2]
	for _, back := range []string{"unsure", "different"} {
		answer(t, env, "decide", other, "same", "--other", one, "--reason", "registered twice")
		joined := seenIn(t, path)
		require.Len(t, joined.view.IDs, len(before.view.IDs)-1)
		require.NotEqual(t, before.leads, joined.leads)
		require.NotEqual(t, said, flagged(t, path))

		answer(t, env, "decide", one, back, "--other", other)
		parted := seenIn(t, path)
		require.Equal(t, before.view, parted.view, back)
		require.Equal(t, before.leads, parted.leads, back)
		require.Equal(t, said, flagged(t, path), back)
	}
	for name, text := range exported(t, path) {
		switch { // decisions are never unsaid
		case strings.Contains(name, "decision"), name == "store.csv":
		case name == "import.args":
			assert.Equal(t, files[name], strings.Replace(text, "--nodes=Decision=decision.header.csv,decision.csv\n", "", 1))
		default:
			assert.Equal(t, files[name], text, name)
		}
	}
}

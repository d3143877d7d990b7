package view_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rummage/algo/view"
	"rummage/algo/view/viewtest"
	"rummage/graph"
)

func small() *viewtest.Scope {
	s := &viewtest.Scope{Range: graph.Scope{Sources: []graph.SourceID{"s-1"}, Until: 100}}
	s.Declare("1", 1, graph.Hit, tie(graph.Exporter, party("a")), tie(graph.Importer, party("b")), tie(graph.Consignee, party("c")))
	s.Declare("2", 1, graph.Hit, tie(graph.Importer, party("b")), tie(graph.Carrier, party("s")))
	s.Said = []graph.Decision{{Seq: 1, Subject: party("s"), Kind: graph.Service}}
	s.Tied = []graph.Link{{Role: graph.RegisteredAt, From: party("a"), To: graph.NewID(graph.Address, "x")}}
	return s
}

func snapshots(t *testing.T, dir string) []string {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(dir, "*"))
	require.NoError(t, err)
	return names
}

func TestCacheGivesTheSameView(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "cache")
	opts := view.Options{Cache: view.Cache{Dir: dir, Version: "1"}}
	made := build(t, small(), opts)
	assert.True(t, made.Cached.Stored)
	require.Len(t, made.Records, 1)
	require.Len(t, snapshots(t, dir), 1)
	info, err := os.Stat(snapshots(t, dir)[0])
	require.NoError(t, err)
	assert.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	again := build(t, small(), opts)
	assert.True(t, again.Cached.Used)
	assert.Empty(t, again.Cached.Note)
	assert.Equal(t, edgesOf(made), edgesOf(again))
	made.Ties, again.Ties, again.Cached, made.Cached = nil, nil, view.CacheReport{}, view.CacheReport{}
	assert.Equal(t, made, again)
}

func TestCacheAnswersOnlyTheSameQuestion(t *testing.T) {
	for name, change := range map[string]func(s *viewtest.Scope, o *view.Options){
		"sources":  func(s *viewtest.Scope, _ *view.Options) { s.Range.Sources = []graph.SourceID{"s-1", "s-2"} },
		"until":    func(s *viewtest.Scope, _ *view.Options) { s.Range.Until = 99 },
		"known on": func(s *viewtest.Scope, _ *view.Options) { s.Range.KnownOn = time.Unix(1e9, 0) },
		"decided": func(s *viewtest.Scope, _ *view.Options) {
			s.Said = []graph.Decision{{Seq: 1, Subject: party("a"), Other: party("b"), Kind: graph.Same}}
		},
		"edges":   func(_ *viewtest.Scope, o *view.Options) { o.Edges = []view.Edge{view.Partner} },
		"decay":   func(_ *viewtest.Scope, o *view.Options) { o.Decay = 90 },
		"version": func(_ *viewtest.Scope, o *view.Options) { o.Cache.Version = "2" },
	} {
		t.Run(name, func(t *testing.T) {
			opts := view.Options{Cache: view.Cache{Dir: t.TempDir(), Version: "1"}}
			build(t, small(), opts)
			s := small()
			change(s, &opts)
			v := build(t, s, opts)
			assert.False(t, v.Cached.Used)
			assert.Len(t, snapshots(t, opts.Cache.Dir), 2)
		})
	}
}

func TestBadSnapshotsAreMadeAgain(t *testing.T) {
	for name, test := range map[string]struct {
		damage func(content []byte) []byte
		note   string
	}{
		"foreign": {func([]byte) []byte {
			return []byte("PK\x03\x04 something else altogether, long enough to be looked at twice and more")
		}, "not a snapshot"},
		"empty":         {func([]byte) []byte { return nil }, "not a snapshot"},
		"cut short":     {func(c []byte) []byte { return c[:len(c)/2] }, "damaged"},
		"one bit":       {func(c []byte) []byte { c[len(c)/3] ^= 4; return c }, "damaged"},
		"another's key": {func(c []byte) []byte { c[20] ^= 4; return c }, "another question"},
		"newer version": {func(c []byte) []byte { c[8]++; return c }, "not a snapshot of this version"},
	} {
		t.Run(name, func(t *testing.T) {
			opts := view.Options{Cache: view.Cache{Dir: t.TempDir()}}
			made := build(t, small(), opts)
			path := snapshots(t, opts.Cache.Dir)[0]
			content, err := os.ReadFile(path)
			require.NoError(t, err)
			require.NoError(t, os.WriteFile(path, test.damage(content), 0o600))
			again := build(t, small(), opts)
			assert.False(t, again.Cached.Used)
			assert.True(t, again.Cached.Stored)
			assert.Contains(t, again.Cached.Note, test.note)
			assert.Equal(t, edgesOf(made), edgesOf(again))
			assert.True(t, build(t, small(), opts).Cached.Used)
		})
	}
}

func TestCacheKeepsToItsRoom(t *testing.T) {
	dir := t.TempDir()
	opts := view.Options{Cache: view.Cache{Dir: dir}}
	build(t, small(), opts)
	first := snapshots(t, dir)[0]
	info, err := os.Stat(first)
	require.NoError(t, err)
	require.NoError(t, os.Chtimes(first, time.Unix(1000, 0), time.Unix(1000, 0)))
	other := filepath.Join(dir, "notes.txt")
	require.NoError(t, os.WriteFile(other, make([]byte, 4096), 0o600))

	opts.Cache.MaxBytes = info.Size() + info.Size()/2
	opts.Decay = 10
	v := build(t, small(), opts)
	assert.True(t, v.Cached.Stored)
	assert.NoFileExists(t, first, "the oldest gives way")
	assert.FileExists(t, other, "what is not a snapshot is left alone")

	opts.Cache.MaxBytes, opts.Decay = 10, 20
	v = build(t, small(), opts)
	assert.False(t, v.Cached.Stored)
	assert.Contains(t, v.Cached.Note, "10 are allowed")
}

func TestCacheThatCannotBeWritten(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(file, nil, 0o600))
	v := build(t, small(), view.Options{Cache: view.Cache{Dir: filepath.Join(file, "cache")}})
	assert.Contains(t, v.Cached.Note, "was not stored")
	assert.Len(t, edgesOf(v), 4)
}

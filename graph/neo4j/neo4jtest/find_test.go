package neo4jtest

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// record is a test that notes how it was ended.
type record struct {
	testing.TB
	fatal, skipped string
}

func (r *record) Helper()                       {}
func (r *record) Name() string                  { return "record" }
func (r *record) Fatal(words ...any)            { r.fatal = fmt.Sprint(words...); runtime.Goexit() }
func (r *record) Skip(words ...any)             { r.skipped = fmt.Sprint(words...); runtime.Goexit() }
func (r *record) Fatalf(f string, words ...any) { r.Fatal(fmt.Sprintf(f, words...)) }

// recorded runs what may end its test.
func recorded(t *testing.T, act func(testing.TB)) *record {
	t.Helper()
	r := &record{TB: t}
	done := make(chan struct{})
	go func() { defer close(done); act(r) }()
	<-done
	return r
}

// script puts a program of a few lines into a folder.
func script(t *testing.T, folder, name, text string) {
	t.Helper()
	require.NoError(t, os.WriteFile(filepath.Join(folder, name), []byte("#!/bin/sh\n"+text+"\n"), 0o755))
}

func TestAMachineWithoutAServerSaysWhatItLacks(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("programs are not scripts here")
	}
	java, err := exec.LookPath("java")
	if err != nil {
		need(t, ErrNone)
	}
	for _, lack := range []struct {
		name  string
		lay   func(t *testing.T, bin string)
		wants []string
	}{
		{"nothing", func(*testing.T, string) {}, []string{"RUMMAGE_NEO4J: not set", "docker version", "Java 17 or later is needed"}},
		{"an old Java", func(t *testing.T, bin string) { script(t, bin, "java", `echo 'openjdk version "11.0.2"' >&2`) },
			[]string{"is Java 11, and Neo4j 5 needs 17 or later; set JAVA_HOME"}},
		{"a very old Java", func(t *testing.T, bin string) { script(t, bin, "java", `echo 'java version "1.8.0_392"' >&2`) },
			[]string{"is Java 8,"}},
		{"a strange Java", func(t *testing.T, bin string) { script(t, bin, "java", `echo hello`) }, []string{`names no version: "hello"`}},
		{"a broken Java", func(t *testing.T, bin string) { script(t, bin, "java", `echo no memory; exit 3`) }, []string{"exit status 3: no memory"}},
		{"a wrong JAVA_HOME", func(t *testing.T, bin string) { t.Setenv("JAVA_HOME", bin) }, []string{"Java 17 or later is needed"}},
		{"no Maven", func(t *testing.T, bin string) { script(t, bin, "java", "exec "+java+` "$@"`) }, []string{"Maven is not installed"}},
		{"Maven without a network", func(t *testing.T, bin string) {
			script(t, bin, "java", "exec "+java+` "$@"`)
			script(t, bin, "mvn", "echo no such host; exit 1")
		}, []string{"Maven did not get the server's jars", "no such host"}},
		{"a dead Docker engine", func(t *testing.T, bin string) {
			script(t, bin, "docker", "echo Cannot connect to the engine; exit 1")
		}, []string{"docker version: exit status 1: Cannot connect to the engine"}},
	} {
		t.Run(lack.name, func(t *testing.T) {
			bin := t.TempDir()
			t.Setenv("PATH", bin)
			t.Setenv("JAVA_HOME", "")
			lack.lay(t, bin)
			defer func(before string) { caches = before }(caches)
			caches = t.TempDir()
			err := Fetch(t.Context(), Options{})
			require.ErrorIs(t, err, ErrNone)
			for _, want := range lack.wants {
				assert.ErrorContains(t, err, want)
			}
		})
	}
}

func TestALackIsASkipUnlessAServerIsDemanded(t *testing.T) {
	t.Setenv("RUMMAGE_REQUIRE_NEO4J", "")
	r := recorded(t, func(tb testing.TB) { need(tb, ErrNone) })
	assert.Equal(t, "", r.fatal)
	assert.Contains(t, r.skipped, "no Neo4j server can be had here")
	t.Setenv("RUMMAGE_REQUIRE_NEO4J", "1")
	r = recorded(t, func(tb testing.TB) { need(tb, ErrNone) })
	assert.Contains(t, r.fatal, "no Neo4j server can be had here")
	assert.Empty(t, r.skipped)
}

func TestSettingsOfTheCallerWin(t *testing.T) {
	assert.Equal(t, []string{"b=2", "a=3", "c=1"}, merged("a=1", "b=2", "a=3", "c=1"))
	c := &container{name: "name"}
	words, err := c.words(Options{Port: 1, HTTP: true, HTTPPort: 2, GDS: true, Settings: []string{"db.tx_log.preallocate=true"}}.filled(),
		"folder", "secret")
	require.NoError(t, err)
	for _, want := range []string{
		"127.0.0.1:1:7687", "127.0.0.1:2:7474", "folder/data:/data", "NEO4J_AUTH=neo4j/secret", `NEO4J_PLUGINS=["graph-data-science"]`,
		"NEO4J_db_tx__log_preallocate=true", "NEO4J_server_memory_heap_max__size=512m",
	} {
		assert.Contains(t, words, want)
	}
	assert.NotContains(t, words, "NEO4J_db_tx__log_preallocate=false")
	assert.Equal(t, image, words[len(words)-1])
}

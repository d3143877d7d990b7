package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rummage/graph/neo4j/neo4jtest"
)

// TestPlacesThatNoStoreIsAt are refused as mistakes of the caller, before any server is asked or any file made.
func TestPlacesThatNoStoreIsAt(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	csv := filepath.Join(dir, "a.csv")
	require.NoError(t, os.WriteFile(csv, []byte("a,b\n1,2\n"), 0o600))
	const dump = "a store in a Neo4j server is backed up with neo4j-admin database dump, or copied into a file with rummage copy --to FILE"
	tests := map[string]struct {
		args []string
		says []string
	}{
		"host and port":            {[]string{"sources", "--store", "localhost:7687"}, []string{"did you mean bolt://localhost:7687?"}},
		"host and port, to ingest": {[]string{"ingest", csv, "--store", "localhost:7687"}, []string{"did you mean bolt://localhost:7687?", "--store ./localhost:7687"}},
		"host and port, to copy":   {[]string{"copy", "--from", "graph.example.org:7687", "--to", "x.db"}, []string{"did you mean bolt://graph.example.org:7687?", "--from bolt://"}},
		"host and port, restored":  {[]string{"restore", csv, "--store", "[::1]:7687"}, []string{"did you mean bolt://[::1]:7687?"}},
		"a path behind the host":   {[]string{"sources", "--store", "bolt://127.0.0.1:1/neo4j"}, []string{"name the database with --neo4j-database"}},
		"a user in the address":    {[]string{"sources", "--store", "bolt://li@127.0.0.1:1"}, []string{"neo4j-user", "RUMMAGE_NEO4J_PASSWORD", "neo4j-password-file"}},
		"another scheme":           {[]string{"sources", "--store", "http://127.0.0.1:1"}, []string{"bolt://localhost:7687"}},
		"the server's own":         {[]string{"sources", "--store", "bolt://127.0.0.1:1", "--neo4j-database", "system"}, []string{"keeps its users and databases"}},
		"a path, to compare with":  {[]string{"selftest", "--gds", "--store", "bolt://127.0.0.1:1/neo4j"}, []string{"name the database with --neo4j-database"}},
		"backup of a server":       {[]string{"backup", "b.db", "--store", "bolt://127.0.0.1:1"}, []string{"backup: " + dump}},
		"restore to a server":      {[]string{"restore", csv, "--store", "bolt://127.0.0.1:1"}, []string{"restore: " + dump}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			var out, errs bytes.Buffer
			code := do(t, process{stdout: &out, stderr: &errs}, test.args...)
			assert.Equal(t, 2, code, errs.String())
			for _, words := range append(test.says, "next: ") {
				assert.Contains(t, errs.String(), words)
			}
			left, err := os.ReadDir(dir)
			require.NoError(t, err)
			assert.Len(t, left, 1, "nothing is made")
		})
	}
	if runtime.GOOS == "windows" { // no file has a colon in its name there
		return
	}
	var out, errs bytes.Buffer
	for _, args := range [][]string{{"ingest", csv, "--store", "./localhost:7687"}, {"sources", "--store", "localhost:7687"}} {
		assert.NotEqual(t, 2, do(t, process{stdout: &out, stderr: &errs}, args...), "a file of that name can be a store: %s", errs.String())
	}
}

// TestWhyTellsWhereTheFilesAreNot names rows whose files were kept, and why they cannot be shown from here.
func TestWhyTellsWhereTheFilesAreNot(t *testing.T) {
	server, dir := neo4jtest.Shared(t), t.TempDir()
	kept, other := onServer(server, filepath.Join(dir, "kept")), filepath.Join(dir, "other")
	files := worldFiles(t, kept, filepath.Join(dir, "world"), "1", "0.02")
	answer(t, kept, append([]string{"ingest"}, files...)...)
	const id = "consignment/rummage/22JP000000001"
	whole := answer(t, kept, "why", id)
	assert.NotContains(t, whole, "cannot be shown")
	const mend = "compare its SHA-256 with your own"
	for folder, says := range map[string]string{
		other: "the file cannot be shown: it is not in the evidence folder " + other + ": the evidence of this store was kept elsewhere",
		"":    "the file cannot be shown: its bytes were kept, and no evidence folder is named; --evidence names it; " + mend,
	} {
		said := answer(t, onServer(server, folder), "why", id, "--output", "table")
		assert.Contains(t, said, says)
		assert.Contains(t, said, mend)
		assert.Contains(t, said, "SHA-256 ")
		assert.NotContains(t, said, "--no-evidence")
	}
	assert.NoDirExists(t, other)
}

func TestWhyTellsWhoMayNotReadTheFile(t *testing.T) {
	err := fmt.Errorf("evidence: %w", &fs.PathError{Op: "open", Path: "/srv/kept.zst", Err: fs.ErrPermission})
	assert.Equal(t, "the file cannot be shown: this account lacks the permission to read /srv/kept.zst", unshown(err))
	assert.Empty(t, unshown(errors.New("disk on fire")))
	assert.Empty(t, unshown(nil))
}

// eventually waits until it is so, on the test's own goroutine.
func eventually(t *testing.T, so func() bool) {
	t.Helper()
	for end := time.Now().Add(5 * time.Minute); !so(); time.Sleep(20 * time.Millisecond) {
		require.True(t, time.Now().Before(end), "it did not come to be")
	}
}

// TestAPurgeThatIsInterruptedIsFinishedByAnother says what was left, and the next purge of the source ends well.
func TestAPurgeThatIsInterruptedIsFinishedByAnother(t *testing.T) {
	ctx := context.Background()
	server, dir := neo4jtest.Shared(t), t.TempDir()
	env := onServer(server, filepath.Join(dir, "evidence"))
	file := worldFiles(t, env, filepath.Join(dir, "world"), "1", "0.02")[0]
	answer(t, env, "ingest", file)
	session := server.Driver(t).NewSession(ctx, neo4j.SessionConfig{DatabaseName: server.Database})
	defer func() { require.NoError(t, session.Close(ctx)) }()
	holding, err := session.BeginTransaction(ctx)
	require.NoError(t, err)
	result, err := holding.Run(ctx, "MATCH (n) WHERE n:Entity OR n:Consignment SET n.held = true", nil) // the erasing waits for these
	require.NoError(t, err)
	_, err = result.Consume(ctx)
	require.NoError(t, err)

	stopping, stop := context.WithCancel(ctx)
	defer stop()
	var out, errs bytes.Buffer
	code := make(chan int, 1)
	go func() {
		code <- int(run(stopping, process{args: []string{"purge", filepath.Base(file), "--yes"}, stdin: strings.NewReader(""), stdout: &out, stderr: &errs, env: env}))
	}()
	hidden := func() bool { return strings.Contains(answer(t, env, "sources", "--json"), `"state": "purging"`) }
	eventually(t, hidden)
	stop()
	assert.Equal(t, 130, <-code)
	require.NoError(t, holding.Rollback(ctx))
	assert.Contains(t, errs.String(), "it is hidden, and its erasure is unfinished; purge it again")
	assert.Regexp(t, `next: rummage purge s-[0-9a-f]+ --yes`, errs.String())

	// The server takes a moment to see that the connection of the purge is gone.
	eventually(t, func() bool {
		out.Reset()
		return do(t, process{stdout: &out, stderr: &errs, env: env}, "check") == 1
	})
	assert.Contains(t, out.String(), "its erasure was broken off")
	assert.Contains(t, answer(t, env, "purge", filepath.Base(file), "--yes"), "purged")
	assert.Contains(t, answer(t, env, "check", "--json"), `"ok": true`)
}

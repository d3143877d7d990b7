package main

import (
	"bytes"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
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

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"
	"github.com/rogpeppe/go-internal/testscript"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rummage/fixtures"
	"rummage/graph/neo4j/neo4jtest"
)

// onServer is the environment in which commands use a server's database.
func onServer(s *neo4jtest.Server, evidence string) []string {
	cache := ""
	if evidence != "" {
		cache = filepath.Join(filepath.Dir(evidence), "cache") // where the lock of the job lies
	}
	return []string{
		"RUMMAGE_STORE=" + s.Address, "RUMMAGE_NEO4J_USER=" + s.User, "RUMMAGE_NEO4J_PASSWORD=" + s.Password,
		"RUMMAGE_NEO4J_DATABASE=" + s.Database, "RUMMAGE_EVIDENCE=" + evidence, "RUMMAGE_THREADS=2",
		"RUMMAGE_CACHE=" + cache, "USER=kim",
	}
}

// TestScriptsOnAServer runs scripts that name no file as their store once more, with their store in Neo4j: what they say is the same.
func TestScriptsOnAServer(t *testing.T) {
	fixtures.Figures(t)
	for _, name := range []string{"said", "services", "walk", "runs"} {
		t.Run(name, func(t *testing.T) {
			server := neo4jtest.Shared(t)
			testscript.Run(t, testscript.Params{
				Files:               []string{filepath.Join("testdata", "script", name+".txtar")},
				RequireExplicitExec: true,
				Cmds:                map[string]func(*testscript.TestScript, bool, []string){"take": take},
				Condition:           condition,
				Setup: func(env *testscript.Env) error {
					env.Setenv("HOME", env.WorkDir)
					for _, line := range onServer(server, filepath.Join(env.WorkDir, "evidence")) {
						key, value, _ := strings.Cut(line, "=")
						if key != "RUMMAGE_CACHE" {
							env.Setenv(key, value)
						}
					}
					return nil
				},
			})
		})
	}
}

// answer runs a command and returns what it printed.
func answer(t *testing.T, env []string, args ...string) string {
	t.Helper()
	var out, errs bytes.Buffer
	code := do(t, process{stdout: &out, stderr: &errs, env: env}, args...)
	require.Zero(t, code, "%v\n%s%s", args, out.String(), errs.String())
	return out.String()
}

// runTimes are where an answer says when a run had finished, which is another time for each store.
var runTimes = regexp.MustCompile(`"finished": "[^"]+"`)

// timeless is an answer without these times.
func timeless(answer string) string { return runTimes.ReplaceAllString(answer, `"finished": "then"`) }

// inFile is the environment in which commands use a file.
func inFile(path string) []string {
	evidence := filepath.Join(filepath.Dir(path), "evidence") // which export writes
	return []string{"RUMMAGE_STORE=" + path, "RUMMAGE_THREADS=2", "RUMMAGE_CACHE=", "RUMMAGE_EVIDENCE=" + evidence, "USER=kim"}
}

// TestOneWorldFlaggedFromBothStores writes a small world into a file and, row by row, into a server: what is asked of them is
// answered with the same bytes.
func TestOneWorldFlaggedFromBothStores(t *testing.T) {
	fixtures.Figures(t)
	dir := t.TempDir()
	file, server := inFile(filepath.Join(dir, "s.db")), onServer(neo4jtest.Shared(t), filepath.Join(dir, "evidence"))
	files := worldFiles(t, file, filepath.Join(dir, "world"), "2", "0.03")
	answer(t, file, append([]string{"ingest"}, files...)...)
	answer(t, server, append([]string{"ingest"}, files...)...)
	for _, args := range [][]string{{"flag"}, {"leads"}, {"networks"}, {"services"}} {
		args = append(args, "--json")
		require.Equal(t, timeless(answer(t, file, args...)), timeless(answer(t, server, args...)), args)
	}
	require.Contains(t, answer(t, server, "check", "--json"), `"ok": true`)
}

// worldFiles simulates a world and returns its files.
func worldFiles(t *testing.T, env []string, dir, seed, scale string) []string {
	t.Helper()
	answer(t, env, "simulate", "--level", "L2", "--seed", seed, "--scale", scale, "--out", dir)
	files, err := filepath.Glob(filepath.Join(dir, "*.csv"))
	require.NoError(t, err)
	require.NotEmpty(t, files)
	return files
}

// TestLoadedStoresAreFlaggedAsTheirFiles takes a world, then the Korean declarations and the list of OFAC, into files, from there by
// neo4j-admin into a server, and flags both. The server completes what was loaded when flag, the first command to write, opens it.
func TestLoadedStoresAreFlaggedAsTheirFiles(t *testing.T) {
	fixtures.Figures(t)
	loaded := neo4jtest.Own(t, neo4jtest.Options{Heap: "1g"})
	worldIsFlaggedAsItsFile(t, loaded)

	dir := t.TempDir()
	file, server := inFile(filepath.Join(dir, "s.db")), onServer(loaded, filepath.Join(dir, "evidence"))
	var files []string
	for _, pattern := range []string{"../../fixtures/korean-customs/*.csv.gz", "../../fixtures/ofac/*.csv.gz"} {
		found, err := filepath.Glob(pattern)
		require.NoError(t, err)
		require.NotEmpty(t, found)
		files = append(files, found...)
	}
	load(t, loaded, dir, file, files)
	want := answer(t, file, "flag", "--json")
	require.Equal(t, want, answer(t, server, "flag", "--json"))
	require.Contains(t, want, `"networks": []`, "the declarations are a negative control")
	for _, args := range [][]string{{"sources"}, {"why", "consignment/kr-decl/97061800"}, {"search", "kim"}} {
		args = append(args, "--json")
		require.Equal(t, timeless(answer(t, file, args...)), timeless(answer(t, server, args...)), args)
	}
	require.Contains(t, answer(t, server, "check", "--json"), `"ok": true`)
	loadCaseFile(t, loaded)
}

// worldIsFlaggedAsItsFile takes a world into a file and from there into the server.
func worldIsFlaggedAsItsFile(t *testing.T, loaded *neo4jtest.Server) {
	t.Helper()
	dir := t.TempDir()
	file, server := inFile(filepath.Join(dir, "s.db")), onServer(loaded, filepath.Join(dir, "evidence"))
	load(t, loaded, dir, file, worldFiles(t, file, filepath.Join(dir, "world"), "1", "0.2"))
	want := answer(t, file, "flag", "--json")
	require.Equal(t, want, answer(t, server, "flag", "--json"))
	first := networkIn(t, want)
	for _, args := range [][]string{{"explain", first}, {"networks", first}, {"leads"}, {"services"}} {
		args = append(args, "--json")
		require.Equal(t, timeless(answer(t, file, args...)), timeless(answer(t, server, args...)), args)
	}
	askGuide(t, loaded, want)
}

// load ingests files into a file of its own and lets neo4j-admin load that into the server.
func load(t *testing.T, loaded *neo4jtest.Server, dir string, file, files []string) {
	t.Helper()
	answer(t, file, append([]string{"ingest"}, files...)...)
	out := filepath.Join(dir, "files")
	said := answer(t, append(file, "RUMMAGE_EVIDENCE="+filepath.Join(dir, "evidence")), "export", "--all", "--format", "neo4j-import", "--out", out, "--json")
	require.Contains(t, said, `"command": "neo4j-admin database import full @import.args neo4j"`)
	loaded.Load(t, out, "import.args")
}

// networkIn returns the id of a run's first network.
func networkIn(t *testing.T, run string) string {
	t.Helper()
	var r struct{ Networks []struct{ ID string } }
	require.NoError(t, json.Unmarshal([]byte(run), &r))
	require.NotEmpty(t, r.Networks)
	return r.Networks[0].ID
}

// cypherBlock finds the queries of a document.
var cypherBlock = regexp.MustCompile("(?s)```cypher\n(.*?)```")

// askGuide runs every query that docs/neo4j.md shows, over a world that was flagged. Each must find something.
func askGuide(t *testing.T, server *neo4jtest.Server, flagged string) {
	t.Helper()
	ctx := context.Background()
	var run struct {
		Networks []struct {
			ID      string
			Members []struct{ ID, Name string }
		}
	}
	require.NoError(t, json.Unmarshal([]byte(flagged), &run))
	members := run.Networks[0].Members
	parameters := map[string]any{
		"text": strings.Fields(members[0].Name)[0], "network": run.Networks[0].ID, "consignment": "consignment/rummage/22JP000000001",
	}
	guide, err := os.ReadFile("../../docs/neo4j.md")
	require.NoError(t, err)
	queries := cypherBlock.FindAllStringSubmatch(string(guide), -1)
	require.GreaterOrEqual(t, len(queries), 10)
	session := server.Driver(t).NewSession(ctx, neo4j.SessionConfig{AccessMode: neo4j.AccessModeRead, DatabaseName: server.Database})
	for _, query := range queries {
		found := 0
		for i := 0; i < len(members) && found == 0; i++ {
			parameters["id"] = members[i].ID
			result, err := session.Run(ctx, query[1], parameters)
			require.NoError(t, err, query[1])
			rows, err := result.Collect(ctx)
			require.NoError(t, err, query[1])
			found = len(rows)
		}
		assert.NotZero(t, found, query[1])
	}
	require.NoError(t, session.Close(ctx))
}

// TestServersThatCannotBeUsed tells what is wrong and what to do, with the exit code of stores.
func TestServersThatCannotBeUsed(t *testing.T) {
	server := neo4jtest.Shared(t)
	dir := t.TempDir()
	good := onServer(server, filepath.Join(dir, "evidence"))
	tests := map[string]struct{ change, says, next string }{
		"wrong password":    {"RUMMAGE_NEO4J_PASSWORD=wrong-password", "password", "neo4j-user"},
		"no such database":  {"RUMMAGE_NEO4J_DATABASE=elsewhere", "elsewhere", "neo4j-database"},
		"nobody listens":    {"RUMMAGE_STORE=bolt://127.0.0.1:1", "127.0.0.1:1", "--store"},
		"no TLS":            {"RUMMAGE_STORE=" + strings.Replace(server.Address, "bolt://", "bolt+s://", 1), "TLS", "bolt://"},
		"nothing in it yet": {"RUMMAGE_NEO4J_USER=" + server.User, "is empty", "rummage ingest FILE"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			var out, errs bytes.Buffer
			code := do(t, process{stdout: &out, stderr: &errs, env: append(good, test.change)}, "sources")
			assert.Equal(t, 5, code, errs.String())
			assert.Contains(t, errs.String(), test.says)
			assert.Contains(t, errs.String(), "next: ")
			assert.Contains(t, errs.String(), test.next)
			assert.NotContains(t, errs.String(), server.Password)
		})
	}
}

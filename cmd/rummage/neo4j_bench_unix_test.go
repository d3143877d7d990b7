//go:build unix

package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rummage/graph/neo4j/neo4jtest"
)

// BenchmarkBulk brings a million simulated declarations from a file into a server by the way of neo4j-admin, and flags them there: the
// files, their loading (the server's stop and start among it), the first flag, which makes constraints and indexes and reads
// everything, and the second, which has its graph from the snapshot.
func BenchmarkBulk(b *testing.B) {
	dir := b.TempDir()
	world, store, cache, files := filepath.Join(dir, "world"), filepath.Join(dir, "store"), filepath.Join(dir, "cache"), filepath.Join(dir, "files")
	measure(b, "simulate", "--scale", "10", "--seed", "1", "--checks=false", "--out", world)
	args := []string{"ingest", "--no-evidence", "--store", store}
	for _, name := range tables() {
		args = append(args, filepath.Join(world, name))
	}
	measure(b, args...)
	server := neo4jtest.Own(b, neo4jtest.Options{Measured: true, Heap: "2g"})
	secret := filepath.Join(dir, "password")
	require.NoError(b, os.WriteFile(secret, []byte(server.Password+"\n"), 0o600))
	in := []string{"--store", server.Address, "--neo4j-user", server.User, "--neo4j-password-file", secret, "--evidence", "", "--cache", cache}
	b.Run("files", func(b *testing.B) {
		for b.Loop() {
			require.NoError(b, os.RemoveAll(files))
			r := measure(b, "export", "--all", "--format", "neo4j-import", "--store", store, "--out", files, "--evidence", "")
			var wrote bulkAnswer
			require.NoError(b, json.Unmarshal(r.answer, &wrote))
			b.ReportMetric(float64(wrote.Nodes+wrote.Relationships)/r.wall.Seconds(), "rows/s")
			r.report(b)
		}
	})
	b.Run("load", func(b *testing.B) {
		for b.Loop() {
			start := time.Now()
			server.Load(b, files, "import.args")
			b.ReportMetric(time.Since(start).Seconds(), "wall-s")
		}
	})
	for _, name := range []string{"first-flag", "second-flag"} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				r := measure(b, append([]string{"flag"}, in...)...)
				r.report(b)
			}
		})
	}
}

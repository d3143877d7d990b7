//go:build unix

package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestSideThatLies runs a side in another language, which answers everything with zeros.
func TestSideThatLies(t *testing.T) {
	const shell = "/bin/sh"
	folder := t.TempDir()
	script := filepath.Join(folder, "zeros")
	// It takes the name of the file to write to from the question, and makes it of 2400 bytes: a number for each of 300 nodes.
	require.NoError(t, os.WriteFile(script, []byte(`echo '{"version":"zeros 1.0"}'
while read -r line; do
  file=$(printf '%s' "$line" | sed -n 's/.*"answer":"\([^"]*\)".*/\1/p')
  if [ -n "$file" ]; then head -c 2400 /dev/zero >"$file"; fi
  echo '{"seconds":[0.5],"digest":"00"}'
done
`), 0o600))
	var out, said bytes.Buffer
	err := run(context.Background(), []string{
		"-graphs", "tiny", "-tasks", "pagerank", "-sides", "igraph", "-rounds", "2", "-out", folder, "-python", shell, "-script", script,
	}, &out, &said)
	require.ErrorIs(t, err, errDisagree)
	assert.Contains(t, err.Error(), "pagerank on tiny, against igraph")
	assert.Contains(t, out.String(), "**fails**: L1 distance 1")
	assert.Contains(t, out.String(), "zeros 1.0")
}

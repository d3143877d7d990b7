//go:build linux || darwin

package read_test

import (
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"rummage/ingest/read"
)

// A pipe to which nobody writes must not hold up the import.
func TestPipeIsRefusedAtOnce(t *testing.T) {
	path := t.TempDir() + "/pipe.csv"
	require.NoError(t, syscall.Mkfifo(path, 0o600))
	_, err := read.OpenFile(path)
	require.ErrorIs(t, err, read.ErrNotFile)
	require.ErrorContains(t, err, "is a pipe or device; save it to a file first")
}

//go:build linux || darwin

package hostile

import (
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
)

// pipe makes a pipe to which nobody writes.
func pipe(t testing.TB, path string) {
	t.Helper()
	require.NoError(t, syscall.Mkfifo(path, 0o600))
}

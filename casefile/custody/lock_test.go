package custody

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestOthersOfAnOfficeMayWait for the lock: it has the mode of any file that is to be read by all, as far as the process may give that.
func TestOthersOfAnOfficeMayWait(t *testing.T) {
	path := filepath.Join(t.TempDir(), "case-7.zip")
	require.NoError(t, alone(t.Context(), path, func() error {
		lock, err := os.Stat(LogFile(path) + ".lock")
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(path, nil, lockMode))
		plain, err := os.Stat(path)
		require.NoError(t, err)
		assert.Equal(t, plain.Mode(), lock.Mode())
		return nil
	}))
}

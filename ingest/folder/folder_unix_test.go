//go:build linux || darwin

package folder_test

import (
	"io/fs"
	"os"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

func TestPipesAreNoFiles(t *testing.T) {
	grow(t, "in/a.csv")
	require.NoError(t, unix.Mkfifo("in/pipe.csv", 0o600))
	require.Equal(t, "in/a.csv\n- in/pipe.csv no regular file", said(find(t, "in")))
}

// TestAFolderThatCannotBeRead does not keep the others out, and is told.
func TestAFolderThatCannotBeRead(t *testing.T) {
	grow(t, "in/a.csv", "in/closed/b.csv", "in/d/c.csv")
	require.NoError(t, os.Chmod("in/closed", 0))
	t.Cleanup(func() { _ = os.Chmod("in/closed", 0o700) })
	if _, err := os.ReadDir("in/closed"); err == nil {
		// Who may read everything meets no such folder; then it is one like the others.
		require.Equal(t, "in/a.csv\nin/closed/b.csv\nin/d/c.csv", said(find(t, "in")))
		return
	}
	found := find(t, "in")
	require.Equal(t, []string{"in/a.csv", "in/d/c.csv"}, found.Files)
	require.Len(t, found.Failed, 1)
	require.Equal(t, "in/closed", found.Failed[0].Path)
	require.ErrorIs(t, found.Failed[0].Err, fs.ErrPermission)
}

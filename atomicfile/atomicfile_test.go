package atomicfile_test

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rummage/atomicfile"
)

func TestAFileIsReplacedWhole(t *testing.T) {
	path := filepath.Join(t.TempDir(), "marks.json")
	require.NoError(t, atomicfile.Write(path, 0o600, []byte("old and long")))
	require.NoError(t, atomicfile.Write(path, 0o644, []byte("new")))
	content, err := os.ReadFile(path)
	require.NoError(t, err)
	assert.Equal(t, "new", string(content))
	info, err := os.Stat(path)
	require.NoError(t, err)
	assert.Equal(t, fs.FileMode(0o644), info.Mode().Perm())
	alone(t, path)
}

func TestAFailureLeavesTheOldFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "marks.json")
	require.NoError(t, atomicfile.Write(path, 0o600, []byte("old")))
	full := errors.New("the disk is full")
	err := atomicfile.Fill(path, 0o600, func(w io.Writer) error {
		_, _ = io.WriteString(w, "half of the")
		entries, err := os.ReadDir(filepath.Dir(path))
		require.NoError(t, err)
		assert.Len(t, entries, 2, "it is written beside")
		return full
	})
	require.ErrorIs(t, err, full)
	content, err := os.ReadFile(path)
	require.NoError(t, err)
	assert.Equal(t, "old", string(content))
	alone(t, path)

	folder := t.TempDir()
	require.Error(t, atomicfile.Write(folder, 0o600, []byte("a folder is in the way")))
	entries, err := os.ReadDir(filepath.Dir(folder))
	require.NoError(t, err)
	assert.Len(t, entries, 2, "the two folders of this test")
	require.ErrorIs(t, atomicfile.Write(filepath.Join(folder, "none", "x"), 0o600, []byte("")), fs.ErrNotExist)
}

// alone checks that nothing stands beside a file.
func alone(t *testing.T, path string) {
	t.Helper()
	entries, err := os.ReadDir(filepath.Dir(path))
	require.NoError(t, err)
	assert.Len(t, entries, 1)
}

func TestAFileInTheWorkingFolder(t *testing.T) {
	t.Chdir(t.TempDir())
	require.NoError(t, atomicfile.Write("x", 0o600, []byte("here")))
	assert.FileExists(t, "x")
}

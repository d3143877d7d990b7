package view_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"rummage/algo/view"
)

func TestClearDeletesSnapshotsAlone(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"a.view", "new-1.view", "notes.txt"} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte("x"), 0o600))
	}
	require.NoError(t, os.Mkdir(filepath.Join(dir, "folder.view"), 0o700))
	cache := view.Cache{Dir: dir}
	n, err := cache.Clear()
	require.NoError(t, err)
	require.Equal(t, 2, n)
	left, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Len(t, left, 2)

	nowhere := view.Cache{Dir: filepath.Join(dir, "nowhere")}
	n, err = nowhere.Clear()
	require.NoError(t, err)
	require.Zero(t, n)
	none := view.Cache{}
	n, err = none.Clear()
	require.NoError(t, err)
	require.Zero(t, n)
	file := view.Cache{Dir: filepath.Join(dir, "notes.txt")}
	_, err = file.Clear()
	require.ErrorContains(t, err, "view: clear: ")
}

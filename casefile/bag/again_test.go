package bag_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rummage/casefile/bag"
)

// TestAFolderIsPackedAsItsZipFileIs: a bag in a folder gives the zip file that it would have been, with the same id.
func TestAFolderIsPackedAsItsZipFileIs(t *testing.T) {
	folder, zipped := build(t, bag.Options{Key: key()}), build(t, bag.Options{Key: key(), Zip: true})
	b, err := bag.Open(t.Context(), folder)
	require.NoError(t, err)
	defer b.Close()
	var packed bytes.Buffer
	require.NoError(t, b.Pack(&packed, "case-7"))
	want, err := os.ReadFile(zipped)
	require.NoError(t, err)
	assert.True(t, bytes.Equal(want, packed.Bytes()))
	require.ErrorIs(t, b.Pack(io.Discard, "a/../b"), bag.ErrPath)
	_, err = b.Offset("README.txt")
	require.ErrorIs(t, err, fs.ErrNotExist)

	z, err := bag.Open(t.Context(), zipped)
	require.NoError(t, err)
	defer z.Close()
	assert.Equal(t, b.Report.ID, z.Report.ID)
	assert.Equal(t, b.Report.ID, verified(t, build(t, bag.Options{})).ID, "signed or not")
	for name, text := range content {
		at, err := z.Offset(name)
		require.NoError(t, err)
		assert.Equal(t, text, string(want[at:at+int64(len(text))]))
	}
	_, err = z.Offset("none")
	require.ErrorIs(t, err, fs.ErrNotExist)

	for path, is := range map[string]bool{folder: true, zipped: true, filepath.Dir(folder): false, filepath.Join(folder, "bagit.txt"): false, "none": false} {
		assert.Equal(t, is, bag.Is(path), path)
	}
}

// TestWhatIsStampedCoversAll: the signature where there is one, else a tag manifest.
func TestWhatIsStampedCoversAll(t *testing.T) {
	for path, want := range map[string]string{build(t, bag.Options{Key: key()}): "signature-ed25519.txt", build(t, bag.Options{}): "tagmanifest-sha256.txt"} {
		name, content := verified(t, path).Stamped()
		assert.Equal(t, want, name)
		file, err := os.ReadFile(filepath.Join(path, name))
		require.NoError(t, err)
		assert.Equal(t, file, content)
	}
}

// TestBeforeItGetsItsPlace the id is told, all files can be read, and an error takes the bag back.
func TestBeforeItGetsItsPlace(t *testing.T) {
	for _, zip := range []bool{false, true} {
		folder := t.TempDir()
		target := filepath.Join(folder, "case-7")
		var w *bag.Writer
		told, refused := "", errors.New("not to leave")
		seen := map[string]string{}
		w, err := bag.Create(target, bag.Options{Zip: zip, Before: func(id string) error {
			told = id
			_, err := os.Lstat(target)
			require.ErrorIs(t, err, fs.ErrNotExist)
			require.NoError(t, w.Each(func(name string, content io.Reader) error {
				text, err := io.ReadAll(content)
				seen[name] = string(text)
				return err
			}))
			return refused
		}})
		require.NoError(t, err)
		f, err := w.File("a.txt")
		require.NoError(t, err)
		_, err = fmt.Fprint(f, "text")
		require.NoError(t, err)
		require.NoError(t, f.Close())
		require.ErrorIs(t, w.Close(), refused)
		assert.Len(t, told, 64)
		assert.Equal(t, "text", seen["data/a.txt"])
		assert.Contains(t, seen["bag-info.txt"], "Payload-Oxum")
		left, err := os.ReadDir(folder)
		require.NoError(t, err)
		assert.Empty(t, left)
	}
}

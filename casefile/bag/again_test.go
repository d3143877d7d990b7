package bag_test

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
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
	want, err := os.ReadFile(zipped)
	require.NoError(t, err)
	file, err := os.Create(filepath.Join(t.TempDir(), "packed.zip"))
	require.NoError(t, err)
	packed, err := b.Pack(t.Context(), file, "case-7")
	require.NoError(t, err)
	defer packed.Close()
	_, err = b.Pack(t.Context(), file, "a/../b")
	require.ErrorIs(t, err, bag.ErrPath)
	_, err = b.Offset("README.txt")
	require.ErrorIs(t, err, fs.ErrNotExist)
	none, _ := b.Zip()
	assert.Nil(t, none)

	z, err := bag.Open(t.Context(), zipped)
	require.NoError(t, err)
	defer z.Close()
	assert.Equal(t, b.Report.ID, z.Report.ID)
	for _, one := range []*bag.Bag{z, packed} {
		whole, sum := one.Zip()
		got, err := io.ReadAll(whole)
		require.NoError(t, err)
		assert.True(t, bytes.Equal(want, got))
		assert.Equal(t, sha256.Sum256(want), sum)
	}
	assert.Equal(t, b.Report.ID, verified(t, build(t, bag.Options{})).ID, "signed or not")
	for name, text := range content {
		at, err := z.Offset(name)
		require.NoError(t, err)
		assert.Equal(t, text, string(want[at:at+int64(len(text))]))
		file, err := packed.File(name)
		require.NoError(t, err)
		got, err := io.ReadAll(file)
		require.NoError(t, err)
		assert.Equal(t, text, string(got))
	}
	_, err = z.Offset("none")
	require.ErrorIs(t, err, fs.ErrNotExist)

	for path, is := range map[string]bool{folder: true, zipped: true, filepath.Dir(folder): false, filepath.Join(folder, "bagit.txt"): false, "none": false} {
		assert.Equal(t, is, bag.Is(path), path)
	}
}

// TestWhatIsPackedIsWhatWasVerified changes a folder after it was opened, and a list whose checksum is 0, which readers do not check.
func TestWhatIsPackedIsWhatWasVerified(t *testing.T) {
	folder := build(t, bag.Options{})
	b, err := bag.Open(t.Context(), folder)
	require.NoError(t, err)
	defer b.Close()
	put(t, folder, "data/README.txt", "What this is!\n")
	file, err := os.Create(filepath.Join(t.TempDir(), "packed.zip"))
	require.NoError(t, err)
	defer file.Close()
	_, err = b.Pack(t.Context(), file, "case-7")
	require.ErrorIs(t, err, bag.ErrDamaged)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = b.Pack(ctx, file, "case-7")
	require.ErrorIs(t, err, context.Canceled)

	zipped := build(t, bag.Options{Zip: true})
	whole, err := os.ReadFile(zipped)
	require.NoError(t, err)
	sum := binary.LittleEndian.AppendUint32(nil, crc32.ChecksumIEEE([]byte(content["README.txt"])))
	require.Equal(t, 2, bytes.Count(whole, sum), "ahead of the file, and in the list")
	require.NoError(t, os.WriteFile(zipped, bytes.ReplaceAll(whole, sum, make([]byte, 4)), 0o600))
	assert.Equal(t, []bag.Problem{{Path: "data/README.txt", Problem: "cannot be read: its size or its checksum is not the one that the zip file lists"}},
		verified(t, zipped).Problems)
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
		assert.Equal(t, seen["tagmanifest-sha256.txt"], string(w.Stamped()))
		assert.Equal(t, "text", seen["data/a.txt"])
		assert.Contains(t, seen["bag-info.txt"], "Payload-Oxum")
		left, err := os.ReadDir(folder)
		require.NoError(t, err)
		assert.Empty(t, left)
	}
}

// TestPackedToMislead has files twice, or with a way out of the folder: nobody is told to unpack that, and nobody takes it for data.
func TestPackedToMislead(t *testing.T) {
	whole, err := os.ReadFile(build(t, bag.Options{Zip: true}))
	require.NoError(t, err)
	list, err := zip.NewReader(bytes.NewReader(whole), int64(len(whole)))
	require.NoError(t, err)
	for extra, want := range map[string]string{list.File[0].Name: "twice", "case/../../x": "leads out", `case\x`: "leads out"} {
		var again bytes.Buffer
		w := zip.NewWriter(&again)
		for _, f := range list.File {
			_, err := w.Create(f.Name)
			require.NoError(t, err)
		}
		_, err := w.Create(extra)
		require.NoError(t, err)
		require.NoError(t, w.Close())
		path := filepath.Join(t.TempDir(), "again.zip")
		require.NoError(t, os.WriteFile(path, again.Bytes(), 0o600))
		problems := verified(t, path).Problems
		require.Len(t, problems, 1)
		assert.Contains(t, problems[0].Problem, want)
		assert.Contains(t, problems[0].Problem, "do not unpack it")
		assert.True(t, bag.Is(path))
		_, err = bag.Open(t.Context(), path)
		require.ErrorIs(t, err, bag.ErrDamaged)
		require.NotErrorIs(t, err, bag.ErrAnew)
	}
}

package custody_test

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gofrs/flock"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rummage/casefile/custody"
)

var (
	id   = strings.Repeat("ab", 32)
	noon = time.Date(2027, 1, 31, 12, 0, 0, 0, time.FixedZone("HKT", 8*3600))
	key  = ed25519.NewKeyFromSeed(bytes.Repeat([]byte{7}, ed25519.SeedSize))
)

// kept is a case file with a log of three entries, one of them signed.
func kept(t *testing.T) (path string, log []byte) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "case-7.zip")
	for _, said := range []custody.Said{
		{Act: custody.Received, By: "port office", At: noon, Note: "by courier, \"sealed\" <ok>"},
		{Act: custody.Examined, By: "kim", At: noon.Add(time.Hour), Key: key},
		{Act: custody.HandedOver, By: "kim", To: "the court", At: noon.Add(-time.Hour)}, // a clock that is slow
	} {
		_, err := custody.Append(t.Context(), path, id, said)
		require.NoError(t, err)
	}
	log, err := os.ReadFile(custody.LogFile(path))
	require.NoError(t, err)
	return path, log
}

func TestALogIsReadAgain(t *testing.T) {
	path, log := kept(t)
	entries, err := custody.Read(path, id)
	require.NoError(t, err)
	require.Len(t, entries, 3)
	assert.Equal(t, id, entries[0].Previous)
	assert.Equal(t, custody.Examined, entries[1].Act)
	assert.NotEmpty(t, entries[1].Signature)
	assert.Equal(t, "the court", entries[2].To)
	assert.Equal(t, time.UTC, entries[2].At.Location())
	assert.Len(t, custody.Head(entries), 64)
	assert.Contains(t, string(log), `"sealed\" <ok>"`)

	require.NoError(t, os.WriteFile(custody.LogFile(path), nil, 0o600))
	_, err = custody.Read(path, id)
	require.ErrorIs(t, err, custody.ErrBroken, "all lines are gone")
	_, err = custody.Append(t.Context(), path, id, custody.Said{Act: custody.Copied, By: "kim", At: noon})
	require.ErrorIs(t, err, custody.ErrBroken, "nor is a new log begun in its place")

	none, err := custody.Read(filepath.Join(t.TempDir(), "other.zip"), id)
	require.NoError(t, err)
	assert.Empty(t, none)
	assert.Empty(t, custody.Head(none))
}

// TestEveryChangeOfALogShows changes each bit of it, takes out and swaps lines, and takes it for that of another case file.
func TestEveryChangeOfALogShows(t *testing.T) {
	_, log := kept(t)
	last := bytes.LastIndexByte(log[:len(log)-1], '\n') + 1
	for i := range log {
		for bit := range 8 {
			changed := bytes.Clone(log)
			changed[i] ^= 1 << bit
			// Of the last line nobody has a digest but who noted it: there the digest of the log shows it.
			entries, err := custody.Parse(changed, id)
			if i < last {
				require.ErrorIs(t, err, custody.ErrBroken, "byte %d, bit %d", i, bit)
			} else if err == nil {
				whole, err := custody.Parse(log, id)
				require.NoError(t, err)
				require.NotEqual(t, custody.Head(whole), custody.Head(entries))
			}
		}
	}
	lines := bytes.SplitAfter(log, []byte("\n"))
	for _, order := range [][]int{{1, 0, 2}, {0, 2, 1}, {0, 2}, {1, 2}, {2}, {0, 0, 1, 2}} {
		var other []byte
		for _, i := range order {
			other = append(other, lines[i]...)
		}
		_, err := custody.Parse(other, id)
		require.ErrorIs(t, err, custody.ErrBroken, "%v", order)
	}
	_, err := custody.Parse(log, strings.Repeat("cd", 32))
	require.ErrorIs(t, err, custody.ErrBroken)
	require.ErrorContains(t, err, "another case file")
}

// TestAForgedEntryShows signs nothing with a key that it does not have.
func TestAForgedEntryShows(t *testing.T) {
	_, log := kept(t)
	forged := bytes.Replace(log, []byte(`"by":"kim","at"`), []byte(`"by":"lee","at"`), 1)
	require.NotEqual(t, log, forged)
	_, err := custody.Parse(forged, id)
	require.ErrorContains(t, err, "line 2 has a signature that does not fit")
}

func TestWhatCannotBeNoted(t *testing.T) {
	path, _ := kept(t)
	for _, said := range []custody.Said{
		{Act: "sold", By: "kim", At: noon}, {Act: custody.Copied, By: " ", At: noon}, {Act: custody.HandedOver, By: "kim", At: noon},
		{Act: custody.Copied, By: "kim"}, {Act: custody.Copied, By: "kim\nlee", At: noon},
	} {
		_, err := custody.Append(t.Context(), path, id, said)
		require.ErrorIs(t, err, custody.ErrEntry, "%+v", said)
	}
	_, err := custody.Append(t.Context(), path, id, custody.Said{Act: custody.Destroyed, By: "kim", At: noon})
	require.NoError(t, err)
	_, err = custody.Append(t.Context(), path, id, custody.Said{Act: custody.Examined, By: "kim", At: noon})
	require.ErrorIs(t, err, custody.ErrEntry)
	require.ErrorContains(t, err, "line 4 says that it was destroyed")
	_, err = custody.Append(t.Context(), path, id, custody.Said{Act: custody.Examined, By: "kim", At: noon, Note: "a copy of it"})
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(custody.LogFile(path), []byte("{}\n"), 0o600))
	_, err = custody.Append(t.Context(), path, id, custody.Said{Act: custody.Copied, By: "kim", At: noon})
	require.ErrorIs(t, err, custody.ErrBroken)
}

// TestEntriesOfSeveralAtOnce: each opens the log for itself, as processes do, and none is lost.
func TestEntriesOfSeveralAtOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "case-7.zip")
	const writers, each = 8, 4
	var wait sync.WaitGroup
	for i := range writers {
		wait.Go(func() {
			for range each {
				_, err := custody.Append(t.Context(), path, id, custody.Said{Act: custody.Examined, By: fmt.Sprint("desk ", i), At: noon})
				assert.NoError(t, err)
			}
		})
	}
	wait.Wait()
	entries, err := custody.Read(path, id)
	require.NoError(t, err)
	require.Len(t, entries, writers*each)
	if runtime.GOOS != "windows" {
		left, err := os.ReadDir(filepath.Dir(path))
		require.NoError(t, err)
		require.Len(t, left, 1, "no lock is left beside it")
	}
}

// TestALockThatIsHeldIsWaitedFor as long as whoever waits will.
func TestALockThatIsHeldIsWaitedFor(t *testing.T) {
	path := filepath.Join(t.TempDir(), "case-7.zip")
	held := flock.New(custody.LogFile(path) + ".lock")
	require.NoError(t, held.Lock())
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	_, err := custody.Append(ctx, path, id, custody.Said{Act: custody.Examined, By: "kim", At: noon})
	require.ErrorIs(t, err, context.DeadlineExceeded)
	require.NoFileExists(t, custody.LogFile(path))
	require.NoError(t, held.Unlock()) // its file stays: that of one who died
	_, err = custody.Append(t.Context(), path, id, custody.Said{Act: custody.Examined, By: "kim", At: noon})
	require.NoError(t, err)
}

// TestACaseFileInTheWorkingFolder is named by a dot, and what is beside it is called as if it were named in full.
func TestACaseFileInTheWorkingFolder(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "case-7")
	require.NoError(t, os.Mkdir(folder, 0o700))
	t.Chdir(folder)
	assert.Equal(t, "case-7.custody.jsonl", filepath.Base(custody.LogFile(".")))
	_, err := custody.Append(t.Context(), ".", id, custody.Said{Act: custody.Examined, By: "kim", At: noon})
	require.NoError(t, err)
	entries, err := custody.Read(folder, id)
	require.NoError(t, err)
	assert.Len(t, entries, 1)
}

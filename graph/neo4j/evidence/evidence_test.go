package evidence

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
	"time"

	"github.com/klauspost/compress/zstd"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"rummage/graph"
)

var ctx = context.Background()

func sum(b []byte) graph.SHA256 {
	h := sha256.Sum256(b)
	return graph.SHA256(hex.EncodeToString(h[:]))
}

// lines is text as a declaration's file has it; noise cannot be made smaller.
func lines(n int) []byte {
	var b bytes.Buffer
	for i := 0; b.Len() < n; i++ {
		fmt.Fprintf(&b, "%d,CSQU%07d,HK,%d\n", i, i*7919%9999999, i%97)
	}
	return b.Bytes()[:n]
}

func noise(n int) []byte {
	b := make([]byte, n)
	_, _ = rand.NewChaCha8([32]byte{7}).Read(b)
	return b
}

func folder(t testing.TB) *Folder {
	f, err := Open(filepath.Join(t.TempDir(), "evidence"))
	require.NoError(t, err)
	return f
}

func keep(t testing.TB, f *Folder, b []byte) graph.SHA256 {
	n, err := f.Keep(ctx, bytes.NewReader(b), sum(b))
	require.NoError(t, err)
	require.EqualValues(t, len(b), n)
	return sum(b)
}

// read returns the whole of a kept file.
func read(f *Folder, sha graph.SHA256) ([]byte, error) {
	file, err := f.Evidence(ctx, sha)
	if err != nil {
		return nil, err
	}
	b, err := io.ReadAll(io.NewSectionReader(file, 0, file.Size()))
	return b, errors.Join(err, file.Close())
}

// names lists what lies in the folder.
func names(t testing.TB, f *Folder) []string {
	entries, err := os.ReadDir(f.Dir())
	require.NoError(t, err)
	var all []string
	for _, e := range entries {
		all = append(all, e.Name())
	}
	return all
}

func TestBytesComeBackAsTheyWere(t *testing.T) {
	for name, b := range map[string][]byte{
		"nothing": {}, "a byte": {0}, "a line": []byte("1,2,3\n"), "a block less one": lines(blockSize - 1), "a block": lines(blockSize),
		"a block and one": lines(blockSize + 1), "noise of a block": noise(blockSize), "noise of several": noise(5*blockSize + 77),
		"many blocks": lines(9*blockSize + 3), "zeros": make([]byte, 3*blockSize),
	} {
		t.Run(name, func(t *testing.T) {
			f := folder(t)
			sha := keep(t, f, b)
			for range 2 {
				got, err := read(f, sha)
				require.NoError(t, err)
				require.True(t, bytes.Equal(b, got))
				f, err = Open(f.Dir())
				require.NoError(t, err)
			}
			all, err := f.Kept()
			require.NoError(t, err)
			require.Equal(t, []graph.SHA256{sha}, all)

			packed, err := os.Open(f.path(sha))
			require.NoError(t, err)
			defer func() { _ = packed.Close() }()
			plain, err := zstd.NewReader(packed)
			require.NoError(t, err)
			defer plain.Close()
			got, err := io.ReadAll(plain)
			require.NoError(t, err, "zstd -d reads it too")
			require.True(t, bytes.Equal(b, got))
		})
	}
}

func TestAnyRangeIsRead(t *testing.T) {
	f := folder(t)
	b := append(lines(3*blockSize+100), noise(blockSize)...)
	file, err := f.Evidence(ctx, keep(t, f, b))
	require.NoError(t, err)
	defer func() { require.NoError(t, file.Close()) }()
	whole := bytes.NewReader(b)
	rapid.Check(t, func(t *rapid.T) {
		at := rapid.Int64Range(0, int64(len(b)+10)).Draw(t, "from")
		got := make([]byte, rapid.IntRange(0, 2*blockSize).Draw(t, "bytes"))
		want := make([]byte, len(got))
		n, err := file.ReadAt(got, at)
		m, wantErr := whole.ReadAt(want, at)
		if len(got) == 0 {
			wantErr = nil // bytes.Reader says EOF at the end, for nothing asked
		}
		require.Equal(t, wantErr, err)
		require.Equal(t, m, n)
		require.True(t, bytes.Equal(want, got))
	})
	_, err = file.ReadAt(make([]byte, 1), -1)
	require.ErrorContains(t, err, "before the beginning")
}

func TestAClosedFileIsReadNoMore(t *testing.T) {
	f := folder(t)
	file, err := f.Evidence(ctx, keep(t, f, lines(100)))
	require.NoError(t, err)
	require.NoError(t, file.Close())
	require.NoError(t, file.Close())
	_, err = file.ReadAt(make([]byte, 1), 0)
	require.ErrorIs(t, err, graph.ErrClosed)
}

func TestOnlyItsOwnerSeesIt(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("folders inherit who may read them there")
	}
	f := folder(t)
	sha := keep(t, f, lines(100))
	for path, mode := range map[string]os.FileMode{f.Dir(): 0o700, f.path(sha): 0o600} {
		info, err := os.Stat(path)
		require.NoError(t, err)
		require.Equal(t, mode, info.Mode().Perm(), path)
	}
}

func TestAFolderIsMadeWhenSomethingIsKept(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a", "evidence")
	f, err := At(dir)
	require.NoError(t, err)
	b := lines(100)
	all, err := f.Kept()
	require.NoError(t, err)
	require.Empty(t, all)
	problems, err := f.Check(ctx, nil)
	require.NoError(t, err)
	require.Empty(t, problems)
	_, err = f.Evidence(ctx, sum(b))
	require.ErrorIs(t, err, graph.ErrNoEvidence)
	require.NoError(t, f.Remove(sum(b)))
	require.NoDirExists(t, filepath.Dir(dir), "reading and removing make nothing")
	keep(t, f, b)
	require.Len(t, names(t, f), 1)
}

func TestOtherBytesThanNamedAreRefused(t *testing.T) {
	f := folder(t)
	for _, b := range [][]byte{{}, lines(10), lines(3*blockSize + 1)} {
		_, err := f.Keep(ctx, bytes.NewReader(b), sum([]byte("other")))
		require.ErrorIs(t, err, graph.ErrEvidenceMismatch)
		require.Empty(t, names(t, f))
	}
	_, err := f.Evidence(ctx, sum([]byte("other")))
	require.ErrorIs(t, err, graph.ErrNoEvidence)
	require.ErrorContains(t, err, f.path(sum([]byte("other"))))
}

func TestWhatIsThereIsComparedAndLeftAlone(t *testing.T) {
	f := folder(t)
	b := lines(2*blockSize + 9)
	sha := keep(t, f, b)
	long := time.Now().Add(-time.Hour)
	require.NoError(t, os.Chtimes(f.path(sha), long, long))
	before, err := os.Stat(f.path(sha))
	require.NoError(t, err)
	keep(t, f, b)
	for _, other := range [][]byte{nil, b[1:], append(bytes.Clone(b), 'x')} {
		_, err := f.Keep(ctx, bytes.NewReader(other), sha)
		require.ErrorIs(t, err, graph.ErrEvidenceMismatch)
	}
	after, err := os.Stat(f.path(sha))
	require.NoError(t, err)
	require.Equal(t, before.ModTime(), after.ModTime())
	require.Len(t, names(t, f), 1)
	got, err := read(f, sha)
	require.NoError(t, err)
	require.True(t, bytes.Equal(b, got))
}

func TestADamagedFileIsKeptAnew(t *testing.T) {
	f := folder(t)
	b := lines(1000)
	sha := keep(t, f, b)
	for at := range []int{5, 900} {
		flip(t, f.path(sha), int64(at), 1)
		f, err := Open(f.Dir())
		require.NoError(t, err)
		_, err = f.Keep(ctx, strings.NewReader("other"), sha)
		require.ErrorIs(t, err, graph.ErrEvidenceMismatch)
		_, err = read(f, sha)
		require.ErrorIs(t, err, graph.ErrDamaged)
		keep(t, f, b)
		got, err := read(f, sha)
		require.NoError(t, err)
		require.Equal(t, b, got)
	}
}

func TestNamesThatAreNone(t *testing.T) {
	f := folder(t)
	for _, name := range []graph.SHA256{"", "00", "../../etc/passwd", graph.SHA256(strings.Repeat("A", 64)), graph.SHA256(strings.Repeat("0", 63) + "/")} {
		_, err := f.Keep(ctx, strings.NewReader("x"), name)
		require.ErrorIs(t, err, graph.ErrInvalidRecord)
		_, err = f.Evidence(ctx, name)
		require.ErrorIs(t, err, graph.ErrNoEvidence)
		require.NoError(t, f.Remove(name))
	}
	require.Empty(t, names(t, f))
}

func TestRemove(t *testing.T) {
	f := folder(t)
	one, two := keep(t, f, lines(10)), keep(t, f, lines(20))
	_, err := read(f, one)
	require.NoError(t, err)
	require.NoError(t, f.Remove(one))
	require.NoError(t, f.Remove(one), "one that is not there is no error")
	_, err = f.Evidence(ctx, one)
	require.ErrorIs(t, err, graph.ErrNoEvidence)
	all, err := f.Kept()
	require.NoError(t, err)
	require.Equal(t, []graph.SHA256{two}, all)
}

func TestLeftoversAreTakenOutWhenTheyAreOld(t *testing.T) {
	f := folder(t)
	kept := keep(t, f, lines(10))
	for name, age := range map[string]time.Duration{"keep-1.tmp": 25 * time.Hour, "keep-2.tmp": time.Hour, "notes.tmp": 99 * time.Hour} {
		path := filepath.Join(f.Dir(), name)
		require.NoError(t, os.WriteFile(path, []byte("half"), 0o600))
		when := time.Now().Add(-age)
		require.NoError(t, os.Chtimes(path, when, when))
	}
	_, err := Open(f.Dir())
	require.NoError(t, err)
	require.ElementsMatch(t, []string{"keep-2.tmp", "notes.tmp", string(kept) + ".zst"}, names(t, f))
	all, err := f.Kept()
	require.NoError(t, err)
	require.Equal(t, []graph.SHA256{kept}, all)
}

func TestAReaderThatFailsLeavesNothing(t *testing.T) {
	f := folder(t)
	b := lines(3 * blockSize)
	broken := errors.New("broken stick")
	for _, n := range []int64{0, 1, blockSize, blockSize + 1, 3 * blockSize} {
		_, err := f.Keep(ctx, io.MultiReader(io.LimitReader(bytes.NewReader(b), n), iotest.ErrReader(broken)), sum(b))
		require.ErrorIs(t, err, broken)
		require.Empty(t, names(t, f))
	}
	n, err := f.Keep(ctx, iotest.HalfReader(bytes.NewReader(b)), sum(b))
	require.NoError(t, err)
	require.EqualValues(t, len(b), n)
}

// canceller cancels when so many bytes were read.
type canceller struct {
	io.Reader
	left   int
	cancel func()
}

func (c *canceller) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	if c.left -= n; c.left <= 0 {
		c.cancel()
	}
	return n, err
}

func TestCancelledKeepingLeavesNothing(t *testing.T) {
	f := folder(t)
	b := lines(4 * blockSize)
	for _, n := range []int{1, 2 * blockSize, 4 * blockSize} {
		ctx, cancel := context.WithCancel(ctx)
		_, err := f.Keep(ctx, &canceller{bytes.NewReader(b), n, cancel}, sum(b))
		require.ErrorIs(t, err, context.Canceled)
		require.Empty(t, names(t, f))
	}
	sha := keep(t, f, b)
	ctx, cancel := context.WithCancel(ctx)
	cancel()
	f = fresh(t, f)
	_, err := f.Evidence(ctx, sha)
	require.ErrorIs(t, err, context.Canceled)
	_, err = f.Check(ctx, nil)
	require.ErrorIs(t, err, context.Canceled)
	_, err = f.Keep(ctx, bytes.NewReader(b), sha)
	require.ErrorIs(t, err, context.Canceled)
}

func TestSeveralKeepAndReadTheSameFile(t *testing.T) {
	f := folder(t)
	b := lines(2*blockSize + 5)
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			other, err := Open(f.Dir())
			if err == nil {
				_, err = other.Keep(ctx, bytes.NewReader(b), sum(b))
			}
			var got []byte
			if err == nil {
				got, err = read(f, sum(b))
			}
			if err != nil || !bytes.Equal(b, got) {
				t.Error(err, len(got))
			}
		})
	}
	all.Wait()
	require.Equal(t, []string{string(sum(b)) + ".zst"}, names(t, f))
}

func TestAFolderThatCannotBeMade(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(path, nil, 0o600))
	_, err := Open(path)
	require.Error(t, err)
	f := folder(t)
	require.NoError(t, os.RemoveAll(f.Dir()))
	_, err = f.Keep(ctx, strings.NewReader("x"), sum([]byte("x")))
	require.Error(t, err)
	_, err = f.Kept()
	require.Error(t, err)
	_, err = f.Check(ctx, nil)
	require.Error(t, err)
}

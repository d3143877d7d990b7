package evidence

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"rummage/graph"
)

// flip changes bits of one byte of a file.
func flip(t testing.TB, path string, at int64, bits byte) {
	file, err := os.OpenFile(path, os.O_RDWR, 0)
	require.NoError(t, err)
	defer func() { require.NoError(t, file.Close()) }()
	var b [1]byte
	_, err = file.ReadAt(b[:], at)
	require.NoError(t, err)
	b[0] ^= bits
	_, err = file.WriteAt(b[:], at)
	require.NoError(t, err)
}

// fresh opens the folder as another process would: nothing was read before.
func fresh(t testing.TB, f *Folder) *Folder {
	f, err := Open(f.Dir())
	require.NoError(t, err)
	return f
}

func TestEveryByteCounts(t *testing.T) {
	f := folder(t)
	b := lines(500)
	sha := keep(t, f, b)
	info, err := os.Stat(f.path(sha))
	require.NoError(t, err)
	for at := range info.Size() {
		bits := byte(1) << (at % 8)
		flip(t, f.path(sha), at, bits)
		fresh := fresh(t, f)
		_, err := read(fresh, sha)
		require.ErrorIs(t, err, graph.ErrDamaged, "byte %d", at)
		require.ErrorContains(t, err, f.path(sha))
		problems, err := fresh.Check(ctx, nil)
		require.NoError(t, err)
		require.Len(t, problems, 1, "byte %d", at)
		require.Equal(t, f.path(sha), problems[0].Where)
		flip(t, f.path(sha), at, bits)
	}
	got, err := read(fresh(t, f), sha)
	require.NoError(t, err)
	require.Equal(t, b, got)
}

func TestEveryLengthCounts(t *testing.T) {
	f := folder(t)
	sha := keep(t, f, lines(500))
	whole, err := os.ReadFile(f.path(sha))
	require.NoError(t, err)
	for n := range whole {
		require.NoError(t, os.WriteFile(f.path(sha), whole[:n], 0o600))
		_, err := read(fresh(t, f), sha)
		require.ErrorIs(t, err, graph.ErrDamaged, "%d bytes", n)
	}
	for _, other := range [][]byte{append(bytes.Clone(whole), 0), append([]byte{0}, whole...), append(bytes.Clone(whole), whole...)} {
		require.NoError(t, os.WriteFile(f.path(sha), other, 0o600))
		_, err := read(fresh(t, f), sha)
		require.ErrorIs(t, err, graph.ErrDamaged)
	}
}

func TestWhatChangesAfterTheFirstReadingIsNoticed(t *testing.T) {
	f := folder(t)
	b := lines(3 * blockSize)
	sha := keep(t, f, b)
	file, err := f.Evidence(ctx, sha)
	require.NoError(t, err)
	defer func() { _ = file.Close() }()
	k := file.(*kept)
	for no := range int64(3) {
		flip(t, f.path(sha), k.starts[no]+40, 4)
		_, err = file.ReadAt(make([]byte, 10), no*blockSize)
		require.ErrorIs(t, err, graph.ErrDamaged)
		again, err := f.Evidence(ctx, sha)
		require.NoError(t, err, "the index is as it was")
		_, err = again.ReadAt(make([]byte, 10), no*blockSize)
		require.ErrorIs(t, err, graph.ErrDamaged)
		require.ErrorContains(t, err, fmt.Sprintf("block %d", no))
		require.NoError(t, again.Close())
		flip(t, f.path(sha), k.starts[no]+40, 4)
	}
	got := make([]byte, len(b))
	_, err = file.ReadAt(got, 0)
	require.NoError(t, err, "and is read when it is back")
	require.True(t, bytes.Equal(b, got))
}

// TestAFileThatWasMadeUp has blocks and an index that agree with each other,
// and not with the name.
func TestAFileThatWasMadeUp(t *testing.T) {
	f := folder(t)
	original, forged := lines(1000), lines(999)
	sha := keep(t, f, original)
	x, packed := &index{size: int64(len(forged))}, f.enc.EncodeAll(forged, nil)
	x.add(packed)
	for name, hash := range map[string]graph.SHA256{"under its own hash": sum(forged), "under the other's": sha} {
		t.Run(name, func(t *testing.T) {
			_, err := hex.Decode(x.hash[:], []byte(hash))
			require.NoError(t, err)
			text, err := x.appendTo(bytes.Clone(packed))
			require.NoError(t, err)
			require.NoError(t, os.WriteFile(f.path(sha), text, 0o600))
			_, err = read(f, sha)
			require.ErrorIs(t, err, graph.ErrDamaged)
			_, err = read(fresh(t, f), sha)
			require.ErrorIs(t, err, graph.ErrDamaged)
		})
	}
	require.NoError(t, os.Remove(f.path(sha)))
	require.NoError(t, os.Mkdir(f.path(sha), 0o700))
	_, err := f.Evidence(ctx, sha)
	require.Error(t, err)
}

func TestCheckNamesEachFile(t *testing.T) {
	f := folder(t)
	var all []graph.SHA256
	for i := range 4 {
		all = append(all, keep(t, f, lines(i*blockSize+100)))
	}
	done, of := int64(0), int64(0)
	problems, err := f.Check(ctx, func(d, total int64) { done, of = d, total })
	require.NoError(t, err)
	require.Empty(t, problems)
	require.Positive(t, done)
	require.LessOrEqual(t, done, of)
	flip(t, f.path(all[1]), 30, 1)
	flip(t, f.path(all[3]), 200, 1)
	problems, err = f.Check(ctx, nil)
	require.NoError(t, err)
	require.Len(t, problems, 2)
	for _, p := range problems {
		require.Contains(t, p.What, "backup of the folder")
	}
}

// packedBlocks are so many blocks, made up, with their index.
func packedBlocks(t testing.TB, blocks int) []byte {
	x := &index{starts: []int64{0}}
	var b []byte
	for i := range blocks {
		packed := bytes.Repeat([]byte{byte(i)}, 20+i)
		x.add(packed)
		b = append(b, packed...)
	}
	x.size = int64(blocks * blockSize)
	b, err := x.appendTo(b)
	require.NoError(t, err)
	return b
}

func FuzzReadIndex(f *testing.F) {
	for _, blocks := range []int{0, 1, 3} {
		b := packedBlocks(f, blocks)
		f.Add(b)
		f.Add(b[1:])
		f.Add(b[:len(b)-sha256.Size-markSize])
	}
	f.Add([]byte(indexMark))
	f.Fuzz(func(t *testing.T, b []byte) {
		checkIndex(t, b)
		// The same with a checksum that is right, over the index that the last numbers in it speak of.
		for blocks := range 4 {
			if from := len(b) - blocks*entrySize - headSize - (tailSize - sha256.Size - markSize); from >= 0 {
				sum := sha256.Sum256(b[from:])
				checkIndex(t, append(append(bytes.Clone(b), sum[:]...), indexMark...))
			}
		}
	})
}

// checkIndex reads an index, and compares it with what would be written.
func checkIndex(t *testing.T, b []byte) {
	got, err := readIndex(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		return
	}
	last := got.starts[got.blocks()]
	again, err := got.appendTo(b[:last:last])
	require.NoError(t, err)
	require.Equal(t, b, again)
}

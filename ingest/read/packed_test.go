package read_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/klauspost/compress/zstd"
	"github.com/stretchr/testify/require"
	"github.com/ulikunitz/xz"

	"rummage/ingest/read"
	"rummage/ingest/read/readtest"
)

// unpacked reads all of a packed file.
func unpacked(t testing.TB, how string, file io.Reader) ([]byte, error) {
	t.Helper()
	stream, err := read.Unpack(file, how)
	if err != nil {
		return nil, err
	}
	text, err := io.ReadAll(stream)
	require.NoError(t, stream.Close())
	return text, err
}

func TestPackedFiles(t *testing.T) {
	var content strings.Builder
	content.WriteString("a,b,c\n")
	for i := range 20000 {
		fmt.Fprintf(&content, "%d,%x,%d\n", i, i*7919*i, i%17)
	}
	for _, how := range packings {
		t.Run(how, func(t *testing.T) {
			packed := pack(t, how, content.String())
			d := three
			d.Compression = how
			open := func(file string) ([]readtest.Event, error) {
				r, err := read.Open(context.Background(), strings.NewReader(file), d)
				if err != nil {
					return nil, err
				}
				events, err := readtest.Drain(t, r)
				require.NoError(t, r.Close())
				return events, err
			}
			t.Run("whole", func(t *testing.T) {
				events, err := open(packed)
				require.NoError(t, err)
				require.Len(t, events, 20000)
			})
			t.Run("two in a row", func(t *testing.T) {
				events, err := open(packed + pack(t, how, "1,2,3\n"))
				require.NoError(t, err)
				require.Len(t, events, 20001)
			})
			t.Run("truncated", func(t *testing.T) {
				events, err := open(packed[:len(packed)*2/3])
				require.ErrorIs(t, err, read.ErrTruncated)
				broken := new(read.StreamError)
				require.ErrorAs(t, err, &broken)
				require.Equal(t, int64(len(events)+1), broken.Row)
				last := events[len(events)-1].Row
				require.Equal(t, last.Offset+last.Length+1, broken.Offset)
				require.Greater(t, len(events), 1000)
				require.ErrorContains(t, err, fmt.Sprintf("file breaks off after row %d (byte %d): compressed data ends early; fetch the whole file", broken.Row, broken.Offset))
			})
			t.Run("truncated in its header", func(t *testing.T) {
				for _, n := range []int{0, 3, 5} {
					_, err := open(packed[:n])
					require.ErrorIs(t, err, read.ErrTruncated, "after %d bytes", n)
				}
			})
			t.Run("damaged", func(t *testing.T) {
				for _, at := range []int{2, len(packed) / 2, len(packed) - 6} {
					bad := []byte(packed)
					bad[at] ^= 1
					_, err := open(string(bad))
					require.ErrorIs(t, err, read.ErrCorrupt, "at byte %d", at)
				}
				_, err := open("not packed at all")
				require.ErrorIs(t, err, read.ErrCorrupt)
			})
			t.Run("something else behind it", func(t *testing.T) {
				events, err := open(packed + "hello there")
				require.ErrorIs(t, err, read.ErrCorrupt)
				require.ErrorContains(t, err, "bytes that are not "+how+" follow it")
				require.NotEmpty(t, events)
			})
			t.Run("bomb", func(t *testing.T) {
				long := pack(t, how, "1,2,"+strings.Repeat("x", read.MaxRecord-10)+"\n")
				events, err := open(pack(t, how, "a,b,c\n") + strings.Repeat(long, 70))
				require.ErrorIs(t, err, read.ErrBomb)
				require.Greater(t, len(events), 50, "small files may pack as well as they like")
			})
		})
	}
}

// TestEveryBeginningOfAPackedFileIsTruncated: wherever a packed file breaks off, between two blocks too, that is noticed, and what
// was unpacked before it is right.
func TestEveryBeginningOfAPackedFileIsTruncated(t *testing.T) {
	text := strings.Repeat("0123456789abcdef,", 40) + strings.Repeat("x", 300)
	blocks := new(bytes.Buffer)
	w, err := xz.WriterConfig{BlockSize: 100, DictCap: 1 << 16}.NewWriter(blocks)
	require.NoError(t, err)
	_, err = io.WriteString(w, text)
	require.NoError(t, err)
	require.NoError(t, w.Close())
	files := map[string]string{"xz of many blocks": blocks.String()}
	for _, how := range packings {
		files[how] = pack(t, how, text)
	}
	for name, file := range files {
		t.Run(name, func(t *testing.T) {
			how := read.Compression([]byte(file))
			whole, err := unpacked(t, how, strings.NewReader(file))
			require.NoError(t, err)
			require.Equal(t, text, string(whole))
			for n := range len(file) {
				part, err := unpacked(t, how, strings.NewReader(file[:n]))
				require.ErrorIs(t, err, read.ErrTruncated, "%d of %d bytes", n, len(file))
				require.True(t, strings.HasPrefix(text, string(part)))
			}
		})
	}
}

// TestFaultsOfTheSourceStay: what goes wrong beneath the unpacker is told as it is.
func TestFaultsOfTheSourceStay(t *testing.T) {
	fault := errors.New("cable pulled")
	for _, how := range append([]string{read.Plain}, packings...) {
		file := declarations
		if how != read.Plain {
			file = pack(t, how, declarations)
		}
		for _, n := range []int{0, 1, len(file) / 2, len(file)} {
			_, err := unpacked(t, how, io.MultiReader(strings.NewReader(file[:n]), iotest.ErrReader(fault)))
			require.Equal(t, fault, err, "%s after %d bytes", how, n)
		}
	}
}

func TestMemoryOfUnpackingIsBounded(t *testing.T) {
	frame := "\x28\xB5\x2F\xFD\x00" + "\x90" + "\x19\x00\x00abc" // window of 2^28 bytes; one raw block, the last
	small := "\x28\xB5\x2F\xFD\x00" + "\x88" + "\x19\x00\x00abc" // 2^27
	text, err := unpacked(t, read.Zstd, strings.NewReader(small))
	require.NoError(t, err)
	require.Equal(t, "abc", string(text))
	_, err = unpacked(t, read.Zstd, strings.NewReader(frame))
	require.ErrorIs(t, err, read.ErrWindow)

	dictionary := func(size byte) string {
		file := []byte(pack(t, read.XZ, "abc"))
		header := file[12:24]
		require.Equal(t, []byte{2, 0, 0x21, 1}, header[:4])
		header[4] = size
		binary.LittleEndian.PutUint32(header[8:], crc32.ChecksumIEEE(header[:8]))
		return string(file)
	}
	text, err = unpacked(t, read.XZ, strings.NewReader(dictionary(30))) // 128 MiB
	require.NoError(t, err)
	require.Equal(t, "abc", string(text))
	for _, size := range []byte{31, 39, 40} {
		_, err = unpacked(t, read.XZ, strings.NewReader(dictionary(size)))
		require.ErrorIs(t, err, read.ErrWindow)
	}
	_, err = unpacked(t, read.XZ, strings.NewReader(dictionary(41)))
	require.ErrorIs(t, err, read.ErrCorrupt)
}

func TestFiltersOfXZThatAreNotRead(t *testing.T) {
	file := []byte(pack(t, read.XZ, "abc"))
	header := file[12:24]
	copy(header[1:], "\x01\x03\x01\x00\x21\x01\x0A") // delta before LZMA2
	binary.LittleEndian.PutUint32(header[8:], crc32.ChecksumIEEE(header[:8]))
	_, err := unpacked(t, read.XZ, bytes.NewReader(file))
	require.ErrorIs(t, err, read.ErrFormat)
	require.ErrorContains(t, err, "a filter other than LZMA2")
}

func TestUnknownPacking(t *testing.T) {
	_, err := read.Unpack(strings.NewReader("x"), "arj")
	require.ErrorIs(t, err, read.ErrDialect)
	require.Equal(t, read.Plain, read.Compression(nil))
}

// FuzzUnpack: whatever the bytes, unpacking ends; and what the library alone takes for a whole xz file comes out the same, unless it
// breaks off or asks for too much.
func FuzzUnpack(f *testing.F) {
	for _, how := range packings {
		file := pack(f, how, declarations)
		f.Add([]byte(file))
		f.Add([]byte(file + file))
		f.Add([]byte(file[:len(file)/2]))
	}
	f.Add([]byte(pack(f, read.XZ, "a") + "\x00\x00\x00\x00"))
	f.Fuzz(func(t *testing.T, file []byte) {
		how := read.Compression(file)
		text, err := unpacked(t, how, bytes.NewReader(file))
		if len(text) > 1<<20 {
			return // byte by byte it would take long
		}
		again, againErr := unpacked(t, how, iotest.OneByteReader(bytes.NewReader(file)))
		require.Equal(t, err == nil, againErr == nil)
		if err == nil {
			require.Equal(t, text, again)
		}
		switch how {
		case read.XZ:
			r, peerErr := xz.NewReader(bytes.NewReader(file))
			if err != nil || peerErr != nil {
				return
			}
			want, peerErr := io.ReadAll(r)
			require.NoError(t, peerErr)
			require.Equal(t, want, text)
		case read.Zstd:
			if err != nil {
				return
			}
			r, peerErr := zstd.NewReader(bytes.NewReader(file))
			require.NoError(t, peerErr)
			defer r.Close()
			want, peerErr := io.ReadAll(r)
			require.NoError(t, peerErr)
			require.Equal(t, want, text)
		}
	})
}

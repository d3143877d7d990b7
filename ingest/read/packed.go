package read

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/klauspost/compress/flate"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zip"
	"github.com/klauspost/compress/zstd"
)

// MaxRatio is how many times its compressed size a file may unpack to, once
// past its first bombGrace bytes. Tables of trade data pack 5 to 30 to one, a
// bomb about 1,000 to one.
const MaxRatio = 100

// bombGrace is what any file may unpack to.
const bombGrace = 64 << 20

// MaxWindow is how far back in bytes a packed file may refer, and so about what
// memory it takes to unpack one. It is what the command zstd takes without being
// asked for more, and twice what xz takes at its best.
const MaxWindow = 128 << 20

// Unpacked returns how many bytes so many packed ones may unpack to.
func Unpacked(packed uint64) uint64 { return max(bombGrace, MaxRatio*min(packed, 1<<50)) }

// packing is a way in which a file is packed.
type packing struct {
	name  string
	magic string // its first bytes
	open  func(packed io.Reader) (io.ReadCloser, error)
}

// packings is the table of them.
func packings() []packing {
	return []packing{
		{Gzip, "\x1F\x8B", openGzip},
		{Zstd, "\x28\xB5\x2F\xFD", openZstd},
		{Zstd, "\x50\x2A\x4D\x18", openZstd}, // a skippable frame first, as pzstd writes it
		{XZ, "\xFD7zXZ\x00", openXZ},
	}
}

// Compression says by a file's first bytes how it is packed: Plain for not at all.
func Compression(head []byte) string {
	for _, p := range packings() {
		if bytes.HasPrefix(head, []byte(p.magic)) {
			return p.name
		}
	}
	return Plain
}

// packedAs returns the packing of a name, nil if there is none.
func packedAs(name string) *packing {
	for _, p := range packings() {
		if p.name == name {
			return &p
		}
	}
	return nil
}

func openGzip(packed io.Reader) (io.ReadCloser, error) { return gzip.NewReader(packed) }

// openZstd unpacks in the caller's goroutine, so that one which is not closed
// leaves nothing behind.
func openZstd(packed io.Reader) (io.ReadCloser, error) {
	d, err := zstd.NewReader(packed, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(MaxWindow), zstd.WithDecoderMaxMemory(MaxWindow))
	if err != nil {
		return nil, err
	}
	return d.IOReadCloser(), nil
}

// Unpack returns the decompressed stream of a file that is packed so: the stream
// itself for Plain. ErrDialect: it is not known how to unpack that. ErrTruncated,
// ErrCorrupt, ErrWindow and ErrBomb say what is wrong with the packed bytes;
// faults of the source are returned as they come. Close does not close the
// source, and never fails.
func Unpack(source io.Reader, compression string) (io.ReadCloser, error) {
	if compression == Plain {
		return io.NopCloser(source), nil
	}
	how := packedAs(compression)
	if how == nil {
		return nil, fmt.Errorf("%w: compression %q", ErrDialect, compression)
	}
	u := &unpacker{name: compression, packed: counter{source: source}}
	unpacked, err := how.open(&u.packed)
	if err != nil {
		return nil, u.fault(err)
	}
	u.unpacked = unpacked
	return u, nil
}

// counter counts what is read through it and keeps what went wrong.
type counter struct {
	source io.Reader
	n      int64
	err    error
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.source.Read(p)
	c.n += int64(n)
	if err != nil && !errors.Is(err, io.EOF) {
		c.err = err
	}
	return n, err
}

// unpacker unpacks a stream, watches its ratio and names its faults.
type unpacker struct {
	name     string
	packed   counter
	unpacked io.ReadCloser
	n        int64
}

func (u *unpacker) Read(p []byte) (int, error) {
	n, err := u.unpacked.Read(p)
	u.n += int64(n)
	if uint64(u.n) > Unpacked(uint64(u.packed.n)) {
		return n, fmt.Errorf("%w (%d bytes from %d)", ErrBomb, u.n, u.packed.n)
	}
	return n, u.fault(err)
}

// Close frees what the unpacker holds. What is wrong with the stream, Read has said.
func (u *unpacker) Close() error {
	_ = u.unpacked.Close()
	return nil
}

// fault says what an error of the unpacker means. The libraries have no names
// for most kinds of damage, so what is nothing else is damage.
func (u *unpacker) fault(err error) error {
	switch {
	case err == nil:
		return nil
	case u.packed.err != nil:
		return u.packed.err
	case errors.Is(err, io.EOF) && u.packed.n > 0:
		return io.EOF
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return fmt.Errorf("%w: %w", ErrTruncated, io.ErrUnexpectedEOF)
	case errors.Is(err, ErrWindow), errors.Is(err, ErrBomb), errors.Is(err, ErrFormat):
		return err
	case errors.Is(err, zstd.ErrWindowSizeExceeded), errors.Is(err, zstd.ErrDecoderSizeExceeded):
		return fmt.Errorf("%w: %w", ErrWindow, err)
	case u.n > 0 && (errors.Is(err, gzip.ErrHeader) || errors.Is(err, zstd.ErrMagicMismatch) || errors.Is(err, errNotXZ)):
		return fmt.Errorf("%w: bytes that are not %s follow it", ErrCorrupt, u.name)
	}
	return fmt.Errorf("%w: %w", ErrCorrupt, err)
}

// ZipFault says of the faults of a zip archive that they are such.
func ZipFault(err error) error {
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF):
		return fmt.Errorf("%w: %w", ErrTruncated, err)
	case errors.Is(err, zip.ErrFormat), errors.Is(err, zip.ErrChecksum), errors.Is(err, zip.ErrAlgorithm),
		errors.As(err, new(flate.CorruptInputError)), errors.As(err, new(flate.InternalError)):
		return fmt.Errorf("%w: %w", ErrCorrupt, err)
	}
	return err
}

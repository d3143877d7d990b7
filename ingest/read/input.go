package read

import (
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/klauspost/compress/flate"
	"github.com/klauspost/compress/gzip"
)

// MaxRatio is how many times its compressed size a file may unpack to, once
// past its first bombGrace bytes. Tables of trade data pack 5 to 30 to one, a
// bomb about 1,000 to one.
const MaxRatio = 100

// bombGrace is what any file may unpack to.
const bombGrace = 64 << 20

// Unpacked returns how many bytes so many packed ones may unpack to.
func Unpacked(packed uint64) uint64 { return max(bombGrace, MaxRatio*min(packed, 1<<50)) }

// Input is a file's content at random access, as Detect needs it.
// *io.SectionReader, *bytes.Reader, *strings.Reader and *File are Inputs.
type Input interface {
	io.ReaderAt
	Size() int64
}

// A File is an opened file of the disk. It is an Input for Detect, and a stream
// from its beginning for Open; neither moves the other.
type File struct {
	*io.SectionReader
	file *os.File
}

// OpenFile opens a file of the disk for reading. ErrNotFile refuses directories,
// pipes and devices, which cannot be read twice.
func OpenFile(path string) (*File, error) {
	// Opening a pipe would wait for someone to write to it.
	info, err := os.Stat(path)
	if err = regular(path, info, err); err != nil {
		return nil, err
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("read: open: %w", err)
	}
	info, err = file.Stat()
	if err = regular(path, info, err); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return &File{SectionReader: io.NewSectionReader(file, 0, info.Size()), file: file}, nil
}

// regular refuses what is no file with bytes at rest. Err is that of the look
// at it.
func regular(path string, info os.FileInfo, err error) error {
	switch {
	case err != nil:
		return fmt.Errorf("read: open: %w", err)
	case info.IsDir():
		return fmt.Errorf("%w: %s is a directory; name the files in it", ErrNotFile, path)
	case !info.Mode().IsRegular():
		return fmt.Errorf("%w: %s is a pipe or device; save it to a file first", ErrNotFile, path)
	}
	return nil
}

// Grown returns by how many bytes the file has become longer or, when negative,
// shorter since it was opened: someone is still writing it.
func (f *File) Grown() (int64, error) {
	info, err := f.file.Stat()
	if err != nil {
		return 0, fmt.Errorf("read: file: %w", err)
	}
	return info.Size() - f.Size(), nil
}

// Close closes the file.
func (f *File) Close() error { return f.file.Close() }

// unpack returns the decompressed stream of a file.
func unpack(source io.Reader, compression string) (io.Reader, io.Closer, error) {
	if compression != Gzip {
		return source, nil, nil
	}
	packed := &counter{source: source}
	unpacked, err := gzip.NewReader(packed)
	if errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF
	}
	if err != nil {
		return nil, nil, packFault(err)
	}
	return &gunzip{packed: packed, unpacked: unpacked}, unpacked, nil
}

// counter counts what is read through it.
type counter struct {
	source io.Reader
	n      int64
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.source.Read(p)
	c.n += int64(n)
	return n, err
}

// gunzip unpacks a stream, watches its ratio and names its faults.
type gunzip struct {
	packed   *counter
	unpacked io.Reader
	n        int64
}

func (g *gunzip) Read(p []byte) (int, error) {
	n, err := g.unpacked.Read(p)
	g.n += int64(n)
	if uint64(g.n) > Unpacked(uint64(g.packed.n)) {
		return n, fmt.Errorf("%w (%d bytes from %d)", ErrBomb, g.n, g.packed.n)
	}
	if err != nil && errors.Is(err, gzip.ErrHeader) {
		return n, fmt.Errorf("%w: bytes that are not gzip follow it", ErrCorrupt)
	}
	return n, packFault(err)
}

func packFault(err error) error {
	switch {
	case err == nil, errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF):
		return err
	case errors.Is(err, io.ErrUnexpectedEOF):
		return fmt.Errorf("%w: %w", ErrTruncated, err)
	case errors.Is(err, gzip.ErrHeader), errors.Is(err, gzip.ErrChecksum),
		errors.As(err, new(flate.CorruptInputError)), errors.As(err, new(flate.InternalError)):
		return fmt.Errorf("%w: %w", ErrCorrupt, err)
	}
	return err
}

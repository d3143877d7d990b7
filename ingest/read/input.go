package read

import (
	"errors"
	"fmt"
	"io"
	"os"
)

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

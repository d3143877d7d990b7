package bag

import (
	"archive/zip"
	"bufio"
	"io"
	"maps"
	"slices"
)

// pack writes the one zip file that these files make: ordered by path, below a folder, stored as they are, since no two releases of a
// compressor promise the same bytes, with sizes ahead of the bytes, and of 1 January 1980, the first day that the format knows.
func pack(to io.Writer, folder string, files map[string]digests, open func(string) (io.ReadCloser, error)) error {
	buffered := bufio.NewWriterSize(to, 1<<20)
	archive := zip.NewWriter(buffered)
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if err := add(archive, folder+"/"+name, files[name], func() (io.ReadCloser, error) { return open(name) }); err != nil {
			return err
		}
	}
	if err := archive.Close(); err != nil {
		return err
	}
	return buffered.Flush()
}

func add(archive *zip.Writer, name string, d digests, open func() (io.ReadCloser, error)) error {
	const (
		firstDay = 1<<5 | 1 // year 0 after 1980, month 1, day 1
		utf8     = 1 << 11  // names are UTF-8
		version  = 20
		unix     = 3 << 8
		plain    = 0o100644 << 16
	)
	h := &zip.FileHeader{
		Name: name, Method: zip.Store, Flags: utf8, CRC32: d.crc, CompressedSize64: uint64(d.size), UncompressedSize64: uint64(d.size),
		ReaderVersion: version, CreatorVersion: unix | version, ExternalAttrs: plain,
		ModifiedDate: firstDay, //nolint:staticcheck // the field that takes its place writes an extra block that older readers do not know
	}
	into, err := archive.CreateRaw(h)
	if err != nil {
		return err
	}
	from, err := open()
	if err != nil {
		return err
	}
	defer from.Close()
	_, err = io.Copy(into, from)
	return err
}

// comparer is written to, and tells where that differs from what it reads; -1 where it does not.
type comparer struct {
	with    *bufio.Reader
	at, off int64
}

func newComparer(with io.Reader) *comparer {
	return &comparer{with: bufio.NewReaderSize(with, 1<<20), off: -1}
}

func (c *comparer) Write(b []byte) (int, error) {
	for i, x := range b {
		if y, err := c.with.ReadByte(); c.off < 0 && (err != nil || x != y) {
			c.off = c.at + int64(i)
		}
	}
	c.at += int64(len(b))
	return len(b), nil
}

// end returns the first byte that differs, bytes that nobody wrote included.
func (c *comparer) end() int64 {
	if _, err := c.with.ReadByte(); c.off < 0 && err == nil {
		return c.at
	}
	return c.off
}

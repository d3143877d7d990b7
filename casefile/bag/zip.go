package bag

import (
	"archive/zip"
	"bufio"
	"bytes"
	"crypto/sha256"
	"errors"
	"hash"
	"io"
	"maps"
	"math"
	"slices"
)

// pack writes the one zip file that these files make: ordered by path, below a folder, stored as they are, since no two releases of a
// compressor promise the same bytes, with sizes ahead of the bytes, and of 1 January 1980, the first day that the format knows.
func pack(to io.Writer, folder string, files map[string]digests, open func(string) (io.ReadCloser, error)) error {
	buffered := bufio.NewWriterSize(to, 1<<20)
	archive := zip.NewWriter(buffered)
	for _, name := range slices.Sorted(maps.Keys(files)) {
		into, err := begin(archive, folder+"/"+name, files[name].size, files[name].crc)
		if err != nil {
			return err
		}
		from, err := open(name)
		if err != nil {
			return err
		}
		_, err = io.Copy(into, from)
		if err = errors.Join(err, from.Close()); err != nil {
			return err
		}
	}
	if err := archive.Close(); err != nil {
		return err
	}
	return buffered.Flush()
}

// begin begins a file of the zip file; its bytes are to be written to what is returned.
func begin(archive *zip.Writer, name string, size int64, crc uint32) (io.Writer, error) {
	const (
		firstDay = 1<<5 | 1 // year 0 after 1980, month 1, day 1
		utf8     = 1 << 11  // names are UTF-8
		version  = 20
		unix     = 3 << 8
		plain    = 0o100644 << 16
	)
	h := &zip.FileHeader{
		Name: name, Method: zip.Store, Flags: utf8, CRC32: crc, CompressedSize64: uint64(size), UncompressedSize64: uint64(size),
		ReaderVersion: version, CreatorVersion: unix | version, ExternalAttrs: plain,
		ModifiedDate: firstDay, //nolint:staticcheck // the field that takes its place writes an extra block that older readers do not know
	}
	return archive.CreateRaw(h)
}

// repacking packs the files of a zip file once more while they are read to be verified, and compares: so all is read twice, and
// whatever was summed up is what stands in the file.
type repacking struct {
	*comparer
	archive *zip.Writer
}

// repack is to be told of every file, in order, before it is read.
func (a *archive) repack() *repacking {
	c := &comparer{with: bufio.NewReaderSize(io.NewSectionReader(a.file, 0, math.MaxInt64), 1<<20), off: -1, sum: sha256.New()}
	return &repacking{c, zip.NewWriter(c)}
}

// file begins the next one, as the list of the zip file has it: whoever reads it must see whether size and checksum there are its own.
func (r *repacking) file(f *zip.File) (io.Writer, error) {
	return begin(r.archive, f.Name, int64(f.UncompressedSize64), f.CRC32)
}

// end returns the first byte that differs, bytes that nobody wrote included; -1 where none does.
func (r *repacking) end() (int64, error) {
	if err := r.archive.Close(); err != nil {
		return 0, err
	}
	if _, err := r.with.ReadByte(); r.off < 0 && err == nil {
		return r.at, nil
	}
	return r.off, nil
}

// comparer is written to, and tells where that differs from what it reads; -1 where it does not.
type comparer struct {
	with    *bufio.Reader
	at, off int64
	sum     hash.Hash // of what is written: where nothing differs, of what is read
}

func (c *comparer) Write(b []byte) (int, error) {
	_, _ = c.sum.Write(b) // hashes take everything
	for rest := b; len(rest) > 0 && c.off < 0; {
		have, _ := c.with.Peek(min(len(rest), c.with.Size())) // less where the file ends, or cannot be read
		same := 0
		if bytes.Equal(have, rest[:len(have)]) {
			same = len(have)
		}
		for same < len(have) && have[same] == rest[same] {
			same++
		}
		c.at += int64(same)
		if same < len(have) || same == 0 {
			c.off = c.at
		}
		_, _ = c.with.Discard(same) // which is there
		rest = rest[same:]
	}
	return len(b), nil
}

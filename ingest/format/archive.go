package format

import (
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"

	"github.com/klauspost/compress/zip"

	"rummage/ingest/read"
)

const (
	// mostMembers is how many files an archive may hold.
	mostMembers = 10_000
	// encrypted is the flag of a member that needs a password.
	encrypted = 1
)

// isArchive tells whether a file is a zip archive, and not one of the documents
// that are zip archives within.
func isArchive(file read.Input) bool {
	var magic [4]byte
	if _, err := file.ReadAt(magic[:], 0); err != nil || string(magic[:]) != "PK\x03\x04" && string(magic[:]) != "PK\x05\x06" {
		return false
	}
	archive, err := zip.NewReader(file, file.Size())
	return err != nil || !isDocument(archive)
}

// isDocument tells an Office document, which every program shows as one file,
// from an archive. It is read as a workbook, or refused by that reader.
func isDocument(archive *zip.Reader) bool {
	return slices.ContainsFunc(archive.File, func(f *zip.File) bool { return f.Name == "[Content_Types].xml" || f.Name == "mimetype" })
}

// members lists the files of an archive, without what systems put beside them:
// folders, hidden files, and those of macOS.
func members(file read.Input) ([]string, error) {
	archive, err := zip.NewReader(file, file.Size())
	if err != nil {
		return nil, fmt.Errorf("format: archive: %w", read.ZipFault(err))
	}
	var names []string
	for _, f := range archive.File {
		if strings.HasSuffix(f.Name, "/") || strings.HasPrefix(f.Name, "__MACOSX/") || strings.HasPrefix(path.Base(f.Name), ".") {
			continue
		}
		if slices.Contains(names, f.Name) {
			return nil, fmt.Errorf("format: archive: %w: it holds %q twice; unpack it", read.ErrFormat, f.Name)
		}
		if names = append(names, f.Name); len(names) > mostMembers {
			return nil, fmt.Errorf("format: archive: %w: more than %d files; unpack it", read.ErrFormat, mostMembers)
		}
	}
	if len(names) == 0 {
		return nil, fmt.Errorf("format: archive: %w", read.ErrEmpty)
	}
	return names, nil
}

// enter returns the content of a part: the file, or a member of the archive.
func enter(file read.Input, part read.Part) (read.Input, error) {
	if part.Member == "" {
		return file, nil
	}
	archive, err := zip.NewReader(file, file.Size())
	if err != nil {
		return nil, fmt.Errorf("format: archive: %w", read.ZipFault(err))
	}
	i := slices.IndexFunc(archive.File, func(f *zip.File) bool { return f.Name == part.Member })
	if i < 0 {
		return nil, fmt.Errorf("format: archive: %w: it holds no %q", read.ErrDialect, part.Member)
	}
	f := archive.File[i]
	switch {
	case f.Flags&encrypted != 0:
		return nil, fmt.Errorf("format: archive: %q: %w: it needs a password; unpack it", f.Name, read.ErrFormat)
	case f.UncompressedSize64 > read.Unpacked(f.CompressedSize64):
		return nil, fmt.Errorf("format: archive: %q: %w (%d bytes from %d)", f.Name, read.ErrBomb, f.UncompressedSize64, f.CompressedSize64)
	}
	return &member{file: f}, nil
}

// member is a file of an archive. Reading on from where it was read last costs
// the bytes read, reading what lies before that unpacks it from its beginning.
type member struct {
	file   *zip.File
	stream io.ReadCloser
	at     int64
}

// Size returns how many bytes it unpacks to.
func (m *member) Size() int64 { return int64(min(m.file.UncompressedSize64, 1<<62)) }

// ReadAt reads as io.ReaderAt does, but for one goroutine.
func (m *member) ReadAt(p []byte, offset int64) (int, error) {
	if offset >= m.Size() {
		return 0, io.EOF
	}
	if err := m.seek(offset); err != nil {
		return 0, fmt.Errorf("%q: %w", m.file.Name, read.ZipFault(err))
	}
	n, err := io.ReadFull(m.stream, p[:min(int64(len(p)), m.Size()-m.at)])
	m.at += int64(n)
	if err == nil && m.at == m.Size() {
		err = m.end()
	}
	if err != nil {
		return n, fmt.Errorf("%q: %w", m.file.Name, read.ZipFault(err))
	}
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

// end looks behind the last byte, where the checksum is compared.
func (m *member) end() error {
	var behind [1]byte
	n, err := m.stream.Read(behind[:])
	if n > 0 {
		return zip.ErrFormat
	}
	if errors.Is(err, io.EOF) {
		return nil
	}
	return err
}

// seek unpacks up to a byte.
func (m *member) seek(offset int64) (err error) {
	if m.stream != nil && offset < m.at {
		err = m.stream.Close()
		m.stream = nil
	}
	if m.stream == nil && err == nil {
		m.at = 0
		m.stream, err = m.file.Open()
	}
	if err != nil {
		return err
	}
	n, err := io.CopyN(io.Discard, m.stream, offset-m.at)
	m.at += n
	return err
}

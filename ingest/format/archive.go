package format

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

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
	seen := make(map[string]bool, len(archive.File))
	total := uint64(0)
	for _, f := range archive.File {
		name := nameOf(f)
		switch {
		case name == "":
			return nil, fmt.Errorf("format: archive: %w: it holds a file without a name; unpack it", read.ErrFormat)
		case len(name) > longestName:
			return nil, fmt.Errorf("format: archive: %w: it holds a file whose name has %d bytes, %.40q...; unpack it", read.ErrFormat, len(name), name)
		case strings.HasSuffix(name, "/"), strings.HasPrefix(name, "__MACOSX/"), hidden(name):
			continue
		case seen[name]:
			return nil, fmt.Errorf("format: archive: %w: it holds %q twice; unpack it", read.ErrFormat, name)
		case len(names) == mostMembers:
			return nil, fmt.Errorf("format: archive: %w: more than %d files; unpack it", read.ErrFormat, mostMembers)
		}
		seen[name] = true
		names = append(names, name)
		total += min(f.UncompressedSize64, 1<<50)
	}
	// Files of an archive may lie on each other, so that each by itself is no bomb.
	switch most := read.Unpacked(uint64(file.Size())); {
	case len(names) == 0:
		return nil, fmt.Errorf("format: archive: %w", read.ErrEmpty)
	case len(names) > 1 && total > most:
		return nil, fmt.Errorf("format: archive: its %d files together: %w (%d bytes from %d)", len(names), read.ErrBomb, total, file.Size())
	}
	return names, nil
}

// longestName is how many bytes a name may have, which is what a path on a disk may.
const longestName = 4096

// nameOf returns the name of a member as a text that can be stored, shown and
// compared: what is no UTF-8, as the names that old programs write, what is no
// character to be seen and what turns the direction of writing stands as its code.
func nameOf(f *zip.File) string {
	if utf8.ValidString(f.Name) && !strings.ContainsFunc(f.Name, unseen) {
		return f.Name
	}
	var b strings.Builder
	for rest := f.Name; rest != ""; {
		r, size := utf8.DecodeRuneInString(rest)
		switch {
		case r == utf8.RuneError && size == 1:
			fmt.Fprintf(&b, `\x%02X`, rest[0])
		case unseen(r):
			fmt.Fprintf(&b, `\u%04X`, r)
		default:
			b.WriteRune(r)
		}
		rest = rest[size:]
	}
	return b.String()
}

func unseen(r rune) bool {
	return unicode.IsControl(r) || unicode.In(r, unicode.Bidi_Control, unicode.Zl, unicode.Zp)
}

// hidden says whether a file is one that systems do not show, as .DS_Store. What
// leads out of the archive is told, and not passed over.
func hidden(name string) bool {
	return strings.HasPrefix(path.Base(name), ".") && !leadsOut(name)
}

// leadsOut says whether a file of such a name would come to lie outside of the
// folder into which someone unpacks the archive. Nothing is unpacked here, but
// what was packed so was packed to harm.
func leadsOut(name string) bool {
	slashed := strings.ReplaceAll(name, `\`, "/")
	drive := len(slashed) > 1 && slashed[1] == ':' && unicode.IsLetter(rune(slashed[0]))
	return drive || strings.HasPrefix(slashed, "/") || slices.Contains(strings.Split(slashed, "/"), "..")
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
	i := slices.IndexFunc(archive.File, func(f *zip.File) bool { return nameOf(f) == part.Member })
	if i < 0 {
		return nil, fmt.Errorf("format: archive: %w: it holds no %q", read.ErrDialect, part.Member)
	}
	f := archive.File[i]
	switch {
	case leadsOut(f.Name):
		return nil, fmt.Errorf("format: archive: %q: %w: its name leads out of the archive; unpack it by hand if it is trusted", part.Member, read.ErrFormat)
	case f.Mode()&fs.ModeSymlink != 0:
		return nil, fmt.Errorf("format: archive: %q: %w: it is a link to another file, which is not followed", part.Member, read.ErrFormat)
	case f.Flags&encrypted != 0:
		return nil, fmt.Errorf("format: archive: %q: %w: it needs a password; unpack it", part.Member, read.ErrFormat)
	case f.UncompressedSize64 > read.Unpacked(f.CompressedSize64):
		return nil, fmt.Errorf("format: archive: %q: %w (%d bytes from %d)", part.Member, read.ErrBomb, f.UncompressedSize64, f.CompressedSize64)
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

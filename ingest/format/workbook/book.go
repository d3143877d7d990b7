package workbook

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"

	"github.com/klauspost/compress/zip"

	"rummage/ingest/read"
)

const (
	// mostParts is how many parts a workbook may have.
	mostParts = 10_000
	// mostSheets is how many sheets it may have.
	mostSheets = 1_000
	// encrypted is the flag of a part that needs a password.
	encrypted = 1
)

// ErrDamaged says that the file is a workbook, but its parts do not fit together.
var ErrDamaged = errors.New("workbook is damaged; open it in a spreadsheet program and save it again, or fetch it again")

// A book is an opened workbook.
type book struct {
	ctx     context.Context // of the call that reads
	parts   map[string]*zip.File
	size    int64
	sheets  []entry
	from    int64 // 1904 or 1900: the year from which days are counted
	styles  string
	shared  string
	formats []pattern // by style
	texts   *texts
}

// entry is a sheet of a book, with the part that holds it.
type entry struct{ name, part string }

// openBook reads what a workbook says about itself.
func openBook(ctx context.Context, content read.Input) (*book, error) {
	archive, err := zip.NewReader(content, content.Size())
	if err != nil {
		return nil, fmt.Errorf("workbook: %w", read.ZipFault(err))
	}
	if len(archive.File) > mostParts {
		return nil, fmt.Errorf("workbook: %w: more than %d parts", ErrDamaged, mostParts)
	}
	b := &book{ctx: ctx, parts: make(map[string]*zip.File, len(archive.File)), size: content.Size(), from: 1900}
	for _, f := range archive.File {
		if b.parts[key(f.Name)] != nil {
			return nil, fmt.Errorf("workbook: %w: it holds %q twice", ErrDamaged, f.Name)
		}
		b.parts[key(f.Name)] = f
	}
	main, err := b.main()
	if err != nil {
		return nil, fmt.Errorf("workbook: %w", err)
	}
	if err = b.contents(main); err == nil {
		err = b.numberFormats()
	}
	if err != nil {
		return nil, fmt.Errorf("workbook: %w", err)
	}
	b.texts = &texts{book: b, part: b.shared}
	return b, nil
}

// key is a part's name as workbooks compare them: without letter case, and
// written with slashes by those who write backslashes.
func key(name string) string {
	return strings.ToLower(strings.TrimLeft(strings.ReplaceAll(name, `\`, "/"), "/"))
}

// main returns the part that lists the sheets, and refuses what is no workbook.
func (b *book) main() (string, error) {
	if _, ok := b.parts["[content_types].xml"]; !ok {
		if _, ok = b.parts["mimetype"]; ok {
			return "", fmt.Errorf("%w: this is an OpenDocument file (.ods, .odt); save the sheet as .xlsx", read.ErrFormat)
		}
		return "", fmt.Errorf("%w: this is an archive within an archive; unpack it", read.ErrFormat)
	}
	found, err := b.relations("")
	if err != nil {
		return "", err
	}
	for _, r := range found {
		if !strings.HasSuffix(r.kind, "/officeDocument") {
			continue
		}
		if path.Ext(r.target) == ".bin" {
			return "", fmt.Errorf("%w: this is a binary workbook (.xlsb); save it as .xlsx", read.ErrFormat)
		}
		return r.target, nil
	}
	return "", fmt.Errorf("%w: this is an Office document without sheets; tables must come as .xlsx or CSV", read.ErrFormat)
}

// relation is a part that another one refers to.
type relation struct{ id, kind, target string }

// relations lists what a part refers to; "" is the whole file. Targets are keys
// of parts.
func (b *book) relations(of string) ([]relation, error) {
	folder, name := path.Split(of)
	part := key(folder + "_rels/" + name + ".rels")
	if _, ok := b.parts[part]; !ok {
		return nil, nil
	}
	var found []relation
	err := b.walk(part, func(s *scanner, _ string) error {
		return s.each(func() error {
			target := string(s.attr("Target"))
			if string(s.name) != "Relationship" || string(s.attr("TargetMode")) == "External" {
				return nil
			}
			if !strings.HasPrefix(target, "/") {
				target = path.Join("/", folder, target)
			}
			if len(found) > mostParts {
				return s.flaw("more than %d relations", mostParts)
			}
			found = append(found, relation{id: string(s.attr("Id")), kind: string(s.attr("Type")), target: key(path.Clean(target))})
			return nil
		})
	})
	return found, err
}

// contents reads the list of sheets, and where styles and texts are.
func (b *book) contents(main string) error {
	found, err := b.relations(main)
	if err != nil {
		return err
	}
	byID := make(map[string]relation, len(found))
	for _, r := range found {
		byID[r.id] = r
		switch path.Base(r.kind) {
		case "styles":
			b.styles = r.target
		case "sharedStrings":
			b.shared = r.target
		}
	}
	return b.walk(main, func(s *scanner, root string) error {
		if root != "workbook" {
			return fmt.Errorf("%w: this is an Office document without sheets; tables must come as .xlsx or CSV", read.ErrFormat)
		}
		return s.each(func() error {
			switch string(s.name) {
			case "workbookPr":
				if said := string(s.attr("date1904")); said == "1" || said == "true" || said == "on" {
					b.from = 1904
				}
			case "sheets":
				return s.each(func() error { return b.sheet(s, byID) })
			}
			return nil
		})
	})
}

// sheet notes a sheet of the list. Charts have no cells.
func (b *book) sheet(s *scanner, byID map[string]relation) error {
	r, ok := byID[string(s.attr("id"))]
	name := string(s.attr("name"))
	switch {
	case string(s.name) != "sheet" || ok && path.Base(r.kind) != "worksheet":
		return nil
	case !ok || b.parts[r.target] == nil:
		return fmt.Errorf("%w: sheet %q is not in it", ErrDamaged, name)
	case len(b.sheets) == mostSheets:
		return fmt.Errorf("%w: more than %d sheets", read.ErrFormat, mostSheets)
	}
	for _, other := range b.sheets {
		if strings.EqualFold(other.name, name) {
			return fmt.Errorf("%w: two sheets are named %q", ErrDamaged, name)
		}
	}
	b.sheets = append(b.sheets, entry{name: name, part: r.target})
	return nil
}

// walk opens a part, moves into its root element, and reads it to its end behind f.
func (b *book) walk(part string, f func(s *scanner, root string) error) error {
	s, closer, err := b.scan(part)
	if err != nil {
		return err
	}
	root, err := s.root()
	if err == nil {
		err = f(s, root)
	}
	if err == nil {
		err = s.toEnd()
	}
	_ = closer.Close() // of an unpacker, which has said all by then
	if err != nil {
		return b.fault(part, err)
	}
	return nil
}

// A partError says in which part of a workbook something is wrong.
type partError struct {
	part string
	err  error
}

func (e *partError) Error() string { return e.part + ": " + e.err.Error() }

func (e *partError) Unwrap() error { return e.err }

// fault says in which part something is wrong, and what can be done. The shared
// texts say it of themselves.
func (b *book) fault(part string, err error) error {
	switch {
	case errors.As(err, new(*partError)):
		return err
	case errors.Is(err, errMarkup):
		err = fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	return &partError{part: part, err: read.ZipFault(err)}
}

// scan opens a part.
func (b *book) scan(part string) (*scanner, io.Closer, error) {
	f := b.parts[part]
	if f == nil {
		return nil, nil, fmt.Errorf("%w: it has no part %s", ErrDamaged, part)
	}
	if f.Flags&encrypted != 0 {
		return nil, nil, fmt.Errorf("%w: %s needs a password; unpack it", read.ErrFormat, part)
	}
	stream, err := f.Open()
	if err != nil {
		return nil, nil, b.fault(part, err)
	}
	most := read.Unpacked(min(f.CompressedSize64, uint64(b.size)))
	return newScanner(&guard{book: b, source: stream, most: most}), stream, nil
}

// A guard ends a part's stream when the context of the book does, and when the
// part becomes larger than its packed size can mean.
type guard struct {
	book   *book
	source io.Reader
	most   uint64
	n      uint64
}

func (g *guard) Read(p []byte) (int, error) {
	if err := g.book.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := g.source.Read(p)
	if g.n += uint64(n); g.n > g.most {
		return n, fmt.Errorf("%w (more than %d bytes)", read.ErrBomb, g.most)
	}
	return n, err
}

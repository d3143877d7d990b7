package workbook

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"rummage/ingest/read"
)

// Format is the name of workbooks in a dialect.
const Format = "workbook"

const (
	// sampleRows is how many rows Detect looks at.
	sampleRows = 500
	// sampleBytes bounds the sample where rows are long.
	sampleBytes = 4 << 20
	// headSize is how far the name of a locked workbook is looked for.
	headSize = 256 << 10
	// mostTitle is how many lines of title may stand above a table.
	mostTitle = 50
)

// locked is the name, in UTF-16, of the stream in which a workbook with a password
// lies. The file around it is that of old Office files.
var locked = []byte("E\x00n\x00c\x00r\x00y\x00p\x00t\x00e\x00d\x00P\x00a\x00c\x00k\x00a\x00g\x00e\x00")

// ole begins old Office files, and new ones with a password.
const ole = "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"

// Knows tells by the first bytes of a content whether it is a workbook or
// something that Detect refuses with better advice than others: a document of
// another kind, an archive in an archive, a workbook with a password.
func Knows(head []byte) bool {
	return bytes.HasPrefix(head, []byte("PK\x03\x04")) || bytes.HasPrefix(head, []byte("PK\x05\x06")) || isLocked(head)
}

func isLocked(head []byte) bool {
	return bytes.HasPrefix(head, []byte(ole)) && bytes.Contains(head, locked)
}

// open opens a workbook, and refuses one that needs a password.
func open(ctx context.Context, content read.Input) (*book, error) {
	head, err := first(content, len(ole))
	if err == nil && string(head) == ole {
		head, err = first(content, headSize)
	}
	switch {
	case err != nil:
		return nil, fmt.Errorf("workbook: %w", err)
	case isLocked(head):
		return nil, fmt.Errorf("workbook: %w: it needs a password; open it, take the password off, and save it", read.ErrFormat)
	}
	return openBook(ctx, content)
}

// first reads the first n bytes.
func first(content read.Input, n int) ([]byte, error) {
	head := make([]byte, n)
	n, err := content.ReadAt(head, 0)
	if errors.Is(err, io.EOF) {
		err = nil
	}
	return head[:n], err
}

// Sheets lists the sheets that have a cell with something in it, hidden ones
// too, in the order of the workbook. read.ErrEmpty: there is none.
func Sheets(ctx context.Context, content read.Input) ([]string, error) {
	b, err := open(ctx, content)
	if err != nil {
		return nil, err
	}
	defer b.texts.release()
	found, err := b.filled(len(b.sheets))
	if err != nil {
		return nil, err
	}
	names := make([]string, len(found))
	for i, e := range found {
		names[i] = e.name
	}
	return names, nil
}

// filled lists the sheets that are not empty, most of them at most.
func (b *book) filled(most int) ([]entry, error) {
	var found []entry
	for _, e := range b.sheets {
		if len(found) == most {
			break
		}
		s, err := b.openSheet(e.part)
		if err != nil {
			return nil, err
		}
		for err == nil && s.filled == 0 && s.fault == nil {
			err = s.next()
		}
		s.Close()
		switch {
		case errors.Is(err, io.EOF):
		case err != nil:
			return nil, fmt.Errorf("workbook: sheet %q: %w", e.name, err)
		default:
			found = append(found, e)
		}
	}
	if len(found) == 0 {
		return nil, fmt.Errorf("workbook: %w: no sheet has anything in it", read.ErrEmpty)
	}
	return found, nil
}

// find returns the sheet of that name. Without a name it is the only one that has
// anything in it.
func (b *book) find(name string) (entry, error) {
	if name != "" {
		i := slices.IndexFunc(b.sheets, func(e entry) bool { return e.name == name })
		if i < 0 {
			return entry{}, fmt.Errorf("workbook: %w: it has no sheet %q", read.ErrDialect, name)
		}
		return b.sheets[i], nil
	}
	found, err := b.filled(len(b.sheets))
	if err != nil {
		return entry{}, err
	}
	if len(found) > 1 {
		return entry{}, fmt.Errorf("workbook: %w: several sheets have rows, from %q to %q; name one",
			read.ErrDialect, found[0].name, found[len(found)-1].name)
	}
	return found[0], nil
}

// Detect says where the table of a sheet begins, how wide it is, and whether its
// first row is a header, by the sheet's first rows. Lines of title are rows with
// less than half as many cells as most; they are passed only when the row below
// them looks like a header (or hints say that there is one), so that no row of
// data is taken for one.
//
// read.ErrEmpty: the sheet has nothing in it. read.ErrFormat: it is no workbook
// that can be read; the error says what to do. Other hints than Header change
// nothing.
func Detect(ctx context.Context, content read.Input, name string, h read.Hints) (read.Dialect, error) {
	d := read.Dialect{Part: read.Part{Sheet: name}, Format: Format, Compression: read.Plain}
	b, err := open(ctx, content)
	if err != nil {
		return d, err
	}
	defer b.texts.release()
	e, err := b.find(name)
	if err != nil {
		return d, err
	}
	l, err := b.look(e)
	if err != nil {
		return d, err
	}
	at := l.table(h.Header)
	d.First = l.numbers[at]
	d.Header = h.Header == read.Yes || h.Header == read.Auto && l.headed(at)
	d.Columns = l.width(at)
	if names, at, ok := read.HeadingAt(l.rows, at); ok && h.Header == read.Auto && len(names) <= d.Columns {
		names = append(names, make([]string, d.Columns-len(names))...)
		d.Names, d.First, d.Header = strings.Join(names, read.Between), l.numbers[at+1]+1, true
	}
	return d, nil
}

// A look is the first rows of a sheet that are not blank.
type look struct {
	numbers []int64
	rows    [][]string // without empty cells at the end
	counts  []int      // cells that are not empty
}

// look reads the first rows.
func (b *book) look(e entry) (*look, error) {
	s, err := b.openSheet(e.part)
	if err != nil {
		return nil, err
	}
	defer s.Close()
	l, size := new(look), 0
	var cells [][]byte
	for len(l.rows) < sampleRows && size < sampleBytes {
		if err = s.next(); err != nil {
			break
		}
		if s.filled == 0 {
			continue
		}
		cells = s.appendCells(cells[:0], 0)
		row, count := make([]string, len(cells)), 0
		for i, cell := range cells {
			row[i] = string(cell)
			if strings.TrimSpace(row[i]) != "" {
				count++
			}
		}
		l.numbers, l.rows, l.counts = append(l.numbers, s.number), append(l.rows, row), append(l.counts, count)
		size += len(s.text) + 16*len(cells)
	}
	switch {
	case len(l.rows) > 0 && b.ctx.Err() == nil:
		// What is wrong further on is met again when the rows are read.
		return l, nil
	case errors.Is(err, io.EOF):
		return nil, fmt.Errorf("workbook: sheet %q: %w", e.name, read.ErrEmpty)
	}
	return nil, fmt.Errorf("workbook: sheet %q: %w", e.name, err)
}

// table returns the index of the row with which the table begins.
func (l *look) table(header read.Choice) int {
	if header == read.No {
		return 0
	}
	usual := median(l.counts)
	at := slices.IndexFunc(l.counts, func(n int) bool { return 2*n > usual })
	if at < 0 || at > mostTitle {
		return 0
	}
	if _, _, grouped := read.HeadingAt(l.rows, at); header == read.Auto && !grouped && !l.headed(at) {
		return 0
	}
	return at
}

// headed says whether the row of an index looks like a header. Names that it does
// not have, where rows usually have cells, are empty ones.
func (l *look) headed(at int) bool {
	widths := make([]int, len(l.rows))
	for i, row := range l.rows {
		widths[i] = len(row)
	}
	rows := slices.Clone(l.rows[at:])
	if missing := median(widths) - len(rows[0]); missing > 0 {
		rows[0] = append(slices.Clone(rows[0]), make([]string, missing)...)
	}
	return read.LooksLikeHeader(rows)
}

// median is the middle one of numbers, of two the greater.
func median(numbers []int) int {
	sorted := slices.Sorted(slices.Values(numbers))
	return sorted[len(sorted)/2]
}

// width is how many columns the rows from an index on have.
func (l *look) width(from int) int {
	most := 1
	for _, row := range l.rows[from:] {
		most = max(most, len(row))
	}
	return most
}

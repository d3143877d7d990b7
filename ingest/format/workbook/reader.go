package workbook

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"rummage/ingest/read"
)

// Open starts reading the sheet that the dialect names. Content must stay usable
// until Close. Rows above d.First are passed; without it the table begins with the
// first row that is not blank. Without d.Columns it is as wide as the widest of
// the first rows.
//
// Memory is bounded by mostText (256 MiB) and a few times read.MaxRecord, whatever
// the file. Cancelling ctx ends the reading within a row.
func Open(ctx context.Context, content read.Input, d read.Dialect) (read.Reader, error) {
	r, err := begin(ctx, content, d)
	if err != nil {
		return nil, err
	}
	if err = r.head(); err != nil {
		return nil, errors.Join(err, r.Close())
	}
	return r, nil
}

// reader reads the rows of a sheet.
type reader struct {
	book    *book
	sheet   *sheet
	name    string
	first   int64
	width   int
	headed  bool
	header  *read.Row
	names   []string
	number  int64 // of the last row that is dealt with, or blank
	stats   read.Stats
	row     read.Row
	err     error
	started bool // the table has begun
}

// begin opens a sheet and finds out how wide its table is.
func begin(ctx context.Context, content read.Input, d read.Dialect) (*reader, error) {
	if d.Format != Format || d.Columns < 0 || d.First < 0 {
		return nil, fmt.Errorf("workbook: %w: format %q, first row %d, %d columns", read.ErrDialect, d.Format, d.First, d.Columns)
	}
	b, err := open(ctx, content)
	if err != nil {
		return nil, err
	}
	e, err := b.find(d.Sheet)
	if err != nil {
		return nil, err
	}
	r := &reader{book: b, name: e.name, first: d.First, width: d.Columns, headed: d.Header}
	if d.Named() {
		r.names = strings.Split(d.Names, read.Between)
	}
	if r.width == 0 {
		l, err := b.look(e)
		if err != nil {
			return nil, err
		}
		at := 0
		for at < len(l.numbers)-1 && l.numbers[at] < d.First {
			at++
		}
		r.width = l.width(at)
	}
	if r.sheet, err = b.openSheet(e.part); err != nil {
		return nil, err
	}
	return r, nil
}

// head reads the header.
func (r *reader) head() error {
	if !r.headed || r.names != nil {
		return nil
	}
	header, err := r.Next()
	switch {
	case errors.Is(err, io.EOF):
		return fmt.Errorf("workbook: sheet %q: %w", r.name, read.ErrEmpty)
	case errors.As(err, new(*read.RowError)):
		return fmt.Errorf("workbook: sheet %q: header cannot be read: %w", r.name, err)
	case err != nil:
		return err
	}
	r.header = header.Clone()
	r.names = header.Names()
	r.stats.Rows = 0
	return nil
}

func (r *reader) Header() *read.Row { return r.header }

func (r *reader) Stats() read.Stats {
	s := r.stats
	s.Bytes = r.sheet.scan.offset()
	return s
}

func (r *reader) Close() error {
	r.err = read.ErrClosed
	r.sheet.Close()
	r.book.texts.release()
	return nil
}

func (r *reader) Next() (*read.Row, error) {
	for r.err == nil {
		if err := r.book.ctx.Err(); err != nil {
			return nil, r.stop(err)
		}
		if err := r.advance(); err != nil {
			return nil, r.stop(err)
		}
		s := r.sheet
		empty := s.filled == 0 && s.fault == nil
		if s.number < r.first || empty && !r.started {
			r.number = s.number
			continue
		}
		if r.started {
			r.stats.Blank += s.number - r.number - 1
		}
		r.started, r.number = true, s.number
		if empty {
			r.stats.Blank++
			continue
		}
		return r.record()
	}
	return nil, r.err
}

// advance moves to the next row of the sheet. Behind the last, the shared texts are
// read to their end too, so that damage in them is found.
func (r *reader) advance() error {
	err := r.sheet.next()
	if errors.Is(err, io.EOF) {
		if fault := r.book.texts.finish(); fault != nil {
			return fault
		}
	}
	return err
}

// stop ends the reading for good.
func (r *reader) stop(err error) error {
	switch {
	case errors.Is(err, io.EOF):
		err = io.EOF
	case r.book.ctx.Err() != nil:
		err = fmt.Errorf("workbook: sheet %q: stopped after row %d: %w", r.name, r.number, r.book.ctx.Err())
	default:
		err = &read.StreamError{Row: r.number, Offset: r.number, Err: err}
	}
	r.err = err
	return err
}

// record hands out the row that the sheet has come to.
func (r *reader) record() (*read.Row, error) {
	s := r.sheet
	at := read.Position{Offset: s.number, Length: 1, Locator: r.name}
	fault := s.fault
	if fault == nil && s.filled > r.width {
		fault = &read.RowError{Row: s.number, Column: r.width + 1, Reason: read.TooManyCells,
			Detail: fmt.Sprintf("%d cells where %d are expected", s.filled, r.width)}
	}
	if fault != nil {
		fault.Position = at
		if fault.Column > 0 && fault.Column <= len(r.names) {
			fault.Name = r.names[fault.Column-1]
		}
		r.stats.Bad++
		return nil, fault
	}
	r.stats.Rows++
	r.row = read.Row{Position: at, Number: s.number, Cells: s.appendCells(r.row.Cells[:0], r.width)}
	return &r.row, nil
}

package parquet

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"rummage/ingest/read"
)

const (
	// batchCells is how many values all columns take from the library at once, and
	// batchLeast how many each does at least.
	batchCells, batchLeast = 64 << 10, 16
	// mostRatio is how many times its size the texts of a file may have, past what
	// any file may unpack to. Sorted columns of few values pack some hundred to one.
	mostRatio = 1000
)

// Open starts reading a file. Content must stay usable until Close.
//
// In memory are one page of each column and, for each, some text: mostGroup (1 GiB)
// at the utmost, a few megabytes for files with pages of the usual size.
// Cancelling ctx ends the reading at the next row.
func Open(ctx context.Context, content read.Input, d read.Dialect) (read.Reader, error) {
	f, err := opened(ctx, content, d)
	if err != nil {
		return nil, err
	}
	names := strings.Split(f.names, read.Between)
	header := read.Row{Cells: make([][]byte, len(names))}
	for i, name := range names {
		header.Cells[i] = []byte(name)
	}
	most := int64(min(read.Unpacked(uint64(content.Size())*(mostRatio/read.MaxRatio)), 1<<62))
	return &reader{cursor: cursor{file: f, group: -1}, header: header.Clone(), most: most}, nil
}

// opened opens a file in the dialect that it was detected in.
func opened(ctx context.Context, content read.Input, d read.Dialect) (*file, error) {
	if d.Format != Format {
		return nil, fmt.Errorf("parquet: %w: format %q", read.ErrDialect, d.Format)
	}
	f, err := openFile(ctx, content)
	if err != nil {
		return nil, err
	}
	if d.Names != "" && d.Names != f.names {
		return nil, fmt.Errorf("parquet: %w: the file has other columns", read.ErrDialect)
	}
	return f, nil
}

// A cursor stands before a row of a row group.
type cursor struct {
	file    *file
	group   int // -1 before the first
	columns []*column
	left    int64 // rows of the group
	locator string
	cells   [][]byte
}

// enter opens a row group.
func (c *cursor) enter(i int) error {
	if err := c.leave(); err != nil {
		return err
	}
	columns, err := c.file.columns(i)
	if err != nil {
		return c.file.failed(err)
	}
	c.group, c.columns, c.left = i, columns, c.file.groups[i].rows
	c.locator = fmt.Sprintf("row group %d", i+1)
	return nil
}

// leave closes the row group.
func (c *cursor) leave() error {
	var faults []error
	for _, column := range c.columns {
		faults = append(faults, column.Close())
	}
	c.columns = nil
	return errors.Join(faults...)
}

// row reads the next row of the group into cells. The fault is of the first cell that
// has one.
func (c *cursor) row() (fault *read.RowError, size int, err error) {
	c.cells = c.cells[:0]
	for i, column := range c.columns {
		cell, f, err := column.cell()
		if err != nil {
			return nil, 0, c.broken(column, err)
		}
		if f != sound && fault == nil {
			fault = &read.RowError{Column: i + 1, Name: column.leaf.name, Reason: f.reason(), Detail: f.detail()}
		}
		c.cells = append(c.cells, cell)
		size += len(cell)
	}
	c.left--
	if fault == nil && size > read.MaxRecord {
		fault = &read.RowError{Reason: read.RecordTooLong, Detail: fmt.Sprintf("the cells have %d bytes, more than the %d allowed for one row", size, read.MaxRecord)}
	}
	return fault, size, nil
}

// broken says in which column a row group breaks.
func (c *cursor) broken(column *column, err error) error {
	if errors.Is(err, io.EOF) {
		err = fmt.Errorf("%w: it ends %d rows early", ErrDamaged, c.left)
	}
	return c.file.failed(fmt.Errorf("column %q in %s: %w", column.leaf.name, c.locator, err))
}

// finish checks that all columns end with the row group.
func (c *cursor) finish() error {
	for _, column := range c.columns {
		switch _, _, err := column.cell(); {
		case err == nil:
			return c.file.failed(fmt.Errorf("%w: column %q in %s has more rows than that", ErrDamaged, column.leaf.name, c.locator))
		case !errors.Is(err, io.EOF):
			return c.broken(column, err)
		}
	}
	return c.leave()
}

// reader reads the rows of a file.
type reader struct {
	cursor
	header *read.Row
	stats  read.Stats
	row    read.Row
	size   int64 // of the texts handed out
	most   int64
	number int64 // of the last row
	err    error
}

func (r *reader) Header() *read.Row { return r.header }

func (r *reader) Stats() read.Stats { return r.stats }

func (r *reader) Close() error {
	if errors.Is(r.err, read.ErrClosed) {
		return nil
	}
	r.err = read.ErrClosed
	return r.leave()
}

func (r *reader) Next() (*read.Row, error) {
	if r.err != nil {
		return nil, r.err
	}
	if err := r.file.ctx.Err(); err != nil {
		return nil, r.stop(err)
	}
	if err := r.ready(); err != nil {
		return nil, r.stop(err)
	}
	fault, size, err := r.cursor.row()
	if err != nil {
		return nil, r.stop(err)
	}
	if r.size += int64(size + len(r.cells)); r.size > r.most {
		return nil, r.stop(fmt.Errorf("parquet: %w (%d bytes of text from %d)", read.ErrBomb, r.size, r.file.content.Size()))
	}
	r.number++
	at := read.Position{Offset: r.number, Length: 1, Locator: r.locator}
	if fault != nil {
		r.stats.Bad++
		fault.Row, fault.Position = r.number, at
		return nil, fault
	}
	r.stats.Rows++
	r.row = read.Row{Position: at, Number: r.number, Cells: r.cells}
	return &r.row, nil
}

// ready enters the next row group that has rows, when the one before is at its end.
// io.EOF: there is none.
func (r *reader) ready() error {
	for r.left == 0 {
		if r.group >= 0 && r.columns != nil {
			if err := r.finish(); err != nil {
				return err
			}
			r.stats.Bytes += r.file.groups[r.group].bytes
		}
		if r.group+1 == len(r.file.groups) {
			return io.EOF
		}
		if err := r.enter(r.group + 1); err != nil {
			return err
		}
	}
	return nil
}

// stop ends the reading for good.
func (r *reader) stop(err error) error {
	switch {
	case errors.Is(err, io.EOF):
		err = io.EOF
	case r.file.ctx.Err() != nil:
		err = fmt.Errorf("parquet: stopped after row %d: %w", r.number, r.file.ctx.Err())
	default:
		err = &read.StreamError{Row: r.number, Offset: r.number, Err: err}
	}
	r.err = err
	return err
}

// reason is the code of a flaw.
func (f flaw) reason() read.Reason {
	switch f {
	case noText:
		return read.InvalidEncoding
	case nul:
		return read.NULByte
	case tooLong:
		return read.RecordTooLong
	}
	return read.Malformed
}

// detail says what was found.
func (f flaw) detail() string {
	switch f {
	case noText:
		return "bytes that are not UTF-8, in a column of text"
	case nul:
		return "holds a NUL byte, which is no text"
	case tooLong:
		return "the cell is longer than a row may be"
	}
	return "a value that is none of what the schema says it is"
}

package workbook

import (
	"context"
	"errors"
	"fmt"
	"io"

	"rummage/ingest/read"
)

// Spans reads rows of one sheet again, by their numbers. Reading goes through the
// sheet from its beginning, or from the last row on if that stands before: rows in
// rising order cost one pass together. It is used by one goroutine.
type Spans struct {
	content read.Input
	dialect read.Dialect
	reader  *reader // nil before the first row and behind a fault of the stream
}

// NewSpans reads rows of a workbook in the dialect that they were read in.
func NewSpans(content read.Input, d read.Dialect) (*Spans, error) {
	if d.Format != Format {
		return nil, fmt.Errorf("workbook: %w: format %q", read.ErrDialect, d.Format)
	}
	return &Spans{content: content, dialect: d}, nil
}

// Cells reads the cells of a row, more than the table has columns if there are. A
// row with a cell that cannot be read gives its *read.RowError, without number.
// read.ErrSpan: the position is not that of a row with something in it.
func (s *Spans) Cells(ctx context.Context, at read.Position) ([][]byte, error) {
	cells, fault, err := s.row(ctx, at)
	if err == nil && fault != nil {
		bad := *fault
		bad.Row = 0
		return nil, &bad
	}
	return cells, err
}

// Salvage reads the cells of a row that Cells cannot read, with read.Lost in place
// of what is no value.
func (s *Spans) Salvage(ctx context.Context, at read.Position) ([][]byte, error) {
	cells, _, err := s.row(ctx, at)
	return cells, err
}

// row moves to a row.
func (s *Spans) row(ctx context.Context, at read.Position) ([][]byte, *read.RowError, error) {
	if at.Length != 1 || at.Offset < 1 {
		return nil, nil, fmt.Errorf("%w: %d rows at %d", read.ErrSpan, at.Length, at.Offset)
	}
	if s.reader != nil && s.reader.sheet.number > at.Offset {
		s.drop()
	}
	if s.reader == nil {
		var err error
		if s.reader, err = begin(ctx, s.content, s.dialect); err != nil {
			return nil, nil, err
		}
	}
	s.reader.book.ctx = ctx
	sheet := s.reader.sheet
	for sheet.number < at.Offset {
		err := sheet.next()
		if err == nil {
			continue
		}
		s.drop()
		if errors.Is(err, io.EOF) {
			err = fmt.Errorf("%w: the sheet ends before row %d", read.ErrSpan, at.Offset)
		}
		return nil, nil, fmt.Errorf("workbook: sheet %q: %w", s.dialect.Sheet, err)
	}
	if sheet.number != at.Offset || sheet.filled == 0 && sheet.fault == nil {
		return nil, nil, fmt.Errorf("%w: row %d is blank", read.ErrSpan, at.Offset)
	}
	row := read.Row{Cells: sheet.appendCells(nil, s.reader.width)}
	return row.Clone().Cells, sheet.fault, nil
}

// drop lets go of the sheet, so that the next row is looked for from the beginning.
func (s *Spans) drop() {
	_ = s.reader.Close() // of a reader, which never fails
	s.reader = nil
}

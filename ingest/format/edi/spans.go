package edi

import (
	"context"
	"errors"
	"fmt"
	"io"

	"rummage/ingest/read"
)

// Spans reads rows of one file again, by the positions that a Reader gave for
// them. What a row says is said in part by what stands before it, so a row costs
// a pass over the file up to it; rows in rising order cost one pass together. It
// is used by one goroutine.
type Spans struct {
	file    read.Input
	dialect read.Dialect
	reader  *reader
	last    read.Position // where the reader is
	cells   [][]byte      // of last
	bad     *read.RowError
}

// NewSpans reads rows of a file in the dialect it was read in.
func NewSpans(content read.Input, d read.Dialect) (*Spans, error) {
	if _, err := check(&d); err != nil {
		return nil, err
	}
	return &Spans{file: content, dialect: d}, nil
}

// Cells reads the cells of a row. A record that cannot be read gives its
// *read.RowError, without number. ErrSpan means that the position is not that of
// one record, so file, dialect or position do not belong together.
func (s *Spans) Cells(ctx context.Context, at read.Position) ([][]byte, error) {
	if err := s.seek(ctx, at); err != nil {
		return nil, err
	}
	if s.bad != nil {
		bad := *s.bad
		bad.Row = 0
		return nil, &bad
	}
	return s.cells, nil
}

// Salvage reads the cells of a record that Cells cannot read, as well as they
// can be had: of a row what could be read of it, with read.Lost where a character
// is none and behind the kind of a row that is too long; of what is no row, as
// the end of a message, no more than the interchange and the group say.
func (s *Spans) Salvage(ctx context.Context, at read.Position) ([][]byte, error) {
	if err := s.seek(ctx, at); err != nil {
		return nil, err
	}
	return s.cells, nil
}

// seek reads up to the record at a position.
func (s *Spans) seek(ctx context.Context, at read.Position) error {
	if s.reader != nil && s.last.Offset == at.Offset && s.last.Length == at.Length {
		return nil
	}
	if s.reader == nil || before(at, s.last) {
		r, err := open(ctx, io.NewSectionReader(s.file, 0, s.file.Size()), s.dialect)
		if err != nil {
			return err
		}
		r.machine.salvage = true
		s.close()
		s.reader = r
	}
	// The reader outlives the call, and so does not stop with its context.
	s.reader.ctx = ctx
	s.reader.machine.scan.Within(ctx)
	for {
		_, err := s.reader.Next()
		bad := new(read.RowError)
		switch {
		case err == nil:
			bad = nil
			s.last = s.reader.row.Position
		case errors.As(err, &bad):
			s.last = bad.Position
		case errors.Is(err, io.EOF):
			s.close()
			return fmt.Errorf("edi: %w: no record of %d bytes at %d", read.ErrSpan, at.Length, at.Offset)
		default:
			s.close()
			return fmt.Errorf("edi: row at byte %d: %w", at.Offset, err)
		}
		if before(s.last, at) {
			continue
		}
		row := read.Row{Cells: s.reader.machine.cells.cells}
		s.cells, s.bad = row.Clone().Cells, bad
		if s.last.Offset != at.Offset || s.last.Length != at.Length {
			return fmt.Errorf("edi: %w: no record of %d bytes at %d", read.ErrSpan, at.Length, at.Offset)
		}
		return nil
	}
}

// close ends the pass.
func (s *Spans) close() {
	if s.reader != nil {
		_ = s.reader.Close()
	}
	s.reader, s.last, s.cells, s.bad = nil, read.Position{}, nil, nil
}

// before orders positions as they come.
func before(a, b read.Position) bool {
	return a.Offset < b.Offset || a.Offset == b.Offset && a.Length < b.Length
}

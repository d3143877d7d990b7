package network

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"

	"rummage/ingest/read"
)

// Spans reads rows of one part again, by the positions that its reader gave for
// them. What a row says depends on what stands before it, so a file is read up
// to the row, and on from there for a later one: rows in rising order cost one
// pass together. It is used by one goroutine.
type Spans struct {
	content read.Input
	dialect read.Dialect
	reader  *reader // nil: at the beginning
	last    read.Position
	cells   [][]byte       // of last
	bad     *read.RowError // or nil
}

// NewSpans reads rows of a part in the dialect that they were read in.
// read.ErrDialect refuses one that is not of a graph file.
func NewSpans(content read.Input, d read.Dialect) (*Spans, error) {
	if _, err := find(d.Format); err != nil {
		return nil, err
	}
	return &Spans{content: content, dialect: d}, nil
}

// Cells reads the cells of a row. A row that cannot be read gives its
// *read.RowError, without number; read.ErrSpan means that the position is not
// that of one row.
func (s *Spans) Cells(ctx context.Context, at read.Position) ([][]byte, error) {
	if err := s.seek(ctx, at); err != nil {
		return nil, err
	}
	if s.bad != nil {
		return nil, s.bad
	}
	return s.cells, nil
}

// Salvage reads the cells of a row that Cells cannot read, as well as they can be
// had: read.Lost stands for what is no text, and for the id of a node or an end
// of an edge that could not be found.
func (s *Spans) Salvage(ctx context.Context, at read.Position) ([][]byte, error) {
	if err := s.seek(ctx, at); err != nil {
		return nil, err
	}
	lost := []byte(read.Lost)
	cells := make([][]byte, len(s.cells))
	for i, cell := range s.cells {
		cells[i] = bytes.ToValidUTF8(bytes.ReplaceAll(cell, []byte{0}, lost), lost)
		needed := []string{source, target}
		if s.dialect.Sheet == Nodes {
			needed = []string{id}
		}
		for _, name := range needed {
			if len(cell) == 0 && s.reader.names[i] == name {
				cells[i] = lost
			}
		}
	}
	return cells, nil
}

// seek reads the row at a position.
func (s *Spans) seek(ctx context.Context, at read.Position) error {
	at.Locator = ""
	if s.reader != nil && s.cells != nil && at == s.last {
		return nil
	}
	if s.reader != nil && (s.cells == nil || at.Offset <= s.last.Offset) {
		s.reader.close()
		s.reader = nil
	}
	s.cells, s.bad = nil, nil
	if s.reader == nil {
		r, err := open(ctx, s.content, s.dialect, settings{chunk: chunk})
		if err != nil {
			return err
		}
		s.reader = r
	}
	r := s.reader
	r.ctx = ctx
	for {
		err := r.advance()
		switch {
		case errors.Is(err, io.EOF):
			return fmt.Errorf("%w: the file has no row there", read.ErrSpan)
		case err != nil:
			return r.stop(err)
		case r.e.at == at:
			return s.judge(at)
		case r.e.at.Offset > at.Offset:
			return fmt.Errorf("%w: a row begins at byte %d", read.ErrSpan, r.e.at.Offset)
		}
	}
}

// judge keeps what the reader has found at a position.
func (s *Spans) judge(at read.Position) error {
	_, err := s.reader.judge()
	if err != nil && !errors.As(err, &s.bad) {
		return s.reader.stop(err)
	}
	if s.bad != nil {
		s.bad.Row = 0
	}
	s.last = at
	s.cells = (&read.Row{Cells: s.reader.row.Cells}).Clone().Cells
	return nil
}

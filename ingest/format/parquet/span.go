package parquet

import (
	"context"
	"fmt"

	"rummage/ingest/read"
)

// Spans reads rows of one file again, by their numbers. The row group is opened that
// holds the row, and read up to it; rows in rising order cost one pass through a row
// group together. It is used by one goroutine.
type Spans struct {
	cursor
	next  int64          // number of the row to come; 0 when no row group is open
	fault *read.RowError // of the row before it, whose cells are in cursor
}

// NewSpans reads rows of a file in the dialect that they were read in.
func NewSpans(content read.Input, d read.Dialect) (*Spans, error) {
	f, err := opened(context.Background(), content, d)
	if err != nil {
		return nil, err
	}
	return &Spans{cursor: cursor{file: f, group: -1}}, nil
}

// Cells reads the cells of a row. A row with a value that cannot be read gives its
// *read.RowError, without number. read.ErrSpan: the file has no such row.
func (s *Spans) Cells(ctx context.Context, at read.Position) ([][]byte, error) {
	cells, fault, err := s.at(ctx, at)
	if err == nil && fault != nil {
		return nil, fault
	}
	return cells, err
}

// Salvage reads the cells of a row that Cells cannot read, with read.Lost in place of
// what is no value.
func (s *Spans) Salvage(ctx context.Context, at read.Position) ([][]byte, error) {
	cells, _, err := s.at(ctx, at)
	return cells, err
}

// at moves to a row and reads it.
func (s *Spans) at(ctx context.Context, at read.Position) ([][]byte, *read.RowError, error) {
	i := s.file.groupOf(at.Offset)
	if at.Length != 1 || i < 0 {
		return nil, nil, fmt.Errorf("parquet: %w: %d rows at %d", read.ErrSpan, at.Length, at.Offset)
	}
	s.file.ctx, s.file.fault = ctx, nil
	if s.next != at.Offset+1 {
		err := s.move(i, at.Offset)
		if err == nil {
			s.fault, _, err = s.row()
		}
		if s.next = at.Offset + 1; err != nil {
			s.next = 0
			return nil, nil, err
		}
	}
	row := read.Row{Cells: s.cells}
	return row.Clone().Cells, s.fault, nil
}

// move stands before a row of a row group.
func (s *Spans) move(group int, row int64) error {
	if s.next == 0 || s.group != group || row < s.next {
		if err := s.enter(group); err != nil {
			return err
		}
		s.next = s.file.groups[group].first
	}
	for _, column := range s.columns {
		if err := column.skip(row - s.next); err != nil {
			return s.broken(column, err)
		}
	}
	s.left -= row - s.next
	return nil
}

// groupOf returns the row group that holds a row, -1 when none does.
func (f *file) groupOf(row int64) int {
	for i, g := range f.groups {
		if row >= g.first && row-g.first < g.rows {
			return i
		}
	}
	return -1
}

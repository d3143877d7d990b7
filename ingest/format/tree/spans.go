package tree

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math"

	"rummage/ingest/read"
)

// Spans reads rows of one file again. A record that is a line of its own costs
// its own bytes, unless the file is compressed; any other needs what stands before
// it: the file is read up to the row, and onwards from there for a later one, so
// that rows in rising order cost one pass together. It is used by one goroutine.
type Spans struct {
	content read.Input
	dialect read.Dialect
	line    *reader // of single lines, where a row is a line of a plain file
	reader  *reader
	row     *read.Row      // the row the reader came to
	bad     *read.RowError // or this
}

// NewSpans reads rows of a file in the dialect it was read in.
func NewSpans(content read.Input, d read.Dialect) (*Spans, error) {
	p, err := newPlan(d)
	if err != nil {
		return nil, err
	}
	s := &Spans{content: content, dialect: d}
	if d.Format == Lines && d.Compression == read.Plain && len(p.route.names) == 1 {
		s.line, err = newReader(context.Background(), bytes.NewReader(nil), d)
	}
	return s, err
}

// Cells reads the cells of a row. A unit at fault gives its *read.RowError,
// without number; read.ErrSpan means that the position is not that of one row.
func (s *Spans) Cells(ctx context.Context, at read.Position) ([][]byte, error) {
	if at.Offset < 0 || at.Length < 0 || at.Offset > math.MaxInt64-at.Length {
		return nil, fmt.Errorf("%w: %d bytes at %d", read.ErrSpan, at.Length, at.Offset)
	}
	if s.line != nil {
		return s.lineCells(ctx, at)
	}
	if err := s.seek(ctx, at); err != nil {
		return nil, err
	}
	if s.bad != nil {
		bad := *s.bad
		bad.Row = 0
		return nil, &bad
	}
	return s.row.Clone().Cells, nil
}

// lineCells reads a line from its bytes alone.
func (s *Spans) lineCells(ctx context.Context, at read.Position) ([][]byte, error) {
	if at.Length > MaxUnit {
		bad := tooLong()
		return nil, &read.RowError{Position: at, Reason: bad.reason, Detail: bad.detail}
	}
	text := make([]byte, at.Length)
	if n, err := s.content.ReadAt(text, at.Offset); n < len(text) {
		return nil, cutShort(at, err)
	}
	if bytes.IndexByte(text, '\n') >= 0 {
		return nil, fmt.Errorf("%w: a line ends inside", read.ErrSpan)
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	r := s.line
	err := r.lone(text, at.Offset)
	switch {
	case errors.Is(err, io.EOF):
		return nil, fmt.Errorf("%w: there is no record", read.ErrSpan)
	case err != nil:
		return nil, err
	case r.unit.bad != nil:
		bad := new(read.RowError)
		errors.As(r.bad(), &bad)
		bad.Row = 0
		return nil, bad
	}
	r.unit.sort()
	r.row.begin()
	row := r.emit()
	if row.Position != at {
		return nil, fmt.Errorf("%w: blanks stand around the record", read.ErrSpan)
	}
	return row.Clone().Cells, nil
}

// cutShort is why bytes at a position cannot be read.
func cutShort(at read.Position, err error) error {
	if err == nil || errors.Is(err, io.EOF) {
		return fmt.Errorf("%w: file ends before byte %d", read.ErrSpan, at.Offset+at.Length)
	}
	return fmt.Errorf("tree: row at byte %d: %w", at.Offset, err)
}

// seek reads up to the row at a position.
func (s *Spans) seek(ctx context.Context, at read.Position) error {
	if s.reader == nil || at.Offset < s.place().Offset {
		if err := s.rewind(ctx); err != nil {
			return err
		}
	}
	s.reader.ctx, s.reader.window.ctx = ctx, ctx
	for s.row == nil && s.bad == nil || s.place().Offset < at.Offset {
		row, err := s.reader.Next()
		s.row, s.bad = row, nil
		switch {
		case err == nil || errors.As(err, &s.bad):
		case errors.Is(err, io.EOF):
			s.drop()
			return fmt.Errorf("%w: no row begins at byte %d", read.ErrSpan, at.Offset)
		default:
			s.drop()
			return err
		}
	}
	if s.place() != at {
		return fmt.Errorf("%w: no row stands at byte %d", read.ErrSpan, at.Offset)
	}
	return nil
}

// place is where the row stands that the reader came to.
func (s *Spans) place() read.Position {
	switch {
	case s.bad != nil:
		return s.bad.Position
	case s.row != nil:
		return s.row.Position
	}
	return read.Position{}
}

// rewind goes back to the beginning of the file.
func (s *Spans) rewind(ctx context.Context) error {
	s.drop()
	r, err := open(ctx, section(s.content), s.dialect)
	s.reader = r
	return err
}

// drop gives up the place in the file.
func (s *Spans) drop() {
	if s.reader != nil {
		_ = s.reader.Close()
	}
	s.reader, s.row, s.bad = nil, nil, nil
}

// Salvage reads the cells of a row that Cells cannot read, as well as they can be
// had from its first read.MaxRaw bytes: all that comes before the fault behind
// which nothing is sure. read.Lost stands for a piece that cannot be read, and is
// all there is in a column of which nothing was found.
func (s *Spans) Salvage(ctx context.Context, at read.Position) ([][]byte, error) {
	if s.line == nil {
		if err := s.seek(ctx, at); err != nil {
			return nil, err
		}
		if s.bad == nil {
			return s.row.Clone().Cells, nil
		}
		return s.pieces(ctx, s.bad.Raw, &s.reader.row)
	}
	if at.Offset < 0 || at.Length < 0 {
		return nil, fmt.Errorf("%w: %d bytes at %d", read.ErrSpan, at.Length, at.Offset)
	}
	text := make([]byte, min(at.Length, read.MaxRaw))
	if n, err := s.content.ReadAt(text, at.Offset); n < len(text) {
		return nil, cutShort(at, err)
	}
	return s.pieces(ctx, text, nil)
}

// pieces reads the beginning of a unit. Around is the row that has what stands
// around it, or nil.
func (s *Spans) pieces(ctx context.Context, raw []byte, around *row) ([][]byte, error) {
	d := s.dialect
	d.Compression = read.Plain
	r, err := newReader(ctx, bytes.NewReader(raw), d)
	if err != nil {
		return nil, err
	}
	whole := r.salvage()
	cells := make([][]byte, len(r.plan.columns))
	for c := range cells {
		switch {
		case r.row.state[c] != none:
			cells[c] = bytes.ReplaceAll(bytes.ToValidUTF8(r.row.Cells[c], lost), []byte{0}, lost)
		case r.row.held[c] > 0: // its values have no text
		case around != nil && r.plan.level[c] < r.plan.route.unit:
			cells[c] = bytes.Clone(around.Cells[c])
		case !whole || r.plan.level[c] < r.plan.route.unit:
			cells[c] = bytes.Clone(lost)
		}
	}
	return cells, nil
}

// salvage fills the row with all values of a stream that begins with a unit, as
// far as they come, and says whether that was all of it.
func (r *reader) salvage() (whole bool) {
	way := r.plan.route
	first := r.plan.root
	for _, name := range way.names[:way.unit] {
		first = first.next[name]
	}
	name := first.name
	if r.dialect.Format != XML {
		name = self
		r.scan, r.line = newJSONScanner(r.window, true), nil
	}
	top := newNode("", around, 0)
	top.next[name] = first
	r.stack = []*node{top}
	for !whole {
		e, err := r.scan.next()
		if err != nil {
			break
		}
		r.take(e)
		whole = !r.unit.open
	}
	r.row.begin()
	for _, e := range r.unit.entries {
		r.row.add(e, r.unit.text)
	}
	return whole
}

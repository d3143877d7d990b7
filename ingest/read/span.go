package read

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
)

// Spans reads rows of one file again, by the positions that a Reader gave for
// them. In a plain file each costs its own bytes. A compressed one is unpacked
// up to the row, and onwards from there for a later one: rows in rising order
// cost one pass together. It is used by one goroutine.
type Spans struct {
	file    io.ReaderAt
	dialect Dialect
	stream  io.Reader // of a compressed file, unpacked up to byte at
	at      int64
	last    Position
	raw     []byte // what was read of last
}

// NewSpans reads rows of a file in the dialect it was read in.
func NewSpans(file io.ReaderAt, d Dialect) (*Spans, error) {
	d, err := d.check()
	if err != nil {
		return nil, err
	}
	return &Spans{file: file, dialect: d}, nil
}

// Cells reads the cells of a row. Rows with too few or too many cells are read
// too; a row that cannot be cut into cells gives its *RowError (without number).
// ErrSpan means that the position is not that of one row, so file, dialect or
// position do not belong together.
func (s *Spans) Cells(ctx context.Context, at Position) ([][]byte, error) {
	if at.Length > MaxRecord {
		return nil, fmt.Errorf("%w: %d bytes are longer than any row", ErrSpan, at.Length)
	}
	raw, err := s.bytes(ctx, at, at.Length)
	if err != nil {
		return nil, err
	}
	if int64(len(raw)) != at.Length {
		return nil, fmt.Errorf("%w: file ends before byte %d", ErrSpan, at.Offset+at.Length)
	}
	return cut(ctx, raw, s.dialect)
}

// Lost stands in what Salvage returns for each piece that is no text.
const Lost = "\uFFFD"

// Salvage reads the cells of a row that Cells cannot read, as well as they can
// be had: Lost stands for what is no text in the file's encoding and, at the end
// of the last cell, for what follows the row's first MaxRaw bytes. A quote that
// nothing closes is a character like any other.
func (s *Spans) Salvage(ctx context.Context, at Position) ([][]byte, error) {
	raw, err := s.bytes(ctx, at, MaxRaw)
	if err != nil {
		return nil, err
	}
	if s.dialect.Format == Fixed {
		return s.salvageFixed(raw, at), nil
	}
	text := newDecoder(s.dialect.Encoding).decode(nil, raw)
	text = bytes.ToValidUTF8(bytes.ReplaceAll(text, []byte{0}, replacement), replacement)
	if int64(len(raw)) < at.Length {
		text = append(text, replacement...)
	}
	d := s.dialect
	d.Encoding = UTF8
	for _, d.Quote = range []string{d.Quote, ""} {
		cells, err := cut(ctx, text, d)
		if bad := new(RowError); err == nil || !errors.As(err, &bad) && !errors.Is(err, ErrSpan) {
			return cells, err
		}
	}
	return bytes.Split(text, []byte(d.Delimiter)), nil
}

// salvageFixed is Salvage for text of fixed width: behind the cells comes each
// piece that stands outside the columns.
func (s *Spans) salvageFixed(raw []byte, at Position) [][]byte {
	lines := &text{dialect: s.dialect, decoder: newDecoder(s.dialect.Encoding), window: &window{lines: lineRule{unit: s.dialect.Encoding.unit()}}}
	cells := newFixed(lines).salvage(raw)
	if int64(len(raw)) < at.Length && len(cells) > 0 {
		last := &cells[len(cells)-1]
		*last = append(*last, replacement...)
	}
	return cells
}

// bytes reads what stands at a position, no more than most bytes of it.
func (s *Spans) bytes(ctx context.Context, at Position, most int64) ([]byte, error) {
	if at.Offset < 0 || at.Length < 0 || at.Offset > math.MaxInt64-at.Length {
		return nil, fmt.Errorf("%w: %d bytes at %d", ErrSpan, at.Length, at.Offset)
	}
	if at == s.last && int64(len(s.raw)) == min(at.Length, MaxRecord) {
		return s.raw[:min(most, at.Length)], nil
	}
	var stream io.Reader = io.NewSectionReader(s.file, at.Offset, at.Length)
	if s.dialect.Compression != Plain {
		if err := s.seek(ctx, at.Offset); err != nil {
			return nil, err
		}
		stream = s.stream
	}
	raw, err := io.ReadAll(io.LimitReader(stream, min(most, at.Length)))
	s.at += int64(len(raw))
	if err != nil {
		s.stream = nil
		return nil, fmt.Errorf("read: row at byte %d: %w", at.Offset, err)
	}
	s.last, s.raw = at, raw
	return raw, nil
}

// seek unpacks up to byte to.
func (s *Spans) seek(ctx context.Context, to int64) error {
	if s.stream == nil || to < s.at {
		stream, err := Unpack(io.NewSectionReader(s.file, 0, math.MaxInt64), s.dialect.Compression)
		if err != nil {
			return &StreamError{Err: err}
		}
		s.stream, s.at = stream, 0
	}
	n, err := io.CopyN(io.Discard, Stoppable(ctx, s.stream), to-s.at)
	s.at += n
	if err != nil {
		s.stream = nil
		return fmt.Errorf("read: unpack up to byte %d: %w", to, err)
	}
	return nil
}

// cut reads raw as one row.
func cut(ctx context.Context, raw []byte, d Dialect) ([][]byte, error) {
	d.Compression, d.Header, d.Columns = Plain, false, 0
	r := newText(ctx, bytes.NewReader(raw), d, len(raw)+1)
	r.window.exact = true
	row, err := r.Next()
	bad := new(RowError)
	switch {
	case errors.As(err, &bad):
		bad.Row = 0
		return nil, bad
	case errors.Is(err, io.EOF):
		return nil, fmt.Errorf("%w: nothing but blanks", ErrSpan)
	case err != nil:
		return nil, err
	case row.Offset != 0 || row.Length != int64(len(raw)):
		return nil, fmt.Errorf("%w: a line ends inside", ErrSpan)
	}
	return row.Clone().Cells, nil
}

// Stoppable returns the stream, which ends when the context does, with its error.
func Stoppable(ctx context.Context, source io.Reader) io.Reader { return &stoppable{ctx, source} }

// stoppable ends a stream when its context does.
type stoppable struct {
	ctx    context.Context
	source io.Reader
}

func (s *stoppable) Read(p []byte) (int, error) {
	if err := s.ctx.Err(); err != nil {
		return 0, err
	}
	return s.source.Read(p)
}

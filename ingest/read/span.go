package read

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
)

// Raw returns a stream of the bytes at a position of a file, as they stand in
// it. In a plain file it starts there at once; a compressed one is unpacked up to
// the position, which costs as much as reading the file so far.
func Raw(ctx context.Context, file io.ReaderAt, d Dialect, at Position) (io.Reader, error) {
	d, err := d.check()
	if err != nil {
		return nil, err
	}
	if at.Offset < 0 || at.Length < 0 || at.Offset > math.MaxInt64-at.Length {
		return nil, fmt.Errorf("%w: %d bytes at %d", ErrSpan, at.Length, at.Offset)
	}
	if d.Compression == Plain {
		return io.NewSectionReader(file, at.Offset, at.Length), nil
	}
	stream, _, err := unpack(io.NewSectionReader(file, 0, math.MaxInt64), d.Compression)
	if err != nil {
		return nil, &StreamError{Err: err}
	}
	if _, err := io.CopyN(io.Discard, &stoppable{ctx: ctx, source: stream}, at.Offset); err != nil {
		return nil, fmt.Errorf("read: unpack up to byte %d: %w", at.Offset, err)
	}
	return io.LimitReader(stream, at.Length), nil
}

// ReadSpan reads again the cells of the row at a position that a Reader gave for
// it. Rows with too few or too many cells are read too; a row that cannot be cut
// into cells gives its *RowError (without number). ErrSpan means that the
// position is not that of one row, so file, dialect or position do not belong
// together.
//
//nolint:revive // "read.Span" would promise a thing, not an act
func ReadSpan(ctx context.Context, file io.ReaderAt, d Dialect, at Position) ([][]byte, error) {
	if at.Length > MaxRecord {
		return nil, fmt.Errorf("%w: %d bytes are longer than any row", ErrSpan, at.Length)
	}
	stream, err := Raw(ctx, file, d, at)
	if err != nil {
		return nil, err
	}
	raw, err := io.ReadAll(stream)
	if err != nil {
		return nil, fmt.Errorf("read: row at byte %d: %w", at.Offset, err)
	}
	if int64(len(raw)) != at.Length {
		return nil, fmt.Errorf("%w: file ends before byte %d", ErrSpan, at.Offset+at.Length)
	}
	return cut(ctx, raw, d)
}

// cut reads raw as one row.
func cut(ctx context.Context, raw []byte, d Dialect) ([][]byte, error) {
	d, err := d.check()
	if err != nil {
		return nil, err
	}
	d.Compression, d.Header, d.Columns = Plain, false, 0
	r := newDelimited(ctx, bytes.NewReader(raw), d, len(raw)+1)
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

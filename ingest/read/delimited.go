package read

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
)

// Open starts reading a file from its first byte. The source must stay usable
// until Close. What Detect found is what Open should be given; zero fields of
// the dialect mean plain UTF-8 text with commas and without quotes or header.
//
// Memory is bounded by a few times MaxRecord, whatever the file. Cancelling ctx
// ends the reading with its error at the next row.
func Open(ctx context.Context, source io.Reader, d Dialect) (Reader, error) {
	d, err := d.check()
	if err != nil {
		return nil, err
	}
	return openDelimited(ctx, source, d)
}

// delimited reads rows of delimited text.
type delimited struct {
	ctx      context.Context
	dialect  Dialect
	window   *window
	closer   io.Closer
	decoder  *decoder
	splitter splitter
	decoded  []byte // text of the current record, where it had to be decoded
	header   *Row
	names    []string
	number   int64 // of the last row, bad row or blank line
	done     int64 // number of the last row that is dealt with
	whole    int64 // stream offset up to which rows are dealt with
	columns  int
	stats    Stats
	row      Row
	err      error
	// A scan from the line at deadFrom was inside quotes at each further line up
	// to the one at deadTo, and found that they do not close. Any other scan that
	// comes to one of these lines inside quotes ends the same way. Without this
	// memory, a file of stray quotes would be scanned MaxRecord bytes ahead for
	// every line.
	deadFrom, deadTo int64
}

func openDelimited(ctx context.Context, source io.Reader, d Dialect) (*delimited, error) {
	stream, closer, err := unpack(source, d.Compression)
	if err != nil {
		return nil, &StreamError{Err: err}
	}
	r := newDelimited(ctx, stream, d, chunk)
	r.closer = closer
	if err = r.begin(); err != nil {
		return nil, errors.Join(err, r.Close())
	}
	return r, nil
}

// newDelimited reads a decompressed stream in a checked dialect through a window
// of size bytes at first.
func newDelimited(ctx context.Context, stream io.Reader, d Dialect, size int) *delimited {
	r := &delimited{
		ctx: ctx, dialect: d, columns: d.Columns,
		decoder: newDecoder(d.Encoding), deadFrom: math.MaxInt64,
		window: &window{source: stream, buf: make([]byte, size+pad), lines: lineRule{
			unit: d.Encoding.unit(), big: d.Encoding == UTF16BE, cr: d.Newline == CR,
		}},
		splitter: splitter{delimiter: d.Delimiter[0]},
	}
	if d.Quote != "" {
		r.splitter.quote = d.Quote[0]
	}
	return r
}

// begin passes the byte order mark and reads the header.
func (r *delimited) begin() error {
	w, mark := r.window, r.dialect.Encoding.mark()
	for len(mark) > 0 && w.end < len(mark) && w.err == nil {
		w.fill()
	}
	if len(mark) > 0 && bytes.HasPrefix(w.buf[:w.end], mark) {
		w.advance(len(mark))
		r.whole = int64(len(mark))
	}
	if !r.dialect.Header {
		return nil
	}
	header, err := r.Next()
	bad := new(RowError)
	switch {
	case errors.Is(err, io.EOF):
		return ErrEmpty
	case errors.As(err, &bad):
		return fmt.Errorf("read: header cannot be read: %w", err)
	case err != nil:
		return err
	}
	r.header = header.Clone()
	r.names = header.Names()
	r.stats.Rows = 0
	return nil
}

func (r *delimited) Header() *Row { return r.header }

func (r *delimited) Stats() Stats {
	s := r.stats
	s.Bytes = r.window.offset()
	return s
}

func (r *delimited) Close() error {
	if errors.Is(r.err, ErrClosed) {
		return nil
	}
	r.err = ErrClosed
	if r.closer != nil {
		// An unpacker that is closed repeats what Next has said already.
		_ = r.closer.Close()
	}
	return nil
}

func (r *delimited) Next() (*Row, error) {
	for r.err == nil {
		if err := r.ctx.Err(); err != nil {
			return nil, r.stop(fmt.Errorf("read: stopped after row %d: %w", r.done, err))
		}
		length, terminator, err := r.window.line(0)
		switch {
		case err == nil && r.blank(length):
			r.number++
			r.stats.Blank++
			r.pass(length + terminator)
		case err == nil:
			r.number++
			return r.record(length, terminator)
		case errors.Is(err, errTooLong):
			r.number++
			return r.tooLong()
		default:
			return nil, r.stop(err)
		}
	}
	return nil, r.err
}

// stop ends the reading for good.
func (r *delimited) stop(err error) error {
	if !errors.Is(err, io.EOF) && r.ctx.Err() == nil {
		err = &StreamError{Row: r.done, Offset: r.whole, Err: err}
	}
	r.err = err
	return err
}

// pass moves behind n bytes that are dealt with.
func (r *delimited) pass(n int) {
	r.window.advance(n)
	r.done, r.whole = r.number, r.window.offset()
}

// blank says whether the line of n bytes holds nothing.
func (r *delimited) blank(n int) bool {
	if n == 0 || r.columns == 1 || r.window.exact {
		return n == 0
	}
	// A space is 0x20 in every encoding here, in UTF-16 with a zero byte.
	for _, c := range r.window.text(0, n) {
		if c != ' ' && (c != 0 || r.window.lines.unit == 1) {
			return false
		}
	}
	return true
}

// record reads the record whose first line has the given length.
func (r *delimited) record(length, terminator int) (*Row, error) {
	s := &r.splitter
	s.reset()
	text := r.window.text(0, length)
	var quoted, wide, nul bool
	if r.window.lines.unit == 1 {
		quoted, wide, nul = s.plain(text)
	}
	if r.window.lines.unit == 2 || wide && r.decoder.table != nil {
		r.decoded = r.decoder.decode(r.decoded[:0], text)
		text = r.decoded
		quoted, wide, nul = true, true, bytes.IndexByte(text, 0) >= 0
	}
	span := length
	if quoted {
		s.reset()
		if open := s.quoted(text, 0); open >= 0 {
			var err error
			text, span, terminator, err = r.extend(open, length, terminator)
			if err != nil {
				return nil, err
			}
			wide, nul = !ascii(text), bytes.IndexByte(text, 0) >= 0
		}
	}
	return r.finish(text, span, terminator, wide, nul)
}

// finish checks the cells of a record and hands it out.
func (r *delimited) finish(text []byte, span, terminator int, wide, nul bool) (*Row, error) {
	row := &r.row
	row.Position = Position{Offset: r.window.offset(), Length: int64(span)}
	row.Number, row.Cells, row.Raw = r.number, r.splitter.cells, r.window.text(0, span)
	r.pass(span + terminator)
	var fault *RowError
	switch {
	case wide && r.decoder.flaw(text) >= 0:
		fault = r.badText(row.Cells)
	case nul:
		fault = r.badNUL(row.Cells)
	case r.columns == 0:
		r.columns = len(row.Cells)
	case len(row.Cells) != r.columns:
		fault = r.ragged(len(row.Cells))
	}
	if fault == nil {
		r.stats.Rows++
		return row, nil
	}
	fault.Position = row.Position
	return nil, r.bad(fault, row.Raw)
}

// extend reads on while the cell at index open of the record's text is not
// closed. It returns the whole record, or the error of its first line.
func (r *delimited) extend(open, length, terminator int) (text []byte, span, end int, err error) {
	s, w := &r.splitter, r.window
	start := w.start
	span, end = length, terminator
	if r.decoder.encoding != UTF8 {
		r.decoded = r.decoder.decode(r.decoded[:0], w.text(0, span))
	}
	for {
		next := span + end
		n, t, err := r.furtherLine(next, end)
		if errors.Is(err, errUnclosed) {
			return nil, 0, 0, r.unclosed(length, terminator, w.offset()+int64(next))
		}
		if err != nil {
			return nil, 0, 0, r.stop(err)
		}
		line := w.text(next, n)
		if r.decoder.encoding == UTF8 {
			text = w.text(0, next+n)
		} else {
			r.decoded = r.decoder.decode(r.decoded, w.text(span, end))
			begin := len(r.decoded)
			r.decoded = r.decoder.decode(r.decoded, line)
			text, line = r.decoded, r.decoded[begin:]
		}
		span, end = next+n, t
		switch s.further(line) {
		case isStray:
			return nil, 0, 0, r.unclosed(length, terminator, w.offset()+int64(next))
		case isClosed:
			if w.start != start {
				// The window moved beneath the cells: cut them again, once.
				s.reset()
				start, open = w.start, 0
			}
			if open = s.quoted(text, open); open < 0 {
				return text, span, end, nil
			}
		}
	}
}

var errUnclosed = errors.New("unclosed quote")

// furtherLine finds the line that begins next bytes into a record whose last
// line had a terminator of the given length and ended inside quotes.
func (r *delimited) furtherLine(next, terminator int) (length, end int, err error) {
	from := r.window.offset()
	if terminator == 0 || from >= r.deadFrom && from+int64(next) <= r.deadTo {
		return 0, 0, errUnclosed
	}
	length, end, err = r.window.line(next)
	if errors.Is(err, io.EOF) || errors.Is(err, errTooLong) {
		err = errUnclosed
	}
	return length, end, err
}

// unclosed reports a line whose quoted cell does not close; the scan for its end
// came to the line at stream offset to.
func (r *delimited) unclosed(length, terminator int, to int64) error {
	fault := &RowError{
		Position: Position{Offset: r.window.offset(), Length: int64(length)},
		Reason:   UnclosedQuote,
		Column:   len(r.splitter.cells) + 1,
		Detail:   "a quote opens this cell and none closes it; this line was set aside and reading goes on at the next",
	}
	if to > r.deadTo {
		r.deadFrom, r.deadTo = fault.Offset, to
	}
	raw := r.window.text(0, length)
	r.pass(length + terminator)
	return r.bad(fault, raw)
}

// tooLong reports and skips a line of more than MaxRecord bytes.
func (r *delimited) tooLong() (*Row, error) {
	fault := &RowError{Position: Position{Offset: r.window.offset()}, Reason: RecordTooLong}
	raw := bytes.Clone(r.window.text(0, MaxRaw))
	length, err := r.window.skip()
	if err != nil {
		return nil, r.stop(err)
	}
	r.pass(0)
	fault.Length = length
	fault.Detail = fmt.Sprintf("the line has %d bytes, more than the %d allowed for one record", length, MaxRecord)
	return nil, r.bad(fault, raw)
}

func (r *delimited) badText(cells [][]byte) *RowError {
	fault := &RowError{Reason: InvalidEncoding}
	for i, cell := range cells {
		if at := r.decoder.flaw(cell); at >= 0 {
			fault.Column = i + 1
			if r.decoder.encoding == UTF8 {
				fault.Detail = fmt.Sprintf("byte 0x%02X is not UTF-8; if the file is in another encoding, name it", cell[at])
				return fault
			}
			break
		}
	}
	fault.Detail = fmt.Sprintf("characters that are not %s", r.decoder.encoding)
	return fault
}

func (r *delimited) badNUL(cells [][]byte) *RowError {
	fault := &RowError{Reason: NULByte, Detail: "holds a NUL byte, which is no text"}
	for i, cell := range cells {
		if bytes.IndexByte(cell, 0) >= 0 {
			fault.Column = i + 1
			break
		}
	}
	return fault
}

func (r *delimited) ragged(n int) *RowError {
	if n < r.columns {
		return &RowError{Reason: TooFewCells, Column: n + 1, Detail: fmt.Sprintf("%d cells where %d are expected", n, r.columns)}
	}
	return &RowError{Reason: TooManyCells, Column: r.columns + 1, Detail: fmt.Sprintf("%d cells where %d are expected", n, r.columns)}
}

// bad completes a row error with what all have in common.
func (r *delimited) bad(fault *RowError, raw []byte) error {
	fault.Row = r.number
	if c := fault.Column; c > 0 && c <= len(r.names) {
		fault.Name = r.names[c-1]
	}
	fault.Raw = bytes.Clone(raw[:min(len(raw), MaxRaw)])
	r.stats.Bad++
	return fault
}

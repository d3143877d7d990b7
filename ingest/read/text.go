package read

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
)

// Open starts reading a file from its first byte. The source must stay usable
// until Close. What Detect found is what Open should be given; zero fields of
// the dialect mean plain UTF-8 text with commas and without quotes or header.
//
// Memory is bounded by a few times MaxRecord, whatever the file, and by a few
// times MaxWindow if it is packed. Cancelling ctx ends the reading with its error
// at the next row.
func Open(ctx context.Context, source io.Reader, d Dialect) (Reader, error) {
	d, err := d.check()
	if err != nil {
		return nil, err
	}
	stream, err := Unpack(source, d.Compression)
	if err != nil {
		return nil, &StreamError{Err: err}
	}
	r := newText(ctx, stream, d, chunk)
	r.closer = stream
	if err = r.begin(); err != nil {
		return nil, errors.Join(err, r.Close())
	}
	return r, nil
}

// text reads the lines of a text. What a line holds is the business of the
// format, which hands in how records are read.
type text struct {
	ctx     context.Context
	dialect Dialect
	window  *window
	closer  io.Closer
	decoder *decoder
	decoded []byte // text of the current record, where it had to be decoded
	header  *Row
	names   []string
	number  int64 // of the last row, bad row or blank line
	done    int64 // number of the last row that is dealt with
	whole   int64 // stream offset up to which rows are dealt with
	columns int
	stats   Stats
	row     Row
	err     error
	// record reads the record whose first line has the given length.
	record func(length, terminator int) (*Row, error)
}

// newText reads a decompressed stream in a checked dialect through a window of
// size bytes at first.
func newText(ctx context.Context, stream io.Reader, d Dialect, size int) *text {
	r := &text{
		ctx: ctx, dialect: d, columns: d.Columns, decoder: newDecoder(d.Encoding),
		window: &window{source: stream, buf: make([]byte, size+pad), lines: lineRule{
			unit: d.Encoding.unit(), big: d.Encoding == UTF16BE, cr: d.Newline == CR,
		}},
	}
	if d.Format == Fixed {
		r.record = newFixed(r).record
	} else {
		r.record = newDelimited(r).record
	}
	return r
}

// begin passes the byte order mark and reads the header.
func (r *text) begin() error {
	w, mark := r.window, r.dialect.Encoding.mark()
	for len(mark) > 0 && w.end < len(mark) && w.err == nil {
		w.fill()
	}
	if len(mark) > 0 && bytes.HasPrefix(w.buf[:w.end], mark) {
		w.advance(len(mark))
		r.whole = int64(len(mark))
	}
	if err := r.passTitles(); err != nil || !r.dialect.Header {
		return err
	}
	if r.dialect.Named() {
		r.names = strings.Split(r.dialect.Names, Between)
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

// passTitles passes what stands above the table.
func (r *text) passTitles() error {
	columns := r.columns
	for r.number < r.dialect.First-1 {
		r.columns = 0
		_, err := r.Next()
		switch {
		case err == nil || errors.As(err, new(*RowError)):
		case errors.Is(err, io.EOF):
			return ErrEmpty
		default:
			return err
		}
	}
	r.columns, r.stats = columns, Stats{}
	return nil
}

func (r *text) Header() *Row { return r.header }

func (r *text) Stats() Stats {
	s := r.stats
	s.Bytes = r.window.offset()
	return s
}

func (r *text) Close() error {
	if errors.Is(r.err, ErrClosed) {
		return nil
	}
	r.err = ErrClosed
	if r.closer != nil {
		return r.closer.Close()
	}
	return nil
}

func (r *text) Next() (*Row, error) {
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
func (r *text) stop(err error) error {
	if !errors.Is(err, io.EOF) && r.ctx.Err() == nil {
		err = &StreamError{Row: r.done, Offset: r.whole, Err: err}
	}
	r.err = err
	return err
}

// pass moves behind n bytes that are dealt with.
func (r *text) pass(n int) {
	r.window.advance(n)
	r.done, r.whole = r.number, r.window.offset()
}

// blank says whether the line of n bytes holds nothing.
func (r *text) blank(n int) bool {
	switch {
	case n == 0 || r.window.exact:
		return n == 0
	case r.dialect.Format == Fixed && ruled(r.window.text(0, n), r.window.lines.unit):
		return true
	case r.columns == 1:
		return false
	}
	// A space is 0x20 in every encoding here, in UTF-16 with a zero byte.
	for _, c := range r.window.text(0, n) {
		if c != ' ' && (c != 0 || r.window.lines.unit == 1) {
			return false
		}
	}
	return true
}

// tooLong reports and skips a line of more than MaxRecord bytes.
func (r *text) tooLong() (*Row, error) {
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

func (r *text) badText(cells [][]byte) *RowError {
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

func (r *text) badNUL(cells [][]byte) *RowError {
	fault := &RowError{Reason: NULByte, Detail: "holds a NUL byte, which is no text"}
	for i, cell := range cells {
		if bytes.IndexByte(cell, 0) >= 0 {
			fault.Column = i + 1
			break
		}
	}
	return fault
}

// bad completes a row error with what all have in common.
func (r *text) bad(fault *RowError, raw []byte) error {
	fault.Row = r.number
	if c := fault.Column; c > 0 && c <= len(r.names) {
		fault.Name = r.names[c-1]
	}
	fault.Raw = bytes.Clone(raw[:min(len(raw), MaxRaw)])
	r.stats.Bad++
	return fault
}

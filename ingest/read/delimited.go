package read

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
)

// delimited reads the records of delimited text.
type delimited struct {
	*text
	splitter splitter
	// A scan from the line at deadFrom was inside quotes at each further line up
	// to the one at deadTo, and found that they do not close. Any other scan that
	// comes to one of these lines inside quotes ends the same way. Without this
	// memory, a file of stray quotes would be scanned MaxRecord bytes ahead for
	// every line.
	deadFrom, deadTo int64
}

func newDelimited(lines *text) *delimited {
	r := &delimited{text: lines, deadFrom: math.MaxInt64, splitter: splitter{delimiter: lines.dialect.Delimiter[0]}}
	if quote := lines.dialect.Quote; quote != "" {
		r.splitter.quote = quote[0]
	}
	return r
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

func (r *delimited) ragged(n int) *RowError {
	if n < r.columns {
		return &RowError{Reason: TooFewCells, Column: n + 1, Detail: fmt.Sprintf("%d cells where %d are expected", n, r.columns)}
	}
	return &RowError{Reason: TooManyCells, Column: r.columns + 1, Detail: fmt.Sprintf("%d cells where %d are expected", n, r.columns)}
}

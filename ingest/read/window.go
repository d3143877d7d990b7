package read

import (
	"bytes"
	"errors"
	"io"
)

const (
	chunk = 256 << 10 // first size of a window; lies well within the second-level cache
	// pad is how many bytes behind the text the splitter may load.
	pad = 8
)

var errTooLong = errors.New("record too long")

// A window slides over a stream one record at a time. It holds the current
// record from its first byte and grows to twice MaxRecord at most.
type window struct {
	source io.Reader
	buf    []byte // len(buf)-pad bytes can be filled
	start  int    // the current record begins here
	end    int    // what has been read ends here
	base   int64  // stream offset of buf[0]
	err    error  // what ended the source; io.EOF when whole
	lines  lineRule
	exact  bool // the stream is one row: its last bytes are data, whatever they are
}

// lineRule says where lines end.
type lineRule struct {
	unit int  // bytes of a character
	big  bool // UTF-16, big end first
	cr   bool // CR ends a line too
}

// offset is the current record's place in the stream.
func (w *window) offset() int64 { return w.base + int64(w.start) }

// text returns n bytes of the current record from its byte from on; pad further
// bytes lie in its capacity.
func (w *window) text(from, n int) []byte {
	return w.buf[w.start+from : w.start+from+n]
}

// advance moves to the record n bytes further on.
func (w *window) advance(n int) { w.start += n }

// line finds the line that begins from bytes behind the current record's start:
// its length and that of its terminator, 0 only at the end of the stream. io.EOF
// means that there is no such line, errTooLong that it would pass MaxRecord. Any
// other error is the source's own; what stands before it incomplete is no line.
func (w *window) line(from int) (length, terminator int, err error) {
	seen := from
	for {
		if i, n := w.find(w.start+seen, w.start+from); n > 0 {
			length = i - w.start - from
			if from+length > MaxRecord {
				return 0, 0, errTooLong
			}
			return length, n, nil
		}
		if w.end-w.start > MaxRecord+4 {
			return 0, 0, errTooLong
		}
		seen = max(from, w.end-w.start-3)
		if w.err == nil {
			w.fill()
			continue
		}
		if !errors.Is(w.err, io.EOF) {
			return 0, 0, w.err
		}
		return w.last(from)
	}
}

// last is the line at the end of the stream, which has no terminator.
func (w *window) last(from int) (length, terminator int, err error) {
	rest := w.trimEnd(w.buf[w.start+from : w.end])
	switch {
	case len(rest) == 0:
		return 0, 0, io.EOF
	case from+len(rest) > MaxRecord:
		return 0, 0, errTooLong
	}
	return len(rest), 0, nil
}

// trimEnd takes the end marks of DOS files (Ctrl-Z) off a last line.
func (w *window) trimEnd(text []byte) []byte {
	const mark = 0x1A
	if w.exact {
		return text
	}
	for n := len(text); n >= w.lines.unit; n = len(text) {
		low, high := text[n-w.lines.unit], text[n-1]
		if w.lines.big {
			low, high = high, low
		}
		if low != mark || w.lines.unit == 2 && high != 0 {
			break
		}
		text = text[:n-w.lines.unit]
	}
	return text
}

// find looks in the window from index at on for the end of the line that begins
// at index begin. It returns the index behind the line's text and the length of
// the terminator, 0 when none is there yet.
func (w *window) find(at, begin int) (int, int) {
	switch {
	case w.lines.unit == 2:
		return w.findWide(at, begin)
	case w.lines.cr:
		return w.findCR(at)
	}
	i := bytes.IndexByte(w.buf[at:w.end], '\n')
	if i < 0 {
		return 0, 0
	}
	i += at
	if i > begin && w.buf[i-1] == '\r' {
		return i - 1, 2
	}
	return i, 1
}

// findCR finds CR, CRLF or LF, whichever comes first.
func (w *window) findCR(at int) (int, int) {
	for i := at; i < w.end; i++ {
		switch {
		case w.buf[i] == '\n':
			return i, 1
		case w.buf[i] != '\r':
		case i+1 < w.end && w.buf[i+1] == '\n':
			return i, 2
		case i+1 < w.end || w.err != nil:
			return i, 1
		default:
			return 0, 0
		}
	}
	return 0, 0
}

// findWide does the same in text of two-byte characters, which begin at even
// distances from the line's begin.
func (w *window) findWide(at, begin int) (int, int) {
	at -= (at - begin) & 1
	for i := at; i+1 < w.end; i += 2 {
		switch w.wide(i) {
		case '\n':
			if !w.lines.cr && i-2 >= begin && w.wide(i-2) == '\r' {
				return i - 2, 4
			}
			return i, 2
		case '\r':
			switch {
			case !w.lines.cr:
			case i+3 < w.end && w.wide(i+2) == '\n':
				return i, 4
			case i+3 < w.end || w.err != nil:
				return i, 2
			default:
				return 0, 0
			}
		}
	}
	return 0, 0
}

func (w *window) wide(i int) uint16 {
	if w.lines.big {
		return uint16(w.buf[i])<<8 | uint16(w.buf[i+1])
	}
	return uint16(w.buf[i+1])<<8 | uint16(w.buf[i])
}

// fill reads more, once. The current record keeps its distances but may move.
func (w *window) fill() {
	if w.start > 0 {
		copy(w.buf, w.buf[w.start:w.end])
		w.base += int64(w.start)
		w.end -= w.start
		w.start = 0
	}
	if w.end == len(w.buf)-pad {
		larger := make([]byte, 2*(len(w.buf)-pad)+pad)
		copy(larger, w.buf[:w.end])
		w.buf = larger
	}
	for range 100 {
		n, err := w.source.Read(w.buf[w.end : len(w.buf)-pad])
		w.end += n
		if err != nil {
			w.err = err
			return
		}
		if n > 0 {
			return
		}
	}
	w.err = io.ErrNoProgress
}

// skip moves behind the line that begins the current record, however long it
// is, and returns its length without terminator.
func (w *window) skip() (length int64, err error) {
	from := w.offset()
	for {
		if i, n := w.find(w.start, w.start); n > 0 {
			end := w.base + int64(i)
			w.start = i + n
			return end - from, nil
		}
		if w.err != nil {
			break
		}
		// Three bytes stay: half a character, or a CR whose LF is still to come.
		if keep := w.end - w.start - 4; keep > 0 {
			w.start += keep &^ 1
		}
		w.fill()
	}
	if !errors.Is(w.err, io.EOF) {
		return 0, w.err
	}
	rest := w.trimEnd(w.buf[w.start:w.end])
	end := w.offset() + int64(len(rest))
	w.start = w.end
	return end - from, nil
}

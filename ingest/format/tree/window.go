package tree

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"

	"rummage/ingest/read"
)

const (
	chunk = 256 << 10 // first size of a window
	least = 64 << 10  // free space before it is moved or grown
)

// A window slides over the text of a stream. Scanners read from pos on and call
// more when they need further text. Offsets are in the text, from its first byte.
type window struct {
	ctx    context.Context
	source io.Reader
	buf    []byte // text up to end
	pos    int    // where to scan
	end    int
	held   int   // text from here on must stay; -1: from pos on
	base   int64 // offset of buf[0]
	err    error // what ended the source; io.EOF when it is whole
	origin *origin
}

func newWindow(ctx context.Context, source io.Reader, e read.Encoding) *window {
	w := &window{ctx: ctx, source: source, held: -1}
	if e != read.UTF8 {
		w.origin = &origin{source: source, encoding: e, decoder: read.NewDecoder(e)}
		w.source = nil
	}
	return w
}

// set makes the window one of whole text.
func (w *window) set(text []byte, base int64) {
	w.buf, w.pos, w.end, w.held, w.base, w.err = text, 0, len(text), -1, base, io.EOF
}

// at is the offset of the byte at pos.
func (w *window) at() int64 { return w.base + int64(w.pos) }

// text is what stands from pos on.
func (w *window) text() []byte { return w.buf[w.pos:w.end] }

// slice is the text between two offsets that the window holds.
func (w *window) slice(from, to int64) []byte { return w.buf[from-w.base : to-w.base] }

// hold keeps all text from an offset on, until release.
func (w *window) hold(offset int64) { w.held = int(offset - w.base) }
func (w *window) release()          { w.held = -1 }

// back moves to an offset that is held.
func (w *window) back(offset int64) { w.pos = int(offset - w.base) }

// more reads on, at least as much as half of what has not been scanned, so that
// scanning it again each time costs little. It returns why there is no more:
// errLong when too much is held, io.EOF at the end.
func (w *window) more() error {
	if w.err != nil {
		return w.err
	}
	keep := w.pos
	if w.held >= 0 {
		keep = min(keep, w.held)
	}
	if w.end-keep > MaxUnit {
		return errLong
	}
	w.room(keep)
	want := max(1, (w.end-w.pos)/2)
	for n := 0; n < want && w.err == nil; {
		before := w.end
		w.fill()
		n += w.end - before
	}
	if w.pos < w.end {
		return nil
	}
	return w.err
}

// room makes free space behind the text and forgets what stands before keep.
func (w *window) room(keep int) {
	if len(w.buf)-w.end >= least && w.origin == nil {
		return
	}
	if w.origin != nil {
		w.origin.forget(w.buf[:keep])
	}
	buf := w.buf
	if len(w.buf)-(w.end-keep) < max(least, len(w.buf)/4) {
		buf = make([]byte, max(chunk, 2*len(w.buf)))
	}
	copy(buf, w.buf[keep:w.end])
	w.buf = buf
	w.end -= keep
	w.pos -= keep
	if w.held >= 0 {
		w.held -= keep
	}
	w.base += int64(keep)
}

// fill reads once.
func (w *window) fill() {
	if w.err = w.ctx.Err(); w.err != nil {
		return
	}
	if w.origin != nil {
		w.buf, w.err = w.origin.decode(w.buf[:w.end])
		w.end = len(w.buf)
		w.buf = w.buf[:cap(w.buf)]
		return
	}
	if w.end == len(w.buf) {
		return
	}
	var n int
	for range 100 {
		n, w.err = w.source.Read(w.buf[w.end:])
		w.end += n
		if n > 0 || w.err != nil {
			return
		}
	}
	w.err = io.ErrNoProgress
}

// passed is how much of the stream has been used.
func (w *window) passed() int64 {
	if w.origin == nil {
		return w.at()
	}
	return w.origin.base + int64(w.origin.done)
}

// begins is where the text from an offset on begins in the stream before
// decoding; if it was decoded, that must be where an element of XML begins.
func (w *window) begins(at int64) int64 {
	if w.origin == nil {
		return at
	}
	return w.origin.base + int64(w.origin.tag(w.buf, int(at-w.base)))
}

// ends is where the text up to an offset ends there.
func (w *window) ends(to int64) int64 {
	if w.origin == nil {
		return to
	}
	return w.origin.base + int64(w.origin.tagEnd(w.buf[:to-w.base]))
}

// raw is what stands between two places of the stream before decoding, as far as
// it is held.
func (w *window) raw(from, to int64) []byte {
	buf, base := w.buf[:w.end], w.base
	if w.origin != nil {
		buf, base = w.origin.buf, w.origin.base
	}
	from = min(max(from-base, 0), int64(len(buf)))
	return buf[from:min(max(to-base, from), int64(len(buf)))]
}

// ahead is raw for so many bytes from a place that is held, read on for.
func (w *window) ahead(from, n int64) []byte {
	for int64(len(w.raw(from, from+n))) < n && w.more() == nil {
		continue
	}
	return w.raw(from, from+n)
}

// An origin is the bytes of text in another encoding than UTF-8, kept as long as
// the text. What stands where is known by the marks < and >, whose bytes are
// part of no other character in any of the encodings, and are as many in the
// bytes as in the text.
type origin struct {
	source   io.Reader
	encoding read.Encoding
	decoder  *read.Decoder
	buf      []byte
	done     int   // bytes that are decoded
	base     int64 // offset of buf[0]
	err      error // of the source
	walk     walk
}

// A walk is a place in text and bytes: the marks behind it in the one are those
// behind it in the other.
type walk struct{ text, raw int }

// decode appends further text. It decodes from one < to the next, which is never
// within a character.
func (o *origin) decode(text []byte) ([]byte, error) {
	if o.err == nil {
		o.read()
	}
	for {
		from := o.done
		if from < len(o.buf) && o.mark(from) == '<' {
			from += o.unit()
		}
		to := o.find('<', from)
		switch {
		case to >= 0:
		case o.err != nil:
			text = o.decoder.Decode(text, o.buf[o.done:])
			o.done = len(o.buf)
			return text, o.err
		case len(o.buf)-o.done > MaxUnit:
			to = o.done + MaxUnit // too long for any unit, whatever becomes of the cut
		default:
			return text, nil
		}
		text = o.decoder.Decode(text, o.buf[o.done:to])
		o.done = to
	}
}

// read takes further bytes.
func (o *origin) read() {
	if cap(o.buf)-len(o.buf) < least {
		o.buf = append(o.buf, make([]byte, chunk)...)[:len(o.buf)]
	}
	for range 100 {
		n, err := o.source.Read(o.buf[len(o.buf):cap(o.buf)])
		o.buf, o.err = o.buf[:len(o.buf)+n], err
		if n > 0 || err != nil {
			return
		}
	}
	o.err = io.ErrNoProgress
}

// unit is the number of bytes of a mark.
func (o *origin) unit() int {
	if o.encoding == read.UTF16LE || o.encoding == read.UTF16BE {
		return 2
	}
	return 1
}

// mark is the ASCII character at an index, or 0.
func (o *origin) mark(i int) byte {
	switch {
	case o.unit() == 1:
		return o.buf[i]
	case i+1 >= len(o.buf):
		return 0
	}
	low, high := o.buf[i], o.buf[i+1]
	if o.encoding == read.UTF16BE {
		low, high = high, low
	}
	if high != 0 {
		return 0
	}
	return low
}

// find returns the index of the first such mark from an index on, -1 for none.
func (o *origin) find(mark byte, from int) int {
	if o.unit() == 1 {
		i := bytes.IndexByte(o.buf[min(from, len(o.buf)):], mark)
		if i < 0 {
			return -1
		}
		return from + i
	}
	for i := from; i+1 < len(o.buf); i += 2 {
		if o.mark(i) == mark {
			return i
		}
	}
	return -1
}

// forget drops the bytes of text that is dropped.
func (o *origin) forget(text []byte) {
	n := 0
	for range bytes.Count(text, []byte("<")) {
		n = max(o.find('<', n), 0) + o.unit()
	}
	if cut := min(n, o.done); cut > 0 {
		o.buf = append(o.buf[:0], o.buf[cut:]...)
		o.done -= cut
		o.base += int64(cut)
	}
	o.walk = walk{}
}

// tag finds the bytes of the < at an index of text. Places that come in order
// are found in one walk.
func (o *origin) tag(text []byte, at int) int {
	if at < o.walk.text {
		o.walk = walk{}
	}
	i := o.walk.raw
	for range bytes.Count(text[o.walk.text:at], []byte("<")) {
		i = max(o.find('<', i), 0) + o.unit()
	}
	i = max(o.find('<', i), 0)
	o.walk = walk{at, i}
	return i
}

// tagEnd finds the end of the bytes of text that ends with a tag.
func (o *origin) tagEnd(text []byte) int {
	last := max(bytes.LastIndexByte(text, '<'), 0)
	end := o.tag(text, last)
	for range bytes.Count(text[last:], []byte(">")) {
		end = max(o.find('>', end), 0) + o.unit()
	}
	return min(end, len(o.buf))
}

// A flaw is something wrong with a record: against the rules of the format,
// unless it has another reason.
type flaw struct {
	reason read.Reason
	detail string
}

func (f *flaw) Error() string { return f.detail }

// malformed is a flaw behind which the scanner cannot go on.
func malformed(format string, args ...any) error {
	return &flaw{read.Malformed, fmt.Sprintf(format, args...)}
}

var (
	// errLong: more than MaxUnit bytes would have to be held.
	errLong = errors.New("too long")
	// errEnds: the stream ends where something must follow.
	errEnds = fmt.Errorf("the file ends in the middle of an element; fetch the whole file: %w", io.ErrUnexpectedEOF)
	// errDoctype: see ErrFormat.
	errDoctype = fmt.Errorf("%w: a DOCTYPE stands in it, which can make entities and have other files read; remove it", read.ErrFormat)
)

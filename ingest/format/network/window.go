package network

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"unicode/utf16"
	"unicode/utf8"

	"rummage/ingest/read"
)

// chunk is the first size of a window in bytes.
const chunk = 256 << 10

// A window slides over the text of a file. What is unread of it stays in one
// piece, and grows for as long as nothing is passed.
//
// Markup is found in the bytes of the file as they stand: in all encodings but
// UTF-16, the bytes of the marks below 0x40 stand for nothing else. UTF-16 is
// turned into UTF-8 on the way in; places are counted in the file all the same.
type window struct {
	source     io.Reader
	buf        []byte
	start, end int   // what is unread lies between
	at         int64 // place in the file of the first unread byte
	wide       bool  // the file is UTF-16
	big        bool  // big end first
	err        error // what ended the source; io.EOF when whole
}

// newWindow opens a window of size bytes at first on a stream without its byte
// order mark.
func newWindow(stream io.Reader, e read.Encoding, size int) *window {
	w := &window{source: stream, buf: make([]byte, max(size, 4)), big: e == read.UTF16BE}
	if e == read.UTF16LE || e == read.UTF16BE {
		w.wide = true
		w.source = &narrow{source: stream, decoder: read.NewDecoder(e), big: w.big}
	}
	mark := []byte("\uFEFF")
	for len(w.rest()) < len(mark) && w.more() {
	}
	if bytes.HasPrefix(w.rest(), mark) {
		w.pass(len(mark))
	}
	return w
}

// rest is what is unread of the text in the window.
func (w *window) rest() []byte { return w.buf[w.start:w.end:w.end] }

// whole tells that nothing follows the rest.
func (w *window) whole() bool { return errors.Is(w.err, io.EOF) }

// pass moves behind n bytes of the rest.
func (w *window) pass(n int) {
	w.at += w.width(w.buf[w.start : w.start+n])
	w.start += n
}

// position returns the place in the file of the rest between two indices.
func (w *window) position(from, to int) read.Position {
	rest := w.rest()
	return read.Position{Offset: w.at + w.width(rest[:from]), Length: w.width(rest[from:to])}
}

// width is how many bytes of the file a text was.
func (w *window) width(text []byte) int64 {
	if !w.wide {
		return int64(len(text))
	}
	n := int64(0)
	for _, c := range text {
		switch {
		case c >= 0xF0:
			n += 4
		case c&0xC0 != 0x80:
			n += 2
		}
	}
	return n
}

// raw returns a text of the window as it stood in the file.
func (w *window) raw(text []byte) []byte {
	if !w.wide {
		return text
	}
	raw := make([]byte, 0, 2*len(text))
	for _, unit := range utf16.Encode([]rune(string(text))) {
		low, high := byte(unit), byte(unit>>8)
		if w.big {
			low, high = high, low
		}
		raw = append(raw, low, high)
	}
	return raw
}

// more reads on, once, and tells whether the rest has grown. The rest may move.
func (w *window) more() bool {
	if w.err != nil {
		return false
	}
	if w.start > 0 {
		copy(w.buf, w.buf[w.start:w.end])
		w.end -= w.start
		w.start = 0
	}
	if w.end == len(w.buf) {
		w.buf = append(w.buf, make([]byte, len(w.buf))...)
	}
	for range 100 {
		n, err := w.source.Read(w.buf[w.end:])
		w.end += n
		w.err = err
		if n > 0 || err != nil {
			return n > 0
		}
	}
	w.err = io.ErrNoProgress
	return false
}

// line returns the first line of the rest without its end, and the length with
// it. Lines end with LF, CRLF or CR. io.EOF means that nothing is left, errLong
// that the line is longer than a record may be, any other error is the source's.
func (w *window) line() (text []byte, length int, err error) {
	for seen := 0; ; {
		rest := w.rest()
		i := -1
		for at, c := range rest[seen:] {
			if c == '\n' || c == '\r' {
				i = seen + at
				break
			}
		}
		switch {
		case i > read.MaxRecord:
			return rest, len(rest), errLong
		case i >= 0 && rest[i] == '\n':
			return rest[:i], i + 1, nil
		case i >= 0 && i+1 < len(rest) && rest[i+1] == '\n':
			return rest[:i], i + 2, nil
		case i >= 0 && (i+1 < len(rest) || w.whole()):
			return rest[:i], i + 1, nil
		case i < 0 && len(rest) > read.MaxRecord:
			return rest, len(rest), errLong
		}
		seen = len(rest)
		if i >= 0 {
			seen = i
		}
		if w.more() {
			continue
		}
		// The rest may have moved, though it has not grown.
		rest = w.rest()
		switch {
		case !w.whole():
			return nil, 0, w.err
		case i >= 0:
			continue
		case len(rest) == 0:
			return nil, 0, io.EOF
		}
		return rest, len(rest), nil
	}
}

// waste is how many bytes were read in vain, since the end of an element was
// looked for behind that of others. Without a bound, a file of nothing but
// beginnings would be read a megabyte ahead for each.
type waste int64

// mostWaste is how many a file may cost.
const mostWaste = 128 << 20

// spend notes that so many bytes were looked at, and so many of them dealt with.
func (w *waste) spend(scanned, used int64) error {
	if *w += waste(max(scanned-used, 0)); *w > mostWaste {
		return fmt.Errorf("%w: too many elements do not end", errBroken)
	}
	return nil
}

// errLong: a record is longer than read.MaxRecord.
var errLong = errors.New("record too long")

// narrow turns UTF-16 into UTF-8.
type narrow struct {
	source  io.Reader
	decoder *read.Decoder
	big     bool
	raw     []byte // half a character
	text    []byte // decoded and not yet read
	err     error
}

func (n *narrow) Read(p []byte) (int, error) {
	for len(n.text) == 0 {
		if n.err != nil {
			return 0, n.err
		}
		held := len(n.raw)
		n.raw = append(n.raw, make([]byte, chunk)...)
		var got int
		got, n.err = n.source.Read(n.raw[held:])
		n.raw = n.raw[:held+got]
		cut := n.whole()
		n.text = n.decoder.Decode(n.text[:0], n.raw[:cut])
		n.raw = append(n.raw[:0], n.raw[cut:]...)
	}
	got := copy(p, n.text)
	n.text = n.text[got:]
	return got, nil
}

// whole returns how many bytes of raw are characters in one piece.
func (n *narrow) whole() int {
	if errors.Is(n.err, io.EOF) {
		return len(n.raw)
	}
	cut := len(n.raw) &^ 1
	if cut >= 2 {
		high := n.raw[cut-1]
		if n.big {
			high = n.raw[cut-2]
		}
		if high >= 0xD8 && high < 0xDC {
			cut -= 2
		}
	}
	return cut
}

// letters turns the bytes of values into UTF-8.
type letters struct {
	encoding read.Encoding
	decoder  *read.Decoder
	plain    bool // the window holds UTF-8
}

func newLetters(e read.Encoding) *letters {
	return &letters{encoding: e, decoder: read.NewDecoder(e), plain: e == read.UTF8 || e == read.UTF16LE || e == read.UTF16BE}
}

// text returns raw as UTF-8 and blames the element where it is no text.
func (l *letters) text(e *element, column string, raw []byte) []byte {
	if !l.plain && !isASCII(raw) {
		from := len(e.store)
		e.store = l.decoder.Decode(e.store, raw)
		raw = e.store[from:len(e.store):len(e.store)]
	}
	l.check(e, column, raw)
	return raw
}

// check blames the element where decoded text is none.
func (l *letters) check(e *element, column string, raw []byte) {
	switch i := l.decoder.Flaw(raw); {
	case i >= 0 && l.encoding == read.UTF8:
		e.blame(read.InvalidEncoding, column, "byte 0x%02X is not UTF-8; if the file is in another encoding, name it", raw[i])
	case i >= 0:
		e.blame(read.InvalidEncoding, column, "characters that are not %s", l.encoding)
	case bytes.IndexByte(raw, 0) >= 0:
		e.blame(read.NULByte, column, "holds a NUL byte, which is no text")
	}
}

// clean returns text of which other elements take something over: what is none in
// it is replaced.
func clean(text []byte) []byte {
	return bytes.ReplaceAll(bytes.ToValidUTF8(text, []byte(read.Lost)), []byte{0}, []byte(read.Lost))
}

func isASCII(text []byte) bool {
	for _, c := range text {
		if c >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

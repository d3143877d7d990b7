package tree

import (
	"bytes"
	"errors"
	"io"

	"rummage/ingest/read"
)

// collectLine is collect for JSON lines: whatever is wrong with a line, the next
// one is a new beginning.
func (r *reader) collectLine() error {
	for {
		if err := r.ctx.Err(); err != nil {
			return err
		}
		at := r.window.at()
		n, terminator, err := nextLine(r.window)
		if errors.Is(err, errLong) {
			return r.passLine(at)
		}
		if err != nil {
			return err
		}
		text := r.window.text()[:n]
		if at == 0 {
			text = bytes.TrimPrefix(text, []byte(bom))
		}
		r.window.pos += n + terminator
		if blanks(text, 0) == len(text) {
			r.number++
			r.stats.Blank++
			continue
		}
		r.line.set(text, at+int64(n-len(text)))
		r.json.restart()
		r.stack = r.stack[:1]
		if err := r.oneLine(at, at+int64(n)); !errors.Is(err, io.EOF) {
			return err
		}
	}
}

// oneLine collects the line between two offsets, io.EOF if no record is in it.
func (r *reader) oneLine(at, to int64) error {
	u := &r.unit
	err := r.collect()
	if err == nil && u.bad == nil {
		if _, behind := r.scan.next(); errors.Is(behind, io.EOF) {
			return nil
		}
		err = malformed("something stands behind the record on its line")
	}
	fault := new(flaw)
	switch {
	case errors.Is(err, io.EOF):
		return io.EOF
	case errors.As(err, &fault):
	case errors.Is(err, io.ErrUnexpectedEOF):
		fault = &flaw{read.Malformed, "the line ends before the record does"}
	case err != nil:
		return err
	}
	u.note(r.scan.flaw())
	if err != nil {
		u.fail(fault)
	}
	u.at, u.to = at, to
	return nil
}

// lone collects a line that begins at an offset, without reading on.
func (r *reader) lone(text []byte, at int64) error {
	r.window.set(text, at)
	r.line.set(text, at)
	r.json.restart()
	r.stack, r.given = r.stack[:1], 0
	return r.oneLine(at, at+int64(len(text)))
}

// nextLine returns the length of the line at the window's place, and that of its
// end.
func nextLine(w *window) (length, terminator int, err error) {
	for seen := 0; ; {
		text := w.text()
		if i := bytes.IndexByte(text[seen:], '\n'); i >= 0 {
			n := seen + i
			switch {
			case n > MaxUnit:
				return 0, 0, errLong
			case n > 0 && text[n-1] == '\r':
				return n - 1, 2, nil
			}
			return n, 1, nil
		}
		seen = len(text)
		err := w.more()
		switch {
		case err == nil:
		case errors.Is(err, io.EOF) && seen > MaxUnit:
			return 0, 0, errLong
		case errors.Is(err, io.EOF) && seen > 0:
			return seen, 0, nil
		default:
			return 0, 0, err
		}
	}
}

// passLine takes a line that is too long as a row at fault.
func (r *reader) passLine(at int64) (err error) {
	u := &r.unit
	u.reset()
	u.note(tooLong())
	u.from, u.raw = at, bytes.Clone(r.window.text()[:read.MaxRaw])
	u.to, err = skipLine(r.window)
	return err
}

// skipLine passes a line of any length and returns where it ends.
func skipLine(w *window) (int64, error) {
	for {
		text := w.text()
		if i := bytes.IndexByte(text, '\n'); i >= 0 {
			w.pos += i + 1
			return w.at() - 1, nil
		}
		w.pos = w.end
		err := w.more()
		if errors.Is(err, io.EOF) {
			return w.at(), nil
		}
		if err != nil {
			return 0, err
		}
	}
}

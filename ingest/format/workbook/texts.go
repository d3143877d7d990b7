package workbook

import (
	"fmt"
	"io"

	"rummage/ingest/read"
)

// mostText is how many bytes of shared texts are held at most. A workbook of a
// million rows and as many names of twenty letters has 24 MB of them.
const mostText = 256 << 20

// Texts are the texts that cells share. They are read as far as a cell refers
// to, and kept.
type texts struct {
	book  *book
	part  string // "" where the workbook has none
	scan  *scanner
	close io.Closer
	whole bool
	err   error
	text  []byte
	ends  []uint32
}

// at returns the text of a number from 0, or false when there are not so many.
// An error is that of the part and comes again.
func (t *texts) at(i int) ([]byte, bool, error) {
	for i >= len(t.ends) {
		if t.whole || t.err != nil {
			return nil, false, t.err
		}
		if err := t.more(); err != nil {
			t.err = t.book.fault(t.part, err)
		}
	}
	from := uint32(0)
	if i > 0 {
		from = t.ends[i-1]
	}
	return t.text[from:t.ends[i]], true, nil
}

// more reads the next text.
func (t *texts) more() error {
	if t.scan == nil {
		if t.part == "" {
			t.whole = true
			return nil
		}
		var err error
		if t.scan, t.close, err = t.book.scan(t.part); err != nil {
			return err
		}
		if _, err = t.scan.root(); err != nil {
			return err
		}
	}
	for {
		found, err := t.scan.next()
		switch {
		case err != nil:
			return err
		case found == atEnd:
			t.whole = true
			t.release()
			return nil
		case found != atOpen || t.scan.depth() != 2 || string(t.scan.name) != "si":
			continue
		}
		if t.text, err = t.scan.words(t.text, len(t.text)+read.MaxRecord+1); err != nil {
			return err
		}
		if len(t.text)+4*len(t.ends) > mostText {
			return fmt.Errorf("%w: its texts take more than %d MiB; save the sheet as CSV", read.ErrFormat, mostText>>20)
		}
		t.ends = append(t.ends, uint32(len(t.text)))
		return nil
	}
}

// finish reads what is left of a part that was begun, and keeps nothing of it: at
// its end the checksum is compared.
func (t *texts) finish() error {
	if t.scan == nil || t.whole {
		return t.err
	}
	if t.err == nil {
		if err := t.scan.toEnd(); err != nil {
			t.err = t.book.fault(t.part, err)
		}
	}
	t.whole = true
	return t.err
}

// release lets go of the stream. A close repeats what reading has said already.
func (t *texts) release() {
	if t.close != nil {
		_ = t.close.Close()
		t.close = nil
	}
}

// words appends the text of the element that was opened last: of all its runs,
// without the readings that stand beside Japanese ones. What makes into longer
// than most is cut off there.
func (s *scanner) words(into []byte, most int) ([]byte, error) {
	from, depth := len(into), s.depth()
	taking := false
	for {
		found, err := s.next()
		switch {
		case err != nil || found == atEnd:
			return into, err
		case found == atShut && s.depth() < depth:
			return append(into[:from], unescape(into[from:])...), nil
		case found == atShut:
			taking = false
		case found == atOpen && string(s.name) == "rPh":
			if err = s.leave(s.depth() - 1); err != nil {
				return into, err
			}
		case found == atOpen:
			taking = string(s.name) == "t"
		case taking:
			into = append(into, s.text[:min(len(s.text), max(0, most-len(into)))]...)
		}
	}
}

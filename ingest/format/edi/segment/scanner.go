package segment

import (
	"bytes"
	"context"
	"errors"
	"io"
)

const (
	// MaxSegment is the longest segment in bytes. The longest that a directory
	// allows, five lines of 512 characters of free text, is a twentieth of it.
	MaxSegment = 64 << 10
	// MaxHeld is how many bytes of the stream are held as they stand.
	MaxHeld = 4 << 20
	// MaxBeginning is how many bytes Beginning keeps.
	MaxBeginning = 64 << 10
	// chunk is the first size of the window.
	chunk = 256 << 10
	// endMark ends files of DOS.
	endMark = 0x1A
)

// What keeps Next from cutting a segment.
var (
	// ErrTooLong: a segment has more than MaxSegment bytes. It was skipped.
	ErrTooLong = errors.New("segment: too long")
	// ErrUnterminated: the stream ends within the segment.
	ErrUnterminated = errors.New("segment: not terminated")
)

// A Scanner reads the segments of a stream. Memory is bounded by what is held,
// see Hold.
type Scanner struct {
	ctx    context.Context
	source io.Reader
	buf    []byte
	at     int // the next byte
	end    int // of what was read
	base   int64
	hold   int64  // stream offset from which bytes are kept, or -1
	kept   []byte // those bytes, when they are not in the window any more
	last   int64  // the last segment ends here
	begin  []byte
	err    error // what ended the source
	turn   int
}

// NewScanner reads a stream from its beginning.
func NewScanner(ctx context.Context, source io.Reader) *Scanner {
	return &Scanner{ctx: ctx, source: source, buf: make([]byte, chunk), hold: -1}
}

// Offset returns how many bytes lie behind.
func (s *Scanner) Offset() int64 { return s.base + int64(s.at) }

// Hold keeps the bytes of the stream from an offset on, that of the last segment
// or behind it, until Hold or Release is called.
func (s *Scanner) Hold(offset int64) { s.hold, s.kept = offset, nil }

// Release keeps nothing any more.
func (s *Scanner) Release() { s.hold, s.kept = -1, nil }

// Held returns the kept bytes up to the end of a segment, nil where none are
// kept. Where that is more than MaxHeld, the first MaxBeginning are sure to come.
func (s *Scanner) Held(to int64) []byte {
	switch {
	case s.hold < 0:
		return nil
	case s.kept != nil:
		return s.kept[:min(int64(len(s.kept)), to-s.hold)]
	}
	return s.buf[s.hold-s.base : to-s.base]
}

// settle takes what is held out of the window when it is long, as where the next
// segment stands behind a hundred megabytes of blanks.
func (s *Scanner) settle() {
	if s.hold < 0 || s.kept != nil || s.Offset()-s.hold <= MaxHeld {
		return
	}
	to := max(s.last, s.hold+MaxBeginning)
	s.kept = append([]byte(nil), s.buf[s.hold-s.base:to-s.base]...)
}

// Beginning is the first bytes of what could not be kept: of what was held when
// ErrTooLong came, or of what Seek went over.
func (s *Scanner) Beginning() []byte { return s.begin }

// fill reads more, once.
func (s *Scanner) fill() {
	if s.err != nil {
		return
	}
	if s.err = s.ctx.Err(); s.err != nil {
		return
	}
	keep := s.at
	if s.settle(); s.hold >= 0 && s.kept == nil {
		keep = min(keep, int(s.hold-s.base))
	}
	if s.end == len(s.buf) && keep > 0 {
		copy(s.buf, s.buf[keep:s.end])
		s.base += int64(keep)
		s.at -= keep
		s.end -= keep
	}
	if s.end == len(s.buf) {
		s.buf = append(s.buf, make([]byte, len(s.buf))...)
	}
	for range 100 {
		var n int
		n, s.err = s.source.Read(s.buf[s.end:])
		s.end += n
		if n > 0 || s.err != nil {
			return
		}
	}
	s.err = io.ErrNoProgress
}

// Peek returns up to n of the next bytes, fewer only where the stream ends. The
// error is the source's own.
func (s *Scanner) Peek(n int) ([]byte, error) {
	for s.end-s.at < n && s.err == nil {
		s.fill()
	}
	if s.end-s.at < n && !errors.Is(s.err, io.EOF) {
		return nil, s.err
	}
	return s.buf[s.at:min(s.end, s.at+n)], nil
}

// Blanks moves behind blanks and line breaks. io.EOF: nothing else follows.
func (s *Scanner) Blanks() error {
	for {
		for s.at < s.end {
			switch s.buf[s.at] {
			case ' ', '\r', '\n', '\t', endMark:
				s.at++
				continue
			}
			return nil
		}
		if s.err != nil {
			return s.err
		}
		s.fill()
	}
}

// Next reads a segment. Besides ErrTooLong and ErrUnterminated, which give what
// there is of it in seg, io.EOF says that nothing but blanks follows, and any
// other error is the source's own.
func (s *Scanner) Next(x *Syntax, seg *Segment) error {
	if s.turn++; s.turn&1023 == 0 {
		if err := s.ctx.Err(); err != nil {
			return err
		}
	}
	for {
		if err := s.Blanks(); err != nil {
			return err
		}
		if s.buf[s.at] != x.Terminator {
			break
		}
		s.at++ // a terminator behind another ends nothing
	}
	seg.Offset = s.Offset()
	for seen := 0; ; {
		text := s.buf[s.at:s.end]
		if i := bytes.IndexByte(text[seen:], x.Terminator); i >= 0 {
			i += seen
			if x.released(text[:i]) {
				seen = i + 1
				continue
			}
			if i > MaxSegment {
				return s.tooLong(x, seg)
			}
			seg.Raw, seg.Whole, seg.Length = text[:i:i], text[:i+1], int64(i+1)
			s.at += i + 1
			s.last = s.Offset()
			seg.Cut(x)
			return nil
		}
		if seen = len(text); seen > MaxSegment {
			return s.tooLong(x, seg)
		}
		if s.err != nil {
			return s.rest(x, seg)
		}
		s.fill()
	}
}

// rest takes what stands at the end of the stream without a terminator.
func (s *Scanner) rest(x *Syntax, seg *Segment) error {
	if !errors.Is(s.err, io.EOF) {
		return s.err
	}
	seg.Raw = bytes.TrimRight(s.buf[s.at:s.end], "\r\n\t \x1A")
	seg.Whole, seg.Length = seg.Raw, int64(len(seg.Raw))
	s.last = seg.Offset + seg.Length
	s.at = s.end
	seg.Cut(x)
	return ErrUnterminated
}

// tooLong goes over a segment.
func (s *Scanner) tooLong(x *Syntax, seg *Segment) error {
	switch from := s.at; {
	case s.kept != nil:
		s.begin = append(s.begin[:0], s.kept[:MaxBeginning]...)
	default:
		if s.hold >= 0 {
			from = int(s.hold - s.base)
		}
		s.begin = append(s.begin[:0], s.buf[from:min(s.end, from+MaxBeginning)]...)
	}
	s.Release()
	seg.Raw, seg.Whole, seg.Tag, seg.Values = nil, nil, nil, seg.Values[:0]
	freed := false
	for {
		for ; s.at < s.end; s.at++ {
			switch c := s.buf[s.at]; {
			case freed:
				freed = false
			case c == x.Release && c != 0:
				freed = true
			case c == x.Terminator:
				s.at++
				seg.Length = s.Offset() - seg.Offset
				return ErrTooLong
			}
		}
		if s.err != nil {
			break
		}
		s.fill()
	}
	seg.Length = s.Offset() - seg.Offset
	if errors.Is(s.err, io.EOF) {
		return ErrTooLong
	}
	return s.err
}

// Seek moves to the next place where begins says so of the bytes there, of which
// it is shown up to n. It returns how many bytes it went over; io.EOF says that
// there is no such place, any other error is the source's own.
func (s *Scanner) Seek(n int, first byte, begins func(text []byte) bool) (over int64, err error) {
	from := s.Offset()
	s.Release()
	s.begin = s.begin[:0]
	for {
		text, err := s.Peek(n)
		if err != nil {
			return s.Offset() - from, err
		}
		if len(text) == 0 {
			return s.Offset() - from, io.EOF
		}
		if text[0] == first && begins(text) {
			return s.Offset() - from, nil
		}
		step := s.end - s.at
		if i := bytes.IndexByte(s.buf[s.at+1:s.end], first); i >= 0 {
			step = i + 1
		}
		if room := MaxBeginning - len(s.begin); room > 0 {
			s.begin = append(s.begin, s.buf[s.at:s.at+min(step, room)]...)
		}
		s.at += step
	}
}

// Skip moves n bytes on, or to the end of the stream.
func (s *Scanner) Skip(n int64) error {
	for n > 0 {
		step := min(n, int64(s.end-s.at))
		s.at += int(step)
		if n -= step; n == 0 {
			break
		}
		if s.err != nil {
			return s.err
		}
		s.fill()
	}
	return nil
}

// Back moves to the offset of the segment that Next gave last.
func (s *Scanner) Back(offset int64) { s.at = int(offset - s.base) }

// Within makes the scanner stop with another context.
func (s *Scanner) Within(ctx context.Context) { s.ctx = ctx }

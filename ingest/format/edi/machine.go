package edi

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"

	"rummage/ingest/format/edi/segment"
	"rummage/ingest/read"
)

// Frames, the outermost first. Those from topFrame on are of parts.
const (
	interchangeFrame = iota
	groupFrame
	messageFrame
	topFrame
	frames = topFrame + 5
	// subFrame holds the parts that stand on the row of another.
	subFrame = frames - 1
)

// byteOrderMark may stand at the beginning of a file in UTF-8.
const byteOrderMark = "\uFEFF"

// machine goes through a file segment by segment. Next gives its records.
type machine struct {
	std      *standard
	scan     *segment.Scanner
	syntax   *segment.Syntax
	register *register
	cells    cells
	grain    grain
	forced   read.Encoding // whatever interchanges say
	decoder  *decoder
	loose    bool // the interchange does not say which characters it has
	guess    guess
	salvage  bool // cells are wanted of records that cannot be read, too

	seg        segment.Segment
	loaded     bool // seg is still to be dealt with
	cut        error
	occurrence occurrence
	key        []byte
	clean      []byte

	level  int  // of the innermost open envelope, -1 outside
	begun  bool // an interchange was found whose first segment is still to come
	open   [3]bool
	ref    [3]string
	count  [3]int // messages of an interchange and of a group, segments of a message
	groups int    // of an interchange
	plan   plan   // of the message
	at     tag    // of the segment
	near   [61]struct {
		at     tag
		layout *layout
	} // layouts that were used before
	used [2]bool // which of its qualifiers stand in its name

	frames  [frames]frame
	parts   [frames]*part // that the frames are of
	base    *scope        // of segments that belong to no other
	subs    [8]int32      // how many of each part came on the row
	top     int           // the innermost frame that is not a sub frame
	chain   []*frame
	pending bool // a row is open
	joined  bool // the part that joins the one of the row was seen
	tail    bool // the last part is over
	sub     *part
	index   int32 // of the sub part among its kind
	owner   *heading
	listed  listed // of the message

	row   stretch // of the row
	stray stretch // outside messages
}

// stretch is bytes of the stream that make one record.
type stretch struct {
	from, to int64
	long     bool
	begin    []byte // where the bytes are not held
}

// newMachine starts at the beginning of a stream. Without names, columns are
// found on the way.
func newMachine(ctx context.Context, std *standard, stream io.Reader, names []string) *machine {
	m := &machine{std: std, scan: segment.NewScanner(ctx, stream), register: newRegister(names), level: -1, grain: byConsignment}
	m.cells.register = m.register
	return m
}

// record is what the machine gives: a row, whose cells are then in cells, or a
// record that cannot be read.
type record struct {
	read.Position
	raw []byte
	bad *read.RowError
}

// next gives the next record: io.EOF at the end, any other error is the stream's.
func (m *machine) next() (record, error) {
	for {
		if m.register.full && m.register.learning {
			return record{}, fmt.Errorf("edi: %w: more than %d columns", read.ErrFormat, read.MaxColumns)
		}
		if m.row.to == 0 && m.stray.to == 0 {
			m.scan.Release()
		}
		if !m.loaded {
			got, found, err := m.load()
			if err != nil || found {
				return got, err
			}
		}
		if got, found := m.step(); found {
			return got, nil
		}
	}
}

// load reads a segment. Outside interchanges it may find a record instead:
// what is no interchange.
func (m *machine) load() (record, bool, error) {
	if m.level < 0 && !m.begun {
		if got, found, err := m.enter(); err != nil || found {
			return got, found, err
		}
	}
	m.cut = m.scan.Next(m.syntax, &m.seg)
	switch {
	case m.cut == nil, errors.Is(m.cut, segment.ErrTooLong):
		m.loaded = true
		if m.open[messages] {
			m.count[messages]++
		}
		return record{}, false, nil
	case errors.Is(m.cut, segment.ErrUnterminated):
		return m.breaksOff(m.seg.Offset + m.seg.Length)
	case errors.Is(m.cut, io.EOF):
		return m.breaksOff(m.scan.Offset())
	}
	return record{}, false, m.cut
}

// enter finds the next interchange and how it is cut.
func (m *machine) enter() (record, bool, error) {
	if err := m.scan.Blanks(); err != nil {
		return record{}, false, err
	}
	if m.scan.Offset() == 0 {
		if mark, err := m.scan.Peek(len(byteOrderMark)); err == nil && string(mark) == byteOrderMark {
			_ = m.scan.Skip(int64(len(byteOrderMark))) // they are there
			return m.enter()
		}
	}
	from := m.scan.Offset()
	over, err := m.scan.Seek(lead, m.std.first, m.std.begins)
	switch {
	case err != nil && !errors.Is(err, io.EOF):
		return record{}, false, err
	case over > 0:
		return m.bad(read.Position{Offset: from, Length: over}, m.scan.Beginning(), read.Malformed,
			fmt.Sprintf("%d bytes that are no interchange", over)), true, nil
	case err != nil:
		return record{}, false, err
	}
	m.scan.Hold(m.scan.Offset())
	x, flaw, err := m.std.start(m.scan)
	if err != nil && !errors.Is(err, io.EOF) {
		return record{}, false, err
	}
	if flaw == "" {
		flaw = m.mixed(x)
	}
	if flaw == "" {
		m.scan.Release()
		m.syntax, m.begun, m.ref[interchange] = x, true, ""
		return record{}, false, nil
	}
	m.scan.Back(from)
	if err := m.scan.Skip(1); err != nil {
		return record{}, false, err
	}
	over, err = m.scan.Seek(lead, m.std.first, m.std.begins)
	if err != nil && !errors.Is(err, io.EOF) {
		return record{}, false, err
	}
	raw := append([]byte{m.std.first}, m.scan.Beginning()...)
	return m.bad(read.Position{Offset: from, Length: over + 1}, raw, read.Malformed, flaw), true, nil
}

// mixed refuses separators that may be half of a character.
func (m *machine) mixed(x *segment.Syntax) string {
	switch m.forced {
	case read.GB18030, read.Big5, read.ShiftJIS, read.EUCKR:
		if mark := wideSeparators(x); mark != "" {
			return fmt.Sprintf("the separator %s may be part of a character of %s; name another encoding", mark, m.forced)
		}
	}
	return ""
}

// bad makes a record of what is no row. Its cells are those of the interchange
// and the group, so that nobody takes it for a row that was mended.
func (m *machine) bad(at read.Position, raw []byte, reason read.Reason, detail string) record {
	if m.salvage || m.register.learning {
		m.cells.assemble("", m.chained(groupFrame))
	}
	return refused(at, raw, reason, detail)
}

// badRow makes a record of a row that cannot be read, with the cells there are.
func (m *machine) badRow(at read.Position, raw []byte, reason read.Reason, detail string) record {
	if m.salvage || m.register.learning {
		m.cells.assemble(m.kind(), m.chained(subFrame))
	}
	return refused(at, raw, reason, detail)
}

func refused(at read.Position, raw []byte, reason read.Reason, detail string) record {
	return record{Position: at, bad: &read.RowError{
		Position: at, Reason: reason, Detail: detail, Raw: bytes.Clone(raw[:min(len(raw), read.MaxRaw)]),
	}}
}

// kind is that of the row.
func (m *machine) kind() string {
	if p := m.parts[m.top]; p != nil {
		return p.kind
	}
	return "message"
}

// chained lists the frames that are open, up to one.
func (m *machine) chained(last int) []*frame {
	m.chain = m.chain[:0]
	for i := range m.frames[:last+1] {
		if i <= groupFrame && m.open[i] || m.open[messages] && (i > groupFrame && i <= m.top || i == subFrame) {
			m.chain = append(m.chain, &m.frames[i])
		}
	}
	return m.chain
}

// extend adds the segment to a stretch that began with it, or before it.
func (m *machine) extend(s *stretch) {
	first := s.to == 0
	if first {
		s.from = m.seg.Offset
	}
	s.to = m.seg.Offset + m.seg.Length
	switch {
	case s.long:
	case errors.Is(m.cut, segment.ErrTooLong):
		s.long, s.begin = true, bytes.Clone(m.scan.Beginning())
	case first:
		m.scan.Hold(s.from)
	case s.to-s.from > MaxRow:
		held := m.scan.Held(s.to)
		s.long, s.begin = true, bytes.Clone(held[:min(len(held), read.MaxRaw)])
		m.scan.Release()
	}
}

// raw returns the bytes of a stretch, the first of them where it is long.
func (m *machine) raw(s *stretch) []byte {
	if s.long {
		return s.begin
	}
	return m.scan.Held(s.to)
}

// position is where a stretch stands.
func (s *stretch) position() read.Position {
	return read.Position{Offset: s.from, Length: s.to - s.from}
}

// breaksOff says what the end of the stream left open.
func (m *machine) breaksOff(end int64) (record, bool, error) {
	if m.stray.to > 0 {
		m.stray.to = end
		return m.strayed(), true, nil
	}
	if m.level < 0 && !m.begun {
		return record{}, false, io.EOF
	}
	what := m.std.envelopes[max(m.level, 0)]
	detail := fmt.Sprintf("the file ends within %s %s, which has no %s; fetch the whole file", what.what, m.name(max(m.level, 0)), what.close)
	at := read.Position{Offset: end}
	var raw []byte
	if m.seg.Offset+m.seg.Length == end && errors.Is(m.cut, segment.ErrUnterminated) {
		at, raw = read.Position{Offset: m.seg.Offset, Length: m.seg.Length}, m.seg.Raw
	}
	bad := m.bad
	if m.pending {
		m.row.to = max(m.row.to, at.Offset+at.Length)
		at, raw, bad = m.row.position(), m.raw(&m.row), m.badRow
	}
	got := bad(at, raw, read.Malformed, detail)
	m.level, m.begun, m.pending, m.open, m.row = -1, false, false, [3]bool{}, stretch{}
	return got, true, nil
}

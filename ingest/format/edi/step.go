package edi

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"

	"rummage/ingest/read"
)

// advised is the tag of a service string advice.
var advised = tagOf("UNA")

// step deals with the segment that was loaded, and may find a record. If the
// record ends before the segment, that stays loaded.
func (m *machine) step() (record, bool) {
	m.at = tagOf(m.seg.Tag)
	opens, closes := -1, -1
	for i := range m.std.envelopes {
		switch m.at {
		case m.std.envelopes[i].opens:
			opens = i
		case m.std.envelopes[i].ends:
			closes = i
		}
	}
	if m.at == advised && m.std.name == EDIFACT {
		opens = interchange
	}
	if opens < 0 && closes < 0 && m.open[messages] {
		return m.within()
	}
	if m.pending {
		return m.emit(), true
	}
	object := string(m.seg.Tag) == m.std.object
	if m.stray.to > 0 && (opens >= 0 || closes >= 0 || object) {
		return m.strayed(), true
	}
	switch {
	case opens >= 0:
		return m.opening(opens)
	case closes >= 0:
		return m.closing(closes)
	case object:
		return m.object()
	}
	m.loaded = false
	m.extend(&m.stray)
	if m.begun {
		m.begun = false
		return m.strayed(), true
	}
	return record{}, false
}

// strayed makes a record of the segments that stand outside messages.
func (m *machine) strayed() record {
	raw := m.raw(&m.stray)
	at := m.stray.position()
	reason, detail := read.Malformed, "segments that stand outside a message"
	if m.stray.long {
		reason, detail = read.RecordTooLong, fmt.Sprintf("%d bytes outside a message", at.Length)
	}
	m.stray = stretch{}
	return m.bad(at, raw, reason, detail)
}

// name is how an envelope is called.
func (m *machine) name(level int) string {
	if m.ref[level] == "" {
		return "without a reference"
	}
	return strconv.Quote(m.ref[level])
}

// left says which envelopes from a level on were not closed, and closes them.
func (m *machine) left(level int) []string {
	var problems []string
	for i := messages; i >= level; i-- {
		if m.open[i] {
			e := m.std.envelopes[i]
			problems = append(problems, fmt.Sprintf("%s %s has no %s", e.what, m.name(i), e.close))
			m.open[i] = false
		}
	}
	return problems
}

// opening begins an envelope.
func (m *machine) opening(level int) (record, bool) {
	found := false
	for i := level; i <= messages; i++ {
		found = found || m.open[i]
	}
	var got record
	if found {
		at := read.Position{Offset: m.seg.Offset}
		if level != interchange { // else the segment is read again
			at.Length = m.seg.Length
		}
		got = m.bad(at, m.seg.Whole[:at.Length], read.Malformed, "")
		got.bad.Detail = strings.Join(m.left(level), "; ") + ": the next one begins here"
	}
	if level == interchange && !m.begun {
		// How the next interchange is cut stands in what was read with the syntax of
		// the last one: read it again.
		m.scan.Back(m.seg.Offset)
		m.loaded, m.level, m.open = false, -1, [3]bool{}
		return got, found
	}
	m.loaded, m.begun, m.level = false, false, level
	m.open[level] = true
	e := m.std.envelopes[level]
	m.count[level] = 0
	f := &m.frames[level]
	f.reset()
	if level == interchange {
		m.openInterchange()
	}
	m.ref[level] = string(m.reference(e.reference))
	switch level {
	case group:
		m.groups++
	case messages:
		m.openMessage(string(m.seg.Find(e.kind.element, e.kind.component)))
	}
	m.enterHeading(f, &m.register.root, 0)
	return got, found
}

// reference is a value of an envelope, as it is compared.
func (m *machine) reference(at place) []byte {
	text, _ := m.syntax.Clean(nil, m.seg.Find(at.element, at.component))
	return bytes.TrimSpace(text)
}

// openInterchange takes characters and repetition from the first segment.
func (m *machine) openInterchange() {
	m.groups = 0
	m.frames[groupFrame].reset()
	charset := m.std.charset(&m.seg)
	m.loose = charset == ""
	if m.forced != "" {
		charset = m.forced
	}
	m.decoder = newDecoder(charset)
	if m.std.name == EDIFACT {
		m.syntax = repeating(m.syntax, m.seg.Find(1, 2))
		m.seg.Cut(m.syntax)
	}
}

// openMessage gets ready for the segments of a message.
func (m *machine) openMessage(kind string) {
	m.count[messages] = 1
	m.count[interchange]++
	if m.open[group] {
		m.count[group]++
	}
	m.plan = m.std.messages[kind].plan()
	m.top, m.parts = messageFrame, [frames]*part{}
	m.listed.reset()
	m.fresh()
}

// closing ends an envelope and compares what it says with what was found.
func (m *machine) closing(level int) (record, bool) {
	m.loaded = false
	e := m.std.envelopes[level]
	at := read.Position{Offset: m.seg.Offset, Length: m.seg.Length}
	if !m.open[level] {
		return m.bad(at, m.seg.Whole, read.Malformed, fmt.Sprintf("%s ends a %s where none is open", e.close, e.what)), true
	}
	problems, reason := m.compare(level)
	var got record
	open := false
	for i := level + 1; i <= messages; i++ {
		open = open || m.open[i]
	}
	found := open || len(problems) > 0
	if found {
		got = m.bad(at, m.seg.Whole, reason, "")
		got.bad.Detail = strings.Join(append(m.left(level+1), problems...), "; ")
	}
	m.open[level] = false
	m.level = level - 1
	for m.level >= 0 && !m.open[m.level] {
		m.level--
	}
	return got, found
}

// compare says in what a closing segment is wrong, and the reason to refuse it: a wrong count before all else.
func (m *machine) compare(level int) (problems []string, reason read.Reason) {
	e := m.std.envelopes[level]
	said, counted, things := string(m.reference(place{1, 1})), m.count[level], "messages"
	switch {
	case level == messages:
		things = "segments"
	case level == interchange && (m.groups > 0 || m.std.name == X12):
		counted, things = m.groups, "groups"
	}
	reason = read.Malformed
	if n, err := strconv.Atoi(said); err != nil || n != counted {
		problems = append(problems, fmt.Sprintf("%s of %s %s says %q %s, counted were %d", e.close, e.what, m.name(level), said, things, counted))
		reason = read.Miscounted
	}
	if ref := string(m.reference(place{2, 1})); ref != m.ref[level] {
		problems = append(problems, fmt.Sprintf("%s names %s %q, but %q is open", e.close, e.what, ref, m.ref[level]))
	}
	if level == messages && counted == 2 {
		problems = append(problems, fmt.Sprintf("%s %s is empty", e.what, m.name(level)))
	}
	return problems, reason
}

// object goes over a binary object between messages: UNO says how long it is,
// and UNP ends it.
func (m *machine) object() (record, bool) {
	m.loaded = false
	at := read.Position{Offset: m.seg.Offset}
	m.scan.Hold(at.Offset)
	end := m.seg.Offset + m.seg.Length
	if n, err := strconv.ParseInt(string(m.seg.Find(4, 1)), 10, 64); err == nil && n > 0 {
		if m.scan.Skip(n) != nil {
			end = m.scan.Offset()
		}
	}
	for ended := false; !ended; {
		if m.scan.Next(m.syntax, &m.seg) != nil {
			end = m.scan.Offset() // why, shows at the next segment
			break
		}
		switch tag := string(m.seg.Tag); tag {
		case m.std.envelopes[messages].open, m.std.envelopes[interchange].close:
			m.scan.Back(m.seg.Offset)
			ended = true
			continue
		default:
			ended = tag == "UNP"
		}
		end = m.seg.Offset + m.seg.Length
	}
	at.Length = end - at.Offset
	raw := m.scan.Held(end)
	if raw == nil {
		raw = m.scan.Beginning()
		raw = raw[:min(int64(len(raw)), at.Length)]
	}
	return m.bad(at, raw, read.Malformed, "a binary object, which is not read"), true
}

package edi

import (
	"bytes"
	"fmt"
	"unicode/utf8"

	"rummage/ingest/format/edi/segment"
	"rummage/ingest/read"
)

// frame is what one level of a message says: its envelopes, its header, a part.
// It stands until the next one of its level begins.
type frame struct {
	text     []byte
	entries  []entry
	headings []int32 // that occur here
	counts   []int32 // of the occurrences of a heading
	size     int64   // bytes of the segments
	fault    *fault
}

// entry is one value. Its position is the number of the occurrence that it
// belongs to.
type entry struct {
	heading, slot, position int32
	from, to                int32 // in text
}

// fault is why a frame cannot be trusted.
type fault struct {
	reason  read.Reason
	heading *heading
	slot    int32
	detail  string
}

// reset empties the frame.
func (f *frame) reset() {
	for _, id := range f.headings {
		f.counts[id] = 0
	}
	f.text, f.entries, f.headings, f.size, f.fault = f.text[:0], f.entries[:0], f.headings[:0], 0, nil
}

// flaw notes the first fault.
func (f *frame) flaw(why fault) {
	if f.fault == nil {
		f.fault = &why
	}
}

// occur counts an occurrence of a heading and returns its position, which is
// that of the part it stands in, if it is not beyond that.
func (f *frame) occur(h *heading, part int32) int32 {
	for int(h.id) >= len(f.counts) {
		f.counts = append(f.counts, 0)
	}
	n := f.counts[h.id]
	if n == 0 {
		f.headings = append(f.headings, h.id)
	}
	n = max(n, part)
	f.counts[h.id] = n + 1
	return n
}

// occurrence is a segment that was stored, for what its values say together.
type occurrence struct {
	frame    *frame
	heading  *heading
	first    int // entry
	position int32
}

// entry returns the value of a slot, nil where there is none.
func (o *occurrence) entry(name string) *entry {
	n := o.heading.layout.find(name)
	for i := o.first; i < len(o.frame.entries); i++ {
		if e := &o.frame.entries[i]; e.slot == n && e.position == o.position {
			return e
		}
	}
	return nil
}

// get returns a value, nil where there is none.
func (o *occurrence) get(name string) []byte {
	if e := o.entry(name); e != nil {
		return o.frame.text[e.from:e.to]
	}
	return nil
}

// move puts a value under another name.
func (o *occurrence) move(from, to string) {
	if e := o.entry(from); e != nil {
		e.slot = o.heading.layout.find(to)
	}
}

// derive adds a value.
func (o *occurrence) derive(name string, value []byte) {
	if len(value) == 0 {
		return
	}
	f := o.frame
	from := int32(len(f.text))
	f.text = append(f.text, value...)
	f.entries = append(f.entries, entry{o.heading.id, o.heading.layout.find(name), o.position, from, int32(len(f.text))})
}

// store takes the values of a segment.
func (m *machine) store(f *frame, h *heading, part int32) {
	seg := &m.seg
	f.size += seg.Length
	position := f.occur(h, part)
	o := &m.occurrence // kept, so that it is not made for each segment
	*o = occurrence{f, h, len(f.entries), position}
	line := segment.Value{} // the last one that was a line of a text
	most := position
	for _, v := range seg.Values {
		n := h.layout.slot(place{v.Element, v.Component})
		if n == qualifier && v.Repeat == 0 && m.named(h.layout, v) {
			continue
		}
		if n < 0 {
			n = h.numbered(place{v.Element, v.Component})
		}
		last := len(f.entries) - 1
		from := int32(len(f.text))
		at := position + v.Repeat
		more := last >= o.first && f.entries[last].slot == n && f.entries[last].position == at && line.Element == v.Element
		if more {
			from = f.entries[last].from
			for range v.Component - line.Component {
				f.text = append(f.text, '\n')
			}
		}
		m.value(f, h, n, v)
		line = v
		switch {
		case more:
			f.entries[last].to = int32(len(f.text))
		case int(from) < len(f.text):
			f.entries = append(f.entries, entry{h.id, n, at, from, int32(len(f.text))})
			most = max(most, at)
		}
	}
	if len(f.entries) == o.first {
		from := int32(len(f.text))
		f.text = append(f.text, '1')
		f.entries = append(f.entries, entry{h.id, h.numbered(place{}), position, from, from + 1})
	}
	f.counts[h.id] = most + 1
	if h.layout.derive != nil {
		h.layout.derive(o)
	}
}

// named says whether a qualifier stands in the heading that was made last.
func (m *machine) named(l *layout, v segment.Value) bool {
	for i, q := range l.qualifiers {
		if q.element == v.Element && q.component == v.Component {
			return m.used[i]
		}
	}
	return false
}

// value appends the text of a value.
func (m *machine) value(f *frame, h *heading, n int32, v segment.Value) {
	raw := m.seg.Text(v)
	if m.std.trim == h.layout.name {
		raw = bytes.TrimRight(raw, " ")
	}
	if v.Plain {
		f.text = append(f.text, raw...)
		return
	}
	var odd bool
	m.clean, odd = m.syntax.Clean(m.clean[:0], raw)
	from, sound := len(f.text), true
	if ascii(m.clean) {
		f.text = append(f.text, m.clean...)
	} else {
		m.guess.see(m, m.clean)
		f.text, sound = m.decoder.decode(f.text, m.clean)
	}
	switch {
	case !sound:
		f.flaw(fault{read.InvalidEncoding, h, n, fmt.Sprintf("characters that are not %s", m.decoder.name)})
	case odd && bytes.IndexByte(m.clean, 0) >= 0:
		f.flaw(fault{read.NULByte, h, n, "holds a NUL byte, which is no text"})
	case odd:
		f.flaw(fault{read.Malformed, h, n, "holds a control character, which is no text"})
	}
	if odd {
		f.text = append(f.text[:from], without(f.text[from:])...)
	}
}

// without returns a copy of text in which read.Lost stands for control
// characters.
func without(text []byte) []byte {
	return bytes.Map(func(r rune) rune {
		if r < ' ' && r != '\t' && r != '\n' || r == 0x7F {
			return '\uFFFD'
		}
		return r
	}, text)
}

func ascii(text []byte) bool {
	for _, c := range text {
		if c >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// guess is what was seen beyond ASCII where nothing says what it is.
type guess struct{ valid, invalid, declared bool }

func (g *guess) see(m *machine, text []byte) {
	switch {
	case !m.loose:
		g.declared = true
	case utf8.Valid(text):
		g.valid = true
	default:
		g.invalid = true
	}
}

// utf8 says whether all of it is UTF-8.
func (g *guess) utf8() bool { return g.valid && !g.invalid && !g.declared }

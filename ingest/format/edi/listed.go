package edi

import (
	"bytes"
	"fmt"
	"strings"

	"rummage/ingest/read"
)

// MaxListed is how much of a message may be parts that later rows name, as the
// containers of a cargo report are: bytes of their text, and what it takes to know
// where each value stands.
const MaxListed = 32 << 20

// perValue is what a value takes beside its text.
const perValue = 32

// listed is the parts of a message that later rows name. What they say stands on
// the rows that name them, too.
type listed struct {
	text    []byte
	entries []entry // under the headings that they have on other rows
	parts   []listedPart
	byName  map[string]chain // indices of parts, from 1
	shifts  []shift
	row     int64 // counts the rows that name some
	size    int64 // of what stands on the row
}

type listedPart struct {
	from, to int32 // in entries
	next     int32 // of the same name; 0 for none
	row      int64 // on which it stands already
	size     int64
}

// shift is where the occurrences of a heading begin on a row.
type shift struct{ heading, base int32 }

func (l *listed) reset() {
	l.text, l.entries, l.parts = l.text[:0], l.entries[:0], l.parts[:0]
	clear(l.byName)
}

// find returns the parts of a number.
func (l *listed) find(number []byte) chain {
	if bytes.ContainsAny(number, " -") {
		return l.byName[nameKey(number)]
	}
	return l.byName[string(number)]
}

// nameKey is a number as it is compared: spaces and hyphens do not count.
func nameKey(number []byte) string {
	return string(bytes.Map(func(r rune) rune {
		if r == ' ' || r == '-' {
			return -1
		}
		return r
	}, number))
}

// list keeps the part that the row is of, if later rows may name it.
func (m *machine) list() {
	p, l := m.parts[m.top], &m.listed
	if p == nil || p.named == "" {
		return
	}
	f := &m.frames[m.top]
	kept := listedPart{from: int32(len(l.entries)), row: l.row, size: f.size}
	name := ""
	for _, e := range f.entries {
		h := m.register.headings[e.heading]
		if strings.HasPrefix(h.scope.prefix, endScope) {
			continue
		}
		if name == "" && h.layout.name == p.tag && e.slot == h.layout.find("number") {
			name = nameKey(f.text[e.from:e.to])
		}
		twin := m.beside(h, p)
		if twin == nil {
			m.frames[messageFrame].flaw(tooManyKinds())
			return
		}
		if int(e.slot) >= len(h.layout.names) {
			e.slot = twin.numbered(h.slots[e.slot].at)
		}
		from := int32(len(l.text))
		l.text = append(l.text, f.text[e.from:e.to]...)
		l.entries = append(l.entries, entry{twin.id, e.slot, e.position, from, int32(len(l.text))})
	}
	if len(l.text)+perValue*len(l.entries) > MaxListed {
		m.frames[messageFrame].flaw(fault{reason: read.RecordTooLong, detail: fmt.Sprintf("the message lists more %s than can be held for the rows that name it, %d bytes", p.kind, MaxListed)})
		return
	}
	if name == "" {
		l.entries = l.entries[:kept.from]
		return
	}
	kept.to = int32(len(l.entries))
	l.parts = append(l.parts, kept)
	if l.byName == nil {
		l.byName = map[string]chain{}
	}
	n, at := int32(len(l.parts)), l.byName[name]
	if at.head == 0 {
		at.head = n
	} else {
		l.parts[at.tail-1].next = n
	}
	at.tail = n
	l.byName[name] = at
}

// tooManyKinds is the fault of a file that has more headings than columns.
func tooManyKinds() fault {
	return fault{reason: read.Malformed, detail: "the file has more kinds of segments than it can have columns"}
}

// beside returns the heading that a segment of a part has on the row of another:
// the one that begins the part its own, all others behind the name of that.
func (m *machine) beside(h *heading, p *part) *heading {
	switch {
	case h.layout.name == p.tag && h.scope == &m.register.root:
		return h
	case h.beside == nil:
		h.beside = m.register.heading(m.register.scope(p.tag+"/"+h.scope.prefix), []byte(h.key), h.layout)
	}
	return h.beside
}

// refer puts the parts that the row names on the row, each once.
func (m *machine) refer() {
	l, p := &m.listed, m.plan.named
	if len(l.parts) == 0 || p == nil || m.parts[m.top] == nil || m.parts[m.top].tag == p.tag {
		return
	}
	l.row++
	l.size = 0
	index := m.subs[p.twin]
	own := &m.frames[subFrame]
	naming, named := m.std.layouts[tagOf(p.named)], m.std.layouts[p.at]
	m.eachNumber(own, named, func(number []byte) bool {
		for n := l.find(number).head; n != 0; n = l.parts[n-1].next {
			l.parts[n-1].row = l.row // the row lists it itself
		}
		return true
	})
	for i := subFrame; i > messageFrame; i-- {
		if i != subFrame && i > m.top {
			continue
		}
		found := m.eachNumber(&m.frames[i], naming, func(number []byte) bool {
			for n := l.find(number).head; n != 0; n = l.parts[n-1].next {
				if !m.bring(&l.parts[n-1], p, &index) {
					return false
				}
			}
			return true
		})
		if found {
			return
		}
	}
}

// eachNumber calls do with the numbers that the segments of a layout have in a
// frame, until it is false, and says whether there were any.
func (m *machine) eachNumber(f *frame, l *layout, do func(number []byte) bool) bool {
	slot, found := l.find("number"), false
	for _, e := range f.entries { // as they were before do adds some
		if e.slot != slot || m.register.headings[e.heading].layout != l {
			continue
		}
		found = true
		if !do(f.text[e.from:e.to]) {
			break
		}
	}
	return found
}

// bring puts a part on the row, as the index-th of its kind. It is false when the
// row has more than it may.
func (m *machine) bring(part *listedPart, p *planned, index *int32) bool {
	l, f := &m.listed, &m.frames[subFrame]
	if part.row == l.row {
		return true
	}
	part.row = l.row
	if l.size += part.size; l.size > MaxHeader {
		f.flaw(fault{reason: read.RecordTooLong, detail: fmt.Sprintf("the %s that it names has %d bytes, more than the %d allowed", p.kind, l.size, MaxHeader)})
		return false
	}
	l.shifts = l.shifts[:0]
	for _, e := range l.entries[part.from:part.to] {
		position := m.shifted(e.heading, *index) + e.position
		f.counts[e.heading] = max(f.counts[e.heading], position+1)
		from := int32(len(f.text))
		f.text = append(f.text, l.text[e.from:e.to]...)
		f.entries = append(f.entries, entry{e.heading, e.slot, position, from, int32(len(f.text))})
	}
	*index++
	return true
}

// shifted returns the position of the first occurrence of a heading in the part
// that is being brought.
func (m *machine) shifted(heading, index int32) int32 {
	l := &m.listed
	for _, s := range l.shifts {
		if s.heading == heading {
			return s.base
		}
	}
	base := m.frames[subFrame].occur(m.register.headings[heading], index)
	l.shifts = append(l.shifts, shift{heading, base})
	return base
}

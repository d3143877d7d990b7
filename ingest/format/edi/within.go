package edi

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"rummage/ingest/format/edi/segment"
	"rummage/ingest/read"
)

// within deals with a segment of a message.
func (m *machine) within() (record, bool) {
	p := m.begins()
	if p != nil && m.grain.rows(p.part) {
		level := m.levelOf(p.part)
		if m.pending && m.top >= level {
			return m.emit(), true
		}
		m.openPart(p.part, level)
	} else if p != nil {
		m.openSub(p)
	}
	m.loaded = false
	m.pending = true
	m.extend(&m.row)
	f := &m.frames[m.top]
	if m.sub != nil && !m.tail {
		f = &m.frames[subFrame]
	}
	switch {
	case errors.Is(m.cut, segment.ErrTooLong):
		f.flaw(fault{reason: read.RecordTooLong, detail: fmt.Sprintf("a segment of %d bytes, more than the %d allowed", m.seg.Length, segment.MaxSegment)})
	case !m.std.names(m.seg.Tag):
		f.flaw(fault{reason: read.Malformed, detail: fmt.Sprintf("%q begins no segment", clip(m.seg.Raw))})
	case m.row.long:
	case string(m.seg.Tag) == m.std.object:
		m.binary(f)
	case string(m.seg.Tag) == m.std.section:
		m.section()
	default:
		if m.ends() {
			m.section()
			f = &m.frames[m.top]
		}
		m.place(f, p)
	}
	return record{}, false
}

// clip is the beginning of what could be anything.
func clip(raw []byte) string {
	return string(bytes.ToValidUTF8(raw[:min(len(raw), 20)], []byte(read.Lost)))
}

// binary goes over the bytes of a binary segment of X12, of which the first were
// cut as if they were text.
func (m *machine) binary(f *frame) {
	f.flaw(fault{reason: read.Malformed, detail: "a binary object, which is not read"})
	length := m.seg.Find(1, 1)
	n, err := strconv.ParseInt(string(length), 10, 64)
	left := n + int64(len(m.seg.Tag)+len(length)+3) - m.seg.Length
	if m.std.name != X12 || err != nil || n > 1<<50 || left <= 0 {
		return
	}
	before := m.scan.Offset()
	_ = m.scan.Skip(left) // why it ended early, shows at the next segment
	m.row.to += m.scan.Offset() - before
}

// begins returns the part that the segment begins, nil if it begins none.
func (m *machine) begins() *planned {
	var found *planned
	for i := range m.plan.parts {
		p := &m.plan.parts[i]
		if p.at != m.at || p.code != "" && p.code != string(m.seg.Find(1, 1)) {
			continue
		}
		if p.under == "" && found == nil || p.under != "" && m.inside(p.under) {
			found = p
		}
	}
	if found != nil && found.joins != "" && !m.joined && m.parts[m.top] != nil && m.parts[m.top].tag == found.joins {
		m.joined = true
		return nil
	}
	return found
}

// inside says whether a part of that kind is open, or came on this row.
func (m *machine) inside(kind string) bool {
	for i := topFrame; i <= m.top; i++ {
		if m.parts[i].kind == kind {
			return true
		}
	}
	for i := range m.plan.parts {
		if p := &m.plan.parts[i]; p.kind == kind && m.subs[p.twin] > 0 {
			return true
		}
	}
	return false
}

// levelOf returns the frame of a part.
func (m *machine) levelOf(p *part) int {
	for i := topFrame; i <= m.top; i++ {
		if m.parts[i].kind == p.under {
			return i + 1
		}
	}
	return topFrame
}

// openPart begins a row.
func (m *machine) openPart(p *part, level int) {
	size := int64(0)
	for i := messageFrame; i < level; i++ {
		size += m.frames[i].size
	}
	if m.row.long && m.top < level {
		size = max(size, m.row.to-m.row.from)
	}
	if size > MaxHeader {
		m.frames[messageFrame].flaw(fault{reason: read.RecordTooLong,
			detail: fmt.Sprintf("%d bytes stand before the parts of the message, more than the %d allowed", size, MaxHeader)})
	}
	m.top = level
	m.parts[level] = p
	m.frames[level].reset()
	m.fresh()
}

// fresh gets ready for a row.
func (m *machine) fresh() {
	m.pending, m.joined, m.tail, m.owner = false, false, false, nil
	m.sub, m.index, m.base = nil, 0, &m.register.root
	m.frames[subFrame].reset()
	m.subs = [len(m.subs)]int32{}
	m.row = stretch{}
}

// openSub begins a part on the row of another.
func (m *machine) openSub(p *planned) {
	m.sub, m.index = p.part, m.subs[p.twin]
	m.subs[p.twin]++
	m.owner, m.tail, m.base = nil, false, &m.register.root
	if p.apart {
		m.base = m.register.scope(p.tag + "/")
	}
}

// ends says whether the segment follows the last part of its message.
func (m *machine) ends() bool {
	return !m.tail && m.top > messageFrame && slices.Contains(m.plan.tails, m.at)
}

// section ends the parts that came so far.
func (m *machine) section() {
	m.sub, m.index, m.base, m.owner = nil, 0, &m.register.root, nil
	if m.top > messageFrame {
		m.tail, m.base = true, m.register.scope(endScope)
	}
}

// place stores the segment under its name, and under that of the segment it
// belongs to.
func (m *machine) place(f *frame, p *planned) {
	s := m.base
	if p != nil {
		s = &m.register.root
	}
	if m.owner != nil {
		if slices.Contains(m.owner.layout.owned, m.at) {
			s = &m.owner.inner
		} else {
			m.owner = nil
		}
	}
	h := m.enterHeading(f, s, m.index)
	if h == nil || m.owner != nil || h.layout.owned == nil {
		return
	}
	if loose := h.layout.loose; loose == "" || loose != string(m.seg.Find(1, 1)) {
		m.owner = h
	}
}

// enterHeading stores the segment in a scope.
func (m *machine) enterHeading(f *frame, s *scope, index int32) *heading {
	l := m.layout()
	if all := m.seg.Values; l.each && len(all) > 0 && all[len(all)-1].Element+all[len(all)-1].Repeat > 1 {
		m.enterEach(f, s, l, index)
		return nil
	}
	return m.enterOne(f, s, l, index)
}

// layout returns the layout of the segment, one without names if it is in no
// table.
func (m *machine) layout() *layout {
	near := &m.near[m.at%tag(len(m.near))]
	if near.at == m.at {
		return near.layout
	}
	l := m.std.layouts[m.at]
	if l == nil {
		l = newLayout(string(m.seg.Tag), "")
		m.std.layouts[m.at] = l
	}
	near.at, near.layout = m.at, l
	return l
}

// enterEach stores each element of a segment as if it stood alone.
func (m *machine) enterEach(f *frame, s *scope, l *layout, index int32) {
	all := slices.Clone(m.seg.Values)
	for len(all) > 0 {
		element, repeat, n := all[0].Element, all[0].Repeat, 0
		for n < len(all) && all[n].Element == element && all[n].Repeat == repeat {
			all[n].Element, all[n].Repeat = 1, 0
			n++
		}
		m.seg.Values = append(m.seg.Values[:0], all[:n]...)
		m.enterOne(f, s, l, index)
		all = all[n:]
	}
}

// enterOne stores the segment under the name that its qualifiers give it.
func (m *machine) enterOne(f *frame, s *scope, l *layout, index int32) *heading {
	key := append(m.key[:0], l.name...)
	m.used = [2]bool{}
	for i, q := range l.qualifiers {
		value := m.seg.Find(q.element, q.component)
		if !code(value) {
			continue
		}
		m.used[i] = true
		if len(key) == len(l.name) {
			key = append(key, '+')
		}
		if i > 0 {
			key = append(key, '.')
		}
		key = append(key, value...)
	}
	m.key = key
	h := m.register.heading(s, key, l)
	if h == nil {
		f.flaw(tooManyKinds())
		return nil
	}
	m.store(f, h, index)
	return h
}

// emit makes a record of the row.
func (m *machine) emit() record {
	at, raw, long := m.row.position(), m.raw(&m.row), m.row.long
	m.pending, m.row = false, stretch{}
	m.refer()
	chain, kind := m.chained(subFrame), m.kind()
	why := m.fault(chain, kind, at.Length, long)
	if why == nil && !m.cells.assemble(kind, chain) {
		why = &fault{reason: read.RecordTooLong, detail: fmt.Sprintf("the %s would have more than %d bytes of cells", kind, 2*MaxRow)}
	}
	if why == nil && m.cells.absent != "" {
		why = &fault{reason: read.Malformed, detail: m.cells.absent + " is not among the columns that were found; look at the file anew"}
	}
	if why == nil {
		m.list()
		return record{Position: at, raw: raw}
	}
	got := m.badRow(at, raw, why.reason, why.detail)
	if why.heading != nil {
		if column := m.register.column(why.heading, why.slot, false); column >= 0 {
			got.bad.Column, got.bad.Name = int(column)+1, m.register.names[column]
		}
	}
	if m.salvage && long {
		m.cells.cells[0] = append(bytes.Clone(m.cells.cells[0]), read.Lost...)
	}
	return got
}

// fault returns the first fault of the frames.
func (m *machine) fault(chain []*frame, kind string, length int64, long bool) *fault {
	for _, f := range chain {
		if f.fault == nil {
			continue
		}
		why := *f.fault
		if f != &m.frames[m.top] && f != &m.frames[subFrame] {
			why.detail = "before the " + kind + ": " + why.detail
		}
		return &why
	}
	if !long {
		return nil
	}
	why := fault{reason: read.RecordTooLong, detail: fmt.Sprintf("the %s has %d bytes, more than the %d allowed for one row", kind, length, MaxRow)}
	if m.grain == byMessage {
		why.detail += "; read the file by consignment or by item"
	}
	return &why
}

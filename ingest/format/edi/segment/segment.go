// Package segment cuts a stream into the segments of UN/EDIFACT (ISO 9735,
// versions 1 to 4) or of ANSI X12, and a segment into its values.
//
// Line breaks between segments are no data, and within a segment neither: files
// are wrapped at 80 characters in transport, in the middle of a word.
//
// The package must not know what a segment means, nor in what order they come.
package segment

import "bytes"

// Syntax is the characters that a stream is cut by. A zero means that there is
// no such character. Make one with New.
type Syntax struct {
	Component  byte // between the components of an element
	Element    byte // between elements
	Release    byte // takes the next character as it is
	Repetition byte // between repetitions of an element
	Terminator byte // ends a segment
	classes    [256]class
}

// class is what a byte is to the cutter.
type class uint8

const (
	plain class = iota
	element
	repetition
	component
	release
	lineBreak
	wide    // no ASCII
	control // no text
)

// New prepares the characters for cutting.
func New(s Syntax) *Syntax {
	for c := range s.classes {
		switch {
		case c == '\r' || c == '\n':
			s.classes[c] = lineBreak
		case c >= 0x80:
			s.classes[c] = wide
		case c < ' ' && c != '\t' || c == 0x7F:
			s.classes[c] = control
		default:
			s.classes[c] = plain
		}
	}
	for _, mark := range []struct {
		char byte
		is   class
	}{{s.Element, element}, {s.Repetition, repetition}, {s.Component, component}, {s.Release, release}} {
		if mark.char != 0 {
			s.classes[mark.char] = mark.is
		}
	}
	return &s
}

// A Value is a component of a segment that is not empty.
type Value struct {
	from, to int32
	// Element counts from 1, the tag being 0; Repeat from 0; Component from 1.
	Element, Repeat, Component int32
	// Plain values stand in the stream as they are meant: ASCII without released
	// characters, line breaks and control characters.
	Plain bool
}

// A Segment is one segment of a stream. It is valid until the Scanner moves on.
type Segment struct {
	// Offset and Length are bytes of the stream, the terminator included.
	Offset, Length int64
	// Raw is the segment without its terminator, Whole with it.
	Raw, Whole []byte
	// Tag is the segment's name, without what may be nested in it.
	Tag    []byte
	Values []Value
	text   []byte // Raw without line breaks
	flat   []byte // holds it where there are any
}

// Text returns a value as it stands in the stream; see Clean.
func (s *Segment) Text(v Value) []byte { return s.text[v.from:v.to] }

// Find returns the value at a place, nil if there is none.
func (s *Segment) Find(element, component int32) []byte {
	for _, v := range s.Values {
		if v.Element == element && v.Component == component {
			return s.Text(v)
		}
	}
	return nil
}

// Cut finds tag and values in Raw, as Scanner.Next does; it is for a segment that
// says by which characters it is cut.
func (s *Segment) Cut(x *Syntax) {
	if s.text = s.Raw; s.cut(x) {
		s.flat = s.flat[:0]
		for _, c := range s.Raw {
			if c != '\r' && c != '\n' {
				s.flat = append(s.flat, c)
			}
		}
		s.text = s.flat
		s.cut(x)
	}
}

// cut finds tag and values in text, and says whether it holds line breaks.
func (s *Segment) cut(x *Syntax) (broken bool) {
	raw, values := s.text, s.Values[:0]
	s.Tag = nil
	var start, at, repeat, part int32 // part counts components from 0
	sound := true
	for i := 0; i <= len(raw); i++ {
		kind := element
		if i < len(raw) {
			if kind = x.classes[raw[i]]; kind == plain {
				continue
			}
		}
		switch kind {
		case release:
			sound = false
			if i+1 < len(raw) {
				i++
			}
			continue
		case lineBreak:
			return true
		case wide, control:
			sound = false
			continue
		}
		end := int32(min(i, len(raw)))
		switch {
		case at == 0 && part == 0:
			s.Tag = raw[:end]
		case at > 0 && end > start:
			values = append(values, Value{start, end, at, repeat, part + 1, sound})
		}
		start, sound = end+1, true
		switch kind {
		case element:
			at, repeat, part = at+1, 0, 0
		case component:
			part++
		case repetition:
			repeat, part = repeat+1, 0
		}
	}
	s.Values = values
	return false
}

// Clean appends a value without release characters. Odd says that control
// characters stand in it.
func (x *Syntax) Clean(dst, value []byte) (text []byte, odd bool) {
	for i := 0; i < len(value); i++ {
		c := value[i]
		kind := x.classes[c]
		if kind == release {
			if i++; i == len(value) {
				break
			}
			c = value[i]
			if c < ' ' && c != '\t' {
				kind = control
			}
		}
		odd = odd || kind == control
		dst = append(dst, c)
	}
	return dst, odd
}

// released says whether the character behind text is released: an odd number of
// release characters ends it, line breaks aside.
func (x *Syntax) released(text []byte) bool {
	if x.Release == 0 || len(text) == 0 {
		return false
	}
	if c := text[len(text)-1]; c != x.Release && c != '\r' && c != '\n' {
		return false
	}
	text = bytes.TrimRight(text, "\r\n")
	kept := bytes.TrimRight(text, string(rune(x.Release)))
	return (len(text)-len(kept))%2 == 1
}

package network

import (
	"bytes"

	"rummage/ingest/read"
)

// value returns the value of an attribute as text.
func (d *document) value(e *element, column string, raw []byte) []byte {
	return d.text(e, column, raw, true)
}

// text returns a piece of the file as text, with references replaced.
func (d *document) text(e *element, column string, raw []byte, references bool) []byte {
	raw = d.letters.text(e, column, raw)
	if !references || bytes.IndexByte(raw, '&') < 0 {
		return raw
	}
	from := len(e.store)
	var unknown []byte
	e.store, unknown = resolve(e.store, raw)
	if unknown != nil {
		e.blame(read.Malformed, column, "%q stands for no character; an & is written &amp;", cut(unknown))
	}
	return e.store[from:len(e.store):len(e.store)]
}

// content reads the text of the element that has just begun, to its end. Where
// elements lie within it, their texts are several values.
func (d *document) content(e *element, column string) ([]byte, error) {
	m := &d.m
	if m.token.closed {
		return []byte{}, nil
	}
	name := m.token.name
	var plain []byte
	var inner [][]byte
	for depth := 1; ; {
		if err := m.next(); err != nil {
			return nil, err
		}
		t := &m.token
		switch t.kind {
		case isStart:
			if err := d.inside(name); err != nil {
				return nil, err
			}
			if !t.closed {
				depth++
			}
			if depth > deepest {
				return nil, d.wrong("elements within each other more than %d deep", deepest)
			}
		case isEnd:
			if depth--; depth > 0 {
				continue
			}
			if !bytes.Equal(t.name, name) {
				return nil, d.wrong("</%s> where </%s> is expected", tagged(t.name), tagged(name))
			}
			return e.several(plain, inner), nil
		case isText, isRaw:
			value := d.text(e, column, t.data, t.kind == isText)
			switch {
			case depth > 1:
				inner = append(inner, value)
			case plain == nil:
				plain = value
			default:
				plain = e.keep(append(bytes.Clone(plain), value...))
			}
		}
	}
}

// several joins the texts within an element, each once and without blanks around
// it; one that has no elements within is left as it stands.
func (e *element) several(plain []byte, inner [][]byte) []byte {
	if len(inner) == 0 {
		if plain == nil {
			return []byte{}
		}
		return plain
	}
	var all [][]byte
	for _, value := range append([][]byte{plain}, inner...) {
		value = bytes.TrimSpace(value)
		known := len(value) == 0
		for _, other := range all[max(0, len(all)-100):] {
			known = known || bytes.Equal(other, value)
		}
		if !known {
			all = append(all, value)
		}
	}
	return e.keep(bytes.Join(all, []byte(read.Between)))
}

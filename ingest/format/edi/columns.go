package edi

import (
	"strings"

	"rummage/ingest/read"
)

// recordColumn names the kind of each row.
const recordColumn = "record"

// Columns that a column may be named after, besides a segment.
const (
	// aboveScope is what is said further out, where the row itself says it too.
	aboveScope = "above/"
	// endScope is what follows the last part of a message.
	endScope = "end/"
)

// register numbers the columns by name.
type register struct {
	names    []string
	index    map[string]int32
	learning bool // new names are added
	full     bool // there are more than a file may have
	headings []*heading
	root     scope
	scopes   map[string]*scope // by prefix, besides the root
}

// scope is the headings of one prefix.
type scope struct {
	prefix   string
	headings map[string]*heading
}

// heading is a segment with its qualifiers, as it stands before the names of its
// values.
type heading struct {
	id     int32
	name   string // with the prefix
	key    string // without it
	scope  *scope
	layout *layout
	slots  []slot
	extra  map[place]int32
	inner  scope    // of the segments that it owns
	beside *heading // on the row of another, see machine.beside
}

// slot is a column of a heading, and its twin for what is said further out.
type slot struct {
	name         string
	plain, above int32
	at           place // of a slot that is named by it
}

const (
	unseen  = -1 // no column was asked for yet
	missing = -2 // there is no column of that name
)

func newRegister(names []string) *register {
	r := &register{index: map[string]int32{}, learning: names == nil, root: newScope(""), scopes: map[string]*scope{}}
	if r.learning {
		names = []string{recordColumn}
	}
	for i, name := range names {
		r.names = append(r.names, name)
		r.index[name] = int32(i)
	}
	return r
}

func newScope(prefix string) scope { return scope{prefix: prefix, headings: map[string]*heading{}} }

// scope returns the scope of a prefix.
func (r *register) scope(prefix string) *scope {
	known := r.scopes[prefix]
	if known == nil {
		s := newScope(prefix)
		known = &s
		r.scopes[prefix] = known
	}
	return known
}

// heading returns the heading of a key in a scope: nil where there are too many.
func (r *register) heading(s *scope, key []byte, l *layout) *heading {
	for _, h := range l.recent {
		if h != nil && h.scope == s && h.key == string(key) {
			return h
		}
	}
	if h := s.headings[string(key)]; h != nil {
		l.recent[2], l.recent[1], l.recent[0] = l.recent[1], l.recent[0], h
		return h
	}
	if len(r.headings) > 2*read.MaxColumns {
		r.full = true
		return nil
	}
	h := &heading{id: int32(len(r.headings)), name: s.prefix + string(key), key: string(key), scope: s, layout: l}
	for _, name := range l.names {
		h.slots = append(h.slots, slot{name: name, plain: unseen, above: unseen})
	}
	if l.owned != nil {
		h.inner = newScope(h.name + "/")
	}
	r.headings = append(r.headings, h)
	s.headings[string(key)] = h
	return h
}

// numbered returns the slot of a place without a name. That of place zero says
// that the segment is there.
func (h *heading) numbered(at place) int32 {
	if known, ok := h.extra[at]; ok {
		return known
	}
	if h.extra == nil {
		h.extra = map[place]int32{}
	}
	name := ""
	if at != (place{}) {
		name = number(at)
	}
	n := int32(len(h.slots))
	h.slots = append(h.slots, slot{name, unseen, unseen, at})
	h.extra[at] = n
	return n
}

// column returns the number of a slot's column, negative where there is none.
func (r *register) column(h *heading, n int32, above bool) int32 {
	s := &h.slots[n]
	at := &s.plain
	if above {
		at = &s.above
	}
	if *at != unseen {
		return *at
	}
	name := h.name
	if s.name != "" {
		name += "." + s.name
	}
	if above {
		name = aboveScope + name
	}
	*at = r.find(name)
	return *at
}

// find returns the number of a name, and adds it while the file is looked at.
func (r *register) find(name string) int32 {
	if at, known := r.index[name]; known {
		return at
	}
	if !r.learning || len(r.names) >= read.MaxColumns {
		r.full = r.full || r.learning
		return missing
	}
	at := int32(len(r.names))
	r.names = append(r.names, strings.Clone(name))
	r.index[name] = at
	return at
}

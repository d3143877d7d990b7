package tree

import (
	"bytes"
	"fmt"
	"unicode/utf8"

	"rummage/ingest/read"
)

// entry is a value of a unit: a piece of its harvest's text. An empty one that
// holds the place of a value that is missing has the complement of its column.
type entry struct{ instance, column, from, to int32 }

// instance is one element on the way to the record, or a record.
type instance struct {
	parent int32 // -1 for the unit
	level  int32
}

// span is where a record stands in the text.
type span struct {
	instance int32
	at, to   int64
}

// harvest is what was taken from one unit.
type harvest struct {
	text      []byte
	entries   []entry
	instances []instance
	records   []span
	current   int32 // the instance that is open
	open      bool  // the unit is
	dropped   bool  // nothing more is kept
	strange   bool  // there is a value that has no column, below name
	name      string
	at, to    int64
	bad       *flaw
	column    int    // of bad, -1 if it is not known
	raw       []byte // the beginning of a unit that is not held
	from      int64  // where that begins in the stream
	order     []int32
	starts    []int32
	before    int64   // instances of all units before
	count     int64   // values of all units so far
	last      []int64 // of each column, the count at its last value
}

// reset makes room for the next unit.
func (h *harvest) reset() {
	h.before += int64(len(h.instances))
	h.text, h.entries, h.instances, h.records = h.text[:0], h.entries[:0], h.instances[:0], h.records[:0]
	h.open, h.dropped, h.strange, h.bad, h.column, h.raw = false, false, false, nil, -1, nil
}

// begin begins an instance.
func (h *harvest) begin(level int, record bool, at int64) {
	if h.full() {
		return
	}
	parent := h.current
	if len(h.instances) == 0 {
		parent = -1
	}
	h.current = int32(len(h.instances))
	h.instances = append(h.instances, instance{parent, int32(level)})
	if record {
		h.records = append(h.records, span{h.current, at, at})
	}
}

// end ends the instance that is open.
func (h *harvest) end(record bool, to int64) {
	if h.dropped {
		return
	}
	if record {
		h.records[len(h.records)-1].to = to
	}
	h.current = h.instances[h.current].parent
}

// add takes a value.
func (h *harvest) add(column int, text []byte) {
	if h.full() {
		return
	}
	h.count++
	h.last[column] = h.count
	from := len(h.text)
	h.text = append(h.text, text...)
	h.entries = append(h.entries, entry{h.current, int32(column), int32(from), int32(len(h.text))})
}

// place tells the instance that is open from all others of the file.
func (h *harvest) place() int64 { return h.before + int64(h.current) }

// hold takes an empty value for each of the columns that had none since a count,
// so that those of the next occurrence of a group stand beside each other.
func (h *harvest) hold(columns []int32, since int64) {
	for _, c := range columns {
		if h.last[c] > since || h.full() {
			continue
		}
		h.count++
		h.last[c] = h.count
		at := int32(len(h.text))
		h.entries = append(h.entries, entry{h.current, ^c, at, at})
	}
}

// full says whether nothing more is to be kept.
func (h *harvest) full() bool {
	if !h.dropped && len(h.entries)+len(h.instances) >= MaxValues {
		h.fail(&flaw{read.RecordTooLong, fmt.Sprintf("more than %d values, which is what one unit of records may have", MaxValues)})
	}
	return h.dropped
}

// fail keeps the first flaw, and nothing else from here on.
func (h *harvest) fail(f *flaw) {
	h.note(f)
	h.dropped = true
}

func (h *harvest) note(f *flaw) {
	if h.bad == nil && f != nil {
		h.bad = f
	}
}

// check looks for what cannot stand in a cell. Text is the unit as it was
// scanned, in UTF-8 if its encoding says so, else decoded.
func (h *harvest) check(text []byte, e read.Encoding) {
	if h.dropped || h.bad != nil {
		return
	}
	switch {
	case e == read.UTF8 && !utf8.Valid(text):
		h.blame(read.InvalidEncoding, "holds bytes that are not UTF-8; if the file is in another encoding, name it",
			func(v []byte) bool { return !utf8.Valid(v) })
	case e != read.UTF8 && bytes.Contains(text, lost):
		h.blame(read.InvalidEncoding, fmt.Sprintf("holds characters that are not %s", e),
			func(v []byte) bool { return bytes.Contains(v, lost) })
	case bytes.IndexByte(h.text, 0) >= 0:
		h.blame(read.NULByte, "holds a NUL, which is no text", func(v []byte) bool { return bytes.IndexByte(v, 0) >= 0 })
	case bytes.IndexByte(h.text, read.Between[0]) >= 0:
		h.blame(read.Malformed, "holds the control character U+001F, which stands between values here",
			func(v []byte) bool { return bytes.IndexByte(v, read.Between[0]) >= 0 })
	}
}

// blame keeps a flaw with the column of the first value that has it.
func (h *harvest) blame(reason read.Reason, detail string, guilty func(value []byte) bool) {
	h.note(&flaw{reason, detail})
	for _, e := range h.entries {
		if guilty(h.text[e.from:e.to]) {
			h.column = int(e.column)
			return
		}
	}
}

// sort puts the entries of each instance together.
func (h *harvest) sort() {
	if len(h.instances) < 2 {
		return
	}
	h.starts = append(h.starts[:0], make([]int32, len(h.instances)+1)...)
	for _, e := range h.entries {
		h.starts[e.instance+1]++
	}
	for i := range h.instances {
		h.starts[i+1] += h.starts[i]
	}
	h.order = append(h.order[:0], make([]int32, len(h.entries))...)
	at := append([]int32(nil), h.starts...)
	for i, e := range h.entries {
		h.order[at[e.instance]] = int32(i)
		at[e.instance]++
	}
}

// of visits the entries of an instance in the order of the document.
func (h *harvest) of(instance int32, visit func(entry)) {
	if len(h.instances) < 2 {
		for _, e := range h.entries {
			visit(e)
		}
		return
	}
	for _, i := range h.order[h.starts[instance]:h.starts[instance+1]] {
		visit(h.entries[i])
	}
}

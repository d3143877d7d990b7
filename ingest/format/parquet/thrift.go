package parquet

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// Types of the compact protocol of Thrift, in which Parquet describes itself.
const (
	isTrue   = 1
	isFalse  = 2
	isByte   = 3
	isI16    = 4
	isI32    = 5
	isI64    = 6
	isDouble = 7
	isBinary = 8
	isList   = 9
	isSet    = 10
	isMap    = 11
	isStruct = 12
	isUUID   = 13
)

const (
	// mostNesting is how deep structures may lie in each other. Parquet needs six.
	mostNesting = 16
	// mostElements is how many elements all lists of a description may have. One that
	// is a structure, as a column chunk, counts as structWeight.
	mostElements = 4 << 20
	structWeight = 8
)

// Faults of what a file says about itself.
var (
	errShort   = errors.New("it ends in the middle")
	errNesting = errors.New("structures are nested too deep")
	errList    = errors.New("a list is longer than the bytes that hold it")
	errMany    = errors.New("it has too many parts")
	errType    = errors.New("a part is of a type that does not belong there")
)

// A known is what is expected in a field of a structure.
type known struct {
	elem   byte // of a list, what is in it
	fields fields
	take   func(value int64) // of a number
}

// fields are the known fields of a structure, by their numbers.
type fields map[int16]known

// A walker goes through structures in the compact protocol without building them.
type walker struct {
	data     []byte
	at       int
	elements int
}

// structure goes through the fields of a structure.
func (w *walker) structure(in fields, depth int) error {
	if depth > mostNesting {
		return errNesting
	}
	id := int16(0)
	for {
		head, err := w.next()
		if err != nil || head == 0 {
			return err
		}
		kind := head & 15
		if delta := head >> 4; delta != 0 {
			id += int16(delta)
		} else {
			n, err := w.varint()
			if err != nil {
				return err
			}
			id = int16(n)
		}
		if kind == isTrue || kind == isFalse {
			continue
		}
		field := in[id]
		if field.elem != 0 && kind != isList {
			return errType
		}
		if err = w.value(kind, field, depth); err != nil {
			return err
		}
	}
}

// value goes through one value.
func (w *walker) value(kind byte, what known, depth int) error {
	switch kind {
	case isTrue, isFalse, isByte:
		return w.skip(1)
	case isI16, isI32, isI64:
		n, err := w.varint()
		if err == nil && what.take != nil {
			what.take(n)
		}
		return err
	case isDouble:
		return w.skip(8)
	case isUUID:
		return w.skip(16)
	case isBinary:
		n, err := w.uvarint()
		if err != nil {
			return err
		}
		return w.skip(n)
	case isList, isSet:
		return w.list(what, depth+1)
	case isMap:
		return w.dictionary(depth + 1)
	case isStruct:
		return w.structure(what.fields, depth+1)
	}
	return errType
}

// list goes through a list.
func (w *walker) list(what known, depth int) error {
	if depth > mostNesting {
		return errNesting
	}
	head, err := w.next()
	if err != nil {
		return err
	}
	n, elem := uint64(head>>4), head&15
	if n == 15 {
		if n, err = w.uvarint(); err != nil {
			return err
		}
	}
	if what.elem != 0 && elem != what.elem {
		return errType
	}
	return w.values(n, depth, []byte{elem}, known{fields: what.fields})
}

// dictionary goes through a map.
func (w *walker) dictionary(depth int) error {
	if depth > mostNesting {
		return errNesting
	}
	n, err := w.uvarint()
	if err != nil || n == 0 {
		return err
	}
	kinds, err := w.next()
	if err != nil {
		return err
	}
	return w.values(n, depth, []byte{kinds >> 4, kinds & 15}, known{})
}

// values goes through n groups of values.
func (w *walker) values(n uint64, depth int, kinds []byte, what known) error {
	if n > uint64(len(w.data)-w.at) {
		return errList
	}
	weight := 1
	if kinds[0] == isStruct {
		weight = structWeight
	}
	if w.elements += weight * int(n); w.elements > mostElements {
		return errMany
	}
	for range n {
		for _, kind := range kinds {
			if err := w.value(kind, what, depth); err != nil {
				return err
			}
		}
	}
	return nil
}

func (w *walker) next() (byte, error) {
	if w.at >= len(w.data) {
		return 0, errShort
	}
	w.at++
	return w.data[w.at-1], nil
}

func (w *walker) skip(n uint64) error {
	if n > uint64(len(w.data)-w.at) {
		return errShort
	}
	w.at += int(n)
	return nil
}

func (w *walker) uvarint() (uint64, error) {
	v, n := binary.Uvarint(w.data[w.at:])
	if n <= 0 {
		return 0, errShort
	}
	w.at += n
	return v, nil
}

func (w *walker) varint() (int64, error) {
	v, n := binary.Varint(w.data[w.at:])
	if n <= 0 {
		return 0, errShort
	}
	w.at += n
	return v, nil
}

// description is the structure that describes a file, as far as lists are in it:
// FileMetaData of parquet.thrift.
func description() fields {
	list := func(elem byte, in fields) known { return known{elem: elem, fields: in} }
	meta := fields{
		2: list(isI32, nil), 3: list(isBinary, nil), 8: list(isStruct, nil), 13: list(isStruct, nil),
		16: {fields: fields{2: list(isI64, nil), 3: list(isI64, nil)}},
		17: {fields: fields{2: list(isI32, nil)}},
	}
	group := fields{1: list(isStruct, fields{3: {fields: meta}}), 4: list(isStruct, nil)}
	return fields{2: list(isStruct, nil), 4: list(isStruct, group), 5: list(isStruct, nil), 7: list(isStruct, nil)}
}

// checkDescription refuses a description that asks for more than it holds.
func checkDescription(data []byte) error {
	w := walker{data: data}
	if err := w.structure(description(), 0); err != nil {
		return fmt.Errorf("%w at byte %d of the description", err, w.at)
	}
	return nil
}

// pageHead is what the head of a page says about sizes.
type pageHead struct {
	kind               int64 // 0 and 3: data, 2: dictionary
	unpacked, packed   int64
	values             int64
	repeats, definings int64 // bytes of levels in pages of the second kind
	size               int   // of the head itself
}

// parsePageHead reads the head with which data begins: PageHeader of
// parquet.thrift.
func parsePageHead(data []byte) (pageHead, error) {
	var h pageHead
	into := func(field *int64) known { return known{take: func(v int64) { *field = v }} }
	values := into(&h.values)
	w := walker{data: data}
	err := w.structure(fields{
		1: into(&h.kind), 2: into(&h.unpacked), 3: into(&h.packed),
		5: {fields: fields{1: values}}, 7: {fields: fields{1: values}},
		8: {fields: fields{1: values, 5: into(&h.definings), 6: into(&h.repeats)}},
	}, 0)
	h.size = w.at
	return h, err
}

package tree

import (
	"context"
	"errors"
	"io"

	"rummage/ingest/read"
)

// Formats, as Dialect.Format names them.
const (
	// JSON: one value or several, one after the other; RFC 8259.
	JSON = "json"
	// Lines: a value of JSON on each line, as FollowTheMoney has its entities.
	Lines = "jsonl"
	// XML 1.0, with namespaces, without a DOCTYPE.
	XML = "xml"
)

// Bounds of what is read. What is beyond those of a unit and its tags is one row
// error.
const (
	MaxUnit      = 16 << 20 // bytes of a unit of records, in UTF-8
	MaxValues    = 1 << 20  // values of a unit
	MaxDepth     = 200      // elements, or lists and objects, in one another
	MaxName      = 1 << 10  // bytes of a name
	MaxTag       = 1 << 20  // bytes of a tag of XML with its attributes
	MaxAttribute = 64 << 10 // bytes of an attribute

	mostAttributes = 256 // of a tag
)

// Source is a file as a stream from its beginning and at random access.
type Source interface {
	io.Reader
	read.Input
}

// Open starts reading a file from its first byte. The dialect must be one that
// Detect found, or one that was stored. Memory is bounded by a few times MaxUnit,
// whatever the file. Cancelling ctx ends the reading with its error at the next
// row, and within large ones.
func Open(ctx context.Context, source Source, d read.Dialect) (read.Reader, error) {
	return open(ctx, source, d)
}

// open is Open. Where what stands around the units ends behind the first of
// them, it goes over the file before.
func open(ctx context.Context, source Source, d read.Dialect) (*reader, error) {
	r, err := newReader(ctx, source, d)
	if err != nil || r.plan.lates == 0 {
		return r, err
	}
	before, err := newReader(ctx, section(source), d)
	if err != nil {
		return nil, errors.Join(err, r.Close())
	}
	before.gather = true
	for err == nil {
		err = before.collect()
	}
	for c, late := range r.plan.late {
		if late && before.row.state[c] != none {
			r.row.put(c, before.row.Cells[c])
		}
	}
	_ = before.Close()
	if fault := before.fault(err); fault != nil {
		return nil, errors.Join(fault, r.Close())
	}
	return r, nil
}

// fault is what hinders going over the file, other than what is wrong with the
// file: that is met again when the rows are read.
func (r *reader) fault(err error) error {
	for _, known := range []error{io.EOF, io.ErrUnexpectedEOF, errLong, read.ErrTruncated, read.ErrCorrupt, read.ErrBomb, read.ErrWindow, read.ErrFormat} {
		if errors.Is(err, known) {
			return nil
		}
	}
	if errors.As(err, new(*flaw)) {
		return nil
	}
	return r.stop(err)
}

// section is a file as a stream from its first byte.
func section(content read.Input) *io.SectionReader {
	return io.NewSectionReader(content, 0, content.Size())
}

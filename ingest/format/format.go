// Package format says in which format a file is written and what parts it has,
// and opens it: a table of formats, each with a reader of its own.
//
// A file is one part, or several where it is an archive of files. Each part has
// its own dialect, and becomes a source of its own.
//
// The package must not know what cells mean.
package format

import (
	"context"
	"fmt"
	"io"
	"slices"

	"rummage/ingest/read"
)

// Source is a file as a stream from its beginning and at random access. A format
// uses the one or the other.
type Source interface {
	io.Reader
	read.Input
}

// Spans reads rows of one part again, by the positions that its Reader gave for
// them. It is used by one goroutine.
type Spans interface {
	// Cells reads the cells of a row. A row that cannot be cut into cells gives its
	// *read.RowError, without number; read.ErrSpan means that the position is not
	// that of one row.
	Cells(ctx context.Context, at read.Position) ([][]byte, error)
	// Salvage reads the cells of a row that Cells cannot read, as well as they can
	// be had, with read.Lost where something is missing.
	Salvage(ctx context.Context, at read.Position) ([][]byte, error)
}

// format is a line of the table. Its functions are handed the content of a part:
// of an archive, that of the member.
type format struct {
	name string
	// knows tells by the first bytes of a content, unpacked, whether it is of this
	// format.
	knows  func(head []byte) bool
	detect func(ctx context.Context, content read.Input, part read.Part, h read.Hints) (read.Dialect, error)
	open   func(ctx context.Context, content Source, d read.Dialect) (read.Reader, error)
	spans  func(content read.Input, d read.Dialect) (Spans, error)
}

// formats is the table, the more particular before the more general.
func formats() []format {
	return []format{
		{
			name:  read.Delimited,
			knows: func([]byte) bool { return true },
			detect: func(ctx context.Context, content read.Input, _ read.Part, h read.Hints) (read.Dialect, error) {
				return read.Detect(ctx, content, h)
			},
			open: func(ctx context.Context, content Source, d read.Dialect) (read.Reader, error) {
				return read.Open(ctx, content, d)
			},
			spans: func(content read.Input, d read.Dialect) (Spans, error) { return read.NewSpans(content, d) },
		},
	}
}

// Parts lists the parts of a file in the order in which they lie there: one
// without a name unless it is an archive. Errors are those of a damaged archive,
// and read.ErrEmpty for one without files.
func Parts(ctx context.Context, file read.Input) ([]read.Part, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if !isArchive(file) {
		return []read.Part{{}}, nil
	}
	names, err := members(file)
	if err != nil {
		return nil, err
	}
	parts := make([]read.Part, len(names))
	for i, name := range names {
		parts[i] = read.Part{Member: name}
	}
	return parts, nil
}

// Detect says how a part of a file is written down, by its content and not by
// its name; see read.Detect.
func Detect(ctx context.Context, file read.Input, part read.Part, h read.Hints) (read.Dialect, error) {
	content, err := enter(file, part)
	if err != nil {
		return read.Dialect{}, err
	}
	head, err := read.Head(content)
	if err != nil {
		return read.Dialect{}, err
	}
	i := slices.IndexFunc(formats(), func(f format) bool { return f.knows(head) })
	d, err := formats()[i].detect(ctx, content, part, h)
	d.Part = part
	return d, err
}

// Open starts reading the part of a file that the dialect names; see read.Open.
func Open(ctx context.Context, file Source, d read.Dialect) (read.Reader, error) {
	f, err := find(d.Format)
	if err != nil {
		return nil, err
	}
	content := file
	if d.Part.Member != "" {
		inner, err := enter(file, d.Part)
		if err != nil {
			return nil, &read.StreamError{Err: err}
		}
		content = io.NewSectionReader(inner, 0, inner.Size())
	}
	return f.open(ctx, content, d)
}

// NewSpans reads rows of a file in the dialect that they were read in.
func NewSpans(file read.Input, d read.Dialect) (Spans, error) {
	f, err := find(d.Format)
	if err != nil {
		return nil, err
	}
	content, err := enter(file, d.Part)
	if err != nil {
		return nil, err
	}
	return f.spans(content, d)
}

// find returns the format of that name.
func find(name string) (format, error) {
	for _, f := range formats() {
		if f.name == name {
			return f, nil
		}
	}
	return format{}, fmt.Errorf("%w: format %q", read.ErrDialect, name)
}

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

	"rummage/ingest/format/edi"
	"rummage/ingest/format/network"
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
	knows func(head []byte) bool
	// sheets lists what of a content is a part of its own; nil: it is one part.
	sheets func() []string
	detect func(ctx context.Context, content read.Input, part read.Part, h read.Hints) (read.Dialect, error)
	open   func(ctx context.Context, content Source, d read.Dialect) (read.Reader, error)
	spans  func(content read.Input, d read.Dialect) (Spans, error)
}

// formats is the table, the more particular before the more general.
func formats() []format {
	var all []format
	for _, name := range network.Formats() {
		all = append(all, format{
			name: name, sheets: network.Sheets,
			knows:  func(head []byte) bool { return network.Is(name, head) },
			detect: network.Detect,
			open: func(ctx context.Context, content Source, d read.Dialect) (read.Reader, error) {
				return network.Open(ctx, content, d)
			},
			spans: func(content read.Input, d read.Dialect) (Spans, error) { return network.NewSpans(content, d) },
		})
	}
	for _, name := range edi.Formats() {
		all = append(all, format{
			name: name, knows: func(head []byte) bool { return edi.Is(name, head) }, detect: edi.Detect,
			open: func(ctx context.Context, content Source, d read.Dialect) (read.Reader, error) {
				return edi.Open(ctx, content, d)
			},
			spans: func(content read.Input, d read.Dialect) (Spans, error) { return edi.NewSpans(content, d) },
		})
	}
	all = append(all, trees()...)
	return append(all,
		// Both kinds of text are told apart by read.Detect, so the first stands for both
		// until it has.
		text(read.Delimited),
		text(read.Fixed),
	)
}

// text is the line of a kind of text.
func text(name string) format {
	return format{
		name:  name,
		knows: func([]byte) bool { return true },
		detect: func(ctx context.Context, content read.Input, _ read.Part, h read.Hints) (read.Dialect, error) {
			return read.Detect(ctx, content, h)
		},
		open: func(ctx context.Context, content Source, d read.Dialect) (read.Reader, error) {
			return read.Open(ctx, content, d)
		},
		spans: func(content read.Input, d read.Dialect) (Spans, error) { return read.NewSpans(content, d) },
	}
}

// Parts lists the parts of a file in the order in which they lie there: one
// without a name unless it is an archive. Errors are those of a damaged archive,
// and read.ErrEmpty for one without files.
func Parts(ctx context.Context, file read.Input) ([]read.Part, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	names := []string{""}
	if isArchive(file) {
		var err error
		if names, err = members(file); err != nil {
			return nil, err
		}
	}
	var parts []read.Part
	for _, name := range names {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		parts = append(parts, sheets(file, name)...)
	}
	return parts, nil
}

// sheets lists the parts of a file or of a member of an archive. One that cannot
// be looked at is one part: Detect says what is wrong with it.
func sheets(file read.Input, name string) []read.Part {
	part := read.Part{Member: name}
	content, err := enter(file, part)
	if err != nil {
		return []read.Part{part}
	}
	head, err := read.Head(content)
	if err != nil {
		return []read.Part{part}
	}
	f := formats()[slices.IndexFunc(formats(), func(f format) bool { return f.knows(head) })]
	if f.sheets == nil {
		return []read.Part{part}
	}
	var parts []read.Part
	for _, sheet := range f.sheets() {
		part.Sheet = sheet
		parts = append(parts, part)
	}
	return parts
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
	// What is said to be text is text, whatever it looks like.
	named := h.Text == read.Yes || h.Widths != ""
	i := slices.IndexFunc(formats(), func(f format) bool { return named && f.name == read.Delimited || !named && f.knows(head) })
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

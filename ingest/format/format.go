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
	"errors"
	"fmt"
	"io"
	"slices"

	"rummage/ingest/format/edi"
	"rummage/ingest/format/network"
	"rummage/ingest/format/parquet"
	"rummage/ingest/format/workbook"
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
	// random says that it reads here and there. What is packed is unpacked to memory
	// for it, and its functions never see that it was.
	random bool
	// knows tells by the first bytes of a content, unpacked, whether it is of this
	// format.
	knows func(head []byte) bool
	// sheets lists what of a content is a part of its own; nil: it is one part.
	sheets func(ctx context.Context, content read.Input) ([]string, error)
	detect func(ctx context.Context, content read.Input, part read.Part, h read.Hints) (read.Dialect, error)
	// tables is Tables for the format; nil: a content of it holds records of one kind.
	tables func(ctx context.Context, content read.Input, h read.Hints, wanted []string) ([]read.Dialect, []int, error)
	open   func(ctx context.Context, content Source, d read.Dialect) (read.Reader, error)
	spans  func(content read.Input, d read.Dialect) (Spans, error)
}

// formats is the table, the more particular before the more general.
func formats() []format {
	var all []format
	for _, name := range network.Formats() {
		all = append(all, format{
			name:   name,
			sheets: func(context.Context, read.Input) ([]string, error) { return network.Sheets(), nil },
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
			name: name, knows: func(head []byte) bool { return edi.Is(name, head) }, detect: edi.Detect, tables: messages,
			open: func(ctx context.Context, content Source, d read.Dialect) (read.Reader, error) {
				return edi.Open(ctx, content, d)
			},
			spans: func(content read.Input, d read.Dialect) (Spans, error) { return edi.NewSpans(content, d) },
		})
	}
	all = append(all, trees()...)
	all = append(all, tables()...)
	return append(all,
		// Both kinds of text are told apart by read.Detect, so the first stands for both
		// until it has.
		text(read.Delimited),
		text(read.Fixed),
	)
}

// messages is Tables for messages, which come by words for their rows.
func messages(ctx context.Context, content read.Input, h read.Hints, wanted []string) ([]read.Dialect, []int, error) {
	first, err := edi.Detect(ctx, content, read.Part{}, h)
	if err != nil {
		return nil, nil, err
	}
	tables, at := []read.Dialect{first}, make([]int, len(wanted))
	for i, word := range wanted {
		h.Record = word
		d, err := edi.Detect(ctx, content, read.Part{}, h)
		if err != nil && !errors.Is(err, read.ErrDialect) && !errors.Is(err, read.ErrFormat) {
			return nil, nil, err
		}
		if at[i] = slices.Index(tables, d); err != nil {
			at[i] = -1
		} else if at[i] < 0 {
			at[i] = len(tables)
			tables = append(tables, d)
		}
	}
	return tables, at, nil
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

// tables are the formats of tables that are no text.
func tables() []format {
	return []format{
		{
			name: workbook.Format, random: true, knows: workbook.Knows, sheets: workbook.Sheets,
			detect: func(ctx context.Context, content read.Input, part read.Part, h read.Hints) (read.Dialect, error) {
				return workbook.Detect(ctx, content, part.Sheet, h)
			},
			open: func(ctx context.Context, content Source, d read.Dialect) (read.Reader, error) {
				return workbook.Open(ctx, content, d)
			},
			spans: func(content read.Input, d read.Dialect) (Spans, error) { return workbook.NewSpans(content, d) },
		},
		{
			name: parquet.Format, random: true, knows: parquet.Knows,
			detect: func(ctx context.Context, content read.Input, _ read.Part, _ read.Hints) (read.Dialect, error) {
				return parquet.Detect(ctx, content)
			},
			open: func(ctx context.Context, content Source, d read.Dialect) (read.Reader, error) {
				return parquet.Open(ctx, content, d)
			},
			spans: func(content read.Input, d read.Dialect) (Spans, error) { return parquet.NewSpans(content, d) },
		},
	}
}

// Parts lists the parts of a file in the order in which they lie there: one
// without a name unless it is an archive. Of a workbook, each sheet that has
// anything in it is a part, hidden ones too. Errors are those of a damaged archive,
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
		parts = append(parts, sheets(ctx, file, name)...)
	}
	return parts, ctx.Err()
}

// sheets lists the parts of a file or of a member of an archive. One that cannot
// be looked at is one part: Detect says what is wrong with it.
func sheets(ctx context.Context, file read.Input, name string) []read.Part {
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
	if f.random {
		if content, _, err = atRandom(ctx, content, mostHeld); err != nil {
			return []read.Part{part}
		}
	}
	names, err := f.sheets(ctx, content)
	if err != nil {
		return []read.Part{part}
	}
	var parts []read.Part
	for _, sheet := range names {
		part.Sheet = sheet
		parts = append(parts, part)
	}
	return parts
}

// Detect says how a part of a file is written down, by its content and not by
// its name; see read.Detect.
func Detect(ctx context.Context, file read.Input, part read.Part, h read.Hints) (read.Dialect, error) {
	f, content, packing, err := choose(ctx, file, part, h)
	if err != nil {
		return read.Dialect{}, err
	}
	d, err := f.detect(ctx, content, part, h)
	d.Part = part
	if f.random {
		d.Compression = packing
	}
	return d, err
}

// Tables is Detect for a part that may hold records of several kinds, as trees and
// messages do. The first dialect is what Detect finds; behind it stands one for each
// other kind that a path of wanted names, as Hints.Record does. At says of each path
// which dialect has it, -1: none.
func Tables(ctx context.Context, file read.Input, part read.Part, h read.Hints, wanted []string) (tables []read.Dialect, at []int, err error) {
	f, content, packing, err := choose(ctx, file, part, h)
	switch {
	case err != nil:
		return nil, nil, err
	case f.tables != nil:
		tables, at, err = f.tables(ctx, content, h, wanted)
	default:
		var d read.Dialect
		d, err = f.detect(ctx, content, part, h)
		tables, at = []read.Dialect{d}, slices.Repeat([]int{-1}, len(wanted))
	}
	for i := range tables {
		tables[i].Part = part
		if f.random {
			tables[i].Compression = packing
		}
	}
	return tables, at, err
}

// choose finds the format of a part, and its content as that wants it.
func choose(ctx context.Context, file read.Input, part read.Part, h read.Hints) (f format, content read.Input, packing string, err error) {
	if content, err = enter(file, part); err != nil {
		return f, nil, "", err
	}
	head, err := read.Head(content)
	if err != nil {
		return f, nil, "", err
	}
	// What is said to be text is text, whatever it looks like.
	named := h.Text == read.Yes || h.Widths != ""
	i := slices.IndexFunc(formats(), func(f format) bool { return named && f.name == read.Delimited || !named && f.knows(head) })
	if f = formats()[i]; f.random {
		content, packing, err = atRandom(ctx, content, mostHeld)
	}
	return f, content, packing, err
}

// Open starts reading the part of a file that the dialect names; see read.Open.
func Open(ctx context.Context, file Source, d read.Dialect) (read.Reader, error) {
	f, err := find(d.Format)
	if err != nil {
		return nil, err
	}
	if d.Part.Member == "" && !f.random {
		return f.open(ctx, file, d)
	}
	content, err := f.content(ctx, file, d.Part)
	if err != nil {
		return nil, &read.StreamError{Err: err}
	}
	return f.open(ctx, io.NewSectionReader(content, 0, content.Size()), d)
}

// NewSpans reads rows of a file in the dialect that they were read in.
func NewSpans(file read.Input, d read.Dialect) (Spans, error) {
	f, err := find(d.Format)
	if err != nil {
		return nil, err
	}
	content, err := f.content(context.Background(), file, d.Part)
	if err != nil {
		return nil, err
	}
	return f.spans(content, d)
}

// content returns a part of a file as the format wants it.
func (f *format) content(ctx context.Context, file read.Input, part read.Part) (read.Input, error) {
	content, err := enter(file, part)
	if err == nil && f.random {
		content, _, err = atRandom(ctx, content, mostHeld)
	}
	return content, err
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

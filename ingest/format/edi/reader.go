package edi

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"rummage/ingest/read"
)

// reader is a read.Reader over messages.
type reader struct {
	ctx     context.Context
	machine *machine
	stream  io.Closer
	header  *read.Row
	row     read.Row
	number  int64 // of the last record
	whole   int64 // bytes up to its end
	stats   read.Stats
	err     error
}

// Open starts reading a file from its first byte, in the dialect that Detect
// found. Memory is bounded by about ten times MaxRow, whatever the file.
func Open(ctx context.Context, source io.Reader, d read.Dialect) (read.Reader, error) {
	return open(ctx, source, d)
}

func open(ctx context.Context, source io.Reader, d read.Dialect) (*reader, error) {
	names, err := check(&d)
	if err != nil {
		return nil, err
	}
	stream, err := read.Unpack(source, d.Compression)
	if err != nil {
		return nil, &read.StreamError{Err: err}
	}
	r := &reader{ctx: ctx, stream: stream, machine: newMachine(ctx, standards(d.Format), stream, names)}
	r.machine.grain, r.machine.forced = grain(d.Record), d.Encoding
	r.header = &read.Row{Cells: make([][]byte, len(names)), Raw: []byte{}}
	for i, name := range names {
		r.header.Cells[i] = []byte(name)
	}
	return r, nil
}

// standards returns the standard of a format, nil for another.
func standards(format string) *standard {
	switch format {
	case EDIFACT:
		return edifact()
	case X12:
		return x12()
	}
	return nil
}

// check fills in what is left out of a dialect and refuses what makes no sense.
func check(d *read.Dialect) (names []string, err error) {
	if d.Compression == "" {
		d.Compression = read.Plain
	}
	if d.Record == "" {
		d.Record = string(byConsignment)
	}
	names = strings.Split(d.Names, read.Between)
	switch {
	case !slices.Contains(Formats(), d.Format):
		return nil, fmt.Errorf("edi: %w: format %q", read.ErrDialect, d.Format)
	case !d.Named() || names[0] != recordColumn || len(names) > read.MaxColumns:
		return nil, fmt.Errorf("edi: %w: %d columns of which the first is %q", read.ErrDialect, len(names), names[0])
	case d.Columns != 0 && d.Columns != len(names):
		return nil, fmt.Errorf("edi: %w: %d columns with %d names", read.ErrDialect, d.Columns, len(names))
	}
	switch grain(d.Record) {
	case byMessage, byConsignment, byItem:
	default:
		return nil, fmt.Errorf("edi: %w: records by %q", read.ErrDialect, d.Record)
	}
	d.Encoding, err = encoding(d.Encoding)
	return names, err
}

// encoding refuses what the separators of a message cannot be found in.
func encoding(named read.Encoding) (read.Encoding, error) {
	if named == "" {
		return "", nil
	}
	e, err := read.ParseEncoding(string(named))
	if err != nil {
		return "", err
	}
	if e == read.UTF16LE || e == read.UTF16BE {
		return "", fmt.Errorf("edi: %w: messages are not written in %s; convert the file to UTF-8", read.ErrEncoding, e)
	}
	return e, nil
}

// Header returns the names of the columns.
func (r *reader) Header() *read.Row { return r.header }

// Stats counts what was returned so far.
func (r *reader) Stats() read.Stats {
	s := r.stats
	s.Bytes = r.machine.scan.Offset()
	return s
}

// Close frees what the reader holds.
func (r *reader) Close() error {
	if errors.Is(r.err, read.ErrClosed) {
		return nil
	}
	r.err = read.ErrClosed
	// An unpacker that is closed repeats what Next has said already.
	_ = r.stream.Close()
	return nil
}

// Next returns the next row.
func (r *reader) Next() (*read.Row, error) {
	if r.err != nil {
		return nil, r.err
	}
	if err := r.ctx.Err(); err != nil {
		return nil, r.stop(err)
	}
	got, err := r.machine.next()
	if err != nil {
		return nil, r.stop(err)
	}
	r.number++
	r.whole = got.Offset + got.Length
	if got.bad != nil {
		got.bad.Row = r.number
		r.stats.Bad++
		return nil, got.bad
	}
	r.stats.Rows++
	r.row = read.Row{Position: got.Position, Number: r.number, Cells: r.machine.cells.cells, Raw: got.raw}
	return &r.row, nil
}

// stop ends the reading for good.
func (r *reader) stop(err error) error {
	switch {
	case errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF):
		err = io.EOF
	case r.ctx.Err() != nil:
		err = fmt.Errorf("edi: stopped after row %d: %w", r.number, r.ctx.Err())
	default:
		err = &read.StreamError{Row: r.number, Offset: r.whole, Err: err}
	}
	r.err = err
	return err
}

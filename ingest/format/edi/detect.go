package edi

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"rummage/ingest/read"
)

// Formats lists the formats of this package.
func Formats() []string { return []string{EDIFACT, X12} }

// Is tells by a file's first bytes, unpacked, whether it is in a format of these.
func Is(format string, head []byte) bool {
	text := bytes.TrimLeft(bytes.TrimPrefix(head, []byte(byteOrderMark)), "\r\n \t")
	text = text[:min(len(text), lead)]
	// Every file is looked at so: the tables of a standard are not made for that.
	switch format {
	case EDIFACT:
		return beginsEDIFACT(text)
	case X12:
		return beginsX12(text)
	}
	return false
}

// Detect says how a file of messages is written down. It reads all of it, since
// any message may have columns of its own. Of the hints, Encoding and Record
// count; see the package for what makes a row.
//
// ErrFormat: no message of it can be read, or it would have more columns than a
// file may have. ErrDialect: a row cannot be asked for like that.
func Detect(ctx context.Context, content read.Input, _ read.Part, h read.Hints) (read.Dialect, error) {
	head, err := read.Head(content)
	if err != nil {
		return read.Dialect{}, err
	}
	for _, format := range Formats() {
		if Is(format, head) {
			return detect(ctx, content, format, h)
		}
	}
	return read.Dialect{}, fmt.Errorf("edi: %w: neither UN/EDIFACT nor X12", read.ErrFormat)
}

func detect(ctx context.Context, content read.Input, format string, h read.Hints) (read.Dialect, error) {
	d := read.Dialect{Format: format, Header: true}
	by, known := grains[h.Record]
	if !known {
		return d, fmt.Errorf("edi: %w: rows by %q; known are %s", read.ErrDialect, h.Record, words())
	}
	d.Record = string(by)
	var err error
	if d.Encoding, err = encoding(h.Encoding); err != nil {
		return d, err
	}
	var magic [8]byte
	n, err := content.ReadAt(magic[:], 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return d, fmt.Errorf("edi: look at the file: %w", err)
	}
	d.Compression = read.Compression(magic[:n])
	stream, err := read.Unpack(io.NewSectionReader(content, 0, content.Size()), d.Compression)
	if err != nil {
		return d, fmt.Errorf("edi: look at the file: %w", err)
	}
	m := newMachine(ctx, standards(format), stream, nil)
	m.grain, m.forced = by, d.Encoding
	err = m.learn()
	_ = stream.Close() // the stream was read to where it could be
	if err != nil {
		return d, err
	}
	if d.Encoding == "" && m.guess.utf8() {
		d.Encoding = read.UTF8
	}
	d.Names, d.Columns = strings.Join(m.register.names, read.Between), len(m.register.names)
	return d, nil
}

// words lists what makes a row.
func words() string {
	var all []string
	for word := range grains {
		if word != "" {
			all = append(all, word)
		}
	}
	slices.Sort(all)
	return strings.Join(all, ", ")
}

// learn goes through the file to find its columns. A packed file that breaks off
// has those of what can be read of it.
func (m *machine) learn() error {
	rows := 0
	var first error
	for {
		got, err := m.next()
		switch {
		case errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF):
			if rows > 0 {
				return nil
			}
			if first == nil {
				return read.ErrEmpty
			}
			return fmt.Errorf("edi: %w: no message in it can be read: %w", read.ErrFormat, first)
		case rows > 0 && (errors.Is(err, read.ErrTruncated) || errors.Is(err, read.ErrCorrupt) || errors.Is(err, read.ErrBomb)):
			return nil
		case err != nil:
			return fmt.Errorf("edi: look at the file: %w", err)
		case got.bad == nil:
			rows++
		case first == nil:
			first = fmt.Errorf("byte %d: %s", got.Offset, got.bad.Detail)
		}
	}
}

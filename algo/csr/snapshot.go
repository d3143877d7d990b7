package csr

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
)

// Errors of Read.
var (
	// ErrFormat is returned for bytes that are no snapshot, or one of another version.
	ErrFormat = errors.New("not a snapshot of this version")
	// ErrDamaged is returned for a snapshot that is cut short, has bytes after its end, or fails a checksum.
	ErrDamaged = errors.New("snapshot is damaged")
)

// Version is the version of the snapshot format. A reader accepts no other: a snapshot is a cache, to be made again.
const Version = 1

// A snapshot is a header of 1024 bytes and up to ten sections. All numbers are little-endian; sections start at multiples of 64
// bytes, so that the file can be mapped into memory and its columns used where they lie; gaps are zero.
//
//	0    8  magic "RMGCSR\r\n"
//	8    4  version
//	12   4  flags: 1 directed, 2 weighted, 4 typed, 8 counted, 16 simple
//	16   8  order
//	24   8  size
//	32   8  entries of a column of the out-rows
//	40   8  the same of the in-rows, 0 when undirected
//	64  64  a section: offset (8), length (8), SHA-256 (32), zeros (16); ten of them, those absent all zero
//	992 32  SHA-256 of the 992 bytes before
//
// The sections are offsets (8 bytes each), neighbours (4), weights (8), types (1), counts (4) of the out-rows, then of the in-rows.
const (
	magic       = "RMGCSR\r\n"
	headerSize  = 1024
	alignment   = 64
	sectionSize = 64
	sectionsAt  = 64
	sumAt       = headerSize - sha256.Size
)

const (
	flagDirected = 1 << iota
	flagWeighted
	flagTyped
	flagCounted
	flagSimple
	flagsKnown = 1<<iota - 1
)

// section is a column on its way to or from a file.
type section struct {
	offset, length uint64
	sum            [sha256.Size]byte
}

// WriteTo writes the graph as a snapshot and returns the number of bytes written. Equal graphs give equal bytes.
func (g *Graph) WriteTo(w io.Writer) (int64, error) {
	columns := g.out.columns()
	if g.directed {
		columns = append(columns, g.in.columns()...)
	}
	header := g.header()
	at := uint64(headerSize)
	for i, column := range columns {
		if column == nil {
			continue
		}
		s := section{offset: at, length: column.length(), sum: column.sum()}
		s.put(header[sectionsAt+i*sectionSize:])
		at = aligned(at + s.length)
	}
	sum := sha256.Sum256(header[:sumAt])
	copy(header[sumAt:], sum[:])
	out := &counter{to: w}
	out.write(header)
	for _, column := range columns {
		if column != nil {
			column.encode(out.write)
			out.write(make([]byte, aligned(column.length())-column.length()))
		}
	}
	if out.err != nil {
		return out.written, fmt.Errorf("csr: write snapshot: %w", out.err)
	}
	return out.written, nil
}

func (g *Graph) header() []byte {
	header := make([]byte, headerSize)
	copy(header, magic)
	var flags uint32
	for _, f := range []struct {
		set  bool
		flag uint32
	}{
		{g.directed, flagDirected}, {g.IsWeighted(), flagWeighted}, {g.IsTyped(), flagTyped},
		{g.IsCounted(), flagCounted}, {g.simple, flagSimple},
	} {
		if f.set {
			flags |= f.flag
		}
	}
	binary.LittleEndian.PutUint32(header[8:], Version)
	binary.LittleEndian.PutUint32(header[12:], flags)
	binary.LittleEndian.PutUint64(header[16:], uint64(g.order))
	binary.LittleEndian.PutUint64(header[24:], uint64(g.size))
	binary.LittleEndian.PutUint64(header[32:], uint64(len(g.out.to)))
	if g.directed {
		binary.LittleEndian.PutUint64(header[40:], uint64(len(g.in.to)))
	}
	return header
}

func aligned(n uint64) uint64 { return (n + alignment - 1) / alignment * alignment }

func (s section) put(b []byte) {
	binary.LittleEndian.PutUint64(b, s.offset)
	binary.LittleEndian.PutUint64(b[8:], s.length)
	copy(b[16:], s.sum[:])
}

// counter writes until the first error and counts.
type counter struct {
	to      io.Writer
	written int64
	err     error
}

func (c *counter) write(b []byte) {
	if c.err != nil {
		return
	}
	n, err := c.to.Write(b)
	c.written += int64(n)
	c.err = err
}

// Read reads a snapshot to its end. ErrFormat when it is not one, ErrDamaged when any byte of it is not as written, or an error of r.
//
// Checksums find accidents, not malice: beyond them every index is checked, so that a graph once read can be used without fear,
// but whether weights and rows of the two directions agree is not.
func Read(r io.Reader) (*Graph, error) {
	header := make([]byte, headerSize)
	if _, err := io.ReadFull(r, header); err != nil {
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			return nil, fmt.Errorf("csr: read snapshot: header: %w: too short", ErrFormat)
		}
		return nil, fmt.Errorf("csr: read snapshot: header: %w", err)
	}
	if !bytes.HasPrefix(header, []byte(magic)) {
		return nil, fmt.Errorf("csr: read snapshot: %w: it begins with %q", ErrFormat, header[:len(magic)])
	}
	if version := binary.LittleEndian.Uint32(header[8:]); version != Version {
		return nil, fmt.Errorf("csr: read snapshot: %w: version %d, wanted %d", ErrFormat, version, Version)
	}
	if sum := sha256.Sum256(header[:sumAt]); !bytes.Equal(sum[:], header[sumAt:]) {
		return nil, fmt.Errorf("csr: read snapshot: header: %w", ErrDamaged)
	}
	g, err := readBody(r, header)
	if err != nil {
		return nil, fmt.Errorf("csr: read snapshot: %w", err)
	}
	return g, nil
}

func readBody(r io.Reader, header []byte) (*Graph, error) {
	flags := binary.LittleEndian.Uint32(header[12:])
	order := binary.LittleEndian.Uint64(header[16:])
	size := binary.LittleEndian.Uint64(header[24:])
	if order > math.MaxUint32 || size > math.MaxUint32 || flags&^uint32(flagsKnown) != 0 {
		return nil, fmt.Errorf("header: %w: order %d, size %d, flags %b", ErrDamaged, order, size, flags)
	}
	g := &Graph{order: int(order), directed: flags&flagDirected != 0}
	sections := sectionReader{from: r, header: header, at: headerSize, flags: flags}
	var err error
	if g.out, err = sections.rows(0, order, binary.LittleEndian.Uint64(header[32:])); err != nil {
		return nil, fmt.Errorf("rows: %w", err)
	}
	g.in = g.out
	if g.directed {
		if g.in, err = sections.rows(5, order, binary.LittleEndian.Uint64(header[40:])); err != nil {
			return nil, fmt.Errorf("in-rows: %w", err)
		}
	}
	if err := sections.end(); err != nil {
		return nil, err
	}
	if err := g.tally(context.Background(), 0); err != nil {
		return nil, err
	}
	if uint64(g.size) != size || g.simple != (flags&flagSimple != 0) {
		return nil, fmt.Errorf("%w: %d edges where the header says %d", ErrDamaged, g.size, size)
	}
	return g, nil
}

// sectionReader reads the sections in their order.
type sectionReader struct {
	from   io.Reader
	header []byte
	at     uint64
	flags  uint32
}

// rows reads the five sections of one direction, the first of which has the given number.
func (s *sectionReader) rows(number int, order, arcs uint64) (rows, error) {
	var r rows
	var err error
	if r.offset, err = readColumn(s, number, order+1, 8, binary.LittleEndian.Uint64); err != nil {
		return r, fmt.Errorf("offsets: %w", err)
	}
	if r.to, err = readColumn(s, number+1, arcs, 4, binary.LittleEndian.Uint32); err != nil {
		return r, fmt.Errorf("neighbours: %w", err)
	}
	if s.flags&flagWeighted != 0 {
		if r.weight, err = readColumn(s, number+2, arcs, 8, readFloat); err != nil {
			return r, fmt.Errorf("weights: %w", err)
		}
	}
	if s.flags&flagTyped != 0 {
		if r.kind, err = readColumn(s, number+3, arcs, 1, func(b []byte) uint8 { return b[0] }); err != nil {
			return r, fmt.Errorf("types: %w", err)
		}
	}
	if s.flags&flagCounted != 0 {
		if r.count, err = readColumn(s, number+4, arcs, 4, binary.LittleEndian.Uint32); err != nil {
			return r, fmt.Errorf("counts: %w", err)
		}
	}
	return r, r.validate(order)
}

func readFloat(b []byte) float64 { return math.Float64frombits(binary.LittleEndian.Uint64(b)) }

// end checks that nothing follows the last section.
func (s *sectionReader) end() error {
	n, err := io.ReadFull(s.from, make([]byte, 1))
	if n > 0 {
		return fmt.Errorf("%w: bytes follow its end at %d", ErrDamaged, s.at)
	}
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	return nil
}

// validate checks what every user of rows relies on.
func (r *rows) validate(order uint64) error {
	if r.offset[0] != 0 || r.offset[order] != uint64(len(r.to)) || !slices.IsSorted(r.offset) {
		return fmt.Errorf("%w: offsets do not fit the rows", ErrDamaged)
	}
	for u := range uint32(order) {
		row := window(r, r.to, u)
		if !slices.IsSorted(row) || (len(row) > 0 && uint64(row[len(row)-1]) >= order) {
			return fmt.Errorf("%w: row %d", ErrDamaged, u)
		}
	}
	for _, w := range r.weight {
		if !(w >= 0 && w <= math.MaxFloat64) {
			return fmt.Errorf("%w: weight %v", ErrDamaged, w)
		}
	}
	return nil
}

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
)

// Errors of Read and View.
var (
	// ErrFormat is returned for bytes that are no snapshot, or one of another version.
	ErrFormat = errors.New("not a snapshot of this version")
	// ErrDamaged is returned for a snapshot that is cut short, has bytes after its end, or fails a checksum.
	ErrDamaged = errors.New("snapshot is damaged")
)

// Version is the version of the snapshot format. A reader accepts no other: a snapshot is a cache, to be made again.
const Version = 2

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
//	64  64  a section: offset (8), length (8), checksum (32), zeros (16); ten of them, those absent all zero
//	992 32  SHA-256 of the 992 bytes before
//
// The sections are offsets (8 bytes each), neighbours (4), weights (8), types (1), counts (4) of the out-rows, then of the in-rows.
// The checksum of a section is the SHA-256 of the SHA-256 sums of its pieces of 2^20 bytes, the last perhaps shorter.
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

// WriteTo writes the graph as a snapshot and returns the number of bytes written. Equal graphs give equal bytes.
func (g *Graph) WriteTo(w io.Writer) (int64, error) {
	columns := g.columns()
	all, _ := sums(context.Background(), 0, columns) // which nothing cancels
	out := &counter{to: w}
	out.write(g.header(columns, all))
	for _, column := range columns {
		if column != nil {
			out.column(column)
		}
	}
	if out.err != nil {
		return out.written, fmt.Errorf("csr: write snapshot: %w", out.err)
	}
	return out.written, nil
}

// columns returns the columns of the out-rows and, when the graph is directed, of the in-rows.
func (g *Graph) columns() []column {
	columns := g.out.columns()
	if g.directed {
		columns = append(columns, g.in.columns()...)
	}
	return columns
}

func (g *Graph) header(columns []column, all [][sha256.Size]byte) []byte {
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
	at := uint64(headerSize)
	for i, column := range columns {
		if column == nil {
			continue
		}
		section := header[sectionsAt+i*sectionSize:]
		binary.LittleEndian.PutUint64(section, at)
		binary.LittleEndian.PutUint64(section[8:], column.length())
		copy(section[16:], all[i][:])
		at += aligned(column.length())
	}
	sum := sha256.Sum256(header[:sumAt])
	copy(header[sumAt:], sum[:])
	return header
}

func aligned(n uint64) uint64 { return (n + alignment - 1) / alignment * alignment }

// outline is what a header tells.
type outline struct {
	flags       uint32
	order, size uint64
	arcs        [2]uint64     // of the out-rows and of the in-rows
	sections    [10][2]uint64 // offset and length, both 0 when absent
	end         uint64        // of the last section and its gap
	header      []byte        // as it was read
}

// parse reads a header. A header whose checksum is right says where all sections lie, and that they lie one behind the other.
func parse(header []byte) (*outline, error) {
	if len(header) < headerSize {
		return nil, fmt.Errorf("header: %w: too short", ErrFormat)
	}
	header = header[:headerSize]
	if !bytes.HasPrefix(header, []byte(magic)) {
		return nil, fmt.Errorf("%w: it begins with %q", ErrFormat, header[:len(magic)])
	}
	if version := binary.LittleEndian.Uint32(header[8:]); version != Version {
		return nil, fmt.Errorf("%w: version %d, wanted %d", ErrFormat, version, Version)
	}
	if sum := sha256.Sum256(header[:sumAt]); !bytes.Equal(sum[:], header[sumAt:]) {
		return nil, fmt.Errorf("header: %w", ErrDamaged)
	}
	o := &outline{
		flags: binary.LittleEndian.Uint32(header[12:]),
		order: binary.LittleEndian.Uint64(header[16:]),
		size:  binary.LittleEndian.Uint64(header[24:]),
		arcs:  [2]uint64{binary.LittleEndian.Uint64(header[32:]), binary.LittleEndian.Uint64(header[40:])},
		end:   headerSize, header: header,
	}
	if o.order > math.MaxUint32 || o.size > math.MaxUint32 || o.flags&^uint32(flagsKnown) != 0 || max(o.arcs[0], o.arcs[1]) > 2*math.MaxUint32 {
		return nil, fmt.Errorf("header: %w: order %d, size %d, flags %b", ErrDamaged, o.order, o.size, o.flags)
	}
	for i := range o.sections {
		entry := header[sectionsAt+i*sectionSize:]
		o.sections[i] = [2]uint64{binary.LittleEndian.Uint64(entry), binary.LittleEndian.Uint64(entry[8:])}
		want := o.expected(i)
		if o.sections[i] != want {
			return nil, fmt.Errorf("header: %w: section %d at %d of %d bytes does not fit", ErrDamaged, i, o.sections[i][0], o.sections[i][1])
		}
		o.end += aligned(want[1])
	}
	return o, nil
}

// expected returns offset and length of section i, given that the next byte not spoken for is at end.
func (o *outline) expected(i int) [2]uint64 {
	side := i / 5
	if side == 1 && o.flags&flagDirected == 0 {
		return [2]uint64{}
	}
	n := o.arcs[side]
	lengths := [5]uint64{8 * (o.order + 1), 4 * n, 8 * n, n, 4 * n}
	needs := [5]uint32{0, 0, flagWeighted, flagTyped, flagCounted}
	if o.flags&needs[i%5] != needs[i%5] {
		return [2]uint64{}
	}
	return [2]uint64{o.end, lengths[i%5]}
}

// Read reads a snapshot to its end. ErrFormat when it is not one, ErrDamaged when any byte of it is not as written, or an error of r.
//
// Checksums find accidents, not malice: beyond them every index is checked, so that a graph once read can be used without fear,
// but whether weights and rows of the two directions agree is not.
func Read(r io.Reader) (*Graph, error) {
	g, err := read(r)
	if err != nil {
		return nil, fmt.Errorf("csr: read snapshot: %w", err)
	}
	return g, nil
}

func read(r io.Reader) (*Graph, error) {
	content := make([]byte, headerSize)
	n, err := io.ReadFull(r, content)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, fmt.Errorf("header: %w", err)
	}
	o, err := parse(content[:n])
	if err != nil {
		return nil, err
	}
	// Memory follows the bytes that come, whatever the header promises, unless r tells that they will.
	room := uint64(pieceSize)
	if known, ok := r.(interface{ Len() int }); ok {
		room = uint64(known.Len()) + headerSize
	}
	content = append(make([]byte, 0, min(o.end, room)), content...)
	for uint64(len(content)) < o.end {
		at := len(content)
		more := min(o.end-uint64(at), uint64(max(cap(content)-at, pieceSize)))
		content = append(content, make([]byte, more)...)
		n, err := io.ReadFull(r, content[at:])
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			return nil, fmt.Errorf("%w: it ends at byte %d", ErrDamaged, at+n)
		}
		if err != nil {
			return nil, err
		}
	}
	n, err = io.ReadFull(r, make([]byte, 1))
	if n > 0 {
		return nil, fmt.Errorf("%w: bytes follow its end at %d", ErrDamaged, o.end)
	}
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	g := o.graph(content)
	return g, o.verify(context.Background(), 0, g, content)
}

// graph returns the graph whose columns content holds, in good faith.
func (o *outline) graph(content []byte) *Graph {
	g := &Graph{order: int(o.order), size: int(o.size), directed: o.flags&flagDirected != 0, simple: o.flags&flagSimple != 0}
	g.out = o.rows(content, 0)
	g.in = g.out
	if g.directed {
		g.in = o.rows(content, 5)
	}
	return g
}

// rows returns the rows whose first section is the given one.
func (o *outline) rows(content []byte, first int) rows {
	part := func(i int) []byte {
		s := o.sections[first+i]
		return content[s[0] : s[0]+s[1]]
	}
	r := rows{offset: decode[uint64](part(0)), to: decode[uint32](part(1))}
	if o.flags&flagWeighted != 0 {
		r.weight = decode[float64](part(2))
	}
	if o.flags&flagTyped != 0 {
		r.kind = decode[uint8](part(3))
	}
	if o.flags&flagCounted != 0 {
		r.count = decode[uint32](part(4))
	}
	return r
}

package csr

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
)

// pieceSize is how many bytes of a column are encoded, hashed or read at once. It also bounds the memory that a header with a false
// length can make Read spend before the file turns out to be short.
const pieceSize = 1 << 20

// column is one column of rows as a file sees it.
type column interface {
	length() uint64
	encode(write func([]byte))
	sum() [sha256.Size]byte
}

// columns returns the five columns of r in the order of the file, nil where one is absent.
func (r *rows) columns() []column {
	list := make([]column, 5)
	list[0] = numbers[uint64]{r.offset, 8, binary.LittleEndian.PutUint64}
	list[1] = numbers[uint32]{r.to, 4, binary.LittleEndian.PutUint32}
	if r.weight != nil {
		list[2] = numbers[float64]{r.weight, 8, func(b []byte, w float64) { binary.LittleEndian.PutUint64(b, math.Float64bits(w)) }}
	}
	if r.kind != nil {
		list[3] = numbers[uint8]{r.kind, 1, func(b []byte, t uint8) { b[0] = t }}
	}
	if r.count != nil {
		list[4] = numbers[uint32]{r.count, 4, binary.LittleEndian.PutUint32}
	}
	return list
}

// numbers is a column of numbers of a fixed width.
type numbers[T any] struct {
	values []T
	width  int
	put    func([]byte, T)
}

func (n numbers[T]) length() uint64 { return uint64(len(n.values)) * uint64(n.width) }

func (n numbers[T]) encode(write func([]byte)) {
	piece := make([]byte, 0, min(pieceSize, len(n.values)*n.width))
	for _, v := range n.values {
		piece = piece[:len(piece)+n.width]
		n.put(piece[len(piece)-n.width:], v)
		if len(piece)+n.width > cap(piece) {
			write(piece)
			piece = piece[:0]
		}
	}
	write(piece)
}

func (n numbers[T]) sum() [sha256.Size]byte {
	hash := sha256.New()
	n.encode(func(b []byte) { hash.Write(b) })
	return [sha256.Size]byte(hash.Sum(nil))
}

// readColumn reads section number of the file, which must follow what was read before and hold count numbers of the given width.
func readColumn[T any](s *sectionReader, number int, count uint64, width int, get func([]byte) T) ([]T, error) {
	entry := s.header[sectionsAt+number*sectionSize:][:sectionSize]
	offset, length := binary.LittleEndian.Uint64(entry), binary.LittleEndian.Uint64(entry[8:])
	if count > math.MaxInt64/8 || offset != s.at || length != count*uint64(width) {
		return nil, fmt.Errorf("%w: section %d at %d of %d bytes does not fit", ErrDamaged, number, offset, length)
	}
	values := make([]T, 0, min(count, pieceSize))
	hash := sha256.New()
	buffer := make([]byte, min(length, pieceSize))
	for left := length; left > 0; {
		piece := buffer[:min(left, pieceSize)]
		if err := s.read(piece); err != nil {
			return nil, err
		}
		hash.Write(piece)
		for i := 0; i < len(piece); i += width {
			values = append(values, get(piece[i:]))
		}
		left -= uint64(len(piece))
	}
	if !bytes.Equal(hash.Sum(nil), entry[16:16+sha256.Size]) {
		return nil, fmt.Errorf("%w: section %d fails its checksum", ErrDamaged, number)
	}
	gap := make([]byte, aligned(length)-length)
	if err := s.read(gap); err != nil {
		return nil, err
	}
	if !bytes.Equal(gap, make([]byte, len(gap))) {
		return nil, fmt.Errorf("%w: section %d is not followed by zeros", ErrDamaged, number)
	}
	return values, nil
}

// read fills b and moves on.
func (s *sectionReader) read(b []byte) error {
	n, err := io.ReadFull(s.from, b)
	s.at += uint64(n)
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return fmt.Errorf("%w: it ends at byte %d", ErrDamaged, s.at)
	}
	return err
}

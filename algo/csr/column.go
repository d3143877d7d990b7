package csr

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"io"
	"math"
	"unsafe"

	"rummage/algo/csr/crew"
)

// pieceSize is how many bytes of a column are hashed by themselves, so that threads can share a column, and how many are encoded or
// read at once.
const pieceSize = 1 << 20

// little tells whether this machine holds numbers in memory as a snapshot does. Tests turn it off.
var little = binary.NativeEndian.Uint16([]byte{1, 0}) == 1

type number interface {
	~uint8 | ~uint32 | ~uint64 | ~float64
}

// column is one column of rows as a file sees it.
type column interface {
	length() uint64
	// bytes returns bytes lo to hi as in a file; lo and hi fall between two numbers.
	bytes(lo, hi uint64) []byte
}

// numbers is a column of numbers.
type numbers[T number] []T

func widthOf[T number]() uint64 {
	var zero T
	return uint64(unsafe.Sizeof(zero))
}

func (n numbers[T]) length() uint64 { return uint64(len(n)) * widthOf[T]() }

func (n numbers[T]) bytes(lo, hi uint64) []byte {
	width := widthOf[T]()
	part := n[lo/width : hi/width]
	if little {
		return unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(part))), hi-lo)
	}
	encoded := make([]byte, hi-lo)
	// The room is as large as the numbers, so that encoding cannot fail.
	_, _ = binary.Encode(encoded, binary.LittleEndian, []T(part))
	return encoded
}

// decode returns the numbers that content holds: where they lie if this machine can use them there, else a copy.
func decode[T number](content []byte) []T {
	width := widthOf[T]()
	count := uint64(len(content)) / width
	if count == 0 {
		return []T{}
	}
	start := unsafe.Pointer(unsafe.SliceData(content))
	if little && uint64(uintptr(start))%width == 0 {
		return unsafe.Slice((*T)(start), count)
	}
	values := make([]T, count)
	_, _ = binary.Decode(content, binary.LittleEndian, values)
	return values
}

// columns returns the five columns of r in the order of the file, nil where one is absent.
func (r *rows) columns() []column {
	list := make([]column, 5)
	list[0] = numbers[uint64](r.offset)
	list[1] = numbers[uint32](r.to)
	if r.weight != nil {
		list[2] = numbers[float64](r.weight)
	}
	if r.kind != nil {
		list[3] = numbers[uint8](r.kind)
	}
	if r.count != nil {
		list[4] = numbers[uint32](r.count)
	}
	return list
}

// sums returns the checksum of each column, zero for those absent: the SHA-256 of the SHA-256 of its pieces.
func sums(ctx context.Context, threads int, columns []column) ([][sha256.Size]byte, error) {
	type piece struct {
		column int
		lo, hi uint64
		sum    [sha256.Size]byte
	}
	var pieces []piece
	for i, c := range columns {
		if c == nil {
			continue
		}
		for lo := uint64(0); lo < c.length(); lo += pieceSize {
			pieces = append(pieces, piece{column: i, lo: lo, hi: min(lo+pieceSize, c.length())})
		}
	}
	err := crew.Run(ctx, threads, len(pieces), func(_, i int) {
		p := &pieces[i]
		p.sum = sha256.Sum256(columns[p.column].bytes(p.lo, p.hi))
	})
	all := make([][sha256.Size]byte, len(columns))
	for i, c := range columns {
		if c == nil {
			continue
		}
		hash := sha256.New()
		for len(pieces) > 0 && pieces[0].column == i {
			hash.Write(pieces[0].sum[:])
			pieces = pieces[1:]
		}
		all[i] = [sha256.Size]byte(hash.Sum(nil))
	}
	return all, err
}

// write writes a column and the zeros after it.
func (c *counter) column(from column) {
	length := from.length()
	for lo := uint64(0); lo < length && c.err == nil; lo += pieceSize {
		c.write(from.bytes(lo, min(lo+pieceSize, length)))
	}
	c.write(make([]byte, aligned(length)-length))
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

// sound tells whether w can be the weight of an arc: merged ones may pass the bounds of a single one.
func sound(w float64) bool { return w >= 0 && w <= math.MaxFloat64 }

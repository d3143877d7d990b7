package segment

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math/bits"
	"slices"

	"github.com/klauspost/compress/zstd"
)

// Bounds of what one column of one block may unpack to: bytes, and numbers.
const (
	maxRaw  = 1 << 30
	maxInts = 1 << 24
)

// Codec packs and unpacks columns. It is safe for concurrent use. There is
// nothing to close: it runs no goroutine, and closing a decoder that another
// goroutine is using is a panic.
type Codec struct {
	enc *zstd.Encoder
	dec *zstd.Decoder
}

// NewCodec returns a codec.
func NewCodec() (*Codec, error) {
	enc, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedFastest),
		zstd.WithEncoderCRC(false), zstd.WithLowerEncoderMem(true))
	if err != nil {
		return nil, fmt.Errorf("segment: codec: %w", err)
	}
	dec, err := zstd.NewReader(nil, zstd.WithDecoderMaxMemory(maxRaw), zstd.WithDecoderConcurrency(0))
	if err != nil {
		return nil, fmt.Errorf("segment: codec: %w", err)
	}
	return &Codec{enc: enc, dec: dec}, nil
}

// Pack compresses raw where that makes it smaller: length of the raw bytes,
// length of the packed ones (0: stored as they are), bytes.
func (c *Codec) Pack(dst, raw []byte) []byte {
	dst = binary.AppendUvarint(dst, uint64(len(raw)))
	if len(raw) >= 32 {
		// The length comes before what it is the length of: room is left for it.
		const room = binary.MaxVarintLen64
		from := len(dst)
		dst = c.enc.EncodeAll(raw, append(dst, make([]byte, room)...))
		if packed := dst[from+room:]; len(packed) < len(raw)-len(raw)/32 {
			return append(binary.AppendUvarint(dst[:from], uint64(len(packed))), packed...)
		}
		dst = dst[:from]
	}
	dst = append(dst, 0)
	return append(dst, raw...)
}

// Unpack is the inverse of Pack; it returns what follows too. The result may
// share memory with b.
func (c *Codec) Unpack(b []byte) (raw, rest []byte, err error) {
	size, b, err := readUvarint(b)
	if err != nil {
		return nil, nil, err
	}
	packed, b, err := readUvarint(b)
	if err != nil {
		return nil, nil, err
	}
	if packed == 0 {
		if size > uint64(len(b)) {
			return nil, nil, errShort
		}
		return b[:size], b[size:], nil
	}
	if packed > uint64(len(b)) || size > maxRaw {
		return nil, nil, errShort
	}
	raw, err = c.dec.DecodeAll(b[:packed], make([]byte, 0, min(size, 64*packed+1024)))
	if err != nil {
		return nil, nil, err
	}
	if uint64(len(raw)) != size {
		return nil, nil, fmt.Errorf("%d bytes unpacked instead of %d", len(raw), size)
	}
	return raw, b[packed:], nil
}

func readUvarint(b []byte) (uint64, []byte, error) {
	v, n := binary.Uvarint(b)
	if n <= 0 {
		return 0, nil, errShort
	}
	return v, b[n:], nil
}

func readVarint(b []byte) (int64, []byte, error) {
	v, n := binary.Varint(b)
	if n <= 0 {
		return 0, nil, errShort
	}
	return v, b[n:], nil
}

// appendInts writes numbers as the difference to the smallest, or of
// neighbours, whichever needs fewer bytes, in planes of bytes.
func (c *Codec) appendInts(dst []byte, v []int64, scratch *[]byte) []byte {
	if len(v) == 0 {
		return dst
	}
	lo, hi := slices.Min(v), slices.Max(v)
	dlo, dhi := int64(0), int64(0)
	if len(v) > 1 {
		dlo, dhi = v[1]-v[0], v[1]-v[0]
		for i := 2; i < len(v); i++ {
			d := v[i] - v[i-1]
			dlo, dhi = min(dlo, d), max(dhi, d)
		}
	}
	width, dwidth := byteWidth(uint64(hi)-uint64(lo)), byteWidth(uint64(dhi)-uint64(dlo))
	if dwidth >= width {
		dst = append(dst, byte(width))
		dst = binary.AppendVarint(dst, lo)
		return c.appendPlanes(dst, len(v), width, scratch, func(i int) uint64 { return uint64(v[i]) - uint64(lo) })
	}
	dst = append(dst, byte(dwidth)|0x80)
	dst = binary.AppendVarint(dst, v[0])
	dst = binary.AppendVarint(dst, dlo)
	return c.appendPlanes(dst, len(v)-1, dwidth, scratch, func(i int) uint64 {
		return uint64(v[i+1]) - uint64(v[i]) - uint64(dlo)
	})
}

func byteWidth(v uint64) int { return (bits.Len64(v) + 7) / 8 }

func (c *Codec) appendPlanes(dst []byte, n, width int, scratch *[]byte, at func(int) uint64) []byte {
	if width == 0 {
		return dst
	}
	raw := slices.Grow((*scratch)[:0], n*width)[:n*width]
	*scratch = raw
	switch width {
	case 1:
		for i := range n {
			raw[i] = byte(at(i))
		}
	case 2:
		low, high := raw[:n], raw[n:]
		for i := range n {
			x := at(i)
			low[i], high[i] = byte(x), byte(x>>8)
		}
	default:
		for i := range n {
			x := at(i)
			for p := range width {
				raw[p*n+i] = byte(x >> (8 * p))
			}
		}
	}
	return c.Pack(dst, raw)
}

var errWidth = errors.New("impossible width of a column")

// readInts is the inverse of appendInts for n numbers.
func readInts[T ~int64 | ~uint32](c *Codec, b []byte, n int) (v []T, rest []byte, err error) {
	if n == 0 {
		return nil, b, nil
	}
	if len(b) == 0 || n > maxInts {
		return nil, nil, errShort
	}
	width, delta := int(b[0]&0x7f), b[0]&0x80 != 0
	if width > 8 {
		return nil, nil, errWidth
	}
	base, b, err := readVarint(b[1:])
	if err != nil {
		return nil, nil, err
	}
	count, step := n, int64(0)
	if delta {
		count--
		if step, b, err = readVarint(b); err != nil {
			return nil, nil, err
		}
	}
	var planes []byte
	if width > 0 {
		if planes, b, err = c.Unpack(b); err != nil {
			return nil, nil, err
		}
		if len(planes) != count*width {
			return nil, nil, errShort
		}
	}
	if delta {
		return fillDeltas(make([]T, n), planes, width, base, step), b, nil
	}
	v = make([]T, n)
	fillPlanes(v, planes, width, base)
	return v, b, nil
}

func fillDeltas[T ~int64 | ~uint32](v []T, planes []byte, width int, first, step int64) []T {
	fillPlanes(v[1:], planes, width, step)
	v[0] = T(first)
	for i := 1; i < len(v); i++ {
		v[i] += v[i-1]
	}
	return v
}

func fillPlanes[T ~int64 | ~uint32](v []T, planes []byte, width int, base int64) {
	n := len(v)
	switch width {
	case 0:
		for i := range v {
			v[i] = T(base)
		}
	case 1:
		for i := range v {
			v[i] = T(base + int64(planes[i]))
		}
	case 2:
		low, high := planes[:n], planes[n:2*n]
		for i := range v {
			v[i] = T(base + int64(low[i]) + int64(high[i])<<8)
		}
	default:
		for i := range v {
			x := uint64(0)
			for p := range width {
				x |= uint64(planes[p*n+i]) << (8 * p)
			}
			v[i] = T(base + int64(x))
		}
	}
}

// PackInts packs numbers that lie close together, or rise evenly.
func (c *Codec) PackInts(dst []byte, v []int64) []byte {
	var scratch []byte
	return c.appendInts(dst, v, &scratch)
}

// UnpackInts is the inverse of PackInts for n numbers; it returns what follows
// too.
func (c *Codec) UnpackInts(b []byte, n int) (v []int64, rest []byte, err error) {
	return readInts[int64](c, b, n)
}

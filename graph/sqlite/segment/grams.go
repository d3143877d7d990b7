package segment

import (
	"encoding/binary"
	"errors"
	"math/bits"
)

// Trigrams of bytes are hashed to 16 bits. A part holds, for gramsPerPart of
// them, one bit a block of entities. Bytes rather than characters make two
// Chinese or Thai characters (six bytes) as selective as six Latin letters.
const (
	gramBits     = 16
	gramsPerPart = 1024
	minGramSpan  = 8 // blocks; smaller segments are read whole
)

func gramOf(a, b, c byte) uint32 {
	return (uint32(a) | uint32(b)<<8 | uint32(c)<<16) * 2654435761 >> (32 - gramBits)
}

type gramSet [1 << gramBits / 64]uint64

type gramWriter struct {
	blocks []*gramSet
	open   *gramSet
}

func (g *gramWriter) add(folded string) {
	if g.open == nil {
		g.open = new(gramSet)
	}
	for i := 0; i+2 < len(folded); i++ {
		gram := gramOf(folded[i], folded[i+1], folded[i+2])
		g.open[gram/64] |= 1 << (gram % 64)
	}
}

func (g *gramWriter) close() {
	g.blocks = append(g.blocks, g.open)
	g.open = nil
}

func (g *gramWriter) write(sink Sink, codec *Codec) (parts int, err error) {
	if len(g.blocks) < minGramSpan {
		return 0, nil
	}
	stride := (len(g.blocks) + 7) / 8
	raw := make([]byte, gramsPerPart*stride)
	for part := range 1 << gramBits / gramsPerPart {
		clear(raw)
		for no, block := range g.blocks {
			for w, word := range block[part*gramsPerPart/64 : (part+1)*gramsPerPart/64] {
				for ; word != 0; word &= word - 1 {
					gram := w*64 + bits.TrailingZeros64(word)
					raw[gram*stride+no/8] |= 1 << (no % 8)
				}
			}
		}
		if err := sink.Put(GramSection, part, codec.Pack(nil, raw)); err != nil {
			return 0, err
		}
	}
	return 1 << gramBits / gramsPerPart, nil
}

// filter says which ids of consignments may occur: a Bloom filter in blocks of
// 256 bits (Putze, Sanders, Singler 2007), ten bits an id, about 1 % wrong.
type filter []uint32

const filterPart = 1 << 18 // words in a block

func newFilter(ids int) filter {
	return make(filter, (ids*10+255)/256*8)
}

var filterSalts = [8]uint32{
	0x47b6137b, 0x44974d91, 0x8824ad5b, 0xa2b7289d, 0x705495c7, 0x2df1424b, 0x9efc4947, 0x5c6bfb31,
}

func hashID(id string) uint64 {
	h := uint64(14695981039346656037)
	for i := 0; i < len(id); i++ {
		h = (h ^ uint64(id[i])) * 1099511628211
	}
	h ^= h >> 33
	h *= 0xff51afd7ed558ccd
	return h ^ h>>33
}

func (f filter) block(h uint64) []uint32 {
	n, _ := bits.Mul64(h, uint64(len(f)/8))
	return f[n*8 : n*8+8]
}

func (f filter) add(id string) {
	if len(f) == 0 {
		return
	}
	h := hashID(id)
	block := f.block(h)
	for i, salt := range filterSalts {
		block[i] |= 1 << (uint32(h) * salt >> 27)
	}
}

func (f filter) has(id string) bool {
	if len(f) == 0 {
		return false
	}
	h := hashID(id)
	block := f.block(h)
	for i, salt := range filterSalts {
		if block[i]&(1<<(uint32(h)*salt>>27)) == 0 {
			return false
		}
	}
	return true
}

func (f filter) write(sink Sink) (parts int, err error) {
	for start := 0; start < len(f); start += filterPart {
		words := f[start:min(start+filterPart, len(f))]
		b := make([]byte, 0, 4*len(words))
		for _, w := range words {
			b = binary.LittleEndian.AppendUint32(b, w)
		}
		if err := sink.Put(FilterSection, parts, b); err != nil {
			return 0, err
		}
		parts++
	}
	return parts, nil
}

var errFilter = errors.New("filter has another size than its head says")

package evidence

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"

	"rummage/graph"
)

// blockSize is how many bytes of a file are packed together.
const blockSize = 256 << 10

// maxPacked is the most that a block may take: one that cannot be made smaller
// is stored as it is, with a head and a foot.
const maxPacked = blockSize + 1<<10

// The index is a skippable frame of zstd behind the blocks:
//
//	magic, length of the rest    4 + 4 bytes
//	for each block               length 4, SHA-256 of the packed bytes 32
//	number of blocks, bytes      8 + 8
//	SHA-256 of the file's bytes  32
//	SHA-256 of all this          32
//	mark of the format           8
//
// Numbers are little-endian, as zstd's are.
const (
	indexMagic = 0x184D2A5A
	indexMark  = "rumevid1"

	headSize  = 4 + 4
	entrySize = 4 + sha256.Size
	markSize  = 8
	tailSize  = 8 + 8 + sha256.Size + sha256.Size + markSize
)

// maxBlocks bounds the index to what its length can say.
const maxBlocks = (1<<32 - 1 - tailSize) / entrySize

// index says where the blocks of a kept file are and what they must be.
type index struct {
	size   int64 // bytes as they were imported
	hash   [sha256.Size]byte
	starts []int64 // of each block in the packed file, and the end of the last
	sums   [][sha256.Size]byte
}

func (x *index) blocks() int { return len(x.sums) }

// add notes one more block.
func (x *index) add(packed []byte) {
	if x.starts == nil {
		x.starts = []int64{0}
	}
	x.starts = append(x.starts, x.starts[len(x.starts)-1]+int64(len(packed)))
	x.sums = append(x.sums, sha256.Sum256(packed))
}

// name is the SHA-256 of the bytes as text.
func (x *index) name() graph.SHA256 { return graph.SHA256(hex.EncodeToString(x.hash[:])) }

// blockLen is the number of bytes that a block unpacks to.
func (x *index) blockLen(no int64) int64 { return min(blockSize, x.size-no*blockSize) }

// appendTo writes the index.
func (x *index) appendTo(b []byte) ([]byte, error) {
	if int64(x.blocks()) > maxBlocks {
		return nil, fmt.Errorf("%d blocks are more than the format can hold", x.blocks())
	}
	from := len(b)
	b = binary.LittleEndian.AppendUint32(b, indexMagic)
	b = binary.LittleEndian.AppendUint32(b, uint32(x.blocks()*entrySize+tailSize))
	for i, sum := range x.sums {
		b = binary.LittleEndian.AppendUint32(b, uint32(x.starts[i+1]-x.starts[i]))
		b = append(b, sum[:]...)
	}
	b = binary.LittleEndian.AppendUint64(b, uint64(x.blocks()))
	b = binary.LittleEndian.AppendUint64(b, uint64(x.size))
	b = append(b, x.hash[:]...)
	sum := sha256.Sum256(b[from:])
	return append(append(b, sum[:]...), indexMark...), nil
}

var (
	errNoIndex = errors.New("no index at its end")
	errIndex   = errors.New("the index is not what was written")
)

// readIndex reads the index of a packed file of that length.
func readIndex(file io.ReaderAt, length int64) (*index, error) {
	if length < headSize+tailSize {
		return nil, errNoIndex
	}
	tail := make([]byte, tailSize)
	if err := readFull(file, tail, length-tailSize); err != nil {
		return nil, err
	}
	if string(tail[tailSize-markSize:]) != indexMark {
		return nil, errNoIndex
	}
	count := binary.LittleEndian.Uint64(tail)
	if count > maxBlocks || int64(count) > (length-headSize-tailSize)/entrySize {
		return nil, errIndex
	}
	whole := make([]byte, headSize+int(count)*entrySize+tailSize)
	if err := readFull(file, whole, length-int64(len(whole))); err != nil {
		return nil, err
	}
	return parseIndex(whole, length-int64(len(whole)))
}

// parseIndex reads an index that follows packed bytes of blocks.
func parseIndex(b []byte, packed int64) (*index, error) {
	body := len(b) - sha256.Size - markSize
	if sum := sha256.Sum256(b[:body]); !bytes.Equal(sum[:], b[body:body+sha256.Size]) {
		return nil, errIndex
	}
	if binary.LittleEndian.Uint32(b) != indexMagic || uint64(binary.LittleEndian.Uint32(b[4:])) != uint64(len(b)-headSize) {
		return nil, errIndex
	}
	entries, tail := b[headSize:len(b)-tailSize], b[len(b)-tailSize:]
	x := &index{size: int64(binary.LittleEndian.Uint64(tail[8:])), starts: make([]int64, 1, len(entries)/entrySize+1)}
	copy(x.hash[:], tail[16:])
	for at := int64(0); len(entries) > 0; entries = entries[entrySize:] {
		n := binary.LittleEndian.Uint32(entries)
		if n == 0 || n > maxPacked {
			return nil, errIndex
		}
		at += int64(n)
		x.starts = append(x.starts, at)
		x.sums = append(x.sums, [sha256.Size]byte(entries[4:entrySize]))
	}
	blocks := int64(x.blocks())
	if x.size < 0 || x.size > blocks*blockSize || x.size <= (blocks-1)*blockSize || x.starts[blocks] != packed {
		return nil, errIndex
	}
	return x, nil
}

// readFull fills b from a place in the file.
func readFull(file io.ReaderAt, b []byte, at int64) error {
	n, err := file.ReadAt(b, at)
	if n == len(b) {
		return nil
	}
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}

package read

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"io"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestDictionariesOfManyBlocks: a block of no bytes may ask for a large dictionary, but not a million of them.
func TestDictionariesOfManyBlocks(t *testing.T) {
	block := []byte{2, 0, 0x21, 1, 30, 0, 0, 0} // 128 MiB
	block = binary.LittleEndian.AppendUint32(block, crc32.ChecksumIEEE(block))
	block = append(block, 0, 0, 0, 0) // no chunk, padding; without a checksum
	file := append([]byte("\xFD7zXZ\x00\x00\x00\xFF\x12\xD9\x41"), bytes.Repeat(block, 1000)...)
	watch := &xzWatch{source: bytes.NewReader(file)}
	watch.expect(4, watch.beginning)
	n, err := io.Copy(io.Discard, watch)
	require.ErrorIs(t, err, ErrBomb)
	require.Less(t, n, int64(12+40*len(block)))
}

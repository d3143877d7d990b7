package read_test

import (
	"bytes"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rummage/ingest/read"
)

// TestContent: what readers of other formats are given to read text with.
func TestContent(t *testing.T) {
	text := strings.Repeat("<x>香港</x>\n", 100)
	for name, file := range map[string]string{read.Plain: text, read.Gzip: pack(t, read.Gzip, text)} {
		assert.Equal(t, name, read.Compression([]byte(file)))
		stream, err := read.Unpack(strings.NewReader(file), name)
		require.NoError(t, err)
		whole, err := io.ReadAll(stream)
		require.NoError(t, err)
		assert.Equal(t, text, string(whole))
		require.NoError(t, stream.Close())
	}
	_, err := read.Unpack(strings.NewReader("\x1f\x8b"), read.Gzip)
	require.ErrorIs(t, err, read.ErrTruncated)
}

func TestDecoders(t *testing.T) {
	for encoding, text := range map[read.Encoding]string{read.UTF8: "香港", read.UTF16LE: utf16Text("香港", false), read.Big5: "\xad\xbb\xb4\xe4", read.Latin1: "\xe9"} {
		d := read.NewDecoder(encoding)
		decoded := d.Decode([]byte("> "), []byte(text))
		assert.Equal(t, -1, d.Flaw(decoded), encoding)
		assert.True(t, bytes.HasPrefix(decoded, []byte("> ")))
	}
	d := read.NewDecoder(read.Big5)
	assert.Equal(t, 1, d.Flaw(d.Decode(nil, []byte("a\xff"))))
	found, err := read.DetectEncoding([]byte(utf16Text("<graphml/>", false)), read.Hints{})
	require.NoError(t, err)
	assert.Equal(t, read.UTF16LE, found)
}

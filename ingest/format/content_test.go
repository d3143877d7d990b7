package format

import (
	"bytes"
	"compress/gzip"
	"context"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"rummage/ingest/read"
)

// TestWhatIsHeldInMemory: packed content is unpacked as far as it may be, and no further.
func TestWhatIsHeldInMemory(t *testing.T) {
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	_, err := io.WriteString(w, strings.Repeat("x", 1000))
	require.NoError(t, err)
	require.NoError(t, w.Close())
	file := packed.Bytes()

	content, packing, err := atRandom(t.Context(), bytes.NewReader(file), 1000)
	require.NoError(t, err)
	require.Equal(t, read.Gzip, packing)
	require.Equal(t, int64(1000), content.Size())

	_, _, err = atRandom(t.Context(), bytes.NewReader(file), 999)
	require.ErrorIs(t, err, read.ErrFormat)
	require.ErrorContains(t, err, "more than 999 bytes, which must be held in memory; unpack it")
	_, _, err = atRandom(t.Context(), bytes.NewReader(file[:len(file)-9]), 1000)
	require.ErrorIs(t, err, read.ErrTruncated)

	plain := bytes.NewReader([]byte("id,name\n"))
	content, packing, err = atRandom(t.Context(), plain, 1)
	require.NoError(t, err)
	require.Equal(t, read.Plain, packing)
	require.Same(t, plain, content)

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, _, err = atRandom(ctx, bytes.NewReader(file), 1000)
	require.ErrorIs(t, err, context.Canceled)
}

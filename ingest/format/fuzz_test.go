package format_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"testing"

	"github.com/stretchr/testify/require"

	"rummage/ingest/format"
	"rummage/ingest/read"
)

// fuzzed is how long a file is tried, and how many of its parts.
const (
	fuzzed     = 16 << 10
	mostFuzzed = 8
)

// FuzzFile: whatever the bytes of a file, its parts are looked at, read to their
// ends and read again from their places, by what is stored of how they are written.
// Small files of all formats lie in testdata/fuzz.
func FuzzFile(f *testing.F) {
	f.Fuzz(func(t *testing.T, file []byte) {
		if len(file) > fuzzed {
			return
		}
		parts, err := format.Parts(t.Context(), bytes.NewReader(file))
		if err != nil {
			return
		}
		for _, part := range parts[:min(len(parts), mostFuzzed)] {
			again(t, file, part)
		}
	})
}

// again reads a part, and its rows from their places.
func again(t *testing.T, file []byte, part read.Part) {
	d, err := format.Detect(t.Context(), bytes.NewReader(file), part, read.Hints{})
	if err != nil {
		return
	}
	stored, err := json.Marshal(d)
	require.NoError(t, err)
	var kept read.Dialect
	require.NoError(t, json.Unmarshal(stored, &kept))
	require.Equal(t, d, kept, "what is stored is what was found")
	r, err := format.Open(t.Context(), bytes.NewReader(file), d)
	if err != nil {
		return
	}
	defer func() { require.NoError(t, r.Close()) }()
	spans, err := format.NewSpans(bytes.NewReader(file), kept)
	require.NoError(t, err)
	n := int64(0)
	for {
		row, err := r.Next()
		bad := new(read.RowError)
		switch {
		case err == nil:
			cells, err := spans.Cells(t.Context(), row.Position)
			require.NoError(t, err)
			require.Equal(t, row.Clone().Cells, cells)
		case errors.As(err, &bad):
			_, err := spans.Salvage(t.Context(), bad.Position)
			require.NoError(t, err)
		default:
			require.NotErrorIs(t, err, context.Canceled)
			if errors.Is(err, io.EOF) {
				require.Equal(t, n, r.Stats().Rows+r.Stats().Bad)
			}
			return
		}
		n++
	}
}

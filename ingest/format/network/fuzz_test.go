package network

import (
	"bytes"
	"errors"
	"io"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"rummage/ingest/read"
)

// fuzz holds what is true of every file of a format: each part ends with an
// error or its last row; rows and bad rows grow, do not overlap, and lie within
// the file; and each can be read again from its place.
func fuzz(f *testing.F, format string) {
	for _, file := range samples(f) {
		if Format(file) == format {
			f.Add(file)
		}
	}
	f.Fuzz(func(t *testing.T, file []byte) {
		if len(file) > 16<<10 || !Is(format, file) {
			return
		}
		for _, part := range Sheets() {
			d, err := Detect(t.Context(), bytes.NewReader(file), read.Part{Sheet: part}, read.Hints{})
			if err != nil {
				continue
			}
			if d.Format != format {
				return
			}
			check(t, file, d)
		}
	})
}

func check(t *testing.T, file []byte, d read.Dialect) {
	r, err := Open(t.Context(), bytes.NewReader(file), d)
	require.NoError(t, err)
	defer func() { require.NoError(t, r.Close()) }()
	narrow, err := open(t.Context(), bytes.NewReader(file), d, settings{chunk: 7})
	require.NoError(t, err)
	defer func() { require.NoError(t, narrow.Close()) }()
	spans, err := NewSpans(bytes.NewReader(file), d)
	require.NoError(t, err)
	number, end := int64(0), int64(0)
	for {
		row, err := r.Next()
		same, other := narrow.Next()
		bad := new(read.RowError)
		switch {
		case errors.As(err, &bad):
			require.Equal(t, err, other)
			require.Greater(t, bad.Row, number)
			require.GreaterOrEqual(t, bad.Offset, end)
			number, end = bad.Row, bad.Offset+bad.Length
			cells, err := spans.Salvage(t.Context(), bad.Position)
			require.NoError(t, err)
			for _, cell := range cells {
				require.True(t, utf8.Valid(cell))
			}
		case err != nil:
			require.Error(t, other)
			require.Equal(t, errors.Is(err, io.EOF), errors.Is(other, io.EOF))
			return
		default:
			require.NoError(t, other)
			require.Equal(t, row.Clone(), same.Clone())
			require.Len(t, row.Cells, d.Columns)
			require.Greater(t, row.Number, number)
			require.GreaterOrEqual(t, row.Offset, end)
			number, end = row.Number, row.Offset+row.Length
			cells, err := spans.Cells(t.Context(), row.Position)
			require.NoError(t, err)
			require.Equal(t, row.Clone().Cells, cells)
			for _, cell := range cells {
				require.True(t, utf8.Valid(cell))
			}
		}
	}
}

func FuzzGraphML(f *testing.F)  { fuzz(f, GraphML) }
func FuzzGEXF(f *testing.F)     { fuzz(f, GEXF) }
func FuzzPajek(f *testing.F)    { fuzz(f, Pajek) }
func FuzzEdgeList(f *testing.F) { fuzz(f, EdgeList) }
func FuzzJSON(f *testing.F)     { fuzz(f, JSON) }
func FuzzDOT(f *testing.F)      { fuzz(f, DOT) }

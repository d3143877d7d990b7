package tree_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"rummage/ingest/format/tree"
	"rummage/ingest/read"
	"rummage/ingest/read/readtest"
)

// checkFile holds what is true of every file: rows are within it, in order and
// without overlap, the same however the bytes come, and read again from their
// places.
func checkFile(t *testing.T, file []byte, h read.Hints) {
	d, err := tree.Detect(t.Context(), bytes.NewReader(file), h)
	if err != nil {
		return
	}
	all := whole(t, readtest.NewPieces(file, 0, nil), d)
	require.Equal(t, all, whole(t, readtest.NewPieces(file, 7, nil), d))
	spans, err := tree.NewSpans(bytes.NewReader(file), d)
	require.NoError(t, err)
	end := int64(0)
	for _, e := range all {
		at := read.Position{}
		if e.Row != nil {
			at = e.Row.Position
			for _, cell := range e.Row.Cells {
				require.True(t, utf8.Valid(cell))
			}
			got, err := spans.Cells(t.Context(), at)
			require.NoError(t, err)
			require.Equal(t, e.Row.Cells, got)
		} else {
			at = e.Bad.Position
			got, err := spans.Salvage(t.Context(), at)
			require.NoError(t, err)
			require.True(t, utf8.Valid(bytes.Join(got, nil)))
			require.Len(t, got, d.Columns)
		}
		require.GreaterOrEqual(t, at.Offset, end)
		require.Positive(t, at.Length)
		end = at.Offset + at.Length
		if d.Compression == read.Plain {
			require.LessOrEqual(t, end, int64(len(file)))
			raw := file[at.Offset:min(end, at.Offset+read.MaxRaw)]
			if e.Row != nil {
				require.Equal(t, string(file[at.Offset:end]), string(e.Row.Raw))
			} else {
				require.Equal(t, string(raw), string(e.Bad.Raw))
			}
		}
	}
}

// whole reads a file to its end.
func whole(t *testing.T, source tree.Source, d read.Dialect) []readtest.Event {
	r, err := tree.Open(context.Background(), source, d)
	require.NoError(t, err)
	events, err := readtest.Drain(t, r)
	if err != nil {
		require.ErrorAs(t, err, new(*read.StreamError))
		require.False(t, errors.Is(err, io.EOF))
	}
	require.NoError(t, r.Close())
	return events
}

func FuzzJSON(f *testing.F) {
	for _, text := range []string{lines, list, answer, `{"a":[[{"b":1}],2]}`, "[1]\n[2]"} {
		f.Add([]byte(text), "")
		f.Add([]byte(text), "items")
	}
	f.Fuzz(func(t *testing.T, file []byte, record string) {
		if head := bytes.TrimLeft(file, " \r\n\t"); len(head) > 0 && head[0] != '<' && len(file) < 1<<16 {
			checkFile(t, file, read.Hints{Record: record})
		}
	})
}

func FuzzXML(f *testing.F) {
	for _, e := range []read.Encoding{read.UTF8, read.UTF16LE, read.Big5, read.GB18030} {
		f.Add([]byte(encoded(f, e, document)), "")
		f.Add([]byte(encoded(f, e, document)), "item")
	}
	f.Add([]byte(fmt.Sprintf(document, "x")), "list.head")
	f.Fuzz(func(t *testing.T, file []byte, record string) {
		if len(file) < 1<<16 {
			checkFile(t, append([]byte{}, file...), read.Hints{Record: record})
		}
	})
}

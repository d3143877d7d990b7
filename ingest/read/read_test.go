package read_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"
	"github.com/stretchr/testify/require"
	"github.com/ulikunitz/xz"

	"rummage/ingest/read"
)

// detect finds the dialect of content, which must have one.
func detect(t *testing.T, content string, h read.Hints) read.Dialect {
	t.Helper()
	d, err := read.Detect(context.Background(), strings.NewReader(content), h)
	require.NoError(t, err)
	return d
}

// all reads a file to its end and writes down what came: one line a row,
// "2@10+5 a|b", or "! " and the error.
func all(t *testing.T, content string, d read.Dialect) string {
	t.Helper()
	r, err := read.Open(context.Background(), strings.NewReader(content), d)
	require.NoError(t, err)
	defer func() { require.NoError(t, r.Close()) }()
	var out []string
	if h := r.Header(); h != nil {
		out = append(out, "header "+line(h))
	}
	for {
		row, err := r.Next()
		bad := new(read.RowError)
		switch {
		case errors.Is(err, io.EOF):
			return strings.Join(out, "\n")
		case errors.As(err, &bad):
			require.Equal(t, content[bad.Offset:bad.Offset+min(bad.Length, read.MaxRaw)], string(bad.Raw))
			out = append(out, "! "+string(bad.Reason)+" "+bad.Error())
		case err != nil:
			return strings.Join(append(out, "fatal "+err.Error()), "\n")
		default:
			require.Equal(t, content[row.Offset:row.Offset+row.Length], string(row.Raw))
			out = append(out, line(row))
		}
	}
}

func line(r *read.Row) string {
	return fmt.Sprintf("%d@%d+%d %s", r.Number, r.Offset, r.Length, strings.Join(r.Names(), "|"))
}

// packings are the ways in which files are packed.
var packings = []string{read.Gzip, read.Zstd, read.XZ}

// pack packs a file.
func pack(t testing.TB, how, content string) string {
	t.Helper()
	var b bytes.Buffer
	var w io.WriteCloser
	var err error
	switch how {
	case read.Gzip:
		w = gzip.NewWriter(&b)
	case read.Zstd:
		w, err = zstd.NewWriter(&b, zstd.WithEncoderConcurrency(1), zstd.WithWindowSize(1<<20))
	case read.XZ:
		w, err = xz.WriterConfig{DictCap: 1 << 20}.NewWriter(&b)
	}
	require.NoError(t, err)
	_, err = io.WriteString(w, content)
	require.NoError(t, err)
	require.NoError(t, w.Close())
	return b.String()
}

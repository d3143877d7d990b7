package read_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"rummage/ingest/read"
)

// file is one way for tests to write a file and what reading it gives.
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
	return strings.Join(append([]string{}, itoa(r.Number)+"@"+itoa(r.Offset)+"+"+itoa(r.Length)), "") + " " + strings.Join(r.Names(), "|")
}

func itoa(n int64) string {
	var b bytes.Buffer
	for n >= 10 {
		b.WriteByte(byte('0' + n%10))
		n /= 10
	}
	b.WriteByte(byte('0' + n))
	out := b.Bytes()
	for i, j := 0, len(out)-1; i < j; i, j = i+1, j-1 {
		out[i], out[j] = out[j], out[i]
	}
	return string(out)
}

func pack(t *testing.T, content string) string {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, err := w.Write([]byte(content))
	require.NoError(t, err)
	require.NoError(t, w.Close())
	return b.String()
}

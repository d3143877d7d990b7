package format_test

import (
	"bytes"
	"context"
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rummage/ingest/format"
	"rummage/ingest/read"
)

// TestKindsOfRecords: what Detect finds comes first, then the other kinds of records that are wanted and there; a table has one kind.
func TestKindsOfRecords(t *testing.T) {
	const xml = "<l><p><r><a>1</a><b>2</b></r><r><a>3</a></r></p><q><s><c>4</c></s></q></l>"
	message, err := os.ReadFile("edi/testdata/good/cuscar.edi")
	require.NoError(t, err)
	for name, c := range map[string]struct {
		file    []byte
		part    read.Part
		records []string
		at      []int
	}{
		"a table":           {[]byte(table(3)), read.Part{}, []string{""}, []int{-1, -1, -1, -1}},
		"a tree":            {[]byte(xml), read.Part{}, []string{"l.p.r", "l.q.s"}, []int{1, -1, -1, 0}},
		"a tree in a zip":   {archive(t, entry{name: "x.xml", text: xml}), read.Part{Member: "x.xml"}, []string{"l.p.r", "l.q.s"}, []int{1, -1, -1, 0}},
		"messages":          {message, read.Part{}, []string{"consignment", "message"}, []int{-1, 1, -1, -1}},
		"messages in a zip": {archive(t, entry{name: "c.edi", text: string(message)}), read.Part{Member: "c.edi"}, []string{"consignment", "message"}, []int{-1, 1, -1, -1}},
	} {
		t.Run(name, func(t *testing.T) {
			tables, at, err := format.Tables(t.Context(), bytes.NewReader(c.file), c.part, read.Hints{}, []string{"q.s", "message", "none", "r"})
			require.NoError(t, err)
			assert.Equal(t, c.at, at)
			first, err := format.Detect(t.Context(), bytes.NewReader(c.file), c.part, read.Hints{})
			require.NoError(t, err)
			assert.Equal(t, first, tables[0])
			var records []string
			for _, d := range tables {
				records = append(records, d.Record)
				assert.Equal(t, c.part, d.Part)
			}
			assert.Equal(t, c.records, records)
		})
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, file := range [][]byte{message, []byte(xml)} {
		_, _, err := format.Tables(ctx, bytes.NewReader(file), read.Part{}, read.Hints{}, []string{"message"})
		require.ErrorIs(t, err, context.Canceled)
	}
	_, _, err = format.Tables(t.Context(), bytes.NewReader([]byte("PK\x03\x04")), read.Part{Member: "x"}, read.Hints{}, nil)
	require.Error(t, err)
}

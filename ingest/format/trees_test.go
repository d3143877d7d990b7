package format_test

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rummage/ingest/format"
	"rummage/ingest/format/tree"
	"rummage/ingest/read"
)

// TestTrees: trees are told from tables, in archives too, and text that is said to
// be a table is one.
func TestTrees(t *testing.T) {
	const xml = "<l><r><a>1</a><b>2</b></r><r><a>3</a></r></l>"
	for name, c := range map[string]struct {
		file []byte
		part read.Part
		want string
		rows int
	}{
		"JSON":        {[]byte(`[{"a":1},{"a":2}]`), read.Part{}, tree.JSON, 2},
		"lines":       {[]byte("{\"a\":1}\n{\"a\":2}\n{\"a\":3}\n"), read.Part{}, tree.Lines, 3},
		"XML":         {[]byte(xml), read.Part{}, tree.XML, 2},
		"in a zip":    {archive(t, entry{name: "x.xml", text: xml}), read.Part{Member: "x.xml"}, tree.XML, 2},
		"a table":     {[]byte("a,b\n1,{2}\n"), read.Part{}, read.Delimited, 1},
		"<in a table": {[]byte("<a,b\n1,2\n"), read.Part{}, read.Delimited, 1},
	} {
		t.Run(name, func(t *testing.T) {
			d, err := format.Detect(t.Context(), bytes.NewReader(c.file), c.part, read.Hints{})
			require.NoError(t, err)
			assert.Equal(t, c.want, d.Format)
			events := rows(t, c.file, c.part)
			require.Len(t, events, c.rows)
			spans, err := format.NewSpans(bytes.NewReader(c.file), d)
			require.NoError(t, err)
			for _, e := range events {
				cells, err := spans.Cells(t.Context(), e.Row.Position)
				require.NoError(t, err)
				assert.Equal(t, e.Row.Cells, cells)
			}
		})
	}
}

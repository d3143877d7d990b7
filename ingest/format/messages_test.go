package format_test

import (
	"bytes"
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rummage/ingest/format"
	"rummage/ingest/format/edi"
	"rummage/ingest/read"
)

// Messages are known by their content, in an archive too, unless they are said to be text.
func TestMessagesAreKnown(t *testing.T) {
	for name, want := range map[string]string{"cuscar.edi": edi.EDIFACT, "manifest.x12": edi.X12} {
		t.Run(name, func(t *testing.T) {
			file, err := os.ReadFile("edi/testdata/good/" + name)
			require.NoError(t, err)
			packed := archive(t, entry{name: name, text: string(file)})
			part := read.Part{Member: name}
			d, err := format.Detect(t.Context(), bytes.NewReader(packed), part, read.Hints{})
			require.NoError(t, err)
			assert.Equal(t, want, d.Format)
			events := rows(t, packed, part)
			spans, err := format.NewSpans(bytes.NewReader(packed), d)
			require.NoError(t, err)
			for _, e := range events {
				cells, err := spans.Cells(t.Context(), e.Row.Position)
				require.NoError(t, err)
				assert.Equal(t, e.Row.Cells, cells)
			}
		})
	}
}

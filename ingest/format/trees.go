package format

import (
	"context"

	"rummage/ingest/format/tree"
	"rummage/ingest/read"
)

// trees are the lines of JSON, JSON lines and XML. They are told apart by
// tree.Detect, so that the first stands for all until it has.
func trees() []format {
	var lines []format
	for _, name := range []string{tree.JSON, tree.Lines, tree.XML} {
		lines = append(lines, format{
			name:  name,
			knows: tree.Knows,
			detect: func(ctx context.Context, content read.Input, _ read.Part, h read.Hints) (read.Dialect, error) {
				return tree.Detect(ctx, content, h)
			},
			tables: tree.Tables,
			open: func(ctx context.Context, content Source, d read.Dialect) (read.Reader, error) {
				return tree.Open(ctx, content, d)
			},
			spans: func(content read.Input, d read.Dialect) (Spans, error) { return tree.NewSpans(content, d) },
		})
	}
	return lines
}

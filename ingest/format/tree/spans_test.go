package tree_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"rummage/ingest/format/tree"
	"rummage/ingest/read"
)

// TestRandomOrder: rows come again in any order, and beside each other.
func TestRandomOrder(t *testing.T) {
	for name, file := range map[string]string{"lines": lines, "list": list, "XML": fmt.Sprintf(document, "utf-8")} {
		t.Run(name, func(t *testing.T) {
			d := detect(t, file, read.Hints{})
			events, err := drain(t, file, d)
			require.NoError(t, err)
			spans, err := tree.NewSpans(strings.NewReader(file), d)
			require.NoError(t, err)
			for i := range 3 * len(events) {
				e := events[i*7%len(events)]
				if e.Row != nil {
					got, err := spans.Cells(t.Context(), e.Row.Position)
					require.NoError(t, err)
					require.Equal(t, e.Row.Cells, got)
					continue
				}
				_, err := spans.Cells(t.Context(), e.Bad.Position)
				bad := new(read.RowError)
				require.ErrorAs(t, err, &bad)
				require.Equal(t, e.Bad.Reason, bad.Reason)
				require.Equal(t, e.Bad.Position, bad.Position)
				require.Zero(t, bad.Row)
			}
		})
	}
}

func TestSpansRefuse(t *testing.T) {
	for name, file := range map[string]string{"lines": lines, "list": list, "XML": fmt.Sprintf(document, "utf-8")} {
		t.Run(name, func(t *testing.T) {
			d := detect(t, file, read.Hints{})
			events, err := drain(t, file, d)
			require.NoError(t, err)
			spans, err := tree.NewSpans(strings.NewReader(file), d)
			require.NoError(t, err)
			at := events[0].Row.Position
			for _, wrong := range []read.Position{
				{Offset: -1, Length: 2}, {Offset: at.Offset, Length: -1}, {Offset: 1 << 40, Length: 9},
				{Offset: at.Offset, Length: int64(len(file)) - at.Offset},
			} {
				_, err = spans.Cells(t.Context(), wrong)
				require.ErrorIs(t, err, read.ErrSpan, "%v", wrong)
			}
			ctx, cancel := context.WithCancel(t.Context())
			cancel()
			if name != "lines" {
				fresh, err := tree.NewSpans(strings.NewReader(file), d)
				require.NoError(t, err)
				_, err = fresh.Cells(ctx, at)
				require.ErrorIs(t, err, context.Canceled)
			}
			_, err = spans.Cells(t.Context(), at)
			require.NoError(t, err, "it works on after that")
		})
	}
}

func TestSalvage(t *testing.T) {
	long := `{"id":9,"v":"` + strings.Repeat("x", read.MaxRaw) + `","w":nul}`
	for name, c := range map[string]struct{ file, want string }{
		"a bad value":         {`[{"id":1,"v":1,"w":0},{"id":2,"v":nul}]`, "id=2, v=\uFFFD"},
		"a missing comma":     {`[{"id":1,"v":1,"w":0},{"id":2 "v":3}]`, "id=2, v=\uFFFD, w=\uFFFD"},
		"a bad byte":          {"{\"id\":1,\"v\":1}\n{\"id\":2,\"v\":\"caf\xe9!\"}\n", "id=2, v=caf\uFFFD!"},
		"a line that ends":    {"{\"id\":1,\"v\":1}\n{\"id\":2,\"v\":[1,2\n", "id=2, v=1 | 2"},
		"more than is kept":   {`[{"id":1,"v":1,"w":0},` + long + `]`, "id=9, v=\uFFFD, w=\uFFFD"},
		"NUL":                 {`[{"id":1,"v":1},{"id":"a\u0000b","v":2}]`, "id=a\uFFFDb, v=2"},
		"an unknown entity":   {`<l a="x"><r><id>1</id><v>1</v></r><r><id>2</id><v>a&b;c</v></r></l>`, "../@a=x, id=2, v=a\uFFFDc"},
		"tags do not match":   {`<l a="x"><r><id>1</id><v>1</v></r><r><id>2</id><v>3</w></r></l>`, "../@a=x, id=2, v=3"},
		"tags do not match 2": {`<l a="x"><r><id>1</id><v>1</v></r><r><id>2</id></w></r></l>`, "../@a=x, id=2, v=\uFFFD"},
	} {
		t.Run(name, func(t *testing.T) {
			d := detect(t, c.file, read.Hints{})
			events, err := drain(t, c.file, d)
			require.NoError(t, err)
			require.NotNil(t, events[1].Bad)
			spans, err := tree.NewSpans(strings.NewReader(c.file), d)
			require.NoError(t, err)
			got, err := spans.Salvage(t.Context(), events[1].Bad.Position)
			require.NoError(t, err)
			require.Equal(t, c.want, strings.ReplaceAll(cells(d, got), "\n", ", "))
			got, err = spans.Salvage(t.Context(), events[0].Row.Position)
			require.NoError(t, err)
			want := cells(d, events[0].Row.Cells)
			require.Equal(t, want, cells(d, got), "a sound row")
			_, err = spans.Salvage(t.Context(), read.Position{Offset: -1, Length: 1})
			require.ErrorIs(t, err, read.ErrSpan)
		})
	}
}

// counted counts what is read at random access.
type counted struct {
	*bytes.Reader
	n int
}

func (c *counted) ReadAt(p []byte, at int64) (int, error) {
	n, err := c.Reader.ReadAt(p, at)
	c.n += n
	return n, err
}

// TestSpansCost: rows in rising order cost one pass, lines their own bytes.
func TestSpansCost(t *testing.T) {
	var text strings.Builder
	for i := range 20_000 {
		fmt.Fprintf(&text, "{\"id\":%d,\"name\":\"row %d\"}\n", i, i*i)
	}
	list := "[" + strings.ReplaceAll(strings.TrimSpace(text.String()), "\n", ",\n") + "]"
	for name, file := range map[string]string{"lines": text.String(), "list": list, "packed": pack(t, text.String())} {
		t.Run(name, func(t *testing.T) {
			d := detect(t, file, read.Hints{})
			events, err := drain(t, file, d)
			require.NoError(t, err)
			require.Len(t, events, 20_000)
			content := &counted{Reader: bytes.NewReader([]byte(file))}
			spans, err := tree.NewSpans(content, d)
			require.NoError(t, err)
			for _, e := range events {
				_, err := spans.Cells(t.Context(), e.Row.Position)
				require.NoError(t, err)
			}
			require.LessOrEqual(t, content.n, len(file))
		})
	}
}

func TestAReaderThatCannotBegin(t *testing.T) {
	good := detect(t, list, read.Hints{})
	for name, change := range map[string]func(*read.Dialect){
		"format":      func(d *read.Dialect) { d.Format = "cuneiform" },
		"record":      func(d *read.Dialect) { d.Record = "a..b" },
		"backslash":   func(d *read.Dialect) { d.Record = `a\b` },
		"no names":    func(d *read.Dialect) { d.Names = "" },
		"columns":     func(d *read.Dialect) { d.Columns++ },
		"same name":   func(d *read.Dialect) { d.Names, d.Columns = "a"+read.Between+"a", 2 },
		"above root":  func(d *read.Dialect) { d.Names, d.Columns = "../../a", 1 },
		"the way":     func(d *read.Dialect) { d.Record, d.Names, d.Columns = "a.b", "../b", 1 },
		"encoding":    func(d *read.Dialect) { d.Encoding = read.Big5 },
		"no encoding": func(d *read.Dialect) { d.Encoding = "x" },
		"compression": func(d *read.Dialect) { d.Compression = "x" },
		"unit":        func(d *read.Dialect) { d.Format, d.Record = tree.Lines, "a/b" },
	} {
		t.Run(name, func(t *testing.T) {
			d := good
			change(&d)
			_, err := tree.Open(t.Context(), strings.NewReader(list), d)
			require.Error(t, err)
			require.False(t, errors.Is(err, io.EOF))
		})
	}
}

// TestCutOffBehindLateColumns: what stands behind the rows is not known when a
// file is cut off there, and hinders no row.
func TestCutOffBehindLateColumns(t *testing.T) {
	for name, file := range map[string]string{"JSON": answer, "XML": fmt.Sprintf(document, "utf-8")} {
		t.Run(name, func(t *testing.T) {
			d := detect(t, file, read.Hints{})
			want, err := drain(t, file, d)
			require.NoError(t, err)
			got, err := drain(t, file[:len(file)-30], d)
			require.ErrorIs(t, err, io.ErrUnexpectedEOF)
			require.NotEmpty(t, got)
			for i, e := range got {
				if e.Row != nil {
					require.Equal(t, want[i].Row.Position, e.Row.Position)
					require.Empty(t, e.Row.Cells[d.Columns-1])
					require.NotEmpty(t, want[i].Row.Cells[d.Columns-1])
				}
			}
		})
	}
}

func TestStats(t *testing.T) {
	for name, c := range map[string]struct {
		file  string
		blank int64
	}{"lines": {lines, 1}, "list": {list, 0}, "XML": {fmt.Sprintf(document, "utf-8"), 0}} {
		t.Run(name, func(t *testing.T) {
			r, err := tree.Open(t.Context(), strings.NewReader(c.file), detect(t, c.file, read.Hints{}))
			require.NoError(t, err)
			for err == nil || errors.As(err, new(*read.RowError)) {
				_, err = r.Next()
			}
			require.ErrorIs(t, err, io.EOF)
			require.Equal(t, int64(len(c.file)), r.Stats().Bytes)
			require.Equal(t, c.blank, r.Stats().Blank)
			require.Positive(t, r.Stats().Bad)
			require.NoError(t, r.Close())
		})
	}
}

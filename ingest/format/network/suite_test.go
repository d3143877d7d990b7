package network

import (
	"bytes"
	"context"
	"errors"
	"io"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rummage/ingest/read"
	"rummage/ingest/read/readtest"
)

func subject(file []byte, d read.Dialect, size int) readtest.Subject {
	return readtest.Subject{
		File: file, Random: true,
		Open: func(ctx context.Context, source io.Reader) (read.Reader, error) {
			r, err := open(ctx, source.(read.Input), d, settings{chunk: size})
			if err != nil {
				return nil, err
			}
			return r, nil
		},
		Span: func(ctx context.Context, at read.Position) ([][]byte, error) {
			spans, err := NewSpans(bytes.NewReader(file), d)
			if err != nil {
				return nil, err
			}
			return spans.Cells(ctx, at)
		},
	}
}

// TestSuite: every notation keeps the contract, however little of a file is in
// the window, packed or not, and in UTF-16.
func TestSuite(t *testing.T) {
	for name, file := range samples(t) {
		for _, part := range Sheets() {
			t.Run(name+" "+part, func(t *testing.T) {
				d, whole := all(t, file, part, read.Hints{})
				if len(whole) < 2 {
					// The suite wants two rows.
					return
				}
				t.Run("whole", func(t *testing.T) { readtest.Run(t, subject(file, d, chunk)) })
				t.Run("narrow window", func(t *testing.T) {
					s := subject(file, d, 4)
					readtest.Run(t, s)
					_, err := s.Open(t.Context(), readtest.NewPieces(file, 0, nil))
					require.NoError(t, err)
				})
				packed := pack(t, file)
				t.Run("packed", func(t *testing.T) {
					readtest.Run(t, subject(packed, detect(t, packed, part, read.Hints{}), chunk))
				})
				double := wide(file, name < "m")
				t.Run("UTF-16", func(t *testing.T) {
					d := detect(t, double, part, read.Hints{})
					assert.Contains(t, string(d.Encoding), "utf-16")
					readtest.Run(t, subject(double, d, 64))
					same, err := rows(t, double, d)
					require.NoError(t, err)
					require.Len(t, same, len(whole))
					assert.Equal(t, values(whole), values(same))
				})
			})
		}
	}
}

// values are the cells of rows and the details of faults.
func values(events []readtest.Event) []string {
	var out []string
	for _, e := range events {
		if e.Bad != nil {
			out = append(out, string(e.Bad.Reason)+e.Bad.Detail)
			continue
		}
		out = append(out, strings.Join(e.Row.Names(), "|"))
	}
	return out
}

// TestWindowsDoNotMatter: rows are the same through windows of any first size.
func TestWindowsDoNotMatter(t *testing.T) {
	for name, file := range samples(t) {
		for _, part := range Sheets() {
			d, want := all(t, file, part, read.Hints{})
			for _, size := range []int{1, 5, 17, 100, 1000} {
				r, err := open(t.Context(), bytes.NewReader(file), d, settings{chunk: size})
				require.NoError(t, err)
				got, err := readtest.Drain(t, r)
				require.NoError(t, err)
				require.Equal(t, want, got, "%s %s through %d", name, part, size)
				require.NoError(t, r.Close())
			}
		}
	}
}

// TestSpansInAnyOrder: rows and bad rows can be read again, in any order.
func TestSpansInAnyOrder(t *testing.T) {
	for name, file := range samples(t) {
		for _, part := range Sheets() {
			d, events := all(t, file, part, read.Hints{})
			spans, err := NewSpans(bytes.NewReader(file), d)
			require.NoError(t, err)
			for i := range events {
				for _, e := range []readtest.Event{events[len(events)-1-i], events[i]} {
					if e.Row != nil {
						cells, err := spans.Cells(t.Context(), e.Row.Position)
						require.NoError(t, err, "%s %s row %d", name, part, e.Row.Number)
						require.Equal(t, e.Row.Cells, cells)
						continue
					}
					_, err := spans.Cells(t.Context(), e.Bad.Position)
					bad := new(read.RowError)
					require.ErrorAs(t, err, &bad, "%s %s row %d", name, part, e.Bad.Row)
					require.Zero(t, bad.Row)
					require.Equal(t, e.Bad.Detail, bad.Detail)
					cells, err := spans.Salvage(t.Context(), e.Bad.Position)
					require.NoError(t, err)
					require.Len(t, cells, d.Columns)
				}
			}
			_, err = spans.Cells(t.Context(), read.Position{Offset: 1, Length: 2})
			require.ErrorIs(t, err, read.ErrSpan)
			_, err = spans.Cells(t.Context(), read.Position{Offset: 1 << 40, Length: 2})
			require.ErrorIs(t, err, read.ErrSpan)
		}
	}
}

// TestSpansOfOneContextAndThenAnother: a context that is over ends one reading
// and not the next.
func TestSpansOfOneContextAndThenAnother(t *testing.T) {
	file := samples(t)["plain.graphml"]
	d, events := all(t, file, Nodes, read.Hints{})
	spans, err := NewSpans(bytes.NewReader(file), d)
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	_, err = spans.Cells(ctx, events[0].Row.Position)
	require.NoError(t, err)
	cancel()
	_, err = spans.Cells(ctx, events[1].Row.Position)
	require.ErrorIs(t, err, context.Canceled)
	cells, err := spans.Cells(t.Context(), events[1].Row.Position)
	require.NoError(t, err)
	assert.Equal(t, events[1].Row.Cells, cells)
}

func TestSalvage(t *testing.T) {
	file := []byte("# edges of a graph\n1\t2\n3\n4\t5\tx\n6\t7\n")
	d, events := all(t, file, Edges, read.Hints{})
	require.Len(t, events, 4)
	spans, err := NewSpans(bytes.NewReader(file), d)
	require.NoError(t, err)
	for i, want := range map[int]string{1: "3|" + read.Lost + "||||", 2: "4|5||||x"} {
		cells, err := spans.Salvage(t.Context(), events[i].Bad.Position)
		require.NoError(t, err)
		assert.Equal(t, want, string(bytes.Join(cells, []byte("|"))))
	}
}

// TestBrokenOff: a file that ends early gives its rows first, and then says so.
func TestBrokenOff(t *testing.T) {
	for name, file := range samples(t) {
		switch filepath.Ext(name) {
		case ".dot", ".txt", ".edgelist", ".mtx", ".net":
			// Refused as a whole, or as good as whole wherever they end.
			continue
		}
		t.Run(name, func(t *testing.T) {
			d, whole := all(t, file, Nodes, read.Hints{})
			cut := len(bytes.TrimRight(file, "\n")) - 2
			part, err := rows(t, file[:cut], d)
			require.ErrorIs(t, err, io.ErrUnexpectedEOF)
			require.ErrorAs(t, err, new(*read.StreamError))
			assert.ErrorContains(t, err, "network: ")
			assert.LessOrEqual(t, len(whole)-len(part), 3)
			detect(t, file[:cut], Nodes, read.Hints{})
		})
	}
}

func TestCancelledWithin(t *testing.T) {
	// Nothing but edges, while nodes are asked for: Next must not read them all.
	file := []byte("<graphml><graph><node id='a'/>" + strings.Repeat("<edge source='a' target='a'/>", 100_000) + "</graph></graphml>")
	d := detect(t, file, Nodes, read.Hints{})
	ctx, cancel := context.WithCancel(t.Context())
	r, err := Open(ctx, &watched{Reader: bytes.NewReader(file), at: 1 << 20, call: cancel}, d)
	require.NoError(t, err)
	_, err = r.Next()
	require.NoError(t, err)
	_, err = r.Next()
	require.ErrorIs(t, err, context.Canceled)
	assert.Less(t, r.Stats().Bytes, int64(2<<20))
	require.NoError(t, r.Close())
}

// watched calls when a byte is read.
type watched struct {
	*bytes.Reader
	at   int64
	call func()
}

func (w *watched) ReadAt(p []byte, offset int64) (int, error) {
	if offset >= w.at {
		w.call()
	}
	return w.Reader.ReadAt(p, offset)
}

var errLine = errors.New("line dropped")

// failing cannot be read from a byte on.
type failing struct {
	*bytes.Reader
	at int64
}

func (f *failing) ReadAt(p []byte, offset int64) (int, error) {
	if offset+int64(len(p)) > f.at {
		n, _ := f.Reader.ReadAt(p[:max(0, f.at-offset)], offset)
		return n, errLine
	}
	return f.Reader.ReadAt(p, offset)
}

// TestASecondPassThatFails: edges before their nodes need one.
func TestASecondPassThatFails(t *testing.T) {
	file := []byte("<graphml><graph><edge source='a' target='b'/>" + strings.Repeat(" ", 1<<20) + "<node id='a'/><node id='b'/></graph></graphml>")
	d, events := all(t, file, Edges, read.Hints{})
	require.Len(t, events, 1)
	require.NotNil(t, events[0].Row)
	r, err := Open(t.Context(), &failing{bytes.NewReader(file), 1 << 19}, d)
	require.NoError(t, err)
	_, err = r.Next()
	require.ErrorIs(t, err, errLine)
	require.NoError(t, r.Close())
}

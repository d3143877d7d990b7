// Package readtest holds the suite that every Reader of package read must pass:
// the same rows however the bytes arrive, orderly ends, rows that stay as the
// contract says. It must not know any format; a test hands it files.
package readtest

import (
	"bytes"
	"context"
	"errors"
	"io"
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"rummage/ingest/read"
)

// A Subject is one file and the ways to read it.
type Subject struct {
	// File is what stands on the disk, at least two rows of it readable.
	File []byte
	// Open starts reading. The source also offers read.Input, for formats that
	// need random access; its Read returns the pieces that the test wants.
	Open func(ctx context.Context, source io.Reader) (read.Reader, error)
	// Span reads again the row at a position.
	Span func(ctx context.Context, at read.Position) ([][]byte, error)
	// Random says that Open uses the source as a read.Input and not as a stream.
	Random bool
}

// Run runs the suite: every method of Subject whose name begins with Test.
func Run(t *testing.T, s Subject) {
	t.Helper()
	methods := reflect.TypeOf(s)
	for i := range methods.NumMethod() {
		m := methods.Method(i)
		if name, ok := strings.CutPrefix(m.Name, "Test"); ok {
			t.Run(name, func(t *testing.T) {
				m.Func.Call([]reflect.Value{reflect.ValueOf(s), reflect.ValueOf(t)})
			})
		}
	}
}

// Pieces gives a file's bytes n at a time, all at once for n = 0, and then fault,
// or io.EOF if that is nil. It is an Input too.
type Pieces struct {
	*bytes.Reader
	n     int
	fault error
}

// NewPieces returns the source that Subject.Open is handed.
func NewPieces(file []byte, n int, fault error) *Pieces {
	return &Pieces{Reader: bytes.NewReader(file), n: n, fault: fault}
}

// Read gives the next piece.
func (p *Pieces) Read(b []byte) (int, error) {
	if p.n > 0 {
		b = b[:min(len(b), p.n)]
	}
	n, err := p.Reader.Read(b)
	if errors.Is(err, io.EOF) && p.fault != nil {
		err = p.fault
	}
	return n, err
}

// broken is a file of which no byte from at on can be read.
type broken struct {
	*bytes.Reader
	at    int64
	fault error
}

// ReadAt reads as io.ReaderAt does.
func (b *broken) ReadAt(p []byte, offset int64) (int, error) {
	if offset+int64(len(p)) <= b.at {
		return b.Reader.ReadAt(p, offset)
	}
	n, _ := b.Reader.ReadAt(p[:max(b.at-offset, 0)], offset)
	return n, b.fault
}

// cable returns the file with a fault at a byte.
func (s Subject) cable(at int, fault error) io.Reader {
	if s.Random {
		return &broken{bytes.NewReader(s.File), int64(at), fault}
	}
	return NewPieces(s.File[:at], 0, fault)
}

// An Event is what one call of Next returned.
type Event struct {
	Row *read.Row      // a clone, or nil
	Bad *read.RowError // or nil
}

// Drain reads to the end and returns what came, with the error that ended it,
// nil for io.EOF. It fails the test unless the end repeats and the counts agree.
func Drain(t testing.TB, r read.Reader) ([]Event, error) {
	t.Helper()
	var events []Event
	var rows, bad int64
	for {
		row, err := r.Next()
		fault := new(read.RowError)
		switch {
		case err == nil:
			require.NotNil(t, row)
			rows++
			events = append(events, Event{Row: row.Clone()})
			continue
		case errors.As(err, &fault):
			require.Nil(t, row, "a row beside its error")
			bad++
			events = append(events, Event{Bad: fault})
			continue
		}
		_, again := r.Next()
		require.Equal(t, err, again, "the end does not repeat")
		require.Equal(t, rows, r.Stats().Rows, "rows counted and returned")
		require.Equal(t, bad, r.Stats().Bad, "row errors counted and returned")
		if errors.Is(err, io.EOF) {
			err = nil
		}
		return events, err
	}
}

func (s Subject) drain(t *testing.T, n int) []Event {
	t.Helper()
	r, err := s.Open(context.Background(), NewPieces(s.File, n, nil))
	require.NoError(t, err)
	events, err := Drain(t, r)
	require.NoError(t, err)
	require.NoError(t, r.Close())
	return events
}

// TestPieces: rows and row errors are the same however the bytes come.
func (s Subject) TestPieces(t *testing.T) {
	whole := s.drain(t, 0)
	require.Equal(t, whole, s.drain(t, 1), "one byte at a time")
	require.Equal(t, whole, s.drain(t, 5), "five bytes at a time")
	require.Equal(t, whole, s.drain(t, 0), "a second time")
}

// TestPositions: numbers and byte ranges grow, without overlap.
func (s Subject) TestPositions(t *testing.T) {
	var number, end int64
	for _, e := range s.drain(t, 0) {
		at, n := read.Position{}, int64(0)
		if e.Row != nil {
			at, n = e.Row.Position, e.Row.Number
			require.NotEmpty(t, e.Row.Cells)
		} else {
			at, n = e.Bad.Position, e.Bad.Row
			require.NotEmpty(t, e.Bad.Reason)
			require.NotEmpty(t, e.Bad.Detail)
		}
		require.Greater(t, n, number, "row numbers grow")
		require.GreaterOrEqual(t, at.Offset, end, "rows overlap")
		number, end = n, at.Offset+at.Length
	}
}

// TestSpans: each row can be read again from its position alone.
func (s Subject) TestSpans(t *testing.T) {
	for _, e := range s.drain(t, 0) {
		if e.Row == nil {
			continue
		}
		cells, err := s.Span(context.Background(), e.Row.Position)
		require.NoError(t, err, "row %d", e.Row.Number)
		require.Equal(t, e.Row.Cells, cells, "row %d", e.Row.Number)
	}
}

// TestRowsStay: a row is whole until the next call, whatever was read before it.
func (s Subject) TestRowsStay(t *testing.T) {
	want := s.drain(t, 0)
	r, err := s.Open(context.Background(), NewPieces(s.File, 3, nil))
	require.NoError(t, err)
	defer func() { require.NoError(t, r.Close()) }()
	header := r.Header()
	var before *read.Row
	if header != nil {
		before = header.Clone()
	}
	for _, e := range want {
		row, err := r.Next()
		if e.Bad != nil {
			require.Error(t, err)
			continue
		}
		require.NoError(t, err)
		r.Stats()
		r.Header()
		require.Equal(t, e.Row, row.Clone())
	}
	require.Equal(t, before, header, "the header changed while rows were read")
}

// TestClosedEarly: Close may come at any time and twice; Next then says so.
func (s Subject) TestClosedEarly(t *testing.T) {
	r, err := s.Open(context.Background(), NewPieces(s.File, 0, nil))
	require.NoError(t, err)
	_, err = r.Next()
	if err != nil {
		require.ErrorAs(t, err, new(*read.RowError))
	}
	require.NoError(t, r.Close())
	require.NoError(t, r.Close())
	_, err = r.Next()
	require.ErrorIs(t, err, read.ErrClosed)
}

// TestCancelled: cancelling stops the reading at the next row, for good.
func (s Subject) TestCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	r, err := s.Open(ctx, NewPieces(s.File, 0, nil))
	require.NoError(t, err)
	defer func() { require.NoError(t, r.Close()) }()
	_, err = r.Next()
	if err != nil {
		require.ErrorAs(t, err, new(*read.RowError))
	}
	cancel()
	for range 2 {
		row, err := r.Next()
		require.Nil(t, row)
		require.ErrorIs(t, err, context.Canceled)
	}
}

// TestBreaksOff: when the source fails, what was whole before it comes first,
// then the fault, with how far the reading came.
func (s Subject) TestBreaksOff(t *testing.T) {
	want := s.drain(t, 0)
	fault := errors.New("cable pulled")
	for _, at := range []int{0, 1, len(s.File) / 2, len(s.File) - 1} {
		r, err := s.Open(context.Background(), s.cable(at, fault))
		if err != nil {
			require.ErrorIs(t, err, fault, "broken at byte %d", at)
			continue
		}
		got, err := Drain(t, r)
		require.NoError(t, r.Close())
		require.ErrorIs(t, err, fault, "broken at byte %d", at)
		require.ErrorAs(t, err, new(*read.StreamError))
		require.LessOrEqual(t, len(got), len(want))
		for i := range got {
			require.Equal(t, want[i], got[i], "broken at byte %d", at)
		}
	}
}

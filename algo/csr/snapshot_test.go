package csr_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"rummage/algo/csr"
	"rummage/algo/csr/csrtest"
)

func snapshot(t require.TestingT, g *csr.Graph) []byte {
	var file bytes.Buffer
	n, err := g.WriteTo(&file)
	require.NoError(t, err)
	require.EqualValues(t, file.Len(), n)
	return file.Bytes()
}

func TestSnapshotComesBackAsItWent(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n, c := drawColumns(t)
		opts := drawOptions(t)
		opts.Nodes = n
		g, err := csr.Build(context.Background(), c, opts)
		require.NoError(t, err)
		file := snapshot(t, g)
		assert.Zero(t, len(file)%64)
		back, err := csr.Read(iotest.OneByteReader(bytes.NewReader(file)))
		require.NoError(t, err)
		require.Equal(t, g.Order(), back.Order())
		require.Equal(t, g.Size(), back.Size())
		require.Equal(t, g.IsSimple(), back.IsSimple())
		require.Equal(t, g.Columns(), back.Columns())
		require.Equal(t, file, snapshot(t, back))
	})
}

func TestSnapshotFindsEveryFlippedByte(t *testing.T) {
	for _, directed := range []bool{false, true} {
		g, err := csr.Build(t.Context(), csr.Columns{
			From: []uint32{0, 1, 2, 2}, To: []uint32{1, 2, 0, 2},
			Weight: []float64{1, 2, 3, 4}, Type: []uint8{1, 2, 3, 4}, Count: []uint32{5, 6, 7, 8},
		}, csr.Options{Nodes: 3, Directed: directed})
		require.NoError(t, err)
		file := snapshot(t, g)
		for i := range file {
			for _, flip := range []byte{0x01, 0x80, 0xff} {
				broken := bytes.Clone(file)
				broken[i] ^= flip
				_, err := csr.Read(bytes.NewReader(broken))
				require.Error(t, err, "byte %d", i)
				require.True(t, errors.Is(err, csr.ErrDamaged) || errors.Is(err, csr.ErrFormat), err)
			}
		}
	}
}

func TestSnapshotFindsEveryCut(t *testing.T) {
	g, err := csr.Build(t.Context(), csrtest.Planted(20, 5, 2, 1, 1), csr.Options{Nodes: 20})
	require.NoError(t, err)
	file := snapshot(t, g)
	for i := range file {
		_, err := csr.Read(bytes.NewReader(file[:i]))
		require.True(t, errors.Is(err, csr.ErrDamaged) || errors.Is(err, csr.ErrFormat), "%d: %v", i, err)
	}
	_, err = csr.Read(bytes.NewReader(append(file, 0)))
	require.ErrorIs(t, err, csr.ErrDamaged)
	assert.ErrorContains(t, err, "bytes follow its end")
}

func TestReadTellsOtherFilesApart(t *testing.T) {
	g, err := csr.Build(t.Context(), csr.Columns{}, csr.Options{Nodes: 1})
	require.NoError(t, err)
	later := snapshot(t, g)
	later[8] = 3
	for name, c := range map[string]struct {
		file []byte
		text string
	}{
		"an empty file":   {nil, "too short"},
		"another file":    {bytes.Repeat([]byte("SQLite format 3\x00"), 100), `it begins with "SQLite f"`},
		"another version": {later, "version 3, wanted 2"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := csr.Read(bytes.NewReader(c.file))
			require.ErrorIs(t, err, csr.ErrFormat)
			assert.ErrorContains(t, err, c.text)
		})
	}
}

func TestSnapshotPassesErrorsOn(t *testing.T) {
	cause := errors.New("the disk is gone")
	g, err := csr.Build(t.Context(), csr.Columns{From: []uint32{0}, To: []uint32{0}}, csr.Options{Nodes: 1})
	require.NoError(t, err)
	_, err = g.WriteTo(failing{cause})
	require.ErrorIs(t, err, cause)
	file := snapshot(t, g)
	for _, at := range []int{0, 1024, len(file)} {
		_, err = csr.Read(io.MultiReader(bytes.NewReader(file[:at]), iotest.ErrReader(cause)))
		require.ErrorIs(t, err, cause, "at %d", at)
	}
}

type failing struct{ cause error }

func (f failing) Write([]byte) (int, error) { return 0, f.cause }

// FuzzRead feeds bytes that are no snapshot, or almost one.
func FuzzRead(f *testing.F) {
	g, err := csr.Build(context.Background(), csrtest.Planted(9, 3, 1, 1, 1), csr.Options{Nodes: 9, Directed: true})
	require.NoError(f, err)
	f.Add(snapshot(f, g))
	f.Add([]byte("RMGCSR\r\n\x02\x00\x00\x00"))
	f.Fuzz(func(t *testing.T, file []byte) {
		if back, err := csr.Read(bytes.NewReader(file)); err == nil {
			require.Equal(t, file, snapshot(t, back))
		}
	})
}

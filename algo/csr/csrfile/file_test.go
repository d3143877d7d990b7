package csrfile_test

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"rummage/algo/csr"
	"rummage/algo/csr/csrfile"
	"rummage/algo/csr/csrtest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func graph(t testing.TB, p csrtest.Partition) *csr.Graph {
	t.Helper()
	c, _ := p.Draw()
	g, err := csr.Build(t.Context(), c, csr.Options{Nodes: p.Nodes, Directed: true})
	require.NoError(t, err)
	return g
}

func bytesOf(t testing.TB, g *csr.Graph) []byte {
	t.Helper()
	var b bytes.Buffer
	_, err := g.WriteTo(&b)
	require.NoError(t, err)
	return b.Bytes()
}

func TestAGraphComesBackFromItsFile(t *testing.T) {
	g := graph(t, csrtest.Partition{Nodes: 3000, Seed: 1, Weighted: true})
	path := filepath.Join(t.TempDir(), "graph")
	require.NoError(t, csrfile.Write(path, g))
	for name, opts := range map[string]csr.ViewOptions{"verified": {Threads: 2}, "in good faith": {Unverified: true}} {
		t.Run(name, func(t *testing.T) {
			f, err := csrfile.Open(t.Context(), path, opts)
			require.NoError(t, err)
			require.Equal(t, bytesOf(t, g), bytesOf(t, f.Graph()))
			require.NoError(t, f.Verify(t.Context(), 1))
			require.NoError(t, f.Close())
			require.NoError(t, f.Close(), "closing twice")
			assert.Nil(t, f.Graph())
		})
	}
	info, err := os.ReadDir(filepath.Dir(path))
	require.NoError(t, err)
	assert.Len(t, info, 1, "nothing else is left")
}

func TestWriteReplacesAFileWhole(t *testing.T) {
	path := filepath.Join(t.TempDir(), "graph")
	for _, n := range []int{500, 100} {
		g := graph(t, csrtest.Partition{Nodes: n, Seed: 1})
		require.NoError(t, csrfile.Write(path, g))
		f, err := csrfile.Open(t.Context(), path, csr.ViewOptions{})
		require.NoError(t, err)
		assert.Equal(t, n, f.Graph().Order())
		require.NoError(t, f.Close())
	}
	taken := filepath.Join(t.TempDir(), "taken")
	require.NoError(t, os.MkdirAll(filepath.Join(taken, "inside"), 0o700))
	require.Error(t, csrfile.Write(taken, graph(t, csrtest.Partition{Nodes: 9})))
	left, err := os.ReadDir(filepath.Dir(taken))
	require.NoError(t, err)
	assert.Len(t, left, 1, "what could not take its place is gone")
	err = csrfile.Write(filepath.Join(taken, "nowhere", "graph"), graph(t, csrtest.Partition{Nodes: 9}))
	require.ErrorIs(t, err, fs.ErrNotExist)
}

func TestOpenRefuses(t *testing.T) {
	whole := bytesOf(t, graph(t, csrtest.Partition{Nodes: 40, Seed: 1}))
	flipped := bytes.Clone(whole)
	flipped[len(flipped)-100] ^= 1
	cases := map[string]struct {
		content []byte
		want    error
	}{
		"an empty file":   {nil, csr.ErrFormat},
		"a short one":     {whole[:100], csr.ErrFormat},
		"one of its head": {whole[:1024], csr.ErrDamaged},
		"one cut short":   {whole[:len(whole)-1], csr.ErrDamaged},
		"a longer one":    {append(bytes.Clone(whole), 0), csr.ErrDamaged},
		"a flipped bit":   {flipped, csr.ErrDamaged},
		"another file":    {bytes.Repeat([]byte("SQLite format 3\x00"), 100), csr.ErrFormat},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "graph")
			require.NoError(t, os.WriteFile(path, c.content, 0o600))
			_, err := csrfile.Open(t.Context(), path, csr.ViewOptions{})
			require.ErrorIs(t, err, c.want)
			assert.ErrorContains(t, err, "csrfile: open graph: ")
		})
	}
	_, err := csrfile.Open(t.Context(), t.TempDir(), csr.ViewOptions{})
	require.Error(t, err)
	_, err = csrfile.Open(t.Context(), filepath.Join(t.TempDir(), "none"), csr.ViewOptions{})
	require.ErrorIs(t, err, fs.ErrNotExist)
	path := filepath.Join(t.TempDir(), "graph")
	require.NoError(t, os.WriteFile(path, flipped, 0o600))
	f, err := csrfile.Open(t.Context(), path, csr.ViewOptions{Unverified: true})
	require.NoError(t, err)
	require.ErrorIs(t, f.Verify(t.Context(), 2), csr.ErrDamaged)
	require.NoError(t, f.Close())
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = csrfile.Open(ctx, path, csr.ViewOptions{})
	require.ErrorIs(t, err, context.Canceled)
}

// FuzzOpen writes whatever bytes into a file and opens it.
func FuzzOpen(f *testing.F) {
	f.Add(bytesOf(f, graph(f, csrtest.Partition{Nodes: 12, Seed: 1, Weighted: true})))
	f.Add([]byte("RMGCSR\r\n"))
	f.Fuzz(func(t *testing.T, content []byte) {
		path := filepath.Join(t.TempDir(), "graph")
		require.NoError(t, os.WriteFile(path, content, 0o600))
		file, err := csrfile.Open(t.Context(), path, csr.ViewOptions{Threads: 1})
		if err != nil {
			require.True(t, errors.Is(err, csr.ErrDamaged) || errors.Is(err, csr.ErrFormat), err)
			return
		}
		require.Equal(t, content, bytesOf(t, file.Graph()))
		require.NoError(t, file.Close())
	})
}

func BenchmarkOpen(b *testing.B) {
	g := graph(b, csrtest.Partition{Nodes: 100_000, Degree: 20, Mixing: 0.3, Seed: 1})
	path := filepath.Join(b.TempDir(), "graph")
	require.NoError(b, csrfile.Write(path, g))
	for name, opts := range map[string]csr.ViewOptions{"verified": {}, "unverified": {Unverified: true}} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				f, err := csrfile.Open(b.Context(), path, opts)
				require.NoError(b, err)
				require.NoError(b, f.Close())
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(g.Size()), "ns/edge")
		})
	}
	b.Run("read", func(b *testing.B) {
		for b.Loop() {
			file, err := os.Open(path)
			require.NoError(b, err)
			_, err = csr.Read(file)
			require.NoError(b, err)
			require.NoError(b, file.Close())
		}
		b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(g.Size()), "ns/edge")
	})
}

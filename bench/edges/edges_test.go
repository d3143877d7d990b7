package edges_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rummage/algo/csr"
	"rummage/bench/edges"
)

// timestamp is that of no file made now.
var timestamp = time.Date(2001, 2, 3, 4, 5, 6, 0, time.UTC)

func made(t *testing.T, folder, name string) *edges.Graph {
	t.Helper()
	g, err := edges.Make(context.Background(), folder, name)
	require.NoError(t, err)
	return g
}

func TestMakeGivesASimpleWeightedGraph(t *testing.T) {
	for _, name := range []string{"tiny", "rmat13", "trade"} {
		t.Run(name, func(t *testing.T) {
			g := made(t, t.TempDir(), name)
			columns, err := g.Columns()
			require.NoError(t, err)
			require.Len(t, columns.From, g.Edges)
			for _, w := range columns.Weight {
				require.Positive(t, w)
			}
			kept, err := csr.Build(context.Background(), columns, csr.Options{Nodes: g.Nodes, Parallel: csr.KeepParallel, Loops: csr.RefuseLoops})
			require.NoError(t, err)
			assert.True(t, kept.IsSimple())
			require.Len(t, g.Seeds, 8)
			for _, set := range g.Seeds {
				require.NotEmpty(t, set)
				for i, u := range set {
					assert.Positive(t, kept.Degree(u), "a seed has an edge")
					assert.NotContains(t, set[:i], u, "and stands once")
				}
			}
		})
	}
}

func TestMakeIsRepeatable(t *testing.T) {
	one, other := t.TempDir(), t.TempDir()
	made(t, one, "tiny")
	made(t, other, "tiny")
	for _, file := range []string{"from.u32", "to.u32", "weight.f64", "graph.json"} {
		a, err := os.ReadFile(filepath.Join(one, "tiny", file))
		require.NoError(t, err)
		b, err := os.ReadFile(filepath.Join(other, "tiny", file))
		require.NoError(t, err)
		assert.Equal(t, a, b, file)
		require.NoError(t, os.Chtimes(filepath.Join(one, "tiny", file), timestamp, timestamp))
	}
	made(t, one, "tiny")
	info, err := os.Stat(filepath.Join(one, "tiny", "from.u32"))
	require.NoError(t, err)
	assert.True(t, info.ModTime().Equal(timestamp), "what stands there is not made again")
}

func TestMakeAgain(t *testing.T) {
	for name, spoil := range map[string]func(t *testing.T, file string){
		"of another version": func(t *testing.T, file string) {
			require.NoError(t, os.WriteFile(file, []byte(`{"name":"tiny","version":-1}`), 0o600))
		},
		"broken off": func(t *testing.T, file string) { require.NoError(t, os.Remove(file)) },
		"no JSON":    func(t *testing.T, file string) { require.NoError(t, os.WriteFile(file, []byte("{"), 0o600)) },
	} {
		t.Run(name, func(t *testing.T) {
			folder := t.TempDir()
			want := made(t, folder, "tiny")
			spoil(t, filepath.Join(folder, "tiny", "graph.json"))
			assert.Equal(t, want, made(t, folder, "tiny"))
		})
	}
}

func TestMakeRefusesUnknownNames(t *testing.T) {
	_, err := edges.Make(context.Background(), t.TempDir(), "nothing")
	require.ErrorIs(t, err, edges.ErrUnknown)
	assert.Contains(t, err.Error(), "rmat20")
	assert.Contains(t, edges.Names(), "pp1m")
}

func TestMakeEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err := edges.Make(ctx, t.TempDir(), "tiny")
	require.ErrorIs(t, err, context.Canceled)
}

func TestColumnsRefusesFilesThatDoNotFit(t *testing.T) {
	for name, c := range map[string]struct {
		file string
		size int64
	}{
		"an edge too few":    {"to.u32", 4},
		"half a weight less": {"weight.f64", 4},
	} {
		t.Run(name, func(t *testing.T) {
			g := made(t, t.TempDir(), "tiny")
			file := filepath.Join(g.Folder, c.file)
			info, err := os.Stat(file)
			require.NoError(t, err)
			require.NoError(t, os.Truncate(file, info.Size()-c.size))
			_, err = g.Columns()
			require.ErrorIs(t, err, edges.ErrFiles)
		})
	}
	g := made(t, t.TempDir(), "tiny")
	require.NoError(t, os.Remove(filepath.Join(g.Folder, "from.u32")))
	_, err := g.Columns()
	require.ErrorIs(t, err, os.ErrNotExist)
}

func TestVectors(t *testing.T) {
	file := filepath.Join(t.TempDir(), "v")
	long := make([]float64, 100_000)
	for i := range long {
		long[i] = float64(i) / 3
	}
	for name, want := range map[string][]float64{"none": {}, "one": {1.5}, "more than a piece": long} {
		t.Run(name, func(t *testing.T) {
			require.NoError(t, edges.WriteVector(file, want))
			got, err := edges.ReadVector[float64](file)
			require.NoError(t, err)
			assert.Equal(t, want, got)
		})
	}
	require.NoError(t, edges.WriteVector(file, []uint32{1, 256}))
	raw, err := os.ReadFile(file)
	require.NoError(t, err)
	assert.Equal(t, []byte{1, 0, 0, 0, 0, 1, 0, 0}, raw, "little-endian, and nothing else")
	require.Error(t, edges.WriteVector(filepath.Join(file, "below"), []uint32{1}), "a file is no folder")
}

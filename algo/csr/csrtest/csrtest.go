// Package csrtest makes graphs for the tests of the kernels: random ones, and networks and tables from files.
//
// It must not know which kernel is tested, and nothing but tests and comparisons with others may import it.
package csrtest

import (
	"context"
	"encoding/csv"
	"io"
	"math/rand/v2"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"rummage/algo/csr"
)

// Shape says which random graphs Draw makes. The zero value is an undirected, unweighted graph without self-loops or parallel edges
// of at most 12 nodes and 30 edges.
type Shape struct {
	Nodes, Edges int
	Directed     bool
	Weighted     bool
	Typed        bool
	Counted      bool
	Loops        bool
	Parallel     csr.Parallel
	// Positive keeps zero out of the weights.
	Positive bool
	// Round takes weights from multiples of 1/8 up to 4, whose sums are exact in any order.
	Round bool
}

// Columns draws a number of nodes and a list of edges.
func Columns(t *rapid.T, shape Shape) (int, csr.Columns) {
	if shape.Nodes == 0 {
		shape.Nodes = 12
	}
	if shape.Edges == 0 {
		shape.Edges = 30
	}
	n := rapid.IntRange(1, shape.Nodes).Draw(t, "nodes")
	m := rapid.IntRange(0, shape.Edges).Draw(t, "edges")
	node := rapid.Uint32Range(0, uint32(n-1))
	weight := rapid.Float64Range(0.001, 10)
	if shape.Round {
		weight = rapid.Map(rapid.IntRange(1, 32), func(i int) float64 { return float64(i) / 8 })
	}
	c := csr.Columns{From: []uint32{}, To: []uint32{}}
	for range m {
		u, v := node.Draw(t, "from"), node.Draw(t, "to")
		if u == v && !shape.Loops {
			continue
		}
		c.From, c.To = append(c.From, u), append(c.To, v)
		if shape.Weighted {
			w := weight.Draw(t, "weight")
			if !shape.Positive && rapid.IntRange(0, 9).Draw(t, "zero") == 0 {
				w = 0
			}
			c.Weight = append(c.Weight, w)
		}
		if shape.Typed {
			c.Type = append(c.Type, rapid.Uint8Range(0, 3).Draw(t, "type"))
		}
		if shape.Counted {
			c.Count = append(c.Count, rapid.Uint32Range(1, 5).Draw(t, "count"))
		}
	}
	if shape.Weighted && c.Weight == nil {
		c.Weight = []float64{}
	}
	return n, c
}

// Draw draws a graph.
func Draw(t *rapid.T, shape Shape) *csr.Graph {
	n, c := Columns(t, shape)
	g, err := csr.Build(context.Background(), c, csr.Options{Nodes: n, Directed: shape.Directed, Parallel: shape.Parallel})
	require.NoError(t, err)
	return g
}

// Permutation draws an order of 0 to n-1.
func Permutation(t *rapid.T, n int) []uint32 {
	order := make([]uint32, n)
	for i := range order {
		order[i] = uint32(i)
	}
	return rapid.Permutation(order).Draw(t, "permutation")
}

// Rename returns the graph in which node u is called name[u].
func Rename(t require.TestingT, g *csr.Graph, name []uint32) *csr.Graph {
	c := g.Columns()
	for i := range c.From {
		c.From[i], c.To[i] = name[c.From[i]], name[c.To[i]]
	}
	renamed, err := csr.Build(context.Background(), c,
		csr.Options{Nodes: g.Order(), Directed: g.IsDirected(), Parallel: csr.KeepParallel})
	require.NoError(t, err)
	return renamed
}

// Planted returns the edges of a graph of n nodes in groups of the given size, about inside edges of weight 1 per node within its
// group and outside edges of weight 1/4 to anywhere.
func Planted(n, group, inside, outside int, seed uint64) csr.Columns {
	random := rand.New(rand.NewPCG(seed, 0))
	var c csr.Columns
	add := func(u, v int, w float64) {
		if u != v {
			c.From, c.To, c.Weight = append(c.From, uint32(u)), append(c.To, uint32(v)), append(c.Weight, w)
		}
	}
	for u := range n {
		first := u / group * group
		for range inside {
			add(u, first+random.IntN(min(group, n-first)), 1)
		}
		for range outside {
			add(u, random.IntN(n), 0.25)
		}
	}
	return c
}

// Opener opens a file by name, as fixtures.Open does.
type Opener func(name string) (io.ReadCloser, error)

// Table reads a CSV file with a header into one column of text a name.
func Table(t testing.TB, open Opener, name string) map[string][]string {
	t.Helper()
	file, err := open(name)
	require.NoError(t, err)
	defer func() { require.NoError(t, file.Close()) }()
	rows, err := csv.NewReader(file).ReadAll()
	require.NoError(t, err)
	require.Greater(t, len(rows), 1, name)
	table := map[string][]string{}
	for i, column := range rows[0] {
		for _, row := range rows[1:] {
			table[column] = append(table[column], row[i])
		}
	}
	return table
}

// Numbers turns a column of a table into numbers.
func Numbers(t testing.TB, column []string) []float64 {
	t.Helper()
	require.NotEmpty(t, column)
	numbers := make([]float64, len(column))
	for i, text := range column {
		n, err := strconv.ParseFloat(text, 64)
		require.NoError(t, err)
		numbers[i] = n
	}
	return numbers
}

// Network reads edges (columns source, target and perhaps weight) between the named nodes, whose place in names is their number.
func Network(t testing.TB, table map[string][]string, names []string, directed bool) *csr.Graph {
	t.Helper()
	number := map[string]uint32{}
	for i, name := range names {
		number[name] = uint32(i)
	}
	var c csr.Columns
	for i := range table["source"] {
		u, known := number[table["source"][i]]
		require.True(t, known, table["source"][i])
		v, known := number[table["target"][i]]
		require.True(t, known, table["target"][i])
		c.From, c.To = append(c.From, u), append(c.To, v)
	}
	if table["weight"] != nil {
		c.Weight = Numbers(t, table["weight"])
	}
	g, err := csr.Build(context.Background(), c, csr.Options{Nodes: len(names), Directed: directed})
	require.NoError(t, err)
	return g
}

package structure_test

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rummage/algo/csr"
	"rummage/algo/structure"
)

// walked finds components in the plainest way: from every node not met yet, along both directions.
func walked(g *csr.Graph) (c structure.Components) {
	const unmet = ^uint32(0)
	c.Of = make([]uint32, g.Order())
	for u := range c.Of {
		c.Of[u] = unmet
	}
	for u := range uint32(g.Order()) {
		if c.Of[u] != unmet {
			continue
		}
		of := uint32(len(c.First))
		c.Of[u] = of
		c.First = append(c.First, u)
		met := []uint32{u}
		for at := 0; at < len(met); at++ {
			for _, row := range [][]uint32{g.Neighbours(met[at]), g.InNeighbours(met[at])} {
				for _, v := range row {
					if c.Of[v] == unmet {
						c.Of[v] = of
						met = append(met, v)
					}
				}
			}
		}
		c.Size = append(c.Size, len(met))
	}
	return c
}

// Graphs of many pieces of work: without a giant component, with one in which paths are long, and with one among many small ones; of which a
// node of the greatest has the most arcs, and of which one apart has.
func TestComponentsOfLargeGraphsAreThoseOfAWalk(t *testing.T) {
	const n = 150_000
	random := func(m, among int) (c csr.Columns) {
		random := rand.New(rand.NewPCG(uint64(m), 0))
		for range m {
			c.From, c.To = append(c.From, uint32(random.IntN(among))), append(c.To, uint32(random.IntN(among)))
		}
		return c
	}
	path := func(next func(i uint32) uint32) (c csr.Columns) {
		for i := range uint32(n - 1) {
			c.From, c.To = append(c.From, next(i)), append(c.To, next(i+1))
		}
		return c
	}
	star := func(c csr.Columns) csr.Columns {
		for u := uint32(n - 5000); u < n-1; u++ {
			c.From, c.To = append(c.From, n-1), append(c.To, u)
		}
		return c
	}
	for name, edges := range map[string]csr.Columns{
		"few edges":          random(n/2, n),
		"a giant":            random(n, n),
		"dense":              random(8*n, n),
		"a star apart":       star(random(2*n, n-5000)),
		"a path up":          path(func(i uint32) uint32 { return i }),
		"a path down":        path(func(i uint32) uint32 { return n - 1 - i }),
		"a path to and fro":  path(func(i uint32) uint32 { return i/2 + i%2*(n/2) }),
		"a path of long way": path(func(i uint32) uint32 { return uint32(uint64(i) * 70_001 % n) }),
	} {
		t.Run(name, func(t *testing.T) {
			for _, directed := range []bool{false, true} {
				g, err := csr.Build(t.Context(), edges, csr.Options{Nodes: n, Directed: directed})
				require.NoError(t, err)
				want := walked(g)
				for _, threads := range []int{1, 2, 8} {
					got, err := structure.Weak(t.Context(), g, structure.Options{Threads: threads})
					require.NoError(t, err)
					want.Method = got.Method
					assert.Equal(t, want, got)
				}
			}
		})
	}
}

package structure_test

import (
	"context"
	"math/bits"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/graph/topo"
	"pgregory.net/rapid"

	"rummage/algo/csr"
	"rummage/algo/csr/csrtest"
	"rummage/algo/structure"
	"rummage/fixtures"
)

func TestCliquesAgreeWithGonum(t *testing.T) {
	each(t, csrtest.Shape{Nodes: 12, Edges: 45, Loops: true}, func(t *rapid.T, g *csr.Graph) {
		var want [][]uint32
		least := rapid.IntRange(1, 4).Draw(t, "least")
		for _, nodes := range topo.BronKerbosch(withoutLoops(t, g).Undirected()) {
			var members []uint32
			for _, node := range nodes {
				members = append(members, uint32(node.ID()))
			}
			slices.Sort(members)
			if len(members) >= least {
				want = append(want, members)
			}
		}
		slices.SortFunc(want, slices.Compare)
		found, err := structure.MaximalCliques(context.Background(), g, structure.CliqueOptions{Least: least})
		require.NoError(t, err)
		require.Equal(t, want, found.Members)
		require.True(t, found.Complete)
	})
}

// isPlex tells whether every node of a set, given as bits, lacks at most k nodes of it, itself among them.
func isPlex(ties []uint32, set uint32, k int) bool {
	for rest := set; rest != 0; rest &= rest - 1 {
		if bits.OnesCount32(set&^ties[bits.TrailingZeros32(rest)]) > k {
			return false
		}
	}
	return true
}

func TestPlexesAreThoseOfTheDefinition(t *testing.T) {
	each(t, csrtest.Shape{Nodes: 9, Edges: 26, Loops: true}, func(t *rapid.T, g *csr.Graph) {
		k := rapid.IntRange(1, 3).Draw(t, "k")
		least := rapid.IntRange(2*k-1, 2*k+2).Draw(t, "least")
		n := g.Order()
		ties := make([]uint32, n)
		for u := range uint32(n) {
			for _, v := range g.Neighbours(u) {
				if v != u {
					ties[u] |= 1 << v
				}
			}
		}
		var want [][]uint32
		for set := uint32(1); set < 1<<n; set++ {
			if bits.OnesCount32(set) < least || !isPlex(ties, set, k) {
				continue
			}
			larger := false
			var members []uint32
			for u := range uint32(n) {
				switch bit := uint32(1) << u; {
				case set&bit != 0:
					members = append(members, u)
				case isPlex(ties, set|bit, k):
					larger = true
				}
			}
			if !larger {
				want = append(want, members)
			}
		}
		slices.SortFunc(want, slices.Compare)
		found, err := structure.MaximalPlexes(context.Background(), g, k, structure.CliqueOptions{Least: least})
		require.NoError(t, err)
		require.Equal(t, want, found.Members)
		if k == 1 {
			cliques, err := structure.MaximalCliques(context.Background(), g, structure.CliqueOptions{Least: least})
			require.NoError(t, err)
			require.Equal(t, cliques.Members, found.Members)
		}
	})
}

func TestPublishedCliques(t *testing.T) {
	for name, want := range map[string][]int{
		"karate":   {2: 11, 3: 21, 4: 2, 5: 2},
		"dolphins": {2: 38, 3: 30, 4: 13, 5: 3},
	} {
		t.Run(name, func(t *testing.T) {
			nodes := csrtest.Table(t, fixtures.Open, "oracle/"+name+".csv.gz")
			g := csrtest.Network(t, csrtest.Table(t, fixtures.Open, "graphs/"+name+".edges.csv.gz"), nodes["node"], false)
			found, err := structure.MaximalCliques(t.Context(), g, structure.CliqueOptions{Least: 1})
			require.NoError(t, err)
			sizes := make([]int, 6)
			for _, members := range found.Members {
				sizes[len(members)]++
			}
			assert.Equal(t, want, sizes)
		})
	}
}

// cocktail is the complete graph without the edges of a matching: it has 2^pairs maximal cliques.
func cocktail(t testing.TB, pairs uint32) *csr.Graph {
	var c csr.Columns
	for u := range 2 * pairs {
		for v := range u {
			if u/2 != v/2 {
				c.From, c.To = append(c.From, u), append(c.To, v)
			}
		}
	}
	g, err := csr.Build(t.Context(), c, csr.Options{Nodes: int(2 * pairs)})
	require.NoError(t, err)
	return g
}

func TestBoundsCutTheSameOffOnAnyNumberOfThreads(t *testing.T) {
	c := csrtest.Planted(2000, 20, 12, 1, 3)
	planted, err := csr.Build(t.Context(), c, csr.Options{Nodes: 2000})
	require.NoError(t, err)
	for name, find := range map[string]func(structure.CliqueOptions) (structure.Cliques, error){
		"cliques": func(opts structure.CliqueOptions) (structure.Cliques, error) {
			return structure.MaximalCliques(t.Context(), planted, opts)
		},
		"plexes": func(opts structure.CliqueOptions) (structure.Cliques, error) {
			opts.Least = 8
			return structure.MaximalPlexes(t.Context(), planted, 2, opts)
		},
		"one hard neighbourhood": func(opts structure.CliqueOptions) (structure.Cliques, error) {
			return structure.MaximalCliques(t.Context(), cocktail(t, 20), opts)
		},
	} {
		for bound, opts := range map[string]structure.CliqueOptions{
			"count": {Most: 150}, "steps": {Steps: 5000}, "one step": {Steps: 1}, "both": {Most: 100, Steps: 4000},
		} {
			t.Run(name+" by "+bound, func(t *testing.T) {
				var first *structure.Cliques
				for _, threads := range []int{1, 2, 3, 8} {
					opts.Threads = threads
					found, err := find(opts)
					require.ErrorIs(t, err, structure.ErrLimit)
					require.ErrorContains(t, err, "raise Most or Steps")
					require.False(t, found.Complete)
					require.LessOrEqual(t, found.Taken, found.Steps)
					require.LessOrEqual(t, len(found.Members), found.Most)
					if first == nil {
						first = &found
					}
					require.Equal(t, first, &found, "%d threads", threads)
				}
				if opts.Most > 0 && opts.Steps == 0 {
					require.Len(t, first.Members, opts.Most)
				}
			})
		}
	}
}

func TestABoundThatIsJustMetCutsNothingOff(t *testing.T) {
	g := cocktail(t, 5)
	found, err := structure.MaximalCliques(t.Context(), g, structure.CliqueOptions{Most: 32})
	require.NoError(t, err)
	require.Len(t, found.Members, 32)
	again, err := structure.MaximalCliques(t.Context(), g, structure.CliqueOptions{Steps: found.Taken})
	require.NoError(t, err)
	require.Equal(t, found.Members, again.Members)
	less, err := structure.MaximalCliques(t.Context(), g, structure.CliqueOptions{Steps: found.Taken - 1})
	require.ErrorIs(t, err, structure.ErrLimit)
	require.Subset(t, found.Members, less.Members)
}

func TestASearchThatIsStoppedHandsBackWhatItHas(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	c := csrtest.Planted(2000, 20, 12, 1, 3)
	g, err := csr.Build(t.Context(), c, csr.Options{Nodes: 2000})
	require.NoError(t, err)
	found, err := structure.MaximalCliques(ctx, g, structure.CliqueOptions{Options: structure.Options{Progress: func(done, total int) {
		if done > total/2 {
			cancel()
		}
	}}})
	require.ErrorIs(t, err, context.Canceled)
	assert.NotEmpty(t, found.Members)
	assert.False(t, found.Complete)
}

func TestCliqueOptionsOutOfRange(t *testing.T) {
	g := cocktail(t, 2)
	for name, opts := range map[string]structure.CliqueOptions{"least": {Least: -1}, "most": {Most: -1}, "steps": {Steps: -1}} {
		_, err := structure.MaximalCliques(t.Context(), g, opts)
		require.ErrorIs(t, err, structure.ErrOption, name)
		_, err = structure.MaximalPlexes(t.Context(), g, 1, opts)
		require.ErrorIs(t, err, structure.ErrOption, name)
	}
	_, err := structure.MaximalPlexes(t.Context(), g, 0, structure.CliqueOptions{})
	require.ErrorIs(t, err, structure.ErrOption)
	_, err = structure.MaximalPlexes(t.Context(), g, 3, structure.CliqueOptions{Least: 4})
	require.ErrorIs(t, err, structure.ErrOption)
}

func TestANeighbourhoodTooWideForPlexesCutsThemOff(t *testing.T) {
	const n = 10_000
	var c csr.Columns
	for u := range uint32(n) {
		c.From, c.To = append(c.From, u, u), append(c.To, (u+1)%n, n)
	}
	g, err := csr.Build(t.Context(), c, csr.Options{Nodes: n + 1})
	require.NoError(t, err)
	_, err = structure.MaximalPlexes(t.Context(), g, 2, structure.CliqueOptions{})
	require.ErrorIs(t, err, structure.ErrLimit)
}

package structure_test

import (
	"context"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"rummage/algo/csr"
	"rummage/algo/csr/csrtest"
	"rummage/algo/structure"
)

// renamed gives lists of nodes new names and puts them in order.
func renamed(lists [][]uint32, name []uint32) [][]uint32 {
	var all [][]uint32
	for _, list := range lists {
		var members []uint32
		for _, u := range list {
			members = append(members, name[u])
		}
		slices.Sort(members)
		all = append(all, members)
	}
	slices.SortFunc(all, slices.Compare)
	return all
}

func pairs(edges [][2]uint32) [][]uint32 {
	var lists [][]uint32
	for _, e := range edges {
		lists = append(lists, e[:])
	}
	return lists
}

func members(c structure.Components) [][]uint32 {
	lists := make([][]uint32, len(c.First))
	for u, of := range c.Of {
		lists[of] = append(lists[of], uint32(u))
	}
	return lists
}

func TestNamesOfNodesDoNotMatter(t *testing.T) {
	ctx := context.Background()
	each(t, csrtest.Shape{Nodes: 14, Edges: 34, Loops: true, Weighted: true, Round: true}, func(t *rapid.T, g *csr.Graph) {
		name := csrtest.Permutation(t, g.Order())
		other := csrtest.Rename(t, g, name)
		find := func(g *csr.Graph) (weak structure.Components, cuts structure.Cuts, blocks structure.Bicomponents, cliques, plexes structure.Cliques) {
			var err error
			weak, err = structure.Weak(ctx, g, structure.Options{})
			require.NoError(t, err)
			cuts, err = structure.Cut(ctx, g, structure.Options{})
			require.NoError(t, err)
			blocks, err = structure.Biconnected(ctx, g, structure.Options{})
			require.NoError(t, err)
			cliques, err = structure.MaximalCliques(ctx, g, structure.CliqueOptions{})
			require.NoError(t, err)
			plexes, err = structure.MaximalPlexes(ctx, g, 2, structure.CliqueOptions{Least: 4})
			require.NoError(t, err)
			return weak, cuts, blocks, cliques, plexes
		}
		weak, cuts, blocks, cliques, plexes := find(g)
		weak2, cuts2, blocks2, cliques2, plexes2 := find(other)
		same := slices.Clone(name)
		for u := range same {
			same[u] = uint32(u)
		}
		require.Equal(t, renamed(members(weak), name), renamed(members(weak2), same))
		require.Equal(t, renamed([][]uint32{cuts.Points}, name), renamed([][]uint32{cuts2.Points}, same))
		require.Equal(t, renamed(pairs(cuts.Bridges), name), renamed(pairs(cuts2.Bridges), same))
		require.Equal(t, renamed(blocks.Members, name), renamed(blocks2.Members, same))
		require.Equal(t, renamed(cliques.Members, name), cliques2.Members)
		require.Equal(t, renamed(plexes.Members, name), plexes2.Members)
		if g.Order() < 2 {
			return
		}
		flow, err := structure.MaxFlow(ctx, g, 0, 1, structure.FlowOptions{})
		require.NoError(t, err)
		flow2, err := structure.MaxFlow(ctx, other, name[0], name[1], structure.FlowOptions{})
		require.NoError(t, err)
		require.Equal(t, flow.Value, flow2.Value)
		require.Equal(t, renamed([][]uint32{flow.Source}, name), [][]uint32{flow2.Source})
	})
}

package community_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"rummage/algo/community"
	"rummage/algo/csr"
	"rummage/algo/csr/csrtest"
)

func TestSplitKeepsToItsCap(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g, labels := draw(t), []uint32(nil)
		labels = drawLabels(t, g.Order())
		opts := community.SplitOptions{Cap: rapid.IntRange(1, 6).Draw(t, "cap"), Leiden: drawOptions(t)}
		if opts.Leiden.Objective == community.CPM && rapid.Bool().Draw(t, "sized") {
			opts.Leiden.Sizes = rapid.SliceOfN(rapid.Float64Range(0, 2), g.Order(), g.Order()).Draw(t, "sizes")
		}
		got, err := community.Split(context.Background(), g, labels, opts)
		require.NoError(t, err)
		before, _ := community.Canonical(labels)
		sizes := map[uint32]int{}
		for _, c := range before {
			sizes[c]++
		}
		for _, members := range community.Members(got.Membership) {
			require.LessOrEqual(t, len(members), opts.Cap)
			for _, u := range members {
				require.Equal(t, before[members[0]], before[u], "pieces must lie within a community")
			}
			if size := sizes[before[members[0]]]; size <= opts.Cap {
				require.Len(t, members, size, "small communities must stay")
			}
		}
		again, err := community.Split(context.Background(), g, labels, opts)
		require.NoError(t, err)
		require.Equal(t, got, again)
	})
}

func TestSplitCutsBetweenGroupsAndDoesNotShatterACluster(t *testing.T) {
	const n = 40
	chain, err := csr.Build(t.Context(), csrtest.Planted(n, 10, 8, 1, 1), csr.Options{Nodes: n})
	require.NoError(t, err)
	got, err := community.Split(t.Context(), chain, make([]uint32, n), community.SplitOptions{
		Cap: 10, Leiden: community.Options{Objective: community.CPM, Resolution: 0.01},
	})
	require.NoError(t, err)
	for u, c := range got.Membership {
		assert.Equal(t, uint32(u/10), c)
	}

	var clique csr.Columns
	for u := range uint32(30) {
		for v := range u {
			clique.From, clique.To = append(clique.From, u), append(clique.To, v)
		}
	}
	g, err := csr.Build(t.Context(), clique, csr.Options{Nodes: 30})
	require.NoError(t, err)
	got, err = community.Split(t.Context(), g, make([]uint32, 30), community.SplitOptions{
		Cap: 25, Leiden: community.Options{Objective: community.CPM, Resolution: 0.1},
	})
	require.NoError(t, err)
	assert.Equal(t, 2, got.Communities)
}

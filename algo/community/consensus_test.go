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

func TestConsensusIsSound(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := csrtest.Draw(t, csrtest.Shape{Nodes: 20, Edges: 45, Weighted: rapid.Bool().Draw(t, "weighted"), Loops: true, Round: true})
		opts := community.ConsensusOptions{
			Leiden: drawOptions(t), Runs: rapid.IntRange(1, 5).Draw(t, "runs"), Rounds: rapid.IntRange(1, 4).Draw(t, "rounds"),
			Threshold: rapid.SampledFrom([]float64{0, 0.2, 1}).Draw(t, "threshold"),
		}
		if rapid.Bool().Draw(t, "several") {
			opts.Resolutions = []float64{0.1, 0.5, 1}
		}
		got, err := community.Agree(context.Background(), g, opts)
		require.NoError(t, err)
		canonical, communities := community.Canonical(got.Membership)
		require.Equal(t, canonical, got.Membership)
		require.Equal(t, communities, got.Communities)
		require.True(t, connected(g, got.Membership))
		require.LessOrEqual(t, got.Rounds, opts.Rounds)
		require.Len(t, got.Community, communities)
		quality, err := community.Quality(g, got.Membership, opts.Leiden)
		require.NoError(t, err)
		require.Equal(t, quality, got.Quality)
		if opts.Runs == 1 && opts.Resolutions == nil {
			require.True(t, got.Agreed, "one run agrees with itself")
			require.InDelta(t, 1, got.Likeness, 1e-12)
		}
		for _, share := range append(got.Member, got.Community...) {
			require.True(t, share >= 0 && share <= 1, share)
		}
	})
}

func TestConsensusDoesNotDependOnTheNumbersOfNodes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := csrtest.Draw(t, csrtest.Shape{Nodes: 20, Edges: 45, Weighted: rapid.Bool().Draw(t, "weighted"), Round: true})
		opts := community.ConsensusOptions{Leiden: drawOptions(t), Runs: 4}
		opts.Leiden.Keys = rapid.SliceOfNDistinct(rapid.Uint64(), g.Order(), g.Order(), rapid.ID).Draw(t, "keys")
		name := csrtest.Permutation(t, g.Order())
		renamed := opts
		renamed.Leiden.Keys = make([]uint64, g.Order())
		for u, key := range opts.Leiden.Keys {
			renamed.Leiden.Keys[name[u]] = key
		}
		want, err := community.Agree(context.Background(), g, opts)
		require.NoError(t, err)
		got, err := community.Agree(context.Background(), csrtest.Rename(t, g, name), renamed)
		require.NoError(t, err)
		back, member := make([]uint32, g.Order()), make([]float64, g.Order())
		for u := range back {
			back[u], member[u] = got.Membership[name[u]], got.Member[name[u]]
		}
		canonical, _ := community.Canonical(back)
		require.Equal(t, want.Membership, canonical)
		require.Equal(t, want.Member, member)
	})
}

func TestConsensusIsLikeThePlantedGroups(t *testing.T) {
	g, group := planted(t, 2000)
	opts := community.ConsensusOptions{Runs: 6, Leiden: community.Options{Seed: 3, Threads: 1, Passes: 1}}
	told := 0
	opts.Leiden.Progress = func(done, total int) {
		told++
		assert.LessOrEqual(t, done, total)
	}
	want, err := community.Agree(t.Context(), g, opts)
	require.NoError(t, err)
	assert.Equal(t, told, 6*want.Rounds)
	var single float64
	for seed := range uint64(6) {
		one, err := community.Leiden(t.Context(), g, community.Options{Seed: seed, Passes: 1})
		require.NoError(t, err)
		alike, err := community.Compare(t.Context(), one.Membership, group)
		require.NoError(t, err)
		single += alike.AdjustedMutual / 6
	}
	alike, err := community.Compare(t.Context(), want.Membership, group)
	require.NoError(t, err)
	t.Logf("single runs %.3f, consensus %.3f, likeness %.3f, %d rounds, agreed %v", single, alike.AdjustedMutual, want.Likeness, want.Rounds, want.Agreed)
	assert.Greater(t, alike.AdjustedMutual, single-0.02)
	opts.Leiden.Progress = nil
	for _, threads := range []int{2, 3, 8} {
		opts.Leiden.Threads = threads
		got, err := community.Agree(t.Context(), g, opts)
		require.NoError(t, err)
		require.Equal(t, want, got)
	}
}

// TestStabilityTellsTheMemberBetweenTwo has two cliques and a node tied to both alike.
func TestStabilityTellsTheMemberBetweenTwo(t *testing.T) {
	var c csr.Columns
	add := func(u, v uint32) { c.From, c.To = append(c.From, u), append(c.To, v) }
	for u := range uint32(6) {
		for v := range u {
			add(u, v)
			add(6+u, 6+v)
		}
	}
	for _, u := range []uint32{0, 1, 6, 7} {
		add(12, u)
	}
	g, err := csr.Build(t.Context(), c, csr.Options{Nodes: 13})
	require.NoError(t, err)
	got, err := community.Agree(t.Context(), g, community.ConsensusOptions{Leiden: community.Options{Theta: 1}, Runs: 40})
	require.NoError(t, err)
	t.Log(got.Member, got.Community, got.Rounds, got.Agreed)
	assert.NotEqual(t, got.Membership[0], got.Membership[6])
	for u := range 12 {
		assert.Equal(t, 1.0, got.Member[u])
	}
	assert.Less(t, got.Member[12], 0.9)
	assert.Greater(t, got.Member[12], 0.4)
}

func TestConsensusOfEmptyGraphs(t *testing.T) {
	for name, g := range emptyGraphs(t) {
		got, err := community.Agree(t.Context(), g, community.ConsensusOptions{})
		require.NoError(t, err, name)
		assert.Equal(t, g.Order(), got.Communities, name)
		assert.True(t, got.Agreed, name)
		for _, share := range got.Member {
			assert.Equal(t, 1.0, share, name)
		}
	}
}

func TestConsensusRefusesAndStops(t *testing.T) {
	g, _ := planted(t, 500)
	for name, opts := range map[string]community.ConsensusOptions{
		"runs":        {Runs: -1},
		"rounds":      {Rounds: -1},
		"threshold":   {Threshold: 1.5},
		"none":        {Resolutions: []float64{}},
		"resolution":  {Resolutions: []float64{-1}},
		"leiden":      {Leiden: community.Options{Passes: -1}},
		"leiden size": {Leiden: community.Options{MaxSize: -1}},
	} {
		_, err := community.Agree(t.Context(), g, opts)
		require.ErrorIs(t, err, community.ErrOptions, name)
	}
	ctx, cancel := context.WithCancel(t.Context())
	opts := community.ConsensusOptions{Leiden: community.Options{Threads: 1, Progress: func(int, int) { cancel() }}}
	_, err := community.Agree(ctx, g, opts)
	require.ErrorIs(t, err, context.Canceled)
}

func BenchmarkAgree(b *testing.B) {
	g, _ := planted(b, 10_000)
	for b.Loop() {
		got, err := community.Agree(b.Context(), g, community.ConsensusOptions{Runs: 8, Rounds: 4})
		require.NoError(b, err)
		b.ReportMetric(float64(got.Rounds), "rounds")
	}
}

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

func TestSettledLabelsHoldWhereWeightIs(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := draw(t)
		got, err := community.PropagateLabels(context.Background(), g, community.LabelOptions{Seed: rapid.Uint64().Draw(t, "seed")})
		require.NoError(t, err)
		require.True(t, got.Settled)
		require.True(t, got.Preview)
		require.True(t, connected(g, got.Membership))
		undirected, err := g.Symmetric(context.Background())
		require.NoError(t, err)
		weight, _ := matrix(undirected)
		for u := range got.Membership {
			sum := make([]float64, got.Communities)
			for v, c := range got.Membership {
				if v != u {
					sum[c] += weight[u][v]
				}
			}
			for _, other := range sum {
				require.LessOrEqual(t, other, sum[got.Membership[u]])
			}
		}
	})
}

func TestLabelsDoNotDependOnTheNumbersOfNodes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := draw(t)
		opts := community.LabelOptions{Keys: rapid.SliceOfNDistinct(rapid.Uint64(), g.Order(), g.Order(), rapid.ID).Draw(t, "keys")}
		name := csrtest.Permutation(t, g.Order())
		renamed := community.LabelOptions{Keys: make([]uint64, g.Order())}
		for u, key := range opts.Keys {
			renamed.Keys[name[u]] = key
		}
		want, err := community.PropagateLabels(context.Background(), g, opts)
		require.NoError(t, err)
		got, err := community.PropagateLabels(context.Background(), csrtest.Rename(t, g, name), renamed)
		require.NoError(t, err)
		back := make([]uint32, g.Order())
		for u := range back {
			back[u] = got.Membership[name[u]]
		}
		canonical, _ := community.Canonical(back)
		require.Equal(t, want.Membership, canonical)
	})
}

func TestLabelsFindPlantedGroupsOnAnyNumberOfThreads(t *testing.T) {
	g, group := planted(t, 20_000)
	told := 0
	want, err := community.PropagateLabels(t.Context(), g, community.LabelOptions{Threads: 1, Progress: func(done, total int) {
		assert.LessOrEqual(t, done, total)
		told++
	}})
	require.NoError(t, err)
	assert.Equal(t, want.Passes, told)
	assert.Equal(t, community.DefaultLabelPasses, want.Limit)
	alike, err := community.Compare(t.Context(), want.Membership, group)
	require.NoError(t, err)
	t.Logf("%d communities, %d passes, %d colours, settled %v, %d split, adjusted mutual information %.3f",
		want.Communities, want.Passes, want.Colours, want.Settled, want.Split, alike.AdjustedMutual)
	assert.Greater(t, alike.AdjustedMutual, 0.55)
	for _, threads := range []int{2, 3, 8} {
		got, err := community.PropagateLabels(t.Context(), g, community.LabelOptions{Threads: threads})
		require.NoError(t, err)
		require.Equal(t, want, got)
	}
}

func TestLabelsOfSpecialGraphs(t *testing.T) {
	for name, c := range map[string]struct {
		columns csr.Columns
		opts    csr.Options
		want    []uint32
	}{
		"no node":      {csr.Columns{}, csr.Options{}, []uint32{}},
		"one node":     {csr.Columns{}, csr.Options{Nodes: 1}, []uint32{0}},
		"a self-loop":  {csr.Columns{From: []uint32{0}, To: []uint32{0}}, csr.Options{Nodes: 2}, []uint32{0, 1}},
		"no weight":    {csr.Columns{From: []uint32{0}, To: []uint32{1}, Weight: []float64{0}}, csr.Options{Nodes: 2}, []uint32{0, 1}},
		"directed":     {csr.Columns{From: []uint32{1}, To: []uint32{0}}, csr.Options{Nodes: 3, Directed: true}, []uint32{0, 0, 1}},
		"two triangle": {csr.Columns{From: []uint32{0, 0, 1, 3, 3, 4}, To: []uint32{1, 2, 2, 4, 5, 5}}, csr.Options{Nodes: 6}, []uint32{0, 0, 0, 1, 1, 1}},
	} {
		t.Run(name, func(t *testing.T) {
			g, err := csr.Build(t.Context(), c.columns, c.opts)
			require.NoError(t, err)
			got, err := community.PropagateLabels(t.Context(), g, community.LabelOptions{})
			require.NoError(t, err)
			assert.Equal(t, c.want, got.Membership)
			assert.True(t, got.Settled)
		})
	}
}

func TestLabelsRefuseAndStop(t *testing.T) {
	g, _ := planted(t, 2000)
	for name, opts := range map[string]community.LabelOptions{
		"passes": {Passes: -1}, "keys": {Keys: []uint64{1}},
	} {
		_, err := community.PropagateLabels(t.Context(), g, opts)
		require.ErrorIs(t, err, community.ErrOptions, name)
	}
	ctx, cancel := context.WithCancel(t.Context())
	_, err := community.PropagateLabels(ctx, g, community.LabelOptions{Progress: func(int, int) { cancel() }})
	require.ErrorIs(t, err, context.Canceled)
}

func FuzzPropagateLabels(f *testing.F) {
	f.Add([]byte{0, 1, 1, 2, 2, 0, 3, 3}, uint64(1))
	f.Fuzz(func(t *testing.T, stream []byte, seed uint64) {
		var c csr.Columns
		for i := 0; i+1 < len(stream); i += 2 {
			c.From, c.To = append(c.From, uint32(stream[i])), append(c.To, uint32(stream[i+1]))
		}
		g, err := csr.Build(t.Context(), c, csr.Options{Nodes: 256, Parallel: csr.KeepParallel})
		require.NoError(t, err)
		got, err := community.PropagateLabels(t.Context(), g, community.LabelOptions{Seed: seed})
		require.NoError(t, err)
		require.True(t, connected(g, got.Membership))
		report, err := community.Examine(t.Context(), g, got.Membership, 2)
		require.NoError(t, err)
		require.Zero(t, report.Disconnected)
	})
}

func BenchmarkPropagateLabels(b *testing.B) {
	g, _ := planted(b, 100_000)
	for b.Loop() {
		got, err := community.PropagateLabels(b.Context(), g, community.LabelOptions{})
		require.NoError(b, err)
		b.ReportMetric(float64(got.Passes), "passes")
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(g.Arcs()), "ns/arc")
}

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

func TestPlateausAreNeverWorseThanATrial(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := csrtest.Draw(t, csrtest.Shape{Nodes: 20, Edges: 50, Weighted: rapid.Bool().Draw(t, "weighted"), Loops: true, Round: true})
		opts := community.ProfileOptions{Leiden: drawOptions(t), Count: rapid.IntRange(0, 9).Draw(t, "count")}
		opts.Spacing = community.Spacing(rapid.IntRange(0, 1).Draw(t, "spacing"))
		if rapid.Bool().Draw(t, "bounded") {
			opts.Low, opts.High = 0.1, 2
		}
		got, err := community.Profile(context.Background(), g, opts)
		require.NoError(t, err)
		require.NotEmpty(t, got.Plateaus)
		require.GreaterOrEqual(t, got.Distinct, len(got.Plateaus))
		for i, trial := range got.Trials {
			leiden := opts.Leiden
			leiden.Resolution = trial.Resolution
			alone, err := community.Leiden(context.Background(), g, leiden)
			require.NoError(t, err)
			require.Equal(t, alone.Quality, trial.Quality)
			require.InDelta(t, trial.Quality, trial.Inside-trial.Resolution*trial.Null, 1e-9*(1+trial.Inside))
			best := got.Plateaus[trial.Plateau]
			require.True(t, best.From <= trial.Resolution && trial.Resolution <= best.To, "trial %d", i)
			require.Equal(t, trial.Own, assert.ObjectsAreEqual(best.Membership, alone.Membership))
			quality, err := community.Quality(g, best.Membership, leiden)
			require.NoError(t, err)
			require.GreaterOrEqual(t, quality, trial.Quality-1e-9*(1+trial.Inside))
		}
		for i := range len(got.Plateaus) - 1 {
			require.Equal(t, got.Plateaus[i].To, got.Plateaus[i+1].From)
			alike, err := community.Compare(context.Background(), got.Plateaus[i].Membership, got.Plateaus[i+1].Membership)
			require.NoError(t, err)
			require.Equal(t, alike, got.Plateaus[i].Next)
		}
	})
}

// ring is a number of cliques, each with one edge to the next.
func ring(t testing.TB, cliques, size uint32) *csr.Graph {
	t.Helper()
	var c csr.Columns
	add := func(u, v uint32) { c.From, c.To = append(c.From, u), append(c.To, v) }
	for k := range cliques {
		for u := range size {
			for v := range u {
				add(k*size+u, k*size+v)
			}
		}
		add(k*size, (k+1)%cliques*size+1)
	}
	g, err := csr.Build(t.Context(), c, csr.Options{Nodes: int(cliques * size)})
	require.NoError(t, err)
	return g
}

// TestProfileOfARingOfCliques knows where the cliques are best: two joined gain a link and cost size² pairs, one taken apart loses as
// many links as pairs.
func TestProfileOfARingOfCliques(t *testing.T) {
	const cliques, size = 12, 5
	g := ring(t, cliques, size)
	for name, opts := range map[string]community.ProfileOptions{
		"events": {Count: 40},
		"evenly": {Count: 40, Low: 0.002, High: 2, Spacing: community.Evenly},
		"given":  {Resolutions: []float64{2, 0.03, 0.039, 0.3}},
	} {
		t.Run(name, func(t *testing.T) {
			opts.Leiden.Objective = community.CPM
			got, err := community.Profile(t.Context(), g, opts)
			require.NoError(t, err)
			var cut *community.Plateau
			for i, p := range got.Plateaus {
				t.Logf("%.4f to %.4f: %d communities, found %d times, next %.3f", p.From, p.To, p.Communities, p.Found, p.Next.AdjustedMutual)
				if p.Communities == cliques {
					cut = &got.Plateaus[i]
				}
			}
			require.NotNil(t, cut)
			assert.InDelta(t, 1.0/(size*size), cut.From, 1e-9)
			if got.High > 1 {
				assert.InDelta(t, 1, cut.To, 1e-9)
			} else {
				assert.Equal(t, got.High, cut.To)
			}
		})
	}
}

func TestProfileGivesTheSameOnAnyNumberOfThreads(t *testing.T) {
	g, group := planted(t, 3000)
	opts := community.ProfileOptions{Count: 9, Leiden: community.Options{Seed: 7, Threads: 1}}
	told := 0
	opts.Leiden.Progress = func(done, total int) {
		told++
		assert.Equal(t, [2]int{told, 9}, [2]int{done, total})
	}
	want, err := community.Profile(t.Context(), g, opts)
	require.NoError(t, err)
	assert.Equal(t, 9, told)
	best := 0.0
	for _, p := range want.Plateaus {
		alike, err := community.Compare(t.Context(), p.Membership, group)
		require.NoError(t, err)
		best = max(best, alike.AdjustedMutual)
	}
	assert.Greater(t, best, 0.8)
	opts.Leiden.Progress = nil
	for _, threads := range []int{2, 3, 8} {
		opts.Leiden.Threads = threads
		got, err := community.Profile(t.Context(), g, opts)
		require.NoError(t, err)
		require.Equal(t, want, got)
	}
}

func TestProfileOfGraphsWhereNothingTurns(t *testing.T) {
	for name, g := range emptyGraphs(t) {
		t.Run(name, func(t *testing.T) {
			got, err := community.Profile(t.Context(), g, community.ProfileOptions{})
			require.NoError(t, err)
			require.Len(t, got.Trials, 1)
			assert.Equal(t, 1.0, got.Low)
			require.Len(t, got.Plateaus, 1)
			assert.Equal(t, g.Order(), got.Plateaus[0].Communities)
			bounded, err := community.Profile(t.Context(), g, community.ProfileOptions{Low: 0.5, High: 2})
			require.NoError(t, err)
			assert.Len(t, bounded.Trials, 2)
			assert.Equal(t, 1, bounded.Distinct)
		})
	}
}

// emptyGraphs have no weight between different nodes.
func emptyGraphs(t testing.TB) map[string]*csr.Graph {
	t.Helper()
	graphs := make(map[string]*csr.Graph)
	for name, c := range map[string]struct {
		columns csr.Columns
		nodes   int
	}{
		"no node":   {csr.Columns{}, 0},
		"one node":  {csr.Columns{}, 1},
		"no edge":   {csr.Columns{}, 3},
		"loops":     {csr.Columns{From: []uint32{0, 1}, To: []uint32{0, 1}}, 2},
		"no weight": {csr.Columns{From: []uint32{0}, To: []uint32{1}, Weight: []float64{0}}, 2},
	} {
		g, err := csr.Build(t.Context(), c.columns, csr.Options{Nodes: c.nodes})
		require.NoError(t, err)
		graphs[name] = g
	}
	return graphs
}

func TestProfileRefusesAndStops(t *testing.T) {
	g, _ := planted(t, 500)
	for name, opts := range map[string]community.ProfileOptions{
		"negative":     {Resolutions: []float64{1, -1}},
		"none":         {Resolutions: []float64{}},
		"count":        {Count: -1},
		"spacing":      {Spacing: 2},
		"bounds":       {Low: 2, High: 1},
		"low":          {Low: -1},
		"leiden":       {Leiden: community.Options{Passes: -1}},
		"leiden theta": {Resolutions: []float64{1}, Leiden: community.Options{Theta: -1}},
	} {
		_, err := community.Profile(t.Context(), g, opts)
		require.ErrorIs(t, err, community.ErrOptions, name)
	}
	ctx, cancel := context.WithCancel(t.Context())
	opts := community.ProfileOptions{Leiden: community.Options{Threads: 1, Progress: func(int, int) { cancel() }}}
	_, err := community.Profile(ctx, g, opts)
	require.ErrorIs(t, err, context.Canceled)
}

func BenchmarkProfile(b *testing.B) {
	g, _ := planted(b, 20_000)
	for b.Loop() {
		got, err := community.Profile(b.Context(), g, community.ProfileOptions{Count: 8})
		require.NoError(b, err)
		b.ReportMetric(float64(len(got.Plateaus)), "plateaus")
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/8/float64(g.Arcs()), "ns/arc")
}

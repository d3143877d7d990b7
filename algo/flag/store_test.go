package flag_test

import (
	"context"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rummage/algo/flag"
	"rummage/algo/view"
	"rummage/graph"
	"rummage/graph/sqlite"
	"rummage/graph/storetest"
)

// The model is the contract in plain slices, so a store whose run differs from its run is wrong, or flag reads what no contract
// promises. Files are imported in another order, too.
func TestSameBytesFromTheEmbeddedStore(t *testing.T) {
	ctx := context.Background()
	town := newTown().ring(0, 1, 2, 3, 4)
	want := run(t, town.model(t), graph.Scope{})

	store, err := sqlite.Open(ctx, filepath.Join(t.TempDir(), "town.rummage"), sqlite.Options{Create: true})
	require.NoError(t, err)
	defer store.Close()
	for _, i := range []int{2, 0, 1} {
		rows := slices.Clone([][]graph.Row{town.declared, town.register, town.looked}[i])
		_, err := storetest.NewBatch([]string{"declarations", "register", "inspections"}[i], i+1, rows...).Import(ctx, store)
		require.NoError(t, err)
	}
	reader, err := store.Within(ctx, graph.Scope{})
	require.NoError(t, err)
	defer reader.Close()
	opts := flag.Options{Settings: settings(), Seed: 7, Cache: view.Cache{Dir: t.TempDir()}}
	for _, cached := range []bool{false, true} {
		got, err := flag.Run(ctx, reader, nil, opts)
		require.NoError(t, err)
		assert.Equal(t, want.Run, got.Run)
		assert.Equal(t, cached, got.Analysis.View.Cached.Used)
		x, err := got.Analysis.ExplainNetwork(ctx, reader, &got.Result.Networks[0], flag.ExplainOptions{})
		require.NoError(t, err)
		assert.InDelta(t, 1, sum(x.Parts), 1e-9)
		for _, part := range x.Parts[:5] {
			assert.NotEmpty(t, part.Records)
		}
		require.NoError(t, store.SaveRun(ctx, got.Run))
	}
	after, err := store.Within(ctx, graph.Scope{})
	require.NoError(t, err)
	defer after.Close()
	runs, err := after.Runs(ctx, flag.Kind)
	require.NoError(t, err)
	require.Len(t, runs, 1, "the same run again changes nothing")
	again, err := flag.Run(ctx, after, runs, opts)
	require.NoError(t, err)
	assert.Equal(t, flag.States{Same: 1}, again.Result.States)
}

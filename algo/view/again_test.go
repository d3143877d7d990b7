package view_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rummage/algo/view"
	"rummage/graph"
	"rummage/graph/sqlite"
	"rummage/graph/storetest"
)

// nightly builds views of one store one after the other, each from what the one before left.
type nightly struct {
	t      *testing.T
	store  graph.Store
	cache  string
	before *graph.Scope
	decay  float64
}

func (n *nightly) within(ctx context.Context, scope graph.Scope) (view.Narrow, error) {
	return n.store.Within(ctx, scope)
}

// night builds a view from the cache and one from nothing, and wants them equal.
func (n *nightly) night(what string) view.CacheReport {
	n.t.Helper()
	reader, err := n.store.Within(n.t.Context(), graph.Scope{})
	require.NoError(n.t, err)
	defer reader.Close()
	whole, err := view.Build(n.t.Context(), reader, view.Options{Decay: n.decay})
	require.NoError(n.t, err)
	got, err := view.Build(n.t.Context(), reader, view.Options{
		Decay: n.decay, Cache: view.Cache{Dir: n.cache, Version: "1"}, Before: n.before, Within: n.within,
	})
	require.NoError(n.t, err)
	report := got.Cached
	assert.Empty(n.t, report.Note)
	assert.Equal(n.t, edgesOf(whole), edgesOf(got), what)
	whole.Ties, got.Ties, whole.Cached, got.Cached = nil, nil, view.CacheReport{}, view.CacheReport{}
	require.Equal(n.t, fmt.Sprintf("%+v", *whole), fmt.Sprintf("%+v", *got), what) // in which an empty list is none
	scope := reader.Scope()
	n.before = &scope
	return report
}

func opened(t *testing.T) graph.Store {
	t.Helper()
	store, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "s.db"), sqlite.Options{Create: true})
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, store.Close()) })
	return store
}

// Whatever happens to a store between two nights, what is made of the first and of what is new is what is made of everything.
func TestWhatIsMadeOfTheNewIsWhatIsMadeOfAll(t *testing.T) {
	histories := 40
	if testing.Short() {
		histories = 8
	}
	extended := 0
	for seed := range histories {
		n := &nightly{t: t, store: opened(t), cache: t.TempDir(), decay: []float64{0, 90}[seed%2]}
		step := 0
		storetest.NewHistory(seed).PlaySteps(t, n.store, func() {
			if report := n.night(fmt.Sprintf("history %d, step %d", seed, step)); report.Extended {
				extended++
			}
			step++
		})
	}
	assert.Greater(t, extended, histories/2, "steps that add something")
}

func declarations(from, to int) []graph.Row {
	var rows []graph.Row
	for i := from; i < to; i++ {
		rows = append(rows, storetest.Shipment(fmt.Sprintf("%05d", i), fmt.Sprint("imp-", i%37), fmt.Sprint("exp-", i%23), 1+i%100))
	}
	return rows
}

func put(t *testing.T, store graph.Store, name string, day int, rows ...graph.Row) graph.Source {
	t.Helper()
	source, err := storetest.NewBatch(name, day, rows...).Import(t.Context(), store)
	require.NoError(t, err)
	return source
}

func TestOnlyWhatIsNewIsScanned(t *testing.T) {
	n := &nightly{t: t, store: opened(t), cache: t.TempDir()}
	put(t, n.store, "first", 1, declarations(0, 400)...)
	assert.False(t, n.night("first").Extended)

	put(t, n.store, "second", 2, declarations(400, 420)...)
	assert.True(t, n.night("new declarations").Extended)

	put(t, n.store, "results", 3, storetest.Found("00007", graph.Hit, 120), storetest.Found("00409", graph.Clear, 121))
	assert.True(t, n.night("results of old ones").Extended)

	amended := storetest.Shipment("00008", "imp-new", "exp-3", 9)
	put(t, n.store, "amended", 4, amended)
	assert.True(t, n.night("another statement of an old one").Extended)

	_, err := n.store.Decide(t.Context(), graph.Decision{Subject: storetest.Trader("imp-1"), Kind: graph.Service, Author: "li", Time: storetest.Noon(5)})
	require.NoError(t, err)
	assert.True(t, n.night("a decision that joins nobody").Extended)

	_, err = n.store.Decide(t.Context(), graph.Decision{
		Subject: storetest.Trader("imp-1"), Other: storetest.Trader("imp-2"), Kind: graph.Same, Author: "li", Time: storetest.Noon(6),
	})
	require.NoError(t, err)
	assert.False(t, n.night("two are one").Extended)
	last := put(t, n.store, "third", 7, declarations(420, 440)...)
	assert.True(t, n.night("new ones of those that are one").Extended)

	require.NoError(t, n.store.Withdraw(t.Context(), last.ID, storetest.Noon(8), "wrong"))
	assert.False(t, n.night("a source ended").Extended)

	put(t, n.store, "many results", 9, func() (rows []graph.Row) {
		for i := range 100 {
			rows = append(rows, storetest.Found(fmt.Sprintf("%05d", i), graph.Clear, 130))
		}
		return rows
	}()...)
	assert.False(t, n.night("a quarter of the known ones changed").Extended)
	kept, err := filepath.Glob(filepath.Join(n.cache, "*.scan.view"))
	require.NoError(t, err)
	assert.NotEmpty(t, kept)
}

func TestDamagedExtractsAreNotUsed(t *testing.T) {
	n := &nightly{t: t, store: opened(t), cache: t.TempDir()}
	put(t, n.store, "first", 1, declarations(0, 100)...)
	n.night("first")
	kept, err := filepath.Glob(filepath.Join(n.cache, "*.scan.view"))
	require.NoError(t, err)
	require.Len(t, kept, 1)
	content, err := os.ReadFile(kept[0])
	require.NoError(t, err)
	content[len(content)/2]++
	require.NoError(t, os.WriteFile(kept[0], content, 0o600))
	put(t, n.store, "second", 2, declarations(100, 110)...)
	assert.False(t, n.night("second").Extended)
	put(t, n.store, "third", 3, declarations(110, 120)...)
	assert.True(t, n.night("third").Extended, "it was made again")
	kept, err = filepath.Glob(filepath.Join(n.cache, "*.scan.view"))
	require.NoError(t, err)
	assert.Len(t, kept, 1, "the one before goes")
}

// Errors of the store end a view that is made of what is new, as they end any other.
func TestErrorsOfWhatIsNew(t *testing.T) {
	n := &nightly{t: t, store: opened(t), cache: t.TempDir()}
	put(t, n.store, "first", 1, declarations(0, 100)...)
	n.night("first")
	put(t, n.store, "second", 2, declarations(100, 110)...)
	reader, err := n.store.Within(t.Context(), graph.Scope{})
	require.NoError(t, err)
	defer reader.Close()
	opts := view.Options{Cache: view.Cache{Dir: n.cache, Version: "1"}, Before: n.before}
	opts.Within = func(context.Context, graph.Scope) (view.Narrow, error) { return nil, graph.ErrUnreachable }
	_, err = view.Build(t.Context(), reader, opts)
	require.ErrorIs(t, err, graph.ErrUnreachable)
	opts.Within = n.within
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = view.Build(ctx, reader, opts)
	require.ErrorIs(t, err, context.Canceled)
}
